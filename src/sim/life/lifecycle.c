#include "lifecycle.h"
#include "parts.h"
#include "world/network.h"
#include "world/record.h"

#include <stdatomic.h>
#include <stdlib.h>

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void group_schedule(struct node_group *group)
{
    const struct node *node;

    group->next_ms = earlier(earlier(group->minimum_ms, group->software.due_ms),
                             earlier(group->patch_ms, group->schedule_ms));
    list_each (node, &group->nodes)
        group->next_ms = earlier(group->next_ms, node->due_ms);
}

static void set_next(struct cluster *cluster)
{
    const struct node_group *group;
    const struct leftover *leftover;

    cluster->next_ms = cluster->due_ms;
    list_each (group, &cluster->groups)
        cluster->next_ms = earlier(cluster->next_ms, group->next_ms);
    list_each (leftover, &cluster->leftovers)
        cluster->next_ms = earlier(cluster->next_ms, leftover->due_ms);
    cluster->state->due_ms = earlier(cluster->state->due_ms, cluster->next_ms);
}

void lifecycle_schedule(struct cluster *cluster)
{
    struct node_group *group;
    list_each (group, &cluster->groups)
        group_schedule(group);
    set_next(cluster);
}

void lifecycle_create(struct cluster *cluster, int64_t now)
{
    cluster->status = CLUSTER_CREATING;
    cluster->ready_ms = cluster->due_ms = now + cluster_ready;
    event_tell(cluster, EVENT_CLUSTER_CREATING, NULL, NULL, S(""), now);
    reconcile(cluster, now);
    lifecycle_schedule(cluster);
}

/* Which groups does the request move? Each of them is a part of the operation. */
static void operate(struct cluster *cluster, const struct plan *old, const struct counts *before,
                    int64_t now)
{
    struct cluster_operation *operation = NULL;
    struct node_group *group;

    list_each (group, &cluster->groups) {
        const struct doc *spec = plan_spec(old, group->name);
        struct counts counts = counts_of(group), original = before[group_at];
        bool moves = spec == NULL || group->spec == NULL || counts.target != original.target ||
                     counts.minimum != original.minimum;
        if (!moves)
            continue;
        if (operation == NULL)
            operation = operation_new(cluster, false, now);
        counts.current = counts.target;
        operation_take(cluster, operation, group, original, counts);
        group->busy = true;
        group->rolled_back = false;
        event_tell(cluster, EVENT_GROUP_SCALING, group, NULL, S(""), now);
    }
}

void lifecycle_update(struct cluster *cluster, int64_t now)
{
    const struct plan *plan = &cluster->plan;
    size_t most = cluster->groups.count + plan->groups->count + plan->restricted->count + 1;
    struct counts *before = calloc(most, sizeof *before); /* new groups come at the end */
    bool continuous = cluster_is_continuous(cluster);
    struct node_group *group;

    if (before == NULL)
        abort();
    list_each (group, &cluster->groups)
        before[group_at] = counts_of(group);
    text_done(&cluster->failure_message);
    text_done(&cluster->trouble);
    cluster->ready_ms = cluster->due_ms = now + settle;
    event_tell(cluster, EVENT_CLUSTER_UPDATING, NULL, NULL, S(""), now);
    if (!continuous)
        cluster->status = CLUSTER_UPDATING;
    reconcile(cluster, now);
    if (continuous)
        operate(cluster, &cluster->previous, before, now);
    free(before);
    list_each (group, &cluster->groups)
        group_look(cluster, group, now);
    lifecycle_schedule(cluster);
}

void lifecycle_delete(struct cluster *cluster, int64_t now)
{
    struct node_group *group;
    struct node *node;

    cluster->status = CLUSTER_DELETING;
    cluster->due_ms = now + take_down;
    event_tell(cluster, EVENT_CLUSTER_DELETING, NULL, NULL, S(""), now);
    list_each (group, &cluster->groups) {
        group->minimum_ms = group->patch_ms = group->schedule_ms = group->software.due_ms = NEVER;
        list_each (node, &group->nodes) {
            node_become(group, node, NODE_SHUTTING_DOWN);
            node->step = STEP_REST;
            node->due_ms = NEVER; /* they go with the cluster */
        }
    }
    lifecycle_schedule(cluster);
}

