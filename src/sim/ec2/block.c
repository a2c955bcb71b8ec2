/* Associating blocks with VPCs and subnets, and taking them away. */
#include "block.h"
#include "world/network.h"

bool block_of_call(struct call *call, const char *name, struct cidr *ret_cidr)
{
    struct str text;
    if (!ec2_need(call, name, &text))
        return false;
    if (!cidr_parse(text, ret_cidr))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%.*s) for parameter cidrBlock is invalid. This is not a valid "
                         "CIDR block.",
                         STR(text));
    return true;
}

bool block6_of_call(struct call *call, const char *name, struct cidr6 *ret_cidr)
{
    struct str text;
    if (!ec2_need(call, name, &text))
        return false;
    if (!cidr6_parse(text, ret_cidr))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%.*s) for parameter ipv6CidrBlock is invalid. This is not a "
                         "valid IPv6 CIDR block.",
                         STR(text));
    return true;
}

static void put_state(struct call *call, struct doc *doc, const char *name, const char *state)
{
    struct doc *inner = doc_object(call->arena);
    ec2_put(call, inner, "state", str_of(state));
    doc_put(call->arena, doc, str_of(name), inner);
}

struct doc *describe_block(struct call *call, const struct block *block, const char *state)
{
    struct doc *doc = doc_object(call->arena);
    ec2_put(call, doc, "associationId", block->id);
    ec2_put(call, doc, "cidrBlock", cidr_text(call->arena, block->cidr));
    put_state(call, doc, "cidrBlockState", state);
    return doc;
}

struct doc *describe_subnet_block6(struct call *call, const struct block *block, const char *state)
{
    struct doc *doc = doc_object(call->arena);
    ec2_put(call, doc, "associationId", block->id);
    ec2_put(call, doc, "ipv6CidrBlock", cidr6_text(call->arena, &block->cidr6));
    put_state(call, doc, "ipv6CidrBlockState", state);
    ec2_put(call, doc, "ipv6AddressAttribute", S("public"));
    ec2_put(call, doc, "ipSource", S("amazon"));
    return doc;
}

struct doc *describe_block6(struct call *call, const struct block *block, const char *state)
{
    struct doc *doc = describe_subnet_block6(call, block, state);
    if (strcmp(state, "associating") == 0)
        doc_set(call->arena, doc, S("ipv6CidrBlock"), doc_string(call->arena, S("")));
    ec2_put(call, doc, "networkBorderGroup", call->region->name);
    ec2_put(call, doc, "ipv6Pool", S("Amazon"));
    return doc;
}

static bool is_taken6(const struct region *region, const struct cidr6 *cidr)
{
    const struct vpc *vpc;
    const struct block *block;
    list_each (vpc, &region->things[THING_VPC]) {
        list_each (block, &vpc->blocks6) {
            if (cidr6_overlap(&block->cidr6, cidr))
                return true;
        }
    }
    return false;
}

void vpc_give_block6(struct call *call, struct vpc *vpc)
{
    struct cidr6 cidr = {.first = {0x26, 0x00, 0x1f}, .bits = 56}; /* AWS's 2600:1f00::/24 */
    struct str id = state_new_id(call->state, "vpc-cidr-assoc-");
    for (uint64_t number = 0;; number++) {
        uint64_t chance = state_chance(call->state, id, number);
        for (int i = 3; i < 7; i++)
            cidr.first[i] = (uint8_t)(chance >> (8 * i));
        if (!is_taken6(call->region, &cidr))
            break;
    }
    block_add(&vpc->blocks6, id)->cidr6 = cidr;
}

/* What may not be added to a VPC whose primary block lies in `home` (VPC user guide, "VPC CIDR
 * blocks", the table of restrictions). */
static const struct {
    struct cidr home, barred[3];
    size_t count;
} restrictions[] = {
    {{0x0a000000, 8}, {{0xac100000, 12}, {0xc0a80000, 16}, {0xc6130000, 16}}, 3},
    {{0xac100000, 12}, {{0x0a000000, 8}, {0xc0a80000, 16}, {0xc6130000, 16}}, 3},
    {{0xc0a80000, 16}, {{0x0a000000, 8}, {0xac100000, 12}, {0xc6130000, 16}}, 3},
    {{0xc6130000, 16}, {{0x0a000000, 8}, {0xac100000, 12}, {0xc0a80000, 16}}, 3},
};
/* All others: publicly routable ones, and 100.64.0.0/10. */
static const struct cidr barred_elsewhere[] = {
    {0x0a000000, 8}, {0xac100000, 12}, {0xc0a80000, 16}, {0xc6130000, 16}};

static bool overlaps_one(struct cidr cidr, const struct cidr *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cidr_overlap(cidr, list[i]))
            return true;
    return false;
}

