#include "trial.h"

START_TEST(a_link_that_stalls_now_and_then_is_named_though_its_median_is_fine)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 2);
    uint32_t worst = probe_run_series(run, PROBE_BANDWIDTH_WORST, 1 << 20, PROBE_LOAD_RAIL);

    munmap(run->cells, run->cells_bytes);
    ck_assert(probe_run_cells(run, NULL, &error));
    for (uint32_t r = 0; r < 2; r++)
        for (uint32_t a = 0; a < 6; a++)
            for (uint32_t b = 0; b < 6; b++) {
                if (a == b)
                    continue;
                probe_set(run, LATENCY, r, a, b, 12);
                probe_set(run, BANDWIDTH, r, a, b, 97);
                probe_set(run, worst, r, a, b, (a == 1 && b == 4) || (a == 4 && b == 1) ? 9 : 88);
                probe_say(run, r, a, b, PROBE_OK, false, S(""));
            }
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(first(run)->kind, PROBE_SUSPECT_LINK);
    ck_assert_uint_eq(first(run)->cause, PROBE_LOSS);
    ck_assert(str_has(first(run)->text, S("it stalls now and then")));
}

/* The third mend: with a limit of four deviations and more, these were never measured again. */
START_TEST(a_weak_one_way_link_among_four_noisy_nodes_is_measured_again)
{
    static const float wobble[12] = {0.93f, 1.05f, 1.12f, 0.9f,  1.02f, 1.09f,
                                     0.97f, 1.15f, 0.95f, 1.07f, 1.0f,  0.88f};
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 1);
    uint32_t i = 0;

    for (uint32_t a = 0; a < 4; a++)
        for (uint32_t b = 0; b < 4; b++)
            if (a != b)
                probe_set(run, BANDWIDTH, 0, a, b,
                          a == 2 && b == 1 ? 66 : 97 * (double)wobble[i++]);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_int_eq(first(run)->a, 2);
    ck_assert_int_eq(first(run)->b, 1);
    again(run, 65, false);
    ck_assert_uint_eq(first(run)->confirmed, PROBE_CONFIRMED);
}

TESTS("probe/links", a_link_that_stalls_now_and_then_is_named_though_its_median_is_fine,
      a_weak_one_way_link_among_four_noisy_nodes_is_measured_again)
