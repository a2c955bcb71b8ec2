#include "selftest.h"

#include <hp/base/test.h>

static struct str fake_env(void *arg, const char *name)
{
    (void)arg, (void)name;
    return (struct str){0};
}

static const struct world world = {.env = fake_env};

static int tried_as(const char *provider, const char *profile, char *text, size_t room)
{
    struct probe_options options = {.provider = provider, .profile = profile};
    FILE *out = fmemopen(text, room, "w");
    int code = selftest(&options, &world, "/nonexistent", out);

    fclose(out);
    return code;
}

static int tried(const char *provider, char *text, size_t room)
{
    return tried_as(provider, NULL, text, room);
}

START_TEST(a_type_whose_devices_are_not_there_fails)
{
    char text[8192] = "";

    ck_assert_msg(tried_as(NULL, "p5.48xlarge", text, sizeof text) == EXIT_FAIL, "%s", text);
    ck_assert_ptr_nonnull(strstr(text, "not ok - no-efa: p5.48xlarge has 32 EFA devices, none"));
    ck_assert_int_eq(tried_as(NULL, "nope", text, sizeof text), EXIT_BAD_DATA);
}
END_TEST

START_TEST(a_node_without_efa_is_tried_over_tcp)
{
    char text[8192] = "";

    ck_assert_msg(tried(NULL, text, sizeof text) == EXIT_PASS, "%s", text);
    ck_assert_ptr_nonnull(strstr(text, "carries bytes to itself and keeps them"));
    ck_assert_ptr_nonnull(strstr(text, "note - libfabric 1."));
    ck_assert_ptr_null(strstr(text, "not ok"));
}
END_TEST

START_TEST(without_a_device_it_says_what_to_look_at)
{
    char text[8192] = "";

    ck_assert_int_eq(tried("efa", text, sizeof text), EXIT_UNAVAILABLE);
    ck_assert_ptr_nonnull(strstr(text, "/dev/infiniband/uverbs"));
}
END_TEST

TESTS("probe/selftest", a_node_without_efa_is_tried_over_tcp,
      without_a_device_it_says_what_to_look_at, a_type_whose_devices_are_not_there_fails)
