#include "plan.h"

#include "fabric/ticks.h"

enum {
    LATENCY_SIZES = 3,
    BANDWIDTH_SIZES = 2,
    IN_FLIGHT = 4 << 20,
    LEAST_WINDOW = 2,
    MOST_WINDOW = 64
};

static const uint64_t latency_sizes[LATENCY_SIZES] = {8, 1024, 65536};
static const uint64_t bandwidth_sizes[BANDWIDTH_SIZES] = {65536, 1 << 20};
static const uint32_t latency_metrics[PLAN_FIGURES] = {
    PROBE_LATENCY_P50, PROBE_LATENCY_P99,  PROBE_LATENCY_MIN, PROBE_LATENCY_P90,
    PROBE_LATENCY_MAX, PROBE_LATENCY_P999, PROBE_LATENCY_LOW, PROBE_LATENCY_HIGH,
};

static int16_t series_of(struct plan *plan, uint32_t metric, uint64_t size)
{
    for (uint32_t i = 0; i < plan->series_count; i++)
        if (plan->series[i].metric == metric && plan->series[i].size_bytes == size)
            return (int16_t)i;
    if (plan->series_count == PROBE_MAX_SERIES)
        return -1;
    plan->series[plan->series_count] =
        (struct probe_series){.metric = metric, .size_bytes = size, .load = PROBE_LOAD_RAIL};
    return (int16_t)plan->series_count++;
}

static struct plan_phase *phase(struct plan *plan, const char *name, bool once)
{
    struct plan_phase *p = &plan->phases[plan->phase_count++];

    *p = (struct plan_phase){.name = name, .first = plan->piece_count, .once = once, .aside = -1};
    return p;
}

/* 4 MiB under way: on TCP a window of 4 messages of 1 MiB is faster than one of 64. Two messages at
 * least, so that the next is there when one has left. */
uint32_t plan_window(uint64_t size)
{
    uint64_t window = size == 0 ? MOST_WINDOW : IN_FLIGHT / size;

    return window < LEAST_WINDOW  ? LEAST_WINDOW
           : window > MOST_WINDOW ? MOST_WINDOW
                                  : (uint32_t)window;
}

static struct plan_piece *piece(struct plan *plan, struct plan_phase *p, enum pair_test test,
                                uint64_t size, int64_t box_ns, int64_t slack_ns)
{
    struct plan_piece *one = &plan->pieces[plan->piece_count++];

    *one = (struct plan_piece){.piece = {.test = test,
                                         .size = size,
                                         .window = plan_window(size),
                                         .box_ns = box_ns,
                                         .slack_ns = slack_ns}};
    for (int i = 0; i < PLAN_FIGURES; i++)
        one->series[i] = -1;
    if (size * one->piece.window > plan->buffer_bytes)
        plan->buffer_bytes = size * one->piece.window;
    p->count++;
    p->slot_ns += box_ns * 5 / 4 + 50 * TICKS_MS;
    return one;
}

static void latency(struct plan *plan, struct plan_phase *p, uint64_t size, int figures)
{
    struct plan_piece *one = piece(plan, p, PAIR_LATENCY, size, plan->box_ns / 4, 5000 * TICKS_MS);

    for (int i = 0; i < figures; i++)
        one->series[i] = series_of(plan, latency_metrics[i], size);
}

static void stream(struct plan *plan, struct plan_phase *p, enum pair_test test, uint32_t metric,
                   uint32_t worst, uint64_t size)
{
    struct plan_piece *one = piece(plan, p, test, size, plan->box_ns, 5000 * TICKS_MS);

    one->series[0] = series_of(plan, metric, size);
    if (worst < PROBE_METRICS)
        one->series[1] = series_of(plan, worst, size);
}

static void bandwidth(struct plan *plan, struct plan_phase *p, uint64_t size)
{
    stream(plan, p, PAIR_FORTH, PROBE_BANDWIDTH, PROBE_BANDWIDTH_WORST, size);
    stream(plan, p, PAIR_BACK, PROBE_BANDWIDTH, PROBE_BANDWIDTH_WORST, size);
    stream(plan, p, PAIR_BOTH, PROBE_BANDWIDTH_BOTH, PROBE_METRICS, size);
}

static void remote(struct plan *plan, struct plan_phase *p, uint64_t size)
{
    stream(plan, p, PAIR_WRITE, PROBE_RMA_WRITE, PROBE_METRICS, size);
    stream(plan, p, PAIR_WRITE_BACK, PROBE_RMA_WRITE, PROBE_METRICS, size);
    stream(plan, p, PAIR_READ, PROBE_RMA_READ, PROBE_METRICS, size);
    stream(plan, p, PAIR_READ_BACK, PROBE_RMA_READ, PROBE_METRICS, size);
}

/* Connections first: on a sample two may meet who never met. */
static void aside(struct plan *plan, enum probe_aside_kind kind, int64_t box_ns)
{
    struct plan_phase *p = phase(plan, probe_asides[kind], true);

    p->aside = (int)kind;
    piece(plan, p, PAIR_CONNECT, 8, 0, 3000 * TICKS_MS);
    if (kind == PROBE_ASIDE_BISECTION) {
        piece(plan, p, PAIR_BOTH, PLAN_ASIDE_BYTES, box_ns, 5000 * TICKS_MS);
        return;
    }
    piece(plan, p, PAIR_FORTH, PLAN_ASIDE_BYTES, box_ns, 5000 * TICKS_MS);
    piece(plan, p, PAIR_BACK, PLAN_ASIDE_BYTES, box_ns, 5000 * TICKS_MS);
}

