/* A secret: on the heap, wiped when it ends, and no format knows how to print it. */
#ifndef HP_BASE_SECRET_H
#define HP_BASE_SECRET_H

#include <hp/base/str.h>

struct secret {
    char *bytes;
    size_t len;
};

struct secret
secret_of(struct str s); /* copies; the caller wipes what it came from, if that is his */
struct secret secret_copy(const struct secret *other);
void secret_done(struct secret *secret); /* wipes and frees; fine on a zeroed one, and twice */
static inline bool secret_is_set(const struct secret *secret)
{
    return secret->bytes != NULL;
}
/* For the signer and for headers only: borrowed, as long as the secret lives. */
static inline struct str secret_reveal(const struct secret *secret)
{
    return (struct str){secret->bytes, secret->len};
}
/* Overwrites bytes in a way that no compiler leaves out. */
void wipe(void *bytes, size_t len);

#endif
