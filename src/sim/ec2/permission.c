/* What a rule may say: protocols, ports, peers, descriptions. */
#include "ground/form.h"
#include "group.h"

static const struct {
    struct str number, name;
} protocols[] = {{S_INIT("6"), S_INIT("tcp")},
                 {S_INIT("17"), S_INIT("udp")},
                 {S_INIT("1"), S_INIT("icmp")},
                 {S_INIT("58"), S_INIT("icmpv6")},
                 {S_INIT("-1"), S_INIT("all")}};

static bool take_protocol(struct call *call, struct str text, struct rule *rule)
{
    int64_t number;
    struct str plain = arena_lower(call->arena, text);

    if (str_is(plain, "all") || str_is(plain, "-1")) {
        rule->protocol = S("-1");
        return true;
    }
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
        if (str_eq(plain, protocols[i].number) || str_eq(plain, protocols[i].name)) {
            rule->protocol = protocols[i].name;
            return true;
        }
    if (!str_to_int64(plain, &number) || number < 0 || number > 255)
        return call_fail(call, "InvalidParameterValue",
                         "Invalid value '%.*s' for IP protocol. Unknown protocol.", STR(text));
    rule->protocol = arena_fmt(call->arena, "%d", (int)number);
    return true;
}

static bool check_tcp(struct call *call, int64_t from, int64_t to, const char *protocol)
{
    if (from < 0 || to < 0)
        return call_fail(call, "InvalidParameterValue",
                         "Invalid value 'Must specify both from and to ports with TCP/UDP.' for "
                         "portRange.");
    if (from > 65535 || to > 65535)
        return call_fail(call, "InvalidParameterValue", "TCP/UDP port (%lld) out of range",
                         (long long)(from > to ? from : to));
    if (from > to)
        return call_fail(call, "InvalidParameterValue", "Invalid %s port range (%lld:%lld)",
                         protocol, (long long)from, (long long)to);
    return true;
}

bool rule_take_ports(struct call *call, const struct doc *from, struct rule *rule)
{
    struct str protocol = doc_get_text(from, S("IpProtocol"));
    int64_t first = -1, last = -1;

    if (protocol.len == 0)
        return call_fail(call, "MissingParameter",
                         "The request must contain the parameter ipProtocol");
    if (!take_protocol(call, protocol, rule) || !ec2_number(call, from, "FromPort", &first) ||
        !ec2_number(call, from, "ToPort", &last))
        return false;
    if (str_is(rule->protocol, "tcp") || str_is(rule->protocol, "udp")) {
        if (!check_tcp(call, first, last, str_is(rule->protocol, "tcp") ? "TCP" : "UDP"))
            return false;
    } else if (str_starts(rule->protocol, S("icmp"))) {
        if (first < -1 || first > 255 || last < -1 || last > 255)
            return call_fail(call, "InvalidParameterValue",
                             "ICMP code/type (%lld/%lld) out of range", (long long)last,
                             (long long)first);
    } else {
        first = last = -1;
    }
    rule->from_port = (int)first;
    rule->to_port = (int)last;
    return true;
}

static bool take_group(struct call *call, struct str id, struct rule *rule)
{
    struct thing *found;
    if (!ec2_find(call, THING_SECURITY_GROUP, id, &found))
        return false;
    if (((struct security_group *)found)->vpc != rule->group->vpc)
        return call_fail(call, "InvalidGroup.NotFound",
                         "You have specified two resources that belong to different networks.");
    rule->peer = found->id;
    return true;
}

bool rule_take_peer(struct call *call, enum peer_kind kind, struct str peer, struct rule *rule)
{
    struct cidr cidr;

    rule->peer_kind = kind;
    switch (kind) {
    case PEER_IPV4:
        if (!cidr_parse(peer, &cidr))
            return call_fail(call, "InvalidParameterValue", "CIDR block %.*s is malformed",
                             STR(peer));
        rule->peer = cidr_text(call->arena, cidr);
        return true;
    case PEER_IPV6:
        if (!cidr6_canonical(call->arena, peer, &rule->peer))
            return call_fail(call, "InvalidParameterValue", "CIDR block %.*s is malformed",
                             STR(peer));
        return true;
    case PEER_PREFIX_LIST:
        if (!str_starts(peer, S("pl-")))
            return call_fail(call, "InvalidPrefixListId.Malformed",
                             "Invalid id: \"%.*s\" (expecting \"pl-...\")", STR(peer));
        rule->peer = peer;
        return true;
    case PEER_GROUP:
        return take_group(call, peer, rule);
    }
    return false;
}

bool is_plain_text(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (c == 0 || (!letter && strchr(". _-:/()#,@[]+=&;{}!$*", c) == NULL))
            return false;
    }
    return text.len < 256;
}

