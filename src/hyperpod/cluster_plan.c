/* The plan of a cluster: pure, from configuration, state and private data. */
#include "cluster.h"

static bool changes(const struct tf_plan *plan, const char *name)
{
    return !cty_equal(tf_value(plan->prior, name), tf_value(plan->planned, name));
}

static const struct cty_path *at(const struct tf_plan *plan, const char *path)
{
    return cty_path_of(plan->call->arena, path);
}

static void keep(struct tf_plan *plan, const char *name)
{
    tf_plan_set(plan, name, tf_value(plan->prior, name));
}

/* ---- What is said in any plan ---- */

/* TagKey and TagValue of the SageMaker API; EC2 takes more. */
static const char tag_pattern[] = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*";
static const char tag_words[] = "letters, digits, spaces and _.:/=+-@ (SageMaker takes no others)";

static void warn_of_mocks(struct tf_plan *plan)
{
    struct str mock = cluster_find_mock(plan->planned);

    if (mock.ptr != NULL)
        diag_warning(plan->call->diags, NULL, "The plan holds mock values",
                     "\"%.*s\" holds twelve zeros in a row and is taken for a stand-in of "
                     "something that does not exist yet. Apply will refuse it.",
                     STR(mock));
}

/* The EKS cluster must be in the same region. */
static bool check_region(struct tf_plan *plan)
{
    struct str arn = tf_str(tf_value(plan->planned, "eks"), "cluster_arn"), rest = arn, part = {0};
    struct str region = tf_str(plan->planned, "region");

    if (arn.len == 0 || region.len == 0 || cluster_is_mock(arn))
        return true;
    for (int i = 0; i < 4; i++)
        str_next(&rest, ':', &part);
    return str_eq(part, region) ||
           diag_error(plan->call->diags, at(plan, "eks.cluster_arn"),
                      "The EKS cluster is in another region",
                      "It is in %.*s, and the HyperPod cluster would be in %.*s. Both must be in "
                      "one region.",
                      STR(part), STR(region));
}

/* ---- Creation ---- */

static void plan_orchestrator(struct tf_plan *plan)
{
    const struct cty_value *eks = tf_value(plan->planned, "eks");

    if (cty_is_known(eks))
        tf_plan_set(plan, "orchestrator", cty_str(plan->call->arena, S("eks")));
    else
        tf_plan_unknown(plan, "orchestrator");
    if (cty_is_null(eks))
        diag_warning(plan->call->diags, NULL, "A cluster without an orchestrator",
                     "Neither EKS nor Slurm is asked for, so that no Orchestrator is sent: AWS "
                     "takes this for its older form of Slurm clusters, which lifecycle scripts set "
                     "up. New accounts and regions may refuse it.");
}

static bool plan_create(struct tf_plan *plan)
{
    struct arena *arena = plan->call->arena;
    const struct cty_value *name = tf_value(plan->planned, "cluster_name");

    if (cty_is_known(name))
        tf_plan_set(plan, "id", name);
    plan_orchestrator(plan);
    tf_plan_set(plan, "instance_group_actions",
                cluster_groups_actions(arena, NULL, tf_value(plan->planned, "instance_groups")));
    return true;
}

/* ---- Update ---- */

/* A wait of ours that was cut short, or an operation that runs on the cluster. */
static bool must_wait(const struct tf_plan *plan)
{
    static const char *const running[] = {"Creating", "Updating", "RollingBack"};
    struct str status = tf_str(plan->prior, "status");

    for (size_t i = 0; i < sizeof running / sizeof running[0]; i++)
        if (str_is(status, running[i]))
            return true;
    return tf_private_get(plan->call, CLUSTER_WAITING).len > 0;
}

static bool refuse_beyond(struct tf_plan *plan)
{
    struct str beyond = tf_private_get(plan->call, CLUSTER_BEYOND);

    if (beyond.len == 0)
        return true;
    return diag_error(plan->call->diags, NULL, "The change would reset settings of the cluster",
                      "Cluster \"%.*s\" has %.*s, for which this version of hyperpod_cluster has "
                      "no attribute. UpdateCluster would reset them. Make the change where these "
                      "settings are managed, or remove them first.",
                      STR(tf_str(plan->prior, "cluster_name")), STR(beyond));
}

static void warn_of_failed(struct tf_plan *plan)
{
    if (str_is(tf_str(plan->prior, "status"), "Failed"))
        diag_warning(plan->call->diags, NULL, "A failed cluster takes no change",
                     "This update will be refused: make the cluster anew with terraform apply "
                     "-replace=ADDRESS.");
}

/* What a change of a group moves in its details; the rest stays as it is until the next read. */
static bool is_moved_by(const char *action, struct str name)
{
    static const char *const by_scaling[] = {"current_count", "target_count", "target_state_count",
                                             NULL};
    static const char *const kept_by_updates[] = {"instance_type", "restricted", NULL};
    bool scales = strcmp(action, "scale") == 0;

    for (const char *const *word = scales ? by_scaling : kept_by_updates; *word != NULL; word++)
        if (str_is(name, *word))
            return scales;
    return !scales;
}

