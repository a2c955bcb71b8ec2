/* Extensions: software that HyperPod installs on every node of a Slurm cluster. */
#include "call/shape.h"
#include "extension_kinds.h"
#include "sagemaker.h"
#include "world/record.h"

/* Slurm and continuous provisioning only (api). */
static bool cluster_for_extensions(struct call *call, struct cluster **ret_cluster)
{
    if (!cluster_of_arn(call, ret_cluster))
        return false;
    if (doc_is_null(doc_at((*ret_cluster)->plan.settings, "Orchestrator.Slurm")))
        return call_fail(call, "ValidationException",
                         "Cluster '%.*s' is not orchestrated by Slurm: extensions are for Slurm "
                         "clusters only",
                         STR((*ret_cluster)->name));
    return cluster_must_be_continuous(call, *ret_cluster, call->operation->name.ptr);
}

static bool extension_of_call(struct call *call, struct cluster **ret_cluster,
                              struct record **ret_record)
{
    struct str arn = doc_get_text(call->input, S("ExtensionArn"));

    if (!cluster_of_arn(call, ret_cluster))
        return false;
    *ret_record = record_find(call->region, RECORD_EXTENSION, arn, call->now_ms);
    if (*ret_record == NULL || !str_eq((*ret_record)->cluster_arn, (*ret_cluster)->arn))
        return call_fail(call, "ResourceNotFound", "Extension '%.*s' was not found", STR(arn));
    return true;
}

static struct record *extension_named(const struct call *call, const struct cluster *cluster,
                                      struct str name)
{
    struct record *record;
    list_each (record, &call->region->records) {
        if (record->kind == RECORD_EXTENSION && str_eq(record->name, name) &&
            str_eq(record->cluster_arn, cluster->arn) && record_is_there(record, call->now_ms))
            return record;
    }
    return NULL;
}

static const char *status_of(const struct record *record, const struct cluster *cluster,
                             int64_t now)
{
    static const struct {
        const char *under_way, *failed;
    } names[] = {[RECORD_CREATED] = {"Creating", "CreateFailed"},
                 [RECORD_UPDATED] = {"Updating", "UpdateFailed"},
                 [RECORD_DELETED] = {"Deleting", "DeleteFailed"}};
    const struct node_group *group;

    if (!record_is_settled(record, now))
        return names[record->change].under_way;
    if (record->fail.len > 0)
        return names[record->change].failed;
    list_each (group, &cluster->groups) {
        if (group->counts[NODE_FAILURE] > 0) /* it does not run there: ours */
            return "Degraded";
    }
    return "Active";
}

static bool answer_arn(struct call *call, const struct record *record)
{
    doc_put(call->arena, call->output, S("ExtensionArn"),
            doc_string(call->arena, arena_str(call->arena, record->arn)));
    return true;
}

/* A version and the settings, as a record keeps them. */
static struct doc *version_and_settings(struct arena *arena, struct str version,
                                        struct doc *settings)
{
    struct doc *doc = doc_object(arena);
    doc_put(arena, doc, S("ExtensionVersion"), doc_string(arena, version));
    doc_put(arena, doc, S("settings"), settings);
    return doc;
}

static bool create_extension(struct call *call)
{
    struct str name = doc_get_text(call->input, S("ExtensionName"));
    struct str version = doc_get_text(call->input, S("ExtensionVersion"));
    const struct extension_kind *kind = extension_kind_find(name);
    struct cluster *cluster;
    struct doc *settings;

    if (!cluster_for_extensions(call, &cluster))
        return false;
    const struct client_token *known = client_token_of(call, cluster);
    if (known != NULL)
        return client_token_answer(call, known);
    if (kind == NULL)
        return call_fail(call, "ResourceNotFound", "There is no extension '%.*s'", STR(name));
    if (version.len == 0)
        version = extension_newest(kind);
    if (extension_version_rank(kind, version) < 0)
        return call_fail(call, "ResourceNotFound", "Extension '%.*s' has no version %.*s",
                         STR(name), STR(version));
    if (extension_named(call, cluster, name) != NULL)
        return call_fail(call, "ResourceInUse", "Cluster '%.*s' has an extension '%.*s' already",
                         STR(cluster->name), STR(name));
    if (!extension_configure(call, kind, NULL, doc_get_text(call->input, S("ConfigurationValues")),
                             &settings) ||
        !tags_are_sound(call, doc_get(call->input, S("Tags"))))
        return false;
    struct record *record =
        record_new(call->state, call->region, RECORD_EXTENSION, sizeof *record,
                   arena_fmt(call->arena, "sagemaker-%.*s/%.*s/", STR(cluster->id), STR(name)),
                   name, call->now_ms);
    record->cluster_arn = text_of(cluster->arn);
    record_set(record, RECORD_CREATED, version_and_settings(call->arena, version, settings),
               call->fail, call->now_ms);
    tags_take(call, &record->tags);
    answer_arn(call, record);
    client_token_note(call, cluster);
    return true;
}

