/* The derived signing key: four HMACs that stay the same for a day, remembered. Private to aws. */
#ifndef AWS_SIGV4_KEYS_H
#define AWS_SIGV4_KEYS_H

#include <hp/aws/sigv4.h>

void sigv4_hmac(const unsigned char *key, size_t key_len, struct str text, unsigned char mac[32]);
/* The key of this scope; keys may be NULL. The caller wipes it. */
void sigv4_key(struct sigv4_keys *keys, const struct sigv4_scope *scope, unsigned char key[32]);

#endif
