/* What ListClusterEvents and DescribeClusterEvent tell of a cluster (semantics section 5). */
#ifndef HP_SIM_CLUSTER_EVENT_H
#define HP_SIM_CLUSTER_EVENT_H

#include "cluster_operation.h"

enum event_kind {
    EVENT_CLUSTER_CREATING,
    EVENT_CLUSTER_IN_SERVICE,
    EVENT_CLUSTER_UPDATING,
    EVENT_CLUSTER_FAILED,
    EVENT_CLUSTER_DELETING,
    EVENT_GROUP_SCALING,
    EVENT_GROUP_SCALED,
    EVENT_GROUP_ROLLED_BACK,
    EVENT_GROUP_TROUBLE,
    EVENT_GROUP_SOFTWARE,
    EVENT_GROUP_SOFTWARE_DONE,
    EVENT_GROUP_SOFTWARE_FAILED,
    EVENT_GROUP_NODES_LOST,
    EVENT_NODE_LAUNCHED,
    EVENT_NODE_RUNNING,
    EVENT_NODE_FAILED,
    EVENT_NODE_LEAVING,
    EVENT_NODE_REBOOTING,
    EVENT_NODE_REPLACING,
    EVENT_NODE_CHECKING,
    EVENT_NODE_CHECKED,
    EVENT_DATABASE_SET,
    EVENT_DATABASE_REVERTED,
    EVENT_SLURM_HEALTHY,
    EVENT_SLURM_UNHEALTHY
};

struct event {
    char id[37];
    enum event_kind kind;
    int64_t time_ms;
    struct str group, instance_id, logical_id, interface_id, subnet_id, failure;
    char operation_id[37]; /* empty: no operation caused it */
    unsigned zone;         /* where subnet_id is */
    unsigned cards;        /* network cards of the instance besides the first */
    const char *lcs;       /* LcsExecutionState, or NULL */
    struct counts counts;
};

/* Told of the cluster, of a group (or NULL), of a node (or NULL). Classic clusters keep none: their
 * events cannot be asked for. */
void event_tell(struct cluster *cluster, enum event_kind kind, const struct node_group *group,
                const struct node *node, struct str failure, int64_t now_ms);

const char *event_resource(enum event_kind kind); /* "Cluster", "InstanceGroup", "Instance" */
struct doc *event_summary(struct arena *arena, const struct cluster *cluster,
                          const struct event *event);
struct doc *event_details(struct arena *arena, const struct cluster *cluster,
                          const struct event *event);
void events_done(struct list *events);

#endif
