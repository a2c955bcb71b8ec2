/* Within this floor: what a rank knows of its run. */
#ifndef HP_PROBE_ENGINE_INSIDE_H
#define HP_PROBE_ENGINE_INSIDE_H

#include "engine.h"
#include "node/card.h"
#include "node/expected.h"
#include "node/sysfs.h"
#include "roster.h"
#include "stage.h"
#include "wire.h"

#include <hp/base/buf.h>

/* How a rank was left without measuring. */
enum ending_how { ENDING_WELL, ENDING_DIED, ENDING_SILENT, ENDING_NO_RAIL };

/* What a rank says when it has measured. */
struct ending {
    int64_t how; /* enum ending_how */
    struct str phase, why;
    bool timed_out;
    int64_t stood_ms, missed; /* it did not run for so long, and missed so many meetings */
    int64_t busy, total, own; /* ticks of the machine's processors, and of ours */
    uint32_t counter_count;
    struct ending_counter *counters;
    int64_t cells_bytes; /* that follow, in pieces */
    uint32_t phase_count;
    double *phase_ms;
};
struct ending_counter {
    int64_t rail, moved;
    struct str name;
};
extern const struct members ending_members;

struct engine {
    const struct probe_options *options;
    const struct world *world;
    struct arena *arena;
    struct wire *wire;
    struct stage *stage;
    struct measurer measurer;
    struct card **cards; /* a rank each; NULL: it never came */
    struct expected expected;
    struct roster roster;
    struct str arguments;
    uint32_t rank, size;
    int64_t started_ms;
    int64_t deadline; /* of the run: rank 0's, from the anchor that all have */
    int64_t anchor;   /* when the last round began, on all ranks nearly the same */
    uint32_t sequence;
    uint32_t pieces_said;
    uint32_t turns; /* in which the pairs of a round measure: 1, all at once */
    bool timed_out, card_is_heard;
    bool abandoned;    /* rank 0 says nothing any more */
    int64_t stood_ns;  /* this rank did not run for so long */
    uint32_t missed;   /* meetings, by that */
    const char *phase; /* where the measuring process was lost */
    double phase_ms[PLAN_PHASES];
    uint32_t aside_rounds[PROBE_ASIDES];
    const char *broken_off[PROBE_ASIDES]; /* why, in the last of these rounds; NULL: it was not */
    struct sysfs_load load;
    int64_t counters[PROBE_MAX_RAILS][SYSFS_COUNTERS];
    bool any_mute; /* on rank 0: somebody has to be ended */
};

/* All come together, or the clock decides. slot_ns: what a round takes at most. False: the run's
 * time is over, and the round is not held, by nobody. */
bool engine_round(struct engine *engine, int64_t slot_ns);

/* Rank 0 has not said what it must: this rank leaves, and ends the run with it. */
void engine_abandon(struct engine *engine);

/* The same without that question: rank 0 has seen to it. */
void engine_come(struct engine *engine, int64_t slot_ns);

/* Whether this rank and the other can measure with each other now. */
bool engine_wants(const struct engine *engine, uint32_t partner);
/* Orders it, and tells all others when the measuring process is lost. */
void engine_order(struct engine *engine, const struct stage_order *order, const char *phase);
/* In which of the turns of a round this rank's pair measures. */
uint32_t engine_turn(const struct engine *engine, uint32_t round, uint32_t partner);
void engine_progress(const struct engine *engine, const char *phase, uint32_t repeat,
                     uint32_t round, uint32_t rounds);

/* Whether the rails of all ranks can do RMA. */
bool engine_can_rma(const struct engine *engine);
/* Whether this run measures a phase beside the matrix: what it needs is there. */
bool aside_is_possible(const struct engine *engine, enum probe_aside_kind kind);
/* Measures it. The first time that somebody does not come to a round it is over, on every rank: a
 * sample is not worth waiting for the clock. */
void aside_walk(struct engine *engine, uint32_t phase);
/* A random order of 0 … count-1, the same on each rank: places 2i and 2i+1 are a pair. */
void aside_matching(uint64_t seed, uint32_t count, uint32_t *ret_order);
/* Which rail of the other each rail goes to: no rail to its own number, none twice. */
void aside_across(uint64_t seed, uint32_t rails, uint8_t *ret_to);

/* Cells of a rank as bytes, with the median of repetitions. */
void cells_pack(struct engine *engine, struct buf *out);
/* Into the run, as rank `from` has seen them. False: these are no cells of this run. */
bool cells_unpack(struct engine *engine, struct probe_run *run, uint32_t from, struct str bytes);

/* How many turns a round needs. Ranks that share a machine would take each other's processors:
 * there, as many pairs measure at a time as have two processors for each rail. */
uint32_t turns_of(struct card *const *cards, uint32_t count);
/* The most ranks that one machine has. */
uint32_t most_on_one_machine(struct card *const *cards, uint32_t count);

/* The same program and the same command line everywhere. False: who differs, and in what. */
bool cards_agree(struct card *const *cards, uint32_t count, struct probe_error *reterr);

#endif
