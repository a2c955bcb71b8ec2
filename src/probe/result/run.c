#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ARENA_LIMIT = 128 << 20 };

const struct probe_metric_row probe_metrics[PROBE_METRICS] = {
    [PROBE_LATENCY_MIN] = {"latency_min", "us", true},
    [PROBE_LATENCY_P50] = {"latency_p50", "us", true},
    [PROBE_LATENCY_P90] = {"latency_p90", "us", true},
    [PROBE_LATENCY_P99] = {"latency_p99", "us", true},
    [PROBE_LATENCY_P999] = {"latency_p99.9", "us", true},
    [PROBE_LATENCY_MAX] = {"latency_max", "us", true},
    [PROBE_LATENCY_LOW] = {"latency_p50_low", "us", true},
    [PROBE_LATENCY_HIGH] = {"latency_p50_high", "us", true},
    [PROBE_BANDWIDTH] = {"bandwidth", "Gb/s", false},
    [PROBE_BANDWIDTH_WORST] = {"bandwidth_worst", "Gb/s", false},
    [PROBE_BANDWIDTH_BOTH] = {"bandwidth_both", "Gb/s", false},
    [PROBE_RATE] = {"rate", "msg/s", false},
    [PROBE_RMA_WRITE] = {"rma_write", "Gb/s", false},
    [PROBE_RMA_READ] = {"rma_read", "Gb/s", false},
    [PROBE_CONNECT] = {"connect", "us", true},
};
const char *const probe_loads[] = {"rail", "rails"};
const char *const probe_outcomes[] = {"not-tried", "skipped", "ok", "silent", "failed", "corrupt"};
const char *const probe_presences[] = {"came", "absent", "lost", "mute"};
const char *const probe_severities[] = {"info", "warning", "error"};
const char *const probe_asides[] = {"rails", "cross", "bisection"};
const char *const probe_samples[] = {"alone", "cross-rail", "bisection"};

struct probe_run *probe_run_new(void)
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct probe_run *run = arena_make(arena, struct probe_run);

    run->arena = arena;
    run->texts = arena_array(arena, struct str, PROBE_MAX_TEXTS);
    run->text_count = 1;
    return run;
}

void probe_run_free(struct probe_run *run)
{
    if (run == NULL)
        return;
    if (run->cells != NULL)
        munmap(run->cells, run->cells_bytes);
    if (run->cells_in_file && run->cells_fresh != NULL)
        unlink(run->cells_fresh);
    if (run->cells_in_file)
        close(run->cells_fd);
    arena_free(run->arena);
}

void probe_run_freep(struct probe_run **run)
{
    probe_run_free(*run);
}

struct probe_node *probe_run_nodes(struct probe_run *run, uint32_t count)
{
    run->nodes = arena_array(run->arena, struct probe_node, count);
    run->node_count = count;
    return run->nodes;
}

struct probe_rail *probe_run_rails(struct probe_run *run, uint32_t node, uint32_t count)
{
    run->nodes[node].rails = arena_array(run->arena, struct probe_rail, count);
    run->nodes[node].rail_count = count;
    if (run->rail_count < count)
        run->rail_count = count;
    return run->nodes[node].rails;
}

struct str probe_run_str(struct probe_run *run, struct str text)
{
    return arena_str(run->arena, text);
}

int probe_run_series_find(const struct probe_run *run, enum probe_metric metric,
                          uint64_t size_bytes, enum probe_load load)
{
    for (uint32_t i = 0; i < run->series_count; i++)
        if (run->series[i].metric == metric && run->series[i].size_bytes == size_bytes &&
            run->series[i].load == load)
            return (int)i;
    return -1;
}

uint32_t probe_run_series(struct probe_run *run, enum probe_metric metric, uint64_t size_bytes,
                          enum probe_load load)
{
    int there = probe_run_series_find(run, metric, size_bytes, load);

