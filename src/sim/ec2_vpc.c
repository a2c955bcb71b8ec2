/* VPCs, their subnets, and zones. */
#include "describe.h"
#include "ec2.h"

struct doc *describe_vpc(struct call *call, const struct thing *thing)
{
    const struct vpc *vpc = (const struct vpc *)thing;
    struct doc *doc = doc_object(call->arena), *state = doc_object(call->arena);
    struct doc *association = doc_object(call->arena);
    struct str block = cidr_text(call->arena, vpc->cidr);

    ec2_put(call, doc, "vpcId", vpc->thing.id);
    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    ec2_put(call, doc, "state", S("available"));
    ec2_put(call, doc, "cidrBlock", block);
    ec2_put(call, doc, "dhcpOptionsId", S("dopt-0a1b2c3d4e5f60718"));
    ec2_put(call, doc, "instanceTenancy", S("default"));
    ec2_put_bool(call, doc, "isDefault", vpc->is_default);
    ec2_put(call, association, "associationId",
            arena_fmt(call->arena, "vpc-cidr-assoc-%.*s", STR(str_from(vpc->thing.id, 4))));
    ec2_put(call, association, "cidrBlock", block);
    ec2_put(call, state, "state", S("associated"));
    doc_put(call->arena, association, S("cidrBlockState"), state);
    ec2_add(call, ec2_set(call, doc, "cidrBlockAssociationSet"), association);
    ec2_put_tags(call, doc, &vpc->thing.tags);
    return doc;
}

static bool describe_vpcs(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"vpc-id", "vpcId"},
        {"cidr", "cidrBlock"},
        {"cidr-block", "cidrBlock"},
        {"state", "state"},
        {"is-default", "isDefault"},
        {"isDefault", "isDefault"},
        {"owner-id", "ownerId"},
        {"dhcp-options-id", "dhcpOptionsId"},
        {"cidr-block-association.cidr-block", "cidrBlockAssociationSet.item.cidrBlock"},
        {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_VPC,
                                               .ids = "VpcId",
                                               .set = "vpcSet",
                                               .describe = describe_vpc,
                                               .filters = filters};
    return ec2_describe(call, &how);
}

static bool take_block(struct call *call, struct cidr *ret_cidr)
{
    struct str text;
    if (!ec2_need(call, "CidrBlock", &text))
        return false;
    if (!cidr_parse(text, ret_cidr))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%.*s) for parameter cidrBlock is invalid. This is not a valid "
                         "CIDR block.",
                         STR(text));
    return true;
}

static bool create_vpc(struct call *call)
{
    struct tag_list tags;
    struct cidr cidr = {0, 0};

    if (!take_block(call, &cidr) || !ec2_tag_specification(call, THING_VPC, &tags))
        return false;
    if (cidr.bits < 16 || cidr.bits > 28)
        return call_fail(call, "InvalidVpc.Range", "The CIDR '%.*s' is invalid.",
                         STR(ec2_text(call, "CidrBlock")));
    struct vpc *vpc = vpc_new(call->state, call->region, cidr, state_new_id(call->state, "vpc-"));
    security_group_new(call->state, call->region, vpc, S("default"),
                       S("default VPC security group"), state_new_id(call->state, "sg-"));
    ec2_tag(&vpc->thing, tags);
    doc_put(call->arena, call->output, S("vpc"), describe_vpc(call, &vpc->thing));
    return true;
}

static bool delete_vpc(struct call *call)
{
    struct str id;
    struct thing *found;
    struct subnet *subnet;
    struct security_group *group, *own = NULL;

    if (!ec2_need(call, "VpcId", &id) || !ec2_find(call, THING_VPC, id, &found))
        return false;
    struct vpc *vpc = (struct vpc *)found;
    bool used = false;
    list_each (subnet, &call->region->things[THING_SUBNET])
        used = used || subnet->vpc == vpc;
    list_each (group, &call->region->things[THING_SECURITY_GROUP]) {
        if (group->vpc == vpc && str_is(group->name, "default"))
            own = group;
        else if (group->vpc == vpc)
            used = true;
    }
    if (used)
        return call_fail(call, "DependencyViolation",
                         "The vpc '%.*s' has dependencies and cannot be deleted.", STR(id));
    if (own != NULL)
        thing_remove(call->region, &own->thing);
    thing_remove(call->region, &vpc->thing);
    ec2_put_bool(call, call->output, "return", true);
    return true;
}

