/* Nodes and rails that are slower than their like by less than what fails.
 *
 * Here a quarter of the cells does not decide, but the difference of two medians: of the cells that
 * touch a node, and of those that do not. Among few nodes the first pull the reference with them,
 * so each node is held against exactly the others, the worst is taken out, and the rest is looked
 * at again. A difference counts when it is more than 7 % and more than chance makes of so few. */
#include "inside.h"

#include "statistics.h"

enum { FEW = 16, LEAST_NODES = 4, LEAST_CELLS = 6, MOST_MILD = 4096, SOME = 1 << 16 };
static const double far_off = 5, spread_of_median = 1.25;

/* A plane of qualities with what is left out of it: rows from, columns to. */
struct scan {
    struct judge *j;
    const struct reference *ref;
    const float *plane;
    bool *out;        /* nodes that are not compared with */
    float sigma;      /* at least */
    float *scratch;   /* n * n */
    uint32_t *counts; /* 4 * n */
    bool *worth;
    float all, all_sigma;
    size_t all_cells;
    size_t of_class[CLASSES];
};

struct shift {
    float with, without, limit; /* limit: what with - without must fall below; <= -warn */
    uint32_t bad, of;
};

static bool is_off(const struct shift *s)
{
    return s->of > 0 && s->with - s->without < s->limit;
}

static float spread(const float *values, size_t n, float middle, float *scratch)
{
    for (size_t i = 0; i < n; i++)
        scratch[i] = fabsf(values[i] - middle);
    return n == 0 ? 0 : 1.4826f * select_float(scratch, n, (n - 1) / 2);
}

/* Cells between nodes that are compared with, but for those of `except` (n: none). Of many, some.
 */
static size_t others(const struct scan *scan, uint32_t except, float *into)
{
    uint32_t n = scan->j->n;
    uint32_t step = (n * n / SOME) | 1;
    size_t count = 0;

    for (uint32_t from = 0; from < n; from++)
        for (uint32_t to = from % step; to < n && !scan->out[from] && from != except; to += step) {
            float q = scan->plane[(size_t)from * n + to];
            if (to != except && !scan->out[to] && !isnan(q))
                into[count++] = q;
        }
    return count;
}

static void look_at_all(struct scan *scan)
{
    struct judge *j = scan->j;

    memset(scan->of_class, 0, sizeof scan->of_class);
    for (uint32_t from = 0; j->places != NULL && from < j->n; from++)
        for (uint32_t to = 0; to < j->n; to++)
            scan->of_class[judge_class(j, from, to)] +=
                !isnan(scan->plane[(size_t)from * j->n + to]);
    scan->all_cells = others(scan, j->n, scan->scratch);
    scan->all = (float)median_float(scan->scratch, scan->all_cells);
    scan->all_sigma = spread(scan->scratch, scan->all_cells, scan->all, scan->scratch);
}

/* The references of classes are estimates, too: what their errors add to a node's. */
static double variance_of_classes(const struct scan *scan, uint32_t k, double sigma)
{
    const struct judge *j = scan->j;
    uint32_t cells[CLASSES] = {0}, all = 0;
    double variance = 0;

    for (uint32_t other = 0; j->places != NULL && other < j->n; other++)
        if (other != k && !scan->out[other]) {
            cells[judge_class(j, k, other)]++;
            all++;
        }
    for (int c = 0; c < CLASSES && all > 0; c++)
        if (cells[c] > 0 && scan->of_class[c] > 0) {
            double share = (double)cells[c] / all;
            variance += share * share * sigma * sigma / (double)scan->of_class[c];
        }
    return variance;
}

/* direction: PROBE_BOTH_WAYS or one of them. */
static struct shift shift_of(struct scan *scan, uint32_t k, uint32_t direction)
{
    const struct judge *j = scan->j;
    float *line = j->line, warn = judge_rules[PROBE_BANDWIDTH].warn;
    struct shift s = {.with = 0};
    size_t count = 0, rest = scan->all_cells;
    double sigma = scan->all_sigma;

