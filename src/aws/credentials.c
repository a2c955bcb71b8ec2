/* The chain: sources in order, the first that has credentials gives them. A source that is asked
 * for but cannot be used ends the search, so that nobody works with other keys than he thinks. */
#include "credentials.h"

#include "errors.h"

#include <hp/base/buf.h>

#define WAY_OUT                                                                                    \
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile that has credentials"

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
    if (!is_one_line(access_key) || !is_one_line(secret_key) || !is_one_line(token))
        return broken(search,
                      "%s, %s or the session token beside them has a line break or another control "
                      "character in it",
                      names[0], names[1]);
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
    if (config->token.len > 0 && config->access_key.len == 0 && config->secret_key.len == 0) {
        search->error->setting = S("token");
        return broken(search, "token is set, and access_key and secret_key are not");
    }
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
              "the profile \"%.*s\" has no keys there, no role_arn, SSO, login_session, "
              "web_identity_token_file or credential_process (files: %.*s)",
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

/* The sources in order, and which setting asks for each. */
static const struct {
    enum found (*look)(struct search *search, const struct recipe **ret);
    const char *setting;
} chain[] = {
    {look_arguments, "access_key"},
    {web_look_block, "assume_role_with_web_identity"},
    {look_environment, ""},
    {look_web_identity, ""},
    {look_profile, "profile"},
    {look_container, ""},
    {imds_look, ""},
};

static enum found look_through(struct search *search, struct recipe **ret)
{
    enum found found = NOT_HERE;
    const struct recipe *recipe = NULL;
    struct str setting = {0};
    for (size_t i = 0; found == NOT_HERE && i < sizeof chain / sizeof chain[0]; i++) {
        bool asked = chain[i].look != look_profile || search->sources->profile_explicit;
        found = chain[i].look(search, &recipe);
        setting = asked ? str_of(chain[i].setting) : S("");
    }
    if (found == BROKEN && search->error->setting.len == 0)
        search->error->setting = setting;
    if (found != FOUND)
        return found;
    for (*ret = search->all; *ret != recipe;) /* it is among them */
        *ret = (*ret)->next;
    (*ret)->setting = setting;
    (*ret)->tried = arena_str(search->arena, buf_str(&search->tried));
    return FOUND;
}

/* The message, with what stood before the source that it is about. */
static struct str with_tried(struct arena *arena, struct str message, struct str tried)
{
    if (tried.len == 0)
        return message;
    if (str_ends(message, S(".")))
        message.len--;
    return arena_fmt(arena, "%.*s. Looked at before, in order: %.*s", STR(message), STR(tried));
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
    struct recipe *recipe = NULL;
    enum found found = look_through(&search, &recipe);
    struct str tried = buf_str(&search.tried);
    const struct aws_config *config = sources->config;
    if (found == NOT_HERE)
        broken(&search, "tried in order: %.*s. " WAY_OUT, STR(tried));
    else if (found == BROKEN)
        reterr->message = with_tried(arena, reterr->message, tried);
    for (size_t i = 0; found == FOUND && i < config->role_count; i++) {
        recipe = role_recipe(&search, &config->roles[i], recipe);
        recipe->setting = arena_fmt(arena, "assume_role[%zu]", i);
    }
    *ret = recipe;
    *ret_all = search.all;
    return found == FOUND;
}

bool recipe_fetch(const struct recipe *recipe, const struct fetch *fetch, struct credentials *ret,
                  struct aws_error *reterr)
{
    *reterr = (struct aws_error){0};
    if (recipe->fetch(recipe, fetch, ret, reterr))
        return true;
    if (reterr->setting.len == 0)
        reterr->setting = recipe->setting;
    if (reterr->kind != AWS_CREDENTIALS || recipe->tried.len == 0)
        return false;
    if (recipe_of_instance(recipe) == recipe) /* the last source of all */
        reterr->message = arena_fmt(fetch->arena, "tried in order: %.*s; and last %.*s. " WAY_OUT,
                                    STR(recipe->tried), STR(reterr->message));
    else
        reterr->message = with_tried(fetch->arena, reterr->message, recipe->tried);
    return false;
}
