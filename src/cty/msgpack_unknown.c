/* Unknown values on the wire: an extension, whose body may promise something of the value. */
#include "msgpack_read.h"

enum {
    refined_type = 12,
    largest_body = 1024,
};

enum refinement_key {
    KEY_NULLNESS = 1,
    KEY_PREFIX,
    KEY_NUMBER_MIN,
    KEY_NUMBER_MAX,
    KEY_LENGTH_MIN,
    KEY_LENGTH_MAX,
};

/* One body being read. */
struct body {
    struct unpacking *outer;
    struct unpacking inner;
    const struct cty_type *type;
    const struct cty_path *at;
    struct cty_refinement refined;
    bool is_null;
};

static bool refuse(struct body *body, const char *why)
{
    return reading_refuse(&body->outer->reading, body->at,
                          "failed to decode msgpack extension body: %s", why);
}

static bool contradiction(struct body *body)
{
    return reading_refuse(&body->outer->reading, body->at,
                          "the refinement of an unknown value contradicts itself");
}

static bool take_int(struct pack *pack, int64_t *ret_number)
{
    uint64_t size = 0;
    double real;

    if (pack_peek(pack) == PACK_NIL) {
        pack->at++;
        *ret_number = 0;
        return true;
    }
    switch (pack_take_number(pack, ret_number, &size, &real)) {
    case PACK_SIGNED:
        return true;
    case PACK_UNSIGNED:
        *ret_number = (int64_t)size;
        return true;
    default:
        return false;
    }
}

static bool read_nullness(struct body *body)
{
    bool is_null;

    if (!pack_take_bool(&body->inner.pack, &is_null))
        return refuse(body, "null refinement is not boolean");
    if (is_null ? body->refined.not_null : body->is_null)
        return contradiction(body);
    body->is_null = is_null;
    body->refined.not_null = !is_null;
    return true;
}

static bool read_prefix(struct body *body)
{
    struct str prefix, had = body->refined.prefix;

    if (body->type->kind != CTY_STRING)
        return refuse(body, "string prefix refinement for non-string type");
    if (!pack_take_bytes(&body->inner.pack, &prefix))
        return refuse(body, "string prefix refinement is not string");
    if (!str_is_utf8(prefix))
        return refuse(body, "string prefix refinement is not valid UTF-8");
    if (!cty_nfc(body->outer->reading.arena, prefix, &prefix))
        return refuse(body, "the value is too large");
    size_t shared = prefix.len < had.len ? prefix.len : had.len;
    if (!str_eq(str_sub(prefix, 0, shared), str_sub(had, 0, shared)))
        return contradiction(body);
    if (prefix.len > had.len)
        body->refined.prefix = prefix;
    return true;
}

static bool read_length(struct body *body, bool is_min)
{
    struct cty_refinement *refined = &body->refined;
    int64_t length;

    if (!cty_is_collection(body->type))
        return refuse(body, "length lower bound refinement for non-collection type");
    if (!take_int(&body->inner.pack, &length))
        return refuse(body, "length bound refinement must be integer or [integer, bool] array");
    if (is_min && length > refined->min_length) {
        refined->has_min_length = true;
        refined->min_length = length;
    } else if (!is_min && !(refined->has_max_length && refined->max_length < length)) {
        refined->has_max_length = true;
        refined->max_length = length;
    }
    if (refined->has_max_length && refined->max_length < refined->min_length)
        return contradiction(body);
    return true;
}

/* [number, inclusive] */
static const struct cty_number *take_bound(struct body *body, bool *ret_inclusive)
{
    struct unpacking *inner = &body->inner;
    size_t count;

    if (!pack_take_array(&inner->pack, &count) || count != 2 ||
        pack_peek(&inner->pack) == PACK_NIL || pack_is_ext(pack_peek(&inner->pack)))
        return NULL;
    const struct cty_value *number = unpack_number(inner, NULL);
    if (number == NULL || pack_peek(&inner->pack) == PACK_NIL ||
        !pack_take_bool(&inner->pack, ret_inclusive))
        return NULL;
    return &number->number;
}

