/* The arguments of provider "hyperpod": names, environment variables and precedence are those of
 * the aws provider. */
#include "hyperpod.h"
#include "provider.h"

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
    bool may_hold_a_password = str_find_char(url->text, '@') != SIZE_MAX;
    struct str shown = may_hold_a_password ? S("what is given") : url->text;
    return diag_error(check->diags, check->path, "Not a URL",
                      "An endpoint or proxy is written with its scheme, as in "
                      "\"https://host:443\", and not \"%.*s\".",
                      STR(shown));
}

/* It becomes a part of a header, and must not begin another one. */
static bool check_user_agent(struct tf_check *check, const struct cty_value *products)
{
    for (size_t i = 0; i < products->count; i++)
        if (cty_is_known(products->items[i]) && !hp_is_one_line(products->items[i]->text))
            return diag_error(check->diags, cty_path_index(check->arena, check->path, i),
                              "Not a product",
                              "A product of the User-Agent stands on one line, as in "
                              "\"tool/1.0\", and this text holds a control character (a line's "
                              "end, a tab or the like). Take it out.");
    return true;
}

static const char *const metadata_modes[] = {"IPv4", "IPv6", NULL};
static const char *const s3_endpoints[] = {"legacy", "regional", NULL};
static const char *const retry_modes[] = {"standard", "adaptive", NULL};

