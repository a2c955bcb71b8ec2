/* After a verb that kept its word only in part: a state that can be saved all the same. */
#include "tf.h"

static const struct cty_value *settled(struct arena *arena, const struct cty_type *type,
                                       const struct cty_value *value)
{
    if (value == NULL || !cty_conforms(value, type))
        return cty_null(arena, type);
    return cty_unknown_to_null(arena, value);
}

/* The promise of an unknown is not kept here: the value is what it is. */
const struct cty_value *tf_repair(struct arena *arena, const struct cty_type *type,
                                  const struct cty_value *planned, const struct cty_value *actual)
{
    if (cty_is_wholly_known(planned))
        return planned;
    if (cty_is_unknown(planned))
        return settled(arena, type, actual);
    /* Elements of sets have no counterparts; what stands in a dynamic has no declared shape. */
    if (type->kind != CTY_OBJECT && type->kind != CTY_LIST && type->kind != CTY_MAP)
        return settled(arena, type, actual == NULL || !cty_is_known(actual) ? planned : actual);

    const struct cty_value **items = tf_items(arena, planned);
    for (size_t i = 0; i < planned->count; i++) {
        const struct cty_value *other = NULL;
        bool is_object = type->kind == CTY_OBJECT;
        if (!is_object)
            other = tf_counterpart(actual, planned, i);
        else if (actual != NULL && cty_is_known(actual) && actual->type->kind == CTY_OBJECT)
            other = cty_get(actual, type->attributes[i].name);
        items[i] =
            tf_repair(arena, is_object ? type->attributes[i].type : type->element, items[i], other);
    }
    if (type->kind == CTY_OBJECT)
        return cty_object(arena, type, items);
    if (type->kind == CTY_MAP)
        return cty_map(arena, type->element, planned->keys, items, planned->count);
    return cty_list(arena, type->element, items, planned->count);
}
