/* What the two processes of a rank share. The conductor speaks with the engine, the measuring
 * process with libfabric: a provider that ends the process, hangs, or is stopped does not take the
 * rank with it, and the conductor can say what happened.
 *
 * The conductor makes the stage before it forks; orders go through a socket, everything that is
 * larger lies here. The measuring process writes cells, places and texts, and answers when it is
 * done; the conductor reads them after the answer, or when there will be none. */
#ifndef HP_PROBE_STAGE_H
#define HP_PROBE_STAGE_H

#include "plan.h"

#include <sys/types.h>

enum { STAGE_MOST_RANKS = 4096, STAGE_MOST_TEXTS = 200, STAGE_ASIDES = 4 };

/* Values as they were measured, a repetition each; 0: none. Outcomes: enum probe_outcome. */
struct stage_cell {
    uint8_t in, out; /* bytes of the other came to us; ours came to the other */
    uint8_t noisy, text;
    float values[PLAN_MOST_REPEAT][PROBE_MAX_SERIES];
};

/* What a rail sent beside the matrix, a partner of the sample each; 0: nothing. */
struct stage_aside {
    float values[STAGE_ASIDES], against[STAGE_ASIDES];
    uint8_t tested, unheard;
    uint8_t noisy; /* a bit each: disturbed, one way or the other */
};

struct stage_peer {
    uint8_t len; /* 0: not known */
    char address[RAIL_ADDRESS];
};

struct stage {
    struct plan plan;
    char provider[RAIL_NAME];
    uint32_t rank, size, salt;
    bool verbose;
    char mark[1024], last_words[64]; /* last_words.h */
    bool alone; /* no other rank on this machine: what others take of it can be told */

    uint32_t rail_count;
    struct rail_place places[PROBE_MAX_RAILS];
    struct stage_peer own[PROBE_MAX_RAILS];
    bool rma;
    char version[32], library[256];
    struct probe_error error;

    uint32_t text_count; /* 0 is the empty one */
    char texts[STAGE_MOST_TEXTS + 1][RAIL_ERROR];

    float again; /* what a measurement beside the matrix gave; 0: nothing */
    uint8_t again_outcome, again_noisy;

    struct stage_aside asides[PROBE_ASIDES][PROBE_MAX_RAILS];

    struct stage_peer peers[STAGE_MOST_RANKS * PROBE_MAX_RAILS]; /* rank after rank */
    struct stage_cell cells[STAGE_MOST_RANKS * PROBE_MAX_RAILS];
};

static inline struct stage_cell *stage_cell(struct stage *stage, uint32_t rank, uint32_t rail)
{
    return &stage->cells[rank * stage->rail_count + rail];
}
static inline struct stage_peer *stage_peer(struct stage *stage, uint32_t rank, uint32_t rail)
{
    return &stage->peers[rank * PROBE_MAX_RAILS + rail];
}

enum stage_order_kind { ORDER_OPEN, ORDER_MEET, ORDER_AGAIN, ORDER_ASIDE, ORDER_END };
enum { STAGE_RESTS = 255 };

struct stage_order {
    enum stage_order_kind kind;
    uint32_t other, phase, repeat, sequence;
    int32_t rail, series; /* ORDER_AGAIN */
    bool first;
    int64_t deadline;
    /* ORDER_ASIDE: with which rail of the other each of ours measures, or that it rests. */
    uint32_t sample;
    bool against;
    uint8_t to_rail[PROBE_MAX_RAILS];
};

struct stage_answer {
    bool well;
    int64_t cpu_ticks; /* of the measuring process so far */
};

/* Sparse memory for both; NULL: none. */
struct stage *stage_new(void);
void stage_free(struct stage *stage);

/* In the measuring process: does what is ordered until the socket is closed. Does not return. */
void measure_forever(struct stage *stage, int orders, const struct str *rails, uint32_t rail_count)
    __attribute__((noreturn));

/* The measuring process as the conductor sees it. */
struct measurer {
    pid_t pid;
    int orders;
    bool lost, silent; /* silent: it did not answer, and we ended it */
    char why[200];     /* it was lost */
    int64_t cpu_ticks;
};

/* Forks it: before threads, and before libfabric or PMIx are touched. */
bool measurer_begin(struct measurer *m, struct stage *stage, const struct str *rails,
                    uint32_t rail_count, struct probe_error *reterr);
/* Orders and waits. False: it said no, or it is lost (ended, or silent at the deadline, and then
 * ended by us); m->why says how. */
bool measurer_do(struct measurer *m, const struct stage_order *order, int64_t deadline);
void measurer_end(struct measurer *m);

#endif
