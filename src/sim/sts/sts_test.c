/* Sessions of roles: handed out, accepted with their token, and over when their time is. */
#include "core/signature.h"
#include "ground/moving.h"
#include <hp/base/buf.h>
#include <hp/base/test.h>
#include <hp/doc/doc.h>

static bool wait_ms(void *arg, struct stop_token *stop, int64_t ms)
{
    (void)arg, (void)stop, (void)ms;
    return false;
}

static const struct world world = {
    .now_ms = moving_now_ms, .tick_ms = moving_now_ms, .wait_ms = wait_ms, .random = moving_random};

struct keys {
    struct str key, secret, token;
};
static const struct keys own = {S_INIT(ACCESS_KEY), S_INIT(SECRET_KEY), S_INIT("")};

struct scene {
    struct arena *arena;
    struct sim *sim;
};

static void scene_begin(struct scene *s)
{
    struct sim_options options = {.time_scale = 1, .has_seed = true, .seed = 1, .log_fd = -1};
    struct sim_error error;
    wall_ms = INT64_C(1785587696000); /* 2026-08-01T12:34:56Z */
    s->arena = arena_new(64 << 20);
    s->sim = sim_new(&world, &options, &error);
}

static void scene_end(struct scene *s)
{
    sim_free(s->sim);
    arena_free(s->arena);
}

/* Asks STS, signed by these keys; NULL: unsigned. */
static struct sim_answer ask(struct scene *s, const struct keys *by, const char *body)
{
    struct arena *arena = s->arena;
    struct sim_answer answer;
    struct str date = time_basic(arena, wall_ms);
    struct sim_header headers[4] = {{S("Host"), S("h")}, {S("X-Amz-Date"), date}};
    struct sim_request request = {.method = S("POST"), .uri = S("/"), .headers = headers};
    request.body = arena_fmt(arena, "%s&Version=2011-06-15", body);
    request.header_count = 2;
    if (by != NULL) {
        struct authorization a = {by->key,  str_sub(date, 0, 8),  S("us-west-2"),
                                  S("sts"), S("host;x-amz-date"), S("")};
        struct secret secret = secret_of(by->secret);
        struct str text = string_to_sign(arena, &a, date, canonical_request(arena, &request, &a));
        struct str signature = signature_of(arena, &a, &secret, text);
        secret_done(&secret);
        headers[2] = (struct sim_header){
            S("Authorization"),
            arena_fmt(arena,
                      "AWS4-HMAC-SHA256 Credential=%.*s/%.*s/us-west-2/sts/aws4_request, "
                      "SignedHeaders=host;x-amz-date, Signature=%.*s",
                      STR(by->key), STR(a.date), STR(signature))};
        headers[3] = (struct sim_header){S("X-Amz-Security-Token"), by->token};
        request.header_count = by->token.len > 0 ? 4 : 3;
    }
    sim_answer(s->sim, arena, &request, &answer);
    return answer;
}

static struct keys keys_in(struct scene *s, struct sim_answer answer)
{
    struct doc *doc = NULL;
    struct doc_error error;
    struct str root;
    ck_assert_msg(answer.status == 200, "%.*s", STR(answer.body));
    ck_assert(doc_from_xml(s->arena, answer.body, NULL, &root, &doc, &error));
    const struct doc *result = doc->first->value, *keys = doc_get(result, S("Credentials"));
    return (struct keys){doc_get_text(keys, S("AccessKeyId")),
                         doc_get_text(keys, S("SecretAccessKey")),
                         doc_get_text(keys, S("SessionToken"))};
}

#define ROLE "RoleArn=arn:aws:iam::111122223333:role/path/dev&RoleSessionName=me"
#define WHO  "Action=GetCallerIdentity"

START_TEST(a_session_is_accepted_with_its_token_until_it_expires)
{
    struct scene s;
    scene_begin(&s);
    struct keys keys = keys_in(&s, ask(&s, &own, "Action=AssumeRole&" ROLE "&DurationSeconds=900"));

    struct sim_answer who = ask(&s, &keys, WHO);
    ck_assert_int_eq(who.status, 200);
    ck_assert(str_has(who.body, S("arn:aws:sts::111122223333:assumed-role/dev/me")));
    struct keys bare = {keys.key, keys.secret, S("")};
    ck_assert(str_has(ask(&s, &bare, WHO).body, S("<Code>InvalidClientTokenId</Code>")));
    wall_ms += 900 * 1000;
    struct sim_answer late = ask(&s, &keys, WHO);
    ck_assert_int_eq(late.status, 403);
    ck_assert(str_has(late.body, S("<Code>ExpiredToken</Code>")));
    ck_assert_int_eq(ask(&s, &own, WHO).status, 200);
    scene_end(&s);
}
END_TEST

