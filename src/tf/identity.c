/* Identities: made of the object they name, never changed. */
#include "tf.h"

static const struct tf_identity *identity_of(const struct tf_offer *offer)
{
    return offer->resource == NULL ? NULL : offer->resource->identity;
}

static const struct cty_value *member_of(struct arena *arena, const struct tf_offer *offer,
                                         const struct cty_value *object,
                                         const struct cty_attribute *attribute)
{
    const struct tf_identity *identity = identity_of(offer);
    const struct cty_value *value = cty_get(object, attribute->name);

    if (value == NULL && identity->member != NULL)
        value = identity->member(arena, object, attribute->name);
    if (value == NULL || !cty_conforms(value, attribute->type))
        return cty_null(arena, attribute->type);
    return value;
}

bool tf_identity_is_whole(struct tf_call *call, const struct cty_value *identity)
{
    if (identity == NULL)
        return true;
    each_attr(attr, identity_of(call->offer)->attrs)
    {
        if ((attr->flags & TF_REQUIRED) != 0 && tf_absent(tf_value(identity, attr->name)))
            return diag_bug(call->diags, NULL, "An object of %s has an identity without its %s.",
                            call->offer->name, attr->name);
    }
    return true;
}

const struct cty_value *tf_identity_of(struct arena *arena, const struct tf_offer *offer,
                                       const struct cty_value *object)
{
    const struct cty_type *type = offer->identity_type;

    if (type == NULL || !cty_is_known(object))
        return NULL;
    const struct cty_value **items = arena_array(arena, const struct cty_value *, type->count);
    for (size_t i = 0; i < type->count; i++)
        items[i] = member_of(arena, offer, object, &type->attributes[i]);
    return cty_object(arena, type, items);
}

/* One member, of which the object says one thing, and what was known before another. */
static const struct cty_value *settled(struct tf_call *call, struct str name,
                                       const struct cty_value *now, const struct cty_value *before)
{
    struct arena *arena = call->arena;

    if (tf_absent(before) || !cty_is_wholly_known(before))
        return cty_unknown_to_null(arena, now);
    if (!cty_is_null(now) && cty_is_wholly_known(now) && !cty_equal(now, before))
        diag_bug(call->diags, NULL,
                 "The identity of this %s changed: its %.*s was %.*s, and is %.*s now. An identity "
                 "stays as it is for the life of the object.",
                 call->offer->name, STR(name), STR(cty_show(arena, before)),
                 STR(cty_show(arena, now)));
    return before;
}

const struct cty_value *tf_identity_settled(struct tf_call *call, const struct cty_value *object,
                                            const struct cty_value *before)
{
    const struct cty_value *now = tf_identity_of(call->arena, call->offer, object);
    if (now == NULL)
        return NULL;
    const struct cty_value **items = tf_items(call->arena, now);
    for (size_t i = 0; i < now->count; i++) {
        struct str name = now->type->attributes[i].name;
        items[i] = settled(call, name, items[i], before == NULL ? NULL : cty_get(before, name));
    }
    return cty_object(call->arena, now->type, items);
}

const struct cty_value *tf_upgrade_identity(struct tf_server *server, struct tf_rpc *rpc,
                                            const struct tf_offer *offer, int64_t version,
                                            struct str json)
{
    const struct tf_identity *identity = identity_of(offer);
    struct tf_call call = tf_call_new(server, rpc, offer);

    if (identity == NULL) {
        diag_error(&rpc->diags, NULL, "Unknown identity",
                   "%s has no identity in this version of the provider.", offer->name);
        return NULL;
    }
    if (str_empty(str_trim(json)))
        return NULL;
    struct tf_steps steps = {"identity", version, identity->version, identity->upgrade};
    json = tf_bring_up(&call, &steps, json);
    return json.ptr == NULL ? NULL : tf_from_json(&call, "identity", offer->identity_type, json);
}