    if (there >= 0)
        return (uint32_t)there;
    if (run->series_count == PROBE_MAX_SERIES)
        return PROBE_MAX_SERIES - 1;
    run->series[run->series_count] = (struct probe_series){metric, load, size_bytes};
    return run->series_count++;
}

/* Arrays double: an old piece stays in the arena, which costs as much again at most. */
static void *one_more(struct arena *arena, void *array, uint32_t count, size_t size)
{
    if (count != 0 && (count & (count - 1)) != 0)
        return array;
    return arena_grow(arena, array, count * size, (count == 0 ? 1 : count * (size_t)2) * size);
}

#define ADD(run, array, count, thing)                                                              \
    ((run)->array = one_more((run)->arena, (run)->array, (run)->count, sizeof *(run)->array),      \
     (run)->array[(run)->count] = *(thing), &(run)->array[(run)->count++])

void probe_run_add_finding(struct probe_run *run, const struct probe_finding *finding)
{
    struct probe_finding *ours = ADD(run, findings, finding_count, finding);

    ours->code = probe_run_str(run, finding->code);
    ours->text = probe_run_str(run, finding->text);
    ours->remedy = probe_run_str(run, finding->remedy);
}

void probe_run_add_counter(struct probe_run *run, const struct probe_counter *counter)
{
    ADD(run, counters, counter_count, counter)->name = probe_run_str(run, counter->name);
}

void probe_run_add_phase(struct probe_run *run, const struct probe_phase *phase)
{
    ADD(run, phases, phase_count, phase)->name = probe_run_str(run, phase->name);
}

void probe_run_add_sample(struct probe_run *run, const struct probe_sample *sample)
{
    (void)ADD(run, samples, sample_count, sample);
}

struct probe_aside *probe_run_add_aside(struct probe_run *run, enum probe_aside_kind kind,
                                        enum probe_metric metric, uint64_t size_bytes)
{
    uint32_t rails = run->node_count * run->rail_count;
    struct probe_aside aside = {.kind = kind,
                                .metric = metric,
                                .size_bytes = size_bytes,
                                .least = NAN,
                                .median = NAN,
                                .least_node = PROBE_NONE,
                                .value_count = rails,
                                .against_count = rails,
                                .unheard_count = rails};

    aside.values = arena_array(run->arena, double, rails);
    aside.against = arena_array(run->arena, double, rails);
    aside.unheard_rails = arena_array(run->arena, uint8_t, rails);
    for (uint32_t i = 0; i < rails; i++)
        aside.values[i] = aside.against[i] = NAN;
    return ADD(run, asides, aside_count, &aside);
}

struct probe_aside *probe_run_aside(const struct probe_run *run, enum probe_aside_kind kind)
{
    for (uint32_t i = 0; i < run->aside_count; i++)
        if (run->asides[i].kind == (uint32_t)kind)
            return &run->asides[i];
    return NULL;
}

static size_t plane_cells(const struct probe_run *run)
{
    return (size_t)run->node_count * run->node_count;
}

static void fill(struct probe_run *run)
{
    for (uint32_t s = 0; s <= run->series_count; s++) {
        float with = s == PROBE_OUTCOME_SERIES(run) ? 0 : NAN;
        for (uint32_t rail = 0; rail < run->rail_count; rail++) {
            float *plane = probe_plane(run, s, rail);
            for (size_t i = 0; i < plane_cells(run); i++)
                plane[i] = with;
            probe_plane_done(run, s, rail);
        }
    }
}

/* The file while it is written. The name is always the same, so that a run that was killed leaves
 * one file and not many; while another run holds that one, it has our number in it. */
static int open_fresh(struct probe_run *run, const char *path)
{
    for (int other = 0; other < 2; other++) {
        struct str fresh = other == 0 ? arena_fmt(run->arena, "%s.new", path)
                                      : arena_fmt(run->arena, "%s.%d.new", path, getpid());
        int fd = open(fresh.ptr, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0)
            return -1;
        run->cells_fresh = fresh.ptr;
        if ((flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) && ftruncate(fd, 0) == 0)
            return fd;
        close(fd);
    }
    errno = EBUSY;
    return -1;
}

