#include "inside.h"

const struct cty_value *cty_unknown_to_null(struct arena *arena, const struct cty_value *value)
{
    if (value->state == CTY_UNKNOWN)
        return cty_null(arena, value->type);
    if (cty_is_wholly_known(value))
        return value;
    struct cty_value *copy = cty_make(arena, value->type, CTY_KNOWN);
    const struct cty_value **items = arena_array(arena, const struct cty_value *, value->count);
    for (size_t i = 0; i < value->count; i++)
        items[i] = cty_unknown_to_null(arena, value->items[i]);
    copy->items = items;
    copy->keys = value->keys;
    copy->count =
        value->type->kind == CTY_SET ? cty_set_arrange(items, value->count) : value->count;
    return copy;
}
