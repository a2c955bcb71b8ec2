#include "script.h"

#include <hp/aws/ops.h>

#define COUNT(steps) (sizeof(steps) / sizeof(steps)[0])

static const char throttled[] =
    "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}";
static const char denied[] =
    "{\"__type\":\"com.amazon.coral#AccessDeniedException\",\"Message\":\"not allowed\"}";
static const char one_cluster[] = "{\"ClusterSummaries\":[{\"ClusterName\":\"a\"}]}";

struct scene {
    struct arena *arena;
    struct script *script;
    struct aws_client *client;
    struct aws_context context;
    struct aws_error error;
    struct doc *answer;
};

static struct scene scene_with(const struct step *steps, size_t count,
                               const struct aws_config *config)
{
    struct scene s = {.arena = arena_new(64 << 20)};
    s.script = script_of(s.arena, steps, count);
    s.client = script_client(s.script, config);
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
    return aws_call(&s->context, &aws_sagemaker_ListClusters, NULL, &s->answer, &s->error);
}

static bool create_group(struct scene *s)
{
    struct doc *input = doc_object(s->arena);
    doc_put(s->arena, input, S("GroupName"), doc_string(s->arena, S("g")));
    return aws_call(&s->context, &aws_ec2_CreateSecurityGroup, input, &s->answer, &s->error);
}

START_TEST(throttling_is_waited_out)
{
    const struct step steps[] = {{400, throttled}, {400, throttled}, {200, one_cluster}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 3);
    ck_assert_str(
        doc_get_text(doc_get(s.answer, S("ClusterSummaries"))->first->value, S("ClusterName")),
        S("a"));
    ck_assert_int_gt(s.script->waited_ms, 0);
    scene_done(&s);
}
END_TEST

START_TEST(a_denial_is_final_and_names_its_request)
{
    const struct step steps[] = {{400, denied, "x-amzn-RequestId: r-1\n"}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);
    struct doc *untouched = s.answer = doc_null(s.arena);

    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 1);
    ck_assert_int_eq(s.error.kind, AWS_DENIED);
    ck_assert_str(s.error.code, S("AccessDeniedException"));
    ck_assert_str(s.error.request_id, S("r-1"));
    ck_assert_str(s.error.operation, S("sagemaker:ListClusters"));
    ck_assert_ptr_eq(s.answer, untouched);
    ck_assert_str(aws_error_text(s.arena, &s.error),
                  S("sagemaker:ListClusters: AWS answered AccessDeniedException: not allowed (HTTP "
                    "400, request id r-1)."));
    scene_done(&s);
}
END_TEST

