/* Training plans: instances of one type that are the account's own, in one zone, for a time. */
#ifndef HP_SIM_TRAINING_PLAN_H
#define HP_SIM_TRAINING_PLAN_H

#include "facts/failures.h"
#include "record.h"

/* What is offered. Its id holds all of it, so that nobody need remember it. */
struct plan_offer {
    int64_t type;      /* place in training_plan_types */
    int64_t instances; /* of all UltraServers, where it is of those */
    int64_t start_s, hours;
    int64_t zone;
    int64_t targets; /* bits: places in training_plan_targets */
    int64_t ultra;   /* place in ultra_servers and 1; 0: plain instances */
};

struct ultra_server {
    const char *name, *type;
    int64_t instances;
};

struct training_plan {
    struct record record; /* RECORD_TRAINING_PLAN */
    struct plan_offer offer;
    int64_t end_s;  /* with its extensions */
    int64_t spares; /* per UltraServer */
    struct str reserved_arn, zone_name;
    struct list extensions; /* struct plan_extension, in the order in which they were bought */
};

struct plan_extension {
    int64_t start_s, hours, bought_ms;
};
/* A plan can be extended any number of times (guide); here what has so many is offered no more. */
enum { PLAN_EXTENSIONS = 1000 };

extern const char *const training_plan_types[];   /* ended by NULL */
extern const char *const training_plan_targets[]; /* "hyperpod-cluster" …; ended by NULL */
extern const struct ultra_server ultra_servers[]; /* ended by a row without name */

struct str offer_id(const struct state *state, struct arena *arena, const struct plan_offer *offer);
/* False: the id is none of an offer. */
bool offer_of_id(const struct state *state, struct arena *arena, struct str id,
                 struct plan_offer *ret_offer);
/* How many UltraServers; 0: it is of plain instances. */
int64_t offer_servers(const struct plan_offer *offer);

void training_plan_extend(struct training_plan *plan, int64_t hours, int64_t now_ms);
void training_plan_done(struct training_plan *plan); /* but its record */

/* By name or ARN; NULL: there is none. */
struct training_plan *training_plan_find(const struct region *region, struct str name_or_arn,
                                         int64_t now_ms);
/* "Pending", "Scheduled", "Active", "Expired", "Failed". */
const char *training_plan_status(const struct training_plan *plan, int64_t now_ms);
/* Instances that are neither spare nor of anybody's use; 0 while it is not active. */
int64_t training_plan_free(const struct region *region, const struct training_plan *plan,
                           int64_t now_ms);
struct plan_use {
    int64_t in_use, unhealthy;
};
struct plan_use training_plan_use(const struct region *region, const struct training_plan *plan);
/* The same of one of its UltraServers, from 0. */
struct plan_use training_plan_use_of(const struct region *region, const struct training_plan *plan,
                                     int64_t server);
/* Instances of one UltraServer that are not spare. */
int64_t training_plan_usable(const struct training_plan *plan);
/* "us-0…", of one of a plan's UltraServers. */
struct str ultra_server_id(const struct state *state, struct arena *arena, struct str owner_arn,
                           uint64_t number);
/* The lowest instance, from 1, that no node has; nodes fill one UltraServer after the other: ours.
 */
unsigned training_plan_slot(const struct region *region, const struct training_plan *plan);
/* Has it an instance of the type for one more node in this zone? Otherwise why not. */
enum failure training_plan_admits(const struct region *region, const struct training_plan *plan,
                                  struct str instance_type, unsigned zone, int64_t now_ms);

#endif
