/* `aws login`: a login of the console leaves a session in ~/.aws/login/cache, with keys for a
 * quarter of an hour and what it takes to get others: a refresh token, and a key that proves who
 * holds it. The first login takes a person and a browser. */
#include "clients.h"

#include "credentials.h"
#include "dpop.h"
#include "errors.h"

#include <hp/aws/wire.h>

#include <openssl/evp.h>

enum { ENOUGH_MS = 5 * 60 * 1000, STEP_MS = 20000, ATTEMPTS = 3, BODY_MAX = 64 << 10 };
enum { TURNS = 2, PAUSE_MS = 500, SAME_CLOCK_MS = 60000 };

static const char source[] = "aws login";
static const struct keys_names names = {"accessKeyId", "secretAccessKey", "sessionToken",
                                        "expiresAt", false};

static bool login_needed(const struct recipe *recipe, const struct fetch *fetch,
                         struct aws_error *reterr, const char *why)
{
    return fetch_fail(fetch, reterr, "%s: %s. Run `aws login --profile %.*s`, then try again",
                      source, why, STR(recipe->profile));
}

/* The cached session, whole. */
static bool session_of(const struct recipe *recipe, const struct fetch *fetch,
                       struct doc **ret_session, int64_t *ret_left_ms, struct aws_error *reterr)
{
    static const char *const needed[] = {"refreshToken", "clientId", "dpopKey"};
    struct str text;
    struct doc_error why;
    int64_t expires;
    *ret_left_ms = 0;
    if (!fetch_file(fetch, recipe->file, source, &text, reterr))
        return login_needed(recipe, fetch, reterr, "there is no session of a login");
    if (!doc_from_json(fetch->arena, text, NULL, ret_session, &why))
        return login_needed(recipe, fetch, reterr, "the cached session cannot be read");
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (doc_get_text(*ret_session, str_of(needed[i])).len == 0)
            return login_needed(recipe, fetch, reterr, "the cached session is not whole");
    if (!time_parse(doc_text(doc_at(*ret_session, "accessToken.expiresAt")), &expires))
        expires = 0;
    *ret_left_ms = expires - client_now_ms(fetch->client);
    return true;
}

static struct str request_body(const struct fetch *fetch, const struct doc *session)
{
    struct arena *arena = fetch->arena;
    struct doc *input = doc_object(arena);
    struct buf out = buf_in(arena, BODY_MAX);
    doc_put(arena, input, S("clientId"), doc_get(session, S("clientId")));
    doc_put(arena, input, S("refreshToken"), doc_get(session, S("refreshToken")));
    doc_put(arena, input, S("grantType"), doc_string(arena, S("refresh_token")));
    return doc_to_json(input, &out) ? buf_str(&out) : S("");
}

static bool find_place(const struct fetch *fetch, const struct doc *session, struct str *ret_url,
                       struct aws_error *reterr)
{
    const struct settings *settings = &fetch->client->settings;
    struct str region = doc_get_text(session, S("signInRegion"));
    struct aws_place_wish wish = {
        .region = region.len > 0 ? region : settings->region,
        .custom = settings->endpoints[settings_service_index("signin")],
        .fips = settings->fips,
        .dualstack = settings->dualstack,
    };
    struct aws_place place;
    if (!aws_place_of(fetch->arena, "signin", &wish, &place, reterr))
        return fetch_fail(fetch, reterr, "%s: %.*s", source, STR(reterr->message));
    *ret_url = arena_cat(fetch->arena, place.url, S("/v1/token"));
    return true;
}

