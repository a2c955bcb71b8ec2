#include "call/shape.h"
#include "extension_kinds.h"
#include <hp/base/test.h>

static struct str configured(struct arena *arena, const struct doc *has, const char *sent,
                             struct doc **ret_settings)
{
    struct call call = {.arena = arena};
    const struct extension_kind *kind = extension_kind_find(S("sagemaker-observability"));
    if (!extension_configure(&call, kind, has, str_of(sent), ret_settings))
        return call.message;
    return S("");
}

START_TEST(settings_of_an_extension_are_merged_and_refused_by_name)
{
    scoped(arena_freep) struct arena *arena = arena_new(1024 * 1024);
    struct doc *first, *second;

    ck_assert(configured(arena, NULL, "{\"prometheus\":{\"remoteWriteUrl\":\"x\"}}", &first).len ==
              0);
    ck_assert(str_is(doc_text(doc_at(first, "prometheus.remoteWriteUrl")), "x"));
    ck_assert(str_is(doc_text(doc_at(first, "metricsProvider.ncclMetrics.level")), "DISABLED"));
    ck_assert(configured(arena, first, "{\"prometheus\":null}", &second).len == 0);
    ck_assert_ptr_null(doc_get(second, S("prometheus")));
    ck_assert_ptr_nonnull(doc_get(first, S("prometheus")));
    struct str why =
        configured(arena, NULL, "{\"metricsProvider\":{\"jobMetrics\":{\"lvl\":1}}}", &second);
    ck_assert(str_has(why, S("'metricsProvider.jobMetrics.lvl' is not known")));
}
END_TEST

TESTS("sim/extension_kinds", settings_of_an_extension_are_merged_and_refused_by_name)
