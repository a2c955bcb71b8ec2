/* What changed between two reports: A, the older one or the baseline, and B. */
#ifndef HP_PROBE_COMPARE_H
#define HP_PROBE_COMPARE_H

#include "result/judged.h"

enum change_kind {
    CHANGE_CLUSTER, /* the median of all */
    CHANGE_NODE,
    CHANGE_RAIL,
    CHANGE_GONE,    /* a node of A that B lacks, or lost */
    CHANGE_NEW,     /* a node of B that A lacks */
    CHANGE_SUSPECT, /* confirmed in B, not in A */
    CHANGE_HEALED,  /* confirmed in A, not in B */
    CHANGE_KINDS
};
extern const char *const change_kinds[CHANGE_KINDS];

struct change {
    uint32_t kind;
    bool worse; /* beyond the tolerance, in the wrong direction */
    struct str what, series, unit;
    double before, after, ratio; /* of quality: 0.8 is a fifth worse; NaN: no figures */
};

struct comparison {
    const struct probe_run *runs[2]; /* A and B */
    const char *files[2];            /* as the caller calls them; NULL: nobody did */
    double tolerance;
    uint32_t verdict;  /* PROBE_PASS, PROBE_FAIL, PROBE_INCONCLUSIVE, PROBE_INCOMPLETE */
    struct str reason; /* why it is not PASS */
    uint32_t
        not_judged; /* nodes of both that one run lost or set aside: their figures are not held */
    uint32_t worse, better, shared_nodes, shared_series, count;
    struct change *changes; /* worst first; within the tolerance: not among them */
    struct str warning;     /* what makes them hard to compare; empty: nothing */
};

/* Lives in the arena; the runs must outlive it. Nodes are the same by id, or by name; series by
 * metric, size and load. */
struct comparison compare_runs(struct arena *arena, const struct probe_run *a,
                               const struct probe_run *b, double tolerance);
struct str compare_text(struct arena *arena, const struct comparison *comparison, uint32_t top);
struct str compare_json(struct arena *arena, const struct comparison *comparison);
/* FAIL when something got worse; INCOMPLETE when there is nothing in common; INCONCLUSIVE where no
 * difference is no proof: a run is INCONCLUSIVE or INCOMPLETE, or has set nodes aside. */
int compare_exit(const struct comparison *comparison);

#endif
