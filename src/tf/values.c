#include "tf.h"

const struct cty_value *tf_value(const struct cty_value *object, const char *name)
{
    return object == NULL ? NULL : cty_get(object, str_of(name));
}

bool tf_is_set(const struct cty_value *object, const char *name)
{
    const struct cty_value *value = tf_value(object, name);
    return value != NULL && cty_is_known(value);
}

struct str tf_str(const struct cty_value *object, const char *name)
{
    const struct cty_value *value = tf_value(object, name);
    if (value == NULL || !cty_is_known(value) || value->type->kind != CTY_STRING)
        return (struct str){0};
    return value->text.ptr == NULL ? S("") : value->text;
}

int64_t tf_int(const struct cty_value *object, const char *name, int64_t otherwise)
{
    const struct cty_value *value = tf_value(object, name);
    int64_t number = otherwise;
    if (value == NULL || !cty_is_known(value) || value->type->kind != CTY_NUMBER ||
        !cty_number_to_int64(&value->number, &number))
        return otherwise;
    return number;
}

bool tf_bool(const struct cty_value *object, const char *name, bool otherwise)
{
    const struct cty_value *value = tf_value(object, name);
    if (value == NULL || !cty_is_known(value) || value->type->kind != CTY_BOOL)
        return otherwise;
    return value->truth;
}

bool tf_alike(const struct cty_value *a, const struct cty_value *b)
{
    if (tf_absent(a) || tf_absent(b))
        return tf_absent(a) && tf_absent(b);
    return cty_equal(a, b);
}

bool tf_changed(const struct tf_call *call, const char *name)
{
    return !tf_alike(tf_value(call->planned, name), tf_value(call->prior, name));
}

const struct cty_value **tf_items(struct arena *arena, const struct cty_value *object)
{
    const struct cty_value **items = arena_array(arena, const struct cty_value *, object->count);
    for (size_t i = 0; i < object->count; i++)
        items[i] = object->items[i];
    return items;
}

const struct cty_value *tf_counterpart(const struct cty_value *collection,
                                       const struct cty_value *like, size_t i)
{
    if (collection == NULL || !cty_is_known(collection) ||
        collection->type->kind != like->type->kind)
        return NULL;
    if (like->type->kind == CTY_MAP)
        return cty_lookup(collection, like->keys[i]);
    if (like->type->kind == CTY_LIST && i < collection->count)
        return collection->items[i];
    return NULL;
}

struct tf_place tf_place_member(struct arena *arena, const struct tf_place *place, const char *name)
{
    return (struct tf_place){.path = cty_path_attr(arena, place->path, str_of(name)),
                             .config = tf_value(place->config, name),
                             .prior = tf_value(place->prior, name),
                             .planned = tf_value(place->planned, name)};
}

struct tf_place tf_place_item(struct arena *arena, const struct tf_place *place,
                              const struct cty_value *like, size_t i)
{
    const struct cty_path *path = like->type->kind == CTY_MAP
                                      ? cty_path_key(arena, place->path, like->keys[i])
                                      : cty_path_index(arena, place->path, (int64_t)i);
    return (struct tf_place){.path = path,
                             .config = tf_counterpart(place->config, like, i),
                             .prior = tf_counterpart(place->prior, like, i),
                             .planned = tf_counterpart(place->planned, like, i)};
}

const struct cty_value *tf_map_objects(struct arena *arena, struct tf_rows rows,
                                       const struct tf_place *place, const struct cty_value *like,
                                       tf_object_fn fn)
{
    if (!cty_is_known(like) || like->type->kind == CTY_SET)
        return like;
    if (like->type->kind == CTY_OBJECT)
        return fn(arena, rows, place);

    const struct cty_value **items = tf_items(arena, like);
    for (size_t i = 0; i < like->count; i++) {
        struct tf_place item = tf_place_item(arena, place, like, i);
        if (cty_is_known(items[i]))
            items[i] = fn(arena, rows, &item);
    }
    if (like->type->kind == CTY_MAP)
        return cty_map(arena, like->type->element, like->keys, items, like->count);
    return cty_list(arena, like->type->element, items, like->count);
}

bool tf_find_unknown(struct arena *arena, const struct cty_value *value, const struct cty_path *at,
                     const struct cty_path **ret_path)
{
    if (cty_is_unknown(value)) {
        *ret_path = at;
        return true;
    }
    if (!cty_is_known(value) || cty_is_wholly_known(value))
        return false;
    for (size_t i = 0; i < value->count; i++) {
        const struct cty_path *path = at;
        if (value->type->kind == CTY_OBJECT)
            path = cty_path_attr(arena, at, value->type->attributes[i].name);
        else if (value->type->kind == CTY_MAP)
            path = cty_path_key(arena, at, value->keys[i]);
        else if (value->type->kind != CTY_SET)
            path = cty_path_index(arena, at, (int64_t)i);
        if (tf_find_unknown(arena, value->items[i], path, ret_path))
            return true;
    }
    return false;
}

bool tf_next_word(struct str *rest, struct str *ret_word)
{
    while (rest->ptr != NULL && str_next(rest, ' ', ret_word))
        if (ret_word->len > 0)
            return true;
    return false;
}

static bool is_open(struct tf_rows rows)
{
    each_attr(attr, rows.attrs)
    {
        if (attr->kind == TF_DYNAMIC || (attr->kind == TF_OBJECT && is_open(rows_of_attr(attr))))
            return true;
    }
    return false;
}

const struct cty_value *tf_object(struct arena *arena, struct tf_rows rows,
                                  const struct cty_type *type, const struct cty_value *const *items)
{
    if (!is_open(rows))
        return cty_object(arena, type, items);
    struct cty_attribute *members = arena_array(arena, struct cty_attribute, type->count);
    for (size_t i = 0; i < type->count; i++)
        members[i] =
            (struct cty_attribute){.name = type->attributes[i].name, .type = items[i]->type};
    return cty_object(arena, cty_object_of(arena, members, type->count), items);
}

const struct cty_type *tf_declared(struct arena *arena, const struct tf_attr *attr,
                                   const struct cty_type *object, ptrdiff_t at)
{
    bool open =
        attr->kind == TF_DYNAMIC || (attr->kind == TF_OBJECT && is_open(rows_of_attr(attr)));
    return open ? tf_attr_type(arena, attr) : object->attributes[at].type;
}
