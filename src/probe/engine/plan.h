/* What is measured: phases of pieces, and to which series their figures belong. Every rank makes
 * the same plan from the same command line. */
#ifndef HP_PROBE_PLAN_H
#define HP_PROBE_PLAN_H

#include "fabric/pair.h"
#include "options/options.h"

enum {
    PLAN_PHASES = 8,
    PLAN_FIGURES = 8,
    PLAN_MOST_REPEAT = OPTIONS_MOST_REPEAT,
    PLAN_ASIDE_BYTES = 1 << 20
};

struct plan_piece {
    struct pair_piece piece;
    int16_t series[PLAN_FIGURES]; /* -1: not wanted */
};

struct plan_phase {
    const char *name;
    uint32_t first, count; /* pieces */
    int64_t slot_ns;       /* what a meeting takes when all is well, and then some */
    bool once;             /* not repeated */
    int aside;             /* enum probe_aside_kind: beside the matrix, when all else is done; -1 */
};

struct plan {
    uint32_t phase_count, piece_count, series_count, repeat;
    struct plan_phase phases[PLAN_PHASES];
    struct plan_piece pieces[PROBE_MAX_SERIES + PLAN_FIGURES];
    struct probe_series series[PROBE_MAX_SERIES];
    size_t buffer_bytes; /* for each of the two large areas of a rail */
    int64_t box_ns;
};

/* False: EXIT_BAD_USAGE. */
bool plan_make(const struct probe_options *options, struct plan *ret, struct probe_error *reterr);
/* What the longest round of all phases takes at most, in nanoseconds. */
int64_t plan_longest_slot(const struct plan *plan);
/* How many messages of a stream are under way. */
uint32_t plan_window(uint64_t size);
/* The figures of what an end saw of a piece, in the units of their series; NaN: none. */
void plan_figures(const struct plan *plan, const struct plan_piece *piece,
                  const struct pair_got *got, double ret_figures[PLAN_FIGURES]);
/* The piece that measures a series and which of its figures it is. */
const struct plan_piece *plan_piece_of(const struct plan *plan, uint32_t series,
                                       uint32_t *ret_figure);

#endif
