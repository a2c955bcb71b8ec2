/* Base64 (RFC 4648) read. */
#ifndef HP_SIM_BASE64_H
#define HP_SIM_BASE64_H

#include <hp/base/arena.h>

/* Both alphabets; white space, and padding at the end, may be there. False: something else is. */
bool base64_read(struct arena *arena, struct str text, struct str *ret_bytes);

#endif