struct doc *describe_subnet(struct call *call, const struct thing *thing)
{
    const struct subnet *subnet = (const struct subnet *)thing;
    struct doc *doc = doc_object(call->arena);

    ec2_put(call, doc, "subnetId", subnet->thing.id);
    ec2_put(call, doc, "subnetArn", ec2_arn(call, thing));
    ec2_put(call, doc, "state", S("available"));
    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    ec2_put(call, doc, "vpcId", subnet->vpc->thing.id);
    ec2_put(call, doc, "cidrBlock", cidr_text(call->arena, subnet->cidr));
    ec2_put_int(call, doc, "availableIpAddressCount",
                (int64_t)cidr_size(subnet->cidr) - 5 - (int64_t)subnet->interfaces);
    ec2_put(call, doc, "availabilityZone", zone_name(call->arena, call->region, subnet->zone));
    ec2_put(call, doc, "availabilityZoneId", zone_id(call->arena, call->region, subnet->zone));
    ec2_put_bool(call, doc, "defaultForAz", subnet->default_for_zone);
    ec2_put_bool(call, doc, "mapPublicIpOnLaunch", subnet->default_for_zone);
    ec2_put_bool(call, doc, "assignIpv6AddressOnCreation", false);
    ec2_put_bool(call, doc, "ipv6Native", false);
    ec2_set(call, doc, "ipv6CidrBlockAssociationSet");
    ec2_put_tags(call, doc, &subnet->thing.tags);
    return doc;
}

static bool describe_subnets(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"subnet-id", "subnetId"},
        {"vpc-id", "vpcId"},
        {"state", "state"},
        {"owner-id", "ownerId"},
        {"cidr-block", "cidrBlock"},
        {"cidr", "cidrBlock"},
        {"cidrBlock", "cidrBlock"},
        {"availability-zone", "availabilityZone"},
        {"availabilityZone", "availabilityZone"},
        {"availability-zone-id", "availabilityZoneId"},
        {"availabilityZoneId", "availabilityZoneId"},
        {"available-ip-address-count", "availableIpAddressCount"},
        {"default-for-az", "defaultForAz"},
        {"defaultForAz", "defaultForAz"},
        {"subnet-arn", "subnetArn"},
        {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_SUBNET,
                                               .ids = "SubnetId",
                                               .set = "subnetSet",
                                               .describe = describe_subnet,
                                               .filters = filters};
    return ec2_describe(call, &how);
}

/* The zone that was asked for by name or by id; the first when none was. */
static bool take_zone(struct call *call, unsigned *ret_zone)
{
    struct str name = ec2_text(call, "AvailabilityZone");
    struct str id = ec2_text(call, "AvailabilityZoneId");
    struct buf known = buf_in(call->arena, 1024);

    if (name.len == 0 && id.len == 0)
        return true;
    for (unsigned zone = 0; zone < ZONES; zone++) {
        struct str zone_text = zone_name(call->arena, call->region, zone);
        if ((name.len == 0 || str_eq(name, zone_text)) &&
            (id.len == 0 || str_eq(id, zone_id(call->arena, call->region, zone)))) {
            *ret_zone = zone;
            return true;
        }
        buf_printf(&known, "%s%.*s", zone == 0 ? "" : ", ", STR(zone_text));
    }
    return call_fail(call, "InvalidParameterValue",
                     "Value (%.*s) for parameter %s is invalid. Subnets can currently only be "
                     "created in the following availability zones: %.*s.",
                     STR(name.len > 0 ? name : id),
                     name.len > 0 ? "availabilityZone" : "availabilityZoneId",
                     STR(buf_str(&known)));
}

