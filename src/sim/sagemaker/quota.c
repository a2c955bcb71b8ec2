/* Scheduler configurations and compute quotas of a cluster with EKS (task governance): two kinds of
 * the same thing. Each change makes a version; a change names the version that it changes. */
#include "call/shape.h"
#include "sagemaker.h"
#include "world/record.h"

struct governance {
    enum record_kind kind;
    const char *what;
    struct str arn, id, version; /* what its members are called */
    const char *const *settings; /* members that it is made of, ended by NULL */
    const char *const *summary;  /* those of them that a list shows */
    const char *list;
};

static const char *const scheduler_settings[] = {"SchedulerConfig", "Description", NULL};
static const char *const scheduler_summary[] = {NULL};
static const char *const quota_settings[] = {"ComputeQuotaConfig", "ComputeQuotaTarget",
                                             "ActivationState", "Description", NULL};
static const char *const quota_summary[] = {"ComputeQuotaConfig", "ComputeQuotaTarget",
                                            "ActivationState", NULL};
static const struct governance scheduler = {
    RECORD_SCHEDULER_CONFIG,
    "Cluster scheduler configuration",
    S_INIT("ClusterSchedulerConfigArn"),
    S_INIT("ClusterSchedulerConfigId"),
    S_INIT("ClusterSchedulerConfigVersion"),
    scheduler_settings,
    scheduler_summary,
    "ClusterSchedulerConfigSummaries",
};
static const struct governance quota = {
    RECORD_COMPUTE_QUOTA,
    "Compute quota",
    S_INIT("ComputeQuotaArn"),
    S_INIT("ComputeQuotaId"),
    S_INIT("ComputeQuotaVersion"),
    quota_settings,
    quota_summary,
    "ComputeQuotaSummaries",
};

static const struct governance *row_of(const struct call *call)
{
    return str_has(call->operation->name, S("SchedulerConfig")) ? &scheduler : &quota;
}

enum governance_status {
    CREATING,
    CREATE_FAILED,
    CREATED,
    UPDATING,
    UPDATE_FAILED,
    UPDATED,
    DELETING,
    DELETE_FAILED
};
static const char *const status_names[] = {
    [CREATING] = "Creating", [CREATE_FAILED] = "CreateFailed", [CREATED] = "Created",
    [UPDATING] = "Updating", [UPDATE_FAILED] = "UpdateFailed", [UPDATED] = "Updated",
    [DELETING] = "Deleting", [DELETE_FAILED] = "DeleteFailed"};

static enum governance_status status_of(const struct record *record, int64_t now)
{
    static const enum governance_status first[] = {
        [RECORD_CREATED] = CREATING, [RECORD_UPDATED] = UPDATING, [RECORD_DELETED] = DELETING};
    unsigned step = !record_is_settled(record, now) ? 0 : record->fail.len > 0 ? 1 : 2;
    return (enum governance_status)(first[record->change] + step);
}

static struct doc *status_doc(struct call *call, const struct record *record)
{
    return doc_string(call->arena, str_of(status_names[status_of(record, call->now_ms)]));
}

/* Task governance is for clusters with EKS (guide). */
static bool cluster_for_governance(struct call *call, struct cluster **ret_cluster)
{
    if (!cluster_of_arn(call, ret_cluster))
        return false;
    if (!cluster_has_eks(*ret_cluster))
        return call_fail(call, "ValidationException",
                         "Cluster '%.*s' is not orchestrated by EKS: task governance is for EKS "
                         "clusters only",
                         STR((*ret_cluster)->name));
    return true;
}

static struct str team_of(const struct doc *settings)
{
    return doc_text(doc_at(settings, "ComputeQuotaTarget.TeamName"));
}

/* One scheduler configuration a cluster, one quota a team, and no name twice: ours. The guide
 * speaks of the policy of a cluster and of the allocation of a team, and no page that was found
 * says what a second one is told; ConflictException is in both models. */
