#include "inside.h"

#include "statistics.h"

enum { SAMPLE = 200000, FEW = 8 };

const struct rule judge_rules[PROBE_METRICS] = {
    /* 1.5 times; 10 */
    [PROBE_LATENCY_P50] = {.guard = 0.405f, .shared = 2.303f},
    /* 5 times; 30 */
    [PROBE_LATENCY_P99] = {.guard = 1.609f, .shared = 3.401f, .loss = true},
    /* 0.85 times, a warning from 0.93; 0.2, as all that follow */
    [PROBE_BANDWIDTH] = {.guard = 0.163f, .warn = 0.0726f, .shared = 1.609f, .directed = true},
    /* 0.8 times */
    [PROBE_BANDWIDTH_BOTH] = {.guard = 0.223f, .shared = 1.609f, .directed = true, .second = true},
    /* 0.7 times */
    [PROBE_RATE] = {.guard = 0.357f, .shared = 1.609f, .directed = true, .second = true},
    [PROBE_RMA_WRITE] = {.guard = 0.163f, .warn = 0.0726f, .shared = 1.609f, .directed = true},
    [PROBE_RMA_READ] = {.guard = 0.163f, .warn = 0.0726f, .shared = 1.609f, .directed = true},
    /* 0.4 times, 0.1: a link that stalls now and then */
    [PROBE_BANDWIDTH_WORST] = {.guard = 0.916f, .shared = 2.303f, .loss = true},
};

double judge_quality(const struct probe_series *series, double value, double reference)
{
    return probe_metrics[series->metric].less_is_better ? reference / value : value / reference;
}

static inline bool usable(const struct judge *j, uint8_t flag, uint32_t from, uint32_t to)
{
    return (flag & (CELL_MEASURED | CELL_NOISY)) == CELL_MEASURED && !j->noisy[from] &&
           !j->noisy[to];
}

/* A logarithm that a compiler can make eight of at a time; off by 0.0001 at most. x > 0. */
static inline float fast_log(float x)
{
    union {
        float f;
        uint32_t i;
    } u = {x};
    int32_t exponent = (int32_t)(u.i >> 23) - 127;

    u.i = (u.i & 0x7fffff) | 0x3f800000; /* 1 <= f < 2 */
    float t = (u.f - 1) / (u.f + 1), t2 = t * t;
    return (float)exponent * 0.69314718f +
           2 * t * (1 + t2 * (0.33333333f + t2 * (0.2f + t2 * 0.14285714f)));
}

/* Logarithms of one class's cells (all classes: -1), as many as there is room for, evenly. less: by
 * class, what is taken off; NaN: these cells are left out; NULL: nothing. */
static size_t sample(struct judge *j, uint32_t series, int class, const float *less, float *into)
{
    float sign = probe_metrics[j->run->series[series].metric].less_is_better ? -1 : 1;
    size_t plane_cells = (size_t)j->n * j->n, step = plane_cells * j->rails / SAMPLE + 1;
    size_t count = 0, at = 0;

    if (step > 1 && step % 2 == 0)
        step++; /* not always the same columns */
    for (uint32_t rail = 0; rail < j->rails; rail++) {
        const float *plane = probe_plane(j->run, series, rail);
        const uint8_t *flags = judge_flags(j, rail);
        for (; at < plane_cells; at += step) {
            uint32_t from = (uint32_t)(at / j->n), to = (uint32_t)(at % j->n);
            if (!usable(j, flags[at], from, to) || !(plane[at] > 0) || count == SAMPLE ||
                (class >= 0 && (int)judge_class(j, from, to) != class))
                continue;
            float q = sign * fast_log(plane[at]);
            if (less != NULL)
                q -= less[judge_class(j, from, to)];
            if (!isnan(q))
                into[count++] = q;
        }
        at -= plane_cells;
        probe_plane_done(j->run, series, rail);
    }
    return count;
}

/* Begins at the better end and walks to the middle of all that is not bad. */
static float healthy(const float *values, size_t n, float guard, float *scratch, float *ret_sigma)
{
    memcpy(scratch, values, n * sizeof *values);
    float ref = select_float(scratch, n, (n * 9 + 9) / 10 - 1), sigma = guard / 3;

    for (int step = 0; step < 12; step++) {
        float limit = guard > 3 * sigma ? guard : 3 * sigma;
        size_t kept = 0, better = 0;
        for (size_t i = 0; i < n; i++)
            if (values[i] > ref - limit)
                scratch[kept++] = values[i];
        if (kept == 0)
            break;
        ref = select_float(scratch, kept, (kept - 1) / 2);
        for (size_t i = 0; i < n; i++)
            if (values[i] > ref)
                scratch[better++] = values[i] - ref;
        sigma = better == 0 ? 0 : 1.4826f * select_float(scratch, better, (better - 1) / 2);
        sigma = sigma < 0.01f ? 0.01f : sigma;
    }
    *ret_sigma = sigma;
    return ref;
}

