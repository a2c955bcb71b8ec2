#include "inside.h"

enum { most_shown = 4096, deepest_shown = 8 };

static void show(struct buf *out, const struct cty_value *value, int depth);

static void show_type(struct buf *out, const struct cty_type *type)
{
    static const char *const heads[] = {
        [CTY_STRING] = "cty.String",
        [CTY_NUMBER] = "cty.Number",
        [CTY_BOOL] = "cty.Bool",
        [CTY_DYNAMIC] = "cty.DynamicPseudoType",
        [CTY_LIST] = "cty.List(",
        [CTY_SET] = "cty.Set(",
        [CTY_MAP] = "cty.Map(",
        [CTY_TUPLE] = "cty.Tuple([]cty.Type{",
        [CTY_OBJECT] = "cty.Object(map[string]cty.Type{",
    };

    buf_putz(out, heads[type->kind]);
    if (cty_is_collection(type)) {
        show_type(out, type->element);
        buf_putc(out, ')');
    }
    if (type->kind != CTY_TUPLE && type->kind != CTY_OBJECT)
        return;
    for (size_t i = 0; i < type->count; i++) {
        buf_putz(out, i > 0 ? ", " : "");
        if (type->kind == CTY_OBJECT) {
            cty_quote(out, type->attributes[i].name);
            buf_putc(out, ':');
        }
        show_type(out, type->attributes[i].type);
    }
    buf_putz(out, "})");
}

static void show_number(struct buf *out, const struct cty_number *number)
{
    char text[CTY_NUMBER_TEXT];
    struct str shown = {text, cty_number_write(number, text)};
    int64_t whole;

    if (number->infinite)
        buf_putz(out, number->negative ? "cty.NegativeInfinity" : "cty.PositiveInfinity");
    else if (cty_number_to_int64(number, &whole))
        buf_printf(out, "cty.NumberIntVal(%.*s)", STR(shown));
    else
        buf_printf(out, "cty.MustParseNumberVal(\"%.*s\")", STR(shown));
}

static void show_unknown(struct buf *out, const struct cty_value *value)
{
    const struct cty_refinement *refined = value->refined;

    if (value->type->kind == CTY_DYNAMIC) {
        buf_putz(out, "cty.DynamicVal");
        return;
    }
    buf_putz(out, "cty.UnknownVal(");
    show_type(out, value->type);
    buf_putc(out, ')');
    if (refined == NULL)
        return;
    buf_putz(out, ".Refine()");
    if (refined->not_null)
        buf_putz(out, ".NotNull()");
    if (refined->prefix.len > 0) {
        buf_putz(out, ".StringPrefixFull(");
        cty_quote(out, refined->prefix);
        buf_putc(out, ')');
    }
    if (refined->lower != NULL) {
        buf_putz(out, ".NumberLowerBound(");
        show_number(out, refined->lower);
        buf_printf(out, ", %s)", refined->lower_inclusive ? "true" : "false");
    }
    if (refined->upper != NULL) {
        buf_putz(out, ".NumberUpperBound(");
        show_number(out, refined->upper);
        buf_printf(out, ", %s)", refined->upper_inclusive ? "true" : "false");
    }
    if (refined->has_min_length)
        buf_printf(out, ".CollectionLengthLowerBound(%lld)", (long long)refined->min_length);
    if (refined->has_max_length)
        buf_printf(out, ".CollectionLengthUpperBound(%lld)", (long long)refined->max_length);
    buf_putz(out, ".NewValue()");
}

static void show_items(struct buf *out, const struct cty_value *value, int depth)
{
    static const char *const heads[] = {[CTY_LIST] = "cty.ListVal([]cty.Value{",
                                        [CTY_SET] = "cty.SetVal([]cty.Value{",
                                        [CTY_MAP] = "cty.MapVal(map[string]cty.Value{",
                                        [CTY_TUPLE] = "cty.TupleVal([]cty.Value{",
                                        [CTY_OBJECT] = "cty.ObjectVal(map[string]cty.Value{"};
    static const char *const empties[] = {[CTY_LIST] = "cty.ListValEmpty(",
                                          [CTY_SET] = "cty.SetValEmpty(",
                                          [CTY_MAP] = "cty.MapValEmpty("};
    enum cty_kind kind = value->type->kind;

    if (value->count == 0 && cty_is_collection(value->type)) {
        buf_putz(out, empties[kind]);
        show_type(out, value->type->element);
        buf_putc(out, ')');
        return;
    }
    buf_putz(out, heads[kind]);
    for (size_t i = 0; i < value->count && !out->overflow; i++) {
        buf_putz(out, i > 0 ? ", " : "");
        if (kind == CTY_MAP || kind == CTY_OBJECT) {
            cty_quote(out, kind == CTY_MAP ? value->keys[i] : value->type->attributes[i].name);
            buf_putc(out, ':');
        }
        show(out, value->items[i], depth + 1);
    }
    buf_putz(out, "})");
}

static void show(struct buf *out, const struct cty_value *value, int depth)
{
    if (depth > deepest_shown) {
        buf_putz(out, "...");
    } else if (value->state == CTY_UNKNOWN) {
        show_unknown(out, value);
    } else if (value->state == CTY_NULL) {
        buf_putz(out, "cty.NullVal(");
        show_type(out, value->type);
        buf_putc(out, ')');
    } else if (value->type->kind == CTY_STRING) {
        buf_putz(out, "cty.StringVal(");
        cty_quote(out, value->text);
        buf_putc(out, ')');
    } else if (value->type->kind == CTY_NUMBER) {
        show_number(out, &value->number);
    } else if (value->type->kind == CTY_BOOL) {
        buf_putz(out, value->truth ? "cty.True" : "cty.False");
    } else {
        show_items(out, value, depth);
    }
}

struct str cty_show(struct arena *arena, const struct cty_value *value)
{
    struct buf out = buf_in(arena, most_shown);

    show(&out, value, 0);
    if (out.overflow)
        return arena_cat(arena, buf_str(&out), S("..."));
    return buf_str(&out);
}
