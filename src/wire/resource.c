/* The methods of managed resources.
 *
 * What can't be read never costs an object: the bytes that came as its state go back as they
 * were. */
#include "rpc.h"

const struct tf_offer *wire_offer(struct wire_rpc *rpc, enum tf_offer_kind kind,
                                  ProtobufCBinaryData type_name)
{
    static const char *const kinds[] = {[TF_RESOURCE] = "resource",
                                        [TF_DATA_SOURCE] = "data source",
                                        [TF_EPHEMERAL] = "ephemeral resource",
                                        [TF_LIST_RESOURCE] = "list resource"};
    struct str name = pb_str(type_name);
    const struct tf_offer *offer = tf_offer_find(rpc->server->tf, kind, name);
    if (offer == NULL)
        diag_error(&rpc->tf.diags, NULL, arena_fmt(rpc->arena, "Unknown %s type", kinds[kind]).ptr,
                   "This version of the provider has no %s type \"%.*s\".", kinds[kind], STR(name));
    return offer;
}

void wire_client(struct wire_rpc *rpc, const Tfplugin6__ClientCapabilities *client)
{
    rpc->tf.write_only_allowed = client != NULL && client->write_only_attributes_allowed;
}

bool wire_meta(struct wire_rpc *rpc, const Tfplugin6__DynamicValue *message)
{
    const struct tf_offer *meta = tf_offer_find(rpc->server->tf, TF_META, S(""));

    return meta == NULL || message == NULL ||
           wire_value(rpc, message, meta->type, "the module's provider_meta", &rpc->tf.meta);
}

void wire_validate(struct wire_rpc *rpc, enum tf_offer_kind kind, ProtobufCBinaryData type_name,
                   const Tfplugin6__DynamicValue *config)
{
    const struct tf_offer *offer = wire_offer(rpc, kind, type_name);
    const struct cty_value *value;

    if (offer != NULL && wire_value(rpc, config, offer->type, "the configuration", &value))
        tf_validate(rpc->server->tf, &rpc->tf, offer, value);
}

/* The same bytes in an answer. Absent stays null. */
static Tfplugin6__DynamicValue *echo(struct arena *arena, const Tfplugin6__DynamicValue *value)
{
    Tfplugin6__DynamicValue *copy = pb_new(arena, &tfplugin6__dynamic_value__descriptor);
    if (value != NULL && value->msgpack.len > 0)
        copy->msgpack = value->msgpack;
    else if (value != NULL && value->json.len > 0)
        copy->json = value->json;
    else
        copy->msgpack = pb_bytes(S("\xc0"));
    return copy;
}

void *wire_validate_resource(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ValidateResourceConfig__Request *asked = request;
    Tfplugin6__ValidateResourceConfig__Response *answer =
        pb_new(rpc->arena, &tfplugin6__validate_resource_config__response__descriptor);

    wire_client(rpc, asked->client_capabilities);
    wire_validate(rpc, TF_RESOURCE, asked->type_name, asked->config);
    WIRE_REPORT(rpc, answer);
    return answer;
}

static const struct cty_value *upgraded(struct wire_rpc *rpc, const struct tf_offer *offer,
                                        const Tfplugin6__UpgradeResourceState__Request *asked)
{
    const Tfplugin6__RawState *raw = asked->raw_state;
    if (raw == NULL || raw->json.len == 0) {
        diag_error(&rpc->tf.diags, NULL, "State in an old format",
                   "This object was stored by a Terraform older than 0.12, or its state is empty; "
                   "this provider reads the JSON of newer states only.");
        return NULL;
    }
    return tf_upgrade(rpc->server->tf, &rpc->tf, offer, asked->version, pb_str(raw->json));
}

