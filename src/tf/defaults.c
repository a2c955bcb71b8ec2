#include "tf.h"

const struct cty_value *tf_fallback(struct arena *arena, const struct tf_attr *attr)
{
    struct str text = str_of(attr->fallback);
    struct cty_number number;

    switch (attr->kind) {
    case TF_STRING:
    case TF_DYNAMIC:
        return cty_str(arena, text);
    case TF_BOOL:
        return cty_truth(arena, str_eq(text, S("true")));
    case TF_NUMBER:
    case TF_INT:
        if (cty_number_from_text(arena, text, &number))
            return cty_num(arena, &number);
        return cty_null(arena, &cty_number);
    case TF_OBJECT:
        return tf_blank(arena, rows_of_attr(attr), tf_attr_type(arena, attr));
    default:
        return cty_empty(arena, tf_attr_type(arena, attr));
    }
}

const struct cty_value *tf_blank(struct arena *arena, struct tf_rows rows,
                                 const struct cty_type *type)
{
    const struct cty_value **items = arena_array(arena, const struct cty_value *, type->count);

    for (size_t i = 0; i < type->count; i++)
        items[i] = cty_null(arena, type->attributes[i].type);
    each_block(block, rows.blocks)
    {
        ptrdiff_t at = cty_attribute_index(type, str_of(block->name));
        if (block->nesting == TF_BLOCK_GROUP)
            items[at] = tf_blank(arena, rows_of_block(block), type->attributes[at].type);
        else if (block->nesting != TF_BLOCK_SINGLE)
            items[at] = cty_empty(arena, type->attributes[at].type);
    }
    return cty_object(arena, type, items);
}

static const struct cty_value *tidy_object(struct arena *arena, struct tf_rows rows,
                                           const struct tf_place *place)
{
    const struct cty_value *object = place->planned;
    const struct cty_value **items = tf_items(arena, object);

    each_attr(attr, rows.attrs)
    {
        ptrdiff_t at = cty_attribute_index(object->type, str_of(attr->name));
        struct tf_place member = {.planned = items[at]};
        if ((attr->flags & TF_WRITE_ONLY) != 0)
            items[at] = cty_null(arena, tf_declared(arena, attr, object->type, at));
        else if (attr->attrs != NULL)
            items[at] = tf_map_objects(arena, rows_of_attr(attr), &member, items[at], tidy_object);
    }
    each_block(block, rows.blocks)
    {
        ptrdiff_t at = cty_attribute_index(object->type, str_of(block->name));
        const struct cty_type *type = object->type->attributes[at].type;
        if (cty_is_null(items[at]) && block->nesting == TF_BLOCK_GROUP)
            items[at] = tf_blank(arena, rows_of_block(block), type);
        else if (cty_is_null(items[at]) && block->nesting != TF_BLOCK_SINGLE)
            items[at] = cty_empty(arena, type);
        struct tf_place member = {.planned = items[at]};
        items[at] = tf_map_objects(arena, rows_of_block(block), &member, items[at], tidy_object);
    }
    return tf_object(arena, rows, object->type, items);
}

const struct cty_value *tf_tidy(struct arena *arena, struct tf_rows rows,
                                const struct cty_value *object)
{
    struct tf_place place = {.planned = object};
    return cty_is_known(object) ? tidy_object(arena, rows, &place) : object;
}

static bool find_below(struct arena *arena, struct tf_rows rows, const struct cty_value *value,
                       const struct cty_path *at, const struct cty_path **ret_path)
{
    if (value == NULL || !cty_is_known(value) || value->type->kind == CTY_SET)
        return false;
    if (value->type->kind == CTY_OBJECT)
        return tf_find_write_only(arena, rows, value, at, ret_path);
    struct tf_place place = {.path = at};
    for (size_t i = 0; i < value->count; i++) {
        struct tf_place item = tf_place_item(arena, &place, value, i);
        if (tf_find_write_only(arena, rows, value->items[i], item.path, ret_path))
            return true;
    }
    return false;
}

bool tf_find_write_only(struct arena *arena, struct tf_rows rows, const struct cty_value *object,
                        const struct cty_path *at, const struct cty_path **ret_path)
{
    if (object == NULL || !cty_is_known(object))
        return false;
    each_attr(attr, rows.attrs)
    {
        const struct cty_value *value = tf_value(object, attr->name);
        const struct cty_path *path = cty_path_attr(arena, at, str_of(attr->name));
        if ((attr->flags & TF_WRITE_ONLY) != 0 && !tf_absent(value)) {
            *ret_path = path;
            return true;
        }
        if (attr->attrs != NULL && find_below(arena, rows_of_attr(attr), value, path, ret_path))
            return true;
    }
    each_block(block, rows.blocks)
    {
        if (find_below(arena, rows_of_block(block), tf_value(object, block->name),
                       cty_path_attr(arena, at, str_of(block->name)), ret_path))
            return true;
    }
    return false;
}