static void drop_nodes(struct cluster *cluster)
{
    struct node_group *group;
    struct node *node;
    list_each (group, &cluster->groups) {
        list_each (node, &group->nodes)
            node_free(cluster->region, node);
        list_done(&group->nodes);
        memset(group->counts, 0, sizeof group->counts);
        group->next_ms = group->minimum_ms = group->patch_ms = group->schedule_ms = NEVER;
    }
}

static void drop_leftovers(struct cluster *cluster, int64_t now)
{
    struct list *list = &cluster->leftovers;
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        struct leftover *leftover = list->items[i];
        if (leftover->due_ms > now) {
            list->items[kept++] = leftover;
            continue;
        }
        thing_remove(cluster->region, &leftover->interface->thing);
        free(leftover);
    }
    list->count = kept;
}

/* Has everything come or gone that shall? Nodes that nobody tries again do not count. */
static bool is_settled(const struct cluster *cluster)
{
    const struct node_group *group;
    const struct node *node;

    list_each (group, &cluster->groups) {
        const int64_t *counts = group->counts;
        if (counts[NODE_PENDING] + counts[NODE_DEEP_CHECK] + counts[NODE_SHUTTING_DOWN] +
                counts[NODE_GONE] >
            0)
            return false;
        if (counts[NODE_FAILURE] > 0)
            list_each (node, &group->nodes)
                if (node->status == NODE_FAILURE && node->due_ms != NEVER)
                    return false;
    }
    return true;
}

static bool one_runs(const struct cluster *cluster, const char *role)
{
    const struct node_group *group;
    bool wanted = false;
    list_each (group, &cluster->groups) {
        if (!spec_has_role(group->spec, role))
            continue;
        wanted = true;
        if (group->counts[NODE_RUNNING] > 0)
            return true;
    }
    return !wanted;
}

/* The state of an external accounting database, told when it was set (semantics section 3: a failed
 * change reports its RollbackStatus). */
static void settle_database(struct cluster *cluster, int64_t now)
{
    struct doc *slurm = doc_at(cluster->plan.settings, "Orchestrator.Slurm");
    const struct doc *next = doc_get(slurm, S("AccountingDatabase"));
    const struct doc *before =
        doc_at(cluster->previous.settings, "Orchestrator.Slurm.AccountingDatabase");
    struct circumstance about = {.region = cluster->region, .cluster = cluster->name};

    if (doc_is_null(next) || (!doc_is_null(before) && doc_equal(before, next)))
        return;
    if (condition_find(cluster->state, CONDITION_DATABASE_UNREACHABLE, &about, now) == NULL) {
        event_tell(cluster, EVENT_DATABASE_SET, NULL, NULL, S(""), now);
        event_tell(cluster, EVENT_SLURM_HEALTHY, NULL, NULL, S(""), now);
        return;
    }
    struct str why = failure_text(FAILURE_DATABASE, doc_get_text(next, S("Endpoint")));
    doc_set(cluster->plan.arena, slurm, S("AccountingDatabase"),
            doc_is_null(before) ? NULL : doc_copy(cluster->plan.arena, before));
    event_tell(cluster, EVENT_DATABASE_REVERTED, NULL, NULL, why, now);
    event_tell(cluster, EVENT_SLURM_UNHEALTHY, NULL, NULL, S(""), now);
    text_done(&why);
}

static void in_service(struct cluster *cluster, int64_t now)
{
    struct node_group *group;

    settle_database(cluster, now);
    plan_done(&cluster->previous);
    list_each (group, &cluster->groups)
        group->fresh = false;
    cluster->status = CLUSTER_IN_SERVICE;
    cluster->due_ms = NEVER;
    event_tell(cluster, EVENT_CLUSTER_IN_SERVICE, NULL, NULL, S(""), now);
}

/* A first creation that rolled back has no earlier self. */
static void creation_fails(struct cluster *cluster, struct str why, int64_t now)
{
    text_set(&cluster->failure_message, why);
    event_tell(cluster, EVENT_CLUSTER_FAILED, NULL, NULL, why, now);
    drop_nodes(cluster);
    cluster->creation_failed = true;
    cluster->status = CLUSTER_ROLLING_BACK;
    cluster->ready_ms = cluster->due_ms = now + roll_back;
}

