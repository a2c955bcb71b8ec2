#include "identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

enum { serial_bytes = 16, clock_slack_s = 30 };
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
           X509_set_pubkey(certificate, key) == 1 && add_extensions(certificate) &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static const char *pem_of(struct arena *arena, BIO *bio)
{
    char *bytes;
    long len = BIO_get_mem_data(bio, &bytes);
    return len <= 0 ? NULL : arena_z(arena, (struct str){bytes, (size_t)len});
}

static bool write_pem(struct arena *arena, X509 *certificate, EVP_PKEY *key, struct identity *ret)
{
    BIO *key_bio = BIO_new(BIO_s_mem()), *certificate_bio = BIO_new(BIO_s_mem());
    bool written = key_bio != NULL && certificate_bio != NULL &&
                   PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL) == 1 &&
                   PEM_write_bio_X509(certificate_bio, certificate) == 1;
    if (written) {
        ret->key_pem = pem_of(arena, key_bio);
        ret->certificate_pem = pem_of(arena, certificate_bio);
    }
    BIO_free(key_bio);
    BIO_free(certificate_bio);
    return written && ret->key_pem != NULL && ret->certificate_pem != NULL;
}

static bool write_handshake(struct arena *arena, X509 *certificate, struct identity *ret)
{
    unsigned char *der = NULL;
    int len = i2d_X509(certificate, &der);
    if (len <= 0)
        return false;
    char *text = arena_alloc(arena, (size_t)len * 4 / 3 + 8);
    int text_len = EVP_EncodeBlock((unsigned char *)text, der, len);
    OPENSSL_free(der);
    while (text_len > 0 && text[text_len - 1] == '=')
        text_len--;
    ret->handshake = (struct str){text, (size_t)text_len};
    return text_len > 0;
}

bool identity_make(struct arena *arena, const struct world *world, struct identity *ret_identity,
                   struct str *reterr)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    struct identity made = {0};
    bool done = key != NULL && certificate != NULL && fill(certificate, key, world) &&
                write_pem(arena, certificate, key, &made) &&
                write_handshake(arena, certificate, &made);

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
