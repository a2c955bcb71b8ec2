#include "schedule.h"

#include <hp/base/test.h>

static uint8_t met[1024][1024];

/* Each round is disjoint pairs that agree on each other; ret: how many pairs were met. */
static uint64_t walk(uint32_t n, bool quick)
{
    uint64_t pairs = 0, wrong = 0;

    for (uint32_t a = 0; a < n; a++)
        memset(met[a], 0, n);
    for (uint32_t r = 0; r < schedule_rounds(n, quick); r++)
        for (uint32_t a = 0; a < n; a++) {
            uint32_t b = schedule_partner(n, quick, r, a);
            wrong += b >= n || schedule_partner(n, quick, r, b) != a || (b != a && met[a][b]);
            if (b >= n || b == a)
                continue;
            met[a][b] = 1;
            pairs += a < b;
        }
    ck_assert_uint_eq(wrong, 0);
    return pairs;
}

START_TEST(each_pair_comes_exactly_once)
{
    for (uint32_t n = 2; n <= 257; n++)
        ck_assert_uint_eq(walk(n, false), (uint64_t)n * (n - 1) / 2);
    ck_assert_uint_eq(walk(1000, false), 499500);
    ck_assert_uint_eq(schedule_rounds(1000, false), 999);
}

START_TEST(quick_meets_as_many_pairs_as_it_says_and_each_node_enough_partners)
{
    for (uint32_t n = 2; n <= 200; n++)
        ck_assert_uint_eq(walk(n, true), schedule_pairs(n, true));
    ck_assert_uint_eq(schedule_rounds(1000, true), 12);
    ck_assert_uint_eq(schedule_rounds(4, true), 3);
    walk(1000, true);
    for (uint32_t a = 0; a < 1000; a++) {
        uint32_t partners = 0;
        for (uint32_t b = 0; b < 1000; b++)
            partners += met[a][b];
        ck_assert_uint_eq(partners, 12);
    }
}

START_TEST(no_node_always_starts)
{
    uint32_t starts[16] = {0};

    for (uint32_t r = 0; r < schedule_rounds(16, false); r++)
        for (uint32_t a = 0; a < 16; a++)
            starts[a] += schedule_starts(r, a, schedule_partner(16, false, r, a)) == a;
    for (uint32_t a = 0; a < 16; a++) {
        ck_assert_uint_ge(starts[a], 4);
        ck_assert_uint_le(starts[a], 11);
    }
}

START_TEST(one_node_has_nobody_to_meet)
{
    ck_assert_uint_eq(schedule_rounds(1, false), 0);
    ck_assert_uint_eq(schedule_rounds(0, true), 0);
    ck_assert_uint_eq(schedule_pairs(1, false), 0);
}

TESTS("probe/schedule", each_pair_comes_exactly_once,
      quick_meets_as_many_pairs_as_it_says_and_each_node_enough_partners, no_node_always_starts,
      one_node_has_nobody_to_meet)
