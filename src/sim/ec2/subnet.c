#include "block.h"
#include "call/describe.h"
#include "world/network.h"

static void put_launch_options(struct call *call, struct doc *doc, const struct subnet *subnet)
{
    struct doc *names = doc_object(call->arena);

    ec2_put_bool(call, doc, "mapPublicIpOnLaunch", subnet->public_addresses);
    ec2_put_bool(call, doc, "mapCustomerOwnedIpOnLaunch", false);
    ec2_put_bool(call, doc, "assignIpv6AddressOnCreation", subnet->addresses6);
    ec2_put_bool(call, doc, "enableDns64", subnet->dns64);
    ec2_put_bool(call, doc, "ipv6Native", false);
    ec2_put(call, names, "hostnameType",
            subnet->name_by_resource ? S("resource-name") : S("ip-name"));
    ec2_put_bool(call, names, "enableResourceNameDnsARecord", subnet->record_a);
    ec2_put_bool(call, names, "enableResourceNameDnsAAAARecord", subnet->record_aaaa);
    doc_put(call->arena, doc, S("privateDnsNameOptionsOnLaunch"), names);
}

struct doc *describe_subnet(struct call *call, const struct thing *thing)
{
    const struct subnet *subnet = (const struct subnet *)thing;
    const struct block *block;
    struct doc *doc = doc_object(call->arena);

    ec2_put(call, doc, "subnetId", subnet->thing.id);
    ec2_put(call, doc, "subnetArn", ec2_arn(call, thing));
    ec2_put(call, doc, "state", S("available"));
    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    ec2_put(call, doc, "vpcId", subnet->vpc->thing.id);
    ec2_put(call, doc, "cidrBlock", cidr_text(call->arena, subnet->cidr));
    ec2_put_int(call, doc, "availableIpAddressCount", (int64_t)subnet_free(subnet));
    ec2_put(call, doc, "availabilityZone", zone_name(call->arena, call->region, subnet->zone));
    ec2_put(call, doc, "availabilityZoneId", zone_id(call->arena, call->region, subnet->zone));
    ec2_put_bool(call, doc, "defaultForAz", subnet->default_for_zone);
    put_launch_options(call, doc, subnet);
    struct doc *set = ec2_set(call, doc, "ipv6CidrBlockAssociationSet");
    list_each (block, &subnet->blocks6)
        ec2_add(call, set, describe_subnet_block6(call, block, "associated"));
    ec2_put_tags(call, doc, &subnet->thing.tags);
    return doc;
}

static struct str vpc_id_of(const struct thing *thing, size_t n)
{
    return n > 0 ? (struct str){NULL, 0} : ((const struct subnet *)thing)->vpc->thing.id;
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
        {"map-public-ip-on-launch", "mapPublicIpOnLaunch"},
        {"enable-dns64", "enableDns64"},
        {"ipv6-native", "ipv6Native"},
        {"ipv6-cidr-block-association.ipv6-cidr-block",
         "ipv6CidrBlockAssociationSet.item.ipv6CidrBlock"},
        {"ipv6-cidr-block-association.association-id",
         "ipv6CidrBlockAssociationSet.item.associationId"},
        {"ipv6-cidr-block-association.state",
         "ipv6CidrBlockAssociationSet.item.ipv6CidrBlockState.state"},
        {"private-dns-name-options-on-launch.hostname-type",
         "privateDnsNameOptionsOnLaunch.hostnameType"},
        {"private-dns-name-options-on-launch.enable-resource-name-dns-a-record",
         "privateDnsNameOptionsOnLaunch.enableResourceNameDnsARecord"},
        {"private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record",
         "privateDnsNameOptionsOnLaunch.enableResourceNameDnsAAAARecord"},
        {NULL, NULL}};
    static const struct ec2_quick quick[] = {{"vpc-id", vpc_id_of}, {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_SUBNET,
                                               .ids = "SubnetId",
                                               .set = "subnetSet",
                                               .describe = describe_subnet,
                                               .filters = filters,
                                               .quick = quick};
    return ec2_describe(call, &how);
}

/* The zone that was asked for by name or by id; the first when none was. */
static bool zone_of_call(struct call *call, unsigned *ret_zone)
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

static bool has_block(const struct vpc *vpc, struct cidr cidr)
{
    const struct block *block;
    list_each (block, &vpc->blocks) {
        if (cidr_inside(cidr, block->cidr))
            return true;
    }
    return false;
}

static bool block_fits(struct call *call, const struct vpc *vpc, struct cidr cidr)
{
    struct str text = cidr_text(call->arena, cidr);
    const struct subnet *other;
    size_t count = 0;

    if (cidr.bits < 16 || cidr.bits > 28 || !has_block(vpc, cidr))
        return call_fail(call, "InvalidSubnet.Range", "The CIDR '%.*s' is invalid.", STR(text));
    list_each (other, &call->region->things[THING_SUBNET]) {
        count += other->vpc == vpc;
        if (other->vpc == vpc && cidr_overlap(other->cidr, cidr))
            return call_fail(call, "InvalidSubnet.Conflict",
                             "The CIDR '%.*s' conflicts with another subnet", STR(text));
    }
    if (count >= most_subnets)
        return call_fail(call, "SubnetLimitExceeded",
                         "The maximum number of subnets has been reached.");
    return true;
}

