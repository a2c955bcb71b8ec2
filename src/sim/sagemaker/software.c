/* UpdateClusterSoftware and StartClusterHealthCheck. */
#include "call/shape.h"
#include "life/lifecycle.h"
#include "sagemaker.h"
#include "world/cluster_event.h"
#include "world/cluster_operation.h"
#include "world/conditions.h"

#include <stdlib.h>

static bool is_free(struct call *call, const struct cluster *cluster, const char *code)
{
    if (cluster->status != CLUSTER_IN_SERVICE)
        return call_fail(call, code,
                         "Cluster '%.*s' is in the %s state and takes no other operation now",
                         STR(cluster->name), cluster_status_name(cluster->status));
    if (cluster_is_checking(cluster))
        return call_fail(call, code, "Deep health checks are in progress on cluster '%.*s'.",
                         STR(cluster->name));
    return true;
}

/* Groups by name; a group that is not there is refused. */
static bool groups_are_there(struct call *call, const struct cluster *cluster,
                             const struct doc *list)
{
    doc_each (entry, list) {
        struct str name = doc_get_text(entry->value, S("InstanceGroupName"));
        const struct node_group *group = cluster_group(cluster, name);
        if (group == NULL || group->spec == NULL)
            return call_fail(call, "ValidationException", "Instance group '%.*s' does not exist",
                             STR(name));
        for (const struct doc_entry *other = entry->next; other != NULL; other = other->next)
            if (str_eq(doc_get_text(other->value, S("InstanceGroupName")), name))
                return call_fail(call, "ValidationException",
                                 "Instance group '%.*s' is named more than once", STR(name));
        if (!doc_is_null(doc_get(entry->value, S("ImageReleaseVersion"))) &&
            !cluster_has_eks(cluster)) /* EKS only: cfn */
            return call_fail(call, "ValidationException",
                             "ImageReleaseVersion is for clusters with EKS only");
    }
    return true;
}

/* Custom AMI groups must pass ImageId or "default" (guide, semantics section 3). */
static bool images_are_told(struct call *call, const struct cluster *cluster,
                            const struct doc *list)
{
    const struct node_group *group;

    if (!doc_is_null(doc_get(call->input, S("ImageId"))))
        return true;
    list_each (group, &cluster->groups) {
        bool custom = str_starts(doc_get_text(group->spec, S("ImageId")), S("ami-"));
        if (custom && (doc_is_null(list) || spec_find(list, group->name) != NULL))
            return call_fail(call, "ValidationException",
                             "Instance group '%.*s' has a custom AMI: ImageId must be given, or "
                             "'default'",
                             STR(group->name));
    }
    return true;
}

static bool answer_arn(struct call *call, const struct cluster *cluster)
{
    doc_put(call->arena, call->output, S("ClusterArn"),
            doc_string(call->arena, arena_str(call->arena, cluster->arn)));
    return true;
}

static bool update_cluster_software(struct call *call)
{
    const struct doc *list = doc_get(call->input, S("InstanceGroups"));
    struct cluster *cluster;
    struct node_group *group;

    if (!cluster_of_call(call, &cluster) || !is_free(call, cluster, "ConflictException") ||
        !groups_are_there(call, cluster, list) || !images_are_told(call, cluster, list))
        return false;
    list_each (group, &cluster->groups) { /* without a list all groups are updated: api */
        const struct doc *row = doc_is_null(list) ? NULL : spec_find(list, group->name);
        if (group->spec == NULL || (!doc_is_null(list) && row == NULL))
            continue;
        lifecycle_software(cluster, group, doc_get_text(call->input, S("ImageId")),
                           doc_get_text(row, S("ImageReleaseVersion")),
                           doc_get(call->input, S("DeploymentConfig")), call->now_ms);
    }
    cluster->status = CLUSTER_SYSTEM_UPDATING;
    text_done(&cluster->failure_message);
    lifecycle_schedule(cluster);
    return answer_arn(call, cluster);
}

static bool has_check(const struct doc *row, const char *check)
{
    doc_each (entry, doc_get(row, S("DeepHealthChecks"))) {
        if (str_is(doc_text(entry->value), check))
            return true;
    }
    return false;
}

static bool group_has(const struct node_group *group, struct str instance_id)
{
    const struct node *node;
    list_each (node, &group->nodes) {
        if (node->launched && node->status <= NODE_FAILURE &&
            str_eq(node->instance_id, instance_id))
            return true;
    }
    return false;
}

