/* The rules of an EFA security group as a model: what is wanted, what is there, which is which. */
#include "efa_security_group.h"

#include "cidr.h"

/* Rules that are there by themselves or by a switch. */
static const struct fixed_rule {
    const char *key, *attribute; /* attribute NULL: always */
    bool fallback, is_egress;
    enum sg_peer kind;
    const char *peer, *description;
} fixed_rules[] = {
    {"self_ingress", NULL, true, false, SG_GROUP, "self",
     "EFA between the nodes: all traffic from this group"},
    {"self_egress", NULL, true, true, SG_GROUP, "self",
     "EFA between the nodes: all traffic to this group"},
    {"internet_egress", "internet_egress", true, true, SG_CIDR_IPV4, "0.0.0.0/0", NULL},
    {"internet_egress_ipv6", "ipv6", false, true, SG_CIDR_IPV6, "::/0", NULL},
};

static const char https_description[] = "HTTPS from addresses of the network";

/* What clients and servers of a file system say to each other, in both directions (FSx User Guides,
 * "File system access control with Amazon VPC"). */
static const struct fsx_rule {
    const char *attribute, *protocol;
    int from_port, to_port;
    const char *description;
} fsx_rules[] = {
    {"fsx_lustre", "tcp", 988, 988, "Lustre"},
    {"fsx_lustre", "tcp", 1018, 1023, "Lustre"},
    {"fsx_openzfs", "tcp", 111, 111, "OpenZFS: port mapper"},
    {"fsx_openzfs", "udp", 111, 111, "OpenZFS: port mapper"},
    {"fsx_openzfs", "tcp", 2049, 2049, "OpenZFS: NFS"},
    {"fsx_openzfs", "udp", 2049, 2049, "OpenZFS: NFS"},
    {"fsx_openzfs", "tcp", 20001, 20003, "OpenZFS: mounts, status and locks"},
    {"fsx_openzfs", "udp", 20001, 20003, "OpenZFS: mounts, status and locks"},
};

/* IANA's numbers of the protocols that AWS calls by name. */
static const struct {
    const char *text, *canonical;
    bool has_ports;
} protocols[] = {
    {"-1", "-1", false},        {"all", "-1", false},   {"tcp", "tcp", true},   {"6", "tcp", true},
    {"udp", "udp", true},       {"17", "udp", true},    {"icmp", "icmp", true}, {"1", "icmp", true},
    {"icmpv6", "icmpv6", true}, {"58", "icmpv6", true},
};

bool sg_protocol(struct arena *arena, struct str text, struct str *ret_protocol)
{
    int64_t number;

    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
        if (str_eq_nocase(text, str_of(protocols[i].text))) {
            *ret_protocol = str_of(protocols[i].canonical);
            return true;
        }
    if (!str_to_int64(text, &number) || number < 0 || number > 255 || text.ptr[0] == '+')
        return false;
    *ret_protocol = arena_fmt(arena, "%d", (int)number);
    return sg_has_ports(*ret_protocol) ? sg_protocol(arena, *ret_protocol, ret_protocol) : true;
}

bool sg_has_ports(struct str protocol)
{
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
        if (str_eq_nocase(protocol, str_of(protocols[i].text)))
            return protocols[i].has_ports;
    return false;
}

bool sg_permission_equal(const struct sg_permission *a, const struct sg_permission *b)
{
    return a->is_egress == b->is_egress && a->kind == b->kind && a->from_port == b->from_port &&
           a->to_port == b->to_port && str_eq(a->protocol, b->protocol) && str_eq(a->peer, b->peer);
}

struct str sg_permission_text(struct arena *arena, const struct sg_permission *permission)
{
    struct str protocol = permission->protocol, ports = S("");
    const char *way = permission->is_egress ? "to" : "from";

