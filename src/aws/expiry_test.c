/* Sessions that end while work goes on: nobody asks AWS with keys that are over, one thread at a
 * time gets new ones, and what AWS itself calls expired is given up. */
#include "script.h"

#include <hp/aws/ops.h>

#include <pthread.h>
#include <stdatomic.h>

#define EXPIRED "{\"__type\":\"ExpiredTokenException\",\"message\":\"it is expired\"}"
#define GROUP   "<DescribeSecurityGroupsResponse/>"
#define REQUEST_EXPIRED                                                                            \
    "<Response><Errors><Error><Code>RequestExpired</Code><Message>m</Message></Error></Errors>"    \
    "</Response>"
#define ROLE(key)                                                                                  \
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" key "</AccessKeyId>"        \
    "<SecretAccessKey>s</SecretAccessKey><SessionToken>t-" key "</SessionToken><Expiration>"       \
    "2026-08-01T13:34:56Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
#define DENIED "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"

static const struct aws_role role = {.arn = S_INIT("arn:aws:iam::111122223333:role/terraform")};

struct scene {
    struct arena *arena;
    struct script *script;
    struct aws_context context;
    struct aws_error error;
};

static void scene_begin(struct scene *s, const struct step *steps, size_t count, bool with_role)
{
    struct aws_config config = script_config;
    config.roles = &role;
    config.role_count = with_role ? 1 : 0;
    *s = (struct scene){.arena = arena_new(64 << 20)};
    s->script = script_of(s->arena, steps, count);
    s->context = (struct aws_context){script_client(s->script, &config), s->arena};
}

static void scene_end(struct scene *s)
{
    aws_client_free(s->context.client);
    arena_free(s->arena);
}

static bool list_clusters(struct scene *s)
{
    return aws_call(&s->context, &aws_sagemaker_ListClusters, NULL, NULL, &s->error);
}

#define BEGIN(s, steps, with_role)                                                                 \
    scene_begin(s, steps, sizeof(steps) / sizeof(steps)[0], with_role)

START_TEST(a_session_that_aws_calls_expired_is_made_anew_and_the_call_repeated)
{
    static const struct step steps[] = {
        {200, ROLE("ONE")}, {400, EXPIRED}, {200, ROLE("TWO")}, {200, "{}"}};
    struct scene s;
    BEGIN(&s, steps, true);

    ck_assert(list_clusters(&s));
    ck_assert_str(script_header(s.script, 1, "X-Amz-Security-Token"), S("t-ONE"));
    ck_assert_str(script_header(s.script, 3, "X-Amz-Security-Token"), S("t-TWO"));
    ck_assert_int_eq(s.script->waited_ms, 0);
    scene_end(&s);
}
END_TEST

START_TEST(a_new_session_that_is_expired_too_is_an_error_that_says_so)
{
    static const struct step steps[] = {
        {200, ROLE("ONE")}, {400, EXPIRED}, {200, ROLE("TWO")}, {400, EXPIRED}};
    struct scene s;
    BEGIN(&s, steps, true);

    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 4);
    ck_assert_int_eq(s.error.kind, AWS_EXPIRED);
    ck_assert_str(s.error.message,
                  S("it is expired (the keys of assuming a role, fetched just now)"));
    scene_end(&s);
}
END_TEST

START_TEST(a_session_that_cannot_be_made_anew_is_told_with_both_reasons)
{
    static const struct step steps[] = {{200, ROLE("ONE")}, {400, EXPIRED}, {403, DENIED}};
    struct scene s;
    BEGIN(&s, steps, true);

    ck_assert(!list_clusters(&s));
    ck_assert_int_eq(s.error.kind, AWS_CREDENTIALS);
    ck_assert(str_has(s.error.message,
                      S("AWS takes the keys for expired (ExpiredTokenException), and others: "
                        "the role arn:aws:iam::111122223333:role/terraform cannot be "
                        "assumed")));
    scene_end(&s);
}
END_TEST

START_TEST(keys_that_were_given_are_not_asked_for_twice)
{
    static const struct step steps[] = {{400, EXPIRED}};
    struct scene s;
    BEGIN(&s, steps, false);

    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 1);
    ck_assert_str(s.error.message, S("it is expired (the keys of the provider's arguments, as this "
                                     "run read them; newer ones count from the next run on)"));
    scene_end(&s);
}
END_TEST