static void fill(struct plan *plan, const struct probe_options *options)
{
    bool own = options->size_count > 0;
    uint32_t latencies = own ? options->size_count : LATENCY_SIZES;
    uint32_t bandwidths = own ? options->size_count : BANDWIDTH_SIZES;
    struct plan_phase *p = phase(plan, "connect", true);

    piece(plan, p, PAIR_CONNECT, 8, 0, 3000 * TICKS_MS)->series[0] =
        series_of(plan, PROBE_CONNECT, 8);
    piece(plan, p, PAIR_PROVE, 1 << 20, 0, 3000 * TICKS_MS);
    if ((options->tests & TEST_LATENCY) != 0) {
        p = phase(plan, "latency", false);
        for (uint32_t i = 0; i < latencies; i++)
            latency(plan, p, own ? options->sizes[i] : latency_sizes[i],
                    latencies > LATENCY_SIZES ? 3 : PLAN_FIGURES);
    }
    if ((options->tests & TEST_BANDWIDTH) != 0) {
        p = phase(plan, "bandwidth", false);
        for (uint32_t i = 0; i < bandwidths; i++)
            bandwidth(plan, p, own ? options->sizes[i] : bandwidth_sizes[i]);
    }
    if ((options->tests & TEST_RATE) != 0) {
        p = phase(plan, "rate", false);
        stream(plan, p, PAIR_FORTH, PROBE_RATE, PROBE_METRICS, 8);
        stream(plan, p, PAIR_BACK, PROBE_RATE, PROBE_METRICS, 8);
    }
    if ((options->tests & TEST_RMA) != 0) {
        p = phase(plan, "rma", false);
        remote(plan, p, own ? options->sizes[options->size_count - 1] : 1 << 20);
    }
    if ((options->tests & TEST_RAILS) != 0)
        aside(plan, PROBE_ASIDE_RAILS, plan->box_ns / 2);
    if ((options->tests & TEST_CROSS) != 0)
        aside(plan, PROBE_ASIDE_CROSS, plan->box_ns / 2);
    if ((options->tests & TEST_BISECTION) != 0)
        aside(plan, PROBE_ASIDE_BISECTION, plan->box_ns);
}

/* A round that is longer than the run is never held. */
static bool fits(const struct plan *plan, const struct probe_options *options,
                 struct probe_error *reterr)
{
    for (uint32_t i = 0; i < plan->phase_count && options->timeout_ms > 0; i++)
        if (plan->phases[i].aside < 0 && plan->phases[i].slot_ns > options->timeout_ms * TICKS_MS)
            return probe_error(reterr, EXIT_BAD_USAGE,
                               "--timeout is %.1f s, and one round of %s takes up to %.1f s with "
                               "--box-ms %lld: nothing would be measured; a longer --timeout, or "
                               "a shorter --box-ms",
                               (double)options->timeout_ms / 1e3, plan->phases[i].name,
                               (double)plan->phases[i].slot_ns / 1e9, (long long)options->box_ms);
    return true;
}

bool plan_make(const struct probe_options *options, struct plan *ret, struct probe_error *reterr)
{
    *ret = (struct plan){.buffer_bytes = 2 << 20, .box_ns = options->box_ms * TICKS_MS};
    ret->repeat = (uint32_t)options->repeat;
    if (options->size_count > 8)
        return probe_error(reterr, EXIT_BAD_USAGE, "--sizes: at most 8 sizes in one run");
    for (uint32_t i = 0; i < options->size_count; i++)
        if (options->sizes[i] == 0 || options->sizes[i] > OPTIONS_MOST_SIZE)
            return probe_error(reterr, EXIT_BAD_USAGE, "--sizes: from 1 byte to 16 MiB");
    fill(ret, options);
    return fits(ret, options, reterr);
}

int64_t plan_longest_slot(const struct plan *plan)
{
    int64_t longest = 0;

    for (uint32_t p = 0; p < plan->phase_count; p++)
        if (plan->phases[p].slot_ns > longest)
            longest = plan->phases[p].slot_ns;
    return longest;
}

static double us(int64_t ns)
{
    return (double)ns / 1000;
}

static double gbps(double bytes_per_second)
{
    return bytes_per_second > 0 ? bytes_per_second * 8 / 1e9 : NAN;
}

void plan_figures(const struct plan *plan, const struct plan_piece *piece,
                  const struct pair_got *got, double ret_figures[PLAN_FIGURES])
{
    const int64_t latencies[PLAN_FIGURES] = {got->p50, got->p99,  got->min, got->p90,
                                             got->max, got->p999, got->low, got->high};
    bool rate = piece->series[0] >= 0 && plan->series[piece->series[0]].metric == PROBE_RATE;

    for (int i = 0; i < PLAN_FIGURES; i++)
        ret_figures[i] = NAN;
    if (!got->done || !got->measured)
        return;
    if (piece->piece.test == PAIR_LATENCY || piece->piece.test == PAIR_CONNECT) {
        for (int i = 0; i < PLAN_FIGURES; i++)
            ret_figures[i] = us(latencies[i]);
    } else {
        ret_figures[0] = rate ? got->messages : gbps(got->rate);
        ret_figures[1] = gbps(got->worst_rate);
    }
}

const struct plan_piece *plan_piece_of(const struct plan *plan, uint32_t series,
                                       uint32_t *ret_figure)
{
    for (uint32_t i = 0; i < plan->piece_count; i++)
        for (uint32_t k = 0; k < PLAN_FIGURES; k++)
            if (plan->pieces[i].series[k] == (int16_t)series) {
                *ret_figure = k;
                return &plan->pieces[i];
            }
    return NULL;
}
