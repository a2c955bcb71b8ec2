/* Nanoseconds for measuring and for deadlines: the clock that a ping of half a microsecond needs,
 * read where it is needed. All deadlines of this floor are values of it. */
#ifndef HP_PROBE_TICKS_H
#define HP_PROBE_TICKS_H

#include <stdint.h>
#include <time.h>

#define TICKS_MS 1000000LL

static inline int64_t ticks_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

#endif
