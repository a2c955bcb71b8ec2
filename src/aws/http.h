/* The transport by libcurl. Private to aws. */
#ifndef AWS_HTTP_H
#define AWS_HTTP_H

#include "transport.h"
#include <hp/base/clock.h>

struct http_settings {
    struct str ca_bundle; /* a file; empty: this machine's (roots.h) */
    bool insecure;
    struct str http_proxy, https_proxy, no_proxy; /* empty: none */
    int64_t connect_ms;                           /* 0: 10 s */
    int64_t silence_s;                            /* without a byte for so long: lost; 0: 60 s */
    size_t body_max;                              /* 0: 64 MiB */
};

/* A pool of connections; settings are copied. */
struct transport http_transport_new(const struct world *world,
                                    const struct http_settings *settings);

#endif
