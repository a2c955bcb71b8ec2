/* Stopping what is under way, at once and from any thread.
 *
 * A stop has a generation: stop_now ends every wait that began before it; what begins after it
 * works again (Terraform may send StopProvider in any phase, more than once). stop_for_good also
 * ends all that begins later: the parent has gone. A token is taken when an RPC begins and handed
 * down; it may also be cancelled alone (the client hung up).
 *
 * All functions are thread safe. The source outlives its tokens. */
#ifndef HP_BASE_STOP_H
#define HP_BASE_STOP_H

#include <stdbool.h>
#include <stdint.h>

struct stop_source;
struct stop_token;

struct stop_source *stop_source_new(void);
void stop_source_free(struct stop_source *source); /* all tokens must be gone; NULL is fine */
void stop_now(struct stop_source *source);
void stop_for_good(struct stop_source *source);

struct stop_token *stop_token_new(struct stop_source *source);
void stop_token_free(struct stop_token *token);
void stop_token_cancel(struct stop_token *token);

/* True when this token has been stopped or cancelled. A NULL token is never stopped. */
bool stop_requested(const struct stop_token *token);
/* True when it was stopped for good: not even the last look of an interrupted call may begin. */
bool stop_is_for_good(const struct stop_token *token);
/* Waits; false: the time has passed, true: stopped (at once when it was already). */
bool stop_wait_ms(struct stop_token *token, int64_t wait_ms);

/* Calls wake(arg) from the stopping thread when the token stops (and at once if it has). It must be
 * quick and must not call back into this interface. stop_unwatch returns only when no wake of this
 * watch is running. */
struct stop_watch {
    void (*wake)(void *arg);
    void *arg;
    struct stop_watch *next;
};
void stop_watch(struct stop_token *token, struct stop_watch *watch);
void stop_unwatch(struct stop_token *token, struct stop_watch *watch);

#endif
