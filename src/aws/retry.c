#include "retry.h"

#include "errors.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    TRANSIENT_MS = 50,
    THROTTLED_MS = 1000,
    CEILING_MS = 20000,
    WISH_EXTRA_MS = 5000,
    COST = 14,
    COST_THROTTLED = 5
};

enum retry_class retry_class_of(const struct aws_error *error, bool sent, bool silent)
{
    if (error->kind == AWS_NETWORK)
        return silent ? RETRY_SILENT : sent ? RETRY_TRANSIENT : RETRY_UNREACHABLE;
    if (aws_error_is_skew(error))
        return RETRY_SKEWED;
    if (error->kind == AWS_THROTTLED)
        return RETRY_THROTTLED;
    switch (error->status) {
    case 500:
    case 502:
    case 503:
    case 504:
        return RETRY_TRANSIENT;
    default:
        return aws_code_is_transient(error->code) ? RETRY_TRANSIENT : RETRY_NEVER;
    }
}

int64_t retry_wait_ms(const struct world *world, enum retry_class class, unsigned i,
                      int64_t wish_ms)
{
    int64_t most = class == RETRY_THROTTLED ? THROTTLED_MS : TRANSIENT_MS;
    if (class == RETRY_SKEWED)
        return 0;
    while (i-- > 0 && most < CEILING_MS)
        most *= 2;
    if (most > CEILING_MS)
        most = CEILING_MS;
    int64_t wait = (int64_t)world_random_below(world, (uint64_t)most + 1);
    if (wish_ms < 0)
        return wait;
    int64_t heeded = wish_ms < wait + WISH_EXTRA_MS ? wish_ms : wait + WISH_EXTRA_MS;
    return heeded > wait ? heeded : wait;
}

struct retry_quota {
    pthread_mutex_t lock;
    int64_t capacity, left;
};

struct retry_quota *retry_quota_new(int64_t capacity)
{
    if (capacity <= 0)
        return NULL;
    struct retry_quota *quota = calloc(1, sizeof *quota);
    if (quota == NULL)
        abort();
    pthread_mutex_init(&quota->lock, NULL);
    quota->capacity = quota->left = capacity;
    return quota;
}

void retry_quota_free(struct retry_quota *quota)
{
    if (quota == NULL)
        return;
    pthread_mutex_destroy(&quota->lock);
    free(quota);
}

bool retry_quota_take(struct retry_quota *quota, enum retry_class class, int64_t *ret_cost)
{
    *ret_cost = class == RETRY_THROTTLED ? COST_THROTTLED : COST;
    if (quota == NULL)
        return true;
    pthread_mutex_lock(&quota->lock);
    bool enough = quota->left >= *ret_cost;
    if (enough)
        quota->left -= *ret_cost;
    pthread_mutex_unlock(&quota->lock);
    return enough;
}

void retry_quota_success(struct retry_quota *quota, int64_t last_cost)
{
    if (quota == NULL)
        return;
    pthread_mutex_lock(&quota->lock);
    quota->left += last_cost == 0 ? 1 : last_cost;
    if (quota->left > quota->capacity)
        quota->left = quota->capacity;
    pthread_mutex_unlock(&quota->lock);
}
