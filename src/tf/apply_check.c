/* Terraform's rules for the object after apply (objchange.AssertObjectCompatible): what was planned
 * and known must have come true. */
#include "tf.h"

#include <inttypes.h>

static void check_value(struct tf_rules *rules, const struct cty_value *planned,
                        const struct cty_value *actual, const struct cty_path *path);

static struct str shown(struct tf_rules *rules, const struct cty_value *value)
{
    return cty_show(rules->arena, value);
}

static bool holds_prefix(const struct cty_refinement *refined, const struct cty_value *actual)
{
    return refined->prefix.ptr == NULL || actual->type->kind != CTY_STRING ||
           str_starts(actual->text, refined->prefix);
}

static bool holds_bounds(const struct cty_refinement *refined, const struct cty_value *actual)
{
    if (actual->type->kind == CTY_NUMBER) {
        int low = refined->lower == NULL ? 1 : cty_number_cmp(&actual->number, refined->lower);
        int high = refined->upper == NULL ? -1 : cty_number_cmp(&actual->number, refined->upper);
        return (low > 0 || (low == 0 && refined->lower_inclusive)) &&
               (high < 0 || (high == 0 && refined->upper_inclusive));
    }
    if (actual->type->kind != CTY_LIST && actual->type->kind != CTY_SET &&
        actual->type->kind != CTY_MAP)
        return true;
    return (!refined->has_min_length || (int64_t)actual->count >= refined->min_length) &&
           (!refined->has_max_length || (int64_t)actual->count <= refined->max_length);
}

/* An unknown with refinements is a promise. */
static void check_promise(struct tf_rules *rules, const struct cty_value *planned,
                          const struct cty_value *actual, const struct cty_path *path)
{
    const struct cty_refinement *refined = planned->refined;

    if (refined == NULL || cty_is_unknown(actual))
        return;
    if (cty_is_null(actual) ? refined->not_null
                            : !holds_prefix(refined, actual) || !holds_bounds(refined, actual))
        tf_break(rules, path, "final value %.*s does not conform to planning placeholder %.*s",
                 STR(shown(rules, actual)), STR(shown(rules, planned)));
}

typedef bool (*correlates_fn)(struct tf_rules *rules, struct tf_rows rows,
                              const struct cty_value *planned, const struct cty_value *actual,
                              const struct cty_path *path);

static bool values_correlate(struct tf_rules *rules, struct tf_rows rows,
                             const struct cty_value *planned, const struct cty_value *actual,
                             const struct cty_path *path)
{
    struct tf_rules silent = {.arena = rules->arena};
    (void)rows;
    check_value(&silent, planned, actual, path);
    return silent.breaks == 0;
}

static bool objects_correlate(struct tf_rules *rules, struct tf_rows rows,
                              const struct cty_value *planned, const struct cty_value *actual,
                              const struct cty_path *path)
{
    struct tf_rules silent = {.arena = rules->arena};
    tf_rules_of_apply(&silent, rows, planned, actual, path);
    return silent.breaks == 0;
}

/* What is wholly known is only itself. */
static bool correlate(struct tf_rules *rules, struct tf_rows rows, correlates_fn correlates,
                      const struct cty_value *planned, const struct cty_value *actual,
                      const struct cty_path *path)
{
    return cty_is_wholly_known(planned) ? cty_equal(planned, actual)
                                        : correlates(rules, rows, planned, actual, path);
}

/* Each element of either set must have a counterpart in the other. */
static void check_set(struct tf_rules *rules, struct tf_rows rows, correlates_fn correlates,
                      const struct cty_value *planned, const struct cty_value *actual,
                      const struct cty_path *path, const char *what)
{
    bool *found = arena_array(rules->arena, bool, actual->count);
    size_t before = rules->breaks;

    if (cty_equal(planned, actual))
        return;
    for (size_t i = 0; i < planned->count; i++) {
        bool any = false;
        for (size_t j = 0; j < actual->count; j++)
            if ((!any || !found[j]) &&
                correlate(rules, rows, correlates, planned->items[i], actual->items[j], path))
                any = found[j] = true;
        if (!any)
            tf_break(rules, path,
                     "planned set element %.*s does not correlate with any element in actual",
                     STR(shown(rules, planned->items[i])));
    }
    for (size_t j = 0; rules->breaks == before && j < actual->count; j++)
        if (!found[j])
            tf_break(rules, path,
                     "actual set element %.*s does not correlate with any element in plan",
                     STR(shown(rules, actual->items[j])));
    if (actual->count > planned->count)
        tf_break(rules, path, "%s changed from %zu to %zu", what, planned->count, actual->count);
}

static struct str index_text(struct tf_rules *rules, const struct cty_value *collection, size_t i)
{
    if (collection->type->kind == CTY_MAP)
        return arena_fmt(rules->arena, "\"%.*s\"", STR(collection->keys[i]));
    return arena_fmt(rules->arena, "%zu", i);
}

/* Lists and maps: the same places, with compatible values. */
static void check_elements(struct tf_rules *rules, const struct cty_value *planned,
                           const struct cty_value *actual, const struct cty_path *path)
{
    struct tf_place place = {.path = path, .planned = planned, .prior = actual};

    for (size_t i = 0; i < planned->count; i++) {
        struct tf_place item = tf_place_item(rules->arena, &place, planned, i);
        if (item.prior == NULL)
            tf_break(rules, path, "element %.*s has vanished", STR(index_text(rules, planned, i)));
        else
            check_value(rules, planned->items[i], item.prior, item.path);
    }
    for (size_t i = 0; i < actual->count; i++)
        if (tf_counterpart(planned, actual, i) == NULL)
            tf_break(rules, path, "new element %.*s has appeared",
                     STR(index_text(rules, actual, i)));
}

