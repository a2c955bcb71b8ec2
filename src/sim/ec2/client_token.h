/* ClientToken: the same call once more gives what it gave before. */
#ifndef HP_SIM_CLIENT_TOKEN_H
#define HP_SIM_CLIENT_TOKEN_H

#include "call/call.h"

/* What this operation made before with this token. False: the token came with other parameters, and
 * call's error is made. *ret_thing NULL: there is no token, or nothing was made with it, or that is
 * gone. */
bool token_find(struct call *call, enum thing_kind kind, struct thing **ret_thing);
/* Remembers what the call made; without a token nothing. The answer repeats the token. */
void token_note(struct call *call, const struct thing *thing);

#endif
