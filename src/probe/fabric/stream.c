#include "tests.h"

/* A window of messages, then one short message back that says they have all come. Only bytes of
 * confirmed windows count. The sender marks the messages of its last window. */
enum { CONFIRM_BYTES = 4, WARM_WINDOWS = 2, LEAST_WINDOWS = 3 };

static enum rail_end post(struct meeting *m, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        TRY(rail_receive(m->rail, tag_in(m, TALK_DATA), slot_of(m, RAIL_RECEIVED, i),
                         m->piece->size, m->deadline));
    return RAIL_OK;
}

static enum rail_end post_window(struct meeting *m)
{
    return post(m, m->piece->window);
}

static enum rail_end send_window(struct meeting *m, bool last)
{
    for (uint32_t i = 0; i < m->piece->window; i++)
        TRY(rail_send(m->rail, m->job->peer, tag_out(m, TALK_DATA) | (last ? FLAG_LAST : 0),
                      slot_of(m, RAIL_SENT, i), m->piece->size, m->deadline));
    return RAIL_OK;
}

static enum rail_end await_confirmation(struct meeting *m)
{
    return rail_receive(m->rail, tag_in(m, TALK_CONFIRM), rail_slot(m->rail, RAIL_PROVED, 2, 64),
                        CONFIRM_BYTES, m->deadline);
}

static enum rail_end confirm(struct meeting *m)
{
    return rail_send(m->rail, m->job->peer, tag_out(m, TALK_CONFIRM),
                     rail_slot(m->rail, RAIL_PROVED, 3, 64), CONFIRM_BYTES, m->deadline);
}

static bool is_last(const struct meeting *m, uint64_t windows, int64_t now, int64_t began)
{
    if (m->piece->iterations > 0)
        return (windows + 1) * m->piece->window >= m->piece->iterations;
    if (windows + 1 >= PAIR_MOST_SAMPLES)
        return true;
    return now - began > m->piece->box_ns &&
           (windows + 1 >= LEAST_WINDOWS || now - began > 2 * m->piece->box_ns);
}

/* The clock of a stream: windows that warm up, then those that count. */
struct windows {
    int64_t began, counts_from, before;
    uint64_t warm, counted;
};

static void window_ended(struct windows *w, const struct meeting *m)
{
    int64_t now = ticks_ns();

    if (w->counts_from != 0)
        m->samples[w->counted++] = now - w->before;
    else if (++w->warm >= WARM_WINDOWS ||
             (m->piece->iterations == 0 && now - w->began > m->piece->box_ns / 4))
        w->counts_from = now;
    w->before = now;
}

static void stream_tell(const struct windows *w, const struct meeting *m, struct pair_got *got)
{
    windows_tell(m->samples, w->counted, m->piece->size * m->piece->window, m->piece->window,
                 w->before - w->counts_from, got);
}

static enum rail_end send_stream(struct meeting *m, struct pair_got *got)
{
    struct windows w = {.began = ticks_ns()};
    bool last = false;

    while (!last) {
        last = w.counts_from != 0 && is_last(m, w.counted, w.before, w.began);
        TRY(await_confirmation(m));
        TRY(send_window(m, last));
        TRY(rail_wait_sent(m->rail, m->deadline));
        TRY(rail_wait_received(m->rail, 1, m->deadline));
        window_ended(&w, m);
    }
    stream_tell(&w, m, got);
    return RAIL_OK;
}

/* Without credit a window's receives come when its messages may be here already; only one is always
 * ahead, which is taken back at the end of the meeting. */
static enum rail_end receive_stream(struct meeting *m)
{
    bool credit = !m->piece->no_credit;

    for (bool last = false; !last;) {
        if (!credit)
            TRY(post_window(m));
        TRY(rail_wait_received(m->rail, m->piece->window, m->deadline));
        last = (rail_flags(m->rail) & FLAG_LAST) != 0;
        if (!last && credit)
            TRY(post_window(m));
        TRY(confirm(m));
        TRY(rail_wait_sent(m->rail, m->deadline));
    }
    return RAIL_OK;
}

enum rail_end test_stream(struct meeting *m, struct pair_got *got, bool sends)
{
    if (!sends)
        TRY(post(m, m->piece->no_credit ? 1 : m->piece->window));
    TRY(talk_ready(m));
    return sends ? send_stream(m, got) : receive_stream(m);
}

/* Each end sends a window, takes one, confirms, and waits to be confirmed. Who is first says when
 * it ends. The receives of the next window are there before the confirmation leaves. */
enum rail_end test_both(struct meeting *m, struct pair_got *got)
{
    struct windows w = {0};
    bool last = false;

    TRY(post_window(m));
    TRY(talk_ready(m));
    w.began = ticks_ns();
    while (!last) {
        if (m->job->first)
            last = w.counts_from != 0 && is_last(m, w.counted, w.before, w.began);
        TRY(send_window(m, last));
        TRY(rail_wait_received(m->rail, m->piece->window, m->deadline));
        if (!m->job->first)
            last = (rail_flags(m->rail) & FLAG_LAST) != 0;
        if (!last)
            TRY(post_window(m));
        TRY(await_confirmation(m));
        TRY(confirm(m));
        TRY(rail_wait_sent(m->rail, m->deadline));
        TRY(rail_wait_received(m->rail, 1, m->deadline));
        window_ended(&w, m);
    }
    stream_tell(&w, m, got);
    return RAIL_OK;
}

/* Who acts writes or reads windows; who does not looks at its queues meanwhile, since a provider
 * may need that, until it is told that this is all. */
enum rail_end test_remote(struct meeting *m, struct pair_got *got, bool acts, bool reads)
{
    struct windows w = {0};
    bool last = false;

    if (!acts)
        TRY(await_confirmation(m));
    TRY(talk_ready(m));
    if (!acts)
        return rail_wait_received(m->rail, 1, m->deadline);
    w.began = ticks_ns();
    while (!last) {
        last = w.counts_from != 0 && is_last(m, w.counted, w.before, w.began);
        for (uint32_t i = 0; i < m->piece->window; i++) {
            char *ours = slot_of(m, reads ? RAIL_RECEIVED : RAIL_SENT, i);
            size_t at = (size_t)((char *)slot_of(m, RAIL_RECEIVED, i) -
                                 (char *)rail_slot(m->rail, RAIL_RECEIVED, 0, m->piece->size));
            TRY(reads ? rail_read(m->rail, m->job->peer, &m->theirs, at, ours, m->piece->size,
                                  m->deadline)
                      : rail_write(m->rail, m->job->peer, &m->theirs, at, ours, m->piece->size,
                                   m->deadline));
        }
        TRY(rail_wait_sent(m->rail, m->deadline));
        window_ended(&w, m);
    }
    stream_tell(&w, m, got);
    TRY(confirm(m));
    return rail_wait_sent(m->rail, m->deadline);
}
