/* The two form protocols: EC2's and the query protocol of STS and IAM. Both send
 * Action=…&Version=…&Name=value, lists as Name.1 (EC2) or Name.member.1 (query), and answer XML. */
#include "codec.h"
#include "errors.h"

enum { BODY_MAX = 16 << 20 };

struct form {
    struct arena *arena;
    struct buf body;
    bool ec2;
    struct aws_error *error;
};

static void put_form_text(struct buf *out, struct str s)
{
    static const char kept[] = "-_.~", digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
            (c != '\0' && strchr(kept, c) != NULL)) {
            buf_putc(out, (char)c);
        } else if (c == ' ') {
            buf_putc(out, '+');
        } else {
            buf_putc(out, '%');
            buf_putc(out, digits[c >> 4]);
            buf_putc(out, digits[c & 15]);
        }
    }
}

static void put_pair(struct form *form, struct str name, struct str value)
{
    buf_putc(&form->body, '&');
    put_form_text(&form->body, name);
    buf_putc(&form->body, '=');
    put_form_text(&form->body, value);
}

/* EC2's rule when a row does not say how it is sent: first letter upper-case. */
static struct str sent_name(struct arena *arena, const struct aws_member *row, bool ec2)
{
    if (row->sent.len > 0)
        return row->sent;
    char first = row->name.ptr[0];
    if (!ec2 || first < 'a' || first > 'z')
        return row->name;
    return arena_fmt(arena, "%c%.*s", first - 'a' + 'A', STR(str_from(row->name, 1)));
}

static bool put_value(struct form *form, const struct aws_shape *shape, const struct doc *value,
                      struct str name, const struct spot *spot);

static bool put_struct(struct form *form, const struct aws_shape *shape, const struct doc *value,
                       struct str prefix, const struct spot *spot)
{
    doc_each (entry, value) {
        struct spot here = {spot, entry->name};
        const struct aws_member *row = member_find(shape, entry->name);
        if (row == NULL)
            return aws_fail(form->arena, form->error, AWS_INPUT,
                            "%.*s is no member of this operation",
                            STR(spot_text(form->arena, &here)));
        if (doc_is_null(entry->value))
            continue;
        struct str name = sent_name(form->arena, row, form->ec2);
        if (prefix.len > 0)
            name = arena_fmt(form->arena, "%.*s.%.*s", STR(prefix), STR(name));
        if (!put_value(form, row->shape, entry->value, name, &here))
            return false;
    }
    return true;
}

static bool put_list(struct form *form, const struct aws_shape *shape, const struct doc *value,
                     struct str prefix, const struct spot *spot)
{
    size_t index = 0;
    if (value->count == 0 && !form->ec2)
        put_pair(form, prefix, S(""));
    doc_each (entry, value) {
        struct spot here = {spot, .index = index++};
        struct str name =
            form->ec2 || shape->flat
                ? arena_fmt(form->arena, "%.*s.%zu", STR(prefix), index)
                : arena_fmt(form->arena, "%.*s.%.*s.%zu", STR(prefix),
                            STR(shape->element_name.len > 0 ? shape->element_name : S("member")),
                            index);
        if (!put_value(form, shape->element, entry->value, name, &here))
            return false;
    }
    return true;
}

static bool put_map(struct form *form, const struct aws_shape *shape, const struct doc *value,
                    struct str prefix, const struct spot *spot)
{
    size_t index = 0;
    doc_each (entry, value) {
        struct spot here = {spot, entry->name};
        struct str at =
            arena_fmt(form->arena, "%.*s%s.%zu", STR(prefix), shape->flat ? "" : ".entry", ++index);
        put_pair(form, arena_fmt(form->arena, "%.*s.key", STR(at)), entry->name);
        if (!put_value(form, shape->element, entry->value,
                       arena_fmt(form->arena, "%.*s.value", STR(at)), &here))
            return false;
    }
    return true;
}

