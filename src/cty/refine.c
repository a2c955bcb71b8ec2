#include "inside.h"

enum { most_elements = 10000 /* unknown ones that a promised length is turned into */ };

bool cty_unify(struct arena *arena, const struct cty_type *declared, const struct cty_value **items,
               size_t count, const struct cty_type **ret_type)
{
    const struct cty_type *common = NULL;
    size_t open = 0;

    for (size_t i = 0; i < count; i++) {
        const struct cty_type *type = items[i]->type;
        if (type->kind == CTY_DYNAMIC)
            open++;
        else if (common == NULL)
            common = type;
        else if (!cty_type_equal(common, type))
            return false;
    }
    if (common == NULL)
        common = declared;
    if (open > 0 && !arena_has_room(arena, open * (sizeof(struct cty_value) + 16)))
        return false;
    for (size_t i = 0; i < count && open > 0 && common != declared; i++)
        if (items[i]->type->kind == CTY_DYNAMIC)
            items[i] = cty_make(arena, common, items[i]->state);
    *ret_type = common;
    return true;
}

static bool bounds_contradict(const struct cty_refinement *refined)
{
    if (refined->has_min_length && refined->has_max_length &&
        refined->min_length > refined->max_length)
        return true;
    if (refined->has_max_length && refined->max_length < 0)
        return true;
    if (refined->lower == NULL || refined->upper == NULL)
        return false;
    int order = cty_number_cmp(refined->lower, refined->upper);
    return order > 0 || (order == 0 && refined->lower_inclusive != refined->upper_inclusive);
}

static const struct cty_value *unknowns(struct arena *arena, const struct cty_type *type,
                                        size_t count)
{
    struct cty_value *value = cty_make(arena, type, CTY_KNOWN);
    const struct cty_value **items = arena_array(arena, const struct cty_value *, count);

    for (size_t i = 0; i < count; i++)
        items[i] = i == 0 ? cty_unknown(arena, type->element) : items[0];
    value->items = items;
    value->count = count;
    return value;
}

/* The value that is left when a refinement allows only one; NULL: there are more. */
static const struct cty_value *only_value(struct arena *arena, const struct cty_type *type,
                                          const struct cty_refinement *refined)
{
    if (!refined->not_null)
        return NULL;
    if (refined->lower != NULL && refined->upper != NULL && refined->lower_inclusive &&
        refined->upper_inclusive && cty_number_cmp(refined->lower, refined->upper) == 0)
        return cty_num(arena, refined->lower);
    if (!cty_is_collection(type) || !refined->has_max_length)
        return NULL;
    int64_t least = refined->has_min_length ? refined->min_length : 0;
    if (least != refined->max_length)
        return NULL;
    if (least == 0)
        return cty_empty(arena, type);
    if (type->kind == CTY_SET ? least == 1 : type->kind == CTY_LIST && least <= most_elements)
        return unknowns(arena, type, (size_t)least);
    return NULL;
}

const struct cty_value *cty_refine(struct arena *arena, const struct cty_type *type,
                                   const struct cty_refinement *refined)
{
    static const struct cty_refinement nothing = {0};
    struct cty_refinement copy = *refined;

    if (copy.prefix.len == 0)
        copy.prefix = (struct str){NULL, 0};
    copy.has_min_length = copy.has_min_length && copy.min_length > 0;
    copy.min_length = copy.has_min_length ? copy.min_length : 0;
    if (bounds_contradict(&copy))
        return NULL;
    const struct cty_value *only = only_value(arena, type, &copy);
    if (only != NULL)
        return only;
    struct cty_value *value = cty_make(arena, type, CTY_UNKNOWN);
    if (type->kind == CTY_DYNAMIC || cty_compare_refinements(&copy, &nothing) == 0)
        return value;
    struct cty_refinement *kept = arena_make(arena, struct cty_refinement);
    *kept = copy;
    value->refined = kept;
    return value;
}
