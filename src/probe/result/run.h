/* What a run measured, in memory: filled by the engine, judged by judge/, shown by report/.
 *
 * A run is nodes, their rails, phases, findings, and planes: for each series (a metric, a message
 * size, a load) and each rail a matrix from x to of float32, NaN where nothing was measured; beside
 * them one plane a rail of outcomes. 1000 nodes x 32 rails x 6 series are 0.9 GB: they lie in the
 * file matrix.f32, mapped; who walks through them goes plane by plane and calls probe_plane_done,
 * so that a few planes (4 MB each) are in memory at any time. Small runs need no file.
 *
 * Everything lives as long as the run; strings are copied into it. One thread at a time, except
 * that cells of different planes, or of different pairs, may be set by different threads.
 *
 * cell (from, to, rail) is about bytes that go from `from` to `to`, on rail number `rail` of both.
 * A ping-pong's time goes into the cell of who started it; when each end has started one, both
 * cells are set. An outcome says whether bytes of `from` came to `to`: who heard nothing says so in
 * (other, self). */
#ifndef HP_PROBE_RUN_H
#define HP_PROBE_RUN_H

#include "facts/error.h"

#include <hp/base/arena.h>
#include <math.h>

enum { PROBE_MAX_NODES = 4096, PROBE_MAX_RAILS = 64, PROBE_MAX_SERIES = 64, PROBE_MAX_TEXTS = 250 };
enum { PROBE_EVERY = -1, PROBE_NONE = -2 }; /* in place of a rail's or a node's number */

enum probe_metric {
    PROBE_LATENCY_MIN, /* half round trip, microseconds */
    PROBE_LATENCY_P50,
    PROBE_LATENCY_P90,
    PROBE_LATENCY_P99,
    PROBE_LATENCY_P999,
    PROBE_LATENCY_MAX,
    PROBE_LATENCY_LOW, /* 95 % confidence interval of the median, by order statistics */
    PROBE_LATENCY_HIGH,
    PROBE_BANDWIDTH,       /* one way, acknowledged bytes, Gb/s (10^9 bits) */
    PROBE_BANDWIDTH_WORST, /* the first percentile of its windows */
    PROBE_BANDWIDTH_BOTH,  /* from -> to while to -> from goes too */
    PROBE_RATE,            /* messages a second */
    PROBE_RMA_WRITE,       /* Gb/s */
    PROBE_RMA_READ,        /* Gb/s; the bytes go from `from` to `to`, who reads */
    PROBE_CONNECT,         /* first message there and back, microseconds */
    PROBE_METRICS
};

struct probe_metric_row {
    const char *name, *unit;
    bool less_is_better;
};
extern const struct probe_metric_row probe_metrics[PROBE_METRICS];

/* What else went on. */
enum probe_load {
    PROBE_LOAD_RAIL,  /* one rail of this pair at a time */
    PROBE_LOAD_RAILS, /* all rails of this pair at once */
    PROBE_LOADS
};
extern const char *const probe_loads[PROBE_LOADS];

struct probe_series {
    uint32_t metric, load;
    uint64_t size_bytes;
};

/* The worst that was said of a cell stays. */
enum probe_outcome {
    PROBE_NOT_TRIED,
    PROBE_SKIPPED, /* on purpose: quick mode, a node that was lost before */
    PROBE_OK,
    PROBE_SILENT,  /* the deadline passed without an error */
    PROBE_FAILED,  /* with an error, whose text is kept */
    PROBE_CORRUPT, /* bytes came, but not those that were sent */
    PROBE_OUTCOMES
};
extern const char *const probe_outcomes[PROBE_OUTCOMES];

enum probe_presence {
    PROBE_CAME,
    PROBE_ABSENT, /* expected, never came */
    PROBE_LOST,   /* the engine told of its death */
    PROBE_MUTE,   /* alive for all we know, but it says nothing any more: stopped, or hung */
    PROBE_PRESENCES
};
extern const char *const probe_presences[PROBE_PRESENCES];

enum probe_severity { PROBE_INFO, PROBE_WARNING, PROBE_ERROR, PROBE_SEVERITIES };
extern const char *const probe_severities[PROBE_SEVERITIES];

struct probe_rail {
    struct str name;   /* libfabric's domain: rdmap79s0-rdm, eth0, 127.0.0.1 … */
    struct str device; /* of the kernel: rdmap79s0; empty where there is none */
    int64_t mtu;       /* of the link, 0: unknown */
};

