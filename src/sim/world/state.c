#include "state.h"
#include "cluster.h"
#include "cluster_attachment.h"
#include "cluster_log.h"
#include "conditions.h"
#include "network.h"
#include "record.h"
#include "token.h"

#include <stdlib.h>

void *zeroed(size_t size)
{
    void *memory = calloc(1, size);
    if (memory == NULL)
        abort();
    return memory;
}

void list_add(struct list *list, void *item)
{
    if (list->count == list->size) {
        list->size = list->size == 0 ? 8 : list->size * 2;
        list->items = realloc(list->items, list->size * sizeof *list->items);
        if (list->items == NULL)
            abort();
    }
    list->items[list->count++] = item;
}

static size_t list_index(const struct list *list, const void *item)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == item)
            return i;
    return SIZE_MAX;
}

bool list_has(const struct list *list, const void *item)
{
    return list_index(list, item) != SIZE_MAX;
}

void list_remove(struct list *list, const void *item)
{
    size_t at = list_index(list, item);
    if (at == SIZE_MAX)
        return;
    list->count--;
    memmove(list->items + at, list->items + at + 1, (list->count - at) * sizeof *list->items);
}

void list_done(struct list *list)
{
    free(list->items);
    *list = (struct list){NULL, 0, 0};
}

/* splitmix64 (public domain, Sebastiano Vigna). */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t state_chance(const struct state *state, struct str text, uint64_t number)
{
    uint64_t hash = mix(state->seed ^ mix(number));
    for (size_t i = 0; i < text.len; i++)
        hash = mix(hash ^ (unsigned char)text.ptr[i]);
    return hash;
}

struct str state_new_id(struct state *state, const char *prefix)
{
    uint64_t serial = ++state->serial;
    uint64_t high = state_chance(state, S("id"), serial);
    uint64_t low = state_chance(state, S("more"), serial);
    return text_fmt("%s0%08llx%08llx", prefix, (unsigned long long)(high >> 32),
                    (unsigned long long)(low >> 32));
}

/* The default world is the same in every region, and does not depend on when a region is first
 * used: its serials are below all others. */
enum { default_world_serials = 1000 };
#define DEFAULT_SUFFIX "0a1b2c3d4e5f60718"

void state_init(struct state *state, uint64_t seed)
{
    *state = (struct state){.seed = seed, .serial = default_world_serials, .clock = {0, 0, 1}};
}

static void thing_free(struct thing *thing);

static void region_free(struct region *region)
{
    struct thing *thing;
    struct cluster *cluster;

    list_each (cluster, &region->clusters)
        cluster_free(cluster);
    list_done(&region->clusters);
    index_done(&region->named);
    logs_done(&region->logs);
    records_done(&region->records);
    attachments_done(region);
    for (int kind = 0; kind < THING_KINDS; kind++) {
        list_each (thing, &region->things[kind])
            thing_free(thing);
        list_done(&region->things[kind]);
    }
    index_done(&region->ids);
    tokens_done(&region->tokens);
    for (int zone = 0; zone < ZONES; zone++) {
        text_done(&region->zone_names[zone]);
        text_done(&region->zone_ids[zone]);
    }
    text_done(&region->name);
    free(region);
}

void state_done(struct state *state)
{
    struct region *region;
    list_each (region, &state->regions)
        region_free(region);
    list_done(&state->regions);
    conditions_done(&state->conditions);
    existing_done(&state->existing);
}

/* The default world: the same ids in every region. */
static void make_default_world(struct state *state, struct region *region)
{
    static const char *const subnets[ZONES] = {
        "subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719", "subnet-0a1b2c3d4e5f6071a",
        "subnet-0a1b2c3d4e5f6071b"};
    struct cidr block = {0xac1f0000, 16}; /* 172.31.0.0/16 */
    uint64_t serial = state->serial;

    state->serial = 0;
    struct vpc *vpc = vpc_new(state, region, block, text_of(S("vpc-" DEFAULT_SUFFIX)));
    vpc->is_default = vpc->dns_hostnames = true;
    for (unsigned zone = 0; zone < ZONES; zone++) {
        struct cidr part = {block.first + (zone << 12), 20};
        struct subnet *subnet =
            subnet_new(state, region, vpc, part, zone, text_of(str_of(subnets[zone])));
        subnet->default_for_zone = subnet->public_addresses = true;
    }
    vpc_furnish(state, region, vpc, DEFAULT_SUFFIX);
    struct gateway *gateway =
        gateway_new(state, region, THING_INTERNET_GATEWAY, text_of(S("igw-" DEFAULT_SUFFIX)));
    gateway->vpc = vpc;
    struct route *route = route_add(main_table(region, vpc), ROUTE_IPV4, S("0.0.0.0/0"));
    text_set(&route->target, gateway->thing.id);
    state->serial = serial;
}

