/* A scenario (--scenario): how the world is at the start. One JSON object; docs/SIMULATOR.md tells
 * its members. It is kept for the life of the sim, since a reset brings it back. */
#ifndef HP_SIM_SCENARIO_H
#define HP_SIM_SCENARIO_H

#include "core/core.h"

struct scenario {
    struct arena *arena;
    struct str path, text;
    struct doc *doc;
};

/* NULL: *reterr says what cannot be read, with file, line and column; exit code 65. */
struct scenario *scenario_load(const char *path, struct sim_error *reterr);
/* For the fuzzer: the same from memory. */
struct scenario *scenario_read(struct str path, struct str text, struct sim_error *reterr);
void scenario_free(struct scenario *scenario); /* takes NULL too */

/* Lets the sim's scenario (NULL: none) be true from now on, and writes into the journal what
 * belongs there. fresh: the state begins; one that goes on keeps its own clock, existing things and
 * conditions. False: *reterr: 65 with the place of what is wrong, or 73. */
bool scenario_apply(struct sim *sim, bool fresh, struct sim_error *reterr);

#endif
