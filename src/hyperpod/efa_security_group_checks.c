/* What a configuration of an EFA security group may say, told at plan instead of by AWS half-way
 * through an apply. */
#include "efa_security_group.h"

#include "cidr.h"

enum { most_ports = 65535, most_icmp = 255 };

/* AWS's set for names and descriptions of groups, and for those of rules (EC2 API Reference,
 * CreateSecurityGroup, IpRange). */
const char sg_text_pattern[] = "[a-zA-Z0-9 ._\\-:/()#,@\\[\\]+=&;{}!$*]*";
const char sg_text_words[] = "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*";

bool sg_check_name(struct tf_check *check, const struct cty_value *name)
{
    struct str text = name->text;

    if (str_starts(text, S("sg-")))
        return diag_error(check->diags, check->path, "Invalid name",
                          "A security group's name cannot begin with \"sg-\", as ids do.");
    if (str_eq_nocase(text, S("default")))
        return diag_error(
            check->diags, check->path, "Reserved name",
            "\"default\" is the name of the group that AWS makes for each VPC, and no "
            "other can have it. Choose another name; to add rules to the VPC's own "
            "group, adopt it with existing_security_group_id.");
    if (!str_eq(text, str_trim(text)))
        return diag_error(check->diags, check->path, "Invalid name",
                          "AWS cuts spaces off the ends of a name: write \"%.*s\".",
                          STR(str_trim(text)));
    return true;
}

bool sg_check_prefix(struct tf_check *check, const struct cty_value *prefix)
{
    if (str_starts(prefix->text, S("sg-")))
        return diag_error(check->diags, check->path, "Invalid name",
                          "A security group's name cannot begin with \"sg-\", as ids do.");
    return true;
}

bool sg_check_https(struct tf_check *check, const struct cty_value *blocks)
{
    bool good = true;

    for (size_t i = 0; i < blocks->count; i++) {
        struct cidr cidr;
        struct str why;
        if (cty_is_known(blocks->items[i]) &&
            !cidr_from(check->arena, blocks->items[i]->text, &cidr, &why))
            good = diag_error(check->diags, check->path, "Invalid CIDR block", "%.*s", STR(why));
    }
    return good;
}

static bool check_family(struct tf_check *check, const struct cty_value *block,
                         enum cidr_family family)
{
    struct cidr cidr;
    struct str why;

    if (!cidr_from(check->arena, block->text, &cidr, &why))
        return diag_error(check->diags, check->path, "Invalid CIDR block", "%.*s", STR(why));
    if (cidr.family != family)
        return diag_error(check->diags, check->path, "Invalid CIDR block",
                          "\"%.*s\" is an IPv%d block: it belongs in cidr_ipv%d.", STR(block->text),
                          cidr.family, cidr.family);
    return true;
}

static bool check_ipv4(struct tf_check *check, const struct cty_value *block)
{
    return check_family(check, block, CIDR_IPV4);
}

static bool check_ipv6(struct tf_check *check, const struct cty_value *block)
{
    return check_family(check, block, CIDR_IPV6);
}

static const struct cty_path *sibling(struct tf_check *check, const char *name)
{
    const struct cty_path *parent = check->path == NULL ? NULL : check->path->parent;
    return cty_path_attr(check->arena, parent, str_of(name));
}

static bool is_null(const struct cty_value *value)
{
    return value != NULL && cty_is_null(value);
}

/* Ports are looked at where the protocol is: only there is it known which have a meaning. */
static bool check_ports(struct tf_check *check, struct str protocol)
{
    static const char *const names[] = {"from_port", "to_port"};
    bool is_icmp = str_starts(protocol, S("icmp")), good = true;
    int64_t least = is_icmp ? -1 : 0, most = is_icmp ? most_icmp : most_ports;

    for (size_t i = 0; i < 2; i++) {
        const struct cty_value *port = tf_value(check->parent, names[i]);
        int64_t number = tf_int(check->parent, names[i], least);

        if (is_null(port) && sg_has_ports(protocol) && !is_icmp)
            return diag_error(check->diags, sibling(check, names[i]), "Missing port",
                              "A rule for %.*s needs from_port and to_port; for all ports they "
                              "are 0 and 65535.",
                              STR(protocol));
        if (port == NULL || !cty_is_known(port))
            continue;
        if (!sg_has_ports(protocol) && number != -1)
            good = diag_error(check->diags, sibling(check, names[i]), "Port without meaning",
                              "With protocol \"%.*s\" AWS permits all ports: leave out from_port "
                              "and to_port, or name tcp or udp.",
                              STR(protocol));
        else if (sg_has_ports(protocol) && (number < least || number > most))
            good = diag_error(check->diags, sibling(check, names[i]), "Invalid port",
                              "%s of a rule for %.*s is %lld to %lld, not %lld.",
                              is_icmp ? "The ICMP type or code" : "The port", STR(protocol),
                              (long long)least, (long long)most, (long long)number);
    }
    return good;
}

