#include "fabric/ticks.h"
#include "inside.h"
#include "judge/schedule.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Room for a start that is late, and for a link that is slow. */
static const int64_t late_ns = 1500 * TICKS_MS, slow_ns = 10000 * TICKS_MS;

static void sleep_until(int64_t when)
{
    struct timespec until = {when / 1000000000, when % 1000000000};

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
        ;
}

/* Whether a round fits into the run's time is said by rank 0 alone, before the fence, which brings
 * its word to all: clocks differ by a little, and a rank that holds a round by itself would accuse
 * its partner. Far from the end nobody says it, and nobody asks. near: by the anchor that all have;
 * rank 0 begins to say it some seconds before anybody begins to ask. */
static const int64_t asks_ns = 2000 * TICKS_MS, says_ns = 6000 * TICKS_MS;

static bool is_near(const struct engine *engine, int64_t slot_ns, int64_t margin_ns)
{
    int64_t longest_ns = plan_longest_slot(&engine->stage->plan);

    return engine->anchor + longest_ns + slow_ns + slot_ns + margin_ns > engine->deadline;
}

static bool fits(const struct engine *engine, int64_t from, int64_t slot_ns)
{
    return from + slot_ns <= engine->deadline;
}

static void fits_key(const struct engine *engine, char key[32])
{
    snprintf(key, 32, "fits.%u", engine->sequence);
}

static void say_whether_it_fits(struct engine *engine, int64_t slot_ns)
{
    char key[32];

    if (engine->rank != 0 || !is_near(engine, slot_ns, says_ns))
        return;
    engine->timed_out = !fits(engine, ticks_ns(), slot_ns);
    fits_key(engine, key);
    wire_say(engine->wire, key, engine->timed_out ? S("over") : S("go"));
}

/* Without an answer (rank 0 is stopped, or dead) one's own clock has to do. */
static void hear_whether_it_fits(struct engine *engine, int64_t slot_ns, bool asks)
{
    struct str word;
    char key[32];

    if (engine->rank == 0 || !asks)
        return;
    fits_key(engine, key);
    if (wire_hear(engine->wire, 0, key, engine->arena, ticks_ns() + asks_ns, &word))
        engine->timed_out = str_is(word, "over");
    else
        engine->timed_out = !fits(engine, ticks_ns(), slot_ns);
}

/* No fence is waited for longer than until `most`. */
static void come(struct engine *engine, int64_t slot_ns, int64_t most)
{
    if (wire_meets(engine->wire)) {
        int64_t limit = engine->anchor + slot_ns + 2 * slow_ns;
        int64_t came = ticks_ns();
        if (limit > most)
            limit = most;
        if (wire_meet(engine->wire, limit)) {
            /* who was stopped in there is late; the others were through when it had come */
            engine->anchor = ticks_ns() > limit ? came : ticks_ns();
            if (!engine->card_is_heard) /* who is here has read all of them */
                wire_forget(engine->wire, "card");
            engine->card_is_heard = true;
            return;
        }
        if (engine->options->verbose)
            fprintf(stderr, "hyperpod-probe: rank %u: somebody did not come to round %u\n",
                    engine->rank, engine->sequence);
        if (ticks_ns() - limit > asks_ns)
            engine->stood_ns = ticks_ns() - engine->anchor;
        engine->anchor = limit; /* the same moment on every rank */
    } else {
        engine->anchor += slot_ns + late_ns;
    }
}

void engine_come(struct engine *engine, int64_t slot_ns)
{
    come(engine, slot_ns, INT64_MAX);
    sleep_until(engine->anchor);
}

bool engine_round(struct engine *engine, int64_t slot_ns)
{
    bool asks = is_near(engine, slot_ns, asks_ns);

    if (wire_meets(engine->wire))
        say_whether_it_fits(engine, slot_ns);
    come(engine, slot_ns, engine->deadline + asks_ns);
    if (wire_meets(engine->wire))
        hear_whether_it_fits(engine, slot_ns, asks);
    else
        engine->timed_out = engine->timed_out || !fits(engine, engine->anchor, slot_ns);
    if (!engine->timed_out)
        sleep_until(engine->anchor);
    return !engine->timed_out;
}

void engine_progress(const struct engine *engine, const char *phase, uint32_t repeat,
                     uint32_t round, uint32_t rounds)
{
    enum { WIDTH = 30 };
    uint32_t filled = rounds == 0 ? WIDTH : (round + 1) * WIDTH / rounds;
    char bar[WIDTH + 1];

    if (engine->rank != 0 || engine->options->quiet || !isatty(STDERR_FILENO))
        return;
    memset(bar, '.', WIDTH);
    memset(bar, '#', filled > WIDTH ? WIDTH : filled);
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r%-10s [%s] round %u of %u, repetition %u of %u ", phase, bar, round + 1,
            rounds, repeat + 1, engine->stage->plan.repeat);
}

