#include "trial.h"

START_TEST(alike_nodes_pass)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 2);

    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->verdict, PROBE_PASS);
    ck_assert_uint_eq(run->judged->suspect_count, 0);
    ck_assert_int_eq(run->judged->pairs_tested, 6);
    ck_assert_int_eq(run->judged->cells_tested, 24);
}

START_TEST(nothing_measured_is_incomplete_never_green)
{
    scoped(probe_run_freep) struct probe_run *run = probe_run_new();

    probe_run_nodes(run, 2);
    probe_run_rails(run, 0, 1);
    probe_run_rails(run, 1, 1);
    probe_run_series(run, PROBE_LATENCY_P50, 8, PROBE_LOAD_RAIL);
    ck_assert(probe_run_cells(run, NULL, &error));
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->verdict, PROBE_INCOMPLETE);
    ck_assert_int_eq(run->judged->exit_code, EXIT_INCOMPLETE);
    ck_assert_str(run->judged->reasons[0], S("nothing was measured"));
}

START_TEST(a_node_that_never_came_makes_the_run_incomplete_and_is_named)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 1);

    run->nodes[2].presence = PROBE_ABSENT;
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->verdict, PROBE_INCOMPLETE);
    ck_assert_str(first(run)->text, S("node n2: was expected and never came"));
}

START_TEST(a_node_nobody_named_is_not_called_node_twice)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 1);

    run->nodes[2].presence = PROBE_ABSENT;
    run->nodes[2].name = S("node 2");
    run->nodes[2].phase = S("start");
    run->nodes[2].why = S("it never came");
    judge_run(run, NULL);

    ck_assert_str(first(run)->text, S("node 2: was expected and never came"));
}

START_TEST(two_slow_nodes_of_four_are_both_named_though_they_touch_most_pairs)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 1);

    for (uint32_t a = 0; a < 4; a++)
        for (uint32_t b = 0; b < 4; b++)
            if (a != b && (a < 2 || b < 2))
                scale(run, BANDWIDTH, 0, a, b, 0.5f);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 2);
    ck_assert_int_eq(run->judged->suspects[0].a + run->judged->suspects[1].a, 1);
    ck_assert_uint_eq(first(run)->kind, PROBE_SUSPECT_NODE);
    ck_assert_uint_eq(run->judged->verdict, PROBE_WARN); /* nobody has measured again yet */
}

START_TEST(a_retest_confirms_or_clears)
{
    for (int slow_again = 0; slow_again < 2; slow_again++) {
        scoped(probe_run_freep) struct probe_run *run = cluster(8, 2);
        scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct judge_retest *rows;

        for (uint32_t other = 0; other < 8; other++)
            if (other != 3) {
                scale(run, BANDWIDTH, 1, 3, other, 0.4f);
                scale(run, BANDWIDTH, 1, other, 3, 0.4f);
            }
        judge_run(run, NULL);
        uint32_t count = judge_retests(run, arena, &rows);
        ck_assert_uint_eq(count, 6); /* three good partners, both ways */
        for (uint32_t i = 0; i < count; i++) {
            ck_assert(rows[i].from == 3 || rows[i].to == 3);
            ck_assert_uint_eq(rows[i].rail, 1);
            struct probe_sample sample = {.kind = PROBE_SAMPLE_ALONE,
                                          .series = rows[i].series,
                                          .from = (int32_t)rows[i].from,
                                          .to = (int32_t)rows[i].to,
                                          .from_rail = 1,
                                          .to_rail = 1,
                                          .outcome = PROBE_OK,
                                          .value = slow_again ? 39 : 96};
            probe_run_add_sample(run, &sample);
        }
        judge_run(run, NULL);

        ck_assert_uint_eq(first(run)->kind, PROBE_SUSPECT_RAIL);
        ck_assert_int_eq(first(run)->rail, 1);
        ck_assert_uint_eq(first(run)->confirmed, slow_again ? PROBE_CONFIRMED : PROBE_NOT_AGAIN);
        ck_assert_uint_eq(run->judged->verdict, slow_again ? PROBE_FAIL : PROBE_PASS);
    }
}

