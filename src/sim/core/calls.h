/* The newest calls, for tests and people. No secrets: neither headers nor bodies are kept. */
#ifndef HP_SIM_CALLS_H
#define HP_SIM_CALLS_H

#include "world/state.h"

enum { calls_kept = 20000 };

struct call_record {
    int64_t real_ms;
    int status; /* 0: the connection ended without an answer */
    char method[8], service[24], operation[64], code[48], fault[12], request_id[40];
};

/* How often an operation was called since the start, or since the reset. */
struct call_count {
    char service[24], operation[64];
    uint64_t calls, errors, unanswered;
};

struct calls {
    struct call_record *records; /* a ring, made when it is first written */
    size_t count, next;
    struct list counts; /* struct call_count */
};

void calls_add(struct calls *calls, const struct call_record *record);
/* The i-th oldest of count. */
const struct call_record *calls_at(const struct calls *calls, size_t i);
/* {service: {operation: {"calls", "errors", "unanswered"}}} */
struct doc *calls_counts(const struct calls *calls, struct arena *arena);
void calls_done(struct calls *calls);

#endif
