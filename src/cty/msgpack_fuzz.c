#include <hp/cty/codec.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char *const types[] = {
    "\"string\"",
    "\"number\"",
    "\"bool\"",
    "\"dynamic\"",
    "[\"list\",\"string\"]",
    "[\"set\",\"number\"]",
    "[\"map\",\"bool\"]",
    "[\"set\",[\"object\",{\"a\":\"string\",\"b\":[\"list\",\"number\"]}]]",
    "[\"tuple\",[\"string\",\"dynamic\",[\"map\",\"dynamic\"]]]",
    "[\"object\",{\"a\":\"string\",\"b\":[\"set\",[\"list\",\"dynamic\"]],\"c\":\"number\"}]",
};

/* The first byte chooses the type, and the mode. What is accepted is written, read again and equal;
 * what is written then is the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    const struct cty_type *type;
    const struct cty_value *value, *again;
    struct cty_error error;
    struct str why;
    struct buf out = buf_in(arena, 8 << 20), twice = buf_in(arena, 8 << 20);

    if (len == 0)
        return 0;
    enum cty_mode mode = bytes[0] & 0x80 ? CTY_STRICT : CTY_WIRE;
    const char *json = types[(bytes[0] & 0x7f) % (sizeof types / sizeof types[0])];
    if (!cty_type_from_json(arena, str_of(json), &type, &why))
        abort();
    struct str input = {(const char *)bytes + 1, len - 1};
    if (!cty_from_msgpack(arena, type, input, mode, &value, &error))
        return 0;
    if (!cty_to_msgpack(type, value, &out))
        return 0; /* an object that lacks attributes, in strict mode */
    if (!cty_from_msgpack(arena, type, buf_str(&out), mode, &again, &error) ||
        !cty_to_msgpack(type, again, &twice) || !str_eq(buf_str(&out), buf_str(&twice)))
        abort();
    (void)cty_show(arena, value);
    return 0;
}