    if (str_is(protocol, "-1"))
        protocol = S("all traffic");
    else if (sg_has_ports(protocol) && permission->from_port == permission->to_port)
        ports = arena_fmt(arena, " %lld", (long long)permission->from_port);
    else if (sg_has_ports(protocol))
        ports = arena_fmt(arena, " %lld-%lld", (long long)permission->from_port,
                          (long long)permission->to_port);
    return arena_fmt(arena, "%.*s%.*s %s %.*s", STR(protocol), STR(ports), way,
                     STR(permission->peer));
}

/* ---- What is wanted ---- */

struct wish {
    struct arena *arena;
    struct str group_id;
    struct sg_rules rules;
    size_t room;
};

static void add_rule(struct wish *wish, struct sg_rule rule)
{
    struct sg_rules *rules = &wish->rules;

    if (rules->count == wish->room) {
        size_t room = wish->room * 2 + 16;
        rules->items = arena_grow(wish->arena, rules->items, wish->room * sizeof *rules->items,
                                  room * sizeof *rules->items);
        wish->room = room;
    }
    if (!sg_has_ports(rule.permission.protocol))
        rule.permission.from_port = rule.permission.to_port = -1;
    if (rule.permission.kind == SG_GROUP && str_is(rule.permission.peer, "self") &&
        !str_empty(wish->group_id))
        rule.permission.peer = wish->group_id;
    rules->items[rules->count++] = rule;
}

static void add_fixed(struct wish *wish, const struct cty_value *object)
{
    for (size_t i = 0; i < sizeof fixed_rules / sizeof fixed_rules[0]; i++) {
        const struct fixed_rule *row = &fixed_rules[i];
        const struct cty_value *truth =
            row->attribute == NULL ? NULL : tf_value(object, row->attribute);

        if (truth != NULL && cty_is_unknown(truth)) {
            wish->rules.incomplete = true;
            continue;
        }
        if (row->attribute != NULL && !tf_bool(object, row->attribute, row->fallback))
            continue;
        struct sg_rule rule = {
            .permission = {row->is_egress, S("-1"), -1, -1, row->kind, str_of(row->peer)},
            .description = str_of(row->description),
            .key = str_of(row->key)};
        if (row->attribute != NULL)
            rule.path = cty_path_attr(wish->arena, NULL, str_of(row->attribute));
        add_rule(wish, rule);
    }
}

static enum sg_peer kind_of(struct str peer)
{
    if (str_starts(peer, S("pl-")))
        return SG_PREFIX_LIST;
    if (str_starts(peer, S("sg-")) || str_is(peer, "self"))
        return SG_GROUP;
    return str_find_char(peer, ':') == SIZE_MAX ? SG_CIDR_IPV4 : SG_CIDR_IPV6;
}

static void add_https(struct wish *wish, const struct cty_value *blocks)
{
    const struct cty_path *path = cty_path_attr(wish->arena, NULL, S("https_ingress_cidr_blocks"));

    if (blocks == NULL || cty_is_null(blocks))
        return;
    wish->rules.incomplete |= !cty_is_wholly_known(blocks);
    for (size_t i = 0; cty_is_known(blocks) && i < blocks->count; i++) {
        if (!cty_is_known(blocks->items[i]))
            continue;
        struct str block = cidr_canonical(wish->arena, blocks->items[i]->text);
        add_rule(wish,
                 (struct sg_rule){.permission = {false, S("tcp"), 443, 443, kind_of(block), block},
                                  .description = str_of(https_description),
                                  .key = arena_cat(wish->arena, S("https_ingress/"), block),
                                  .said = blocks->items[i]->text,
                                  .path = path});
    }
}

static void add_fsx_rule(struct wish *wish, const struct fsx_rule *row, bool is_egress,
                         struct str peer)
{
    struct str protocol = str_of(row->protocol), ports;

