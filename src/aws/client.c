#include "clients.h"

#include "errors.h"

#include <hp/aws/wire.h>

#include <stdlib.h>

enum { CLIENT_MAX = 4 << 20, SCRATCH_MAX = 64 << 20 };

/* Endpoints whose wishes contradict each other are found before the first call. */
static bool places_checked(struct arena *arena, const struct aws_config *config,
                           const struct settings *settings, struct aws_error *reterr)
{
    static const char *const ids[] = {"sagemaker", "ec2", "sts"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct aws_place_wish wish = {settings->region,
                                      settings->endpoints[settings_service_index(ids[i])],
                                      settings->fips, settings->dualstack, settings->sts_legacy};
        struct aws_place place;
        if (!aws_place_of(arena, ids[i], &wish, &place, reterr)) {
            reterr->setting = config->use_fips_endpoint        ? S("use_fips_endpoint")
                              : config->use_dualstack_endpoint ? S("use_dualstack_endpoint")
                                                               : S("");
            return false;
        }
    }
    return true;
}

/* Where nobody says the region, and the keys are the instance's: the instance says it. */
static bool ask_region(struct aws_client *client, const struct sources *sources,
                       struct aws_error *reterr)
{
    const struct recipe *instance = recipe_of_instance(client->settings.credentials);
    struct fetch fetch = {client, sources->arena, sources->config->stop, 0};
    struct str region;
    if (client->settings.region.len > 0)
        return true;
    if (imds_region(instance, &fetch, &region, reterr))
        return settings_take_region(sources, client->arena, region, &client->settings, reterr);
    reterr->setting = S("region");
    if (reterr->kind != AWS_STOPPED)
        aws_fail(client->arena, reterr, AWS_INPUT,
                 "no region: it is neither set in the provider's configuration, nor by AWS_REGION "
                 "or AWS_DEFAULT_REGION, nor in the profile \"%.*s\", nor does the instance tell "
                 "one: %.*s",
                 STR(sources->profile), STR(reterr->message));
    return false;
}

static bool settle(struct aws_client *client, const struct aws_config *config,
                   const struct transport *transport, struct aws_error *reterr)
{
    struct sources sources = {
        .arena = arena_new(SCRATCH_MAX), .world = client->world, .config = config};
    bool done = sources_open(&sources, reterr) &&
                settings_find(&sources, client->arena, &client->settings, reterr);
    client->transport = transport != NULL ? *transport
                        : done ? http_transport_new(client->world, &client->settings.http)
                               : (struct transport){0};
    done = done && ask_region(client, &sources, reterr) &&
           places_checked(client->arena, config, &client->settings, reterr);
    /* the message may stand in one of the arenas that go now or with the client */
    if (!done)
        reterr->message = arena_str(client->arena, reterr->message);
    sources_close(&sources);
    arena_free(sources.arena);
    return done;
}

static void transport_free(struct transport *transport)
{
    if (transport->free != NULL)
        transport->free(transport->arg);
}

bool client_new(const struct world *world, const struct aws_config *config,
                const struct transport *transport, struct arena *arena,
                struct aws_client **ret_client, struct aws_error *reterr)
{
    struct aws_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        abort();
    *reterr = (struct aws_error){0};
    client->world = world;
    client->arena = arena_new(CLIENT_MAX);
    if (!settle(client, config, transport, reterr)) {
        reterr->message = arena_str(arena, reterr->message);
        reterr->setting = arena_str(arena, reterr->setting);
        aws_client_free(client);
        return false;
    }
    client->keys = sigv4_keys_new();
    client->vault = vault_new(world, client->settings.credentials);
    client->quota = retry_quota_new(client->settings.quota);
    if (client->settings.adaptive)
        client->rate = retry_rate_new(world);
    client->user_agent = arena_fmt(client->arena, "hp-aws/" HP_VERSION " lang/c%s%.*s",
                                   config->user_agent.len > 0 ? " " : "", STR(config->user_agent));
    *ret_client = client;
    return true;
}

bool aws_client_new(const struct world *world, const struct aws_config *config, struct arena *arena,
                    struct aws_client **ret_client, struct aws_error *reterr)
{
    return client_new(world, config, NULL, arena, ret_client, reterr);
}

void aws_client_free(struct aws_client *client)
{
    if (client == NULL)
        return;
    transport_free(&client->transport);
    sigv4_keys_free(client->keys);
    retry_quota_free(client->quota);
    retry_rate_free(client->rate);
    vault_free(client->vault);
    recipes_free(client->settings.recipes);
    arena_free(client->arena);
    free(client);
}

struct str client_uuid(struct arena *arena, const struct world *world)
{
    unsigned char b[16];
    world->random(world->arg, b, sizeof b);
    b[6] = (unsigned char)((b[6] & 15) | 64);
    b[8] = (unsigned char)((b[8] & 63) | 128);
    return arena_fmt(arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                     b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
                     b[12], b[13], b[14], b[15]);
}

int64_t client_now_ms(const struct aws_client *client)
{
    return world_now_ms(client->world) + client->skew_ms;
}

bool client_knows_time(const struct aws_client *client)
{
    return client->time_known;
}

bool client_is_past(const struct aws_client *client, int64_t ends_ms)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000 };
    return ends_ms <= client_now_ms(client) - (client->time_known ? 0 : DAY_MS);
}

void client_learn_time(struct aws_client *client, const struct http_answer *answer, int64_t off_ms)
{
    int64_t theirs, off;
    if (http_date_parse(http_header(answer, "date"), &theirs)) {
        off = theirs - client_now_ms(client);
        if (off > off_ms || off < -off_ms)
            client->skew_ms = theirs - world_now_ms(client->world);
    }
    client->time_known = true; /* last: others judge by the clock from now on */
}

int64_t aws_client_now_ms(const struct aws_client *client)
{
    return client_now_ms(client);
}

struct str aws_client_region(const struct aws_client *client)
{
    return client->settings.region;
}
