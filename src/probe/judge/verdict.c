#include "inside.h"

#include <stdio.h>

enum { MOST_REASONS = 24 };

static const int exit_codes[PROBE_VERDICTS] = {[PROBE_PASS] = EXIT_PASS,
                                               [PROBE_WARN] = EXIT_PASS,
                                               [PROBE_FAIL] = EXIT_FAIL,
                                               [PROBE_INCONCLUSIVE] = EXIT_INCONCLUSIVE,
                                               [PROBE_INCOMPLETE] = EXIT_INCOMPLETE};

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

static void reason(struct judge *j, struct str text)
{
    struct probe_judged *judged = j->judged;

    if (judged->reason_count < MOST_REASONS)
        judged->reasons[judged->reason_count++] = text;
}

struct tally {
    int64_t errors, warnings, mild, gone, finding_errors, finding_warnings, noisy, missing;
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
        if (s->cause == PROBE_UNHEARD && s->confirmed == PROBE_NOT_AGAIN)
            t.missing += s->of;
        t.mild += s->mild && s->severity == PROBE_WARNING;
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
    counted(j, t->warnings - t->mild, "suspect that was not confirmed",
            "suspects that were not confirmed");
    counted(j, t->mild, "node or rail is below its like", "nodes or rails are below their like");
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
    judge_findings(j);
    t = tally_of(j);
    t.missing += missing;
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
                      .rails = run->cells == NULL ? 0 : run->rail_count};

    if (run->judged != NULL)
        j.judged->matrix = run->judged->matrix;
    judge_forget_findings(run);
    judge_ground(&j);
    judge_references(&j);
    judge_atoms(&j);
    judge_mild(&j);
    judge_common(&j);
    judge_links(&j);
    judge_suspects(&j);
    judge_summaries(&j);
    judge_asides(&j);
    judge_verdict(&j);
    run->judged = j.judged;
}
