/* CreateCluster has no client token: when an answer got lost the cluster is looked for by name, and
 * only what is proved to be ours is taken over. Where there is none it is asked for again: the name
 * is unique, so that there can't be two. */
#include "cluster.h"

enum {
    role_pause_ms = 5000,
    most_tries = 5,          /* of a call whose answer is lost */
    show_ms = 2000,          /* until AWS shows what it has just made */
    skew_ms = 15 * 60 * 1000 /* between AWS's clocks, or to ours where it has not told its own */
};

struct doc *cluster_create_body(struct tf_call *call)
{
    struct doc *body = hp_expand(call->arena, cluster_rows, call->planned);

    doc_put(call->arena, body, S("InstanceGroups"),
            cluster_groups_body(call->arena, tf_value(call->planned, "instance_groups")));
    doc_put(call->arena, body, S("Tags"), hp_tags_wire(call));
    return body;
}

static bool tell_in_use(struct tf_call *call, struct str name)
{
    return diag_error(
        call->diags, cty_path_attr(call->arena, NULL, S("cluster_name")),
        "A cluster of this name exists",
        "ResourceInUse: cluster \"%.*s\" is there already in %.*s, and nothing proves that this "
        "resource made it. Choose another name, or take it over with this block (with the address "
        "of your resource) and apply again:\n\nimport {\n  to = hyperpod_cluster.this\n  id = "
        "\"%.*s\"\n}",
        STR(name), STR(hp_region(call)), STR(name));
}

/* ---- After a lost answer ---- */

static bool has_tag(const struct doc *tags, const struct doc *tag)
{
    doc_each (entry, tags) {
        if (str_eq(doc_get_text(entry->value, S("Key")), doc_get_text(tag, S("Key"))) &&
            str_eq(doc_get_text(entry->value, S("Value")), doc_get_text(tag, S("Value"))))
            return true;
    }
    return false;
}

enum whose { TAGS_OURS, TAGS_OF_OTHERS, TAGS_UNKNOWN };

/* TAGS_UNKNOWN: *reterr. */
static enum whose whose_tags(struct tf_call *call, const struct doc *live, struct aws_error *reterr)
{
    struct doc *input = doc_object(call->arena), *found = NULL, *ours = hp_tags_wire(call);

    doc_put(call->arena, input, S("ResourceArn"),
            doc_string(call->arena, doc_get_text(live, S("ClusterArn"))));
    if (!hp_call_pages(call, &aws_sagemaker_ListTags, input, "NextToken", "NextToken", "Tags",
                       &found, reterr))
        return TAGS_UNKNOWN;
    doc_each (entry, ours)
        if (!has_tag(found, entry->value))
            return TAGS_OF_OTHERS;
    doc_each (entry, found) {
        bool of_aws = str_starts(doc_get_text(entry->value, S("Key")), S("aws:"));
        if (!of_aws && !has_tag(ours, entry->value))
            return TAGS_OF_OTHERS;
    }
    return TAGS_OURS;
}

static bool is_younger(struct tf_call *call, const struct doc *live, int64_t begun_ms)
{
    int64_t created_ms;
    struct str created = cluster_time(call->arena, doc_get(live, S("CreationTime")));
    return time_parse(created, &created_ms) && created_ms >= begun_ms - skew_ms;
}

/* error: of the look, or of what came after it; NULL: AWS does not show the cluster. */
static bool tell_unknown(struct tf_call *call, struct str name, const struct aws_error *lost,
                         const struct aws_error *error)
{
    struct str look = error == NULL ? S("AWS does not show the cluster so far.")
                                    : arena_cat(call->arena, S("then this failed: "),
                                                aws_error_text(call->arena, error));

    return diag_error(call->diags, NULL, "It is not known whether the cluster was made",
                      "The answer to CreateCluster for \"%.*s\" was lost (%.*s), and %.*s\n\nApply "
                      "again; if the cluster exists then, the error shows how to import it.",
                      STR(name), STR(aws_error_text(call->arena, lost)), STR(look));
}

enum lost { LOST_FOUND, LOST_NOT_THERE, LOST_CUT_SHORT, LOST_TOLD };

/* LOST_FOUND: *ret_live is ours. LOST_CUT_SHORT: *reterr. */
static enum lost look_for_lost(struct tf_call *call, struct str name, int64_t begun_ms,
                               const struct aws_error *lost, struct doc **ret_live,
                               struct aws_error *reterr)
{
    enum cluster_found found = CLUSTER_ABSENT;
    enum whose whose = TAGS_UNKNOWN; /* of what could not be read, too */

