#include "tf.h"

const struct tf_attr *tf_attr_find(const struct tf_attr *attrs, struct str name)
{
    each_attr(attr, attrs) if (str_is(name, attr->name)) return attr;
    return NULL;
}

static const struct cty_type *primitive(enum tf_kind kind)
{
    switch (kind) {
    case TF_NUMBER:
    case TF_INT:
        return &cty_number;
    case TF_BOOL:
        return &cty_bool;
    case TF_DYNAMIC:
        return &cty_dynamic;
    default:
        return &cty_string;
    }
}

const struct cty_type *tf_attr_type(struct arena *arena, const struct tf_attr *attr)
{
    if (attr->kind < TF_LIST)
        return primitive(attr->kind);
    const struct cty_type *element =
        attr->attrs != NULL ? tf_object_type(arena, attr->attrs, NULL) : primitive(attr->of);
    switch (attr->kind) {
    case TF_LIST:
        return cty_list_of(arena, element);
    case TF_SET:
        return cty_set_of(arena, element);
    case TF_MAP:
        return cty_map_of(arena, element);
    default:
        return element;
    }
}

static const struct cty_type *block_type(struct arena *arena, const struct tf_block *block)
{
    const struct cty_type *element = tf_object_type(arena, block->attrs, block->blocks);

    switch (block->nesting) {
    case TF_BLOCK_LIST:
        return cty_list_of(arena, element);
    case TF_BLOCK_SET:
        return cty_set_of(arena, element);
    case TF_BLOCK_MAP:
        return cty_map_of(arena, element);
    default:
        return element;
    }
}

const struct cty_type *tf_object_type(struct arena *arena, const struct tf_attr *attrs,
                                      const struct tf_block *blocks)
{
    size_t count = 0, at = 0;
    each_attr(attr, attrs) count++;
    each_block(block, blocks) count++;
    struct cty_attribute *members = arena_array(arena, struct cty_attribute, count);

    each_attr(attr, attrs) members[at++] =
        (struct cty_attribute){.name = str_of(attr->name), .type = tf_attr_type(arena, attr)};
    each_block(block, blocks) members[at++] =
        (struct cty_attribute){.name = str_of(block->name), .type = block_type(arena, block)};
    return cty_object_of(arena, members, count);
}

bool tf_rows_any(struct tf_rows rows, unsigned flags)
{
    each_attr(attr, rows.attrs)
    {
        if ((attr->flags & flags) != 0 || tf_rows_any(rows_of_attr(attr), flags))
            return true;
    }
    each_block(block, rows.blocks)
    {
        if (tf_rows_any(rows_of_block(block), flags))
            return true;
    }
    return false;
}

bool tf_is_secret(const struct tf_attr *attr)
{
    unsigned secret = TF_SENSITIVE | TF_WRITE_ONLY;
    return (attr->flags & secret) != 0 || tf_rows_any(rows_of_attr(attr), secret);
}