static bool put_value(struct form *form, const struct aws_shape *shape, const struct doc *value,
                      struct str name, const struct spot *spot)
{
    enum doc_kind wanted = shape->type == AWS_LIST ? DOC_LIST : DOC_OBJECT;
    struct str text;
    switch (shape->type) {
    case AWS_STRUCT:
    case AWS_LIST:
    case AWS_MAP:
        if (value->kind != wanted)
            return not_a(form->arena, AWS_INPUT, shape, spot, form->error);
        return shape->type == AWS_STRUCT ? put_struct(form, shape, value, name, spot)
               : shape->type == AWS_LIST ? put_list(form, shape, value, name, spot)
                                         : put_map(form, shape, value, name, spot);
    default:
        if (!scalar_to_text(form->arena, shape, value, spot, &text, form->error))
            return false;
        put_pair(form, name, text);
        return true;
    }
}

static bool form_encode(struct arena *arena, const struct aws_op *op, const struct doc *input,
                        bool ec2, struct aws_wire *ret_wire, struct aws_error *reterr)
{
    struct form form = {arena, buf_in(arena, BODY_MAX), ec2, reterr};
    buf_printf(&form.body, "Action=%s&Version=%s", op->name, op->service->version);
    if (!put_struct(&form, op->input, input, (struct str){0}, NULL))
        return false;
    if (form.body.overflow)
        return aws_fail(arena, reterr, AWS_INPUT, "the request is larger than %d bytes", BODY_MAX);
    *ret_wire = (struct aws_wire){
        .method = S("POST"),
        .path = S("/"),
        .content_type = S("application/x-www-form-urlencoded; charset=utf-8"),
        .body = buf_str(&form.body),
    };
    return true;
}

/* How an answer is read. */
struct reading {
    struct arena *arena;
    struct str element_name; /* of lists that do not say */
    struct aws_error *error;
};

static bool from_xml(const struct reading *reading, const struct aws_shape *shape,
                     const struct doc *value, const struct spot *spot, struct doc **ret);

static const struct aws_member *member_answered(const struct aws_shape *shape, struct str name)
{
    for (const struct aws_member *m = shape->members; m != NULL && m->name.len > 0; m++)
        if (str_eq(m->answered.len > 0 ? m->answered : m->name, name))
            return m;
    return NULL;
}

/* A flat list's elements come one by one, each as a member of its own. */
static bool flat_add(const struct reading *reading, const struct aws_member *row,
                     const struct doc *value, const struct spot *spot, struct doc *object)
{
    struct doc *list = doc_get(object, row->name), *element;
    if (list == NULL) {
        list = doc_list(reading->arena);
        doc_put(reading->arena, object, row->name, list);
    }
    if (!from_xml(reading, row->shape->element, value, spot, &element))
        return false;
    doc_add(reading->arena, list, element);
    return true;
}

static bool struct_from_xml(const struct reading *reading, const struct aws_shape *shape,
                            const struct doc *value, const struct spot *spot, struct doc **ret)
{
    struct doc *object = doc_object(reading->arena), *member;
    doc_each (entry, value) {
        struct spot here = {spot, entry->name};
        const struct aws_member *row = member_answered(shape, entry->name);
        if (row == NULL)
            continue;
        if (!answer_has_room(reading->arena, 0, reading->error))
            return false;
        if (row->shape->type == AWS_LIST && row->shape->flat) {
            if (!flat_add(reading, row, entry->value, &here, object))
                return false;
            continue;
        }
        if (!from_xml(reading, row->shape, entry->value, &here, &member))
            return false;
        doc_put(reading->arena, object, row->name, member);
    }
    *ret = object;
    return true;
}

static bool list_from_xml(const struct reading *reading, const struct aws_shape *shape,
                          const struct doc *value, const struct spot *spot, struct doc **ret)
{
    struct str wanted = shape->element_name.len > 0 ? shape->element_name : reading->element_name;
    struct doc *list = doc_list(reading->arena), *element;
    size_t index = 0;
    doc_each (entry, value) {
        struct spot here = {spot, .index = index++};
        if (!str_eq(entry->name, wanted))
            continue;
        if (!answer_has_room(reading->arena, 0, reading->error) ||
            !from_xml(reading, shape->element, entry->value, &here, &element))
            return false;
        doc_add(reading->arena, list, element);
    }
    *ret = list;
    return true;
}

