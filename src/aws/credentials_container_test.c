/* The container's service: who is asked, with what, and what is made of its answers. */
#include "scene.h"

START_TEST(a_container_is_asked_with_its_token_and_again_after_a_5xx)
{
    struct loopback_row rows[] = {
        {"GET /v1/creds ", "503 Busy", "", .times = 1},
        {"GET /v1/creds ", "200 OK", KEYS_OF_METADATA},
        {NULL},
    };
    struct scene s;
    scene_begin(&s, rows);
    put_file(&s.home, "config", "bearer 7\n");
    set_env(&s.home, "AWS_CONFIG_FILE", "/dev/null");
    set_env(&s.home, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file_of(&s.home, "config").ptr);
    struct str url = arena_fmt(s.home.arena, "http://127.0.0.1:%d/v1/creds", s.server.port);
    set_env(&s.home, "AWS_CONTAINER_CREDENTIALS_FULL_URI", url.ptr);

    must_take(&s, "BOX");
    ck_assert(was_asked(&s, "Authorization: bearer 7\r\n"));
    ck_assert_int_eq(atomic_load(&s.server.requests), 2);
    scene_end(&s);
}
END_TEST

START_TEST(a_container_that_refuses_or_answers_nonsense_is_told)
{
    static const struct {
        const char *status, *body, *message;
    } answers[] = {
        {"403 Forbidden", "no such task", "answered HTTP 403: no such task"},
        {"200 OK", "hello", "is no JSON object"},
        {"200 OK", "{\"AccessKeyId\":\"A\"}", "has no AccessKeyId or no SecretAccessKey"},
        {"200 OK", "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Expiration\":\"soon\"}",
         "has an Expiration that is no time"},
        {"200 OK",
         "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Expiration\":\"2020-01-01T00:00:"
         "00Z\"}",
         "had expired already"},
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct loopback_row rows[] = {{"GET /c ", answers[i].status, answers[i].body}, {NULL}};
        struct scene s;
        scene_begin(&s, rows);
        struct str url = arena_fmt(s.home.arena, "http://localhost:%d/c", s.server.port);
        set_env(&s.home, "AWS_CONTAINER_CREDENTIALS_FULL_URI", url.ptr);
        must_fail(&s, answers[i].message);
        scene_end(&s);
    }
}
END_TEST

START_TEST(a_relative_address_is_one_of_the_tasks_own_service)
{
    static const char *const paths[] = {"/v2/credentials/7", "v2/credentials/7"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct home home;
        home_begin(&home);
        home.config.region = S("us-west-2");
        set_env(&home, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", paths[i]);
        set_env(&home, "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/");

        ck_assert(look(&home));
        ck_assert_str(home.client->settings.credentials->url,
                      S("http://169.254.170.2/v2/credentials/7"));
        home_end(&home);
    }
}
END_TEST

START_TEST(a_container_address_elsewhere_is_not_asked_in_the_clear)
{
    static const char *const urls[] = {"http://example.com/c", "http://127.0.0.1.example.com/c",
                                       "http://169.254.169.254/c", "ftp://localhost/"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct loopback_row none[] = {{NULL}};
        struct scene s;
        scene_begin(&s, none);
        set_env(&s.home, "AWS_CONTAINER_CREDENTIALS_FULL_URI", urls[i]);
        must_fail(&s, "without TLS only");
        scene_end(&s);
    }
}
END_TEST

START_TEST(a_password_in_the_containers_address_is_not_told)
{
    static const char *const urls[] = {
        "http://ada:hunter2pw@10.0.0.1/c", "https://ada:hunter2pw@example.com/c",
        "https://ada:hunter2pw@127.0.0.1", "http://localhost@example.com/",
        "https://ada:hunter2pw/7@host/c",  "ada:hunter2pw@localhost/c"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct loopback_row none[] = {{NULL}};
        struct scene s;
        scene_begin(&s, none);
        set_env(&s.home, "AWS_CONTAINER_CREDENTIALS_FULL_URI", urls[i]);
        must_fail(&s,
                  "AWS_CONTAINER_CREDENTIALS_FULL_URI (not shown, since it may hold a password");
        ck_assert(!str_has(s.home.error.message, S("hunter2pw")));
        scene_end(&s);
    }
}
END_TEST

TESTS("aws/credentials_container", a_container_is_asked_with_its_token_and_again_after_a_5xx,
      a_container_that_refuses_or_answers_nonsense_is_told,
      a_relative_address_is_one_of_the_tasks_own_service,
      a_container_address_elsewhere_is_not_asked_in_the_clear,
      a_password_in_the_containers_address_is_not_told)
