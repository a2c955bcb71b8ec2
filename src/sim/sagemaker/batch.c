/* Operations on many nodes at once (semantics section 4). */
#include "call/shape.h"
#include "life/lifecycle.h"
#include "sagemaker.h"
#include "world/cluster_event.h"
#include "world/cluster_operation.h"

#include <stdlib.h>

/* Clusters that are made or taken down take none of these; that they are refused as invalid, since
 * no conflict is declared for them, is ours. */
static bool takes_batches(struct call *call, const struct cluster *cluster)
{
    if (cluster->status == CLUSTER_IN_SERVICE ||
        (cluster->status == CLUSTER_CREATING && cluster_is_continuous(cluster)))
        return true;
    return call_fail(call, "ValidationException",
                     "Cluster '%.*s' is in the %s state and takes no operation on its nodes now",
                     STR(cluster->name), cluster_status_name(cluster->status));
}

static void put_copy(struct call *call, struct doc *doc, const char *name, const struct doc *value)
{
    if (!doc_is_null(value))
        doc_put(call->arena, doc, str_of(name), doc_copy(call->arena, value));
}

static void put_text(struct call *call, struct doc *doc, const char *name, struct str text)
{
    doc_put(call->arena, doc, str_of(name), doc_string(call->arena, arena_str(call->arena, text)));
}

static void put_if_any(struct call *call, const char *name, struct doc *list)
{
    if (list->count > 0) /* the model allows no empty ones */
        doc_put(call->arena, call->output, str_of(name), list);
}

/* The request of one group in BatchAddClusterNodes. */
struct addition {
    const struct doc *spec;
    struct node_group *group;
    int64_t count;
    uint32_t zones, types;
    const char *error; /* BatchAddClusterNodesErrorCode */
    struct str why;
};

/* Which of the group's zones are named? 0: one of them is none of its. */
static uint32_t zones_of(struct call *call, const struct cluster *cluster,
                         const struct addition *addition)
{
    const struct doc *network = spec_network(cluster, addition->group->spec);
    uint32_t there = network == NULL ? (1U << ZONES) - 1 : 0, named = 0;

    doc_each (entry, doc_get(network, S("Subnets"))) {
        const struct subnet *subnet =
            (struct subnet *)thing_find(call->region, THING_SUBNET, doc_text(entry->value));
        if (subnet != NULL)
            there |= 1U << subnet->zone;
    }
    doc_each (entry, doc_get(addition->spec, S("AvailabilityZones"))) {
        uint32_t bit = 0;
        for (unsigned zone = 0; zone < ZONES; zone++)
            if (str_eq(doc_text(entry->value), zone_name(call->arena, call->region, zone)))
                bit = 1U << zone;
        if ((bit & there) == 0)
            return 0;
        named |= bit;
    }
    return named;
}

static uint32_t types_of(const struct addition *addition)
{
    uint32_t named = 0;
    doc_each (entry, doc_get(addition->spec, S("InstanceTypes"))) {
        const struct instance_facts *type = instance_type_find(doc_text(entry->value)), *other;
        uint32_t bit = 0;
        for (unsigned i = 0; (other = spec_type_at(addition->group->spec, i)) != NULL; i++)
            if (other == type)
                bit = 1U << i;
        if (bit == 0)
            return 0;
        named |= bit;
    }
    return named;
}

