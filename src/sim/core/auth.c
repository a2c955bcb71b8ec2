#include "auth.h"
#include "signature.h"

enum { window_ms = 5 * 60 * 1000 };

struct str request_header(const struct sim_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (str_eq_nocase(request->headers[i].name, str_of(name)))
            return request->headers[i].value;
    return (struct str){NULL, 0};
}

/* KEY/20260801/us-west-2/sagemaker/aws4_request */
static bool parse_scope(struct str scope, struct authorization *ret)
{
    struct str end;
    return str_next(&scope, '/', &ret->access_key) && str_next(&scope, '/', &ret->date) &&
           str_next(&scope, '/', &ret->region) && str_next(&scope, '/', &ret->service) &&
           str_next(&scope, '/', &end) && scope.ptr == NULL && str_is(end, "aws4_request") &&
           ret->access_key.len > 0 && ret->region.len > 0 && ret->region.len < 64;
}

bool authorization_parse(const struct sim_request *request, struct authorization *ret)
{
    struct str rest = request_header(request, "authorization"), part;
    bool scoped_well = false;

    *ret = (struct authorization){0};
    if (!str_starts(rest, S("AWS4-HMAC-SHA256 ")))
        return false;
    rest = str_from(rest, 17);
    while (str_next(&rest, ',', &part)) {
        part = str_trim(part);
        if (str_starts(part, S("Credential=")))
            scoped_well = parse_scope(str_from(part, 11), ret);
        else if (str_starts(part, S("SignedHeaders=")))
            ret->signed_headers = str_from(part, 14);
        else if (str_starts(part, S("Signature=")))
            ret->signature = str_from(part, 10);
    }
    return scoped_well && ret->signed_headers.len > 0 && ret->signature.len > 0;
}

/* host, and all headers that are AWS's own, must be signed. A token may be added after signing. */
static struct str unsigned_header(const struct sim_request *request, struct str signed_headers)
{
    if (!signature_covers(signed_headers, S("host")))
        return S("host");
    for (size_t i = 0; i < request->header_count; i++) {
        struct str name = request->headers[i].name;
        if (str_eq_nocase(str_sub(name, 0, 6), S("x-amz-")) &&
            !str_eq_nocase(name, S("x-amz-security-token")) &&
            !signature_covers(signed_headers, name))
            return name;
    }
    return (struct str){NULL, 0};
}

static enum auth_verdict judge_time(struct arena *arena, struct str date, int64_t signed_ms,
                                    int64_t now_ms, struct str *ret_why)
{
    struct str now = time_basic(arena, now_ms);
    struct str early = time_basic(arena, now_ms - window_ms);
    struct str late = time_basic(arena, now_ms + window_ms);

    if (signed_ms < now_ms - window_ms) {
        *ret_why =
            arena_fmt(arena, "Signature expired: %.*s is now earlier than %.*s (%.*s - 5 min.)",
                      STR(date), STR(early), STR(now));
        return AUTH_OUT_OF_TIME;
    }
    if (signed_ms > now_ms + window_ms) {
        *ret_why = arena_fmt(arena,
                             "Signature not yet current: %.*s is still later than %.*s (%.*s + 5 "
                             "min.)",
                             STR(date), STR(late), STR(now));
        return AUTH_OUT_OF_TIME;
    }
    return AUTH_GOOD;
}

static enum auth_verdict find_credential(const struct list *credentials, struct str access_key,
                                         struct str token, int64_t now_ms,
                                         const struct credential **ret_credential,
                                         struct str *ret_why)
{
    const struct credential *credential;

    list_each (credential, credentials) {
        if (!str_eq(credential->access_key, access_key) || !str_eq(credential->token, token))
            continue;
        if (credential->expires_ms != 0 && credential->expires_ms <= now_ms) {
            *ret_why = S("The security token included in the request is expired");
            return AUTH_EXPIRED;
        }
        *ret_credential = credential;
        return AUTH_GOOD;
    }
    *ret_why = S("The security token included in the request is invalid.");
    return AUTH_UNKNOWN;
}

