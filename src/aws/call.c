/* One call: encoded once, then signed and sent until it worked or is final. */
#include "clients.h"
#include "crc32.h"

#include "errors.h"

#include <hp/aws/ops.h>
#include <hp/aws/wire.h>
#include <hp/base/log.h>

enum { SCRATCH_MAX = 1 << 30, HEADERS_MAX = 16 + AWS_WIRE_HEADERS, PAGES_MAX = 10000 };
enum { SAME_CLOCK_MS = 60000, SKEWS_MAX = 2 };

struct call {
    const struct aws_context *context;
    struct aws_client *client;
    const struct aws_op *op;
    struct aws_wire wire;
    struct aws_place place;
    struct str region;     /* where it goes */
    bool is_s3, moved;     /* moved: S3 has told the bucket's region, and it is tried there */
    struct str invocation; /* the same over all attempts */
    const struct credentials *by; /* who signs; NULL: the client's */
    struct aws_error *error;
    int64_t began_tick_ms;
    int64_t wish_ms;        /* how long the service wants us to wait, or -1 */
    int64_t cost;           /* of the last retry, in the quota */
    struct str expired;     /* what AWS said of keys that are not used any more */
    unsigned skews;         /* attempts with a clock that was set right */
    int64_t signed_skew_ms; /* the last attempt's */
    bool skewed;            /* the last answer showed another time than ours */
    bool sent;              /* the last attempt left this machine */
    bool silent;            /* it was taken, and nothing came back in all the time given */
    bool final;             /* repeating will not help */
    bool turned;            /* the next attempt goes elsewhere, at once */
};

/* "host:port" as it stands in the Host header: without the scheme's own port. */
static struct str authority_of(struct str url)
{
    bool tls = str_starts(url, S("https:"));
    struct str rest = str_from(url, tls ? 8 : 7), authority;
    str_next(&rest, '/', &authority);
    struct str usual = tls ? S(":443") : S(":80");
    return str_ends(authority, usual) ? str_sub(authority, 0, authority.len - usual.len)
                                      : authority;
}

/* The path of an endpoint such as http://host/aws stays in front. */
static struct str path_of(struct arena *arena, struct str url, struct str path)
{
    struct str rest = str_from(url, str_starts(url, S("https:")) ? 8 : 7), authority;
    str_next(&rest, '/', &authority);
    return rest.len == 0 ? path : arena_fmt(arena, "/%.*s%.*s", STR(rest), STR(path));
}

static bool find_place(struct call *call)
{
    const struct settings *settings = &call->client->settings;
    struct arena *arena = call->context->arena;
    const char *id = call->op->service->id;
    int index = settings_service_index(id);
    struct aws_place_wish wish = {
        .region = call->region,
        .custom = index < 0 ? (struct str){0} : settings->endpoints[index],
        .fips = settings->fips,
        .dualstack = settings->dualstack,
        .legacy_global = call->is_s3 ? settings->s3_legacy : settings->sts_legacy,
    };
    bool found = call->is_s3 ? aws_s3_place_of(arena, &wish, call->wire.bucket,
                                               settings->s3_path_style, &call->place, call->error)
                             : aws_place_of(arena, id, &wish, &call->place, call->error);
    if (found)
        call->error->endpoint = call->place.url;
    return found;
}

static bool call_begin(struct call *call, const struct doc *input)
{
    const struct aws_context *context = call->context;
    *call->error = (struct aws_error){
        .operation = arena_fmt(context->arena, "%s:%s", call->op->service->id, call->op->name)};
    call->region = context->region.len > 0 ? context->region : call->client->settings.region;
    call->is_s3 = call->op->service == &aws_s3;
    call->invocation = client_uuid(context->arena, call->client->world);
    call->began_tick_ms = world_tick_ms(call->client->world);
    return aws_encode(context->arena, call->op, input, &call->wire, call->error) &&
           find_place(call);
}

static void put_header(struct aws_header *headers, size_t *count, struct str name, struct str value)
{
    if (value.len > 0)
        headers[(*count)++] = (struct aws_header){name, value};
}

