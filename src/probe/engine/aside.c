#include "fabric/ticks.h"
#include "inside.h"

#include <stdio.h>

/* Three partners are enough for a median that one bad one does not move. */
enum { SAMPLES = 3, ALONE_PAIRS = 8, LEAST_FOR_BISECTION = 4 };
static const int64_t slow_ns = 10000 * TICKS_MS; /* room for a link that is slow */

/* Of one phase under way. */
struct walk {
    struct engine *engine;
    uint32_t phase, rounds; /* rounds: how many there will be, for the progress bar */
    enum probe_aside_kind kind;
};

/* splitmix64: the same everywhere. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/* Of the run's name: the same name is the same sample again (FNV-1a). */
static uint64_t seed_of(const struct engine *engine, uint64_t salt)
{
    struct str id = engine->cards[0]->run_id;
    uint64_t seed = 0xcbf29ce484222325ULL ^ salt;

    for (size_t i = 0; i < id.len; i++)
        seed = (seed ^ (unsigned char)id.ptr[i]) * 0x100000001b3ULL;
    return seed;
}

void aside_matching(uint64_t seed, uint32_t count, uint32_t *ret_order)
{
    for (uint32_t i = 0; i < count; i++)
        ret_order[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t k = (uint32_t)(next(&seed) % i), last = ret_order[i - 1];
        ret_order[i - 1] = ret_order[k];
        ret_order[k] = last;
    }
}

/* Sattolo's: one circle through all of them. */
void aside_across(uint64_t seed, uint32_t rails, uint8_t *ret_to)
{
    for (uint32_t i = 0; i < rails; i++)
        ret_to[i] = (uint8_t)i;
    for (uint32_t i = rails; i > 1; i--) {
        uint32_t k = (uint32_t)(next(&seed) % (i - 1));
        uint8_t last = ret_to[i - 1];
        ret_to[i - 1] = ret_to[k];
        ret_to[k] = last;
    }
}

static uint32_t rails_of(const struct engine *engine, uint32_t rank)
{
    return engine->cards[rank] == NULL ? 0 : engine->cards[rank]->rail_count;
}

static uint32_t most_rails(const struct engine *engine)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < engine->roster.count; i++)
        if (rails_of(engine, engine->roster.members[i]) > most)
            most = rails_of(engine, engine->roster.members[i]);
    return most;
}

/* Rails of other networks than EFA's often do not meet, and need not: there across is measured only
 * when it is asked for. */
bool aside_is_possible(const struct engine *engine, enum probe_aside_kind kind)
{
    const struct probe_options *options = engine->options;
    bool several = most_rails(engine) > 1 && engine->roster.rounds > 0;

    switch (kind) {
    case PROBE_ASIDE_RAILS:
        return several && (options->tests & TEST_RAILS) != 0;
    case PROBE_ASIDE_CROSS:
        return several && (options->tests & TEST_CROSS) != 0 &&
               (options->tests_named || str_starts(engine->cards[0]->provider, S("efa")));
    case PROBE_ASIDE_BISECTION:
        return engine->roster.count >= LEAST_FOR_BISECTION && !engine->roster.chosen &&
               (options->tests & TEST_BISECTION) != 0;
    case PROBE_ASIDES:
        break;
    }
    return false;
}

/* A round of this phase begins. False: the phase is over, for everybody. */
static bool begin(struct walk *walk)
{
    struct engine *engine = walk->engine;
    const struct plan_phase *p = &engine->stage->plan.phases[walk->phase];

    if (!engine->timed_out && !wire_meets(engine->wire)) {
        engine->broken_off[walk->kind] = "somebody did not come to a round before it";
        return false;
    }
    engine->sequence++;
    if (engine->timed_out || !engine_round(engine, p->slot_ns)) {
        engine->broken_off[walk->kind] = "the run's time was over";
        return false;
    }
    if (!wire_meets(engine->wire)) {
        engine->broken_off[walk->kind] = "somebody did not come to it";
        return false;
    }
    engine_progress(engine, p->name, 0, engine->aside_rounds[walk->kind]++, walk->rounds);
    return true;
}

/* to_rail: of this rank's rails; a rail that the other does not have rests. */
static void meet(struct walk *walk, uint32_t partner, uint32_t sample, bool against,
                 const uint8_t to_rail[PROBE_MAX_RAILS])
{
    struct engine *engine = walk->engine;
    const struct plan_phase *p = &engine->stage->plan.phases[walk->phase];
    struct stage_order order = {.kind = ORDER_ASIDE,
                                .other = partner,
                                .phase = walk->phase,
                                .sequence = engine->sequence,
                                .sample = sample,
                                .against = against,
                                .first = engine->rank < partner};

    if (!engine_wants(engine, partner))
        return;
    memcpy(order.to_rail, to_rail, sizeof order.to_rail);
    order.deadline = engine->anchor + p->slot_ns + slow_ns;
    engine_order(engine, &order, p->name);
}

