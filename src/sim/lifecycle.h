/* What time does to clusters. Everything happens at the moment it is due, in order, no matter when
 * somebody looks. */
#ifndef HP_SIM_LIFECYCLE_H
#define HP_SIM_LIFECYCLE_H

#include "cluster.h"

/* Lets everything happen that is due until now. */
void lifecycle_advance(struct state *state, int64_t now_ms);

/* Begin what a call asks for. The cluster's plan is the new one already. */
void lifecycle_create(struct state *state, struct cluster *cluster, int64_t now_ms);
void lifecycle_update(struct state *state, struct cluster *cluster, int64_t now_ms);
void lifecycle_delete(struct state *state, struct cluster *cluster, int64_t now_ms);

#endif
