/* The sim itself, for the files that make it up. */
#ifndef HP_SIM_CORE_H
#define HP_SIM_CORE_H

#include "auth.h"
#include "calls.h"
#include "faults.h"
#include "journal.h"
#include "world/conditions.h"
#include <hp/base/log.h>
#include <pthread.h>

struct models;
struct scenario;

struct sim {
    const struct world *world;
    struct sim_options options;
    struct stop_source *stop;  /* ends what is slow on purpose */
    struct stop_source *holds; /* lets go of the calls that are held */
    pthread_rwlock_t lock; /* guards all below. A call that changes nothing holds it for reading,
                              until its answer is written: answers borrow from the state */
    pthread_mutex_t notes; /* guards calls, among those who read */
    struct state state;
    struct list faults;      /* struct fault */
    struct list credentials; /* struct credential */
    struct list roles;       /* struct role: those that ask for something */
    struct calls calls;
    struct journal journal;
    struct models *models;     /* NULL: our own tables only */
    struct scenario *scenario; /* NULL: there is none */
    _Atomic uint64_t requests;
};

/* "Under the lock" is: held for writing. */

/* The simulated now, after everything that was due has happened. Under the lock. */
int64_t sim_now(struct sim *sim);
/* The same under the lock held for reading; false: something is due, and nobody may read on. */
bool sim_pass(struct sim *sim, int64_t *ret_now_ms);
/* Everything as it was at the start. Under the lock. */
void sim_begin_again(struct sim *sim);
/* Conditions of the world from now on, written to the journal: one, or a list of them. False:
 * *reterr says why and nothing has changed. Under the lock. */
bool sim_set_conditions(struct sim *sim, struct arena *arena, const struct doc *specs,
                        struct condition_error *reterr);
/* What is held is let go. Under the lock. */
void sim_clear_faults(struct sim *sim);
/* The same key and token once more: the new one counts. */
struct credential *sim_add_credential(struct sim *sim, struct str access_key, struct str secret_key,
                                      struct str token, int64_t expires_ms);
/* NULL: there is none of this key with this token (empty: without one). */
const struct credential *sim_find_credential(const struct sim *sim, struct str access_key,
                                             struct str token);
/* Sessions that are over, and the oldest of too many, are forgotten. */
void sim_forget_sessions(struct sim *sim);

#endif
