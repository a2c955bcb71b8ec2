#include <hp/base/stop.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct stop_source {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* on CLOCK_MONOTONIC; also tells stop_unwatch that no wake runs */
    struct stop_token *tokens;
    bool for_good;
};

struct stop_token {
    struct stop_source *source;
    struct stop_token *next, **at;
    struct stop_watch *watches;
    bool stopped;
};

static void *zeroed(size_t size)
{
    void *piece = calloc(1, size);
    if (piece == NULL) {
        fputs("[ERROR] out of memory; the process ends here.\n", stderr);
        abort();
    }
    return piece;
}

struct stop_source *stop_source_new(void)
{
    struct stop_source *source = zeroed(sizeof *source);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&source->lock, NULL);
    pthread_cond_init(&source->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return source;
}

void stop_source_free(struct stop_source *source)
{
    if (source == NULL)
        return;
    pthread_cond_destroy(&source->changed);
    pthread_mutex_destroy(&source->lock);
    free(source);
}

/* The lock is held: a wake is quick and takes no lock of ours, so stop_unwatch needs no more than
 * the lock. */
static void token_stop(struct stop_token *token)
{
    if (token->stopped)
        return;
    token->stopped = true;
    for (struct stop_watch *watch = token->watches; watch != NULL; watch = watch->next)
        watch->wake(watch->arg);
}

static void stop_all(struct stop_source *source, bool for_good)
{
    pthread_mutex_lock(&source->lock);
    source->for_good |= for_good;
    for (struct stop_token *token = source->tokens; token != NULL; token = token->next)
        token_stop(token);
    pthread_cond_broadcast(&source->changed);
    pthread_mutex_unlock(&source->lock);
}

void stop_now(struct stop_source *source)
{
    stop_all(source, false);
}

void stop_for_good(struct stop_source *source)
{
    stop_all(source, true);
}

struct stop_token *stop_token_new(struct stop_source *source)
{
    struct stop_token *token = zeroed(sizeof *token);
    token->source = source;
    pthread_mutex_lock(&source->lock);
    token->stopped = source->for_good;
    token->next = source->tokens;
    token->at = &source->tokens;
    if (token->next != NULL)
        token->next->at = &token->next;
    source->tokens = token;
    pthread_mutex_unlock(&source->lock);
    return token;
}

void stop_token_free(struct stop_token *token)
{
    if (token == NULL)
        return;
    pthread_mutex_lock(&token->source->lock);
    *token->at = token->next;
    if (token->next != NULL)
        token->next->at = token->at;
    pthread_mutex_unlock(&token->source->lock);
    free(token);
}

void stop_token_cancel(struct stop_token *token)
{
    pthread_mutex_lock(&token->source->lock);
    token_stop(token);
    pthread_cond_broadcast(&token->source->changed);
    pthread_mutex_unlock(&token->source->lock);
}

bool stop_requested(const struct stop_token *token)
{
    if (token == NULL)
        return false;
    pthread_mutex_lock(&token->source->lock);
    bool stopped = token->stopped;
    pthread_mutex_unlock(&token->source->lock);
    return stopped;
}

bool stop_is_for_good(const struct stop_token *token)
{
    if (token == NULL)
        return false;
    pthread_mutex_lock(&token->source->lock);
    bool for_good = token->source->for_good;
    pthread_mutex_unlock(&token->source->lock);
    return for_good;
}

bool stop_wait_ms(struct stop_token *token, int64_t wait_ms)
{
    struct timespec until;
    if (wait_ms < 0)
        wait_ms = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += wait_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    if (token == NULL) {
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
            ;
        return false;
    }
    pthread_mutex_lock(&token->source->lock);
    while (!token->stopped &&
           pthread_cond_timedwait(&token->source->changed, &token->source->lock, &until) == 0)
        ;
    bool stopped = token->stopped;
    pthread_mutex_unlock(&token->source->lock);
    return stopped;
}

void stop_watch(struct stop_token *token, struct stop_watch *watch)
{
    if (token == NULL)
        return;
    pthread_mutex_lock(&token->source->lock);
    watch->next = token->watches;
    token->watches = watch;
    if (token->stopped)
        watch->wake(watch->arg);
    pthread_mutex_unlock(&token->source->lock);
}

void stop_unwatch(struct stop_token *token, struct stop_watch *watch)
{
    if (token == NULL)
        return;
    pthread_mutex_lock(&token->source->lock);
    for (struct stop_watch **at = &token->watches; *at != NULL; at = &(*at)->next)
        if (*at == watch) {
            *at = watch->next;
            break;
        }
    pthread_mutex_unlock(&token->source->lock);
}