static bool create_subnet(struct call *call)
{
    struct thing *found;
    struct tag_list tags;
    struct cidr cidr;
    struct cidr6 cidr6;
    unsigned zone = 0;
    bool has6 = ec2_text(call, "Ipv6CidrBlock").len > 0;

    if (!ec2_need_thing(call, "VpcId", THING_VPC, &found) ||
        !block_of_call(call, "CidrBlock", &cidr) || !zone_of_call(call, &zone) ||
        !ec2_tag_specification(call, THING_SUBNET, &tags))
        return false;
    struct vpc *vpc = (struct vpc *)found;
    if (!block_fits(call, vpc, cidr) || (has6 && (!block6_of_call(call, "Ipv6CidrBlock", &cidr6) ||
                                                  !subnet_block6_fits(call, vpc, &cidr6))))
        return false;
    struct subnet *subnet = subnet_new(call->state, call->region, vpc, cidr, zone,
                                       state_new_id(call->state, "subnet-"));
    if (has6)
        subnet_give_block6(call, subnet, &cidr6);
    ec2_tag(&subnet->thing, tags);
    doc_put(call->arena, call->output, S("subnet"), describe_subnet(call, &subnet->thing));
    return true;
}

static bool delete_subnet(struct call *call)
{
    struct thing *found;

    if (!ec2_need_thing(call, "SubnetId", THING_SUBNET, &found))
        return false;
    if (((struct subnet *)found)->interfaces > 0)
        return call_fail(call, "DependencyViolation",
                         "The subnet '%.*s' has dependencies and cannot be deleted.",
                         STR(found->id));
    thing_remove(call->region, found);
    return ec2_done(call);
}

static const struct ec2_attribute flags[] = {
    {"MapPublicIpOnLaunch", NULL, offsetof(struct subnet, public_addresses)},
    {"AssignIpv6AddressOnCreation", NULL, offsetof(struct subnet, addresses6)},
    {"EnableDns64", NULL, offsetof(struct subnet, dns64)},
    {"EnableResourceNameDnsARecordOnLaunch", NULL, offsetof(struct subnet, record_a)},
    {"EnableResourceNameDnsAAAARecordOnLaunch", NULL, offsetof(struct subnet, record_aaaa)},
};
enum { flag_count = sizeof flags / sizeof flags[0] };

static bool modify_subnet(struct call *call)
{
    static const char *const types[] = {"ip-name", "resource-name", NULL};
    struct thing *found;
    struct str type = {NULL, 0};
    const struct ec2_attribute *flag;
    size_t named;
    bool value = false;

    if (!ec2_need_thing(call, "SubnetId", THING_SUBNET, &found) ||
        !ec2_choice(call, "PrivateDnsHostnameTypeOnLaunch", types, &type))
        return false;
    struct subnet *subnet = (struct subnet *)found;
    if (!ec2_attributes(call, flags, flag_count, &named, &flag, &value))
        return false;
    named += type.len > 0;
    if (named != 1) /* EC2 API reference, ModifySubnetAttribute */
        return call_fail(call, named == 0 ? "MissingParameter" : "InvalidParameterCombination",
                         "The request must contain exactly one attribute to modify");
    if (flag != NULL && flag->offset == offsetof(struct subnet, addresses6) && value &&
        subnet->blocks6.count == 0)
        return call_fail(call, "InvalidParameterValue",
                         "Invalid value 'true' for assignIpv6AddressOnCreation. The subnet %.*s "
                         "has no IPv6 CIDR block.",
                         STR(found->id));
    if (flag != NULL)
        *ec2_attribute_of(found, flag) = value;
    else
        subnet->name_by_resource = str_is(type, "resource-name");
    return ec2_done(call);
}

const struct operation ec2_subnet_operations[] = {
    {S_INIT("DescribeSubnets"), describe_subnets, false, "SubnetId.N " EC2_FILTERS},
    {S_INIT("CreateSubnet"), create_subnet, true,
     "VpcId CidrBlock Ipv6CidrBlock AvailabilityZone AvailabilityZoneId " EC2_TAGS},
    {S_INIT("DeleteSubnet"), delete_subnet, true, "SubnetId DryRun"},
    {S_INIT("ModifySubnetAttribute"), modify_subnet, true,
     "SubnetId MapPublicIpOnLaunch.Value AssignIpv6AddressOnCreation.Value EnableDns64.Value "
     "EnableResourceNameDnsARecordOnLaunch.Value EnableResourceNameDnsAAAARecordOnLaunch.Value "
     "PrivateDnsHostnameTypeOnLaunch"},
    {S_INIT("")},
};
