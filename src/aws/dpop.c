#include "dpop.h"

#include "codec.h"

#include <hp/base/buf.h>
#include <hp/doc/doc.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

enum { COORDINATE = 32, TEXT_MAX = 16 << 10, SIGNATURE_MAX = 128 };

static void free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void free_context(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

/* Without this OpenSSL asks for a key's password on the terminal, and waits. */
static int no_password(char *text, int size, int writes, void *arg)
{
    (void)text, (void)size, (void)writes, (void)arg;
    return -1;
}

static EVP_PKEY *read_key(struct str text)
{
    BIO *memory = BIO_new_mem_buf(text.ptr, (int)text.len);
    EVP_PKEY *key =
        memory == NULL ? NULL : PEM_read_bio_PrivateKey(memory, NULL, no_password, NULL);
    BIO_free(memory);
    return key;
}

/* Base64 of RFC 4648 section 5, without padding. */
static struct str base64url(struct arena *arena, struct str bytes)
{
    struct str text = base64_of(arena, bytes);
    char *at = (char *)text.ptr;
    while (str_ends(text, S("=")))
        text.len--;
    for (size_t i = 0; i < text.len; i++)
        at[i] = at[i] == '+' ? '-' : at[i] == '/' ? '_' : at[i];
    return text;
}

static bool put_header(struct arena *arena, EVP_PKEY *key, struct buf *out)
{
    unsigned char point[2 * COORDINATE + 1];
    char group[64] = "";
    size_t len = 0;
    if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                       NULL) != 1 ||
        strcmp(group, "prime256v1") != 0 ||
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &len) !=
            1 ||
        len != sizeof point || point[0] != 4) /* uncompressed */
        return false;
    struct str x = base64url(arena, (struct str){(char *)point + 1, COORDINATE});
    struct str y = base64url(arena, (struct str){(char *)point + 1 + COORDINATE, COORDINATE});
    struct str text =
        arena_fmt(arena,
                  "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"x\":\"%.*s\","
                  "\"y\":\"%.*s\",\"crv\":\"P-256\"}}",
                  STR(x), STR(y));
    buf_put(out, base64url(arena, text));
    return true;
}

static void put_claims(struct arena *arena, struct str url, struct str id, int64_t now_ms,
                       struct buf *out)
{
    struct buf text = buf_in(arena, TEXT_MAX);
    buf_putz(&text, "{\"htm\":\"POST\",\"htu\":");
    doc_json_string(&text, url);
    buf_printf(&text, ",\"iat\":%lld,\"jti\":", (long long)(now_ms / 1000));
    doc_json_string(&text, id);
    buf_putc(&text, '}');
    buf_putc(out, '.');
    buf_put(out, base64url(arena, buf_str(&text)));
}

/* The two numbers of the signature, one after the other. */
static bool put_signature(struct arena *arena, EVP_PKEY *key, struct buf *out)
{
    unsigned char der[SIGNATURE_MAX], pair[2 * COORDINATE];
    size_t len = sizeof der;
    scoped(free_context) EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL || EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestSign(context, der, &len, (const unsigned char *)out->ptr, out->len) != 1)
        return false;
    const unsigned char *at = der;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)len);
    if (signature == NULL)
        return false;
    bool good =
        BN_bn2binpad(ECDSA_SIG_get0_r(signature), pair, COORDINATE) == COORDINATE &&
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), pair + COORDINATE, COORDINATE) == COORDINATE;
    ECDSA_SIG_free(signature);
    buf_putc(out, '.');
    buf_put(out, base64url(arena, (struct str){(char *)pair, sizeof pair}));
    return good;
}

bool dpop_header(struct arena *arena, struct str key_text, struct str url, struct str id,
                 int64_t now_ms, struct str *ret_header)
{
    struct buf out = buf_in(arena, TEXT_MAX);
    scoped(free_key) EVP_PKEY *key = read_key(key_text);
    bool good = key != NULL && put_header(arena, key, &out);
    if (good) {
        put_claims(arena, url, id, now_ms, &out);
        good = put_signature(arena, key, &out) && !out.overflow;
    }
    ERR_clear_error();
    *ret_header = buf_str(&out);
    return good;
}
