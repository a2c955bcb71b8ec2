/* Order statistics, and chance that can be repeated. */
#ifndef HP_PROBE_STATISTICS_H
#define HP_PROBE_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The k-th smallest (from 0); reorders the values, of which none is NaN. n > k. */
float select_float(float *values, size_t n, size_t k);
/* Middle value, of two the lower; reorders. NaN of none. */
double median_float(float *values, size_t n);
double median_double(double *values, size_t n); /* of two their mean; sorts */
/* Sorted values: linear between neighbours, q from 0 to 1. NaN of none. */
double quantile_sorted(const double *sorted, size_t n, double q);
void sort_doubles(double *values, size_t n);
/* Median of distances to `middle`, times 1.4826, so that it is a normal distribution's deviation;
 * at least one percent of middle. */
double mad_double(const double *values, size_t n, double middle, double *scratch);
/* Ranks (from 0) of a 95 % confidence interval of the median, by order statistics. */
void median_ranks(size_t n, size_t *ret_low, size_t *ret_high);

/* Everything one says of a series of round trips. */
struct latency_record {
    size_t n;
    double min, p50, p90, p99, p999, max, mean;
    double jitter;    /* p99 - p50 */
    double low, high; /* 95 % confidence interval of the median */
};
/* Samples in any unit; sorts them. n > 0. */
void latency_record_of(double *samples, size_t n, struct latency_record *ret);

/* Ratio of medians, b to a, with a bootstrap interval of 95 %. scratch holds na + nb + rounds. */
struct ratio {
    double ratio, low, high;
};
struct ratio ratio_of_medians(const double *a, size_t na, const double *b, size_t nb,
                              uint32_t rounds, uint64_t seed, double *scratch);

/* xoshiro's little sister: the same numbers for the same seed. */
struct chance {
    uint64_t state;
};
uint64_t chance_next(struct chance *chance);
double chance_unit(struct chance *chance);   /* [0, 1) */
double chance_normal(struct chance *chance); /* mean 0, deviation 1 */
uint32_t chance_below(struct chance *chance, uint32_t limit);

#endif
