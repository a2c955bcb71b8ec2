#include "tf.h"

/* Local attributes have no counterpart outside: they begin with their defaults. */
static const struct cty_value *with_local_defaults(struct arena *arena, const struct tf_attr *attrs,
                                                   const struct cty_value *state)
{
    each_attr(attr, attrs)
    {
        if ((attr->flags & TF_LOCAL) != 0 && attr->fallback != NULL &&
            tf_absent(tf_value(state, attr->name)))
            state = cty_with(arena, state, str_of(attr->name), tf_fallback(arena, attr));
    }
    return state;
}

static void take_imported(struct tf_call *call, const struct tf_entry *entry,
                          const struct cty_value *blank, struct tf_state_answer *answer)
{
    struct tf_rules rules = {.arena = call->arena, .diags = call->diags};

    if (!tf_rules_of_state(&rules, entry, call->state))
        return;
    if (cty_equal(call->state, blank)) {
        diag_bug(call->diags, NULL, "The import of %s set nothing that could be read.",
                 call->resource->type);
        return;
    }
    answer->state = tf_tidy(call->arena, entry->rows,
                            with_local_defaults(call->arena, entry->rows.attrs, call->state));
    answer->private_data = tf_private_encode(call, S(""));
}

static bool can_import(struct tf_rpc *rpc, const struct tf_resource *resource, struct str id)
{
    if (resource->import == NULL || resource->import_example == NULL)
        return diag_error(&rpc->diags, NULL, "Resource Import Not Implemented",
                          "%s can't be imported: nothing outside holds what its state is made of.",
                          resource->type);
    if (str_empty(str_trim(id)))
        return diag_error(&rpc->diags, NULL, "Missing import id",
                          "%s is imported by an id such as \"%s\".", resource->type,
                          resource->import_example);
    return true;
}

void tf_import_resource(struct tf_server *server, struct tf_rpc *rpc,
                        const struct tf_resource *resource, struct str id,
                        struct tf_state_answer *ret_answer)
{
    const struct tf_entry *entry = tf_entry_of(server, resource);
    struct tf_call call = tf_call_new(server, rpc, resource);
    struct tf_configured *held = NULL;

    *ret_answer = (struct tf_state_answer){NULL, S("")};
    if (!can_import(rpc, resource, id) || !tf_call_needs_provider(server, &call, &held))
        return;
    const struct cty_value *blank = tf_blank(rpc->arena, entry->rows, entry->type);
    call.state = blank;
    tf_deadline(&call, TF_OP_READ, blank);
    size_t before = rpc->diags.errors;
    if (!resource->import(&call, id))
        tf_explain_failure(&call, before, "The import");
    else if (rpc->diags.errors == before)
        take_imported(&call, entry, blank, ret_answer);
    tf_let_go(server, held);
}
