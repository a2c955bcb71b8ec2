#include <hp/base/secret.h>
#include <hp/base/test.h>

START_TEST(a_secret_is_a_copy_of_its_own)
{
    char origin[] = "hush";
    struct secret secret = secret_of(str_of(origin)), copy = secret_copy(&secret);
    wipe(origin, sizeof origin - 1);

    ck_assert_str(secret_reveal(&secret), S("hush"));
    secret_done(&secret);
    ck_assert_str(secret_reveal(&copy), S("hush"));
    secret_done(&copy);
}
END_TEST

START_TEST(an_ended_secret_is_not_set_and_may_end_again)
{
    struct secret secret = secret_of(S("hush")), none = {0};

    secret_done(&secret);
    ck_assert(!secret_is_set(&secret));
    ck_assert_str(secret_reveal(&secret), S(""));
    secret_done(&secret);
    secret_done(&none);
    struct secret copy = secret_copy(&none);
    ck_assert(!secret_is_set(&copy));
}
END_TEST

START_TEST(an_empty_secret_is_set)
{
    struct secret secret = secret_of(S(""));
    ck_assert(secret_is_set(&secret));
    ck_assert_str(secret_reveal(&secret), S(""));
    secret_done(&secret);
}
END_TEST

START_TEST(wiping_leaves_zeros)
{
    char bytes[] = "secret", zeros[sizeof bytes] = {0};
    wipe(bytes, sizeof bytes);
    wipe(NULL, 0);
    ck_assert_mem_eq(bytes, zeros, sizeof bytes);
}
END_TEST

TESTS("base/secret", a_secret_is_a_copy_of_its_own, an_ended_secret_is_not_set_and_may_end_again,
      an_empty_secret_is_set, wiping_leaves_zeros)