START_TEST(a_lost_answer_to_a_create_is_told_at_once)
{
    const struct step steps[] = {{0, .trouble = HTTP_LOST, .sent = true}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(!create_group(&s));
    ck_assert_uint_eq(s.script->at, 1);
    ck_assert_int_eq(s.error.kind, AWS_NETWORK);
    ck_assert(s.error.maybe_done);
    scene_done(&s);
}
END_TEST

START_TEST(a_lost_answer_to_a_read_is_asked_again)
{
    const struct step steps[] = {{0, .trouble = HTTP_LOST, .sent = true}, {200, one_cluster}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 2);
    scene_done(&s);
}
END_TEST

START_TEST(a_create_that_was_never_sent_is_tried_again)
{
    const struct step steps[] = {
        {0, .trouble = HTTP_UNREACHABLE},
        {200, "<CreateSecurityGroupResponse><groupId>sg-1</groupId></CreateSecurityGroupResponse>"},
    };
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(create_group(&s));
    ck_assert_str(doc_get_text(s.answer, S("GroupId")), S("sg-1"));
    scene_done(&s);
}
END_TEST

START_TEST(an_endpoint_that_nobody_answers_at_is_given_up_soon)
{
    const struct step steps[] = {{0, .trouble = HTTP_UNREACHABLE}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(!create_group(&s));
    ck_assert_uint_eq(s.script->at, RETRY_REACH_ATTEMPTS);
    ck_assert_int_eq(s.error.kind, AWS_NETWORK);
    ck_assert(!s.error.maybe_done);
    ck_assert_int_lt(s.script->waited_ms, RETRY_REACH_MS);
    scene_done(&s);
}
END_TEST

START_TEST(a_proxy_that_takes_all_and_never_answers_is_given_up_in_minutes)
{
    static const struct {
        int64_t silent_ms;
        size_t attempts;
    } rows[] = {{60000, 3}, {1000, RETRY_REACH_ATTEMPTS}};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int sent = 0; sent < 2; sent++) {
            const struct step steps[] = {{0, .trouble = sent ? HTTP_LOST : HTTP_UNREACHABLE,
                                          .sent = sent != 0, .silent_ms = rows[i].silent_ms}};
            struct scene s = scene_with(steps, COUNT(steps), NULL);

            ck_assert(!list_clusters(&s));
            ck_assert_uint_eq(s.script->at, rows[i].attempts);
            scene_done(&s);
        }
}
END_TEST

START_TEST(a_certificate_that_does_not_fit_is_final)
{
    const struct step steps[] = {{0, .trouble = HTTP_REFUSED}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 1);
    ck_assert_int_eq(s.error.kind, AWS_NETWORK);
    scene_done(&s);
}
END_TEST

START_TEST(after_a_broken_gateway_the_name_that_is_taken_may_be_ours)
{
    const struct step steps[] = {
        {502, "<html>Bad Gateway</html>"},
        {400, "<Response><Errors><Error><Code>InvalidGroup.Duplicate</Code><Message>there</Message>"
              "</Error></Errors><RequestID>r-2</RequestID></Response>"},
    };
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(!create_group(&s));
    ck_assert_int_eq(s.error.kind, AWS_IN_USE);
    ck_assert(s.error.maybe_done);
    ck_assert_uint_eq(s.error.attempts, 2);
    ck_assert_str(s.error.request_id, S("r-2"));
    scene_done(&s);
}
END_TEST

START_TEST(a_wrong_clock_is_set_right_by_the_date_of_the_answer)
{
    const struct step steps[] = {
        {400,
         "{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature not yet current\"}",
         "Date: Sat, 01 Aug 2026 10:34:56 GMT\n"},
        {200, one_cluster},
    };
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(list_clusters(&s));
    ck_assert_str(script_header(s.script, 0, "X-Amz-Date"), S("20260801T123456Z"));
    ck_assert_str(script_header(s.script, 1, "X-Amz-Date"), S("20260801T103456Z"));
    scene_done(&s);
}
END_TEST

START_TEST(a_clock_is_set_right_only_once_a_call)
{
    const struct step steps[] = {
        {403,
         "<Response><Errors><Error><Code>RequestExpired</Code><Message>m</Message></Error>"
         "</Errors></Response>",
         "Date: Sat, 01 Aug 2026 10:34:56 GMT\n"},
    };
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(!create_group(&s));
    ck_assert_uint_eq(s.script->at, 2);
    ck_assert_int_eq(s.error.kind, AWS_EXPIRED);
    scene_done(&s);
}
END_TEST

START_TEST(a_wrong_clock_is_set_right_without_retries_too)
{
    const struct step steps[] = {
        {400, "{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature expired\"}",
         "Date: Sat, 01 Aug 2026 14:34:56 GMT\n"},
        {200, one_cluster},
    };
    struct aws_config config = script_config;
    config.max_retries = 0;
    struct scene s = scene_with(steps, COUNT(steps), &config);

    ck_assert(list_clusters(&s));
    scene_done(&s);
}
END_TEST

START_TEST(a_clock_that_was_set_by_one_odd_server_is_set_back)
{
    static const char late[] = "{\"__type\":\"InvalidSignatureException\",\"message\":"
                               "\"Signature not yet current\"}";
    const struct step steps[] = {
        {400, late, "Date: Sat, 01 Aug 2026 10:34:56 GMT\n"},
        {400, late, "Date: Sat, 01 Aug 2026 12:34:56 GMT\n"},
        {200, one_cluster},
    };
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(list_clusters(&s));
    ck_assert_str(script_header(s.script, 2, "X-Amz-Date"), S("20260801T123456Z"));
    scene_done(&s);
}
END_TEST

START_TEST(a_stop_ends_the_wait_for_the_next_attempt)
{
    const struct step steps[] = {{503, "{\"__type\":\"ServiceUnavailable\"}"}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);
    s.script->source = stop_source_new();
    s.script->stop_at_wait = true;
    s.context.stop = stop_token_new(s.script->source);

    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 1);
    ck_assert_int_eq(s.error.kind, AWS_STOPPED);
    ck_assert(!s.error.timed_out);
    ck_assert(str_has(s.error.message, S("ServiceUnavailable")));
    stop_token_free(s.context.stop);
    stop_source_free(s.script->source);
    scene_done(&s);
}
END_TEST

