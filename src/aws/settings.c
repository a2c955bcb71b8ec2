#include "settings.h"

#include "credentials.h"
#include "errors.h"
#include "regions.h"

#include <unistd.h>

enum { RETRIES = 25, RETRIES_MAX = 1000 };

static const struct aws_service *const services[] = {&aws_sagemaker, &aws_ec2,     &aws_sts,
                                                     &aws_sso,       &aws_ssooidc, &aws_iam,
                                                     &aws_eks,       &aws_s3,      &aws_signin};
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

static struct str region_said(const struct sources *sources)
{
    struct str region = sources->config->region;
    if (region.len == 0)
        region = world_env(sources->world, "AWS_REGION");
    if (region.len == 0)
        region = world_env(sources->world, "AWS_DEFAULT_REGION");
    return region.len > 0 ? region : sources_get(sources, "region");
}

/* said: what the configuration has, if it is from there. */
static bool check_region(const struct sources *sources, struct arena *arena, struct str region,
                         struct str said, const char *setting, struct aws_error *reterr)
{
    if (sources->config->skip_region_validation || region_is_plausible(region))
        return true;
    struct str near = region_near(region);
    if (near.len == 0)
        aws_fail(arena, reterr, AWS_INPUT, "\"%.*s\" is no AWS region", STR(region));
    else
        aws_fail(arena, reterr, AWS_INPUT, "\"%.*s\" is no AWS region; did you mean %.*s?",
                 STR(region), STR(near));
    return blame(reterr, said, setting);
}

bool settings_take_region(const struct sources *sources, struct arena *arena, struct str region,
                          struct settings *ret, struct aws_error *reterr)
{
    struct str sts = sources->config->sts_region;
    ret->region = arena_str(arena, region);
    ret->sts_region = sts.len > 0 ? arena_str(arena, sts) : ret->region;
    return check_region(sources, arena, region, sources->config->region, "region", reterr) &&
           check_region(sources, arena, ret->sts_region, sts, "sts_region", reterr);
}