static const char *partition_of(struct str region)
{
    if (str_starts(region, S("cn-")))
        return "aws-cn";
    if (str_starts(region, S("us-gov-")))
        return "aws-us-gov";
    return "aws";
}

/* us-west-2 gives usw2, ap-northeast-1 apne1, us-gov-west-1 usgw1. */
static void name_zones(struct region *region)
{
    struct str rest = region->name, part;
    struct buf text = buf_on_heap(256);
    bool first = true;

    while (str_next(&rest, '-', &part)) {
        bool compound = str_is(part, "northeast") || str_is(part, "southeast") ||
                        str_is(part, "northwest") || str_is(part, "southwest");
        buf_put(&text, first ? part : str_sub(part, 0, 1));
        if (compound)
            buf_putc(&text, part.ptr[5]);
        first = false;
    }
    for (int zone = 0; zone < ZONES; zone++) {
        region->zone_names[zone] = text_fmt("%.*s%c", STR(region->name), 'a' + zone);
        region->zone_ids[zone] = text_fmt("%.*s-az%d", STR(buf_str(&text)), zone + 1);
    }
    buf_done(&text);
}

struct region *state_known_region(const struct state *state, struct str name)
{
    struct region *region;
    list_each (region, &state->regions) {
        if (str_eq(region->name, name))
            return region;
    }
    return NULL;
}

struct region *state_region(struct state *state, struct str name)
{
    struct region *region = state_known_region(state, name);
    if (region != NULL)
        return region;
    region = zeroed(sizeof *region);
    region->name = text_of(name);
    region->partition = str_of(partition_of(name));
    name_zones(region);
    list_add(&state->regions, region);
    make_default_world(state, region);
    return region;
}

struct str zone_name(struct arena *arena, const struct region *region, unsigned zone)
{
    (void)arena;
    return region->zone_names[zone];
}

struct str zone_id(struct arena *arena, const struct region *region, unsigned zone)
{
    (void)arena;
    return region->zone_ids[zone];
}

void thing_add(struct state *state, struct region *region, struct thing *thing,
               enum thing_kind kind, struct str id)
{
    thing->kind = kind;
    thing->id = id;
    thing->serial = ++state->serial;
    list_add(&region->things[kind], thing);
    index_add(&region->ids, id, thing);
}

void thing_rename(struct region *region, struct thing *thing, struct str id)
{
    index_remove(&region->ids, thing->id);
    text_done(&thing->id);
    thing->id = id;
    index_add(&region->ids, id, thing);
}

struct thing *thing_find(const struct region *region, enum thing_kind kind, struct str id)
{
    struct thing *thing = index_find(&region->ids, id);
    return thing == NULL || thing->kind != kind ? NULL : thing;
}

struct rule *rule_new(struct state *state, struct region *region, struct security_group *group,
                      const struct rule *like)
{
    struct rule *rule = zeroed(sizeof *rule);
    *rule = (struct rule){.group = group,
                          .egress = like->egress,
                          .protocol = text_of(like->protocol),
                          .from_port = like->from_port,
                          .to_port = like->to_port,
                          .peer_kind = like->peer_kind,
                          .peer = text_of(like->peer),
                          .description = text_of(like->description),
                          .has_description = like->has_description};
    thing_add(state, region, &rule->thing, THING_RULE, state_new_id(state, "sgr-"));
    list_add(&group->rules, rule);
    return rule;
}

