#include "sound.h"

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

/* A state file is JSON: what came from the wire and is known goes there and comes back. */
static void must_live_in_state(struct arena *arena, const struct cty_type *type,
                               const struct cty_value *value)
{
    struct buf json = buf_in(arena, 8 << 20);
    const struct cty_value *again;
    struct cty_error error;

    if (!cty_is_wholly_known(value) || !is_utf8_throughout(value) ||
        !cty_to_json(type, value, &json))
        return; /* infinity has no JSON */
    must(cty_from_json(arena, type, buf_str(&json), CTY_WIRE, &again, &error),
         "a state's JSON is read again");
    must_be_same(value, again);
}

/* The first byte chooses the type, and the mode. What is accepted is sound, is written, read again
 * and equal; what is written then is the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    const struct cty_value *value, *again;
    struct cty_error error;
    struct buf out = buf_in(arena, 8 << 20), twice = buf_in(arena, 8 << 20);

    if (len == 0)
        return 0;
    enum cty_mode mode = bytes[0] & 0x80 ? CTY_STRICT : CTY_WIRE;
    const struct cty_type *type =
        must_type(arena, types[(bytes[0] & 0x7f) % (sizeof types / sizeof types[0])]);
    struct str input = {(const char *)bytes + 1, len - 1};
    if (!cty_from_msgpack(arena, type, input, mode, &value, &error)) {
        must_be_told(arena, &error);
        return 0;
    }
    must_be_sound(value);
    must(str_is_utf8(cty_show(arena, value)), "what is shown is UTF-8");
    if (!cty_to_msgpack(type, value, &out)) {
        must(mode == CTY_STRICT, "on the wire every value is written");
        return 0; /* an object that lacks attributes */
    }
    must(cty_from_msgpack(arena, type, buf_str(&out), mode, &again, &error), "it is read again");
    must_be_same(value, again);
    must(cty_to_msgpack(type, again, &twice) && str_eq(buf_str(&out), buf_str(&twice)),
         "it is written the same");
    must_live_in_state(arena, type, value);
    return 0;
}