/* AWS said no: a word of its own says why. */
static bool refused(const struct recipe *recipe, const struct fetch *fetch,
                    const struct doc *session, const struct http_answer *answer,
                    struct aws_error *reterr)
{
    struct doc *doc = NULL;
    struct doc_error unread;
    struct aws_error why = {0};
    struct str word = S("");
    if (doc_from_json(fetch->arena, answer->body, NULL, &doc, &unread))
        word = doc_get_text(doc, S("error"));
    if (str_is(word, "TOKEN_EXPIRED"))
        return login_needed(recipe, fetch, reterr, "the login has expired");
    if (str_is(word, "USER_CREDENTIALS_CHANGED"))
        return login_needed(recipe, fetch, reterr, "the user's credentials have changed");
    aws_error_read(fetch->arena, answer, &why);
    struct str text = hide(fetch->arena, aws_error_text(fetch->arena, &why),
                           doc_get_text(session, S("refreshToken")));
    return fetch_fail(fetch, reterr, "%s: the session is not lengthened: %.*s", source, STR(text));
}

/* A proof is good for one request. Empty: the key cannot be read. */
static struct str proof_of(const struct fetch *fetch, const struct fetch_wish *wish)
{
    struct str proof, id = client_uuid(fetch->arena, fetch->client->world);
    bool made =
        dpop_header(fetch->arena, wish->key, wish->url, id, client_now_ms(fetch->client), &proof);
    return made ? proof : S("");
}

/* *ret_refused: the service has answered, and said no. */
static bool ask(const struct recipe *recipe, const struct fetch *fetch, const struct doc *session,
                struct doc **ret_answer, bool *ret_refused, struct aws_error *reterr)
{
    struct arena *arena = fetch->arena;
    struct http_answer answer;
    struct doc_error why;
    struct fetch_wish wish = {
        .method = "POST",
        .headers = {{S("Content-Type"), S("application/json")}, {S("DPoP"), S("")}},
        .header_count = 2,
        .each_ms = STEP_MS,
        .attempts = ATTEMPTS,
        .anew = proof_of,
        .key = doc_get_text(session, S("dpopKey")),
    };
    if (!find_place(fetch, session, &wish.url, reterr))
        return false;
    if (proof_of(fetch, &wish).len == 0)
        return login_needed(recipe, fetch, reterr, "the cached session's key cannot be read");
    wish.body = request_body(fetch, session);
    bool came = fetch_http(fetch, &wish, &answer, reterr);
    wipe((char *)wish.body.ptr, wish.body.len);
    if (!came)
        return reterr->kind != AWS_STOPPED &&
               fetch_fail(fetch, reterr, "%s: %.*s", source, STR(reterr->message));
    client_learn_time(fetch->client, &answer, CLIENT_TIME_OFF_MS);
    *ret_refused = answer.status >= 400 && answer.status < 500;
    if (answer.status != 200)
        return refused(recipe, fetch, session, &answer, reterr);
    return doc_from_json(arena, answer.body, NULL, ret_answer, &why) ||
           fetch_fail(fetch, reterr, "%s: the answer is no JSON", source);
}

/* New keys, for us and for the other tools that use this login. */
static bool refresh(const struct recipe *recipe, const struct fetch *fetch, struct doc *session,
                    bool *ret_refused, struct aws_error *reterr)
{
    struct arena *arena = fetch->arena;
    struct doc *answer = NULL;
    int64_t seconds;
    if (!ask(recipe, fetch, session, &answer, ret_refused, reterr))
        return false;
    struct doc *keys = doc_get(answer, S("accessToken"));
    if (!doc_to_int64(doc_get(answer, S("expiresIn")), &seconds) || seconds <= 0 ||
        seconds > 24 * 3600 || keys == NULL || keys->kind != DOC_OBJECT)
        return fetch_fail(fetch, reterr, "%s: the answer has no keys in it", source);
    int64_t expires = client_now_ms(fetch->client) + seconds * 1000;
    struct doc *account = doc_at(session, "accessToken.accountId");
    doc_set(arena, keys, S("expiresAt"), doc_string(arena, time_rfc3339(arena, expires)));
    doc_set(arena, keys, S("accountId"), account);
    doc_set(arena, session, S("accessToken"), keys);
    if (doc_get_text(answer, S("refreshToken")).len > 0)
        doc_set(arena, session, S("refreshToken"), doc_get(answer, S("refreshToken")));
    fetch_keep(fetch, recipe->file, session);
    return true;
}

