#include "service.h"
#include <hp/base/test.h>

START_TEST(each_path_has_its_kind)
{
    static const struct {
        const char *path;
        enum service_kind kind;
    } rows[] = {
        {"/tfplugin6.Provider/PlanResourceChange", SERVICE_WIRE},
        {"/tfplugin6.Provider/ReadDataSource", SERVICE_WIRE},
        {"/tfplugin6.Provider/StopProvider", SERVICE_STOP},
        {"/plugin.GRPCController/Shutdown", SERVICE_SHUTDOWN},
        {"/plugin.GRPCStdio/StreamStdio", SERVICE_HOLD},
        {"/plugin.GRPCBroker/StartStream", SERVICE_HOLD},
        {"/grpc.health.v1.Health/Check", SERVICE_HEALTH},
        {"/grpc.health.v1.Health/Watch", SERVICE_UNKNOWN},
        {"/tfplugin5.Provider/PlanResourceChange", SERVICE_UNKNOWN},
        {"", SERVICE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct wire_method *method;
        ck_assert_msg(service_find(str_of(rows[i].path), &method) == rows[i].kind, "%s",
                      rows[i].path);
        ck_assert_int_eq(method != NULL,
                         rows[i].kind == SERVICE_WIRE || rows[i].kind == SERVICE_STOP);
    }
}
END_TEST

START_TEST(the_plugin_is_healthy_and_strangers_are_not_known)
{
    struct str answer = {0};

    ck_assert(service_is_healthy(S("\x0a\x06plugin"), &answer));
    ck_assert_str(answer, S("\x08\x01"));
    ck_assert(service_is_healthy(S(""), &answer));
    ck_assert(!service_is_healthy(S("\x0a\x05other"), &answer));
    ck_assert(!service_is_healthy(S("\xff\xff"), &answer));
}
END_TEST

TESTS("plugin/service", each_path_has_its_kind, the_plugin_is_healthy_and_strangers_are_not_known)
