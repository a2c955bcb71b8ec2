/* What AWS has, brought into the state. */
#include "cluster.h"

#include <ctype.h>

struct str cluster_status(const struct doc *live)
{
    return doc_get_text(live, S("ClusterStatus"));
}

struct str cluster_time(struct arena *arena, const struct doc *time)
{
    int64_t unix_ms;

    if (time != NULL && time->kind == DOC_STRING && time->text.len > 0)
        return time->text;
    return aws_time_ms(time, &unix_ms) ? time_rfc3339(arena, unix_ms) : (struct str){0};
}

/* ---- Is it there? ---- */

static struct doc *named(struct arena *arena, struct str name)
{
    struct doc *input = doc_object(arena);
    doc_put(arena, input, S("ClusterName"), doc_string(arena, name));
    return input;
}

/* An emulator says ValidationException "Could not find cluster" where AWS says ResourceNotFound:
 * the list of all clusters decides. */
static bool is_not_listed(struct tf_call *call, struct str name, struct aws_error *error)
{
    struct doc *list = NULL;
    struct aws_error other;

    if (error->kind != AWS_REFUSED ||
        !str_has(arena_lower(call->arena, error->message), S("not find")))
        return false;
    if (!hp_call_pages(call, &aws_sagemaker_ListClusters, doc_object(call->arena), "NextToken",
                       "NextToken", "ClusterSummaries", &list, &other)) {
        *error = other;
        return false;
    }
    doc_each (entry, list) {
        if (str_eq(doc_get_text(entry->value, S("ClusterName")), name) ||
            str_eq(doc_get_text(entry->value, S("ClusterArn")), name))
            return false;
    }
    return true;
}

enum cluster_found cluster_describe(struct tf_call *call, struct str name, struct doc **ret_live,
                                    struct aws_error *reterr)
{
    struct doc *live = NULL;

    if (hp_call(call, &aws_sagemaker_DescribeCluster, named(call->arena, name), &live, reterr)) {
        *ret_live = live;
        return CLUSTER_FOUND;
    }
    if (reterr->kind == AWS_NOT_FOUND || is_not_listed(call, name, reterr))
        return CLUSTER_ABSENT;
    return CLUSTER_ERROR;
}

/* ---- Into the state ---- */

/* The last part of arn:aws:sagemaker:REGION:ACCOUNT:cluster/ID. */
static struct str id_of(struct str arn)
{
    size_t slash = SIZE_MAX;
    for (size_t i = 0; i < arn.len; i++)
        if (arn.ptr[i] == '/')
            slash = i;
    return slash == SIZE_MAX ? (struct str){0} : str_from(arn, slash + 1);
}

struct str cluster_log_group(struct arena *arena, const struct doc *live)
{
    struct str name = doc_get_text(live, S("ClusterName"));
    struct str id = id_of(doc_get_text(live, S("ClusterArn")));

    if (name.len == 0 || id.len == 0)
        return (struct str){0};
    return arena_fmt(arena, "/aws/sagemaker/Clusters/%.*s/%.*s", STR(name), STR(id));
}

/* The answer in the form that the rows read. */
static struct doc *readable(struct arena *arena, const struct doc *live)
{
    struct doc *copy = doc_copy(arena, live);
    struct str created = cluster_time(arena, doc_get(live, S("CreationTime")));

    doc_set(arena, copy, S("CreationTime"),
            created.ptr == NULL ? NULL : doc_string(arena, created));
    if (doc_get_text(live, S("FailureMessage")).len == 0)
        doc_set(arena, copy, S("FailureMessage"), NULL);
    return copy;
}

static struct str orchestrator_of(const struct doc *live, const struct cty_value *like)
{
    const struct doc *orchestrator = doc_get(live, S("Orchestrator"));

    if (orchestrator == NULL)
        return tf_is_set(like, "eks") ? S("eks") : S("none");
    if (!doc_is_null(doc_get(orchestrator, S("Eks"))))
        return S("eks");
    return doc_is_null(doc_get(orchestrator, S("Slurm"))) ? S("none") : S("slurm");
}

static struct doc *filled_of(const struct tf_call *call)
{
    struct doc *filled = NULL;
    struct doc_error error;
    struct str text = tf_private_get(call, CLUSTER_FILLED);

    if (text.len > 0)
        doc_from_json(call->arena, text, NULL, &filled, &error);
    return filled;
}

