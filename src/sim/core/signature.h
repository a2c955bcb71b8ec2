/* The arithmetic of Signature Version 4: canonical request, string to sign, key, signature. */
#ifndef HP_SIM_SIGNATURE_H
#define HP_SIM_SIGNATURE_H

#include "auth.h"

/* Is the header one of "a;b;c"? Names have no case. */
bool signature_covers(struct str signed_headers, struct str name);

/* Lower-case hexadecimal SHA-256. */
struct str sha256_hex(struct arena *arena, struct str bytes);

/* Stages, for tests. */
struct str canonical_request(struct arena *arena, const struct sim_request *request,
                             const struct authorization *authorization);
struct str string_to_sign(struct arena *arena, const struct authorization *authorization,
                          struct str date, struct str canonical);
struct str signature_of(struct arena *arena, const struct authorization *authorization,
                        const struct secret *key, struct str text);

/* False: *ret_why is AWS's sentence, with what should have been signed. */
bool signature_matches(struct arena *arena, const struct sim_request *request,
                       const struct authorization *authorization, struct str date,
                       const struct secret *key, struct str *ret_why);

#endif