static bool find_region(const struct sources *sources, struct arena *arena, struct settings *ret,
                        struct aws_error *reterr)
{
    struct str region = region_said(sources);
    if (region.len > 0)
        return settings_take_region(sources, arena, region, ret, reterr);
    if (recipe_of_instance(ret->credentials) != NULL)
        return true; /* it can tell */
    aws_fail(arena, reterr, AWS_INPUT,
             "no region: it is neither set in the provider's configuration, nor by AWS_REGION or "
             "AWS_DEFAULT_REGION, nor in the profile \"%.*s\"; and the instance's metadata service "
             "is asked only where it gives the credentials",
             STR(sources->profile));
    reterr->setting = S("region");
    return false;
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

bool url_checked(struct arena *arena, struct str url, struct aws_error *reterr)
{
    struct str rest = str_starts(url, S("https://"))  ? str_from(url, 8)
                      : str_starts(url, S("http://")) ? str_from(url, 7)
                                                      : S("");
    bool fine = rest.len > 0 && rest.ptr[0] != '/' && rest.ptr[0] != ':';
    for (size_t i = 0; i < rest.len; i++)
        fine &= (unsigned char)rest.ptr[i] > ' ' && rest.ptr[i] != '?' && rest.ptr[i] != '#' &&
                rest.ptr[i] != '@';
    if (!fine && str_find_char(url, '@') != SIZE_MAX)
        return aws_fail(arena, reterr, AWS_INPUT,
                        "the endpoint (not shown, since it may hold a password) is no address such "
                        "as https://host:port");
    return fine ||
           aws_fail(arena, reterr, AWS_INPUT,
                    "the endpoint \"%.*s\" is no address such as https://host:port", STR(url));
}

static bool find_s3(const struct sources *sources, struct arena *arena, struct settings *ret,
                    struct aws_error *reterr)
{
    const struct aws_config *config = sources->config;
    struct str said = config->s3_us_east_1_regional_endpoint;
    struct str which = sources_pick(sources, said, "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT",
                                    "s3_us_east_1_regional_endpoint");
    ret->s3_path_style = config->s3_use_path_style;
    ret->s3_legacy = str_is(which, "legacy");
    if (which.len == 0 || ret->s3_legacy || str_is(which, "regional"))
        return true;
    aws_fail(arena, reterr, AWS_INPUT,
             "the endpoint of S3 in us-east-1 is \"%.*s\"; it can be legacy or regional",
             STR(which));
    return blame(reterr, said, "s3_us_east_1_regional_endpoint");
}

static bool find_endpoints(const struct sources *sources, struct arena *arena, struct settings *ret,
                           struct aws_error *reterr)
{
    if (!find_s3(sources, arena, ret, reterr))
        return false;
    for (size_t i = 0; i < SERVICES; i++) {
        struct str said = {0}, url;
        for (size_t j = 0; j < sources->config->endpoint_count; j++)
            if (str_is(sources->config->endpoints[j].service, services[i]->id))
                said = sources->config->endpoints[j].url;
        url = said.len > 0 ? said : configured_endpoint(sources, services[i]);
        if (url.len == 0)
            continue;
        if (!url_checked(arena, url, reterr))
            return blame(reterr, said, arena_fmt(arena, "endpoints.%s", services[i]->id).ptr);
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
    struct str whose =
        world_env(sources->world, "AWS_MAX_ATTEMPTS").len > 0
            ? S("AWS_MAX_ATTEMPTS")
            : arena_fmt(arena, "max_attempts of the profile \"%.*s\"", STR(sources->profile));
    if (config->max_retries >= 0)
        attempts = (int64_t)config->max_retries + 1;
    else if (said.len > 0 && (!str_to_int64(said, &attempts) || attempts < 1))
        return aws_fail(arena, reterr, AWS_INPUT, "%.*s is \"%.*s\"; it is a number, at least 1",
                        STR(whose), STR(said));
    ret->attempts = (unsigned)(attempts > RETRIES_MAX ? RETRIES_MAX : attempts);
    ret->quota = config->token_bucket_rate_limiter_capacity;

    struct str mode = sources_pick(sources, config->retry_mode, "AWS_RETRY_MODE", "retry_mode");
    ret->adaptive = str_is(mode, "adaptive");
    if (mode.len == 0 || ret->adaptive || str_is(mode, "standard") || str_is(mode, "legacy"))
        return true;
    aws_fail(arena, reterr, AWS_INPUT, "the retry mode is \"%.*s\"; it can be standard or adaptive",
             STR(mode));
    return blame(reterr, config->retry_mode, "retry_mode");
}

/* Not said: the variable, in either case. Said and empty: none. */
static struct str by_word_or_variable(const struct sources *sources, struct str said,
                                      const char *upper, const char *lower)
{
    if (said.ptr != NULL)
        return said;
    struct str value = world_env(sources->world, upper);
    return value.len > 0 ? value : world_env(sources->world, lower);
}

/* [scheme://][user[:password]@]host[:port] */
static bool is_proxy(struct str proxy)
{
    static const char *const schemes[] = {"http", "https", "socks5", "socks5h"};
    size_t at = str_find(proxy, S("://"));
    bool known = at == SIZE_MAX;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        known |= at != SIZE_MAX && str_eq_nocase(str_sub(proxy, 0, at), str_of(schemes[i]));
    struct str rest = at == SIZE_MAX ? proxy : str_from(proxy, at + 3);
    while (str_ends(rest, S("/")))
        rest.len--;
    size_t user = str_find_char(rest, '@');
    struct str host = user == SIZE_MAX ? rest : str_from(rest, user + 1);
    for (size_t i = 0; i < rest.len; i++)
        known &= (unsigned char)rest.ptr[i] > ' ' && strchr("/?#", rest.ptr[i]) == NULL;
    size_t end = str_starts(host, S("[")) ? str_find_char(host, ']') : 0;
    size_t colon = end == SIZE_MAX ? 0 : str_find_char(str_from(host, end), ':');
    struct str port = colon == SIZE_MAX ? S("1") : str_from(host, end + colon + 1);
    int64_t number;
    return known && end != SIZE_MAX && end + colon > 0 && host.len > 0 &&
           str_find_char(host, '@') == SIZE_MAX && str_to_int64(port, &number) && number > 0 &&
           number < 65536;
}

static bool find_proxy(const struct sources *sources, struct arena *arena, struct str said,
                       const char *upper, const char *lower, struct str *ret,
                       struct aws_error *reterr)
{
    *ret = arena_str(arena, by_word_or_variable(sources, said, upper, lower));
    if (ret->len == 0 || is_proxy(*ret))
        return true;
    bool by_upper = said.ptr == NULL && world_env(sources->world, upper).len > 0;
    aws_fail(arena, reterr, AWS_INPUT, /* it may hold a password, so it is not shown */
             "the proxy given by %s is no address such as http://user:password@host:port",
             by_upper ? upper : lower);
    return blame(reterr, said, lower);
}

/* As the aws provider: what the configuration says of http counts for https too, where nobody says
 * anything of https. */
static bool find_proxies(const struct sources *sources, struct arena *arena,
                         struct http_settings *http, struct aws_error *reterr)
{
    const struct aws_config *config = sources->config;
    if (!find_proxy(sources, arena, config->http_proxy, "HTTP_PROXY", "http_proxy",
                    &http->http_proxy, reterr) ||
        !find_proxy(sources, arena, config->https_proxy, "HTTPS_PROXY", "https_proxy",
                    &http->https_proxy, reterr))
        return false;
    if (config->http_proxy.len > 0 && config->https_proxy.ptr == NULL && http->https_proxy.len == 0)
        http->https_proxy = http->http_proxy;
    http->no_proxy =
        arena_str(arena, by_word_or_variable(sources, config->no_proxy, "NO_PROXY", "no_proxy"));
    return true;
}

static bool find_http(const struct sources *sources, struct arena *arena, struct settings *ret,
                      struct aws_error *reterr)
{
    const struct aws_config *config = sources->config;
    struct http_settings *http = &ret->http;
    struct str bundle =
        sources_pick(sources, config->custom_ca_bundle, "AWS_CA_BUNDLE", "ca_bundle");
    http->insecure = config->insecure;
    http->ca_bundle = arena_str(arena, sources_path(sources, bundle));
    if (http->ca_bundle.len > 0 && access(http->ca_bundle.ptr, R_OK) != 0) {
        aws_fail(arena, reterr, AWS_INPUT, "the CA bundle %.*s cannot be read",
                 STR(http->ca_bundle));
        return blame(reterr, config->custom_ca_bundle, "custom_ca_bundle");
    }
    return find_proxies(sources, arena, http, reterr);
}

bool settings_find(struct sources *sources, struct arena *arena, struct settings *ret,
                   struct aws_error *reterr)
{
    return find_endpoints(sources, arena, ret, reterr) &&
           find_retries(sources, arena, ret, reterr) && find_http(sources, arena, ret, reterr) &&
           credentials_find(sources, arena, &ret->credentials, &ret->recipes, reterr) &&
           find_region(sources, arena, ret, reterr);
}
