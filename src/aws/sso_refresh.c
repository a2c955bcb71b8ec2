#include "sso_refresh.h"

#include "clients.h"

#include <hp/aws/wire.h>

enum { STEP_MS = 20000, ATTEMPTS = 2, FILE_MAX = 64 << 10 };

static bool request_body(const struct fetch *fetch, const struct doc *cached, struct str *ret)
{
    static const char *const names[] = {"clientId", "clientSecret", "refreshToken"};
    struct doc *input = doc_object(fetch->arena);
    struct buf out = buf_in(fetch->arena, FILE_MAX);
    int64_t until;
    doc_put(fetch->arena, input, S("grantType"), doc_string(fetch->arena, S("refresh_token")));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct str text = doc_get_text(cached, str_of(names[i]));
        if (text.len == 0)
            return false;
        doc_put(fetch->arena, input, str_of(names[i]), doc_string(fetch->arena, text));
    }
    if (!time_parse(doc_get_text(cached, S("registrationExpiresAt")), &until) ||
        until <= client_now_ms(fetch->client) || !doc_to_json(input, &out))
        return false;
    *ret = buf_str(&out);
    return true;
}

static bool ask(const struct recipe *recipe, const struct fetch *fetch, struct str body,
                struct doc **ret_answer)
{
    const struct settings *settings = &fetch->client->settings;
    struct aws_place_wish place_wish = {
        .region = recipe->region,
        .custom = settings->endpoints[settings_service_index("ssooidc")],
        .fips = settings->fips,
        .dualstack = settings->dualstack,
    };
    struct aws_place place;
    struct aws_error error;
    struct http_answer answer;
    struct doc_error why;
    if (!aws_place_of(fetch->arena, "ssooidc", &place_wish, &place, &error))
        return false;
    struct fetch_wish wish = {
        .method = "POST",
        .url = arena_cat(fetch->arena, place.url, S("/token")),
        .headers = {{S("Content-Type"), S("application/json")}},
        .header_count = 1,
        .body = body,
        .each_ms = STEP_MS,
        .attempts = ATTEMPTS,
    };
    return fetch_http(fetch, &wish, &answer, &error) && answer.status == 200 &&
           doc_from_json(fetch->arena, answer.body, NULL, ret_answer, &why);
}

bool sso_refresh(const struct recipe *recipe, const struct fetch *fetch, const struct doc *cached,
                 struct str *ret_token)
{
    struct arena *arena = fetch->arena;
    struct str body;
    struct doc *answer = NULL;
    int64_t seconds;
    if (!request_body(fetch, cached, &body))
        return false;
    bool came = ask(recipe, fetch, body, &answer);
    wipe((char *)body.ptr, body.len);
    struct str token = doc_get_text(answer, S("accessToken"));
    if (!came || token.len == 0 || !doc_to_int64(doc_get(answer, S("expiresIn")), &seconds) ||
        seconds <= 0 || seconds > 366 * 24 * 3600)
        return false;

    struct doc *login = doc_copy(arena, cached);
    int64_t expires = client_now_ms(fetch->client) + seconds * 1000;
    struct str next = doc_get_text(answer, S("refreshToken"));
    doc_set(arena, login, S("accessToken"), doc_string(arena, token));
    doc_set(arena, login, S("expiresAt"), doc_string(arena, time_rfc3339(arena, expires)));
    if (next.len > 0)
        doc_set(arena, login, S("refreshToken"), doc_string(arena, next));
    fetch_keep(fetch, recipe->file, login);
    *ret_token = arena_str(arena, token);
    return true;
}
