#include "judge.h"

#include <hp/base/test.h>
#include <stdio.h>

enum { NODES = 8, PAIRS = 5 };
static const uint32_t pairs[PAIRS][2] = {{0, 1}, {1, 2}, {3, 4}, {4, 5}, {6, 7}};
static struct probe_error error;

/* Only some pairs of alike nodes were to be measured, and were. */
static struct probe_run *few_pairs(void)
{
    struct probe_run *run = probe_run_new();
    char name[16];

    run->mode = S("pairs");
    probe_run_nodes(run, NODES);
    for (uint32_t k = 0; k < NODES; k++) {
        snprintf(name, sizeof name, "n%u", k);
        run->nodes[k].name = probe_run_str(run, str_of(name));
        probe_run_rails(run, k, 1);
    }
    probe_run_series(run, PROBE_BANDWIDTH, 1 << 20, PROBE_LOAD_RAIL);
    ck_assert(probe_run_cells(run, NULL, &error));
    for (uint32_t a = 0; a < NODES; a++)
        for (uint32_t b = 0; b < NODES; b++)
            if (a != b)
                probe_say(run, 0, a, b, PROBE_SKIPPED, false, S(""));
    for (uint32_t i = 0; i < 2 * PAIRS; i++) {
        uint32_t a = pairs[i / 2][i % 2], b = pairs[i / 2][1 - i % 2];
        probe_say(run, 0, a, b, PROBE_OK, false, S(""));
        probe_set(run, 0, 0, a, b, 97 + (int)i % 3 * 0.2);
    }
    return run;
}

static void slow(struct probe_run *run, uint32_t a, uint32_t b)
{
    probe_set(run, 0, 0, a, b, 30);
    probe_set(run, 0, 0, b, a, 30);
}

START_TEST(pairs_nobody_asked_for_are_not_missing)
{
    scoped(probe_run_freep) struct probe_run *run = few_pairs();

    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->verdict, PROBE_PASS);
    ck_assert_int_eq(run->judged->pairs_tested, PAIRS);
    ck_assert_int_eq(run->judged->pairs_total, NODES * (NODES - 1) / 2);
}
END_TEST

START_TEST(a_slow_pair_of_its_own_is_one_of_the_two)
{
    scoped(probe_run_freep) struct probe_run *run = few_pairs();

    slow(run, 6, 7);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(run->judged->suspects[0].kind, PROBE_SUSPECT_ONE_OF);
    ck_assert_int_eq(run->judged->suspects[0].a + run->judged->suspects[0].b, 6 + 7);
}
END_TEST

/* Node 1 is fine with node 2, so it may be node 0 or the link, and nobody measured which. */
START_TEST(a_node_that_met_one_partner_is_not_accused_alone)
{
    scoped(probe_run_freep) struct probe_run *run = few_pairs();

    slow(run, 0, 1);
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_uint_eq(run->judged->suspects[0].kind, PROBE_SUSPECT_ONE_OF);
    ck_assert_int_eq(run->judged->suspects[0].a, 0);
    ck_assert_int_eq(run->judged->suspects[0].b, 1);
}
END_TEST

TESTS("probe/chosen_pairs", pairs_nobody_asked_for_are_not_missing,
      a_slow_pair_of_its_own_is_one_of_the_two, a_node_that_met_one_partner_is_not_accused_alone)
