#include "settings.h"

#include "credentials.h"
#include "errors.h"
#include "regions.h"

#include <unistd.h>

enum { RETRIES = 25, RETRIES_MAX = 1000 };

static const struct aws_service *const services[] = {&aws_sagemaker, &aws_ec2, &aws_sts, &aws_sso,
                                                     &aws_ssooidc,   &aws_iam, &aws_eks, &aws_s3};
enum { SERVICES = sizeof services / sizeof services[0] };

int settings_service_index(const char *id)
{
    for (size_t i = 0; i < SERVICES; i++)
        if (strcmp(services[i]->id, id) == 0)
            return (int)i;
    return -1;
}

static bool is_true(struct str text)
{
    return str_eq_nocase(str_trim(text), S("true")) || str_is(str_trim(text), "1");
}

static bool find_region(const struct sources *sources, struct arena *arena, struct settings *ret,
                        struct aws_error *reterr)
{
    struct str region = sources->config->region;
    if (region.len == 0)
        region = world_env(sources->world, "AWS_REGION");
    if (region.len == 0)
        region = world_env(sources->world, "AWS_DEFAULT_REGION");
    if (region.len == 0)
        region = sources_get(sources, "region");
    if (region.len == 0)
        return aws_fail(arena, reterr, AWS_INPUT,
                        "no region: it is neither set in the provider's configuration, nor by "
                        "AWS_REGION or AWS_DEFAULT_REGION, nor in the profile \"%.*s\"",
                        STR(sources->profile));
    ret->region = arena_str(arena, region);
    ret->s3_path_style = sources->config->s3_use_path_style;
    struct str sts = sources->config->sts_region;
    ret->sts_region = sts.len > 0 ? arena_str(arena, sts) : ret->region;
    if (sources->config->skip_region_validation || region_is_plausible(region))
        return true;
    struct str near = region_near(region);
    if (near.len == 0)
        return aws_fail(arena, reterr, AWS_INPUT, "\"%.*s\" is no AWS region", STR(region));
    return aws_fail(arena, reterr, AWS_INPUT, "\"%.*s\" is no AWS region; did you mean %.*s?",
                    STR(region), STR(near));
}

