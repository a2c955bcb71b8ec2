/* provider "hyperpod": from its configuration to an account that is known. */
#include "provider.h"
#include "hyperpod.h"
#include "registry.h"

static bool is_unknown_inside(const struct cty_value *config)
{
    return !cty_is_wholly_known(config);
}

/* All that the client is made of. What is said of tags and of allowed accounts may come later: a
 * refresh goes on without it. */
static bool client_is_known(const struct cty_value *config)
{
    static const char *const later[] = {"default_tags", "ignore_tags", "allowed_account_ids",
                                        "forbidden_account_ids"};

    for (size_t i = 0; i < config->count; i++) {
        bool needed = true;
        for (size_t j = 0; j < sizeof later / sizeof later[0]; j++)
            needed = needed && !str_is(config->type->attributes[i].name, later[j]);
        if (needed && is_unknown_inside(config->items[i]))
            return false;
    }
    return true;
}

static void take_tags(struct hp_account *account, const struct cty_value *config)
{
    const struct cty_value *defaults = tf_value(config, "default_tags");
    const struct cty_value *tags = tf_value(defaults, "tags");
    const struct cty_value *ignore = tf_value(config, "ignore_tags");

    account->tags_unknown = is_unknown_inside(defaults) || is_unknown_inside(ignore);
    if (tags != NULL && cty_is_known(tags)) {
        struct hp_tag *all = arena_array(account->arena, struct hp_tag, tags->count);
        for (size_t i = 0; i < tags->count; i++)
            if (cty_is_known(tags->items[i]))
                all[account->default_tag_count++] =
                    (struct hp_tag){arena_str(account->arena, tags->keys[i]),
                                    arena_str(account->arena, tags->items[i]->text)};
        account->default_tags = all;
    }
    account->ignored_keys =
        hp_strings(account->arena, tf_value(ignore, "keys"), &account->ignored_key_count);
    account->ignored_prefixes = hp_strings(account->arena, tf_value(ignore, "key_prefixes"),
                                           &account->ignored_prefix_count);
}

static bool listed(const struct cty_value *ids, struct str account)
{
    for (size_t i = 0; ids != NULL && cty_is_known(ids) && i < ids->count; i++)
        if (str_eq(ids->items[i]->text, account))
            return true;
    return false;
}

static bool check_allowed(struct tf_call *call, struct str account)
{
    const struct cty_value *allowed = tf_value(call->config, "allowed_account_ids");

    if (tf_is_set(call->config, "allowed_account_ids") && cty_is_wholly_known(allowed) &&
        !listed(allowed, account))
        return diag_error(
            call->diags, cty_path_of(call->arena, "allowed_account_ids"), "Account not allowed",
            "The credentials belong to account %.*s, which allowed_account_ids does not "
            "list. Use credentials of an allowed account, or add it.",
            STR(account));
    if (listed(tf_value(call->config, "forbidden_account_ids"), account))
        return diag_error(
            call->diags, cty_path_of(call->arena, "forbidden_account_ids"), "Account forbidden",
            "The credentials belong to account %.*s, which forbidden_account_ids lists. "
            "Use credentials of another account.",
            STR(account));
    return true;
}

/* Before any resource's call: in the client's own region, without a time-out. */
static struct aws_context context_of(const struct tf_call *call, const struct hp_account *account)
{
    return (struct aws_context){
        .client = account->client, .arena = call->arena, .stop = call->stop};
}

/* Asks STS once who we are, so that wrong or expired keys and unreachable endpoints show at plan.
 */
static bool identify(struct tf_call *call, const struct hp_account *account)
{
    struct aws_context context = context_of(call, account);
    struct aws_identity identity;
    struct aws_error error;

    if (tf_bool(call->config, "skip_credentials_validation", false)) {
        if (!tf_is_set(call->config, "allowed_account_ids") &&
            !tf_is_set(call->config, "forbidden_account_ids"))
            return true;
    }
    if (!aws_caller_identity(&context, &identity, &error))
        return hp_diag(call, NULL, &error, "checking the credentials");
    return check_allowed(call, identity.account);
}

static const struct cty_path *path_of(struct tf_call *call, const struct aws_error *error)
{
    return error->setting.len == 0 ? NULL
                                   : cty_path_of(call->arena, arena_z(call->arena, error->setting));
}

/* "no region: …" as a sentence of its own. */
static struct str sentence(struct arena *arena, struct str text)
{
    char first = text.len > 0 && text.ptr[0] >= 'a' && text.ptr[0] <= 'z' ? text.ptr[0] - 32 : 0;
    bool ends = text.len > 0 && strchr(".?!", text.ptr[text.len - 1]) != NULL;

    if (first == 0)
        return arena_fmt(arena, "%.*s%s", STR(text), ends ? "" : ".");
    struct str rest = str_from(text, 1);
    return arena_fmt(arena, "%c%.*s%s", first, STR(rest), ends ? "" : ".");
}