    ports = row->from_port == row->to_port
                ? arena_fmt(wish->arena, "%d", row->from_port)
                : arena_fmt(wish->arena, "%d-%d", row->from_port, row->to_port);
    struct str said = kind_of(peer) <= SG_CIDR_IPV6 ? peer : S("");
    peer = cidr_canonical(wish->arena, peer);
    add_rule(wish,
             (struct sg_rule){.permission = {is_egress, protocol, row->from_port, row->to_port,
                                             kind_of(peer), peer},
                              .description = str_of(row->description),
                              .key = arena_fmt(wish->arena, "%s_%s/%s/%.*s/%.*s", row->attribute,
                                               is_egress ? "egress" : "ingress", row->protocol,
                                               STR(ports), STR(peer)),
                              .said = said,
                              .path = cty_path_attr(wish->arena, NULL, str_of(row->attribute))});
}

/* Both directions, for each peer of one of the two sets. */
static void add_fsx_peers(struct wish *wish, const struct fsx_rule *row,
                          const struct cty_value *peers)
{
    wish->rules.incomplete |= !cty_is_wholly_known(peers);
    for (size_t i = 0; cty_is_known(peers) && i < peers->count; i++)
        for (int egress = 0; egress < 2 && cty_is_known(peers->items[i]); egress++)
            add_fsx_rule(wish, row, egress, peers->items[i]->text);
}

static void add_fsx(struct wish *wish, const struct cty_value *object)
{
    for (size_t i = 0; i < sizeof fsx_rules / sizeof fsx_rules[0]; i++) {
        const struct fsx_rule *row = &fsx_rules[i];
        const struct cty_value *peers = tf_value(object, row->attribute);

        if (peers == NULL || cty_is_null(peers))
            continue;
        if (cty_is_unknown(peers)) {
            wish->rules.incomplete = true;
            continue;
        }
        const struct cty_value *blocks = tf_value(peers, "cidr_blocks");
        const struct cty_value *groups = tf_value(peers, "security_group_ids");
        for (int egress = 0; egress < 2 && cty_is_null(blocks) && cty_is_null(groups); egress++)
            add_fsx_rule(wish, row, egress, S("self"));
        add_fsx_peers(wish, row, blocks);
        add_fsx_peers(wish, row, groups);
    }
}

static const struct {
    const char *attribute;
    enum sg_peer kind;
} peers[] = {
    {"cidr_ipv4", SG_CIDR_IPV4},
    {"cidr_ipv6", SG_CIDR_IPV6},
    {"prefix_list_id", SG_PREFIX_LIST},
    {"referenced_security_group_id", SG_GROUP},
};

static bool peer_of(struct arena *arena, const struct cty_value *object, struct sg_permission *to)
{
    for (size_t i = 0; i < sizeof peers / sizeof peers[0]; i++) {
        struct str peer = tf_str(object, peers[i].attribute);
        if (peer.ptr == NULL)
            continue;
        to->kind = peers[i].kind;
        to->peer = to->kind == SG_CIDR_IPV4 || to->kind == SG_CIDR_IPV6
                       ? cidr_canonical(arena, peer)
                       : peer;
        return true;
    }
    return false;
}

static void add_named(struct wish *wish, const struct cty_value *map, bool is_egress)
{
    const char *attribute = is_egress ? "egress_rules" : "ingress_rules";

    if (map == NULL || cty_is_null(map))
        return;
    wish->rules.incomplete |= !cty_is_wholly_known(map);
    for (size_t i = 0; cty_is_known(map) && i < map->count; i++) {
        const struct cty_value *object = map->items[i];
        struct sg_rule rule = {
            .permission.is_egress = is_egress, .says_description = true, .object = object};

        if (!cty_is_known(object) || !cty_is_wholly_known(object) ||
            !sg_protocol(wish->arena, tf_str(object, "ip_protocol"), &rule.permission.protocol) ||
            !peer_of(wish->arena, object, &rule.permission))
            continue;
        rule.permission.from_port = tf_int(object, "from_port", -1);
        rule.permission.to_port = tf_int(object, "to_port", -1);
        rule.description = tf_str(object, "description");
        rule.said =
            tf_str(object, rule.permission.kind == SG_CIDR_IPV6 ? "cidr_ipv6" : "cidr_ipv4");
        rule.key =
            arena_fmt(wish->arena, "%s/%.*s", is_egress ? "egress" : "ingress", STR(map->keys[i]));
        rule.path = cty_path_key(wish->arena, cty_path_attr(wish->arena, NULL, str_of(attribute)),
                                 map->keys[i]);
        add_rule(wish, rule);
    }
}

