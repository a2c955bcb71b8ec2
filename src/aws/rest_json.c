/* The rest protocol with JSON (EKS): method and path are the operation's own, and each member says
 * where it stands: in the path, the query, a header, or the JSON object of the body. */
#include "codec.h"
#include "errors.h"

#include <hp/base/buf.h>

enum { URL_MAX = 64 << 10 };

struct rest {
    struct arena *arena;
    const struct aws_op *op;
    struct doc *body; /* what stands nowhere else */
    struct buf path, query;
    struct aws_wire *wire;
    struct aws_error *error;
};

static struct str wire_name(const struct aws_member *row)
{
    return row->sent.len > 0 ? row->sent : row->name;
}

static bool scalar(struct rest *rest, const struct aws_member *row, const struct doc *value,
                   struct str *ret)
{
    struct spot here = {NULL, row->name};
    if (row->shape->type == AWS_STRUCT || row->shape->type == AWS_MAP)
        return not_a(rest->arena, AWS_INPUT, row->shape, &here, rest->error);
    return scalar_to_text(rest->arena, row->shape, value, &here, ret, rest->error);
}

static bool put_label(struct rest *rest, const struct doc *input, struct str label)
{
    bool greedy = str_ends(label, S("+"));
    struct str text = {0};
    if (greedy)
        label.len--;
    for (const struct aws_member *row = rest->op->input->members; row->name.len > 0; row++) {
        if (row->where != AWS_IN_PATH || !str_eq(wire_name(row), label))
            continue;
        const struct doc *value = doc_get(input, row->name);
        if (!doc_is_null(value) && !scalar(rest, row, value, &text))
            return false;
        if (text.len == 0)
            return aws_fail(rest->arena, rest->error, AWS_INPUT,
                            "%.*s is not said; it stands in the request's path", STR(row->name));
        buf_put(&rest->path, aws_percent_encode(rest->arena, text, greedy));
        return true;
    }
    return aws_fail(rest->arena, rest->error, AWS_INPUT, "{%.*s} of the path has no member",
                    STR(label));
}

static bool put_path(struct rest *rest, const struct doc *input)
{
    struct str left = str_of(rest->op->path);
    while (left.len > 0) {
        size_t open = str_find_char(left, '{');
        buf_put(&rest->path, str_sub(left, 0, open));
        if (open == SIZE_MAX)
            break;
        left = str_from(left, open + 1);
        size_t close = str_find_char(left, '}');
        if (!put_label(rest, input, str_sub(left, 0, close)))
            return false;
        left = close == SIZE_MAX ? S("") : str_from(left, close + 1);
    }
    return true;
}

static void put_pair(struct rest *rest, struct str name, struct str value)
{
    if (rest->query.len > 0)
        buf_putc(&rest->query, '&');
    buf_put(&rest->query, aws_percent_encode(rest->arena, name, false));
    buf_putc(&rest->query, '=');
    buf_put(&rest->query, aws_percent_encode(rest->arena, value, false));
}

static bool put_query(struct rest *rest, const struct aws_member *row, const struct doc *value)
{
    struct str text;
    if (row->shape->type != AWS_LIST) {
        if (!scalar(rest, row, value, &text))
            return false;
        put_pair(rest, wire_name(row), text);
        return true;
    }
    struct aws_member element = *row;
    element.shape = row->shape->element;
    doc_each (entry, value) {
        if (!scalar(rest, &element, entry->value, &text))
            return false;
        put_pair(rest, wire_name(row), text);
    }
    return true;
}

static bool put_header(struct rest *rest, const struct aws_member *row, const struct doc *value)
{
    struct str text;
    if (!scalar(rest, row, value, &text))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ')
            return aws_fail(rest->arena, rest->error, AWS_INPUT, "%.*s has a line break in it",
                            STR(row->name));
    if (rest->wire->header_count == AWS_WIRE_HEADERS)
        return aws_fail(rest->arena, rest->error, AWS_INPUT, "more than %d headers",
                        (int)AWS_WIRE_HEADERS);
    rest->wire->headers[rest->wire->header_count++] = (struct aws_header){wire_name(row), text};
    return true;
}

static bool put_members(struct rest *rest, const struct doc *input)
{
    doc_each (entry, input) {
        const struct aws_member *row = member_find(rest->op->input, entry->name);
        if (row == NULL)
            return aws_fail(rest->arena, rest->error, AWS_INPUT,
                            "%.*s is no member of this operation", STR(entry->name));
        if (doc_is_null(entry->value) || row->where == AWS_IN_PATH)
            continue;
        if (row->where == AWS_IN_BODY)
            doc_put(rest->arena, rest->body, entry->name, entry->value);
        else if (!(row->where == AWS_IN_QUERY ? put_query : put_header)(rest, row, entry->value))
            return false;
    }
    return true;
}

static bool has_body(const struct aws_shape *shape)
{
    for (const struct aws_member *row = shape->members; row != NULL && row->name.len > 0; row++)
        if (row->where == AWS_IN_BODY)
            return true;
    return false;
}

static bool rest_encode(struct arena *arena, const struct aws_op *op, const struct doc *input,
                        struct aws_wire *ret_wire, struct aws_error *reterr)
{
    struct aws_wire wire = {.method = str_of(op->method)};
    struct rest rest = {.arena = arena,
                        .op = op,
                        .body = doc_object(arena),
                        .path = buf_in(arena, URL_MAX),
                        .query = buf_in(arena, URL_MAX),
                        .wire = &wire,
                        .error = reterr};
    if (!put_members(&rest, input) || !put_path(&rest, input))
        return false;
    if (rest.path.overflow || rest.query.overflow)
        return aws_fail(arena, reterr, AWS_INPUT, "the request's address is larger than %d bytes",
                        (int)URL_MAX);
    wire.path = buf_str(&rest.path);
    wire.query = buf_str(&rest.query);
    if (has_body(op->input)) {
        wire.content_type = S("application/json");
        if (!json_body(arena, op->input, rest.body, &wire.body, reterr))
            return false;
    }
    *ret_wire = wire;
    return true;
}

static bool rest_decode(struct arena *arena, struct arena *scratch, const struct aws_op *op,
                        struct str body, struct doc **ret_output, struct aws_error *reterr)
{
    return codec_json11.decode(arena, scratch, op, body, ret_output, reterr);
}

const struct codec codec_rest_json = {rest_encode, rest_decode};
