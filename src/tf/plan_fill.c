/* The first passes of a plan: what the configuration, the prior state and the tables say (fill),
 * and then what nobody can know before apply (mark). */
#include "tf.h"

static bool is_configured(const struct tf_attr *attr, const struct tf_place *place)
{
    bool can_be = (attr->flags & (TF_COMPUTED | TF_OPTIONAL)) != TF_COMPUTED;
    return can_be && !tf_absent(place->config);
}

/* The prior value, when the configuration writes the same thing differently. */
static bool keeps_prior(const struct tf_attr *attr, const struct tf_place *place)
{
    return attr->same != NULL && !tf_absent(place->prior) && cty_is_wholly_known(place->config) &&
           attr->same(place->prior, place->config);
}

static const struct cty_value *fill_unconfigured(struct arena *arena, const struct tf_attr *attr,
                                                 const struct tf_place *place,
                                                 const struct cty_type *type)
{
    if (attr->fallback != NULL)
        return tf_fallback(arena, attr);
    if ((attr->flags & TF_COMPUTED) == 0) /* core compares the type of a null too */
        return attr->kind == TF_DYNAMIC && place->config != NULL ? place->config
                                                                 : cty_null(arena, type);
    /* What core proposes is the prior value, or null where it saw that it no longer fits. */
    const struct cty_value *kept =
        (attr->flags & TF_OPTIONAL) != 0 && place->planned != NULL ? place->planned : place->prior;
    return kept != NULL ? kept : cty_null(arena, type);
}

static const struct cty_value *fill_attr(struct arena *arena, const struct tf_attr *attr,
                                         const struct tf_place *place, const struct cty_type *type)
{
    if ((attr->flags & TF_WRITE_ONLY) != 0)
        return cty_null(arena, type);
    if (!is_configured(attr, place))
        return fill_unconfigured(arena, attr, place, type);
    if (keeps_prior(attr, place))
        return place->prior;
    if (attr->attrs == NULL)
        return place->config;
    return tf_map_objects(arena, rows_of_attr(attr), place, place->config, tf_plan_fill);
}

static const struct cty_value *fill_block(struct arena *arena, const struct tf_block *block,
                                          const struct tf_place *place, const struct cty_type *type)
{
    const struct cty_value *config = place->config;

    if (!tf_absent(config))
        return tf_map_objects(arena, rows_of_block(block), place, config, tf_plan_fill);
    if (block->nesting == TF_BLOCK_SINGLE)
        return cty_null(arena, type);
    if (block->nesting == TF_BLOCK_GROUP)
        return tf_blank(arena, rows_of_block(block), type);
    return cty_empty(arena, type);
}

const struct cty_value *tf_plan_fill(struct arena *arena, struct tf_rows rows,
                                     const struct tf_place *place)
{
    const struct cty_type *type = place->config->type;
    const struct cty_value **items = tf_items(arena, place->config);

    each_attr(attr, rows.attrs)
    {
        ptrdiff_t at = cty_attribute_index(type, str_of(attr->name));
        struct tf_place member = tf_place_member(arena, place, attr->name);
        items[at] = fill_attr(arena, attr, &member, tf_declared(arena, attr, type, at));
    }
    each_block(block, rows.blocks)
    {
        ptrdiff_t at = cty_attribute_index(type, str_of(block->name));
        struct tf_place member = tf_place_member(arena, place, block->name);
        items[at] = fill_block(arena, block, &member, type->attributes[at].type);
    }
    return tf_object(arena, rows, type, items);
}

static const struct cty_value *mark_attr(struct arena *arena, const struct tf_attr *attr,
                                         const struct tf_place *place, const struct cty_type *type)
{
    const struct cty_value *planned = place->planned;

    if ((attr->flags & TF_WRITE_ONLY) != 0)
        return planned;
    if (!is_configured(attr, place)) {
        bool keeps = (attr->flags & TF_STABLE) != 0 && place->prior != NULL;
        if ((attr->flags & TF_COMPUTED) == 0 || attr->fallback != NULL || keeps)
            return planned;
        return cty_unknown(arena, type);
    }
    if (attr->attrs == NULL || keeps_prior(attr, place))
        return planned;
    return tf_map_objects(arena, rows_of_attr(attr), place, planned, tf_plan_mark);
}

const struct cty_value *tf_plan_mark(struct arena *arena, struct tf_rows rows,
                                     const struct tf_place *place)
{
    const struct cty_type *type = place->planned->type;
    const struct cty_value **items = tf_items(arena, place->planned);

    each_attr(attr, rows.attrs)
    {
        ptrdiff_t at = cty_attribute_index(type, str_of(attr->name));
        struct tf_place member = tf_place_member(arena, place, attr->name);
        items[at] = mark_attr(arena, attr, &member, tf_declared(arena, attr, type, at));
    }
    each_block(block, rows.blocks)
    {
        ptrdiff_t at = cty_attribute_index(type, str_of(block->name));
        struct tf_place member = tf_place_member(arena, place, block->name);
        items[at] = tf_map_objects(arena, rows_of_block(block), &member, items[at], tf_plan_mark);
    }
    return tf_object(arena, rows, type, items);
}
