#include "codec.h"

#include "errors.h"

#include <hp/base/clock.h>

#include <math.h>
#include <openssl/evp.h>
#include <stdlib.h>

enum { SCRATCH_MAX = 1 << 30, SPARE = 4096 };

static const struct codec *const codecs[] = {
    [AWS_JSON_1_1] = &codec_json11,   [AWS_EC2] = &codec_ec2,
    [AWS_QUERY] = &codec_query,       [AWS_REST_JSON] = &codec_rest_json,
    [AWS_REST_XML] = &codec_rest_xml,
};

bool aws_encode(struct arena *arena, const struct aws_op *op, const struct doc *input,
                struct aws_wire *ret_wire, struct aws_error *reterr)
{
    return codecs[op->service->protocol]->encode(arena, op, input, ret_wire, reterr);
}

bool aws_decode(struct arena *arena, const struct aws_op *op, struct str body,
                struct doc **ret_output, struct aws_error *reterr)
{
    scoped(arena_freep) struct arena *scratch = arena_new(SCRATCH_MAX);
    return codecs[op->service->protocol]->decode(arena, scratch, op, body, ret_output, reterr);
}

struct str spot_text(struct arena *arena, const struct spot *spot)
{
    if (spot == NULL)
        return S("the whole");
    if (spot->name.len == 0)
        return arena_fmt(arena, "%.*s[%zu]", STR(spot_text(arena, spot->up)), spot->index);
    if (spot->up == NULL)
        return spot->name;
    return arena_fmt(arena, "%.*s.%.*s", STR(spot_text(arena, spot->up)), STR(spot->name));
}

const struct aws_member *member_find(const struct aws_shape *shape, struct str name)
{
    for (const struct aws_member *m = shape->members; m != NULL && m->name.len > 0; m++)
        if (str_eq(m->name, name))
            return m;
    return NULL;
}

bool answer_has_room(struct arena *arena, size_t bytes, struct aws_error *reterr)
{
    if (arena_has_room(arena, bytes + SPARE))
        return true;
    reterr->kind = AWS_ANSWER;
    reterr->message = S("the answer is larger than the memory for it");
    return false;
}

bool seconds_parse(struct str text, int64_t *ret_ms)
{
    char z[64], *end;
    if (text.len == 0 || text.len >= sizeof z)
        return false;
    memcpy(z, text.ptr, text.len);
    z[text.len] = '\0';
    double seconds = strtod(z, &end);
    if (*end != '\0' || !isfinite(seconds) || fabs(seconds) > 1e12)
        return false;
    *ret_ms = (int64_t)llround(seconds * 1000);
    return true;
}

struct str base64_of(struct arena *arena, struct str bytes)
{
    unsigned char *out = arena_alloc(arena, 4 * (bytes.len / 3 + 1) + 1);
    int len = EVP_EncodeBlock(out, (const unsigned char *)(bytes.len == 0 ? "" : bytes.ptr),
                              (int)bytes.len);
    return (struct str){(char *)out, (size_t)len};
}

bool base64_parse(struct arena *arena, struct str text, struct str *ret_bytes)
{
    if (text.len % 4 != 0 || text.len > 64 << 20)
        return false;
    unsigned char *out = arena_alloc(arena, text.len / 4 * 3 + 1);
    int len =
        text.len == 0 ? 0 : EVP_DecodeBlock(out, (const unsigned char *)text.ptr, (int)text.len);
    if (len < 0)
        return false;
    size_t padding = (size_t)(str_ends(text, S("=")) + str_ends(text, S("==")));
    *ret_bytes = (struct str){(char *)out, (size_t)len - padding};
    return true;
}

static const char *type_name(enum aws_type type)
{
    static const char *const names[] = {
        [AWS_STRING] = "a string",    [AWS_INT] = "a whole number", [AWS_DOUBLE] = "a number",
        [AWS_BOOL] = "true or false", [AWS_TIME] = "a time",        [AWS_BLOB] = "bytes",
        [AWS_STRUCT] = "an object",   [AWS_LIST] = "a list",        [AWS_MAP] = "a map",
        [AWS_ANY] = "anything",
    };
    return names[type];
}

bool not_a(struct arena *arena, enum aws_error_kind kind, const struct aws_shape *shape,
           const struct spot *spot, struct aws_error *reterr)
{
    return aws_fail(arena, reterr, kind, "%.*s is not %s", STR(spot_text(arena, spot)),
                    type_name(shape->type));
}

bool scalar_to_text(struct arena *arena, const struct aws_shape *shape, const struct doc *value,
                    const struct spot *spot, struct str *ret_text, struct aws_error *reterr)
{
    int64_t number;
    bool truth;
    switch (shape->type) {
    case AWS_STRING:
        if (value->kind != DOC_STRING)
            break;
        *ret_text = value->text;
        return true;
    case AWS_INT:
        if (!doc_to_int64(value, &number))
            break;
        *ret_text = arena_fmt(arena, "%lld", (long long)number);
        return true;
    case AWS_DOUBLE:
        if (value->kind != DOC_NUMBER)
            break;
        *ret_text = value->text;
        return true;
    case AWS_BOOL:
        if (!doc_to_bool(value, &truth))
            break;
        *ret_text = truth ? S("true") : S("false");
        return true;
    case AWS_TIME:
        if (!time_parse(doc_text(value), &number))
            break;
        *ret_text = time_rfc3339(arena, number);
        return true;
    case AWS_BLOB:
        if (value->kind != DOC_STRING)
            break;
        *ret_text = base64_of(arena, value->text);
        return true;
    default:
        break;
    }
    return not_a(arena, AWS_INPUT, shape, spot, reterr);
}

static struct doc *typed(struct arena *arena, const struct aws_shape *shape, struct str text)
{
    int64_t number;
    double real;
    struct str bytes;
    switch (shape->type) {
    case AWS_STRING:
        return doc_string(arena, arena_str(arena, text));
    case AWS_INT:
        return str_to_int64(str_trim(text), &number) ? doc_int(arena, number) : NULL;
    case AWS_DOUBLE: {
        char *end, *z = arena_z(arena, str_trim(text));
        real = strtod(z, &end);
        return *z != '\0' && *end == '\0' && isfinite(real) ? doc_number(arena, str_of(z)) : NULL;
    }
    case AWS_BOOL:
        if (str_is(str_trim(text), "true") || str_is(str_trim(text), "false"))
            return doc_bool(arena, str_is(str_trim(text), "true"));
        return NULL;
    case AWS_TIME:
        if (!time_parse(str_trim(text), &number) && !seconds_parse(str_trim(text), &number))
            return NULL;
        return doc_string(arena, time_rfc3339(arena, number));
    case AWS_BLOB:
        return base64_parse(arena, str_trim(text), &bytes) ? doc_string(arena, bytes) : NULL;
    default:
        return NULL;
    }
}

bool scalar_from_text(struct arena *arena, const struct aws_shape *shape, struct str text,
                      const struct spot *spot, struct doc **ret_value, struct aws_error *reterr)
{
    if (!answer_has_room(arena, text.len * 2, reterr))
        return false;
    struct doc *value = typed(arena, shape, text);
    if (value == NULL)
        return not_a(arena, AWS_ANSWER, shape, spot, reterr);
    *ret_value = value;
    return true;
}
