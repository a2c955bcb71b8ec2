#include "cluster_describe.h"
#include "cluster_rules.h"
#include "lifecycle.h"
#include "sagemaker.h"
#include "shape.h"

#include <stdio.h>
#include <stdlib.h>

enum { most_clusters = 5000, most_nodes = 100000 };

bool cluster_of_call(struct call *call, struct cluster **ret_cluster)
{
    struct str name = doc_get_text(call->input, S("ClusterName"));
    *ret_cluster = cluster_find(call->region, name);
    if (*ret_cluster == NULL)
        return call_fail(call, "ResourceNotFound", "Cluster with name '%.*s' was not found",
                         STR(name));
    return true;
}

/* Members that the cluster as a whole has. */
static const char *const setting_members[] = {"VpcConfig",
                                              "Orchestrator",
                                              "NodeRecovery",
                                              "TieredStorageConfig",
                                              "NodeProvisioningMode",
                                              "ClusterRole",
                                              "AutoScaling",
                                              "RestrictedInstanceGroupsConfig"};

static void take_settings(struct plan *plan, const struct doc *input)
{
    for (size_t i = 0; i < sizeof setting_members / sizeof setting_members[0]; i++) {
        struct str name = str_of(setting_members[i]);
        const struct doc *value = doc_get(input, name);
        if (!doc_is_null(value))
            doc_set(plan->arena, plan->settings, name, doc_copy(plan->arena, value));
    }
}

/* What UpdateCluster cannot change stays when it is not sent. */
static void keep_image(struct arena *arena, struct doc *spec, const struct doc *old)
{
    static const char *const members[] = {"ImageId", "ImageReleaseVersion"};
    for (size_t i = 0; i < 2; i++) {
        struct str name = str_of(members[i]);
        const struct doc *value = doc_get(old, name);
        if (doc_is_null(doc_get(spec, name)) && !doc_is_null(value))
            doc_set(arena, spec, name, doc_copy(arena, value));
    }
}

static bool is_named(const struct doc *names, struct str name)
{
    doc_each (entry, names) {
        if (str_eq(doc_text(entry->value), name))
            return true;
    }
    return false;
}

/* The old list without what is deleted and with what is sent: replaced where it stood, new ones at
 * the end. */
static struct doc *merge_specs(struct arena *arena, const struct doc *old, const struct doc *sent,
                               const struct doc *deleted)
{
    struct doc *list = doc_list(arena);

    doc_each (entry, old) {
        struct str name = doc_get_text(entry->value, S("InstanceGroupName"));
        const struct doc *next = spec_find(sent, name);
        if (is_named(deleted, name))
            continue;
        struct doc *copy = doc_copy(arena, next != NULL ? next : entry->value);
        keep_image(arena, copy, entry->value);
        doc_add(arena, list, copy);
    }
    doc_each (entry, sent) {
        if (spec_find(old, doc_get_text(entry->value, S("InstanceGroupName"))) == NULL)
            doc_add(arena, list, doc_copy(arena, entry->value));
    }
    return list;
}

static bool names_are_unique(struct call *call, const struct doc *list)
{
    doc_each (entry, list) {
        struct str name = doc_get_text(entry->value, S("InstanceGroupName"));
        for (const struct doc_entry *other = entry->next; other != NULL; other = other->next)
            if (str_eq(doc_get_text(other->value, S("InstanceGroupName")), name))
                return call_fail(call, "ValidationException",
                                 "Instance group '%.*s': the name is used more than once",
                                 STR(name));
    }
    return true;
}

static int64_t nodes_of(const struct doc *list)
{
    int64_t count = 0;
    doc_each (entry, list) {
        count += spec_count(entry->value);
    }
    return count;
}

static bool within_limits(struct call *call, const struct plan *plan)
{
    if (nodes_of(plan->groups) + nodes_of(plan->restricted) > most_nodes)
        return call_fail(call, "ResourceLimitExceeded",
                         "The maximum number of instances per cluster has been reached");
    return true;
}

