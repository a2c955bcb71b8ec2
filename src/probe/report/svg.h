/* The pictures of the HTML page. */
#ifndef HP_PROBE_SVG_H
#define HP_PROBE_SVG_H

#include "report.h"

#include <hp/base/buf.h>

/* Colours are classes q0 (as good as healthy cells) to q7; what they stand for, in quality. */
enum { SHADES = 8 };
const double *svg_shades(const struct probe_series *series);

/* What the matrix's colours are held against. A cell is the worst of a pair's rails: of 32 that
 * differ by 5 % it is a tenth below the middle one, and nothing is wrong. NaN: nothing is known. */
double svg_heat_measure(const struct probe_run *run, const struct probe_heat *heat,
                        const struct probe_summary *summary);
/* The matrix: who sends to the left, who receives on top. */
void svg_heat(struct buf *buf, struct arena *arena, const struct probe_run *run,
              const struct probe_heat *heat, double measure);
/* The line under it: what the colours mean in the series' unit. */
void svg_legend(struct buf *buf, const struct probe_run *run, uint32_t series, double reference);
/* A row of rails for each node; the worst nodes where there are many. */
void svg_rails(struct buf *buf, struct arena *arena, const struct probe_run *run,
               const struct probe_summary *summary);
/* Where all measurements of a series lie, with reference, floor and target. */
void svg_range(struct buf *buf, const struct probe_run *run, const struct probe_summary *summary);
/* The pattern of what failed: once a page. */
void svg_patterns(struct buf *buf);

#endif
