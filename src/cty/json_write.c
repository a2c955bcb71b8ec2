#include "inside.h"

static bool write_value(struct buf *out, const struct cty_type *type, const struct cty_value *value,
                        int depth);

static bool write_items(struct buf *out, const struct cty_type *type, const struct cty_value *value,
                        int depth)
{
    bool keyed = type->kind == CTY_MAP || type->kind == CTY_OBJECT,
         single = cty_is_collection(type);

    if (!single && value->count != type->count)
        return false;
    buf_putc(out, keyed ? '{' : '[');
    for (size_t i = 0; i < value->count && !out->overflow; i++) {
        if (i > 0)
            buf_putc(out, ',');
        if (keyed) {
            cty_json_string(out, type->kind == CTY_MAP ? value->keys[i] : type->attributes[i].name);
            buf_putc(out, ':');
        }
        const struct cty_type *item = single ? type->element : type->attributes[i].type;
        if (!write_value(out, item, value->items[i], depth + 1))
            return false;
    }
    buf_putc(out, keyed ? '}' : ']');
    return true;
}

static bool write_dynamic(struct buf *out, const struct cty_value *value, int depth)
{
    buf_putz(out, "{\"value\":");
    if (!write_value(out, value->type, value, depth + 1))
        return false;
    buf_putz(out, ",\"type\":");
    cty_type_write(value->type, out);
    buf_putc(out, '}');
    return true;
}

static bool write_value(struct buf *out, const struct cty_type *type, const struct cty_value *value,
                        int depth)
{
    char text[CTY_NUMBER_TEXT];

    if (value == NULL || depth > 2 * CTY_MAX_DEPTH || value->state == CTY_UNKNOWN)
        return false;
    if (type->kind == CTY_DYNAMIC && value->type->kind != CTY_DYNAMIC)
        return write_dynamic(out, value, depth);
    if (type->kind != value->type->kind)
        return false;
    if (value->state == CTY_NULL) {
        buf_putz(out, "null");
        return true;
    }
    switch (type->kind) {
    case CTY_STRING:
        cty_json_string(out, value->text);
        return true;
    case CTY_NUMBER:
        buf_put(out, (struct str){text, cty_number_write(&value->number, text)});
        return !value->number.infinite;
    case CTY_BOOL:
        buf_putz(out, value->truth ? "true" : "false");
        return true;
    case CTY_DYNAMIC:
        return false;
    default:
        return write_items(out, type, value, depth);
    }
}

bool cty_to_json(const struct cty_type *type, const struct cty_value *value, struct buf *out)
{
    return cty_type_conforms(value->type, type) && write_value(out, type, value, 0) &&
           !out->overflow;
}