static bool is_the_only_one(struct call *call, const struct governance *row,
                            const struct cluster *cluster, const struct record *but)
{
    struct str name = doc_get_text(call->input, S("Name")), team = team_of(call->input);
    const struct record *other;

    list_each (other, &call->region->records) {
        if (other == but || other->kind != row->kind || !str_eq(other->cluster_arn, cluster->arn) ||
            !record_is_there(other, call->now_ms))
            continue;
        if (row->kind == RECORD_SCHEDULER_CONFIG)
            return call_fail(call, "ConflictException",
                             "Cluster '%.*s' has the scheduler configuration '%.*s' already",
                             STR(cluster->name), STR(other->name));
        if (str_eq(other->name, name))
            return call_fail(call, "ConflictException", "%s '%.*s' exists already", row->what,
                             STR(name));
        if (team.len > 0 && str_eq(team_of(record_settings(other)), team))
            return call_fail(call, "ConflictException", "Team '%.*s' has the quota '%.*s' already",
                             STR(team), STR(other->name));
    }
    return true;
}

static void set_default(struct arena *arena, struct doc *doc, const char *name, struct doc *value)
{
    if (doc != NULL && doc_is_null(doc_get(doc, str_of(name))))
        doc_set(arena, doc, str_of(name), value);
}

/* What was not sent stays as it was; what was never sent has the defaults of the API reference:
 * ActivationState (CreateComputeQuota) Enabled, PreemptTeamTasks (ComputeQuotaConfig)
 * LowerPriority, FairShareWeight (ComputeQuotaTarget) 0, BorrowLimit (ResourceSharingConfig) 50
 * where something can be borrowed, FairShare (SchedulerConfig) Enabled. That answers show them is
 * ours. */
static struct doc *settings_of(struct call *call, const struct governance *row,
                               const struct doc *before)
{
    struct arena *arena = call->arena;
    struct doc *doc = before == NULL ? doc_object(arena) : doc_copy(arena, before);

    for (const char *const *name = row->settings; *name != NULL; name++) {
        struct doc *sent = doc_get(call->input, str_of(*name));
        if (!doc_is_null(sent))
            doc_set(arena, doc, str_of(*name), doc_copy(arena, sent));
    }
    if (row->kind != RECORD_COMPUTE_QUOTA) {
        set_default(arena, doc_get(doc, S("SchedulerConfig")), "FairShare",
                    doc_string(arena, S("Enabled")));
        return doc;
    }
    struct doc *config = doc_get(doc, S("ComputeQuotaConfig"));
    struct doc *sharing = doc_get(config, S("ResourceSharingConfig"));
    set_default(arena, doc, "ActivationState", doc_string(arena, S("Enabled")));
    set_default(arena, config, "PreemptTeamTasks", doc_string(arena, S("LowerPriority")));
    set_default(arena, doc_get(doc, S("ComputeQuotaTarget")), "FairShareWeight", doc_int(arena, 0));
    if (str_is(doc_get_text(sharing, S("Strategy")), "LendAndBorrow"))
        set_default(arena, sharing, "BorrowLimit", doc_int(arena, 50));
    return doc;
}

static void put_text(struct call *call, struct doc *doc, struct str name, struct str text)
{
    if (text.len > 0)
        doc_put(call->arena, doc, name, doc_string(call->arena, arena_str(call->arena, text)));
}

static bool create(struct call *call)
{
    const struct governance *row = row_of(call);
    struct cluster *cluster;

    if (!cluster_for_governance(call, &cluster) || !is_the_only_one(call, row, cluster, NULL) ||
        !tags_are_sound(call, doc_get(call->input, S("Tags"))))
        return false;
    struct record *record = record_new(call->state, call->region, row->kind, sizeof *record, S(""),
                                       doc_get_text(call->input, S("Name")), call->now_ms);
    record->cluster_arn = text_of(cluster->arn);
    record_set(record, RECORD_CREATED, settings_of(call, row, NULL), call->fail, call->now_ms);
    record_sign(record, &call->caller);
    tags_take(call, &record->tags);
    put_text(call, call->output, row->arn, record->arn);
    put_text(call, call->output, row->id, record->id);
    return true;
}