/* Signed anew each time: a signature ages, and credentials may have changed. */
static size_t signed_headers(struct call *call, struct arena *scratch, struct str path,
                             const struct credentials *credentials, struct aws_header *headers)
{
    struct aws_client *client = call->client;
    struct sigv4_scope scope = {
        .access_key = secret_reveal(&credentials->access_key),
        .secret_key = &credentials->secret_key,
        .time = time_basic(scratch, client_now_ms(client)),
        .region = call->place.signing_region,
        .service = str_of(call->op->service->signing_name),
    };
    size_t count = 0;
    put_header(headers, &count, S("Host"), authority_of(call->place.url));
    put_header(headers, &count, S("Content-Type"), call->wire.content_type);
    put_header(headers, &count, S("X-Amz-Date"), scope.time);
    put_header(headers, &count, S("X-Amz-Target"), call->wire.target);
    for (size_t i = 0; i < call->wire.header_count; i++)
        headers[count++] = call->wire.headers[i];
    struct str hash = {0};
    if (call->is_s3) {
        hash = aws_sha256_hex(scratch, call->wire.body);
        put_header(headers, &count, S("X-Amz-Content-SHA256"), hash);
        if (call->op->checksum)
            put_header(headers, &count, S("x-amz-checksum-crc32"),
                       crc32_base64(scratch, call->wire.body));
    }
    put_header(headers, &count, S("X-Amz-Security-Token"), secret_reveal(&credentials->token));
    struct sigv4_request request = {
        .method = call->wire.method,
        .path = path,
        .query = call->wire.query,
        .headers = headers,
        .header_count = count,
        .body = call->wire.body,
        .payload_hash = hash,
        .path_as_sent = call->is_s3,
    };
    if (!call->op->anonymous)
        put_header(headers, &count, S("Authorization"),
                   sigv4_sign(scratch, client->keys, &scope, &request).authorization);
    put_header(headers, &count, S("User-Agent"), client->user_agent);
    put_header(headers, &count, S("amz-sdk-invocation-id"), call->invocation);
    put_header(
        headers, &count, S("amz-sdk-request"),
        arena_fmt(scratch, "attempt=%u; max=%u", call->error->attempts, client->settings.attempts));
    return count;
}

static bool stopped(struct call *call, bool by_deadline, const char *when)
{
    struct aws_error *error = call->error;
    struct arena *arena = call->context->arena;
    struct str code = error->code, before = error->message;
    error->kind = AWS_STOPPED;
    error->timed_out = by_deadline;
    error->code = (struct str){0};
    error->message = arena_fmt(arena, "%s %s",
                               by_deadline ? "the time given has passed" : "it was stopped", when);
    if (code.len + before.len > 0)
        error->message =
            arena_fmt(arena, "%.*s; the last answer was %.*s%s%.*s", STR(error->message), STR(code),
                      code.len > 0 && before.len > 0 ? ": " : "", STR(before));
    return false;
}

static bool is_late(const struct call *call, int64_t in_ms)
{
    int64_t deadline = call->context->deadline_tick_ms;
    return deadline != 0 && world_tick_ms(call->client->world) + in_ms >= deadline;
}

/* Nothing came back: why, and may AWS have done it? */
static bool no_answer(struct call *call, const struct http_failure *failure)
{
    struct aws_error *error = call->error;
    struct arena *arena = call->context->arena;
    call->sent = failure->sent;
    call->silent = failure->silent;
    error->maybe_done |= failure->sent;
    switch (failure->trouble) {
    case HTTP_STOPPED:
    case HTTP_TOO_LATE:
        error->message = (struct str){0};
        return stopped(call, failure->trouble == HTTP_TOO_LATE, "before the answer came");
    case HTTP_REFUSED:
        error->kind = failure->sent ? AWS_ANSWER : AWS_NETWORK;
        call->final = true;
        break;
    default:
        error->kind = AWS_NETWORK;
        break;
    }
    error->message = arena_str(arena, failure->message);
    return false;
}

/* Does S3 say that the bucket is elsewhere? */
static bool is_elsewhere(const struct call *call, const struct http_answer *answer)
{
    static const char *const codes[] = {"AuthorizationHeaderMalformed", "PermanentRedirect",
                                        "IllegalLocationConstraintException"};
    bool creates = call->op == &aws_s3_CreateBucket; /* its place is what the user wants */
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (aws_error_is(call->error, codes[i]))
            return !(creates && i == 2);
    return answer->status == 301 || answer->status == 302 || answer->status == 307 ||
           (answer->status == 400 && str_is(call->wire.method, "HEAD"));
}

/* S3 tells a bucket's region to who asks elsewhere: it is asked there, once. */
static void follow(struct call *call, const struct http_answer *answer)
{
    struct str region = http_header(answer, "x-amz-bucket-region");
    if (!call->is_s3 || call->moved || !is_elsewhere(call, answer))
        return;
    if (region.len == 0)
        region = aws_error_region(call->context->arena, answer);
    if (region.len == 0 || str_eq(region, call->region) || !aws_region_is_known(region))
        return;
    struct aws_error before = *call->error;
    call->region = arena_str(call->context->arena, region);
    call->moved = find_place(call);
    call->turned = call->moved;
    *call->error = before;
}

