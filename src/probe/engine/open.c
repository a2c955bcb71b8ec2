#include "fabric/ticks.h"
#include "inside.h"
#include "judge/schedule.h"
#include "last_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const int64_t come_ns = 60000 * TICKS_MS; /* for all ranks to come */

static struct str hex(struct arena *arena, const struct stage_peer *peer)
{
    struct buf out = buf_in(arena, 2 * RAIL_ADDRESS + 1);

    for (uint32_t i = 0; i < peer->len; i++)
        buf_printf(&out, "%02x", (unsigned char)peer->address[i]);
    return buf_str(&out);
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool unhex(struct str text, struct stage_peer *peer)
{
    if (text.len % 2 != 0 || text.len / 2 > RAIL_ADDRESS)
        return false;
    for (size_t i = 0; i < text.len / 2; i++) {
        int high = digit(text.ptr[2 * i]), low = digit(text.ptr[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        peer->address[i] = (char)(high * 16 + low);
    }
    peer->len = (uint8_t)(text.len / 2);
    return true;
}

bool cards_agree(struct card *const *cards, uint32_t count, struct probe_error *reterr)
{
    const struct card *first = NULL;

    for (uint32_t i = 0; i < count; i++) {
        if (cards[i] == NULL)
            continue;
        if (first == NULL)
            first = cards[i];
        if (!str_eq(cards[i]->probe, first->probe))
            return probe_error(reterr, EXIT_BAD_USAGE,
                               "the ranks run different versions of hyperpod-probe: %.*s on %.*s, "
                               "%.*s on %.*s; install one everywhere",
                               STR(first->probe), STR(first->name), STR(cards[i]->probe),
                               STR(cards[i]->name));
        if (!str_eq(cards[i]->arguments, first->arguments))
            return probe_error(reterr, EXIT_BAD_USAGE,
                               "the ranks were started with different options: \"%.*s\" on %.*s, "
                               "\"%.*s\" on %.*s",
                               STR(first->arguments), STR(first->name), STR(cards[i]->arguments),
                               STR(cards[i]->name));
    }
    return true;
}

uint32_t most_on_one_machine(struct card *const *cards, uint32_t count)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t same = 0;
        for (uint32_t k = 0; k < count && cards[i] != NULL; k++)
            same += cards[k] != NULL && str_eq(cards[k]->machine, cards[i]->machine);
        most = same > most ? same : most;
    }
    return most;
}

uint32_t turns_of(struct card *const *cards, uint32_t count)
{
    uint32_t least = UINT32_MAX, pairs = count / 2;

    if (most_on_one_machine(cards, count) < 2)
        return 1;
    for (uint32_t i = 0; i < count; i++)
        if (cards[i] != NULL && cards[i]->rail_count > 0 &&
            cards[i]->processors / (2 * cards[i]->rail_count) < least)
            least = cards[i]->processors / (2 * cards[i]->rail_count);
    if (least == 0)
        least = 1;
    return pairs <= least ? 1 : (pairs + least - 1) / least;
}

/* Rails, or why there are none: then this node takes part by telling so. */
static void open_rails(struct engine *engine, struct card *card)
{
    struct stage *stage = engine->stage;
    struct stage_order order = {.kind = ORDER_OPEN};
    bool open = measurer_do(&engine->measurer, &order, ticks_ns() + 30000 * TICKS_MS);

    card->library = arena_str(engine->arena, str_of(stage->library));
    card->libfabric = arena_str(engine->arena, str_of(stage->version));
    card->provider = arena_str(engine->arena, str_of(stage->provider));
    if (!open) {
        struct str why = str_of(engine->measurer.lost ? engine->measurer.why : stage->error.text);
        card_find(card, PROBE_ERROR, PROBE_EVERY, "no-rails", arena_str(engine->arena, why), "");
        stage->rail_count = 0;
        return;
    }
    card->provider = arena_str(engine->arena, str_of(stage->places[0].provider));
    card->rma = stage->rma;
    for (uint32_t i = 0; i < stage->rail_count; i++)
        card->rails[card->rail_count++] =
            (struct card_rail){arena_str(engine->arena, str_of(stage->places[i].domain)),
                               arena_str(engine->arena, str_of(stage->places[i].device)),
                               hex(engine->arena, &stage->own[i]), stage->places[i].mtu};
}

static bool say_card(struct engine *engine, const struct card *card, struct probe_error *reterr)
{
    cJSON *tree = members_write(engine->arena, &card_members, card);
    char *json = tree == NULL ? NULL : cJSON_PrintUnformatted(tree);
    bool said = json != NULL && wire_say(engine->wire, "card", str_of(json));

    cJSON_free(json);
    cJSON_Delete(tree);
    return said || probe_error(reterr, EXIT_UNAVAILABLE, "the engine does not take our address");
}

static void read_card(struct engine *engine, uint32_t rank, struct str json)
{
    struct card *card = arena_make(engine->arena, struct card);
    struct probe_error error = {0};

    if (!members_read(engine->arena, json, "a rank's card", &card_members, card, &error))
        return;
    for (uint32_t i = 0; i < card->rail_count && i < PROBE_MAX_RAILS; i++)
        unhex(card->rails[i].address, stage_peer(engine->stage, rank, i));
    engine->cards[rank] = card;
}

/* One long wait for all together; who has not come by then is asked once more. */
static void hear_cards(struct engine *engine)
{
    int64_t deadline = ticks_ns() + come_ns;
    struct str json;

    if (deadline > engine->deadline)
        deadline = engine->deadline;
    if (!wire_meet(engine->wire, deadline))
        deadline = ticks_ns() + 2000 * TICKS_MS;
    engine->anchor = ticks_ns();
    for (uint32_t r = 0; r < engine->size; r++)
        if (wire_hear(engine->wire, r, "card", engine->arena, deadline, &json))
            read_card(engine, r, json);
}

static bool is_alone(const struct engine *engine, const struct card *own)
{
    for (uint32_t r = 0; r < engine->size; r++)
        if (r != engine->rank && engine->cards[r] != NULL &&
            str_eq(engine->cards[r]->machine, own->machine))
            return false;
    return true;
}

/* Something on all nodes is no finding of one, but why there is no run. */
static bool somebody_has_rails(const struct engine *engine, struct probe_error *reterr)
{
    const struct card *own = engine->cards[engine->rank];

    for (uint32_t r = 0; r < engine->size; r++)
        if (engine->cards[r] != NULL && engine->cards[r]->rail_count > 0)
            return true;
    return probe_error(reterr, EXIT_UNAVAILABLE, "no node has a rail: %.*s",
                       STR(own == NULL || own->finding_count == 0
                               ? S("")
                               : own->findings[own->finding_count - 1].text));
}

/* The profile of --profile, or of the node's type. One that cannot be read is told by rank 0. */
static void preflight(struct engine *engine, struct card *card)
{
    const struct probe_options *options = engine->options;
    struct card_purpose purpose = card_purpose(options->provider, "");
    struct probe_error untold = {0};
    struct profile profile = {0};

    if (options->profile != NULL)
        profile_load(engine->arena, options->profile, &profile, &untold);
    else if (!str_empty(card->type))
        profile_of_type(engine->arena, card->type, &profile);
    purpose.type = profile.type;
    purpose.rails = (uint32_t)profile.rails.value;
    card_preflight(engine->arena, card, engine->world, "", &purpose);
}

static struct card *own_card(struct engine *engine)
{
    struct card *card = card_new(engine->arena, engine->world, "");
    const struct expected_node *known = roster_expected(&engine->expected, card);

