/* Within this floor: what a rank says to rank 0 at the end, and how that is heard. */
#ifndef HP_PROBE_SAID_H
#define HP_PROBE_SAID_H

#include "inside.h"

#include <stdio.h>

enum { SAID_PIECE = 1 << 19 }; /* cells are said in pieces: an engine forwards these well */

bool say_all(struct engine *engine);
/* When rank 0 has heard it. */
void unsay_all(struct engine *engine);
/* False: it did not say everything before the deadline. Texts live in the arena. */
bool hear_all(struct engine *engine, struct arena *arena, uint32_t rank, int64_t deadline,
              struct ending *ret_ending, struct str *ret_cells);

#endif
