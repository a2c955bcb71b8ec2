#include "msgpack_read.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const struct cty_value *refuse(struct unpacking *unpacking, const struct cty_path *at,
                                      const char *why)
{
    reading_refuse(&unpacking->reading, at, "%s", why);
    return NULL;
}

static const struct cty_value *read_string(struct unpacking *unpacking, const struct cty_path *at)
{
    struct arena *arena = unpacking->reading.arena;
    struct str bytes;

    if (!pack_take_bytes(&unpacking->pack, &bytes))
        return refuse(unpacking, at, "string is required");
    struct cty_value *value = cty_make(arena, &cty_string, CTY_KNOWN);
    if (!cty_nfc(arena, bytes, &value->text))
        return refuse(unpacking, at, "the value is too large");
    return value;
}

static const struct cty_value *read_bool(struct unpacking *unpacking, const struct cty_path *at)
{
    bool truth;

    if (!pack_take_bool(&unpacking->pack, &truth))
        return refuse(unpacking, at, "bool is required");
    return cty_truth(unpacking->reading.arena, truth);
}

static const struct cty_value *integer(struct unpacking *unpacking, bool negative, uint64_t size)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%s%" PRIu64, negative ? "-" : "", size);
    struct str text = arena_str(unpacking->reading.arena, (struct str){digits, (size_t)len});

    return reading_number(&unpacking->reading, text);
}

/* go-cty keeps a double's 53 bits, and writes a whole one that int64 can't hold by its shortest
 * digits: another number. Strict mode follows it; on the wire every number stays what it is. */
static const struct cty_value *real_number(struct unpacking *unpacking, const struct cty_path *at,
                                           double real)
{
    struct arena *arena = unpacking->reading.arena;
    struct cty_number number;
    bool shorten = unpacking->reading.mode == CTY_STRICT && !isnan(real) && real == trunc(real) &&
                   fabs(real) >= 9223372036854775808.0 && real != -9223372036854775808.0;

    if (shorten ? !cty_number_from_double_short(arena, real, &number)
                : !cty_number_from_double(arena, real, &number))
        return refuse(unpacking, at, "number is required, not NaN");
    return cty_num(arena, &number);
}

const struct cty_value *unpack_number(struct unpacking *unpacking, const struct cty_path *at)
{
    int64_t number = 0;
    uint64_t size = 0;
    double real = 0;
    struct str text;
    const struct cty_value *value = NULL;

    if (!reading_has_room(&unpacking->reading, at, READING_VALUE + CTY_MAX_DIGITS + 256))
        return NULL;
    switch (pack_take_number(&unpacking->pack, &number, &size, &real)) {
    case PACK_SIGNED:
        size = number < 0 ? -(uint64_t)number : (uint64_t)number;
        return integer(unpacking, number < 0, size);
    case PACK_UNSIGNED:
        return integer(unpacking, false, size);
    case PACK_REAL:
        return real_number(unpacking, at, real);
    case PACK_NO_NUMBER:
        if (pack_take_bytes(&unpacking->pack, &text))
            value = reading_number(&unpacking->reading, text);
        break;
    case PACK_CUT_OFF:
        break;
    }
    return value != NULL ? value : refuse(unpacking, at, "number is required");
}

/* Room for what a header claims. No more than the bytes left can hold: each value takes one. */
static bool claim(struct unpacking *unpacking, const struct cty_path *at, size_t count,
                  size_t bytes_each, size_t size_each, size_t *ret_count)
{
    size_t possible = pack_left(&unpacking->pack) / bytes_each;

    if (count > possible && unpacking->reading.mode == CTY_WIRE)
        return reading_refuse(&unpacking->reading, at,
                              "%zu elements are announced, more than the message can hold", count);
    *ret_count = count < possible ? count : possible;
    return reading_has_room(&unpacking->reading, at, (*ret_count + 1) * size_each + 64);
}

static const struct cty_value *read_sequence(struct unpacking *unpacking,
                                             const struct cty_type *type, const struct cty_path *at)
{
    struct arena *arena = unpacking->reading.arena;
    struct cty_path here = {.parent = at, .step = CTY_STEP_INDEX};
    size_t count, room = 0;

    if (!pack_take_array(&unpacking->pack, &count))
        return refuse(unpacking, at,
                      type->kind == CTY_SET ? "a set is required" : "a list is required");
    if (!claim(unpacking, at, count, 1, sizeof(void *), &room))
        return NULL;
    const struct cty_value **items = arena_array(arena, const struct cty_value *, room + 1);
    for (size_t i = 0; i < count; i++) {
        here.index = (int64_t)i;
        const struct cty_value *item = unpack_value(unpacking, type->element, &here);
        if (item == NULL)
            return NULL;
        items[i] = item;
    }
    return reading_collection(&unpacking->reading, at, type, NULL, items, count);
}

