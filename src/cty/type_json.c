#include "inside.h"

#include <hp/doc/doc.h>
#include <stdio.h>

static const struct {
    const char *name;
    const struct cty_type *type;
} primitives[] = {
    {"string", &cty_string},
    {"number", &cty_number},
    {"bool", &cty_bool},
    {"dynamic", &cty_dynamic},
};

enum { primitive_count = sizeof primitives / sizeof primitives[0] };

struct type_reader {
    struct arena *arena;
    struct str why;
};

static const struct cty_type *read_type(struct type_reader *reader, const struct doc *doc,
                                        size_t depth);

static const struct cty_type *refuse(struct type_reader *reader, struct str why)
{
    reader->why = why;
    return NULL;
}

static bool has_room(struct type_reader *reader, size_t bytes)
{
    if (arena_has_room(reader->arena, bytes + 256))
        return true;
    refuse(reader, S("the type is too large"));
    return false;
}

static const struct cty_type *read_primitive(struct type_reader *reader, struct str name)
{
    struct buf quoted = buf_in(reader->arena, 1024);

    for (size_t i = 0; i < primitive_count; i++)
        if (str_is(name, primitives[i].name))
            return primitives[i].type;
    if (!has_room(reader, 4096))
        return NULL;
    cty_quote(&quoted, str_sub(name, 0, 200));
    return refuse(reader, arena_fmt(reader->arena, "invalid primitive type name %.*s",
                                    STR(buf_str(&quoted))));
}

static const struct cty_type *mismatch(struct type_reader *reader, const struct doc *doc,
                                       const char *wanted)
{
    static const char *const words[] = {
        [DOC_NULL] = "null",     [DOC_BOOL] = "bool",  [DOC_NUMBER] = "number",
        [DOC_STRING] = "string", [DOC_LIST] = "array", [DOC_OBJECT] = "object"};
    if (!has_room(reader, 256))
        return NULL;
    return refuse(reader,
                  arena_fmt(reader->arena, "json: cannot unmarshal %s into Go value of type %s",
                            words[doc->kind], wanted));
}

static const struct cty_type *read_tuple(struct type_reader *reader, const struct doc *doc,
                                         size_t depth)
{
    size_t count = 0;

    if (doc->kind != DOC_LIST && doc->kind != DOC_NULL)
        return mismatch(reader, doc, "[]cty.Type");
    if (!has_room(reader, doc->count * (sizeof(void *) + sizeof(struct cty_attribute))))
        return NULL;
    const struct cty_type **types = arena_array(reader->arena, const struct cty_type *, doc->count);
    doc_each (entry, doc) {
        types[count] = read_type(reader, entry->value, depth);
        if (types[count++] == NULL)
            return NULL;
    }
    return cty_tuple_of(reader->arena, types, count);
}

/* The last of several members of one name counts, as in Go. */
static const struct cty_type *without_duplicates(struct type_reader *reader,
                                                 const struct cty_type *object)
{
    struct cty_attribute *attributes = (struct cty_attribute *)object->attributes;
    struct cty_type *type = arena_make(reader->arena, struct cty_type);
    size_t kept = 0;

    for (size_t i = 0; i < object->count; i++) {
        if (kept > 0 && str_eq(attributes[kept - 1].name, attributes[i].name))
            kept--;
        attributes[kept++] = attributes[i];
    }
    *type = *object;
    type->count = kept;
    return type;
}

static bool mark_optional(struct type_reader *reader, const struct cty_type *object,
                          const struct doc *names)
{
    if (names->kind != DOC_LIST && names->kind != DOC_NULL) {
        mismatch(reader, names, "[]string");
        return false;
    }
    doc_each (entry, names) {
        if (entry->value->kind != DOC_STRING) {
            mismatch(reader, entry->value, "string");
            return false;
        }
        ptrdiff_t at = cty_attribute_index(object, entry->value->text);
        if (at < 0) {
            refuse(reader, S("an optional attribute is not among the attributes"));
            return false;
        }
        ((struct cty_attribute *)object->attributes)[at].optional = true;
    }
    return true;
}

static const struct cty_type *read_object(struct type_reader *reader, const struct doc *doc,
                                          const struct doc_entry *optional, size_t depth)
{
    size_t count = 0;

    if (doc->kind != DOC_OBJECT && doc->kind != DOC_NULL)
        return mismatch(reader, doc, "map[string]cty.Type");
    if (!has_room(reader, doc->count * 2 * sizeof(struct cty_attribute)))
        return NULL;
    struct cty_attribute *attributes = arena_array(reader->arena, struct cty_attribute, doc->count);
    doc_each (entry, doc) {
        attributes[count].type = read_type(reader, entry->value, depth);
        if (attributes[count].type == NULL)
            return NULL;
        if (!cty_nfc(reader->arena, entry->name, &attributes[count++].name))
            return refuse(reader, S("the type is too large"));
    }
    if (!has_room(reader, count * sizeof(struct cty_attribute)))
        return NULL;
    const struct cty_type *object =
        without_duplicates(reader, cty_object_of(reader->arena, attributes, count));
    if (optional != NULL && !mark_optional(reader, object, optional->value))
        return NULL;
    return object;
}

