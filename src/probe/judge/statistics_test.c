#include "statistics.h"

#include <hp/base/test.h>
#include <math.h>

START_TEST(the_kth_smallest_is_what_sorting_says)
{
    struct chance chance = {7};
    float values[200], copy[200];
    double sorted[200];

    for (int round = 0; round < 2000; round++) {
        size_t n = 1 + chance_below(&chance, 200), k = chance_below(&chance, (uint32_t)n);
        for (size_t i = 0; i < n; i++) /* many equal ones, too */
            sorted[i] = copy[i] = values[i] = (float)chance_below(&chance, round % 2 ? 5 : 100000);
        sort_doubles(sorted, n);
        ck_assert(select_float(copy, n, k) == (float)sorted[k]);
    }
}

START_TEST(a_latency_record_has_all_that_is_said_of_it)
{
    double samples[1000];
    struct latency_record r;

    for (int i = 0; i < 1000; i++)
        samples[i] = 1000 - i; /* 1..1000, backwards */
    latency_record_of(samples, 1000, &r);

    ck_assert(r.min == 1 && r.max == 1000 && r.mean == 500.5 && r.p50 == 500.5);
    ck_assert(fabs(r.p90 - 900.1) < 0.01 && fabs(r.p99 - 990.01) < 0.01);
    ck_assert(fabs(r.p999 - 999.001) < 0.01 && fabs(r.jitter - 489.51) < 0.01);
    ck_assert(r.low > 465 && r.low < 475 && r.high > 525 && r.high < 535);
}

START_TEST(the_interval_of_the_median_holds_the_truth_95_times_of_100)
{
    struct chance chance = {3};
    int held = 0;

    for (int round = 0; round < 1000; round++) {
        double samples[99];
        struct latency_record r;
        for (int i = 0; i < 99; i++)
            samples[i] = chance_normal(&chance);
        latency_record_of(samples, 99, &r);
        held += r.low <= 0 && r.high >= 0;
    }

    ck_assert_int_ge(held, 930);
    ck_assert_int_le(held, 985);
}

START_TEST(a_bootstrap_interval_holds_the_true_ratio)
{
    struct chance chance = {5};
    int held = 0;

    for (int round = 0; round < 200; round++) {
        double a[40], b[40], scratch[40 + 40 + 400];
        for (int i = 0; i < 40; i++) {
            a[i] = 10 * exp(0.1 * chance_normal(&chance));
            b[i] = 12 * exp(0.1 * chance_normal(&chance));
        }
        struct ratio r = ratio_of_medians(a, 40, b, 40, 400, (uint64_t)round, scratch);
        ck_assert(r.low <= r.ratio && r.ratio <= r.high);
        held += r.low <= 1.2 && r.high >= 1.2;
    }

    ck_assert_int_ge(held, 176);
}

START_TEST(one_wild_value_does_not_move_a_median_or_its_deviation)
{
    double values[] = {10, 11, 9, 10, 10.5, 9.5, 1e9}, scratch[7];

    ck_assert(mad_double(values, 7, 10, scratch) < 1);
    ck_assert(median_double(values, 7) == 10);
    double same[] = {5, 5, 5};
    ck_assert(mad_double(same, 3, 5, scratch) == 0.05); /* never nothing: one percent */
}

TESTS("probe/statistics", the_kth_smallest_is_what_sorting_says,
      a_latency_record_has_all_that_is_said_of_it,
      the_interval_of_the_median_holds_the_truth_95_times_of_100,
      a_bootstrap_interval_holds_the_true_ratio,
      one_wild_value_does_not_move_a_median_or_its_deviation)
