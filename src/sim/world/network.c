/* VPCs, subnets, and the addresses of interfaces in them. */
#include "network.h"

#include <stdlib.h>

struct block *block_add(struct list *blocks, struct str id)
{
    struct block *block = zeroed(sizeof *block);
    block->id = id;
    list_add(blocks, block);
    return block;
}

static void block_free(struct block *block)
{
    text_done(&block->id);
    free(block);
}

void block_remove(struct list *blocks, struct block *block)
{
    list_remove(blocks, block);
    block_free(block);
}

struct block *block_find(const struct list *blocks, struct str id)
{
    struct block *block;
    list_each (block, blocks) {
        if (str_eq(block->id, id))
            return block;
    }
    return NULL;
}

static void blocks_done(struct list *blocks)
{
    struct block *block;
    list_each (block, blocks)
        block_free(block);
    list_done(blocks);
}

struct vpc *vpc_new(struct state *state, struct region *region, struct cidr cidr, struct str id)
{
    struct vpc *vpc = zeroed(sizeof *vpc);
    thing_add(state, region, &vpc->thing, THING_VPC, id);
    vpc->tenancy = text_of(S("default"));
    vpc->dns_support = true;
    block_add(&vpc->blocks, text_fmt("vpc-cidr-assoc-%.*s", STR(str_from(vpc->thing.id, 4))))
        ->cidr = cidr;
    return vpc;
}

struct cidr vpc_cidr(const struct vpc *vpc)
{
    return ((const struct block *)vpc->blocks.items[0])->cidr;
}

static struct str part_id(struct state *state, const char *prefix, const char *suffix)
{
    return suffix == NULL ? state_new_id(state, prefix) : text_fmt("%s%s", prefix, suffix);
}

void vpc_furnish(struct state *state, struct region *region, struct vpc *vpc, const char *suffix)
{
    security_group_new(state, region, vpc, S("default"), S("default VPC security group"),
                       part_id(state, "sg-", suffix));
    struct route_table *table = route_table_new(state, region, vpc, part_id(state, "rtb-", suffix));
    association_new(table, part_id(state, "rtbassoc-", suffix));
    struct network_acl *acl = zeroed(sizeof *acl);
    acl->vpc = vpc;
    thing_add(state, region, &acl->thing, THING_NETWORK_ACL, part_id(state, "acl-", suffix));
}

void vpc_done(struct thing *thing)
{
    struct vpc *vpc = (struct vpc *)thing;
    text_done(&vpc->tenancy);
    blocks_done(&vpc->blocks);
    blocks_done(&vpc->blocks6);
}

/* Who removes a VPC has seen to it that only these are left. */
void vpc_leave(struct region *region, struct thing *thing)
{
    struct vpc *vpc = (struct vpc *)thing;
    struct security_group *group, *own = NULL;

    list_each (group, &region->things[THING_SECURITY_GROUP])
        if (group->vpc == vpc)
            own = group;
    if (own != NULL)
        thing_remove(region, &own->thing);
    struct route_table *table = main_table(region, vpc);
    if (table != NULL)
        thing_remove(region, &table->thing);
    struct network_acl *acl = network_acl_of(region, vpc);
    if (acl != NULL)
        thing_remove(region, &acl->thing);
}

struct subnet *subnet_new(struct state *state, struct region *region, struct vpc *vpc,
                          struct cidr cidr, unsigned zone, struct str id)
{
    struct subnet *subnet = zeroed(sizeof *subnet);
    thing_add(state, region, &subnet->thing, THING_SUBNET, id);
    subnet->vpc = vpc;
    subnet->cidr = cidr;
    subnet->zone = zone;
    subnet->used = zeroed((cidr_size(cidr) / 64 + 1) * sizeof *subnet->used);
    return subnet;
}

void subnet_done(struct thing *thing)
{
    struct subnet *subnet = (struct subnet *)thing;
    blocks_done(&subnet->blocks6);
    free(subnet->used);
}

/* Its associations with route tables go with it. */
void subnet_leave(struct region *region, struct thing *thing)
{
    struct route_table *table;
    list_each (table, &region->things[THING_ROUTE_TABLE]) {
        for (size_t i = table->associations.count; i-- > 0;) {
            struct table_association *association = table->associations.items[i];
            if (association->subnet == (struct subnet *)thing)
                association_remove(table, association);
        }
    }
}

/* The first four addresses and the last are AWS's. */
uint64_t subnet_free(const struct subnet *subnet)
{
    return cidr_size(subnet->cidr) - 5 - subnet->used_count;
}

static uint64_t bit_of(const struct subnet *subnet, uint32_t address)
{
    return address - subnet->cidr.first;
}

