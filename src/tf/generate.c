/* A configuration out of a state, for objects that were imported: what a person would have written,
 * without what the provider computes or fills in by itself. */
#include "tf.h"

static const struct cty_value *pruned_objects(struct arena *arena, struct tf_rows rows,
                                              const struct cty_value *value);

static bool names(const char *words, const char *name)
{
    struct str rest = str_of(words), word;

    while (words != NULL && tf_next_word(&rest, &word))
        if (str_is(word, name))
            return true;
    return false;
}

/* Of those that exclude each other the first of the table stays, if it is one that is said. */
static bool is_excluded(const struct tf_attr *attrs, const struct tf_attr *attr,
                        const struct cty_type *type, const struct cty_value *const *kept)
{
    for (const struct tf_attr *other = attrs; other != attr; other++) {
        if (tf_absent(kept[cty_attribute_index(type, str_of(other->name))]))
            continue;
        if (attr->one_of_group != NULL && other->one_of_group != NULL &&
            strcmp(attr->one_of_group, other->one_of_group) == 0)
            return true;
        if (names(other->conflicts, attr->name) || names(attr->conflicts, other->name))
            return true;
    }
    return false;
}

static bool is_empty_text(const struct tf_attr *attr, const struct cty_value *value)
{
    return (attr->flags & TF_REQUIRED) == 0 && value->type->kind == CTY_STRING &&
           cty_is_known(value) && value->text.len == 0;
}

static bool is_left_out(struct arena *arena, const struct tf_attr *attr,
                        const struct cty_value *value)
{
    bool only_computed = (attr->flags & (TF_REQUIRED | TF_OPTIONAL)) == 0;
    bool own_id = (attr->flags & TF_COMPUTED) != 0 && str_is(S("id"), attr->name);

    if (only_computed || own_id || (attr->flags & TF_WRITE_ONLY) != 0 || attr->deprecated != NULL ||
        is_empty_text(attr, value))
        return true;
    return attr->fallback != NULL && cty_equal(value, tf_fallback(arena, attr));
}

static const struct cty_value *pruned_block(struct arena *arena, const struct tf_block *block,
                                            const struct cty_value *value)
{
    if (cty_is_null(value))
        return value;
    if (block->deprecated == NULL && !str_is(S("timeouts"), block->name))
        return pruned_objects(arena, rows_of_block(block), value);
    if (block->nesting == TF_BLOCK_SINGLE)
        return cty_null(arena, value->type);
    return block->nesting == TF_BLOCK_GROUP ? tf_blank(arena, rows_of_block(block), value->type)
                                            : cty_empty(arena, value->type);
}

static const struct cty_value *pruned(struct arena *arena, struct tf_rows rows,
                                      const struct tf_place *place)
{
    const struct cty_value *object = place->planned;
    const struct cty_value **items = tf_items(arena, object);

    each_attr(attr, rows.attrs)
    {
        ptrdiff_t at = cty_attribute_index(object->type, str_of(attr->name));
        const struct cty_type *type = tf_declared(arena, attr, object->type, at);
        if (cty_is_null(items[at]))
            continue;
        if (is_left_out(arena, attr, items[at]) ||
            is_excluded(rows.attrs, attr, object->type, items))
            items[at] = cty_null(arena, type);
        else if (attr->attrs != NULL)
            items[at] = pruned_objects(arena, rows_of_attr(attr), items[at]);
    }
    each_block(block, rows.blocks)
    {
        ptrdiff_t at = cty_attribute_index(object->type, str_of(block->name));
        items[at] = pruned_block(arena, block, items[at]);
    }
    return tf_object(arena, rows, object->type, items);
}

static const struct cty_value *pruned_objects(struct arena *arena, struct tf_rows rows,
                                              const struct cty_value *value)
{
    struct tf_place place = {.planned = value};

    if (!cty_is_known(value) || value->type->kind != CTY_SET)
        return tf_map_objects(arena, rows, &place, value, pruned);
    const struct cty_value **items = tf_items(arena, value);
    for (size_t i = 0; i < value->count; i++) {
        struct tf_place item = {.planned = items[i]};
        if (cty_is_known(items[i])) /* an odd state may hold a null */
            items[i] = pruned(arena, rows, &item);
    }
    return cty_set(arena, value->type->element, items, value->count);
}

const struct cty_value *tf_generate_config(struct tf_server *server, struct tf_rpc *rpc,
                                           const struct tf_offer *offer,
                                           const struct cty_value *state)
{
    struct tf_call call = tf_call_new(server, rpc, offer);
    size_t before = rpc->diags.errors;

    if (tf_absent(state)) {
        diag_error(&rpc->diags, NULL, "No state to make a configuration of",
                   "The client sent no state of %s, as Terraform 1.14.0 does by mistake. Use a "
                   "newer one.",
                   offer->name);
        return NULL;
    }
    if (!tf_has_room(rpc, offer) || !tf_is_object(rpc, offer, state))
        return NULL;
    call.provider = tf_provider_of(server, rpc);
    call.prior = state;
    call.state = pruned_objects(rpc->arena, rows_of_offer(offer), state);
    if (offer->resource->generate != NULL && !offer->resource->generate(&call))
        tf_explain_failure(&call, before, "The making of a configuration");
    if (rpc->diags.errors > before)
        return NULL;
    if (!cty_conforms(call.state, offer->type)) {
        diag_bug(&rpc->diags, NULL, "The configuration that was made for %s is none of its type.",
                 offer->name);
        return NULL;
    }
    return call.state;
}
