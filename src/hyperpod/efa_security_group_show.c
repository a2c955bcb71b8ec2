/* The rules of a group as the state shows them: which are ours, which are others', and what they
 * make of the attributes. */
#include "efa_security_group.h"

#include "cidr.h"

#include <stdlib.h>

/* ---- The rules of others ---- */

static int by_id(const void *a, const void *b)
{
    const struct sg_rule *const *x = a, *const *y = b;
    return str_cmp((*x)->id, (*y)->id);
}

static const struct cty_value *text_or_null(struct arena *arena, struct str text)
{
    return text.len == 0 ? cty_null(arena, &cty_string) : cty_str(arena, text);
}

static const struct cty_value *port_or_null(struct arena *arena, const struct sg_rule *rule,
                                            int64_t port)
{
    return sg_has_ports(rule->permission.protocol) ? cty_int(arena, port)
                                                   : cty_null(arena, &cty_number);
}

/* An object of that type with the named members set and all others null. */
struct member {
    const char *name;
    const struct cty_value *value;
};

static const struct cty_value *object_of(struct arena *arena, const struct cty_type *type,
                                         const struct member *members)
{
    const struct cty_value **items = arena_array(arena, const struct cty_value *, type->count);

    for (size_t i = 0; i < type->count; i++) {
        items[i] = cty_null(arena, type->attributes[i].type);
        for (const struct member *member = members; member->name != NULL; member++)
            if (str_is(type->attributes[i].name, member->name))
                items[i] = member->value;
    }
    return cty_object(arena, type, items);
}

static const struct cty_value *foreign_object(struct arena *arena, const struct cty_type *type,
                                              const struct sg_rule *rule)
{
    const struct sg_permission *what = &rule->permission;
    const struct member members[] = {
        {"security_group_rule_id", cty_str(arena, rule->id)},
        {"is_egress", cty_truth(arena, what->is_egress)},
        {"ip_protocol", cty_str(arena, what->protocol)},
        {"from_port", port_or_null(arena, rule, what->from_port)},
        {"to_port", port_or_null(arena, rule, what->to_port)},
        {"peer", text_or_null(arena, what->peer)},
        {"description", text_or_null(arena, rule->description)},
        {0},
    };
    return object_of(arena, type, members);
}

static void show_foreign(struct tf_call *call, const struct sg_rules *found)
{
    const struct cty_type *list = tf_value(call->state, "foreign_rules")->type;
    const struct sg_rule **rules = arena_array(call->arena, const struct sg_rule *, found->count);
    const struct cty_value **items =
        arena_array(call->arena, const struct cty_value *, found->count);
    size_t count = 0;

    for (size_t i = 0; i < found->count; i++)
        if (!found->items[i].is_wanted)
            rules[count++] = &found->items[i];
    qsort(rules, count, sizeof *rules, by_id);
    for (size_t i = 0; i < count; i++)
        items[i] = foreign_object(call->arena, list->element, rules[i]);
    tf_set(call, "foreign_rules", cty_list(call->arena, list->element, items, count));
}

/* ---- Our rules ---- */

static struct sg_rule *unclaimed(struct sg_rules *found, struct str id)
{
    for (size_t i = 0; i < found->count && !str_empty(id); i++)
        if (!found->items[i].is_wanted && str_eq(found->items[i].id, id))
            return &found->items[i];
    return NULL;
}

/* A named rule that someone has edited is still known by its id: the attribute shows what it is
 * now. */
static const struct cty_value *edited_object(struct arena *arena, const struct cty_type *type,
                                             const struct sg_rule *rule)
{
    static const char *const peers[] = {
        [SG_CIDR_IPV4] = "cidr_ipv4",
        [SG_CIDR_IPV6] = "cidr_ipv6",
        [SG_PREFIX_LIST] = "prefix_list_id",
        [SG_GROUP] = "referenced_security_group_id",
    };
    const struct member members[] = {
        {"ip_protocol", cty_str(arena, rule->permission.protocol)},
        {"from_port", port_or_null(arena, rule, rule->permission.from_port)},
        {"to_port", port_or_null(arena, rule, rule->permission.to_port)},
        {peers[rule->permission.kind], cty_str(arena, rule->permission.peer)},
        {"description", text_or_null(arena, rule->description)},
        {0},
    };
    return object_of(arena, type, members);
}

/* With the description that the rule has. That of an adopted group's own rule is its owner's: then
 * as it is said. */
static const struct cty_value *described(struct tf_call *call, const struct sg_rule *rule,
                                         const struct sg_rules *found, const struct sg_own *own)
{
    if (own->is_adopted && !sg_own_has(own, rule->id))
        return rule->object;
    for (size_t i = 0; i < found->count; i++)
        if (str_eq(found->items[i].id, rule->id) &&
            !str_eq(found->items[i].description, rule->description))
            return cty_with(call->arena, rule->object, S("description"),
                            text_or_null(call->arena, found->items[i].description));
    return rule->object;
}

static void show_named(struct tf_call *call, const char *attribute, struct sg_rules *wanted,
                       struct sg_rules *found, const struct sg_own *own)
{
    const struct cty_value *map = tf_value(call->state, attribute);
    bool is_egress = str_is(str_of(attribute), "egress_rules");
    size_t count = 0, skip = strlen(is_egress ? "egress/" : "ingress/");
    struct str *keys = arena_array(call->arena, struct str, wanted->count);
    const struct cty_value **items =
        arena_array(call->arena, const struct cty_value *, wanted->count);

