#include "trial.h"

START_TEST(a_second_look_that_was_disturbed_decides_nothing)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(6, 1);

    scale_rail(run, BANDWIDTH, 0, 3, 0.5f);
    judge_run(run, NULL);
    again(run, 97, true);
    ck_assert_uint_eq(first(run)->confirmed, PROBE_NOT_RETESTED);
    again(run, 48, false);
    ck_assert_uint_eq(first(run)->confirmed, PROBE_CONFIRMED);
}

START_TEST(a_second_look_with_a_partner_that_is_near_is_held_against_near_ones)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(12, 1);
    char place[16];

    for (uint32_t k = 0; k < 12; k++) {
        snprintf(place, sizeof place, "az1/nn-%u", k / 6);
        run->nodes[k].place = probe_run_str(run, str_of(place));
    }
    for (uint32_t a = 0; a < 12; a++)
        for (uint32_t b = 0; b < 12; b++)
            if (a / 6 != b / 6)
                scale(run, LATENCY, 0, a, b, 2);
    scale_rail(run, LATENCY, 0, 3, 1.8f);
    judge_run(run, NULL);
    ck_assert_int_eq(first(run)->a, 3);
    again(run, 12 * 1.8,
          false); /* its partners are of its own half: 21.6 is better than far ones' 24 */

    ck_assert_uint_eq(first(run)->confirmed, PROBE_CONFIRMED);
}

TESTS("probe/retest", a_second_look_that_was_disturbed_decides_nothing,
      a_second_look_with_a_partner_that_is_near_is_held_against_near_ones)