/* All blocks are there before they are mapped: a full disk is an error here, not a SIGBUS later. */
static bool map_file(struct probe_run *run, const char *path, struct probe_error *reterr)
{
    int full;

    run->cells_fd = open_fresh(run, path);
    if (run->cells_fd < 0)
        return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: %s", path, strerror(errno));
    run->cells_in_file = true;
    full = posix_fallocate(run->cells_fd, 0, (off_t)run->cells_bytes);
    if (full == 0)
        run->cells =
            mmap(NULL, run->cells_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, run->cells_fd, 0);
    if (full == 0 && run->cells == MAP_FAILED)
        full = errno;
    if (full == 0)
        return true;
    run->cells = NULL;
    return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: %zu bytes: %s", path, run->cells_bytes,
                       strerror(full));
}

bool probe_run_cells(struct probe_run *run, const char *path, struct probe_error *reterr)
{
    size_t planes = (size_t)(run->series_count + 1) * run->rail_count;

    run->cells_bytes = planes * plane_cells(run) * sizeof(float);
    if (run->cells_bytes == 0)
        return probe_error(reterr, EXIT_INTERNAL, "a matrix without nodes or rails");
    if (path != NULL) {
        if (!map_file(run, path, reterr))
            return false;
    } else {
        run->cells = mmap(NULL, run->cells_bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (run->cells == MAP_FAILED) {
            run->cells = NULL;
            return probe_error(reterr, EXIT_INTERNAL, "a matrix of %zu bytes: %s", run->cells_bytes,
                               strerror(errno));
        }
    }
    fill(run);
    return true;
}

bool probe_run_cells_sync(struct probe_run *run, const char *path, struct probe_error *reterr)
{
    if (run->cells_in_file && msync(run->cells, run->cells_bytes, MS_SYNC) != 0)
        return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: %s", path, strerror(errno));
    if (run->cells_fresh != NULL && rename(run->cells_fresh, path) != 0)
        return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: %s", path, strerror(errno));
    run->cells_fresh = NULL;
    return true;
}

float *probe_plane(const struct probe_run *run, uint32_t series, uint32_t rail)
{
    return run->cells + ((size_t)series * run->rail_count + rail) * plane_cells(run);
}

/* Whole pages inside the plane only: its neighbours may be in use. */
void probe_plane_done(const struct probe_run *run, uint32_t series, uint32_t rail)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = (uintptr_t)probe_plane(run, series, rail);
    uintptr_t to = from + plane_cells(run) * sizeof(float);

    if (!run->cells_in_file)
        return;
    from = (from + page - 1) / page * page;
    to = to / page * page;
    if (to > from)
        madvise((void *)from, to - from, MADV_DONTNEED);
}

struct probe_said probe_said(const struct probe_run *run, uint32_t rail, uint32_t from, uint32_t to)
{
    return probe_said_of(*probe_cell(run, PROBE_OUTCOME_SERIES(run), rail, from, to));
}

static uint32_t text_number(struct probe_run *run, struct str text)
{
    if (text.len == 0)
        return 0;
    if (run->text_count >= PROBE_MAX_TEXTS - 1) /* the last place is for all that come too late */
        text = S("other errors");
    for (uint32_t i = 1; i < run->text_count; i++)
        if (str_eq(run->texts[i], text))
            return i;
    run->texts[run->text_count] = probe_run_str(run, text);
    return run->text_count++;
}

void probe_say(struct probe_run *run, uint32_t rail, uint32_t from, uint32_t to,
               enum probe_outcome outcome, bool noisy, struct str text)
{
    float *cell = probe_cell(run, PROBE_OUTCOME_SERIES(run), rail, from, to);
    struct probe_said said = probe_said_of(*cell);

    if (outcome > said.outcome) {
        said.outcome = outcome;
        said.text = text_number(run, text);
    }
    *cell = (float)(said.outcome + (said.noisy || noisy ? 8 : 0) + 16 * said.text);
}
