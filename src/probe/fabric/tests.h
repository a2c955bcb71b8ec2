/* Within this floor: a meeting under way, and the tests that make it up. */
#ifndef HP_PROBE_TESTS_H
#define HP_PROBE_TESTS_H

#include "pair.h"
#include "ticks.h"

enum talk_kind { TALK_HELLO = 1, TALK_HEARD, TALK_READY, TALK_DATA, TALK_CONFIRM, TALK_PROOF };
enum { FLAG_LAST = 1 };

struct meeting {
    struct rail *rail;
    const struct pair_job *job;
    const struct pair_piece *piece;
    uint32_t number; /* of the piece */
    int64_t deadline;
    int64_t *samples;
    struct pair_seen *seen;
    struct rail_window theirs;
};

uint64_t talk_tag(const struct meeting *m, uint32_t from, enum talk_kind kind);
static inline uint64_t tag_out(const struct meeting *m, enum talk_kind kind)
{
    return talk_tag(m, m->job->self, kind);
}
static inline uint64_t tag_in(const struct meeting *m, enum talk_kind kind)
{
    return talk_tag(m, m->job->other, kind);
}
/* Where this piece's message number i lies. */
static inline void *slot_of(const struct meeting *m, enum rail_area area, uint32_t i)
{
    return rail_slot(m->rail, area, m->piece->one_buffer ? 0 : i, m->piece->size);
}

/* Both tell each other that they are ready; what was posted before is there when it ends. */
enum rail_end talk_ready(struct meeting *m);

enum rail_end test_connect(struct meeting *m, struct pair_got *got);
enum rail_end test_prove(struct meeting *m, struct pair_got *got);
enum rail_end test_latency(struct meeting *m, struct pair_got *got);
enum rail_end test_stream(struct meeting *m, struct pair_got *got, bool sends);
enum rail_end test_both(struct meeting *m, struct pair_got *got);
enum rail_end test_remote(struct meeting *m, struct pair_got *got, bool acts, bool reads);

/* What `count` samples say: sorts them. */
void samples_tell(int64_t *samples, uint32_t count, struct pair_got *got);
/* Windows of `bytes` and `messages` each, that took samples[i]; all took elapsed. */
void windows_tell(int64_t *samples, uint64_t windows, uint64_t bytes, uint64_t messages,
                  int64_t elapsed, struct pair_got *got);

/* Failing is one line: TRY(call). */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum rail_end try_end_ = (call);                                                           \
        if (try_end_ != RAIL_OK)                                                                   \
            return try_end_;                                                                       \
    } while (0)

#endif
