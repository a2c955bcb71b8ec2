/* The methods of ephemeral resources. */
#include "rpc.h"

void *wire_validate_ephemeral(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ValidateEphemeralResourceConfig__Request *asked = request;
    Tfplugin6__ValidateEphemeralResourceConfig__Response *answer =
        pb_new(rpc->arena, &tfplugin6__validate_ephemeral_resource_config__response__descriptor);

    wire_validate(rpc, TF_EPHEMERAL, asked->type_name, asked->config);
    WIRE_REPORT(rpc, answer);
    return answer;
}

/* NULL: never. */
static Tfplugin6__Timestamp *timestamp(struct arena *arena, int64_t unix_ms)
{
    if (unix_ms == 0)
        return NULL;
    Tfplugin6__Timestamp *time = pb_new(arena, &tfplugin6__timestamp__descriptor);
    time->seconds = unix_ms / 1000;
    time->nanos = (int32_t)(unix_ms % 1000 * 1000000);
    return time;
}

void *wire_open(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__OpenEphemeralResource__Request *asked = request;
    Tfplugin6__OpenEphemeralResource__Response *answer =
        pb_new(rpc->arena, &tfplugin6__open_ephemeral_resource__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_EPHEMERAL, asked->type_name);
    struct tf_ephemeral_answer opened = {0};
    const struct cty_value *config;

    wire_client(rpc, asked->client_capabilities);
    if (offer != NULL && wire_value(rpc, asked->config, offer->type, "the configuration", &config))
        tf_ephemeral_open(rpc->server->tf, &rpc->tf, offer, config, &opened);
    if (offer != NULL)
        answer->result = wire_dynamic(rpc, offer->type, opened.result);
    answer->renew_at = timestamp(rpc->arena, opened.renew_at_ms);
    if (answer->renew_at != NULL)
        answer->_renew_at_case = TFPLUGIN6__OPEN_EPHEMERAL_RESOURCE__RESPONSE___RENEW_AT_RENEW_AT;
    if (opened.private_data.len > 0) {
        answer->_private_case = TFPLUGIN6__OPEN_EPHEMERAL_RESOURCE__RESPONSE___PRIVATE_PRIVATE;
        answer->private_ = pb_bytes(opened.private_data);
    }
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_renew(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__RenewEphemeralResource__Request *asked = request;
    Tfplugin6__RenewEphemeralResource__Response *answer =
        pb_new(rpc->arena, &tfplugin6__renew_ephemeral_resource__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_EPHEMERAL, asked->type_name);
    bool has_private =
        asked->_private_case == TFPLUGIN6__RENEW_EPHEMERAL_RESOURCE__REQUEST___PRIVATE_PRIVATE;
    struct tf_ephemeral_answer renewed = {0};

    if (offer != NULL)
        tf_ephemeral_renew(rpc->server->tf, &rpc->tf, offer,
                           has_private ? pb_str(asked->private_) : S(""), &renewed);
    answer->renew_at = timestamp(rpc->arena, renewed.renew_at_ms);
    if (answer->renew_at != NULL)
        answer->_renew_at_case = TFPLUGIN6__RENEW_EPHEMERAL_RESOURCE__RESPONSE___RENEW_AT_RENEW_AT;
    if (renewed.private_data.len > 0) {
        answer->_private_case = TFPLUGIN6__RENEW_EPHEMERAL_RESOURCE__RESPONSE___PRIVATE_PRIVATE;
        answer->private_ = pb_bytes(renewed.private_data);
    }
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_close(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__CloseEphemeralResource__Request *asked = request;
    Tfplugin6__CloseEphemeralResource__Response *answer =
        pb_new(rpc->arena, &tfplugin6__close_ephemeral_resource__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_EPHEMERAL, asked->type_name);
    bool has_private =
        asked->_private_case == TFPLUGIN6__CLOSE_EPHEMERAL_RESOURCE__REQUEST___PRIVATE_PRIVATE;

    if (offer != NULL)
        tf_ephemeral_close(rpc->server->tf, &rpc->tf, offer,
                           has_private ? pb_str(asked->private_) : S(""));
    WIRE_REPORT(rpc, answer);
    return answer;
}
