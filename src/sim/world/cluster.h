/* HyperPod clusters, their groups and nodes. */
#ifndef HP_SIM_CLUSTER_H
#define HP_SIM_CLUSTER_H

#include "facts/instance_types.h"
#include "state.h"

#define NEVER INT64_MAX

enum cluster_status {
    CLUSTER_CREATING,
    CLUSTER_DELETING,
    CLUSTER_FAILED,
    CLUSTER_IN_SERVICE,
    CLUSTER_ROLLING_BACK,
    CLUSTER_SYSTEM_UPDATING,
    CLUSTER_UPDATING
};

/* Up to NODE_FAILURE: the node is wanted. */
enum node_status {
    NODE_PENDING,
    NODE_RUNNING,
    NODE_DEEP_CHECK,
    NODE_SYSTEM_UPDATING,
    NODE_FAILURE,
    NODE_SHUTTING_DOWN,
    NODE_GONE, /* no longer listed, still counted */
    NODE_STATUSES
};

/* What happens to a node when it is due: life/node.c has the table. */
enum node_step {
    STEP_REST, /* nothing, or what a condition has in store */
    STEP_LAUNCH,
    STEP_EFA,
    STEP_DOWNLOAD,
    STEP_SCRIPT,
    STEP_JOIN,
    STEP_DEEP_CHECK,
    STEP_REBOOT,
    STEP_DIE,
    STEP_RETRY,
    STEP_LEAVE,
    STEP_FORGET
};

struct node {
    struct str instance_id, logical_id;
    struct str message; /* why it failed last; stays while it is tried again. Empty: it did not */
    enum node_status status;
    enum node_step step;
    int64_t launch_ms, due_ms; /* due: when the next thing happens to it; NEVER */
    int64_t updated_ms;        /* the last software update; 0: none */
    struct interface *interface;
    const struct instance_facts *type; /* of those that its group allows */
    unsigned number;                   /* from 1: the least that no other node of its group has */
    unsigned serial;                   /* from 1: the how manieth that its group made */
    unsigned attempts;                 /* launches before */
    unsigned zone;
    unsigned slot;         /* its instance of a training plan, from 1; 0: of none that was made */
    bool launched;         /* it has an instance */
    bool spot;             /* what it was launched as */
    bool over;             /* to be swept away */
    bool hanging;          /* its script does not end */
    bool proven;           /* this instance has run */
    bool on_desired;       /* while its software is updated: it has the new image */
    uint32_t zones, types; /* that BatchAddClusterNodes named, as bits; 0: any */
};

/* A software update of one group under way: life/software.c. */
struct software {
    int64_t due_ms;
    struct arena *arena; /* of the deployment; NULL: no update is under way */
    const struct doc *deployment;
    bool rolling_back, waiting, failing; /* waiting: between two batches */
};

/* A group while it has nodes or is wanted. */
struct node_group {
    struct str name;
    bool restricted, fresh; /* fresh: made by the operation under way */
    bool proven;            /* it has been in service, or needs no more nodes for that */
    bool rolled_back;       /* its MinInstanceCount was not reached in time */
    bool busy;              /* a scaling request is not done yet */
    const struct doc *spec; /* as last sent: in the cluster's plan; NULL: it is being deleted */
    struct list nodes;      /* struct node */
    int64_t counts[NODE_STATUSES];
    unsigned made;       /* nodes so far: their ids follow from it */
    int64_t next_ms;     /* the earliest due of its nodes */
    int64_t patch_ms;    /* NextPatchDate; NEVER: it is not patched by itself */
    int64_t schedule_ms; /* when ScheduledUpdateConfig updates it next; NEVER */
    int64_t minimum_ms;  /* when MinInstanceCount must have been reached; NEVER */
    struct doc *earlier; /* specification to go back to then; NULL: to no nodes */
    struct arena *earlier_arena;
    struct str image, release, desired_image, desired_release;
    const char *software_status; /* SoftwareUpdateStatus, or NULL: never updated */
    struct software software;
};

/* What the cluster shall be: the members of CreateCluster and UpdateCluster, put together. */
struct plan {
    struct arena *arena; /* NULL: there is no plan */
    struct doc *settings;
    struct doc *groups, *restricted; /* lists of specifications */
};

/* An interface whose node has gone: its address is in use a while longer. */
struct leftover {
    struct interface *interface;
    int64_t due_ms;
};

