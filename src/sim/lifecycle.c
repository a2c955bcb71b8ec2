#include "lifecycle.h"
#include "efa.h"
#include "instance_types.h"

#include <stdlib.h>

/* Typical times, in milliseconds: 15 to 25 minutes for a cluster with accelerators, about 5 for a
 * small controller; a node that goes leaves the list first and the count later. */
enum {
    minute = 60 * 1000,
    launch_plain = 5 * minute,
    launch_accelerated = 15 * minute,
    cluster_ready = 2 * minute,
    settle = 2 * minute,
    roll_back = 3 * minute,
    shut_down = 1 * minute,
    forget = 1 * minute,
    relaunch = 20 * minute,
    take_down = 5 * minute
};

static const char no_address[] =
    "Failed to provision EC2 Instance. The specified subnet does not have enough free addresses to "
    "satisfy the request.";

static int64_t launch_time(struct str type)
{
    return instance_type_is_accelerated(type) ? launch_accelerated : launch_plain;
}

static void set_next(struct cluster *cluster)
{
    const struct node_group *group;
    const struct node *node;

    cluster->next_ms = cluster->due_ms;
    list_each (group, &cluster->groups)
        list_each (node, &group->nodes)
            if (node->due_ms < cluster->next_ms)
                cluster->next_ms = node->due_ms;
}

/* The nodes that a plan wants; more begin, surplus ones end. Returns when the last of them will be
 * there. */
static int64_t scale(struct state *state, struct cluster *cluster, struct node_group *group,
                     int64_t now)
{
    int64_t want = spec_count(group->spec), have = 0, ready = now;
    struct node *node;

    list_each (node, &group->nodes) {
        bool stays = node->status <= NODE_FAILURE && have < want;
        if (stays) {
            have++;
            if (node->status == NODE_PENDING && node->due_ms > ready)
                ready = node->due_ms;
        } else if (node->status <= NODE_FAILURE) {
            node->status = NODE_SHUTTING_DOWN;
            node->due_ms = now + shut_down;
        }
    }
    for (; have < want; have++) {
        node = node_new(state, cluster, group, now);
        node->due_ms = now + launch_time(group->type);
        ready = node->due_ms;
    }
    return ready;
}

static struct node_group *group_of(struct cluster *cluster, const struct doc *spec, bool restricted)
{
    struct str name = doc_get_text(spec, S("InstanceGroupName"));
    struct node_group *group = cluster_group(cluster, name);

    if (group == NULL) {
        group = calloc(1, sizeof *group);
        if (group == NULL)
            abort();
        group->name = text_of(name);
        group->fresh = true;
        list_add(&cluster->groups, group);
    }
    group->restricted = restricted;
    group->spec = spec;
    text_set(&group->type, spec_type(spec));
    return group;
}

