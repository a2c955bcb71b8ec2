#include "describe_parts.h"
#include "world/training_plan.h"

bool node_has_instance(const struct cluster *cluster, const struct node *node)
{
    return !cluster_is_continuous(cluster) || node->launched;
}

static struct doc *status_of(struct arena *arena, const struct node *node)
{
    struct doc *doc = doc_object(arena);
    put_text(arena, doc, "Status", str_of(node_status_name(node->status)));
    put_text(arena, doc, "Message", node->message);
    return doc;
}

static struct str host_name(struct arena *arena, const struct cluster *cluster,
                            const struct node *node)
{
    if (node->interface == NULL)
        return (struct str){NULL, 0};
    uint32_t a = node->interface->address;
    return arena_fmt(arena, "ip-%u-%u-%u-%u.%.*s.compute.internal", a >> 24, a >> 16 & 255,
                     a >> 8 & 255, a & 255, STR(cluster->region->name));
}

/* That of the training plan that the node's instance is of (ListUltraServersByReservedCapacity has
 * it). Without one that was made, 18 nodes of a group make an UltraServer of 72 GPUs: ours. */
static void put_ultra_server(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                             const struct node_group *group, const struct node *node)
{
    const struct ultra_server *server = &ultra_servers[0];
    struct doc *info = doc_object(arena);
    struct str owner = arena_cat(arena, cluster->arn, group->name);
    int64_t number = (node->number - 1) / server->instances;

    if (strcmp(node->type->name, server->type) != 0 || !node->launched)
        return;
    const struct training_plan *plan = training_plan_find(
        cluster->region, doc_get_text(group->spec, S("TrainingPlanArn")), cluster->state->now_ms);
    if (plan != NULL && plan->offer.ultra > 0 && node->slot > 0) {
        server = &ultra_servers[plan->offer.ultra - 1];
        owner = plan->reserved_arn;
        number = (node->slot - 1) / training_plan_usable(plan);
    }
    put_text(arena, info, "Id", ultra_server_id(cluster->state, arena, owner, (uint64_t)number));
    put_text(arena, info, "Type", str_of(server->name));
    put(arena, doc, "UltraServerInfo", info);
}

struct doc *node_summary(struct arena *arena, const struct cluster *cluster,
                         const struct node_group *group, const struct node *node)
{
    struct doc *doc = doc_object(arena);

    put_text(arena, doc, "InstanceGroupName", group->name);
    if (node_has_instance(cluster, node))
        put_text(arena, doc, "InstanceId", node->instance_id);
    if (cluster_is_continuous(cluster))
        put_text(arena, doc, "NodeLogicalId", node->logical_id);
    put_text(arena, doc, "InstanceType", str_of(node->type->name));
    put(arena, doc, "LaunchTime", doc_time(arena, node->launch_ms));
    put(arena, doc, "InstanceStatus", status_of(arena, node));
    put_text(arena, doc, "PrivateDnsHostname", host_name(arena, cluster, node));
    struct str release = node->on_desired ? group->desired_release : group->release;
    if (cluster_has_eks(cluster))
        put_text(arena, doc, "CurrentImageReleaseVersion", release);
    put_text(arena, doc, "ImageVersionStatus", str_of(image_status(cluster, release)));
    if (node->updated_ms > 0)
        put(arena, doc, "LastSoftwareUpdateTime", doc_time(arena, node->updated_ms));
    put_ultra_server(arena, doc, cluster, group, node);
    return doc;
}

/* Without a VPC of the customer it has an address of the agents' network (lifecycle-scripts 4). */
static void put_place(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                      const struct node *node)
{
    struct doc *place = doc_object(arena);
    if (!node->launched)
        return;
    if (node->interface != NULL)
        put_text(arena, doc, "PrivatePrimaryIp", address_text(arena, node->interface->address));
    else
        put_text(arena, doc, "PrivatePrimaryIp",
                 arena_fmt(arena, "172.16.%u.%u", node->number / 250, node->number % 250 + 4));
    if (node->interface != NULL && node->interface->count6 > 0)
        put_text(arena, doc, "PrivatePrimaryIpv6",
                 address6_text(arena, &node->interface->addresses6[0]));
    put_text(arena, doc, "PrivateDnsHostname", host_name(arena, cluster, node));
    put_text(arena, place, "AvailabilityZone", zone_name(arena, cluster->region, node->zone));
    put_text(arena, place, "AvailabilityZoneId", zone_id(arena, cluster->region, node->zone));
    put(arena, doc, "Placement", place);
}

struct doc *node_details(struct arena *arena, const struct cluster *cluster,
                         const struct node_group *group, const struct node *node)
{
    static const char *const same[] = {"LifeCycleConfig", "OverrideVpcConfig",
                                       "InstanceStorageConfigs", "NetworkInterface", NULL};
    struct doc *doc = doc_object(arena);
    bool spot = !doc_is_null(doc_at(group->spec, "CapacityRequirements.Spot"));

    put_text(arena, doc, "InstanceGroupName", group->name);
    if (node_has_instance(cluster, node))
        put_text(arena, doc, "InstanceId", node->instance_id);
    if (cluster_is_continuous(cluster))
        put_text(arena, doc, "NodeLogicalId", node->logical_id);
    put(arena, doc, "InstanceStatus", status_of(arena, node));
    put_text(arena, doc, "InstanceType", str_of(node->type->name));
    put(arena, doc, "LaunchTime", doc_time(arena, node->launch_ms));
    echo(arena, doc, group->spec, same);
    put(arena, doc, "ThreadsPerCore",
        or_else(doc_get(group->spec, S("ThreadsPerCore")), doc_int(arena, 1)));
    put_place(arena, doc, cluster, node);
    put_image(arena, doc, cluster, group, node->on_desired);
    put_kubernetes(arena, doc, cluster, group);
    put_text(arena, doc, "CapacityType", spot ? S("Spot") : S("OnDemand"));
    if (node->updated_ms > 0)
        put(arena, doc, "LastSoftwareUpdateTime", doc_time(arena, node->updated_ms));
    put_ultra_server(arena, doc, cluster, group, node);
    return doc;
}
