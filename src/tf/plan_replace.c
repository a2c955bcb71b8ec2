/* What must be replaced: TF_REPLACE and replace_if, at any depth. An unknown that nobody wrote does
 * not count: it is there only because something else changes. */
#include "tf.h"

struct search {
    struct tf_plan *plan;
    struct arena *arena;
};

static bool intends_rows(struct arena *arena, struct tf_rows rows, const struct tf_place *place);

static struct tf_place item_of(struct arena *arena, const struct tf_place *place,
                               const struct cty_value *like, size_t i)
{
    return like->type->kind == CTY_OBJECT ? *place : tf_place_item(arena, place, like, i);
}

static size_t item_count(const struct cty_value *value)
{
    return value->type->kind == CTY_OBJECT ? 1 : value->count;
}

/* Has what users write been changed inside a nested value? */
static bool intends_nested(struct arena *arena, struct tf_rows rows, const struct tf_place *place)
{
    const struct cty_value *prior = tf_present(place->prior), *planned = tf_present(place->planned);

    if (tf_alike(prior, planned))
        return false;
    if (prior == NULL || planned == NULL || !cty_is_known(planned) || !cty_is_known(prior) ||
        planned->type->kind == CTY_SET || item_count(planned) != item_count(prior))
        return true;
    for (size_t i = 0; i < item_count(planned); i++) {
        struct tf_place item = item_of(arena, place, planned, i);
        if (item.prior == NULL || !cty_is_known(item.prior) || !cty_is_known(item.planned)
                ? !tf_alike(item.prior, item.planned)
                : intends_rows(arena, rows, &item))
            return true;
    }
    return false;
}

static bool intends(struct arena *arena, const struct tf_attr *attr, const struct tf_place *place)
{
    bool unwritten = (attr->flags & TF_COMPUTED) != 0 && tf_absent(place->config);

    if (tf_alike(place->prior, place->planned) ||
        (unwritten && place->planned != NULL && !cty_is_wholly_known(place->planned)))
        return false;
    return attr->attrs == NULL || intends_nested(arena, rows_of_attr(attr), place);
}

static bool intends_rows(struct arena *arena, struct tf_rows rows, const struct tf_place *place)
{
    each_attr(attr, rows.attrs)
    {
        struct tf_place member = tf_place_member(arena, place, attr->name);
        if ((attr->flags & TF_LOCAL) == 0 && intends(arena, attr, &member))
            return true;
    }
    each_block(block, rows.blocks)
    {
        struct tf_place member = tf_place_member(arena, place, block->name);
        if (intends_nested(arena, rows_of_block(block), &member))
            return true;
    }
    return false;
}

/* What an object in a set holds that can't be changed in place: all else becomes null. */
static const struct cty_value *fixed_part(struct arena *arena, struct tf_rows rows,
                                          const struct tf_place *place)
{
    const struct cty_value *object = place->planned;
    const struct cty_value **items = tf_items(arena, object);

    each_attr(attr, rows.attrs)
    {
        ptrdiff_t at = cty_attribute_index(object->type, str_of(attr->name));
        struct tf_place member = {.planned = items[at]};
        if ((attr->flags & TF_REPLACE) != 0)
            continue;
        if (attr->attrs != NULL && tf_rows_any(rows_of_attr(attr), TF_REPLACE))
            items[at] = tf_map_objects(arena, rows_of_attr(attr), &member, items[at], fixed_part);
        else
            items[at] = cty_null(arena, tf_declared(arena, attr, object->type, at));
    }
    each_block(block, rows.blocks)
    {
        ptrdiff_t at = cty_attribute_index(object->type, str_of(block->name));
        struct tf_place member = {.planned = items[at]};
        if (tf_rows_any(rows_of_block(block), TF_REPLACE))
            items[at] = tf_map_objects(arena, rows_of_block(block), &member, items[at], fixed_part);
        else
            items[at] = cty_null(arena, object->type->attributes[at].type);
    }
    return tf_object(arena, rows, object->type, items);
}

static const struct cty_value *fixed_set(struct arena *arena, struct tf_rows rows,
                                         const struct cty_value *set)
{
    const struct cty_value **items = tf_items(arena, set);
    for (size_t i = 0; i < set->count; i++) {
        struct tf_place item = {.planned = items[i]};
        if (cty_is_known(items[i]))
            items[i] = fixed_part(arena, rows, &item);
    }
    return cty_set(arena, set->type->element, items, set->count);
}

