#include "scene.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ui.h>

#define SESSION "arn:aws:sts::111122223333:assumed-role/dev/ada"
#define NEW_KEYS                                                                                   \
    "{\"accessToken\":{\"accessKeyId\":\"NEW\",\"secretAccessKey\":\"s2\",\"sessionToken\":"       \
    "\"t2\"},\"tokenType\":\"aws_sigv4\",\"expiresIn\":900,\"refreshToken\":\"refresh-2\"}"

struct login {
    struct scene scene;
    EVP_PKEY *key;
    char file[160];
};

static void name_file(struct login *l)
{
    unsigned char sum[32];
    int at = snprintf(l->file, sizeof l->file, "%s/", l->scene.home.dir);
    EVP_Digest(SESSION, strlen(SESSION), sum, NULL, EVP_sha256(), NULL);
    for (size_t i = 0; i < sizeof sum; i++)
        at += snprintf(l->file + at, sizeof l->file - (size_t)at, "%02x", sum[i]);
    snprintf(l->file + at, sizeof l->file - (size_t)at, ".json");
}

/* As `aws login` leaves it. */
static void put_whole(struct login *l, const char *key_pem, const char *access_key,
                      const char *refresh_token, const char *expires)
{
    struct arena *arena = l->scene.home.arena;
    struct doc *session = doc_object(arena), *keys = doc_object(arena);
    struct buf out = buf_in(arena, 64 << 10);
    doc_put(arena, keys, S("accessKeyId"), doc_string(arena, str_of(access_key)));
    doc_put(arena, keys, S("secretAccessKey"), doc_string(arena, S("s1")));
    doc_put(arena, keys, S("sessionToken"), doc_string(arena, S("t1")));
    doc_put(arena, keys, S("accountId"), doc_string(arena, S("111122223333")));
    doc_put(arena, keys, S("expiresAt"), doc_string(arena, str_of(expires)));
    doc_put(arena, session, S("accessToken"), keys);
    doc_put(arena, session, S("tokenType"), doc_string(arena, S("aws_sigv4")));
    doc_put(arena, session, S("clientId"), doc_string(arena, S("client-1")));
    doc_put(arena, session, S("refreshToken"), doc_string(arena, str_of(refresh_token)));
    doc_put(arena, session, S("dpopKey"), doc_string(arena, str_of(key_pem)));
    ck_assert(doc_to_json(session, &out));
    FILE *file = fopen(l->file, "w");
    fwrite(out.ptr, 1, out.len, file);
    fclose(file);
}

static void put_session(struct login *l, const char *key_pem, const char *expires)
{
    put_whole(l, key_pem, "OLD", "refresh-1", expires);
}

static const char *pem_of(struct login *l)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *text;
    PEM_write_bio_PrivateKey(memory, l->key, NULL, NULL, 0, NULL, NULL);
    long len = BIO_get_mem_data(memory, &text);
    struct str copy = arena_str(l->scene.home.arena, (struct str){text, (size_t)len});
    BIO_free(memory);
    return copy.ptr;
}

static void login_begin(struct login *l, struct loopback_row *rows)
{
    scene_begin(&l->scene, rows);
    l->key = EVP_EC_gen("P-256");
    name_file(l);
    put_config(&l->scene.home, "[profile dev]\nlogin_session = " SESSION "\n");
    set_env(&l->scene.home, "AWS_LOGIN_CACHE_DIRECTORY", l->scene.home.dir);
    struct str url = arena_fmt(l->scene.home.arena, "http://127.0.0.1:%d", l->scene.server.port);
    set_env(&l->scene.home, "AWS_ENDPOINT_URL_SIGNIN", url.ptr);
    l->scene.home.config.profile = S("dev");
}

static void login_end(struct login *l)
{
    unlink(l->file);
    EVP_PKEY_free(l->key);
    scene_end(&l->scene);
}

START_TEST(a_login_serves_while_its_keys_live)
{
    struct loopback_row none[] = {{NULL}};
    struct login l;
    login_begin(&l, none);
    put_session(&l, pem_of(&l), "2026-08-01T12:44:56Z");

    must_take(&l.scene, "OLD");
    ck_assert_str(secret_reveal(&l.scene.got.token), S("t1"));
    ck_assert_int_eq(l.scene.got.expires_ms, l.scene.home.script->now_ms + 600000);
    ck_assert_int_eq(atomic_load(&l.scene.server.requests), 0);
    login_end(&l);
}
END_TEST