START_TEST(after_a_stop_nothing_is_sent)
{
    const struct step steps[] = {{200, one_cluster}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);
    s.script->source = stop_source_new();
    stop_for_good(s.script->source);
    s.context.stop = stop_token_new(s.script->source);

    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 0);
    ck_assert_int_eq(s.error.kind, AWS_STOPPED);
    ck_assert(!s.error.maybe_done);
    stop_token_free(s.context.stop);
    stop_source_free(s.script->source);
    scene_done(&s);
}
END_TEST

START_TEST(no_attempt_begins_after_the_deadline)
{
    const struct step steps[] = {{400, throttled}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);
    s.context.deadline_tick_ms = s.script->tick_ms + 3000;

    ck_assert(!list_clusters(&s));
    ck_assert_int_eq(s.error.kind, AWS_STOPPED);
    ck_assert(s.error.timed_out);
    ck_assert(str_has(s.error.message, S("ThrottlingException: Rate exceeded")));
    ck_assert_int_le(s.script->waited_ms, 3000);
    scene_done(&s);
}
END_TEST

START_TEST(an_answer_cut_by_the_deadline_may_have_been_done)
{
    const struct step steps[] = {{0, .trouble = HTTP_TOO_LATE, .sent = true}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(!create_group(&s));
    ck_assert_int_eq(s.error.kind, AWS_STOPPED);
    ck_assert(s.error.timed_out && s.error.maybe_done);
    scene_done(&s);
}
END_TEST

START_TEST(the_wish_of_the_service_is_heeded_within_bounds)
{
    const struct step steps[] = {{503, "", "x-amz-retry-after: 3000\n"},
                                 {503, "", "x-amz-retry-after: 90000\n"},
                                 {200, one_cluster}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(list_clusters(&s));
    ck_assert_int_ge(s.script->waited_ms, 3000 + 5000);
    ck_assert_int_le(s.script->waited_ms, 3000 + 5000 + 100);
    scene_done(&s);
}
END_TEST

START_TEST(limits_and_conflicts_are_never_tried_again)
{
    static const struct {
        const char *code;
        enum aws_error_kind kind;
    } rows[] = {
        {"ResourceLimitExceeded", AWS_LIMIT},
        {"ConflictException", AWS_CONFLICT},
        {"ResourceInUse", AWS_IN_USE},
        {"ResourceNotFound", AWS_NOT_FOUND},
        {"ValidationException", AWS_REFUSED},
        {"ExpiredTokenException", AWS_EXPIRED},
        {"UnrecognizedClientException", AWS_CREDENTIALS},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new(1 << 20);
        struct step step = {400, arena_fmt(arena, "{\"__type\":\"%s\"}", rows[i].code).ptr};
        struct scene s = scene_with(&step, 1, NULL);

        ck_assert(!list_clusters(&s));
        ck_assert_uint_eq(s.script->at, 1);
        ck_assert_int_eq(s.error.kind, rows[i].kind);
        scene_done(&s);
        arena_free(arena);
    }
}
END_TEST

START_TEST(max_retries_counts_what_follows_the_first_attempt)
{
    const struct step steps[] = {{500, ""}};
    struct aws_config config = script_config;
    config.max_retries = 2;
    struct scene s = scene_with(steps, COUNT(steps), &config);

    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 3);
    ck_assert_int_eq(s.error.kind, AWS_SERVER);
    ck_assert_str(script_header(s.script, 2, "amz-sdk-request"), S("attempt=3; max=3"));
    ck_assert_str(script_header(s.script, 2, "amz-sdk-invocation-id"),
                  script_header(s.script, 0, "amz-sdk-invocation-id"));
    scene_done(&s);
}
END_TEST

START_TEST(without_a_word_about_it_there_are_26_attempts_of_at_most_20_s_wait)
{
    const struct step steps[] = {{400, throttled}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 26);
    ck_assert_int_eq(s.error.kind, AWS_THROTTLED);
    ck_assert_int_le(s.script->longest_wait_ms, 20000);
    scene_done(&s);
}
END_TEST

START_TEST(a_budget_of_retries_is_for_the_whole_client)
{
    const struct step steps[] = {{500, ""}};
    struct aws_config config = script_config;
    config.token_bucket_rate_limiter_capacity = 30;
    struct scene s = scene_with(steps, COUNT(steps), &config);

    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 3); /* two retries of 14 */
    ck_assert(!list_clusters(&s));
    ck_assert_uint_eq(s.script->at, 4);
    scene_done(&s);
}
END_TEST

