/* What was measured beside the matrix, for a person. Nothing is said where nothing was measured. */
#ifndef HP_PROBE_ASIDES_H
#define HP_PROBE_ASIDES_H

#include "result/run.h"

#include <hp/base/buf.h>

enum { ASIDES_LINES = 3 };

/* A line for each that was measured; ret: how many. */
uint32_t asides_lines(struct arena *arena, const struct probe_run *run,
                      struct str ret_lines[ASIDES_LINES]);
/* A section with a table: a row for each type of nodes. */
void asides_html(struct buf *buf, struct arena *arena, const struct probe_run *run);

#endif
