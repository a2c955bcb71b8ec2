/* What follows from a scaling request or from a health check that was asked for, as
 * DescribeClusterOperation shows it (semantics section 16). */
#ifndef HP_SIM_CLUSTER_OPERATION_H
#define HP_SIM_CLUSTER_OPERATION_H

#include "cluster.h"

enum operation_state { OPERATION_IN_PROGRESS, OPERATION_SUPERSEDED, OPERATION_DONE };

struct counts {
    int64_t current, target, minimum; /* minimum 0: none is given */
};

/* One group in an operation. */
struct operation_group {
    struct str name;
    enum operation_state state;
    struct counts original, desired;
};

struct cluster_operation {
    char id[37];
    bool health_check; /* otherwise a scaling */
    enum operation_state state;
    int64_t created_ms;
    struct operation_group *groups;
    size_t group_count;
    struct arena *arena; /* of the checks; or NULL */
    struct doc *checks;  /* DeepHealthCheckDetails */
};

/* A new operation in progress. Those of more than 14 days ago are forgotten (guide). */
struct cluster_operation *operation_new(struct cluster *cluster, bool health_check, int64_t now_ms);
/* Takes the group in; a scaling that had it before is superseded there (semantics section 16). */
void operation_take(struct cluster *cluster, struct cluster_operation *operation,
                    const struct node_group *group, struct counts original, struct counts desired);
/* The one in progress that has the group, or NULL. */
struct cluster_operation *operation_of(const struct cluster *cluster, bool health_check,
                                       struct str group);
/* Nothing more is to be done for the group. */
void operation_group_done(struct cluster *cluster, bool health_check, struct str group);
struct cluster_operation *operation_by_id(const struct cluster *cluster, struct str id);
const char *operation_state_name(enum operation_state state);
void operations_done(struct list *operations);
/* How many nodes a group has and wants. */
struct counts counts_of(const struct node_group *group);

#endif
