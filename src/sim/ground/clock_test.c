#include "clock.h"
#include <hp/base/test.h>

START_TEST(simulated_time_runs_as_fast_as_it_is_told)
{
    struct sim_clock clock = {1000, 1000, 60};

    ck_assert_int_eq(sim_clock_now(&clock, 1000), 1000);
    ck_assert_int_eq(sim_clock_now(&clock, 2000), 61000);
}
END_TEST

START_TEST(a_new_scale_does_not_make_time_jump)
{
    struct sim_clock clock = {0, 0, 60};

    sim_clock_scale(&clock, 1000, 0);
    ck_assert_int_eq(sim_clock_now(&clock, 1000), 60000);
    ck_assert_int_eq(sim_clock_now(&clock, 999999), 60000);
    sim_clock_advance(&clock, 5000);
    ck_assert_int_eq(sim_clock_now(&clock, 999999), 65000);
}
END_TEST

START_TEST(a_wall_clock_that_is_set_back_does_not_turn_time_back)
{
    struct sim_clock clock = {1000, 5000, 1};
    ck_assert_int_eq(sim_clock_now(&clock, 400), 5000);
}
END_TEST

START_TEST(time_ends_with_the_year_9999)
{
    struct sim_clock clock = {0, SIM_CLOCK_END_MS - 1000, 1e300};

    ck_assert_int_eq(sim_clock_now(&clock, 1), SIM_CLOCK_END_MS);
    sim_clock_advance(&clock, 999);
    ck_assert_int_eq(sim_clock_now(&clock, 0), SIM_CLOCK_END_MS - 1);
    sim_clock_advance(&clock, INT64_MAX);
    ck_assert_int_eq(sim_clock_now(&clock, 0), SIM_CLOCK_END_MS);
}
END_TEST

TESTS("sim/clock", simulated_time_runs_as_fast_as_it_is_told, a_new_scale_does_not_make_time_jump,
      a_wall_clock_that_is_set_back_does_not_turn_time_back, time_ends_with_the_year_9999)
