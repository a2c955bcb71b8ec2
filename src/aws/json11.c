/* AWS JSON 1.1: POST / with a JSON object, named by X-Amz-Target. */
#include "codec.h"
#include "errors.h"

#include <hp/base/clock.h>

enum { BODY_MAX = 64 << 20 };

static bool to_wire(struct arena *arena, const struct aws_shape *shape, const struct doc *value,
                    const struct spot *spot, struct doc **ret, struct aws_error *reterr);

static bool struct_to_wire(struct arena *arena, const struct aws_shape *shape,
                           const struct doc *value, const struct spot *spot, struct doc **ret,
                           struct aws_error *reterr)
{
    struct doc *object = doc_object(arena);
    doc_each (entry, value) {
        struct spot here = {spot, entry->name};
        const struct aws_shape *inner = shape->element;
        struct doc *member;
        if (shape->type == AWS_STRUCT) {
            const struct aws_member *row = member_find(shape, entry->name);
            if (row == NULL)
                return aws_fail(arena, reterr, AWS_INPUT, "%.*s is no member of this operation",
                                STR(spot_text(arena, &here)));
            inner = row->shape;
        }
        if (doc_is_null(entry->value))
            continue;
        if (!to_wire(arena, inner, entry->value, &here, &member, reterr))
            return false;
        doc_put(arena, object, entry->name, member);
    }
    *ret = object;
    return true;
}

static bool list_to_wire(struct arena *arena, const struct aws_shape *shape,
                         const struct doc *value, const struct spot *spot, struct doc **ret,
                         struct aws_error *reterr)
{
    struct doc *list = doc_list(arena);
    size_t index = 0;
    doc_each (entry, value) {
        struct spot here = {spot, .index = index++};
        struct doc *element;
        if (!to_wire(arena, shape->element, entry->value, &here, &element, reterr))
            return false;
        doc_add(arena, list, element);
    }
    *ret = list;
    return true;
}

/* Seconds since 1970 as a number, with three digits only when they say something. */
static struct doc *time_to_wire(struct arena *arena, struct str rfc3339)
{
    int64_t ms;
    if (!time_parse(rfc3339, &ms))
        return NULL;
    if (ms % 1000 == 0)
        return doc_int(arena, ms / 1000);
    int64_t size = ms < 0 ? -ms : ms;
    return doc_number(arena, arena_fmt(arena, "%s%lld.%03lld", ms < 0 ? "-" : "",
                                       (long long)(size / 1000), (long long)(size % 1000)));
}

static bool scalar_to_wire(struct arena *arena, const struct aws_shape *shape,
                           const struct doc *value, const struct spot *spot, struct doc **ret,
                           struct aws_error *reterr)
{
    struct str text;
    if (!scalar_to_text(arena, shape, value, spot, &text, reterr))
        return false;
    switch (shape->type) {
    case AWS_BOOL:
        *ret = doc_bool(arena, str_is(text, "true"));
        break;
    case AWS_INT:
    case AWS_DOUBLE:
        *ret = doc_number(arena, text);
        break;
    case AWS_TIME:
        *ret = time_to_wire(arena, value->text);
        break;
    default:
        *ret = doc_string(arena, text);
        break;
    }
    return true;
}

static bool to_wire(struct arena *arena, const struct aws_shape *shape, const struct doc *value,
                    const struct spot *spot, struct doc **ret, struct aws_error *reterr)
{
    switch (shape->type) {
    case AWS_STRUCT:
    case AWS_MAP:
        if (value != NULL && value->kind != DOC_OBJECT)
            return not_a(arena, AWS_INPUT, shape, spot, reterr);
        return struct_to_wire(arena, shape, value, spot, ret, reterr);
    case AWS_LIST:
        if (value->kind != DOC_LIST)
            return not_a(arena, AWS_INPUT, shape, spot, reterr);
        return list_to_wire(arena, shape, value, spot, ret, reterr);
    case AWS_ANY:
        *ret = doc_copy(arena, value);
        return true;
    default:
        return scalar_to_wire(arena, shape, value, spot, ret, reterr);
    }
}

bool json_body(struct arena *arena, const struct aws_shape *shape, const struct doc *object,
               struct str *ret_text, struct aws_error *reterr)
{
    struct doc *wire;
    if (!to_wire(arena, shape, object, NULL, &wire, reterr))
        return false;
    struct buf body = buf_in(arena, BODY_MAX);
    if (!doc_to_json(wire, &body))
        return aws_fail(arena, reterr, AWS_INPUT, "the request is larger than %d bytes", BODY_MAX);
    *ret_text = buf_str(&body);
    return true;
}

static bool json_encode(struct arena *arena, const struct aws_op *op, const struct doc *input,
                        struct aws_wire *ret_wire, struct aws_error *reterr)
{
    struct str body;
    if (!json_body(arena, op->input, input, &body, reterr))
        return false;

