/* A cluster is gone when DescribeCluster says so: until then its nodes' network interfaces need the
 * execution role, the subnets and the security groups. */
#include "cluster.h"

struct removal {
    struct str name, arn;
    struct doc *live; /* NULL: gone */
    bool accepted;
    unsigned errors, losses;
};

enum { most_errors = 5, most_losses = 5 };

/* Looks; true: *ret_state is the verdict already. */
static bool is_settled(struct tf_call *call, struct removal *removal, enum hp_wait_state *ret_state)
{
    struct aws_error error;
    struct doc *live = NULL;

    switch (cluster_describe(call, removal->name, &live, &error)) {
    case CLUSTER_ABSENT:
        removal->live = NULL;
        *ret_state = HP_WAIT_DONE;
        return true;
    case CLUSTER_ERROR:
        *ret_state = HP_WAIT_GO_ON;
        if (error.kind == AWS_STOPPED)
            return true;
        if ((error.kind == AWS_THROTTLED || error.kind == AWS_SERVER ||
             error.kind == AWS_NETWORK) &&
            ++removal->errors < most_errors)
            return true;
        hp_diag(call, NULL, &error, "watching the deletion of cluster \"%.*s\"",
                STR(removal->name));
        *ret_state = HP_WAIT_FAILED;
        return true;
    case CLUSTER_FOUND:
        break;
    }
    removal->errors = 0;
    removal->live = live;
    if (removal->arn.len > 0 && !str_eq(removal->arn, doc_get_text(live, S("ClusterArn")))) {
        removal->live = NULL; /* ours is gone, and somebody has made another */
        *ret_state = HP_WAIT_DONE;
        return true;
    }
    return false;
}

static struct doc *nodes_of(struct tf_call *call, struct str name)
{
    struct tf_call look = hp_last_look(call);
    struct doc *input = doc_object(call->arena), *nodes = NULL;
    struct aws_error error;

    doc_put(call->arena, input, S("ClusterName"), doc_string(call->arena, name));
    return hp_call_pages(&look, &aws_sagemaker_ListClusterNodes, input, "NextToken", "NextToken",
                         "ClusterNodeSummaries", &nodes, &error)
               ? nodes
               : NULL;
}

static enum hp_wait_state tell_failed(struct tf_call *call, struct removal *removal)
{
    struct str text = cluster_failure(call, removal->live, nodes_of(call, removal->name));
    diag_error(call->diags, NULL, "The cluster could not be deleted", "%.*s", STR(text));
    return HP_WAIT_FAILED;
}

static enum hp_wait_state look(struct tf_call *call, void *arg)
{
    struct removal *removal = arg;
    enum hp_wait_state state;
    struct aws_error error;
    struct doc *input = doc_object(call->arena);

    if (is_settled(call, removal, &state))
        return state;
    struct str status = cluster_status(removal->live);
    if (str_is(status, "Deleting")) {
        removal->accepted = true;
        return HP_WAIT_GO_ON;
    }
    if (removal->accepted && str_is(status, "Failed"))
        return tell_failed(call, removal);
    if (removal->accepted || (cluster_is_busy(status) && !str_is(status, "SystemUpdating")))
        return HP_WAIT_GO_ON; /* AWS refuses while it works on the cluster */
    doc_put(call->arena, input, S("ClusterName"), doc_string(call->arena, removal->name));
    if (hp_call(call, &aws_sagemaker_DeleteCluster, input, NULL, &error))
        removal->accepted = true;
    else if (error.kind != AWS_CONFLICT && error.kind != AWS_NOT_FOUND &&
             error.kind != AWS_STOPPED && !(error.maybe_done && ++removal->losses < most_losses)) {
        hp_diag(call, NULL, &error, "deleting cluster \"%.*s\"", STR(removal->name));
        return HP_WAIT_FAILED;
    }
    return HP_WAIT_GO_ON;
}

bool cluster_delete(struct tf_call *call)
{
    struct removal removal = {.name = tf_str(call->prior, "cluster_name"),
                              .arn = tf_str(call->prior, "arn")};
    enum hp_wait_end end = cluster_wait_paged(call, look, &removal, &removal.live, NULL);
    struct str missing;

    switch (end) {
    case HP_ENDED_DONE:
        return true;
    case HP_ENDED_FAILED:
        break;
    case HP_ENDED_STOPPED:
        diag_error(call->diags, NULL, "The deletion was interrupted",
                   "Cluster \"%.*s\" is still there%s. The state keeps it; destroy again to go on.",
                   STR(removal.name), removal.accepted ? ", and AWS goes on deleting it" : "");
        break;
    case HP_ENDED_TIMEOUT:
        missing = cluster_missing(call->arena, removal.live, nodes_of(call, removal.name));
        diag_error(call->diags, NULL, "The deletion took too long",
                   "Cluster \"%.*s\" is %.*s after %.*s (timeouts.delete).\n%.*s\nA cluster stays "
                   "Deleting when its execution role or the role's policies were removed before "
                   "it: restore them, and AWS goes on. Then destroy again.",
                   STR(removal.name), STR(cluster_status(removal.live)),
                   STR(duration_text(call->arena, call->timeout_ms)), STR(missing));
        break;
    }
    cluster_save_truth(call, NULL);
    return false;
}
