/* Requests as XML, by the shape tables: a list stands in a wrapper unless it is flat. */
#include "codec.h"
#include "errors.h"

#include <hp/base/buf.h>

enum { BODY_MAX = 16 << 20 };

struct writing {
    struct arena *arena;
    struct buf out;
    struct aws_error *error;
};

static bool put(struct writing *w, const struct aws_shape *shape, const struct doc *value,
                struct str name, const char *xmlns, const struct spot *spot);

static void put_open(struct writing *w, struct str name, const char *xmlns)
{
    buf_printf(&w->out, "<%.*s", STR(name));
    if (xmlns != NULL)
        buf_printf(&w->out, " xmlns=\"%s\"", xmlns);
    buf_putc(&w->out, '>');
}

static void put_close(struct writing *w, struct str name)
{
    buf_printf(&w->out, "</%.*s>", STR(name));
}

static bool put_members(struct writing *w, const struct aws_shape *shape, const struct doc *value,
                        const struct spot *spot)
{
    doc_each (entry, value) {
        struct spot here = {spot, entry->name};
        const struct aws_member *row = member_find(shape, entry->name);
        if (row == NULL)
            return aws_fail(w->arena, w->error, AWS_INPUT, "%.*s is no member of this operation",
                            STR(spot_text(w->arena, &here)));
        if (doc_is_null(entry->value))
            continue;
        struct str name = row->sent.len > 0 ? row->sent : row->name;
        if (!put(w, row->shape, entry->value, name, NULL, &here))
            return false;
    }
    return true;
}

static bool put_list(struct writing *w, const struct aws_shape *shape, const struct doc *value,
                     struct str name, const struct spot *spot)
{
    struct str element = shape->flat                   ? name
                         : shape->element_name.len > 0 ? shape->element_name
                                                       : S("member");
    size_t index = 0;
    if (!shape->flat)
        put_open(w, name, NULL);
    doc_each (entry, value) {
        struct spot here = {spot, .index = index++};
        if (!put(w, shape->element, entry->value, element, NULL, &here))
            return false;
    }
    if (!shape->flat)
        put_close(w, name);
    return true;
}

static bool put(struct writing *w, const struct aws_shape *shape, const struct doc *value,
                struct str name, const char *xmlns, const struct spot *spot)
{
    struct str text;
    if (shape->type == AWS_LIST)
        return value->kind == DOC_LIST ? put_list(w, shape, value, name, spot)
                                       : not_a(w->arena, AWS_INPUT, shape, spot, w->error);
    if (shape->type == AWS_MAP || (shape->type == AWS_STRUCT && value->kind != DOC_OBJECT))
        return not_a(w->arena, AWS_INPUT, shape, spot, w->error);
    put_open(w, name, xmlns);
    if (shape->type == AWS_STRUCT) {
        if (!put_members(w, shape, value, spot))
            return false;
    } else {
        if (!scalar_to_text(w->arena, shape, value, spot, &text, w->error))
            return false;
        doc_xml_text(&w->out, text);
    }
    put_close(w, name);
    return true;
}

bool xml_text(struct arena *arena, const struct aws_shape *shape, const struct doc *value,
              struct str name, const char *xmlns, struct str *ret_text, struct aws_error *reterr)
{
    struct writing w = {arena, buf_in(arena, BODY_MAX), reterr};
    struct spot here = {NULL, name};
    if (!put(&w, shape, value, name, xmlns, &here))
        return false;
    if (w.out.overflow)
        return aws_fail(arena, reterr, AWS_INPUT, "the request is larger than %d bytes", BODY_MAX);
    *ret_text = buf_str(&w.out);
    return true;
}
