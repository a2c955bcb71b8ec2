/* Client-side rate of adaptive mode. Figures: AWS SDKs' throttling.py (beta 0.7, scale 0.4,
 * smoothing 0.8, buckets of half a second, at most twice the measured rate). */
#include "retry.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

static const double beta = 0.7, scale = 0.4, smooth = 0.8, least_rate = 0.5, bucket_s = 0.5;

struct retry_rate {
    const struct world *world;
    pthread_mutex_t lock;
    bool active;                        /* only after the first throttling */
    double fill_rate, capacity, tokens; /* the bucket */
    double filled_at;
    double measured, bucket_began, count; /* the rate of sending */
    double last_max, last_throttle, window;
};

static double now_s(const struct retry_rate *rate)
{
    return (double)world_tick_ms(rate->world) / 1000;
}

struct retry_rate *retry_rate_new(const struct world *world)
{
    struct retry_rate *rate = calloc(1, sizeof *rate);
    if (rate == NULL)
        abort();
    pthread_mutex_init(&rate->lock, NULL);
    rate->world = world;
    rate->bucket_began = floor(now_s(rate) / bucket_s) * bucket_s;
    return rate;
}

void retry_rate_free(struct retry_rate *rate)
{
    if (rate == NULL)
        return;
    pthread_mutex_destroy(&rate->lock);
    free(rate);
}

static void fill(struct retry_rate *rate, double now)
{
    rate->tokens = fmin(rate->capacity, rate->tokens + (now - rate->filled_at) * rate->fill_rate);
    rate->filled_at = now;
}

int64_t retry_rate_wait_ms(struct retry_rate *rate)
{
    if (rate == NULL)
        return 0;
    pthread_mutex_lock(&rate->lock);
    double wait = 0;
    if (rate->active) {
        fill(rate, now_s(rate));
        rate->tokens -= 1; /* below zero: later ones queue behind */
        if (rate->tokens < 0)
            wait = -rate->tokens / rate->fill_rate;
    }
    pthread_mutex_unlock(&rate->lock);
    return (int64_t)ceil(wait * 1000);
}

static void measure(struct retry_rate *rate, double now)
{
    double bucket = floor(now / bucket_s) * bucket_s;
    rate->count++;
    if (bucket <= rate->bucket_began)
        return;
    double current = rate->count / (bucket - rate->bucket_began);
    rate->measured = current * smooth + rate->measured * (1 - smooth);
    rate->count = 0;
    rate->bucket_began = bucket;
}

static void set_rate(struct retry_rate *rate, double wanted, double now)
{
    fill(rate, now);
    rate->fill_rate = fmax(wanted, least_rate);
    rate->capacity = fmax(wanted, 1);
    rate->tokens = fmin(rate->tokens, rate->capacity);
}

void retry_rate_answer(struct retry_rate *rate, bool throttled)
{
    if (rate == NULL)
        return;
    pthread_mutex_lock(&rate->lock);
    double now = now_s(rate), wanted;
    measure(rate, now);
    if (throttled) {
        double seen = rate->active ? fmin(rate->measured, rate->fill_rate) : rate->measured;
        rate->last_max = seen;
        rate->window = cbrt(seen * (1 - beta) / scale);
        rate->last_throttle = now;
        rate->active = true;
        wanted = seen * beta;
    } else {
        wanted = scale * pow(now - rate->last_throttle - rate->window, 3) + rate->last_max;
    }
    if (rate->active)
        set_rate(rate, throttled ? wanted : fmin(wanted, 2 * rate->measured), now);
    pthread_mutex_unlock(&rate->lock);
}
