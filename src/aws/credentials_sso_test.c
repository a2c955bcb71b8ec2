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

#define OVER                                                                                       \
    "{\"accessToken\":\"old\",\"expiresAt\":\"2026-08-01T12:00:00Z\",\"clientId\":\"c\","          \
    "\"clientSecret\":\"cs\",\"refreshToken\":\"r-1\","                                            \
    "\"registrationExpiresAt\":\"2026-09-01T00:00:00Z\"}"

START_TEST(a_login_that_trouble_keeps_from_being_lengthened_needs_no_new_login)
{
    struct loopback_row rows[] = {{"POST /token ", "503 Busy", "later"}, {NULL}};
    for (int nobody = 0; nobody < 2; nobody++) {
        struct scene s;
        scene_begin(&s, rows);
        put_sso_profile(&s);
        put_login(&s, "my", OVER);
        if (nobody)
            s.endpoints[2].url = S("http://127.0.0.1:1");

        must_fail(&s, "IAM Identity Center (SSO): the login has expired, and is not lengthened: ");
        ck_assert(str_has(s.home.error.message, nobody
                                                    ? S("no answer from http://127.0.0.1:1/token")
                                                    : S("/token answered HTTP 503")));
        ck_assert(!str_has(s.home.error.message, S("aws sso login")));
        drop_logins(&s);
        scene_end(&s);
    }
}
END_TEST

START_TEST(a_login_that_the_service_does_not_lengthen_is_asked_for)
{
    struct loopback_row rows[] = {
        {"POST /token ", "400 Bad", "{\"error\":\"invalid_grant\"}"},
        {NULL},
    };
    struct scene s;
    scene_begin(&s, rows);
    put_sso_profile(&s);
    put_login(&s, "my", OVER);

    must_fail(&s, "the login has expired. Run `aws sso login --profile dev`");
    drop_logins(&s);
    scene_end(&s);
}
END_TEST

START_TEST(a_stop_while_a_login_is_lengthened_is_a_stop)
{
    struct loopback_row none[] = {{NULL}};
    struct scene s;
    scene_begin(&s, none);
    put_sso_profile(&s);
    put_login(&s, "my", OVER);
    ck_assert(
        client_new(&s.world, &s.home.config, NULL, s.home.arena, &s.home.client, &s.home.error));
    struct stop_source *source = stop_source_new();
    struct fetch fetch = fetch_of(&s);
    fetch.stop = stop_token_new(source);
    stop_now(source);

    ck_assert(!vault_take(s.home.client->vault, &fetch, &s.got, &s.home.error));
    ck_assert_int_eq(s.home.error.kind, AWS_STOPPED);
    stop_token_free(fetch.stop);
    stop_source_free(source);
    drop_logins(&s);
    scene_end(&s);
}
END_TEST

START_TEST(a_login_that_only_a_wrong_clock_takes_for_expired_serves)
{
    static const char *const logins[] = {
        "{\"accessToken\":\"old\",\"expiresAt\":\"2026-08-01T12:00:00Z\"}", OVER};
    for (size_t i = 0; i < 2; i++) {
        struct loopback_row rows[] = {
            {"POST /token ", "400 Bad\r\nDate: Sat, 01 Aug 2026 10:34:56 GMT", ""},
            {"x-amz-sso_bearer_token: old\r\n", "200 OK\r\nDate: Sat, 01 Aug 2026 10:34:56 GMT",
             "{\"roleCredentials\":{\"accessKeyId\":\"SSO\",\"secretAccessKey\":\"s\","
             "\"sessionToken\":\"t\",\"expiration\":1785600000000}}"},
            {NULL},
        };
        struct scene s;
        scene_begin(&s, rows);
        put_sso_profile(&s);
        put_login(&s, "my", logins[i]);

        must_take(&s, "SSO");
        drop_logins(&s);
        scene_end(&s);
    }
}
END_TEST

START_TEST(what_a_killed_process_left_beside_a_login_is_in_nobodys_way)
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
    put_login(&s, "my", OVER);
    ck_assert(
        client_new(&s.world, &s.home.config, NULL, s.home.arena, &s.home.client, &s.home.error));
    struct str file = s.home.client->settings.credentials->file;
    FILE *left = fopen(arena_fmt(s.home.arena, "%.*s.%d", STR(file), (int)getpid()).ptr, "w");
    ck_assert_ptr_nonnull(left);
    fclose(left);

    must_take(&s, "SSO");
    char kept[1024] = {0};
    FILE *cache = fopen(file.ptr, "r");
    ck_assert_ptr_nonnull(cache);
    (void)!fread(kept, 1, sizeof kept - 1, cache);
    fclose(cache);
    ck_assert_ptr_nonnull(strstr(kept, "\"refreshToken\":\"r-2\""));
    drop_logins(&s);
    scene_end(&s);
}
END_TEST

START_TEST(a_login_that_ended_days_ago_is_over_by_any_clock)
{
    struct loopback_row none[] = {{NULL}};
    struct scene s;
    scene_begin(&s, none);
    put_sso_profile(&s);
    put_login(&s, "my", "{\"accessToken\":\"old\",\"expiresAt\":\"2026-07-31T12:34:56Z\"}");

    must_fail(&s, "the login has expired. Run `aws sso login --profile dev`");
    ck_assert_int_eq(atomic_load(&s.server.requests), 0);
    drop_logins(&s);
    scene_end(&s);
}
END_TEST

TESTS("aws/credentials_sso", a_login_gives_a_roles_keys,
      a_login_that_ends_soon_is_lengthened_and_kept, a_login_that_is_over_says_how_to_log_in,
      a_login_that_trouble_keeps_from_being_lengthened_needs_no_new_login,
      a_login_that_the_service_does_not_lengthen_is_asked_for,
      a_stop_while_a_login_is_lengthened_is_a_stop,
      a_login_that_only_a_wrong_clock_takes_for_expired_serves,
      a_login_that_ended_days_ago_is_over_by_any_clock,
      what_a_killed_process_left_beside_a_login_is_in_nobodys_way)