struct sg_rules sg_wanted(struct arena *arena, const struct cty_value *object, struct str group_id)
{
    struct wish wish = {.arena = arena, .group_id = group_id};

    add_fixed(&wish, object);
    add_https(&wish, tf_value(object, "https_ingress_cidr_blocks"));
    add_fsx(&wish, object);
    add_named(&wish, tf_value(object, "ingress_rules"), false);
    add_named(&wish, tf_value(object, "egress_rules"), true);
    return wish.rules;
}

/* ---- What is there ---- */

struct sg_permission sg_foreign(const struct cty_value *object)
{
    struct str peer = tf_str(object, "peer");
    return (struct sg_permission){tf_bool(object, "is_egress", false),
                                  tf_str(object, "ip_protocol"),
                                  tf_int(object, "from_port", -1),
                                  tf_int(object, "to_port", -1),
                                  kind_of(peer),
                                  peer};
}

struct sg_rule sg_found(struct arena *arena, const struct doc *rule)
{
    static const struct {
        const char *member;
        enum sg_peer kind;
    } places[] = {
        {"CidrIpv4", SG_CIDR_IPV4},
        {"CidrIpv6", SG_CIDR_IPV6},
        {"PrefixListId", SG_PREFIX_LIST},
        {"ReferencedGroupInfo.GroupId", SG_GROUP},
    };
    struct sg_rule found = {.id = doc_get_text(rule, S("SecurityGroupRuleId")),
                            .description = doc_get_text(rule, S("Description")),
                            .mark = sg_mark_read(rule)};
    struct sg_permission *permission = &found.permission;

    permission->from_port = permission->to_port = -1;
    permission->protocol = doc_get_text(rule, S("IpProtocol"));
    sg_protocol(arena, permission->protocol, &permission->protocol);
    doc_to_bool(doc_get(rule, S("IsEgress")), &permission->is_egress);
    if (sg_has_ports(permission->protocol)) {
        doc_to_int64(doc_get(rule, S("FromPort")), &permission->from_port);
        doc_to_int64(doc_get(rule, S("ToPort")), &permission->to_port);
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct str peer = doc_text(doc_at(rule, places[i].member));
        if (peer.len == 0)
            continue;
        permission->kind = places[i].kind;
        permission->peer = cidr_canonical(arena, peer);
    }
    if (found.description.len == 0)
        found.description = (struct str){0};
    return found;
}

void sg_match(struct sg_rules *wanted, struct sg_rules *found)
{
    for (size_t i = 0; i < found->count; i++)
        found->items[i].is_wanted = false;
    for (size_t i = 0; i < wanted->count; i++) {
        wanted->items[i].id = S("");
        for (size_t j = 0; j < found->count; j++)
            if (sg_permission_equal(&wanted->items[i].permission, &found->items[j].permission)) {
                wanted->items[i].id = found->items[j].id;
                found->items[j].is_wanted = true;
                break;
            }
    }
}

bool sg_rules_equal(const struct sg_rules *a, const struct sg_rules *b)
{
    if (a->count != b->count || a->incomplete || b->incomplete)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!str_eq(a->items[i].key, b->items[i].key) ||
            !str_eq(a->items[i].description, b->items[i].description) ||
            !sg_permission_equal(&a->items[i].permission, &b->items[i].permission))
            return false;
    return true;
}