struct probe_node {
    struct str name, id, group, type, address;
    struct str place; /* topology, coarse to fine with slashes: "az1/nn-1/nn-7"; empty: unknown */
    struct str libfabric; /* version of the library that was loaded */
    struct str library;   /* its path */
    struct str provider;  /* as the provider calls itself: efa, tcp;ofi_rxm */
    struct str driver, kernel, installer, probe; /* versions; empty where there is none */
    uint32_t presence;
    struct str phase, why; /* where and how it was lost; empty when it came */
    bool unexpected;       /* it came, and nobody had named it */
    double foreign_cpu;    /* share of this node's time that others took, stolen time included */
    uint32_t rail_count;
    struct probe_rail *rails;
};

/* The finding that the judge heeds: what is slow on a machine that ranks share is mostly chance. */
#define PROBE_SHARED_MACHINE "shared-machine"

/* Of a node, of one rail, of the whole run (node PROBE_EVERY). */
struct probe_finding {
    uint32_t severity;
    struct str code; /* memlock, devices-missing, versions-differ, security-group … */
    int32_t node, rail;
    struct str text, remedy;
};

/* A counter of the hardware that moved during the run (retrans_timeout_events, rx_drops …). */
struct probe_counter {
    int32_t node, rail;
    struct str name;
    int64_t moved;
};

struct probe_phase {
    struct str name;
    int64_t rounds, tested, total; /* cells of this phase: pairs, directions and rails */
    int64_t duration_ms;
};

/* A measurement beside the matrix: a suspect alone with a partner, a cross-rail pair, a pair under
 * full load. */
enum probe_sample_kind {
    PROBE_SAMPLE_ALONE,     /* re-tested alone on the fabric */
    PROBE_SAMPLE_CROSS,     /* rail a of one with rail b of the other */
    PROBE_SAMPLE_BISECTION, /* with all nodes in pairs at once */
    PROBE_SAMPLES
};
extern const char *const probe_samples[PROBE_SAMPLES];

struct probe_sample {
    uint32_t kind, series;
    int32_t from, to, from_rail, to_rail;
    uint32_t outcome;
    bool noisy;
    double value; /* NaN: nothing */
};

/* Measured beside the matrix on a sample of pairs, twice for each pair: as `values`, and as
 * `against`, to which they are held. One row of each is a node, a column a rail: the median of what
 * this rail sent to the partners of the sample. */
enum probe_aside_kind {
    PROBE_ASIDE_RAILS,     /* all rails of a pair at once, against each alone */
    PROBE_ASIDE_CROSS,     /* rail i with rail j of the partner, against rail i with rail i */
    PROBE_ASIDE_BISECTION, /* all nodes in pairs at once, against the pair alone on the fabric */
    PROBE_ASIDES
};
extern const char *const probe_asides[PROBE_ASIDES];

struct probe_aside {
    uint32_t kind, metric;
    uint64_t size_bytes;
    int64_t tested, unheard, noisy; /* meetings of rails, once for each end */
    bool judged;                    /* false: too disturbed, or ranks share a machine */
    double least, median;           /* of the nodes' shares: sum of values by sum of against */
    int32_t least_node;
    uint32_t value_count, against_count, unheard_count; /* nodes * rails */
    double *values, *against;                           /* NaN: not in the sample */
    uint8_t *unheard_rails; /* how many partners were not heard; 255: that, or more */
};

struct probe_target {
    double latency_us, bandwidth_gbps; /* 0: not asked for; of a node's rail and of a whole node */
};

struct probe_judged; /* result/judged.h: what the judge made of it */

struct probe_run {
    struct str id, version, arguments, mode, provider, engine; /* mode: quick, full, pairs */
    struct str cluster, profile; /* profile: the type, or the file; empty: cohort only */
    int64_t started_ms, ended_ms;
    struct probe_target target;
    bool timed_out;

    uint32_t node_count, rail_count; /* rail_count: the most that a node has */
    struct probe_node *nodes;
    uint32_t series_count;
    struct probe_series series[PROBE_MAX_SERIES];
    uint32_t text_count; /* texts of errors, each once; number 0 is the empty one */
    struct str *texts;
    uint32_t finding_count, counter_count, phase_count, sample_count, aside_count;
    struct probe_finding *findings;
    struct probe_counter *counters;
    struct probe_phase *phases;
    struct probe_sample *samples;
    struct probe_aside *asides;

