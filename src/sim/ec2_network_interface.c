#include "describe.h"
#include "ec2.h"
#include "form.h"

static struct doc *describe_attachment(struct call *call, const struct interface *interface)
{
    struct doc *doc = doc_object(call->arena);
    ec2_put(call, doc, "attachmentId",
            arena_fmt(call->arena, "eni-attach-%.*s", STR(str_from(interface->thing.id, 4))));
    ec2_put(call, doc, "instanceId", interface->instance_id);
    ec2_put(call, doc, "instanceOwnerId", S("amazon-sagemaker"));
    ec2_put(call, doc, "status", S("attached"));
    ec2_put_int(call, doc, "deviceIndex", 1);
    ec2_put_bool(call, doc, "deleteOnTermination", false);
    return doc;
}

static void put_addresses(struct call *call, struct doc *doc, const struct interface *interface)
{
    struct str address = address_text(call->arena, interface->address);
    struct doc *item = doc_object(call->arena);

    ec2_put(call, doc, "privateIpAddress", address);
    ec2_put_bool(call, item, "primary", true);
    ec2_put(call, item, "privateIpAddress", address);
    ec2_add(call, ec2_set(call, doc, "privateIpAddressesSet"), item);
    ec2_put(call, doc, "macAddress",
            arena_fmt(call->arena, "02:00:%02x:%02x:%02x:%02x", interface->address >> 24,
                      interface->address >> 16 & 255, interface->address >> 8 & 255,
                      interface->address & 255));
}

struct doc *describe_interface(struct call *call, const struct thing *thing)
{
    const struct interface *interface = (const struct interface *)thing;
    const struct security_group *group;
    const struct subnet *subnet = interface->subnet;
    struct doc *doc = doc_object(call->arena);
    bool in_use = interface->instance_id.len > 0;

    ec2_put(call, doc, "networkInterfaceId", interface->thing.id);
    ec2_put(call, doc, "subnetId", subnet->thing.id);
    ec2_put(call, doc, "vpcId", subnet->vpc->thing.id);
    ec2_put(call, doc, "availabilityZone", zone_name(call->arena, call->region, subnet->zone));
    ec2_put(call, doc, "availabilityZoneId", zone_id(call->arena, call->region, subnet->zone));
    ec2_put(call, doc, "description", interface->description);
    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    ec2_put_bool(call, doc, "requesterManaged", in_use);
    ec2_put(call, doc, "status", in_use ? S("in-use") : S("available"));
    ec2_put(call, doc, "interfaceType", interface->type);
    ec2_put_bool(call, doc, "sourceDestCheck", true);
    put_addresses(call, doc, interface);
    struct doc *groups = ec2_set(call, doc, "groupSet");
    list_each (group, &interface->groups) {
        struct doc *item = doc_object(call->arena);
        ec2_put(call, item, "groupId", group->thing.id);
        ec2_put(call, item, "groupName", group->name);
        ec2_add(call, groups, item);
    }
    if (in_use)
        doc_put(call->arena, doc, S("attachment"), describe_attachment(call, interface));
    ec2_put_tags(call, doc, &interface->thing.tags);
    return doc;
}

static bool describe_interfaces(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"network-interface-id", "networkInterfaceId"},
        {"subnet-id", "subnetId"},
        {"vpc-id", "vpcId"},
        {"group-id", "groupSet.item.groupId"},
        {"group-name", "groupSet.item.groupName"},
        {"status", "status"},
        {"description", "description"},
        {"interface-type", "interfaceType"},
        {"requester-managed", "requesterManaged"},
        {"owner-id", "ownerId"},
        {"mac-address", "macAddress"},
        {"availability-zone", "availabilityZone"},
        {"private-ip-address", "privateIpAddress"},
        {"addresses.private-ip-address", "privateIpAddressesSet.item.privateIpAddress"},
        {"attachment.instance-id", "attachment.instanceId"},
        {"attachment.instance-owner-id", "attachment.instanceOwnerId"},
        {"attachment.status", "attachment.status"},
        {"attachment.attachment-id", "attachment.attachmentId"},
        {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_INTERFACE,
                                               .ids = "NetworkInterfaceId",
                                               .set = "networkInterfaceSet",
                                               .describe = describe_interface,
                                               .filters = filters};
    return ec2_describe(call, &how);
}

