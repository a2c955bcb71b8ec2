/* Pairs of curl handles, each used by one thread at a time; a pair keeps its connections open.
 * (Sharing connections between threads by CURLSH is documented as unsafe.) Private to aws. */
#ifndef AWS_HTTP_POOL_H
#define AWS_HTTP_POOL_H

#include <curl/curl.h>

struct http_slot {
    CURL *easy;
    CURLM *multi;
    struct http_slot *next;
};

struct http_pool;
struct http_pool *http_pool_new(void);
void http_pool_free(struct http_pool *pool); /* no slot is out */
/* The one used last, since its connection is the warmest; or a new one. */
struct http_slot *http_pool_take(struct http_pool *pool);
void http_pool_give(struct http_pool *pool, struct http_slot *slot);

#endif