START_TEST(a_session_may_assume_a_further_role_for_an_hour_at_most)
{
    struct scene s;
    scene_begin(&s);
    struct keys one = keys_in(&s, ask(&s, &own, "Action=AssumeRole&" ROLE));

    struct keys two = keys_in(&s, ask(&s, &one, "Action=AssumeRole&" ROLE "2"));
    ck_assert(!str_eq(one.key, two.key));
    ck_assert(!str_eq(one.token, two.token));
    ck_assert(str_has(ask(&s, &one, "Action=AssumeRole&" ROLE "&DurationSeconds=7200").body,
                      S("role chaining")));
    scene_end(&s);
}
END_TEST

static void add_keys(struct scene *s, const struct keys *keys)
{
    struct sim_request request = {.method = S("POST"), .uri = S("/_sim/credentials")};
    struct sim_answer answer;
    request.body = arena_fmt(
        s->arena, "{\"access_key\":\"%.*s\",\"secret_key\":\"%.*s\",\"session_token\":\"%.*s\"}",
        STR(keys->key), STR(keys->secret), STR(keys->token));
    sim_answer(s->sim, s->arena, &request, &answer);
    ck_assert_int_eq(answer.status, 200);
}

#define NOTHING                                                                                    \
    "&Policy=%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A*%22"     \
    "%2C%22Resource%22%3A%22*%22%7D%7D"

START_TEST(two_sessions_of_one_key_are_told_apart_by_their_tokens)
{
    struct scene s;
    scene_begin(&s);
    struct keys one = keys_in(&s, ask(&s, &own, "Action=AssumeRole&" ROLE NOTHING));
    struct keys two = {one.key, one.secret, S("another-token")};
    add_keys(&s, &two);

    ck_assert(str_has(ask(&s, &one, WHO).body, S("assumed-role/dev/me")));
    ck_assert(str_has(ask(&s, &two, WHO).body, S("user/simulated")));
    ck_assert_int_eq(ask(&s, &one, "Action=AssumeRole&" ROLE).status, 403);
    ck_assert_int_eq(ask(&s, &two, "Action=AssumeRole&" ROLE).status, 200);
    scene_end(&s);
}
END_TEST

static const struct {
    const char *body, *code;
} wrong[] = {
    {"Action=AssumeRole&RoleArn=arn:aws:iam::999999999999:role/x&RoleSessionName=me",
     "AccessDenied"},
    {"Action=AssumeRole&RoleArn=x&RoleSessionName=me", "ValidationError"},
    {"Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/dev&RoleSessionName=m e",
     "ValidationError"},
    {"Action=AssumeRole&" ROLE "&DurationSeconds=60", "ValidationError"},
    {"Action=AssumeRole&" ROLE "&Stranger=1", "UnknownParameter"},
};

START_TEST(a_role_that_cannot_be_assumed_is_refused)
{
    struct scene s;
    scene_begin(&s);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct str code = arena_fmt(s.arena, "<Code>%s</Code>", wrong[i].code);
        struct sim_answer answer = ask(&s, &own, wrong[i].body);
        ck_assert_msg(str_has(answer.body, code), "%.*s", STR(answer.body));
    }
    ck_assert(str_has(ask(&s, NULL, "Action=AssumeRole&" ROLE).body,
                      S("<Code>MissingAuthenticationToken</Code>")));
    scene_end(&s);
}
END_TEST

/* {"sub":"job","exp":1785591296} is an hour ahead, {"exp":1785584096} an hour ago. */
#define WEB   "Action=AssumeRoleWithWebIdentity&" ROLE "&WebIdentityToken="
#define AHEAD "h.eyJzdWIiOiJqb2IiLCJleHAiOjE3ODU1OTEyOTZ9.s"
#define AGO   "h.eyJleHAiOjE3ODU1ODQwOTZ9.s"

START_TEST(a_web_identity_needs_no_signature_and_a_token_that_is_good)
{
    struct scene s;
    scene_begin(&s);
    struct sim_answer answer = ask(&s, NULL, WEB AHEAD);
    struct keys keys = keys_in(&s, answer);

    ck_assert(str_has(answer.body, S("<SubjectFromWebIdentityToken>job<")));
    ck_assert_int_eq(ask(&s, &keys, WHO).status, 200);
    ck_assert(str_has(ask(&s, NULL, WEB AGO).body, S("<Code>ExpiredTokenException</Code>")));
    ck_assert(str_has(ask(&s, NULL, WEB "h.!.s").body, S("<Code>InvalidIdentityToken</Code>")));
    ck_assert(str_has(ask(&s, NULL, WEB "word").body, S("<Code>InvalidIdentityToken</Code>")));
    scene_end(&s);
}
END_TEST

TESTS("sim/sts", a_session_is_accepted_with_its_token_until_it_expires,
      a_session_may_assume_a_further_role_for_an_hour_at_most,
      two_sessions_of_one_key_are_told_apart_by_their_tokens,
      a_role_that_cannot_be_assumed_is_refused,
      a_web_identity_needs_no_signature_and_a_token_that_is_good)