/* Nobody calls on a rank whose measuring process is gone: it would cost the time of a silent
 * meeting. */
bool engine_wants(const struct engine *engine, uint32_t partner)
{
    return partner != engine->rank && engine->cards[partner] != NULL && !engine->measurer.lost &&
           engine->stage->rail_count > 0 && !wire_is_dead(engine->wire, partner) &&
           !wire_has_said(engine->wire, partner, "lost");
}

void engine_order(struct engine *engine, const struct stage_order *order, const char *phase)
{
    int64_t behind = ticks_ns() - engine->anchor;

    if (ticks_ns() >= order->deadline) {
        engine->stood_ns = behind > engine->stood_ns ? behind : engine->stood_ns;
        if (engine->missed++ == 0 && engine->options->verbose)
            fprintf(stderr, "hyperpod-probe: rank %u: the rank itself stood still for %.0f s\n",
                    engine->rank, (double)engine->stood_ns / 1e9);
        return;
    }
    if (measurer_do(&engine->measurer, order, order->deadline + 1000 * TICKS_MS) ||
        engine->phase != NULL)
        return;
    engine->phase = phase;
    wire_say(engine->wire, "lost", str_of(phase));
}

/* Which turn of the round is this pair's: pairs are counted by their lower rank. */
uint32_t engine_turn(const struct engine *engine, uint32_t round, uint32_t partner)
{
    uint32_t lower = partner < engine->rank ? partner : engine->rank, before = 0;

    for (uint32_t i = 0; i < lower && engine->turns > 1; i++)
        before += roster_partner(&engine->roster, round, i) > i;
    return before % engine->turns;
}

static void meet(struct engine *engine, uint32_t phase, uint32_t repeat, uint32_t round,
                 uint32_t partner)
{
    const struct plan_phase *p = &engine->stage->plan.phases[phase];
    struct stage_order order = {.kind = ORDER_MEET,
                                .other = partner,
                                .phase = phase,
                                .repeat = repeat,
                                .sequence = engine->sequence};

    order.first = schedule_starts(round, engine->rank, partner) == engine->rank;
    order.deadline = engine->anchor + p->slot_ns + (wire_meets(engine->wire) ? slow_ns : 0);
    engine_order(engine, &order, p->name);
}

static void walk(struct engine *engine, uint32_t phase, uint32_t repeat)
{
    const struct plan_phase *p = &engine->stage->plan.phases[phase];
    uint32_t rounds = engine->roster.rounds;

    for (uint32_t i = 0; i < rounds * engine->turns && !engine->timed_out; i++) {
        uint32_t round = i / engine->turns;
        uint32_t partner = roster_partner(&engine->roster, round, engine->rank);

        engine_progress(engine, p->name, repeat, round, rounds);
        engine->sequence++;
        if (engine_round(engine, p->slot_ns) && engine_wants(engine, partner) &&
            engine_turn(engine, round, partner) == i % engine->turns)
            meet(engine, phase, repeat, round, partner);
    }
}

bool engine_can_rma(const struct engine *engine)
{
    for (uint32_t r = 0; r < engine->size; r++)
        if (engine->cards[r] != NULL && engine->cards[r]->rail_count > 0 && !engine->cards[r]->rma)
            return false;
    return true;
}

void engine_measure(struct engine *engine)
{
    const struct plan *plan = &engine->stage->plan;

    sysfs_load("", &engine->load);
    for (uint32_t i = 0; i < engine->stage->rail_count; i++)
        sysfs_counters("", engine->stage->places[i].device, engine->counters[i]);
    for (uint32_t repeat = 0; repeat < plan->repeat; repeat++)
        for (uint32_t phase = 0; phase < plan->phase_count; phase++) {
            int64_t began = ticks_ns();
            bool aside = plan->phases[phase].aside >= 0;
            if ((plan->phases[phase].once && repeat > 0) || aside ||
                (strcmp(plan->phases[phase].name, "rma") == 0 && !engine_can_rma(engine)))
                continue;
            if (engine->rank == 0 && engine->options->verbose)
                fprintf(stderr, "hyperpod-probe: phase %s begins, repetition %u\n",
                        plan->phases[phase].name, repeat + 1);
            walk(engine, phase, repeat);
            engine->phase_ms[phase] += (double)(ticks_ns() - began) / 1e6;
        }
    for (uint32_t phase = 0; phase < plan->phase_count; phase++) {
        int64_t began = ticks_ns();
        if (plan->phases[phase].aside < 0 ||
            !aside_is_possible(engine, (enum probe_aside_kind)plan->phases[phase].aside))
            continue;
        if (engine->rank == 0 && engine->options->verbose)
            fprintf(stderr, "hyperpod-probe: phase %s begins\n", plan->phases[phase].name);
        aside_walk(engine, phase);
        engine->phase_ms[phase] = (double)(ticks_ns() - began) / 1e6;
    }
    if (engine->rank == 0 && !engine->options->quiet && isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}