    s.without = scan->all;
    for (uint32_t other = 0; other < j->n; other++) {
        float out = scan->plane[(size_t)k * j->n + other];
        float in = scan->plane[(size_t)other * j->n + k];
        if (scan->out[other])
            continue;
        if (direction != PROBE_IN && !isnan(out))
            line[count++] = out;
        if (direction != PROBE_OUT && !isnan(in))
            line[count++] = in;
    }
    if (count < 3)
        return s;
    if (j->n <= FEW) {
        rest = others(scan, k, scan->scratch);
        s.without = (float)median_float(scan->scratch, rest);
        sigma = spread(scan->scratch, rest, s.without, scan->scratch);
    }
    if (rest < LEAST_CELLS)
        return s;
    s.with = (float)median_float(line, count);
    for (size_t i = 0; i < count; i++)
        s.bad += line[i] < s.without - warn;
    s.of = (uint32_t)count;
    float own = spread(line, count, s.with, line);
    sigma = own > sigma ? (double)own : sigma;
    sigma = sigma > (double)scan->sigma ? sigma : (double)scan->sigma;
    double error = sqrt(sigma * sigma * (1.0 / (double)count + 1.0 / (double)rest) +
                        variance_of_classes(scan, k, sigma));
    double limit = far_off * (1 + 4.0 / (double)rest) * spread_of_median * error;
    s.limit = -(limit > (double)warn ? (float)limit : warn);
    return s;
}

/* The way in which a node is off most clearly; of == 0: in none. */
static struct shift clearest(struct scan *scan, uint32_t k, uint32_t *ret_direction)
{
    float half = -judge_rules[PROBE_BANDWIDTH].warn / 2;
    struct shift ways[PROBE_DIRECTIONS];
    uint32_t best = PROBE_BOTH_WAYS;

    for (uint32_t d = 0; d < PROBE_DIRECTIONS; d++)
        ways[d] = shift_of(scan, k, d);
    bool out_fine = ways[PROBE_OUT].of > 0 && ways[PROBE_OUT].with - ways[PROBE_OUT].without > half;
    bool in_fine = ways[PROBE_IN].of > 0 && ways[PROBE_IN].with - ways[PROBE_IN].without > half;
    if (in_fine && !out_fine)
        best = PROBE_OUT;
    else if (out_fine && !in_fine)
        best = PROBE_IN;
    *ret_direction = best;
    if (!is_off(&ways[best]))
        ways[best].of = 0;
    return ways[best];
}

static struct mild *mild_add(struct judge *j, uint32_t node, int32_t rail, uint32_t series)
{
    if (j->mild_count == MOST_MILD)
        return NULL;
    j->milds[j->mild_count] = (struct mild){.node = node, .rail = rail, .series = series};
    return &j->milds[j->mild_count++];
}

static void mild_fill(struct mild *m, const struct shift *s, uint32_t direction)
{
    if (m == NULL)
        return;
    m->direction = direction;
    m->with = s->with;
    m->without = s->without;
    m->bad = s->bad;
    m->of = s->of;
}

/* Nodes of which nearly half the cells of a way are low: only these are worth medians. Row by row,
 * for the sake of 1000 nodes. */
static bool *candidates(struct scan *scan)
{
    uint32_t n = scan->j->n, *seen = scan->counts;
    uint32_t *low_out = seen + n, *seen_in = seen + 2 * (size_t)n, *low_in = seen + 3 * (size_t)n;
    float limit = scan->all - judge_rules[PROBE_BANDWIDTH].warn;
    bool *ret = scan->worth;

    memset(seen, 0, 4 * (size_t)n * sizeof *seen);

    for (uint32_t from = 0; from < n; from++)
        for (uint32_t to = 0; to < n; to++) {
            float q = scan->plane[(size_t)from * n + to];
            bool there = !isnan(q) && !scan->out[from] && !scan->out[to];
            seen[from] += there;
            seen_in[to] += there;
            low_out[from] += there && q < limit;
            low_in[to] += there && q < limit;
        }
    for (uint32_t k = 0; k < n; k++)
        ret[k] = low_out[k] * 5 > seen[k] * 2 || low_in[k] * 5 > seen_in[k] * 2;
    return ret;
}

/* Among many nodes one pulls nothing with it, and all are found at once. rail: PROBE_EVERY for a
 * plane of means. */
static void find_in(struct scan *scan, uint32_t series, int32_t rail)
{
    struct judge *j = scan->j;
    uint32_t left = 0, direction;

    scan->all_cells = 0;

    for (uint32_t k = 0; k < j->n; k++)
        left += !scan->out[k];
    while (left >= LEAST_NODES) {
        int32_t worst = -1;
        uint32_t worst_way = 0;
        struct shift worst_shift = {.with = 0};
        look_at_all(scan);
        if (scan->all_cells == 0)
            return;
        const bool *worth = j->n > FEW ? candidates(scan) : NULL;
        for (uint32_t k = 0; k < j->n; k++) {
            if (scan->out[k] || (worth != NULL && !worth[k]))
                continue;
            struct shift s = clearest(scan, k, &direction);
            if (s.of == 0)
                continue;
            if (j->n > FEW)
                mild_fill(mild_add(j, k, rail, series), &s, direction);
            else if (worst < 0 || s.with - s.without < worst_shift.with - worst_shift.without)
                worst = (int32_t)k, worst_shift = s, worst_way = direction;
        }
        if (worst < 0)
            return;
        mild_fill(mild_add(j, (uint32_t)worst, rail, series), &worst_shift, worst_way);
        scan->out[worst] = true;
        left--;
    }
}

