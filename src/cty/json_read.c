#include "reading.h"

#include <hp/doc/doc.h>

static const struct cty_value *read_value(struct reading *reading, const struct cty_type *type,
                                          const struct doc *doc, const struct cty_path *at);

static const struct cty_value *refuse(struct reading *reading, const struct cty_path *at,
                                      const char *why)
{
    reading_refuse(reading, at, "%s", why);
    return NULL;
}

/* Refuses with the name, in quotes, between what stands before and after it. */
static bool refuse_name(struct reading *reading, const struct cty_path *at, const char *before,
                        struct str name, const char *after)
{
    enum { most_shown = 500, largest = 10 * most_shown };
    struct buf quoted = buf_in(reading->arena, largest);

    cty_quote(&quoted, str_sub(name, 0, most_shown));
    return reading_refuse(reading, at, "%s%.*s%s", before, STR(buf_str(&quoted)), after);
}

static const struct cty_value *read_bool(struct reading *reading, const struct doc *doc,
                                         const struct cty_path *at)
{
    struct str text = doc_text(doc);

    if (doc->kind == DOC_BOOL)
        return cty_truth(reading->arena, doc->truth);
    if (doc->kind != DOC_STRING)
        return refuse(reading, at, "bool is required");
    if (str_is(text, "true") || str_is(text, "1"))
        return cty_truth(reading->arena, true);
    if (str_is(text, "false") || str_is(text, "0"))
        return cty_truth(reading->arena, false);
    bool truth = str_eq_nocase(text, S("true"));
    if (!truth && !str_eq_nocase(text, S("false")))
        return refuse(reading, at, "a bool is required");
    reading_refuse(reading, at, "a bool is required; to convert from string, use lowercase \"%s\"",
                   truth ? "true" : "false");
    return NULL;
}

static const struct cty_value *read_number(struct reading *reading, const struct doc *doc,
                                           const struct cty_path *at)
{
    if (doc->kind != DOC_NUMBER && doc->kind != DOC_STRING)
        return refuse(reading, at, "number is required");
    const struct cty_value *value = reading_number(reading, doc->text);
    return value != NULL ? value : refuse(reading, at, "a number is required");
}

static const struct cty_value *read_string(struct reading *reading, const struct doc *doc,
                                           const struct cty_path *at)
{
    struct str text = doc_text(doc);

    if (doc->kind == DOC_BOOL)
        text = doc->truth ? S("true") : S("false");
    else if (text.ptr == NULL)
        return refuse(reading, at, "string is required");
    struct cty_value *value = cty_make(reading->arena, &cty_string, CTY_KNOWN);
    if (!cty_nfc(reading->arena, text, &value->text))
        return refuse(reading, at, "the value is too large");
    return value;
}

static const struct cty_value *read_sequence(struct reading *reading, const struct cty_type *type,
                                             const struct doc *doc, const struct cty_path *at)
{
    struct cty_path here = {.parent = at, .step = CTY_STEP_INDEX};
    size_t count = 0;

    if (doc->kind != DOC_LIST)
        return refuse(reading, at, "missing expected [");
    if (!reading_has_room(reading, at, doc->count * sizeof(void *) + 64))
        return NULL;
    const struct cty_value **items =
        arena_array(reading->arena, const struct cty_value *, doc->count);
    doc_each (entry, doc) {
        here.index = (int64_t)count;
        items[count] = read_value(reading, type->element, entry->value, &here);
        if (items[count++] == NULL)
            return NULL;
    }
    return reading_collection(reading, at, type, NULL, items, count);
}

static const struct cty_value *read_map(struct reading *reading, const struct cty_type *type,
                                        const struct doc *doc, const struct cty_path *at)
{
    struct cty_path here = {.parent = at, .step = CTY_STEP_KEY};
    size_t count = 0;

    if (doc->kind != DOC_OBJECT)
        return refuse(reading, at, "missing expected {");
    if (!reading_has_room(reading, at, doc->count * (sizeof(void *) + sizeof(struct str)) + 64))
        return NULL;
    const struct cty_value **items =
        arena_array(reading->arena, const struct cty_value *, doc->count);
    struct str *keys = arena_array(reading->arena, struct str, doc->count);
    doc_each (entry, doc) {
        here.name = entry->name;
        items[count] = read_value(reading, type->element, entry->value, &here);
        if (items[count] == NULL)
            return NULL;
        if (!cty_nfc(reading->arena, entry->name, &keys[count++]))
            return refuse(reading, at, "the value is too large");
    }
    return reading_collection(reading, at, type, keys, items, count);
}

static const struct cty_value *read_tuple(struct reading *reading, const struct cty_type *type,
                                          const struct doc *doc, const struct cty_path *at)
{
    struct cty_path here = {.parent = at, .step = CTY_STEP_INDEX};
    size_t count = 0;

    if (doc->kind != DOC_LIST)
        return refuse(reading, at, "missing expected [");
    if (!reading_has_room(reading, at, type->count * sizeof(void *) + 64))
        return NULL;
    const struct cty_value **items =
        arena_array(reading->arena, const struct cty_value *, type->count);
    doc_each (entry, doc) {
        if (count == type->count) {
            reading_refuse(reading, at, "too many tuple elements (need %zu)", type->count);
            return NULL;
        }
        here.index = (int64_t)count;
        items[count] = read_value(reading, type->attributes[count].type, entry->value, &here);
        if (items[count++] == NULL)
            return NULL;
    }
    if (count < type->count) {
        reading_refuse(reading, at, "not enough tuple elements (need %zu)", type->count);
        return NULL;
    }
    return reading_structure(reading, type, items, false);
}

