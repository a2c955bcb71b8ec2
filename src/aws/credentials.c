/* The chain: sources in order, the first that has credentials gives them. A source that is asked
 * for but cannot be used ends the search, so that nobody works with other keys than he thinks. */
#include "errors.h"
#include "settings.h"

#include <hp/base/buf.h>

enum found { NOT_HERE, FOUND, BROKEN };

struct search {
    struct sources *sources;
    struct arena *arena;
    struct credentials *ret;
    struct aws_error *error;
    struct buf tried;
};

struct source_row {
    const char *name;
    enum found (*look)(struct search *search, const struct source_row *row);
    const char *missing;                /* for the list of what was tried */
    const char *variables[2], *keys[3]; /* of sources that are not built: what asks for them */
};

static enum found broken(struct search *search, const char *what, const char *other)
{
    aws_fail(search->arena, search->error, AWS_CREDENTIALS,
             "%s is set and %s is not; both are needed", what, other);
    return BROKEN;
}

static enum found take(struct search *search, const struct source_row *row, struct str access_key,
                       struct str secret_key, struct str token)
{
    search->ret->access_key = arena_str(search->arena, access_key);
    search->ret->secret_key = secret_of(secret_key);
    if (token.len > 0)
        search->ret->token = secret_of(token);
    search->ret->source = row->name;
    return FOUND;
}

static enum found look_arguments(struct search *search, const struct source_row *row)
{
    const struct aws_config *config = search->sources->config;
    if (config->access_key.len == 0 && config->secret_key.len == 0)
        return NOT_HERE;
    if (config->secret_key.len == 0)
        return broken(search, "access_key", "secret_key");
    if (config->access_key.len == 0)
        return broken(search, "secret_key", "access_key");
    return take(search, row, config->access_key, config->secret_key, config->token);
}

/* A profile said in the configuration goes before keys in the environment. */
static enum found look_environment(struct search *search, const struct source_row *row)
{
    const struct world *world = search->sources->world;
    struct str access_key = world_env(world, "AWS_ACCESS_KEY_ID");
    struct str secret_key = world_env(world, "AWS_SECRET_ACCESS_KEY");
    struct str token = world_env(world, "AWS_SESSION_TOKEN");
    if (access_key.len == 0)
        access_key = world_env(world, "AWS_ACCESS_KEY");
    if (secret_key.len == 0)
        secret_key = world_env(world, "AWS_SECRET_KEY");
    if (search->sources->profile_explicit || (access_key.len == 0 && secret_key.len == 0))
        return NOT_HERE;
    if (secret_key.len == 0)
        return broken(search, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    if (access_key.len == 0)
        return broken(search, "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID");
    return take(search, row, access_key, secret_key, token);
}

static enum found look_file(struct search *search, const struct source_row *row,
                            enum profile_file file)
{
    const struct sources *s = search->sources;
    const struct profiles *p = &s->profiles;
    struct str access_key = profile_get(p, file, PROFILE_PROFILE, s->profile, "aws_access_key_id");
    struct str secret_key =
        profile_get(p, file, PROFILE_PROFILE, s->profile, "aws_secret_access_key");
    if (access_key.len == 0 && secret_key.len == 0)
        return NOT_HERE;
    if (secret_key.len == 0)
        return broken(search, "aws_access_key_id of the profile", "its aws_secret_access_key");
    if (access_key.len == 0)
        return broken(search, "aws_secret_access_key of the profile", "its aws_access_key_id");
    return take(search, row, access_key, secret_key,
                profile_get(p, file, PROFILE_PROFILE, s->profile, "aws_session_token"));
}

static enum found look_credentials_file(struct search *search, const struct source_row *row)
{
    return look_file(search, row, PROFILE_CREDENTIALS);
}

static enum found look_config_file(struct search *search, const struct source_row *row)
{
    return look_file(search, row, PROFILE_CONFIG);
}

/* A source that exists in AWS's SDKs and not here: who asks for it is told. */
static enum found look_unbuilt(struct search *search, const struct source_row *row)
{
    const struct sources *sources = search->sources;
    for (size_t i = 0; i < 2 && row->variables[i] != NULL; i++)
        if (!sources->profile_explicit && world_env(sources->world, row->variables[i]).len > 0) {
            aws_fail(search->arena, search->error, AWS_CREDENTIALS,
                     "the variable %s asks for credentials by %s, which this provider cannot get "
                     "yet; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead",
                     row->variables[i], row->name);
            return BROKEN;
        }
    for (size_t i = 0; i < 3 && row->keys[i] != NULL; i++)
        if (sources_get(sources, row->keys[i]).len > 0) {
            aws_fail(search->arena, search->error, AWS_CREDENTIALS,
                     "the profile \"%.*s\" asks for credentials by %s (%s), which this provider "
                     "cannot get yet; `aws configure export-credentials --profile %.*s --format "
                     "env` prints keys that it can use",
                     STR(sources->profile), row->name, row->keys[i], STR(sources->profile));
            return BROKEN;
        }
    return NOT_HERE;
}

static const struct source_row chain[] = {
    {"the provider's arguments", look_arguments, "access_key and secret_key are not set"},
    {"the environment", look_environment,
     "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, or a profile was named"},
    {"assuming a role", look_unbuilt, "the profile has no role_arn", .keys = {"role_arn"}},
    {"web identity",
     look_unbuilt,
     "AWS_WEB_IDENTITY_TOKEN_FILE is not set",
     {"AWS_WEB_IDENTITY_TOKEN_FILE"},
     {"web_identity_token_file"}},
    {"IAM Identity Center (SSO)", look_unbuilt, "the profile has no sso_session",
     .keys = {"sso_session", "sso_account_id", "sso_start_url"}},
    {"the shared credentials file", look_credentials_file, "the profile has no keys there"},
    {"a process", look_unbuilt, "the profile has no credential_process",
     .keys = {"credential_process"}},
    {"the shared config file", look_config_file, "the profile has no keys there"},
    {"the container's credentials",
     look_unbuilt,
     "AWS_CONTAINER_CREDENTIALS_… are not set",
     {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"}},
};

bool credentials_find(struct sources *sources, struct arena *arena, struct credentials *ret,
                      struct aws_error *reterr)
{
    struct search search = {sources, arena, ret, reterr, buf_in(sources->arena, 16 << 10)};
    for (size_t i = 0; i < sizeof chain / sizeof chain[0]; i++) {
        enum found found = chain[i].look(&search, &chain[i]);
        if (found != NOT_HERE)
            return found == FOUND;
        buf_printf(&search.tried, "%s%zu. %s: %s", i == 0 ? "" : "; ", i + 1, chain[i].name,
                   chain[i].missing);
    }
    return aws_fail(arena, reterr, AWS_CREDENTIALS,
                    "tried in order: %.*s. The profile is \"%.*s\", the files are %.*s. The "
                    "instance's own role (IMDS) is not asked yet. Set AWS_ACCESS_KEY_ID and "
                    "AWS_SECRET_ACCESS_KEY, or name a profile that has keys",
                    STR(buf_str(&search.tried)), STR(sources->profile), STR(sources->tried_files));
}
