/* What HyperPod refuses beyond the shapes: what does not go together, what is not there, what
 * cannot change. */
#ifndef HP_SIM_CLUSTER_RULES_H
#define HP_SIM_CLUSTER_RULES_H

#include "call/call.h"
#include "world/cluster.h"

/* Is this plan one that a cluster could have? False: ValidationException. */
bool plan_is_sound(struct call *call, const struct plan *plan);
/* May a cluster with the old plan become one with the new? */
bool plan_may_follow(struct call *call, struct str cluster, const struct plan *old,
                     const struct plan *next);

#endif
