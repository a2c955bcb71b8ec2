#include "tests.h"

/* Warm when three blocks in a row differ by less than a twentieth, or when a quarter of the time is
 * used up: the first messages make connections, registrations and page tables. */
enum { BLOCK = 100, CALM_BLOCKS = 3, MOST_WARM = 2000, GOOD_SAMPLES = 30, LEAST_SAMPLES = 20 };

struct warming {
    int64_t block_began, last_block;
    uint32_t pings, calm;
};

static bool warm(struct warming *w, const struct meeting *m, int64_t now, int64_t began)
{
    int64_t block, apart;

    if (m->piece->iterations > 0) /* as fabtests does */
        return ++w->pings >= 10;
    if (++w->pings >= MOST_WARM || now - began > m->piece->box_ns / 4)
        return true;
    if (w->pings % BLOCK != 0)
        return false;
    block = now - w->block_began;
    apart = block > w->last_block ? block - w->last_block : w->last_block - block;
    w->calm = w->last_block > 0 && apart * 20 < w->last_block ? w->calm + 1 : 0;
    w->block_began = now;
    w->last_block = block;
    return w->calm >= CALM_BLOCKS - 1;
}

static bool enough(const struct meeting *m, uint32_t samples, int64_t now, int64_t began)
{
    if (m->piece->iterations > 0)
        return samples + 1 >= m->piece->iterations;
    if (samples + 1 >= PAIR_MOST_SAMPLES)
        return true;
    if (now - began <= m->piece->box_ns)
        return false;
    if (samples + 1 >= GOOD_SAMPLES)
        return true;
    /* Quantiles of one ping are none. Half of what is left is the next pieces'. */
    if (samples + 1 < LEAST_SAMPLES)
        return now - began > (m->deadline - began) / 2;
    return now - began > 2 * m->piece->box_ns;
}

static inline enum rail_end post(struct meeting *m)
{
    return rail_receive(m->rail, tag_in(m, TALK_DATA), slot_of(m, RAIL_RECEIVED, 0), m->piece->size,
                        m->deadline);
}

/* A send is waited for before the answer is: a ping ends when it has left and its pong is here. */
static inline enum rail_end hit(struct meeting *m, unsigned flags)
{
    TRY(rail_send(m->rail, m->job->peer, tag_out(m, TALK_DATA) | flags, slot_of(m, RAIL_SENT, 0),
                  m->piece->size, m->deadline));
    return rail_wait_sent(m->rail, m->deadline);
}

static enum rail_end ping(struct meeting *m, struct pair_got *got)
{
    struct warming warming = {0};
    int64_t began = ticks_ns(), before = began, now = began;
    bool counts = false, last = false;
    uint32_t samples = 0;

    warming.block_began = began;
    while (!last) {
        last = counts && enough(m, samples, now, began);
        TRY(hit(m, last ? FLAG_LAST : 0));
        TRY(rail_wait_received(m->rail, 1, m->deadline));
        if (!last)
            TRY(post(m));
        now = ticks_ns();
        if (counts)
            m->samples[samples++] = (now - before) / 2;
        else if (warm(&warming, m, now, began))
            counts = true;
        before = now;
    }
    samples_tell(m->samples, samples, got);
    return RAIL_OK;
}

static enum rail_end pong(struct meeting *m)
{
    for (bool last = false; !last;) {
        TRY(rail_wait_received(m->rail, 1, m->deadline));
        last = (rail_flags(m->rail) & FLAG_LAST) != 0;
        if (!last)
            TRY(post(m));
        TRY(hit(m, last ? FLAG_LAST : 0));
    }
    return RAIL_OK;
}

enum rail_end test_latency(struct meeting *m, struct pair_got *got)
{
    TRY(post(m));
    /* The receive for the ready word comes second, and tags keep them apart. */
    TRY(talk_ready(m));
    return m->job->first ? ping(m, got) : pong(m);
}