static void update_fails(struct cluster *cluster, struct str why, int64_t now)
{
    struct plan failed = cluster->plan;

    text_set(&cluster->failure_message, why);
    text_done(&cluster->fail);
    text_done(&cluster->trouble);
    cluster->plan = cluster->previous;
    cluster->previous = (struct plan){NULL, NULL, NULL, NULL};
    cluster->status = CLUSTER_ROLLING_BACK;
    cluster->ready_ms = cluster->due_ms = now + roll_back;
    reconcile(cluster, now);
    plan_done(&failed);
    lifecycle_schedule(cluster);
}

static void look_at_creation(struct cluster *cluster, int64_t now)
{
    bool continuous = cluster_is_continuous(cluster);
    struct circumstance about = {.region = cluster->region,
                                 .action = S("iam:CreateServiceLinkedRole")};

    if (cluster->trouble.len > 0) {
        creation_fails(cluster, cluster->trouble, now);
        return;
    }
    if (now < cluster->ready_ms)
        return;
    if (condition_find(cluster->state, CONDITION_MISSING_PERMISSION, &about, now) != NULL) {
        struct str why = failure_text(FAILURE_SERVICE_ROLE, about.action);
        creation_fails(cluster, why, now);
        text_done(&why);
        return;
    }
    /* EKS: ready before any node exists. Slurm: a controller, and a login node where one is wanted
     * (semantics section 2). */
    bool ready = !continuous ? is_settled(cluster)
                             : cluster_has_eks(cluster) ||
                                   (one_runs(cluster, "Controller") && one_runs(cluster, "Login"));
    if (!ready && cluster->fail.len == 0)
        return;
    if (cluster->fail.len > 0 && (ready || continuous))
        creation_fails(cluster, cluster->fail, now);
    else if (ready)
        in_service(cluster, now);
}

static void look_at_update(struct cluster *cluster, int64_t now)
{
    if (cluster->trouble.len > 0) {
        struct str why = cluster->trouble;
        cluster->trouble = (struct str){NULL, 0};
        update_fails(cluster, why, now);
        text_done(&why);
    } else if (now >= cluster->ready_ms && is_settled(cluster)) {
        struct str why = cluster->fail;
        cluster->fail = (struct str){NULL, 0};
        if (why.len > 0)
            update_fails(cluster, why, now);
        else
            in_service(cluster, now);
        text_done(&why);
    }
}

/* A rolled-back update ends in service (semantics section 2; unconfirmed). */
static void look_at_rollback(struct cluster *cluster, int64_t now)
{
    if (now < cluster->ready_ms || (!cluster->creation_failed && !is_settled(cluster)))
        return;
    cluster->status = cluster->creation_failed ? CLUSTER_FAILED : CLUSTER_IN_SERVICE;
    cluster->due_ms = NEVER;
}

static void look_at_software(struct cluster *cluster)
{
    const struct node_group *group;
    list_each (group, &cluster->groups) {
        if (group->software.arena != NULL)
            return;
    }
    cluster->status = CLUSTER_IN_SERVICE;
    cluster->due_ms = NEVER;
}

/* The service takes the interfaces away as the execution role: without the permission the cluster
 * stays Deleting, and goes on within a minute when it is back (semantics sections 5 and 8). */
static bool is_stuck(struct cluster *cluster, int64_t now)
{
    static const char *const actions[] = {"ec2:DeleteNetworkInterface",
                                          "ec2:DeleteNetworkInterfacePermission"};
    const struct node_group *group;
    struct node *node;
    bool stuck = false;

    list_each (group, &cluster->groups)
        list_each (node, &group->nodes)
            for (size_t i = 0; i < 2 && node->interface != NULL; i++) {
                struct circumstance about = {
                    .region = cluster->region,
                    .cluster = cluster->name,
                    .group = group->name,
                    .role = doc_get_text(group->spec, S("ExecutionRole")),
                    .action = str_of(actions[i]),
                };
                bool gone =
                    !existing_has(&cluster->state->existing, EXISTING_ROLE, about.role) ||
                    condition_find(cluster->state, CONDITION_MISSING_ROLE, &about, now) != NULL;
                if (!gone && condition_find(cluster->state, CONDITION_MISSING_PERMISSION, &about,
                                            now) == NULL)
                    continue;
                text_done(&node->message);
                node->message = failure_text(FAILURE_PERMISSION, about.action);
                stuck = true;
            }
    return stuck;
}

