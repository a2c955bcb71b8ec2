#include "errors.h"

#include <hp/base/test.h>

/* Answers that are no success, in the forms that AWS, its imitations and gateways use. */
static const struct {
    int status;
    const char *headers, *body;
    const char *code, *message, *request_id;
    enum aws_error_kind kind;
} rows[] = {
    {400, "x-amzn-requestid: r-1\n", "{\"__type\":\"ResourceInUse\",\"Message\":\"m\"}",
     "ResourceInUse", "m", "r-1", AWS_IN_USE},
    {400, "", "{\"__type\":\"aws.x#ResourceNotFound:http://y\",\"message\":\"m\"}",
     "ResourceNotFound", "m", "", AWS_NOT_FOUND},
    {400, "x-amzn-errortype: ValidationException:http://x/\n", "{\"message\":\"m\"}",
     "ValidationException", "m", "", AWS_REFUSED},
    {400, "", "{\"code\":\"ExpiredTokenException\"}", "ExpiredTokenException", "", "", AWS_EXPIRED},
    {400, "",
     "<Response><Errors><Error><Code>InvalidGroup.NotFound</Code><Message>m</Message></Error>"
     "</Errors><RequestID>r-2</RequestID></Response>",
     "InvalidGroup.NotFound", "m", "r-2", AWS_NOT_FOUND},
    {403, "",
     "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
     "<Code>InvalidClientTokenId</Code><Message>m</Message></Error><RequestId>r-3</RequestId>"
     "</ErrorResponse>",
     "InvalidClientTokenId", "m", "r-3", AWS_CREDENTIALS},
    {404, "", "<Error><Code>NoSuchEntity</Code><Message>m</Message></Error>", "NoSuchEntity", "m",
     "", AWS_NOT_FOUND},
    {503, "", "{\"__type\":\"ThrottlingException\"}", "ThrottlingException", "", "", AWS_THROTTLED},
    {503, "",
     "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>m</Message></Error>"
     "</Errors></Response>",
     "RequestLimitExceeded", "m", "", AWS_THROTTLED},
    {400, "",
     "<Response><Errors><Error><Code>RulesPerSecurityGroupLimitExceeded</Code><Message>m</Message>"
     "</Error></Errors></Response>",
     "RulesPerSecurityGroupLimitExceeded", "m", "", AWS_LIMIT},
    {400, "",
     "<Response><Errors><Error><Code>DependencyViolation</Code><Message>m</Message></Error>"
     "</Errors></Response>",
     "DependencyViolation", "m", "", AWS_CONFLICT},
    {403, "",
     "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>m</Message></Error>"
     "</Errors></Response>",
     "UnauthorizedOperation", "m", "", AWS_DENIED},
    {429, "", "{}", "", "an answer that is not in AWS's form: {}", "", AWS_THROTTLED},
    {403, "", "", "", "an empty answer", "", AWS_DENIED},
    {502, "", "<html><body>Bad Gateway", "",
     "an answer that is not in AWS's form: <html><body>Bad Gateway", "", AWS_SERVER},
    {500, "", "{\"__type\":", "", "an answer that is not in AWS's form: {\"__type\":", "",
     AWS_SERVER},
    {418, "", "\xff\xfe", "", "an answer that is not in AWS's form: \xef\xbf\xbd\xef\xbf\xbd", "",
     AWS_REFUSED},
};

START_TEST(errors_are_read_in_whatever_form_they_come)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct http_answer answer = {rows[i].status, .body = str_of(rows[i].body)};
        struct aws_error error = {0};
        answer.header_count = http_headers_read(arena, str_of(rows[i].headers), &answer.headers);

        aws_error_read(arena, &answer, &error);
        ck_assert_str(error.code, str_of(rows[i].code));
        ck_assert_str(error.message, str_of(rows[i].message));
        ck_assert_str(error.request_id, str_of(rows[i].request_id));
        ck_assert_int_eq(error.status, rows[i].status);
        ck_assert_msg(error.kind == rows[i].kind, "row %zu: kind %d", i, error.kind);
        arena_free(arena);
    }
}
END_TEST

START_TEST(one_sentence_tells_the_story)
{
    struct arena *arena = arena_new(1 << 20);
    struct aws_error lost = {AWS_NETWORK,
                             .message = S("Connection reset by peer"),
                             .operation = S("ec2:CreateSecurityGroup"),
                             .endpoint = S("https://ec2.us-west-2.amazonaws.com"),
                             .attempts = 1,
                             .maybe_done = true};
    struct aws_error read = {AWS_NETWORK, .message = S("cut"), .operation = S("ec2:DescribeVpcs"),
                             .attempts = 1, .maybe_done = true};
    struct aws_error credentials = {AWS_CREDENTIALS, .message = S("tried")};

    ck_assert_str(aws_error_text(arena, &lost),
                  S("ec2:CreateSecurityGroup: No answer from AWS: Connection reset by peer "
                    "(endpoint https://ec2.us-west-2.amazonaws.com). AWS may have carried it out "
                    "all the same."));
    ck_assert_str(aws_error_text(arena, &read), S("ec2:DescribeVpcs: No answer from AWS: cut."));
    ck_assert_str(aws_error_text(arena, &credentials), S("No credentials: tried."));
    arena_free(arena);
}
END_TEST

START_TEST(a_wrong_clock_is_known_by_code_or_words)
{
    static const struct {
        const char *code, *message;
        bool skew;
    } all[] = {
        {"RequestTimeTooSkewed", "", true},
        {"InvalidSignatureException", "Signature expired: 2026 is now earlier", true},
        {"SignatureDoesNotMatch", "Signature not yet current: 2026", true},
        {"SignatureDoesNotMatch", "The request signature we calculated does not match", false},
        {"AccessDenied", "Signature expired", false},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct aws_error error = {.code = str_of(all[i].code), .message = str_of(all[i].message)};
        ck_assert(aws_error_is_skew(&error) == all[i].skew);
    }
}
END_TEST

START_TEST(a_secret_that_is_repeated_is_hidden)
{
    static const char *const all[][3] = {
        {"the token sesame-open is bad: sesame-open", "sesame-open", "the token … is bad: …"},
        {"sesame-open", "sesame-open", "…"},
        {"nothing here", "sesame-open", "nothing here"},
        {"a short s is no secret", "s", "a short s is no secret"},
        {"cut off: sesame-o", "sesame-open", "cut off: …"},
        {"all, and cut off: sesame-open sesame-ope", "sesame-open", "all, and cut off: … …"},
        {"a beginning: sesame-", "sesame-open", "a beginning: sesame-"},
        {"", "sesame-open", ""},
        {"none is known", "", "none is known"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        ck_assert_str(hide(arena, str_of(all[i][0]), str_of(all[i][1])), str_of(all[i][2]));
        arena_free(arena);
    }
}
END_TEST

TESTS("aws/errors", errors_are_read_in_whatever_form_they_come, one_sentence_tells_the_story,
      a_wrong_clock_is_known_by_code_or_words, a_secret_that_is_repeated_is_hidden)
