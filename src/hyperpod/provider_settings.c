/* From the provider's configuration to that of the client. */
#include "hyperpod.h"
#include "provider.h"

enum { ENDPOINTS_MAX = 32 };

/* The known strings of a list or set. */
const struct str *hp_strings(struct arena *arena, const struct cty_value *list, size_t *ret_count)
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

bool hp_is_one_line(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return false;
    return true;
}

/* Products are joined by a space, as in any User-Agent. */
static struct str user_agent_of(struct tf_call *call, const struct cty_value *config)
{
    size_t count;
    const struct str *products = hp_strings(call->arena, tf_value(config, "user_agent"), &count);
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
    struct aws_endpoint *all = arena_array(call->arena, struct aws_endpoint, ENDPOINTS_MAX);

    for (const struct tf_attr *row = hp_endpoints_attrs; row->name != NULL; row++) {
        struct str url = tf_str(endpoints, row->name);
        if (url.len > 0)
            all[aws->endpoint_count++] = (struct aws_endpoint){str_of(row->name), url};
    }
    aws->endpoints = all;
}

static struct aws_role role_of(struct arena *arena, const struct cty_value *block)
{
    const struct cty_value *tags = tf_value(block, "tags");
    struct aws_role role = {
        .arn = tf_str(block, "role_arn"),
        .session_name = tf_str(block, "session_name"),
        .external_id = tf_str(block, "external_id"),
        .policy = tf_str(block, "policy"),
        .source_identity = tf_str(block, "source_identity"),
    };
    int64_t ms;
    if (duration_parse(tf_str(block, "duration"), &ms))
        role.duration_s = ms / 1000;
    role.policy_arns = hp_strings(arena, tf_value(block, "policy_arns"), &role.policy_arn_count);
    role.transitive_tag_keys =
        hp_strings(arena, tf_value(block, "transitive_tag_keys"), &role.transitive_tag_key_count);
    if (tags == NULL || !cty_is_known(tags))
        return role;
    struct aws_role_tag *all = arena_array(arena, struct aws_role_tag, tags->count);
    for (size_t i = 0; i < tags->count; i++)
        if (cty_is_known(tags->items[i]))
            all[role.tag_count++] = (struct aws_role_tag){tags->keys[i], tags->items[i]->text};
    role.tags = all;
    return role;
}

static void take_roles(struct tf_call *call, const struct cty_value *config, struct aws_config *aws)
{
    const struct cty_value *roles = tf_value(config, "assume_role");
    const struct cty_value *web = tf_value(config, "assume_role_with_web_identity");
    if (roles != NULL && cty_is_known(roles)) {
        struct aws_role *all = arena_array(call->arena, struct aws_role, roles->count);
        for (size_t i = 0; i < roles->count; i++)
            all[aws->role_count++] = role_of(call->arena, roles->items[i]);
        aws->roles = all;
    }
    if (web == NULL || !cty_is_known(web))
        return;
    struct aws_web_identity *one = arena_make(call->arena, struct aws_web_identity);
    one->role = role_of(call->arena, web);
    one->token = tf_str(web, "web_identity_token");
    one->token_file = tf_str(web, "web_identity_token_file");
    aws->web_identity = one;
}

static enum aws_choice choice_of(const struct cty_value *config, const char *name)
{
    if (!tf_is_set(config, name))
        return AWS_NOT_SAID;
    return tf_bool(config, name, false) ? AWS_YES : AWS_NO;
}

struct aws_config hp_aws_config(struct tf_call *call, const struct cty_value *c)
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
        .s3_use_path_style = tf_bool(c, "s3_use_path_style", false),
        .s3_us_east_1_regional_endpoint = tf_str(c, "s3_us_east_1_regional_endpoint"),
        .skip_region_validation = tf_bool(c, "skip_region_validation", false),
        .sts_region = tf_str(c, "sts_region"),
        .metadata_endpoint = tf_str(c, "ec2_metadata_service_endpoint"),
        .metadata_endpoint_mode = tf_str(c, "ec2_metadata_service_endpoint_mode"),
        .skip_metadata_api_check = choice_of(c, "skip_metadata_api_check"),
        .user_agent = user_agent_of(call, c),
        .stop = call->stop,
    };

    aws.shared_config_files =
        hp_strings(call->arena, tf_value(c, "shared_config_files"), &aws.shared_config_file_count);
    aws.shared_credentials_files = hp_strings(call->arena, tf_value(c, "shared_credentials_files"),
                                              &aws.shared_credentials_file_count);
    take_endpoints(call, c, &aws);
    take_roles(call, c, &aws);
    return aws;
}
