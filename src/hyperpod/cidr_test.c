#include "cidr.h"

#include <hp/base/test.h>

START_TEST(good_blocks_are_written_as_aws_writes_them)
{
    static const char *const rows[][2] = {
        {"10.0.0.0/8", "10.0.0.0/8"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"10.1.2.3/32", "10.1.2.3/32"},
        {"::/0", "::/0"},
        {"0:0::0/0", "::/0"},
        {"2001:DB8:0::/32", "2001:db8::/32"},
        {"fd00::1/128", "fd00::1/128"},
        {"10.128.0.0/9", "10.128.0.0/9"},
        {"2001:db8::/33", "2001:db8::/33"},
    };
    struct arena *arena = arena_new(1 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cidr cidr;
        struct str why = S("");
        ck_assert_msg(cidr_from(arena, str_of(rows[i][0]), &cidr, &why), "%.*s", STR(why));
        ck_assert_str(cidr_text(arena, &cidr), str_of(rows[i][1]));
        ck_assert_str(cidr_canonical(arena, str_of(rows[i][0])), str_of(rows[i][1]));
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_bad_block_is_refused_with_the_reason)
{
    static const char *const rows[][2] = {
        {"10.0.0.1/8", "\"10.0.0.1/8\" has bits past its prefix; did you mean \"10.0.0.0/8\"?"},
        {"10.255.0.0/9", "did you mean \"10.128.0.0/9\"?"},
        {"2001:db8::1/32", "did you mean \"2001:db8::/32\"?"},
        {"10.0.0.0", "one address is written \"10.0.0.0/32\""},
        {"::1", "one address is written \"::1/128\""},
        {"", "\"\" is not a CIDR block"},
        {"/8", "is not a CIDR block"},
        {"10.0.0.0/", "IPv4 has 0 to 32"},
        {"10.0.0.0/33", "IPv4 has 0 to 32"},
        {"10.0.0.0/08", "IPv4 has 0 to 32"},
        {"10.0.0.0/+8", "IPv4 has 0 to 32"},
        {"10.0.0.0/99999999999999999999", "IPv4 has 0 to 32"},
        {"::/129", "IPv6 has 0 to 128"},
        {"10.0.0/8", "is not a CIDR block"},
        {"010.0.0.0/8", "is not a CIDR block"},
        {"256.0.0.0/8", "is not a CIDR block"},
        {"10.0.0.0 /8", "is not a CIDR block"},
        {"1:2:3:4:5:6:7:8:9/64", "is not a CIDR block"},
        {"vpc", "is not a CIDR block"},
    };
    struct arena *arena = arena_new(1 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cidr cidr;
        struct str why = S("");
        ck_assert_msg(!cidr_from(arena, str_of(rows[i][0]), &cidr, &why), "%s", rows[i][0]);
        ck_assert_msg(str_has(why, str_of(rows[i][1])), "%s: %.*s", rows[i][0], STR(why));
        ck_assert_str(cidr_canonical(arena, str_of(rows[i][0])), str_of(rows[i][0]));
    }
    arena_free(arena);
}
END_TEST

TESTS("hyperpod/cidr", good_blocks_are_written_as_aws_writes_them,
      a_bad_block_is_refused_with_the_reason)
