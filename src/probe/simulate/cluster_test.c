#include "cluster.h"

#include "judge/judge.h"

#include <hp/base/test.h>
#include <stdlib.h>

/* PROBE_SEEDS=1000 tries as many; build/PRESET/bin/probe-clusters tries 1000 nodes, too. */
static uint64_t seeds(void)
{
    const char *wanted = getenv("PROBE_SEEDS");

    return wanted == NULL ? 4 : strtoull(wanted, NULL, 10);
}

static void fault(enum fault_kind kind, bool two)
{
    static const uint32_t rails[] = {1, 2, 4, 16};

    for (uint64_t seed = 1; seed <= seeds(); seed++) {
        struct chance chance = {seed * 31 + (uint64_t)kind};
        uint32_t nodes = two ? 8 + chance_below(&chance, 9) : 4 + chance_below(&chance, 17);
        uint32_t has = rails[chance_below(&chance, 4)];
        has = kind == FAULT_COMMON_RAIL && has == 1 ? 2 : has;
        struct cluster c = cluster_of(seed, nodes, has, kind, two);
        struct probe_error error = {0};
        scoped(probe_run_freep) struct probe_run *run = cluster_run(&c, NULL, &error);
        ck_assert_ptr_nonnull(run);
        judge_run(run, NULL);
        cluster_retest(&c, run);
        judge_run(run, NULL);
        struct cluster_found found = cluster_compare(&c, run);
        ck_assert_msg(found.missed == 0 && found.falsely == 0,
                      "seed %d, %u nodes, %u rails: %s%.*s", (int)seed, c.nodes, c.rails,
                      found.missed > 0 ? "missed " : "",
                      STR(found.missed > 0 ? found.missing : found.wrong));
        ck_assert_uint_eq(found.named, c.fault_count);
        if (kind == FAULT_NONE)
            ck_assert_uint_eq(run->judged->verdict, PROBE_PASS);
        else
            ck_assert_uint_gt(run->judged->exit_code, 0);
    }
}

#define FAULT(name, kind, two)                                                                     \
    START_TEST(name)                                                                               \
    {                                                                                              \
        fault(kind, two);                                                                          \
    }
FAULT(a_healthy_cluster_passes_and_nobody_is_accused, FAULT_NONE, false)
FAULT(a_slow_node_is_named, FAULT_SLOW_NODE, false)
FAULT(a_slow_rail_is_named, FAULT_SLOW_RAIL, false)
FAULT(a_slow_direction_between_two_nodes_is_named, FAULT_SLOW_WAY, false)
FAULT(a_lossy_link_is_named, FAULT_LOSSY_LINK, false)
FAULT(a_dead_node_is_named, FAULT_DEAD_NODE, false)
FAULT(a_silent_node_is_named, FAULT_SILENT_NODE, false)
FAULT(a_noisy_machine_is_named_and_not_accused, FAULT_NOISY_NODE, false)
FAULT(a_rail_that_is_slow_on_all_nodes_is_named_once, FAULT_COMMON_RAIL, false)
FAULT(a_link_that_stalls_now_and_then_is_named, FAULT_STALLING_LINK, false)
FAULT(two_faults_at_once_are_both_named_from_8_nodes_on, FAULT_SLOW_NODE, true)
FAULT(two_faults_of_which_one_is_a_rail_are_both_named, FAULT_SLOW_RAIL, true)

START_TEST(what_is_a_tenth_below_its_like_is_a_warning_and_nobody_else_is)
{
    for (uint64_t seed = 1; seed <= 2 * seeds(); seed++) {
        enum fault_kind kind = seed % 2 ? FAULT_MILD_NODE : FAULT_MILD_RAIL;
        struct cluster c = cluster_of(seed, 24, 4, kind, false);
        struct probe_error error = {0};
        c.noise = 0.03;
        scoped(probe_run_freep) struct probe_run *run = cluster_run(&c, NULL, &error);
        judge_run(run, NULL);
        cluster_retest(&c, run);
        judge_run(run, NULL);
        struct cluster_found found = cluster_compare(&c, run);
        ck_assert_msg(found.falsely == 0, "%.*s", STR(found.wrong));
        if (c.faults[0].bandwidth > 0.9)
            continue; /* so near to what is not worth a word that chance decides */
        ck_assert_uint_eq(found.named, 1);
        ck_assert(run->judged->verdict == PROBE_WARN || c.faults[0].bandwidth < 0.87);
    }
}

