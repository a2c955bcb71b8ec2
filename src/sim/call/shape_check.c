#include "shape.h"

#include <stdlib.h>

static void check(struct flaws *flaws, const struct shape *shape, const struct doc *value,
                  struct str path);

static void check_size(struct flaws *flaws, const struct shape *shape, const struct doc *value,
                       int64_t size, const char *what, struct str path)
{
    if (size < shape->min)
        flaws_add(flaws, FLAW_VALUE, value, path,
                  "Member must have %s greater than or equal to %lld", what, (long long)shape->min);
    if (shape->max > 0 && size > shape->max)
        flaws_add(flaws, FLAW_VALUE, value, path, "Member must have %s less than or equal to %lld",
                  what, (long long)shape->max);
}

static void check_string(struct flaws *flaws, const struct shape *shape, const struct doc *value,
                         struct str path)
{
    check_size(flaws, shape, value, (int64_t)str_characters(value->text), "length", path);
    if (shape->pattern != NULL && !pattern_matches(shape->pattern, value->text))
        flaws_add(flaws, FLAW_VALUE, value, path,
                  "Member must satisfy regular expression pattern: %s", shape->pattern);
    for (size_t i = 0; shape->values != NULL && shape->values[i] != NULL; i++)
        if (str_is(value->text, shape->values[i]))
            return;
    if (shape->values == NULL)
        return;
    struct buf known = buf_in(flaws->arena, 64 * 1024);
    for (size_t i = 0; shape->values[i] != NULL; i++)
        buf_printf(&known, "%s%s", i == 0 ? "" : ", ", shape->values[i]);
    flaws_add(flaws, FLAW_ENUM, value, path, "Member must satisfy enum value set: [%.*s]",
              STR(buf_str(&known)));
    flaws->last->shape = shape->name;
}

const struct member *shape_member(const struct shape *shape, struct str name)
{
    for (const struct member *row = shape->members; row->name.len > 0; row++)
        if (str_eq(row->name, name))
            return row;
    return NULL;
}

static void check_structure(struct flaws *flaws, const struct shape *shape, const struct doc *value,
                            struct str path)
{
    size_t set = 0;

    for (const struct member *row = shape->members; row->name.len > 0; row++) {
        const struct doc *member = doc_get(value, row->name);
        if (!doc_is_null(member)) {
            set++;
            check(flaws, row->shape, member, flaws_step(flaws, path, row));
        } else if (row->required) {
            flaws_add(flaws, FLAW_MISSING, NULL, flaws_step(flaws, path, row),
                      "Member must not be null");
        }
    }
    doc_each (entry, value) {
        struct member stranger = {.name = entry->name};
        if (entry->name.len > 0 && shape_member(shape, entry->name) == NULL)
            flaws_add(flaws, FLAW_UNKNOWN, entry->value, flaws_step(flaws, path, &stranger),
                      "Member must be one that the model knows");
    }
    if (shape->one_of && set != 1)
        flaws_add(flaws, FLAW_VALUE, value, path,
                  "Member must have exactly one member of the union set");
}

static void check_list(struct flaws *flaws, const struct shape *shape, const struct doc *value,
                       struct str path)
{
    const char *word = flaws->protocol == PROTOCOL_EC2 ? "" : ".member";
    int index = 0;
    check_size(flaws, shape, value, (int64_t)value->count, "length", path);
    doc_each (entry, value) {
        check(flaws, shape->element, entry->value,
              arena_fmt(flaws->arena, "%.*s.%d%s", STR(path), ++index, word));
    }
}

static void check_map(struct flaws *flaws, const struct shape *shape, const struct doc *value,
                      struct str path)
{
    check_size(flaws, shape, value, (int64_t)value->count, "length", path);
    doc_each (entry, value) {
        check(flaws, shape->key, doc_string(flaws->arena, entry->name), path);
        check(flaws, shape->element, entry->value,
              arena_fmt(flaws->arena, "%.*s.%.*s.member", STR(path), STR(entry->name)));
    }
}

