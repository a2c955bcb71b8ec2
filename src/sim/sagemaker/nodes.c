#include "call/shape.h"
#include "cluster_describe.h"
#include "sagemaker.h"

/* Which nodes are asked for. */
struct wish {
    struct str part; /* of the group's name */
    struct listing_span span;
    bool logical; /* those without an instance too */
};

static struct wish wish_of(const struct call *call, const struct cluster *cluster)
{
    struct wish wish = {doc_get_text(call->input, S("InstanceGroupNameContains")),
                        listing_span(call, "CreationTimeAfter", "CreationTimeBefore"), false};
    doc_to_bool(doc_get(call->input, S("IncludeNodeLogicalIds")), &wish.logical);
    wish.logical = wish.logical || !cluster_is_continuous(cluster);
    return wish;
}

static struct doc *show_node(struct call *call, const struct listing_row *row)
{
    return node_summary(call->arena, row->owner, row->holder, row->thing);
}

static bool list_cluster_nodes(struct call *call)
{
    struct listing listing = {.result = "ClusterNodeSummaries", .show = show_node};
    struct cluster *cluster;
    const struct node_group *group;
    const struct node *node;

    if (!cluster_of_call(call, &cluster))
        return false;
    struct wish wish = wish_of(call, cluster);
    list_each (group, &cluster->groups) {
        if (wish.part.len > 0 && !str_has(group->name, wish.part))
            continue;
        list_each (node, &group->nodes)
            if (node->status != NODE_GONE && (wish.logical || node->launched) &&
                listing_spans(&wish.span, node->launch_ms))
                listing_add_row(call, &listing,
                                (struct listing_row){node->launch_ms, node->instance_id, NULL, node,
                                                     group, cluster});
    }
    return listing_answer(call, &listing);
}

static bool describe_cluster_node(struct call *call)
{
    struct str id = doc_get_text(call->input, S("NodeId"));
    struct str logical_id = doc_get_text(call->input, S("NodeLogicalId"));
    struct cluster *cluster;
    const struct node_group *group;
    const struct node *node;

    if (!cluster_of_call(call, &cluster))
        return false;
    if ((id.len > 0) == (logical_id.len > 0))
        return call_fail(call, "ValidationException",
                         "Exactly one of NodeId and NodeLogicalId is given");
    if (logical_id.len > 0 && !cluster_is_continuous(cluster))
        return call_fail(call, "ValidationException",
                         "NodeLogicalId needs a cluster with NodeProvisioningMode Continuous");
    list_each (group, &cluster->groups)
        list_each (node, &group->nodes)
            if (node->status != NODE_GONE &&
                (str_eq(node->logical_id, logical_id) ||
                 (str_eq(node->instance_id, id) && node_has_instance(cluster, node)))) {
                doc_put(call->arena, call->output, S("NodeDetails"),
                        node_details(call->arena, cluster, group, node));
                return true;
            }
    return call_fail(call, "ResourceNotFound", "Node '%.*s' of cluster '%.*s' was not found",
                     STR(id.len > 0 ? id : logical_id), STR(cluster->name));
}

const struct operation sagemaker_node_operations[] = {
    {S_INIT("ListClusterNodes"), list_cluster_nodes, false, .input = &sagemaker_list_cluster_nodes},
    {S_INIT("DescribeClusterNode"), describe_cluster_node, false,
     .input = &sagemaker_describe_cluster_node},
    {S_INIT("")},
};