static struct str decoded(struct arena *arena, struct str part)
{
    char *text = arena_alloc(arena, part.len + 4), *bytes = arena_alloc(arena, part.len + 4);
    size_t len = part.len;
    for (size_t i = 0; i < len; i++)
        text[i] = part.ptr[i] == '-' ? '+' : part.ptr[i] == '_' ? '/' : part.ptr[i];
    size_t padding = (4 - len % 4) % 4;
    memcpy(text + len, "===", padding);
    int got = EVP_DecodeBlock((unsigned char *)bytes, (unsigned char *)text, (int)(len + padding));
    ck_assert_int_ge(got, 0);
    return (struct str){bytes, (size_t)got - padding};
}

/* The DPoP header of a request, verified with the key. */
static struct doc *proof_of(struct login *l, const char *text)
{
    struct arena *arena = l->scene.home.arena;
    struct str request = str_of(text), head, claims;
    size_t at = str_find(request, S("DPoP: "));
    ck_assert_uint_ne(at, SIZE_MAX);
    struct str rest = str_from(request, at + 6), proof;
    str_next(&rest, '\r', &proof);
    struct str signature = proof;
    str_next(&signature, '.', &head);
    str_next(&signature, '.', &claims);
    struct str input = str_sub(proof, 0, head.len + 1 + claims.len);
    struct str pair = decoded(arena, signature);
    ck_assert_uint_eq(pair.len, 64);

    ECDSA_SIG *sig = ECDSA_SIG_new();
    ECDSA_SIG_set0(sig, BN_bin2bn((const unsigned char *)pair.ptr, 32, NULL),
                   BN_bin2bn((const unsigned char *)pair.ptr + 32, 32, NULL));
    unsigned char *der = NULL;
    int len = i2d_ECDSA_SIG(sig, &der);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    ck_assert_int_eq(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, l->key), 1);
    ck_assert_int_eq(
        EVP_DigestVerify(context, der, (size_t)len, (const unsigned char *)input.ptr, input.len),
        1);
    EVP_MD_CTX_free(context);
    OPENSSL_free(der);
    ECDSA_SIG_free(sig);

    struct doc *doc = NULL;
    struct doc_error why;
    ck_assert(str_has(decoded(arena, head), S("\"typ\":\"dpop+jwt\",\"alg\":\"ES256\"")));
    ck_assert(doc_from_json(arena, decoded(arena, claims), NULL, &doc, &why));
    return doc;
}

static struct str file_text(struct login *l)
{
    char *text = arena_alloc(l->scene.home.arena, 64 << 10);
    FILE *file = fopen(l->file, "r");
    size_t len = fread(text, 1, 64 << 10, file);
    fclose(file);
    return (struct str){text, len};
}

START_TEST(a_login_whose_keys_end_soon_gets_new_ones_with_a_proof)
{
    struct loopback_row rows[] = {{"POST /v1/token ", "200 OK", NEW_KEYS}, {NULL}};
    struct login l;
    login_begin(&l, rows);
    put_session(&l, pem_of(&l), "2026-08-01T12:38:56Z");

    must_take(&l.scene, "NEW");
    ck_assert_int_eq(l.scene.got.expires_ms, l.scene.home.script->now_ms + 900000);
    ck_assert(was_asked(&l.scene, "{\"clientId\":\"client-1\",\"refreshToken\":\"refresh-1\","
                                  "\"grantType\":\"refresh_token\"}"));
    ck_assert(!was_asked(&l.scene, "Authorization:"));
    struct doc *proof = proof_of(&l, l.scene.server.last_request);
    ck_assert_str(doc_get_text(proof, S("htm")), S("POST"));
    ck_assert_str(
        doc_get_text(proof, S("htu")),
        arena_fmt(l.scene.home.arena, "http://127.0.0.1:%d/v1/token", l.scene.server.port));
    ck_assert_str(doc_get_text(proof, S("iat")), S("1785587696"));
    ck_assert_uint_eq(doc_get_text(proof, S("jti")).len, 36);
    struct str kept = file_text(&l);
    ck_assert(str_has(kept, S("\"accessKeyId\":\"NEW\"")));
    ck_assert(str_has(kept, S("\"expiresAt\":\"2026-08-01T12:49:56Z\"")));
    ck_assert(str_has(kept, S("\"accountId\":\"111122223333\"")));
    ck_assert(str_has(kept, S("\"refreshToken\":\"refresh-2\"")));
    login_end(&l);
}
END_TEST

