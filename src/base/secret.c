#include <hp/base/secret.h>

#include <stdio.h>
#include <stdlib.h>

void wipe(void *bytes, size_t len)
{
    if (len > 0)
        explicit_bzero(bytes, len);
}

struct secret secret_of(struct str s)
{
    struct secret secret = {malloc(s.len + 1), s.len};
    if (secret.bytes == NULL) {
        fputs("[ERROR] out of memory; the process ends here.\n", stderr);
        abort();
    }
    if (s.len > 0)
        memcpy(secret.bytes, s.ptr, s.len);
    secret.bytes[s.len] = 0;
    return secret;
}

struct secret secret_copy(const struct secret *other)
{
    return secret_is_set(other) ? secret_of(secret_reveal(other)) : (struct secret){0};
}

void secret_done(struct secret *secret)
{
    if (secret->bytes != NULL)
        wipe(secret->bytes, secret->len);
    free(secret->bytes);
    *secret = (struct secret){0};
}
