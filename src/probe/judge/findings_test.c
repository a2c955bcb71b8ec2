#include "trial.h"

START_TEST(counters_that_tell_of_trouble_are_a_warning_and_bytes_are_not)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 2);

    probe_run_add_counter(run, &(struct probe_counter){2, 1, S("retrans_timeout_events"), 3});
    probe_run_add_counter(run, &(struct probe_counter){2, 0, S("tx_bytes"), 1000000});
    probe_run_add_counter(run, &(struct probe_counter){3, 0, S("retrans_pkts"), 40});
    judge_run(run, NULL);
    judge_run(run, NULL); /* once more: the finding is there once */

    ck_assert_uint_eq(run->finding_count, 1);
    ck_assert_int_eq(run->findings[0].node, 2);
    ck_assert_str(run->findings[0].text,
                  S("retrans_timeout_events moved by 3 on 1 of 2 rails: waited in vain and took "
                    "another way"));
    ck_assert_uint_eq(run->judged->verdict, PROBE_WARN);
    for (int32_t k = 0; k < 6; k++)
        probe_run_add_counter(run, &(struct probe_counter){k, 0, S("rx_drops"), 1});
    judge_run(run, NULL);
    ck_assert_uint_eq(run->finding_count, 2); /* of all nodes: one */
}
END_TEST

/* A report that is read back may have any number. */
START_TEST(counters_without_measure_are_told_as_the_most_there_is)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 2);

    for (int32_t rail = 0; rail < 2; rail++)
        probe_run_add_counter(run, &(struct probe_counter){1, rail, S("rx_drops"), INT64_MAX - 1});
    judge_run(run, NULL);

    ck_assert(str_starts(run->findings[0].text, S("rx_drops moved by 9223372036854775807 on 2")));
}
END_TEST

START_TEST(a_slowest_percent_of_more_than_ten_medians_is_a_warning)
{
    for (int all = 0; all < 2; all++) {
        scoped(probe_run_freep) struct probe_run *run = cluster(6, 1);
        uint32_t tail = probe_run_series(run, PROBE_LATENCY_P99, 8, PROBE_LOAD_RAIL);
        munmap(run->cells, run->cells_bytes);
        ck_assert(probe_run_cells(run, NULL, &error));
        for (uint32_t a = 0; a < 6; a++)
            for (uint32_t b = 0; b < 6; b++) {
                if (a == b)
                    continue;
                probe_set(run, LATENCY, 0, a, b, 12);
                probe_set(run, BANDWIDTH, 0, a, b, 97);
                probe_set(run, tail, 0, a, b, all || a == 2 || b == 2 ? 130 : 40);
                probe_say(run, 0, a, b, PROBE_OK, false, S(""));
            }
        judge_run(run, NULL);

        ck_assert(has_finding(run, "slow-tail"));
        ck_assert_uint_eq(run->finding_count, 1);
        ck_assert_int_eq(run->findings[0].node, all ? PROBE_EVERY : 2);
        ck_assert_uint_eq(run->judged->verdict, PROBE_WARN);
    }
}
END_TEST

TESTS("probe/findings", counters_that_tell_of_trouble_are_a_warning_and_bytes_are_not,
      counters_without_measure_are_told_as_the_most_there_is,
      a_slowest_percent_of_more_than_ten_medians_is_a_warning)