    if (known != NULL) {
        card->type = known->type;
        card->group = known->group;
    }
    card->arguments = engine->arguments;
    card->salt = (uint32_t)world_random_below(engine->world, 1 << 14);
    card->run_id = engine->options->run_id != NULL
                       ? str_of(engine->options->run_id)
                       : arena_fmt(engine->arena, "%.*s-%04x",
                                   STR(time_basic(engine->arena, world_now_ms(engine->world))),
                                   (unsigned)world_random_below(engine->world, 1 << 16));
    preflight(engine, card);
    return card;
}

static bool join(struct engine *engine, struct probe_error *reterr)
{
    struct stage *stage = engine->stage;
    struct card *card;

    engine->wire = wire_open(engine->world, ticks_ns() + 30000 * TICKS_MS, reterr);
    if (engine->wire == NULL)
        return false;
    engine->rank = stage->rank = wire_rank(engine->wire);
    engine->size = stage->size = wire_size(engine->wire);
    if (engine->size > STAGE_MOST_RANKS)
        return probe_error(reterr, EXIT_BAD_USAGE, "at most %d ranks", STAGE_MOST_RANKS);
    if (engine->size < 2)
        return probe_error(reterr, EXIT_BAD_USAGE,
                           "one rank has nobody to measure with; start at least two");
    engine->cards = arena_array(engine->arena, struct card *, engine->size);
    card = own_card(engine);
    open_rails(engine, card);
    if (!say_card(engine, card, reterr))
        return false;
    hear_cards(engine);
    if (engine->cards[0] == NULL)
        return probe_error(reterr, EXIT_TIMED_OUT, "rank 0 never came");
    stage->salt = engine->cards[0]->salt;
    last_words_prepare(stage, engine->options->out, engine->cards[0]->run_id);
    stage->alone = is_alone(engine, card);
    engine->turns = turns_of(engine->cards, engine->size);
    return cards_agree(engine->cards, engine->size, reterr) &&
           roster_make(engine->arena, engine->options, &engine->expected, engine->cards,
                       engine->size, &engine->roster, reterr) &&
           somebody_has_rails(engine, reterr);
}

struct engine *engine_open(const struct probe_options *options, const struct world *world,
                           struct str arguments, struct probe_error *reterr)
{
    struct arena *arena = arena_new((size_t)2 << 30);
    struct engine *engine = arena_make(arena, struct engine);