const struct tf_attr hp_provider_attrs[] = {
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
         "else the profile's; else the instance's, where its role gives the credentials."},
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
         "Retries after the first attempt, 25 by default. Where nothing answers, an endpoint or a "
         "proxy, there are at most 8, and none that begins after 15 seconds, or after 150 where it "
         "takes requests and says nothing. Environment: `AWS_MAX_ATTEMPTS` (counts attempts)."},
    {"retry_mode", TF_STRING, .flags = TF_OPTIONAL, .oneof = retry_modes,
     .doc = "`standard` (default) or `adaptive`. Environment: `AWS_RETRY_MODE`."},
    {"token_bucket_rate_limiter_capacity", TF_INT, .flags = TF_OPTIONAL, .ranged = true, .min = 0,
     .max = 1000000, .doc = "Size of the retry quota; without it there is none."},
    {"http_proxy", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Proxy for http, and for https where nothing names one for it; `\"\"` for none. "
            "Environment: `HTTP_PROXY`, which does not count for https."},
    {"https_proxy", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Proxy for https; `\"\"` for none. Environment: `HTTPS_PROXY`."},
    {"no_proxy", TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Hosts that are reached without a proxy, separated by commas: domains, addresses, "
            "blocks of addresses. Environment: `NO_PROXY`."},
    {"custom_ca_bundle", TF_STRING, .flags = TF_OPTIONAL,
     .doc = "File of certificate authorities that are trusted instead of the system's. "
            "Environment: `AWS_CA_BUNDLE`."},
    {"insecure", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Do not verify AWS's certificate. Never in earnest."},
    {"use_fips_endpoint", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Use FIPS endpoints. Environment: `AWS_USE_FIPS_ENDPOINT`."},
    {"use_dualstack_endpoint", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Use endpoints that speak IPv6 too. Environment: `AWS_USE_DUALSTACK_ENDPOINT`."},
    {"s3_use_path_style", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Write a bucket's name into the path and never into the host. Of use to resources that "
            "work with S3; there are none so far."},
    {"s3_us_east_1_regional_endpoint", TF_STRING, .flags = TF_OPTIONAL, .oneof = s3_endpoints,
     .doc =
         "Where S3 is asked in us-east-1: `regional` (default), or `legacy` for the global host. "
         "As above. Environment: `AWS_S3_US_EAST_1_REGIONAL_ENDPOINT`."},
    {"sts_region", TF_STRING, .flags = TF_OPTIONAL,
     .doc = "Region whose STS is asked, for roles and for the caller's identity; else `region`."},
    {"ec2_metadata_service_endpoint", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Address of the instance's metadata service. Environment: "
            "`AWS_EC2_METADATA_SERVICE_ENDPOINT`."},
    {"ec2_metadata_service_endpoint_mode", TF_STRING, .flags = TF_OPTIONAL, .oneof = metadata_modes,
     .doc = "`IPv4` (default) or `IPv6`: which of its usual addresses is asked. Environment: "
            "`AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`."},
    {"skip_credentials_validation", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Do not ask STS who the caller is. Wrong keys then show at the first other call."},
    {"skip_metadata_api_check", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Do not ask the instance's metadata service for credentials; `false` asks even where "
            "`AWS_EC2_METADATA_DISABLED` is `true`."},
    {"skip_region_validation", TF_BOOL, .flags = TF_OPTIONAL,
     .doc = "Take a region that no partition's form allows."},
    {"skip_requesting_account_id", TF_BOOL, .flags = TF_OPTIONAL,
     .doc =
         "Taken as in the aws provider, and changes nothing: the account id comes with the check "
         "of the credentials and is never asked for by itself."},
    {"user_agent", TF_LIST, TF_STRING, .flags = TF_OPTIONAL, .check = check_user_agent,
     .doc = "Products added to the User-Agent. Environment: `TF_APPEND_USER_AGENT` is added too."},
    {0},
};

static bool check_duration(struct tf_check *check, const struct cty_value *text)
{
    enum { LEAST_MS = 15 * 60 * 1000, MOST_MS = 12 * 60 * 60 * 1000 };
    int64_t ms;
    if (duration_parse(text->text, &ms) && ms >= LEAST_MS && ms <= MOST_MS)
        return true;
    return diag_error(check->diags, check->path, "Not a session's duration",
                      "A session lasts from 15m to 12h, written as in \"1h30m\", and not \"%.*s\".",
                      STR(text->text));
}

static bool check_policy(struct tf_check *check, const struct cty_value *text)
{
    struct doc *doc = NULL;
    struct doc_error why;
    if (doc_from_json(check->arena, text->text, NULL, &doc, &why) && doc->kind == DOC_OBJECT)
        return true;
    return diag_error(check->diags, check->path, "Not a policy",
                      "A policy is a JSON object; jsonencode({ … }) writes one.");
}

static bool check_policy_arns(struct tf_check *check, const struct cty_value *arns)
{
    for (size_t i = 0; i < arns->count; i++)
        if (cty_is_known(arns->items[i]) && !str_starts(arns->items[i]->text, S("arn:")))
            return diag_error(check->diags, check->path, "Not an ARN",
                              "A managed policy is named by its ARN, as in "
                              "\"arn:aws:iam::aws:policy/ReadOnlyAccess\", and not \"%.*s\".",
                              STR(arns->items[i]->text));
    return true;
}

#define ROLE_ARN_PATTERN "arn:[a-z0-9-]+:iam::[0-9]{12}:role/.+"
#define SESSION_NAME                                                                               \
    {                                                                                              \
        "session_name", TF_STRING,                                                                 \
            .flags = TF_OPTIONAL, .pattern = "[\\w+=,.@-]{2,64}",                                  \
            .pattern_text = "2 to 64 letters, digits and characters of `_+=,.@-`",                 \
            .doc = "The session's name, as logs show it; made up when it "                         \
                   "is not said."                                                                  \
    }
#define SESSION_LIMITS                                                                             \
    {"duration", TF_STRING, .flags = TF_OPTIONAL, .check = check_duration,                         \
     .doc = "How long the session's keys live, `1h` when it is not said; they are renewed before " \
            "they expire."},                                                                       \
        {"policy", TF_STRING, .flags = TF_OPTIONAL, .check = check_policy,                         \
         .doc = "A policy as JSON, by which the session may do less than the role."},              \
    {                                                                                              \
        "policy_arns", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .check = check_policy_arns,        \
                                          .doc = "Managed policies, by which the session may do "  \
                                                 "less than the role."                             \
    }

static const struct tf_attr assume_role_attrs[] = {
    {"role_arn", TF_STRING, .flags = TF_REQUIRED, .pattern = ROLE_ARN_PATTERN,
     .pattern_text = "the ARN of a role, as in `arn:aws:iam::111122223333:role/NAME`",
     .doc = "The role."},
    SESSION_NAME,
    SESSION_LIMITS,
    {"external_id", TF_STRING, .flags = TF_OPTIONAL, .pattern = "[\\w+=,.@:/-]{2,1224}",
     .pattern_text = "2 to 1224 letters, digits and characters of `_+=,.@:/-`",
     .doc = "What the role's trust policy asks for in `sts:ExternalId`."},
    {"source_identity", TF_STRING, .flags = TF_OPTIONAL, .pattern = "[\\w+=,.@-]{2,64}",
     .pattern_text = "2 to 64 letters, digits and characters of `_+=,.@-`",
     .doc = "Who stands behind the session; kept through further roles."},
    {"tags", TF_MAP, TF_STRING, .flags = TF_OPTIONAL, .check = hp_check_tags,
     .doc = "The session's tags."},
    {"transitive_tag_keys", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .requires = "tags",
     .doc = "Keys of session tags that go on to further roles."},
    {0},
};

static const struct tf_attr web_identity_attrs[] = {
    {"role_arn", TF_STRING, .flags = TF_OPTIONAL, .pattern = ROLE_ARN_PATTERN,
     .pattern_text = "the ARN of a role, as in `arn:aws:iam::111122223333:role/NAME`",
     .doc = "The role. Environment: `AWS_ROLE_ARN`."},
    SESSION_NAME,
    SESSION_LIMITS,
    {"web_identity_token", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE,
     .conflicts = "web_identity_token_file", .doc = "The token of the identity provider."},
    {"web_identity_token_file", TF_STRING, .flags = TF_OPTIONAL, .conflicts = "web_identity_token",
     .doc = "A file with the token, read anew at each refresh. Environment: "
            "`AWS_WEB_IDENTITY_TOKEN_FILE`."},
    {0},
};

static const struct tf_attr default_tags_attrs[] = {
    {"tags", TF_MAP, TF_STRING, .flags = TF_OPTIONAL, .check = hp_check_tags,
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

const struct tf_attr hp_endpoints_attrs[] = {
    {"ec2", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Environment: `AWS_ENDPOINT_URL_EC2`."},
    {"eks", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "For resources that work with EKS; none so far. Environment: `AWS_ENDPOINT_URL_EKS`."},
    {"iam", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "For resources that work with IAM; none so far. Environment: `AWS_ENDPOINT_URL_IAM`."},
    {"s3", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "For resources that work with S3; none so far. Environment: `AWS_ENDPOINT_URL_S3`."},
    {"sagemaker", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Environment: `AWS_ENDPOINT_URL_SAGEMAKER`."},
    {"sso", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "The portal that gives out roles' keys. Environment: `AWS_ENDPOINT_URL_SSO`."},
    {"ssooidc", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Where a login is lengthened. Environment: `AWS_ENDPOINT_URL_SSO_OIDC`."},
    {"sts", TF_STRING, .flags = TF_OPTIONAL, .check = check_url,
     .doc = "Environment: `AWS_ENDPOINT_URL_STS`."},
    {0},
};

const struct tf_block hp_provider_blocks[] = {
    {"assume_role", TF_BLOCK_LIST, assume_role_attrs,
     .doc = "Roles that are assumed one after the other, with the credentials found."},
    {"assume_role_with_web_identity", TF_BLOCK_SINGLE, web_identity_attrs,
     .doc = "A role that is assumed by a token of an identity provider; of all sources of "
            "credentials only the arguments go before it."},
    {"default_tags", TF_BLOCK_SINGLE, default_tags_attrs,
     .doc = "Tags for every resource; a resource's own tag of the same key wins."},
    {"ignore_tags", TF_BLOCK_SINGLE, ignore_tags_attrs,
     .doc = "Tags that others set and that are left alone."},
    {"endpoints", TF_BLOCK_SINGLE, hp_endpoints_attrs,
     .doc = "Endpoints instead of AWS's own. `AWS_ENDPOINT_URL` sets all at once."},
    {0},
};