/* A map's key. go-cty takes what is no string for "" and reads on behind its first byte. */
static bool read_key(struct unpacking *unpacking, const struct cty_path *at, struct str *ret_key)
{
    *ret_key = S("");
    if (pack_take_bytes(&unpacking->pack, ret_key) || unpacking->reading.mode == CTY_STRICT)
        return true;
    return reading_refuse(&unpacking->reading, at, "non-string key in map");
}

static const struct cty_value *read_map(struct unpacking *unpacking, const struct cty_type *type,
                                        const struct cty_path *at)
{
    struct arena *arena = unpacking->reading.arena;
    struct cty_path here = {.parent = at, .step = CTY_STEP_KEY};
    size_t count, room = 0;

    if (!pack_take_map(&unpacking->pack, &count))
        return refuse(unpacking, at, "a map is required");
    size_t least = unpacking->reading.mode == CTY_WIRE ? 2 : 1;
    if (!claim(unpacking, at, count, least, sizeof(void *) + sizeof(struct str), &room))
        return NULL;
    const struct cty_value **items = arena_array(arena, const struct cty_value *, room + 1);
    struct str *keys = arena_array(arena, struct str, room + 1);
    for (size_t i = 0; i < count; i++) {
        if (!read_key(unpacking, at, &here.name))
            return NULL;
        const struct cty_value *item = unpack_value(unpacking, type->element, &here);
        if (item == NULL)
            return NULL;
        items[i] = item;
        if (!cty_nfc(arena, here.name, &keys[i]))
            return refuse(unpacking, at, "the value is too large");
    }
    return reading_collection(&unpacking->reading, at, type, keys, items, count);
}

static const struct cty_value *read_tuple(struct unpacking *unpacking, const struct cty_type *type,
                                          const struct cty_path *at)
{
    struct cty_path here = {.parent = at, .step = CTY_STEP_INDEX};
    bool strict = unpacking->reading.mode == CTY_STRICT;
    size_t count;

    if (!pack_take_array(&unpacking->pack, &count))
        return refuse(unpacking, at, "a tuple is required");
    if (count != type->count && !(strict && count == 0)) {
        reading_refuse(&unpacking->reading, at, "a tuple of length %zu is required", type->count);
        return NULL;
    }
    if (!reading_has_room(&unpacking->reading, at, type->count * sizeof(void *) + 64))
        return NULL;
    const struct cty_value **items =
        arena_array(unpacking->reading.arena, const struct cty_value *, type->count);
    for (size_t i = 0; i < count; i++) {
        here.index = (int64_t)i;
        items[i] = unpack_value(unpacking, type->attributes[i].type, &here);
        if (items[i] == NULL)
            return NULL;
    }
    return reading_structure(&unpacking->reading, type, items, true);
}

/* Terraform sends attributes sorted: the next one is most often the one behind the last. */
static ptrdiff_t find_attribute(const struct cty_type *type, struct str name, size_t expected)
{
    if (expected < type->count && str_eq(type->attributes[expected].name, name))
        return (ptrdiff_t)expected;
    return cty_attribute_index(type, name);
}

static bool read_attribute(struct unpacking *unpacking, const struct cty_type *type,
                           struct cty_path *here, const struct cty_value **items, size_t *expected)
{
    struct reading *reading = &unpacking->reading;

    if (!pack_take_bytes(&unpacking->pack, &here->name))
        return reading_refuse(reading, here->parent, "all keys must be strings");
    ptrdiff_t at = find_attribute(type, here->name, *expected);
    if (at < 0 && reading->mode == CTY_STRICT)
        return reading_refuse(reading, here, "unsupported attribute");
    if (at < 0)
        return pack_skip(&unpacking->pack) ||
               reading_refuse(reading, here, "the value is cut off or malformed");
    items[at] = unpack_value(unpacking, type->attributes[at].type, here);
    *expected = (size_t)at + 1;
    return items[at] != NULL;
}

