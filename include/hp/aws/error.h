/* What AWS, or the way to it, answered instead of an answer. */
#ifndef HP_AWS_ERROR_H
#define HP_AWS_ERROR_H

#include <hp/base/arena.h>

/* Kinds are few, and each decides something for the caller. The code and the message stay AWS's
 * words. */
enum aws_error_kind {
    AWS_OK = 0,
    AWS_NOT_FOUND,   /* the object is not there (anymore) */
    AWS_IN_USE,      /* the name is taken: ResourceInUse, InvalidGroup.Duplicate */
    AWS_CONFLICT,    /* another operation runs, or something depends on it: wait, then repeat */
    AWS_THROTTLED,   /* still throttled after all retries */
    AWS_DENIED,      /* no permission */
    AWS_CREDENTIALS, /* none found, refused, or a signature that does not match */
    AWS_EXPIRED,     /* the token has expired */
    AWS_LIMIT,       /* a quota: ResourceLimitExceeded */
    AWS_REFUSED,     /* any other answer of 4xx */
    AWS_SERVER,      /* 5xx after all retries */
    AWS_NETWORK, /* no answer: name, connection, TLS, time-out. With `maybe_done` the call may have
                    been carried out */
    AWS_STOPPED, /* the stop token stopped it, or the time given has passed; with `maybe_done` as
                    above */
    AWS_ANSWER,  /* an answer that cannot be read */
    AWS_INPUT    /* our own mistake: the input does not fit the operation's shape */
};

struct aws_error {
    enum aws_error_kind kind;
    int status;         /* HTTP; 0: there was no answer */
    struct str code;    /* "ResourceInUse"; empty when AWS gave none */
    struct str message; /* AWS's words, or ours for NETWORK, STOPPED, CREDENTIALS, ANSWER, INPUT */
    struct str request_id; /* empty when there was none */
    struct str operation;  /* "sagemaker:CreateCluster" */
    struct str endpoint;   /* "https://api.sagemaker.us-west-2.amazonaws.com" */
    struct str setting;    /* what of the configuration is at fault: "region", "endpoints.ec2",
                              "assume_role[0]"; empty: nothing that was said there */
    unsigned attempts;     /* how often it was tried */
    bool maybe_done;       /* an attempt was sent and its answer was lost: AWS may have done it */
    bool timed_out;        /* AWS_STOPPED because the deadline has passed, not because of a stop */
};

/* Is it this code? */
bool aws_error_is(const struct aws_error *error, const char *code);
/* One sentence for a person: "AWS answered ResourceInUse: …text… (HTTP 400, request id …)". */
struct str aws_error_text(struct arena *arena, const struct aws_error *error);

#endif