static bool is_restricted(const struct vpc *vpc, struct cidr cidr)
{
    static const struct cidr low_ten = {0x0a000000, 15}, lowest_ten = {0x0a000000, 16};
    static const struct cidr docker = {0xac1f0000, 16};
    const struct cidr home = vpc_cidr(vpc);
    const struct block *block;

    list_each (block, &vpc->blocks)
        if (cidr_inside(block->cidr, low_ten) && cidr_inside(cidr, lowest_ten))
            return true;
    for (size_t i = 0; i < sizeof restrictions / sizeof restrictions[0]; i++)
        if (cidr_inside(home, restrictions[i].home))
            return overlaps_one(cidr, restrictions[i].barred, restrictions[i].count) ||
                   (i == 1 && cidr_inside(cidr, docker));
    return overlaps_one(cidr, barred_elsewhere,
                        sizeof barred_elsewhere / sizeof barred_elsewhere[0]);
}

static bool block_fits(struct call *call, const struct vpc *vpc, struct cidr cidr)
{
    struct str text = cidr_text(call->arena, cidr);
    const struct block *block;

    if (cidr.bits < 16 || cidr.bits > 28)
        return call_fail(call, "InvalidVpc.Range", "The CIDR '%.*s' is invalid.", STR(text));
    list_each (block, &vpc->blocks)
        if (cidr_overlap(block->cidr, cidr))
            return call_fail(call, "InvalidVpc.Range",
                             "The CIDR '%.*s' conflicts with another CIDR block of the VPC "
                             "'%.*s'.",
                             STR(text), STR(vpc->thing.id));
    if (is_restricted(vpc, cidr))
        return call_fail(call, "InvalidVpc.Range",
                         "The CIDR '%.*s' is restricted. Use a CIDR from the same private address "
                         "range as the current VPC CIDR, or use a publicly-routable CIDR.",
                         STR(text));
    return true;
}

static bool has_room(struct call *call, const struct vpc *vpc, const struct list *blocks)
{
    if (blocks->count >= most_blocks)
        return call_fail(call, "CidrLimitExceeded",
                         "This network '%.*s' has met its maximum number of allowed CIDRs: %d",
                         STR(vpc->thing.id), most_blocks);
    return true;
}

static bool associate_block6(struct call *call, struct vpc *vpc)
{
    if (!has_room(call, vpc, &vpc->blocks6))
        return false;
    vpc_give_block6(call, vpc);
    doc_put(call->arena, call->output, S("ipv6CidrBlockAssociation"),
            describe_block6(call, vpc->blocks6.items[vpc->blocks6.count - 1], "associating"));
    return true;
}

static bool associate_vpc_block(struct call *call)
{
    struct thing *found;
    struct cidr cidr;
    bool amazons = false;

    if (!ec2_need_thing(call, "VpcId", THING_VPC, &found) ||
        !ec2_flag(call, call->input, "AmazonProvidedIpv6CidrBlock", &amazons))
        return false;
    struct vpc *vpc = (struct vpc *)found;
    if (amazons && ec2_text(call, "CidrBlock").len > 0)
        return call_fail(call, "InvalidParameterCombination",
                         "You may specify either an IPv4 or an IPv6 CIDR block, not both.");
    ec2_put(call, call->output, "vpcId", vpc->thing.id);
    if (amazons)
        return associate_block6(call, vpc);
    if (!block_of_call(call, "CidrBlock", &cidr) || !block_fits(call, vpc, cidr) ||
        !has_room(call, vpc, &vpc->blocks))
        return false;
    struct block *block = block_add(&vpc->blocks, state_new_id(call->state, "vpc-cidr-assoc-"));
    block->cidr = cidr;
    doc_put(call->arena, call->output, S("cidrBlockAssociation"),
            describe_block(call, block, "associating"));
    return true;
}

static bool in_use(struct call *call, const struct vpc *vpc, struct str block)
{
    return call_fail(call, "InvalidCidrBlock.InUse",
                     "The vpc %.*s currently has a subnet within CIDR block %.*s",
                     STR(vpc->thing.id), STR(block));
}

static bool disassociate_ipv4(struct call *call, struct vpc *vpc, struct block *block)
{
    const struct subnet *subnet;

    if (block == vpc->blocks.items[0])
        return call_fail(call, "OperationNotPermitted",
                         "The vpc CIDR block with association ID %.*s may not be disassociated. It "
                         "is the primary IPv4 CIDR block of the VPC",
                         STR(block->id));
    list_each (subnet, &call->region->things[THING_SUBNET])
        if (subnet->vpc == vpc && cidr_inside(subnet->cidr, block->cidr))
            return in_use(call, vpc, cidr_text(call->arena, block->cidr));
    doc_put(call->arena, call->output, S("cidrBlockAssociation"),
            describe_block(call, block, "disassociating"));
    block_remove(&vpc->blocks, block);
    return true;
}

static bool disassociate_ipv6(struct call *call, struct vpc *vpc, struct block *block)
{
    const struct subnet *subnet;
    const struct block *part;

    list_each (subnet, &call->region->things[THING_SUBNET]) {
        list_each (part, &subnet->blocks6)
            if (subnet->vpc == vpc && cidr6_inside(&part->cidr6, &block->cidr6))
                return in_use(call, vpc, cidr6_text(call->arena, &block->cidr6));
    }
    doc_put(call->arena, call->output, S("ipv6CidrBlockAssociation"),
            describe_block6(call, block, "disassociating"));
    block_remove(&vpc->blocks6, block);
    return true;
}