/* By the Date of the answer. */
static void set_clock(struct call *call, const struct http_answer *answer)
{
    int64_t before = call->signed_skew_ms;

    client_learn_time(call->client, answer, 0);
    int64_t skew_ms = call->client->skew_ms;
    call->skewed = skew_ms > before + SAME_CLOCK_MS || skew_ms < before - SAME_CLOCK_MS;
}

/* An answer that is no success. */
static bool refused(struct call *call, const struct http_answer *answer)
{
    struct aws_error *error = call->error;
    call->sent = true;
    call->silent = false;
    aws_error_read(call->context->arena, answer, error);
    /* a gateway, or a server that broke: the work behind it may have gone on */
    error->maybe_done |= answer->status == 500 || answer->status == 502 || answer->status == 504;
    follow(call, answer);
    int64_t wish;
    if (str_to_int64(http_header(answer, "x-amz-retry-after"), &wish) && wish >= 0)
        call->wish_ms = wish;
    if (aws_error_is_skew(error))
        set_clock(call, answer);
    return false;
}

static void log_attempt(const struct call *call, struct arena *scratch, int status,
                        struct str request_id, int64_t began)
{
    if (!log_wants(LOG_DEBUG))
        return;
    int64_t took = world_tick_ms(call->client->world) - began;
    log_line(LOG_DEBUG, "aws", status == 0 ? "no answer" : "answered", "operation",
             call->error->operation.ptr, "endpoint", call->place.url.ptr, "status",
             arena_fmt(scratch, "%d", status).ptr, "request_id", arena_str(scratch, request_id).ptr,
             "attempt", arena_fmt(scratch, "%u", call->error->attempts).ptr, "ms",
             arena_fmt(scratch, "%lld", (long long)took).ptr, NULL);
}

/* Who signs: a copy, since the client's may change meanwhile. */
static bool signer(struct call *call, struct credentials *ret)
{
    const struct aws_context *context = call->context;
    struct fetch fetch = {call->client, context->arena, context->stop, context->deadline_tick_ms};
    struct aws_error why;
    *ret = (struct credentials){0};
    if (call->op->anonymous)
        return true;
    if (call->by != NULL) {
        *ret = credentials_copy(call->by);
        return true;
    }
    if (vault_take(call->client->vault, &fetch, ret, &why))
        return true;
    call->error->kind = why.kind;
    call->error->message =
        call->expired.len == 0
            ? why.message
            : arena_fmt(context->arena, "AWS takes the keys for expired (%.*s), and others: %.*s",
                        STR(call->expired), STR(why.message));
    call->error->timed_out = why.timed_out;
    call->final = true;
    return false;
}

/* Who was sent a token may repeat it: in a header, as a request's id for instance, or in words. */
static void hide_in_headers(struct arena *arena, const struct credentials *by,
                            struct http_answer *answer)
{
    struct aws_header *headers = arena_array(arena, struct aws_header, answer->header_count);
    for (size_t i = 0; i < answer->header_count; i++)
        headers[i] =
            (struct aws_header){answer->headers[i].name,
                                hide(arena, answer->headers[i].value, secret_reveal(&by->token))};
    answer->headers = headers;
}

/* False: call->error says why. */
static bool attempt_as(struct call *call, struct arena *scratch, const struct credentials *by,
                       struct http_answer *ret_answer)
{
    const struct aws_context *context = call->context;
    const struct aws_client *client = call->client;
    struct aws_header headers[HEADERS_MAX];
    struct http_failure failure;
    int64_t began = world_tick_ms(client->world);
    call->signed_skew_ms = client->skew_ms;

    struct str path = path_of(scratch, call->place.url, call->wire.path);
    struct str authority = authority_of(call->place.url);
    struct http_request request = {
        .method = call->wire.method,
        .url =
            arena_fmt(scratch, "%s://%.*s%.*s%s%.*s",
                      str_starts(call->place.url, S("https:")) ? "https" : "http", STR(authority),
                      STR(path), call->wire.query.len > 0 ? "?" : "", STR(call->wire.query)),
        .headers = headers,
        .header_count = signed_headers(call, scratch, path, by, headers),
        .body = call->wire.body,
        .once = !call->op->repeatable,
    };
    call->wish_ms = -1;
    if (!client->transport.send(client->transport.arg, scratch, &request, context->stop,
                                context->deadline_tick_ms, ret_answer, &failure)) {
        log_attempt(call, scratch, 0, (struct str){0}, began);
        return no_answer(call, &failure);
    }
    if (call->is_s3 && ret_answer->status < 300 && aws_s3_failed_late(call->op, ret_answer))
        ret_answer->status = 500;
    hide_in_headers(scratch, by, ret_answer);
    log_attempt(call, scratch, ret_answer->status, aws_request_id(ret_answer), began);
    client_learn_time(call->client, ret_answer, CLIENT_TIME_OFF_MS);
    if (ret_answer->status >= 200 && ret_answer->status < 300)
        return true;
    return refused(call, ret_answer);
}