/* Brings groups and nodes on the way to what the plan says. */
static int64_t reconcile(struct state *state, struct cluster *cluster, int64_t now)
{
    struct node_group *group;
    int64_t ready = now;

    list_each (group, &cluster->groups) {
        group->spec = NULL;
        group->fresh = false;
    }
    doc_each (entry, cluster->plan.groups)
        group_of(cluster, entry->value, false);
    doc_each (entry, cluster->plan.restricted)
        group_of(cluster, entry->value, true);
    list_each (group, &cluster->groups) {
        int64_t group_ready = scale(state, cluster, group, now);
        if (group_ready > ready)
            ready = group_ready;
    }
    return ready;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Continuous clusters are ready before their nodes; those of Slurm wait for controller and login.
 */
static int64_t continuous_ready(const struct cluster *cluster, int64_t now)
{
    const struct node_group *group;
    const struct node *node;
    int64_t ready = now + cluster_ready;

    if (cluster_has_eks(cluster))
        return ready;
    list_each (group, &cluster->groups) {
        struct str role = doc_text(doc_at(group->spec, "SlurmConfig.NodeType"));
        if (str_is(role, "Controller") || str_is(role, "Login"))
            list_each (node, &group->nodes)
                ready = later(ready, node->due_ms == NEVER ? ready : node->due_ms);
    }
    return ready;
}

void lifecycle_create(struct state *state, struct cluster *cluster, int64_t now)
{
    int64_t ready = reconcile(state, cluster, now);
    cluster->status = CLUSTER_CREATING;
    cluster->due_ms = cluster_is_continuous(cluster) ? continuous_ready(cluster, now)
                                                     : later(ready, now + cluster_ready);
    set_next(cluster);
}

void lifecycle_update(struct state *state, struct cluster *cluster, int64_t now)
{
    int64_t ready = reconcile(state, cluster, now);

    text_done(&cluster->failure_message);
    if (cluster_is_continuous(cluster)) {
        plan_done(&cluster->previous);
    } else {
        cluster->status = CLUSTER_UPDATING;
        cluster->due_ms = later(ready, now + settle);
    }
    set_next(cluster);
}

void lifecycle_delete(struct state *state, struct cluster *cluster, int64_t now)
{
    struct node_group *group;
    struct node *node;

    (void)state;
    cluster->status = CLUSTER_DELETING;
    cluster->due_ms = now + take_down;
    list_each (group, &cluster->groups)
        list_each (node, &group->nodes) {
            node->status = NODE_SHUTTING_DOWN;
            node->due_ms = NEVER; /* they go with the cluster */
        }
    set_next(cluster);
}

static void drop_nodes(struct cluster *cluster)
{
    struct node_group *group;
    struct node *node;
    list_each (group, &cluster->groups) {
        list_each (node, &group->nodes)
            node_free(cluster->region, node);
        list_done(&group->nodes);
    }
}

/* Why the cluster cannot become what it shall be; NULL: it can. */
static const char *obstacle(const struct cluster *cluster)
{
    const struct node_group *group;
    const struct node *node;

    if (cluster->fail.len > 0)
        return cluster->fail.ptr;
    list_each (group, &cluster->groups)
        list_each (node, &group->nodes)
            if (node->message != NULL && node->status <= NODE_FAILURE)
                return node->message;
    return NULL;
}

static void creation_ends(struct cluster *cluster, int64_t now)
{
    const char *why = obstacle(cluster);
    bool waits = cluster_is_continuous(cluster) && cluster->fail.len == 0;

    if (why != NULL && waits && !cluster_has_eks(cluster)) {
        cluster->due_ms = now + relaunch; /* the controller is tried again */
    } else if (why != NULL && !waits) {
        text_set(&cluster->failure_message, str_of(why));
        drop_nodes(cluster);
        cluster->creation_failed = true;
        cluster->status = CLUSTER_ROLLING_BACK;
        cluster->due_ms = now + roll_back;
    } else {
        cluster->status = CLUSTER_IN_SERVICE;
        cluster->due_ms = NEVER;
    }
}

static void update_ends(struct state *state, struct cluster *cluster, int64_t now)
{
    const char *why = obstacle(cluster);

    if (why == NULL) {
        plan_done(&cluster->previous);
        cluster->status = CLUSTER_IN_SERVICE;
        cluster->due_ms = NEVER;
        return;
    }
    text_set(&cluster->failure_message, str_of(why));
    text_done(&cluster->fail);
    struct plan failed = cluster->plan;
    cluster->plan = cluster->previous;
    cluster->previous = (struct plan){NULL, NULL, NULL, NULL};
    int64_t ready = reconcile(state, cluster, now);
    plan_done(&failed);
    cluster->status = CLUSTER_ROLLING_BACK;
    cluster->due_ms = later(ready, now + roll_back);
}

/* A first creation that rolled back has no earlier self: it has failed. Rolled-back updates are in
 * service. */
static void rollback_ends(struct cluster *cluster)
{
    cluster->status = cluster->creation_failed ? CLUSTER_FAILED : CLUSTER_IN_SERVICE;
    cluster->due_ms = NEVER;
}

static void cluster_is_due(struct state *state, struct cluster *cluster, int64_t now)
{
    switch (cluster->status) {
    case CLUSTER_CREATING:
        creation_ends(cluster, now);
        break;
    case CLUSTER_UPDATING:
        update_ends(state, cluster, now);
        break;
    case CLUSTER_ROLLING_BACK:
        rollback_ends(cluster);
        break;
    case CLUSTER_DELETING:
        drop_nodes(cluster);
        list_remove(&cluster->region->clusters, cluster);
        cluster_free(cluster);
        break;
    case CLUSTER_FAILED:
    case CLUSTER_IN_SERVICE:
        break;
    }
}

/* A node comes up, unless its network does not let it. Continuous clusters try again for ever. */
static void node_comes(struct state *state, struct cluster *cluster, struct node_group *group,
                       struct node *node, int64_t now)
{
    const struct doc *network = spec_network(cluster, group->spec);
    const char *why = NULL;
    (void)state;

    if (network != NULL && node->interface == NULL)
        why = no_address;
    else if (instance_type_has_efa(group->type))
        why = efa_obstacle(cluster->region, network);
    node->message = why;
    if (why == NULL) {
        node->status = NODE_RUNNING;
        node->due_ms = NEVER;
    } else {
        node->status = NODE_FAILURE;
        node->due_ms = cluster_is_continuous(cluster) ? now + relaunch : NEVER;
    }
}

static void nodes_are_due(struct state *state, struct cluster *cluster, struct node_group *group,
                          int64_t now)
{
    struct list stay = {NULL, 0, 0};
    struct node *node;

    list_each (node, &group->nodes) {
        bool due = node->due_ms <= now;
        if (due && (node->status == NODE_PENDING || node->status == NODE_FAILURE)) {
            node_comes(state, cluster, group, node, now);
        } else if (due && node->status == NODE_SHUTTING_DOWN) {
            node->status = NODE_GONE;
            node->due_ms = now + forget;
        } else if (due && node->status == NODE_GONE) {
            node_free(cluster->region, node);
            continue;
        }
        list_add(&stay, node);
    }
    list_done(&group->nodes);
    group->nodes = stay;
}

static void drop_empty_groups(struct cluster *cluster)
{
    for (size_t i = cluster->groups.count; i-- > 0;) {
        struct node_group *group = cluster->groups.items[i];
        if (group->spec != NULL || group->nodes.count > 0)
            continue;
        list_remove(&cluster->groups, group);
        list_done(&group->nodes);
        text_done(&group->name);
        text_done(&group->type);
        free(group);
    }
}

/* Everything of this cluster that is due at this moment: nodes first. */
static void happen(struct state *state, struct cluster *cluster, int64_t now)
{
    struct node_group *group;
    struct region *region = cluster->region;

    list_each (group, &cluster->groups)
        nodes_are_due(state, cluster, group, now);
    drop_empty_groups(cluster);
    if (cluster->due_ms <= now)
        cluster_is_due(state, cluster, now);
    if (list_has(&region->clusters, cluster))
        set_next(cluster);
}

static struct cluster *earliest(const struct state *state)
{
    const struct region *region;
    struct cluster *cluster, *first = NULL;

    list_each (region, &state->regions)
        list_each (cluster, &region->clusters)
            if (first == NULL || cluster->next_ms < first->next_ms)
                first = cluster;
    return first;
}

void lifecycle_advance(struct state *state, int64_t now_ms)
{
    for (;;) {
        struct cluster *cluster = earliest(state);
        if (cluster == NULL || cluster->next_ms > now_ms)
            return;
        happen(state, cluster, cluster->next_ms);
    }
}
