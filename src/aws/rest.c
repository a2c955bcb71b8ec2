/* The rest protocols, with JSON (EKS) and with XML (S3): method and path are the operation's own,
 * and each member says where it stands: in the path, the query, a header, the body, or as the whole
 * of the body. */
#include "codec.h"
#include "errors.h"

#include <hp/base/buf.h>

enum { URL_MAX = 64 << 10 };

struct rest {
    struct arena *arena;
    const struct aws_op *op;
    struct doc *body;               /* what stands nowhere else */
    const struct aws_member *whole; /* the member that is the body, and its value */
    const struct doc *whole_value;
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

static bool add_header(struct rest *rest, const struct aws_member *row, struct str name,
                       struct str text)
{
    if (!is_one_line(text))
        return aws_fail(rest->arena, rest->error, AWS_INPUT,
                        "%.*s has a line break or another control character in it", STR(row->name));
    if (rest->wire->header_count == AWS_WIRE_HEADERS)
        return aws_fail(rest->arena, rest->error, AWS_INPUT, "more than %d headers",
                        (int)AWS_WIRE_HEADERS);
    if (str_eq_nocase(name, S("Content-Type")))
        rest->wire->content_type = text;
    else
        rest->wire->headers[rest->wire->header_count++] = (struct aws_header){name, text};
    return true;
}

static bool put_header(struct rest *rest, const struct aws_member *row, const struct doc *value)
{
    struct str text;
    return scalar(rest, row, value, &text) && add_header(rest, row, wire_name(row), text);
}

/* A map whose keys end the headers' names. */
static bool put_headers(struct rest *rest, const struct aws_member *row, const struct doc *value)
{
    doc_each (entry, value) {
        struct aws_member element = {.name = entry->name, .shape = row->shape->element};
        struct str text, name = arena_cat(rest->arena, wire_name(row), entry->name);
        if (aws_percent_encode(rest->arena, entry->name, false).len != entry->name.len)
            return aws_fail(rest->arena, rest->error, AWS_INPUT,
                            "%.*s cannot be a part of a header's name", STR(entry->name));
        if (!scalar(rest, &element, entry->value, &text) || !add_header(rest, row, name, text))
            return false;
    }
    return true;
}

static bool put_body(struct rest *rest, const struct aws_member *row, const struct doc *value)
{
    doc_put(rest->arena, rest->body, row->name, (struct doc *)value);
    return true;
}

static bool put_whole(struct rest *rest, const struct aws_member *row, const struct doc *value)
{
    rest->whole = row;
    rest->whole_value = value;
    return true;
}

static bool put_host(struct rest *rest, const struct aws_member *row, const struct doc *value)
{
    return scalar(rest, row, value, &rest->wire->bucket);
}

static bool put_nothing(struct rest *rest, const struct aws_member *row, const struct doc *value)
{
    (void)rest, (void)row, (void)value; /* the path asks for it by name */
    return true;
}

static bool put_members(struct rest *rest, const struct doc *input)
{
    static bool (*const put[])(struct rest * rest, const struct aws_member *row,
                               const struct doc *value) = {
        [AWS_IN_BODY] = put_body,     [AWS_IN_PATH] = put_nothing, [AWS_IN_QUERY] = put_query,
        [AWS_IN_HEADER] = put_header, [AWS_IN_HOST] = put_host,    [AWS_IN_HEADERS] = put_headers,
        [AWS_IN_WHOLE] = put_whole,
    };
    doc_each (entry, input) {
        const struct aws_member *row = member_find(rest->op->input, entry->name);
        if (row == NULL)
            return aws_fail(rest->arena, rest->error, AWS_INPUT,
                            "%.*s is no member of this operation", STR(entry->name));
        if (!doc_is_null(entry->value) && !put[row->where](rest, row, entry->value))
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

static bool write_body(struct rest *rest, bool xml)
{
    struct aws_wire *wire = rest->wire;
    if (rest->whole != NULL && rest->whole->shape->type == AWS_BLOB) {
        wire->body = doc_text(rest->whole_value);
        return true;
    }
    if (rest->whole != NULL && xml)
        return xml_text(rest->arena, rest->whole->shape, rest->whole_value, wire_name(rest->whole),
                        rest->op->service->xmlns, &wire->body, rest->error);
    if (rest->whole == NULL && !has_body(rest->op->input))
        return true;
    if (xml)
        return aws_fail(rest->arena, rest->error, AWS_INPUT, "%s has a body without a name",
                        rest->op->name);
    wire->content_type = S("application/json");
    return rest->whole != NULL
               ? json_body(rest->arena, rest->whole->shape, rest->whole_value, &wire->body,
                           rest->error)
               : json_body(rest->arena, rest->op->input, rest->body, &wire->body, rest->error);
}

static bool rest_encode(struct arena *arena, const struct aws_op *op, const struct doc *input,
                        bool xml, struct aws_wire *ret_wire, struct aws_error *reterr)
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
    if (!write_body(&rest, xml))
        return false;
    *ret_wire = wire;
    return true;
}

static bool rest_json_encode(struct arena *arena, const struct aws_op *op, const struct doc *input,
                             struct aws_wire *ret_wire, struct aws_error *reterr)
{
    return rest_encode(arena, op, input, false, ret_wire, reterr);
}

static bool rest_xml_encode(struct arena *arena, const struct aws_op *op, const struct doc *input,
                            struct aws_wire *ret_wire, struct aws_error *reterr)
{
    return rest_encode(arena, op, input, true, ret_wire, reterr);
}

/* A body that is one member's bytes; ptr NULL for *ret_output: it is none. */
static bool whole_bytes(struct arena *arena, const struct aws_op *op, struct str body,
                        struct doc **ret_output, struct aws_error *reterr)
{
    *ret_output = NULL;
    for (const struct aws_member *row = op->output->members; row != NULL && row->name.len > 0;
         row++) {
        if (row->where != AWS_IN_WHOLE || row->shape->type != AWS_BLOB)
            continue;
        if (!answer_has_room(arena, body.len, reterr))
            return false;
        *ret_output = doc_object(arena);
        doc_put(arena, *ret_output, row->name, doc_string(arena, arena_str(arena, body)));
    }
    return true;
}

static bool rest_decode(struct arena *arena, struct arena *scratch, const struct aws_op *op,
                        struct str body, bool xml, struct doc **ret_output,
                        struct aws_error *reterr)
{
    struct doc *whole;
    if (!whole_bytes(arena, op, body, &whole, reterr))
        return false;
    if (whole == NULL && !xml)
        return codec_json11.decode(arena, scratch, op, body, ret_output, reterr);
    if (whole == NULL)
        return xml_read(arena, scratch, op->output, body, ret_output, reterr);
    *ret_output = whole;
    return true;
}

static bool rest_json_decode(struct arena *arena, struct arena *scratch, const struct aws_op *op,
                             struct str body, struct doc **ret_output, struct aws_error *reterr)
{
    return rest_decode(arena, scratch, op, body, false, ret_output, reterr);
}

static bool rest_xml_decode(struct arena *arena, struct arena *scratch, const struct aws_op *op,
                            struct str body, struct doc **ret_output, struct aws_error *reterr)
{
    return rest_decode(arena, scratch, op, body, true, ret_output, reterr);
}

const struct codec codec_rest_json = {rest_json_encode, rest_json_decode};
const struct codec codec_rest_xml = {rest_xml_encode, rest_xml_decode};
