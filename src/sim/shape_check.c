#include "shape.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* What is found on the way: all that is wrong is told at once. */
struct findings {
    struct call *call;
    struct buf text;
    int count;
    bool unreadable; /* a type does not fit: the error is made already */
};

static void check(struct findings *findings, const struct shape *shape, const struct doc *value,
                  struct str path);

/* A value as AWS shows it. */
static void put_value(struct buf *out, const struct doc *value)
{
    if (value->kind == DOC_LIST) {
        buf_putc(out, '[');
        doc_each (entry, value) {
            if (entry != value->first)
                buf_putz(out, ", ");
            put_value(out, entry->value);
        }
        buf_putc(out, ']');
    } else if (value->kind == DOC_STRING || value->kind == DOC_NUMBER) {
        buf_put(out, value->text);
    } else {
        doc_to_json(value, out);
    }
}

static void find(struct findings *findings, const struct doc *value, struct str path,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
static void find(struct findings *findings, const struct doc *value, struct str path,
                 const char *format, ...)
{
    struct buf *out = &findings->text;
    va_list args;

    if (findings->count++ > 0)
        buf_putz(out, "; ");
    if (value == NULL) {
        buf_putz(out, "Value null");
    } else {
        buf_putz(out, "Value '");
        put_value(out, value);
        buf_putc(out, '\'');
    }
    va_start(args, format);
    struct str constraint = arena_vfmt(findings->call->arena, format, args);
    va_end(args);
    buf_printf(out, " at '%.*s' failed to satisfy constraint: %.*s", STR(path), STR(constraint));
}

static bool matches(const char *pattern, struct str text)
{
    int error;
    PCRE2_SIZE at;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                      PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED, &error, &at, NULL);
    if (code == NULL)
        return false;
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int found = pcre2_match(code, (PCRE2_SPTR)text.ptr, text.len, 0, 0, data, NULL);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return found >= 0;
}

static void check_size(struct findings *findings, const struct shape *shape,
                       const struct doc *value, int64_t size, const char *what, struct str path)
{
    if (size < shape->min)
        find(findings, value, path, "Member must have %s greater than or equal to %lld", what,
             (long long)shape->min);
    if (shape->max > 0 && size > shape->max)
        find(findings, value, path, "Member must have %s less than or equal to %lld", what,
             (long long)shape->max);
}

static void check_string(struct findings *findings, const struct shape *shape,
                         const struct doc *value, struct str path)
{
    struct buf known = buf_in(findings->call->arena, 64 * 1024);

    check_size(findings, shape, value, (int64_t)str_characters(value->text), "length", path);
    if (shape->pattern != NULL && !matches(shape->pattern, value->text))
        find(findings, value, path, "Member must satisfy regular expression pattern: %s",
             shape->pattern);
    for (size_t i = 0; shape->values != NULL && shape->values[i] != NULL; i++) {
        if (str_is(value->text, shape->values[i]))
            return;
        buf_printf(&known, "%s%s", i == 0 ? "" : ", ", shape->values[i]);
    }
    if (shape->values != NULL)
        find(findings, value, path, "Member must satisfy enum value set: [%.*s]",
             STR(buf_str(&known)));
}

/* clusterName of ClusterName. */
static struct str step(struct arena *arena, struct str path, struct str name)
{
    char first =
        name.ptr[0] >= 'A' && name.ptr[0] <= 'Z' ? (char)(name.ptr[0] - 'A' + 'a') : name.ptr[0];
    struct str rest = str_from(name, 1);
    return arena_fmt(arena, "%.*s%s%c%.*s", STR(path), path.len == 0 ? "" : ".", first, STR(rest));
}

static const struct member *member_of(const struct shape *shape, struct str name)
{
    for (const struct member *row = shape->members; row->name.len > 0; row++)
        if (str_eq(row->name, name))
            return row;
    return NULL;
}