/* SecurityGroupId.N, all in the subnet's VPC; none means the VPC's default group. */
static bool groups_of_call(struct call *call, const struct subnet *subnet, struct list *ret_groups)
{
    size_t count;
    struct security_group *group;
    struct thing *found;
    const struct doc **ids = form_list(call->arena, call->input, "SecurityGroupId", &count);

    for (size_t i = 0; i < count; i++) {
        if (!ec2_find(call, THING_SECURITY_GROUP, doc_text(ids[i]), &found))
            return false;
        if (((struct security_group *)found)->vpc != subnet->vpc)
            return call_fail(call, "InvalidParameterValue",
                             "Security group %.*s and subnet %.*s belong to different networks.",
                             STR(found->id), STR(subnet->thing.id));
        list_add(ret_groups, found);
    }
    list_each (group, &call->region->things[THING_SECURITY_GROUP]) {
        if (count == 0 && group->vpc == subnet->vpc && str_is(group->name, "default"))
            list_add(ret_groups, group);
    }
    return true;
}

static bool address_of_call(struct call *call, const struct subnet *subnet, uint32_t *ret_address)
{
    struct str text = ec2_text(call, "PrivateIpAddress");
    const struct interface *other;
    uint32_t address;

    if (text.len == 0)
        return true;
    if (!address_parse(text, &address) || !cidr_inside((struct cidr){address, 32}, subnet->cidr) ||
        address - subnet->cidr.first < 4 ||
        address - subnet->cidr.first == cidr_size(subnet->cidr) - 1)
        return call_fail(call, "InvalidParameterValue", "invalid value for parameter address: %.*s",
                         STR(text));
    list_each (other, &call->region->things[THING_INTERFACE]) {
        if (other->subnet == subnet && other->address == address)
            return call_fail(call, "InvalidIPAddress.InUse", "The address %.*s is in use.",
                             STR(text));
    }
    *ret_address = address;
    return true;
}

static bool make_interface(struct call *call, struct list *groups)
{
    struct str id, type = ec2_text(call, "InterfaceType");
    struct thing *found;
    struct tag_list tags;
    struct security_group *group;
    uint32_t address = 0;

    if (!ec2_need(call, "SubnetId", &id) || !ec2_find(call, THING_SUBNET, id, &found) ||
        !groups_of_call(call, (struct subnet *)found, groups) ||
        !address_of_call(call, (struct subnet *)found, &address) ||
        !ec2_tag_specification(call, THING_INTERFACE, &tags))
        return false;
    if (type.len > 0 && !str_is(type, "interface") && !str_is(type, "efa") &&
        !str_is(type, "efa-only") && !str_is(type, "trunk") && !str_is(type, "branch"))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%.*s) for parameter interfaceType is invalid.", STR(type));
    struct interface *interface =
        interface_new(call->state, call->region, (struct subnet *)found, address);
    if (interface == NULL)
        return call_fail(call, "InsufficientFreeAddressesInSubnet",
                         "The specified subnet does not have enough free addresses to satisfy the "
                         "request.");
    text_set(&interface->description, ec2_text(call, "Description"));
    if (type.len > 0)
        text_set(&interface->type, type);
    list_each (group, groups)
        interface_use(interface, group);
    ec2_tag(&interface->thing, tags);
    doc_put(call->arena, call->output, S("networkInterface"),
            describe_interface(call, &interface->thing));
    return true;
}

static bool create_interface(struct call *call)
{
    struct list groups = {NULL, 0, 0};
    bool ok = make_interface(call, &groups);
    list_done(&groups);
    return ok;
}

static bool delete_interface(struct call *call)
{
    struct str id;
    struct thing *found;

    if (!ec2_need(call, "NetworkInterfaceId", &id) || !ec2_find(call, THING_INTERFACE, id, &found))
        return false;
    if (((struct interface *)found)->instance_id.len > 0)
        return call_fail(call, "InvalidNetworkInterface.InUse",
                         "Network interface '%.*s' is currently in use.", STR(id));
    thing_remove(call->region, found);
    ec2_put_bool(call, call->output, "return", true);
    return true;
}

const struct operation ec2_interface_operations[] = {
    {S_INIT("DescribeNetworkInterfaces"), describe_interfaces, false,
     "NetworkInterfaceId.N IncludeManagedResources " EC2_FILTERS},
    {S_INIT("CreateNetworkInterface"), create_interface, true,
     "SubnetId Description PrivateIpAddress SecurityGroupId.N InterfaceType ClientToken " EC2_TAGS},
    {S_INIT("DeleteNetworkInterface"), delete_interface, true, "NetworkInterfaceId DryRun"},
    {S_INIT("")},
};
