#include "sigv4_keys.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY_BYTES = SHA256_DIGEST_LENGTH, SLOTS = 16, PLACE_MAX = 128 };

/* A key is found by its place (date/region/service) and by the hash of its secret, so that rotated
 * credentials never meet an old key. */
struct slot {
    char place[PLACE_MAX];
    unsigned char secret_hash[KEY_BYTES], key[KEY_BYTES];
};

struct sigv4_keys {
    pthread_mutex_t lock;
    struct slot slots[SLOTS];
    size_t next; /* the oldest makes room */
};

struct sigv4_keys *sigv4_keys_new(void)
{
    struct sigv4_keys *keys = calloc(1, sizeof *keys);
    if (keys == NULL)
        abort();
    pthread_mutex_init(&keys->lock, NULL);
    return keys;
}

void sigv4_keys_free(struct sigv4_keys *keys)
{
    if (keys == NULL)
        return;
    pthread_mutex_destroy(&keys->lock);
    wipe(keys, sizeof *keys);
    free(keys);
}

void sigv4_hmac(const unsigned char *key, size_t key_len, struct str text, unsigned char mac[32])
{
    unsigned len = KEY_BYTES;
    if (HMAC(EVP_sha256(), key, (int)key_len,
             (const unsigned char *)(text.len == 0 ? "" : text.ptr), text.len, mac, &len) == NULL)
        abort();
}

static void derive(const struct sigv4_scope *scope, unsigned char key[KEY_BYTES])
{
    struct str secret = secret_reveal(scope->secret_key);
    struct secret first = {malloc(secret.len + 4), secret.len + 4};
    if (first.bytes == NULL)
        abort();
    memcpy(first.bytes, "AWS4", 4);
    if (secret.len > 0)
        memcpy(first.bytes + 4, secret.ptr, secret.len);

    const struct str steps[] = {scope->region, scope->service, S("aws4_request")};
    sigv4_hmac((const unsigned char *)first.bytes, first.len, str_sub(scope->time, 0, 8), key);
    secret_done(&first);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        unsigned char longer[KEY_BYTES];
        sigv4_hmac(key, KEY_BYTES, steps[i], longer);
        memcpy(key, longer, KEY_BYTES);
        wipe(longer, sizeof longer);
    }
}

static bool slot_fits(const struct slot *slot, const char *place, const unsigned char *secret_hash)
{
    return strcmp(slot->place, place) == 0 &&
           CRYPTO_memcmp(slot->secret_hash, secret_hash, KEY_BYTES) == 0;
}

void sigv4_key(struct sigv4_keys *keys, const struct sigv4_scope *scope,
               unsigned char key[KEY_BYTES])
{
    char place[PLACE_MAX] = {0};
    int len = snprintf(place, sizeof place, "%.8s/%.*s/%.*s", scope->time.ptr, STR(scope->region),
                       STR(scope->service));
    if (keys == NULL || len < 0 || (size_t)len >= sizeof place) {
        derive(scope, key);
        return;
    }
    struct str secret = secret_reveal(scope->secret_key);
    unsigned char secret_hash[KEY_BYTES];
    SHA256((const unsigned char *)(secret.len == 0 ? "" : secret.ptr), secret.len, secret_hash);

    pthread_mutex_lock(&keys->lock);
    size_t at = 0;
    while (at < SLOTS && !slot_fits(&keys->slots[at], place, secret_hash))
        at++;
    if (at == SLOTS) {
        at = keys->next++ % SLOTS;
        struct slot *slot = &keys->slots[at];
        derive(scope, slot->key);
        memcpy(slot->place, place, sizeof place);
        memcpy(slot->secret_hash, secret_hash, sizeof secret_hash);
    }
    memcpy(key, keys->slots[at].key, KEY_BYTES);
    pthread_mutex_unlock(&keys->lock);
    wipe(secret_hash, sizeof secret_hash);
}
