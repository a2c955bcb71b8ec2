/* IAM Identity Center: `aws sso login` leaves a token in ~/.aws/sso/cache, and the portal gives a
 * role's keys for it. A login that ends soon is lengthened; the first one takes a person and a
 * browser. */
#include "clients.h"

#include "credentials.h"
#include "errors.h"
#include "sso_refresh.h"

#include <hp/aws/wire.h>

#include <openssl/evp.h>

enum { SOON_MS = 15 * 60 * 1000, ATTEMPTS = 3, STEP_MS = 20000 };

static const char source[] = "IAM Identity Center (SSO)";

static struct str sha1_hex(struct arena *arena, struct str text)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (EVP_Digest(text.ptr, text.len, sum, &len, EVP_sha1(), NULL) != 1)
        len = 0;
    struct buf out = buf_in(arena, 64);
    for (unsigned i = 0; i < len; i++)
        buf_printf(&out, "%02x", sum[i]);
    return buf_str(&out);
}

static bool login_needed(const struct recipe *recipe, const struct fetch *fetch,
                         struct aws_error *reterr, const char *why)
{
    return fetch_fail(fetch, reterr, "%s: %s. Run `aws sso login --profile %.*s`, then try again",
                      source, why, STR(recipe->profile));
}

struct login {
    struct str token; /* in the scratch arena */
    int64_t expires_ms;
};

/* One that ends soon is lengthened; where that cannot be done it serves to its end. */
static bool lengthen(const struct recipe *recipe, const struct fetch *fetch,
                     const struct doc *cached, struct login *login, struct aws_error *reterr)
{
    enum sso_end end = sso_refresh(recipe, fetch, cached, &login->token, reterr);
    if (end == SSO_LENGTHENED)
        login->expires_ms = INT64_MAX; /* not before the keys it gives */
    if (end == SSO_FAILED && reterr->kind == AWS_STOPPED)
        return false;
    if (end == SSO_FAILED && login->expires_ms <= client_now_ms(fetch->client))
        return fetch_fail(fetch, reterr, "%s: the login has expired, and is not lengthened: %.*s",
                          source, STR(reterr->message));
    return end != SSO_OVER || !client_is_past(fetch->client, login->expires_ms) ||
           login_needed(recipe, fetch, reterr, "the login has expired");
}

/* The cached login. */
static bool login_of(const struct recipe *recipe, const struct fetch *fetch, struct login *ret,
                     struct aws_error *reterr)
{
    struct str text;
    struct doc *doc = NULL;
    struct doc_error why;
    if (!fetch_file(fetch, recipe->file, "SSO token", &text, reterr))
        return login_needed(recipe, fetch, reterr, "there is no token of a login");
    if (!doc_from_json(fetch->arena, text, NULL, &doc, &why))
        return login_needed(recipe, fetch, reterr, "the cached token cannot be read");
    ret->token = doc_get_text(doc, S("accessToken"));
    if (ret->token.len == 0 || !time_parse(doc_get_text(doc, S("expiresAt")), &ret->expires_ms))
        return login_needed(recipe, fetch, reterr, "the cached token is not whole");
    return ret->expires_ms - client_now_ms(fetch->client) > SOON_MS ||
           lengthen(recipe, fetch, doc, ret, reterr);
}

static bool portal(const struct recipe *recipe, const struct fetch *fetch, struct str *ret_url,
                   struct aws_error *reterr)
{
    const struct settings *settings = &fetch->client->settings;
    struct aws_place_wish wish = {
        .region = recipe->region,
        .custom = settings->endpoints[settings_service_index("sso")],
        .fips = settings->fips,
        .dualstack = settings->dualstack,
    };
    struct aws_place place;
    if (!aws_place_of(fetch->arena, "sso", &wish, &place, reterr))
        return fetch_fail(fetch, reterr, "%s: %.*s", source, STR(reterr->message));
    *ret_url =
        arena_fmt(fetch->arena, "%.*s/federation/credentials?role_name=%.*s&account_id=%.*s",
                  STR(place.url), STR(aws_percent_encode(fetch->arena, recipe->role.arn, false)),
                  STR(aws_percent_encode(fetch->arena, recipe->account, false)));
    return true;
}

