#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

float select_float(float *values, size_t n, size_t k)
{
    ptrdiff_t low = 0, high = (ptrdiff_t)n - 1, at = (ptrdiff_t)k;

    while (low < high) {
        float pivot = values[at];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (values[i] < pivot)
                i++;
            while (pivot < values[j])
                j--;
            if (i <= j) {
                float swap = values[i];
                values[i++] = values[j];
                values[j--] = swap;
            }
        }
        if (j < at)
            low = i;
        if (at < i)
            high = j;
    }
    return values[at];
}

double median_float(float *values, size_t n)
{
    return n == 0 ? NAN : select_float(values, n, (n - 1) / 2);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

void sort_doubles(double *values, size_t n)
{
    if (n > 1)
        qsort(values, n, sizeof *values, by_value);
}

double median_double(double *values, size_t n)
{
    sort_doubles(values, n);
    return quantile_sorted(values, n, 0.5);
}

double quantile_sorted(const double *sorted, size_t n, double q)
{
    if (n == 0)
        return NAN;
    double at = q * (double)(n - 1);
    size_t below = (size_t)at;
    if (below + 1 >= n)
        return sorted[n - 1];
    return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

double mad_double(const double *values, size_t n, double middle, double *scratch)
{
    double least = fabs(middle) / 100;

    for (size_t i = 0; i < n; i++)
        scratch[i] = fabs(values[i] - middle);
    double mad = n == 0 ? 0 : 1.4826 * median_double(scratch, n);
    return mad < least ? least : mad;
}

void median_ranks(size_t n, size_t *ret_low, size_t *ret_high)
{
    double half = 0.98 * sqrt((double)n), middle = (double)n / 2;
    double low = floor(middle - half), high = ceil(middle + half);

    *ret_low = low < 0 ? 0 : (size_t)low;
    *ret_high = high > (double)n - 1 ? n - 1 : (size_t)high;
}

void latency_record_of(double *samples, size_t n, struct latency_record *ret)
{
    size_t low, high;
    double sum = 0;

    sort_doubles(samples, n);
    for (size_t i = 0; i < n; i++)
        sum += samples[i];
    median_ranks(n, &low, &high);
    *ret = (struct latency_record){.n = n,
                                   .min = samples[0],
                                   .p50 = quantile_sorted(samples, n, 0.5),
                                   .p90 = quantile_sorted(samples, n, 0.9),
                                   .p99 = quantile_sorted(samples, n, 0.99),
                                   .p999 = quantile_sorted(samples, n, 0.999),
                                   .max = samples[n - 1],
                                   .mean = sum / (double)n,
                                   .low = samples[low],
                                   .high = samples[high]};
    ret->jitter = ret->p99 - ret->p50;
}

static double median_of_resample(const double *values, size_t n, struct chance *chance,
                                 double *scratch)
{
    for (size_t i = 0; i < n; i++)
        scratch[i] = values[chance_below(chance, (uint32_t)n)];
    return median_double(scratch, n);
}

struct ratio ratio_of_medians(const double *a, size_t na, const double *b, size_t nb,
                              uint32_t rounds, uint64_t seed, double *scratch)
{
    double *ratios = scratch, *sample = scratch + rounds;
    struct chance chance = {seed};

    if (na == 0 || nb == 0)
        return (struct ratio){NAN, NAN, NAN};
    for (uint32_t i = 0; i < rounds; i++) {
        double of_a = median_of_resample(a, na, &chance, sample);
        ratios[i] = median_of_resample(b, nb, &chance, sample) / of_a;
    }
    sort_doubles(ratios, rounds);
    memcpy(sample, a, na * sizeof *a);
    double of_a = median_double(sample, na);
    memcpy(sample, b, nb * sizeof *b);
    return (struct ratio){median_double(sample, nb) / of_a, quantile_sorted(ratios, rounds, 0.025),
                          quantile_sorted(ratios, rounds, 0.975)};
}

uint64_t chance_next(struct chance *chance)
{
    uint64_t z = (chance->state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double chance_unit(struct chance *chance)
{
    return (double)(chance_next(chance) >> 11) * 0x1p-53;
}

double chance_normal(struct chance *chance)
{
    double radius = sqrt(-2 * log(1 - chance_unit(chance)));

    return radius * cos(6.283185307179586 * chance_unit(chance));
}

uint32_t chance_below(struct chance *chance, uint32_t limit)
{
    return (uint32_t)((chance_next(chance) >> 32) * limit >> 32);
}
