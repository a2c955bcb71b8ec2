/* For tests: a home, a server on the loopback, and the keys that a client gets there. Private to
 * aws's tests. */
#ifndef AWS_SCENE_H
#define AWS_SCENE_H

#include "home.h"
#include "loopback.h"

/* What a container's service and an instance's answer. */
#define KEYS_OF_METADATA                                                                           \
    "{\"AccessKeyId\":\"BOX\",\"SecretAccessKey\":\"s\",\"Token\":\"t\","                          \
    "\"Expiration\":\"2026-08-01T18:00:00Z\"}"

/* A home, a server, and a client that fetched, or did not. */
struct scene {
    struct home home;
    struct loopback server;
    struct aws_endpoint endpoints[3];
    struct credentials got;
    struct world world;
};

static int64_t real_tick(void *arg)
{
    (void)arg;
    return world_tick_ms(world_of_process());
}

static void scene_begin(struct scene *s, struct loopback_row *rows)
{
    memset(s, 0, sizeof *s);
    loopback_begin(&s->server);
    s->server.rows = rows;
    home_begin(&s->home);
    struct str url = arena_fmt(s->home.arena, "http://127.0.0.1:%d", s->server.port);
    s->endpoints[0] = (struct aws_endpoint){S("sts"), url};
    s->endpoints[1] = (struct aws_endpoint){S("sso"), url};
    s->endpoints[2] = (struct aws_endpoint){S("ssooidc"), url};
    s->home.config.region = S("us-west-2");
    s->home.config.endpoints = s->endpoints;
    s->home.config.endpoint_count = 3;
    s->home.config.metadata_endpoint = url;
    s->world = s->home.script->world;
    s->world.tick_ms = real_tick;
    s->world.arg = s->home.script;
}

static struct fetch fetch_of(struct scene *s)
{
    return (struct fetch){s->home.client, s->home.arena, NULL, 0};
}

/* Makes the client, and takes the keys it would sign with. */
static bool take(struct scene *s)
{
    if (s->home.client == NULL && !client_new(&s->world, &s->home.config, NULL, s->home.arena,
                                              &s->home.client, &s->home.error))
        return false;
    struct fetch fetch = fetch_of(s);
    credentials_done(&s->got);
    return vault_take(s->home.client->vault, &fetch, &s->got, &s->home.error);
}

static void scene_end(struct scene *s)
{
    credentials_done(&s->got);
    home_end(&s->home);
    loopback_end(&s->server);
}

__attribute__((unused)) static void must_take(struct scene *s, const char *access_key)
{
    bool took = take(s);
    ck_assert_msg(took, "%.*s", STR(s->home.error.message));
    ck_assert_str(secret_reveal(&s->got.access_key), str_of(access_key));
}

__attribute__((unused)) static void must_fail(struct scene *s, const char *part)
{
    ck_assert(!take(s));
    ck_assert_int_eq(s->home.error.kind, AWS_CREDENTIALS);
    ck_assert_msg(str_has(s->home.error.message, str_of(part)), "%.*s", STR(s->home.error.message));
}

__attribute__((unused)) static bool was_asked(struct scene *s, const char *part)
{
    pthread_mutex_lock(&s->server.lock);
    bool asked = strstr(s->server.last_request, part) != NULL;
    pthread_mutex_unlock(&s->server.lock);
    return asked;
}

#endif
