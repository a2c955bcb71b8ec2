#include "clock.h"

static int64_t later(int64_t time_ms, double ms)
{
    double room = (double)(SIM_CLOCK_END_MS - time_ms);
    return ms < room ? time_ms + (int64_t)ms : SIM_CLOCK_END_MS;
}

int64_t sim_clock_now(const struct sim_clock *clock, int64_t real_ms)
{
    int64_t passed = real_ms - clock->real_ms;
    if (passed < 0) /* the wall clock was set back: simulated time stands */
        passed = 0;
    return later(clock->simulated_ms, (double)passed * clock->scale);
}

void sim_clock_advance(struct sim_clock *clock, int64_t ms)
{
    clock->simulated_ms = later(clock->simulated_ms, (double)ms);
}

void sim_clock_scale(struct sim_clock *clock, int64_t real_ms, double scale)
{
    clock->simulated_ms = sim_clock_now(clock, real_ms);
    clock->real_ms = real_ms;
    clock->scale = scale;
}