    *reterr = (struct aws_error){.kind = AWS_STOPPED, .message = S("between two looks")};
    for (int looks = 0; looks < 2 && found == CLUSTER_ABSENT; looks++) {
        if (looks > 0 && world_wait_ms(call->world, call->stop, show_ms))
            return LOST_CUT_SHORT;
        found = cluster_describe(call, name, ret_live, reterr);
    }
    if (found == CLUSTER_ABSENT)
        return LOST_NOT_THERE;
    if (found == CLUSTER_FOUND)
        whose = is_younger(call, *ret_live, begun_ms) ? whose_tags(call, *ret_live, reterr)
                                                      : TAGS_OF_OTHERS;
    if (whose == TAGS_OURS)
        return LOST_FOUND;
    if (whose == TAGS_UNKNOWN && reterr->kind == AWS_STOPPED)
        return LOST_CUT_SHORT;
    if (whose == TAGS_UNKNOWN)
        tell_unknown(call, name, lost, reterr);
    else
        tell_in_use(call, name);
    return LOST_TOLD;
}

/* Whoever is interrupted, or has no time left, looks once more. */
static enum lost find_lost(struct tf_call *call, struct str name, int64_t begun_ms,
                           const struct aws_error *lost, struct doc **ret_live)
{
    enum lost end = LOST_CUT_SHORT;
    struct aws_error error;

    if (!stop_requested(call->stop) && lost->kind != AWS_STOPPED)
        end = look_for_lost(call, name, begun_ms, lost, ret_live, &error);
    if (end != LOST_CUT_SHORT)
        return end;
    struct tf_call last = hp_last_look(call);
    end = look_for_lost(&last, name, begun_ms, lost, ret_live, &error);
    if (end != LOST_CUT_SHORT)
        return end;
    tell_unknown(call, name, lost, &error);
    return LOST_TOLD;
}

/* ---- The call ---- */

static bool send(struct tf_call *call, struct str name, struct doc **ret_live)
{
    int64_t begun_ms = aws_client_now_ms(hp_account_of(call)->client);
    int64_t begun_tick = world_tick_ms(call->world);
    struct doc *body = cluster_create_body(call), *answer = NULL;
    struct aws_error error, lost = {0};
    int losses = 0;

    while (!hp_call(call, &aws_sagemaker_CreateCluster, body, &answer, &error)) {
        bool again = cluster_role_may_be_new(&error, world_tick_ms(call->world) - begun_tick) &&
                     !world_wait_ms(call->world, call->stop, role_pause_ms);
        if (error.maybe_done)
            lost = error;
        if (error.maybe_done || (losses > 0 && error.kind == AWS_IN_USE)) {
            enum lost end = find_lost(call, name, begun_ms, &lost, ret_live);
            if (end != LOST_NOT_THERE)
                return end == LOST_FOUND;
            again =
                ++losses < most_tries && error.kind != AWS_STOPPED && !stop_requested(call->stop);
        } else if (error.kind == AWS_IN_USE) {
            return tell_in_use(call, name);
        }
        if (!again && losses > 0)
            return tell_unknown(call, name, &lost, error.maybe_done ? NULL : &error);
        if (!again)
            return hp_diag(call, NULL, &error, "creating cluster \"%.*s\"", STR(name));
    }
    *ret_live = doc_object(call->arena);
    doc_put(call->arena, *ret_live, S("ClusterName"), doc_string(call->arena, name));
    doc_put(call->arena, *ret_live, S("ClusterArn"),
            doc_string(call->arena, doc_get_text(answer, S("ClusterArn"))));
    doc_put(call->arena, *ret_live, S("ClusterStatus"), doc_string(call->arena, S("Creating")));
    return true;
}

/* ---- How it ends ---- */

/* What AWS says now, or what it said last. */
static struct doc *last_words(struct tf_call *call, struct str name, struct doc *before)
{
    struct tf_call look = hp_last_look(call);
    struct aws_error error;
    struct doc *live = before;

    return cluster_describe(&look, name, &live, &error) == CLUSTER_FOUND ? live : before;
}

static void note_mode(struct tf_call *call, const struct doc *live)
{
    tf_private_set(call, CLUSTER_MODE, doc_get_text(live, S("NodeProvisioningMode")));
}

