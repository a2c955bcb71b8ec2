#include "judge.h"

#include <hp/base/test.h>
#include <stdio.h>

enum { NODES = 4, RAILS = 4 };
static struct probe_error error;

/* Alike nodes whose rails have 100 Gb/s in whatever way they are measured. */
static struct probe_run *cluster(enum probe_aside_kind kind, struct probe_aside **ret_aside)
{
    struct probe_run *run = probe_run_new();
    char name[16];

    probe_run_nodes(run, NODES);
    for (uint32_t k = 0; k < NODES; k++) {
        snprintf(name, sizeof name, "n%u", k);
        run->nodes[k].name = probe_run_str(run, str_of(name));
        probe_run_rails(run, k, RAILS);
    }
    probe_run_series(run, PROBE_BANDWIDTH, 1 << 20, PROBE_LOAD_RAILS);
    ck_assert(probe_run_cells(run, NULL, &error));
    for (uint32_t r = 0; r < RAILS; r++)
        for (uint32_t a = 0; a < NODES; a++)
            for (uint32_t b = 0; b < NODES; b++)
                if (a != b) {
                    probe_set(run, 0, r, a, b, 97);
                    probe_say(run, r, a, b, PROBE_OK, false, S(""));
                }
    *ret_aside = probe_run_add_aside(run, kind, PROBE_BANDWIDTH, 1 << 20);
    (*ret_aside)->tested = NODES * RAILS * 3;
    for (uint32_t i = 0; i < NODES * RAILS; i++)
        (*ret_aside)->values[i] = (*ret_aside)->against[i] = 100 + i % 3;
    return run;
}

static const struct probe_finding *found(const struct probe_run *run, const char *code,
                                         int32_t node, int32_t rail)
{
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (str_is(run->findings[i].code, code) && run->findings[i].node == node &&
            run->findings[i].rail == rail)
            return &run->findings[i];
    return NULL;
}

static void expect_one_warning(const struct probe_run *run)
{
    uint32_t warnings = 0;

    for (uint32_t i = 0; i < run->finding_count; i++)
        warnings += run->findings[i].severity == PROBE_WARNING;
    ck_assert_uint_eq(warnings, 1);
    ck_assert_uint_eq(run->judged->verdict, PROBE_WARN);
}

START_TEST(where_all_is_alike_nothing_is_said)
{
    for (int kind = 0; kind < PROBE_ASIDES; kind++) {
        struct probe_aside *aside;
        scoped(probe_run_freep) struct probe_run *run =
            cluster((enum probe_aside_kind)kind, &aside);

        judge_run(run, NULL);

        ck_assert_uint_eq(run->finding_count, 0);
        ck_assert_uint_eq(run->judged->verdict, PROBE_PASS);
        ck_assert_double_eq(aside->median, 1);
        ck_assert(aside->judged);
    }
}
END_TEST

START_TEST(a_rail_that_is_slow_alone_too_is_the_rail)
{
    struct probe_aside *aside;
    scoped(probe_run_freep) struct probe_run *run = cluster(PROBE_ASIDE_RAILS, &aside);

    aside->values[1 * RAILS + 2] = aside->against[1 * RAILS + 2] = 50;
    judge_run(run, NULL);
    judge_run(run, NULL);

    ck_assert_ptr_nonnull(found(run, "rail-slow-alone", 1, 2));
    expect_one_warning(run);
}
END_TEST

START_TEST(a_rail_that_is_slow_only_together_shares_something)
{
    struct probe_aside *aside;
    scoped(probe_run_freep) struct probe_run *run = cluster(PROBE_ASIDE_RAILS, &aside);

    aside->values[1 * RAILS + 2] = 50;
    judge_run(run, NULL);

    ck_assert_ptr_nonnull(found(run, "rail-slow-together", 1, 2));
    expect_one_warning(run);
}
END_TEST

START_TEST(a_node_whose_rails_share_bandwidth_is_said_once)
{
    struct probe_aside *aside;
    scoped(probe_run_freep) struct probe_run *run = cluster(PROBE_ASIDE_RAILS, &aside);

    for (uint32_t rail = 0; rail < RAILS; rail++)
        aside->values[2 * RAILS + rail] = 50;
    judge_run(run, NULL);

    ck_assert_ptr_nonnull(found(run, "rails-share", 2, PROBE_EVERY));
    expect_one_warning(run);
}
END_TEST

