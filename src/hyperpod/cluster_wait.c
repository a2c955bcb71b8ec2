/* Waiting until the cluster is truly there: InService alone says it too early (a Continuous cluster
 * is InService before any node exists). */
#include "cluster.h"

enum {
    most_errors = 5,        /* failed looks in a row, each after its retries */
    settle_ms = 20000,      /* how long an accepted change may stay invisible */
    most_nodes_looked = 500 /* beyond, counts suffice */
};

bool cluster_role_may_be_new(const struct aws_error *error, int64_t waited_ms)
{
    return error->kind == AWS_REFUSED && str_has(error->message, S("assume the execution role")) &&
           waited_ms < 60000;
}

bool cluster_is_busy(struct str status)
{
    static const char *const busy[] = {"Creating", "Updating", "SystemUpdating", "RollingBack",
                                       "Deleting"};
    for (size_t i = 0; i < sizeof busy / sizeof busy[0]; i++)
        if (str_is(status, busy[i]))
            return true;
    return false;
}

static int64_t count_of(const struct doc *group, const char *name)
{
    int64_t count = 0;
    doc_to_int64(doc_get(group, str_of(name)), &count);
    return count;
}

/* Kinds of operations that run on the group; a count of 0 says that none does. */
static bool has_operation(const struct doc *group)
{
    doc_each (entry, doc_get(group, S("ActiveOperations"))) {
        int64_t count = 0;
        if (doc_to_int64(entry->value, &count) && count > 0)
            return true;
    }
    return false;
}

static bool group_is_ready(const struct doc *group)
{
    struct str status = doc_get_text(group, S("Status"));
    return (status.len == 0 || str_is(status, "InService")) && !has_operation(group) &&
           count_of(group, "CurrentCount") == count_of(group, "TargetCount");
}

bool cluster_aims_at(const struct doc *live, const struct cty_value *wanted,
                     const struct cty_value *before)
{
    if (wanted == NULL || !cty_is_known(wanted))
        return true;
    for (size_t i = 0; i < wanted->count; i++) {
        const struct doc *group = cluster_group_find(live, wanted->keys[i]);
        if (group == NULL ||
            count_of(group, "TargetCount") != tf_int(wanted->items[i], "instance_count", 0))
            return false;
    }
    for (size_t i = 0; before != NULL && cty_is_known(before) && i < before->count; i++)
        if (cty_lookup(wanted, before->keys[i]) == NULL &&
            cluster_group_find(live, before->keys[i]) != NULL)
            return false;
    return true;
}

bool cluster_is_ready(const struct doc *live)
{
    if (!str_is(cluster_status(live), "InService"))
        return false;
    doc_each (entry, doc_get(live, S("InstanceGroups")))
        if (!group_is_ready(entry->value))
            return false;
    return true;
}

static bool any_failed_group(const struct doc *live)
{
    doc_each (entry, doc_get(live, S("InstanceGroups"))) {
        if (str_is(doc_get_text(entry->value, S("Status")), "Failed"))
            return true;
    }
    return false;
}

static bool any_operation(const struct doc *live)
{
    doc_each (entry, doc_get(live, S("InstanceGroups")))
        if (has_operation(entry->value))
            return true;
    return false;
}

/* ---- Nodes ---- */

static int64_t nodes_wanted(const struct doc *live)
{
    int64_t total = 0;
    doc_each (entry, doc_get(live, S("InstanceGroups")))
        total += count_of(entry->value, "TargetCount");
    return total;
}

static void look_at_nodes(struct tf_call *call, struct cluster_wait *wait)
{
    struct doc *input = doc_object(call->arena), *nodes = NULL;
    struct aws_error error;

    doc_put(call->arena, input, S("ClusterName"), doc_string(call->arena, wait->name));
    if (hp_call_pages(call, &aws_sagemaker_ListClusterNodes, input, "NextToken", "NextToken",
                      "ClusterNodeSummaries", &nodes, &error))
        wait->nodes = nodes;
}

/* Once AWS rolls back, its nodes and their messages soon vanish: what was seen of them is kept. */
static void remember_nodes(struct tf_call *call, struct cluster_wait *wait)
{
    struct doc *before = wait->nodes;
    look_at_nodes(call, wait);
    if (wait->nodes == NULL || wait->nodes->count == 0)
        wait->nodes = before;
}

static struct str node_status(const struct doc *node)
{
    struct str status = doc_text(doc_at(node, "InstanceStatus.Status"));
    return status.ptr == NULL ? S("") : status;
}

