#include "inside.h"

#include <hp/base/test.h>

START_TEST(a_matching_has_everyone_once_and_is_the_same_again)
{
    for (uint32_t count = 1; count < 130; count++) {
        uint32_t order[130], again[130];
        bool seen[130] = {false};

        aside_matching(count * 77, count, order);
        aside_matching(count * 77, count, again);

        for (uint32_t i = 0; i < count; i++) {
            ck_assert_uint_lt(order[i], count);
            ck_assert(!seen[order[i]]);
            seen[order[i]] = true;
            ck_assert_uint_eq(order[i], again[i]);
        }
    }
}
END_TEST

START_TEST(another_seed_is_another_matching)
{
    uint32_t one[64], other[64], same = 0;

    aside_matching(1, 64, one);
    aside_matching(2, 64, other);

    for (uint32_t i = 0; i < 64; i++)
        same += one[i] == other[i];
    ck_assert_uint_lt(same, 16);
}
END_TEST

START_TEST(across_no_rail_meets_its_own_number_and_none_is_met_twice)
{
    for (uint64_t seed = 0; seed < 200; seed++)
        for (uint32_t rails = 2; rails <= PROBE_MAX_RAILS; rails *= 2) {
            uint8_t to[PROBE_MAX_RAILS];
            bool seen[PROBE_MAX_RAILS] = {false};

            aside_across(seed, rails, to);

            for (uint32_t i = 0; i < rails; i++) {
                ck_assert_uint_lt(to[i], rails);
                ck_assert_uint_ne(to[i], i);
                ck_assert(!seen[to[i]]);
                seen[to[i]] = true;
            }
        }
}
END_TEST

/* Ranks of four rails and of one, chosen in many ways. */
START_TEST(what_is_measured_beside_the_matrix_depends_on_what_is_there)
{
    struct probe_options options = {.tests = TEST_RAILS | TEST_CROSS | TEST_BISECTION};
    struct card many = {.rail_count = 4, .provider = S("efa")}, one = {.rail_count = 1};
    struct card *cards[] = {&many, &many, &many, &many};
    uint32_t members[] = {0, 1, 2, 3};
    struct engine engine = {.options = &options,
                            .cards = cards,
                            .size = 4,
                            .roster = {.size = 4, .count = 4, .members = members, .rounds = 3}};

    for (int kind = 0; kind < PROBE_ASIDES; kind++)
        ck_assert(aside_is_possible(&engine, (enum probe_aside_kind)kind));
    many.provider = S("tcp;ofi_rxm");
    ck_assert(!aside_is_possible(&engine, PROBE_ASIDE_CROSS));
    options.tests_named = true;
    ck_assert(aside_is_possible(&engine, PROBE_ASIDE_CROSS));
    engine.roster.chosen = true;
    ck_assert(!aside_is_possible(&engine, PROBE_ASIDE_BISECTION));
    engine.roster.chosen = false;
    engine.roster.count = 3;
    ck_assert(!aside_is_possible(&engine, PROBE_ASIDE_BISECTION));
    cards[0] = cards[1] = cards[2] = cards[3] = &one;
    ck_assert(!aside_is_possible(&engine, PROBE_ASIDE_RAILS));
    ck_assert(!aside_is_possible(&engine, PROBE_ASIDE_CROSS));
}
END_TEST

TESTS("probe/aside", a_matching_has_everyone_once_and_is_the_same_again,
      another_seed_is_another_matching, across_no_rail_meets_its_own_number_and_none_is_met_twice,
      what_is_measured_beside_the_matrix_depends_on_what_is_there)