static void tag_cluster(struct cluster *cluster, const struct doc *tags)
{
    doc_each (entry, tags) {
        tags_set(&cluster->tags, doc_get_text(entry->value, S("Key")),
                 doc_get_text(entry->value, S("Value")));
    }
}

static bool answer_arn(struct call *call, const struct cluster *cluster)
{
    doc_put(call->arena, call->output, S("ClusterArn"),
            doc_string(call->arena, arena_str(call->arena, cluster->arn)));
    return true;
}

static bool create_cluster(struct call *call)
{
    struct str name = doc_get_text(call->input, S("ClusterName"));
    const struct doc *tags = doc_get(call->input, S("Tags"));
    struct cluster *other = cluster_find(call->region, name);

    if (other != NULL)
        return call_fail(call, "ResourceInUse", "Resource Already Exists: %.*s", STR(other->arn));
    if (call->region->clusters.count >= most_clusters)
        return call_fail(call, "ResourceLimitExceeded",
                         "The maximum number of clusters has been reached");
    if (!tags_are_sound(call, tags))
        return false;
    struct plan plan = plan_new();
    take_settings(&plan, call->input);
    plan.groups = merge_specs(plan.arena, NULL, doc_get(call->input, S("InstanceGroups")), NULL);
    plan.restricted =
        merge_specs(plan.arena, NULL, doc_get(call->input, S("RestrictedInstanceGroups")), NULL);
    if (!plan_is_sound(call, &plan) || !within_limits(call, &plan)) {
        plan_done(&plan);
        return false;
    }
    struct cluster *cluster = cluster_new(call->state, call->region, name, plan, call->now_ms);
    tag_cluster(cluster, tags);
    text_set(&cluster->fail, call->fail);
    lifecycle_create(call->state, cluster, call->now_ms);
    return answer_arn(call, cluster);
}

static bool is_free(struct call *call, const struct cluster *cluster)
{
    if (cluster->status == CLUSTER_IN_SERVICE)
        return true;
    return call_fail(call, "ConflictException",
                     "Cluster '%.*s' is in the %s state and takes no other operation now",
                     STR(cluster->name), cluster_status_name(cluster->status));
}

/* Each group that shall go must be there, and must not be sent too. */
static bool deletions_are_sound(struct call *call, const struct cluster *cluster)
{
    doc_each (entry, doc_get(call->input, S("InstanceGroupsToDelete"))) {
        struct str name = doc_text(entry->value);
        const struct doc *old = spec_find(cluster->plan.groups, name);
        if (old == NULL)
            old = spec_find(cluster->plan.restricted, name);
        if (old == NULL)
            return call_fail(call, "ValidationException", "Instance group '%.*s' does not exist",
                             STR(name));
        if (spec_find(doc_get(call->input, S("InstanceGroups")), name) != NULL ||
            spec_find(doc_get(call->input, S("RestrictedInstanceGroups")), name) != NULL)
            return call_fail(call, "ValidationException",
                             "Instance group '%.*s' is to be updated and to be deleted", STR(name));
        if (str_is(doc_text(doc_at(old, "SlurmConfig.NodeType")), "Controller"))
            return call_fail(call, "ValidationException",
                             "Instance group '%.*s' is the controller and cannot be deleted",
                             STR(name));
    }
    return true;
}

static struct plan plan_after_update(const struct call *call, const struct cluster *cluster)
{
    struct plan plan = plan_copy(&cluster->plan);
    const struct doc *deleted = doc_get(call->input, S("InstanceGroupsToDelete"));

    take_settings(&plan, call->input);
    plan.groups =
        merge_specs(plan.arena, plan.groups, doc_get(call->input, S("InstanceGroups")), deleted);
    plan.restricted = merge_specs(plan.arena, plan.restricted,
                                  doc_get(call->input, S("RestrictedInstanceGroups")), deleted);
    return plan;
}

