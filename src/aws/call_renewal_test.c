/* Keys that AWS takes for expired, in the middle of a call. */
#include "script.h"

#include <hp/aws/ops.h>

struct scene {
    struct arena *arena;
    struct script *script;
    struct aws_client *client;
    struct aws_context context;
    struct aws_error error;
};

static struct scene scene_of(const struct step *steps, size_t count)
{
    struct scene s = {.arena = arena_new(64 << 20)};
    s.script = script_of(s.arena, steps, count);
    s.client = script_client(s.script, NULL);
    s.context = (struct aws_context){.client = s.client, .arena = s.arena};
    return s;
}

static void scene_done(struct scene *s)
{
    aws_client_free(s->client);
    arena_free(s->arena);
}

static bool list_clusters(struct scene *s)
{
    struct doc *answer = NULL;
    return aws_call(&s->context, &aws_sagemaker_ListClusters, NULL, &answer, &s->error);
}

static bool describe_vpcs(struct scene *s)
{
    struct doc *answer = NULL;
    return aws_call(&s->context, &aws_ec2_DescribeVpcs, NULL, &answer, &s->error);
}

static const char clusters[] = "{\"ClusterSummaries\":[]}";
static const char expired_json[] = "{\"__type\":\"ExpiredTokenException\",\"message\":\"over\"}";
static const char expired_ec2[] = "<Response><Errors><Error><Code>RequestExpired</Code><Message>m"
                                  "</Message></Error></Errors></Response>";
static int fetched;
static bool is_dry;
static int64_t ends_ms; /* 0: never */

static bool fetch_next(const struct recipe *recipe, const struct fetch *fetch,
                       struct credentials *ret, struct aws_error *reterr)
{
    (void)recipe;
    if (is_dry && fetched > 0)
        return fetch_fail(fetch, reterr, "the spring is dry");
    struct str key = arena_fmt(fetch->arena, "KEY%d", ++fetched);
    *ret = (struct credentials){.access_key = secret_of(key),
                                .secret_key = secret_of(S("s")),
                                .token = secret_of(S("the-session-token")),
                                .expires_ms = ends_ms};
    return true;
}

/* The scene's client gets its keys from a source that has more of them. */
static void has_a_spring(struct scene *s, struct recipe *recipe)
{
    *recipe = (struct recipe){.source = "a spring", .fetch = fetch_next};
    fetched = 0;
    is_dry = false;
    ends_ms = 0;
    vault_free(s->client->vault);
    s->client->vault = vault_new(&s->script->world, recipe);
}

static bool signed_with(const struct scene *s, size_t at, const char *key)
{
    return str_has(script_header(s->script, at, "Authorization"), str_of(key));
}

START_TEST(keys_that_aws_takes_for_expired_are_fetched_anew_once)
{
    const struct step steps[] = {{400, expired_json}, {200, clusters}, {400, expired_json}};
    struct scene s = scene_of(steps, sizeof steps / sizeof steps[0]);
    struct recipe spring;
    has_a_spring(&s, &spring);

    ck_assert(list_clusters(&s));
    ck_assert(signed_with(&s, 0, "KEY1/"));
    ck_assert(signed_with(&s, 1, "KEY2/"));
    ck_assert_int_eq(s.script->waited_ms, 0);

    ck_assert(!list_clusters(&s));
    ck_assert(signed_with(&s, 3, "KEY3/"));
    ck_assert_uint_eq(s.script->at, 4);
    ck_assert_int_eq(s.error.kind, AWS_EXPIRED);
    scene_done(&s);
}
END_TEST

START_TEST(ec2_says_of_expired_keys_that_the_request_has_expired)
{
    const struct step steps[] = {
        {400, expired_ec2, "Date: Sat, 01 Aug 2026 12:34:57 GMT\n"},
        {200, "<DescribeVpcsResponse/>"},
    };
    struct scene s = scene_of(steps, sizeof steps / sizeof steps[0]);
    struct recipe spring;
    has_a_spring(&s, &spring);

    ck_assert(describe_vpcs(&s));
    ck_assert(signed_with(&s, 1, "KEY2/"));
    scene_done(&s);
}
END_TEST