/* An answer of BatchAddClusterNodes, for those who ask again. */
struct client_token {
    struct str token, asked, answer; /* JSON */
    int64_t until_ms;
};

struct cluster {
    struct state *state;
    struct region *region;
    struct str name, id, arn;
    int64_t created_ms;
    enum cluster_status status;
    int64_t due_ms;   /* when to look at it at the latest; NEVER */
    int64_t ready_ms; /* what is under way ends no earlier */
    int64_t next_ms;  /* the earliest due of it and all that it has */
    struct tags tags;
    struct plan plan, previous; /* previous: what it was before the last update, until that is done;
                                   classic clusters go back to it */
    struct list groups;         /* struct node_group */
    struct list leftovers;      /* struct leftover */
    struct list operations;     /* struct cluster_operation: cluster_operation.h */
    struct list events;         /* struct event: cluster_event.h; oldest first */
    struct list tokens;         /* struct client_token */
    uint64_t made;              /* operations and events so far */
    struct str fail;            /* what is under way shall fail with this message */
    struct str trouble;         /* why what is under way cannot become what it shall */
    struct str failure_message;
    bool creation_failed;
};

const char *cluster_status_name(enum cluster_status status);
const char *node_status_name(enum node_status status);

/* Takes the plan over. */
struct cluster *cluster_new(struct state *state, struct region *region, struct str name,
                            struct plan plan, int64_t now_ms);
void cluster_free(struct cluster *cluster); /* not its network interfaces */
/* Takes it out of its region and frees it. */
void cluster_remove(struct cluster *cluster);
/* By name or ARN, or NULL. */
struct cluster *cluster_find(const struct region *region, struct str name_or_arn);
/* A UUID that follows from the cluster and a number. */
void cluster_uuid(struct cluster *cluster, char ret_id[37]);

struct plan plan_new(void);
struct plan plan_copy(const struct plan *plan);
void plan_done(struct plan *plan);
/* The specification of that name, restricted or not, or NULL. */
struct doc *plan_spec(const struct plan *plan, struct str name);

bool cluster_is_continuous(const struct cluster *cluster);
bool cluster_has_eks(const struct cluster *cluster);
struct node_group *cluster_group(const struct cluster *cluster, struct str name);
/* Does any node of it run deep health checks? */
bool cluster_is_checking(const struct cluster *cluster);
/* The group of that specification; made when there is none. */
struct node_group *cluster_group_of(struct cluster *cluster, const struct doc *spec,
                                    bool restricted);
void cluster_drop_group(struct cluster *cluster, struct node_group *group);
/* The specification of that name in a list of specifications, or NULL. */
struct doc *spec_find(const struct doc *list, struct str name);
/* How many nodes a specification asks for; 0 of NULL. */
int64_t spec_count(const struct doc *spec);
/* MinInstanceCount; 0: none. */
int64_t spec_minimum(const struct doc *spec);
/* InstanceType, or the first of InstanceRequirements. */
struct str spec_type(const struct doc *spec);
/* The type at that place of the priority; NULL: no more. */
const struct instance_facts *spec_type_at(const struct doc *spec, unsigned place);
/* Is it SlurmConfig.NodeType? "Controller", "Login", "Compute" */
bool spec_has_role(const struct doc *spec, const char *role);
/* OverrideVpcConfig, or the cluster's VpcConfig, or NULL. */
const struct doc *spec_network(const struct cluster *cluster, const struct doc *spec);

/* A node that waits for its launch. */
struct node *node_new(struct cluster *cluster, struct node_group *group, int64_t now_ms);
/* Another instance for the same node: its id follows from the attempts. */
void node_identify(struct cluster *cluster, struct node_group *group, struct node *node);
void node_free(struct region *region, struct node *node); /* with its interface */
void node_become(struct node_group *group, struct node *node, enum node_status status);
/* What the customer's VPC gives to a node: an interface in the subnet that holds all addresses of
 * the node. False: there are not enough. */
bool node_connect(struct cluster *cluster, struct node_group *group, struct node *node,
                  struct subnet *subnet);
/* How many addresses a node of this type takes. */
size_t node_addresses(const struct cluster *cluster, const struct doc *spec,
                      const struct instance_facts *type);
/* By instance id or logical id, of those that are listed; NULL: none. */
struct node *cluster_node(const struct cluster *cluster, struct str id,
                          struct node_group **ret_group);

int64_t group_current(const struct node_group *group);
/* Are nodes of it coming or going? */
bool group_is_scaling(const struct node_group *group);

#endif