/* A caller who may not list nodes gets by with the counts. */
static bool nodes_run(struct tf_call *call, struct cluster_wait *wait)
{
    int64_t running = 0, total = nodes_wanted(wait->live);

    if (total == 0 || total > most_nodes_looked)
        return true;
    wait->nodes = NULL;
    look_at_nodes(call, wait);
    if (wait->nodes == NULL)
        return !stop_requested(call->stop);
    doc_each (entry, wait->nodes)
        running += str_is(node_status(entry->value), "Running");
    return running >= total;
}

/* ---- Looks ---- */

/* An error taints what is being made, and whoever just applied again would destroy it. */
static void tell_tainted(struct tf_call *call, const struct cluster_wait *wait,
                         const struct aws_error *error)
{
    struct str why = hp_diag_text_no_again(call, error);

    diag_error(call->diags, NULL,
               arena_fmt(call->arena, "Watching cluster \"%.*s\" failed", STR(wait->name)).ptr,
               "%.*s\n\nAWS may go on making the cluster all the same. Terraform has marked it as "
               "tainted: the next apply would destroy it and make another one. To keep it and go "
               "on waiting, first run\n\n  terraform untaint ADDRESS\n\nwith the address of this "
               "resource, and only then apply again.",
               STR(why));
}

static enum hp_wait_state look_failed(struct tf_call *call, struct cluster_wait *wait,
                                      const struct aws_error *error)
{
    bool passing =
        error->kind == AWS_THROTTLED || error->kind == AWS_SERVER || error->kind == AWS_NETWORK;

    if (error->kind == AWS_STOPPED || (passing && ++wait->errors < most_errors))
        return HP_WAIT_GO_ON;
    if (wait->creating)
        tell_tainted(call, wait, error);
    else
        hp_diag(call, NULL, error, "watching cluster \"%.*s\"", STR(wait->name));
    return HP_WAIT_FAILED;
}

static enum hp_wait_state is_absent(struct tf_call *call, struct cluster_wait *wait)
{
    int64_t age = world_tick_ms(call->world) - wait->begun_tick_ms;

    if (wait->creating && wait->live == NULL && age < settle_ms)
        return HP_WAIT_GO_ON;
    diag_error(call->diags, NULL, "The cluster is gone",
               "Cluster \"%.*s\" was deleted by somebody else meanwhile.", STR(wait->name));
    return HP_WAIT_FAILED;
}

static enum hp_wait_state tell_failure(struct tf_call *call, struct cluster_wait *wait,
                                       const char *summary)
{
    remember_nodes(call, wait);
    struct str gaps = cluster_gaps(call->arena, wait->live, wait->wanted);
    struct str text = cluster_failure(call, wait->live, wait->nodes);
    diag_error(call->diags, NULL, summary, "%.*s%s%.*s", STR(gaps), gaps.len > 0 ? "\n" : "",
               STR(text));
    return HP_WAIT_FAILED;
}

/* AWS has failed at it since the call. */
static bool has_new_failure(const struct cluster_wait *wait)
{
    struct str failure = doc_get_text(wait->live, S("FailureMessage"));
    return failure.len > 0 && !str_eq(failure, wait->old_failure);
}

/* InService, but AWS aims at something else than was asked for. */
static enum hp_wait_state aims_elsewhere(struct tf_call *call, struct cluster_wait *wait)
{
    int64_t age = world_tick_ms(call->world) - wait->begun_tick_ms;

    if (any_operation(wait->live) || (!wait->saw_work && !has_new_failure(wait) && age < settle_ms))
        return HP_WAIT_GO_ON;
    wait->rolled_back = true;
    return tell_failure(call, wait,
                        wait->creating ? "AWS did not make the groups that were asked for"
                                       : "AWS rolled the change back");
}

bool cluster_is_unseen(struct arena *arena, const struct cluster_wait *wait, int64_t age_ms)
{
    return !wait->creating && !wait->saw_work && !has_new_failure(wait) && age_ms < settle_ms &&
           cluster_groups_unmet(arena, wait->wanted, wait->live).len > 0;
}

static enum hp_wait_state in_service(struct tf_call *call, struct cluster_wait *wait)
{
    if (wait->rolled_back)
        return tell_failure(call, wait, "AWS rolled the change back");
    if (!cluster_aims_at(wait->live, wait->wanted, wait->before))
        return aims_elsewhere(call, wait);
    if (any_failed_group(wait->live))
        return tell_failure(call, wait, "An instance group has failed");
    int64_t age = world_tick_ms(call->world) - wait->begun_tick_ms;
    if (!cluster_is_ready(wait->live) || cluster_is_unseen(call->arena, wait, age))
        return HP_WAIT_GO_ON;
    return nodes_run(call, wait) ? HP_WAIT_DONE : HP_WAIT_GO_ON;
}

