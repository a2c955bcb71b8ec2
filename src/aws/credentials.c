/* The chain: sources in order, the first that has credentials gives them. A source that is asked
 * for but cannot be used ends the search, so that nobody works with other keys than he thinks. */
#include "credentials.h"

#include "errors.h"

#include <hp/base/buf.h>

void credentials_done(struct credentials *credentials)
{
    secret_done(&credentials->access_key);
    secret_done(&credentials->secret_key);
    secret_done(&credentials->token);
}

struct credentials credentials_copy(const struct credentials *other)
{
    return (struct credentials){secret_copy(&other->access_key), secret_copy(&other->secret_key),
                                secret_copy(&other->token), other->expires_ms};
}

struct recipe *recipe_new(struct search *search, const char *source)
{
    struct recipe *recipe = arena_make(search->arena, struct recipe);
    recipe->source = source;
    recipe->next = search->all;
    search->all = recipe;
    return recipe;
}

void recipes_free(struct recipe *first)
{
    for (struct recipe *recipe = first; recipe != NULL; recipe = recipe->next) {
        credentials_done(&recipe->fixed);
        secret_done(&recipe->word);
    }
}

enum found broken(struct search *search, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    search->error->kind = AWS_CREDENTIALS;
    search->error->message = arena_vfmt(search->arena, format, args);
    va_end(args);
    return BROKEN;
}

void tried(struct search *search, const char *source, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str why = arena_vfmt(search->sources->arena, format, args);
    va_end(args);
    search->tried_count++;
    buf_printf(&search->tried, "%s%zu. %s: %.*s", search->tried_count == 1 ? "" : "; ",
               search->tried_count, source, STR(why));
}

bool recipe_is_fixed(const struct recipe *recipe)
{
    return secret_is_set(&recipe->fixed.access_key);
}

static bool fetch_fixed(const struct recipe *recipe, const struct fetch *fetch,
                        struct credentials *ret, struct aws_error *reterr)
{
    (void)fetch, (void)reterr;
    *ret = credentials_copy(&recipe->fixed);
    return true;
}

enum found keys_take(struct search *search, const char *source, struct str access_key,
                     struct str secret_key, struct str token, const char *const names[2],
                     const struct recipe **ret)
{
    if (access_key.len == 0 && secret_key.len == 0)
        return NOT_HERE;
    if (secret_key.len == 0 || access_key.len == 0) {
        bool no_secret = secret_key.len == 0;
        return broken(search, "%s is set and %s is not; both are needed", names[no_secret ? 0 : 1],
                      names[no_secret ? 1 : 0]);
    }
    struct recipe *recipe = recipe_new(search, source);
    recipe->fetch = fetch_fixed;
    recipe->fixed.access_key = secret_of(access_key);
    recipe->fixed.secret_key = secret_of(secret_key);
    if (token.len > 0)
        recipe->fixed.token = secret_of(token);
    *ret = recipe;
    return FOUND;
}

static enum found look_arguments(struct search *search, const struct recipe **ret)
{
    static const char *const names[2] = {"access_key", "secret_key"};
    const struct aws_config *config = search->sources->config;
    enum found found = keys_take(search, "the provider's arguments", config->access_key,
                                 config->secret_key, config->token, names, ret);
    if (found == NOT_HERE)
        tried(search, "the provider's arguments", "access_key and secret_key are not set");
    return found;
}

enum found keys_look_environment(struct search *search, const struct recipe **ret)
{
    static const char *const names[2] = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"};
    const struct world *world = search->sources->world;
    struct str access_key = world_env(world, "AWS_ACCESS_KEY_ID");
    struct str secret_key = world_env(world, "AWS_SECRET_ACCESS_KEY");
    if (access_key.len == 0)
        access_key = world_env(world, "AWS_ACCESS_KEY");
    if (secret_key.len == 0)
        secret_key = world_env(world, "AWS_SECRET_KEY");
    return keys_take(search, "the environment", access_key, secret_key,
                     world_env(world, "AWS_SESSION_TOKEN"), names, ret);
}

/* A profile said in the configuration goes before the environment. */
static enum found look_environment(struct search *search, const struct recipe **ret)
{
    static const char name[] = "the environment";
    if (search->sources->profile_explicit) {
        tried(search, name, "passed over, since the configuration names a profile");
        return NOT_HERE;
    }
    enum found found = keys_look_environment(search, ret);
    if (found == NOT_HERE)
        tried(search, name, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
    return found;
}

static enum found look_web_identity(struct search *search, const struct recipe **ret)
{
    static const char name[] = "web identity";
    if (search->sources->profile_explicit) {
        tried(search, name, "passed over, since the configuration names a profile");
        return NOT_HERE;
    }
    enum found found = web_look_environment(search, ret);
    if (found == NOT_HERE)
        tried(search, name, "AWS_WEB_IDENTITY_TOKEN_FILE is not set");
    return found;
}

static enum found look_profile(struct search *search, const struct recipe **ret)
{
    const struct sources *sources = search->sources;
    enum found found = profile_look(search, sources->profile, ret);
    if (found == NOT_HERE)
        tried(search, "the shared files",
              "the profile \"%.*s\" has no keys there, no role_arn, SSO, web_identity_token_file "
              "or credential_process (files: %.*s)",
              STR(sources->profile), STR(sources->tried_files));
    return found;
}

static enum found look_container(struct search *search, const struct recipe **ret)
{
    enum found found = container_look(search, ret);
    if (found == NOT_HERE)
        tried(search, "the container",
              "AWS_CONTAINER_CREDENTIALS_FULL_URI and …_RELATIVE_URI are not set");
    return found;
}

static enum found (*const chain[])(struct search *search, const struct recipe **ret) = {
    look_arguments, look_environment, look_web_identity, look_profile, look_container, imds_look,
};

static bool look_through(struct search *search, const struct recipe **ret)
{
    enum found found = web_look_block(search, ret);
    for (size_t i = 0; found == NOT_HERE && i < sizeof chain / sizeof chain[0]; i++)
        found = chain[i](search, ret);
    if (found == NOT_HERE)
        broken(search,
               "tried in order: %.*s. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a "
               "profile that has credentials",
               STR(buf_str(&search->tried)));
    return found == FOUND;
}

bool credentials_find(struct sources *sources, struct arena *arena, const struct recipe **ret,
                      struct recipe **ret_all, struct aws_error *reterr)
{
    struct search search = {
        .sources = sources,
        .arena = arena,
        .error = reterr,
        .tried = buf_in(sources->arena, 16 << 10),
    };
    bool good = look_through(&search, ret);
    const struct aws_config *config = sources->config;
    for (size_t i = 0; good && i < config->role_count; i++)
        *ret = role_recipe(&search, &config->roles[i], *ret);
    *ret_all = search.all;
    return good;
}