struct security_group *security_group_new(struct state *state, struct region *region,
                                          struct vpc *vpc, struct str name, struct str description,
                                          struct str id)
{
    struct security_group *group = zeroed(sizeof *group);
    struct rule out = {.egress = true,
                       .protocol = S("-1"),
                       .from_port = -1,
                       .to_port = -1,
                       .peer_kind = PEER_IPV4,
                       .peer = S("0.0.0.0/0")};
    struct rule in = out;

    thing_add(state, region, &group->thing, THING_SECURITY_GROUP, id);
    group->vpc = vpc;
    group->name = text_of(name);
    group->description = text_of(description);
    if (str_is(name, "default")) {
        in.egress = false;
        in.peer_kind = PEER_GROUP;
        in.peer = group->thing.id;
        rule_new(state, region, group, &in);
    }
    rule_new(state, region, group, &out);
    return group;
}

static void group_done(struct thing *thing)
{
    struct security_group *group = (struct security_group *)thing;
    text_done(&group->name);
    text_done(&group->description);
    list_done(&group->rules);
}

static void group_leave(struct region *region, struct thing *thing)
{
    struct security_group *group = (struct security_group *)thing;
    while (group->rules.count > 0)
        thing_remove(region, group->rules.items[group->rules.count - 1]);
}

static void rule_done(struct thing *thing)
{
    struct rule *rule = (struct rule *)thing;
    text_done(&rule->protocol);
    text_done(&rule->peer);
    text_done(&rule->description);
}

static void rule_leave(struct region *region, struct thing *thing)
{
    (void)region;
    list_remove(&((struct rule *)thing)->group->rules, thing);
}

/* For each kind: how its ids begin, its resource type, what is freed with it, what it takes along
 * when it goes. */
static const struct {
    struct str prefix;
    const char *type;
    void (*done)(struct thing *thing);
    void (*leave)(struct region *region, struct thing *thing);
} kinds[THING_KINDS] = {
    [THING_VPC] = {S_INIT("vpc-"), "vpc", vpc_done, vpc_leave},
    [THING_SUBNET] = {S_INIT("subnet-"), "subnet", subnet_done, subnet_leave},
    [THING_SECURITY_GROUP] = {S_INIT("sg-"), "security-group", group_done, group_leave},
    [THING_RULE] = {S_INIT("sgr-"), "security-group-rule", rule_done, rule_leave},
    [THING_INTERFACE] = {S_INIT("eni-"), "network-interface", interface_done, interface_leave},
    [THING_INTERNET_GATEWAY] = {S_INIT("igw-"), "internet-gateway", NULL, NULL},
    [THING_EGRESS_GATEWAY] = {S_INIT("eigw-"), "egress-only-internet-gateway", NULL, NULL},
    [THING_NAT_GATEWAY] = {S_INIT("nat-"), "natgateway", nat_gateway_done, NULL},
    [THING_ADDRESS] = {S_INIT("eipalloc-"), "elastic-ip", address_done, NULL},
    [THING_ROUTE_TABLE] = {S_INIT("rtb-"), "route-table", route_table_done, route_table_leave},
    [THING_ENDPOINT] = {S_INIT("vpce-"), "vpc-endpoint", endpoint_done, NULL},
    [THING_NETWORK_ACL] = {S_INIT("acl-"), "network-acl", NULL, NULL},
};

enum thing_kind thing_kind_of(struct str id)
{
    for (int kind = 0; kind < THING_KINDS; kind++)
        if (str_starts(id, kinds[kind].prefix))
            return (enum thing_kind)kind;
    return THING_KINDS;
}

const char *thing_type(enum thing_kind kind)
{
    return kinds[kind].type;
}

static void thing_free(struct thing *thing)
{
    text_done(&thing->id);
    tags_done(&thing->tags);
    if (kinds[thing->kind].done != NULL)
        kinds[thing->kind].done(thing);
    free(thing);
}

void thing_remove(struct region *region, struct thing *thing)
{
    if (kinds[thing->kind].leave != NULL)
        kinds[thing->kind].leave(region, thing);
    list_remove(&region->things[thing->kind], thing);
    index_remove(&region->ids, thing->id);
    thing_free(thing);
}
