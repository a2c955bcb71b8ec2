#include "rpc.h"
#include <hp/cty/codec.h>

enum { largest_value = 1 << 30 };

bool wire_value(struct wire_rpc *rpc, const Tfplugin6__DynamicValue *message,
                const struct cty_type *type, const char *what, const struct cty_value **ret_value)
{
    struct cty_error error = {0};
    bool done;

    if (message == NULL || (message->msgpack.len == 0 && message->json.len == 0)) {
        *ret_value = cty_null(rpc->arena, type);
        return true;
    }
    if (message->msgpack.len > 0)
        done = cty_from_msgpack(rpc->arena, type, pb_str(message->msgpack), CTY_WIRE, ret_value,
                                &error);
    else
        done = cty_from_json(rpc->arena, type, pb_str(message->json), CTY_WIRE, ret_value, &error);
    if (!done)
        return diag_error(&rpc->tf.diags, error.path, "Unreadable value",
                          "The provider could not read %s that Terraform sent: %.*s.", what,
                          STR(error.message));
    return true;
}

static bool encode(struct wire_rpc *rpc, const struct cty_type *type, const struct cty_value *value,
                   struct str *ret_bytes)
{
    struct buf out = buf_in(rpc->arena, largest_value);
    if (!cty_to_msgpack(type, value, &out) || out.overflow)
        return false;
    *ret_bytes = buf_str(&out);
    return true;
}

/* The object again, with null for each member that can't be written. */
static const struct cty_value *writable(struct wire_rpc *rpc, const struct cty_type *type,
                                        const struct cty_value *value)
{
    const struct cty_value **items = arena_array(rpc->arena, const struct cty_value *, type->count);
    struct str unused;

    for (size_t i = 0; i < type->count; i++) {
        const struct cty_attribute *attribute = &type->attributes[i];
        items[i] = cty_get(value, attribute->name);
        if (items[i] == NULL || !encode(rpc, attribute->type, items[i], &unused))
            items[i] = cty_null(rpc->arena, attribute->type);
    }
    return cty_object(rpc->arena, type, items);
}

Tfplugin6__DynamicValue *wire_dynamic(struct wire_rpc *rpc, const struct cty_type *type,
                                      const struct cty_value *value)
{
    Tfplugin6__DynamicValue *message = pb_new(rpc->arena, &tfplugin6__dynamic_value__descriptor);
    struct str bytes = S("\xc0");

    if (value == NULL)
        value = cty_null(rpc->arena, type);
    if (!encode(rpc, type, value, &bytes)) {
        diag_bug(&rpc->tf.diags, NULL,
                 "The new state could not be written as a whole; what could not is null there.");
        if (type->kind == CTY_OBJECT && value->type->kind == CTY_OBJECT && cty_is_known(value))
            encode(rpc, type, writable(rpc, type, value), &bytes);
    }
    message->msgpack = pb_bytes(bytes);
    return message;
}
