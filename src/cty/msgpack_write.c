#include "inside.h"

#include <math.h>

static void put_big_endian(struct buf *out, unsigned char code, uint64_t number, size_t len)
{
    char bytes[9] = {(char)code};

    for (size_t i = 0; i < len; i++)
        bytes[1 + i] = (char)(number >> (8 * (len - 1 - i)));
    buf_put(out, (struct str){bytes, 1 + len});
}

/* The forms of a length, shortest first; one that does not exist has code 0. */
struct forms {
    unsigned char fixed, most_fixed, code8, code16, code32;
};
static const struct forms string_forms = {0xa0, 31, 0xd9, 0xda, 0xdb},
                          binary_forms = {0, 0, 0xc4, 0xc5, 0xc6},
                          array_forms = {0x90, 15, 0, 0xdc, 0xdd},
                          map_forms = {0x80, 15, 0, 0xde, 0xdf};

static bool put_length(struct buf *out, const struct forms *forms, size_t len)
{
    if (forms->fixed != 0 && len <= forms->most_fixed)
        buf_putc(out, (char)(forms->fixed | len));
    else if (forms->code8 != 0 && len <= UINT8_MAX)
        put_big_endian(out, forms->code8, len, 1);
    else if (len <= UINT16_MAX)
        put_big_endian(out, forms->code16, len, 2);
    else if (len <= UINT32_MAX)
        put_big_endian(out, forms->code32, len, 4);
    return len <= UINT32_MAX;
}

static bool put_bytes(struct buf *out, const struct forms *forms, struct str bytes)
{
    if (!put_length(out, forms, bytes.len))
        return false;
    buf_put(out, bytes);
    return true;
}

static void put_int(struct buf *out, int64_t number)
{
    if (number >= -32 && number <= 127)
        buf_putc(out, (char)number);
    else if (number >= 0)
        put_big_endian(out,
                       number <= UINT8_MAX    ? 0xcc
                       : number <= UINT16_MAX ? 0xcd
                       : number <= UINT32_MAX ? 0xce
                                              : 0xcf,
                       (uint64_t)number,
                       number <= UINT8_MAX    ? 1
                       : number <= UINT16_MAX ? 2
                       : number <= UINT32_MAX ? 4
                                              : 8);
    else
        put_big_endian(out,
                       number >= INT8_MIN    ? 0xd0
                       : number >= INT16_MIN ? 0xd1
                       : number >= INT32_MIN ? 0xd2
                                             : 0xd3,
                       (uint64_t)number,
                       number >= INT8_MIN    ? 1
                       : number >= INT16_MIN ? 2
                       : number >= INT32_MIN ? 4
                                             : 8);
}

static void put_double(struct buf *out, double real)
{
    uint64_t bits;

    memcpy(&bits, &real, sizeof bits);
    put_big_endian(out, 0xcb, bits, 8);
}

static bool put_number(struct buf *out, const struct cty_number *number)
{
    char digits[CTY_MAX_DIGITS + 1], text[CTY_NUMBER_TEXT];
    struct cty_number rounded = cty_number_round(number, digits);
    int64_t whole;
    double real;

    if (number->infinite)
        put_double(out, number->negative ? -INFINITY : INFINITY);
    else if (cty_number_to_int64(&rounded, &whole))
        put_int(out, whole);
    else if (rounded.exponent < 0 && cty_number_is_double(number, &real))
        put_double(out, real);
    else
        return put_bytes(out, &string_forms, (struct str){text, cty_number_write(number, text)});
    return true;
}

static void put_key(struct buf *body, int *entries, int key)
{
    (*entries)++;
    put_int(body, key);
}

static void put_bound(struct buf *body, const struct cty_number *bound, bool inclusive)
{
    put_length(body, &array_forms, 2);
    put_number(body, bound);
    buf_putc(body, inclusive ? '\xc3' : '\xc2');
}

static int put_promises(struct buf *body, const struct cty_type *type,
                        const struct cty_refinement *refined)
{
    int entries = 0;

    if (refined->not_null) {
        put_key(body, &entries, 1);
        buf_putc(body, '\xc2');
    }
    if (type->kind == CTY_STRING && refined->prefix.len > 0) {
        put_key(body, &entries, 2);
        put_bytes(body, &string_forms, cty_prefix_to_send(refined->prefix));
    }
    if (type->kind == CTY_NUMBER && refined->lower != NULL) {
        put_key(body, &entries, 3);
        put_bound(body, refined->lower, refined->lower_inclusive);
    }
    if (type->kind == CTY_NUMBER && refined->upper != NULL) {
        put_key(body, &entries, 4);
        put_bound(body, refined->upper, refined->upper_inclusive);
    }
    if (cty_is_collection(type) && refined->has_min_length && refined->min_length > 0) {
        put_key(body, &entries, 5);
        put_int(body, refined->min_length);
    }
    if (cty_is_collection(type) && refined->has_max_length) {
        put_key(body, &entries, 6);
        put_int(body, refined->max_length);
    }
    return entries;
}

