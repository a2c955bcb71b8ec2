#include "handshake.h"
#include <hp/base/test.h>

static struct str env_of(void *arg, const char *name)
{
    const char *const *pairs = arg;
    for (size_t i = 0; pairs[i] != NULL; i += 2)
        if (strcmp(pairs[i], name) == 0)
            return str_of(pairs[i + 1]);
    return (struct str){NULL, 0};
}

#define COOKIE "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

START_TEST(the_right_cookie_makes_it_a_plugin)
{
    static const char *const cases[][3] = {
        {"TF_PLUGIN_MAGIC_COOKIE", COOKIE, NULL},
        {"TF_PLUGIN_MAGIC_COOKIE", "wrong", NULL},
        {"TF_PLUGIN_MAGIC_COOKIE", "", NULL},
        {"OTHER", COOKIE, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world world = {.env = env_of, .arg = (void *)cases[i]};
        ck_assert_int_eq(handshake_read(&world).asked, i == 0);
    }
}
END_TEST

START_TEST(empty_variables_count_as_absent)
{
    static const char *const pairs[] = {"PLUGIN_CLIENT_CERT",
                                        "",
                                        "PLUGIN_UNIX_SOCKET_DIR",
                                        "",
                                        "PLUGIN_UNIX_SOCKET_GROUP",
                                        "staff",
                                        NULL};
    struct world world = {.env = env_of, .arg = (void *)pairs};

    struct handshake handshake = handshake_read(&world);

    ck_assert_ptr_null(handshake.certificate.ptr);
    ck_assert_ptr_null(handshake.folder.ptr);
    ck_assert_str(handshake.group, S("staff"));
    ck_assert(!handshake.told_multiplex);
}
END_TEST

START_TEST(the_line_has_six_fields_and_a_seventh_when_multiplexing_is_spoken_of)
{
    struct arena *arena = arena_new(1 << 20);
    struct handshake plain = {0}, told = {.told_multiplex = true};

    ck_assert_str(handshake_line(arena, &plain, "/tmp/s", S("MIIB")),
                  S("1|6|unix|/tmp/s|grpc|MIIB\n"));
    ck_assert_str(handshake_line(arena, &plain, "/tmp/s", S("")), S("1|6|unix|/tmp/s|grpc|\n"));
    ck_assert_str(handshake_line(arena, &told, "/tmp/s", S("")),
                  S("1|6|unix|/tmp/s|grpc||false\n"));
    arena_free(arena);
}
END_TEST

START_TEST(reattaching_names_every_address)
{
    static const char *const addresses[] = {"a.example/x/y", "b.example/x/y", NULL};
    struct arena *arena = arena_new(1 << 20);

    ck_assert_str(handshake_reattach(arena, addresses, 7, "/tmp/a\"b"),
                  S("{\"a.example/x/y\":{\"Protocol\":\"grpc\",\"ProtocolVersion\":6,\"Pid\":7,"
                    "\"Test\":true,\"Addr\":{\"Network\":\"unix\",\"String\":\"/tmp/a\\\"b\"}},"
                    "\"b.example/x/y\":{\"Protocol\":\"grpc\",\"ProtocolVersion\":6,\"Pid\":7,"
                    "\"Test\":true,\"Addr\":{\"Network\":\"unix\",\"String\":\"/tmp/a\\\"b\"}}}"));
    arena_free(arena);
}
END_TEST

TESTS("plugin/handshake", the_right_cookie_makes_it_a_plugin, empty_variables_count_as_absent,
      the_line_has_six_fields_and_a_seventh_when_multiplexing_is_spoken_of,
      reattaching_names_every_address)
