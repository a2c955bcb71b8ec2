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
    bool over = !time_parse(doc_get_text(cached, S("registrationExpiresAt")), &until) ||
                client_is_past(fetch->client, until);
    if (over || !doc_to_json(input, &out))
        return false;
    *ret = buf_str(&out);
    return true;
}

static enum sso_end failed(const struct fetch *fetch, struct aws_error *reterr, struct str why)
{
    fetch_fail(fetch, reterr, "%.*s", STR(why));
    return SSO_FAILED;
}

static enum sso_end ask(const struct recipe *recipe, const struct fetch *fetch, struct str body,
                        struct doc **ret_answer, struct aws_error *reterr)
{
    const struct settings *settings = &fetch->client->settings;
    struct aws_place_wish place_wish = {
        .region = recipe->region,
        .custom = settings->endpoints[settings_service_index("ssooidc")],
        .fips = settings->fips,
        .dualstack = settings->dualstack,
    };
    struct aws_place place;
    struct http_answer answer;
    struct doc_error why;
    if (!aws_place_of(fetch->arena, "ssooidc", &place_wish, &place, reterr))
        return failed(fetch, reterr, reterr->message);
    struct fetch_wish wish = {
        .method = "POST",
        .url = arena_cat(fetch->arena, place.url, S("/token")),
        .headers = {{S("Content-Type"), S("application/json")}},
        .header_count = 1,
        .body = body,
        .each_ms = STEP_MS,
        .attempts = ATTEMPTS,
    };
    if (!fetch_http(fetch, &wish, &answer, reterr))
        return SSO_FAILED;
    client_learn_time(fetch->client, &answer, CLIENT_TIME_OFF_MS);
    if (answer.status >= 400 && answer.status < 500 && answer.status != 429)
        return SSO_OVER;
    if (answer.status != 200)
        return failed(
            fetch, reterr,
            arena_fmt(fetch->arena, "%.*s answered HTTP %d", STR(wish.url), answer.status));
    return doc_from_json(fetch->arena, answer.body, NULL, ret_answer, &why)
               ? SSO_LENGTHENED
               : failed(fetch, reterr,
                        arena_fmt(fetch->arena, "the answer of %.*s is no JSON", STR(wish.url)));
}

enum sso_end sso_refresh(const struct recipe *recipe, const struct fetch *fetch,
                         const struct doc *cached, struct str *ret_token, struct aws_error *reterr)
{
    struct arena *arena = fetch->arena;
    struct str body;
    struct doc *answer = NULL;
    int64_t seconds;
    if (!request_body(fetch, cached, &body))
        return SSO_OVER;
    enum sso_end end = ask(recipe, fetch, body, &answer, reterr);
    wipe((char *)body.ptr, body.len);
    if (end != SSO_LENGTHENED)
        return end;
    struct str token = doc_get_text(answer, S("accessToken"));
    if (token.len == 0 || !doc_to_int64(doc_get(answer, S("expiresIn")), &seconds) ||
        seconds <= 0 || seconds > 366 * 24 * 3600)
        return failed(fetch, reterr, S("the answer has no token in it"));

    struct doc *login = doc_copy(arena, cached);
    int64_t expires = client_now_ms(fetch->client) + seconds * 1000;
    struct str next = doc_get_text(answer, S("refreshToken"));
    doc_set(arena, login, S("accessToken"), doc_string(arena, token));
    doc_set(arena, login, S("expiresAt"), doc_string(arena, time_rfc3339(arena, expires)));
    if (next.len > 0)
        doc_set(arena, login, S("refreshToken"), doc_string(arena, next));
    fetch_keep(fetch, recipe->file, login);
    *ret_token = arena_str(arena, token);
    return SSO_LENGTHENED;
}