static bool create_subnet(struct call *call)
{
    struct str id;
    struct thing *found;
    struct tag_list tags;
    struct cidr cidr = {0, 0};
    struct subnet *other;
    unsigned zone = 0;

    if (!ec2_need(call, "VpcId", &id) || !take_block(call, &cidr) ||
        !ec2_find(call, THING_VPC, id, &found) || !take_zone(call, &zone) ||
        !ec2_tag_specification(call, THING_SUBNET, &tags))
        return false;
    struct vpc *vpc = (struct vpc *)found;
    struct str block = cidr_text(call->arena, cidr);
    if (cidr.bits < 16 || cidr.bits > 28 || !cidr_inside(cidr, vpc->cidr))
        return call_fail(call, "InvalidSubnet.Range", "The CIDR '%.*s' is invalid.", STR(block));
    list_each (other, &call->region->things[THING_SUBNET]) {
        if (other->vpc == vpc && cidr_overlap(other->cidr, cidr))
            return call_fail(call, "InvalidSubnet.Conflict",
                             "The CIDR '%.*s' conflicts with another subnet", STR(block));
    }
    struct subnet *subnet = subnet_new(call->state, call->region, vpc, cidr, zone,
                                       state_new_id(call->state, "subnet-"));
    ec2_tag(&subnet->thing, tags);
    doc_put(call->arena, call->output, S("subnet"), describe_subnet(call, &subnet->thing));
    return true;
}

static bool delete_subnet(struct call *call)
{
    struct str id;
    struct thing *found;

    if (!ec2_need(call, "SubnetId", &id) || !ec2_find(call, THING_SUBNET, id, &found))
        return false;
    if (((struct subnet *)found)->interfaces > 0)
        return call_fail(call, "DependencyViolation",
                         "The subnet '%.*s' has dependencies and cannot be deleted.", STR(id));
    thing_remove(call->region, found);
    ec2_put_bool(call, call->output, "return", true);
    return true;
}

static struct doc *describe_zone(struct call *call, unsigned zone)
{
    struct doc *doc = doc_object(call->arena);
    struct str region = call->region->name;

    ec2_put(call, doc, "regionName", region);
    ec2_put(call, doc, "zoneName", zone_name(call->arena, call->region, zone));
    ec2_put(call, doc, "zoneId", zone_id(call->arena, call->region, zone));
    ec2_put(call, doc, "zoneState", S("available"));
    ec2_put(call, doc, "zoneType", S("availability-zone"));
    ec2_put(call, doc, "optInStatus", S("opt-in-not-required"));
    ec2_put(call, doc, "groupName", arena_fmt(call->arena, "%.*s-zg-1", STR(region)));
    ec2_put(call, doc, "networkBorderGroup", region);
    ec2_set(call, doc, "messageSet");
    return doc;
}

static bool describe_availability_zones(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"zone-name", "zoneName"},     {"zone-id", "zoneId"},
        {"region-name", "regionName"}, {"state", "zoneState"},
        {"zone-type", "zoneType"},     {"opt-in-status", "optInStatus"},
        {"group-name", "groupName"},   {NULL, NULL}};
    const struct doc *names = doc_get(call->input, S("ZoneName"));
    const struct doc *ids = doc_get(call->input, S("ZoneId"));
    struct doc *set = ec2_set(call, call->output, "availabilityZoneInfo");

    for (unsigned zone = 0; zone < ZONES; zone++) {
        struct doc *item = describe_zone(call, zone);
        bool matches = false, named = names == NULL && ids == NULL;
        if (!ec2_matches(call, filters, item, &matches))
            return false;
        doc_each (entry, names) {
            named = named || str_eq(doc_text(entry->value), doc_get_text(item, S("zoneName")));
        }
        doc_each (entry, ids) {
            named = named || str_eq(doc_text(entry->value), doc_get_text(item, S("zoneId")));
        }
        if (matches && named)
            ec2_add(call, set, item);
    }
    return true;
}

const struct operation ec2_vpc_operations[] = {
    {S_INIT("DescribeVpcs"), describe_vpcs, false, "VpcId.N " EC2_FILTERS},
    {S_INIT("CreateVpc"), create_vpc, true, "CidrBlock InstanceTenancy " EC2_TAGS},
    {S_INIT("DeleteVpc"), delete_vpc, true, "VpcId DryRun"},
    {S_INIT("DescribeSubnets"), describe_subnets, false, "SubnetId.N " EC2_FILTERS},
    {S_INIT("CreateSubnet"), create_subnet, true,
     "VpcId CidrBlock AvailabilityZone AvailabilityZoneId " EC2_TAGS},
    {S_INIT("DeleteSubnet"), delete_subnet, true, "SubnetId DryRun"},
    {S_INIT("DescribeAvailabilityZones"), describe_availability_zones, false,
     "ZoneName.N ZoneId.N AllAvailabilityZones " EC2_FILTERS},
    {S_INIT("")},
};
