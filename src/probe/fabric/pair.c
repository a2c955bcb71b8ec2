#include "tests.h"

#include <stdio.h>
#include <string.h>

/* Sixty bits, as not every provider keeps more:
 * salt 14, sequence 16, from 12, piece 6, kind 8, flags 4. */
uint64_t talk_tag(const struct meeting *m, uint32_t from, enum talk_kind kind)
{
    return (uint64_t)(m->job->salt & 0x3fff) << 46 | (uint64_t)(m->job->sequence & 0xffff) << 30 |
           (uint64_t)(from & 0xfff) << 18 | (uint64_t)(m->number & 0x3f) << 12 |
           (uint64_t)kind << 4;
}

enum rail_end talk_ready(struct meeting *m)
{
    struct rail_window *out = rail_slot(m->rail, RAIL_PROVED, 0, 64);
    struct rail_window *in = rail_slot(m->rail, RAIL_PROVED, 1, 64);

    TRY(rail_receive(m->rail, tag_in(m, TALK_READY), in, sizeof *in, m->deadline));
    *out = rail_window(m->rail);
    TRY(rail_send(m->rail, m->job->peer, tag_out(m, TALK_READY), out, sizeof *out, m->deadline));
    TRY(rail_wait_received(m->rail, 1, m->deadline));
    m->theirs = *in;
    return rail_wait_sent(m->rail, m->deadline);
}

/* Two messages each way: with the second one both know that they were heard. Who is first measures
 * how long a connection takes. */
enum rail_end test_connect(struct meeting *m, struct pair_got *got)
{
    uint64_t *out = rail_slot(m->rail, RAIL_PROVED, 0, 64);
    uint64_t *in = rail_slot(m->rail, RAIL_PROVED, 1, 64);
    int64_t began = ticks_ns();

    *out = m->job->self;
    TRY(rail_receive(m->rail, tag_in(m, TALK_HELLO), in, sizeof *in, m->deadline));
    TRY(rail_send(m->rail, m->job->peer, tag_out(m, TALK_HELLO), out, sizeof *out, m->deadline));
    TRY(rail_wait_received(m->rail, 1, m->deadline));
    m->seen->heard = true;
    TRY(rail_receive(m->rail, tag_in(m, TALK_HEARD), in, sizeof *in, m->deadline));
    TRY(rail_send(m->rail, m->job->peer, tag_out(m, TALK_HEARD), out, sizeof *out, m->deadline));
    TRY(rail_wait_received(m->rail, 1, m->deadline));
    m->seen->confirmed = true;
    samples_tell((int64_t[]){ticks_ns() - began}, 1, got);
    got->measured = m->job->first;
    return rail_wait_sent(m->rail, m->deadline);
}

/* Lengths round the places where providers change their protocol, and one that fits no word. */
enum rail_end test_prove(struct meeting *m, struct pair_got *got)
{
    const size_t lengths[] = {1, 8, 63, 4097, 8192, 65537, m->piece->size};
    enum { COUNT = sizeof lengths / sizeof lengths[0] };
    size_t longest = rail_longest(m->rail) / 2;
    char *out = rail_slot(m->rail, RAIL_PROVED, 0, longest);
    char *in = rail_slot(m->rail, RAIL_PROVED, 1, longest);

    TRY(talk_ready(m));
    for (uint32_t i = 0; i < COUNT; i++) {
        size_t len = lengths[i] < longest ? lengths[i] : longest;
        uint64_t mine = tag_out(m, TALK_PROOF) + i, theirs = tag_in(m, TALK_PROOF) + i;
        memset(in, 0, len);
        TRY(rail_receive(m->rail, tag_in(m, TALK_PROOF), in, len, m->deadline));
        pattern_fill(out, len, mine);
        if (m->job->spoil)
            out[len / 2] ^= 4;
        TRY(rail_send(m->rail, m->job->peer, tag_out(m, TALK_PROOF), out, len, m->deadline));
        TRY(rail_wait_received(m->rail, 1, m->deadline));
        TRY(rail_wait_sent(m->rail, m->deadline));
        if (rail_received_len(m->rail) != len || !pattern_holds(in, len, theirs))
            m->seen->corrupt = true;
    }
    got->count = COUNT;
    return RAIL_OK;
}

static enum rail_end piece_do(struct meeting *m, struct pair_got *got)
{
    bool first = m->job->first;

    switch (m->piece->test) {
    case PAIR_CONNECT:
        return test_connect(m, got);
    case PAIR_PROVE:
        return test_prove(m, got);
    case PAIR_LATENCY:
        return test_latency(m, got);
    case PAIR_FORTH:
        return test_stream(m, got, first);
    case PAIR_BACK:
        return test_stream(m, got, !first);
    case PAIR_BOTH:
        return test_both(m, got);
    case PAIR_WRITE:
        return test_remote(m, got, first, false);
    case PAIR_WRITE_BACK:
        return test_remote(m, got, !first, false);
    case PAIR_READ:
        return test_remote(m, got, first, true);
    case PAIR_READ_BACK:
        return test_remote(m, got, !first, true);
    case PAIR_TESTS:
        break;
    }
    return RAIL_OK;
}

void pair_meet(struct rail *rail, const struct pair_job *job, int64_t *samples,
               struct pair_seen *ret_seen)
{
    struct meeting m = {.rail = rail, .job = job, .samples = samples, .seen = ret_seen};

    *ret_seen = (struct pair_seen){.tried = true};
    for (uint32_t i = 0; i < job->piece_count && ret_seen->end == RAIL_OK; i++) {
        struct pair_got *got = &ret_seen->pieces[i];
        int64_t began = ticks_ns();

        m.piece = &job->pieces[i];
        m.number = i;
        m.deadline = began + m.piece->box_ns + m.piece->slack_ns;
        if (m.deadline > job->deadline)
            m.deadline = job->deadline;
        rail_flags(rail); /* those of the piece before say nothing here */
        ret_seen->end = piece_do(&m, got);
        got->done = ret_seen->end == RAIL_OK;
        ret_seen->ended_at = i;
        if (ret_seen->end == RAIL_ERROR_SAID)
            snprintf(ret_seen->error, sizeof ret_seen->error, "%s", rail_error(rail));
    }
    rail_give_up(rail);
}
