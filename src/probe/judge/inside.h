/* What the files of this floor share while they judge one run. */
#ifndef HP_PROBE_JUDGE_INSIDE_H
#define HP_PROBE_JUDGE_INSIDE_H

#include "judge.h"

enum { PLACES = 3, CLASSES = PLACES + 1 };

/* Of one cell of one rail. */
enum {
    CELL_MEASURED = 1, /* tried, heard, both nodes are there: values may be used */
    CELL_NOISY = 2,
    CELL_UNHEARD = 4,
    CELL_DAMAGED = 8,
    CELL_TRIED = 16,
};

/* What an atom shows. */
enum {
    ATOM_OUT = 1,
    ATOM_IN = 2,
    ATOM_WAYS = ATOM_OUT | ATOM_IN,
    ATOM_LATENCY = 4, /* no direction can be told */
    ATOM_LOSS = 8,
    ATOM_UNHEARD_OUT = 16,
    ATOM_UNHEARD_IN = 32,
    ATOM_UNHEARD = ATOM_UNHEARD_OUT | ATOM_UNHEARD_IN,
    ATOM_DAMAGED = 64,
    ATOM_STALLS = 128, /* the worst windows only */
    ATOM_SLOW = ATOM_WAYS | ATOM_LATENCY | ATOM_LOSS | ATOM_STALLS,
};

/* How a metric is judged; guard 0: it is shown only. */
struct rule {
    float guard;   /* least distance, in logarithms, that counts as bad */
    float warn;    /* the same of a node or a rail that is worth a warning; 0: none */
    float shared;  /* the same where ranks share a machine */
    bool directed; /* the cell (from, to) tells of this direction only */
    bool loss;
    bool second; /* tells a direction only where no better series does */
};
extern const struct rule judge_rules[PROBE_METRICS];

struct reference {
    bool judged;
    float value[CLASSES]; /* by class; NaN: too few cells to compare */
    float headline;       /* of the class with most cells */
    float sigma;          /* deviation of healthy cells, in logarithms */
    float guard, floor;   /* floor: of the profile, in the series' unit; 0: none */
    bool below_floor;     /* healthy cells are worse than the floor */
};

/* A direction of a pair that stands out by itself. */
struct odd_cell {
    uint16_t from, to;
    int16_t rail; /* PROBE_EVERY: all rails */
    int16_t series;
    float quality,
        severity; /* logarithm, without the lean; in guards. Without a series: ODD_DAMAGED, or 0 */
    float lean;   /* what its ends are off by with all others */
};
#define ODD_DAMAGED 1.0f

/* A node or a rail that is slower than its like, by less than what fails. */
struct mild {
    uint32_t node;
    int32_t rail; /* PROBE_EVERY: all */
    uint32_t direction, series;
    float with, without; /* medians, in logarithms of quality: its own cells; those of the others */
    uint32_t bad, of;
    bool common; /* this rail of all nodes */
};

/* What most nodes have in common: one rail of all, or all rails of a group. */
struct common {
    int32_t rail; /* PROBE_EVERY: the group of node */
    uint32_t node, family, nodes, nodes_of;
};

struct judge {
    struct probe_run *run;
    const struct profile *profile;
    struct arena *arena; /* of this judgement only */
    struct probe_judged *judged;
    uint32_t n, rails, alive;
    bool *gone, *noisy; /* nodes */
    int32_t *places;    /* n * PLACES; NULL: no node has one */
    uint8_t *flags;     /* rails planes of n * n */
    struct reference refs[PROBE_MAX_SERIES];
    float *quality; /* one plane: scratch; NaN: not to be used */
    float *line;    /* 2 * n: scratch */
    uint8_t *bad;   /* atoms: node * rails + rail */
    struct atom_proof {
        float severity, quality;
        int16_t series;
        uint32_t bad, of;
    } * proofs;
    uint32_t mild_count, common_count;
    struct mild *milds;
    struct common *commons;
    uint8_t *set_aside; /* atoms' bits that are in commons */
    bool one_way;       /* some series tells directions well */
    bool shared;        /* ranks share a machine */
    struct odd_list {
        uint32_t count, most;
        struct odd_cell *cells;
    } wholes, singles; /* links on all rails; on one */
    int64_t outliers;  /* singles that the list has no room for */
    int64_t tried, unheard;
};

static inline uint8_t *judge_flags(const struct judge *j, uint32_t rail)
{
    return j->flags + (size_t)rail * j->n * j->n;
}

/* ground.c: who is there, what may be used. */
void judge_ground(struct judge *j);
uint32_t judge_class(const struct judge *j, uint32_t a, uint32_t b);
/* reference.c: what healthy cells have. */
void judge_references(struct judge *j);
/* The plane of one series and rail as logarithms of quality, into j->quality. */
void judge_qualities(struct judge *j, uint32_t series, uint32_t rail);
/* atoms.c: nodes, rails, directions; and the medians of the summaries. */
void judge_atoms(struct judge *j);
float judge_quality_at(const struct judge *j, uint32_t series, uint32_t rail, size_t cell);
/* How far n cells together must be off, in logarithms, before that is no chance. */
float judge_limit(const struct reference *ref, double z, uint32_t n);
/* Whether an atom of this cell is bad for any cause. */
static inline bool judge_is_bad(const struct judge *j, uint32_t node, uint32_t rail)
{
    return j->bad[(size_t)node * j->rails + rail] != 0;
}
/* How much worse than its like an atom is on a rail, from the qualities that are at hand; 0 where
 * that may be chance. into: 2 * n, outwards then inwards. */
void judge_leans(const struct judge *j, const struct reference *ref, uint32_t rail, float *into);
/* mild.c: slower by less than what fails. */
void judge_mild(struct judge *j);
/* common.c: what is not one node's fault. */
void judge_common(struct judge *j);
/* Which bits of an atom are one cause, and which of them tell a direction. */
struct family {
    enum probe_cause cause;
    uint8_t bits, out, in;
};
enum { FAMILIES = 3 };
extern const struct family judge_families[FAMILIES];
/* links.c: what no atom explains. */
void judge_links(struct judge *j);
/* suspects.c: atoms and links put together, with words. */
void judge_suspects(struct judge *j);
/* words.c: the sentences of a suspect. */
void judge_words(struct judge *j, struct probe_suspect *suspect);
/* summary.c: figures and heat maps. */
void judge_summaries(struct judge *j);
/* findings.c: beside suspects; forgotten before a run is judged anew. */
void judge_findings(struct judge *j);
void judge_forget_findings(struct probe_run *run);
/* asides.c: what was measured beside the matrix. */
void judge_asides(struct judge *j);
/* verdict.c */
void judge_verdict(struct judge *j);
/* retest.c: what samples say of a suspect. */
void judge_confirm(struct judge *j, struct probe_suspect *suspect);

#endif
