#include "roster.h"

#include "judge/schedule.h"

#include <hp/base/buf.h>

enum { NAMES_TOLD = 8 };

/* While names are looked up. */
struct lookup {
    struct arena *arena;
    const struct expected *expected;
    struct card *const *cards;
    const struct roster *roster;
    const struct expected_node **known; /* of each rank; NULL: nobody expected it */
};

const struct expected_node *roster_expected(const struct expected *expected,
                                            const struct card *card)
{
    const struct expected_node *node = expected_of(expected, S(""), card->name);

    for (uint32_t i = 0; i < card->address_count && node == NULL; i++)
        node = expected_of(expected, card->addresses[i], S(""));
    return node;
}

/* "host/3": what the report calls the ranks of one machine. */
static bool is_numbered(const struct card *card, uint32_t rank, struct str name)
{
    int64_t number;

    return str_starts(name, card->name) && name.len > card->name.len &&
           name.ptr[card->name.len] == '/' &&
           str_to_int64(str_from(name, card->name.len + 1), &number) && number == (int64_t)rank;
}

/* meant: who is expected under this name; NULL: nobody. */
static bool is_called(const struct lookup *look, uint32_t rank, struct str name,
                      const struct expected_node *meant)
{
    const struct card *card = look->cards[rank];

    if (str_eq(card->name, name) || is_numbered(card, rank, name))
        return true;
    for (uint32_t i = 0; i < card->address_count; i++)
        if (str_eq(card->addresses[i], name))
            return true;
    return meant != NULL && look->known[rank] == meant;
}

enum found { FOUND_NOBODY, FOUND_ONE, FOUND_ABSENT, FOUND_SEVERAL };

/* A name, an id or an address; else the number of a rank. */
static enum found find(const struct lookup *look, struct str name, uint32_t *ret_rank)
{
    const struct expected_node *meant = expected_of(look->expected, name, name);
    uint32_t found = 0;
    int64_t number;

    for (uint32_t r = 0; r < look->roster->size; r++)
        if (look->cards[r] != NULL && is_called(look, r, name, meant) && found++ == 0)
            *ret_rank = r;
    if (found > 0)
        return found == 1 ? FOUND_ONE : FOUND_SEVERAL;
    if (meant != NULL)
        return FOUND_ABSENT;
    if (!str_to_int64(name, &number) || number < 0 || number >= (int64_t)look->roster->size)
        return FOUND_NOBODY;
    *ret_rank = (uint32_t)number;
    return look->cards[number] == NULL ? FOUND_ABSENT : FOUND_ONE;
}

static struct str some_names(const struct lookup *look)
{
    struct buf out = buf_in(look->arena, 8192);
    uint32_t told = 0, came = 0;

    for (uint32_t r = 0; r < look->roster->size; r++) {
        bool shared = false;
        if (look->cards[r] == NULL)
            continue;
        for (uint32_t k = 0; k < look->roster->size; k++)
            shared |= k != r && look->cards[k] != NULL &&
                      str_eq(look->cards[k]->name, look->cards[r]->name);
        if (came++ >= NAMES_TOLD)
            continue;
        buf_printf(&out, "%s%.*s", told++ > 0 ? ", " : "", STR(look->cards[r]->name));
        if (shared)
            buf_printf(&out, "/%u", r);
    }
    if (came > told)
        buf_printf(&out, " and %u more", came - told);
    return buf_str(&out);
}

static bool refuse(uint32_t number, struct str word, struct str why, struct probe_error *reterr)
{
    return probe_error(reterr, EXIT_BAD_USAGE, "--pairs, pair %u (%.*s): %.*s", number, STR(word),
                       STR(why));
}

static bool find_end(const struct lookup *look, uint32_t number, struct str word, struct str name,
                     enum found found, uint32_t rank, struct probe_error *reterr)
{
    struct arena *arena = look->arena;

    if (found == FOUND_NOBODY)
        return refuse(number, word,
                      arena_fmt(arena, "no node is called %.*s; there are %.*s", STR(name),
                                STR(some_names(look))),
                      reterr);
    if (found == FOUND_SEVERAL)
        return refuse(number, word,
                      arena_fmt(arena,
                                "several ranks are called %.*s: say %.*s/N, or N alone, "
                                "with the number of the rank",
                                STR(name), STR(name)),
                      reterr);
    if (found == FOUND_ONE && look->roster->places[rank] == ROSTER_NOWHERE)
        return refuse(number, word,
                      arena_fmt(arena, "%.*s is in none of the groups of --groups", STR(name)),
                      reterr);
    return true;
}

