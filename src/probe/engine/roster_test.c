#include "roster.h"

#include <hp/base/test.h>
#include <stdio.h>

enum { RANKS = 6 };

static struct expected_node expected_nodes[] = {
    {.name = S("workers-1"), .id = S("i-1"), .address = S("10.0.0.1"), .group = S("workers")},
    {.name = S("workers-2"), .id = S("i-2"), .address = S("10.0.0.2"), .group = S("workers")},
    {.name = S("workers-9"), .id = S("i-9"), .address = S("10.0.0.9"), .group = S("workers")},
};
static struct expected expected = {.count = 3, .nodes = expected_nodes};
static struct str addresses[RANKS] = {S("10.0.0.1"), S("10.0.0.2"), S("10.0.0.3"),
                                      S("fd00::4"),  S("10.0.0.5"), S("10.0.0.5")};
static struct card came[RANKS];
static struct card *cards[RANKS];
static struct probe_error error;

/* Two nodes that are expected, two that are not, two ranks of one machine. */
static bool make(struct arena *arena, const char *pairs, const char *group, struct roster *roster)
{
    static const char *const names[RANKS] = {"ip-1", "ip-2", "c", "d", "m", "m"};
    struct probe_options options = {.pairs = pairs};

    for (uint32_t i = 0; i < RANKS; i++) {
        came[i] = (struct card){.name = str_of(names[i]),
                                .group = i < 4 ? S("workers") : S("others"),
                                .address_count = 1,
                                .addresses = &addresses[i]};
        cards[i] = &came[i];
    }
    if (group != NULL)
        options.groups = (struct option_list){1, {str_of(group)}};
    error = (struct probe_error){0};
    return roster_make(arena, &options, &expected, cards, RANKS, roster, &error);
}

START_TEST(chosen_pairs_and_no_others_meet_once)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct roster roster;

    ck_assert_msg(
        make(arena, "workers-1:i-2,c:10.0.0.1,0:fd00::4,m/4:m/5,ip-2:ip-1", NULL, &roster), "%s",
        error.text);

    const bool *met = roster_meetings(&roster, arena);
    uint32_t meetings = 0;
    for (uint32_t round = 0; round < roster.rounds; round++)
        for (uint32_t r = 0; r < RANKS; r++) {
            uint32_t partner = roster_partner(&roster, round, r);
            ck_assert_uint_eq(roster_partner(&roster, round, partner), r);
            meetings += partner > r;
        }
    ck_assert_uint_eq(roster.pair_count, 4);
    ck_assert_uint_eq(meetings, 4);
    ck_assert_uint_eq(roster.rounds, 3);
    ck_assert(met[0 * RANKS + 1] && met[2 * RANKS + 0] && met[0 * RANKS + 3] && met[4 * RANKS + 5]);
    ck_assert(!met[1 * RANKS + 2] && !met[2 * RANKS + 3]);
}
END_TEST

START_TEST(a_pair_of_nobody_is_refused_with_its_place)
{
    static const struct {
        const char *pairs, *group, *says;
    } rows[] = {
        {"c:d,c:nobody", NULL,
         "--pairs, pair 2 (c:nobody): no node is called nobody; there are ip-1, ip-2, c, d, m/4, "
         "m/5"},
        {"c:7", NULL, "no node is called 7"},
        {"c:m", NULL, "several ranks are called m"},
        {"c:10.0.0.3", NULL, "a node is no pair with itself"},
        {"c:workers-9", NULL, "none of these pairs has two nodes that came"},
        {"c:d,c:m/4", "workers", "pair 2 (c:m/4): m/4 is in none of the groups"},
        {NULL, "nothing", "a pair needs two"},
    };
    struct roster roster;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
        ck_assert_msg(!make(arena, rows[i].pairs, rows[i].group, &roster), "%s", rows[i].says);
        ck_assert_int_eq(error.exit_code, EXIT_BAD_USAGE);
        ck_assert_msg(strstr(error.text, rows[i].says) != NULL, "%s", error.text);
    }
}
END_TEST

START_TEST(a_pair_whose_node_never_came_is_left_out)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct roster roster;

    ck_assert(make(arena, "c:workers-9,c:d", NULL, &roster));

    ck_assert_uint_eq(roster.pair_count, 1);
    ck_assert_uint_eq(roster_partner(&roster, 0, 2), 3);
}
END_TEST

START_TEST(nodes_of_other_groups_stand_by)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct roster roster;

    ck_assert(make(arena, NULL, "workers", &roster));

    const bool *met = roster_meetings(&roster, arena);
    ck_assert_uint_eq(roster.rounds, 3);
    for (uint32_t a = 0; a < RANKS; a++)
        for (uint32_t b = 0; b < RANKS; b++)
            if (a != b)
                ck_assert_int_eq(met[a * RANKS + b], a < 4 && b < 4);
}
END_TEST

START_TEST(all_ranks_meet_when_nothing_is_chosen)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct roster roster;

    ck_assert(make(arena, NULL, NULL, &roster));

    ck_assert_ptr_null(roster_meetings(&roster, arena));
    ck_assert_uint_eq(roster.rounds, RANKS - 1);
}
END_TEST

TESTS("probe/roster", chosen_pairs_and_no_others_meet_once,
      a_pair_of_nobody_is_refused_with_its_place, a_pair_whose_node_never_came_is_left_out,
      nodes_of_other_groups_stand_by, all_ranks_meet_when_nothing_is_chosen)
