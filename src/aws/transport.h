/* How a request gets to AWS. The client sees only this: http.c goes by libcurl, tests answer by
 * script. Private to aws. */
#ifndef AWS_TRANSPORT_H
#define AWS_TRANSPORT_H

#include <hp/aws/sigv4.h>
#include <hp/base/stop.h>

struct http_request {
    struct str method, url;
    const struct aws_header *headers;
    size_t header_count;
    struct str body;
    bool once;   /* must not be sent a second time by itself, whatever happens to the connection */
    bool direct; /* never by a proxy: a service of this machine */
};

struct http_answer {
    int status;
    const struct aws_header *headers;
    size_t header_count;
    struct str body;
};

enum http_trouble {
    HTTP_UNREACHABLE, /* nothing was sent: name, connection, TLS */
    HTTP_LOST,        /* sent, at least in part, and no whole answer came */
    HTTP_STOPPED,     /* by the stop token; `sent` says whether AWS may have it */
    HTTP_TOO_LATE,    /* the deadline; `sent` as above */
    HTTP_REFUSED      /* repeating will not help: certificate, answer too large, bad address */
};

struct http_failure {
    enum http_trouble trouble;
    bool sent;
    struct str message; /* in the arena */
    bool silent; /* who was reached took the request, and said nothing in all the time given */
};

struct transport {
    /* Thread safe. The answer lives in the arena; on false *ret_answer is as it was. A deadline of
     * 0 is none. */
    bool (*send)(void *arg, struct arena *arena, const struct http_request *request,
                 struct stop_token *stop, int64_t deadline_tick_ms, struct http_answer *ret_answer,
                 struct http_failure *reterr);
    void (*free)(void *arg);
    void *arg;
};

/* The value of the first header of that name (any case), or ptr NULL. */
struct str http_header(const struct http_answer *answer, const char *name);
/* Reads header lines ("Name: value\r\n"); lines that are none are left out, at most 200 kept. */
size_t http_headers_read(struct arena *arena, struct str text,
                         const struct aws_header **ret_headers);
/* Without control characters: what becomes a header is looked at, so that nobody adds others. */
bool is_one_line(struct str text);
/* "Sun, 06 Nov 1994 08:49:37 GMT". */
bool http_date_parse(struct str text, int64_t *ret_unix_ms);

#endif
