/* Who answers a path: the services of go-plugin, gRPC's health check, or the provider's own. */
#ifndef HP_PLUGIN_SERVICE_H
#define HP_PLUGIN_SERVICE_H

#include <hp/wire/wire.h>

enum service_kind {
    SERVICE_UNKNOWN,
    SERVICE_WIRE,     /* a worker runs it */
    SERVICE_STOP,     /* at once, by whoever sees it: no worker may be free */
    SERVICE_SHUTDOWN, /* answer, then leave */
    SERVICE_HOLD,     /* a stream that stays open and idle */
    SERVICE_HEALTH
};

enum service_kind service_find(struct str path, const struct wire_method **ret_method);
/* The answer to Health/Check; false: no such service here. */
bool service_is_healthy(struct str request, struct str *ret_answer);

#endif