static bool map_from_xml(const struct reading *reading, const struct aws_shape *shape,
                         const struct doc *value, const struct spot *spot, struct doc **ret)
{
    struct doc *object = doc_object(reading->arena), *element;
    doc_each (entry, value) {
        struct str key = doc_get_text(entry->value, S("key"));
        struct spot here = {spot, key};
        if (!str_eq(entry->name, S("entry")) || key.ptr == NULL)
            continue;
        struct doc *found = doc_get(entry->value, S("value"));
        if (!answer_has_room(reading->arena, key.len, reading->error) || found == NULL ||
            !from_xml(reading, shape->element, found, &here, &element))
            return false;
        doc_put(reading->arena, object, arena_str(reading->arena, key), element);
    }
    *ret = object;
    return true;
}

/* An element without content is a DOC_STRING: an empty object, list or string, as the shape says.
 */
static bool from_xml(const struct reading *reading, const struct aws_shape *shape,
                     const struct doc *value, const struct spot *spot, struct doc **ret)
{
    bool empty = value->kind == DOC_STRING && str_trim(value->text).len == 0;
    bool has_parts = value->kind == DOC_OBJECT || empty;
    const struct doc *parts = value->kind == DOC_OBJECT ? value : NULL;
    if (shape->type == AWS_STRUCT && has_parts)
        return struct_from_xml(reading, shape, parts, spot, ret);
    if (shape->type == AWS_LIST && has_parts)
        return list_from_xml(reading, shape, parts, spot, ret);
    if (shape->type == AWS_MAP && has_parts)
        return map_from_xml(reading, shape, parts, spot, ret);
    if (shape->type == AWS_STRUCT || shape->type == AWS_LIST || shape->type == AWS_MAP ||
        value->kind != DOC_STRING)
        return not_a(reading->arena, AWS_ANSWER, shape, spot, reading->error);
    return scalar_from_text(reading->arena, shape, value->text, spot, ret, reading->error);
}

static bool xml_root(struct arena *arena, struct arena *scratch, struct str body,
                     struct doc **ret_doc, struct aws_error *reterr)
{
    struct doc_error error;
    struct str root;
    if (!doc_from_xml(scratch, body, NULL, &root, ret_doc, &error))
        return aws_fail(arena, reterr, AWS_ANSWER, "no XML, line %zu: %.*s", error.line,
                        STR(error.message));
    return true;
}

bool xml_read(struct arena *arena, struct arena *scratch, const struct aws_shape *shape,
              struct str text, struct doc **ret, struct aws_error *reterr)
{
    struct reading reading = {arena, S("member"), reterr};
    struct doc *doc = doc_object(scratch);
    return (str_trim(text).len == 0 || xml_root(arena, scratch, text, &doc, reterr)) &&
           from_xml(&reading, shape, doc, NULL, ret);
}

static bool ec2_encode(struct arena *arena, const struct aws_op *op, const struct doc *input,
                       struct aws_wire *ret_wire, struct aws_error *reterr)
{
    return form_encode(arena, op, input, true, ret_wire, reterr);
}

static bool ec2_decode(struct arena *arena, struct arena *scratch, const struct aws_op *op,
                       struct str body, struct doc **ret_output, struct aws_error *reterr)
{
    struct reading reading = {arena, S("item"), reterr};
    struct doc *doc;
    return xml_root(arena, scratch, body, &doc, reterr) &&
           from_xml(&reading, op->output, doc, NULL, ret_output);
}

static bool query_encode(struct arena *arena, const struct aws_op *op, const struct doc *input,
                         struct aws_wire *ret_wire, struct aws_error *reterr)
{
    return form_encode(arena, op, input, false, ret_wire, reterr);
}

/* The answer stands inside <OperationResult>; operations without one answer only metadata. */
static bool query_decode(struct arena *arena, struct arena *scratch, const struct aws_op *op,
                         struct str body, struct doc **ret_output, struct aws_error *reterr)
{
    struct reading reading = {arena, S("member"), reterr};
    struct doc *doc;
    if (!xml_root(arena, scratch, body, &doc, reterr))
        return false;
    const struct doc *result = doc_get(doc, arena_fmt(scratch, "%sResult", op->name));
    return from_xml(&reading, op->output, result == NULL ? doc_object(scratch) : result, NULL,
                    ret_output);
}

const struct codec codec_ec2 = {ec2_encode, ec2_decode};
const struct codec codec_query = {query_encode, query_decode};
