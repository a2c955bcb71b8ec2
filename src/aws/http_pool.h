/* Slots of curl handles, each used by one thread at a time; a slot keeps its connections open and
 * its TLS sessions. (Sharing connections between threads by CURLSH is documented as unsafe.) The
 * easy handle is a new one for each request: before curl 8.1 one that is used again writes into
 * freed memory when an answer's first header line begins with a space. Private to aws. */
#ifndef AWS_HTTP_POOL_H
#define AWS_HTTP_POOL_H

#include <curl/curl.h>

struct http_slot {
    CURL *easy;       /* of the request under way */
    CURLM *multi;     /* has the connections */
    CURLSH *sessions; /* of TLS */
    struct http_slot *next;
};

struct http_pool;
struct http_pool *http_pool_new(void);
void http_pool_free(struct http_pool *pool); /* no slot is out */
/* The one used last, since its connection is the warmest; or a new one. */
struct http_slot *http_pool_take(struct http_pool *pool);
void http_pool_give(struct http_pool *pool, struct http_slot *slot);

#endif
