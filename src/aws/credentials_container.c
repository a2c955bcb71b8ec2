/* The credentials service beside a container: ECS, and EKS Pod Identity. The address is only taken
 * where AWS has such a service, on this machine, or over TLS, so that a token reaches nobody else.
 */
#include "clients.h"

#include "credentials.h"
#include "errors.h"

enum { STEP_MS = 5000, ATTEMPTS = 3 };

static const char source[] = "the container's credentials";

static bool ask(const struct recipe *recipe, const struct fetch *fetch, struct str token,
                struct credentials *ret, struct aws_error *reterr)
{
    struct http_answer answer;
    struct fetch_wish wish = {
        .method = "GET",
        .url = recipe->url,
        .headers = {{S("Accept"), S("application/json")}, {S("Authorization"), token}},
        .header_count = token.len > 0 ? 2 : 1,
        .each_ms = STEP_MS,
        .attempts = ATTEMPTS,
        .direct = str_starts(recipe->url, S("http:")),
    };
    if (!is_one_line(token))
        return fetch_fail(
            fetch, reterr,
            "%s: the authorization token has a line break or another control character in it",
            source);
    if (!fetch_http(fetch, &wish, &answer, reterr))
        return reterr->kind == AWS_STOPPED
                   ? false
                   : fetch_fail(fetch, reterr, "%s: %.*s", source, STR(reterr->message));
    if (answer.status != 200)
        return fetch_fail(fetch, reterr, "%s: %.*s answered HTTP %d: %.*s", source,
                          STR(recipe->url), answer.status,
                          STR(str_sub(hide(fetch->arena, str_trim(answer.body), token), 0, 300)));
    return keys_from_json(fetch, answer.body, &keys_of_metadata,
                          "the answer of the container's credentials service", ret, reterr);
}

static bool fetch_container(const struct recipe *recipe, const struct fetch *fetch,
                            struct credentials *ret, struct aws_error *reterr)
{
    if (recipe->file.len == 0)
        return ask(recipe, fetch, secret_reveal(&recipe->word), ret, reterr);
    struct str token;
    if (!fetch_file(fetch, recipe->file, "the container's authorization token", &token, reterr))
        return false;
    bool came = ask(recipe, fetch, token, ret, reterr);
    wipe((char *)token.ptr, token.len);
    return came;
}

static bool is_number(struct str part)
{
    int64_t number;
    return part.len > 0 && part.len <= 3 && part.ptr[0] >= '0' && part.ptr[0] <= '9' &&
           str_to_int64(part, &number) && number <= 255;
}

/* 127.0.0.0/8; "127.evil.example" is a name. */
static bool is_loopback4(struct str host)
{
    struct str rest = host, part;
    size_t parts = 0;
    while (str_next(&rest, '.', &part)) {
        if (!is_number(part))
            return false;
        parts++;
    }
    return parts == 4 && str_starts(host, S("127."));
}

static bool is_allowed(struct str url)
{
    static const char *const hosts[] = {"169.254.170.2", "169.254.170.23", "localhost", "[::1]",
                                        "[fd00:ec2::23]"};
    if (str_starts(url, S("https://")))
        return true;
    if (!str_starts(url, S("http://")))
        return false;
    struct str host = str_from(url, 7);
    host = str_sub(host, 0, str_find_char(host, '/'));
    host = str_sub(host, 0, str_find_char(host, '?'));
    if (str_find_char(host, '\\') != SIZE_MAX)
        return false;
    size_t end = str_starts(host, S("[")) ? str_find_char(host, ']') + 1 : str_find_char(host, ':');
    host = str_sub(host, 0, end);
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        if (str_is(host, hosts[i]))
            return true;
    return is_loopback4(host);
}

enum found container_look(struct search *search, const struct recipe **ret)
{
    const struct world *world = search->sources->world;
    struct str relative = world_env(world, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    struct str url = world_env(world, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (relative.len == 0 && url.len == 0)
        return NOT_HERE;
    if (relative.len > 0)
        url = arena_fmt(search->arena, "http://169.254.170.2%s%.*s",
                        relative.ptr[0] == '/' ? "" : "/", STR(relative));
    else if (str_find_char(url, '@') != SIZE_MAX)
        return broken(search, "AWS_CONTAINER_CREDENTIALS_FULL_URI (not shown, since it may hold a "
                              "password) has a user's name in it; a token for the service goes "
                              "into AWS_CONTAINER_AUTHORIZATION_TOKEN, an @ of the path is %%40");
    else if (!is_allowed(url))
        return broken(search,
                      "AWS_CONTAINER_CREDENTIALS_FULL_URI is \"%.*s\"; without TLS only the "
                      "container's own service (169.254.170.2, 169.254.170.23, [fd00:ec2::23]) and "
                      "this machine are asked",
                      STR(url));
    struct recipe *recipe = recipe_new(search, source);
    recipe->fetch = fetch_container;
    recipe->url = arena_str(search->arena, url);
    recipe->file =
        arena_str(search->arena, world_env(world, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
    struct str token = world_env(world, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (token.len > 0)
        recipe->word = secret_of(token);
    *ret = recipe;
    return FOUND;
}
