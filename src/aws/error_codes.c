/* What AWS's error codes mean for a caller. Sources: the services' models; AWS SDKs' retry rules
 * (botocore retries/standard.py); EC2's "Error codes for the Amazon EC2 API". */
#include "errors.h"

struct code_row {
    const char *code; /* a '*' at one end stands for anything */
    enum aws_error_kind kind;
};

/* The first that fits counts. */
static const struct code_row codes[] = {
    {"ResourceNotFound", AWS_NOT_FOUND},
    {"ResourceNotFoundException", AWS_NOT_FOUND},
    {"NoSuchEntity", AWS_NOT_FOUND},
    {"*.NotFound", AWS_NOT_FOUND},
    {"*NotFoundException", AWS_NOT_FOUND},
    {"ResourceInUse", AWS_IN_USE},
    {"ResourceAlreadyExists", AWS_IN_USE},
    {"*.Duplicate", AWS_IN_USE},
    {"*AlreadyExists", AWS_IN_USE},
    {"*AlreadyExistsException", AWS_IN_USE},
    {"ConflictException", AWS_CONFLICT},
    {"DependencyViolation", AWS_CONFLICT},
    {"AccessDenied*", AWS_DENIED},
    {"UnauthorizedOperation", AWS_DENIED},
    {"NotAuthorized", AWS_DENIED},
    {"InvalidClientTokenId", AWS_CREDENTIALS},
    {"UnrecognizedClientException", AWS_CREDENTIALS},
    {"SignatureDoesNotMatch", AWS_CREDENTIALS},
    {"InvalidSignatureException", AWS_CREDENTIALS},
    {"IncompleteSignature*", AWS_CREDENTIALS},
    {"AuthFailure", AWS_CREDENTIALS},
    {"InvalidAccessKeyId", AWS_CREDENTIALS},
    {"MissingAuthenticationToken*", AWS_CREDENTIALS},
    {"RequestTimeTooSkewed", AWS_CREDENTIALS},
    {"RequestInTheFuture", AWS_CREDENTIALS},
    {"ExpiredToken*", AWS_EXPIRED},
    {"RequestExpired", AWS_EXPIRED},
    {"ResourceLimitExceeded", AWS_LIMIT},
    {"ServiceQuotaExceededException", AWS_LIMIT},
    {"*LimitExceeded", AWS_LIMIT},
};

static const char *const throttling[] = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
};

static const char *const transient[] = {
    "RequestTimeout",
    "RequestTimeoutException",
    "IDPCommunicationError",
};

static bool code_fits(struct str code, const char *pattern)
{
    struct str p = str_of(pattern);
    if (p.ptr[0] == '*')
        return str_ends(code, str_from(p, 1));
    if (p.ptr[p.len - 1] == '*')
        return str_starts(code, str_sub(p, 0, p.len - 1));
    return str_eq(code, p);
}

bool aws_code_is_throttling(struct str code)
{
    for (size_t i = 0; i < sizeof throttling / sizeof throttling[0]; i++)
        if (str_is(code, throttling[i]))
            return true;
    return false;
}

bool aws_code_is_transient(struct str code)
{
    for (size_t i = 0; i < sizeof transient / sizeof transient[0]; i++)
        if (str_is(code, transient[i]))
            return true;
    return false;
}

enum aws_error_kind aws_error_kind_of(struct str code, int status)
{
    if (aws_code_is_throttling(code))
        return AWS_THROTTLED;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (code_fits(code, codes[i].code))
            return codes[i].kind;
    if (status >= 500)
        return AWS_SERVER;
    if (status == 429)
        return AWS_THROTTLED;
    if (code.len == 0 && (status == 401 || status == 403))
        return AWS_DENIED;
    return AWS_REFUSED;
}

bool aws_error_is_skew(const struct aws_error *error)
{
    if (aws_error_is(error, "RequestTimeTooSkewed") || aws_error_is(error, "RequestExpired") ||
        aws_error_is(error, "RequestInTheFuture"))
        return true;
    return (aws_error_is(error, "InvalidSignatureException") ||
            aws_error_is(error, "SignatureDoesNotMatch") || aws_error_is(error, "AuthFailure")) &&
           (str_has(error->message, S("Signature expired")) ||
            str_has(error->message, S("not yet current")));
}