static float floor_of(const struct judge *j, const struct probe_series *series)
{
    const struct profile *p = j->profile;

    if (p == NULL)
        return 0;
    if (series->metric == PROBE_LATENCY_P50 && series->size_bytes <= 8)
        return (float)p->latency_us_most.value;
    bool large = series->size_bytes >= 1 << 20;
    if (!large || (series->metric != PROBE_BANDWIDTH && series->metric != PROBE_RMA_WRITE))
        return 0;
    if (series->load == PROBE_LOAD_RAIL || p->rails.value <= 1)
        return (float)p->bandwidth_gbps_least.value;
    return (float)(p->node_bandwidth_gbps_least.value / p->rails.value);
}

/* Each class has its own; one with few cells is held against the next that is farther apart, which
 * accuses nobody, or against nothing. */
static void by_class(struct judge *j, uint32_t series, float guard, float *values, float *scratch)
{
    struct reference *ref = &j->refs[series];
    float sign = probe_metrics[j->run->series[series].metric].less_is_better ? -1 : 1;
    float logs[CLASSES], sigma;
    size_t most = 0;

    for (int c = 0; c < CLASSES; c++) {
        size_t n = sample(j, series, c, NULL, values);
        logs[c] = n < FEW ? NAN : healthy(values, n, guard, scratch, &sigma);
        if (n > most && n >= FEW) {
            most = n;
            ref->headline = expf(sign * logs[c]);
        }
        if (isnan(logs[c]) && c > 0)
            logs[c] = logs[c - 1];
        ref->value[c] = isnan(logs[c]) ? NAN : expf(sign * logs[c]);
    }
    size_t n = sample(j, series, -1, logs, values);
    if (n > 0)
        healthy(values, n, guard, scratch, &ref->sigma);
}

void judge_references(struct judge *j)
{
    float *values = arena_array(j->arena, float, SAMPLE);
    float *scratch = arena_array(j->arena, float, SAMPLE);

    for (uint32_t s = 0; s < j->run->series_count; s++) {
        struct reference *ref = &j->refs[s];
        const struct probe_series *series = &j->run->series[s];
        float sign = probe_metrics[series->metric].less_is_better ? -1 : 1;
        ref->guard =
            j->shared ? judge_rules[series->metric].shared : judge_rules[series->metric].guard;
        ref->floor = floor_of(j, series);
        size_t n = sample(j, s, -1, NULL, values);
        for (int c = 0; c < CLASSES; c++)
            ref->value[c] = NAN;
        if (n == 0)
            continue;
        float guard = ref->guard > 0 ? ref->guard : 1;
        float all = healthy(values, n, guard, scratch, &ref->sigma);
        ref->value[0] = expf(sign * all);
        ref->headline = ref->value[0];
        for (int c = 1; c < CLASSES; c++)
            ref->value[c] = ref->value[0];
        if (j->places != NULL)
            by_class(j, s, guard, values, scratch);
        ref->judged = ref->guard > 0;
        ref->below_floor = ref->floor > 0 && judge_quality(series, ref->headline, ref->floor) < 1;
        if (ref->judged && judge_rules[series->metric].directed &&
            !judge_rules[series->metric].second)
            j->one_way = true;
    }
}

void judge_qualities(struct judge *j, uint32_t series, uint32_t rail)
{
    const struct reference *ref = &j->refs[series];
    float sign = probe_metrics[j->run->series[series].metric].less_is_better ? -1 : 1;
    const float *plane = probe_plane(j->run, series, rail);
    const uint8_t *flags = judge_flags(j, rail);
    float logs[CLASSES];

    for (int c = 0; c < CLASSES; c++)
        logs[c] = logf(ref->value[c]); /* NaN stays NaN, which the fast one does not know */
    for (uint32_t from = 0; from < j->n; from++) {
        const float *row = plane + (size_t)from * j->n;
        const uint8_t *flag = flags + (size_t)from * j->n;
        float *into = j->quality + (size_t)from * j->n;
        for (uint32_t to = 0; to < j->n; to++) {
            float q = sign * (fast_log(row[to]) - logs[j->places ? judge_class(j, from, to) : 0]);
            into[to] = usable(j, flag[to], from, to) && row[to] > 0 ? q : NAN;
        }
    }
    probe_plane_done(j->run, series, rail);
}

float judge_quality_at(const struct judge *j, uint32_t series, uint32_t rail, size_t cell)
{
    float sign = probe_metrics[j->run->series[series].metric].less_is_better ? -1 : 1;
    float value = probe_plane(j->run, series, rail)[cell];
    uint32_t from = (uint32_t)(cell / j->n), to = (uint32_t)(cell % j->n);

    if (!usable(j, judge_flags(j, rail)[cell], from, to) || !(value > 0))
        return NAN;
    return sign * (fast_log(value) - logf(j->refs[series].value[judge_class(j, from, to)]));
}

float judge_limit(const struct reference *ref, double z, uint32_t n)
{
    float limit = (float)(z * ref->sigma / sqrt(n));

    return limit > ref->guard ? limit : ref->guard;
}
