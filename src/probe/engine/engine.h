/* A run: all ranks measure, rank 0 gathers.
 *
 * Rounds begin together (a fence of the engine) while all come. The first time that somebody does
 * not, every rank goes on by its clock: a round then begins when it would at the latest. So a rank
 * that is stopped costs one long wait and then one silent meeting with each partner, and the run
 * ends. */
#ifndef HP_PROBE_ENGINE_H
#define HP_PROBE_ENGINE_H

#include "facts/profile.h"
#include "options/options.h"

#include <hp/base/clock.h>

struct engine;

/* Joins the run and opens the rails. One of these that fail on one node only do not end the run:
 * then the node has a finding. False: *reterr. */
struct engine *engine_open(const struct probe_options *options, const struct world *world,
                           struct str arguments, struct probe_error *reterr);
bool engine_is_first(const struct engine *engine);
/* The instance type most nodes have; empty: unknown. On rank 0. */
struct str engine_type(const struct engine *engine);
/* On rank 0, before it measures: a run that says that it did not end. It is written first, so that
 * something stands there when an engine ends all ranks by force. */
struct probe_run *engine_draft(struct engine *engine);
/* Rank 0 says whether there will be a run, and how much of its time is left, counted from the
 * moment when all had come; the others hear it. False: there is none. */
bool engine_go(struct engine *engine, int exit_code);
void engine_measure(struct engine *engine);

/* On rank 0: what all have measured, or as much of it as can be had. matrix: path of the file for
 * large runs, NULL: in memory. */
struct probe_run *engine_gather(struct engine *engine, const char *matrix,
                                struct probe_error *reterr);
/* On rank 0, after the judge's first word: measures suspects once more, adds samples; true: there
 * are some, judge again. The others serve it until rank 0 says that this is all. */
bool engine_retest(struct engine *engine, struct probe_run *run);
void engine_serve(struct engine *engine);
/* On rank 0, instead of engine_retest: the others may leave. */
void engine_dismiss(struct engine *engine);

/* Rank 0 said nothing any more, which this rank has told: EXIT_TIMED_OUT. */
bool engine_is_abandoned(const struct engine *engine);

/* Leaves. Ranks that would keep the run open for ever are ended with it, after everyone else has
 * had time to leave; the exit code is for these. */
void engine_close(struct engine *engine, int exit_code);

#endif
