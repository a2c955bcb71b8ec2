/* Looking for clusters: ListClusters, page by page, as far as the list is read. */
#include "cluster.h"

enum { page_size = 100 };

/* ---- What is asked for ---- */

static bool check_time(struct tf_check *check, const struct cty_value *value)
{
    int64_t unix_ms;
    return time_parse(value->text, &unix_ms) ||
           diag_error(check->diags, check->path, "Invalid time",
                      "\"%.*s\" is not a time. Write it as in \"2026-11-22T14:30:00Z\".",
                      STR(value->text));
}

static const struct tf_attr list_rows[] = {
    {"name_contains", TF_STRING, .flags = TF_OPTIONAL, .write = "NameContains", .min_len = 1,
     .max_len = 63, .pattern = "[a-zA-Z0-9\\-]+", .pattern_text = "letters, digits and hyphens",
     .doc = "Only clusters whose name contains this."},
    {"training_plan_arn", TF_STRING, .flags = TF_OPTIONAL, .write = "TrainingPlanArn",
     .pattern = "arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:training-plan/.*",
     .pattern_text = "the ARN of a training plan",
     .doc = "Only clusters that use this training plan."},
    {"creation_time_after", TF_STRING, .flags = TF_OPTIONAL, .write = "CreationTimeAfter",
     .check = check_time, .doc = "Only clusters that were made after this time (RFC 3339)."},
    {"creation_time_before", TF_STRING, .flags = TF_OPTIONAL, .write = "CreationTimeBefore",
     .check = check_time, .doc = "Only clusters that were made before this time (RFC 3339)."},
    HP_LIST_REGION_ROW,
    {0},
};

/* ---- What is found ---- */

struct found {
    const struct doc *summary;
    struct str region;
    bool whole;
};

/* Of a summary alone: what the identity needs. The whole object is read as after an import. */
static bool fill(struct tf_call *call, void *arg, struct str *ret_name)
{
    const struct found *found = arg;
    struct str name = doc_get_text(found->summary, S("ClusterName"));

    *ret_name = arena_fmt(call->arena, "%.*s (%.*s)", STR(name),
                          STR(doc_get_text(found->summary, S("ClusterStatus"))));
    tf_set_str(call, "cluster_name", name);
    tf_set_str(call, "region", found->region);
    tf_set_str(call, "arn", doc_get_text(found->summary, S("ClusterArn")));
    return !found->whole || cluster_read(call);
}

static bool tell_page(void *arg, const struct doc *page)
{
    struct tf_listing *listing = arg;
    struct found found = {.region = hp_region(listing->call), .whole = listing->wants_objects};

    doc_each (entry, doc_get(page, S("ClusterSummaries"))) {
        found.summary = entry->value;
        if (!tf_list_found(listing, fill, &found))
            return false;
    }
    return true;
}

static bool list(struct tf_listing *listing)
{
    struct tf_call *call = listing->call;
    struct doc *input = hp_expand(call->arena, list_rows, call->config);

    doc_put(call->arena, input, S("MaxResults"),
            doc_int(call->arena,
                    listing->limit > 0 && listing->limit < page_size ? listing->limit : page_size));
    return hp_each_page(call, &aws_sagemaker_ListClusters, input, tell_page, listing,
                        arena_cat(call->arena, S("listing the clusters of "), hp_region(call)));
}

const struct tf_list cluster_list = {
    .doc = "Finds HyperPod clusters, to import them.", .attrs = list_rows, .list = list};