static const struct cty_value *read_object(struct reading *reading, const struct cty_type *type,
                                           const struct doc *doc, const struct cty_path *at)
{
    struct cty_path here = {.parent = at, .step = CTY_STEP_ATTR};

    if (doc->kind != DOC_OBJECT)
        return refuse(reading, at, "missing expected {");
    if (!reading_has_room(reading, at, type->count * sizeof(void *) + 64))
        return NULL;
    const struct cty_value **items =
        arena_array(reading->arena, const struct cty_value *, type->count);
    doc_each (entry, doc) {
        ptrdiff_t index = cty_attribute_index(type, entry->name);
        if (index < 0 && reading->mode == CTY_STRICT) {
            refuse_name(reading, at, "unsupported attribute ", entry->name, "");
            return NULL;
        }
        if (index < 0)
            continue;
        here.name = entry->name;
        items[index] = read_value(reading, type->attributes[index].type, entry->value, &here);
        if (items[index] == NULL)
            return NULL;
    }
    return reading_structure(reading, type, items, false);
}

static bool find_parts(struct reading *reading, const struct doc *doc, const struct cty_path *at,
                       const struct doc **ret_type, const struct doc **ret_value)
{
    *ret_type = *ret_value = NULL;
    doc_each (entry, doc) {
        if (str_is(entry->name, "type"))
            *ret_type = entry->value;
        else if (str_is(entry->name, "value"))
            *ret_value = entry->value;
        else
            return refuse_name(reading, at, "invalid key ", entry->name,
                               " in dynamically-typed value");
    }
    if (*ret_type == NULL)
        return reading_refuse(reading, at, "missing type in dynamically-typed value");
    return *ret_value != NULL ||
           reading_refuse(reading, at, "missing value in dynamically-typed value");
}

/* {"type": …, "value": …} */
static const struct cty_value *read_dynamic(struct reading *reading, const struct doc *doc,
                                            const struct cty_path *at)
{
    const struct doc *type_doc, *value_doc;
    const struct cty_type *type;
    struct str why;

    if (doc->kind != DOC_OBJECT)
        return refuse(reading, at, "missing expected {");
    if (!find_parts(reading, doc, at, &type_doc, &value_doc))
        return NULL;
    if (!cty_type_from_doc(reading->arena, type_doc, 1, &type, &why)) {
        reading_refuse(reading, at, "failed to decode type for dynamic value: %.*s", STR(why));
        return NULL;
    }
    bool concrete = reading->concrete;
    reading->concrete = !cty_type_has_dynamic(type);
    const struct cty_value *value = read_value(reading, type, value_doc, at);
    reading->concrete = concrete;
    return value;
}

static const struct cty_value *read_known(struct reading *reading, const struct cty_type *type,
                                          const struct doc *doc, const struct cty_path *at)
{
    switch (type->kind) {
    case CTY_STRING:
        return read_string(reading, doc, at);
    case CTY_NUMBER:
        return read_number(reading, doc, at);
    case CTY_BOOL:
        return read_bool(reading, doc, at);
    case CTY_DYNAMIC:
        return read_dynamic(reading, doc, at);
    case CTY_LIST:
    case CTY_SET:
        return read_sequence(reading, type, doc, at);
    case CTY_MAP:
        return read_map(reading, type, doc, at);
    case CTY_TUPLE:
        return read_tuple(reading, type, doc, at);
    default:
        return read_object(reading, type, doc, at);
    }
}

static const struct cty_value *read_value(struct reading *reading, const struct cty_type *type,
                                          const struct doc *doc, const struct cty_path *at)
{
    if (!reading_enter(reading, at) || !reading_has_room(reading, at, READING_VALUE))
        return NULL;
    const struct cty_value *value =
        doc_is_null(doc) ? cty_null(reading->arena, type) : read_known(reading, type, doc, at);
    reading->depth--;
    return value;
}

bool cty_from_json(struct arena *arena, const struct cty_type *type, struct str json,
                   enum cty_mode mode, const struct cty_value **ret_value, struct cty_error *reterr)
{
    static const struct doc_limits limits = {
        .bytes = 512 * 1024 * 1024, .depth = 3 * CTY_MAX_DEPTH, .nodes = 16 * 1000 * 1000};
    struct reading reading = {
        .arena = arena, .mode = mode, .reterr = reterr, .concrete = !cty_type_has_dynamic(type)};
    struct doc_error error;
    struct doc *doc;

    if (mode == CTY_STRICT)
        json = cty_json_first(json);
    if (!doc_from_json(arena, json, &limits, &doc, &error)) {
        bool placed = error.line > 0 && arena_has_room(arena, 4096);
        *reterr = (struct cty_error){.message = error.message};
        if (str_empty(str_trim(json)))
            reterr->message = S("EOF");
        else if (placed)
            reterr->message = arena_fmt(arena, "%.*s (line %zu, column %zu)", STR(error.message),
                                        error.line, error.column);
        return false;
    }
    const struct cty_value *value = read_value(&reading, type, doc, NULL);
    if (value != NULL)
        *ret_value = value;
    return value != NULL;
}