/* Where an answer leaves these out altogether, they keep their value. */
static const struct kept {
    const char *name, *wire;
} kept[] = {
    {"eks", "Orchestrator"}, {"vpc_config", "VpcConfig"}, {"node_recovery", "NodeRecovery"}};

static const char *const read_members[] = {"cluster_name", "arn", "status", "creation_time",
                                           "failure_message"};

static void set_computed(struct tf_call *call, const struct doc *live, const struct cty_value *like)
{
    struct str arn = doc_get_text(live, S("ClusterArn"));

    tf_set_str(call, "id", doc_get_text(live, S("ClusterName")));
    tf_set_str(call, "cluster_id", id_of(arn));
    tf_set_str(call, "log_group_name", cluster_log_group(call->arena, live));
    tf_set_str(call, "orchestrator", orchestrator_of(live, like));
    tf_set(call, "instance_group_details", cluster_details_read(call->arena, live));
}

static void set_all(struct tf_call *call, const struct doc *live, const struct cty_value *like)
{
    const struct cty_value *fresh =
        hp_flatten(call->arena, cluster_rows, readable(call->arena, live), NULL);

    for (size_t i = 0; i < sizeof read_members / sizeof read_members[0]; i++)
        tf_set(call, read_members[i], tf_value(fresh, read_members[i]));
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (doc_get(live, str_of(kept[i].wire)) != NULL)
            tf_set(call, kept[i].name, tf_value(fresh, kept[i].name));
        else if (str_is(str_of(kept[i].name), "node_recovery") && !tf_is_set(like, kept[i].name))
            tf_set_str(call, kept[i].name, S("Automatic"));
    set_computed(call, live, like);
    tf_set(
        call, "instance_groups",
        cluster_groups_read(call->arena, live, tf_value(like, "instance_groups"), filled_of(call)));
}

/* The plan's region stands in every planned state; an import and an older state may lack it. */
static void set_region(struct tf_call *call)
{
    struct str region = hp_region(call);
    if (!tf_is_set(call->state, "region") && region.len > 0)
        tf_set_str(call, "region", region);
}

void cluster_observe_live(struct tf_call *call, const struct doc *live)
{
    set_all(call, live, call->state);
    set_region(call);
}

bool cluster_observe(struct tf_call *call, const struct doc *live)
{
    struct doc *input = doc_object(call->arena), *tags = NULL;
    struct aws_error error;

    cluster_observe_live(call, live);
    doc_put(call->arena, input, S("ResourceArn"),
            doc_string(call->arena, doc_get_text(live, S("ClusterArn"))));
    if (!hp_call_pages(call, &aws_sagemaker_ListTags, input, "NextToken", "NextToken", "Tags",
                       &tags, &error))
        return hp_diag(call, NULL, &error, "reading the tags of cluster \"%.*s\"",
                       STR(doc_get_text(live, S("ClusterName"))));
    hp_tags_read(call, tags);
    return true;
}

static bool is_open(const struct cty_value *value)
{
    return value != NULL && !cty_is_wholly_known(value);
}

void cluster_settle(struct tf_call *call, const struct doc *live)
{
    const struct cty_value *planned = call->state;
    struct tf_call seen = *call;
    struct buf json = buf_in(call->arena, 8 * 1024);
    struct doc *filled =
        cluster_groups_filled(call->arena, tf_value(planned, "instance_groups"), live);

    tf_set(call, "instance_groups",
           cluster_groups_settle(call->arena, tf_value(planned, "instance_groups"), live));
    set_region(call);
    set_all(&seen, live, planned);
    for (size_t i = 0; i < call->state->count; i++) {
        struct str name = call->state->type->attributes[i].name;
        if (is_open(call->state->items[i]) && !str_is(name, "tags") && !str_is(name, "tags_all"))
            call->state =
                cty_with(call->arena, call->state, name,
                         hp_fill(call->arena, call->state->items[i], cty_get(seen.state, name)));
    }
    if (is_open(tf_value(call->state, "tags_all")))
        hp_tags_read(call, hp_tags_wire(call));
    tf_settle(call);
    bool fits = filled != NULL && doc_to_json(filled, &json);
    tf_private_set(call, CLUSTER_FILLED, fits ? buf_str(&json) : (struct str){0});
}

/* ---- The verbs ---- */

