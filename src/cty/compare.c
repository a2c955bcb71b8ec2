#include "inside.h"

#include <stdlib.h>

static int by_bool(bool a, bool b)
{
    return (int)a - (int)b;
}

static int by_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_bound(const struct cty_number *a, bool a_inclusive, const struct cty_number *b,
                    bool b_inclusive)
{
    if (a == NULL || b == NULL)
        return by_bool(a != NULL, b != NULL);
    int order = cty_number_cmp(a, b);
    return order != 0 ? order : by_bool(a_inclusive, b_inclusive);
}

static int by_length(bool a_has, int64_t a, bool b_has, int64_t b)
{
    return a_has && b_has ? by_int(a, b) : by_bool(a_has, b_has);
}

int cty_compare_refinements(const struct cty_refinement *a, const struct cty_refinement *b)
{
    static const struct cty_refinement nothing = {0};
    a = a == NULL ? &nothing : a;
    b = b == NULL ? &nothing : b;
    const int orders[] = {
        by_bool(a->not_null, b->not_null),
        str_cmp(a->prefix, b->prefix),
        by_bound(a->lower, a->lower_inclusive, b->lower, b->lower_inclusive),
        by_bound(a->upper, a->upper_inclusive, b->upper, b->upper_inclusive),
        by_length(a->has_min_length, a->min_length, b->has_min_length, b->min_length),
        by_length(a->has_max_length, a->max_length, b->has_max_length, b->max_length),
    };

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        if (orders[i] != 0)
            return orders[i];
    return 0;
}

static int by_content(const struct cty_value *a, const struct cty_value *b)
{
    size_t shared = a->count < b->count ? a->count : b->count;

    switch (a->type->kind) {
    case CTY_STRING:
        return str_cmp(a->text, b->text);
    case CTY_NUMBER:
        return cty_number_cmp(&a->number, &b->number);
    case CTY_BOOL:
        return by_bool(a->truth, b->truth);
    default:
        break;
    }
    for (size_t i = 0; i < shared; i++) {
        int order = a->type->kind == CTY_MAP ? str_cmp(a->keys[i], b->keys[i]) : 0;
        if (order == 0)
            order = cty_compare(a->items[i], b->items[i]);
        if (order != 0)
            return order;
    }
    return by_int((int64_t)a->count, (int64_t)b->count);
}

/* Known before unknown before null, as go-cty sorts them. */
static int rank(const struct cty_value *value)
{
    return value->state == CTY_KNOWN ? 0 : value->state == CTY_UNKNOWN ? 1 : 2;
}

int cty_compare(const struct cty_value *a, const struct cty_value *b)
{
    if (a == b)
        return 0;
    if (rank(a) != rank(b))
        return rank(a) - rank(b);
    if (a->type->kind != b->type->kind)
        return (int)a->type->kind - (int)b->type->kind;
    if (a->state == CTY_UNKNOWN)
        return cty_compare_refinements(a->refined, b->refined);
    return a->state == CTY_NULL ? 0 : by_content(a, b);
}

static bool items_equal(const struct cty_value *a, const struct cty_value *b)
{
    for (size_t i = 0; i < a->count; i++) {
        if (a->type->kind == CTY_MAP && !str_eq(a->keys[i], b->keys[i]))
            return false;
        if (!cty_equal(a->items[i], b->items[i]))
            return false;
    }
    return true;
}

/* Sets with unknowns: those have no order of their own, so each must find a partner. */
static bool partners_found(const struct cty_value *a, const struct cty_value *b)
{
    bool *taken = calloc(b->count + 1, sizeof *taken), equal = taken != NULL;

    for (size_t i = 0; i < a->count && equal; i++) {
        bool found = false;
        for (size_t j = 0; j < b->count && !found; j++) {
            found = !taken[j] && cty_equal(a->items[i], b->items[j]);
            if (found)
                taken[j] = true;
        }
        equal = found;
    }
    free(taken);
    return equal;
}

bool cty_equal(const struct cty_value *a, const struct cty_value *b)
{
    if (a == b)
        return true;
    if (a->state != b->state || a->count != b->count || !cty_type_equal(a->type, b->type))
        return false;
    if (a->state == CTY_UNKNOWN)
        return cty_compare_refinements(a->refined, b->refined) == 0;
    if (a->state == CTY_NULL)
        return true;
    switch (a->type->kind) {
    case CTY_STRING:
        return str_eq(a->text, b->text);
    case CTY_NUMBER:
        return cty_number_cmp(&a->number, &b->number) == 0;
    case CTY_BOOL:
        return a->truth == b->truth;
    case CTY_SET:
        return items_equal(a, b) ||
               (!cty_is_wholly_known(a) && !cty_is_wholly_known(b) && partners_found(a, b));
    default:
        return items_equal(a, b);
    }
}

bool cty_set_has(const struct cty_value *set, const struct cty_value *item)
{
    if (set == NULL || set->state != CTY_KNOWN || set->type->kind != CTY_SET)
        return false;
    for (size_t i = 0; i < set->count; i++)
        if (cty_equal(set->items[i], item))
            return true;
    return false;
}

bool cty_conforms(const struct cty_value *value, const struct cty_type *declared)
{
    return cty_type_conforms(value->type, declared);
}