static void put_ext_header(struct buf *out, size_t len)
{
    enum { refined_type = 12 };

    if (len <= 16 && (len & (len - 1)) == 0)
        buf_putc(out, (char)(0xd4 + __builtin_ctzll(len)));
    else
        put_big_endian(out, len <= UINT8_MAX ? 0xc7 : 0xc8, len, len <= UINT8_MAX ? 1 : 2);
    buf_putc(out, refined_type);
}

static bool contradicts(const struct cty_refinement *refined)
{
    if (refined->has_max_length &&
        (refined->max_length < 0 ||
         (refined->has_min_length && refined->min_length > refined->max_length)))
        return true;
    if (refined->lower == NULL || refined->upper == NULL)
        return false;
    int order = cty_number_cmp(refined->lower, refined->upper);
    return order > 0 || (order == 0 && refined->lower_inclusive != refined->upper_inclusive);
}

static bool put_unknown(struct buf *out, const struct cty_value *value)
{
    enum { largest_body = 4400 }; /* two bounds with all their digits */
    struct buf body = buf_on_heap(largest_body);
    int entries = 0;

    if (value->refined != NULL && contradicts(value->refined))
        return false;
    if (value->refined != NULL && value->type->kind != CTY_DYNAMIC)
        entries = put_promises(&body, value->type, value->refined);
    bool readable = !body.overflow && body.len + 1 <= 1024; /* what a decoder takes */
    if (entries == 0 || !readable) {
        buf_put(out, S("\xd4\0\0"));
    } else {
        put_ext_header(out, body.len + 1);
        buf_putc(out, (char)(0x80 | entries));
        buf_put(out, buf_str(&body));
    }
    buf_done(&body);
    return true;
}

static bool put_value(struct buf *out, const struct cty_type *type, const struct cty_value *value,
                      int depth);

static bool put_dynamic(struct buf *out, const struct cty_value *value, int depth)
{
    struct buf json = buf_on_heap(16 * 1024 * 1024);

    put_length(out, &array_forms, 2);
    cty_type_write(value->type, &json);
    bool fine = !json.overflow && put_bytes(out, &binary_forms, buf_str(&json));
    buf_done(&json);
    return fine && put_value(out, value->type, value, depth + 1);
}

static bool put_items(struct buf *out, const struct cty_type *type, const struct cty_value *value,
                      int depth)
{
    bool keyed = type->kind == CTY_MAP || type->kind == CTY_OBJECT,
         single = cty_is_collection(type);

    if (!single && value->count != type->count)
        return false;
    if (!put_length(out, keyed ? &map_forms : &array_forms, value->count))
        return false;
    for (size_t i = 0; i < value->count && !out->overflow; i++) {
        if (keyed)
            put_bytes(out, &string_forms,
                      type->kind == CTY_MAP ? value->keys[i] : type->attributes[i].name);
        const struct cty_type *item = single ? type->element : type->attributes[i].type;
        if (!put_value(out, item, value->items[i], depth + 1))
            return false;
    }
    return true;
}

static bool put_value(struct buf *out, const struct cty_type *type, const struct cty_value *value,
                      int depth)
{
    if (value == NULL || depth > 2 * CTY_MAX_DEPTH)
        return false;
    if (type->kind == CTY_DYNAMIC && value->type->kind != CTY_DYNAMIC)
        return put_dynamic(out, value, depth);
    if (type->kind != value->type->kind)
        return false;
    if (value->state == CTY_UNKNOWN)
        return put_unknown(out, value);
    if (value->state == CTY_NULL) {
        buf_putc(out, '\xc0');
        return true;
    }
    switch (type->kind) {
    case CTY_STRING:
        return put_bytes(out, &string_forms, value->text);
    case CTY_NUMBER:
        return put_number(out, &value->number);
    case CTY_BOOL:
        buf_putc(out, value->truth ? '\xc3' : '\xc2');
        return true;
    case CTY_DYNAMIC: /* known, but of no type */
        return false;
    default:
        return put_items(out, type, value, depth);
    }
}

bool cty_to_msgpack(const struct cty_type *type, const struct cty_value *value, struct buf *out)
{
    return cty_type_conforms(value->type, type) && put_value(out, type, value, 0) && !out->overflow;
}
