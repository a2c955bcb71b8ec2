#include "inside.h"

#include <stdlib.h>

const struct cty_type cty_string = {.kind = CTY_STRING};
const struct cty_type cty_number = {.kind = CTY_NUMBER};
const struct cty_type cty_bool = {.kind = CTY_BOOL};
const struct cty_type cty_dynamic = {.kind = CTY_DYNAMIC};

static const struct cty_type *collection(struct arena *arena, enum cty_kind kind,
                                         const struct cty_type *element)
{
    struct cty_type *type = arena_make(arena, struct cty_type);
    type->kind = kind;
    type->element = element;
    return type;
}

const struct cty_type *cty_list_of(struct arena *arena, const struct cty_type *element)
{
    return collection(arena, CTY_LIST, element);
}

const struct cty_type *cty_set_of(struct arena *arena, const struct cty_type *element)
{
    return collection(arena, CTY_SET, element);
}

const struct cty_type *cty_map_of(struct arena *arena, const struct cty_type *element)
{
    return collection(arena, CTY_MAP, element);
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct cty_attribute *)a)->name,
                   ((const struct cty_attribute *)b)->name);
}

const struct cty_type *cty_object_of(struct arena *arena, const struct cty_attribute *attributes,
                                     size_t count)
{
    struct cty_type *type = arena_make(arena, struct cty_type);
    struct cty_attribute *copy = arena_array(arena, struct cty_attribute, count);

    for (size_t i = 0; i < count; i++)
        copy[i] = attributes[i];
    qsort(copy, count, sizeof *copy, by_name);
    *type = (struct cty_type){.kind = CTY_OBJECT, .attributes = copy, .count = count};
    return type;
}

const struct cty_type *cty_tuple_of(struct arena *arena, const struct cty_type *const *types,
                                    size_t count)
{
    struct cty_type *type = arena_make(arena, struct cty_type);
    struct cty_attribute *places = arena_array(arena, struct cty_attribute, count);

    for (size_t i = 0; i < count; i++)
        places[i].type = types[i];
    *type = (struct cty_type){.kind = CTY_TUPLE, .attributes = places, .count = count};
    return type;
}

bool cty_type_equal(const struct cty_type *a, const struct cty_type *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (cty_is_collection(a))
        return cty_type_equal(a->element, b->element);
    for (size_t i = 0; i < a->count; i++) {
        const struct cty_attribute *left = &a->attributes[i], *right = &b->attributes[i];
        if (left->optional != right->optional || !str_eq(left->name, right->name) ||
            !cty_type_equal(left->type, right->type))
            return false;
    }
    return true;
}

bool cty_type_conforms(const struct cty_type *type, const struct cty_type *declared)
{
    if (type == declared || declared->kind == CTY_DYNAMIC)
        return true;
    if (type->kind != declared->kind || type->count != declared->count)
        return false;
    if (cty_is_collection(type))
        return cty_type_conforms(type->element, declared->element);
    for (size_t i = 0; i < type->count; i++)
        if (!str_eq(type->attributes[i].name, declared->attributes[i].name) ||
            !cty_type_conforms(type->attributes[i].type, declared->attributes[i].type))
            return false;
    return true;
}

ptrdiff_t cty_attribute_index(const struct cty_type *object, struct str name)
{
    size_t low = 0, high = object->kind == CTY_OBJECT ? object->count : 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(name, object->attributes[middle].name);
        if (order == 0)
            return (ptrdiff_t)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

bool cty_type_has_dynamic(const struct cty_type *type)
{
    if (type->kind == CTY_DYNAMIC)
        return true;
    if (cty_is_collection(type))
        return cty_type_has_dynamic(type->element);
    for (size_t i = 0; i < type->count; i++)
        if (cty_type_has_dynamic(type->attributes[i].type))
            return true;
    return false;
}

static const char *const names[] = {
    [CTY_STRING] = "string",   [CTY_NUMBER] = "number", [CTY_BOOL] = "bool",
    [CTY_DYNAMIC] = "dynamic", [CTY_LIST] = "list of ", [CTY_SET] = "set of ",
    [CTY_MAP] = "map of ",     [CTY_TUPLE] = "tuple",   [CTY_OBJECT] = "object",
};

struct str cty_type_name(struct arena *arena, const struct cty_type *type)
{
    struct str name = str_of(names[type->kind]);

    if (!cty_is_collection(type))
        return name;
    return arena_cat(arena, name, cty_type_name(arena, type->element));
}
