/* contrary_plain: as small as a resource can be, for measuring what a thousand of them cost. */
#include "objects.h"

static const struct tf_attr plain_attrs[] = {
    {"text", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE, .doc = "Its id."},
    {0}};

static bool plain_create(struct tf_call *call)
{
    tf_set_str(call, "id", object_new_id(call, "plain"));
    if (!object_visit(call) || !object_save(call))
        return false;
    tf_created(call);
    return true;
}

static bool plain_read(struct tf_call *call)
{
    if (!object_visit(call))
        return false;
    const struct cty_value *stored = object_load(call, tf_str(call->state, "id"));
    if (stored != NULL)
        call->state = stored;
    else
        tf_gone(call);
    return stored != NULL || call->diags->errors == 0;
}

static bool plain_update(struct tf_call *call)
{
    return object_visit(call) && object_save(call);
}

static bool plain_delete(struct tf_call *call)
{
    if (!object_visit(call))
        return false;
    store_remove(object_store(call), tf_str(call->prior, "id"));
    return true;
}

const struct tf_resource contrary_plain = {.type = "contrary_plain",
                                           .doc = "A text with an id.",
                                           .attrs = plain_attrs,
                                           .create = plain_create,
                                           .read = plain_read,
                                           .update = plain_update,
                                           .delete_ = plain_delete};
