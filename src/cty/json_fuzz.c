#include "sound.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char *const types[] = {
    "\"dynamic\"",
    "\"number\"",
    "[\"list\",\"string\"]",
    "[\"set\",\"number\"]",
    "[\"map\",\"dynamic\"]",
    "[\"object\",{\"a\":\"string\",\"b\":[\"tuple\",[\"number\",\"bool\"]]}]",
};

/* The first byte chooses type and mode. What is accepted is sound and wholly known; it is written,
 * and read again it is equal. What comes back from the wire, where numbers have go-cty's 512 bits,
 * is sent the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    const struct cty_value *value, *again;
    struct cty_error error;
    struct buf out = buf_in(arena, 8 << 20), twice = buf_in(arena, 8 << 20);
    struct buf wire = buf_in(arena, 8 << 20), back = buf_in(arena, 8 << 20);

    if (len == 0)
        return 0;
    enum cty_mode mode = bytes[0] & 0x80 ? CTY_STRICT : CTY_WIRE;
    const struct cty_type *type =
        must_type(arena, types[(bytes[0] & 0x7f) % (sizeof types / sizeof types[0])]);
    struct str input = {(const char *)bytes + 1, len - 1};
    if (!cty_from_json(arena, type, input, mode, &value, &error)) {
        must_be_told(arena, &error);
        return 0;
    }
    must_be_sound(value);
    must(is_utf8_throughout(value), "a state's text is UTF-8");
    must(cty_is_wholly_known(value), "a state knows all");
    if (!cty_to_json(type, value, &out))
        return 0; /* infinity */
    must(cty_from_json(arena, type, buf_str(&out), mode, &again, &error), "it is read again");
    must_be_same(value, again);
    must(cty_to_json(type, again, &twice) && str_eq(buf_str(&out), buf_str(&twice)),
         "it is written the same");
    must(cty_to_msgpack(type, value, &wire) &&
             cty_from_msgpack(arena, type, buf_str(&wire), CTY_WIRE, &again, &error) &&
             cty_to_msgpack(type, again, &back) && str_eq(buf_str(&wire), buf_str(&back)),
         "what comes back from the wire is sent the same");
    return 0;
}