static void examine(struct call *call, const struct cluster *cluster, struct addition *addition)
{
    struct str name = doc_get_text(addition->spec, S("InstanceGroupName"));
    bool zones = !doc_is_null(doc_get(addition->spec, S("AvailabilityZones")));
    bool types = !doc_is_null(doc_get(addition->spec, S("InstanceTypes")));

    doc_to_int64(doc_get(addition->spec, S("IncrementTargetCountBy")), &addition->count);
    addition->group = cluster_group(cluster, name);
    if (addition->group == NULL) {
        addition->error = "InstanceGroupNotFound";
        addition->why = arena_fmt(call->arena, "Instance group '%.*s' does not exist", STR(name));
        return;
    }
    if (addition->group->spec == NULL || addition->group->software.arena != NULL) {
        addition->error = "InvalidInstanceGroupStatus";
        addition->why =
            arena_fmt(call->arena, "Instance group '%.*s' takes no more nodes now", STR(name));
        return;
    }
    addition->zones = zones ? zones_of(call, cluster, addition) : 0;
    addition->types = types ? types_of(addition) : 0;
    if (zones && addition->zones == 0)
        addition->error = "IncompatibleAvailabilityZones";
    else if (types && addition->types == 0)
        addition->error = "IncompatibleInstanceTypes";
    if (addition->error != NULL)
        addition->why =
            arena_fmt(call->arena, "Instance group '%.*s' does not have all of them", STR(name));
}

static struct doc *one_added(struct call *call, const struct addition *addition,
                             const struct node *node)
{
    struct doc *doc = doc_object(call->arena);
    put_text(call, doc, "NodeLogicalId", node->logical_id);
    put_text(call, doc, "InstanceGroupName", addition->group->name);
    put_text(call, doc, "Status", S("Pending"));
    put_copy(call, doc, "AvailabilityZones", doc_get(addition->spec, S("AvailabilityZones")));
    put_copy(call, doc, "InstanceTypes", doc_get(addition->spec, S("InstanceTypes")));
    return doc;
}

static struct doc *one_refused(struct call *call, const struct addition *addition)
{
    struct doc *doc = doc_object(call->arena);
    put_text(call, doc, "InstanceGroupName", doc_get_text(addition->spec, S("InstanceGroupName")));
    put_text(call, doc, "ErrorCode", str_of(addition->error));
    doc_put(call->arena, doc, S("FailedCount"), doc_int(call->arena, addition->count));
    put_copy(call, doc, "AvailabilityZones", doc_get(addition->spec, S("AvailabilityZones")));
    put_copy(call, doc, "InstanceTypes", doc_get(addition->spec, S("InstanceTypes")));
    put_text(call, doc, "Message", addition->why);
    return doc;
}

/* The group's new count stands in the plan, where DescribeCluster and Terraform find it. */
static void count_on(struct plan *plan, struct node_group *group, int64_t more)
{
    struct doc *spec = plan_spec(plan, group->name);
    int64_t count = spec_count(spec) + more;
    doc_set(plan->arena, spec, S("InstanceCount"), doc_int(plan->arena, count < 0 ? 0 : count));
}

static void begin_scaling(struct cluster *cluster, struct cluster_operation **operation,
                          struct node_group *group, struct counts before, int64_t now)
{
    struct counts after = counts_of(group);

    after.current = after.target;
    if (cluster_is_continuous(cluster)) { /* inferred: semantics section 16 */
        if (*operation == NULL)
            *operation = operation_new(cluster, false, now);
        operation_take(cluster, *operation, group, before, after);
        event_tell(cluster, EVENT_GROUP_SCALING, group, NULL, S(""), now);
    }
    group->busy = true;
}

static void add_nodes(struct call *call, struct cluster *cluster, struct addition *additions,
                      size_t count, struct doc *successful)
{
    struct cluster_operation *operation = NULL;

    for (size_t i = 0; i < count; i++) {
        struct addition *addition = &additions[i];
        if (addition->error != NULL)
            continue;
        struct counts before = counts_of(addition->group);
        count_on(&cluster->plan, addition->group, addition->count);
        begin_scaling(cluster, &operation, addition->group, before, call->now_ms);
        for (int64_t k = 0; k < addition->count; k++) {
            struct node *node = lifecycle_add_node(cluster, addition->group, call->now_ms);
            node->zones = addition->zones;
            node->types = addition->types;
            doc_add(call->arena, successful, one_added(call, addition, node));
        }
    }
}

static struct str json_of(struct arena *arena, const struct doc *doc)
{
    struct buf out = buf_in(arena, 64 * 1024 * 1024);
    doc_to_json(doc, &out);
    return buf_str(&out);
}

