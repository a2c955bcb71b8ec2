#include "trial.h"

START_TEST(a_node_a_tenth_below_its_like_is_a_warning_and_no_more)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 2);

    for (uint32_t rail = 0; rail < 2; rail++)
        scale_rail(run, BANDWIDTH, rail, 4, 0.9f);
    judge_run(run, NULL);
    again(run, 87, false);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(first(run)->kind, PROBE_SUSPECT_NODE);
    ck_assert_int_eq(first(run)->a, 4);
    ck_assert_uint_eq(first(run)->confirmed, PROBE_CONFIRMED);
    ck_assert_uint_eq(first(run)->severity, PROBE_WARNING);
    ck_assert_uint_eq(run->judged->verdict, PROBE_WARN);
    ck_assert_int_eq(run->judged->exit_code, EXIT_PASS);
    ck_assert_str(run->judged->reasons[0], S("1 node or rail is below its like"));
}

START_TEST(a_node_a_twentieth_below_its_like_is_not_worth_a_word)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 2);

    for (uint32_t rail = 0; rail < 2; rail++)
        scale_rail(run, BANDWIDTH, rail, 4, 0.95f);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->verdict, PROBE_PASS);
}

START_TEST(a_rail_a_tenth_below_its_like_is_named_in_its_direction)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(20, 4);

    for (uint32_t other = 0; other < 20; other++)
        if (other != 7)
            scale(run, BANDWIDTH, 2, 7, other, 0.89f);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(first(run)->kind, PROBE_SUSPECT_RAIL);
    ck_assert_int_eq(first(run)->a, 7);
    ck_assert_int_eq(first(run)->rail, 2);
    ck_assert_uint_eq(first(run)->direction, PROBE_OUT);
}

START_TEST(a_warning_does_not_hide_what_fails)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(8, 1);

    scale_rail(run, BANDWIDTH, 0, 1, 0.9f);
    scale_rail(run, BANDWIDTH, 0, 5, 0.5f);
    judge_run(run, NULL);
    again(run, 48, false);

    ck_assert_uint_eq(run->judged->suspect_count, 2);
    ck_assert_int_eq(first(run)->a, 5);
    ck_assert_uint_eq(first(run)->severity, PROBE_ERROR);
    ck_assert_uint_eq(run->judged->suspects[1].severity, PROBE_WARNING);
    ck_assert_uint_eq(run->judged->verdict, PROBE_FAIL);
}

START_TEST(links_of_a_node_below_its_like_do_not_answer_for_it)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 1);

    scale_rail(run, BANDWIDTH, 0, 4, 0.88f);
    scale(run, BANDWIDTH, 0, 4, 2, 0.9f); /* with its node's 12 % more than 15 % */
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(first(run)->kind, PROBE_SUSPECT_NODE);
}

TESTS("probe/mild", a_node_a_tenth_below_its_like_is_a_warning_and_no_more,
      a_node_a_twentieth_below_its_like_is_not_worth_a_word,
      a_rail_a_tenth_below_its_like_is_named_in_its_direction, a_warning_does_not_hide_what_fails,
      links_of_a_node_below_its_like_do_not_answer_for_it)
