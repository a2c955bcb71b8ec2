/* How a table of our own differs from AWS's model of the same operation. */
#include "shape.h"

enum { deepest = 24 };

struct comparison {
    struct arena *arena;
    struct doc *list;
};

static void compare(struct comparison *c, const struct shape *own, const struct shape *model,
                    struct str path, int depth);

static void tell(struct comparison *c, struct str path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void tell(struct comparison *c, struct str path, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str what = arena_vfmt(c->arena, format, args);
    va_end(args);
    doc_add(c->arena, c->list,
            doc_fmt(c->arena, "%.*s: %.*s", STR(path.len == 0 ? S("(input)") : path), STR(what)));
}

/* A number without a lower limit in the model has 0 in our tables. */
static int64_t least(const struct shape *shape)
{
    return shape->min == INT64_MIN ? 0 : shape->min;
}

static bool has_value(const struct shape *shape, const char *value)
{
    for (size_t i = 0; shape->values[i] != NULL; i++)
        if (strcmp(shape->values[i], value) == 0)
            return true;
    return false;
}

/* Those values of a shape that `other` lacks, in one sentence: there may be a hundred. */
static void tell_lacking(struct comparison *c, struct str path, const char *who,
                         const struct shape *shape, const struct shape *other)
{
    struct buf names = buf_in(c->arena, 64 * 1024);
    size_t count = 0;

    for (size_t i = 0; shape->values[i] != NULL; i++)
        if (!has_value(other, shape->values[i]))
            buf_printf(&names, "%s%s", count++ == 0 ? "" : ", ", shape->values[i]);
    if (count > 0)
        tell(c, path, "%s does not have the value%s %.*s", who, count == 1 ? "" : "s",
             STR(buf_str(&names)));
}

static void compare_values(struct comparison *c, const struct shape *own, const struct shape *model,
                           struct str path)
{
    if ((own->values == NULL) != (model->values == NULL)) {
        tell(c, path, "an enumeration in %s only", own->values == NULL ? "the model" : "our table");
        return;
    }
    if (own->values == NULL)
        return;
    tell_lacking(c, path, "the model", own, model);
    tell_lacking(c, path, "our table", model, own);
}

static void compare_members(struct comparison *c, const struct shape *own,
                            const struct shape *model, struct str path, int depth)
{
    for (const struct member *row = own->members; row->name.len > 0; row++) {
        const struct member *other = shape_member(model, row->name);
        struct str at =
            arena_fmt(c->arena, "%.*s%s%.*s", STR(path), path.len == 0 ? "" : ".", STR(row->name));
        if (other == NULL) {
            tell(c, at, "the model does not have this member");
            continue;
        }
        if (row->required != other->required)
            tell(c, at, "required in %s only", row->required ? "our table" : "the model");
        compare(c, row->shape, other->shape, at, depth);
    }
    for (const struct member *row = model->members; row->name.len > 0; row++)
        if (shape_member(own, row->name) == NULL)
            tell(c, path, "our table does not have the member %.*s", STR(row->name));
    if (own->one_of != model->one_of)
        tell(c, path, "a union in %s only", own->one_of ? "our table" : "the model");
}

static void compare(struct comparison *c, const struct shape *own, const struct shape *model,
                    struct str path, int depth)
{
    if (depth == deepest)
        return;
    if (own->type != model->type) {
        tell(c, path, "another type than in the model");
        return;
    }
    if (least(own) != least(model))
        tell(c, path, "at least %lld in our table, %lld in the model", (long long)least(own),
             (long long)least(model));
    if (own->max != model->max)
        tell(c, path, "at most %lld in our table, %lld in the model (0: no limit)",
             (long long)own->max, (long long)model->max);
    if ((own->pattern == NULL) != (model->pattern == NULL) ||
        (own->pattern != NULL && strcmp(own->pattern, model->pattern) != 0))
        tell(c, path, "the pattern %s in our table, %s in the model",
             own->pattern == NULL ? "(none)" : own->pattern,
             model->pattern == NULL ? "(none)" : model->pattern);
    compare_values(c, own, model, path);
    if (own->type == SHAPE_STRUCTURE)
        compare_members(c, own, model, path, depth + 1);
    if (own->type == SHAPE_MAP)
        compare(c, own->key, model->key, arena_fmt(c->arena, "%.*s{key}", STR(path)), depth + 1);
    if (own->type == SHAPE_LIST || own->type == SHAPE_MAP)
        compare(c, own->element, model->element, arena_fmt(c->arena, "%.*s[]", STR(path)),
                depth + 1);
}

struct doc *shape_differences(struct arena *arena, const struct shape *own,
                              const struct shape *model)
{
    struct comparison c = {arena, doc_list(arena)};
    compare(&c, own, model, S(""), 0);
    return c.list;
}

static void add_paths(struct comparison *c, const struct shape *shape, struct str path, int depth)
{
    if (depth == deepest)
        return;
    if (shape->type == SHAPE_LIST || shape->type == SHAPE_MAP)
        add_paths(c, shape->element,
                  arena_fmt(c->arena, "%.*s%s", STR(path), shape->type == SHAPE_LIST ? "[]" : "{}"),
                  depth + 1);
    if (shape->type != SHAPE_STRUCTURE)
        return;
    for (const struct member *row = shape->members; row->name.len > 0; row++) {
        struct str at =
            arena_fmt(c->arena, "%.*s%s%.*s", STR(path), path.len == 0 ? "" : ".", STR(row->name));
        doc_add(c->arena, c->list, doc_string(c->arena, at));
        add_paths(c, row->shape, at, depth + 1);
    }
}

void shape_paths(struct arena *arena, const struct shape *shape, struct doc *list)
{
    struct comparison c = {arena, list};
    add_paths(&c, shape, S(""), 0);
}
