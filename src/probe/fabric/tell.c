#include "tests.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The smallest sample that at least this share of all is not above. */
static int64_t at_share(const int64_t *sorted, uint32_t count, double share)
{
    double place = ceil(share * count);

    return sorted[place < 1 ? 0 : place > count ? count - 1 : (uint32_t)place - 1];
}

void samples_tell(int64_t *samples, uint32_t count, struct pair_got *got)
{
    double middle = count / 2.0, half = 0.98 * sqrt(count); /* 95 % by order statistics */

    got->count = count;
    got->measured = count > 0;
    if (count == 0)
        return;
    qsort(samples, count, sizeof *samples, by_size);
    got->min = samples[0];
    got->max = samples[count - 1];
    got->p50 = at_share(samples, count, 0.5);
    got->p90 = at_share(samples, count, 0.9);
    got->p99 = at_share(samples, count, 0.99);
    got->p999 = at_share(samples, count, 0.999);
    got->low = samples[middle - half < 0 ? 0 : (uint32_t)(middle - half)];
    got->high = samples[middle + half >= count ? count - 1 : (uint32_t)(middle + half)];
}

void windows_tell(int64_t *samples, uint64_t windows, uint64_t bytes, uint64_t messages,
                  int64_t elapsed, struct pair_got *got)
{
    if (windows == 0 || elapsed <= 0)
        return;
    samples_tell(samples, (uint32_t)windows, got);
    got->rate = (double)windows * (double)bytes * 1e9 / (double)elapsed;
    got->messages = (double)windows * (double)messages * 1e9 / (double)elapsed;
    got->worst_rate = (double)bytes * 1e9 / (double)(got->p99 > 0 ? got->p99 : 1);
    got->count = windows * messages;
}
