#include "tf.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* What one ConfigureProvider made. In reattach mode another may come while calls still use this. */
struct tf_configured {
    void *provider;
    size_t holders;
};

struct tf_server {
    const struct tf_provider *provider;
    const struct world *world;
    struct arena *arena;
    const struct cty_type *provider_type;
    struct tf_entry *entries;
    size_t count;
    pthread_mutex_t lock;
    struct tf_configured *configured;
};

static const struct tf_block no_blocks[1];

static const struct tf_block *blocks_of(struct arena *arena, const struct tf_resource *resource)
{
    size_t count = 0;

    if (!tf_has_timeouts(&resource->timeouts))
        return resource->blocks == NULL ? no_blocks : resource->blocks;
    each_block(block, resource->blocks)
    {
        count++;
    }
    struct tf_block *blocks = arena_array(arena, struct tf_block, count + 2);
    for (size_t i = 0; i < count; i++)
        blocks[i] = resource->blocks[i];
    blocks[count] = *tf_timeouts_block(arena, &resource->timeouts);
    return blocks;
}

static void must_be_sound(struct tf_server *server)
{
    const struct tf_provider *provider = server->provider;
    struct arena *arena = arena_new(16 << 20);
    struct diags diags = diags_in(arena);
    struct tf_rows rows = {provider->attrs, provider->blocks};

    tf_rows_check(arena, rows, true, false, &diags);
    for (size_t i = 0; i < server->count; i++)
        tf_resource_check(arena, server->entries[i].resource, false, &diags);
    if (diags.errors > 0) {
        fprintf(stderr, "[ERROR] a table is wrong: %.*s\n", STR(diags.first->detail));
        abort();
    }
    arena_free(arena);
}

struct tf_server *tf_server_new(const struct tf_provider *provider, const struct world *world)
{
    struct tf_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        abort();
    server->provider = provider;
    server->world = world;
    server->arena = arena_new(256 << 20);
    pthread_mutex_init(&server->lock, NULL);
    while (provider->resources != NULL && provider->resources[server->count] != NULL)
        server->count++;
    server->entries = arena_array(server->arena, struct tf_entry, server->count);
    for (size_t i = 0; provider->resources != NULL && i < server->count; i++)
        server->entries[i].resource = provider->resources[i];
    must_be_sound(server);

    server->provider_type = tf_object_type(server->arena, provider->attrs, provider->blocks);
    for (size_t i = 0; i < server->count; i++) {
        struct tf_entry *entry = &server->entries[i];
        entry->rows.attrs = entry->resource->attrs;
        entry->rows.blocks = blocks_of(server->arena, entry->resource);
        entry->type = tf_object_type(server->arena, entry->rows.attrs, entry->rows.blocks);
    }
    return server;
}

static void drop(struct tf_server *server, struct tf_configured *configured)
{
    if (configured == NULL || --configured->holders > 0)
        return;
    if (configured->provider != NULL && server->provider->release != NULL)
        server->provider->release(configured->provider);
    free(configured);
}

void tf_server_free(struct tf_server *server)
{
    if (server == NULL)
        return;
    drop(server, server->configured);
    pthread_mutex_destroy(&server->lock);
    arena_free(server->arena);
    free(server);
}

const struct tf_provider *tf_server_provider(const struct tf_server *server)
{
    return server->provider;
}

const struct world *tf_server_world(const struct tf_server *server)
{
    return server->world;
}

const struct tf_entry *tf_entry_of(const struct tf_server *server,
                                   const struct tf_resource *resource)
{
    for (size_t i = 0; i < server->count; i++)
        if (server->entries[i].resource == resource)
            return &server->entries[i];
    abort(); /* not one of this provider's */
}

const struct tf_resource *tf_resource_find(const struct tf_server *server, struct str type)
{
    for (size_t i = 0; i < server->count; i++)
        if (str_is(type, server->entries[i].resource->type))
            return server->entries[i].resource;
    return NULL;
}

const struct tf_block *tf_resource_blocks(const struct tf_server *server,
                                          const struct tf_resource *resource)
{
    return tf_entry_of(server, resource)->rows.blocks;
}

const struct cty_type *tf_resource_type(const struct tf_server *server,
                                        const struct tf_resource *resource)
{
    return tf_entry_of(server, resource)->type;
}

const struct cty_type *tf_provider_type(const struct tf_server *server)
{
    return server->provider_type;
}

struct tf_configured *tf_hold(struct tf_server *server)
{
    pthread_mutex_lock(&server->lock);
    struct tf_configured *configured = server->configured;
    if (configured != NULL)
        configured->holders++;
    pthread_mutex_unlock(&server->lock);
    return configured;
}

/* The release of the last holder may take a while: not under the lock. */
void tf_let_go(struct tf_server *server, struct tf_configured *configured)
{
    pthread_mutex_lock(&server->lock);
    bool last = configured != NULL && configured->holders == 1;
    if (configured != NULL && !last)
        configured->holders--;
    pthread_mutex_unlock(&server->lock);
    if (last)
        drop(server, configured);
}

void *tf_configured_provider(const struct tf_configured *configured)
{
    return configured->provider;
}

/* NULL: from now on nothing is configured. */
static void install(struct tf_server *server, struct tf_configured *fresh)
{
    pthread_mutex_lock(&server->lock);
    struct tf_configured *old = server->configured;
    server->configured = fresh;
    pthread_mutex_unlock(&server->lock);
    tf_let_go(server, old);
}

void tf_configure(struct tf_server *server, struct tf_rpc *rpc, const struct cty_value *config)
{
    struct tf_call call = tf_call_new(server, rpc, NULL);
    const struct tf_provider *provider = server->provider;
    size_t before = rpc->diags.errors;
    void *made = NULL;
    bool fine = true;

    call.config = tf_present(config);
    if (provider->configure != NULL)
        fine = provider->configure(&call, &made);
    if (!fine && rpc->diags.errors == before)
        diag_bug(&rpc->diags, NULL, "The configuration was refused without a word.");
    if (!fine || rpc->diags.errors > before) {
        if (made != NULL && provider->release != NULL)
            provider->release(made);
        install(server, NULL);
        return;
    }
    struct tf_configured *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL)
        abort();
    *fresh = (struct tf_configured){made, 1};
    install(server, fresh);
}