static bool fetch_credentials(struct tf_call *call, const struct hp_account *account)
{
    struct aws_context context = context_of(call, account);
    struct aws_error error;

    if (aws_credentials_ready(&context, &error))
        return true;
    if (error.kind != AWS_CREDENTIALS)
        return hp_diag(call, NULL, &error, "fetching the credentials");
    struct str words = sentence(call->arena, error.message);
    return diag_error(call->diags, path_of(call, &error), "No usable AWS credentials", "%.*s",
                      STR(words));
}

static bool has_variable(const struct tf_call *call, const char *name)
{
    return world_env(call->world, name).len > 0;
}

/* What is decided between two sayings, as in the aws provider, and might surprise. */
static void warn(struct tf_call *call)
{
    const struct cty_value *config = call->config;
    if (tf_str(config, "profile").len > 0 && tf_str(config, "access_key").len == 0 &&
        has_variable(call, "AWS_ACCESS_KEY_ID") && has_variable(call, "AWS_SECRET_ACCESS_KEY"))
        diag_warning(call->diags, cty_path_of(call->arena, "profile"),
                     "Keys of the environment are passed over",
                     "The configuration names the profile \"%.*s\", which goes before "
                     "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Unset them, or leave out "
                     "profile.",
                     STR(tf_str(config, "profile")));
    if (tf_str(config, "http_proxy").len > 0 && !tf_is_set(config, "https_proxy") &&
        !has_variable(call, "HTTPS_PROXY") && !has_variable(call, "https_proxy"))
        diag_warning(call->diags, cty_path_of(call->arena, "http_proxy"),
                     "The proxy for http is used for https too",
                     "AWS is reached by https, and nothing says which proxy that takes. Set "
                     "https_proxy to the same value, or to \"\" for none.");
}

static void account_release(void *provider)
{
    struct hp_account *account = provider;
    if (account == NULL)
        return;
    struct arena *arena = account->arena;
    aws_client_free(account->client);
    arena_free(arena);
}

/* What stands in the configuration was looked at before. */
static bool check_environment(struct tf_call *call)
{
    if (hp_is_one_line(world_env(call->world, "TF_APPEND_USER_AGENT")))
        return true;
    return diag_error(call->diags, NULL, "The provider cannot be configured",
                      "The variable TF_APPEND_USER_AGENT holds a control character (a line's end, "
                      "a tab or the like), and becomes a part of a header of each request. Take "
                      "it out, or unset the variable.");
}

static bool provider_configure(struct tf_call *call, void **ret_provider)
{
    struct arena *arena = arena_new(16 * 1024 * 1024);
    struct hp_account *account = arena_make(arena, struct hp_account);
    struct aws_error error;

    account->arena = arena;
    account->since_ms = world_now_ms(call->world);
    take_tags(account, call->config);
    if (!client_is_known(call->config)) { /* a whole stack at once: work as far as possible */
        *ret_provider = account;
        return true;
    }
    if (!check_environment(call)) {
        account_release(account);
        return false;
    }
    struct aws_config aws = hp_aws_config(call, call->config);
    if (!aws_client_new(call->world, &aws, call->arena, &account->client, &error)) {
        struct str words = sentence(call->arena, error.message);
        account_release(account);
        return diag_error(call->diags, path_of(call, &error),
                          error.kind == AWS_CREDENTIALS ? "No usable AWS credentials"
                                                        : "The provider cannot be configured",
                          "%.*s", STR(words));
    }
    warn(call);
    if (!fetch_credentials(call, account) || !identify(call, account)) {
        account_release(account);
        return false;
    }
    *ret_provider = account;
    return true;
}

static bool provider_validate(struct tf_call *call)
{
    const struct cty_value *web = tf_value(call->config, "assume_role_with_web_identity");
    const struct cty_value *access = tf_value(call->config, "access_key");
    const struct cty_value *secret = tf_value(call->config, "secret_key");

    if (cty_is_known(access) && cty_is_null(secret))
        return diag_error(call->diags, cty_path_of(call->arena, "access_key"), "Half a credential",
                          "access_key and secret_key belong together, and secret_key is not set.");
    if (cty_is_null(access) && cty_is_known(secret))
        return diag_error(call->diags, cty_path_of(call->arena, "secret_key"), "Half a credential",
                          "access_key and secret_key belong together, and access_key is not set.");
    if (cty_is_known(access) && web != NULL && cty_is_known(web))
        diag_warning(call->diags, cty_path_of(call->arena, "assume_role_with_web_identity"),
                     "Not used",
                     "access_key and secret_key go before assume_role_with_web_identity. Leave "
                     "one of them out.");
    return true;
}

const struct tf_provider hp_provider = {
    .name = "hyperpod",
    .address = "hyperpod/hyperpod",
    .doc = "Amazon SageMaker HyperPod: clusters, and what they need around them.",
    .attrs = hp_provider_attrs,
    .blocks = hp_provider_blocks,
    .resources = hp_resources,
    .validate = provider_validate,
    .configure = provider_configure,
    .release = account_release,
};
