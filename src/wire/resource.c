/* The methods of managed resources.
 *
 * What can't be read never costs an object: the bytes that came as its state go back as they
 * were. */
#include "rpc.h"

const struct tf_resource *wire_resource(struct wire_rpc *rpc, ProtobufCBinaryData type_name)
{
    struct str name = pb_str(type_name);
    const struct tf_resource *resource = tf_resource_find(rpc->server->tf, name);
    if (resource == NULL)
        diag_error(&rpc->tf.diags, NULL, "Unknown resource type",
                   "This version of the provider has no resource type \"%.*s\".", STR(name));
    return resource;
}

static bool write_only_allowed(const Tfplugin6__ClientCapabilities *client)
{
    return client != NULL && client->write_only_attributes_allowed;
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
    const struct tf_resource *resource = wire_resource(rpc, asked->type_name);
    const struct cty_value *config;

    rpc->tf.write_only_allowed = write_only_allowed(asked->client_capabilities);
    if (resource != NULL &&
        wire_value(rpc, asked->config, tf_resource_type(rpc->server->tf, resource),
                   "the configuration", &config))
        tf_validate_resource(rpc->server->tf, &rpc->tf, resource, config);
    WIRE_REPORT(rpc, answer);
    return answer;
}

static const struct cty_value *upgraded(struct wire_rpc *rpc, const struct tf_resource *resource,
                                        const Tfplugin6__UpgradeResourceState__Request *asked)
{
    const Tfplugin6__RawState *raw = asked->raw_state;
    if (raw == NULL || raw->json.len == 0) {
        diag_error(&rpc->tf.diags, NULL, "State in an old format",
                   "This object was stored by a Terraform older than 0.12, or its state is empty; "
                   "this provider reads the JSON of newer states only.");
        return NULL;
    }
    return tf_upgrade(rpc->server->tf, &rpc->tf, resource, asked->version, pb_str(raw->json));
}