START_TEST(a_link_that_was_silent_for_a_moment_is_not_accused_and_the_run_is_incomplete)
{
    for (int silent_again = 0; silent_again < 2; silent_again++) {
        scoped(probe_run_freep) struct probe_run *run = cluster(8, 2);
        scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct judge_retest *rows;

        for (uint32_t rail = 0; rail < 2; rail++) {
            probe_say(run, rail, 1, 2, PROBE_SILENT, false, S(""));
            probe_say(run, rail, 2, 1, PROBE_SILENT, false, S(""));
        }
        judge_run(run, NULL);
        ck_assert_uint_eq(run->judged->verdict, PROBE_FAIL); /* when there is no time for more */
        uint32_t count = judge_retests(run, arena, &rows);
        ck_assert_uint_eq(count, 4); /* each rail, both ways, once */
        for (uint32_t i = 0; i < count; i++) {
            ck_assert(rows[i].from + rows[i].to == 3 && rows[i].series == 0);
            struct probe_sample sample = {.kind = PROBE_SAMPLE_ALONE,
                                          .from = (int32_t)rows[i].from,
                                          .to = (int32_t)rows[i].to,
                                          .from_rail = (int32_t)rows[i].rail,
                                          .to_rail = (int32_t)rows[i].rail,
                                          .outcome = silent_again ? PROBE_SILENT : PROBE_OK,
                                          .value = silent_again ? NAN : 20};
            probe_run_add_sample(run, &sample);
        }
        judge_run(run, NULL);

        ck_assert_uint_eq(first(run)->kind, PROBE_SUSPECT_LINK);
        ck_assert_uint_eq(first(run)->confirmed, silent_again ? PROBE_CONFIRMED : PROBE_NOT_AGAIN);
        ck_assert_uint_eq(run->judged->verdict, silent_again ? PROBE_FAIL : PROBE_INCOMPLETE);
        ck_assert(str_has(first(run)->text,
                          silent_again ? S("alone again nothing") : S("alone it was heard")));
    }
}

START_TEST(all_that_leaves_a_node_being_slow_is_a_direction)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 2);

    for (uint32_t rail = 0; rail < 2; rail++)
        for (uint32_t b = 1; b < 6; b++)
            scale(run, BANDWIDTH, rail, 0, b, 0.3f);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(first(run)->kind, PROBE_SUSPECT_NODE);
    ck_assert_uint_eq(first(run)->direction, PROBE_OUT);
    ck_assert(str_starts(first(run)->text, S("node n0 outwards: bandwidth 29")));
}

START_TEST(a_slow_direction_stays_one_though_a_rail_of_it_had_a_bad_moment)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(8, 4);
    uint32_t tail = probe_run_series(run, PROBE_LATENCY_P99, 8, PROBE_LOAD_RAIL);

    munmap(run->cells, run->cells_bytes);
    ck_assert(probe_run_cells(run, NULL, &error)); /* anew: there is one more series */
    for (uint32_t r = 0; r < 4; r++)
        for (uint32_t a = 0; a < 8; a++)
            for (uint32_t b = 0; b < 8; b++) {
                if (a == b)
                    continue;
                probe_set(run, LATENCY, r, a, b, 12);
                probe_set(run, BANDWIDTH, r, a, b, a == 2 && b == 5 ? 40 : 97);
                probe_set(run, tail, r, a, b, a == 5 && b == 2 && r == 1 ? 400 : 16);
                probe_say(run, r, a, b, PROBE_OK, false, S(""));
            }
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(first(run)->cause, PROBE_SLOW);
    ck_assert_uint_eq(first(run)->direction, PROBE_OUT);
    ck_assert_int_eq(first(run)->a, 2);
    ck_assert_int_eq(first(run)->b, 5);
}

START_TEST(a_bad_moment_beside_a_bad_rail_is_of_its_own_rail_only)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(8, 2);

    for (uint32_t b = 0; b < 8; b++)
        if (b != 3) {
            scale(run, BANDWIDTH, 0, 3, b, 0.4f);
            scale(run, BANDWIDTH, 0, b, 3, 0.4f);
        }
    scale(run, BANDWIDTH, 1, 3, 6, 0.5f);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 2);
    ck_assert_uint_eq(run->judged->suspects[0].kind, PROBE_SUSPECT_RAIL);
    ck_assert_uint_eq(run->judged->suspects[1].kind, PROBE_SUSPECT_LINK);
    ck_assert_int_eq(run->judged->suspects[1].rail, 1); /* rail 0 would confirm it falsely */
}

