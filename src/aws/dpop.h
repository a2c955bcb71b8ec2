/* Proof that who asks holds the key of a login (RFC 9449, ES256). Private to aws. */
#ifndef AWS_DPOP_H
#define AWS_DPOP_H

#include <hp/base/arena.h>

/* The DPoP header of a POST to that URL. key: PEM of a private key on P-256; id: one that is used
 * once. False: the key cannot be read (one with a
 * password, too), or is another. */
bool dpop_header(struct arena *arena, struct str key, struct str url, struct str id, int64_t now_ms,
                 struct str *ret_header);

#endif