bool subnet_is_free(const struct subnet *subnet, uint32_t address)
{
    uint64_t bit = bit_of(subnet, address), size = cidr_size(subnet->cidr);
    return bit >= 4 && bit < size - 1 && (subnet->used[bit / 64] >> bit % 64 & 1) == 0;
}

static void mark(struct subnet *subnet, uint32_t address, bool used)
{
    uint64_t bit = bit_of(subnet, address), mask = UINT64_C(1) << bit % 64;
    if (used)
        subnet->used[bit / 64] |= mask;
    else
        subnet->used[bit / 64] &= ~mask;
    subnet->used_count += used ? 1 : -UINT64_C(1);
}

/* Addresses mostly come in order, so the search begins behind as many as there are. 0: none. */
static uint32_t free_address(const struct subnet *subnet)
{
    uint64_t room = cidr_size(subnet->cidr) - 5;
    for (uint64_t i = 0; i < room && subnet->used_count < room; i++) {
        uint32_t address = subnet->cidr.first + 4 + (uint32_t)((subnet->used_count + i) % room);
        if (subnet_is_free(subnet, address))
            return address;
    }
    return 0;
}

struct interface *interface_new(struct state *state, struct region *region, struct subnet *subnet,
                                uint32_t address)
{
    if (address == 0)
        address = free_address(subnet);
    if (address == 0)
        return NULL;
    struct interface *interface = zeroed(sizeof *interface);
    interface->subnet = subnet;
    interface->address = address;
    interface->type = text_of(S("interface"));
    thing_add(state, region, &interface->thing, THING_INTERFACE, state_new_id(state, "eni-"));
    subnet->interfaces++;
    mark(subnet, address, true);
    return interface;
}

bool interface_take(struct interface *interface, uint32_t address)
{
    if (address == 0 || !subnet_is_free(interface->subnet, address))
        address = free_address(interface->subnet);
    if (address == 0)
        return false;
    interface->others =
        realloc(interface->others, (interface->other_count + 1) * sizeof *interface->others);
    if (interface->others == NULL)
        abort();
    interface->others[interface->other_count++] = address;
    mark(interface->subnet, address, true);
    return true;
}

void interface_take6(struct interface *interface, const struct cidr6 *address)
{
    interface->addresses6 =
        realloc(interface->addresses6, (interface->count6 + 1) * sizeof *interface->addresses6);
    if (interface->addresses6 == NULL)
        abort();
    interface->addresses6[interface->count6++] = *address;
}

static bool has_address6(const struct region *region, const struct subnet *subnet,
                         const struct cidr6 *address)
{
    const struct interface *interface;
    list_each (interface, &region->things[THING_INTERFACE]) {
        for (size_t i = 0; interface->subnet == subnet && i < interface->count6; i++)
            if (cidr6_equal(&interface->addresses6[i], address))
                return true;
    }
    return false;
}

struct cidr6 subnet_address6(const struct state *state, const struct region *region,
                             const struct subnet *subnet, struct str id)
{
    struct cidr6 address = ((const struct block *)subnet->blocks6.items[0])->cidr6;
    address.bits = 128;
    for (uint64_t number = 0;; number++) {
        uint64_t chance = state_chance(state, id, number);
        for (int i = 8; i < 16; i++) /* a /64 at the most: the second half is the host's */
            address.first[i] = (uint8_t)(chance >> (8 * (15 - i)));
        if (!has_address6(region, subnet, &address))
            return address;
    }
}

void interface_use(struct interface *interface, struct security_group *group)
{
    if (list_has(&interface->groups, group))
        return;
    list_add(&interface->groups, group);
    group->interfaces++;
}

void interface_leave_groups(struct interface *interface)
{
    struct security_group *group;
    list_each (group, &interface->groups)
        group->interfaces--;
    list_done(&interface->groups);
}

void interface_done(struct thing *thing)
{
    struct interface *interface = (struct interface *)thing;
    list_done(&interface->groups);
    free(interface->others);
    free(interface->addresses6);
    text_done(&interface->description);
    text_done(&interface->type);
    text_done(&interface->instance_id);
    text_done(&interface->manager);
}

void interface_leave(struct region *region, struct thing *thing)
{
    struct interface *interface = (struct interface *)thing;
    struct address *address;

    list_each (address, &region->things[THING_ADDRESS])
        if (address->interface == interface)
            address_unbind(address);
    interface_leave_groups(interface);
    mark(interface->subnet, interface->address, false);
    for (size_t i = 0; i < interface->other_count; i++)
        mark(interface->subnet, interface->others[i], false);
    interface->subnet->interfaces--;
}
