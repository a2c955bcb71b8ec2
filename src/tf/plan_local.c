/* Which differences are more than local: those that a verb must carry out. */
#include "tf.h"

static bool all_local(struct tf_rows rows)
{
    each_attr(attr, rows.attrs)
    {
        if ((attr->flags & TF_LOCAL) == 0)
            return false;
    }
    each_block(block, rows.blocks)
    {
        if (!all_local(rows_of_block(block)))
            return false;
    }
    return rows.attrs != NULL || rows.blocks != NULL;
}

/* An object, or a collection of them, that has the same shape in both. */
static bool differs_inside(struct tf_rows rows, const struct cty_value *prior,
                           const struct cty_value *planned)
{
    if (planned->type->kind == CTY_OBJECT)
        return tf_plan_is_real(rows, prior, planned);
    if (planned->type->kind == CTY_SET || planned->count != prior->count)
        return true;
    for (size_t i = 0; i < planned->count; i++) {
        const struct cty_value *before = tf_counterpart(prior, planned, i);
        const struct cty_value *after = planned->items[i];
        if (before == NULL || !cty_is_known(before) || !cty_is_known(after)
                ? !tf_alike(before, after)
                : tf_plan_is_real(rows, before, after))
            return true;
    }
    return false;
}

static bool nested_differs(struct tf_rows rows, const struct cty_value *prior,
                           const struct cty_value *planned)
{
    if (tf_alike(prior, planned))
        return false;
    if (tf_absent(prior) || tf_absent(planned) || !cty_is_known(prior) || !cty_is_known(planned))
        return !all_local(rows);
    return differs_inside(rows, prior, planned);
}

bool tf_plan_is_real(struct tf_rows rows, const struct cty_value *prior,
                     const struct cty_value *planned)
{
    each_attr(attr, rows.attrs)
    {
        const struct cty_value *before = tf_value(prior, attr->name);
        const struct cty_value *after = tf_value(planned, attr->name);
        if ((attr->flags & TF_LOCAL) != 0 || tf_alike(before, after))
            continue;
        /* The presence of an object says something, even if all its members are local. */
        if (attr->attrs == NULL || tf_absent(before) || tf_absent(after) ||
            nested_differs(rows_of_attr(attr), before, after))
            return true;
    }
    each_block(block, rows.blocks)
    {
        if (nested_differs(rows_of_block(block), tf_value(prior, block->name),
                           tf_value(planned, block->name)))
            return true;
    }
    return false;
}
