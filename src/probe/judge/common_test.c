#include "trial.h"

START_TEST(a_rail_that_is_slow_on_all_nodes_is_one_finding)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(8, 4);

    for (uint32_t a = 0; a < 8; a++)
        for (uint32_t b = 0; b < 8; b++)
            if (a != b)
                scale(run, BANDWIDTH, 3, a, b, 0.5f);
    judge_run(run, NULL);
    again(run, 48, false);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(first(run)->kind, PROBE_SUSPECT_COMMON);
    ck_assert_uint_eq(first(run)->confirmed, PROBE_CONFIRMED);
    ck_assert_msg(str_starts(first(run)->text, S("rail 3 of all 8 nodes: bandwidth 48")), "%.*s",
                  STR(first(run)->text));
    ck_assert_uint_eq(run->judged->verdict, PROBE_FAIL);
}

START_TEST(a_rail_a_tenth_below_the_others_on_all_nodes_is_one_warning)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(8, 8);

    for (uint32_t a = 0; a < 8; a++)
        for (uint32_t b = 0; b < 8; b++)
            if (a != b)
                scale(run, BANDWIDTH, 3, a, b, 0.9f);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_msg(str_starts(first(run)->text, S("rail 3 of all 8 nodes: below its like")), "%.*s",
                  STR(first(run)->text));
    ck_assert_uint_eq(run->judged->verdict, PROBE_WARN);
}

START_TEST(a_group_that_is_slow_as_a_whole_is_one_finding)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(12, 2);

    for (uint32_t k = 0; k < 12; k++)
        run->nodes[k].group = k < 8 ? S("new") : S("old");
    for (uint32_t rail = 0; rail < 2; rail++)
        for (uint32_t a = 0; a < 12; a++)
            for (uint32_t b = 0; b < 12; b++)
                if (a != b && (a >= 8 || b >= 8))
                    scale(run, BANDWIDTH, rail, a, b, 0.5f);
    judge_run(run, NULL);
    again(run, 48, false);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_msg(str_starts(first(run)->text, S("group old (all 4 nodes): bandwidth 48")), "%.*s",
                  STR(first(run)->text));
    ck_assert_uint_eq(run->judged->verdict, PROBE_FAIL);
}

TESTS("probe/common", a_rail_that_is_slow_on_all_nodes_is_one_finding,
      a_rail_a_tenth_below_the_others_on_all_nodes_is_one_warning,
      a_group_that_is_slow_as_a_whole_is_one_finding)
