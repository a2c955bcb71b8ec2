#include "call/describe.h"
#include "ec2.h"
#include "world/network.h"

/* The parts that tell who has attached it: an instance of HyperPod, or a service for itself. */
static struct doc *describe_attachment(struct call *call, const struct interface *interface)
{
    struct doc *doc = doc_object(call->arena);
    bool managed = interface->manager.len > 0;

    ec2_put(call, doc, "attachmentId",
            arena_fmt(call->arena, managed ? "ela-attach-%.*s" : "eni-attach-%.*s",
                      STR(str_from(interface->thing.id, 4))));
    if (!managed)
        ec2_put(call, doc, "instanceId", interface->instance_id);
    ec2_put(call, doc, "instanceOwnerId", managed ? S("amazon-aws") : S("amazon-sagemaker"));
    ec2_put(call, doc, "status", S("attached"));
    ec2_put_int(call, doc, "deviceIndex", 1);
    ec2_put_bool(call, doc, "deleteOnTermination", false);
    return doc;
}

/* Its elastic address, where it has one. */
static void put_association(struct call *call, struct doc *doc, const struct interface *interface,
                            uint32_t private_address)
{
    const struct address *address = address_at(call->region, interface, private_address);
    if (address == NULL)
        return;
    struct doc *association = doc_object(call->arena);
    struct str ip = address_text(call->arena, address->ip);
    ec2_put(call, association, "allocationId", address->thing.id);
    ec2_put(call, association, "associationId", address->association_id);
    ec2_put(call, association, "ipOwnerId", S(ACCOUNT));
    ec2_put(call, association, "publicIp", ip);
    ec2_put(call, association, "publicDnsName", S(""));
    doc_put(call->arena, doc, S("association"), association);
}

static struct str dns_name(const struct call *call, uint32_t address)
{
    bool oldest = str_is(call->region->name, "us-east-1");
    struct str zone = oldest ? S("ec2") : call->region->name;
    return arena_fmt(call->arena, "ip-%u-%u-%u-%u.%.*s%s.internal", address >> 24,
                     address >> 16 & 255, address >> 8 & 255, address & 255, STR(zone),
                     oldest ? "" : ".compute");
}

static void put_names(struct call *call, struct doc *doc, const struct interface *interface,
                      uint32_t address)
{
    doc_put(call->arena, doc, S("privateIpAddress"),
            doc_string(call->arena, address_text(call->arena, address)));
    if (interface->subnet->vpc->dns_hostnames)
        doc_put(call->arena, doc, S("privateDnsName"),
                doc_string(call->arena, dns_name(call, address)));
}

static void put_address(struct call *call, struct doc *set, const struct interface *interface,
                        uint32_t address)
{
    struct doc *item = doc_object(call->arena);
    ec2_put_bool(call, item, "primary", address == interface->address);
    put_names(call, item, interface, address);
    put_association(call, item, interface, address);
    ec2_add(call, set, item);
}

static void put_addresses(struct call *call, struct doc *doc, const struct interface *interface)
{
    uint32_t address = interface->address;

    put_names(call, doc, interface, address);
    struct doc *set = ec2_set(call, doc, "privateIpAddressesSet");
    put_address(call, set, interface, address);
    for (size_t i = 0; i < interface->other_count; i++)
        put_address(call, set, interface, interface->others[i]);
    set = ec2_set(call, doc, "ipv6AddressesSet");
    for (size_t i = 0; i < interface->count6; i++) {
        struct doc *item = doc_object(call->arena);
        struct str text = address6_text(call->arena, &interface->addresses6[i]);
        ec2_put(call, item, "ipv6Address", text);
        ec2_put_bool(call, item, "isPrimaryIpv6", i == 0 && interface->primary6);
        ec2_add(call, set, item);
        if (i == 0)
            ec2_put(call, doc, "ipv6Address", text);
    }
    put_association(call, doc, interface, address);
    ec2_put(call, doc, "macAddress",
            arena_fmt(call->arena, "02:00:%02x:%02x:%02x:%02x", address >> 24, address >> 16 & 255,
                      address >> 8 & 255, address & 255));
}

struct doc *describe_interface(struct call *call, const struct thing *thing)
{
    const struct interface *interface = (const struct interface *)thing;
    const struct security_group *group;
    const struct subnet *subnet = interface->subnet;
    struct doc *doc = doc_object(call->arena);
    bool managed = interface->manager.len > 0;
    bool in_use = managed || interface->instance_id.len > 0;

