/* What main does for each verb. Each returns the exit code, after it has said why on stderr. */
#ifndef HP_PROBE_VERBS_H
#define HP_PROBE_VERBS_H

#include "options/options.h"

#include <hp/base/clock.h>

/* Whether this process says what is wrong with the command line: of the ranks of a run, the first.
 */
bool verb_tells(const struct world *world);

int verb_run(const struct probe_options *options, const struct world *world);
int verb_report(const struct probe_options *options, const struct world *world);
int verb_compare(const struct probe_options *options, const struct world *world);
int verb_selftest(const struct probe_options *options, const struct world *world);

#endif
