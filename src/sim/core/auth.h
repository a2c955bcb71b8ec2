/* Signature Version 4 as the server sees it: parsed, recomputed, compared. Written from AWS's
 * description, without a line of the client's signer. */
#ifndef HP_SIM_AUTH_H
#define HP_SIM_AUTH_H

#include "call/call.h"
#include <hp/base/secret.h>

struct credential {
    struct str access_key, token; /* token empty: none is needed */
    struct secret secret_key;
    int64_t expires_ms;                 /* wall clock; 0: never */
    struct str arn, user_id;            /* of a role's session; empty: the account's user */
    struct str source_identity, policy; /* of a role's session; empty: none */
    struct tags tags, transitive;
};

/* What the Authorization header says; views into the request. */
struct authorization {
    struct str access_key, date, region, service, signed_headers, signature;
};
/* False: there is none, or none that can be read; what could be read is filled in. */
bool authorization_parse(const struct sim_request *request, struct authorization *ret);

enum auth_verdict {
    AUTH_GOOD,
    AUTH_MISSING,
    AUTH_INCOMPLETE,
    AUTH_UNKNOWN,     /* key or token */
    AUTH_EXPIRED,     /* token */
    AUTH_OUT_OF_TIME, /* signed too long ago, or in the future */
    AUTH_MISMATCH,
    AUTH_VERDICTS
};

/* Judges the request as if the wall clock stood at now_ms. *ret_why: a sentence in the arena. */
enum auth_verdict auth_judge(struct arena *arena, const struct sim_request *request,
                             const struct list *credentials, int64_t now_ms, struct str *ret_why);

/* How a service of that protocol says it. */
struct auth_error {
    int status;
    const char *code;
};
struct auth_error auth_error_of(enum auth_verdict verdict, enum protocol protocol);

/* The value of a header, ptr NULL when there is none; names have no case. */
struct str request_header(const struct sim_request *request, const char *name);

#endif