    ec2_put(call, doc, "networkInterfaceId", interface->thing.id);
    ec2_put(call, doc, "subnetId", subnet->thing.id);
    ec2_put(call, doc, "vpcId", subnet->vpc->thing.id);
    ec2_put(call, doc, "availabilityZone", zone_name(call->arena, call->region, subnet->zone));
    ec2_put(call, doc, "availabilityZoneId", zone_id(call->arena, call->region, subnet->zone));
    ec2_put(call, doc, "description", interface->description);
    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    if (managed)
        ec2_put(call, doc, "requesterId", S("amazon-aws"));
    ec2_put_bool(call, doc, "requesterManaged", in_use);
    ec2_put(call, doc, "status", in_use ? S("in-use") : S("available"));
    ec2_put(call, doc, "interfaceType", interface->type);
    ec2_put_bool(call, doc, "sourceDestCheck",
                 !interface->no_check && !str_is(interface->type, "nat_gateway"));
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

static struct str id_of(const struct thing *thing, size_t n)
{
    return n > 0 ? (struct str){NULL, 0} : thing->id;
}

static struct str subnet_id_of(const struct thing *thing, size_t n)
{
    return n > 0 ? (struct str){NULL, 0} : ((const struct interface *)thing)->subnet->thing.id;
}

static struct str vpc_id_of(const struct thing *thing, size_t n)
{
    const struct interface *interface = (const struct interface *)thing;
    return n > 0 ? (struct str){NULL, 0} : interface->subnet->vpc->thing.id;
}

static struct str group_id_of(const struct thing *thing, size_t n)
{
    const struct list *groups = &((const struct interface *)thing)->groups;
    return n >= groups->count ? (struct str){NULL, 0}
                              : ((const struct security_group *)groups->items[n])->thing.id;
}

static struct str instance_id_of(const struct thing *thing, size_t n)
{
    return n > 0 ? (struct str){NULL, 0} : ((const struct interface *)thing)->instance_id;
}

static struct str description_of(const struct thing *thing, size_t n)
{
    struct str text = ((const struct interface *)thing)->description;
    return n > 0 ? (struct str){NULL, 0} : text.ptr == NULL ? S("") : text;
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
        {"addresses.primary", "privateIpAddressesSet.item.primary"},
        {"addresses.association.public-ip", "privateIpAddressesSet.item.association.publicIp"},
        {"association.allocation-id", "association.allocationId"},
        {"association.association-id", "association.associationId"},
        {"association.ip-owner-id", "association.ipOwnerId"},
        {"association.public-ip", "association.publicIp"},
        {"availability-zone-id", "availabilityZoneId"},
        {"ipv6-addresses.ipv6-address", "ipv6AddressesSet.item.ipv6Address"},
        {"private-dns-name", "privateDnsName"},
        {"requester-id", "requesterId"},
        {"source-dest-check", "sourceDestCheck"},
        {"attachment.device-index", "attachment.deviceIndex"},
        {"attachment.delete-on-termination", "attachment.deleteOnTermination"},
        {"attachment.instance-id", "attachment.instanceId"},
        {"attachment.instance-owner-id", "attachment.instanceOwnerId"},
        {"attachment.status", "attachment.status"},
        {"attachment.attachment-id", "attachment.attachmentId"},
        {NULL, NULL}};
    static const struct ec2_quick quick[] = {{"network-interface-id", id_of},
                                             {"subnet-id", subnet_id_of},
                                             {"vpc-id", vpc_id_of},
                                             {"group-id", group_id_of},
                                             {"attachment.instance-id", instance_id_of},
                                             {"description", description_of},
                                             {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_INTERFACE,
                                               .ids = "NetworkInterfaceId",
                                               .set = "networkInterfaceSet",
                                               .describe = describe_interface,
                                               .filters = filters,
                                               .quick = quick};
    return ec2_describe(call, &how);
}

const struct operation ec2_interface_operations[] = {
    {S_INIT("DescribeNetworkInterfaces"), describe_interfaces, false,
     "NetworkInterfaceId.N IncludeManagedResources " EC2_FILTERS},
    {S_INIT("")},
};
