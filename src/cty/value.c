#include "inside.h"

#include <inttypes.h>
#include <stdio.h>

struct cty_value *cty_make(struct arena *arena, const struct cty_type *type, enum cty_state state)
{
    struct cty_value *value = arena_make(arena, struct cty_value);
    value->type = type;
    value->state = state;
    return value;
}

const struct cty_value *cty_null(struct arena *arena, const struct cty_type *type)
{
    return cty_make(arena, type, CTY_NULL);
}

const struct cty_value *cty_unknown(struct arena *arena, const struct cty_type *type)
{
    return cty_make(arena, type, CTY_UNKNOWN);
}

const struct cty_value *cty_str(struct arena *arena, struct str text)
{
    struct cty_value *value = cty_make(arena, &cty_string, CTY_KNOWN);

    if (text.ptr == NULL)
        text = S("");
    if (!str_is_utf8(text)) /* piece by piece: arena_utf8 would replace NUL too, which may stay */
        for (struct str rest = text, part, whole = S(""); str_next(&rest, 0, &part);) {
            whole = arena_cat(arena, whole, arena_utf8(arena, part));
            if (rest.ptr != NULL)
                whole = arena_cat(arena, whole, S("\0"));
            text = whole;
        }
    if (!cty_nfc(arena, text, &value->text))
        value->text = text;
    return value;
}

const struct cty_value *cty_num(struct arena *arena, const struct cty_number *number)
{
    struct cty_value *value = cty_make(arena, &cty_number, CTY_KNOWN);
    value->number = *number;
    return value;
}

const struct cty_value *cty_int(struct arena *arena, int64_t number)
{
    struct cty_number decimal = {0};
    cty_number_from_text(arena, arena_fmt(arena, "%" PRId64, number), &decimal);
    return cty_num(arena, &decimal);
}

const struct cty_value *cty_truth(struct arena *arena, bool truth)
{
    struct cty_value *value = cty_make(arena, &cty_bool, CTY_KNOWN);
    value->truth = truth;
    return value;
}

static const struct cty_value **items_copy(struct arena *arena,
                                           const struct cty_value *const *items, size_t count)
{
    const struct cty_value **copy = arena_array(arena, const struct cty_value *, count);
    if (count > 0)
        memcpy(copy, items, count * sizeof *copy);
    return copy;
}

/* The element type that the items have in common, where the declared one is open. */
static const struct cty_type *element_of(struct arena *arena, const struct cty_type *declared,
                                         const struct cty_value **items, size_t count)
{
    const struct cty_type *element = declared;

    if (cty_type_has_dynamic(declared))
        cty_unify(arena, declared, items, count, &element);
    return element;
}

const struct cty_value *cty_list(struct arena *arena, const struct cty_type *element,
                                 const struct cty_value *const *items, size_t count)
{
    const struct cty_value **copy = items_copy(arena, items, count);
    const struct cty_type *type = element_of(arena, element, copy, count);
    struct cty_value *value = cty_make(arena, cty_list_of(arena, type), CTY_KNOWN);

    value->items = copy;
    value->count = count;
    return value;
}

const struct cty_value *cty_set(struct arena *arena, const struct cty_type *element,
                                const struct cty_value *const *items, size_t count)
{
    const struct cty_value **copy = items_copy(arena, items, count);
    const struct cty_type *type = element_of(arena, element, copy, count);
    struct cty_value *value = cty_make(arena, cty_set_of(arena, type), CTY_KNOWN);

    value->items = copy;
    value->count = cty_set_arrange(copy, count);
    return value;
}

const struct cty_value *cty_map(struct arena *arena, const struct cty_type *element,
                                const struct str *keys, const struct cty_value *const *items,
                                size_t count)
{
    const struct cty_value **copy = items_copy(arena, items, count);
    const struct cty_type *type = element_of(arena, element, copy, count);
    struct cty_value *value = cty_make(arena, cty_map_of(arena, type), CTY_KNOWN);
    struct str *sorted = arena_array(arena, struct str, count);

    for (size_t i = 0; i < count; i++)
        sorted[i] = cty_str(arena, keys[i])->text;
    value->items = copy;
    value->keys = sorted;
    value->count = cty_map_arrange(sorted, copy, count);
    return value;
}

const struct cty_value *cty_tuple(struct arena *arena, const struct cty_type *type,
                                  const struct cty_value *const *items)
{
    struct cty_value *value = cty_make(arena, type, CTY_KNOWN);
    value->items = items_copy(arena, items, type->count);
    value->count = type->count;
    return value;
}

const struct cty_value *cty_object(struct arena *arena, const struct cty_type *type,
                                   const struct cty_value *const *items)
{
    return cty_tuple(arena, type, items);
}

const struct cty_value *cty_empty(struct arena *arena, const struct cty_type *type)
{
    struct cty_value *value = cty_make(arena, type, CTY_KNOWN);
    value->items = arena_array(arena, const struct cty_value *, 0);
    value->keys = arena_array(arena, struct str, 0);
    return value;
}

bool cty_is_wholly_known(const struct cty_value *value)
{
    if (value->state == CTY_UNKNOWN)
        return false;
    for (size_t i = 0; i < value->count; i++)
        if (!cty_is_wholly_known(value->items[i]))
            return false;
    return true;
}

const struct cty_value *cty_get(const struct cty_value *object, struct str name)
{
    if (object == NULL || object->state != CTY_KNOWN || object->type->kind != CTY_OBJECT)
        return NULL;
    ptrdiff_t at = cty_attribute_index(object->type, name);
    return at < 0 ? NULL : object->items[at];
}

const struct cty_value *cty_lookup(const struct cty_value *map, struct str key)
{
    if (map == NULL || map->state != CTY_KNOWN || map->type->kind != CTY_MAP)
        return NULL;
    for (size_t low = 0, high = map->count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(key, map->keys[middle]);
        if (order == 0)
            return map->items[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The object's type with the types its values really have. */
static const struct cty_type *type_of_items(struct arena *arena, const struct cty_type *declared,
                                            const struct cty_value *const *items)
{
    struct cty_attribute *attributes = arena_array(arena, struct cty_attribute, declared->count);

    for (size_t i = 0; i < declared->count; i++)
        attributes[i] =
            (struct cty_attribute){.name = declared->attributes[i].name, .type = items[i]->type};
    return cty_object_of(arena, attributes, declared->count);
}

const struct cty_value *cty_with(struct arena *arena, const struct cty_value *object,
                                 struct str name, const struct cty_value *value)
{
    ptrdiff_t at = cty_attribute_index(object->type, name);
    const struct cty_value **items = items_copy(arena, object->items, object->count);
    const struct cty_type *type = object->type;

    items[at] = value;
    if (!cty_type_conforms(value->type, type->attributes[at].type))
        type = type_of_items(arena, type, items); /* what was dynamic has another type now */
    return cty_object(arena, type, items);
}