static bool refused(const struct recipe *recipe, const struct fetch *fetch,
                    const struct login *login, const struct http_answer *answer,
                    struct aws_error *reterr)
{
    struct aws_error why = {0};
    aws_error_read(fetch->arena, answer, &why);
    if (answer->status == 401)
        return login_needed(recipe, fetch, reterr,
                            client_is_past(fetch->client, login->expires_ms)
                                ? "the login has expired"
                                : "the login is not valid any more");
    struct str text = hide(fetch->arena, aws_error_text(fetch->arena, &why), login->token);
    return fetch_fail(fetch, reterr, "%s: the role %.*s of account %.*s is not given out: %.*s",
                      source, STR(recipe->role.arn), STR(recipe->account), STR(text));
}

static bool ask(const struct recipe *recipe, const struct fetch *fetch, const struct login *login,
                struct http_answer *ret_answer, struct aws_error *reterr)
{
    struct str url;
    if (!portal(recipe, fetch, &url, reterr))
        return false;
    struct fetch_wish wish = {
        .method = "GET",
        .url = url,
        .headers = {{S("x-amz-sso_bearer_token"), login->token}},
        .header_count = 1,
        .each_ms = STEP_MS,
        .attempts = ATTEMPTS,
    };
    if (!fetch_http(fetch, &wish, ret_answer, reterr))
        return reterr->kind != AWS_STOPPED &&
               fetch_fail(fetch, reterr, "%s: %.*s", source, STR(reterr->message));
    client_learn_time(fetch->client, ret_answer, CLIENT_TIME_OFF_MS);
    return ret_answer->status == 200 || refused(recipe, fetch, login, ret_answer, reterr);
}

static bool fetch_sso(const struct recipe *recipe, const struct fetch *fetch,
                      struct credentials *ret, struct aws_error *reterr)
{
    static const struct keys_names names = {"accessKeyId", "secretAccessKey", "sessionToken",
                                            "expiration", true};
    struct http_answer answer;
    struct doc *doc = NULL;
    struct doc_error why;
    struct login login;
    if (!login_of(recipe, fetch, &login, reterr))
        return false;
    bool came = ask(recipe, fetch, &login, &answer, reterr);
    wipe((char *)login.token.ptr, login.token.len);
    if (!came)
        return false;
    if (!doc_from_json(fetch->arena, answer.body, NULL, &doc, &why))
        return fetch_fail(fetch, reterr, "%s: the answer is no JSON", source);
    return keys_from_doc(fetch, doc_get(doc, S("roleCredentials")), &names,
                         "the answer of the SSO portal", ret, reterr);
}

/* From the [sso-session] that the profile names, or from the profile itself as it was before. */
static struct str session_value(const struct sources *sources, struct str session,
                                struct str profile, const char *key)
{
    struct str value =
        profile_get(&sources->profiles, PROFILE_CONFIG, PROFILE_SSO_SESSION, session, key);
    return value.len > 0 ? value : profile_value(sources, profile, key);
}

enum found sso_look(struct search *search, struct str profile, const struct recipe **ret)
{
    static const char *const keys[] = {"sso_account_id", "sso_role_name", "sso_start_url",
                                       "sso_region"};
    const struct sources *sources = search->sources;
    struct str session = profile_value(sources, profile, "sso_session"), values[4];
    bool any = session.len > 0;
    for (size_t i = 0; i < 4; i++) {
        values[i] = session_value(sources, session, profile, keys[i]);
        any |= values[i].len > 0;
    }
    if (!any)
        return NOT_HERE;
    for (size_t i = 0; i < 4; i++)
        if (values[i].len == 0)
            return broken(search,
                          "the profile \"%.*s\" asks for SSO, and neither it nor its sso-session "
                          "has %s; `aws configure sso --profile %.*s` sets all it needs",
                          STR(profile), keys[i], STR(profile));
    struct str home = world_env(sources->world, "HOME");
    struct recipe *recipe = recipe_new(search, source);
    recipe->fetch = fetch_sso;
    recipe->profile = arena_str(search->arena, profile);
    recipe->account = arena_str(search->arena, values[0]);
    recipe->role.arn = arena_str(search->arena, values[1]); /* a role's name, not its ARN */
    recipe->region = arena_str(search->arena, values[3]);
    recipe->file = arena_fmt(search->arena, "%.*s/.aws/sso/cache/%.*s.json", STR(home),
                             STR(sha1_hex(search->arena, session.len > 0 ? session : values[2])));
    *ret = recipe;
    return FOUND;
}