    struct probe_judged *judged; /* NULL: not yet */

    struct arena *arena;
    float *cells; /* probe_run_cells; NULL: no matrix (a report that was read without its file) */
    size_t cells_bytes;
    bool cells_in_file;
    int cells_fd;            /* then: it holds the file's lock */
    const char *cells_fresh; /* what the file is called until it is whole; NULL: by its name */
};

struct probe_run *probe_run_new(void);
void probe_run_free(struct probe_run *run); /* takes NULL; a file of cells stays */
void probe_run_freep(struct probe_run **run);

/* Once, before anything that has a node's number; at most PROBE_MAX_NODES. Zeroed: filled by the
 * caller, strings by probe_run_str. */
struct probe_node *probe_run_nodes(struct probe_run *run, uint32_t count);
struct probe_rail *probe_run_rails(struct probe_run *run, uint32_t node, uint32_t count);
struct str probe_run_str(struct probe_run *run, struct str text);
/* The number of a series, which is made when there is none like it; before the cells. */
uint32_t probe_run_series(struct probe_run *run, enum probe_metric metric, uint64_t size_bytes,
                          enum probe_load load);
/* The same, or -1 when there is none. */
int probe_run_series_find(const struct probe_run *run, enum probe_metric metric,
                          uint64_t size_bytes, enum probe_load load);

/* These copy what they are given, strings too. */
void probe_run_add_finding(struct probe_run *run, const struct probe_finding *finding);
void probe_run_add_counter(struct probe_run *run, const struct probe_counter *counter);
void probe_run_add_phase(struct probe_run *run, const struct probe_phase *phase);
void probe_run_add_sample(struct probe_run *run, const struct probe_sample *sample);

/* With room for each rail, when nodes and rails are known; once for each kind. */
struct probe_aside *probe_run_add_aside(struct probe_run *run, enum probe_aside_kind kind,
                                        enum probe_metric metric, uint64_t size_bytes);
struct probe_aside *probe_run_aside(const struct probe_run *run, enum probe_aside_kind kind);

/* Makes all planes, NaN and not tried, when nodes, rails and series are known. path: the file that
 * will hold them, called PATH.new until probe_run_cells_sync; NULL: memory. */
bool probe_run_cells(struct probe_run *run, const char *path, struct probe_error *reterr);
/* Waits until the file has everything, and gives it its name. */
bool probe_run_cells_sync(struct probe_run *run, const char *path, struct probe_error *reterr);

/* A plane has node_count rows (from) of node_count cells (to). */
float *probe_plane(const struct probe_run *run, uint32_t series, uint32_t rail);
/* Its memory may be used for other planes; what is in it stays in the file. */
void probe_plane_done(const struct probe_run *run, uint32_t series, uint32_t rail);
/* The plane of outcomes: small whole numbers, read by the functions below. */
#define PROBE_OUTCOME_SERIES(run) ((run)->series_count)

static inline float *probe_cell(const struct probe_run *run, uint32_t series, uint32_t rail,
                                uint32_t from, uint32_t to)
{
    return probe_plane(run, series, rail) + (size_t)from * run->node_count + to;
}
static inline void probe_set(struct probe_run *run, uint32_t series, uint32_t rail, uint32_t from,
                             uint32_t to, double value)
{
    *probe_cell(run, series, rail, from, to) = (float)value;
}

/* What became of a cell. noisy: others took the processor while it was measured. */
struct probe_said {
    enum probe_outcome outcome;
    bool noisy;
    uint32_t text; /* number in texts */
};
static inline struct probe_said probe_said_of(float cell)
{
    uint32_t bits = cell >= 0 && cell < 8192 ? (uint32_t)cell : 0; /* outcome + 8 noise + 16 text */
    struct probe_said said = {(enum probe_outcome)(bits & 7), (bits & 8) != 0, bits >> 4};

    if (said.outcome >= PROBE_OUTCOMES)
        said.outcome = PROBE_NOT_TRIED;
    return said;
}
struct probe_said probe_said(const struct probe_run *run, uint32_t rail, uint32_t from,
                             uint32_t to);
/* The worse outcome stays, noise stays. text: what the error said, empty when there was none; when
 * PROBE_MAX_TEXTS different ones are there, "other errors". */
void probe_say(struct probe_run *run, uint32_t rail, uint32_t from, uint32_t to,
               enum probe_outcome outcome, bool noisy, struct str text);

#endif