START_TEST(keys_that_cannot_be_replaced_are_told_with_the_words_of_aws)
{
    const struct step steps[] = {{400, expired_json, "x-amzn-RequestId: r-1\n"}};
    struct scene s = scene_of(steps, sizeof steps / sizeof steps[0]);
    struct recipe spring;
    has_a_spring(&s, &spring);
    is_dry = true;

    ck_assert(!list_clusters(&s));
    ck_assert_int_eq(s.error.kind, AWS_CREDENTIALS);
    ck_assert(str_has(s.error.message, S("ExpiredTokenException, request id r-1")));
    ck_assert(str_has(s.error.message, S("the spring is dry")));
    scene_done(&s);
}
END_TEST

START_TEST(a_token_that_stands_in_a_refusal_is_not_told_when_no_other_keys_are_had)
{
    static const char refusal[] =
        "<Response><Errors><Error><Code>RequestExpired</Code><Message>m</Message></Error></Errors>"
        "<RequestID>r-the-session-token</RequestID></Response>";
    const struct step steps[] = {{400, refusal, "Date: Sat, 01 Aug 2026 12:34:57 GMT\n"}};
    struct scene s = scene_of(steps, sizeof steps / sizeof steps[0]);
    struct recipe spring;
    has_a_spring(&s, &spring);
    is_dry = true;

    ck_assert(!describe_vpcs(&s));
    ck_assert(str_has(s.error.message, S("RequestExpired, request id r-…")));
    ck_assert(!str_has(s.error.message, S("the-session-token")));
    scene_done(&s);
}
END_TEST

#define SKEWED        "{\"__type\":\"RequestTimeTooSkewed\",\"message\":\"m\"}"
#define TWO_HOURS_AGO "Date: Sat, 01 Aug 2026 10:34:56 GMT\n"
#define NOW           "Date: Sat, 01 Aug 2026 12:34:56 GMT\n"

START_TEST(keys_for_an_hour_serve_on_a_machine_whose_clock_is_two_hours_ahead)
{
    const struct step steps[] = {{403, SKEWED, TWO_HOURS_AGO}, {200, clusters}};
    struct scene s = scene_of(steps, sizeof steps / sizeof steps[0]);
    struct recipe spring;
    has_a_spring(&s, &spring);
    ends_ms = s.script->now_ms - 60 * 60000;

    ck_assert_msg(list_clusters(&s), "%.*s", STR(s.error.message));
    ck_assert_str(script_header(s.script, 1, "X-Amz-Date"), S("20260801T103456Z"));
    ck_assert(list_clusters(&s));
    ck_assert_int_eq(fetched, 1);

    s.script->now_ms += 47 * 60000;
    ends_ms += 60 * 60000;
    ck_assert(list_clusters(&s));
    ck_assert_int_eq(fetched, 2);
    scene_done(&s);
}
END_TEST

START_TEST(keys_that_had_expired_when_they_came_are_told_once_aws_has_told_the_time)
{
    const struct step steps[] = {{400, expired_json, NOW}};
    struct scene s = scene_of(steps, sizeof steps / sizeof steps[0]);
    struct recipe spring;
    has_a_spring(&s, &spring);
    ends_ms = s.script->now_ms - 60000;

    ck_assert(!list_clusters(&s));
    ck_assert_int_eq(s.error.kind, AWS_CREDENTIALS);
    ck_assert(str_has(s.error.message, S("AWS takes the keys for expired (ExpiredTokenException), "
                                         "and others: a spring: the credentials had expired "
                                         "already when they came")));
    ck_assert_uint_eq(s.script->at, 1);
    scene_done(&s);
}
END_TEST

START_TEST(keys_that_lie_there_are_not_tried_twice)
{
    const struct step steps[] = {{400, expired_json}};
    struct scene s = scene_of(steps, sizeof steps / sizeof steps[0]);

    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 1);
    ck_assert_int_eq(s.error.kind, AWS_EXPIRED);
    scene_done(&s);
}
END_TEST

TESTS("aws/call_renewal", keys_that_aws_takes_for_expired_are_fetched_anew_once,
      ec2_says_of_expired_keys_that_the_request_has_expired,
      keys_that_cannot_be_replaced_are_told_with_the_words_of_aws,
      a_token_that_stands_in_a_refusal_is_not_told_when_no_other_keys_are_had,
      keys_for_an_hour_serve_on_a_machine_whose_clock_is_two_hours_ahead,
      keys_that_had_expired_when_they_came_are_told_once_aws_has_told_the_time,
      keys_that_lie_there_are_not_tried_twice)