    if (!cty_is_known(map))
        return;
    for (size_t i = 0; i < wanted->count; i++) {
        struct sg_rule *rule = &wanted->items[i], *edited;
        if (rule->object == NULL || rule->permission.is_egress != is_egress)
            continue;
        keys[count] = str_from(rule->key, skip);
        if (!str_empty(rule->id))
            items[count++] = described(call, rule, found, own);
        else if ((edited = unclaimed(found, sg_own_id(own, rule->key))) != NULL &&
                 edited->permission.is_egress == is_egress && sg_own_has(own, edited->id)) {
            items[count++] = edited_object(call->arena, map->type->element, edited);
            edited->is_wanted = true;
            rule->id = edited->id;
        }
    }
    tf_set(call, attribute, cty_map(call->arena, map->type->element, keys, items, count));
}

static const struct sg_rule *with_key(const struct sg_rules *rules, const char *key)
{
    for (size_t i = 0; i < rules->count; i++)
        if (str_is(rules->items[i].key, key) && !str_empty(rules->items[i].id))
            return &rules->items[i];
    return NULL;
}

static void show_https(struct tf_call *call, const struct sg_rules *wanted)
{
    const struct cty_value *blocks = tf_value(call->state, "https_ingress_cidr_blocks");
    const struct cty_value **items;
    size_t count = 0;

    if (!cty_is_known(blocks))
        return;
    items = arena_array(call->arena, const struct cty_value *, blocks->count);
    for (size_t i = 0; i < blocks->count; i++) {
        struct str block = cidr_canonical(call->arena, blocks->items[i]->text);
        if (with_key(wanted, arena_fmt(call->arena, "https_ingress/%.*s", STR(block)).ptr) != NULL)
            items[count++] = blocks->items[i];
    }
    tf_set(call, "https_ingress_cidr_blocks", cty_set(call->arena, &cty_string, items, count));
}

static void show_ids(struct tf_call *call, const struct sg_rules *wanted)
{
    struct str *keys = arena_array(call->arena, struct str, wanted->count);
    const struct cty_value **ids =
        arena_array(call->arena, const struct cty_value *, wanted->count);
    size_t count = 0;

    for (size_t i = 0; i < wanted->count; i++)
        if (!str_empty(wanted->items[i].id)) {
            keys[count] = wanted->items[i].key;
            ids[count++] = cty_str(call->arena, wanted->items[i].id);
        }
    tf_set(call, "rule_ids", cty_map(call->arena, &cty_string, keys, ids, count));
}

/* Ours that no key shows: the next update takes them away. */
static void keep_strays(struct tf_call *call, const struct sg_rules *found,
                        const struct sg_own *own)
{
    struct str strays = {0};

    for (size_t i = 0; i < found->count; i++)
        if (!found->items[i].is_wanted && sg_own_has(own, found->items[i].id))
            strays = sg_ids_with(call->arena, strays, found->items[i].id);
    sg_remember(call, "strays", strays);
}

void sg_show(struct tf_call *call, struct sg_rules *wanted, struct sg_rules *found, bool attributes)
{
    struct sg_own own = sg_own_of(call);

    sg_mark_claim(call->arena, &own, found);
    sg_match(wanted, found);
    if (attributes) {
        tf_set_bool(call, "internet_egress", with_key(wanted, "internet_egress") != NULL);
        tf_set_bool(call, "ipv6", with_key(wanted, "internet_egress_ipv6") != NULL);
        show_https(call, wanted);
        show_named(call, "ingress_rules", wanted, found, &own);
        show_named(call, "egress_rules", wanted, found, &own);
    }
    keep_strays(call, found, &own);
    show_ids(call, wanted);
    show_foreign(call, found);
}

/* ---- Import ---- */

static bool has_internet(const struct sg_rules *found, const char *block)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct sg_permission *what = &found->items[i].permission;
        if (what->is_egress && str_is(what->protocol, "-1") && str_is(what->peer, block))
            return true;
    }
    return false;
}

void sg_recognise(struct tf_call *call, const struct sg_rules *found)
{
    const struct cty_value **blocks =
        arena_array(call->arena, const struct cty_value *, found->count);
    size_t count = 0, ingress = 0;

    for (size_t i = 0; i < found->count; i++) {
        const struct sg_permission *what = &found->items[i].permission;
        ingress += !what->is_egress;
        if (!what->is_egress && str_is(what->protocol, "tcp") && what->from_port == 443 &&
            what->to_port == 443 && (what->kind == SG_CIDR_IPV4 || what->kind == SG_CIDR_IPV6))
            blocks[count++] = cty_str(call->arena, what->peer);
    }
    /* Without any, an apply was cut off before it came to them: the next one decides. */
    if (ingress > 0 || sg_is_adopted(call->state))
        tf_set(call, "https_ingress_cidr_blocks", cty_set(call->arena, &cty_string, blocks, count));
    tf_set_bool(call, "internet_egress", has_internet(found, "0.0.0.0/0"));
    tf_set_bool(call, "ipv6", has_internet(found, "::/0"));
}