static bool read_bound(struct body *body, bool is_min)
{
    struct cty_refinement *refined = &body->refined;
    const struct cty_number **kept = is_min ? &refined->lower : &refined->upper;
    bool *kept_inclusive = is_min ? &refined->lower_inclusive : &refined->upper_inclusive;
    bool inclusive = false;

    if (body->type->kind != CTY_NUMBER)
        return refuse(body, "numeric bound refinement for non-number type");
    const struct cty_number *bound = take_bound(body, &inclusive);
    if (bound == NULL)
        return refuse(body, "length bound refinement must be [number, bool] array");
    if (*kept != NULL) { /* the tighter one stays */
        int order = cty_number_cmp(bound, *kept) * (is_min ? 1 : -1);
        if (inclusive && !*kept_inclusive ? order <= 0 : order < 0)
            return true;
    }
    *kept = bound;
    *kept_inclusive = inclusive;
    if (refined->lower == NULL || refined->upper == NULL)
        return true;
    int order = cty_number_cmp(refined->lower, refined->upper);
    bool one_sided = refined->lower_inclusive != refined->upper_inclusive;
    return (one_sided ? order < 0 : order <= 0) || contradiction(body);
}

static bool read_entry(struct body *body, int64_t key)
{
    switch (key) {
    case KEY_NULLNESS:
        return read_nullness(body);
    case KEY_PREFIX:
        return read_prefix(body);
    case KEY_NUMBER_MIN:
    case KEY_NUMBER_MAX:
        return read_bound(body, key == KEY_NUMBER_MIN);
    case KEY_LENGTH_MIN:
    case KEY_LENGTH_MAX:
        return read_length(body, key == KEY_LENGTH_MIN);
    default: /* go-cty passes over the key only, not over its value */
        if (body->outer->reading.mode == CTY_WIRE)
            pack_skip(&body->inner.pack);
        return true;
    }
}

static bool read_body(struct body *body)
{
    size_t count = 0;
    int64_t key;

    if (pack_peek(&body->inner.pack) != PACK_NIL && !pack_take_map(&body->inner.pack, &count))
        return refuse(body, "not a map");
    if (body->type->kind == CTY_DYNAMIC)
        return true;
    for (size_t i = 0; i < count; i++) {
        if (!take_int(&body->inner.pack, &key))
            return refuse(body, "non-integer key in map");
        if (!read_entry(body, key))
            return false;
    }
    return true;
}

/* The extension's header and body. False: refused. */
static bool take_extension(struct unpacking *unpacking, const struct cty_path *at,
                           struct str *ret_body)
{
    struct reading *reading = &unpacking->reading;
    struct pack *pack = &unpacking->pack;
    int type;
    size_t len;

    *ret_body = (struct str){NULL, 0};
    if (!pack_take_ext(pack, &type, &len))
        return reading_refuse(reading, at, "extension code is required for unknown value");
    bool readable = len > 1 && type == refined_type && len <= largest_body;
    if (len > 1 && !readable && reading->mode == CTY_STRICT) {
        const char *sign = type < 0 ? "-" : "";
        unsigned code = (unsigned)(type < 0 ? -type : type);
        if (type == refined_type)
            return reading_refuse(reading, at, "oversize unknown value refinement");
        return reading_refuse(reading, at, "unsupported extension type 0x%s%0*x with len %zu", sign,
                              type < 0 ? 1 : 2, code, len);
    }
    if (len > pack_left(pack))
        return reading_refuse(reading, at, "failed to read msgpack extension body: %s",
                              pack_left(pack) == 0 ? "EOF" : "unexpected EOF");
    if (readable)
        *ret_body = (struct str){(const char *)pack->at, len};
    pack->at += len;
    return true;
}

const struct cty_value *unpack_unknown(struct unpacking *unpacking, const struct cty_type *type,
                                       const struct cty_path *at)
{
    struct reading *reading = &unpacking->reading;
    struct cty_error unused;
    struct str bytes;

    if (!take_extension(unpacking, at, &bytes))
        return NULL;
    if (bytes.ptr == NULL)
        return cty_unknown(reading->arena, type);
    struct body body = {.outer = unpacking, .inner = *unpacking, .type = type, .at = at};
    body.inner.reading.reterr = &unused;
    body.inner.pack.at = (const unsigned char *)bytes.ptr;
    body.inner.pack.end = body.inner.pack.at + bytes.len;
    if (!read_body(&body)) /* what is promised in words we can't read promises nothing */
        return reading->mode == CTY_STRICT ? NULL : cty_unknown(reading->arena, type);
    if (body.is_null)
        return cty_null(reading->arena, type);
    if (!reading_has_room(reading, at, 1024 * 1024) && body.refined.has_max_length)
        return NULL;
    if (!reading_has_room(reading, at, sizeof body.refined + READING_VALUE))
        return NULL;
    const struct cty_value *value = cty_refine(reading->arena, type, &body.refined);
    if (value == NULL && reading->mode == CTY_WIRE)
        return cty_unknown(reading->arena, type);
    if (value == NULL)
        contradiction(&body);
    return value;
}
