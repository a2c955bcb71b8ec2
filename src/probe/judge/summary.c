#include "inside.h"

#include "statistics.h"

#include <stdlib.h>

enum { SAMPLE = 200000, HEATS = 4, PARTNERS = 256 };

/* Shown rail by rail and as a map: what a person asks first. */
static bool is_key(const struct judge *j, uint32_t s)
{
    const struct probe_series *one = &j->run->series[s];

    if (one->metric != PROBE_LATENCY_P50 && one->metric != PROBE_LATENCY_P99 &&
        one->metric != PROBE_BANDWIDTH && one->metric != PROBE_RMA_WRITE &&
        one->metric != PROBE_RATE)
        return false;
    for (uint32_t i = 0; i < j->run->series_count; i++) {
        const struct probe_series *other = &j->run->series[i];
        if (i == s || other->metric != one->metric || other->load != one->load)
            continue;
        bool less = probe_metrics[one->metric].less_is_better || one->metric == PROBE_RATE;
        if (less ? other->size_bytes < one->size_bytes : other->size_bytes > one->size_bytes)
            return false; /* latency of the smallest, bandwidth of the largest message */
    }
    return true;
}

static size_t sorted_sample(struct judge *j, uint32_t series, double *into,
                            struct probe_summary *summary)
{
    uint64_t all = (uint64_t)j->n * j->n * j->rails, step = all / SAMPLE + 1, next = 0, at = 0;
    size_t count = 0;

    for (uint32_t rail = 0; rail < j->rails; rail++) {
        const float *plane = probe_plane(j->run, series, rail);
        const uint8_t *flags = judge_flags(j, rail);
        for (size_t i = 0; i < (size_t)j->n * j->n; i++) {
            if (isnan(plane[i]) || (flags[i] & CELL_MEASURED) == 0)
                continue;
            summary->cells++;
            summary->noisy += (flags[i] & CELL_NOISY) != 0;
            if (isnan(summary->least) || plane[i] < summary->least)
                summary->least = plane[i];
            if (isnan(summary->most) || plane[i] > summary->most)
                summary->most = plane[i];
            if (at++ >= next && count < SAMPLE) {
                next += step;
                into[count++] = plane[i];
            }
        }
        probe_plane_done(j->run, series, rail);
    }
    sort_doubles(into, count);
    return count;
}

/* Medians of what a rail, and then a node, has in both directions with all its partners; with
 * every second or third where they are more than 256, which a picture does not show. */
static void medians(struct judge *j, struct probe_summary *summary)
{
    uint32_t step = (j->n + PARTNERS - 1) / PARTNERS;
    double *of_node = arena_array(j->arena, double, j->rails);

    summary->node_count = j->n;
    summary->nodes = arena_array(j->run->arena, double, j->n);
    summary->rail_count = j->n * j->rails;
    summary->rails = arena_array(j->run->arena, double, summary->rail_count);
    for (uint32_t rail = 0; rail < j->rails; rail++) {
        const float *plane = probe_plane(j->run, summary->series, rail);
        const uint8_t *flags = judge_flags(j, rail);
        for (uint32_t k = 0; k < j->n; k++) {
            uint32_t count = 0;
            for (uint32_t other = k % step; other < j->n; other += step) {
                size_t out = (size_t)k * j->n + other, in = (size_t)other * j->n + k;
                if ((flags[out] & CELL_MEASURED) && !isnan(plane[out]))
                    j->line[count++] = plane[out];
                if ((flags[in] & CELL_MEASURED) && !isnan(plane[in]))
                    j->line[count++] = plane[in];
            }
            summary->rails[(size_t)k * j->rails + rail] = median_float(j->line, count);
        }
        probe_plane_done(j->run, summary->series, rail);
    }
    for (uint32_t k = 0; k < j->n; k++) {
        uint32_t count = 0;
        for (uint32_t rail = 0; rail < j->rails; rail++)
            if (!isnan(summary->rails[(size_t)k * j->rails + rail]))
                of_node[count++] = summary->rails[(size_t)k * j->rails + rail];
        summary->nodes[k] = median_double(of_node, count);
    }
}