START_TEST(where_nodes_have_places_what_is_far_is_not_accused_and_faults_are_named)
{
    for (uint64_t seed = 1; seed <= 4 * seeds(); seed++) {
        enum fault_kind kind = (enum fault_kind)(seed % FAULT_MILD_NODE);
        struct cluster c =
            cluster_of(seed, CLUSTER_LEAST_LAYERED + (uint32_t)(seed % 40), 2, kind, false);
        struct probe_error error = {0};
        c.layers = true;
        scoped(probe_run_freep) struct probe_run *run = cluster_run(&c, NULL, &error);
        judge_run(run, NULL);
        cluster_retest(&c, run);
        judge_run(run, NULL);
        struct cluster_found found = cluster_compare(&c, run);
        ck_assert_msg(found.falsely == 0, "seed %d: %.*s", (int)seed, STR(found.wrong));
        ck_assert_msg(found.missed == 0, "seed %d: %.*s", (int)seed, STR(found.missing));
    }
}

START_TEST(quick_mode_finds_nodes_and_rails_by_a_few_partners)
{
    for (uint64_t seed = 1; seed <= 2 * seeds(); seed++) {
        struct cluster c =
            cluster_of(seed, 64, 4, seed % 2 ? FAULT_SLOW_NODE : FAULT_SLOW_RAIL, false);
        struct probe_error error = {0};
        c.quick = true;
        scoped(probe_run_freep) struct probe_run *run = cluster_run(&c, NULL, &error);
        judge_run(run, NULL);
        cluster_retest(&c, run);
        judge_run(run, NULL);
        struct cluster_found found = cluster_compare(&c, run);
        ck_assert_uint_eq(found.named, 1);
        ck_assert_msg(found.falsely == 0, "%.*s", STR(found.wrong));
        ck_assert_int_eq(run->judged->pairs_tested, 8 * 32);
        ck_assert_int_eq(run->judged->pairs_total, 64 * 63 / 2);
    }
}

START_TEST(the_comparison_with_the_truth_can_fail)
{
    struct cluster c = cluster_of(1, 8, 2, FAULT_SLOW_NODE, false);
    struct probe_error error = {0};
    scoped(probe_run_freep) struct probe_run *run = cluster_run(&c, NULL, &error);

    judge_run(run, NULL);
    cluster_retest(&c, run);
    judge_run(run, NULL);
    c.faults[0].a = (c.faults[0].a + 1) % 8; /* the truth is another one now */

    struct cluster_found found = cluster_compare(&c, run);
    ck_assert_uint_eq(found.missed, 1);
    ck_assert_uint_ge(found.falsely, 1);
}

TESTS("probe/cluster", a_healthy_cluster_passes_and_nobody_is_accused, a_slow_node_is_named,
      a_slow_rail_is_named, a_slow_direction_between_two_nodes_is_named, a_lossy_link_is_named,
      a_dead_node_is_named, a_silent_node_is_named, a_noisy_machine_is_named_and_not_accused,
      two_faults_at_once_are_both_named_from_8_nodes_on,
      two_faults_of_which_one_is_a_rail_are_both_named,
      a_rail_that_is_slow_on_all_nodes_is_named_once, a_link_that_stalls_now_and_then_is_named,
      what_is_a_tenth_below_its_like_is_a_warning_and_nobody_else_is,
      where_nodes_have_places_what_is_far_is_not_accused_and_faults_are_named,
      quick_mode_finds_nodes_and_rails_by_a_few_partners, the_comparison_with_the_truth_can_fail)
