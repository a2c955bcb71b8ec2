#include "identity.h"
#include <hp/base/buf.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

enum { serial_bytes = 16, clock_slack_s = 30, scalar_bytes = 32, point_bytes = 1 + 2 * 32 };
static const long life_s = 30L * 365 * 24 * 3600;

static const struct {
    int nid;
    const char *value;
} extensions[] = {
    {NID_subject_alt_name, "DNS:localhost"}, /* Go looks at nothing else for the name */
    {NID_basic_constraints, "critical,CA:TRUE"},
    {NID_key_usage, "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign"},
    {NID_ext_key_usage, "clientAuth,serverAuth"},
};

static bool add_extensions(X509 *certificate)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        X509_EXTENSION *extension =
            X509V3_EXT_conf_nid(NULL, &context, extensions[i].nid, extensions[i].value);
        bool added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
        X509_EXTENSION_free(extension);
        if (!added)
            return false;
    }
    return true;
}

static bool set_serial(X509 *certificate, const struct world *world)
{
    unsigned char random[serial_bytes];
    world->random(world->arg, random, sizeof random);
    BIGNUM *number = BN_bin2bn(random, sizeof random, NULL);
    bool set =
        number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return set;
}

static bool public_point(EVP_PKEY *key, unsigned char point[point_bytes])
{
    size_t len;
    return EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, point_bytes,
                                           &len) == 1 &&
           len == point_bytes;
}

/* X509_set_pubkey would encode the key and decode it again, by OpenSSL 3's slow general ways. */
static bool set_public_key(X509 *certificate, EVP_PKEY *key)
{
    unsigned char *point = OPENSSL_malloc(point_bytes);
    if (point != NULL && public_point(key, point) &&
        X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(certificate),
                               OBJ_nid2obj(NID_X9_62_id_ecPublicKey), V_ASN1_OBJECT,
                               OBJ_nid2obj(NID_X9_62_prime256v1), point, point_bytes) == 1)
        return true;
    OPENSSL_free(point);
    return false;
}

static bool fill(X509 *certificate, EVP_PKEY *key, const struct world *world)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    time_t now = (time_t)(world_now_ms(world) / 1000);

    return X509_set_version(certificate, 2) == 1 && set_serial(certificate, world) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost",
                                      -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 &&
           X509_time_adj(X509_getm_notBefore(certificate), -clock_slack_s, &now) != NULL &&
           X509_time_adj(X509_getm_notAfter(certificate), life_s, &now) != NULL &&
           set_public_key(certificate, key) && add_extensions(certificate) &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

/* PKCS #8 of a P-256 key, but for its two numbers (RFC 5208, RFC 5915): OpenSSL's own writer takes
 * a millisecond to find itself. */
static const unsigned char key_head[] = {0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06,
                                         0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
                                         0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
                                         0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20};
static const unsigned char key_middle[] = {0xa1, 0x44, 0x03, 0x42, 0x00};

static const char *pem_of(struct arena *arena, const char *label, const unsigned char *der,
                          size_t len)
{
    struct buf pem = buf_in(arena, 64 * 1024);
    char row[65];

    buf_printf(&pem, "-----BEGIN %s-----\n", label);
    for (size_t at = 0; at < len; at += 48) {
        EVP_EncodeBlock((unsigned char *)row, der + at, (int)(len - at < 48 ? len - at : 48));
        buf_printf(&pem, "%s\n", row);
    }
    buf_printf(&pem, "-----END %s-----\n", label);
    OPENSSL_cleanse(row, sizeof row);
    return pem.ptr;
}

static bool write_key(struct arena *arena, EVP_PKEY *key, struct identity *ret)
{
    unsigned char der[sizeof key_head + scalar_bytes + sizeof key_middle + point_bytes];
    unsigned char *scalar = der + sizeof key_head, *middle = scalar + scalar_bytes;
    BIGNUM *number = NULL;
    bool found = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 &&
                 BN_bn2binpad(number, scalar, scalar_bytes) == scalar_bytes &&
                 public_point(key, middle + sizeof key_middle);

    BN_clear_free(number);
    memcpy(der, key_head, sizeof key_head);
    memcpy(middle, key_middle, sizeof key_middle);
    if (found)
        ret->key_pem = pem_of(arena, "PRIVATE KEY", der, sizeof der);
    OPENSSL_cleanse(der, sizeof der);
    return found;
}

static bool write_certificate(struct arena *arena, X509 *certificate, struct identity *ret)
{
    unsigned char *der = NULL;
    int len = i2d_X509(certificate, &der);
    if (len <= 0)
        return false;
    char *text = arena_alloc(arena, (size_t)len * 4 / 3 + 8);
    int text_len = EVP_EncodeBlock((unsigned char *)text, der, len);
    while (text_len > 0 && text[text_len - 1] == '=')
        text_len--;
    ret->handshake = (struct str){text, (size_t)text_len};
    ret->certificate_pem = pem_of(arena, "CERTIFICATE", der, (size_t)len);
    OPENSSL_free(der);
    return true;
}

bool identity_make(struct arena *arena, const struct world *world, struct identity *ret_identity,
                   struct str *reterr)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    struct identity made = {0};
    bool done = key != NULL && certificate != NULL && fill(certificate, key, world) &&
                write_key(arena, key, &made) && write_certificate(arena, certificate, &made);

    X509_free(certificate);
    EVP_PKEY_free(key);
    if (!done) {
        char why[256];
        ERR_error_string_n(ERR_get_error(), why, sizeof why);
        *reterr = arena_fmt(arena, "OpenSSL could not make a certificate: %s", why);
        return false;
    }
    *ret_identity = made;
    return true;
}
