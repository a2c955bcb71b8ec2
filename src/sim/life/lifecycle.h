/* What time does to clusters. Everything happens at the moment it is due, in order, no matter when
 * somebody looks. */
#ifndef HP_SIM_LIFECYCLE_H
#define HP_SIM_LIFECYCLE_H

#include "world/cluster.h"

/* Lets everything happen that is due until now. */
void lifecycle_advance(struct state *state, int64_t now_ms);
/* The same where nothing is due, by who may only read the state; false: something may be, and
 * nothing has happened. */
bool lifecycle_pass(struct state *state, int64_t now_ms);

/* Begin what a call asks for. The cluster's plan is the new one already. */
void lifecycle_create(struct cluster *cluster, int64_t now_ms);
void lifecycle_update(struct cluster *cluster, int64_t now_ms);
void lifecycle_delete(struct cluster *cluster, int64_t now_ms);

/* One node more or less; the plan has the new count already. lifecycle_counted when all are there:
 * the request becomes an operation. `original` are the counts before. */
struct node *lifecycle_add_node(struct cluster *cluster, struct node_group *group, int64_t now_ms);
void lifecycle_remove_node(struct cluster *cluster, struct node_group *group, struct node *node,
                           int64_t now_ms);
/* What is short of the new count, or too much. */
void lifecycle_scale(struct cluster *cluster, struct node_group *group, int64_t now_ms);
/* Another instance for the node. */
void lifecycle_replace(struct cluster *cluster, struct node_group *group, struct node *node,
                       int64_t now_ms);
void lifecycle_reboot(struct cluster *cluster, struct node_group *group, struct node *node,
                      int64_t now_ms);
void lifecycle_check(struct cluster *cluster, struct node_group *group, struct node *node,
                     int64_t now_ms);
/* A new image for all nodes of the group; the deployment may be NULL: all at once. */
void lifecycle_software(struct cluster *cluster, struct node_group *group, struct str image,
                        struct str release, const struct doc *deployment, int64_t now_ms);
/* A condition is new: nodes that run may have to die. */
void lifecycle_heed(struct state *state, int64_t now_ms);
/* After any of these: when the cluster must be looked at next. */
void lifecycle_schedule(struct cluster *cluster);

#endif