/* Objects and tuples: member by member. */
static void check_members(struct tf_rules *rules, const struct cty_value *planned,
                          const struct cty_value *actual, const struct cty_path *path)
{
    bool is_object = planned->type->kind == CTY_OBJECT;

    for (size_t i = 0; i < planned->count && i < actual->count; i++) {
        const struct cty_path *at =
            is_object ? cty_path_attr(rules->arena, path, planned->type->attributes[i].name)
                      : cty_path_index(rules->arena, path, (int64_t)i);
        check_value(rules, planned->items[i], actual->items[i], at);
    }
}

static void check_known(struct tf_rules *rules, const struct cty_value *planned,
                        const struct cty_value *actual, const struct cty_path *path)
{
    struct tf_rows none = {0};

    switch (planned->type->kind) {
    case CTY_LIST:
    case CTY_MAP:
        check_elements(rules, planned, actual, path);
        return;
    case CTY_SET:
        check_set(rules, none, values_correlate, planned, actual, path, "length");
        return;
    case CTY_OBJECT:
    case CTY_TUPLE:
        check_members(rules, planned, actual, path);
        return;
    default:
        if (!cty_equal(planned, actual))
            tf_break(rules, path, "was %.*s, but now %.*s", STR(shown(rules, planned)),
                     STR(shown(rules, actual)));
    }
}

static void check_value(struct tf_rules *rules, const struct cty_value *planned,
                        const struct cty_value *actual, const struct cty_path *path)
{
    if (planned->type->kind == CTY_DYNAMIC && !cty_is_null(planned))
        return;
    if (planned->type->kind != actual->type->kind && actual->type->kind != CTY_DYNAMIC &&
        planned->type->kind != CTY_DYNAMIC)
        tf_break(rules, path, "wrong final value type: %.*s required",
                 STR(cty_type_name(rules->arena, planned->type)));
    else if (cty_is_unknown(planned))
        check_promise(rules, planned, actual, path);
    else if (cty_is_null(actual) && cty_is_null(planned))
        return;
    else if (cty_is_null(actual))
        tf_break(rules, path, "was %.*s, but now null", STR(shown(rules, planned)));
    else if (cty_is_null(planned))
        tf_break(rules, path, "was null, but now %.*s", STR(shown(rules, actual)));
    else if (cty_is_unknown(actual))
        tf_break(rules, path, "was known, but now unknown");
    else
        check_known(rules, planned, actual, path);
}

static void check_attr(struct tf_rules *rules, const struct tf_attr *attr,
                       const struct cty_value *planned, const struct cty_value *actual,
                       const struct cty_path *path)
{
    struct tf_rules silent = {.arena = rules->arena};

    if ((attr->flags & TF_WRITE_ONLY) != 0) /* tf_rules_of_state has looked */
        return;
    if (!tf_is_secret(attr)) {
        check_value(rules, planned, actual, path);
        return;
    }
    check_value(&silent, planned, actual, path);
    if (silent.breaks > 0)
        tf_break(rules, path, "inconsistent values for sensitive attribute");
}

static void check_block_items(struct tf_rules *rules, struct tf_rows rows,
                              const struct cty_value *planned, const struct cty_value *actual,
                              const struct cty_path *path)
{
    struct tf_place place = {.path = path, .planned = planned, .prior = actual};

    if (planned->count != actual->count) {
        tf_break(rules, path, "block count changed from %zu to %zu", planned->count, actual->count);
        return;
    }
    for (size_t i = 0; i < planned->count; i++) {
        struct tf_place item = tf_place_item(rules->arena, &place, planned, i);
        if (item.prior == NULL)
            tf_break(rules, path, "block key %.*s has vanished",
                     STR(index_text(rules, planned, i)));
        else
            tf_rules_of_apply(rules, rows, planned->items[i], item.prior, item.path);
    }
}

static void check_block(struct tf_rules *rules, const struct tf_block *block,
                        const struct cty_value *planned, const struct cty_value *actual,
                        const struct cty_path *path)
{
    struct tf_rows rows = rows_of_block(block);

    if (planned->type->kind == CTY_OBJECT) {
        if (!cty_is_unknown(planned))
            tf_rules_of_apply(rules, rows, planned, actual, path);
        return;
    }
    if (cty_is_null(actual))
        tf_break(rules, path, "null block value after apply");
    if (!cty_is_known(planned) || !cty_is_known(actual))
        return;
    if (planned->type->kind == CTY_SET)
        check_set(rules, rows, objects_correlate, planned, actual, path, "block set length");
    else
        check_block_items(rules, rows, planned, actual, path);
}

void tf_rules_of_apply(struct tf_rules *rules, struct tf_rows rows, const struct cty_value *planned,
                       const struct cty_value *actual, const struct cty_path *path)
{
    const char *root = path == NULL ? "Root object " : "";

    if (cty_is_null(planned) != cty_is_null(actual)) {
        tf_break(rules, path, "%s%s", root,
                 cty_is_null(planned) ? "was absent, but now present"
                                      : "was present, but now absent");
        return;
    }
    if (!cty_is_known(planned) || !cty_is_known(actual))
        return;
    each_attr(attr, rows.attrs)
    {
        check_attr(rules, attr, tf_value(planned, attr->name), tf_value(actual, attr->name),
                   cty_path_attr(rules->arena, path, str_of(attr->name)));
    }
    each_block(block, rows.blocks)
    {
        check_block(rules, block, tf_value(planned, block->name), tf_value(actual, block->name),
                    cty_path_attr(rules->arena, path, str_of(block->name)));
    }
}
