/* Network ACLs: each VPC has its default one, which lets everything pass; no others can be made
 * here. */
#include "call/describe.h"
#include "ec2.h"
#include "world/network.h"

static void put_entry(struct call *call, struct doc *set, const char *member, const char *block,
                      int number, bool egress, bool allows)
{
    struct doc *doc = doc_object(call->arena);
    ec2_put(call, doc, member, str_of(block));
    ec2_put_bool(call, doc, "egress", egress);
    ec2_put(call, doc, "protocol", S("-1"));
    ec2_put(call, doc, "ruleAction", allows ? S("allow") : S("deny"));
    ec2_put_int(call, doc, "ruleNumber", number);
    ec2_add(call, set, doc);
}

static void put_entries(struct call *call, struct doc *doc, const struct vpc *vpc)
{
    struct doc *set = ec2_set(call, doc, "entrySet");
    for (int egress = 1; egress >= 0; egress--) {
        put_entry(call, set, "cidrBlock", "0.0.0.0/0", 100, egress == 1, true);
        if (vpc->blocks6.count > 0)
            put_entry(call, set, "ipv6CidrBlock", "::/0", 101, egress == 1, true);
        put_entry(call, set, "cidrBlock", "0.0.0.0/0", 32767, egress == 1, false);
        if (vpc->blocks6.count > 0)
            put_entry(call, set, "ipv6CidrBlock", "::/0", 32768, egress == 1, false);
    }
}

struct doc *describe_network_acl(struct call *call, const struct thing *thing)
{
    const struct vpc *vpc = ((const struct network_acl *)thing)->vpc;
    const struct subnet *subnet;
    struct doc *doc = doc_object(call->arena);

    ec2_put(call, doc, "networkAclId", thing->id);
    ec2_put(call, doc, "vpcId", vpc->thing.id);
    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    ec2_put_bool(call, doc, "default", true);
    put_entries(call, doc, vpc);
    struct doc *set = ec2_set(call, doc, "associationSet");
    list_each (subnet, &call->region->things[THING_SUBNET]) {
        struct doc *item = doc_object(call->arena);
        if (subnet->vpc != vpc)
            continue;
        ec2_put(call, item, "networkAclAssociationId",
                arena_fmt(call->arena, "aclassoc-%.*s", STR(str_from(subnet->thing.id, 7))));
        ec2_put(call, item, "networkAclId", thing->id);
        ec2_put(call, item, "subnetId", subnet->thing.id);
        ec2_add(call, set, item);
    }
    ec2_put_tags(call, doc, &thing->tags);
    return doc;
}

static bool describe_network_acls(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"network-acl-id", "networkAclId"},
        {"vpc-id", "vpcId"},
        {"owner-id", "ownerId"},
        {"default", "default"},
        {"association.association-id", "associationSet.item.networkAclAssociationId"},
        {"association.network-acl-id", "associationSet.item.networkAclId"},
        {"association.subnet-id", "associationSet.item.subnetId"},
        {"entry.cidr", "entrySet.item.cidrBlock"},
        {"entry.ipv6-cidr", "entrySet.item.ipv6CidrBlock"},
        {"entry.protocol", "entrySet.item.protocol"},
        {"entry.rule-action", "entrySet.item.ruleAction"},
        {"entry.egress", "entrySet.item.egress"},
        {"entry.rule-number", "entrySet.item.ruleNumber"},
        {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_NETWORK_ACL,
                                               .ids = "NetworkAclId",
                                               .set = "networkAclSet",
                                               .describe = describe_network_acl,
                                               .filters = filters};
    return ec2_describe(call, &how);
}

const struct operation ec2_network_acl_operations[] = {
    {S_INIT("DescribeNetworkAcls"), describe_network_acls, false, "NetworkAclId.N " EC2_FILTERS},
    {S_INIT("")},
};