/* False: the cluster is no more. */
static bool look_at_deletion(struct cluster *cluster, int64_t now)
{
    if (now < cluster->due_ms)
        return true;
    if (is_stuck(cluster, now)) {
        cluster->due_ms = now + minute;
        return true;
    }
    drop_nodes(cluster);
    drop_leftovers(cluster, INT64_MAX);
    records_forget(cluster->region, cluster->arn);
    cluster_remove(cluster);
    return false;
}

/* A continuous cluster stays in service while it changes; what it was is shown for a while. */
static void look_at_service(struct cluster *cluster, int64_t now)
{
    if (cluster->previous.arena == NULL || now < cluster->ready_ms)
        return;
    settle_database(cluster, now);
    plan_done(&cluster->previous);
}

static bool cluster_look(struct cluster *cluster, int64_t now)
{
    switch (cluster->status) {
    case CLUSTER_CREATING:
        look_at_creation(cluster, now);
        break;
    case CLUSTER_UPDATING:
        look_at_update(cluster, now);
        break;
    case CLUSTER_ROLLING_BACK:
        look_at_rollback(cluster, now);
        break;
    case CLUSTER_SYSTEM_UPDATING:
        look_at_software(cluster);
        break;
    case CLUSTER_DELETING:
        return look_at_deletion(cluster, now);
    case CLUSTER_IN_SERVICE:
        look_at_service(cluster, now);
        break;
    case CLUSTER_FAILED:
        break;
    }
    if (cluster->due_ms <= now)
        cluster->due_ms = NEVER; /* what it waits for are nodes */
    return true;
}

/* Nodes that nobody counts any more. */
static void sweep(struct cluster *cluster, struct node_group *group)
{
    size_t kept = 0;
    for (size_t i = 0; i < group->nodes.count; i++) {
        struct node *node = group->nodes.items[i];
        if (node->over)
            node_free(cluster->region, node);
        else
            group->nodes.items[kept++] = node;
    }
    group->nodes.count = kept;
}

static void group_is_due(struct cluster *cluster, struct node_group *group, int64_t now)
{
    struct node *node;

    list_each (node, &group->nodes)
        if (node->due_ms <= now)
            node_is_due(&(struct moment){cluster, group, node, now});
    sweep(cluster, group);
    if (group->software.due_ms <= now)
        software_is_due(cluster, group, now);
    if (group->patch_ms <= now)
        patch_is_due(cluster, group, now);
    if (group->schedule_ms <= now)
        schedule_is_due(cluster, group, now);
    if (group->minimum_ms <= now)
        group_rolls_back(cluster, group, now);
    group_look(cluster, group, now);
    group_schedule(group);
}

static void drop_empty_groups(struct cluster *cluster)
{
    for (size_t i = cluster->groups.count; i-- > 0;) {
        struct node_group *group = cluster->groups.items[i];
        if (group->spec == NULL && group->nodes.count == 0)
            cluster_drop_group(cluster, group);
    }
}

/* Everything of this cluster that is due at this moment: nodes first, controllers before others. */
static void happen(struct cluster *cluster, int64_t now)
{
    struct node_group *group;

    drop_leftovers(cluster, now);
    list_each (group, &cluster->groups)
        if (group->next_ms <= now)
            group_is_due(cluster, group, now);
    drop_empty_groups(cluster);
    if (cluster_look(cluster, now))
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
    while (state->due_ms <= now_ms) {
        struct cluster *cluster = earliest(state);
        state->due_ms = cluster == NULL ? NEVER : cluster->next_ms;
        if (state->due_ms > now_ms)
            break;
        state->now_ms = cluster->next_ms;
        network_advance(state, state->now_ms);
        happen(cluster, cluster->next_ms);
    }
    state->now_ms = now_ms;
    network_advance(state, now_ms);
}

bool lifecycle_pass(struct state *state, int64_t now_ms)
{
    int64_t before = state->now_ms;

    if (state->due_ms <= now_ms || network_is_due(state, now_ms))
        return false;
    while (before < now_ms && !atomic_compare_exchange_weak(&state->now_ms, &before, now_ms))
        ;
    return true;
}

void lifecycle_heed(struct state *state, int64_t now)
{
    struct region *region;
    struct cluster *cluster;
    struct node_group *group;
    struct node *node;

    list_each (region, &state->regions)
        list_each (cluster, &region->clusters) {
            list_each (group, &cluster->groups)
                list_each (node, &group->nodes)
                    node_heed(&(struct moment){cluster, group, node, now});
            lifecycle_schedule(cluster);
        }
}
