/* The 36 methods of protocol 6. */
#include "rpc.h"

#include <stdlib.h>

struct wire_method {
    const char *name;
    const ProtobufCMessageDescriptor *request;
    wire_handler *handler; /* NULL: the schema offers nothing that would lead here */
    bool streams;
};

#define service "/tfplugin6.Provider/"

static const struct wire_method methods[] = {
    {"GetMetadata", &tfplugin6__get_metadata__request__descriptor, wire_get_metadata},
    {"GetProviderSchema", &tfplugin6__get_provider_schema__request__descriptor,
     wire_get_provider_schema},
    {"GetResourceIdentitySchemas", &tfplugin6__get_resource_identity_schemas__request__descriptor,
     wire_get_identity_schemas},
    {"GetFunctions", &tfplugin6__get_functions__request__descriptor, wire_get_functions},
    {"StopProvider", &tfplugin6__stop_provider__request__descriptor, wire_stop},
    {"ValidateProviderConfig", &tfplugin6__validate_provider_config__request__descriptor,
     wire_validate_provider},
    {"ConfigureProvider", &tfplugin6__configure_provider__request__descriptor, wire_configure},

    {"ValidateResourceConfig", &tfplugin6__validate_resource_config__request__descriptor,
     wire_validate_resource},
    {"UpgradeResourceState", &tfplugin6__upgrade_resource_state__request__descriptor, wire_upgrade},
    {"ReadResource", &tfplugin6__read_resource__request__descriptor, wire_read},
    {"PlanResourceChange", &tfplugin6__plan_resource_change__request__descriptor, wire_plan},
    {"ApplyResourceChange", &tfplugin6__apply_resource_change__request__descriptor, wire_apply},
    {"ImportResourceState", &tfplugin6__import_resource_state__request__descriptor, wire_import},
    {"MoveResourceState", &tfplugin6__move_resource_state__request__descriptor, wire_move},

    {"GenerateResourceConfig", &tfplugin6__generate_resource_config__request__descriptor,
     wire_generate},
    {"UpgradeResourceIdentity", &tfplugin6__upgrade_resource_identity__request__descriptor,
     wire_upgrade_identity},

    {"ValidateDataResourceConfig", &tfplugin6__validate_data_resource_config__request__descriptor,
     wire_validate_data_source},
    {"ReadDataSource", &tfplugin6__read_data_source__request__descriptor, wire_read_data_source},

    {"ValidateEphemeralResourceConfig",
     &tfplugin6__validate_ephemeral_resource_config__request__descriptor, wire_validate_ephemeral},
    {"OpenEphemeralResource", &tfplugin6__open_ephemeral_resource__request__descriptor, wire_open},
    {"RenewEphemeralResource", &tfplugin6__renew_ephemeral_resource__request__descriptor,
     wire_renew},
    {"CloseEphemeralResource", &tfplugin6__close_ephemeral_resource__request__descriptor,
     wire_close},

    {"CallFunction", &tfplugin6__call_function__request__descriptor, wire_call_function},

    {"ValidateListResourceConfig", &tfplugin6__validate_list_resource_config__request__descriptor,
     wire_validate_list},
    {"ListResource", &tfplugin6__list_resource__request__descriptor, wire_list, .streams = true},

    {"ValidateStateStoreConfig", NULL, NULL},
    {"ConfigureStateStore", NULL, NULL},
    {"ReadStateBytes", NULL, NULL},
    {"WriteStateBytes", NULL, NULL},
    {"LockState", NULL, NULL},
    {"UnlockState", NULL, NULL},
    {"GetStates", NULL, NULL},
    {"DeleteState", NULL, NULL},
    {"PlanAction", NULL, NULL},
    {"InvokeAction", NULL, NULL},
    {"ValidateActionConfig", NULL, NULL},
};

enum { method_count = sizeof methods / sizeof methods[0] };