/* Whoever is gone, busy, or bad on three quarters of its rails (rail PROBE_EVERY), or on this one.
 */
static void leave_out(const struct judge *j, int32_t rail, bool *out)
{
    for (uint32_t k = 0; k < j->n; k++) {
        uint32_t bad = 0;
        for (uint32_t r = 0; r < j->rails; r++)
            bad += judge_is_bad(j, k, r);
        out[k] = j->gone[k] || j->noisy[k] ||
                 (rail < 0 ? bad * 4 >= j->run->nodes[k].rail_count * 3
                           : judge_is_bad(j, k, (uint32_t)rail));
    }
}

/* Means over the rails that no atom says to be bad. */
static void mean_plane(struct judge *j, uint32_t series, float *plane, uint8_t *count)
{
    size_t cells = (size_t)j->n * j->n;
    float clip = 4 * j->refs[series].guard;

    memset(plane, 0, cells * sizeof *plane);
    memset(count, 0, cells);
    for (uint32_t rail = 0; rail < j->rails; rail++) {
        judge_qualities(j, series, rail);
        for (uint32_t from = 0; from < j->n; from++)
            for (uint32_t to = 0; to < j->n; to++) {
                size_t i = (size_t)from * j->n + to;
                float q = j->quality[i];
                if (isnan(q) || judge_is_bad(j, from, rail) || judge_is_bad(j, to, rail))
                    continue;
                plane[i] += q < -clip ? -clip : q;
                count[i]++;
            }
    }
    for (size_t i = 0; i < cells; i++)
        plane[i] = count[i] == 0 ? NAN : plane[i] / (float)count[i];
}

/* A rail that is slower than the others on all nodes. middles: of each rail. */
static void find_common(struct judge *j, uint32_t series, const float *middles, const float *errors)
{
    float others_middle[PROBE_MAX_RAILS];

    for (uint32_t rail = 0; rail < j->rails && j->rails >= 4; rail++) {
        uint32_t count = 0;
        for (uint32_t r = 0; r < j->rails; r++)
            if (r != rail && !isnan(middles[r]))
                others_middle[count++] = middles[r];
        if (count < 3 || isnan(middles[rail]))
            continue;
        float middle = (float)median_float(others_middle, count);
        float warn = judge_rules[PROBE_BANDWIDTH].warn;
        float chance = (float)far_off * errors[rail];
        if (middles[rail] - middle >= -(warn > chance ? warn : chance))
            continue;
        struct mild *m = mild_add(j, 0, (int32_t)rail, series);
        if (m == NULL)
            return;
        m->common = true;
        m->with = middles[rail];
        m->without = middle;
        while (m->node + 1 < j->n && (j->gone[m->node] || j->noisy[m->node]))
            m->node++;
    }
}

/* A node is off when three quarters of its rails are, as far as can be seen; otherwise its rails
 * are. low: rails of nodes that are off by their means. */
static void settle(struct judge *j, uint32_t first, const uint32_t *low)
{
    uint32_t kept = first;
    bool *whole = arena_array(j->arena, bool, j->n);

    for (uint32_t i = first; i < j->mild_count; i++)
        if (j->milds[i].rail == PROBE_EVERY)
            whole[j->milds[i].node] =
                j->rails == 1 ||
                low[j->milds[i].node] * 4 >= j->run->nodes[j->milds[i].node].rail_count * 3;
    for (uint32_t i = first; i < j->mild_count; i++) {
        const struct mild *m = &j->milds[i];
        if (m->common || whole[m->node] == (m->rail == PROBE_EVERY))
            j->milds[kept++] = *m;
    }
    j->mild_count = kept;
}

/* Rails of nodes that are off by their means: by half of what counts is enough to say so. */
static void count_low(struct scan *scan, uint32_t first, uint32_t end, uint32_t *low)
{
    struct judge *j = scan->j;

    if (end > first)
        look_at_all(scan);
    for (uint32_t i = first; i < end; i++) {
        struct shift s = shift_of(scan, j->milds[i].node, j->milds[i].direction);
        low[j->milds[i].node] +=
            s.of > 0 && s.with - s.without < -judge_rules[PROBE_BANDWIDTH].warn / 2;
    }
}