START_TEST(of_two_nodes_one_is_bad_and_nobody_can_say_which)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(2, 4);

    scale(run, BANDWIDTH, 2, 0, 1, 0.3f);
    scale(run, BANDWIDTH, 2, 1, 0, 0.3f);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(first(run)->kind, PROBE_SUSPECT_ONE_OF);
    ck_assert_int_eq(first(run)->rail, 2);
    ck_assert(has_finding(run, "nothing-to-compare"));
}

START_TEST(everybody_silent_is_the_security_group_and_accuses_no_node)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 2);

    for (uint32_t r = 0; r < 2; r++)
        for (uint32_t a = 0; a < 4; a++)
            for (uint32_t b = 0; b < 4; b++)
                if (a != b) {
                    probe_say(run, r, a, b, PROBE_SILENT, false, S(""));
                    probe_set(run, LATENCY, r, a, b, NAN);
                    probe_set(run, BANDWIDTH, r, a, b, NAN);
                }
    judge_run(run, NULL);

    ck_assert(has_finding(run, "security-group"));
    ck_assert_uint_eq(run->judged->suspect_count, 0);
    ck_assert_uint_eq(run->judged->verdict, PROBE_FAIL);
    judge_run(run, NULL); /* once more: the finding is there once */
    ck_assert_uint_eq(run->finding_count, 1);
}

START_TEST(one_node_that_nobody_hears_is_named_with_its_rules)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(5, 2);

    for (uint32_t r = 0; r < 2; r++)
        for (uint32_t b = 0; b < 5; b++)
            if (b != 4) {
                probe_say(run, r, 4, b, PROBE_FAILED, false, S("15 unreachable remote"));
                probe_say(run, r, b, 4, PROBE_SILENT, false, S(""));
            }
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(first(run)->cause, PROBE_UNHEARD);
    ck_assert_int_eq(first(run)->a, 4);
    ck_assert(str_has(first(run)->remedy, S("security groups")));
    ck_assert_int_eq(run->judged->exit_code, EXIT_FAIL);
}

START_TEST(changed_data_is_a_fault_though_it_came_once)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 2);

    probe_say(run, 1, 0, 3, PROBE_CORRUPT, false, S(""));
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->verdict, PROBE_FAIL);
    ck_assert_uint_eq(first(run)->cause, PROBE_DAMAGE);
    ck_assert_int_eq(first(run)->rail, 1);
}

START_TEST(a_cohort_below_the_floor_fails_and_accuses_no_node)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 1);
    struct profile profile = {.rails = {1, S("test")},
                              .rail_gbps = {200, S("test")},
                              .bandwidth_gbps_least = {170, S("test")}};

    judge_run(run, &profile);

    ck_assert(has_finding(run, "below-floor"));
    ck_assert(str_starts(run->findings[0].text, S("bandwidth of 1M: even healthy cells have ")));
    ck_assert_uint_eq(run->judged->suspect_count, 0);
    ck_assert_uint_eq(run->judged->verdict, PROBE_FAIL);
}

START_TEST(a_node_below_the_floor_fails_though_it_is_near_its_cohort)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 1);
    struct profile profile = {.rails = {1, S("test")},
                              .rail_gbps = {100, S("test")},
                              .bandwidth_gbps_least = {90, S("test")}};

    for (uint32_t b = 1; b < 6; b++) {
        scale(run, BANDWIDTH, 0, 0, b, 0.9f); /* 87 Gb/s */
        scale(run, BANDWIDTH, 0, b, 0, 0.9f);
    }
    judge_run(run, NULL);
    ck_assert_uint_eq(run->judged->verdict, PROBE_WARN);
    judge_run(run, &profile);
    ck_assert_int_eq(first(run)->a, 0);
    ck_assert_uint_eq(run->judged->verdict, PROBE_FAIL);
}

START_TEST(pairs_that_are_far_apart_are_compared_with_their_like)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(12, 1);
    char place[16];

    for (uint32_t k = 0; k < 12; k++) {
        snprintf(place, sizeof place, "az1/nn-%u", k / 6);
        run->nodes[k].place = probe_run_str(run, str_of(place));
    }
    for (uint32_t a = 0; a < 12; a++)
        for (uint32_t b = 0; b < 12; b++)
            if (a / 6 != b / 6) /* the other half is twice as far, and has two thirds */
                scale(run, LATENCY, 0, a, b, 2), scale(run, BANDWIDTH, 0, a, b, 0.66f);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 0);
    ck_assert_uint_eq(run->judged->verdict, PROBE_PASS);
}