static bool record_of_call(struct call *call, const struct governance *row,
                           struct record **ret_record)
{
    struct str id = doc_get_text(call->input, row->id);
    *ret_record = record_find(call->region, row->kind, id, call->now_ms);
    if (*ret_record == NULL)
        return call_fail(call, "ResourceNotFound", "%s '%.*s' was not found", row->what, STR(id));
    return true;
}

/* The version that is changed is the newest (ours: the model calls it "Target version"). */
static bool update(struct call *call)
{
    const struct governance *row = row_of(call);
    struct record *record;
    int64_t target = 0;

    if (!record_of_call(call, row, &record))
        return false;
    doc_to_int64(doc_get(call->input, S("TargetVersion")), &target);
    if (!record_is_settled(record, call->now_ms))
        return call_fail(call, "ConflictException", "%s '%.*s' is in the %s state", row->what,
                         STR(record->id), status_names[status_of(record, call->now_ms)]);
    if (target != record->version)
        return call_fail(call, "ConflictException",
                         "%s '%.*s' has version %lld; TargetVersion is %lld", row->what,
                         STR(record->id), (long long)record->version, (long long)target);
    const struct cluster *cluster = cluster_find(call->region, record->cluster_arn);
    if (row->kind == RECORD_COMPUTE_QUOTA && !is_the_only_one(call, row, cluster, record))
        return false;
    record_set(record, RECORD_UPDATED, settings_of(call, row, record_settings(record)), call->fail,
               call->now_ms);
    record_sign(record, &call->caller);
    put_text(call, call->output, row->arn, record->arn);
    doc_put(call->arena, call->output, row->version, doc_int(call->arena, record->version));
    return true;
}

/* No conflict is modelled: a deletion under way goes on. */
static bool remove_record(struct call *call)
{
    const struct governance *row = row_of(call);
    struct record *record;

    if (!record_of_call(call, row, &record))
        return false;
    if (record->change == RECORD_DELETED && !record_is_settled(record, call->now_ms))
        return true;
    record_set(record, RECORD_DELETED, NULL, call->fail, call->now_ms);
    record_sign(record, &call->caller);
    return true;
}

static struct doc *common(struct call *call, const struct governance *row,
                          const struct record *record, int64_t version)
{
    struct arena *arena = call->arena;
    struct doc *doc = doc_object(arena);
    put_text(call, doc, row->arn, record->arn);
    put_text(call, doc, row->id, record->id);
    put_text(call, doc, S("Name"), record->name);
    put_text(call, doc, S("ClusterArn"), record->cluster_arn);
    doc_put(arena, doc, row->version, doc_int(arena, version));
    doc_put(arena, doc, S("Status"), status_doc(call, record));
    doc_put(arena, doc, S("CreationTime"), doc_time(arena, record->created_ms));
    doc_put(arena, doc, S("LastModifiedTime"), doc_time(arena, record->modified_ms));
    return doc;
}

/* UserContext: a profile and a domain are of SageMaker Studio, which is not here. */
static void put_author(struct call *call, struct doc *doc, struct str name,
                       const struct caller *author)
{
    struct doc *context = doc_object(call->arena), *identity = doc_object(call->arena);
    put_text(call, identity, S("Arn"), author->arn);
    put_text(call, identity, S("PrincipalId"), author->id);
    put_text(call, identity, S("SourceIdentity"), author->source_identity);
    doc_put(call->arena, context, S("IamIdentity"), identity);
    doc_put(call->arena, doc, name, context);
}

static void put_settings(struct call *call, struct doc *doc, const struct doc *settings,
                         const char *const *names)
{
    for (; *names != NULL; names++)
        doc_put(call->arena, doc, str_of(*names), doc_get(settings, str_of(*names)));
}

/* Each component that was configured has the status of the whole: ours. */
static struct doc *status_details(struct call *call, const struct record *record,
                                  const struct doc *settings)
{
    struct doc *details = doc_object(call->arena);
    doc_each (entry, doc_get(settings, S("SchedulerConfig"))) {
        doc_put(call->arena, details, entry->name, status_doc(call, record));
    }
    return details;
}

