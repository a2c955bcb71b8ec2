#include <hp/cty/codec.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char *const types[] = {
    "\"dynamic\"",
    "\"number\"",
    "[\"list\",\"string\"]",
    "[\"set\",\"number\"]",
    "[\"map\",\"dynamic\"]",
    "[\"object\",{\"a\":\"string\",\"b\":[\"tuple\",[\"number\",\"bool\"]]}]",
};

/* The first byte chooses type and mode. What is accepted is written, and read again it is equal. */
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
    if (!cty_from_json(arena, type, input, mode, &value, &error))
        return 0;
    if (!cty_to_json(type, value, &out))
        return 0; /* infinity */
    if (!cty_from_json(arena, type, buf_str(&out), mode, &again, &error) ||
        !cty_to_json(type, again, &twice) || !str_eq(buf_str(&out), buf_str(&twice)))
        abort();
    return 0;
}
