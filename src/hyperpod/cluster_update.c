/* One UpdateCluster carries the whole specification of every configured group, because AWS resets
 * what is left out. Tags go by calls of their own. */
#include "cluster.h"

static bool settings_change(const struct tf_call *call)
{
    return tf_changed(call, "instance_groups") || tf_changed(call, "node_recovery");
}

struct doc *cluster_update_body(struct tf_call *call, const struct doc *live)
{
    const struct cty_value *planned = tf_value(call->planned, "instance_groups");
    struct str recovery = tf_str(call->planned, "node_recovery");
    struct str mode = doc_get_text(live, S("NodeProvisioningMode"));
    struct doc *body = doc_object(call->arena);

    doc_put(call->arena, body, S("ClusterName"),
            doc_string(call->arena, tf_str(call->planned, "cluster_name")));
    doc_put(call->arena, body, S("InstanceGroups"), cluster_groups_body(call->arena, planned));
    doc_put(call->arena, body, S("InstanceGroupsToDelete"),
            cluster_groups_removed(call->arena, tf_value(call->prior, "instance_groups"), planned,
                                   live));
    if (recovery.len > 0)
        doc_put(call->arena, body, S("NodeRecovery"), doc_string(call->arena, recovery));
    if (mode.len > 0) /* AWS's own choice is sent back, so that it stays */
        doc_put(call->arena, body, S("NodeProvisioningMode"), doc_string(call->arena, mode));
    return body;
}

/* ---- Before any call that changes ---- */

static bool may_change(struct tf_call *call, const struct doc *live)
{
    struct str name = tf_str(call->planned, "cluster_name");
    struct str beyond = cluster_beyond(call->arena, live, tf_private_get(call, CLUSTER_MODE));
    struct str mock = cluster_find_mock(call->planned);

    if (mock.ptr != NULL)
        return diag_error(call->diags, NULL, "A mock value cannot be applied",
                          "\"%.*s\" holds twelve zeros in a row: it stands for something that does "
                          "not exist yet.",
                          STR(mock));
    if (str_is(cluster_status(live), "Failed"))
        return diag_error(call->diags, NULL, "A failed cluster takes no change",
                          "%.*s\n\nMake it anew: terraform apply -replace=ADDRESS.",
                          STR(cluster_failure(call, live, NULL)));
    if (beyond.len > 0)
        return diag_error(call->diags, NULL, "The change would reset settings of the cluster",
                          "Cluster \"%.*s\" has %.*s, for which this version of hyperpod_cluster "
                          "has no attribute. UpdateCluster would reset them, so nothing was "
                          "changed. Make the change where these settings are managed, or remove "
                          "them first.",
                          STR(name), STR(beyond));
    return cluster_fixed_live(call->diags, tf_value(call->planned, "instance_groups"), live);
}

/* ---- The call, repeated while something else runs ---- */

struct attempt {
    struct str name;
    struct doc *live; /* before the call */
    bool first;
    int losses;
    int64_t begun_tick_ms; /* of the first call */
};

enum { most_losses = 5 }; /* answers that got lost, each after its retries */

static bool must_wait(const struct aws_error *error)
{
    return error->kind == AWS_CONFLICT || str_has(error->message, S("health check")) ||
           str_has(error->message, S("Health Check"));
}

static bool look_first(struct tf_call *call, struct attempt *attempt)
{
    struct aws_error error;

    switch (cluster_describe(call, attempt->name, &attempt->live, &error)) {
    case CLUSTER_ERROR:
        return hp_diag(call, NULL, &error, "reading cluster \"%.*s\"", STR(attempt->name));
    case CLUSTER_ABSENT:
        return diag_error(call->diags, NULL, "The cluster is gone",
                          "Cluster \"%.*s\" does not exist any more. The next plan shows that it "
                          "is to be made again.",
                          STR(attempt->name));
    case CLUSTER_FOUND:
        break;
    }
    return may_change(call, attempt->live);
}

/* After an answer was lost: does AWS have what was asked for? */
static bool is_done_all_the_same(struct tf_call *call, const struct doc *live)
{
    struct str asked = tf_str(call->planned, "node_recovery");
    struct str has = doc_get_text(live, S("NodeRecovery"));

    return cluster_aims_at(live, tf_value(call->planned, "instance_groups"),
                           tf_value(call->prior, "instance_groups")) &&
           (asked.len == 0 || has.len == 0 || str_eq(asked, has));
}

static enum hp_wait_state try_update(struct tf_call *call, void *arg)
{
    struct attempt *attempt = arg;
    struct aws_error error;

    if (!attempt->first && !look_first(call, attempt))
        return HP_WAIT_FAILED;
    if (attempt->first)
        attempt->begun_tick_ms = world_tick_ms(call->world);
    attempt->first = false;
    if (hp_call(call, &aws_sagemaker_UpdateCluster, cluster_update_body(call, attempt->live), NULL,
                &error))
        return HP_WAIT_DONE;
    if (error.maybe_done && error.kind != AWS_STOPPED) {
        if (!look_first(call, attempt))
            return HP_WAIT_FAILED;
        if (is_done_all_the_same(call, attempt->live))
            return HP_WAIT_DONE;
        if (++attempt->losses < most_losses)
            return HP_WAIT_GO_ON;
    }
    if (must_wait(&error) || error.kind == AWS_STOPPED ||
        cluster_role_may_be_new(&error, world_tick_ms(call->world) - attempt->begun_tick_ms))
        return HP_WAIT_GO_ON;
    hp_diag(call, NULL, &error, "updating cluster \"%.*s\"", STR(attempt->name));
    return HP_WAIT_FAILED;
}