START_TEST(adaptive_mode_slows_down_after_throttling)
{
    const struct step steps[] = {{400, throttled}, {200, one_cluster}};
    struct aws_config config = script_config;
    config.retry_mode = S("adaptive");
    struct scene s = scene_with(steps, COUNT(steps), &config);

    ck_assert(list_clusters(&s));
    int64_t before = s.script->waited_ms;
    for (int i = 0; i < 4; i++)
        ck_assert(list_clusters(&s));
    ck_assert_int_ge(s.script->waited_ms - before, 1000);
    scene_done(&s);
}
END_TEST

START_TEST(a_session_token_is_sent_and_signed)
{
    const struct step steps[] = {{200, one_cluster}};
    struct aws_config config = script_config;
    config.token = S("a-token");
    struct scene s = scene_with(steps, COUNT(steps), &config);

    ck_assert(list_clusters(&s));
    ck_assert_str(script_header(s.script, 0, "X-Amz-Security-Token"), S("a-token"));
    ck_assert(str_has(script_header(s.script, 0, "Authorization"),
                      S("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;"
                        "x-amz-target,")));
    scene_done(&s);
}
END_TEST

START_TEST(pages_are_joined_and_end)
{
    const struct step steps[] = {
        {200, "{\"NextToken\":\"n1\",\"ClusterSummaries\":[{\"ClusterName\":\"a\"}]}"},
        {200, "{\"ClusterSummaries\":[{\"ClusterName\":\"b\"},{\"ClusterName\":\"c\"}]}"},
    };
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(aws_call_pages(&s.context, &aws_sagemaker_ListClusters, NULL, "NextToken",
                             "NextToken", "ClusterSummaries", &s.answer, &s.error));
    ck_assert_ptr_nonnull(s.answer);
    ck_assert_uint_eq(s.answer->count, 3);
    ck_assert_str(s.script->sent_bodies[1], S("{\"NextToken\":\"n1\"}"));
    scene_done(&s);
}
END_TEST