static void check_structure(struct findings *findings, const struct shape *shape,
                            const struct doc *value, struct str path)
{
    struct arena *arena = findings->call->arena;
    size_t set = 0;

    for (const struct member *row = shape->members; row->name.len > 0; row++) {
        const struct doc *member = doc_get(value, row->name);
        if (!doc_is_null(member)) {
            set++;
            check(findings, row->shape, member, step(arena, path, row->name));
        } else if (row->required) {
            find(findings, NULL, step(arena, path, row->name), "Member must not be null");
        }
    }
    doc_each (entry, value) {
        if (entry->name.len > 0 && member_of(shape, entry->name) == NULL)
            find(findings, entry->value, step(arena, path, entry->name),
                 "Member must be one that the model knows");
    }
    if (shape->one_of && set != 1)
        find(findings, value, path, "Member must have exactly one member of the union set");
}

static void check_list(struct findings *findings, const struct shape *shape,
                       const struct doc *value, struct str path)
{
    int index = 0;
    check_size(findings, shape, value, (int64_t)value->count, "length", path);
    doc_each (entry, value) {
        check(findings, shape->element, entry->value,
              arena_fmt(findings->call->arena, "%.*s.%d.member", STR(path), ++index));
    }
}

static void check_map(struct findings *findings, const struct shape *shape, const struct doc *value,
                      struct str path)
{
    struct arena *arena = findings->call->arena;
    check_size(findings, shape, value, (int64_t)value->count, "length", path);
    doc_each (entry, value) {
        check(findings, shape->key, doc_string(arena, entry->name), path);
        check(findings, shape->element, entry->value,
              arena_fmt(arena, "%.*s.%.*s.member", STR(path), STR(entry->name)));
    }
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
             [SHAPE_MAP] = {DOC_OBJECT, "a map"}};

static bool fits_type(struct findings *findings, const struct shape *shape, const struct doc *value,
                      struct str path)
{
    static const char *const kinds[] = {
        [DOC_NULL] = "NULL_VALUE",     [DOC_BOOL] = "BOOLEAN_VALUE",
        [DOC_NUMBER] = "NUMBER_VALUE", [DOC_STRING] = "STRING_VALUE",
        [DOC_LIST] = "LIST_VALUE",     [DOC_OBJECT] = "STRUCTURE_VALUE"};
    int64_t number;

    if (value->kind == types[shape->type].kind &&
        (shape->type != SHAPE_INTEGER || doc_to_int64(value, &number)))
        return true;
    if (shape->type == SHAPE_TIMESTAMP && value->kind == DOC_STRING &&
        time_parse(value->text, &number))
        return true;
    findings->unreadable = true;
    return call_fail(findings->call, "SerializationException",
                     "%s can not be converted to %s: %.*s", kinds[value->kind],
                     types[shape->type].name, STR(path));
}

static void check(struct findings *findings, const struct shape *shape, const struct doc *value,
                  struct str path)
{
    int64_t number = 0;

    if (findings->unreadable || !fits_type(findings, shape, value, path))
        return;
    switch (shape->type) {
    case SHAPE_STRING:
        check_string(findings, shape, value, path);
        break;
    case SHAPE_INTEGER:
        doc_to_int64(value, &number);
        check_size(findings, shape, value, number, "value", path);
        break;
    case SHAPE_STRUCTURE:
        check_structure(findings, shape, value, path);
        break;
    case SHAPE_LIST:
        check_list(findings, shape, value, path);
        break;
    case SHAPE_MAP:
        check_map(findings, shape, value, path);
        break;
    case SHAPE_BOOLEAN:
    case SHAPE_TIMESTAMP:
        break;
    }
}

bool shape_check(struct call *call)
{
    struct findings findings = {.call = call, .text = buf_in(call->arena, 1024 * 1024)};

    check(&findings, call->operation->input, call->input, S(""));
    if (findings.unreadable)
        return false;
    if (findings.count == 0)
        return true;
    return call_fail(call, "ValidationException", "%d validation error%s detected: %.*s",
                     findings.count, findings.count == 1 ? "" : "s", STR(buf_str(&findings.text)));
}
