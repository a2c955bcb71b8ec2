/* Who measures with whom, and when: the circle method over all ranks that take part, or the pairs
 * of --pairs. Every rank makes the same roster from the same cards and the same command line. */
#ifndef HP_PROBE_ROSTER_H
#define HP_PROBE_ROSTER_H

#include "node/card.h"
#include "node/expected.h"
#include "options/options.h"

enum { ROSTER_NOWHERE = -1 };

struct roster_pair {
    uint32_t one, other; /* ranks, the lower first */
    uint32_t round;
};

struct roster {
    uint32_t size;     /* ranks */
    uint32_t count;    /* that take part: all, or those of --groups */
    uint32_t *members; /* their ranks */
    int32_t *places;   /* in members, a rank each; ROSTER_NOWHERE: it stands by */
    uint32_t rounds;
    bool quick, chosen;  /* chosen: by --pairs */
    uint32_t pair_count; /* of --pairs, without those of nodes that never came */
    struct roster_pair *pairs;
    uint16_t *table; /* of --pairs: partners, round after round */
};

/* cards: a rank each, NULL: it never came. Lives in the arena. False: EXIT_BAD_USAGE, with the
 * place in --pairs or --groups and what there is instead. */
bool roster_make(struct arena *arena, const struct probe_options *options,
                 const struct expected *expected, struct card *const *cards, uint32_t size,
                 struct roster *ret, struct probe_error *reterr);
/* The partner in a round, or `rank` itself: it rests. */
uint32_t roster_partner(const struct roster *roster, uint32_t round, uint32_t rank);
/* Which pairs ever meet: size rows of size. NULL: all do. */
bool *roster_meetings(const struct roster *roster, struct arena *arena);

/* Who is meant by a card; NULL: nobody expected it. */
const struct expected_node *roster_expected(const struct expected *expected,
                                            const struct card *card);

#endif