    *engine = (struct engine){.options = options, .world = world, .arena = arena};
    engine->measurer = (struct measurer){.pid = -1, .orders = -1};
    engine->arguments = arguments;
    engine->started_ms = world_now_ms(world);
    engine->deadline = ticks_ns() + options->timeout_ms * TICKS_MS;
    engine->stage = stage_new();
    if (engine->stage == NULL) {
        probe_error(reterr, EXIT_UNAVAILABLE, "no memory");
        arena_free(arena);
        return NULL;
    }
    engine->stage->verbose = options->verbose;
    snprintf(engine->stage->provider, RAIL_NAME, "%s",
             card_purpose(options->provider, "").provider);
    if (plan_make(options, &engine->stage->plan, reterr) &&
        expected_find(arena, world, options->resource_config, options->groups.items,
                      options->groups.count, &engine->expected, reterr) &&
        measurer_begin(&engine->measurer, engine->stage, options->rails.items, options->rails.count,
                       reterr) &&
        join(engine, reterr))
        return engine;
    engine_close(engine, reterr->exit_code);
    return NULL;
}

/* "EXIT-CODE NANOSECONDS-LEFT": ranks that started at other moments would end at other rounds, and
 * wait for each other there. */
bool engine_go(struct engine *engine, int exit_code)
{
    char text[48];
    int64_t code = 0, left = 0;
    struct str heard, word;

    if (engine->rank == 0) {
        if (!wire_meets(engine->wire))
            engine->anchor = ticks_ns();
        snprintf(text, sizeof text, "%d %lld", exit_code,
                 (long long)(engine->deadline - engine->anchor));
        return wire_say(engine->wire, "go", str_of(text)) && exit_code == EXIT_PASS;
    }
    if (!wire_hear(engine->wire, 0, "go", engine->arena, ticks_ns() + come_ns, &heard)) {
        engine_abandon(engine);
        return false;
    }
    if (!wire_meets(engine->wire))
        engine->anchor = ticks_ns();
    if (!str_next(&heard, ' ', &word) || !str_to_int64(word, &code) || code != EXIT_PASS ||
        !str_to_int64(heard, &left))
        return false;
    engine->deadline = engine->anchor + left;
    return true;
}

/* The lowest rank that is there says it, for all: a thousand would say the same. */
void engine_abandon(struct engine *engine)
{
    bool first = true;

    for (uint32_t r = 1; r < engine->rank; r++)
        first &= engine->cards[r] == NULL || wire_is_dead(engine->wire, r);
    if (first)
        fprintf(stderr,
                "hyperpod-probe: rank 0 (%.*s) says nothing any more, it is stopped or hangs: the "
                "run ends without its report\n",
                STR(engine->cards[0]->name));
    engine->abandoned = true;
}

bool engine_is_abandoned(const struct engine *engine)
{
    return engine->abandoned;
}

bool engine_is_first(const struct engine *engine)
{
    return engine->rank == 0;
}

void engine_close(struct engine *engine, int exit_code)
{
    struct timespec grace = {1, 0};
    struct arena *arena = engine->arena;

    measurer_end(&engine->measurer);
    /* srun waits for a rank that is stopped; mpirun ends all by itself when rank 0 ends badly, and
     * hangs now and then when it is told to. */
    if (engine->abandoned) {
        nanosleep(&grace, NULL);
        wire_end_all(engine->wire, exit_code, "hyperpod-probe: rank 0 is silent");
    }
    if (engine->any_mute && !str_empty(world_env(engine->world, "SLURM_STEP_ID"))) {
        nanosleep(&grace, NULL);
        wire_end_all(engine->wire, exit_code,
                     "hyperpod-probe: a rank is silent; the report names it");
    }
    wire_close(engine->wire);
    stage_free(engine->stage);
    arena_free(arena);
}
