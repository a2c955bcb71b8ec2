/* Ephemeral resources: open, renew, close. */
#include "tf.h"

void tf_ephemeral_renew_at(struct tf_call *call, int64_t unix_ms)
{
    call->renew_at_ms = unix_ms;
}

static void check_renewal(struct tf_call *call)
{
    if (call->renew_at_ms != 0 && call->offer->ephemeral->renew == NULL) {
        diag_bug(call->diags, NULL, "%s asks to be renewed, and has no verb for it.",
                 call->offer->name);
        call->renew_at_ms = 0;
    }
}

/* The client closes only what it was given: what it is not given is closed here. */
static void close_again(struct tf_call *call)
{
    size_t before = call->diags->errors;

    if (call->offer->ephemeral->close != NULL && !call->offer->ephemeral->close(call))
        tf_explain_failure(call, before, "The closing");
}

static void open_it(struct tf_call *call, struct tf_ephemeral_answer *answer)
{
    size_t before = call->diags->errors;

    if (!call->offer->ephemeral->open(call)) {
        tf_explain_failure(call, before, "The opening");
        return;
    }
    check_renewal(call);
    if (call->diags->errors > before || !tf_rules_of_result(call)) {
        close_again(call);
        return;
    }
    answer->result = call->state;
    answer->renew_at_ms = call->renew_at_ms;
    answer->private_data = tf_private_encode(call, S(""));
}

void tf_ephemeral_open(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                       const struct cty_value *config, struct tf_ephemeral_answer *ret_answer)
{
    struct tf_call call = tf_call_new(server, rpc, offer);

    *ret_answer = (struct tf_ephemeral_answer){0};
    if (!tf_can_be_read(rpc, offer, config) || !tf_call_needs_provider(server, rpc, &call))
        return;
    call.config = config;
    call.state = tf_begin_with(rpc->arena, offer, config);
    open_it(&call, ret_answer);
}

void tf_ephemeral_renew(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                        struct str private_data, struct tf_ephemeral_answer *ret_answer)
{
    struct tf_call call = tf_call_new(server, rpc, offer);
    size_t before = rpc->diags.errors;

    *ret_answer = (struct tf_ephemeral_answer){.private_data = private_data};
    if (offer->ephemeral->renew == NULL || !tf_call_needs_provider(server, rpc, &call))
        return;
    call.private_data = tf_private_decode(rpc->arena, private_data);
    if (!offer->ephemeral->renew(&call))
        tf_explain_failure(&call, before, "The renewing");
    ret_answer->private_data = tf_private_encode(&call, private_data);
    if (rpc->diags.errors == before)
        ret_answer->renew_at_ms = call.renew_at_ms;
}

void tf_ephemeral_close(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                        struct str private_data)
{
    struct tf_call call = tf_call_new(server, rpc, offer);
    size_t before = rpc->diags.errors;

    if (offer->ephemeral->close == NULL || !tf_call_needs_provider(server, rpc, &call))
        return;
    call.private_data = tf_private_decode(rpc->arena, private_data);
    if (!offer->ephemeral->close(&call))
        tf_explain_failure(&call, before, "The closing");
}