static void warn_of_state(struct tf_call *call, const struct doc *live, struct str beyond)
{
    struct str name = doc_get_text(live, S("ClusterName")), status = cluster_status(live);

    if (str_is(status, "Failed"))
        diag_warning(call->diags, NULL, "The cluster has failed",
                     "Cluster \"%.*s\" is Failed and takes no change any more. %.*s\n\nMake it "
                     "anew: terraform apply -replace=ADDRESS.",
                     STR(name), STR(doc_get_text(live, S("FailureMessage"))));
    else if (str_is(status, "Deleting"))
        diag_warning(call->diags, NULL, "The cluster is being deleted",
                     "Somebody is deleting cluster \"%.*s\". Once it is gone, a plan shows that it "
                     "is to be made again.",
                     STR(name));
    if (beyond.len > 0)
        diag_warning(call->diags, NULL, "The cluster has settings that are not managed here",
                     "Cluster \"%.*s\" has %.*s, for which this version of hyperpod_cluster has "
                     "no attribute. It is read as it is; a change of its groups or of "
                     "node_recovery will be refused, because AWS would reset these settings.",
                     STR(name), STR(beyond));
}

/* Another cluster of the same name is not ours. */
static bool is_another(const struct tf_call *call, const struct doc *live)
{
    struct str ours = tf_str(call->state, "arn");
    return ours.len > 0 && !str_eq(ours, doc_get_text(live, S("ClusterArn")));
}

bool cluster_read(struct tf_call *call)
{
    struct str name = tf_str(call->state, "cluster_name"), beyond;
    struct doc *live = NULL;
    struct aws_error error;

    switch (cluster_describe(call, name, &live, &error)) {
    case CLUSTER_ERROR:
        return hp_diag(call, NULL, &error, "reading cluster \"%.*s\"", STR(name));
    case CLUSTER_ABSENT:
        tf_gone(call);
        return true;
    case CLUSTER_FOUND:
        break;
    }
    if (is_another(call, live)) {
        diag_warning(call->diags, NULL, "Another cluster has this name now",
                     "The cluster of this resource, %.*s, is gone. %.*s has the name now; it was "
                     "not made by this resource, which therefore leaves it alone.",
                     STR(tf_str(call->state, "arn")), STR(doc_get_text(live, S("ClusterArn"))));
        tf_gone(call);
        return true;
    }
    if (!cluster_observe(call, live))
        return false;
    beyond = cluster_beyond(call->arena, live, tf_private_get(call, CLUSTER_MODE));
    warn_of_state(call, live, beyond);
    tf_private_set(call, CLUSTER_BEYOND,
                   beyond.len > 0 ? str_sub(beyond, 0, 2000) : (struct str){0});
    if (cluster_is_ready(live))
        tf_private_set(call, CLUSTER_WAITING, (struct str){0});
    return true;
}

static bool is_name(struct str name)
{
    enum { longest_name = 63 };

    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.ptr[i]) && name.ptr[i] != '-')
            return false;
    return name.len > 0 && name.len <= longest_name;
}

/* EKS and ECS have ARNs that end like this too. */
static bool is_arn(struct str arn)
{
    return str_is(hp_arn_part(arn, 0), "arn") && str_is(hp_arn_part(arn, 2), "sagemaker") &&
           str_starts(hp_arn_part(arn, 5), S("cluster/"));
}

static bool check_name(struct tf_call *call, struct str name)
{
    return is_name(name) ||
           diag_error(call->diags, NULL, "Invalid identity",
                      "The cluster_name \"%.*s\" of the identity is not a cluster's name, as in "
                      "\"ml-cluster\".",
                      STR(name));
}

bool cluster_import(struct tf_call *call, struct str id)
{
    if (call->identity != NULL)
        return check_name(call, tf_str(call->identity, "cluster_name")) &&
               hp_import_by_identity(call);
    size_t at = str_find_char(id, '@');
    struct str name = str_sub(id, 0, at), region = at == SIZE_MAX ? S("") : str_from(id, at + 1);

    if (str_starts(name, S("arn:")) && region.len == 0)
        region = hp_arn_part(name, 3);
    if ((!is_name(name) && !is_arn(name)) || (at != SIZE_MAX && region.len == 0))
        return diag_error(
            call->diags, NULL, "Invalid import id",
            "\"%.*s\" is not a cluster's name or ARN. Write it as in \"ml-cluster\", or "
            "\"ml-cluster@us-west-2\" for one of another region.",
            STR(id));
    tf_set_str(call, "cluster_name", name);
    return region.len == 0 ||
           hp_import_region(call, region, arena_fmt(call->arena, "import id \"%.*s\"", STR(id)));
}
