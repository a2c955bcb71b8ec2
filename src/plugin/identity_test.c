#include "identity.h"
#include <hp/base/test.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

static X509 *certificate_of(const struct identity *identity)
{
    BIO *bio = BIO_new_mem_buf(identity->certificate_pem, -1);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    ck_assert_ptr_nonnull(certificate);
    return certificate;
}

static struct identity made(struct arena *arena)
{
    struct identity identity;
    struct str why;
    ck_assert_msg(identity_make(arena, world_of_process(), &identity, &why), "%.*s", STR(why));
    return identity;
}

START_TEST(go_takes_it_for_localhost)
{
    struct arena *arena = arena_new(1 << 20);
    struct identity identity = made(arena);
    X509 *certificate = certificate_of(&identity);

    ck_assert_int_eq(
        X509_check_host(certificate, "localhost", 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL), 1);
    ck_assert_int_eq(X509_get_version(certificate), 2);
    ck_assert_int_ne(X509_check_ca(certificate), 0);
    ck_assert_int_lt(X509_cmp_current_time(X509_get0_notBefore(certificate)), 0);
    ck_assert_int_gt(X509_cmp_current_time(X509_get0_notAfter(certificate)), 0);
    X509_free(certificate);
    arena_free(arena);
}
END_TEST

START_TEST(it_is_signed_by_its_own_key)
{
    struct arena *arena = arena_new(1 << 20);
    struct identity identity = made(arena);
    X509 *certificate = certificate_of(&identity);
    BIO *bio = BIO_new_mem_buf(identity.key_pem, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

    EVP_PKEY_CTX *check = EVP_PKEY_CTX_new(key, NULL);

    ck_assert_int_eq(EVP_PKEY_check(check), 1); /* its two numbers belong together */
    ck_assert_int_eq(X509_verify(certificate, key), 1);
    EVP_PKEY_CTX_free(check);
    EVP_PKEY_free(key);
    BIO_free(bio);
    X509_free(certificate);
    arena_free(arena);
}
END_TEST

START_TEST(the_handshake_field_is_its_der_without_padding)
{
    struct arena *arena = arena_new(1 << 20);
    struct identity identity = made(arena);
    X509 *certificate = certificate_of(&identity);
    unsigned char *der = NULL;
    int len = i2d_X509(certificate, &der);
    char *text = arena_alloc(arena, (size_t)len * 2);
    EVP_EncodeBlock((unsigned char *)text, der, len);

    ck_assert_uint_eq(str_find_char(identity.handshake, '='), SIZE_MAX);
    ck_assert_uint_eq(str_find_char(identity.handshake, '\n'), SIZE_MAX);
    ck_assert(str_starts(str_of(text), identity.handshake));
    ck_assert_uint_eq(identity.handshake.len, ((size_t)len * 4 + 2) / 3);
    OPENSSL_free(der);
    X509_free(certificate);
    arena_free(arena);
}
END_TEST

START_TEST(no_two_are_the_same)
{
    struct arena *arena = arena_new(1 << 20);

    ck_assert(!str_eq(made(arena).handshake, made(arena).handshake));
    arena_free(arena);
}
END_TEST

TESTS("plugin/identity", go_takes_it_for_localhost, it_is_signed_by_its_own_key,
      the_handshake_field_is_its_der_without_padding, no_two_are_the_same)