static void find_in_rows(const struct search *search, struct tf_rows rows,
                         const struct tf_place *place);

static void find_in_set(const struct search *search, struct tf_rows rows,
                        const struct tf_place *place)
{
    const struct cty_value *prior = tf_present(place->prior), *planned = tf_present(place->planned);

    if (prior != NULL && planned != NULL && cty_is_known(planned) && cty_is_known(prior) &&
        cty_equal(fixed_set(search->arena, rows, prior), fixed_set(search->arena, rows, planned)))
        return;
    const struct cty_value *only = prior != NULL ? prior : planned;
    if (prior == NULL || planned == NULL) /* null and empty hold the same: nothing */
        if (cty_is_known(only) && only->count == 0)
            return;
    tf_plan_replace(search->plan, place->path);
}

/* Objects that are in the plan, and those that are only in the prior state. */
static void find_in_nested(const struct search *search, struct tf_rows rows,
                           const struct tf_place *place)
{
    const struct cty_value *prior = tf_present(place->prior), *planned = tf_present(place->planned);

    if (tf_alike(prior, planned) || (prior == NULL && planned == NULL))
        return;
    const struct cty_value *either = planned != NULL ? planned : prior;
    if (planned != NULL && !cty_is_known(planned)) {
        bool had = prior != NULL && (prior->type->kind == CTY_OBJECT || prior->count > 0);
        bool wrote = !tf_absent(place->config);
        if (had && wrote && tf_rows_any(rows, TF_REPLACE))
            tf_plan_replace(search->plan, place->path);
        return;
    }
    if (either->type->kind == CTY_SET) {
        if (tf_rows_any(rows, TF_REPLACE))
            find_in_set(search, rows, place);
        return;
    }
    for (size_t i = 0; i < item_count(either); i++) {
        struct tf_place item = item_of(search->arena, place, either, i);
        find_in_rows(search, rows, &item);
    }
    if (prior == NULL || planned == NULL || prior->type->kind == CTY_OBJECT)
        return;
    for (size_t i = 0; i < prior->count; i++) {
        struct tf_place item = item_of(search->arena, place, prior, i);
        if (item.planned == NULL)
            find_in_rows(search, rows, &item);
    }
}

static void find_in_attr(const struct search *search, const struct tf_attr *attr,
                         const struct tf_place *place, const struct cty_type *type)
{
    bool mine = (attr->flags & TF_REPLACE) != 0 || attr->replace_if != NULL;

    if (mine && intends(search->arena, attr, place)) {
        const struct cty_value *null = cty_null(search->arena, type);
        if (attr->replace_if == NULL ||
            attr->replace_if(search->plan, place->path, place->prior != NULL ? place->prior : null,
                             place->planned != NULL ? place->planned : null)) {
            tf_plan_replace(search->plan, place->path);
            return;
        }
    }
    if (attr->attrs != NULL && (attr->flags & TF_REPLACE) == 0)
        find_in_nested(search, rows_of_attr(attr), place);
}

static void find_in_rows(const struct search *search, struct tf_rows rows,
                         const struct tf_place *place)
{
    const struct cty_value *prior = tf_present(place->prior), *planned = tf_present(place->planned);
    const struct cty_value *either = planned != NULL ? planned : prior;

    if (either == NULL || !cty_is_known(either))
        return;
    each_attr(attr, rows.attrs)
    {
        struct tf_place member = tf_place_member(search->arena, place, attr->name);
        ptrdiff_t at = cty_attribute_index(either->type, str_of(attr->name));
        find_in_attr(search, attr, &member, tf_declared(search->arena, attr, either->type, at));
    }
    each_block(block, rows.blocks)
    {
        struct tf_place member = tf_place_member(search->arena, place, block->name);
        find_in_nested(search, rows_of_block(block), &member);
    }
}

void tf_plan_find_replaced(struct tf_plan *plan, struct tf_rows rows)
{
    struct search search = {plan, plan->call->arena};
    struct tf_place place = {
        .config = plan->config, .prior = plan->prior, .planned = plan->planned};

    if (plan->prior != NULL && plan->planned != NULL)
        find_in_rows(&search, rows, &place);
}
