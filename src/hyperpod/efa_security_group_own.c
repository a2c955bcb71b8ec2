/* Which rules are ours. Of a group that the resource has made: all that rule_ids shows, and those
 * left over. Of an adopted group: only those that the resource has added itself, which it remembers
 * and which bear its mark. */
#include "efa_security_group.h"

bool sg_is_adopted(const struct cty_value *object)
{
    const struct cty_value *existing = tf_value(object, "existing_security_group_id");
    return existing != NULL && !cty_is_null(existing);
}

struct sg_own sg_own_from(const struct tf_call *call, const struct cty_value *object)
{
    return (struct sg_own){tf_value(object, "rule_ids"), tf_private_get(call, "strays"),
                           sg_is_adopted(object), tf_private_get(call, "added"),
                           tf_str(object, "adoption_mark")};
}

struct sg_own sg_own_of(const struct tf_call *call)
{
    return sg_own_from(call, call->prior != NULL ? call->prior : call->state);
}

void sg_remember(struct tf_call *call, const char *key, struct str value)
{
    tf_private_set(call, key, value.len > SG_REMEMBERED_MAX ? (struct str){0} : value);
}

bool sg_ids_have(struct str ids, struct str id)
{
    struct str one;

    while (ids.len > 0 && str_next(&ids, ',', &one))
        if (str_eq(one, id))
            return true;
    return false;
}

struct str sg_ids_with(struct arena *arena, struct str ids, struct str id)
{
    if (id.len == 0 || sg_ids_have(ids, id))
        return ids;
    return ids.len == 0 ? id : arena_fmt(arena, "%.*s,%.*s", STR(ids), STR(id));
}

static bool shows(const struct sg_own *own, struct str id)
{
    for (size_t i = 0; own->ids != NULL && cty_is_known(own->ids) && i < own->ids->count; i++)
        if (cty_is_known(own->ids->items[i]) && str_eq(own->ids->items[i]->text, id))
            return true;
    return false;
}

bool sg_own_has(const struct sg_own *own, struct str id)
{
    if (own->is_adopted)
        return sg_ids_have(own->added, id);
    return shows(own, id) || sg_ids_have(own->strays, id);
}

struct str sg_own_id(const struct sg_own *own, struct str key)
{
    const struct cty_value *id =
        own->ids == NULL || !cty_is_known(own->ids) ? NULL : cty_lookup(own->ids, key);
    return id == NULL || !cty_is_known(id) ? S("") : id->text;
}

struct str sg_own_list(struct arena *arena, const struct sg_own *own)
{
    struct str list = own->strays;

    if (own->is_adopted)
        return own->added;
    for (size_t i = 0; own->ids != NULL && cty_is_known(own->ids) && i < own->ids->count; i++)
        if (cty_is_known(own->ids->items[i]))
            list = sg_ids_with(arena, list, own->ids->items[i]->text);
    return list;
}
