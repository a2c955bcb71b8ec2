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
    return capabilities;
}

static size_t count_resources(const struct tf_provider *provider)
{
    size_t count = 0;
    while (provider->resources != NULL && provider->resources[count] != NULL)
        count++;
    return count;
}

void *wire_get_metadata(struct wire_rpc *rpc, const void *request)
{
    const struct tf_provider *provider = tf_server_provider(rpc->server->tf);
    Tfplugin6__GetMetadata__Response *answer =
        pb_new(rpc->arena, &tfplugin6__get_metadata__response__descriptor);
    (void)request;

    answer->server_capabilities = wire_capabilities(rpc->arena);
    answer->n_resources = count_resources(provider);
    answer->resources =
        arena_array(rpc->arena, Tfplugin6__GetMetadata__ResourceMetadata *, answer->n_resources);
    for (size_t i = 0; i < answer->n_resources; i++) {
        answer->resources[i] =
            pb_new(rpc->arena, &tfplugin6__get_metadata__resource_metadata__descriptor);
        answer->resources[i]->type_name = arena_z(rpc->arena, str_of(provider->resources[i]->type));
    }
    return answer;
}

static Tfplugin6__GetProviderSchema__Response *schema_answer(struct arena *arena,
                                                             const struct tf_server *server)
{
    const struct tf_provider *provider = tf_server_provider(server);
    Tfplugin6__GetProviderSchema__Response *answer =
        pb_new(arena, &tfplugin6__get_provider_schema__response__descriptor);

    answer->provider = wire_provider_schema(arena, server);
    answer->server_capabilities = wire_capabilities(arena);
    answer->n_resource_schemas = count_resources(provider);
    answer->resource_schemas =
        arena_array(arena, Tfplugin6__GetProviderSchema__Response__ResourceSchemasEntry *,
                    answer->n_resource_schemas);
    for (size_t i = 0; i < answer->n_resource_schemas; i++) {
        Tfplugin6__GetProviderSchema__Response__ResourceSchemasEntry *entry = pb_new(
            arena, &tfplugin6__get_provider_schema__response__resource_schemas_entry__descriptor);
        entry->key = arena_z(arena, str_of(provider->resources[i]->type));
        entry->value = wire_resource_schema(arena, server, provider->resources[i]);
        answer->resource_schemas[i] = entry;
    }
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

void *wire_get_provider_schema(struct wire_rpc *rpc, const void *request)
{
    struct schema_cache *cache = rpc->server->schema;
    (void)request;

    pthread_mutex_lock(&cache->lock);
    if (cache->bytes.ptr == NULL)
        cache->bytes = encode_schema(rpc->server->tf);
    rpc->ready = cache->bytes;
    pthread_mutex_unlock(&cache->lock);
    return NULL;
}

void *wire_get_identity_schemas(struct wire_rpc *rpc, const void *request)
{
    (void)request;
    return pb_new(rpc->arena, &tfplugin6__get_resource_identity_schemas__response__descriptor);
}

void *wire_get_functions(struct wire_rpc *rpc, const void *request)
{
    (void)request;
    return pb_new(rpc->arena, &tfplugin6__get_functions__response__descriptor);
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
    const struct cty_value *config;

    if (wire_value(rpc, asked->config, tf_provider_type(rpc->server->tf), "the configuration",
                   &config))
        tf_validate_provider(rpc->server->tf, &rpc->tf, config);
    WIRE_REPORT(rpc, answer);
    return answer;
}

void *wire_configure(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__ConfigureProvider__Request *asked = request;
    Tfplugin6__ConfigureProvider__Response *answer =
        pb_new(rpc->arena, &tfplugin6__configure_provider__response__descriptor);
    const struct cty_value *config;

    if (wire_value(rpc, asked->config, tf_provider_type(rpc->server->tf), "the configuration",
                   &config))
        tf_configure(rpc->server->tf, &rpc->tf, config);
    WIRE_REPORT(rpc, answer);
    return answer;
}