START_TEST(a_login_that_cannot_be_lengthened_serves_to_its_end)
{
    struct loopback_row rows[] = {{"POST /v1/token ", "503 Busy", ""}, {NULL}};
    struct login l;
    login_begin(&l, rows);
    put_session(&l, pem_of(&l), "2026-08-01T12:38:56Z");

    must_take(&l.scene, "OLD");
    login_end(&l);
}
END_TEST

START_TEST(a_login_that_is_over_says_how_to_log_in)
{
    static const struct {
        const char *status, *body, *message;
    } rows[] = {
        {"400 Bad", "{\"error\":\"TOKEN_EXPIRED\",\"message\":\"m\"}", "the login has expired"},
        {"400 Bad", "{\"error\":\"USER_CREDENTIALS_CHANGED\"}", "credentials have changed"},
        {"400 Bad", "{\"error\":\"INSUFFICIENT_PERMISSIONS\",\"message\":\"not refresh-1\"}",
         "aws login: the session is not lengthened: "},
        {"200 OK", "{}", "the answer has no keys in it"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct loopback_row answers[] = {{"POST /v1/token ", rows[i].status, rows[i].body}, {NULL}};
        struct login l;
        login_begin(&l, answers);
        put_session(&l, pem_of(&l), "2026-08-01T12:00:00Z");

        must_fail(&l.scene, rows[i].message);
        ck_assert(!str_has(l.scene.home.error.message, S("refresh-1")));
        ck_assert(i > 1 || str_has(l.scene.home.error.message, S("Run `aws login --profile dev`")));
        login_end(&l);
    }
}
END_TEST

START_TEST(without_a_whole_session_a_login_is_asked_for)
{
    static const char *const texts[] = {NULL, "no JSON", "{\"clientId\":\"c\"}"};
    for (size_t i = 0; i < 4; i++) {
        struct loopback_row none[] = {{NULL}};
        struct login l;
        login_begin(&l, none);
        if (i == 3) { /* a key that is none */
            put_session(&l, "-----BEGIN PRIVATE KEY-----\n", "2026-08-01T12:00:00Z");
        } else if (texts[i] != NULL) {
            FILE *file = fopen(l.file, "w");
            fputs(texts[i], file);
            fclose(file);
        }

        must_fail(&l.scene, "Run `aws login --profile dev`");
        ck_assert_int_eq(atomic_load(&l.scene.server.requests), 0);
        login_end(&l);
    }
}
END_TEST

static void random_that_differs(void *arg, void *bytes, size_t len)
{
    static unsigned char next;
    (void)arg;
    memset(bytes, ++next, len);
}

START_TEST(each_attempt_at_lengthening_a_login_has_a_proof_of_its_own)
{
    struct loopback_row rows[] = {
        {"POST /v1/token ", "503 Busy", "", .times = 1},
        {"POST /v1/token ", "200 OK", NEW_KEYS},
        {NULL},
    };
    struct login l;
    login_begin(&l, rows);
    l.scene.world.random = random_that_differs;
    put_session(&l, pem_of(&l), "2026-08-01T12:38:56Z");

    must_take(&l.scene, "NEW");
    struct doc *one = proof_of(&l, l.scene.server.request_before);
    struct doc *two = proof_of(&l, l.scene.server.last_request);
    ck_assert_int_eq(atomic_load(&l.scene.server.requests), 2);
    ck_assert(!str_eq(doc_get_text(one, S("jti")), doc_get_text(two, S("jti"))));
    login_end(&l);
}
END_TEST

#define TWO_HOURS_AGO "400 Bad\r\nDate: Sat, 01 Aug 2026 10:34:56 GMT"

START_TEST(a_login_is_lengthened_on_a_machine_whose_clock_is_two_hours_ahead)
{
    struct loopback_row rows[] = {
        {"POST /v1/token ", TWO_HOURS_AGO, "{\"error\":\"INVALID_REQUEST\"}", .times = 1},
        {"POST /v1/token ", "200 OK", NEW_KEYS},
        {NULL},
    };
    struct login l;
    login_begin(&l, rows);
    put_session(&l, pem_of(&l), "2026-08-01T10:36:56Z");

    must_take(&l.scene, "NEW");
    ck_assert_str(doc_get_text(proof_of(&l, l.scene.server.last_request), S("iat")),
                  arena_fmt(l.scene.home.arena, "%d", 1785587696 - 7200));
    login_end(&l);
}
END_TEST

START_TEST(a_login_that_only_a_wrong_clock_takes_for_expired_serves)
{
    struct loopback_row rows[] = {
        {"POST /v1/token ", TWO_HOURS_AGO, "{\"error\":\"INVALID_REQUEST\"}"},
        {NULL},
    };
    struct login l;
    login_begin(&l, rows);
    put_session(&l, pem_of(&l), "2026-08-01T10:45:56Z");

    must_take(&l.scene, "OLD");
    ck_assert_int_eq(atomic_load(&l.scene.server.requests), 1);
    login_end(&l);
}
END_TEST

static struct login *shared;

/* While we wait, another process that uses the login writes what it has got. */
static bool others_write(void *arg, struct stop_token *stop, int64_t ms)
{
    (void)arg, (void)stop, (void)ms;
    put_whole(shared, pem_of(shared), "OTHER", "refresh-2", "2026-08-01T12:49:56Z");
    return false;
}

START_TEST(a_login_that_another_process_has_lengthened_meanwhile_is_not_over)
{
    struct loopback_row rows[] = {
        {"refresh-1", "400 Bad", "{\"error\":\"TOKEN_EXPIRED\"}"},
        {NULL},
    };
    struct login l;
    login_begin(&l, rows);
    l.scene.world.wait_ms = others_write;
    shared = &l;
    put_session(&l, pem_of(&l), "2026-08-01T12:00:00Z");

    must_take(&l.scene, "OTHER");
    ck_assert_int_eq(atomic_load(&l.scene.server.requests), 1);
    login_end(&l);
}
END_TEST

static bool terminal_asked;

static int open_terminal(UI *ui)
{
    (void)ui;
    terminal_asked = true;
    return 0;
}

START_TEST(a_login_whose_key_has_a_password_asks_nobody_for_it)
{
    struct loopback_row none[] = {{NULL}};
    struct login l;
    login_begin(&l, none);
    UI_METHOD *terminal = UI_create_method("a terminal");
    UI_method_set_opener(terminal, open_terminal);
    UI_set_default_method(terminal);
    BIO *memory = BIO_new(BIO_s_mem());
    char *text;
    PEM_write_bio_PKCS8PrivateKey(memory, l.key, EVP_aes_256_cbc(), "sesame", 6, NULL, NULL);
    long len = BIO_get_mem_data(memory, &text);
    put_session(&l, arena_str(l.scene.home.arena, (struct str){text, (size_t)len}).ptr,
                "2026-08-01T12:00:00Z");

    must_fail(&l.scene, "the cached session's key cannot be read. Run `aws login --profile dev`");
    ck_assert(!terminal_asked);
    BIO_free(memory);
    UI_set_default_method(UI_OpenSSL());
    UI_destroy_method(terminal);
    login_end(&l);
}
END_TEST

TESTS("aws/credentials_login", a_login_serves_while_its_keys_live,
      a_login_whose_keys_end_soon_gets_new_ones_with_a_proof,
      a_login_that_cannot_be_lengthened_serves_to_its_end, a_login_that_is_over_says_how_to_log_in,
      without_a_whole_session_a_login_is_asked_for,
      a_login_whose_key_has_a_password_asks_nobody_for_it,
      each_attempt_at_lengthening_a_login_has_a_proof_of_its_own,
      a_login_is_lengthened_on_a_machine_whose_clock_is_two_hours_ahead,
      a_login_that_only_a_wrong_clock_takes_for_expired_serves,
      a_login_that_another_process_has_lengthened_meanwhile_is_not_over)
