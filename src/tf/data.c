#include "tf.h"

/* Defaults where the configuration is silent; what is computed is null until the verb sets it. */
const struct cty_value *tf_begin_with(struct arena *arena, const struct tf_offer *offer,
                                      const struct cty_value *config)
{
    struct tf_place place = {.config = config};
    return tf_plan_fill(arena, rows_of_offer(offer), &place);
}

bool tf_rules_of_result(struct tf_call *call)
{
    const struct tf_offer *offer = call->offer;
    struct tf_rules rules = {.arena = call->arena, .diags = call->diags};
    struct tf_place place = {.config = call->config, .planned = call->state};

    if (!tf_rules_of_state(&rules, offer, call->state))
        return false;
    tf_rules_of_plan(&rules, rows_of_offer(offer), &place);
    return rules.breaks == 0;
}

bool tf_can_be_read(struct tf_rpc *rpc, const struct tf_offer *offer,
                    const struct cty_value *config)
{
    if (tf_absent(config) || !cty_is_wholly_known(config))
        return diag_error(&rpc->diags, NULL, "Invalid request",
                          "%s was to be read before its configuration is wholly known.",
                          offer->name);
    return tf_has_room(rpc, offer) && tf_is_object(rpc, offer, config);
}

const struct cty_value *tf_read_data_source(struct tf_server *server, struct tf_rpc *rpc,
                                            const struct tf_offer *offer,
                                            const struct cty_value *config)
{
    struct tf_call call = tf_call_new(server, rpc, offer);
    size_t before = rpc->diags.errors;
    bool fine;

    if (!tf_can_be_read(rpc, offer, config) || !tf_call_needs_provider(server, rpc, &call))
        return NULL;
    call.config = config;
    call.state = tf_begin_with(rpc->arena, offer, config);
    tf_deadline(&call, TF_OP_READ, config);
    fine = offer->data_source->read(&call);
    if (!fine)
        tf_explain_failure(&call, before, "The reading");
    if (rpc->diags.errors > before || !tf_rules_of_result(&call))
        return NULL;
    return call.state;
}
