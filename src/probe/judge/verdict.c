#include "inside.h"

#include <stdio.h>

enum { MOST_REASONS = 24 };

static const int exit_codes[PROBE_VERDICTS] = {[PROBE_PASS] = EXIT_PASS,
                                               [PROBE_WARN] = EXIT_PASS,
                                               [PROBE_FAIL] = EXIT_FAIL,
                                               [PROBE_INCONCLUSIVE] = EXIT_INCONCLUSIVE,
                                               [PROBE_INCOMPLETE] = EXIT_INCOMPLETE};

/* Findings of this file: when a run is judged anew, they are found anew. */
static const char *const own[] = {"security-group", "below-floor",        "noise",
                                  "rails-missing",  "nothing-to-compare", NULL};

static void forget_own_findings(struct probe_run *run)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < run->finding_count; i++) {
        bool ours = false;
        for (int o = 0; own[o] != NULL; o++)
            ours |= str_is(run->findings[i].code, own[o]);
        if (!ours)
            run->findings[kept++] = run->findings[i];
    }
    /* The list grows by doubling at powers of two: it must not end on one that it has room for. */
    uint32_t all = run->finding_count;
    run->finding_count = kept;
    if (kept != all) {
        struct probe_finding *old = run->findings;
        run->findings = NULL;
        run->finding_count = 0;
        for (uint32_t i = 0; i < kept; i++)
            probe_run_add_finding(run, &old[i]);
    }
}

static void find(struct judge *j, enum probe_severity severity, const char *code, int32_t node,
                 struct str text, const char *remedy)
{
    struct probe_finding finding = {severity,    str_of(code), node,
                                    PROBE_EVERY, text,         str_of(remedy)};

    probe_run_add_finding(j->run, &finding);
}

/* ret: how many measurements are missing. */
static int64_t count_cells(struct judge *j)
{
    int64_t missing = 0;
    struct probe_judged *judged = j->judged;
    bool *pair = arena_array(j->arena, bool, (size_t)j->n * j->n);

    for (uint32_t rail = 0; rail < j->rails; rail++) {
        const float *plane = probe_plane(j->run, PROBE_OUTCOME_SERIES(j->run), rail);
        for (uint32_t from = 0; from < j->n; from++)
            for (uint32_t to = 0; to < j->n; to++) {
                size_t i = (size_t)from * j->n + to;
                struct probe_said said = probe_said_of(plane[i]);
                if (from == to || rail >= j->run->nodes[from].rail_count ||
                    rail >= j->run->nodes[to].rail_count)
                    continue;
                /* neither tried nor left out on purpose, between nodes that are there */
                missing += said.outcome == PROBE_NOT_TRIED && !j->gone[from] && !j->gone[to];
                judged->cells_total++;
                judged->cells_tested += said.outcome >= PROBE_OK;
                judged->cells_bad += said.outcome > PROBE_OK;
                judged->cells_noisy += said.noisy;
                if (said.outcome >= PROBE_OK)
                    pair[from < to ? i : (size_t)to * j->n + from] = true;
            }
        probe_plane_done(j->run, PROBE_OUTCOME_SERIES(j->run), rail);
    }
    judged->pairs_total = (int64_t)j->n * (j->n - 1) / 2;
    for (size_t i = 0; i < (size_t)j->n * j->n; i++)
        judged->pairs_tested += pair[i];
    return missing;
}

static void own_findings(struct judge *j)
{
    struct arena *arena = j->run->arena;

    if (j->tried > 0 && j->unheard * 10 > j->tried * 9)
        find(j, PROBE_ERROR, "security-group", PROBE_EVERY,
             arena_fmt(arena,
                       "%lld of %lld connections carried nothing, though the nodes reach each "
                       "other by TCP: this is what a security group without a rule to itself "
                       "looks like",
                       (long long)j->unheard, (long long)j->tried),
             "The nodes' security group needs two rules of its own: inbound, all protocols, "
             "source this group; outbound, all protocols, destination this group. Outbound "
             "0.0.0.0/0 does not cover EFA. All nodes must be in one subnet.");
    for (uint32_t s = 0; s < j->run->series_count; s++)
        if (j->refs[s].below_floor)
            find(j, PROBE_ERROR, "below-floor", PROBE_EVERY,
                 arena_fmt(arena,
                           "%s of %llu bytes: even healthy cells have %.4g %s, and the profile's "
                           "floor is %.4g",
                           probe_metrics[j->run->series[s].metric].name,
                           (unsigned long long)j->run->series[s].size_bytes,
                           (double)j->refs[s].value[0],
                           probe_metrics[j->run->series[s].metric].unit, (double)j->refs[s].floor),
                 "Look at what all nodes have in common: provider, library, environment, "
                 "placement group.");
    for (uint32_t k = 0; k < j->n; k++) {
        const struct probe_node *node = &j->run->nodes[k];
        if (j->noisy[k] && !j->gone[k])
            find(j, PROBE_WARNING, "noise", (int32_t)k,
                 arena_fmt(arena, "others took %.0f %% of this node's time: it is not judged",
                           100 * node->foreign_cpu),
                 "Stop what else runs there, and measure again.");
        if (!j->gone[k] && node->rail_count < j->rails)
            find(j, PROBE_ERROR, "rails-missing", (int32_t)k,
                 arena_fmt(arena, "%u rails, where others have %u", node->rail_count, j->rails),
                 "Devices may appear late after boot; reboot the node, replace it if it stays.");
    }
    if (j->alive == 2 && j->profile == NULL)
        find(j, PROBE_INFO, "nothing-to-compare", PROBE_EVERY,
             S("two nodes and no profile: rails are compared with each other, and nothing says "
               "what they should reach"),
             "Name a profile, or run with more nodes.");
}

