/* The engine that started us: PMIx, as srun --mpi=pmix, mpirun and the MPI Operator serve it. It is
 * opened at run time, so that what needs no engine starts without it.
 *
 * A rank may be stopped, dead or late at any time: nothing here waits without a deadline, and
 * nothing needs all ranks to answer but wire_meet, which gives up for good the first time that
 * somebody does not come. Deadlines are ticks_ns. One thread at a time. */
#ifndef HP_PROBE_WIRE_H
#define HP_PROBE_WIRE_H

#include "facts/error.h"

#include <hp/base/clock.h>

struct wire;

/* False: not started by an engine (EXIT_BAD_USAGE), no libpmix (EXIT_UNAVAILABLE), or it did not
 * answer (EXIT_TIMED_OUT). */
struct wire *wire_open(const struct world *world, int64_t deadline, struct probe_error *reterr);
/* Leaves the engine in good order: a rank that ends without this counts as dead, and Slurm then
 * ends all others. Takes NULL. */
void wire_close(struct wire *wire);
/* Ends the whole run: for ranks that would keep it open for ever. Does not return when it works. */
void wire_end_all(struct wire *wire, int status, const char *why);

uint32_t wire_rank(const struct wire *wire);
uint32_t wire_size(const struct wire *wire);
const char *wire_name(const struct wire *wire); /* "PMIx 4.2.2" */

/* Says something to all: a key is used once. What was said stays readable when we say no more. */
bool wire_say(struct wire *wire, const char *key, struct str bytes);
/* Takes a word back that nobody needs any more: each meeting carries all words of all ranks to all
 * of them. */
void wire_forget(struct wire *wire, const char *key);
/* What a rank has said; waits for it until the deadline (and asks once when that has passed). */
bool wire_hear(struct wire *wire, uint32_t rank, const char *key, struct arena *arena,
               int64_t deadline, struct str *ret_bytes);
/* Whether it has said this by now, as far as can be told within some milliseconds. */
bool wire_has_said(struct wire *wire, uint32_t rank, const char *key);
/* All come together; what they said before is then at hand. False: one of them did not come before
 * the deadline; then every later call is false at once. */
bool wire_meet(struct wire *wire, int64_t deadline);
bool wire_meets(const struct wire *wire); /* it never failed */
/* The engine told that this rank has died. */
bool wire_is_dead(struct wire *wire, uint32_t rank);

#endif