static struct str configured_endpoint(const struct sources *sources,
                                      const struct aws_service *service)
{
    const struct world *world = sources->world;
    if (is_true(sources_pick(sources, S(""), "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                             "ignore_configured_endpoint_urls")))
        return (struct str){0};
    struct str variable = arena_fmt(sources->arena, "AWS_ENDPOINT_URL_%s", service->endpoint_env);
    struct str url = world_env(world, variable.ptr);
    if (url.len == 0)
        url = world_env(world, "AWS_ENDPOINT_URL");
    if (url.len > 0)
        return url;
    struct str section = sources_get(sources, "services");
    url = profile_get_below(&sources->profiles, PROFILE_CONFIG, PROFILE_SERVICES, section,
                            service->config_key, "endpoint_url");
    return url.len > 0 ? url : sources_get(sources, "endpoint_url");
}

static bool url_checked(struct arena *arena, struct str url, struct aws_error *reterr)
{
    struct str rest = str_starts(url, S("https://"))  ? str_from(url, 8)
                      : str_starts(url, S("http://")) ? str_from(url, 7)
                                                      : S("");
    bool fine = rest.len > 0 && rest.ptr[0] != '/' && rest.ptr[0] != ':';
    for (size_t i = 0; i < rest.len; i++)
        fine &= (unsigned char)rest.ptr[i] > ' ' && rest.ptr[i] != '?' && rest.ptr[i] != '#' &&
                rest.ptr[i] != '@';
    return fine || aws_fail(arena, reterr, AWS_INPUT,
                            "the endpoint \"%.*s\" is no address such as "
                            "https://host:port",
                            STR(url));
}

static bool find_endpoints(const struct sources *sources, struct arena *arena, struct settings *ret,
                           struct aws_error *reterr)
{
    for (size_t i = 0; i < SERVICES; i++) {
        struct str url = {0};
        for (size_t j = 0; j < sources->config->endpoint_count; j++)
            if (str_is(sources->config->endpoints[j].service, services[i]->id))
                url = sources->config->endpoints[j].url;
        if (url.len == 0)
            url = configured_endpoint(sources, services[i]);
        if (url.len == 0)
            continue;
        if (!url_checked(arena, url, reterr))
            return false;
        while (str_ends(url, S("/")))
            url.len--;
        ret->endpoints[i] = arena_str(arena, url);
    }
    ret->fips = sources->config->use_fips_endpoint ||
                is_true(sources_pick(sources, S(""), "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"));
    ret->dualstack = sources->config->use_dualstack_endpoint ||
                     is_true(sources_pick(sources, S(""), "AWS_USE_DUALSTACK_ENDPOINT",
                                          "use_dualstack_endpoint"));
    ret->sts_legacy =
        str_is(sources_pick(sources, S(""), "AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints"),
               "legacy");
    return true;
}

/* The first attempt counts in AWS_MAX_ATTEMPTS, and not in max_retries. */
static bool find_retries(const struct sources *sources, struct arena *arena, struct settings *ret,
                         struct aws_error *reterr)
{
    const struct aws_config *config = sources->config;
    int64_t attempts = RETRIES + 1;
    struct str said = sources_pick(sources, S(""), "AWS_MAX_ATTEMPTS", "max_attempts");
    if (config->max_retries >= 0)
        attempts = (int64_t)config->max_retries + 1;
    else if (said.len > 0 && (!str_to_int64(said, &attempts) || attempts < 1))
        return aws_fail(arena, reterr, AWS_INPUT, "AWS_MAX_ATTEMPTS is \"%.*s\", and no number",
                        STR(said));
    ret->attempts = (unsigned)(attempts > RETRIES_MAX ? RETRIES_MAX : attempts);
    ret->quota = config->token_bucket_rate_limiter_capacity;

    struct str mode = sources_pick(sources, config->retry_mode, "AWS_RETRY_MODE", "retry_mode");
    ret->adaptive = str_is(mode, "adaptive");
    if (mode.len > 0 && !ret->adaptive && !str_is(mode, "standard") && !str_is(mode, "legacy"))
        return aws_fail(arena, reterr, AWS_INPUT,
                        "the retry mode is \"%.*s\"; it can be standard or adaptive", STR(mode));
    return true;
}

/* Not said: the variable, in either case. Said and empty: none. */
static struct str proxy(const struct sources *sources, struct str said, const char *upper,
                        const char *lower)
{
    if (said.ptr != NULL)
        return said;
    struct str value = world_env(sources->world, upper);
    return value.len > 0 ? value : world_env(sources->world, lower);
}

static bool find_http(const struct sources *sources, struct arena *arena, struct settings *ret,
                      struct aws_error *reterr)
{
    const struct aws_config *config = sources->config;
    struct http_settings *http = &ret->http;
    http->insecure = config->insecure;
    http->ca_bundle = arena_str(
        arena, sources_pick(sources, config->custom_ca_bundle, "AWS_CA_BUNDLE", "ca_bundle"));
    http->http_proxy =
        arena_str(arena, proxy(sources, config->http_proxy, "HTTP_PROXY", "http_proxy"));
    http->https_proxy =
        arena_str(arena, proxy(sources, config->https_proxy, "HTTPS_PROXY", "https_proxy"));
    http->no_proxy = arena_str(arena, proxy(sources, config->no_proxy, "NO_PROXY", "no_proxy"));
    if (http->ca_bundle.len > 0 && access(http->ca_bundle.ptr, R_OK) != 0)
        return aws_fail(arena, reterr, AWS_INPUT, "the CA bundle %.*s cannot be read",
                        STR(http->ca_bundle));
    return true;
}

bool settings_find(struct sources *sources, struct arena *arena, struct settings *ret,
                   struct aws_error *reterr)
{
    return find_region(sources, arena, ret, reterr) &&
           find_endpoints(sources, arena, ret, reterr) &&
           find_retries(sources, arena, ret, reterr) && find_http(sources, arena, ret, reterr) &&
           credentials_find(sources, arena, &ret->credentials, &ret->recipes, reterr);
}