static void target(const struct judge *j, struct probe_summary *summary)
{
    const struct probe_series *series = &j->run->series[summary->series];

    if (series->load == PROBE_LOAD_RAIL && series->metric == PROBE_LATENCY_P50)
        summary->target = j->run->target.latency_us;
    if (series->load == PROBE_LOAD_RAIL && series->metric == PROBE_BANDWIDTH)
        summary->target = j->run->target.bandwidth_gbps;
    summary->target_met =
        summary->target > 0 && judge_quality(series, summary->p50, summary->target) >= 1;
}

static void heat_outcomes(struct judge *j, struct probe_heat *heat)
{
    for (uint32_t rail = 0; rail < j->rails; rail++) {
        const float *said = probe_plane(j->run, PROBE_OUTCOME_SERIES(j->run), rail);
        for (uint32_t from = 0; from < j->n; from++)
            for (uint32_t to = 0; to < j->n; to++) {
                uint32_t bin = from / heat->per_bin * heat->side + to / heat->per_bin;
                struct probe_said cell = probe_said_of(said[(size_t)from * j->n + to]);
                uint8_t mark = heat->outcomes[bin] & 63, noise = heat->outcomes[bin] & 64;
                mark = cell.outcome > mark ? (uint8_t)cell.outcome : mark;
                heat->outcomes[bin] = mark | noise | (cell.noisy ? 64 : 0);
            }
        probe_plane_done(j->run, PROBE_OUTCOME_SERIES(j->run), rail);
    }
}

/* The outcomes are the same in all maps: those of the first are taken. */
static void heat(struct judge *j, struct probe_heat *heat, const struct probe_heat *first)
{
    bool less = probe_metrics[j->run->series[heat->series].metric].less_is_better;

    heat->per_bin = (j->n + PROBE_HEAT_SIDE - 1) / PROBE_HEAT_SIDE;
    heat->side = (j->n + heat->per_bin - 1) / heat->per_bin;
    heat->value_count = heat->outcome_count = heat->side * heat->side;
    heat->values = arena_array(j->run->arena, double, heat->value_count);
    for (uint32_t i = 0; i < heat->value_count; i++)
        heat->values[i] = NAN;
    for (uint32_t rail = 0; rail < j->rails; rail++) {
        const float *plane = probe_plane(j->run, heat->series, rail);
        for (uint32_t from = 0; from < j->n; from++)
            for (uint32_t to = 0; to < j->n; to++) {
                float value = plane[(size_t)from * j->n + to];
                double *worst =
                    &heat->values[from / heat->per_bin * heat->side + to / heat->per_bin];
                if (from != to && !isnan(value) &&
                    (isnan(*worst) || (less ? value > *worst : value < *worst)))
                    *worst = value;
            }
        probe_plane_done(j->run, heat->series, rail);
    }
    if (heat != first) {
        heat->outcomes = first->outcomes;
        return;
    }
    heat->outcomes = arena_array(j->run->arena, uint8_t, heat->outcome_count);
    heat_outcomes(j, heat);
}

void judge_summaries(struct judge *j)
{
    struct probe_judged *judged = j->judged;
    double *values = arena_array(j->arena, double, SAMPLE);
    double *scratch = arena_array(j->arena, double, SAMPLE);

    judged->summaries = arena_array(j->run->arena, struct probe_summary, j->run->series_count);
    judged->heats = arena_array(j->run->arena, struct probe_heat, HEATS);
    for (uint32_t s = 0; s < j->run->series_count; s++) {
        struct probe_summary *summary = &judged->summaries[judged->summary_count++];
        *summary = (struct probe_summary){.series = s, .least = NAN, .most = NAN};
        size_t n = sorted_sample(j, s, values, summary);
        summary->p1 = quantile_sorted(values, n, 0.01);
        summary->p50 = quantile_sorted(values, n, 0.5);
        summary->p99 = quantile_sorted(values, n, 0.99);
        summary->mad = n == 0 ? NAN : mad_double(values, n, summary->p50, scratch);
        summary->reference = j->refs[s].headline;
        summary->floor = j->refs[s].floor;
        if (!is_key(j, s))
            continue;
        target(j, summary);
        medians(j, summary);
        if (judged->heat_count < HEATS && n > 0) {
            judged->heats[judged->heat_count].series = s;
            heat(j, &judged->heats[judged->heat_count], judged->heats);
            judged->heat_count++;
        }
    }
}
