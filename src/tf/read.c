#include "tf.h"

static const struct cty_value *read_result(struct tf_call *call, const struct tf_entry *entry)
{
    struct tf_rules rules = {.arena = call->arena, .diags = call->diags};

    if (call->gone)
        return NULL;
    if (!tf_rules_of_state(&rules, entry, call->state))
        return call->prior;
    return tf_tidy(call->arena, entry->rows, call->state);
}

void tf_read_resource(struct tf_server *server, struct tf_rpc *rpc,
                      const struct tf_resource *resource, const struct cty_value *current,
                      struct str private_data, struct tf_state_answer *ret_answer)
{
    const struct tf_entry *entry = tf_entry_of(server, resource);
    struct tf_call call = tf_call_new(server, rpc, resource);
    struct tf_configured *held = NULL;

    *ret_answer = (struct tf_state_answer){tf_present(current), private_data};
    if (tf_absent(current) || !tf_has_room(rpc, resource))
        return;
    if (!cty_is_known(current) || !cty_conforms(current, entry->type)) {
        diag_error(&rpc->diags, NULL, "Invalid request",
                   "The object to be read is not of the type of %s.", resource->type);
        return;
    }
    if (!tf_call_needs_provider(server, &call, &held))
        return;
    call.prior = call.state = current;
    call.private_data = tf_private_decode(rpc->arena, private_data);
    tf_deadline(&call, TF_OP_READ, current);
    size_t before = rpc->diags.errors;
    if (!resource->read(&call))
        tf_explain_failure(&call, before, "The reading");
    else if (rpc->diags.errors == before)
        ret_answer->state = read_result(&call, entry);
    if (ret_answer->state != NULL)
        ret_answer->private_data = tf_private_encode(&call, private_data);
    tf_let_go(server, held);
}
