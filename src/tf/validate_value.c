/* One value against its row: words, patterns, ranges, lengths. */
#include "tf.h"

#include <inttypes.h>

static bool hidden(const struct tf_attr *attr)
{
    return (attr->flags & (TF_SENSITIVE | TF_WRITE_ONLY)) != 0;
}

/* "It is "x". " for messages; empty for what nobody may see. */
static struct str given(const struct tf_validation *run, const struct tf_attr *attr,
                        const struct cty_value *value)
{
    if (hidden(attr))
        return S("");
    if (value->type->kind == CTY_NUMBER)
        return arena_fmt(run->arena, "%.*s was given. ",
                         STR(str_sub(cty_number_text(run->arena, &value->number), 0, 80)));
    struct str text = value->text;
    if (text.len > 200)
        return arena_fmt(run->arena, "A text of %zu bytes was given. ", text.len);
    return arena_fmt(run->arena, "\"%.*s\" was given. ", STR(text));
}

static struct str listed(const struct tf_validation *run, const char *const *words)
{
    struct buf out = buf_in(run->arena, 4096);
    for (size_t i = 0; words[i] != NULL; i++)
        buf_printf(&out, "%s\"%s\"", i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ", words[i]);
    return buf_str(&out);
}

static bool check_word(const struct tf_validation *run, const struct tf_attr *attr,
                       const struct cty_value *value, const struct cty_path *path)
{
    for (const char *const *word = attr->oneof; *word != NULL; word++)
        if (str_is(value->text, *word))
            return true;
    const char *nearest = hidden(attr) ? NULL : tf_nearest(value->text, attr->oneof);
    struct str hint =
        nearest == NULL ? S("") : arena_fmt(run->arena, " Did you mean \"%s\"?", nearest);
    return diag_error(run->diags, path, "Invalid value", "%.*s%s can be %.*s.%.*s",
                      STR(given(run, attr, value)), attr->name, STR(listed(run, attr->oneof)),
                      STR(hint));
}

static struct str bounds(const struct tf_validation *run, int64_t min, int64_t max, bool has_max)
{
    if (has_max && min == max)
        return arena_fmt(run->arena, "exactly %" PRId64, min);
    if (has_max)
        return arena_fmt(run->arena, "%" PRId64 " to %" PRId64, min, max);
    return arena_fmt(run->arena, "at least %" PRId64, min);
}

static bool check_length(const struct tf_validation *run, const struct tf_attr *attr,
                         const struct cty_value *value, const struct cty_path *path)
{
    bool is_text = value->type->kind == CTY_STRING;
    int64_t length = is_text ? (int64_t)str_characters(value->text) : (int64_t)value->count;
    /* A set's unknown elements may turn out to be equal: it can only shrink. */
    bool may_shrink = value->type->kind == CTY_SET && !cty_is_wholly_known(value);

    if (length >= attr->min_len && (attr->max_len == 0 || length <= attr->max_len || may_shrink))
        return true;
    return diag_error(run->diags, path, is_text ? "Invalid length" : "Invalid number of elements",
                      "%s has %" PRId64 " %s; it must have %.*s.", attr->name, length,
                      is_text ? "characters" : "elements",
                      STR(bounds(run, attr->min_len, attr->max_len, attr->max_len != 0)));
}

static bool check_text(const struct tf_validation *run, const struct tf_attr *attr,
                       const struct cty_value *value, const struct cty_path *path)
{
    if (attr->oneof != NULL)
        return check_word(run, attr, value, path);
    if (attr->pattern == NULL || tf_pattern_matches(attr->pattern, value->text))
        return true;
    if (attr->pattern_text != NULL)
        return diag_error(run->diags, path, "Invalid value", "%.*s%s must be: %s.",
                          STR(given(run, attr, value)), attr->name, attr->pattern_text);
    return diag_error(run->diags, path, "Invalid value", "%.*s%s must match the pattern %s.",
                      STR(given(run, attr, value)), attr->name, attr->pattern);
}

static bool check_number(const struct tf_validation *run, const struct tf_attr *attr,
                         const struct cty_value *value, const struct cty_path *path)
{
    const struct cty_value *min = cty_int(run->arena, attr->min),
                           *max = cty_int(run->arena, attr->max);
    bool whole = attr->kind == TF_INT || attr->of == TF_INT;

    if (whole && !value->number.infinite && value->number.exponent < 0)
        return diag_error(run->diags, path, "Not a whole number", "%.*s%s is a whole number.",
                          STR(given(run, attr, value)), attr->name);
    if (attr->ranged && (cty_number_cmp(&value->number, &min->number) < 0 ||
                         cty_number_cmp(&value->number, &max->number) > 0))
        return diag_error(run->diags, path, "Number out of range",
                          "%.*s%s is a number from %" PRId64 " to %" PRId64 ".",
                          STR(given(run, attr, value)), attr->name, attr->min, attr->max);
    int64_t number;
    if (whole && !cty_number_to_int64(&value->number, &number))
        return diag_error(run->diags, path, "Number out of range",
                          "%.*s%s is a number that fits 64 bits.", STR(given(run, attr, value)),
                          attr->name);
    if (value->number.infinite)
        return diag_error(run->diags, path, "Not a finite number", "%s must be finite.",
                          attr->name);
    return true;
}

static bool check_primitive(const struct tf_validation *run, const struct tf_attr *attr,
                            const struct cty_value *value, const struct cty_path *path)
{
    if (value->type->kind == CTY_STRING)
        return check_text(run, attr, value, path);
    if (value->type->kind == CTY_NUMBER)
        return check_number(run, attr, value, path);
    return true;
}

/* The elements of a collection of primitives; those of nested objects only for null. */
static bool check_elements(const struct tf_validation *run, const struct tf_attr *attr,
                           const struct cty_value *value, const struct cty_path *path)
{
    bool fine = true;

    for (size_t i = 0; i < value->count; i++) {
        struct tf_place here = {.path = path};
        const struct cty_value *item = value->items[i];
        const struct cty_path *at = value->type->kind == CTY_SET || run->set != NULL
                                        ? path
                                        : tf_place_item(run->arena, &here, value, i).path;
        if (cty_is_null(item))
            fine = diag_error(run->diags, at, "Null element",
                              "An element of %s is null, which means nothing there. Leave it out.",
                              attr->name);
        else if (cty_is_known(item) && attr->attrs == NULL)
            fine = check_primitive(run, attr, item, at) && fine;
    }
    return fine;
}

void tf_validate_value(const struct tf_validation *run, const struct tf_attr *attr,
                       const struct cty_value *value, const struct cty_value *parent,
                       const struct cty_path *path)
{
    bool fine = true,
         is_collection = attr->kind == TF_LIST || attr->kind == TF_SET || attr->kind == TF_MAP;

    if (attr->min_len > 0 || attr->max_len > 0)
        fine = check_length(run, attr, value, path);
    if (is_collection)
        fine = check_elements(run, attr, value, path) && fine;
    else if (attr->kind != TF_OBJECT && attr->kind != TF_DYNAMIC)
        fine = check_primitive(run, attr, value, path) && fine;
    if (!fine || attr->check == NULL || (attr->attrs == NULL && !cty_is_wholly_known(value)))
        return;
    size_t before = run->diags->errors;
    struct tf_check check = {run->arena, run->diags, path, parent};
    if (!attr->check(&check, value) && run->diags->errors == before)
        diag_bug(run->diags, path, "The check of %s refused a value and did not say why.",
                 attr->name);
}
