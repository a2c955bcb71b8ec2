#include "http_pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { IDLE_MAX = 64, CONNECTIONS_A_SLOT = 8 };

struct http_pool {
    pthread_mutex_t lock;
    struct http_slot *idle;
    size_t idle_count;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_begin(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void *must(void *made)
{
    if (made == NULL) {
        fputs("[ERROR] out of memory; the process ends here.\n", stderr);
        abort();
    }
    return made;
}

struct http_pool *http_pool_new(void)
{
    pthread_once(&curl_once, curl_begin);
    struct http_pool *pool = must(calloc(1, sizeof *pool));
    pthread_mutex_init(&pool->lock, NULL);
    return pool;
}

static void slot_free(struct http_slot *slot)
{
    curl_multi_cleanup(slot->multi);
    curl_share_cleanup(slot->sessions);
    free(slot);
}

static struct http_slot *slot_new(void)
{
    struct http_slot *slot = must(calloc(1, sizeof *slot));
    slot->multi = must(curl_multi_init());
    slot->sessions = must(curl_share_init());
    curl_multi_setopt(slot->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_A_SLOT);
    curl_share_setopt(slot->sessions, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return slot;
}

void http_pool_free(struct http_pool *pool)
{
    if (pool == NULL)
        return;
    while (pool->idle != NULL) {
        struct http_slot *slot = pool->idle;
        pool->idle = slot->next;
        slot_free(slot);
    }
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

struct http_slot *http_pool_take(struct http_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct http_slot *slot = pool->idle;
    if (slot != NULL) {
        pool->idle = slot->next;
        pool->idle_count--;
    }
    pthread_mutex_unlock(&pool->lock);
    if (slot == NULL)
        slot = slot_new();
    slot->easy = must(curl_easy_init());
    curl_easy_setopt(slot->easy, CURLOPT_SHARE, slot->sessions);
    return slot;
}

void http_pool_give(struct http_pool *pool, struct http_slot *slot)
{
    curl_easy_cleanup(slot->easy);
    slot->easy = NULL;
    pthread_mutex_lock(&pool->lock);
    bool kept = pool->idle_count < IDLE_MAX;
    if (kept) {
        slot->next = pool->idle;
        pool->idle = slot;
        pool->idle_count++;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!kept)
        slot_free(slot);
}
