/* For tests: a world whose clock is a variable, and whose chance is always the same. */
#ifndef HP_SIM_MOVING_H
#define HP_SIM_MOVING_H

#include <hp/base/clock.h>
#include <string.h>

static int64_t wall_ms;

static int64_t moving_now_ms(void *arg)
{
    (void)arg;
    return wall_ms;
}

static void moving_random(void *arg, void *bytes, size_t len)
{
    (void)arg;
    memset(bytes, 7, len);
}

#endif