static void wipe_session(const struct doc *session)
{
    static const char *const secrets[] = {"refreshToken", "dpopKey"};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        struct str text = doc_get_text(session, str_of(secrets[i]));
        wipe((char *)text.ptr, text.len);
    }
}

/* The keys too: the session is not used. */
static void drop_session(const struct doc *session)
{
    static const char *const secrets[] = {"accessToken.secretAccessKey",
                                          "accessToken.sessionToken"};
    wipe_session(session);
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        struct str text = doc_text(doc_at(session, secrets[i]));
        wipe((char *)text.ptr, text.len);
    }
}

/* Has another process got the next refresh token since? It may be about to write it. */
static bool is_another_now(const struct recipe *recipe, const struct fetch *fetch,
                           const struct doc *session)
{
    struct doc *now = NULL;
    struct aws_error unread;
    int64_t left_ms;
    if (world_wait_ms(fetch->client->world, fetch->stop, PAUSE_MS) ||
        !session_of(recipe, fetch, &now, &left_ms, &unread))
        return false;
    bool another =
        !str_eq(doc_get_text(now, S("refreshToken")), doc_get_text(session, S("refreshToken")));
    drop_session(now);
    return another;
}

/* One turn: *ret_session is wiped but for its keys. *ret_again: what was refused was said with a
 * wrong clock, or by a login that another process has lengthened meanwhile. */
static bool lengthened(const struct recipe *recipe, const struct fetch *fetch,
                       struct doc **ret_session, int64_t *ret_left_ms, bool *ret_again,
                       struct aws_error *reterr)
{
    int64_t skew_ms = fetch->client->skew_ms;
    bool refused = false;
    if (!session_of(recipe, fetch, ret_session, ret_left_ms, reterr))
        return false;
    bool good = *ret_left_ms > ENOUGH_MS || refresh(recipe, fetch, *ret_session, &refused, reterr);
    int64_t moved_ms = fetch->client->skew_ms - skew_ms;
    *ret_again = refused && (moved_ms > SAME_CLOCK_MS || moved_ms < -SAME_CLOCK_MS ||
                             is_another_now(recipe, fetch, *ret_session));
    wipe_session(*ret_session);
    return good;
}

static bool fetch_login(const struct recipe *recipe, const struct fetch *fetch,
                        struct credentials *ret, struct aws_error *reterr)
{
    struct doc *session = NULL;
    int64_t left_ms = 0;
    bool good = false, again = true;
    for (int turn = 0; again && turn < TURNS; turn++) {
        drop_session(session);
        again = false;
        good = lengthened(recipe, fetch, &session, &left_ms, &again, reterr);
    }
    /* what cannot be lengthened serves until it ends */
    if (!good && (left_ms <= 0 || reterr->kind == AWS_STOPPED))
        return false;
    return keys_from_doc(fetch, doc_get(session, S("accessToken")), &names,
                         "the session of aws login", ret, reterr);
}

enum found login_look(struct search *search, struct str profile, const struct recipe **ret)
{
    const struct sources *sources = search->sources;
    struct str session = profile_value(sources, profile, "login_session");
    struct str folder = world_env(sources->world, "AWS_LOGIN_CACHE_DIRECTORY");
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (session.len == 0)
        return NOT_HERE;
    if (EVP_Digest(session.ptr, session.len, sum, &len, EVP_sha256(), NULL) != 1)
        len = 0;
    struct buf name = buf_in(search->arena, 256);
    for (unsigned i = 0; i < len; i++)
        buf_printf(&name, "%02x", sum[i]);
    struct recipe *recipe = recipe_new(search, source);
    recipe->fetch = fetch_login;
    recipe->profile = arena_str(search->arena, profile);
    recipe->file =
        arena_fmt(search->arena, "%.*s/%.*s.json",
                  STR(sources_path(sources, folder.len > 0 ? folder : S("~/.aws/login/cache"))),
                  STR(buf_str(&name)));
    *ret = recipe;
    return FOUND;
}