/* ---- How it ends ---- */

void cluster_save_truth(struct tf_call *call, const char *waiting)
{
    struct tf_call look = hp_last_look(call);
    struct str name = tf_str(call->prior, "cluster_name");
    struct diags quiet = diags_in(call->arena);
    struct aws_error error;
    struct doc *live = NULL;

    if (waiting != NULL)
        tf_private_set(call, CLUSTER_WAITING, str_of(waiting));
    look.state = call->prior;
    look.diags = &quiet;
    if (cluster_describe(&look, name, &live, &error) != CLUSTER_FOUND)
        return;
    cluster_observe(&look, live);
    tf_settle(&look);
    tf_partial(call, look.state);
}

/* False: told, and the truth is saved. */
static bool ended(struct tf_call *call, enum hp_wait_end end, struct str name,
                  const struct cluster_wait *wait)
{
    struct str missing =
        wait == NULL ? S("") : cluster_missing(call->arena, wait->live, wait->nodes);

    switch (end) {
    case HP_ENDED_DONE:
        return true;
    case HP_ENDED_FAILED:
        break;
    case HP_ENDED_STOPPED:
        diag_error(call->diags, NULL, "The update was interrupted",
                   "AWS may still work on cluster \"%.*s\". The state is what AWS has now; the "
                   "next apply goes on.",
                   STR(name));
        break;
    case HP_ENDED_TIMEOUT:
        diag_error(call->diags, NULL, "The update took too long",
                   "Cluster \"%.*s\" was not done after %.*s (timeouts.update).\n%.*s\nThe state "
                   "is what AWS has now; the next apply goes on.",
                   STR(name), STR(duration_text(call->arena, call->timeout_ms)), STR(missing));
        break;
    }
    cluster_save_truth(call, end == HP_ENDED_FAILED ? NULL : "update");
    return false;
}

static bool change_tags(struct tf_call *call)
{
    struct doc *add, *remove;
    struct aws_error error;

    hp_tags_changes(call, &add, &remove);
    for (int i = 0; i < 2; i++) {
        struct doc *what = i == 0 ? remove : add, *input = doc_object(call->arena);
        const struct aws_op *op = i == 0 ? &aws_sagemaker_DeleteTags : &aws_sagemaker_AddTags;
        if (what == NULL)
            continue;
        doc_put(call->arena, input, S("ResourceArn"),
                doc_string(call->arena, tf_str(call->prior, "arn")));
        doc_put(call->arena, input, i == 0 ? S("TagKeys") : S("Tags"), what);
        if (!hp_call(call, op, input, NULL, &error)) {
            hp_diag(call, NULL, &error, "changing the tags of cluster \"%.*s\"",
                    STR(tf_str(call->prior, "cluster_name")));
            cluster_save_truth(call, NULL);
            return false;
        }
    }
    return true;
}

static bool change_settings(struct tf_call *call, struct attempt *attempt)
{
    enum hp_wait_end end = cluster_wait_paged(call, try_update, attempt, &attempt->live, NULL);
    return ended(call, end, attempt->name, NULL);
}

static bool await(struct tf_call *call, struct attempt *attempt)
{
    struct cluster_wait wait = {
        .name = attempt->name,
        .wanted = tf_value(call->planned, "instance_groups"),
        .before = tf_value(call->prior, "instance_groups"),
        .old_failure = doc_get_text(attempt->live, S("FailureMessage")),
    };
    if (!ended(call, cluster_wait(call, &wait), attempt->name, &wait))
        return false;
    struct str unmet = cluster_groups_unmet(call->arena, wait.wanted, wait.live);
    if (unmet.len > 0) {
        diag_error(call->diags, NULL, "AWS did not take the change over",
                   "Cluster \"%.*s\" is InService, but AWS answers other values for %.*s. The "
                   "state is what AWS has now.",
                   STR(attempt->name), STR(unmet));
        cluster_save_truth(call, NULL);
        return false;
    }
    tf_private_set(call, CLUSTER_WAITING, (struct str){0});
    cluster_settle(call, wait.live);
    return true;
}

bool cluster_update(struct tf_call *call)
{
    struct attempt attempt = {.name = tf_str(call->prior, "cluster_name"), .first = true};
    bool changes = settings_change(call);
    bool waits = changes || cty_is_unknown(tf_value(call->planned, "status"));

    if (changes && !look_first(call, &attempt))
        return false;
    if (!change_tags(call))
        return false;
    if (changes && !change_settings(call, &attempt))
        return false;
    if (waits)
        return await(call, &attempt);
    tf_settle(call);
    return true;
}
