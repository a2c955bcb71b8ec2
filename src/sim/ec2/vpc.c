#include "block.h"
#include "call/describe.h"
#include "world/network.h"

static struct doc *describe_as(struct call *call, const struct vpc *vpc, const char *state,
                               const char *state6)
{
    struct doc *doc = doc_object(call->arena);
    const struct block *block;

    ec2_put(call, doc, "vpcId", vpc->thing.id);
    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    ec2_put(call, doc, "state", str_of(state));
    ec2_put(call, doc, "cidrBlock", cidr_text(call->arena, vpc_cidr(vpc)));
    ec2_put(call, doc, "dhcpOptionsId", S("dopt-0a1b2c3d4e5f60718"));
    ec2_put(call, doc, "instanceTenancy", vpc->tenancy);
    ec2_put_bool(call, doc, "isDefault", vpc->is_default);
    struct doc *set = ec2_set(call, doc, "cidrBlockAssociationSet");
    list_each (block, &vpc->blocks)
        ec2_add(call, set, describe_block(call, block, "associated"));
    if (vpc->blocks6.count > 0)
        set = ec2_set(call, doc, "ipv6CidrBlockAssociationSet");
    list_each (block, &vpc->blocks6)
        ec2_add(call, set, describe_block6(call, block, state6));
    ec2_put_tags(call, doc, &vpc->thing.tags);
    return doc;
}

struct doc *describe_vpc(struct call *call, const struct thing *thing)
{
    return describe_as(call, (const struct vpc *)thing, "available", "associated");
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
        {"cidr-block-association.association-id", "cidrBlockAssociationSet.item.associationId"},
        {"cidr-block-association.state", "cidrBlockAssociationSet.item.cidrBlockState.state"},
        {"ipv6-cidr-block-association.ipv6-cidr-block",
         "ipv6CidrBlockAssociationSet.item.ipv6CidrBlock"},
        {"ipv6-cidr-block-association.ipv6-pool", "ipv6CidrBlockAssociationSet.item.ipv6Pool"},
        {"ipv6-cidr-block-association.association-id",
         "ipv6CidrBlockAssociationSet.item.associationId"},
        {"ipv6-cidr-block-association.state",
         "ipv6CidrBlockAssociationSet.item.ipv6CidrBlockState.state"},
        {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_VPC,
                                               .ids = "VpcId",
                                               .set = "vpcSet",
                                               .describe = describe_vpc,
                                               .filters = filters};
    return ec2_describe(call, &how);
}

/* Blocks that are nobody's: this host, loopback, link-local, multicast and reserved ones. */
static bool is_reserved(struct cidr cidr)
{
    static const struct cidr reserved[] = {
        {0, 8}, {0x7f000000, 8}, {0xa9fe0000, 16}, {0xe0000000, 3}};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (cidr_overlap(cidr, reserved[i]))
            return true;
    return false;
}

/* CreateVpc tells the VPC as pending and an IPv6 block as associating; a moment later they are
 * there (EC2 API reference, CreateVpc, example). */
static bool create_vpc(struct call *call)
{
    static const char *const tenancies[] = {"default", "dedicated", NULL};
    struct tag_list tags;
    struct cidr cidr;
    struct str tenancy = S("default");
    bool amazons = false;

    if (!block_of_call(call, "CidrBlock", &cidr) ||
        !ec2_choice(call, "InstanceTenancy", tenancies, &tenancy) ||
        !ec2_flag(call, call->input, "AmazonProvidedIpv6CidrBlock", &amazons) ||
        !ec2_tag_specification(call, THING_VPC, &tags))
        return false;
    if (cidr.bits < 16 || cidr.bits > 28 || is_reserved(cidr))
        return call_fail(call, "InvalidVpc.Range", "The CIDR '%.*s' is invalid.",
                         STR(ec2_text(call, "CidrBlock")));
    if (call->region->things[THING_VPC].count >= most_vpcs)
        return call_fail(call, "VpcLimitExceeded", "The maximum number of VPCs has been reached.");
    struct vpc *vpc = vpc_new(call->state, call->region, cidr, state_new_id(call->state, "vpc-"));
    vpc_furnish(call->state, call->region, vpc, NULL);
    text_set(&vpc->tenancy, tenancy);
    if (amazons)
        vpc_give_block6(call, vpc);
    ec2_tag(&vpc->thing, tags);
    doc_put(call->arena, call->output, S("vpc"), describe_as(call, vpc, "pending", "associating"));
    return true;
}

static bool has_any(const struct list *things, size_t offset, const struct vpc *vpc)
{
    struct thing *thing;
    list_each (thing, things) {
        const struct vpc *its;
        memcpy(&its, (const char *)thing + offset, sizeof its);
        if (its == vpc)
            return true;
    }
    return false;
}