START_TEST(what_may_be_the_clock_is_taken_for_the_clock_first)
{
    static const struct step steps[] = {
        {200, ROLE("ONE")},
        {400, REQUEST_EXPIRED, "Date: Sat, 01 Aug 2026 12:44:56 GMT\n"},
        {400, REQUEST_EXPIRED, "Date: Sat, 01 Aug 2026 12:44:56 GMT\n"},
        {200, ROLE("TWO")},
        {200, GROUP},
    };
    struct scene s;
    BEGIN(&s, steps, true);

    ck_assert(aws_call(&s.context, &aws_ec2_DescribeSecurityGroups, NULL, NULL, &s.error));
    ck_assert_str(script_header(s.script, 2, "X-Amz-Date"), S("20260801T124456Z"));
    ck_assert_str(script_header(s.script, 4, "X-Amz-Security-Token"), S("t-TWO"));
    scene_end(&s);
}
END_TEST

/* --- three hours --- */

enum { THREADS = 6, ROUND_S = 20, HOURS = 3, SESSION_S = 3600 };

/* An AWS that gives sessions of an hour and looks at each call's, all by its own clock. */
struct cloud {
    _Atomic int64_t now_ms; /* of our world */
    int64_t ahead_ms;       /* AWS's clock before ours */
    atomic_int sessions, at_once, most_at_once, calls, with_old_keys;
    atomic_bool sealed; /* no sessions now */
    struct world world;
};

static int64_t cloud_now(void *arg)
{
    return ((struct cloud *)arg)->now_ms;
}

static bool cloud_wait(void *arg, struct stop_token *stop, int64_t ms)
{
    (void)arg, (void)stop, (void)ms;
    return false;
}

static void cloud_random(void *arg, void *bytes, size_t len)
{
    (void)arg;
    memset(bytes, 0x7f, len);
}

static struct str cloud_env(void *arg, const char *name)
{
    (void)arg, (void)name;
    return (struct str){0};
}

static struct str header_of(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (str_eq_nocase(request->headers[i].name, str_of(name)))
            return request->headers[i].value;
    return S("");
}

static void give_session(struct cloud *cloud, struct arena *arena, struct http_answer *answer)
{
    int at_once = atomic_fetch_add(&cloud->at_once, 1) + 1;
    if (at_once > atomic_load(&cloud->most_at_once))
        atomic_store(&cloud->most_at_once, at_once);
    world_wait_ms(world_of_process(), NULL, 3);
    int64_t ends = cloud->now_ms + cloud->ahead_ms + SESSION_S * 1000;
    if (atomic_load(&cloud->sealed)) {
        *answer = (struct http_answer){403, .body = S(DENIED)};
    } else {
        atomic_fetch_add(&cloud->sessions, 1);
        answer->status = 200;
        answer->body = arena_fmt(
            arena,
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>K</AccessKeyId>"
            "<SecretAccessKey>s</SecretAccessKey><SessionToken>%lld</SessionToken><Expiration>"
            "%.*s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
            (long long)ends, STR(time_rfc3339(arena, ends)));
    }
    atomic_fetch_sub(&cloud->at_once, 1);
}

