/* What is wrong with a call, and how each of AWS's protocols says so. */
#include "shape.h"

#include <stdlib.h>

/* So many are told, and values up to that size: a call that is all wrong has no end of either. */
enum { most_flaws = 200, longest_shown = 64 * 1024 };

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

void flaws_add(struct flaws *flaws, enum flaw_kind kind, const struct doc *value, struct str path,
               const char *format, ...)
{
    struct buf shown = buf_in(flaws->arena, longest_shown);
    va_list args;

    if (flaws->count++ >= most_flaws)
        return;
    struct flaw *flaw = arena_make(flaws->arena, struct flaw);
    va_start(args, format);
    *flaw = (struct flaw){kind, path, .constraint = arena_vfmt(flaws->arena, format, args)};
    va_end(args);
    if (value != NULL)
        put_value(&shown, value);
    flaw->shown = buf_str(&shown);
    if (flaws->last == NULL)
        flaws->first = flaw;
    else
        flaws->last->next = flaw;
    flaws->last = flaw;
}

struct str flaws_step(const struct flaws *flaws, struct str path, const struct member *member)
{
    struct str name = member->name;
    const char *point = path.len == 0 ? "" : ".";

    if (flaws->protocol == PROTOCOL_EC2) {
        if (member->form.len > 0)
            name = member->form;
        return arena_fmt(flaws->arena, "%.*s%s%.*s", STR(path), point, STR(name));
    }
    char first =
        name.ptr[0] >= 'A' && name.ptr[0] <= 'Z' ? (char)(name.ptr[0] - 'A' + 'a') : name.ptr[0];
    return arena_fmt(flaws->arena, "%.*s%s%c%.*s", STR(path), point, first, STR(str_from(name, 1)));
}

/* "Value 'x' at 'clusterName' failed to satisfy constraint: Member must …" */
static struct str sentence(struct arena *arena, const struct flaw *flaw)
{
    if (flaw->kind == FLAW_MISSING)
        return arena_fmt(arena, "Value null at '%.*s' failed to satisfy constraint: %.*s",
                         STR(flaw->path), STR(flaw->constraint));
    return arena_fmt(arena, "Value '%.*s' at '%.*s' failed to satisfy constraint: %.*s",
                     STR(flaw->shown), STR(flaw->path), STR(flaw->constraint));
}

struct str flaws_text(const struct flaws *flaws)
{
    struct buf out = buf_in(flaws->arena, 1024 * 1024);

    if (flaws->unreadable.len > 0)
        return flaws->unreadable;
    for (const struct flaw *flaw = flaws->first; flaw != NULL; flaw = flaw->next) {
        if (flaw != flaws->first)
            buf_putz(&out, "; ");
        buf_put(&out, sentence(flaws->arena, flaw));
    }
    return buf_str(&out);
}

/* EC2 names the first only (its API reference, "Common client error codes"). */
static bool refuse_ec2(const struct flaw *flaw, struct call *call)
{
    switch (flaw->kind) {
    case FLAW_MISSING:
        return call_fail(call, "MissingParameter", "The request must contain the parameter %.*s",
                         STR(flaw->path));
    case FLAW_UNKNOWN:
        return call_fail(call, "UnknownParameter", "The parameter %.*s is not recognized",
                         STR(flaw->path));
    case FLAW_VALUE:
    case FLAW_ENUM:
        break;
    }
    if (str_is(flaw->shape, "InstanceType")) /* a code of its own (DescribeInstanceTypes) */
        return call_fail(call, "InvalidInstanceType",
                         "The following supplied instance types do not exist: [%.*s]",
                         STR(flaw->shown));
    return call_fail(call, "InvalidParameterValue",
                     "Value (%.*s) for parameter %.*s is invalid. %.*s", STR(flaw->shown),
                     STR(flaw->path), STR(flaw->constraint));
}

bool flaws_refuse(const struct flaws *flaws, struct call *call)
{
    bool query = flaws->protocol == PROTOCOL_QUERY;

    if (flaws->unreadable.len > 0)
        return call_fail(call, query ? "MalformedInput" : "SerializationException", "%.*s",
                         STR(flaws->unreadable));
    if (flaws->count == 0)
        return true;
    if (flaws->protocol == PROTOCOL_EC2)
        return refuse_ec2(flaws->first, call);
    return call_fail(call, query ? "ValidationError" : "ValidationException",
                     "%d validation error%s detected: %.*s", flaws->count,
                     flaws->count == 1 ? "" : "s", STR(flaws_text(flaws)));
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The values of an enumeration have no order; whether they are the same, shape_differences says. */
static struct str key_of(struct arena *arena, const struct flaw *flaw)
{
    if (flaw->kind == FLAW_ENUM)
        return arena_fmt(arena, "enum %.*s at %.*s", STR(flaw->shown), STR(flaw->path));
    return sentence(arena, flaw);
}

static struct str *sorted(const struct flaws *flaws)
{
    struct str *texts = arena_array(flaws->arena, struct str, most_flaws);
    size_t count = 0;
    for (const struct flaw *flaw = flaws->first; flaw != NULL; flaw = flaw->next)
        texts[count++] = key_of(flaws->arena, flaw);
    if (count > 0)
        qsort(texts, count, sizeof *texts, by_text);
    return texts;
}

bool flaws_equal(const struct flaws *a, const struct flaws *b)
{
    if (a->unreadable.len > 0 || b->unreadable.len > 0)
        return a->unreadable.len > 0 && b->unreadable.len > 0;
    if (a->count != b->count || a->count > most_flaws)
        return a->count == b->count;
    struct str *left = sorted(a), *right = sorted(b);
    for (int i = 0; i < a->count; i++)
        if (!str_eq(left[i], right[i]))
            return false;
    return true;
}