static bool update_cluster(struct call *call)
{
    struct cluster *cluster;

    if (!cluster_of_call(call, &cluster))
        return false;
    if (cluster->status == CLUSTER_FAILED)
        return call_fail(call, "ValidationException",
                         "Cluster '%.*s' is in the Failed state: it can only be deleted",
                         STR(cluster->name));
    if (!is_free(call, cluster) || !deletions_are_sound(call, cluster) ||
        !names_are_unique(call, doc_get(call->input, S("InstanceGroups"))) ||
        !names_are_unique(call, doc_get(call->input, S("RestrictedInstanceGroups"))))
        return false;
    struct plan plan = plan_after_update(call, cluster);
    if (!plan_is_sound(call, &plan) || !plan_may_follow(call, &cluster->plan, &plan) ||
        !within_limits(call, &plan)) {
        plan_done(&plan);
        return false;
    }
    cluster->previous = cluster->plan;
    cluster->plan = plan;
    text_set(&cluster->fail, call->fail);
    lifecycle_update(call->state, cluster, call->now_ms);
    return answer_arn(call, cluster);
}

static bool delete_cluster(struct call *call)
{
    struct cluster *cluster;

    if (!cluster_of_call(call, &cluster) ||
        (cluster->status != CLUSTER_FAILED && !is_free(call, cluster)))
        return false;
    lifecycle_delete(call->state, cluster, call->now_ms);
    return answer_arn(call, cluster);
}

static bool describe_cluster(struct call *call)
{
    struct cluster *cluster;
    if (!cluster_of_call(call, &cluster))
        return false;
    call->output = cluster_describe(call->arena, cluster);
    return true;
}

static struct doc *summary(struct arena *arena, const struct cluster *cluster)
{
    struct doc *doc = doc_object(arena), *plans = doc_list(arena);
    const struct doc *lists[] = {cluster->plan.groups, cluster->plan.restricted};

    doc_put(arena, doc, S("ClusterArn"), doc_string(arena, cluster->arn));
    doc_put(arena, doc, S("ClusterName"), doc_string(arena, cluster->name));
    doc_put(arena, doc, S("CreationTime"), doc_time(arena, cluster->created_ms));
    doc_put(arena, doc, S("ClusterStatus"),
            doc_string(arena, str_of(cluster_status_name(cluster->status))));
    for (size_t i = 0; i < 2; i++)
        doc_each (entry, lists[i]) {
            struct str arn = doc_get_text(entry->value, S("TrainingPlanArn"));
            if (arn.len > 0 && !is_named(plans, arn))
                doc_add(arena, plans, doc_string(arena, arn));
        }
    if (plans->count > 0)
        doc_put(arena, doc, S("TrainingPlanArns"), plans);
    return doc;
}

static bool is_asked_for(const struct call *call, const struct cluster *cluster,
                         const struct doc *row)
{
    struct str part = doc_get_text(call->input, S("NameContains"));
    struct str plan = doc_get_text(call->input, S("TrainingPlanArn"));

    return (part.len == 0 || str_has(cluster->name, part)) &&
           (plan.len == 0 || is_named(doc_get(row, S("TrainingPlanArns")), plan)) &&
           listing_in_time(call, cluster->created_ms);
}

static bool list_clusters(struct call *call)
{
    struct listing listing = {.result = "ClusterSummaries"};
    struct cluster *cluster;

    list_each (cluster, &call->region->clusters) {
        struct doc *row = summary(call->arena, cluster);
        if (is_asked_for(call, cluster, row))
            listing_add(call, &listing, cluster->created_ms, cluster->name, row);
    }
    return listing_answer(call, &listing);
}

const struct operation sagemaker_cluster_operations[] = {
    {S_INIT("CreateCluster"), create_cluster, true, .input = &sagemaker_create_cluster},
    {S_INIT("UpdateCluster"), update_cluster, true, .input = &sagemaker_update_cluster},
    {S_INIT("DeleteCluster"), delete_cluster, true, .input = &sagemaker_cluster_named},
    {S_INIT("DescribeCluster"), describe_cluster, false, .input = &sagemaker_cluster_named},
    {S_INIT("ListClusters"), list_clusters, false, .input = &sagemaker_list_clusters},
    {S_INIT("")},
};