START_TEST(noise_is_said_and_never_judged)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 1);

    run->nodes[1].foreign_cpu = 0.4;
    for (uint32_t b = 0; b < 6; b++)
        if (b != 1)
            scale(run, LATENCY, 0, 1, b, 6);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 0);
    ck_assert(has_finding(run, "noise"));
    ck_assert_uint_eq(run->judged->verdict, PROBE_INCONCLUSIVE);
}

START_TEST(where_ranks_share_a_machine_only_large_differences_count)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 1);
    struct probe_finding shared = {
        PROBE_INFO, S(PROBE_SHARED_MACHINE), PROBE_EVERY, PROBE_EVERY, S("shared"), S("")};

    for (uint32_t b = 0; b < 6; b++)
        if (b != 1) {
            scale(run, LATENCY, 0, 1, b, 6);
            scale(run, BANDWIDTH, 0, b, 1, 0.4f);
            scale(run, BANDWIDTH, 0, 2, b, b == 2 ? 1 : 0.02f);
            scale(run, BANDWIDTH, 0, b, 2, b == 2 ? 1 : 0.02f);
        }
    probe_run_add_finding(run, &shared);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_int_eq(first(run)->a, 2);
}

START_TEST(what_was_never_tried_makes_it_incomplete_but_not_what_was_left_out)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 1);
    float *cell = probe_cell(run, PROBE_OUTCOME_SERIES(run), 0, 0, 1);

    *cell = PROBE_NOT_TRIED;
    judge_run(run, NULL);
    ck_assert_uint_eq(run->judged->verdict, PROBE_INCOMPLETE);
    *cell = PROBE_SKIPPED;
    judge_run(run, NULL);
    ck_assert_uint_eq(run->judged->verdict, PROBE_PASS);
}

START_TEST(targets_are_met_or_not_and_decide_nothing)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 1);

    run->target = (struct probe_target){15, 100};
    judge_run(run, NULL);

    ck_assert(run->judged->summaries[LATENCY].target_met);
    ck_assert(!run->judged->summaries[BANDWIDTH].target_met);
    ck_assert_uint_eq(run->judged->verdict, PROBE_PASS);
}

START_TEST(a_missing_rail_is_found)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 2);

    run->nodes[3].rail_count = 1;
    judge_run(run, NULL);

    ck_assert(has_finding(run, "rails-missing"));
    ck_assert_uint_eq(run->judged->verdict, PROBE_FAIL);
}

/* The judge finds its own anew, and forgot what the nodes had told. */
START_TEST(what_a_node_told_of_its_devices_is_kept)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 1);

    probe_run_add_finding(run, &(struct probe_finding){PROBE_ERROR, S("devices-missing"), 1,
                                                       PROBE_EVERY, S("7 of 8"), S("")});
    judge_run(run, NULL);
    judge_run(run, NULL);

    ck_assert(has_finding(run, "devices-missing"));
    ck_assert_uint_eq(run->judged->verdict, PROBE_FAIL);
}

TESTS("probe/judge", what_a_node_told_of_its_devices_is_kept, alike_nodes_pass,
      nothing_measured_is_incomplete_never_green,
      a_node_that_never_came_makes_the_run_incomplete_and_is_named,
      a_node_nobody_named_is_not_called_node_twice,
      two_slow_nodes_of_four_are_both_named_though_they_touch_most_pairs,
      a_retest_confirms_or_clears,
      a_link_that_was_silent_for_a_moment_is_not_accused_and_the_run_is_incomplete,
      all_that_leaves_a_node_being_slow_is_a_direction,
      a_slow_direction_stays_one_though_a_rail_of_it_had_a_bad_moment,
      a_bad_moment_beside_a_bad_rail_is_of_its_own_rail_only,
      of_two_nodes_one_is_bad_and_nobody_can_say_which,
      everybody_silent_is_the_security_group_and_accuses_no_node,
      one_node_that_nobody_hears_is_named_with_its_rules,
      changed_data_is_a_fault_though_it_came_once,
      a_cohort_below_the_floor_fails_and_accuses_no_node,
      a_node_below_the_floor_fails_though_it_is_near_its_cohort,
      pairs_that_are_far_apart_are_compared_with_their_like, noise_is_said_and_never_judged,
      where_ranks_share_a_machine_only_large_differences_count,
      what_was_never_tried_makes_it_incomplete_but_not_what_was_left_out,
      targets_are_met_or_not_and_decide_nothing, a_missing_rail_is_found)