static bool is_idle(struct call *call, const struct record *record, const struct cluster *cluster)
{
    if (record_is_settled(record, call->now_ms))
        return true;
    return call_fail(call, "ConflictException", "Extension '%.*s' is in the %s state",
                     STR(record->arn), status_of(record, cluster, call->now_ms));
}

/* A version can only rise; an update that changes nothing tries again where it failed (api). */
static bool update_extension(struct call *call)
{
    struct str version = doc_get_text(call->input, S("ExtensionVersion"));
    struct cluster *cluster;
    struct record *record;
    struct doc *settings;

    if (!extension_of_call(call, &cluster, &record))
        return false;
    const struct client_token *known = client_token_of(call, cluster);
    if (known != NULL)
        return client_token_answer(call, known);
    if (!is_idle(call, record, cluster))
        return false;
    const struct extension_kind *kind = extension_kind_find(record->name);
    struct str has =
        arena_str(call->arena, doc_get_text(record_settings(record), S("ExtensionVersion")));
    if (version.len == 0)
        version = has;
    if (extension_version_rank(kind, version) < extension_version_rank(kind, has))
        return call_fail(call, "ValidationException",
                         "Extension '%.*s' has version %.*s and cannot become %.*s",
                         STR(record->arn), STR(has), STR(version));
    if (!extension_configure(call, kind, doc_get(record_settings(record), S("settings")),
                             doc_get_text(call->input, S("ConfigurationValues")), &settings))
        return false;
    record_set(record, RECORD_UPDATED, version_and_settings(call->arena, version, settings),
               call->fail, call->now_ms);
    answer_arn(call, record);
    client_token_note(call, cluster);
    return true;
}

static bool delete_extension(struct call *call)
{
    struct cluster *cluster;
    struct record *record;

    if (!extension_of_call(call, &cluster, &record) || !is_idle(call, record, cluster))
        return false;
    record_set(record, RECORD_DELETED, NULL, call->fail, call->now_ms);
    return answer_arn(call, record);
}

static struct doc *summary_of(struct call *call, const struct cluster *cluster,
                              const struct record *record)
{
    struct arena *arena = call->arena;
    struct doc *doc = doc_object(arena);
    doc_put(arena, doc, S("ExtensionArn"), doc_string(arena, record->arn));
    doc_put(arena, doc, S("ExtensionName"), doc_string(arena, record->name));
    doc_put(arena, doc, S("ExtensionVersion"),
            doc_get(record_settings(record), S("ExtensionVersion")));
    doc_put(arena, doc, S("Status"),
            doc_string(arena, str_of(status_of(record, cluster, call->now_ms))));
    doc_put(arena, doc, S("CreationTime"), doc_time(arena, record->created_ms));
    return doc;
}

/* At most 20 issues (api); there are two kinds here. */
static struct doc *health_of(struct call *call, const struct record *record, int64_t total,
                             int64_t active)
{
    struct doc *health = doc_object(call->arena), *issues = doc_list(call->arena);
    bool failed = record_is_settled(record, call->now_ms) && record->fail.len > 0;
    struct doc *issue = doc_object(call->arena);

    doc_put(call->arena, issue, S("Code"),
            doc_string(call->arena, failed ? S("InternalFailure") : S("ExtensionUnhealthy")));
    doc_put(call->arena, issue, S("Message"),
            doc_string(call->arena,
                       failed ? record->fail : S("The extension does not run on these nodes.")));
    doc_put(call->arena, issue, S("NodeCount"),
            doc_int(call->arena, failed ? total : total - active));
    if (failed || total > active)
        doc_add(call->arena, issues, issue);
    doc_put(call->arena, health, S("Issues"), issues);
    return health;
}

