/* The role of the EC2 instance we run on, by its metadata service, version 2: a token, the role's
 * name, its keys. Each step has one second and one attempt, since elsewhere nobody answers. */
#include "clients.h"

#include "credentials.h"

enum { STEP_MS = 1000 };

static const char source[] = "the instance's role (IMDS)";
static const char roles_path[] = "/latest/meta-data/iam/security-credentials/";

static bool fail(const struct fetch *fetch, struct aws_error *reterr, struct str why)
{
    return reterr->kind != AWS_STOPPED && fetch_fail(fetch, reterr, "%s: %.*s", source, STR(why));
}

static bool ask(const struct recipe *recipe, const struct fetch *fetch, const char *method,
                struct str path, struct aws_header header, struct str *ret_body,
                struct aws_error *reterr)
{
    struct http_answer answer;
    struct fetch_wish wish = {
        .method = method,
        .url = arena_cat(fetch->arena, recipe->url, path),
        .headers = {header},
        .header_count = 1,
        .each_ms = STEP_MS,
        .attempts = 1,
        .direct = true,
    };
    if (!fetch_http(fetch, &wish, &answer, reterr))
        return fail(fetch, reterr, reterr->message);
    if (answer.status != 200)
        return fail(fetch, reterr,
                    arena_fmt(fetch->arena, "%s %.*s was answered by HTTP %d", method,
                              STR(wish.url), answer.status));
    *ret_body = answer.body;
    return true;
}

/* The token that all other questions carry. */
static bool ask_token(const struct recipe *recipe, const struct fetch *fetch,
                      struct aws_header *ret_header, struct aws_error *reterr)
{
    struct str token;
    struct aws_header ttl = {S("X-aws-ec2-metadata-token-ttl-seconds"), S("21600")};
    *reterr = (struct aws_error){0};
    if (!ask(recipe, fetch, "PUT", S("/latest/api/token"), ttl, &token, reterr))
        return false;
    *ret_header = (struct aws_header){S("X-aws-ec2-metadata-token"), str_trim(token)};
    return true;
}

static bool fetch_imds(const struct recipe *recipe, const struct fetch *fetch,
                       struct credentials *ret, struct aws_error *reterr)
{
    struct str name, keys;
    struct aws_header with;
    if (!ask_token(recipe, fetch, &with, reterr) ||
        !ask(recipe, fetch, "GET", str_of(roles_path), with, &name, reterr))
        return false;
    struct str rest = str_trim(name), role;
    if (!str_next(&rest, '\n', &role) || role.len == 0)
        return fail(fetch, reterr, S("the instance has no role"));
    struct str path = arena_fmt(fetch->arena, "%s%.*s", roles_path,
                                STR(aws_percent_encode(fetch->arena, str_trim(role), false)));
    return ask(recipe, fetch, "GET", path, with, &keys, reterr) &&
           keys_from_json(fetch, keys, &keys_of_metadata, "the answer of the metadata service", ret,
                          reterr);
}

bool imds_region(const struct recipe *recipe, const struct fetch *fetch, struct str *ret_region,
                 struct aws_error *reterr)
{
    struct recipe question = *recipe; /* its failure is told by who asks */
    struct str region;
    struct aws_header with;
    if (!ask_token(&question, fetch, &with, reterr) ||
        !ask(&question, fetch, "GET", S("/latest/meta-data/placement/region"), with, &region,
             reterr))
        return false;
    *ret_region = str_trim(region);
    return ret_region->len > 0 ||
           fetch_fail(fetch, reterr, "%s: the instance tells no region", source);
}

const struct recipe *recipe_of_instance(const struct recipe *recipe)
{
    while (recipe->base != NULL)
        recipe = recipe->base;
    return recipe->fetch == fetch_imds ? recipe : NULL;
}

/* False: search's error says why. */
static bool find_address(struct search *search, struct str *ret)
{
    const struct sources *sources = search->sources;
    const struct aws_config *config = sources->config;
    struct str url =
        sources_pick(sources, config->metadata_endpoint, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                     "ec2_metadata_service_endpoint");
    struct str mode = sources_pick(sources, config->metadata_endpoint_mode,
                                   "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                   "ec2_metadata_service_endpoint_mode");
    bool six = str_eq_nocase(mode, S("ipv6"));
    while (str_ends(url, S("/")))
        url.len--;
    *ret = url.len > 0 ? url : six ? S("http://[fd00:ec2::254]") : S("http://169.254.169.254");
    if (mode.len > 0 && !six && !str_eq_nocase(mode, S("ipv4"))) {
        broken(search, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is \"%.*s\"; it can be IPv4 or IPv6",
               STR(mode));
        return blame(search->error, config->metadata_endpoint_mode,
                     "ec2_metadata_service_endpoint_mode");
    }
    if (url.len == 0 || url_checked(search->arena, url, search->error))
        return true;
    search->error->kind = AWS_CREDENTIALS;
    return blame(search->error, config->metadata_endpoint, "ec2_metadata_service_endpoint");
}

enum found imds_look(struct search *search, const struct recipe **ret)
{
    const struct sources *sources = search->sources;
    enum aws_choice choice = sources->config->skip_metadata_api_check;
    struct str disabled = world_env(sources->world, "AWS_EC2_METADATA_DISABLED");
    bool skip = choice == AWS_YES || (choice == AWS_NOT_SAID && str_eq_nocase(disabled, S("true")));
    if (skip) {
        tried(search, source, "not asked, because of %s",
              choice == AWS_YES ? "skip_metadata_api_check" : "AWS_EC2_METADATA_DISABLED");
        return NOT_HERE;
    }
    struct str url;
    if (!find_address(search, &url))
        return BROKEN;
    struct recipe *recipe = recipe_new(search, source);
    recipe->fetch = fetch_imds;
    recipe->url = arena_str(search->arena, url);
    *ret = recipe;
    return FOUND;
}