void *wire_upgrade(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__UpgradeResourceState__Request *asked = request;
    Tfplugin6__UpgradeResourceState__Response *answer =
        pb_new(rpc->arena, &tfplugin6__upgrade_resource_state__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_RESOURCE, asked->type_name);
    const struct cty_value *state = offer == NULL ? NULL : upgraded(rpc, offer, asked);

    if (state != NULL)
        answer->upgraded_state = wire_dynamic(rpc, offer->type, state);
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_read(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ReadResource__Request *asked = request;
    Tfplugin6__ReadResource__Response *answer =
        pb_new(rpc->arena, &tfplugin6__read_resource__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_RESOURCE, asked->type_name);
    struct tf_read_request read = {.private_data = pb_str(asked->private_)};
    struct tf_state_answer state = {.private_data = read.private_data};

    wire_client(rpc, asked->client_capabilities);
    answer->new_identity = asked->current_identity;
    if (offer != NULL &&
        wire_value(rpc, asked->current_state, offer->type, "the state", &read.current) &&
        wire_identity_value(rpc, asked->current_identity, offer, &read.identity) &&
        wire_meta(rpc, asked->provider_meta)) {
        tf_read_resource(rpc->server->tf, &rpc->tf, offer, &read, &state);
        if (state.state != NULL || rpc->tf.diags.errors == 0)
            answer->new_state = wire_dynamic(rpc, offer->type, state.state);
        answer->new_identity = wire_identity(rpc, offer, state.identity);
    }
    if (answer->new_state == NULL)
        answer->new_state = echo(rpc->arena, asked->current_state);
    answer->private_ = pb_bytes(state.private_data);
    WIRE_REPORT(rpc, answer);
    return answer;
}

static void fill_plan(struct wire_rpc *rpc, const struct tf_offer *offer,
                      const struct tf_plan_answer *plan,
                      Tfplugin6__PlanResourceChange__Response *answer)
{
    answer->planned_state = wire_dynamic(rpc, offer->type, plan->planned);
    answer->planned_private = pb_bytes(plan->planned_private);
    answer->planned_identity = wire_identity(rpc, offer, plan->planned_identity);
    answer->n_requires_replace = plan->requires_replace_count;
    answer->requires_replace =
        arena_array(rpc->arena, Tfplugin6__AttributePath *, plan->requires_replace_count);
    for (size_t i = 0; i < plan->requires_replace_count; i++)
        answer->requires_replace[i] = wire_path(rpc->arena, plan->requires_replace[i]);
}

void *wire_plan(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__PlanResourceChange__Request *asked = request;
    Tfplugin6__PlanResourceChange__Response *answer =
        pb_new(rpc->arena, &tfplugin6__plan_resource_change__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_RESOURCE, asked->type_name);
    struct tf_plan_request change = {.prior_private = pb_str(asked->prior_private)};
    struct tf_plan_answer plan = {0};

    wire_client(rpc, asked->client_capabilities);
    if (offer != NULL &&
        wire_value(rpc, asked->config, offer->type, "the configuration", &change.config) &&
        wire_value(rpc, asked->prior_state, offer->type, "the prior state", &change.prior) &&
        wire_value(rpc, asked->proposed_new_state, offer->type, "the proposed state",
                   &change.proposed) &&
        wire_identity_value(rpc, asked->prior_identity, offer, &change.prior_identity) &&
        wire_meta(rpc, asked->provider_meta)) {
        tf_plan_change(rpc->server->tf, &rpc->tf, offer, &change, &plan);
        fill_plan(rpc, offer, &plan, answer);
    }
    WIRE_REPORT(rpc, answer);
    return answer;
}

/* Also what is in it that can't be read: then the object stays as it was. */
static bool read_apply(struct wire_rpc *rpc, const struct tf_offer *offer,
                       const Tfplugin6__ApplyResourceChange__Request *asked,
                       struct tf_apply_request *ret_change)
{
    return wire_value(rpc, asked->config, offer->type, "the configuration", &ret_change->config) &&
           wire_value(rpc, asked->prior_state, offer->type, "the prior state",
                      &ret_change->prior) &&
           wire_value(rpc, asked->planned_state, offer->type, "the plan", &ret_change->planned) &&
           wire_identity_value(rpc, asked->planned_identity, offer,
                               &ret_change->planned_identity) &&
           wire_meta(rpc, asked->provider_meta);
}

void *wire_apply(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ApplyResourceChange__Request *asked = request;
    Tfplugin6__ApplyResourceChange__Response *answer =
        pb_new(rpc->arena, &tfplugin6__apply_resource_change__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_RESOURCE, asked->type_name);
    struct tf_apply_request change = {.planned_private = pb_str(asked->planned_private)};
    struct tf_state_answer state = {0};

    if (offer != NULL && read_apply(rpc, offer, asked, &change)) {
        tf_apply_change(rpc->server->tf, &rpc->tf, offer, &change, &state);
        answer->new_state = wire_dynamic(rpc, offer->type, state.state);
        answer->private_ = pb_bytes(state.private_data);
        answer->new_identity = wire_identity(rpc, offer, state.identity);
    } else {
        answer->new_state = echo(rpc->arena, asked->prior_state);
        answer->private_ = asked->planned_private;
        if (asked->prior_state != NULL && asked->prior_state->msgpack.len > 1) /* more than null */
            answer->new_identity = asked->planned_identity;
    }
    WIRE_REPORT(rpc, answer);
    return answer;
}