bool rule_take_description(struct call *call, const struct doc *from, struct rule *rule)
{
    struct str text = doc_get_text(from, S("Description"));

    if (text.ptr != NULL && !is_plain_text(text))
        return call_fail(call, "InvalidParameterValue",
                         "Invalid rule description. Valid descriptions are strings less than "
                         "256 characters from the following set:  a-zA-Z0-9. "
                         "_-:/()#,@[]+=&;{}!$*");
    rule->has_description = text.ptr != NULL;
    rule->description = text;
    return true;
}

/* The parts of a permission that name peers. */
static const struct {
    const char *list, *member;
    enum peer_kind kind;
} parts[] = {{"IpRanges", "CidrIp", PEER_IPV4},
             {"Ipv6Ranges", "CidrIpv6", PEER_IPV6},
             {"PrefixListIds", "PrefixListId", PEER_PREFIX_LIST},
             {"Groups", "GroupId", PEER_GROUP}};

static bool same(const struct rule *a, const struct rule *b)
{
    return a->egress == b->egress && str_eq(a->protocol, b->protocol) &&
           a->from_port == b->from_port && a->to_port == b->to_port &&
           a->peer_kind == b->peer_kind && str_eq(a->peer, b->peer);
}

static bool rules_add(struct call *call, struct rules *rules, const struct rule *rule)
{
    for (size_t i = 0; i < rules->count; i++)
        if (same(&rules->items[i], rule))
            return call_fail(call, "InvalidParameterValue",
                             "The same permission must not appear multiple times");
    rules->items = arena_grow(call->arena, rules->items, rules->count * sizeof *rule,
                              (rules->count + 1) * sizeof *rule);
    rules->items[rules->count++] = *rule;
    return true;
}

/* A group may be named instead of its id. */
static struct str group_peer(struct call *call, const struct doc *pair, const struct vpc *vpc)
{
    const struct security_group *group;
    struct str id = doc_get_text(pair, S("GroupId")), name = doc_get_text(pair, S("GroupName"));

    if (id.len > 0)
        return id;
    list_each (group, &call->region->things[THING_SECURITY_GROUP]) {
        if (group->vpc == vpc && str_eq(group->name, name))
            return group->thing.id;
    }
    return name;
}

static bool take_permission(struct call *call, const struct doc *permission, struct rule rule,
                            struct rules *rules)
{
    size_t before = rules->count;

    if (!rule_take_ports(call, permission, &rule))
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t count;
        const struct doc **peers = form_list(call->arena, permission, parts[i].list, &count);
        for (size_t j = 0; j < count; j++) {
            struct str peer = parts[i].kind == PEER_GROUP
                                  ? group_peer(call, peers[j], rule.group->vpc)
                                  : doc_get_text(peers[j], str_of(parts[i].member));
            if (!rule_take_peer(call, parts[i].kind, peer, &rule) ||
                !rule_take_description(call, peers[j], &rule) || !rules_add(call, rules, &rule))
                return false;
        }
    }
    struct str block = doc_get_text(permission, S("CidrIp")); /* the older form */
    if (block.len > 0)
        return rule_take_peer(call, PEER_IPV4, block, &rule) && rules_add(call, rules, &rule);
    if (rules->count == before)
        return call_fail(call, "MissingParameter",
                         "The request must contain a source or a destination: IpRanges, "
                         "Ipv6Ranges, PrefixListIds or Groups");
    return true;
}

bool rules_of_call(struct call *call, struct security_group *group, bool egress,
                   struct rules *ret_rules)
{
    size_t count;
    struct rule blank = {.group = group, .egress = egress};
    const struct doc **permissions = form_list(call->arena, call->input, "IpPermissions", &count);

    *ret_rules = (struct rules){NULL, 0};
    for (size_t i = 0; i < count; i++)
        if (!take_permission(call, permissions[i], blank, ret_rules))
            return false;
    if (count == 0 && ec2_text(call, "IpProtocol").len > 0)
        return take_permission(call, call->input, blank, ret_rules);
    return true;
}

struct rule *rule_same(const struct security_group *group, const struct rule *like)
{
    struct rule *rule;
    list_each (rule, &group->rules) {
        if (same(rule, like))
            return rule;
    }
    return NULL;
}

struct str rule_text(struct arena *arena, const struct rule *rule)
{
    if (str_is(rule->protocol, "-1"))
        return arena_fmt(arena, "peer: %.*s, ALL, ALLOW", STR(rule->peer));
    return arena_fmt(arena, "peer: %.*s, %s, from port: %d, to port: %d, ALLOW", STR(rule->peer),
                     str_is(rule->protocol, "tcp")    ? "TCP"
                     : str_is(rule->protocol, "udp")  ? "UDP"
                     : str_is(rule->protocol, "icmp") ? "ICMP"
                                                      : arena_z(arena, rule->protocol),
                     rule->from_port, rule->to_port);
}