/* A name may have colons (an IPv6 address): the first place where both sides are known counts. */
static bool read_pair(const struct lookup *look, uint32_t number, struct str word, uint32_t ends[2],
                      bool *ret_came, struct probe_error *reterr)
{
    struct str names[2] = {S(""), S("")};
    enum found found[2] = {FOUND_NOBODY, FOUND_NOBODY};

    for (size_t at = 1; at + 1 < word.len; at++) {
        if (word.ptr[at] != ':')
            continue;
        names[0] = str_sub(word, 0, at);
        names[1] = str_from(word, at + 1);
        for (int i = 0; i < 2; i++)
            found[i] = find(look, names[i], &ends[i]);
        if (found[0] != FOUND_NOBODY && found[1] != FOUND_NOBODY)
            break;
    }
    for (int i = 0; i < 2; i++)
        if (!find_end(look, number, word, names[i], found[i], ends[i], reterr))
            return false;
    *ret_came = found[0] == FOUND_ONE && found[1] == FOUND_ONE;
    if (*ret_came && ends[0] == ends[1])
        return refuse(number, word, S("a node is no pair with itself"), reterr);
    return true;
}

/* The first round in which neither of the two has another partner: fewer rounds than twice as many
 * as the most partners of a node. */
static void place(struct roster *roster, uint32_t one, uint32_t other)
{
    uint16_t *row = roster->table;
    uint32_t round = 0;

    for (uint32_t i = 0; i < roster->pair_count; i++)
        if (roster->pairs[i].one == one && roster->pairs[i].other == other)
            return;
    for (; round < roster->rounds; round++, row += roster->size)
        if (row[one] == one && row[other] == other)
            break;
    if (round == roster->rounds) {
        roster->rounds++;
        for (uint32_t r = 0; r < roster->size; r++)
            row[r] = (uint16_t)r;
    }
    row[one] = (uint16_t)other;
    row[other] = (uint16_t)one;
    roster->pairs[roster->pair_count++] = (struct roster_pair){one, other, round};
}

static bool read_pairs(struct lookup *look, const char *text, struct roster *roster,
                       struct probe_error *reterr)
{
    struct str rest = str_of(text), word;
    uint32_t number = 0, ends[2] = {0, 0};
    bool came;

    roster->chosen = true;
    look->known = arena_array(look->arena, const struct expected_node *, roster->size);
    for (uint32_t r = 0; r < roster->size; r++)
        if (look->cards[r] != NULL)
            look->known[r] = roster_expected(look->expected, look->cards[r]);
    roster->pairs = arena_array(look->arena, struct roster_pair, OPTIONS_MAX_PAIRS);
    roster->table = arena_array(look->arena, uint16_t, (size_t)OPTIONS_MAX_PAIRS * roster->size);
    while (str_next(&rest, ',', &word) && number < OPTIONS_MAX_PAIRS) {
        struct arena_mark mark = arena_mark(look->arena);
        if (!read_pair(look, ++number, word, ends, &came, reterr))
            return false;
        arena_rewind(look->arena, mark);
        if (came)
            place(roster, ends[0] < ends[1] ? ends[0] : ends[1],
                  ends[0] < ends[1] ? ends[1] : ends[0]);
    }
    return roster->pair_count > 0 ||
           probe_error(reterr, EXIT_BAD_USAGE,
                       "--pairs: none of these pairs has two nodes that came");
}

static bool is_member(const struct probe_options *options, const struct card *card)
{
    if (options->groups.count == 0 || card == NULL)
        return true;
    for (uint32_t i = 0; i < options->groups.count; i++)
        if (str_eq(card->group, options->groups.items[i]))
            return true;
    return false;
}

bool roster_make(struct arena *arena, const struct probe_options *options,
                 const struct expected *expected, struct card *const *cards, uint32_t size,
                 struct roster *ret, struct probe_error *reterr)
{
    struct lookup look = {arena, expected, cards, ret};
    uint32_t came = 0;

    *ret = (struct roster){.size = size, .quick = options->quick};
    ret->members = arena_array(arena, uint32_t, size);
    ret->places = arena_array(arena, int32_t, size);
    for (uint32_t r = 0; r < size; r++) {
        ret->places[r] = ROSTER_NOWHERE;
        if (!is_member(options, cards[r]))
            continue;
        came += cards[r] != NULL;
        ret->places[r] = (int32_t)ret->count;
        ret->members[ret->count++] = r;
    }
    if (came < 2 && options->groups.count > 0)
        return probe_error(reterr, EXIT_BAD_USAGE,
                           "--groups: %u of the %u ranks that were started is in these groups; a "
                           "pair needs two",
                           came, size);
    if (options->pairs != NULL)
        return read_pairs(&look, options->pairs, ret, reterr);
    ret->rounds = schedule_rounds(ret->count, ret->quick);
    return true;
}

uint32_t roster_partner(const struct roster *roster, uint32_t round, uint32_t rank)
{
    if (roster->places[rank] == ROSTER_NOWHERE)
        return rank;
    if (roster->chosen)
        return roster->table[(size_t)round * roster->size + rank];
    return roster->members[schedule_partner(roster->count, roster->quick, round,
                                            (uint32_t)roster->places[rank])];
}

bool *roster_meetings(const struct roster *roster, struct arena *arena)
{
    bool *met;

    if (!roster->chosen && !roster->quick && roster->count == roster->size)
        return NULL;
    met = arena_array(arena, bool, (size_t)roster->size * roster->size);
    for (uint32_t round = 0; round < roster->rounds; round++)
        for (uint32_t r = 0; r < roster->size; r++)
            met[(size_t)r * roster->size + roster_partner(roster, round, r)] = true;
    return met;
}