/* Asks; false: *ret_state says what to do instead of looking further. */
static bool ask(struct tf_call *call, struct cluster_wait *wait, enum hp_wait_state *ret_state)
{
    struct aws_error error;
    struct doc *live = NULL;

    switch (cluster_describe(call, wait->name, &live, &error)) {
    case CLUSTER_ERROR:
        *ret_state = look_failed(call, wait, &error);
        return false;
    case CLUSTER_ABSENT:
        *ret_state = is_absent(call, wait);
        return false;
    case CLUSTER_FOUND:
        break;
    }
    wait->errors = 0;
    wait->live = live;
    return true;
}

static enum hp_wait_state look(struct tf_call *call, void *arg)
{
    struct cluster_wait *wait = arg;
    enum hp_wait_state state;

    if (!ask(call, wait, &state))
        return state;
    struct str status = cluster_status(wait->live);
    if (cluster_is_busy(status))
        wait->saw_work = true;
    if (str_is(status, "InService"))
        return in_service(call, wait);
    if (str_is(status, "Failed"))
        return tell_failure(
            call, wait, wait->creating ? "The cluster could not be made" : "The cluster failed");
    if (str_is(status, "Deleting")) {
        diag_error(call->diags, NULL, "The cluster is being deleted",
                   "Somebody deletes cluster \"%.*s\" at this moment.", STR(wait->name));
        return HP_WAIT_FAILED;
    }
    if (str_is(status, "RollingBack") && !wait->rolled_back) {
        wait->rolled_back = true;
        remember_nodes(call, wait);
    }
    return HP_WAIT_GO_ON;
}

enum hp_wait_end cluster_wait(struct tf_call *call, struct cluster_wait *wait)
{
    wait->begun_tick_ms = world_tick_ms(call->world);
    wait->errors = 0;
    return cluster_wait_paged(call, look, wait, &wait->live, &wait->nodes);
}

struct str cluster_gaps(struct arena *arena, const struct doc *live, const struct cty_value *wanted)
{
    struct buf out = buf_in(arena, 16 * 1024);

    for (size_t i = 0; wanted != NULL && cty_is_known(wanted) && i < wanted->count; i++) {
        const struct doc *group = cluster_group_find(live, wanted->keys[i]);
        int64_t count = tf_int(wanted->items[i], "instance_count", 0);
        if (group == NULL)
            buf_printf(&out, "- group \"%.*s\" was asked for, and AWS has none of this name\n",
                       STR(wanted->keys[i]));
        else if (count_of(group, "TargetCount") != count)
            buf_printf(&out, "- group \"%.*s\": %lld nodes were asked for, and AWS aims at %lld\n",
                       STR(wanted->keys[i]), (long long)count,
                       (long long)count_of(group, "TargetCount"));
    }
    return buf_str(&out);
}

struct str cluster_missing(struct arena *arena, const struct doc *live, const struct doc *nodes)
{
    struct buf out = buf_in(arena, 16 * 1024);
    size_t told = 0;

    doc_each (entry, doc_get(live, S("InstanceGroups"))) {
        struct str status = doc_get_text(entry->value, S("Status"));
        if (group_is_ready(entry->value))
            continue;
        buf_printf(&out, "- group \"%.*s\": %lld of %lld nodes%s%.*s\n",
                   STR(doc_get_text(entry->value, S("InstanceGroupName"))),
                   (long long)count_of(entry->value, "CurrentCount"),
                   (long long)count_of(entry->value, "TargetCount"), status.len > 0 ? ", " : "",
                   STR(status));
    }
    doc_each (entry, nodes) {
        struct str message = doc_text(doc_at(entry->value, "InstanceStatus.Message"));
        if (str_is(node_status(entry->value), "Running") || told++ >= 10)
            continue;
        buf_printf(&out, "- node %.*s of group \"%.*s\": %.*s%s%.*s\n",
                   STR(doc_get_text(entry->value, S("InstanceId"))),
                   STR(doc_get_text(entry->value, S("InstanceGroupName"))),
                   STR(node_status(entry->value)), message.len > 0 ? ": " : "", STR(message));
    }
    return buf_str(&out);
}