/* Limits of fractions stand as whole numbers in all models that there are (botocore 1.44.5). */
static void check_float(struct flaws *flaws, const struct shape *shape, const struct doc *value,
                        struct str path)
{
    double number = strtod(arena_z(flaws->arena, value->text), NULL);
    if (shape->min != INT64_MIN && number < (double)shape->min)
        flaws_add(flaws, FLAW_VALUE, value, path,
                  "Member must have value greater than or equal to %lld", (long long)shape->min);
    if (shape->max > 0 && number > (double)shape->max)
        flaws_add(flaws, FLAW_VALUE, value, path,
                  "Member must have value less than or equal to %lld", (long long)shape->max);
}

/* Which kinds of JSON a type may be, and its name in Java, where AWS's words come from. */
static const struct {
    enum doc_kind kind;
    const char *name;
} types[] = {[SHAPE_STRING] = {DOC_STRING, "a String"},
             [SHAPE_INTEGER] = {DOC_NUMBER, "an Integer"},
             [SHAPE_BOOLEAN] = {DOC_BOOL, "a Boolean"},
             [SHAPE_TIMESTAMP] = {DOC_NUMBER, "milliseconds since epoch"},
             [SHAPE_STRUCTURE] = {DOC_OBJECT, "a structure"},
             [SHAPE_LIST] = {DOC_LIST, "a list"},
             [SHAPE_MAP] = {DOC_OBJECT, "a map"},
             [SHAPE_FLOAT] = {DOC_NUMBER, "a Double"},
             [SHAPE_BLOB] = {DOC_STRING, "a Blob"}};

static bool is_base64(struct str text)
{
    size_t len = text.len;
    while (len > 0 && text.len - len < 2 && text.ptr[len - 1] == '=')
        len--;
    for (size_t i = 0; i < len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '+' || c == '/'))
            return false;
    }
    return text.len % 4 == 0;
}

static bool fits_type(struct flaws *flaws, const struct shape *shape, const struct doc *value,
                      struct str path)
{
    static const char *const kinds[] = {
        [DOC_NULL] = "NULL_VALUE",     [DOC_BOOL] = "BOOLEAN_VALUE",
        [DOC_NUMBER] = "NUMBER_VALUE", [DOC_STRING] = "STRING_VALUE",
        [DOC_LIST] = "LIST_VALUE",     [DOC_OBJECT] = "STRUCTURE_VALUE"};
    int64_t number;

    if (value->kind == types[shape->type].kind &&
        (shape->type != SHAPE_INTEGER || doc_to_int64(value, &number)) &&
        (shape->type != SHAPE_BLOB || is_base64(value->text)))
        return true;
    if (shape->type == SHAPE_TIMESTAMP && value->kind == DOC_STRING &&
        time_parse(value->text, &number))
        return true;
    flaws->unreadable = arena_fmt(flaws->arena, "%s can not be converted to %s: %.*s",
                                  kinds[value->kind], types[shape->type].name, STR(path));
    return false;
}

static void check(struct flaws *flaws, const struct shape *shape, const struct doc *value,
                  struct str path)
{
    int64_t number = 0;

    if (flaws->unreadable.len > 0 || !fits_type(flaws, shape, value, path))
        return;
    switch (shape->type) {
    case SHAPE_STRING:
        check_string(flaws, shape, value, path);
        break;
    case SHAPE_INTEGER:
        doc_to_int64(value, &number);
        check_size(flaws, shape, value, number, "value", path);
        break;
    case SHAPE_FLOAT:
        check_float(flaws, shape, value, path);
        break;
    case SHAPE_BLOB: /* as many bytes as the base64 holds */
        number = (int64_t)value->text.len / 4 * 3 - str_ends(value->text, S("=")) -
                 str_ends(value->text, S("=="));
        check_size(flaws, shape, value, number, "length", path);
        break;
    case SHAPE_STRUCTURE:
        check_structure(flaws, shape, value, path);
        break;
    case SHAPE_LIST:
        check_list(flaws, shape, value, path);
        break;
    case SHAPE_MAP:
        check_map(flaws, shape, value, path);
        break;
    case SHAPE_BOOLEAN:
    case SHAPE_TIMESTAMP:
        break;
    }
}

void shape_check(struct flaws *flaws, const struct shape *shape, const struct doc *value)
{
    if (value != NULL)
        check(flaws, shape, value, S(""));
}