static bool describe(struct call *call)
{
    const struct governance *row = row_of(call);
    struct record *record;
    int64_t version = 0;

    if (!record_of_call(call, row, &record))
        return false;
    if (!doc_to_int64(doc_get(call->input, row->version), &version))
        version = record->version;
    const struct doc *settings = record_version(record, version);
    if (settings == NULL)
        return call_fail(call, "ResourceNotFound", "%s '%.*s' has no version %lld", row->what,
                         STR(record->id), (long long)version);
    call->output = common(call, row, record, version);
    put_settings(call, call->output, settings, row->settings);
    put_author(call, call->output, S("CreatedBy"), &record->created_by);
    put_author(call, call->output, S("LastModifiedBy"), &record->modified_by);
    if (record_is_settled(record, call->now_ms))
        put_text(call, call->output, S("FailureReason"), record->fail);
    if (row->kind == RECORD_SCHEDULER_CONFIG)
        doc_put(call->arena, call->output, S("StatusDetails"),
                status_details(call, record, settings));
    return true;
}

static bool is_asked_for(struct call *call, const struct record *record)
{
    struct str part = doc_get_text(call->input, S("NameContains"));
    struct str cluster = doc_get_text(call->input, S("ClusterArn"));
    struct str status = doc_get_text(call->input, S("Status"));
    return record_is_there(record, call->now_ms) &&
           (part.len == 0 || str_has(record->name, part)) &&
           (cluster.len == 0 || str_eq(record->cluster_arn, cluster)) &&
           (status.len == 0 || str_is(status, status_names[status_of(record, call->now_ms)])) &&
           listing_between(call, record->created_ms, "CreatedAfter", "CreatedBefore");
}

static bool list(struct call *call)
{
    const struct governance *row = row_of(call);
    struct str sort = doc_get_text(call->input, S("SortBy"));
    bool by_name = str_is(sort, "Name"), by_cluster = str_is(sort, "ClusterArn");
    struct listing listing = {
        .result = row->list, .newest_first = true, .by_name = by_name || by_cluster};
    const struct record *record;

    list_each (record, &call->region->records) {
        if (record->kind != row->kind || !is_asked_for(call, record))
            continue;
        struct doc *doc = common(call, row, record, record->version);
        struct str first = by_name ? record->name : by_cluster ? record->cluster_arn : S("");
        int64_t number =
            str_is(sort, "Status") ? (int64_t)status_of(record, call->now_ms) : record->created_ms;
        put_settings(call, doc, record_settings(record), row->summary);
        listing_add(call, &listing, number,
                    arena_fmt(call->arena, "%.*s/%.*s", STR(first), STR(record->id)), doc);
    }
    return listing_answer(call, &listing);
}

const struct operation sagemaker_quota_operations[] = {
    {S_INIT("CreateClusterSchedulerConfig"), create, true, .signs = true,
     .input = &sagemaker_create_cluster_scheduler_config},
    {S_INIT("DescribeClusterSchedulerConfig"), describe, false,
     .input = &sagemaker_describe_cluster_scheduler_config},
    {S_INIT("UpdateClusterSchedulerConfig"), update, true, .signs = true,
     .input = &sagemaker_update_cluster_scheduler_config},
    {S_INIT("DeleteClusterSchedulerConfig"), remove_record, true, .signs = true,
     .input = &sagemaker_delete_cluster_scheduler_config},
    {S_INIT("ListClusterSchedulerConfigs"), list, false,
     .input = &sagemaker_list_cluster_scheduler_configs},
    {S_INIT("CreateComputeQuota"), create, true, .signs = true,
     .input = &sagemaker_create_compute_quota},
    {S_INIT("DescribeComputeQuota"), describe, false, .input = &sagemaker_describe_compute_quota},
    {S_INIT("UpdateComputeQuota"), update, true, .signs = true,
     .input = &sagemaker_update_compute_quota},
    {S_INIT("DeleteComputeQuota"), remove_record, true, .signs = true,
     .input = &sagemaker_delete_compute_quota},
    {S_INIT("ListComputeQuotas"), list, false, .input = &sagemaker_list_compute_quotas},
    {S_INIT("")},
};
