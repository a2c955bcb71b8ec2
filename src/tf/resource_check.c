/* A resource as a whole: its rows, and whether it has the verbs that they ask for. */
#include "tf.h"

static bool bad(struct diags *diags, const struct tf_resource *resource, const char *why)
{
    return diag_bug(diags, NULL, "%s: %s.",
                    resource->type == NULL ? "a resource without a type" : resource->type, why);
}

/* Without an update verb every change must replace, or be local, or be no change of the user's. */
static bool never_updates(struct tf_rows rows)
{
    each_attr(attr, rows.attrs)
    {
        bool replaces = (attr->flags & TF_REPLACE) != 0 || attr->replace_if != NULL;
        bool unwritten = (attr->flags & (TF_OPTIONAL | TF_REQUIRED)) == 0;
        if (replaces || unwritten || (attr->flags & (TF_LOCAL | TF_WRITE_ONLY)) != 0)
            continue;
        if (attr->attrs == NULL || attr->attrs->name == NULL || !never_updates(rows_of_attr(attr)))
            return false;
    }
    each_block(block, rows.blocks)
    {
        if (!never_updates(rows_of_block(block)))
            return false;
    }
    return true;
}

static bool check_verbs(const struct tf_resource *resource, struct diags *diags)
{
    struct tf_rows rows = {resource->attrs, resource->blocks};

    if (resource->create == NULL || resource->read == NULL || resource->delete_ == NULL)
        return bad(diags, resource, "needs create, read and delete");
    if ((resource->import == NULL) != (resource->import_example == NULL))
        return bad(diags, resource, "import and its example go together");
    if (resource->version < 0)
        return bad(diags, resource, "the version is negative");
    if (resource->version > 0 && resource->upgrade == NULL)
        return bad(diags, resource, "has older versions and no upgrade");
    if (resource->update == NULL && !never_updates(rows))
        return bad(diags, resource, "has attributes that change in place, and no update");
    return true;
}

static bool check_timeouts(const struct tf_resource *resource, struct diags *diags)
{
    const struct tf_timeouts *t = &resource->timeouts;
    const char *const all[] = {t->create, t->read, t->update, t->delete_};
    int64_t ms;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] != NULL && (!duration_parse(str_of(all[i]), &ms) || ms == 0))
            return bad(diags, resource, "a time-out is not a duration");
    if (!tf_has_timeouts(t))
        return true;
    if (tf_attr_find(resource->attrs, S("timeouts")) != NULL)
        return bad(diags, resource, "timeouts is a block that tf adds");
    each_block(block, resource->blocks)
    {
        if (str_is(S("timeouts"), block->name))
            return bad(diags, resource, "timeouts is a block that tf adds");
    }
    return true;
}

bool tf_resource_check(struct arena *arena, const struct tf_resource *resource, bool deep,
                       struct diags *diags)
{
    struct tf_rows rows = {resource->attrs, resource->blocks};
    bool fine = tf_rows_check(arena, rows, false, deep, diags);

    if (resource->type == NULL)
        return bad(diags, resource, "has no type");
    fine = check_verbs(resource, diags) && fine;
    return check_timeouts(resource, diags) && fine;
}