static bool disassociate_vpc_block(struct call *call)
{
    struct str id;
    struct vpc *vpc;

    if (!ec2_need(call, "AssociationId", &id))
        return false;
    list_each (vpc, &call->region->things[THING_VPC]) {
        struct block *block = block_find(&vpc->blocks, id);
        struct block *block6 = block_find(&vpc->blocks6, id);
        if (block == NULL && block6 == NULL)
            continue;
        ec2_put(call, call->output, "vpcId", vpc->thing.id);
        return block != NULL ? disassociate_ipv4(call, vpc, block)
                             : disassociate_ipv6(call, vpc, block6);
    }
    return call_fail(call, "InvalidVpcCidrBlockAssociationID.NotFound",
                     "The vpc CIDR block association ID '%.*s' does not exist", STR(id));
}

bool subnet_block6_fits(struct call *call, const struct vpc *vpc, const struct cidr6 *cidr)
{
    struct str text = cidr6_text(call->arena, cidr);
    const struct subnet *subnet;
    const struct block *block;
    bool inside = false;

    list_each (block, &vpc->blocks6)
        inside = inside || cidr6_inside(cidr, &block->cidr6);
    if (!inside || cidr->bits < 44 || cidr->bits > 64 || cidr->bits % 4 != 0)
        return call_fail(call, "InvalidSubnet.Range", "The CIDR '%.*s' is invalid.", STR(text));
    list_each (subnet, &call->region->things[THING_SUBNET]) {
        list_each (block, &subnet->blocks6)
            if (subnet->vpc == vpc && cidr6_overlap(&block->cidr6, cidr))
                return call_fail(call, "InvalidSubnet.Conflict",
                                 "The CIDR '%.*s' conflicts with another subnet", STR(text));
    }
    return true;
}

void subnet_give_block6(struct call *call, struct subnet *subnet, const struct cidr6 *cidr)
{
    block_add(&subnet->blocks6, state_new_id(call->state, "subnet-cidr-assoc-"))->cidr6 = *cidr;
}

static bool associate_subnet_block(struct call *call)
{
    struct thing *found;
    struct cidr6 cidr;

    if (!ec2_need_thing(call, "SubnetId", THING_SUBNET, &found) ||
        !block6_of_call(call, "Ipv6CidrBlock", &cidr))
        return false;
    struct subnet *subnet = (struct subnet *)found;
    if (subnet->blocks6.count > 0) /* AWS: one IPv6 block in a subnet */
        return call_fail(call, "CidrLimitExceeded",
                         "This subnet '%.*s' has met its maximum number of allowed CIDRs: 1",
                         STR(subnet->thing.id));
    if (!subnet_block6_fits(call, subnet->vpc, &cidr))
        return false;
    subnet_give_block6(call, subnet, &cidr);
    ec2_put(call, call->output, "subnetId", subnet->thing.id);
    doc_put(call->arena, call->output, S("ipv6CidrBlockAssociation"),
            describe_subnet_block6(call, subnet->blocks6.items[0], "associating"));
    return true;
}

static bool has_addresses6(const struct region *region, const struct subnet *subnet)
{
    const struct interface *interface;
    list_each (interface, &region->things[THING_INTERFACE]) {
        if (interface->subnet == subnet && interface->count6 > 0)
            return true;
    }
    return false;
}

static bool disassociate_subnet_block(struct call *call)
{
    struct str id;
    struct subnet *subnet;

    if (!ec2_need(call, "AssociationId", &id))
        return false;
    list_each (subnet, &call->region->things[THING_SUBNET]) {
        struct block *block = block_find(&subnet->blocks6, id);
        if (block == NULL)
            continue;
        if (has_addresses6(call->region, subnet))
            return call_fail(call, "InvalidCidrBlock.InUse",
                             "The subnet %.*s currently has addresses within CIDR block %.*s",
                             STR(subnet->thing.id), STR(cidr6_text(call->arena, &block->cidr6)));
        ec2_put(call, call->output, "subnetId", subnet->thing.id);
        doc_put(call->arena, call->output, S("ipv6CidrBlockAssociation"),
                describe_subnet_block6(call, block, "disassociating"));
        block_remove(&subnet->blocks6, block);
        subnet->addresses6 = false;
        return true;
    }
    return call_fail(call, "InvalidSubnetCidrBlockAssociationID.NotFound",
                     "The subnet CIDR block with association ID '%.*s' does not exist", STR(id));
}

const struct operation ec2_block_operations[] = {
    {S_INIT("AssociateVpcCidrBlock"), associate_vpc_block, true,
     "VpcId CidrBlock AmazonProvidedIpv6CidrBlock Ipv6CidrBlockNetworkBorderGroup"},
    {S_INIT("DisassociateVpcCidrBlock"), disassociate_vpc_block, true, "AssociationId"},
    {S_INIT("AssociateSubnetCidrBlock"), associate_subnet_block, true, "SubnetId Ipv6CidrBlock"},
    {S_INIT("DisassociateSubnetCidrBlock"), disassociate_subnet_block, true, "AssociationId"},
    {S_INIT("")},
};
