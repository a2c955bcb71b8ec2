/* Threads that may block: one call each, made when all others are busy, gone again after idling. */
#ifndef HP_PLUGIN_WORKERS_H
#define HP_PLUGIN_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

struct job {
    void (*run)(struct job *job);
    struct job *next;
};

struct workers;

struct workers *workers_new(size_t most, int idle_ms);
/* Runs the job on a thread of its own, or, when `most` are busy, as soon as one is free. Never
 * blocks. False: there is no thread and none can be made; the job was not taken. */
bool workers_run(struct workers *workers, struct job *job);
/* How many threads there are. */
size_t workers_count(struct workers *workers);
/* Waits until every job has been run, ends all threads and frees. */
void workers_free(struct workers *workers);

#endif
