#include "tf.h"

/* NULL: gone. What can't be saved leaves the object as it was. */
static const struct cty_value *read_result(struct tf_call *call)
{
    struct tf_rules rules = {.arena = call->arena, .diags = call->diags};

    if (call->gone)
        return NULL;
    if (!tf_rules_of_state(&rules, call->offer, call->state))
        return call->prior;
    return tf_tidy(call->arena, rows_of_offer(call->offer), call->state);
}

static void read_object(struct tf_call *call, const struct tf_read_request *request,
                        struct tf_state_answer *answer)
{
    size_t before = call->diags->errors;

    tf_deadline(call, TF_OP_READ, call->prior);
    if (!call->offer->resource->read(call))
        tf_explain_failure(call, before, "The reading");
    else if (call->diags->errors == before)
        answer->state = read_result(call);
    if (answer->state == NULL) {
        answer->identity = NULL;
        return;
    }
    answer->identity = tf_identity_settled(call, answer->state, request->identity);
    answer->private_data = tf_private_encode(call, request->private_data);
}

void tf_read_resource(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                      const struct tf_read_request *request, struct tf_state_answer *ret_answer)
{
    struct tf_call call = tf_call_new(server, rpc, offer);

    *ret_answer = (struct tf_state_answer){tf_present(request->current), request->private_data,
                                           tf_present(request->identity)};
    if (tf_absent(request->current) || !tf_has_room(rpc, offer) ||
        !tf_is_object(rpc, offer, request->current) || !tf_call_needs_provider(server, rpc, &call))
        return;
    call.prior = call.state = request->current;
    call.private_data = tf_private_decode(rpc->arena, request->private_data);
    read_object(&call, request, ret_answer);
}
