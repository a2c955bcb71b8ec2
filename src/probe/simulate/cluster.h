/* Clusters that never were: runs with known faults, on which the judge is tried. */
#ifndef HP_PROBE_CLUSTER_H
#define HP_PROBE_CLUSTER_H

#include "judge/statistics.h"
#include "result/judged.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_SLOW_NODE,
    FAULT_SLOW_RAIL,
    FAULT_SLOW_WAY,   /* one direction between two nodes */
    FAULT_LOSSY_LINK, /* loses packets, both ways */
    FAULT_DEAD_NODE,  /* dies in the middle of the run */
    FAULT_SILENT_NODE,
    FAULT_NOISY_NODE, /* something else runs there: no fault, and no basis for a judgement */
    FAULT_MILD_NODE,  /* 8 to 14 % below its like: a warning */
    FAULT_MILD_RAIL,
    FAULT_COMMON_RAIL,   /* one rail of all nodes */
    FAULT_STALLING_LINK, /* its median is fine, its worst windows are not */
    FAULT_KINDS,
    FAULT_FIRST_MILD = FAULT_MILD_NODE,
    FAULT_LAST_MILD = FAULT_MILD_RAIL
};
extern const char *const fault_names[FAULT_KINDS];

struct fault {
    enum fault_kind kind;
    uint32_t a, b, rail;
    double bandwidth, latency, tail, worst; /* what it multiplies */
};

/* Fewer nodes than these are often alone in their places: then nobody can say whether a node is
 * slow or far away, and the judge does not. */
enum { FAULTS_MOST = 2, CLUSTER_LEAST_LAYERED = 12 };
struct cluster {
    uint64_t seed;
    uint32_t nodes, rails;
    bool quick;
    bool layers;  /* nodes have places in the network: pairs differ by how far apart they are */
    double noise; /* deviation of one cell, in logarithms */
    uint32_t fault_count;
    struct fault faults[FAULTS_MOST];
};

/* A cluster of that size whose noise, fault and layers (a third of those that are large
 * enough has them) come from the seed. two:
 * a second fault of another kind, elsewhere. */
struct cluster cluster_of(uint64_t seed, uint32_t nodes, uint32_t rails, enum fault_kind kind,
                          bool two);
/* What a run on it measures. path: a file for the cells, NULL: memory. The caller frees. */
struct probe_run *cluster_run(const struct cluster *cluster, const char *path,
                              struct probe_error *reterr);
/* Measures again what the judge asks for, and adds it to the run. */
void cluster_retest(const struct cluster *cluster, struct probe_run *run);

struct cluster_found {
    uint32_t named, vague, missed; /* faults; vague: "one of these" */
    uint32_t unmet;                /* links that quick mode did not measure: nobody can know */
    uint32_t falsely;              /* accusations that no fault deserves */
    struct str missing, wrong;     /* for a person: one of each; empty: none */
};
/* Compares run->judged with the truth. */
struct cluster_found cluster_compare(const struct cluster *cluster, const struct probe_run *run);

#endif