/* AWS takes the keys for expired, whatever their own date says (EC2 uses one code for this and for
 * a wrong clock): where others can be had, the next attempt has them, once. */
static void forget(struct call *call, const struct credentials *by)
{
    struct aws_error *error = call->error;
    struct vault *vault = call->client->vault;

    if (call->by != NULL || call->op->anonymous || (aws_error_is_skew(error) && call->skewed))
        return;
    bool again = call->expired.len > 0, others = vault_forget(vault, by);
    if (again || !others) {
        error->message =
            arena_fmt(call->context->arena, "%.*s (the keys of %s%s)", STR(error->message),
                      vault_source(vault),
                      others ? ", fetched just now"
                             : ", as this run read them; newer ones count from the next run on");
        return;
    }
    call->expired =
        arena_fmt(call->context->arena, "%.*s%s%.*s", STR(error->code),
                  error->request_id.len > 0 ? ", request id " : "", STR(error->request_id));
    call->turned = true;
}

static void hide_in_words(struct call *call, const struct credentials *by)
{
    struct aws_error *error = call->error;
    struct arena *arena = call->context->arena;
    error->code = hide(arena, error->code, secret_reveal(&by->token));
    error->request_id = hide(arena, error->request_id, secret_reveal(&by->token));
    error->message = hide(arena, error->message, secret_reveal(&by->token));
    error->message = hide(arena, error->message, secret_reveal(&by->secret_key));
}

static bool attempt(struct call *call, struct arena *scratch, struct http_answer *ret_answer)
{
    struct credentials by;
    bool came = signer(call, &by) && attempt_as(call, scratch, &by, ret_answer);
    if (!came)
        hide_in_words(call, &by);
    if (!came && call->error->kind == AWS_EXPIRED)
        forget(call, &by);
    credentials_done(&by);
    return came;
}

/* Setting the clock right is no retry that max_retries counts. */
static bool is_other_clock(struct call *call)
{
    bool good = call->skews < SKEWS_MAX && (call->skews == 0 || call->skewed);
    call->skews++;
    return good;
}

/* Where nobody answers it is not tried as often, nor as long, as where somebody does. */
static bool is_given_up(const struct call *call, enum retry_class class)
{
    int64_t most_ms = class == RETRY_SILENT ? RETRY_SILENT_MS : RETRY_REACH_MS;
    if (class != RETRY_UNREACHABLE && class != RETRY_SILENT)
        return false;
    return call->error->attempts >= RETRY_REACH_ATTEMPTS ||
           world_tick_ms(call->client->world) - call->began_tick_ms >= most_ms;
}

/* May it be tried again? The wait before it is not done yet. */
static bool is_worth_it(struct call *call, enum retry_class class)
{
    const struct aws_error *error = call->error;
    if (class == RETRY_NEVER || call->final)
        return false;
    if (class == RETRY_SKEWED)
        return is_other_clock(call);
    if (error->attempts >= call->client->settings.attempts)
        return false;
    if (is_given_up(call, class))
        return false;
    if (error->kind == AWS_NETWORK && call->sent && !call->op->repeatable)
        return false;
    return retry_quota_take(call->client->quota, class, &call->cost);
}

static bool wait_for(struct call *call, int64_t wait_ms, const char *why)
{
    if (is_late(call, wait_ms))
        return stopped(call, true, why);
    if (wait_ms > 0 && world_wait_ms(call->client->world, call->context->stop, wait_ms))
        return stopped(call, false, why);
    return true;
}

static bool again(struct call *call)
{
    if (call->turned) {
        call->turned = false;
        return true;
    }
    enum retry_class class = retry_class_of(call->error, call->sent, call->silent);
    retry_rate_answer(call->client->rate, class == RETRY_THROTTLED);
    if (call->error->kind == AWS_STOPPED || !is_worth_it(call, class))
        return false;
    int64_t wait =
        retry_wait_ms(call->client->world, class, call->error->attempts - 1, call->wish_ms);
    return wait_for(call, wait, "while waiting to try again");
}

