/* The methods of data sources. */
#include "rpc.h"

void *wire_validate_data_source(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ValidateDataResourceConfig__Request *asked = request;
    Tfplugin6__ValidateDataResourceConfig__Response *answer =
        pb_new(rpc->arena, &tfplugin6__validate_data_resource_config__response__descriptor);

    wire_validate(rpc, TF_DATA_SOURCE, asked->type_name, asked->config);
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_read_data_source(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ReadDataSource__Request *asked = request;
    Tfplugin6__ReadDataSource__Response *answer =
        pb_new(rpc->arena, &tfplugin6__read_data_source__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_DATA_SOURCE, asked->type_name);
    const struct cty_value *config, *state = NULL;

    wire_client(rpc, asked->client_capabilities);
    if (offer != NULL &&
        wire_value(rpc, asked->config, offer->type, "the configuration", &config) &&
        wire_meta(rpc, asked->provider_meta))
        state = tf_read_data_source(rpc->server->tf, &rpc->tf, offer, config);
    if (offer != NULL)
        answer->state = wire_dynamic(rpc, offer->type, state);
    WIRE_REPORT(rpc, answer);
    return answer;
}
