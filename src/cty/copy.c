#include "inside.h"

/* The type again, in this arena. Static ones stay. */
static const struct cty_type *copy_type(struct arena *arena, const struct cty_type *type)
{
    static const struct cty_type *const statics[] = {[CTY_STRING] = &cty_string,
                                                     [CTY_NUMBER] = &cty_number,
                                                     [CTY_BOOL] = &cty_bool,
                                                     [CTY_DYNAMIC] = &cty_dynamic};

    if (type->kind <= CTY_DYNAMIC)
        return statics[type->kind];
    struct cty_type *copy = arena_make(arena, struct cty_type);
    struct cty_attribute *attributes = arena_array(arena, struct cty_attribute, type->count);
    *copy = (struct cty_type){.kind = type->kind, .attributes = attributes, .count = type->count};
    if (cty_is_collection(type))
        copy->element = copy_type(arena, type->element);
    for (size_t i = 0; i < type->count; i++) {
        attributes[i] = type->attributes[i];
        if (attributes[i].name.ptr != NULL)
            attributes[i].name = arena_str(arena, attributes[i].name);
        attributes[i].type = copy_type(arena, attributes[i].type);
    }
    return copy;
}

static struct cty_number copy_number(struct arena *arena, const struct cty_number *number)
{
    struct cty_number copy = *number;
    copy.digits = arena_str(arena, copy.digits);
    return copy;
}

static const struct cty_number *copy_bound(struct arena *arena, const struct cty_number *bound)
{
    if (bound == NULL)
        return NULL;
    struct cty_number *copy = arena_make(arena, struct cty_number);
    *copy = copy_number(arena, bound);
    return copy;
}

static const struct cty_refinement *copy_refinement(struct arena *arena,
                                                    const struct cty_refinement *refined)
{
    if (refined == NULL)
        return NULL;
    struct cty_refinement *copy = arena_make(arena, struct cty_refinement);
    *copy = *refined;
    if (copy->prefix.ptr != NULL)
        copy->prefix = arena_str(arena, copy->prefix);
    copy->lower = copy_bound(arena, copy->lower);
    copy->upper = copy_bound(arena, copy->upper);
    return copy;
}

/* The type of an item follows from its owner's, unless that one is open. */
static const struct cty_type *item_type(struct arena *arena, const struct cty_type *was,
                                        const struct cty_type *owner_was,
                                        const struct cty_type *owner, size_t i)
{
    bool single = cty_is_collection(owner);
    const struct cty_type *expected = single ? owner_was->element : owner_was->attributes[i].type;

    if (!cty_type_equal(was, expected))
        return copy_type(arena, was);
    return single ? owner->element : owner->attributes[i].type;
}

static const struct cty_value *copy_as(struct arena *arena, const struct cty_value *value,
                                       const struct cty_type *type)
{
    struct cty_value *copy = arena_make(arena, struct cty_value);

    *copy = *value;
    copy->type = type;
    if (value->text.ptr != NULL)
        copy->text = arena_str(arena, value->text);
    copy->number = copy_number(arena, &value->number);
    copy->refined = copy_refinement(arena, value->refined);
    if (value->state != CTY_KNOWN || type->kind <= CTY_DYNAMIC)
        return copy;

    const struct cty_value **items = arena_array(arena, const struct cty_value *, value->count);
    struct str *keys = arena_array(arena, struct str, type->kind == CTY_MAP ? value->count : 0);
    for (size_t i = 0; i < value->count; i++) {
        const struct cty_value *item = value->items[i];
        items[i] = copy_as(arena, item, item_type(arena, item->type, value->type, type, i));
        if (type->kind == CTY_MAP)
            keys[i] = arena_str(arena, value->keys[i]);
    }
    copy->items = items;
    copy->keys = type->kind == CTY_MAP ? keys : NULL;
    return copy;
}

const struct cty_value *cty_copy(struct arena *arena, const struct cty_value *value)
{
    return copy_as(arena, value, copy_type(arena, value->type));
}

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