static bool describe_extension(struct call *call)
{
    struct arena *arena = call->arena;
    struct doc *nodes = doc_object(arena);
    const struct node_group *group;
    struct cluster *cluster;
    struct record *record;
    int64_t total = 0, active = 0;

    if (!extension_of_call(call, &cluster, &record))
        return false;
    struct doc *details = summary_of(call, cluster, record);
    struct buf json = buf_in(arena, 1024 * 1024);
    doc_to_json(doc_get(record_settings(record), S("settings")), &json);
    doc_put(arena, details, S("ClusterArn"), doc_string(arena, cluster->arn));
    doc_put(arena, details, S("ConfigurationValues"), doc_string(arena, buf_str(&json)));
    doc_put(arena, details, S("LastModifiedTime"), doc_time(arena, record->modified_ms));
    list_each (group, &cluster->groups) {
        total += group_current(group) + group->counts[NODE_FAILURE];
        active += group->counts[NODE_RUNNING];
    }
    bool runs = record->change != RECORD_CREATED || record_is_settled(record, call->now_ms);
    if (!runs || (record->change == RECORD_CREATED && record->fail.len > 0))
        active = 0;
    doc_put(arena, nodes, S("TotalCount"), doc_int(arena, total));
    doc_put(arena, nodes, S("ActiveCount"), doc_int(arena, active));
    doc_put(arena, call->output, S("ExtensionDetails"), details);
    doc_put(arena, call->output, S("NodeSummary"), nodes);
    doc_put(arena, call->output, S("Health"),
            health_of(call, record, total, runs ? active : total));
    return true;
}

static bool list_extensions(struct call *call)
{
    struct listing listing = {.result = "Extensions"};
    struct cluster *cluster;
    struct record *record;

    if (!cluster_of_arn(call, &cluster))
        return false;
    list_each (record, &call->region->records) {
        if (record->kind == RECORD_EXTENSION && str_eq(record->cluster_arn, cluster->arn) &&
            record_is_there(record, call->now_ms) && listing_in_time(call, record->created_ms))
            listing_add(call, &listing, record->created_ms, record->id,
                        summary_of(call, cluster, record));
    }
    return listing_answer(call, &listing);
}

/* The newest first: ours. No error is modelled: a name that nobody knows has no versions. */
static bool list_versions(struct call *call)
{
    const struct extension_kind *kind =
        extension_kind_find(doc_get_text(call->input, S("ExtensionName")));
    struct listing listing = {.result = "ExtensionVersions", .newest_first = true};

    for (int i = 0; kind != NULL && kind->versions[i] != NULL; i++) {
        struct doc *doc = doc_object(call->arena);
        struct str version = str_of(kind->versions[i]);
        doc_put(call->arena, doc, S("ExtensionVersion"), doc_string(call->arena, version));
        listing_add(call, &listing, i, version, doc);
    }
    return listing_answer(call, &listing);
}

const struct operation sagemaker_extension_operations[] = {
    {S_INIT("CreateClusterExtension"), create_extension, true,
     .input = &sagemaker_create_cluster_extension},
    {S_INIT("DescribeClusterExtension"), describe_extension, false,
     .input = &sagemaker_describe_cluster_extension},
    {S_INIT("UpdateClusterExtension"), update_extension, true,
     .input = &sagemaker_update_cluster_extension},
    {S_INIT("DeleteClusterExtension"), delete_extension, true,
     .input = &sagemaker_delete_cluster_extension},
    {S_INIT("ListClusterExtensions"), list_extensions, false,
     .input = &sagemaker_list_cluster_extensions},
    {S_INIT("ListClusterExtensionVersions"), list_versions, false,
     .input = &sagemaker_list_cluster_extension_versions},
    {S_INIT("")},
};
