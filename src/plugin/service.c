#include "service.h"

#include <goplugin.pb-c.h>

static const struct {
    const char *path;
    enum service_kind kind;
} services[] = {
    {"/plugin.GRPCController/Shutdown", SERVICE_SHUTDOWN},
    {"/plugin.GRPCStdio/StreamStdio", SERVICE_HOLD},
    {"/plugin.GRPCBroker/StartStream", SERVICE_HOLD},
    {"/grpc.health.v1.Health/Check", SERVICE_HEALTH},
};

static const char *const healthy[] = {"", "plugin", "tfplugin6.Provider"};

enum service_kind service_find(struct str path, const struct wire_method **ret_method)
{
    *ret_method = wire_method_find(path);
    if (*ret_method != NULL)
        return wire_method_stops(*ret_method) ? SERVICE_STOP : SERVICE_WIRE;
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        if (str_is(path, services[i].path))
            return services[i].kind;
    return SERVICE_UNKNOWN;
}

bool service_is_healthy(struct str request, struct str *ret_answer)
{
    static const char serving[] = {0x08, GOPLUGIN__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING};
    Goplugin__HealthCheckRequest *asked = goplugin__health_check_request__unpack(
        NULL, request.len, (const uint8_t *)(request.len == 0 ? "" : request.ptr));
    bool known = false;

    if (asked == NULL)
        return false;
    struct str name = {(const char *)asked->service.data, asked->service.len};
    for (size_t i = 0; i < sizeof healthy / sizeof healthy[0]; i++)
        known |= str_is(name, healthy[i]);
    goplugin__health_check_request__free_unpacked(asked, NULL);
    *ret_answer = (struct str){serving, sizeof serving};
    return known;
}
