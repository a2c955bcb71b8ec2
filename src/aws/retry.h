/* When to try again, and how long to wait before. Private to aws.
 *
 * AWS's standard mode with the rules of 2026: a transient failure waits up to 50 ms · 2^i, a
 * throttled call up to 1 s · 2^i, never more than 20 s, each time a random share of it; the
 * service's own wish (x-amz-retry-after) counts. What is ours: 26 attempts instead of 3, as the aws
 * provider has it, and an end when nothing can be reached. */
#ifndef AWS_RETRY_H
#define AWS_RETRY_H

#include <hp/aws/error.h>
#include <hp/base/clock.h>

enum retry_class {
    RETRY_NEVER,
    RETRY_TRANSIENT, /* 5xx, or an answer that was lost */
    RETRY_THROTTLED,
    RETRY_UNREACHABLE, /* nothing was sent */
    RETRY_SILENT,      /* taken by a server or a proxy that says nothing */
    RETRY_SKEWED       /* our clock is wrong: again with AWS's time */
};

/* Unreachable: nine attempts, as the aws provider, and none that begins after 15 s. Silent: nine
 * too, and none that begins after 150 s, which are three of the usual 60 s. */
enum { RETRY_REACH_ATTEMPTS = 9, RETRY_REACH_MS = 15000, RETRY_SILENT_MS = 150000 };

enum retry_class retry_class_of(const struct aws_error *error, bool sent, bool silent);
/* The wait before retry number i (from 0). wish_ms: the service's, or -1. */
int64_t retry_wait_ms(const struct world *world, enum retry_class class, unsigned i,
                      int64_t wish_ms);

/* A budget of retries for the whole client; capacity 0: none. Thread safe. */
struct retry_quota;
struct retry_quota *retry_quota_new(int64_t capacity);
void retry_quota_free(struct retry_quota *quota);
/* False: used up. *ret_cost goes back with retry_quota_success when the retry worked. */
bool retry_quota_take(struct retry_quota *quota, enum retry_class class, int64_t *ret_cost);
void retry_quota_success(struct retry_quota *quota, int64_t last_cost);

/* Adaptive mode: a rate for sending, that falls when AWS throttles and grows again as CUBIC does.
 * Thread safe; NULL limits nothing. */
struct retry_rate;
struct retry_rate *retry_rate_new(const struct world *world);
void retry_rate_free(struct retry_rate *rate);
/* Milliseconds until the next request may go; it is counted already. */
int64_t retry_rate_wait_ms(struct retry_rate *rate);
void retry_rate_answer(struct retry_rate *rate, bool throttled);

#endif
