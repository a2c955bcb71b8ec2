/* AttachClusterNodeVolume, DetachClusterNodeVolume, AttachClusterNodeNetworkInterface. */
#include "call/shape.h"
#include "sagemaker.h"
#include "world/cluster_attachment.h"

/* The node that NodeId names: one that has an instance which runs, of no restricted group (api). */
static bool node_of_call(struct call *call, const struct cluster *cluster, struct node **ret_node)
{
    struct str id = doc_get_text(call->input, S("NodeId"));
    struct node_group *group;
    struct node *node = cluster_node(cluster, id, &group);

    if (node == NULL || !node->launched)
        return call_fail(call, "ResourceNotFound", "Node '%.*s' of cluster '%.*s' was not found",
                         STR(id), STR(cluster->name));
    if (group->restricted)
        return call_fail(call, "ValidationException",
                         "Node '%.*s' belongs to the restricted instance group '%.*s'", STR(id),
                         STR(group->name));
    if (node->status != NODE_RUNNING)
        return call_fail(call, "ValidationException", "Node '%.*s' is in the %s state", STR(id),
                         node_status_name(node->status));
    *ret_node = node;
    return true;
}

/* EKS only, and the cluster in service (api). */
static bool takes_volumes(struct call *call, const struct cluster *cluster)
{
    if (!cluster_has_eks(cluster))
        return call_fail(call, "ValidationException",
                         "Cluster '%.*s' is not orchestrated by EKS: volumes can be attached to "
                         "nodes of EKS clusters only",
                         STR(cluster->name));
    if (cluster->status != CLUSTER_IN_SERVICE)
        return call_fail(call, "ValidationException", "Cluster '%.*s' is in the %s state",
                         STR(cluster->name), cluster_status_name(cluster->status));
    return true;
}

static bool put_text(struct call *call, const char *name, struct str text)
{
    doc_put(call->arena, call->output, str_of(name),
            doc_string(call->arena, arena_str(call->arena, text)));
    return true;
}

static void answer_volume(struct call *call, const struct cluster *cluster,
                          const struct attachment *attachment, const char *status)
{
    put_text(call, "ClusterArn", cluster->arn);
    put_text(call, "NodeId", attachment->instance_id);
    put_text(call, "VolumeId", attachment->volume_id);
    put_text(call, "Status", str_of(status));
    put_text(call, "DeviceName", str_of(attachment->device));
    doc_put(call->arena, call->output, S("AttachTime"),
            doc_time(call->arena, attachment->since_ms));
}

static bool attach_volume(struct call *call)
{
    struct str volume = doc_get_text(call->input, S("VolumeId"));
    struct cluster *cluster;
    struct node *node;

    if (!cluster_of_arn(call, &cluster) || !takes_volumes(call, cluster) ||
        !node_of_call(call, cluster, &node))
        return false;
    const struct attachment *other = attachment_find(call->region, volume);
    if (other != NULL) /* no volume of EC2 is at two places, unless it is made for that */
        return call_fail(call, "ValidationException",
                         "Volume '%.*s' is already attached to instance '%.*s'", STR(volume),
                         STR(other->instance_id));
    const struct attachment *made =
        attachment_new(call->region, volume, node->instance_id, call->now_ms);
    if (made == NULL)
        return call_fail(call, "ValidationException",
                         "Node '%.*s' has no device name left for a volume",
                         STR(node->instance_id));
    answer_volume(call, cluster, made, "attaching");
    return true;
}

static bool detach_volume(struct call *call)
{
    struct str volume = doc_get_text(call->input, S("VolumeId"));
    struct attachment *attachment = attachment_find(call->region, volume);
    struct cluster *cluster;
    struct node *node;

    if (!cluster_of_arn(call, &cluster) || !takes_volumes(call, cluster) ||
        !node_of_call(call, cluster, &node))
        return false;
    if (attachment == NULL || !str_eq(attachment->instance_id, node->instance_id))
        return call_fail(call, "ResourceNotFound", "Volume '%.*s' is not attached to node '%.*s'",
                         STR(volume), STR(node->instance_id));
    answer_volume(call, cluster, attachment, "detaching");
    attachment_free(call->region, attachment);
    return true;
}

/* An instance reaches interfaces of its own zone only (EC2 user guide, "Elastic network
 * interfaces"). */
static bool interface_fits(struct call *call, const struct node *node,
                           const struct interface *interface)
{
    struct str id = interface->thing.id;

    if (interface->instance_id.len > 0 || interface->manager.len > 0)
        return call_fail(call, "ValidationException", "Network interface '%.*s' is in use",
                         STR(id));
    if (interface->subnet->zone != node->zone)
        return call_fail(
            call, "ValidationException",
            "Network interface '%.*s' is in %.*s and node '%.*s' is in %.*s: they "
            "must be in the same Availability Zone",
            STR(id), STR(zone_name(call->arena, call->region, interface->subnet->zone)),
            STR(node->instance_id), STR(zone_name(call->arena, call->region, node->zone)));
    return true;
}

static bool attach_interface(struct call *call)
{
    enum {
        most = 15
    }; /* of the largest types; how many a smaller one has is not told here: ours */
    struct str id = doc_get_text(call->input, S("NetworkInterfaceId"));
    struct interface *interface = (struct interface *)thing_find(call->region, THING_INTERFACE, id);
    struct cluster *cluster;
    struct node *node;

    if (!cluster_of_call(call, &cluster) || !node_of_call(call, cluster, &node))
        return false;
    if (interface == NULL)
        return call_fail(call, "ResourceNotFound", "Network interface '%.*s' was not found",
                         STR(id));
    if (!interface_fits(call, node, interface))
        return false;
    if (attached_count(call->region, node->instance_id) + 1 >= most)
        return call_fail(call, "ResourceLimitExceeded",
                         "Node '%.*s' has the most network interfaces that it can have",
                         STR(node->instance_id));
    interface_attach(call->region, interface, node->instance_id);
    put_text(call, "ClusterArn", cluster->arn);
    put_text(call, "NodeId", node->instance_id);
    put_text(call, "NetworkInterfaceId", id);
    return put_text(call, "AttachmentId", /* as DescribeNetworkInterfaces tells it */
                    arena_fmt(call->arena, "eni-attach-%.*s", STR(str_from(id, 4))));
}

const struct operation sagemaker_attachment_operations[] = {
    {S_INIT("AttachClusterNodeVolume"), attach_volume, true,
     .input = &sagemaker_attach_cluster_node_volume},
    {S_INIT("DetachClusterNodeVolume"), detach_volume, true,
     .input = &sagemaker_detach_cluster_node_volume},
    {S_INIT("AttachClusterNodeNetworkInterface"), attach_interface, true,
     .input = &sagemaker_attach_cluster_node_network_interface},
    {S_INIT("")},
};
