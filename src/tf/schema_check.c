/* The tables themselves: what core demands of a schema, and what our planner counts on. */
#include "tf.h"

#include <ctype.h>

struct inspection {
    struct arena *arena;
    struct diags *diags;
    bool deep;
};

struct level {
    const struct cty_path *path;
    bool in_set, in_collection;
};

static bool bad(const struct inspection *run, const struct cty_path *path, const char *why)
{
    return diag_bug(run->diags, path, "%.*s%s.", STR(tf_break_place(run->arena, path)), why);
}

bool tf_is_name(const char *name)
{
    if (name == NULL || (!islower((unsigned char)*name) && *name != '_'))
        return false;
    for (; *name != 0; name++)
        if (!islower((unsigned char)*name) && !isdigit((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

static bool is_collection(const struct tf_attr *attr)
{
    return attr->kind == TF_LIST || attr->kind == TF_SET || attr->kind == TF_MAP;
}

/* The kind of the thing that words, patterns and ranges speak of. */
static enum tf_kind leaf_kind(const struct tf_attr *attr)
{
    return is_collection(attr) ? attr->of : attr->kind;
}

static bool check_modes(const struct inspection *run, const struct tf_attr *attr,
                        const struct level *here)
{
    bool required = attr->flags & TF_REQUIRED, optional = attr->flags & TF_OPTIONAL,
         computed = attr->flags & TF_COMPUTED;

    if (!required && !optional && !computed)
        return bad(run, here->path, "must set Optional, Required or Computed");
    if (required && (optional || computed))
        return bad(run, here->path, "Required goes with neither Optional nor Computed");
    if ((attr->flags & TF_WRITE_ONLY) != 0 && computed)
        return bad(run, here->path, "a write-only attribute can't be computed");
    if ((attr->flags & TF_STABLE) != 0 && !computed)
        return bad(run, here->path, "only a computed attribute can be stable");
    if ((attr->flags & TF_LOCAL) != 0 && (attr->flags & TF_REPLACE) != 0)
        return bad(run, here->path, "a local attribute can't replace the resource");
    if (attr->fallback != NULL && (!optional || !computed))
        return bad(run, here->path, "a default needs optional and computed");
    return true;
}

static bool check_kind(const struct inspection *run, const struct tf_attr *attr,
                       const struct level *here)
{
    if (attr->kind < TF_STRING || attr->kind > TF_OBJECT)
        return bad(run, here->path, "has no kind");
    if (attr->kind == TF_OBJECT && attr->attrs == NULL)
        return bad(run, here->path, "an object needs attributes");
    if (attr->attrs != NULL && attr->kind < TF_LIST)
        return bad(run, here->path, "a primitive has no attributes");
    if (is_collection(attr) && (attr->attrs == NULL) == (attr->of == 0))
        return bad(run, here->path, "a collection is of a kind, or has attributes");
    if (attr->of > TF_BOOL)
        return bad(run, here->path, "a collection is of primitives");
    if (here->in_collection && attr->kind == TF_DYNAMIC)
        return bad(run, here->path, "no dynamic inside collections and blocks");
    return true;
}

static bool check_in_set(const struct inspection *run, const struct tf_attr *attr,
                         const struct level *here)
{
    if (!here->in_set)
        return true;
    if ((attr->flags & (TF_COMPUTED | TF_WRITE_ONLY)) != 0)
        return bad(run, here->path, "nothing computed or write-only inside sets");
    if (attr->same != NULL || attr->replace_if != NULL)
        return bad(run, here->path, "elements of sets have no counterpart to be compared with");
    return true;
}

static bool check_fallback(const struct inspection *run, const struct tf_attr *attr,
                           const struct level *here)
{
    struct tf_validation validation = {run->arena, run->diags, true};
    struct cty_number number;
    struct str text = str_of(attr->fallback);
    bool reads = true;

    if (attr->kind == TF_NUMBER || attr->kind == TF_INT)
        reads = cty_number_from_text(run->arena, text, &number);
    else if (attr->kind == TF_BOOL)
        reads = str_eq(text, S("true")) || str_eq(text, S("false"));
    else if (attr->kind == TF_LIST || attr->kind == TF_SET)
        reads = str_eq(text, S("[]"));
    else if (attr->kind == TF_MAP || attr->kind == TF_OBJECT)
        reads = str_eq(text, S("{}"));
    if (!reads)
        return bad(run, here->path, "the default is not of its kind");
    size_t before = run->diags->errors;
    struct tf_attr row = *attr;
    row.check = NULL; /* it may ask for a parent */
    tf_validate_value(&validation, &row, tf_fallback(run->arena, attr), NULL, here->path);
    return run->diags->errors == before || bad(run, here->path, "the default is not valid itself");
}

static bool check_limits(const struct inspection *run, const struct tf_attr *attr,
                         const struct level *here)
{
    enum tf_kind leaf = leaf_kind(attr);
    struct str why = S("");

    if ((attr->oneof != NULL || attr->pattern != NULL) && leaf != TF_STRING)
        return bad(run, here->path, "words and patterns are for strings");
    if (attr->oneof != NULL && attr->oneof[0] == NULL)
        return bad(run, here->path, "no word is allowed");
    if (attr->ranged && leaf != TF_NUMBER && leaf != TF_INT)
        return bad(run, here->path, "a range is for numbers");
    if (attr->ranged && attr->min > attr->max)
        return bad(run, here->path, "min is above max");
    if ((attr->min_len != 0 || attr->max_len != 0) && !is_collection(attr) &&
        attr->kind != TF_STRING)
        return bad(run, here->path, "only strings and collections have a length");
    if (attr->min_len < 0 || attr->max_len < 0 ||
        (attr->max_len != 0 && attr->min_len > attr->max_len))
        return bad(run, here->path, "the lengths contradict each other");
    if (!run->deep)
        return true;
    if (attr->pattern != NULL && !tf_pattern_compiles(run->arena, attr->pattern, &why))
        return bad(run, here->path,
                   arena_fmt(run->arena, "the pattern is wrong: %.*s", STR(why)).ptr);
    return attr->fallback == NULL || check_fallback(run, attr, here);
}

static bool check_neighbours(const struct inspection *run, const struct tf_attr *attrs,
                             const struct tf_attr *attr, const struct level *here)
{
    const char *const lists[] = {attr->conflicts, attr->requires};
    size_t members = 0;

    for (size_t i = 0; i < 2; i++) {
        struct str rest = str_of(lists[i]), name;
        while (lists[i] != NULL && tf_next_word(&rest, &name))
            if (tf_attr_find(attrs, name) == NULL || str_is(name, attr->name))
                return bad(run, here->path, "names an attribute that is not beside it");
    }
    if (attr->one_of_group == NULL)
        return true;
    each_attr(other, attrs)
    {
        members +=
            other->one_of_group != NULL && str_is(str_of(other->one_of_group), attr->one_of_group);
    }
    if (members < 2 || (attr->flags & TF_REQUIRED) != 0)
        return bad(run, here->path, "a group is of two or more optional attributes");
    return true;
}

static bool check_block(const struct inspection *run, const struct tf_block *block,
                        const struct level *here)
{
    bool counted = block->nesting == TF_BLOCK_LIST || block->nesting == TF_BLOCK_SET;

    if (block->nesting < TF_BLOCK_SINGLE || block->nesting > TF_BLOCK_MAP)
        return bad(run, here->path, "has no nesting");
    if (block->min_items < 0 || block->max_items < 0 ||
        (!counted && (block->min_items != 0 || block->max_items != 0)))
        return bad(run, here->path, "only lists and sets of blocks have counts");
    if (block->max_items != 0 && block->min_items > block->max_items)
        return bad(run, here->path, "min_items is above max_items");
    return true;
}

static bool is_reserved(const char *name, bool is_provider)
{
    static const char *const of_resources[] = {"count",     "for_each",   "depends_on",  "provider",
                                               "lifecycle", "connection", "provisioner", "locals",
                                               "_",         NULL};
    static const char *const of_providers[] = {"alias",    "version", "count",     "depends_on",
                                               "for_each", "source",  "lifecycle", "locals",
                                               "_",        NULL};
    for (const char *const *word = is_provider ? of_providers : of_resources; *word != NULL; word++)
        if (str_is(str_of(name), *word))
            return true;
    return false;
}

static size_t times_used(struct tf_rows rows, const char *name)
{
    size_t count = 0;
    each_attr(attr, rows.attrs)
    {
        count += str_is(str_of(attr->name), name);
    }
    each_block(block, rows.blocks)
    {
        count += str_is(str_of(block->name), name);
    }
    return count;
}

static bool check_rows(const struct inspection *run, struct tf_rows rows, const struct level *at);

static bool check_name(const struct inspection *run, struct tf_rows rows, const char *name,
                       const struct cty_path *path)
{
    if (!tf_is_name(name))
        return bad(run, path, "a name is of small letters, digits and _");
    return times_used(rows, name) == 1 || bad(run, path, "the name is used twice");
}

static bool check_attr(const struct inspection *run, struct tf_rows rows,
                       const struct tf_attr *attr, const struct level *at)
{
    struct level here = *at;
    here.path = cty_path_attr(run->arena, at->path, str_of(attr->name));
    bool fine = check_name(run, rows, attr->name, here.path) && check_modes(run, attr, &here) &&
                check_kind(run, attr, &here) && check_in_set(run, attr, &here) &&
                check_limits(run, attr, &here) && check_neighbours(run, rows.attrs, attr, &here);
    /* A set that is only computed is planned as a whole. */
    here.in_set |= attr->kind == TF_SET && (attr->flags & (TF_REQUIRED | TF_OPTIONAL)) != 0;
    here.in_collection |= is_collection(attr);
    return check_rows(run, rows_of_attr(attr), &here) && fine;
}

static bool check_rows(const struct inspection *run, struct tf_rows rows, const struct level *at)
{
    bool fine = true;

    each_attr(attr, rows.attrs)
    {
        fine = check_attr(run, rows, attr, at) && fine;
    }
    each_block(block, rows.blocks)
    {
        struct level here = *at;
        here.path = cty_path_attr(run->arena, at->path, str_of(block->name));
        fine =
            check_name(run, rows, block->name, here.path) && check_block(run, block, &here) && fine;
        here.in_set |= block->nesting == TF_BLOCK_SET;
        here.in_collection = true;
        fine = check_rows(run, rows_of_block(block), &here) && fine;
    }
    return fine;
}

bool tf_rows_check(struct arena *arena, struct tf_rows rows, bool is_provider, bool deep,
                   struct diags *diags)
{
    struct inspection run = {arena, diags, deep};
    struct level root = {0};
    bool fine = check_rows(&run, rows, &root);

    each_attr(attr, rows.attrs)
    {
        if (is_reserved(attr->name, is_provider))
            fine = bad(&run, cty_path_attr(arena, NULL, str_of(attr->name)), "a reserved name");
    }
    each_block(block, rows.blocks)
    {
        if (is_reserved(block->name, is_provider))
            fine = bad(&run, cty_path_attr(arena, NULL, str_of(block->name)), "a reserved name");
    }
    return fine;
}

bool tf_schema_check(struct arena *arena, const struct tf_attr *attrs,
                     const struct tf_block *blocks, bool is_provider, struct diags *diags)
{
    return tf_rows_check(arena, (struct tf_rows){attrs, blocks}, is_provider, true, diags);
}