static bool has_more_than_its_own(const struct region *region, const struct vpc *vpc)
{
    const struct security_group *group;
    const struct route_table *table;

    list_each (group, &region->things[THING_SECURITY_GROUP]) {
        if (group->vpc == vpc && !str_is(group->name, "default"))
            return true;
    }
    list_each (table, &region->things[THING_ROUTE_TABLE]) {
        if (table->vpc == vpc && table != main_table(region, vpc))
            return true;
    }
    return false;
}

static bool delete_vpc(struct call *call)
{
    static const struct {
        enum thing_kind kind;
        size_t offset;
    } parts[] = {{THING_SUBNET, offsetof(struct subnet, vpc)},
                 {THING_INTERNET_GATEWAY, offsetof(struct gateway, vpc)},
                 {THING_EGRESS_GATEWAY, offsetof(struct gateway, vpc)},
                 {THING_ENDPOINT, offsetof(struct endpoint, vpc)}};
    struct thing *found;

    if (!ec2_need_thing(call, "VpcId", THING_VPC, &found))
        return false;
    struct vpc *vpc = (struct vpc *)found;
    bool used = has_more_than_its_own(call->region, vpc);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        used = used || has_any(&call->region->things[parts[i].kind], parts[i].offset, vpc);
    if (used)
        return call_fail(call, "DependencyViolation",
                         "The vpc '%.*s' has dependencies and cannot be deleted.", STR(found->id));
    thing_remove(call->region, found);
    return ec2_done(call);
}

/* One row for each attribute that a call can name. */
static const struct ec2_attribute attributes[] = {
    {"EnableDnsSupport", "enableDnsSupport", offsetof(struct vpc, dns_support)},
    {"EnableDnsHostnames", "enableDnsHostnames", offsetof(struct vpc, dns_hostnames)},
    {"EnableNetworkAddressUsageMetrics", "enableNetworkAddressUsageMetrics",
     offsetof(struct vpc, address_metrics)}};
enum { attribute_count = sizeof attributes / sizeof attributes[0] };

static bool modify_vpc_attribute(struct call *call)
{
    struct thing *found;
    const struct ec2_attribute *attribute;
    size_t named;
    bool value = false;

    if (!ec2_need_thing(call, "VpcId", THING_VPC, &found) ||
        !ec2_attributes(call, attributes, attribute_count, &named, &attribute, &value))
        return false;
    if (named == 0)
        return call_fail(call, "MissingParameter",
                         "The request must contain exactly one attribute to modify");
    if (named > 1) /* EC2 API reference, ModifyVpcAttribute */
        return call_fail(call, "InvalidParameterCombination",
                         "Only one attribute of a VPC can be modified in one request");
    *ec2_attribute_of(found, attribute) = value;
    return ec2_done(call);
}

static bool describe_vpc_attribute(struct call *call)
{
    struct thing *found;
    struct str name;

    if (!ec2_need_thing(call, "VpcId", THING_VPC, &found) || !ec2_need(call, "Attribute", &name))
        return false;
    for (size_t i = 0; i < attribute_count; i++) {
        if (!str_is(name, attributes[i].name))
            continue;
        struct doc *value = doc_object(call->arena);
        ec2_put_bool(call, value, "value", *ec2_attribute_of(found, &attributes[i]));
        ec2_put(call, call->output, "vpcId", found->id);
        doc_put(call->arena, call->output, str_of(attributes[i].name), value);
        return true;
    }
    return call_fail(call, "InvalidParameterValue",
                     "Value (%.*s) for parameter attribute is invalid. Unknown attribute.",
                     STR(name));
}

const struct operation ec2_vpc_operations[] = {
    {S_INIT("DescribeVpcs"), describe_vpcs, false, "VpcId.N " EC2_FILTERS},
    {S_INIT("CreateVpc"), create_vpc, true,
     "CidrBlock InstanceTenancy AmazonProvidedIpv6CidrBlock "
     "Ipv6CidrBlockNetworkBorderGroup " EC2_TAGS},
    {S_INIT("DeleteVpc"), delete_vpc, true, "VpcId DryRun"},
    {S_INIT("ModifyVpcAttribute"), modify_vpc_attribute, true,
     "VpcId EnableDnsSupport.Value EnableDnsHostnames.Value "
     "EnableNetworkAddressUsageMetrics.Value"},
    {S_INIT("DescribeVpcAttribute"), describe_vpc_attribute, false, "VpcId Attribute DryRun"},
    {S_INIT("")},
};