/* only: one rail of them; PROBE_EVERY: all. */
static void straight(const struct engine *engine, uint32_t partner, int32_t only,
                     uint8_t to_rail[PROBE_MAX_RAILS])
{
    uint32_t mine = rails_of(engine, engine->rank), theirs = rails_of(engine, partner);

    memset(to_rail, STAGE_RESTS, PROBE_MAX_RAILS);
    for (uint32_t i = 0; i < mine && i < theirs; i++)
        if (only == PROBE_EVERY || only == (int32_t)i)
            to_rail[i] = (uint8_t)i;
}

/* The lower rank goes by the permutation, the other one back. */
static void across(const struct engine *engine, uint32_t partner, uint64_t seed,
                   uint8_t to_rail[PROBE_MAX_RAILS])
{
    uint32_t mine = rails_of(engine, engine->rank), theirs = rails_of(engine, partner);
    uint32_t both = mine < theirs ? mine : theirs;
    uint8_t to[PROBE_MAX_RAILS];

    memset(to_rail, STAGE_RESTS, PROBE_MAX_RAILS);
    aside_across(seed, both, to);
    for (uint32_t i = 0; i < both && both > 1; i++)
        if (engine->rank < partner)
            to_rail[i] = to[i];
        else
            to_rail[to[i]] = (uint8_t)i;
}

/* Some rounds of the run's own schedule, far apart: in each, both measurements of a pair one after
 * the other. */
static void walk_rails(struct walk *walk)
{
    struct engine *engine = walk->engine;
    uint32_t all = engine->roster.rounds, samples = all < SAMPLES ? all : SAMPLES;
    bool cross = walk->kind == PROBE_ASIDE_CROSS;
    uint32_t steps = cross ? 2 : 1 + most_rails(engine);
    uint8_t to_rail[PROBE_MAX_RAILS];

    walk->rounds = samples * engine->turns * steps;
    for (uint32_t s = 0; s < samples; s++) {
        uint32_t round = s * all / samples;
        uint32_t partner = roster_partner(&engine->roster, round, engine->rank);
        uint32_t turn = engine_turn(engine, round, partner);
        for (uint32_t i = 0; i < engine->turns * steps; i++) {
            uint32_t step = i % steps;
            if (!begin(walk))
                return;
            if (i / steps != turn)
                continue;
            if (cross && step == 1)
                across(engine, partner, seed_of(engine, s), to_rail);
            else
                straight(engine, partner, step == 0 ? PROBE_EVERY : (int32_t)step - 1, to_rail);
            meet(walk, partner, s, cross == (step == 0), to_rail);
        }
    }
}

static uint32_t matched(const struct engine *engine, const uint32_t *order, uint32_t *ret_pair)
{
    const struct roster *roster = &engine->roster;

    for (uint32_t i = 0; i < roster->count; i++)
        if (roster->members[order[i]] == engine->rank && (i ^ 1) < roster->count) {
            *ret_pair = i / 2;
            return roster->members[order[i ^ 1]];
        }
    return engine->rank;
}

/* All pairs of a random matching at once; then some of the same pairs, each alone on the fabric. */
static void walk_bisection(struct walk *walk)
{
    struct engine *engine = walk->engine;
    uint32_t pairs = engine->roster.count / 2;
    uint32_t alone = pairs < ALONE_PAIRS ? pairs : ALONE_PAIRS;
    uint32_t *order = arena_array(engine->arena, uint32_t, engine->roster.count);
    uint8_t to_rail[PROBE_MAX_RAILS];

    walk->rounds = SAMPLES * (1 + alone);
    for (uint32_t s = 0; s < SAMPLES; s++) {
        uint32_t pair = UINT32_MAX, partner;
        aside_matching(seed_of(engine, s), engine->roster.count, order);
        partner = matched(engine, order, &pair);
        straight(engine, partner, PROBE_EVERY, to_rail);
        for (uint32_t i = 0; i <= alone; i++) {
            if (!begin(walk))
                return;
            if (i == 0 || pair == (i - 1) * pairs / alone)
                meet(walk, partner, s, i > 0, to_rail);
        }
    }
}

void aside_walk(struct engine *engine, uint32_t phase)
{
    struct walk walk = {.engine = engine,
                        .phase = phase,
                        .kind = (enum probe_aside_kind)engine->stage->plan.phases[phase].aside};

    if (walk.kind == PROBE_ASIDE_BISECTION)
        walk_bisection(&walk);
    else
        walk_rails(&walk);
}