static const struct cty_value *read_object(struct unpacking *unpacking, const struct cty_type *type,
                                           const struct cty_path *at)
{
    struct cty_path here = {.parent = at, .step = CTY_STEP_ATTR};
    struct reading *reading = &unpacking->reading;
    bool strict = reading->mode == CTY_STRICT;
    size_t count, expected = 0;

    if (!pack_take_map(&unpacking->pack, &count))
        return refuse(unpacking, at, "an object is required");
    if (strict && count != 0 && count != type->count) {
        reading_refuse(reading, at, "an object with %zu attributes is required (%zu given)",
                       type->count, count);
        return NULL;
    }
    if (!reading_has_room(reading, at, type->count * sizeof(void *) + 64))
        return NULL;
    const struct cty_value **items =
        arena_array(reading->arena, const struct cty_value *, type->count);
    for (size_t i = 0; i < count; i++)
        if (!read_attribute(unpacking, type, &here, items, &expected))
            return NULL;
    return reading_structure(reading, type, items, strict);
}

/* [type JSON, value] */
static const struct cty_value *read_dynamic(struct unpacking *unpacking, const struct cty_path *at)
{
    struct reading *reading = &unpacking->reading;
    const struct cty_type *type;
    struct str json, why;
    size_t count;
    int code = pack_peek(&unpacking->pack);

    if (code == PACK_NIL) {
        unpacking->pack.at++;
        return cty_null(reading->arena, &cty_dynamic);
    }
    if (!pack_take_array(&unpacking->pack, &count)) {
        reading_refuse(reading, at, "msgpack: invalid code=%x decoding array length",
                       (unsigned)code);
        return NULL;
    }
    if (count != 2)
        return refuse(unpacking, at, "dynamic value array must have exactly two elements");
    code = pack_peek(&unpacking->pack);
    if (!pack_take_bytes(&unpacking->pack, &json)) {
        if (code < 0 || unpacking->pack.at == unpacking->pack.end)
            return refuse(unpacking, at, code < 0 ? "EOF" : "unexpected EOF");
        reading_refuse(reading, at, "msgpack: invalid code=%x decoding string/bytes length",
                       (unsigned)code);
        return NULL;
    }
    if (!cty_type_from_json(reading->arena, json, &type, &why)) {
        reading_refuse(reading, at, "%.*s", STR(why));
        return NULL;
    }
    bool concrete = reading->concrete;
    reading->concrete = !cty_type_has_dynamic(type);
    const struct cty_value *value = unpack_value(unpacking, type, at);
    reading->concrete = concrete;
    return value;
}

static const struct cty_value *read_known(struct unpacking *unpacking, const struct cty_type *type,
                                          const struct cty_path *at)
{
    switch (type->kind) {
    case CTY_STRING:
        return read_string(unpacking, at);
    case CTY_NUMBER:
        return unpack_number(unpacking, at);
    case CTY_BOOL:
        return read_bool(unpacking, at);
    case CTY_DYNAMIC:
        return read_dynamic(unpacking, at);
    case CTY_LIST:
    case CTY_SET:
        return read_sequence(unpacking, type, at);
    case CTY_MAP:
        return read_map(unpacking, type, at);
    case CTY_TUPLE:
        return read_tuple(unpacking, type, at);
    default:
        return read_object(unpacking, type, at);
    }
}

const struct cty_value *unpack_value(struct unpacking *unpacking, const struct cty_type *type,
                                     const struct cty_path *at)
{
    struct reading *reading = &unpacking->reading;
    const struct cty_value *value;
    int code = pack_peek(&unpacking->pack);

    if (code < 0)
        return refuse(unpacking, at, "EOF");
    if (!reading_enter(reading, at) || !reading_has_room(reading, at, READING_VALUE))
        return NULL;
    if (pack_is_ext(code)) {
        value = unpack_unknown(unpacking, type, at);
    } else if (code == PACK_NIL) {
        unpacking->pack.at++;
        value = cty_null(reading->arena, type);
    } else {
        value = read_known(unpacking, type, at);
    }
    reading->depth--;
    return value;
}

bool cty_from_msgpack(struct arena *arena, const struct cty_type *type, struct str bytes,
                      enum cty_mode mode, const struct cty_value **ret_value,
                      struct cty_error *reterr)
{
    const unsigned char *first = (const unsigned char *)(bytes.ptr == NULL ? "" : bytes.ptr);
    struct unpacking unpacking = {
        .reading = {.arena = arena,
                    .mode = mode,
                    .reterr = reterr,
                    .concrete = !cty_type_has_dynamic(type)},
        .pack = {.at = first, .end = first + bytes.len},
    };
    const struct cty_value *value = unpack_value(&unpacking, type, NULL);

    if (value != NULL)
        *ret_value = value;
    return value != NULL;
}