/* The session's token is its end. */
static bool cloud_send(void *arg, struct arena *arena, const struct http_request *request,
                       struct stop_token *stop, int64_t deadline, struct http_answer *ret_answer,
                       struct http_failure *reterr)
{
    (void)stop, (void)deadline, (void)reterr;
    struct cloud *cloud = arg;
    int64_t now = cloud->now_ms + cloud->ahead_ms, signed_at = 0, ends = 0;
    struct aws_header *date = arena_make(arena, struct aws_header);
    *date = (struct aws_header){S("Date"), S("")};
    *ret_answer = (struct http_answer){200, .body = S("{}")};
    ck_assert(time_parse(header_of(request, "X-Amz-Date"), &signed_at));
    if (signed_at < now - 300000 || signed_at > now + 300000) {
        *ret_answer = (struct http_answer){403, .body = S("<ErrorResponse><Error><Code>"
                                                          "RequestTimeTooSkewed</Code></Error>"
                                                          "</ErrorResponse>")};
    } else if (str_has(request->body, S("Action=AssumeRole"))) {
        give_session(cloud, arena, ret_answer);
    } else {
        atomic_fetch_add(&cloud->calls, 1);
        bool old = !str_to_int64(header_of(request, "X-Amz-Security-Token"), &ends) || ends <= now;
        atomic_fetch_add(&cloud->with_old_keys, old);
        if (old)
            *ret_answer = (struct http_answer){400, .body = S(EXPIRED)};
    }
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    struct str text = time_rfc3339(arena, now);
    date->value = arena_fmt(arena, "%s, %.*s Aug 2026 %.*s GMT", days[now / 86400000 % 7],
                            STR(str_sub(text, 8, 2)), STR(str_sub(text, 11, 8)));
    ret_answer->headers = date;
    ret_answer->header_count = 1;
    return true;
}

struct wait {
    struct cloud *cloud;
    struct aws_client *client;
    pthread_barrier_t *round;
    int failed;
};

static void *wait_for_a_cluster(void *arg)
{
    struct wait *wait = arg;
    for (int i = 0; i < HOURS * 3600 / ROUND_S; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
        struct aws_context context = {.client = wait->client, .arena = arena};
        struct aws_error error;
        wait->failed += !aws_call(&context, &aws_sagemaker_ListClusters, NULL, NULL, &error);
        int place = pthread_barrier_wait(wait->round);
        if (place == PTHREAD_BARRIER_SERIAL_THREAD) {
            int64_t minutes = (int64_t)(i + 1) * ROUND_S / 60;
            wait->cloud->now_ms += ROUND_S * 1000;
            /* from the 40th to the 58th minute there are no sessions to be had */
            atomic_store(&wait->cloud->sealed, minutes >= 40 && minutes < 58);
        }
        pthread_barrier_wait(wait->round);
    }
    return NULL;
}

static int three_hours(struct cloud *cloud)
{
    struct transport transport = {cloud_send, NULL, cloud};
    struct aws_config config = script_config;
    struct arena *arena = arena_new(16 << 20);
    struct aws_client *client = NULL;
    struct aws_error error;
    pthread_barrier_t round;
    pthread_t threads[THREADS];
    struct wait waits[THREADS];
    int failed = 0;

    cloud->now_ms = INT64_C(1785587696000); /* 2026-08-01T12:34:56Z */
    cloud->world = (struct world){cloud_now, cloud_now, cloud_wait, cloud_random, cloud_env, cloud};
    config.roles = &role;
    config.role_count = 1;
    ck_assert(client_new(&cloud->world, &config, &transport, arena, &client, &error));
    pthread_barrier_init(&round, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        waits[i] = (struct wait){cloud, client, &round, 0};
        pthread_create(&threads[i], NULL, wait_for_a_cluster, &waits[i]);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        failed += waits[i].failed;
    }
    pthread_barrier_destroy(&round);
    aws_client_free(client);
    arena_free(arena);
    return failed;
}

START_TEST(three_hours_of_waiting_outlive_sessions_of_an_hour)
{
    static const int64_t clocks[] = {0, 17 * 60000, -95 * 60000};
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        struct cloud cloud = {.ahead_ms = clocks[i]};

        ck_assert_int_eq(three_hours(&cloud), 0);
        ck_assert_int_eq(cloud.calls, THREADS * HOURS * 3600 / ROUND_S);
        ck_assert_int_eq(cloud.with_old_keys, 0);
        ck_assert_int_eq(cloud.most_at_once, 1);
        ck_assert_int_eq(cloud.sessions, 4); /* at 0, 58, 103 and 148 minutes */
    }
}
END_TEST

TESTS("aws/expiry", a_session_that_aws_calls_expired_is_made_anew_and_the_call_repeated,
      a_new_session_that_is_expired_too_is_an_error_that_says_so,
      a_session_that_cannot_be_made_anew_is_told_with_both_reasons,
      keys_that_were_given_are_not_asked_for_twice,
      what_may_be_the_clock_is_taken_for_the_clock_first,
      three_hours_of_waiting_outlive_sessions_of_an_hour)
