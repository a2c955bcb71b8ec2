/* The methods of the provider itself. */
#include "rpc.h"
#include "schema.h"

#include <pthread.h>
#include <stdlib.h>

/* The schema never changes: it is encoded at the first question and kept. */
struct schema_cache {
    pthread_mutex_t lock;
    struct str bytes;
};

struct schema_cache *wire_schema_new(void)
{
    struct schema_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        abort();
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void wire_schema_free(struct schema_cache *cache)
{
    free((char *)cache->bytes.ptr);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

Tfplugin6__ServerCapabilities *wire_capabilities(struct arena *arena)
{
    Tfplugin6__ServerCapabilities *capabilities =
        pb_new(arena, &tfplugin6__server_capabilities__descriptor);
    capabilities->plan_destroy = true;
    capabilities->get_provider_schema_optional = true;
    capabilities->move_resource_state = true;
    capabilities->generate_resource_config = true;
    return capabilities;
}

static size_t count_offers(const struct tf_server *server, enum tf_offer_kind kind)
{
    size_t count = 0;
    while (tf_offer_at(server, kind, count) != NULL)
        count++;
    return count;
}

static size_t count_functions(const struct tf_server *server)
{
    const struct tf_function *const *functions = tf_server_provider(server)->functions;
    size_t count = 0;
    while (functions != NULL && functions[count] != NULL)
        count++;
    return count;
}

/* An array of messages, one for each offer of the kind: FIELD of the answer and its n_FIELD. */
#define FILL_OFFERS(arena, server, offer_kind, answer, field, MESSAGE, descriptor, statement)      \
    do {                                                                                           \
        (answer)->n_##field = count_offers(server, offer_kind);                                    \
        (answer)->field = arena_array(arena, MESSAGE *, (answer)->n_##field);                      \
        for (size_t i = 0; i < (answer)->n_##field; i++) {                                         \
            const struct tf_offer *offer = tf_offer_at(server, offer_kind, i);                     \
            MESSAGE *one = pb_new(arena, &(descriptor));                                           \
            statement;                                                                             \
            (answer)->field[i] = one;                                                              \
        }                                                                                          \
    } while (0)

#define NAME_OFFERS(kind, field, MESSAGE, descriptor)                                              \
    FILL_OFFERS(rpc->arena, rpc->server->tf, kind, answer, field, MESSAGE, descriptor,             \
                one->type_name = arena_z(rpc->arena, str_of(offer->name)))

/* The same of functions; the statement fills `one` out of `function`. */
#define FILL_FUNCTIONS(arena, server, answer, MESSAGE, descriptor, statement)                      \
    do {                                                                                           \
        (answer)->n_functions = count_functions(server);                                           \
        (answer)->functions = arena_array(arena, MESSAGE *, (answer)->n_functions);                \
        for (size_t i = 0; i < (answer)->n_functions; i++) {                                       \
            const struct tf_function *function = tf_server_provider(server)->functions[i];         \
            MESSAGE *one = pb_new(arena, &(descriptor));                                           \
            statement;                                                                             \
            (answer)->functions[i] = one;                                                          \
        }                                                                                          \
    } while (0)

void *wire_get_metadata(struct wire_rpc *rpc, const void *request)
{
    Tfplugin6__GetMetadata__Response *answer =
        pb_new(rpc->arena, &tfplugin6__get_metadata__response__descriptor);
    (void)request;

    answer->server_capabilities = wire_capabilities(rpc->arena);
    NAME_OFFERS(TF_RESOURCE, resources, Tfplugin6__GetMetadata__ResourceMetadata,
                tfplugin6__get_metadata__resource_metadata__descriptor);
    NAME_OFFERS(TF_DATA_SOURCE, data_sources, Tfplugin6__GetMetadata__DataSourceMetadata,
                tfplugin6__get_metadata__data_source_metadata__descriptor);
    NAME_OFFERS(TF_EPHEMERAL, ephemeral_resources, Tfplugin6__GetMetadata__EphemeralMetadata,
                tfplugin6__get_metadata__ephemeral_metadata__descriptor);
    NAME_OFFERS(TF_LIST_RESOURCE, list_resources, Tfplugin6__GetMetadata__ListResourceMetadata,
                tfplugin6__get_metadata__list_resource_metadata__descriptor);
    FILL_FUNCTIONS(rpc->arena, rpc->server->tf, answer, Tfplugin6__GetMetadata__FunctionMetadata,
                   tfplugin6__get_metadata__function_metadata__descriptor,
                   one->name = arena_z(rpc->arena, str_of(function->name)));
    return answer;
}

#define SCHEMAS_OF(kind, field, ENTRY, descriptor)                                                 \
    FILL_OFFERS(arena, server, kind, answer, field, ENTRY, descriptor,                             \
                one->key = arena_z(arena, str_of(offer->name));                                    \
                one->value = wire_schema_of(arena, offer))

static Tfplugin6__GetProviderSchema__Response *schema_answer(struct arena *arena,
                                                             const struct tf_server *server)
{
    Tfplugin6__GetProviderSchema__Response *answer =
        pb_new(arena, &tfplugin6__get_provider_schema__response__descriptor);
    const struct tf_offer *meta = tf_offer_find(server, TF_META, S(""));

    answer->provider = wire_schema_of(arena, tf_offer_find(server, TF_PROVIDER, S("")));
    if (meta != NULL)
        answer->provider_meta = wire_schema_of(arena, meta);
    answer->server_capabilities = wire_capabilities(arena);
    SCHEMAS_OF(TF_RESOURCE, resource_schemas,
               Tfplugin6__GetProviderSchema__Response__ResourceSchemasEntry,
               tfplugin6__get_provider_schema__response__resource_schemas_entry__descriptor);
    SCHEMAS_OF(TF_DATA_SOURCE, data_source_schemas,
               Tfplugin6__GetProviderSchema__Response__DataSourceSchemasEntry,
               tfplugin6__get_provider_schema__response__data_source_schemas_entry__descriptor);
    SCHEMAS_OF(
        TF_EPHEMERAL, ephemeral_resource_schemas,
        Tfplugin6__GetProviderSchema__Response__EphemeralResourceSchemasEntry,
        tfplugin6__get_provider_schema__response__ephemeral_resource_schemas_entry__descriptor);
    SCHEMAS_OF(TF_LIST_RESOURCE, list_resource_schemas,
               Tfplugin6__GetProviderSchema__Response__ListResourceSchemasEntry,
               tfplugin6__get_provider_schema__response__list_resource_schemas_entry__descriptor);
    FILL_FUNCTIONS(arena, server, answer, Tfplugin6__GetProviderSchema__Response__FunctionsEntry,
                   tfplugin6__get_provider_schema__response__functions_entry__descriptor,
                   one->key = arena_z(arena, str_of(function->name));
                   one->value = wire_function_of(arena, function));
    return answer;
}

static struct str encode_schema(const struct tf_server *server)
{
    scoped(arena_freep) struct arena *arena = arena_new(WIRE_ARENA_BYTES);
    struct str bytes = {NULL, 0};

    if (!pb_pack(arena, schema_answer(arena, server), &bytes))
        return bytes;
    char *kept = malloc(bytes.len + 1);
    if (kept == NULL)
        abort();
    memcpy(kept, bytes.ptr, bytes.len);
    return (struct str){kept, bytes.len};
}

/* The first who needs it encodes it; the others wait. */
static struct str encoded_schema(struct wire_server *wire)
{
    struct schema_cache *cache = wire->schema;

    pthread_mutex_lock(&cache->lock);
    if (cache->bytes.ptr == NULL)
        cache->bytes = encode_schema(wire->tf);
    struct str bytes = cache->bytes;
    pthread_mutex_unlock(&cache->lock);
    return bytes;
}

void wire_server_warm(struct wire_server *wire)
{
    encoded_schema(wire);
}

void *wire_get_provider_schema(struct wire_rpc *rpc, const void *request)
{
    (void)request;
    rpc->ready = encoded_schema(rpc->server);
    return NULL;
}

void *wire_get_functions(struct wire_rpc *rpc, const void *request)
{
    Tfplugin6__GetFunctions__Response *answer =
        pb_new(rpc->arena, &tfplugin6__get_functions__response__descriptor);
    (void)request;

    FILL_FUNCTIONS(rpc->arena, rpc->server->tf, answer,
                   Tfplugin6__GetFunctions__Response__FunctionsEntry,
                   tfplugin6__get_functions__response__functions_entry__descriptor,
                   one->key = arena_z(rpc->arena, str_of(function->name));
                   one->value = wire_function_of(rpc->arena, function));
    return answer;
}

void *wire_stop(struct wire_rpc *rpc, const void *request)
{
    (void)request;
    return pb_new(rpc->arena, &tfplugin6__stop_provider__response__descriptor);
}

void *wire_validate_provider(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ValidateProviderConfig__Request *asked = request;
    Tfplugin6__ValidateProviderConfig__Response *answer =
        pb_new(rpc->arena, &tfplugin6__validate_provider_config__response__descriptor);
    const struct tf_offer *provider = tf_offer_find(rpc->server->tf, TF_PROVIDER, S(""));
    const struct cty_value *config;

    if (wire_value(rpc, asked->config, provider->type, "the configuration", &config))
        tf_validate(rpc->server->tf, &rpc->tf, provider, config);
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_configure(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ConfigureProvider__Request *asked = request;
    Tfplugin6__ConfigureProvider__Response *answer =
        pb_new(rpc->arena, &tfplugin6__configure_provider__response__descriptor);
    const struct tf_offer *provider = tf_offer_find(rpc->server->tf, TF_PROVIDER, S(""));
    const struct cty_value *config;

    if (wire_value(rpc, asked->config, provider->type, "the configuration", &config))
        tf_configure(rpc->server->tf, &rpc->tf, config);
    WIRE_REPORT(rpc, answer);
    return answer;
}