struct wire_server *wire_server_new(struct tf_server *server)
{
    struct wire_server *wire = calloc(1, sizeof *wire);
    if (wire == NULL)
        abort();
    wire->tf = server;
    wire->schema = wire_schema_new();
    return wire;
}

void wire_server_free(struct wire_server *wire)
{
    if (wire == NULL)
        return;
    wire_schema_free(wire->schema);
    free(wire);
}

const struct wire_method *wire_method_find(struct str path)
{
    if (!str_starts(path, S(service)))
        return NULL;
    struct str name = str_from(path, sizeof service - 1);
    for (size_t i = 0; i < method_count; i++)
        if (str_is(name, methods[i].name))
            return &methods[i];
    return NULL;
}

const struct wire_method *wire_method_at(size_t index)
{
    return index < method_count ? &methods[index] : NULL;
}

struct str wire_method_path(struct arena *arena, const struct wire_method *method)
{
    return arena_cat(arena, S(service), str_of(method->name));
}

bool wire_method_is_offered(const struct wire_method *method)
{
    return method->handler != NULL;
}

bool wire_method_stops(const struct wire_method *method)
{
    return method->handler == wire_stop;
}

bool wire_method_streams(const struct wire_method *method)
{
    return method->streams;
}

/* Unpacks and runs. Other than WIRE_OK: *ret_message says why. */
static enum wire_status run(struct wire_rpc *rpc, const struct wire_method *method,
                            struct str request, struct stop_token *stop, const void **ret_answer,
                            struct str *ret_message)
{
    if (method->handler == NULL) {
        *ret_message =
            arena_fmt(rpc->arena, "%s is not implemented by this provider.", method->name);
        return WIRE_UNIMPLEMENTED;
    }
    if (method->streams != (rpc->send != NULL)) {
        *ret_message = arena_fmt(rpc->arena, "%s answers in another way.", method->name);
        return WIRE_INTERNAL;
    }
    const void *asked = pb_unpack(rpc->arena, method->request, request);
    if (asked == NULL) {
        *ret_message = arena_fmt(rpc->arena, "The request is no message of %s.", method->name);
        return WIRE_INVALID_ARGUMENT;
    }
    rpc->tf = (struct tf_rpc){.arena = rpc->arena, .diags = diags_in(rpc->arena), .stop = stop};
    *ret_answer = method->handler(rpc, asked);
    return WIRE_OK;
}

enum wire_status wire_call(struct wire_server *wire, const struct wire_method *method,
                           struct str request, struct stop_token *stop, struct arena *arena,
                           struct str *ret_answer, struct str *ret_message)
{
    struct wire_rpc rpc = {.server = wire, .arena = arena};
    const void *answer = NULL;
    enum wire_status status = run(&rpc, method, request, stop, &answer, ret_message);

    if (status == WIRE_OK && answer == NULL && rpc.ready.ptr != NULL) {
        *ret_answer = rpc.ready;
    } else if (status == WIRE_OK && (answer == NULL || !pb_pack(arena, answer, ret_answer))) {
        *ret_message = S("The answer is larger than one call may hold.");
        status = WIRE_RESOURCE_EXHAUSTED;
    }
    tf_rpc_done(wire->tf, &rpc.tf);
    return status;
}

enum wire_status wire_stream(struct wire_server *wire, const struct wire_method *method,
                             struct str request, struct stop_token *stop, struct arena *arena,
                             wire_send_fn *send, void *arg, struct str *ret_message)
{
    struct wire_rpc rpc = {.server = wire, .arena = arena, .send = send, .send_arg = arg};
    const void *unused = NULL;
    enum wire_status status = run(&rpc, method, request, stop, &unused, ret_message);

    tf_rpc_done(wire->tf, &rpc.tf);
    if (status != WIRE_OK || !rpc.failed)
        return status;
    *ret_message = S("An answer is larger than one message may be.");
    return WIRE_RESOURCE_EXHAUSTED;
}