static void forget(struct cluster *cluster, struct client_token *token)
{
    list_remove(&cluster->tokens, token);
    text_done(&token->token);
    text_done(&token->asked);
    text_done(&token->answer);
    free(token);
}

/* A token is good for 8 hours (api); with other parameters it is refused, as that of an extension
 * is: ours. */
struct client_token *client_token_of(struct call *call, struct cluster *cluster)
{
    enum { most_tokens = 1000 };
    struct str token = doc_get_text(call->input, S("ClientToken"));
    struct client_token *known;

    for (size_t i = cluster->tokens.count; i-- > 0;) {
        known = cluster->tokens.items[i];
        if (known->until_ms > call->now_ms)
            continue;
        forget(cluster, known);
    }
    if (cluster->tokens.count == most_tokens)
        forget(cluster, cluster->tokens.items[0]);
    list_each (known, &cluster->tokens) {
        if (token.len > 0 && str_eq(known->token, token))
            return known;
    }
    return NULL;
}

bool client_token_answer(struct call *call, const struct client_token *known)
{
    struct doc_error error;
    if (!str_eq(known->asked, json_of(call->arena, call->input)))
        return call_fail(call, "ValidationException",
                         "ClientToken '%.*s' was used with other parameters", STR(known->token));
    return doc_from_json(call->arena, arena_str(call->arena, known->answer), NULL, &call->output,
                         &error);
}

void client_token_note(struct call *call, struct cluster *cluster)
{
    struct str token = doc_get_text(call->input, S("ClientToken"));
    struct client_token *known = token.len == 0 ? NULL : calloc(1, sizeof *known);
    if (known == NULL)
        return;
    *known = (struct client_token){text_of(token), text_of(json_of(call->arena, call->input)),
                                   text_of(json_of(call->arena, call->output)),
                                   call->now_ms + INT64_C(8) * 3600 * 1000};
    list_add(&cluster->tokens, known);
}

/* Would the groups be within the limits with these nodes? */
static bool additions_fit(struct call *call, const struct cluster *cluster,
                          const struct addition *additions, size_t count)
{
    enum { most_in_group = 6758 };
    struct plan plan = plan_copy(&cluster->plan);
    bool fits = true;

    for (size_t i = 0; i < count; i++)
        if (additions[i].error == NULL) {
            count_on(&plan, additions[i].group, additions[i].count);
            fits = fits && spec_count(plan_spec(&plan, additions[i].group->name)) <= most_in_group;
        }
    if (!fits)
        call_error(call, "ResourceLimitExceeded", "An instance group has at most %d instances",
                   most_in_group);
    fits = fits && within_quotas(call, cluster, &plan);
    plan_done(&plan);
    return fits;
}

