#include "reading.h"

static const struct cty_path *keep_path(struct arena *arena, const struct cty_path *path)
{
    if (path == NULL)
        return NULL;
    struct cty_path *kept = arena_make(arena, struct cty_path);
    *kept = *path;
    kept->parent = keep_path(arena, path->parent);
    return kept;
}

bool reading_refuse(struct reading *reading, const struct cty_path *at, const char *format, ...)
{
    enum { reserve = 16 * 1024 }; /* a path of full depth and a message */
    va_list args;

    *reading->reterr = (struct cty_error){.message = S("the value is too large")};
    if (!arena_has_room(reading->arena, reserve))
        return false;
    va_start(args, format);
    reading->reterr->message = arena_vfmt(reading->arena, format, args);
    va_end(args);
    if (arena_has_room(reading->arena, reserve))
        reading->reterr->path = keep_path(reading->arena, at);
    return false;
}

bool reading_has_room(struct reading *reading, const struct cty_path *at, size_t bytes)
{
    if (arena_has_room(reading->arena, bytes))
        return true;
    return reading_refuse(reading, at, "the value is too large");
}

bool reading_enter(struct reading *reading, const struct cty_path *at)
{
    if (++reading->depth <= CTY_MAX_DEPTH)
        return true;
    return reading_refuse(reading, at, "the value is nested too deeply");
}

const struct cty_value *reading_collection(struct reading *reading, const struct cty_path *at,
                                           const struct cty_type *declared, struct str *keys,
                                           const struct cty_value **items, size_t count)
{
    const struct cty_type *type = declared, *element = declared->element;

    if (!reading_has_room(reading, at, READING_VALUE + 2 * sizeof *type))
        return NULL;
    if (!reading->concrete && count > 0 &&
        !cty_unify(reading->arena, element, items, count, &element)) {
        reading_refuse(reading, at, "all elements must have the same type");
        return NULL;
    }
    if (element != declared->element) {
        struct cty_type *own = arena_make(reading->arena, struct cty_type);
        *own = (struct cty_type){.kind = declared->kind, .element = element};
        type = own;
    }
    struct cty_value *value = cty_make(reading->arena, type, CTY_KNOWN);
    value->items = items;
    value->keys = keys;
    value->count = type->kind == CTY_SET   ? cty_set_arrange(items, count)
                   : type->kind == CTY_MAP ? cty_map_arrange(keys, items, count)
                                           : count;
    return value;
}

/* The type that the items present really have. */
static const struct cty_type *own_type(struct reading *reading, const struct cty_type *declared,
                                       const struct cty_value **items)
{
    struct cty_attribute *attributes =
        arena_array(reading->arena, struct cty_attribute, declared->count);
    struct cty_type *type = arena_make(reading->arena, struct cty_type);
    size_t count = 0;

    for (size_t i = 0; i < declared->count; i++)
        if (items[i] != NULL)
            attributes[count++] = (struct cty_attribute){.name = declared->attributes[i].name,
                                                         .type = items[i]->type};
    *type = (struct cty_type){.kind = declared->kind, .attributes = attributes, .count = count};
    return type;
}

const struct cty_value *reading_structure(struct reading *reading, const struct cty_type *declared,
                                          const struct cty_value **items, bool leave_out)
{
    size_t own = declared->count * (sizeof(struct cty_attribute) + READING_VALUE);
    bool all = true;

    if (!reading_has_room(reading, NULL, READING_VALUE + sizeof *declared + 64 + own))
        return NULL;
    for (size_t i = 0; i < declared->count; i++) {
        if (items[i] == NULL && !leave_out)
            items[i] = cty_null(reading->arena, declared->attributes[i].type);
        all = all && items[i] != NULL;
    }
    const struct cty_type *type =
        reading->concrete && all ? declared : own_type(reading, declared, items);
    struct cty_value *value = cty_make(reading->arena, type, CTY_KNOWN);
    for (size_t i = 0; i < declared->count; i++)
        if (items[i] != NULL)
            items[value->count++] = items[i];
    value->items = items;
    return value;
}

const struct cty_value *reading_number(struct reading *reading, struct str text)
{
    struct cty_number number;

    if (!arena_has_room(reading->arena, READING_VALUE + CTY_MAX_DIGITS + 64) ||
        !cty_number_from_text(reading->arena, text, &number))
        return NULL;
    return cty_num(reading->arena, &number);
}