/* The next attempt begins with an empty error, except for what stays true. */
static bool next_attempt(struct call *call)
{
    struct aws_error *error = call->error;
    if (stop_requested(call->context->stop))
        return stopped(call, false, "before it was sent");
    if (!wait_for(call, retry_rate_wait_ms(call->client->rate), "before it was sent"))
        return false;
    *error = (struct aws_error){.operation = error->operation,
                                .endpoint = call->place.url,
                                .attempts = error->attempts + 1,
                                .maybe_done = error->maybe_done};
    return true;
}

static bool decoded(struct call *call, const struct http_answer *answer, struct doc **ret_output)
{
    struct aws_error *error = call->error;
    struct doc *output;
    retry_quota_success(call->client->quota, call->cost);
    retry_rate_answer(call->client->rate, false);
    if (ret_output == NULL || call->op->output == NULL)
        return true;
    if (aws_decode(call->context->arena, call->op, answer->body, &output, error)) {
        *ret_output = output;
        return true;
    }
    error->status = answer->status;
    error->request_id = arena_str(call->context->arena, aws_request_id(answer));
    error->maybe_done = true;
    return false;
}

bool call_as(const struct aws_context *context, const struct credentials *by,
             const struct aws_op *op, const struct doc *input, struct doc **ret_output,
             struct aws_error *reterr)
{
    struct call call = {.context = context,
                        .client = context->client,
                        .op = op,
                        .by = by,
                        .error = reterr,
                        .wish_ms = -1};
    if (!call_begin(&call, input))
        return false;
    while (next_attempt(&call)) {
        scoped(arena_freep) struct arena *scratch = arena_new(SCRATCH_MAX);
        struct http_answer answer;
        if (attempt(&call, scratch, &answer))
            return decoded(&call, &answer, ret_output);
        if (!again(&call))
            return false;
    }
    return false;
}

bool aws_call(const struct aws_context *context, const struct aws_op *op, const struct doc *input,
              struct doc **ret_output, struct aws_error *reterr)
{
    return call_as(context, NULL, op, input, ret_output, reterr);
}

bool aws_credentials_ready(const struct aws_context *context, struct aws_error *reterr)
{
    struct fetch fetch = {context->client, context->arena, context->stop,
                          context->deadline_tick_ms};
    struct credentials credentials = {0};
    bool good = vault_take(context->client->vault, &fetch, &credentials, reterr);
    credentials_done(&credentials);
    return good;
}

/* The input with one more member; the rest is borrowed. */
static struct doc *with_token(struct arena *arena, const struct doc *input, const char *token,
                              struct doc *value)
{
    struct doc *copy = doc_object(arena);
    doc_each (entry, input)
        doc_put(arena, copy, entry->name, entry->value);
    if (value != NULL)
        doc_set(arena, copy, str_of(token), value);
    return copy;
}

bool aws_call_pages(const struct aws_context *context, const struct aws_op *op,
                    const struct doc *input, const char *next, const char *token, const char *items,
                    struct doc **ret_list, struct aws_error *reterr)
{
    struct arena *arena = context->arena;
    struct doc *list = doc_list(arena), *mark = NULL, *page = NULL;
    for (size_t pages = 0;; pages++) {
        if (!aws_call(context, op, with_token(arena, input, token, mark), &page, reterr))
            return false;
        doc_each (entry, doc_get(page, str_of(items)))
            doc_add(arena, list, entry->value);
        struct doc *following = doc_get(page, str_of(next));
        if (doc_text(following).len == 0)
            break;
        if (pages >= PAGES_MAX || str_eq(doc_text(following), doc_text(mark)))
            return aws_fail(arena, reterr, AWS_ANSWER, "the list does not end: page %zu", pages);
        mark = following;
    }
    *ret_list = list;
    return true;
}

bool aws_caller_identity(const struct aws_context *context, struct aws_identity *ret_identity,
                         struct aws_error *reterr)
{
    struct doc *answer = NULL;
    struct aws_context at = *context;
    if (at.region.len == 0)
        at.region = context->client->settings.sts_region;
    if (!aws_call(&at, &aws_sts_GetCallerIdentity, NULL, &answer, reterr))
        return false;
    ret_identity->account = doc_get_text(answer, S("Account"));
    ret_identity->arn = doc_get_text(answer, S("Arn"));
    ret_identity->user_id = doc_get_text(answer, S("UserId"));
    return true;
}