START_TEST(pages_that_repeat_themselves_are_an_error)
{
    const struct step steps[] = {{200, "{\"NextToken\":\"n1\",\"ClusterSummaries\":[]}"}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(!aws_call_pages(&s.context, &aws_sagemaker_ListClusters, NULL, "NextToken",
                              "NextToken", "ClusterSummaries", &s.answer, &s.error));
    ck_assert_int_eq(s.error.kind, AWS_ANSWER);
    scene_done(&s);
}
END_TEST

START_TEST(an_answer_of_another_form_is_said_to_be_unreadable)
{
    const struct step steps[] = {
        {200, "<html>welcome to the hotel</html>", "x-amzn-requestid: r\n"}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(!list_clusters(&s));
    ck_assert_int_eq(s.error.kind, AWS_ANSWER);
    ck_assert_str(s.error.request_id, S("r"));
    ck_assert_int_eq(s.error.status, 200);
    scene_done(&s);
}
END_TEST

START_TEST(a_json_service_may_refuse_in_xml)
{
    const struct step steps[] = {
        {403,
         "<ErrorResponse><Errors><Error><Code>SignatureDoesNotMatch</Code><Message>no</Message>"
         "</Error></Errors></ErrorResponse>"}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);

    ck_assert(!list_clusters(&s));
    ck_assert_int_eq(s.error.kind, AWS_CREDENTIALS);
    ck_assert_str(s.error.code, S("SignatureDoesNotMatch"));
    scene_done(&s);
}
END_TEST

START_TEST(a_member_that_the_operation_does_not_have_is_our_mistake)
{
    const struct step steps[] = {{200, one_cluster}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);
    struct doc *input = doc_object(s.arena);
    doc_put(s.arena, input, S("ClusterNmae"), doc_string(s.arena, S("x")));

    ck_assert(!aws_call(&s.context, &aws_sagemaker_DescribeCluster, input, &s.answer, &s.error));
    ck_assert_uint_eq(s.script->at, 0);
    ck_assert_int_eq(s.error.kind, AWS_INPUT);
    ck_assert_str(s.error.message, S("ClusterNmae is no member of this operation"));
    scene_done(&s);
}
END_TEST

START_TEST(who_calls_is_told_by_sts)
{
    const struct step steps[] = {
        {200,
         "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:x</Arn><UserId>U</UserId>"
         "<Account>111122223333</Account></GetCallerIdentityResult><ResponseMetadata/>"
         "</GetCallerIdentityResponse>"}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);
    struct aws_identity identity;

    ck_assert(aws_caller_identity(&s.context, &identity, &s.error));
    ck_assert_str(identity.account, S("111122223333"));
    ck_assert_str(identity.arn, S("arn:x"));
    ck_assert_str(s.script->sent_bodies[0], S("Action=GetCallerIdentity&Version=2011-06-15"));
    ck_assert_str(s.script->sent_urls[0], S("https://sts.us-west-2.amazonaws.com/"));
    scene_done(&s);
}
END_TEST

START_TEST(another_region_may_be_asked)
{
    const struct step steps[] = {{200, one_cluster}};
    struct scene s = scene_with(steps, COUNT(steps), NULL);
    s.context.region = S("cn-north-1");

    ck_assert(list_clusters(&s));
    ck_assert_str(s.script->sent_urls[0], S("https://api.sagemaker.cn-north-1.amazonaws.com.cn/"));
    ck_assert(str_has(script_header(s.script, 0, "Authorization"), S("/cn-north-1/sagemaker/")));
    scene_done(&s);
}
END_TEST

START_TEST(a_session_token_in_an_answer_is_told_nowhere)
{
    const struct step steps[] = {
        {403,
         "<E><Error><Code>No-the-session-token</Code><Message>token:the-session-token.</Message>"
         "</Error></E>",
         "x-amzn-requestid: r-the-session-token"}};
    struct aws_config config = script_config;
    config.token = S("the-session-token");
    struct scene s = scene_with(steps, COUNT(steps), &config);

    ck_assert(!list_clusters(&s));
    ck_assert_str(s.error.code, S("No-…"));
    ck_assert_str(s.error.message, S("token:…."));
    ck_assert_str(s.error.request_id, S("r-…"));
    scene_done(&s);
}
END_TEST

START_TEST(a_session_token_that_stands_as_the_requests_id_in_a_body_is_told_nowhere)
{
    const struct step steps[] = {
        {403, "<E><Error><Code>No</Code></Error><RequestId>r-the-session-token</RequestId></E>"}};
    struct aws_config config = script_config;
    config.token = S("the-session-token");
    struct scene s = scene_with(steps, COUNT(steps), &config);

    ck_assert(!list_clusters(&s));
    ck_assert_str(s.error.request_id, S("r-…"));
    scene_done(&s);
}
END_TEST

TESTS("aws/call", throttling_is_waited_out, a_denial_is_final_and_names_its_request,
      a_lost_answer_to_a_create_is_told_at_once, a_lost_answer_to_a_read_is_asked_again,
      a_create_that_was_never_sent_is_tried_again,
      an_endpoint_that_nobody_answers_at_is_given_up_soon,
      a_proxy_that_takes_all_and_never_answers_is_given_up_in_minutes,
      a_certificate_that_does_not_fit_is_final,
      after_a_broken_gateway_the_name_that_is_taken_may_be_ours,
      a_wrong_clock_is_set_right_by_the_date_of_the_answer, a_clock_is_set_right_only_once_a_call,
      a_wrong_clock_is_set_right_without_retries_too,
      a_clock_that_was_set_by_one_odd_server_is_set_back, a_stop_ends_the_wait_for_the_next_attempt,
      after_a_stop_nothing_is_sent, no_attempt_begins_after_the_deadline,
      an_answer_cut_by_the_deadline_may_have_been_done,
      the_wish_of_the_service_is_heeded_within_bounds, limits_and_conflicts_are_never_tried_again,
      max_retries_counts_what_follows_the_first_attempt,
      without_a_word_about_it_there_are_26_attempts_of_at_most_20_s_wait,
      a_budget_of_retries_is_for_the_whole_client, adaptive_mode_slows_down_after_throttling,
      a_session_token_is_sent_and_signed, pages_are_joined_and_end,
      pages_that_repeat_themselves_are_an_error, an_answer_of_another_form_is_said_to_be_unreadable,
      a_json_service_may_refuse_in_xml, a_member_that_the_operation_does_not_have_is_our_mistake,
      who_calls_is_told_by_sts, another_region_may_be_asked,
      a_session_token_in_an_answer_is_told_nowhere,
      a_session_token_that_stands_as_the_requests_id_in_a_body_is_told_nowhere)
