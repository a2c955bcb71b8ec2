/* Objects that come from elsewhere: imported, moved; and the configuration that describes one. */
#include "rpc.h"

static Tfplugin6__ImportResourceState__ImportedResource *
imported_of(struct wire_rpc *rpc, const struct tf_offer *offer, const struct tf_state_answer *state)
{
    Tfplugin6__ImportResourceState__ImportedResource *imported =
        pb_new(rpc->arena, &tfplugin6__import_resource_state__imported_resource__descriptor);
    imported->type_name = arena_z(rpc->arena, str_of(offer->name));
    imported->state = wire_dynamic(rpc, offer->type, state->state);
    imported->private_ = pb_bytes(state->private_data);
    imported->identity = wire_identity(rpc, offer, state->identity);
    return imported;
}

void *wire_import(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ImportResourceState__Request *asked = request;
    Tfplugin6__ImportResourceState__Response *answer =
        pb_new(rpc->arena, &tfplugin6__import_resource_state__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_RESOURCE, asked->type_name);
    struct tf_import_request import = {.id = pb_str(asked->id)};
    struct tf_state_answer state = {0};

    wire_client(rpc, asked->client_capabilities);
    if (offer != NULL && wire_identity_value(rpc, asked->identity, offer, &import.identity))
        tf_import_resource(rpc->server->tf, &rpc->tf, offer, &import, &state);
    if (state.state != NULL) {
        answer->n_imported_resources = 1;
        answer->imported_resources =
            arena_make(rpc->arena, Tfplugin6__ImportResourceState__ImportedResource *);
        answer->imported_resources[0] = imported_of(rpc, offer, &state);
    }
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_move(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__MoveResourceState__Request *asked = request;
    Tfplugin6__MoveResourceState__Response *answer =
        pb_new(rpc->arena, &tfplugin6__move_resource_state__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_RESOURCE, asked->target_type_name);
    struct tf_move_request move = {
        .provider = pb_str(asked->source_provider_address),
        .type = pb_str(asked->source_type_name),
        .version = asked->source_schema_version,
        .json = asked->source_state == NULL ? S("") : pb_str(asked->source_state->json),
        .private_data = pb_str(asked->source_private),
        .identity_json =
            asked->source_identity == NULL ? S("") : pb_str(asked->source_identity->json),
        .identity_version = asked->source_identity_schema_version};
    struct tf_state_answer state = {0};

    if (offer != NULL)
        tf_move_resource(rpc->server->tf, &rpc->tf, offer, &move, &state);
    if (state.state != NULL) {
        answer->target_state = wire_dynamic(rpc, offer->type, state.state);
        answer->target_private = pb_bytes(state.private_data);
        answer->target_identity = wire_identity(rpc, offer, state.identity);
    }
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_generate(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__GenerateResourceConfig__Request *asked = request;
    Tfplugin6__GenerateResourceConfig__Response *answer =
        pb_new(rpc->arena, &tfplugin6__generate_resource_config__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_RESOURCE, asked->type_name);
    const struct cty_value *state, *config = NULL;

    if (offer != NULL && wire_value(rpc, asked->state, offer->type, "the state", &state))
        config = tf_generate_config(rpc->server->tf, &rpc->tf, offer, state);
    if (offer != NULL)
        answer->config = wire_dynamic(rpc, offer->type, config);
    WIRE_REPORT(rpc, answer);
    return answer;
}
