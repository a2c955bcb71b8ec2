/* Faults on order: which calls go wrong, how, and how often. The same seed gives the same faults.
 */
#ifndef HP_SIM_FAULTS_H
#define HP_SIM_FAULTS_H

#include "world/state.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_THROTTLE, /* the service's throttling error */
    FAULT_ERROR,    /* `status` and `code` (500, the service's internal error) with `message` */
    FAULT_CUT,      /* done; half of the answer */
    FAULT_RESET,    /* not done; the connection is reset */
    FAULT_SLOW,     /* done after `delay_ms` */
    FAULT_LOST,     /* done; the connection ends without an answer */
    FAULT_SKEW,     /* the server takes its clock to be `delay_ms` ahead (20 minutes) */
    FAULT_EXPIRED,  /* the token has expired */
    FAULT_FAIL,     /* done, but what is created or updated fails later with `message` */
    FAULT_HELD,     /* not done, and nobody answers until `delay_ms` (an hour) have passed or the
                       faults are cleared; then the connection ends */
    FAULT_MUTE      /* the same, but done */
};

struct fault {
    enum fault_kind kind;
    struct str service, operation; /* empty: any */
    struct str user_agent;         /* what the User-Agent has; empty: any */
    double share;                  /* of the matching calls */
    int64_t after, times;          /* spares the first; ends after so many; times -1: never */
    int64_t delay_ms;
    int status;
    struct str code, message;
    uint64_t seed;
    int64_t seen, hits;
};

/* Reads {"kind", "service", "operation", "share", "after", "times", "seed", "delay_ms", "status",
 * "code", "message", "user_agent"} and adds it to the list. False: *ret_why, in the arena. */
bool faults_add(struct list *faults, struct arena *arena, const struct doc *spec,
                struct str *ret_why);
void faults_clear(struct list *faults);

/* Counts the call and returns the fault that hits it, or NULL. */
const struct fault *faults_pick(struct list *faults, struct str service, struct str operation,
                                struct str user_agent);
const char *fault_name(enum fault_kind kind);
/* Each fault as it was told, with the calls that it has seen and hit. */
struct doc *faults_list(const struct list *faults, struct arena *arena);

#endif