void *wire_upgrade(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__UpgradeResourceState__Request *asked = request;
    Tfplugin6__UpgradeResourceState__Response *answer =
        pb_new(rpc->arena, &tfplugin6__upgrade_resource_state__response__descriptor);
    const struct tf_resource *resource = wire_resource(rpc, asked->type_name);
    const struct cty_value *state = resource == NULL ? NULL : upgraded(rpc, resource, asked);

    if (state != NULL)
        answer->upgraded_state =
            wire_dynamic(rpc, tf_resource_type(rpc->server->tf, resource), state);
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_read(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ReadResource__Request *asked = request;
    Tfplugin6__ReadResource__Response *answer =
        pb_new(rpc->arena, &tfplugin6__read_resource__response__descriptor);
    const struct tf_resource *resource = wire_resource(rpc, asked->type_name);
    struct tf_state_answer state = {.private_data = pb_str(asked->private_)};
    const struct cty_type *type =
        resource == NULL ? NULL : tf_resource_type(rpc->server->tf, resource);
    const struct cty_value *current;

    rpc->tf.write_only_allowed = write_only_allowed(asked->client_capabilities);
    if (resource != NULL && wire_value(rpc, asked->current_state, type, "the state", &current)) {
        tf_read_resource(rpc->server->tf, &rpc->tf, resource, current, pb_str(asked->private_),
                         &state);
        if (state.state != NULL || rpc->tf.diags.errors == 0)
            answer->new_state = wire_dynamic(rpc, type, state.state);
    }
    if (answer->new_state == NULL)
        answer->new_state = echo(rpc->arena, asked->current_state);
    answer->private_ = pb_bytes(state.private_data);
    WIRE_REPORT(rpc, answer);
    return answer;
}

static void fill_plan(struct wire_rpc *rpc, const struct cty_type *type,
                      const struct tf_plan_answer *plan,
                      Tfplugin6__PlanResourceChange__Response *answer)
{
    answer->planned_state = wire_dynamic(rpc, type, plan->planned);
    answer->planned_private = pb_bytes(plan->planned_private);
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
    const struct tf_resource *resource = wire_resource(rpc, asked->type_name);
    const struct cty_type *type =
        resource == NULL ? NULL : tf_resource_type(rpc->server->tf, resource);
    struct tf_plan_request change = {.prior_private = pb_str(asked->prior_private)};
    struct tf_plan_answer plan = {0};

    rpc->tf.write_only_allowed = write_only_allowed(asked->client_capabilities);
    if (resource != NULL &&
        wire_value(rpc, asked->config, type, "the configuration", &change.config) &&
        wire_value(rpc, asked->prior_state, type, "the prior state", &change.prior) &&
        wire_value(rpc, asked->proposed_new_state, type, "the proposed state", &change.proposed)) {
        tf_plan_change(rpc->server->tf, &rpc->tf, resource, &change, &plan);
        fill_plan(rpc, type, &plan, answer);
    }
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_apply(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ApplyResourceChange__Request *asked = request;
    Tfplugin6__ApplyResourceChange__Response *answer =
        pb_new(rpc->arena, &tfplugin6__apply_resource_change__response__descriptor);
    const struct tf_resource *resource = wire_resource(rpc, asked->type_name);
    const struct cty_type *type =
        resource == NULL ? NULL : tf_resource_type(rpc->server->tf, resource);
    struct tf_apply_request change = {.planned_private = pb_str(asked->planned_private)};
    struct tf_state_answer state = {0};

    if (resource != NULL &&
        wire_value(rpc, asked->config, type, "the configuration", &change.config) &&
        wire_value(rpc, asked->prior_state, type, "the prior state", &change.prior) &&
        wire_value(rpc, asked->planned_state, type, "the plan", &change.planned)) {
        tf_apply_change(rpc->server->tf, &rpc->tf, resource, &change, &state);
        answer->new_state = wire_dynamic(rpc, type, state.state);
        answer->private_ = pb_bytes(state.private_data);
    } else {
        answer->new_state = echo(rpc->arena, asked->prior_state);
        answer->private_ = asked->planned_private;
    }
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_import(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ImportResourceState__Request *asked = request;
    Tfplugin6__ImportResourceState__Response *answer =
        pb_new(rpc->arena, &tfplugin6__import_resource_state__response__descriptor);
    const struct tf_resource *resource = wire_resource(rpc, asked->type_name);
    struct tf_state_answer state = {0};

    if (resource != NULL)
        tf_import_resource(rpc->server->tf, &rpc->tf, resource, pb_str(asked->id), &state);
    if (state.state != NULL) {
        Tfplugin6__ImportResourceState__ImportedResource *imported =
            pb_new(rpc->arena, &tfplugin6__import_resource_state__imported_resource__descriptor);
        imported->type_name = arena_z(rpc->arena, str_of(resource->type));
        imported->state =
            wire_dynamic(rpc, tf_resource_type(rpc->server->tf, resource), state.state);
        imported->private_ = pb_bytes(state.private_data);
        answer->n_imported_resources = 1;
        answer->imported_resources =
            arena_make(rpc->arena, Tfplugin6__ImportResourceState__ImportedResource *);
        answer->imported_resources[0] = imported;
    }
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_move(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__MoveResourceState__Request *asked = request;
    Tfplugin6__MoveResourceState__Response *answer =
        pb_new(rpc->arena, &tfplugin6__move_resource_state__response__descriptor);

    diag_error(&rpc->tf.diags, NULL, "Move between resource types is not supported",
               "No %.*s can be made from a %.*s of %.*s. Remove the `moved` block, forget the old "
               "object with a `removed` block and bring it in with an `import` block.",
               STR(pb_str(asked->target_type_name)), STR(pb_str(asked->source_type_name)),
               STR(pb_str(asked->source_provider_address)));
    WIRE_REPORT(rpc, answer);
    return answer;
}