static bool batch_add(struct call *call)
{
    enum { most_groups = 5, most_nodes = 50 };
    struct addition additions[most_groups] = {{NULL}};
    struct doc *successful = doc_list(call->arena), *failed = doc_list(call->arena);
    struct cluster *cluster;
    size_t count = 0;
    int64_t total = 0;

    if (!cluster_of_call(call, &cluster) ||
        !cluster_must_be_continuous(call, cluster, "BatchAddClusterNodes"))
        return false;
    struct client_token *known = client_token_of(call, cluster);
    if (known != NULL)
        return client_token_answer(call, known);
    if (!takes_batches(call, cluster))
        return false;
    doc_each (entry, doc_get(call->input, S("NodesToAdd"))) {
        additions[count].spec = entry->value;
        examine(call, cluster, &additions[count]);
        total += additions[count++].count;
    }
    if (total > most_nodes)
        return call_fail(call, "ValidationException",
                         "At most %d nodes can be added with one call, and these are %lld",
                         most_nodes, (long long)total);
    if (!additions_fit(call, cluster, additions, count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (additions[i].error != NULL)
            doc_add(call->arena, failed, one_refused(call, &additions[i]));
    add_nodes(call, cluster, additions, count, successful);
    doc_put(call->arena, call->output, S("Successful"), successful);
    doc_put(call->arena, call->output, S("Failed"), failed);
    client_token_note(call, cluster);
    lifecycle_schedule(cluster);
    return true;
}

/* What BatchDelete, BatchReboot and BatchReplace have in common: which nodes, and what becomes of
 * each. */
struct batch {
    const char *code; /* the member of an error that holds its code */
    const char *unknown, *invalid, *in_use;
    size_t most, most_with_logical;
    bool spares_controllers;
    bool (*takes)(const struct node *node);
    void (*carry_out)(struct call *call, struct cluster *cluster, struct node_group *group,
                      struct node *node);
};

static struct doc *one_failed(struct call *call, const struct batch *batch, const char *member,
                              struct str id, const char *code, const char *why)
{
    struct doc *doc = doc_object(call->arena);
    put_text(call, doc, member, id);
    put_text(call, doc, batch->code, str_of(code));
    put_text(call, doc, "Message", arena_fmt(call->arena, "Node '%.*s' %s", STR(id), why));
    return doc;
}

static void carry_out_ids(struct call *call, const struct batch *batch, struct cluster *cluster,
                          bool logical)
{
    const char *member = logical ? "NodeLogicalId" : "NodeId";
    struct doc *good = doc_list(call->arena), *bad = doc_list(call->arena);

    doc_each (entry, doc_get(call->input, logical ? S("NodeLogicalIds") : S("NodeIds"))) {
        struct str id = doc_text(entry->value);
        struct node_group *group = NULL;
        struct node *node = cluster_node(cluster, id, &group);
        const char *code = NULL, *why = NULL;

        if (node == NULL || !str_eq(logical ? node->logical_id : node->instance_id, id)) {
            code = batch->unknown;
            why = "was not found";
        } else if (batch->spares_controllers && spec_has_role(group->spec, "Controller")) {
            code = batch->in_use;
            why = "is a Slurm controller";
        } else if (!batch->takes(node)) {
            code = batch->invalid;
            why = "is in a state that does not allow it";
        }
        if (code != NULL) {
            doc_add(call->arena, bad, one_failed(call, batch, member, id, code, why));
            continue;
        }
        doc_add(call->arena, good, doc_string(call->arena, id));
        batch->carry_out(call, cluster, group, node);
    }
    put_if_any(call, logical ? "SuccessfulNodeLogicalIds" : "Successful", good);
    put_if_any(call, logical ? "FailedNodeLogicalIds" : "Failed", bad);
}

static size_t ids_of(const struct call *call, const char *name)
{
    const struct doc *list = doc_get(call->input, str_of(name));
    return doc_is_null(list) ? 0 : list->count;
}

static bool ids_are_sound(struct call *call, const struct batch *batch,
                          const struct cluster *cluster)
{
    size_t ids = ids_of(call, "NodeIds"), logical = ids_of(call, "NodeLogicalIds");
    size_t most = logical > 0 ? batch->most_with_logical : batch->most;

    if (ids + logical == 0)
        return call_fail(call, "ValidationException", "NodeIds or NodeLogicalIds must be given");
    if (logical > 0 && !cluster_must_be_continuous(call, cluster, "NodeLogicalIds"))
        return false;
    if (ids + logical > most)
        return call_fail(call, "ValidationException",
                         "At most %zu nodes can be named, and these are %zu", most, ids + logical);
    return true;
}

static bool carry_out(struct call *call, const struct batch *batch, struct cluster *cluster)
{
    if (!takes_batches(call, cluster) || !ids_are_sound(call, batch, cluster))
        return false;
    carry_out_ids(call, batch, cluster, false);
    carry_out_ids(call, batch, cluster, true);
    lifecycle_schedule(cluster);
    return true;
}

static bool can_be_deleted(const struct node *node)
{
    return node->status == NODE_RUNNING || node->status == NODE_FAILURE ||
           node->status == NODE_PENDING;
}

static void delete_node(struct call *call, struct cluster *cluster, struct node_group *group,
                        struct node *node)
{
    count_on(&cluster->plan, group, -1);
    lifecycle_remove_node(cluster, group, node, call->now_ms);
}

/* A node that has never come up has nothing to reboot: ours. */
static bool can_be_rebooted(const struct node *node)
{
    return node->status == NODE_RUNNING || (node->status == NODE_FAILURE && node->proven);
}

static bool can_be_replaced(const struct node *node)
{
    return node->status == NODE_RUNNING || node->status == NODE_FAILURE;
}

static void reboot_node(struct call *call, struct cluster *cluster, struct node_group *group,
                        struct node *node)
{
    lifecycle_reboot(cluster, group, node, call->now_ms);
}

static void replace_node(struct call *call, struct cluster *cluster, struct node_group *group,
                         struct node *node)
{
    lifecycle_replace(cluster, group, node, call->now_ms);
}

/* NodeIds: 3000 in the model, 99 in its text (api); the text is what holds here. */
static const struct batch deletion = {
    "Code", "NodeIdNotFound", "InvalidNodeStatus", "NodeIdInUse", 99, 50,
    true,   can_be_deleted,   delete_node};
static const struct batch reboot = {"ErrorCode",
                                    "InstanceIdNotFound",
                                    "InvalidInstanceStatus",
                                    "InstanceIdInUse",
                                    25,
                                    25,
                                    false,
                                    can_be_rebooted,
                                    reboot_node};
/* "Patched once" before a replacement (MM) is not asked for: a cluster of today is new enough. */
static const struct batch replacement = {
    "ErrorCode",     "InstanceIdNotFound", "InvalidInstanceStatus", "InstanceIdInUse", 25, 25, true,
    can_be_replaced, replace_node};

static bool batch_delete(struct call *call)
{
    struct cluster_operation *operation = NULL;
    struct cluster *cluster;
    struct node_group *group;

    if (!cluster_of_call(call, &cluster) || !takes_batches(call, cluster))
        return false;
    if (!ids_are_sound(call, &deletion, cluster))
        return false;
    struct counts *before = arena_array(call->arena, struct counts, cluster->groups.count);
    list_each (group, &cluster->groups)
        before[group_at] = counts_of(group);
    struct plan old = plan_copy(&cluster->plan);
    carry_out(call, &deletion, cluster);
    bool changed = false;
    list_each (group, &cluster->groups) {
        if (counts_of(group).target == before[group_at].target)
            continue;
        changed = true;
        begin_scaling(cluster, &operation, group, before[group_at], call->now_ms);
    }
    if (changed &&
        !cluster_is_continuous(cluster)) { /* one operation at a time: ours for this one */
        plan_done(&cluster->previous);
        cluster->previous = old;
        cluster->status = CLUSTER_UPDATING;
        cluster->ready_ms = cluster->due_ms = call->now_ms + 2 * 60 * 1000;
    } else {
        plan_done(&old);
    }
    lifecycle_schedule(cluster);
    return true;
}

static bool batch_reboot(struct call *call)
{
    struct cluster *cluster;
    return cluster_of_call(call, &cluster) && carry_out(call, &reboot, cluster);
}

static bool batch_replace(struct call *call)
{
    struct cluster *cluster;
    return cluster_of_call(call, &cluster) && carry_out(call, &replacement, cluster);
}

const struct operation sagemaker_batch_operations[] = {
    {S_INIT("BatchAddClusterNodes"), batch_add, true, .input = &sagemaker_batch_add_cluster_nodes},
    {S_INIT("BatchDeleteClusterNodes"), batch_delete, true,
     .input = &sagemaker_batch_delete_cluster_nodes},
    {S_INIT("BatchRebootClusterNodes"), batch_reboot, true,
     .input = &sagemaker_batch_reboot_cluster_nodes},
    {S_INIT("BatchReplaceClusterNodes"), batch_replace, true,
     .input = &sagemaker_batch_reboot_cluster_nodes},
    {S_INIT("")},
};