static const struct cty_type *read_complex(struct type_reader *reader, const struct doc *doc,
                                           size_t depth)
{
    const struct doc_entry *kind = doc->first;

    if (kind == NULL || kind->value->kind != DOC_STRING)
        return refuse(reader, S("invalid complex type kind name"));
    struct str name = kind->value->text;
    bool object = str_is(name, "object"), tuple = str_is(name, "tuple");
    if (!object && !tuple && !str_is(name, "list") && !str_is(name, "set") && !str_is(name, "map"))
        return refuse(reader, S("invalid complex type kind name"));
    if (kind->next == NULL)
        return refuse(reader, S("expected comma after array element"));

    const struct doc_entry *inner = kind->next, *more = inner->next;
    const struct cty_type *type = object  ? read_object(reader, inner->value, more, depth + 1)
                                  : tuple ? read_tuple(reader, inner->value, depth + 1)
                                          : read_type(reader, inner->value, depth + 1);
    if (type == NULL || !has_room(reader, sizeof *type))
        return NULL;
    if (object && more != NULL)
        more = more->next;
    if (more != NULL)
        return refuse(reader, S("unexpected extra data in type description"));
    if (object || tuple)
        return type;
    return str_is(name, "list")  ? cty_list_of(reader->arena, type)
           : str_is(name, "set") ? cty_set_of(reader->arena, type)
                                 : cty_map_of(reader->arena, type);
}

static const struct cty_type *read_type(struct type_reader *reader, const struct doc *doc,
                                        size_t depth)
{
    if (depth > CTY_MAX_DEPTH)
        return refuse(reader, S("the type is nested too deeply"));
    switch (doc->kind) {
    case DOC_STRING:
        return read_primitive(reader, doc->text);
    case DOC_LIST:
        return read_complex(reader, doc, depth);
    case DOC_OBJECT:
        return refuse(reader, S("invalid complex type description"));
    default:
        return refuse(reader, S("invalid type description"));
    }
}

bool cty_type_from_doc(struct arena *arena, const struct doc *doc, size_t depth,
                       const struct cty_type **ret_type, struct str *ret_why)
{
    struct type_reader reader = {.arena = arena};
    const struct cty_type *type = read_type(&reader, doc, depth);

    if (type == NULL)
        *ret_why = reader.why;
    else
        *ret_type = type;
    return type != NULL;
}

bool cty_type_from_json(struct arena *arena, struct str json, const struct cty_type **ret_type,
                        struct str *ret_why)
{
    static const struct doc_limits limits = {
        .bytes = 16 * 1024 * 1024, .depth = 3 * CTY_MAX_DEPTH, .nodes = 1000 * 1000};
    const struct cty_type *type;
    struct doc *doc;
    struct doc_error error;

    if (!arena_has_room(arena, 4 * json.len + 256)) {
        *ret_why = S("the type is too large");
        return false;
    }
    json = arena_utf8(arena, json); /* what is not UTF-8 is a wrong name, as in Go */
    struct str first = cty_json_first(json);
    if (!doc_from_json(arena, first, &limits, &doc, &error)) {
        *ret_why = str_empty(first) ? S("EOF") : error.message;
        return false;
    }
    if (!cty_type_from_doc(arena, doc, 1, &type, ret_why))
        return false;
    struct str rest = str_trim(str_from(str_trim(json), first.len));
    if (rest.len > 0 && rest.ptr[0] != ']' && rest.ptr[0] != '}') { /* Go lets these two pass */
        *ret_why = doc->kind == DOC_LIST ? S("unexpected extra data in type description")
                                         : S("extraneous data after type description");
        return false;
    }
    *ret_type = type;
    return true;
}

static void write_optional(const struct cty_type *type, struct buf *out)
{
    bool first = true;

    for (size_t i = 0; i < type->count; i++) {
        if (!type->attributes[i].optional)
            continue;
        buf_putz(out, first ? ",[" : ",");
        cty_json_string(out, type->attributes[i].name);
        first = false;
    }
    if (!first)
        buf_putc(out, ']');
}

void cty_type_write(const struct cty_type *type, struct buf *out)
{
    static const char *const heads[] = {
        [CTY_STRING] = "\"string\"",   [CTY_NUMBER] = "\"number\"",  [CTY_BOOL] = "\"bool\"",
        [CTY_DYNAMIC] = "\"dynamic\"", [CTY_LIST] = "[\"list\",",    [CTY_SET] = "[\"set\",",
        [CTY_MAP] = "[\"map\",",       [CTY_TUPLE] = "[\"tuple\",[", [CTY_OBJECT] = "[\"object\",{",
    };

    buf_putz(out, heads[type->kind]);
    if (cty_is_collection(type)) {
        cty_type_write(type->element, out);
        buf_putc(out, ']');
    }
    if (type->kind != CTY_TUPLE && type->kind != CTY_OBJECT)
        return;
    for (size_t i = 0; i < type->count; i++) {
        if (i > 0)
            buf_putc(out, ',');
        if (type->kind == CTY_OBJECT) {
            cty_json_string(out, type->attributes[i].name);
            buf_putc(out, ':');
        }
        cty_type_write(type->attributes[i].type, out);
    }
    buf_putc(out, type->kind == CTY_TUPLE ? ']' : '}');
    if (type->kind == CTY_OBJECT)
        write_optional(type, out);
    buf_putc(out, ']');
}

struct str cty_type_to_json(struct arena *arena, const struct cty_type *type)
{
    struct buf out = buf_in(arena, 64 * 1024 * 1024);
    cty_type_write(type, &out);
    return buf_str(&out);
}
