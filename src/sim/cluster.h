/* HyperPod clusters, their groups and nodes. */
#ifndef HP_SIM_CLUSTER_H
#define HP_SIM_CLUSTER_H

#include "state.h"

enum cluster_status {
    CLUSTER_CREATING,
    CLUSTER_DELETING,
    CLUSTER_FAILED,
    CLUSTER_IN_SERVICE,
    CLUSTER_ROLLING_BACK,
    CLUSTER_UPDATING
};

enum node_status {
    NODE_PENDING,
    NODE_RUNNING,
    NODE_FAILURE,
    NODE_SHUTTING_DOWN,
    NODE_GONE /* no longer listed, still counted */
};

struct node {
    struct str instance_id, logical_id;
    enum node_status status;
    int64_t launch_ms, due_ms; /* due: when the next thing happens to it; NEVER */
    struct interface *interface;
    const char *message; /* or NULL */
};

#define NEVER INT64_MAX

/* A group while it has nodes or is wanted. */
struct node_group {
    struct str name, type;  /* instance type */
    bool restricted, fresh; /* fresh: made by the operation under way */
    const struct doc *spec; /* as last sent: in the cluster's plan; NULL: it is being deleted */
    struct list nodes;      /* struct node */
    unsigned made;          /* nodes so far: their ids follow from it */
};

/* What the cluster shall be: the members of CreateCluster and UpdateCluster, put together. */
struct plan {
    struct arena *arena; /* NULL: there is no plan */
    struct doc *settings;
    struct doc *groups, *restricted; /* lists of specifications */
};

struct cluster {
    struct region *region;
    struct str name, id, arn;
    int64_t created_ms;
    enum cluster_status status;
    int64_t due_ms, next_ms; /* next: the earliest due of the cluster and its nodes */
    struct tags tags;
    struct plan plan, previous; /* previous: to roll back to, while an update runs */
    struct list groups;         /* struct node_group */
    struct str fail;            /* what is under way shall fail with this message */
    struct str failure_message;
    bool creation_failed;
};

const char *cluster_status_name(enum cluster_status status);
const char *node_status_name(enum node_status status);

/* Takes the plan over. */
struct cluster *cluster_new(struct state *state, struct region *region, struct str name,
                            struct plan plan, int64_t now_ms);
void cluster_free(struct cluster *cluster); /* not its network interfaces */
/* By name or ARN, or NULL. */
struct cluster *cluster_find(const struct region *region, struct str name_or_arn);

struct plan plan_new(void);
struct plan plan_copy(const struct plan *plan);
void plan_done(struct plan *plan);

bool cluster_is_continuous(const struct cluster *cluster);
bool cluster_has_eks(const struct cluster *cluster);
struct node_group *cluster_group(const struct cluster *cluster, struct str name);
/* The specification of that name in a list of specifications, or NULL. */
struct doc *spec_find(const struct doc *list, struct str name);
/* How many nodes a specification asks for; 0 of NULL. */
int64_t spec_count(const struct doc *spec);
/* InstanceType, or the first of InstanceRequirements. */
struct str spec_type(const struct doc *spec);
/* OverrideVpcConfig, or the cluster's VpcConfig, or NULL. */
const struct doc *spec_network(const struct cluster *cluster, const struct doc *spec);

struct node *node_new(struct state *state, struct cluster *cluster, struct node_group *group,
                      int64_t now_ms);
void node_free(struct region *region, struct node *node); /* with its interface */
int64_t group_current(const struct node_group *group);
/* Are nodes of it coming or going? */
bool group_is_scaling(const struct node_group *group);

#endif
