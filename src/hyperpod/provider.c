/* provider "hyperpod": names, environment variables and precedence are those of the aws provider.
 */
#include "hyperpod.h"
#include "registry.h"

static bool check_account(struct tf_check *check, const struct cty_value *ids)
{
    bool good = true;
    for (size_t i = 0; i < ids->count; i++) {
        struct str id = cty_is_known(ids->items[i]) ? ids->items[i]->text : S("000000000000");
        bool digits = id.len == 12;
        for (size_t at = 0; at < id.len; at++)
            digits = digits && id.ptr[at] >= '0' && id.ptr[at] <= '9';
        if (!digits)
            good = diag_error(check->diags, check->path, "Not an account id",
                              "An AWS account id has 12 digits, and \"%.*s\" has not.", STR(id));
    }
    return good;
}

static bool check_url(struct tf_check *check, const struct cty_value *url)
{
    if (url->text.len == 0 || str_starts(url->text, S("http://")) ||
        str_starts(url->text, S("https://")))
        return true;
    return diag_error(check->diags, check->path, "Not a URL",
                      "An endpoint or proxy is written with its scheme, as in "
                      "\"https://host:443\", and not \"%.*s\".",
                      STR(url->text));
}

static const char *const retry_modes[] = {"standard", "adaptive", NULL};

