/* What the judge made of a run: filled by judge/, written and read with the run, shown by report/.
 * Lives in the run's arena. */
#ifndef HP_PROBE_JUDGED_H
#define HP_PROBE_JUDGED_H

#include "run.h"

enum probe_verdict {
    PROBE_PASS,
    PROBE_WARN,
    PROBE_FAIL,
    PROBE_INCONCLUSIVE, /* too much else went on */
    PROBE_INCOMPLETE,   /* nodes or measurements are missing */
    PROBE_VERDICTS
};
extern const char *const probe_verdicts[PROBE_VERDICTS];

enum probe_suspect_kind {
    PROBE_SUSPECT_NODE,   /* all that node a has, or nearly */
    PROBE_SUSPECT_RAIL,   /* one rail of node a with all partners */
    PROBE_SUSPECT_LINK,   /* between a and b only; rail: one, or PROBE_EVERY */
    PROBE_SUSPECT_ONE_OF, /* a, b or what lies between them: there is nobody else to compare */
    PROBE_SUSPECT_COMMON, /* a rail on most nodes, or a group of nodes; a: one that shows it most */
    PROBE_SUSPECT_KINDS
};
extern const char *const probe_suspect_kinds[PROBE_SUSPECT_KINDS];

enum probe_direction {
    PROBE_BOTH_WAYS,
    PROBE_OUT, /* from a only */
    PROBE_IN,  /* to a only */
    PROBE_DIRECTIONS
};
extern const char *const probe_directions[PROBE_DIRECTIONS];

enum probe_cause {
    PROBE_SLOW,    /* bandwidth or rate too low, or latency too high */
    PROBE_LOSS,    /* the median is fine, the slowest percent is not */
    PROBE_UNHEARD, /* nothing came through, or errors */
    PROBE_DAMAGE,  /* bytes came that had not been sent */
    PROBE_GONE,    /* absent, dead, or mute for the engine too */
    PROBE_CAUSES
};
extern const char *const probe_causes[PROBE_CAUSES];

enum probe_confirmation {
    PROBE_NOT_RETESTED,
    PROBE_CONFIRMED, /* bad again, alone with good partners */
    PROBE_NOT_AGAIN, /* good when it was alone: no accusation */
    PROBE_NO_RETEST, /* needs none: death, silence, damage */
    PROBE_CONFIRMATIONS
};
extern const char *const probe_confirmations[PROBE_CONFIRMATIONS];

struct probe_suspect {
    uint32_t kind, direction, cause, severity, confirmed;
    int32_t a, b, rail;             /* b: PROBE_NONE but for links; rail: PROBE_EVERY for all */
    int32_t series;                 /* where it shows most; PROBE_NONE: by outcomes */
    double value, reference, ratio; /* ratio < 1: so many times the reference's quality */
    double again;                   /* what the retest measured, NaN: none */
    uint32_t bad, of;               /* cells that show it, of those that were tried */
    uint32_t nodes, nodes_of;       /* PROBE_SUSPECT_COMMON: how many; not in the report's JSON */
    bool mild;                      /* off by less than what fails: a warning at most; as before */
    double lean;             /* what its reference is off from all by, in logarithms; as before */
    struct str text, remedy; /* sentences for a person */
};

/* All good cells of one series. */
struct probe_summary {
    uint32_t series;
    int64_t cells, noisy; /* measured; of these with noise, which are not judged */
    double least, p1, p50, p99, most;
    double mad;       /* scaled to a standard deviation */
    double reference; /* what healthy cells have, the class with most cells */
    double floor;     /* of the profile; 0: none */
    double target;    /* that was asked for; 0: none */
    bool target_met;
    uint32_t node_count;
    double *nodes; /* median of each node */
    uint32_t rail_count;
    double *rails; /* node after node, rail after rail: median of each */
};

/* The matrix, worst rail of each pair; more than PROBE_HEAT_SIDE nodes are binned, worst of bin. */
enum { PROBE_HEAT_SIDE = 128 };
struct probe_heat {
    uint32_t series, side, per_bin;
    uint32_t value_count;
    double *values; /* side rows (from) of side cells (to); NaN: nothing */
    uint32_t outcome_count;
    uint8_t *outcomes; /* the worst, enum probe_outcome; 64 more: noise */
};

struct probe_matrix_file {
    struct str file, sha256; /* beside the report; empty: none */
    int64_t bytes;
};

struct probe_judged {
    uint32_t verdict;
    int32_t exit_code;                 /* without --strict */
    int64_t pairs_tested, pairs_total; /* pairs of nodes, at least one cell of them */
    int64_t cells_tested, cells_total, cells_bad, cells_noisy;
    uint32_t reason_count;
    struct str *reasons; /* why this verdict, most important first */
    uint32_t suspect_count;
    struct probe_suspect *suspects; /* worst first */
    int64_t outliers;               /* single cells that are out of line and not in any suspect */
    uint32_t summary_count;
    struct probe_summary *summaries;
    uint32_t heat_count;
    struct probe_heat *heats;
    struct probe_matrix_file matrix;
};

#endif
