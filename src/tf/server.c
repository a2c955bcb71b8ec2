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
    struct tf_offers offers;
    pthread_mutex_t lock;
    struct tf_configured *configured;
};

static void must_be_sound(const struct tf_provider *provider)
{
    scoped(arena_freep) struct arena *arena = arena_new(16 << 20);
    struct diags diags = diags_in(arena);

    if (tf_provider_check(arena, provider, false, &diags))
        return;
    struct str why = diags.first == NULL ? S("nobody says where") : diags.first->detail;
    fprintf(stderr, "[ERROR] a table is wrong: %.*s\n", STR(why));
    abort();
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
    must_be_sound(provider);
    server->offers = tf_offers_make(server->arena, provider);
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

const struct tf_offer *tf_offer_find(const struct tf_server *server, enum tf_offer_kind kind,
                                     struct str name)
{
    bool needs_name = kind != TF_PROVIDER && kind != TF_META;

    for (size_t i = 0; i < server->offers.count; i++) {
        const struct tf_offer *offer = &server->offers.items[i];
        if (offer->kind == kind && (!needs_name || str_is(name, offer->name)))
            return offer;
    }
    return NULL;
}

const struct tf_offer *tf_offer_at(const struct tf_server *server, enum tf_offer_kind kind,
                                   size_t index)
{
    for (size_t i = 0; i < server->offers.count; i++)
        if (server->offers.items[i].kind == kind && index-- == 0)
            return &server->offers.items[i];
    return NULL;
}

const struct tf_function *tf_function_find(const struct tf_server *server, struct str name)
{
    each_item(function, server->provider->functions)
    {
        if (str_is(name, (*function)->name))
            return *function;
    }
    return NULL;
}

void *tf_provider_of(struct tf_server *server, struct tf_rpc *rpc)
{
    if (rpc->held == NULL) {
        pthread_mutex_lock(&server->lock);
        rpc->held = server->configured;
        if (rpc->held != NULL)
            rpc->held->holders++;
        pthread_mutex_unlock(&server->lock);
    }
    return rpc->held == NULL ? NULL : rpc->held->provider;
}

/* The release of the last holder may take a while: not under the lock. */
static void let_go(struct tf_server *server, struct tf_configured *configured)
{
    pthread_mutex_lock(&server->lock);
    bool last = configured != NULL && configured->holders == 1;
    if (configured != NULL && !last)
        configured->holders--;
    pthread_mutex_unlock(&server->lock);
    if (last)
        drop(server, configured);
}

void tf_rpc_done(struct tf_server *server, struct tf_rpc *rpc)
{
    let_go(server, rpc->held);
    rpc->held = NULL;
}

/* NULL: from now on nothing is configured. */
static void install(struct tf_server *server, struct tf_configured *fresh)
{
    pthread_mutex_lock(&server->lock);
    struct tf_configured *old = server->configured;
    server->configured = fresh;
    pthread_mutex_unlock(&server->lock);
    let_go(server, old);
}

void tf_configure(struct tf_server *server, struct tf_rpc *rpc, const struct cty_value *config)
{
    struct tf_call call = tf_call_new(server, rpc, tf_offer_find(server, TF_PROVIDER, S("")));
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
