#include "scene.h"

#include <openssl/evp.h>
#include <sys/stat.h>

/* ~/.aws/sso/cache/SHA1 of the session's name. */
static void put_login(struct scene *s, const char *session, const char *text)
{
    unsigned char sum[20];
    struct buf path = buf_in(s->home.arena, 4096);
    EVP_Digest(session, strlen(session), sum, NULL, EVP_sha1(), NULL);
    static const char *const folders[] = {"/.aws", "/sso", "/cache"};
    buf_putz(&path, s->home.dir);
    for (size_t i = 0; i < 3; i++) {
        buf_putz(&path, folders[i]);
        mkdir(arena_z(s->home.arena, buf_str(&path)), 0700);
    }
    buf_putc(&path, '/');
    for (size_t i = 0; i < 20; i++)
        buf_printf(&path, "%02x", sum[i]);
    buf_putz(&path, ".json");
    FILE *file = fopen(arena_z(s->home.arena, buf_str(&path)), "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void drop_logins(struct scene *s)
{
    struct str command = arena_fmt(s->home.arena, "rm -r '%s/.aws'", s->home.dir);
    ck_assert_int_eq(system(command.ptr), 0);
}

static void put_sso_profile(struct scene *s)
{
    put_config(&s->home, "[sso-session my]\nsso_start_url = https://x.awsapps.com/start\n"
                         "sso_region = eu-west-1\n"
                         "[profile dev]\nsso_session = my\nsso_account_id = 111122223333\n"
                         "sso_role_name = Admin\n");
    s->home.config.profile = S("dev");
}

START_TEST(a_login_gives_a_roles_keys)
{
    struct loopback_row rows[] = {
        {"GET /federation/credentials?role_name=Admin&account_id=111122223333 ", "200 OK",
         "{\"roleCredentials\":{\"accessKeyId\":\"SSO\",\"secretAccessKey\":\"s\","
         "\"sessionToken\":\"t\",\"expiration\":1785600000000}}"},
        {NULL},
    };
    struct scene s;
    scene_begin(&s, rows);
    put_sso_profile(&s);
    put_login(&s, "my", "{\"accessToken\":\"abc\",\"expiresAt\":\"2026-08-01T20:00:00Z\"}");

    must_take(&s, "SSO");
    ck_assert_int_eq(s.got.expires_ms, 1785600000000);
    ck_assert(was_asked(&s, "x-amz-sso_bearer_token: abc\r\n"));
    ck_assert(!was_asked(&s, "Authorization:"));
    drop_logins(&s);
    scene_end(&s);
}
END_TEST

START_TEST(a_login_that_is_over_says_how_to_log_in)
{
    static const struct {
        const char *cached, *message;
    } rows[] = {
        {"{\"accessToken\":\"abc\",\"expiresAt\":\"2026-08-01T12:00:00Z\"}",
         "the login has expired. Run `aws sso login --profile dev`"},
        {"{\"accessToken\":\"abc\",\"expiresAt\":\"2026-08-01T20:00:00Z\"}",
         "the login is not valid any more. Run `aws sso login --profile dev`"},
        {"{\"expiresAt\":\"2026-08-01T20:00:00Z\"}", "the cached token is not whole"},
        {"[", "the cached token cannot be read"},
        {NULL, "there is no token of a login. Run `aws sso login --profile dev`"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct loopback_row refusal[] = {
            {"GET /federation/", "401 Unauthorized", "{\"message\":\"Session token not found\"}"},
            {NULL}};
        struct scene s;
        scene_begin(&s, refusal);
        put_sso_profile(&s);
        if (rows[i].cached != NULL)
            put_login(&s, "my", rows[i].cached);
        must_fail(&s, rows[i].message);
        if (rows[i].cached != NULL)
            drop_logins(&s);
        scene_end(&s);
    }
}
END_TEST

START_TEST(a_login_that_ends_soon_is_lengthened_and_kept)
{
    struct loopback_row rows[] = {
        {"POST /token ", "200 OK",
         "{\"accessToken\":\"new\",\"expiresIn\":3600,\"refreshToken\":\"r-2\"}"},
        {"x-amz-sso_bearer_token: new\r\n", "200 OK",
         "{\"roleCredentials\":{\"accessKeyId\":\"SSO\",\"secretAccessKey\":\"s\","
         "\"sessionToken\":\"t\",\"expiration\":1785600000000}}"},
        {NULL},
    };
    struct scene s;
    scene_begin(&s, rows);
    put_sso_profile(&s);
    put_login(&s, "my",
              "{\"accessToken\":\"old\",\"expiresAt\":\"2026-08-01T12:00:00Z\",\"clientId\":\"c\","
              "\"clientSecret\":\"cs\",\"refreshToken\":\"r-1\","
              "\"registrationExpiresAt\":\"2026-09-01T00:00:00Z\"}");

    must_take(&s, "SSO");
    ck_assert_int_eq(atomic_load(&s.server.requests), 2);
    char kept[1024] = {0};
    FILE *file = fopen(s.home.client->settings.credentials->file.ptr, "r");
    ck_assert_ptr_nonnull(file);
    (void)!fread(kept, 1, sizeof kept - 1, file);
    fclose(file);
    ck_assert_ptr_nonnull(strstr(kept, "\"accessToken\":\"new\""));
    ck_assert_ptr_nonnull(strstr(kept, "\"expiresAt\":\"2026-08-01T13:34:56Z\""));
    ck_assert_ptr_nonnull(strstr(kept, "\"refreshToken\":\"r-2\""));
    ck_assert_ptr_nonnull(strstr(kept, "\"clientId\":\"c\""));
    drop_logins(&s);
    scene_end(&s);
}
END_TEST

TESTS("aws/credentials_sso", a_login_gives_a_roles_keys,
      a_login_that_ends_soon_is_lengthened_and_kept, a_login_that_is_over_says_how_to_log_in)
