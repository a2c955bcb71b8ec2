/* Members of an instance group that AWS keeps from the group's creation on: UpdateCluster does not
 * change them. Source: SageMaker developer guide, updating a HyperPod cluster. */
#include "cluster.h"

static const struct fixed {
    const char *name, *wire;
} fixed[] = {
    {"instance_type", "InstanceType"},
    {"execution_role", "ExecutionRole"},
    {"threads_per_core", "ThreadsPerCore"},
};

static struct str shown(struct arena *arena, const struct cty_value *value)
{
    return value->type->kind == CTY_NUMBER ? cty_number_text(arena, &value->number)
                                           : arena_fmt(arena, "\"%.*s\"", STR(value->text));
}

static bool tell(struct diags *diags, struct str group, const char *name, struct str before,
                 struct str after)
{
    const struct cty_path *path = cty_path_attr(diags->arena, NULL, S("instance_groups"));

    path = cty_path_attr(diags->arena, cty_path_key(diags->arena, path, group), str_of(name));
    return diag_error(
        diags, path, "AWS cannot change this member of an instance group",
        "%s of group \"%.*s\" is %.*s and should become %.*s. AWS keeps it from the group's "
        "creation on.\n\nWays out: give the group a new name (the key in instance_groups), then "
        "the old group is deleted and a new one made while the cluster stays; or make the whole "
        "cluster anew: terraform taint ADDRESS, then apply. (-replace and replace_triggered_by do "
        "not get past this: Terraform asks for the plan of the change before it looks at them.)",
        name, STR(group), STR(before), STR(after));
}

static bool differs(const struct cty_value *before, const struct cty_value *after)
{
    return before != NULL && after != NULL && cty_is_known(before) && cty_is_known(after) &&
           !cty_equal(before, after);
}

bool cluster_fixed_plan(struct diags *diags, const struct cty_value *prior,
                        const struct cty_value *planned)
{
    bool good = true;

    if (prior == NULL || planned == NULL || !cty_is_known(prior) || !cty_is_known(planned))
        return true;
    for (size_t i = 0; i < planned->count; i++) {
        const struct cty_value *before = cty_lookup(prior, planned->keys[i]);
        for (size_t j = 0; before != NULL && j < sizeof fixed / sizeof fixed[0]; j++) {
            const struct cty_value *was = tf_value(before, fixed[j].name);
            const struct cty_value *now = tf_value(planned->items[i], fixed[j].name);
            if (differs(was, now))
                good = tell(diags, planned->keys[i], fixed[j].name, shown(diags->arena, was),
                            shown(diags->arena, now));
        }
    }
    return good;
}

bool cluster_fixed_live(struct diags *diags, const struct cty_value *planned,
                        const struct doc *live)
{
    bool good = true;

    for (size_t i = 0; i < planned->count; i++) {
        const struct doc *group = cluster_group_find(live, planned->keys[i]);
        for (size_t j = 0; group != NULL && j < sizeof fixed / sizeof fixed[0]; j++) {
            struct str was = doc_get_text(group, str_of(fixed[j].wire));
            const struct cty_value *now = tf_value(planned->items[i], fixed[j].name);
            if (was.ptr == NULL || now == NULL || !cty_is_known(now))
                continue;
            struct str text = now->type->kind == CTY_NUMBER
                                  ? cty_number_text(diags->arena, &now->number)
                                  : now->text;
            if (!str_eq(was, text))
                good = tell(diags, planned->keys[i], fixed[j].name, was, text);
        }
    }
    return good;
}
