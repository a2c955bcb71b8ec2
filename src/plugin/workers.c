#include "workers.h"

#include <hp/base/crash.h>

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { stack_bytes = 1024 * 1024 }; /* reserved, not used: recursion over values is bounded */

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t work, gone;
    struct job *first, **last;
    size_t most, threads, idle, waiting;
    int idle_ms;
    bool ending;
};

struct workers *workers_new(size_t most, int idle_ms)
{
    struct workers *workers = calloc(1, sizeof *workers);
    pthread_condattr_t monotonic;
    if (workers == NULL)
        abort();
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->work, &monotonic);
    pthread_cond_init(&workers->gone, NULL);
    pthread_condattr_destroy(&monotonic);
    workers->last = &workers->first;
    workers->most = most;
    workers->idle_ms = idle_ms;
    return workers;
}

/* The next job, or NULL: idle for too long, or at the end. The lock is held. */
static struct job *next_job(struct workers *workers)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += workers->idle_ms / 1000;
    until.tv_nsec += workers->idle_ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    workers->idle++;
    while (workers->first == NULL && !workers->ending &&
           pthread_cond_timedwait(&workers->work, &workers->lock, &until) == 0)
        ;
    workers->idle--;
    struct job *job = workers->first;
    if (job != NULL) {
        workers->first = job->next;
        if (workers->first == NULL)
            workers->last = &workers->first;
        workers->waiting--;
    }
    return job;
}

static void *worker(void *arg)
{
    struct workers *workers = arg;
    char room[CRASH_ROOM];

    crash_room(room);
    pthread_mutex_lock(&workers->lock);
    for (struct job *job; (job = next_job(workers)) != NULL;) {
        pthread_mutex_unlock(&workers->lock);
        job->run(job);
        pthread_mutex_lock(&workers->lock);
    }
    workers->threads--;
    pthread_cond_broadcast(&workers->gone);
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

static bool grow(struct workers *workers)
{
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    bool made = pthread_create(&thread, &attributes, worker, workers) == 0;
    pthread_attr_destroy(&attributes);
    if (made)
        workers->threads++;
    return made;
}

bool workers_run(struct workers *workers, struct job *job)
{
    bool taken = true;

    pthread_mutex_lock(&workers->lock);
    if (workers->waiting >= workers->idle && workers->threads < workers->most)
        taken = grow(workers) || workers->threads > 0;
    if (taken) {
        job->next = NULL;
        *workers->last = job;
        workers->last = &job->next;
        workers->waiting++;
        pthread_cond_signal(&workers->work);
    }
    pthread_mutex_unlock(&workers->lock);
    return taken;
}

size_t workers_count(struct workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    size_t count = workers->threads;
    pthread_mutex_unlock(&workers->lock);
    return count;
}

void workers_free(struct workers *workers)
{
    if (workers == NULL)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->ending = true;
    pthread_cond_broadcast(&workers->work);
    while (workers->threads > 0)
        pthread_cond_wait(&workers->gone, &workers->lock);
    pthread_mutex_unlock(&workers->lock);
    pthread_cond_destroy(&workers->work);
    pthread_cond_destroy(&workers->gone);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
