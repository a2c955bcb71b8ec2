/* One node by itself: what it has, and whether a rail carries bytes to itself. Needs no engine, no
 * network and no other node. */
#ifndef HP_PROBE_SELFTEST_H
#define HP_PROBE_SELFTEST_H

#include "options/options.h"

#include <hp/base/clock.h>
#include <stdio.h>

/* Writes a line for each thing it tried ("ok - …", "not ok - …", "note - …"). Gives EXIT_PASS,
 * EXIT_FAIL, EXIT_UNAVAILABLE when there is no rail to try, or EXIT_BAD_DATA for a profile. root:
 * "" on a real node. */
int selftest(const struct probe_options *options, const struct world *world, const char *root,
             FILE *out);

#endif