enum auth_verdict auth_judge(struct arena *arena, const struct sim_request *request,
                             const struct list *credentials, int64_t now_ms, struct str *ret_why)
{
    struct authorization authorization;
    const struct credential *credential = NULL;
    struct str date = request_header(request, "x-amz-date");
    int64_t signed_ms;

    if (request_header(request, "authorization").ptr == NULL) {
        *ret_why = S("Request is missing Authentication Token");
        return AUTH_MISSING;
    }
    if (!authorization_parse(request, &authorization) || !time_parse(date, &signed_ms) ||
        date.len < 16) {
        *ret_why =
            S("The request signature does not conform to AWS standards: Authorization "
              "header requires 'Credential', 'Signature' and 'SignedHeaders' parameters, and "
              "an 'X-Amz-Date' header beside it.");
        return AUTH_INCOMPLETE;
    }
    struct str token = request_header(request, "x-amz-security-token");
    enum auth_verdict verdict =
        find_credential(credentials, authorization.access_key, token, now_ms, &credential, ret_why);
    if (verdict == AUTH_GOOD)
        verdict = judge_time(arena, date, signed_ms, now_ms, ret_why);
    if (verdict != AUTH_GOOD)
        return verdict;
    struct str bare = unsigned_header(request, authorization.signed_headers);
    if (bare.ptr != NULL) {
        *ret_why = arena_fmt(arena, "'%.*s' must be a 'SignedHeader' in the AWS Authorization.",
                             STR(bare));
        return AUTH_MISMATCH;
    }
    if (!str_eq(authorization.date, str_sub(date, 0, 8))) {
        *ret_why = arena_fmt(arena,
                             "Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                             "version of date from HTTP: '%.*s' != '%.*s', from '%.*s'.",
                             STR(authorization.date), STR(str_sub(date, 0, 8)), STR(date));
        return AUTH_MISMATCH;
    }
    return signature_matches(arena, request, &authorization, date, &credential->secret_key, ret_why)
               ? AUTH_GOOD
               : AUTH_MISMATCH;
}

static const struct auth_error auth_errors[AUTH_VERDICTS][3] = {
    [AUTH_MISSING] = {[PROTOCOL_JSON] = {400, "MissingAuthenticationTokenException"},
                      [PROTOCOL_QUERY] = {403, "MissingAuthenticationToken"},
                      [PROTOCOL_EC2] = {403, "MissingAuthenticationToken"}},
    [AUTH_INCOMPLETE] = {[PROTOCOL_JSON] = {400, "IncompleteSignatureException"},
                         [PROTOCOL_QUERY] = {400, "IncompleteSignature"},
                         [PROTOCOL_EC2] = {401, "AuthFailure"}},
    [AUTH_UNKNOWN] = {[PROTOCOL_JSON] = {400, "UnrecognizedClientException"},
                      [PROTOCOL_QUERY] = {403, "InvalidClientTokenId"},
                      [PROTOCOL_EC2] = {401, "AuthFailure"}},
    [AUTH_EXPIRED] = {[PROTOCOL_JSON] = {400, "ExpiredTokenException"},
                      [PROTOCOL_QUERY] = {403, "ExpiredToken"},
                      [PROTOCOL_EC2] = {400, "RequestExpired"}},
    [AUTH_OUT_OF_TIME] = {[PROTOCOL_JSON] = {400, "InvalidSignatureException"},
                          [PROTOCOL_QUERY] = {403, "SignatureDoesNotMatch"},
                          [PROTOCOL_EC2] = {400, "RequestExpired"}},
    [AUTH_MISMATCH] = {[PROTOCOL_JSON] = {400, "InvalidSignatureException"},
                       [PROTOCOL_QUERY] = {403, "SignatureDoesNotMatch"},
                       [PROTOCOL_EC2] = {401, "AuthFailure"}},
};

struct auth_error auth_error_of(enum auth_verdict verdict, enum protocol protocol)
{
    return auth_errors[verdict][protocol];
}