static void reason(struct judge *j, struct str text)
{
    struct probe_judged *judged = j->judged;

    if (judged->reason_count < MOST_REASONS)
        judged->reasons[judged->reason_count++] = text;
}

struct tally {
    int64_t errors, warnings, gone, finding_errors, finding_warnings, noisy, missing;
    bool wide; /* healthy cells differ too much from each other */
};

static struct tally tally_of(struct judge *j)
{
    struct tally t = {0};

    for (uint32_t i = 0; i < j->judged->suspect_count; i++) {
        const struct probe_suspect *s = &j->judged->suspects[i];
        if (s->cause == PROBE_GONE)
            t.gone++;
        else if (s->severity == PROBE_ERROR)
            t.errors++;
        else
            t.warnings += s->severity == PROBE_WARNING;
    }
    for (uint32_t i = 0; i < j->run->finding_count; i++) {
        t.finding_errors += j->run->findings[i].severity == PROBE_ERROR;
        t.finding_warnings += j->run->findings[i].severity == PROBE_WARNING &&
                              !str_is(j->run->findings[i].code, "noise");
    }
    for (uint32_t k = 0; k < j->n; k++)
        t.noisy += j->noisy[k] && !j->gone[k];
    for (uint32_t s = 0; s < j->run->series_count; s++)
        t.wide |= j->refs[s].judged && !judge_rules[j->run->series[s].metric].loss &&
                  j->refs[s].sigma > 0.3f;
    return t;
}

static enum probe_verdict decide(struct judge *j, const struct tally *t)
{
    const struct probe_judged *judged = j->judged;
    bool little = judged->cells_tested == 0 || t->missing > 0 || t->gone > 0 || j->run->timed_out;

    if (t->errors + t->finding_errors > 0)
        return PROBE_FAIL;
    if (little)
        return PROBE_INCOMPLETE;
    if (t->noisy > 0 || t->wide || judged->cells_noisy * 10 > judged->cells_tested)
        return PROBE_INCONCLUSIVE;
    return t->warnings + t->finding_warnings > 0 ? PROBE_WARN : PROBE_PASS;
}

static void counted(struct judge *j, int64_t count, const char *one, const char *many)
{
    if (count > 0)
        reason(j, arena_fmt(j->run->arena, "%lld %s", (long long)count, count == 1 ? one : many));
}

static void reasons(struct judge *j, const struct tally *t)
{
    const struct probe_judged *judged = j->judged;

    if (judged->cells_tested == 0)
        reason(j, S("nothing was measured"));
    counted(j, t->errors, "fault of a node, rail or link", "faults of nodes, rails or links");
    counted(j, t->finding_errors, "finding that is an error", "findings that are errors");
    counted(j, t->gone, "node is missing or was lost", "nodes are missing or were lost");
    if (j->run->timed_out)
        reason(j, S("the run's time was over before it had ended"));
    counted(j, t->missing, "measurement was never made", "measurements were never made");
    counted(j, t->noisy, "node was too busy with other things to be judged",
            "nodes were too busy with other things to be judged");
    if (judged->cells_noisy * 10 > judged->cells_tested && judged->cells_tested > 0)
        reason(j, arena_fmt(j->run->arena, "%lld of %lld measurements were disturbed",
                            (long long)judged->cells_noisy, (long long)judged->cells_tested));
    if (t->wide)
        reason(j, S("healthy measurements differ so much that faults could hide among them"));
    counted(j, t->warnings, "suspect that was not confirmed", "suspects that were not confirmed");
    counted(j, t->finding_warnings, "finding that is a warning", "findings that are warnings");
    counted(j, j->outliers, "more single measurement is out of line",
            "more single measurements are out of line");
    if (judged->reason_count == 0)
        reason(j, S("all that was measured is in line"));
}

void judge_verdict(struct judge *j)
{
    struct tally t;

    int64_t missing = count_cells(j);
    own_findings(j);
    t = tally_of(j);
    t.missing = missing;
    j->judged->outliers = j->outliers;
    j->judged->reasons = arena_array(j->run->arena, struct str, MOST_REASONS);
    j->judged->verdict = decide(j, &t);
    j->judged->exit_code = exit_codes[j->judged->verdict];
    reasons(j, &t);
}

void judge_run(struct probe_run *run, const struct profile *profile)
{
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    struct judge j = {.run = run,
                      .profile = profile,
                      .arena = arena,
                      .judged = arena_make(run->arena, struct probe_judged),
                      .n = run->node_count,
                      .rails = run->rail_count};

    if (run->judged != NULL)
        j.judged->matrix = run->judged->matrix;
    forget_own_findings(run);
    judge_ground(&j);
    judge_references(&j);
    judge_atoms(&j);
    judge_links(&j);
    judge_suspects(&j);
    judge_summaries(&j);
    judge_verdict(&j);
    run->judged = j.judged;
}