static const struct cty_value *moved_detail(struct arena *arena, const struct cty_value *detail,
                                            const char *action)
{
    const struct cty_value **items = arena_array(arena, const struct cty_value *, detail->count);

    for (size_t i = 0; i < detail->count; i++) {
        const struct cty_attribute *attribute = &detail->type->attributes[i];
        items[i] = is_moved_by(action, attribute->name) ? cty_unknown(arena, attribute->type)
                                                        : detail->items[i];
    }
    return cty_object(arena, detail->type, items);
}

/* Live details of the groups that change are unknown, and of these only what the change moves: the
 * plan of one scaled group shows no other. */
static void plan_details(struct tf_plan *plan, bool waits, bool groups)
{
    struct arena *arena = plan->call->arena;
    const struct cty_value *actions = tf_value(plan->planned, "instance_group_actions");
    const struct cty_value *planned = tf_value(plan->planned, "instance_groups");
    const struct cty_value *before = tf_value(plan->prior, "instance_group_details");

    if (!waits && !groups) {
        keep(plan, "instance_group_details");
        return;
    }
    if (waits || !cty_is_known(actions) || !cty_is_known(planned) || !cty_is_known(before)) {
        tf_plan_unknown(plan, "instance_group_details");
        return;
    }
    const struct cty_value **items = arena_array(arena, const struct cty_value *, planned->count);
    for (size_t i = 0; i < planned->count; i++) {
        const struct cty_value *detail = cty_lookup(before, planned->keys[i]);
        const struct cty_value *action = cty_lookup(actions, planned->keys[i]);
        if (detail == NULL || !cty_is_known(detail))
            items[i] = cty_unknown(arena, before->type->element);
        else if (action == NULL || !cty_is_known(action))
            items[i] = detail;
        else
            items[i] = moved_detail(arena, detail, arena_z(arena, action->text));
    }
    tf_plan_set(plan, "instance_group_details",
                cty_map(arena, before->type->element, planned->keys, items, planned->count));
}

/* Members that reach only nodes that are born later. */
static const struct late {
    const char *name, *what;
} late[] = {{"lifecycle_config", "scripts"}, {"instance_storage_configs", "volumes"}};

static void warn_of_late(struct tf_plan *plan, const struct cty_value *prior,
                         const struct cty_value *planned)
{
    for (size_t i = 0; cty_is_known(prior) && cty_is_known(planned) && i < planned->count; i++) {
        const struct cty_value *before = cty_lookup(prior, planned->keys[i]);
        const struct cty_value *details = tf_value(plan->prior, "instance_group_details");
        const struct cty_value *detail =
            details != NULL && cty_is_known(details) ? cty_lookup(details, planned->keys[i]) : NULL;
        long long nodes = (long long)tf_int(detail, "current_count", 0);

        for (size_t j = 0; before != NULL && nodes > 0 && j < sizeof late / sizeof late[0]; j++) {
            if (cty_equal(tf_value(before, late[j].name),
                          tf_value(planned->items[i], late[j].name)))
                continue;
            struct str path = arena_fmt(plan->call->arena, "instance_groups[\"%.*s\"].%s",
                                        STR(planned->keys[i]), late[j].name);
            diag_warning(plan->call->diags, at(plan, path.ptr), "Running nodes stay as they are",
                         "%lld running node%s of group \"%.*s\" keep%s their %s: AWS gives the "
                         "new ones only to nodes that are born later. To renew them, scale the "
                         "group to 0 and back, or move to a group with a new name.",
                         nodes, nodes == 1 ? "" : "s", STR(planned->keys[i]), nodes == 1 ? "s" : "",
                         late[j].what);
        }
    }
}

static bool plan_update(struct tf_plan *plan)
{
    const struct cty_value *prior = tf_value(plan->prior, "instance_groups");
    const struct cty_value *planned = tf_value(plan->planned, "instance_groups");
    bool groups = changes(plan, "instance_groups");
    bool settings = groups || changes(plan, "node_recovery"), waits = must_wait(plan);

    if (settings &&
        (!refuse_beyond(plan) || !cluster_fixed_plan(plan->call->diags, prior, planned)))
        return false;
    if (settings)
        warn_of_failed(plan);
    if (groups)
        warn_of_late(plan, prior, planned);
    if (groups)
        tf_plan_set(plan, "instance_group_actions",
                    cluster_groups_actions(plan->call->arena, prior, planned));
    else
        keep(plan, "instance_group_actions");
    /* What an update that succeeds ends with is known, unless there is something to wait for. */
    if (waits || (settings && !str_is(tf_str(plan->prior, "status"), "InService")))
        tf_plan_unknown(plan, "status");
    else
        keep(plan, "status");
    if (waits || (settings && tf_is_set(plan->prior, "failure_message")))
        tf_plan_unknown(plan, "failure_message");
    else
        keep(plan, "failure_message");
    plan_details(plan, waits, groups);
    return true;
}

bool cluster_plan(struct tf_plan *plan)
{
    if (!hp_plan_common(plan))
        return false;
    if (plan->destroy)
        return true;
    warn_of_mocks(plan);
    if (!hp_plan_tags_match(plan, tag_pattern, tag_words))
        return false;
    if (!check_region(plan))
        return false;
    if (plan->prior == NULL)
        return plan_create(plan);
    return plan->replaces || plan_update(plan);
}
