/* Simulated time: it starts at the wall clock's now and runs `scale` times as fast as the real one.
 */
#ifndef HP_SIM_CLOCK_H
#define HP_SIM_CLOCK_H

#include <hp/base/clock.h>

struct sim_clock {
    int64_t real_ms, simulated_ms; /* both stood like this at the same moment */
    double scale;
};

/* The end of the year 9999: simulated time goes no further, since no text could tell it. */
#define SIM_CLOCK_END_MS INT64_C(253402300799999)

int64_t sim_clock_now(const struct sim_clock *clock, int64_t real_ms);
void sim_clock_advance(struct sim_clock *clock, int64_t ms);
/* Time goes on from where it stands, faster or slower. */
void sim_clock_scale(struct sim_clock *clock, int64_t real_ms, double scale);

#endif