/* It failed while nobody looked. */
static bool failed_after_all(struct tf_call *call, const struct doc *live, const struct doc *nodes)
{
    struct str text = cluster_failure(call, live, nodes);

    cluster_observe_live(call, live);
    tf_settle(call);
    return diag_error(call->diags, NULL, "The cluster could not be made", "%.*s", STR(text));
}

static bool interrupted(struct tf_call *call, struct str name, struct doc *live)
{
    note_mode(call, live);
    if (str_is(cluster_status(live), "Failed"))
        return failed_after_all(call, live, NULL);
    cluster_settle(call, live);
    tf_private_set(call, CLUSTER_WAITING, S("create"));
    return diag_warning(call->diags, NULL, "The wait for the cluster was interrupted",
                        "AWS has accepted cluster \"%.*s\" and goes on making it; its status is "
                        "%.*s. It is in the state as it is now; the next plan shows an update in "
                        "place that only waits.",
                        STR(name), STR(cluster_status(live)));
}

static bool timed_out(struct tf_call *call, struct str name, struct doc *live,
                      const struct doc *nodes)
{
    struct str missing = cluster_missing(call->arena, live, nodes);

    note_mode(call, live);
    if (str_is(cluster_status(live), "Failed"))
        return failed_after_all(call, live, nodes);
    cluster_observe_live(call, live);
    tf_settle(call);
    tf_private_set(call, CLUSTER_WAITING, S("create"));
    return diag_error(
        call->diags, NULL, "The cluster took too long",
        "Cluster \"%.*s\" is %.*s after %.*s (timeouts.create), and AWS still works on it.\n%.*s\n"
        "Terraform marks it as tainted, so that the next apply would destroy it. To keep it and go "
        "on waiting: terraform untaint ADDRESS, then apply again (with a longer timeouts.create or "
        "timeouts.update).",
        STR(name), STR(cluster_status(live)), STR(duration_text(call->arena, call->timeout_ms)),
        STR(missing));
}

/* Why is told already. AWS may go on all the same, when it was only the watching that failed. */
static bool failed(struct tf_call *call, const struct doc *live)
{
    cluster_observe_live(call, live);
    tf_settle(call);
    if (str_is(cluster_status(live), "Creating"))
        tf_private_set(call, CLUSTER_WAITING, S("create"));
    return false;
}

static bool finish(struct tf_call *call, struct str name, struct doc *live)
{
    struct cluster_wait wait = {
        .name = name, .wanted = tf_value(call->planned, "instance_groups"), .creating = true};
    size_t before = call->diags->errors;
    enum hp_wait_end end = cluster_wait(call, &wait);

    if (end == HP_ENDED_STOPPED && call->diags->errors > before)
        end = HP_ENDED_FAILED; /* both at once: an error taints, whatever else is said */
    if (wait.live != NULL)
        live = wait.live;
    if (end != HP_ENDED_DONE)
        live = last_words(call, name, live);
    if (end == HP_ENDED_STOPPED)
        return interrupted(call, name, live);
    if (end == HP_ENDED_TIMEOUT)
        return timed_out(call, name, live, wait.nodes);
    note_mode(call, live);
    if (end == HP_ENDED_DONE) {
        struct str unmet = cluster_groups_unmet(call->arena, wait.wanted, live);
        cluster_settle(call, live);
        return unmet.len == 0 ||
               diag_error(call->diags, NULL, "AWS made something else than was asked for",
                          "Cluster \"%.*s\" is there, but AWS answers other values for %.*s.",
                          STR(name), STR(unmet));
    }
    return failed(call, live);
}

bool cluster_create(struct tf_call *call)
{
    struct str name = tf_str(call->planned, "cluster_name");
    struct str mock = cluster_find_mock(call->planned);
    struct doc *live = NULL;
    struct aws_error error;

    if (mock.ptr != NULL)
        return diag_error(call->diags, NULL, "A mock value cannot be applied",
                          "\"%.*s\" holds twelve zeros in a row: it stands for something that does "
                          "not exist yet.",
                          STR(mock));
    switch (cluster_describe(call, name, &live, &error)) {
    case CLUSTER_ERROR:
        return hp_diag(call, NULL, &error, "looking whether cluster \"%.*s\" exists", STR(name));
    case CLUSTER_FOUND:
        return tell_in_use(call, name);
    case CLUSTER_ABSENT:
        break;
    }
    if (!send(call, name, &live))
        return false;
    tf_created(call);
    return finish(call, name, live);
}