    *ret_wire = (struct aws_wire){
        .method = S("POST"),
        .path = S("/"),
        .content_type = S("application/x-amz-json-1.1"),
        .target = arena_fmt(arena, "%s.%s", op->service->target, op->name),
        .body = body,
    };
    return true;
}

static bool from_wire(struct arena *arena, const struct aws_shape *shape, const struct doc *value,
                      const struct spot *spot, struct doc **ret, struct aws_error *reterr);

static bool struct_from_wire(struct arena *arena, const struct aws_shape *shape,
                             const struct doc *value, const struct spot *spot, struct doc **ret,
                             struct aws_error *reterr)
{
    struct doc *object = doc_object(arena);
    doc_each (entry, value) {
        struct spot here = {spot, entry->name};
        const struct aws_shape *inner = shape->element;
        struct str name = entry->name;
        struct doc *member;
        if (shape->type == AWS_STRUCT) {
            const struct aws_member *row = member_find(shape, entry->name);
            if (row == NULL)
                continue;
            inner = row->shape;
            name = row->name;
        }
        if (doc_is_null(entry->value))
            continue;
        if (!answer_has_room(arena, name.len, reterr) ||
            !from_wire(arena, inner, entry->value, &here, &member, reterr))
            return false;
        doc_put(arena, object, shape->type == AWS_MAP ? arena_str(arena, name) : name, member);
    }
    *ret = object;
    return true;
}

static bool list_from_wire(struct arena *arena, const struct aws_shape *shape,
                           const struct doc *value, const struct spot *spot, struct doc **ret,
                           struct aws_error *reterr)
{
    struct doc *list = doc_list(arena);
    size_t index = 0;
    doc_each (entry, value) {
        struct spot here = {spot, .index = index++};
        struct doc *element;
        if (doc_is_null(entry->value))
            continue;
        if (!answer_has_room(arena, 0, reterr) ||
            !from_wire(arena, shape->element, entry->value, &here, &element, reterr))
            return false;
        doc_add(arena, list, element);
    }
    *ret = list;
    return true;
}

/* How many bytes a copy of this tree takes, about. */
static size_t weight(const struct doc *doc)
{
    size_t sum = sizeof *doc + (doc == NULL ? 0 : doc->text.len + 1);
    doc_each (entry, doc)
        sum += sizeof *entry + entry->name.len + 1 + weight(entry->value);
    return sum;
}

static bool scalar_from_wire(struct arena *arena, const struct aws_shape *shape,
                             const struct doc *value, const struct spot *spot, struct doc **ret,
                             struct aws_error *reterr)
{
    struct str text = doc_text(value);
    int64_t whole;
    if (value->kind == DOC_BOOL)
        text = value->truth ? S("true") : S("false");
    if (shape->type == AWS_STRING && value->kind != DOC_STRING)
        return not_a(arena, AWS_ANSWER, shape, spot, reterr);
    if (text.ptr == NULL)
        return not_a(arena, AWS_ANSWER, shape, spot, reterr);
    if (shape->type == AWS_INT && doc_to_int64(value, &whole)) /* 5.0 and 1e3 are whole, too */
        text = arena_fmt(arena, "%lld", (long long)whole);
    return scalar_from_text(arena, shape, text, spot, ret, reterr);
}

static bool from_wire(struct arena *arena, const struct aws_shape *shape, const struct doc *value,
                      const struct spot *spot, struct doc **ret, struct aws_error *reterr)
{
    switch (shape->type) {
    case AWS_STRUCT:
    case AWS_MAP:
        if (value->kind != DOC_OBJECT)
            return not_a(arena, AWS_ANSWER, shape, spot, reterr);
        return struct_from_wire(arena, shape, value, spot, ret, reterr);
    case AWS_LIST:
        if (value->kind != DOC_LIST)
            return not_a(arena, AWS_ANSWER, shape, spot, reterr);
        return list_from_wire(arena, shape, value, spot, ret, reterr);
    case AWS_ANY:
        if (!answer_has_room(arena, 2 * weight(value), reterr))
            return false;
        *ret = doc_copy(arena, value);
        return true;
    default:
        return scalar_from_wire(arena, shape, value, spot, ret, reterr);
    }
}

/* An empty body is an empty object: DeleteTags answers so. */
static bool json_decode(struct arena *arena, struct arena *scratch, const struct aws_op *op,
                        struct str body, struct doc **ret_output, struct aws_error *reterr)
{
    struct doc *doc = doc_object(scratch);
    struct doc_error error;
    if (str_trim(body).len > 0 && !doc_from_json(scratch, body, NULL, &doc, &error))
        return aws_fail(arena, reterr, AWS_ANSWER, "no JSON, line %zu: %.*s", error.line,
                        STR(error.message));
    return from_wire(arena, op->output, doc, NULL, ret_output, reterr);
}

const struct codec codec_json11 = {json_encode, json_decode};
