#include "cidr.h"
#include <hp/base/test.h>

START_TEST(a_block_loses_the_bits_of_its_host)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct cidr cidr;

    ck_assert(cidr_parse(S("10.1.2.3/8"), &cidr));
    ck_assert_str(cidr_text(arena, cidr), S("10.0.0.0/8"));
    ck_assert(cidr_parse(S("0.0.0.0/0"), &cidr));
    ck_assert_uint_eq(cidr_size(cidr), UINT64_C(1) << 32);
    ck_assert(cidr_parse(S("255.255.255.255/32"), &cidr));
    ck_assert_str(cidr_text(arena, cidr), S("255.255.255.255/32"));
}
END_TEST

START_TEST(what_is_no_block_is_refused)
{
    static const char *const bad[] = {
        "",           "10.0.0/8",     "10.0.0.0",    "10.0.0.0/33", "10.0.0.0/-1",
        "10.0.0.0/",  "10.0.0.256/8", "10.0.0.0/8 ", "::/0",        "10.0.0.0/+8",
        "1.2.3.4.5/8"};
    struct cidr cidr = {7, 7};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!cidr_parse(str_of(bad[i]), &cidr), "%s was taken", bad[i]);
    ck_assert_uint_eq(cidr.first, 7);
}
END_TEST

START_TEST(blocks_lie_inside_others_or_overlap_them)
{
    struct cidr wide, part, other;

    ck_assert(cidr_parse(S("10.0.0.0/16"), &wide));
    ck_assert(cidr_parse(S("10.0.128.0/17"), &part));
    ck_assert(cidr_parse(S("10.1.0.0/16"), &other));
    ck_assert(cidr_inside(part, wide));
    ck_assert(!cidr_inside(wide, part));
    ck_assert(cidr_overlap(wide, part));
    ck_assert(!cidr_overlap(part, other));
}
END_TEST

START_TEST(blocks_of_ipv6_take_their_canonical_form)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct str text = S("untouched");

    ck_assert(!cidr6_canonical(arena, S("2001:db8::/129"), &text));
    ck_assert(!cidr6_canonical(arena, S("10.0.0.0/8"), &text));
    ck_assert_str(text, S("untouched"));
    ck_assert(cidr6_canonical(arena, S("2001:DB8:0:0::1/33"), &text));
    ck_assert_str(text, S("2001:db8::/33"));
    ck_assert(cidr6_canonical(arena, S("::/0"), &text));
    ck_assert_str(text, S("::/0"));
}
END_TEST

START_TEST(blocks_of_ipv6_lie_inside_others)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct cidr6 wide, part, other, address;

    ck_assert(cidr6_parse(S("2600:1f14:0:ff00::/56"), &wide));
    ck_assert(cidr6_parse(S("2600:1f14:0:ff80::1/60"), &part));
    ck_assert(cidr6_parse(S("2600:1f14:1::/64"), &other));
    ck_assert_str(cidr6_text(arena, &part), S("2600:1f14:0:ff80::/60"));
    ck_assert(cidr6_inside(&part, &wide));
    ck_assert(!cidr6_inside(&wide, &part));
    ck_assert(cidr6_overlap(&wide, &part));
    ck_assert(!cidr6_overlap(&other, &wide));
    ck_assert(address6_parse(S("2600:1F14:0:ff81::A"), &address));
    ck_assert(cidr6_inside(&address, &part));
    ck_assert_str(address6_text(arena, &address), S("2600:1f14:0:ff81::a"));
    ck_assert(!address6_parse(S("2600:1f14:0:ff81::a/64"), &address));
    ck_assert(!cidr6_parse(S("10.0.0.0/8"), &wide));
}
END_TEST

TESTS("sim/cidr", blocks_of_ipv6_lie_inside_others, a_block_loses_the_bits_of_its_host,
      what_is_no_block_is_refused, blocks_lie_inside_others_or_overlap_them,
      blocks_of_ipv6_take_their_canonical_form)