static const struct tf_attr provider_attrs[] = {
    {"access_key", TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Access key id. Environment: `AWS_ACCESS_KEY_ID`."},
    {"secret_key", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE,
     .doc = "Secret access key. Environment: `AWS_SECRET_ACCESS_KEY`."},
    {"token", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE,
     .doc = "Session token of temporary credentials. Environment: `AWS_SESSION_TOKEN`."},
    {"profile", TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Profile in the shared files. Environment: `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`."},
    {"region", TF_STRING, .flags = TF_OPTIONAL,
     .doc =
         "Region of all resources that name none. Environment: `AWS_REGION`, `AWS_DEFAULT_REGION`; "
         "else the profile's."},
    {"shared_config_files", TF_LIST, TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Config files instead of `~/.aws/config`. Environment: `AWS_CONFIG_FILE`."},
    {"shared_credentials_files", TF_LIST, TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Credentials files instead of `~/.aws/credentials`. Environment: "
            "`AWS_SHARED_CREDENTIALS_FILE`."},
    {"allowed_account_ids", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .check = check_account,
     .conflicts = "forbidden_account_ids",
     .doc = "Only these accounts may be worked on; the credentials' account is checked at once."},
    {"forbidden_account_ids", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .check = check_account,
     .conflicts = "allowed_account_ids", .doc = "These accounts may not be worked on."},
    {"max_retries", TF_INT, .flags = TF_OPTIONAL, .ranged = true, .min = 0, .max = 1000,
     .doc =
         "Retries after the first attempt, 25 by default. Environment: `AWS_MAX_ATTEMPTS` (counts "
         "attempts)."},
    {"retry_mode", TF_STRING, .flags = TF_OPTIONAL, .oneof = retry_modes,
     .doc = "`standard` (default) or `adaptive`. Environment: `AWS_RETRY_MODE`."},
    {"token_bucket_rate_limiter_capacity", TF_INT, .flags = TF_OPTIONAL, .ranged = true, .min = 0,
     .max = 1000000, .doc = "Size of the retry quota; without it there is none."},
    {"http_proxy", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Proxy for http; `\"\"` for none. Environment: `HTTP_PROXY`."},
    {"https_proxy", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Proxy for https; `\"\"` for none. Environment: `HTTPS_PROXY`."},
    {"no_proxy", TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Hosts that are reached without a proxy. Environment: `NO_PROXY`."},
    {"custom_ca_bundle", TF_STRING, .flags = TF_OPTIONAL,
     .doc = "File of certificate authorities. Environment: `AWS_CA_BUNDLE`."},
    {"insecure", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Do not verify AWS's certificate. Never in earnest."},
    {"use_fips_endpoint", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Use FIPS endpoints. Environment: `AWS_USE_FIPS_ENDPOINT`."},
    {"use_dualstack_endpoint", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Use endpoints that speak IPv6 too. Environment: `AWS_USE_DUALSTACK_ENDPOINT`."},
    {"skip_credentials_validation", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Do not ask STS who the caller is. Wrong keys then show at the first other call."},
    {"skip_region_validation", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Take a region that no partition's form allows."},
    {"skip_requesting_account_id", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Do not learn the account id; with `skip_credentials_validation` nothing is asked at "
            "all."},
    {"user_agent", TF_LIST, TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Products added to the User-Agent. Environment: `TF_APPEND_USER_AGENT` is added too."},
    {0},
};

static const struct tf_attr default_tags_attrs[] = {
    {"tags", TF_MAP, TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Tags for every resource that has tags."},
    {0},
};

static const struct tf_attr ignore_tags_attrs[] = {
    {"keys", TF_SET, TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Tag keys that are never shown or changed."},
    {"key_prefixes", TF_SET, TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Prefixes of tag keys that are never shown or changed."},
    {0},
};

static const struct tf_attr endpoints_attrs[] = {
    {"ec2", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Environment: `AWS_ENDPOINT_URL_EC2`."},
    {"sagemaker", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Environment: `AWS_ENDPOINT_URL_SAGEMAKER`."},
    {"sts", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Environment: `AWS_ENDPOINT_URL_STS`."},
    {0},
};

static const struct tf_block provider_blocks[] = {
    {"default_tags", TF_BLOCK_SINGLE, default_tags_attrs,
     .doc = "Tags for every resource; a resource's own tag of the same key wins."},
    {"ignore_tags", TF_BLOCK_SINGLE, ignore_tags_attrs,
     .doc = "Tags that others set and that are left alone."},
    {"endpoints", TF_BLOCK_SINGLE, endpoints_attrs,
     .doc = "Endpoints instead of AWS's own. `AWS_ENDPOINT_URL` sets all at once."},
    {0},
};

static bool is_unknown_inside(const struct cty_value *config)
{
    return !cty_is_wholly_known(config);
}

/* The known strings of a list or set. */
static const struct str *strings_of(struct arena *arena, const struct cty_value *list,
                                    size_t *ret_count)
{
    *ret_count = 0;
    if (list == NULL || !cty_is_known(list))
        return NULL;
    struct str *strings = arena_array(arena, struct str, list->count);
    for (size_t i = 0; i < list->count; i++)
        if (cty_is_known(list->items[i]))
            strings[(*ret_count)++] = arena_str(arena, list->items[i]->text);
    return strings;
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
        strings_of(account->arena, tf_value(ignore, "keys"), &account->ignored_key_count);
    account->ignored_prefixes = strings_of(account->arena, tf_value(ignore, "key_prefixes"),
                                           &account->ignored_prefix_count);
}

/* Products are joined by a space, as in any User-Agent. */
static struct str user_agent_of(struct tf_call *call, const struct cty_value *config)
{
    size_t count;
    const struct str *products = strings_of(call->arena, tf_value(config, "user_agent"), &count);
    struct str more = world_env(call->world, "TF_APPEND_USER_AGENT"), all = S("");

    for (size_t i = 0; i < count; i++)
        all = arena_fmt(call->arena, "%.*s%s%.*s", STR(all), all.len > 0 ? " " : "",
                        STR(products[i]));
    if (more.len > 0)
        all = arena_fmt(call->arena, "%.*s%s%.*s", STR(all), all.len > 0 ? " " : "", STR(more));
    return all;
}

static void take_endpoints(struct tf_call *call, const struct cty_value *config,
                           struct aws_config *aws)
{
    const struct cty_value *endpoints = tf_value(config, "endpoints");
    struct aws_endpoint *all = arena_array(call->arena, struct aws_endpoint,
                                           sizeof endpoints_attrs / sizeof endpoints_attrs[0]);

    for (const struct tf_attr *row = endpoints_attrs; row->name != NULL; row++) {
        struct str url = tf_str(endpoints, row->name);
        if (url.len > 0)
            all[aws->endpoint_count++] = (struct aws_endpoint){str_of(row->name), url};
    }
    aws->endpoints = all;
}

static struct aws_config aws_config_of(struct tf_call *call, const struct cty_value *c)
{
    struct aws_config aws = {
        .access_key = tf_str(c, "access_key"),
        .secret_key = tf_str(c, "secret_key"),
        .token = tf_str(c, "token"),
        .profile = tf_str(c, "profile"),
        .region = tf_str(c, "region"),
        .custom_ca_bundle = tf_str(c, "custom_ca_bundle"),
        .insecure = tf_bool(c, "insecure", false),
        .http_proxy = tf_str(c, "http_proxy"),
        .https_proxy = tf_str(c, "https_proxy"),
        .no_proxy = tf_str(c, "no_proxy"),
        .max_retries = (int)tf_int(c, "max_retries", -1),
        .retry_mode = tf_str(c, "retry_mode"),
        .token_bucket_rate_limiter_capacity = tf_int(c, "token_bucket_rate_limiter_capacity", 0),
        .use_fips_endpoint = tf_bool(c, "use_fips_endpoint", false),
        .use_dualstack_endpoint = tf_bool(c, "use_dualstack_endpoint", false),
        .skip_region_validation = tf_bool(c, "skip_region_validation", false),
        .user_agent = user_agent_of(call, c),
    };

    aws.shared_config_files =
        strings_of(call->arena, tf_value(c, "shared_config_files"), &aws.shared_config_file_count);
    aws.shared_credentials_files = strings_of(call->arena, tf_value(c, "shared_credentials_files"),
                                              &aws.shared_credentials_file_count);
    take_endpoints(call, c, &aws);
    return aws;
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

    if (tf_is_set(call->config, "allowed_account_ids") && !listed(allowed, account))
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

/* Asks STS once who we are, so that wrong or expired keys and unreachable endpoints show at plan.
 */
static bool identify(struct tf_call *call, struct hp_account *account)
{
    struct aws_context context = {
        .client = account->client, .arena = call->arena, .stop = call->stop};
    struct aws_identity identity;
    struct aws_error error;

    if (tf_bool(call->config, "skip_credentials_validation", false)) {
        if (!tf_is_set(call->config, "allowed_account_ids") &&
            !tf_is_set(call->config, "forbidden_account_ids"))
            return true;
    }
    if (!aws_caller_identity(&context, &identity, &error))
        return hp_diag(call, NULL, &error, "checking the credentials");
    account->account_id = arena_str(account->arena, identity.account);
    return check_allowed(call, account->account_id);
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

static const struct cty_path *path_of_config_error(struct tf_call *call,
                                                   const struct aws_error *error)
{
    if (tf_is_set(call->config, "region") && str_has(error->message, S("region")))
        return cty_path_of(call->arena, "region");
    if (tf_is_set(call->config, "profile") && str_has(error->message, S("profile")))
        return cty_path_of(call->arena, "profile");
    return NULL;
}

static bool provider_configure(struct tf_call *call, void **ret_provider)
{
    struct arena *arena = arena_new(16 * 1024 * 1024);
    struct hp_account *account = arena_make(arena, struct hp_account);
    struct aws_error error;

    account->arena = arena;
    take_tags(account, call->config);
    if (is_unknown_inside(
            call->config)) { /* a plan of a whole stack at once: work as far as possible */
        *ret_provider = account;
        return true;
    }
    struct aws_config aws = aws_config_of(call, call->config);
    if (!aws_client_new(call->world, &aws, call->arena, &account->client, &error)) {
        account_release(account);
        return diag_error(call->diags, path_of_config_error(call, &error),
                          error.kind == AWS_CREDENTIALS ? "No usable AWS credentials"
                                                        : "The provider cannot be configured",
                          "%.*s", STR(error.message));
    }
    if (!identify(call, account)) {
        account_release(account);
        return false;
    }
    *ret_provider = account;
    return true;
}

static bool provider_validate(struct tf_call *call)
{
    const struct cty_value *access = tf_value(call->config, "access_key");
    const struct cty_value *secret = tf_value(call->config, "secret_key");

    if (cty_is_known(access) && cty_is_null(secret))
        return diag_error(call->diags, cty_path_of(call->arena, "access_key"), "Half a credential",
                          "access_key and secret_key belong together, and secret_key is not set.");
    if (cty_is_null(access) && cty_is_known(secret))
        return diag_error(call->diags, cty_path_of(call->arena, "secret_key"), "Half a credential",
                          "access_key and secret_key belong together, and access_key is not set.");
    return true;
}

const struct tf_provider hp_provider = {
    .name = "hyperpod",
    .doc = "Amazon SageMaker HyperPod: clusters, and what they need around them.",
    .attrs = provider_attrs,
    .blocks = provider_blocks,
    .resources = hp_resources,
    .validate = provider_validate,
    .configure = provider_configure,
    .release = account_release,
};