/* What all nodes have is how they are made: it is told, and nobody is warned of. */
START_TEST(rails_that_share_on_all_nodes_accuse_nobody)
{
    struct probe_aside *aside;
    scoped(probe_run_freep) struct probe_run *run = cluster(PROBE_ASIDE_RAILS, &aside);

    for (uint32_t i = 0; i < NODES * RAILS; i++)
        aside->values[i] = 50;
    judge_run(run, NULL);

    ck_assert_uint_eq(run->finding_count, 1);
    ck_assert_uint_eq(found(run, "rails-share", PROBE_EVERY, PROBE_EVERY)->severity, PROBE_INFO);
    ck_assert_uint_eq(run->judged->verdict, PROBE_PASS);
}
END_TEST

START_TEST(rails_that_do_not_reach_each_other_are_one_finding)
{
    struct probe_aside *aside;
    scoped(probe_run_freep) struct probe_run *run = cluster(PROBE_ASIDE_CROSS, &aside);

    for (uint32_t i = 0; i < NODES * RAILS; i++) {
        aside->values[i] = NAN;
        aside->unheard_rails[i] = 3;
    }
    aside->unheard = aside->tested;
    judge_run(run, NULL);

    ck_assert_ptr_nonnull(found(run, "rails-apart", PROBE_EVERY, PROBE_EVERY));
    expect_one_warning(run);
}
END_TEST

START_TEST(one_rail_apart_or_slow_across_is_named)
{
    struct probe_aside *aside;
    scoped(probe_run_freep) struct probe_run *run = cluster(PROBE_ASIDE_CROSS, &aside);

    aside->values[3] = NAN;
    aside->unheard_rails[3] = 3;
    aside->unheard = 3;
    aside->values[2 * RAILS + 1] = 40;
    judge_run(run, NULL);

    ck_assert_ptr_nonnull(found(run, "rail-apart", 0, 3));
    ck_assert_ptr_nonnull(found(run, "across-slow", 2, 1));
    ck_assert_uint_eq(run->finding_count, 2);
}
END_TEST

START_TEST(congestion_warns_below_its_limit_and_names_a_node_that_is_alone_with_it)
{
    struct probe_aside *aside;
    scoped(probe_run_freep) struct probe_run *run = cluster(PROBE_ASIDE_BISECTION, &aside);

    for (uint32_t rail = 0; rail < RAILS; rail++)
        aside->values[3 * RAILS + rail] = 40;
    judge_run(run, NULL);
    ck_assert_ptr_nonnull(found(run, "congestion", 3, PROBE_EVERY));
    expect_one_warning(run);
    ck_assert_int_eq(aside->least_node, 3);

    for (uint32_t i = 0; i < NODES * RAILS; i++)
        aside->values[i] = 70;
    run->finding_count = 0;
    judge_run(run, NULL);
    ck_assert_ptr_nonnull(found(run, "congestion", PROBE_EVERY, PROBE_EVERY));
    expect_one_warning(run);
}
END_TEST

START_TEST(where_ranks_share_a_machine_it_is_told_not_judged)
{
    struct probe_aside *aside;
    scoped(probe_run_freep) struct probe_run *run = cluster(PROBE_ASIDE_BISECTION, &aside);

    probe_run_add_finding(run, &(struct probe_finding){PROBE_INFO, S(PROBE_SHARED_MACHINE),
                                                       PROBE_EVERY, PROBE_EVERY, S(""), S("")});
    for (uint32_t i = 0; i < NODES * RAILS; i++)
        aside->values[i] = 30;
    judge_run(run, NULL);

    const struct probe_finding *f = found(run, "congestion", PROBE_EVERY, PROBE_EVERY);
    ck_assert_uint_eq(f->severity, PROBE_INFO);
    ck_assert(str_has(f->text, S("told, not judged: ranks share a machine")));
    ck_assert_uint_eq(run->judged->verdict, PROBE_PASS);
}
END_TEST

TESTS("probe/asides", where_all_is_alike_nothing_is_said, a_rail_that_is_slow_alone_too_is_the_rail,
      a_rail_that_is_slow_only_together_shares_something,
      a_node_whose_rails_share_bandwidth_is_said_once, rails_that_share_on_all_nodes_accuse_nobody,
      rails_that_do_not_reach_each_other_are_one_finding, one_rail_apart_or_slow_across_is_named,
      congestion_warns_below_its_limit_and_names_a_node_that_is_alone_with_it,
      where_ranks_share_a_machine_it_is_told_not_judged)