static void of_series(struct judge *j, uint32_t series, float *plane, float *scratch)
{
    struct scan scan = {.j = j, .ref = &j->refs[series], .plane = plane, .scratch = scratch};
    uint32_t first = j->mild_count, end, *low = arena_array(j->arena, uint32_t, j->n);
    float middles[PROBE_MAX_RAILS], errors[PROBE_MAX_RAILS];

    scan.out = arena_array(j->arena, bool, j->n);
    scan.worth = arena_array(j->arena, bool, j->n);
    scan.counts = arena_array(j->arena, uint32_t, 4 * (size_t)j->n);
    leave_out(j, PROBE_EVERY, scan.out);
    mean_plane(j, series, plane, (uint8_t *)scratch);
    scan.sigma = j->refs[series].sigma / sqrtf((float)j->rails);
    find_in(&scan, series, PROBE_EVERY);
    end = j->mild_count;
    scan.sigma = j->refs[series].sigma;
    scan.plane = j->quality;
    for (uint32_t rail = 0; j->rails > 1 && rail < j->rails; rail++) {
        leave_out(j, (int32_t)rail, scan.out);
        judge_qualities(j, series, rail);
        count_low(&scan, first, end, low);
        find_in(&scan, series, (int32_t)rail);
        middles[rail] = scan.all_cells < LEAST_CELLS ? NAN : scan.all;
        errors[rail] = (float)spread_of_median * scan.all_sigma / sqrtf((float)scan.all_cells);
    }
    find_common(j, series, middles, errors);
    settle(j, first, low);
}

/* Small messages are bound by what a processor does; the line shows in the largest. */
static bool is_largest(const struct judge *j, uint32_t s)
{
    const struct probe_series *one = &j->run->series[s];

    for (uint32_t i = 0; i < j->run->series_count; i++)
        if (j->run->series[i].metric == one->metric && j->run->series[i].load == one->load &&
            j->run->series[i].size_bytes > one->size_bytes)
            return false;
    return true;
}

void judge_mild(struct judge *j)
{
    size_t cells = (size_t)j->n * j->n;

    j->milds = arena_array(j->arena, struct mild, MOST_MILD);
    if (j->shared || j->n < LEAST_NODES)
        return;
    float *plane = arena_array(j->arena, float, cells),
          *scratch = arena_array(j->arena, float, cells);
    for (uint32_t s = 0; s < j->run->series_count; s++)
        if (j->refs[s].judged && judge_rules[j->run->series[s].metric].warn > 0 && is_largest(j, s))
            of_series(j, s, plane, scratch);
}

/* One way of one atom; 0 where half of its cells are near their like, or where it may be chance. */
static float lean_of(const struct judge *j, const struct reference *ref, uint32_t k, uint32_t rail,
                     bool out)
{
    size_t count = 0, low = 0;

    for (uint32_t other = 0; other < j->n; other++) {
        float q = out ? j->quality[(size_t)k * j->n + other] : j->quality[(size_t)other * j->n + k];
        if (isnan(q) || judge_is_bad(j, other, rail))
            continue;
        low += q < -ref->guard / 4;
        j->line[count++] = q;
    }
    if (count < 3 || low * 2 < count)
        return 0;
    float lean = (float)median_float(j->line, count);
    float chance = 2.5f * (float)spread_of_median * ref->sigma / sqrtf((float)count);
    return lean > -chance ? 0 : lean < -ref->guard ? -ref->guard : lean;
}

void judge_leans(const struct judge *j, const struct reference *ref, uint32_t rail, float *into)
{
    uint32_t n = j->n, low[2 * PROBE_MAX_NODES];
    uint64_t partners = (uint64_t)j->tried / ((uint64_t)n * j->rails + 1);

    float limit = -ref->guard / 4;

    memset(low, 0, 2 * (size_t)n * sizeof *low);
    memset(into, 0, 2 * (size_t)n * sizeof *into);
    for (uint32_t from = 0; from < n; from++) { /* by rows, for the sake of 1000 nodes */
        const float *row = j->quality + (size_t)from * n;
        uint32_t count = 0, *column = low + n;
        for (uint32_t to = 0; to < n; to++) {
            bool is_low = row[to] < limit; /* of NaN: no */
            count += is_low;
            column[to] += is_low;
        }
        low[from] = count;
    }
    for (uint32_t k = 0; k < n; k++) {
        if (judge_is_bad(j, k, rail))
            continue;
        if (low[k] * 3 > partners)
            into[k] = lean_of(j, ref, k, rail, true);
        if (low[n + k] * 3 > partners)
            into[n + k] = lean_of(j, ref, k, rail, false);
    }
}
