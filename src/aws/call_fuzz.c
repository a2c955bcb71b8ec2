/* A call to an AWS that answers anything, again and again: it ends, waits within bounds, sends no
 * request twice that may be sent once, stays with its hosts, and tells no secret, also where the
 * answer repeats what it was sent.
 *
 * The input: a byte of flags, a byte that chooses the operation, then answers with four empty bytes
 * between them. An answer begins with its status in three digits, headers follow up to an empty
 * line, then the body, where the byte 1 stands for the whole request. Without digits there is no
 * answer: the first byte says why. */
#include "hostile.h"

#include <hp/aws/ops.h>

enum { INPUT_MAX = 32 << 10, RETRIES = 5, MOST_SENDS = 4 * (RETRIES + 1) };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct {
    struct str answers;
    const struct aws_op *op;
    int sends;
    bool maybe_done; /* an answer was lost, or may have come from a gateway */
} aws;

static const struct {
    const struct aws_op *op;
    const char *input; /* JSON */
} calls[] = {
    {&aws_sts_GetCallerIdentity, "{}"},
    {&aws_sagemaker_ListClusters, "{}"},
    {&aws_sagemaker_CreateCluster, "{\"ClusterName\":\"a\"}"},
    {&aws_ec2_DescribeSecurityGroups, "{\"GroupIds\":[\"sg-1\"]}"},
    {&aws_ec2_CreateSecurityGroup, "{\"GroupName\":\"a\"}"},
    {&aws_s3_GetObject, "{\"Bucket\":\"bucket\",\"Key\":\"k\"}"},
    {&aws_eks_DescribeCluster, "{\"name\":\"a\"}"},
    {&aws_sts_AssumeRoleWithWebIdentity, "{\"RoleArn\":\"arn\",\"WebIdentityToken\":\"t\"}"},
};
enum { CALLS = sizeof calls / sizeof calls[0] };

static bool lost(struct str said, struct http_failure *reterr)
{
    static const struct {
        char letter;
        enum http_trouble trouble;
        bool sent;
    } rows[] = {
        {'U', HTTP_UNREACHABLE, false}, {'R', HTTP_REFUSED, true},   {'C', HTTP_REFUSED, false},
        {'S', HTTP_STOPPED, true},      {'T', HTTP_TOO_LATE, false},
    };
    *reterr = (struct http_failure){HTTP_LOST, true, S("the wire was cut"), false};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (said.len > 0 && said.ptr[0] == rows[i].letter)
            *reterr =
                (struct http_failure){rows[i].trouble, rows[i].sent, S("the wire was cut"), false};
    aws.maybe_done |= reterr->sent;
    return false;
}

static struct str echoed(struct arena *arena, struct str text, const struct http_request *request)
{
    struct buf out = buf_in(arena, 1 << 20);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != 1) {
            buf_putc(&out, text.ptr[i]);
            continue;
        }
        for (size_t j = 0; j < request->header_count; j++)
            buf_put(&out, request->headers[j].value);
        buf_put(&out, request->body);
    }
    return out.overflow ? S("") : buf_str(&out);
}

static void must_be_at_home(struct str url)
{
    struct str host = str_from(url, 8);
    host = str_sub(host, 0, str_find_char(host, '/'));
    must(str_starts(url, S("https://")) && str_ends(host, S(".amazonaws.com")) &&
             str_find_char(host, '@') == SIZE_MAX && str_find_char(host, '?') == SIZE_MAX &&
             str_find_char(host, '#') == SIZE_MAX,
         "a request goes to AWS");
}

static bool answer(void *arg, struct arena *arena, const struct http_request *request,
                   struct stop_token *stop, int64_t deadline, struct http_answer *ret_answer,
                   struct http_failure *reterr)
{
    static const struct str gap = S_INIT("\0\0\0\0");
    (void)arg, (void)stop, (void)deadline;
    must_be_clean(request);
    must_be_at_home(request->url);
    must(++aws.sends <= MOST_SENDS, "a call ends");
    must(request->once == !aws.op->repeatable, "what may be done once is sent once");
    must(!aws.maybe_done || aws.op->repeatable, "what may have been done is not sent again");

    size_t end = str_find(aws.answers, gap);
    struct str said = str_sub(aws.answers, 0, end);
    aws.answers = end == SIZE_MAX ? S("") : str_from(aws.answers, end + gap.len);
    int64_t status;
    if (said.len < 3 || !str_to_int64(str_sub(said, 0, 3), &status))
        return lost(said, reterr);
    size_t body = str_find(said, S("\n\n"));
    *ret_answer = (struct http_answer){.status = (int)status};
    ret_answer->header_count = http_headers_read(
        arena, echoed(arena, str_sub(said, 3, body - 3), request), &ret_answer->headers);
    if (body != SIZE_MAX)
        ret_answer->body = echoed(arena, str_from(said, body + 2), request);
    return true;
}

static struct aws_client *client_of(struct arena *arena, const struct still *still, unsigned flags)
{
    const struct aws_config config = {
        .region = S("us-west-2"),
        .access_key = S("AKIDEXAMPLE"),
        .secret_key = S(SECRET_KEY),
        .token = S(SECRET_TOKEN),
        .max_retries = RETRIES,
        .retry_mode = (flags & 1) != 0 ? S("adaptive") : S("standard"),
        .token_bucket_rate_limiter_capacity = (flags & 2) != 0 ? 40 : 0,
    };
    struct transport transport = {answer, NULL, NULL};
    struct aws_client *client = NULL;
    struct aws_error error;
    must(client_new(&still->world, &config, &transport, arena, &client, &error),
         "a client is made");
    return client;
}

static void call(struct arena *arena, struct aws_client *client, const char *json)
{
    struct aws_context context = {.client = client, .arena = arena};
    struct doc *input = NULL, *output = NULL;
    struct doc_error why;
    struct aws_error error = {0};
    must(doc_from_json(arena, str_of(json), NULL, &input, &why), "an input is JSON");
    if (aws_call(&context, aws.op, input, &output, &error)) {
        must(output != NULL, "a call that went well has an output");
        return;
    }
    must(output == NULL, "a call that failed has none");
    must(error.maybe_done || !aws.maybe_done, "what may have been done is said");
    must_be_told(arena, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const env[] = {"HOME", "/nonexistent", NULL};
    struct str input = {(const char *)bytes, size};
    struct still still;
    if (size < 2 || size > INPUT_MAX || has_secret(input))
        return 0;
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    still_begin(&still, env);
    int64_t began_ms = still.now_ms;
    aws.answers = str_from(input, 2);
    aws.op = calls[bytes[1] % CALLS].op;
    aws.sends = 0;
    aws.maybe_done = false;
    struct aws_client *client = client_of(arena, &still, bytes[0]);
    call(arena, client, calls[bytes[1] % CALLS].input);
    aws_client_free(client);
    /* 20 s at most before an attempt, and 5 s that the service may wish for */
    must(still.now_ms - began_ms <= MOST_SENDS * 25000, "waits are bounded");
    return 0;
}