/* A training run over several nodes: EKS clusters and NVIDIA instances (api, 2026-10-26). */
static bool check_is_possible(struct call *call, const struct cluster *cluster,
                              const struct doc *row)
{
    struct str name = doc_get_text(row, S("InstanceGroupName"));
    const struct node_group *group = cluster_group(cluster, name);
    const struct instance_facts *type = spec_type_at(group->spec, 0);

    if (type->accelerator == 0)
        return call_fail(
            call, "ValidationException",
            "Instance group '%.*s': deep health checks need instances with accelerators",
            STR(name));
    if (has_check(row, "MultiNodeTrainingValidation") &&
        (!cluster_has_eks(cluster) || accelerators[type->accelerator].neuron))
        return call_fail(
            call, "ValidationException",
            "Instance group '%.*s': MultiNodeTrainingValidation is for EKS clusters and "
            "NVIDIA instances",
            STR(name));
    doc_each (entry, doc_get(row, S("InstanceIds"))) {
        if (!group_has(group, doc_text(entry->value)))
            return call_fail(call, "ValidationException",
                             "Node '%.*s' was not found in instance group '%.*s'",
                             STR(doc_text(entry->value)), STR(name));
    }
    return true;
}

static bool is_named(const struct doc *ids, struct str id)
{
    doc_each (entry, ids) {
        if (str_eq(doc_text(entry->value), id))
            return true;
    }
    return doc_is_null(ids);
}

/* Requests that overlap are merged into the one that runs (api). */
static struct cluster_operation *operation_for(struct cluster *cluster, const struct doc *rows,
                                               int64_t now)
{
    enum { largest = 1024 * 1024 * 1024 };

    doc_each (entry, rows) {
        struct cluster_operation *runs =
            operation_of(cluster, true, doc_get_text(entry->value, S("InstanceGroupName")));
        if (runs != NULL)
            return runs;
    }
    struct cluster_operation *operation = operation_new(cluster, true, now);
    operation->arena = arena_new(largest);
    operation->checks = doc_list(operation->arena);
    return operation;
}

/* 99 groups a call, and so much in an operation (api). */
static void take_row(struct cluster *cluster, struct cluster_operation *operation,
                     const struct node_group *group, const struct doc *row)
{
    enum { most_rows = 99 };
    bool known = operation_of(cluster, true, group->name) == operation;

    if (operation->checks->count < most_rows)
        doc_add(operation->arena, operation->checks, doc_copy(operation->arena, row));
    if (!known)
        operation_take(cluster, operation, group, counts_of(group), counts_of(group));
}

static bool start_cluster_health_check(struct call *call)
{
    const struct doc *rows = doc_get(call->input, S("DeepHealthCheckConfigurations"));
    struct cluster *cluster;
    struct node *node;

    if (!cluster_of_call(call, &cluster))
        return false;
    if (cluster->status != CLUSTER_IN_SERVICE)
        return is_free(call, cluster, "ValidationException");
    if (!groups_are_there(call, cluster, rows))
        return false;
    doc_each (entry, rows) {
        if (!check_is_possible(call, cluster, entry->value))
            return false;
    }
    struct cluster_operation *operation = operation_for(cluster, rows, call->now_ms);
    doc_each (entry, rows) {
        struct node_group *group =
            cluster_group(cluster, doc_get_text(entry->value, S("InstanceGroupName")));
        const struct doc *ids = doc_get(entry->value, S("InstanceIds"));
        take_row(cluster, operation, group, entry->value);
        list_each (node, &group->nodes)
            if (node->status == NODE_RUNNING && is_named(ids, node->instance_id))
                lifecycle_check(cluster, group, node, call->now_ms);
        if (group->counts[NODE_DEEP_CHECK] == 0)
            operation_group_done(cluster, true, group->name);
    }
    lifecycle_schedule(cluster);
    return answer_arn(call, cluster);
}

const struct operation sagemaker_software_operations[] = {
    {S_INIT("UpdateClusterSoftware"), update_cluster_software, true,
     .input = &sagemaker_update_cluster_software},
    {S_INIT("StartClusterHealthCheck"), start_cluster_health_check, true,
     .input = &sagemaker_start_cluster_health_check},
    {S_INIT("")},
};
