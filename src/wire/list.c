/* List resources: a stream of events. */
#include "rpc.h"

void *wire_validate_list(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ValidateListResourceConfig__Request *asked = request;
    Tfplugin6__ValidateListResourceConfig__Response *answer =
        pb_new(rpc->arena, &tfplugin6__validate_list_resource_config__response__descriptor);

    wire_validate(rpc, TF_LIST_RESOURCE, asked->type_name, asked->config);
    WIRE_REPORT(rpc, answer);
    return answer;
}

struct listing {
    struct wire_rpc *rpc;
    const struct tf_offer *resource; /* what the events show */
};

static bool send_event(void *arg, struct arena *arena, const struct tf_list_event *event)
{
    struct listing *listing = arg;
    struct wire_rpc rpc = *listing->rpc;
    Tfplugin6__ListResource__Event *message =
        pb_new(arena, &tfplugin6__list_resource__event__descriptor);
    struct str bytes;

    rpc.arena = arena;
    rpc.tf.diags = *event->diags;
    message->display_name = arena_z(arena, arena_utf8(arena, event->name));
    if (event->identity != NULL)
        message->identity = wire_identity(&rpc, listing->resource, event->identity);
    if (event->object != NULL) {
        message->_resource_object_case =
            TFPLUGIN6__LIST_RESOURCE__EVENT___RESOURCE_OBJECT_RESOURCE_OBJECT;
        message->resource_object = wire_dynamic(&rpc, listing->resource->type, event->object);
    }
    wire_report(arena, &rpc.tf.diags, &message->n_diagnostic, &message->diagnostic);
    if (!pb_pack(arena, message, &bytes)) {
        listing->rpc->failed = true;
        return false;
    }
    return rpc.send(rpc.send_arg, bytes);
}

static void send_complaint(struct wire_rpc *rpc)
{
    struct listing listing = {.rpc = rpc};
    struct tf_list_event event = {.diags = &rpc->tf.diags};
    send_event(&listing, rpc->arena, &event);
}

void *wire_list(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ListResource__Request *asked = request;
    const struct tf_offer *offer = wire_offer(rpc, TF_LIST_RESOURCE, asked->type_name);
    struct listing listing = {
        rpc, tf_offer_find(rpc->server->tf, TF_RESOURCE, pb_str(asked->type_name))};
    struct tf_list_request list = {.wants_objects = asked->include_resource_object,
                                   .limit = asked->limit,
                                   .send = send_event,
                                   .arg = &listing};

    if (offer != NULL &&
        wire_value(rpc, asked->config, offer->type, "the configuration", &list.config))
        tf_list_resource(rpc->server->tf, &rpc->tf, offer, &list);
    else
        send_complaint(rpc);
    return NULL;
}
