/* What two rails do with each other: both ends are given the same pieces in the same order, and
 * each end writes down what it saw. */
#ifndef HP_PROBE_PAIR_H
#define HP_PROBE_PAIR_H

#include "rail.h"

enum pair_test {
    PAIR_CONNECT, /* both greet, both confirm */
    PAIR_PROVE,   /* both send bytes that can be told from any others */
    PAIR_LATENCY, /* ping-pong, started by `first` */
    PAIR_FORTH,   /* a stream from `first` */
    PAIR_BACK,    /* a stream to `first` */
    PAIR_BOTH,    /* both at once */
    PAIR_WRITE,   /* remote write by `first`, PAIR_WRITE_BACK by the other */
    PAIR_WRITE_BACK,
    PAIR_READ,
    PAIR_READ_BACK,
    PAIR_TESTS
};

enum { PAIR_MOST_PIECES = 62, PAIR_MOST_SAMPLES = 1 << 16 };

struct pair_piece {
    enum pair_test test;
    uint64_t size;
    uint32_t window;     /* messages under way before the receiver confirms */
    uint32_t iterations; /* messages or pings that count, after 10 pings or two windows that warm
                          * up, as with fabtests -I; 0: as many as go into box_ns */
    int64_t box_ns;      /* how long it measures */
    int64_t slack_ns;    /* how much longer it may take before the other end counts as silent */
    bool one_buffer; /* all messages from and into the same bytes, as fabtests before 1.19 does */
    bool no_credit;  /* the next window is sent before its receives are there, as fabtests does */
};

struct pair_job {
    uint64_t peer;        /* in the rail's address vector */
    uint32_t self, other; /* numbers of ranks, below 4096 */
    uint32_t salt;        /* of the run */
    uint32_t sequence;    /* of this meeting, the same on both ends, no other meeting's */
    bool first;
    bool spoil; /* for tests: what is to be proved is sent wrong */
    const struct pair_piece *pieces;
    uint32_t piece_count;
    int64_t deadline; /* of all of it */
};

/* What this end saw of one piece. Times in nanoseconds. */
struct pair_got {
    bool done;         /* ended as it should */
    bool measured;     /* this end has figures */
    double rate;       /* bytes a second that were confirmed (a stream: of what this end sent) */
    double worst_rate; /* the first percentile of its windows */
    double messages;   /* a second */
    uint64_t count;    /* messages or pings */
    int64_t min, p50, p90, p99, p999, max, low, high;
};

struct pair_seen {
    struct pair_got pieces[PAIR_MOST_PIECES];
    bool tried, heard, confirmed; /* something came from the other end; it has heard us */
    bool corrupt;                 /* what came is not what was sent */
    enum rail_end end;            /* of the first piece that did not end as it should */
    uint32_t ended_at;            /* that piece */
    char error[RAIL_ERROR];
};

/* Pieces in turn; the first that fails ends the meeting. samples: room for PAIR_MOST_SAMPLES, or
 * for a piece's iterations where they are more. They are the last piece's afterwards, sorted. */
void pair_meet(struct rail *rail, const struct pair_job *job, int64_t *samples,
               struct pair_seen *ret_seen);

/* Bytes that depend on seed and place, and whether they are these. */
void pattern_fill(void *bytes, size_t len, uint64_t seed);
bool pattern_holds(const void *bytes, size_t len, uint64_t seed);

#endif
