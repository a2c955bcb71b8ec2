/* A small cluster for the judge's tests, and what is done to it. Of tests only. */
#ifndef HP_PROBE_TRIAL_H
#define HP_PROBE_TRIAL_H

#include "judge.h"

#include <hp/base/test.h>
#include <stdio.h>
#include <sys/mman.h>

static struct probe_error error;
enum { LATENCY, BANDWIDTH };

/* n nodes that are all alike: 12 us, 97 Gb/s. */
static inline struct probe_run *cluster(uint32_t n, uint32_t rails)
{
    struct probe_run *run = probe_run_new();
    char name[16];

    probe_run_nodes(run, n);
    for (uint32_t k = 0; k < n; k++) {
        snprintf(name, sizeof name, "n%u", k);
        run->nodes[k].name = probe_run_str(run, str_of(name));
        probe_run_rails(run, k, rails);
    }
    probe_run_series(run, PROBE_LATENCY_P50, 8, PROBE_LOAD_RAIL);
    probe_run_series(run, PROBE_BANDWIDTH, 1 << 20, PROBE_LOAD_RAIL);
    ck_assert(probe_run_cells(run, NULL, &error));
    for (uint32_t r = 0; r < rails; r++)
        for (uint32_t a = 0; a < n; a++)
            for (uint32_t b = 0; b < n; b++) {
                if (a == b)
                    continue;
                /* a percent of difference, always the same */
                double wobble = 1 + ((int)((a * 7 + b * 13 + r * 5) % 11) - 5) / 500.0;
                probe_set(run, LATENCY, r, a, b, 12 * wobble);
                probe_set(run, BANDWIDTH, r, a, b, 97 * wobble);
                probe_say(run, r, a, b, PROBE_OK, false, S(""));
            }
    return run;
}

static inline void scale(struct probe_run *run, uint32_t series, uint32_t rail, uint32_t a,
                         uint32_t b, float factor)
{
    *probe_cell(run, series, rail, a, b) *= factor;
}

static inline const struct probe_suspect *first(const struct probe_run *run)
{
    ck_assert_uint_ge(run->judged->suspect_count, 1);
    return &run->judged->suspects[0];
}

static inline bool has_finding(const struct probe_run *run, const char *code)
{
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (str_is(run->findings[i].code, code))
            return true;
    return false;
}

/* All that a rail of a node has, both ways. */
static inline void scale_rail(struct probe_run *run, uint32_t series, uint32_t rail, uint32_t node,
                              float factor)
{
    for (uint32_t other = 0; other < run->node_count; other++)
        if (other != node) {
            scale(run, series, rail, node, other, factor);
            scale(run, series, rail, other, node, factor);
        }
}

/* Measures again what the judge wants, with these values, and judges again. */
static inline void again(struct probe_run *run, double value, bool noisy)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct judge_retest *rows;
    uint32_t count = judge_retests(run, arena, &rows);

    for (uint32_t i = 0; i < count; i++)
        probe_run_add_sample(run, &(struct probe_sample){.kind = PROBE_SAMPLE_ALONE,
                                                         .series = rows[i].series,
                                                         .from = (int32_t)rows[i].from,
                                                         .to = (int32_t)rows[i].to,
                                                         .from_rail = (int32_t)rows[i].rail,
                                                         .to_rail = (int32_t)rows[i].rail,
                                                         .outcome = PROBE_OK,
                                                         .noisy = noisy,
                                                         .value = value});
    judge_run(run, NULL);
}

#endif
