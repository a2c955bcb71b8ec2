/* What a session of a role brings with it beside its keys: tags, who stands behind it, a policy. */
#ifndef HP_SIM_STS_SESSION_H
#define HP_SIM_STS_SESSION_H

#include "core/core.h"

/* A role that asks for something. Roles that nobody told of ask for nothing. */
struct role {
    struct str name;        /* the last part of its path */
    struct str external_id; /* empty: none */
    int64_t longest_s;      /* of a session */
};
const struct role *role_find(const struct sim *sim, struct str name);

/* Of a session or a source identity: [a-zA-Z_0-9+=,.@-]{2,64}. */
bool is_session_name(struct str name);
/* Checks Tags, TransitiveTagKeys, SourceIdentity, Policy and PolicyArns of the call against their
 * limits, and against what the caller's session holds already. */
bool session_check(struct call *call, const struct credential *caller);
/* Notes them in the session that was made, with what goes on from the caller's. */
void session_note(struct call *call, const struct credential *caller, struct credential *made);

/* May the caller do this? False: call's error is made. */
bool session_permits(struct call *call, const struct service *service);

/* What EC2 says when it denies something: text that only DecodeAuthorizationMessage reads again.
 * False: nobody here wrote it. */
struct str denial_encode(const struct call *call, struct str plain);
bool denial_decode(const struct call *call, struct str encoded, struct str *ret_plain);

#endif