static bool check_protocol(struct tf_check *check, const struct cty_value *value)
{
    struct str protocol;

    if (!sg_protocol(check->arena, value->text, &protocol))
        return diag_error(check->diags, check->path, "Unknown protocol",
                          "\"%.*s\" is not a protocol. Write tcp, udp, icmp, icmpv6, all, or a "
                          "number from 0 to 255.",
                          STR(value->text));
    if (!check_ports(check, protocol))
        return false;

    int64_t from = tf_int(check->parent, "from_port", -1);
    if (!str_starts(protocol, S("icmp")) && tf_is_set(check->parent, "to_port") &&
        from > tf_int(check->parent, "to_port", most_ports))
        return diag_error(check->diags, sibling(check, "from_port"), "Ports in the wrong order",
                          "from_port is %lld and to_port %lld; the lower one comes first.",
                          (long long)from, (long long)tf_int(check->parent, "to_port", -1));
    return true;
}

static bool same_protocol(const struct cty_value *a, const struct cty_value *b)
{
    struct arena *arena = arena_new(4096);
    struct str x, y;
    bool same = a->text.len < 64 && b->text.len < 64 && sg_protocol(arena, a->text, &x) &&
                sg_protocol(arena, b->text, &y) && str_eq(x, y);
    arena_free(arena);
    return same;
}

const struct tf_attr sg_rule_rows[] = {
    {"ip_protocol", TF_STRING, .flags = TF_REQUIRED, .check = check_protocol, .same = same_protocol,
     .doc = "`tcp`, `udp`, `icmp`, `icmpv6`, `all` (or `-1`), or the number of a protocol."},
    {"from_port", TF_INT, .flags = TF_OPTIONAL,
     .doc = "First port; for ICMP the type, -1 for all. Required for TCP and UDP."},
    {"to_port", TF_INT, .flags = TF_OPTIONAL,
     .doc = "Last port; for ICMP the code, -1 for all. Required for TCP and UDP."},
    {"cidr_ipv4", TF_STRING, .flags = TF_OPTIONAL, .one_of_group = "peer", .check = check_ipv4,
     .doc = "The other side: an IPv4 block."},
    {"cidr_ipv6", TF_STRING, .flags = TF_OPTIONAL, .one_of_group = "peer", .check = check_ipv6,
     .doc = "The other side: an IPv6 block."},
    {"prefix_list_id", TF_STRING, .flags = TF_OPTIONAL, .one_of_group = "peer",
     .pattern = "pl-[0-9a-f]+", .pattern_text = "a prefix list's id, as in \"pl-0a1b2c3d\"",
     .doc = "The other side: a prefix list."},
    {"referenced_security_group_id", TF_STRING, .flags = TF_OPTIONAL, .one_of_group = "peer",
     .pattern = "self|sg-[0-9a-f]+",
     .pattern_text = "a security group's id, as in \"sg-0a1b2c3d4e5f60718\", or \"self\"",
     .doc = "The other side: a security group, or `self` for this one."},
    {"description", TF_STRING, .flags = TF_OPTIONAL, .pattern = sg_text_pattern,
     .pattern_text = sg_text_words, .min_len = 1, .max_len = 255,
     .doc = "Description of the rule."},
    {0},
};

const struct tf_attr sg_peer_rows[] = {
    {"cidr_blocks", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .check = sg_check_https,
     .doc = "Blocks, IPv4 or IPv6, in which the file system is."},
    {"security_group_ids", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .pattern = "self|sg-[0-9a-f]+",
     .pattern_text = "a security group's id, as in \"sg-0a1b2c3d4e5f60718\", or \"self\"",
     .doc = "Security groups of the file system; `self` is this one."},
    {0},
};

/* ---- All rules together ---- */

/* One block written in two ways: whoever looks for it must know which two. */
static struct str spellings(struct arena *arena, const struct sg_rule *rule,
                            const struct sg_rule *other)
{
    if (str_empty(rule->said) || str_empty(other->said) || str_eq(rule->said, other->said))
        return S("");
    return arena_fmt(arena, " (\"%.*s\" and \"%.*s\" are one block)", STR(other->said),
                     STR(rule->said));
}

static bool check_twice(struct tf_call *call, const struct sg_rules *rules)
{
    bool good = true;

    for (size_t i = 0; i < rules->count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct sg_rule *rule = &rules->items[i], *other = &rules->items[j];
            if (!sg_permission_equal(&rule->permission, &other->permission))
                continue;
            struct str text = sg_permission_text(call->arena, &rule->permission);
            struct str mine = str_empty(rule->key) ? S("it") : rule->key;
            good = diag_error(call->diags, rule->path, "The same rule twice",
                              "%.*s and %.*s both permit %.*s%.*s, and AWS keeps one rule for it "
                              "(InvalidPermission.Duplicate). Remove one of them.",
                              STR(mine), STR(other->key), STR(text),
                              STR(spellings(call->arena, rule, other)));
            break;
        }
    return good;
}

bool sg_check_rules(struct tf_call *call, const struct cty_value *object, struct str group_id)
{
    struct sg_rules rules = sg_wanted(call->arena, object, group_id);
    bool good = check_twice(call, &rules);

    return sg_check_count(call, object, group_id, &(struct sg_count){0}) && good;
}
