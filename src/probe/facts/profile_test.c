#include "profile.h"

#include <hp/base/test.h>

static struct probe_error error;

static bool reads(const char *json)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct profile profile;

    error = (struct probe_error){0};
    return profile_read(arena, str_of(json), "p.json", &profile, &error);
}

START_TEST(every_floor_is_below_line_rate_and_every_figure_has_a_source)
{
    scoped(arena_freep) struct arena *arena = arena_new(16 << 20);
    const struct str *types = profile_types(arena);
    int count = 0;

    for (; types->ptr != NULL; types++, count++) {
        struct profile p;
        ck_assert_msg(profile_of_type(arena, *types, &p), "%.*s", STR(*types));
        ck_assert_str(p.type, *types);
        const struct profile_figure *figures[] = {&p.rails,
                                                  &p.rail_gbps,
                                                  &p.node_gbps,
                                                  &p.latency_us_most,
                                                  &p.bandwidth_gbps_least,
                                                  &p.node_bandwidth_gbps_least};
        for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
            ck_assert_msg(figures[i]->value == 0 || figures[i]->source.len > 10, "%.*s, %zu",
                          STR(*types), i);
        ck_assert(p.rails.value >= 1);
        if (p.bandwidth_gbps_least.value > 0)
            ck_assert(p.bandwidth_gbps_least.value < p.rail_gbps.value);
        if (p.node_bandwidth_gbps_least.value > 0)
            ck_assert(p.node_bandwidth_gbps_least.value < p.node_gbps.value);
        if (p.rail_gbps.value > 0) /* the node is its rails */
            ck_assert(p.rails.value * p.rail_gbps.value == p.node_gbps.value);
    }
    ck_assert_int_ge(count, 15);
}

START_TEST(a_type_is_known_with_ml_and_by_its_sibling)
{
    scoped(arena_freep) struct arena *arena = arena_new(16 << 20);
    struct profile p;

    ck_assert(profile_of_type(arena, S("ml.p5e.48xlarge"), &p));
    ck_assert(p.rails.value == 32 && p.bandwidth_gbps_least.value == 85);
    ck_assert(!profile_of_type(arena, S("ml.m5.large"), &p));
    ck_assert(p.type.len == 0);
}

#define HEAD "{\"schema\":\"hyperpod-probe-profile/1\",\"type\":\"x\""

START_TEST(a_wrong_profile_is_told_what_is_wrong)
{
    static const struct {
        const char *json, *says;
    } rows[] = {
        {"", "it is empty"},
        {"{\"schema\":\n 1,,", "line 2, column"},
        {"[]", "should be an object"},
        {"{} x", "this is not JSON"},
        {"{\"type\":\"x\"}", "schema should be there"},
        {"{\"schema\":\"other/2\",\"type\":\"x\"}", "not other/2"},
        {HEAD ",\"rails\":{\"value\":\"many\",\"source\":\"me\"}}",
         "rails.value should be a number or null"},
        {HEAD ",\"rails\":{\"value\":4,\"source\":\" \"}}", "rails has no source"},
        {HEAD ",\"rials\":{\"value\":4,\"source\":\"me\"}}", "rials should be one of schema type"},
        {HEAD ",\"rails\":{\"valeu\":4,\"source\":\"me\"}}", "rails.valeu should be one of value"},
        {HEAD ",\"rails\":{\"value\":-1,\"source\":\"me\"}}", "rails is no figure"},
        {HEAD ",\"rail_gbps\":{\"value\":100,\"source\":\"me\"},"
              "\"bandwidth_gbps_least\":{\"value\":100,\"source\":\"me\"}}",
         "must be below the line rate of 100"},
        {HEAD ",\"bandwidth_gbps_least\":{\"value\":10,\"source\":\"me\"}}",
         "must be below the line rate of 0"},
    };

    ck_assert_msg(reads(HEAD "}"), "%s", error.text);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_msg(!reads(rows[i].json), "%s", rows[i].json);
        ck_assert_int_eq(error.exit_code, EXIT_BAD_DATA);
        ck_assert_msg(strstr(error.text, rows[i].says) != NULL, "%s: %s", rows[i].json, error.text);
    }
}

START_TEST(a_profile_that_is_nowhere_is_said_to_be_neither_file_nor_type)
{
    scoped(arena_freep) struct arena *arena = arena_new(16 << 20);
    struct profile p;

    error = (struct probe_error){0};
    ck_assert(!profile_load(arena, "p9.huge", &p, &error));
    ck_assert(strstr(error.text, "neither such a file nor a profile") != NULL);
    ck_assert(strstr(error.text, "; types: ") != NULL && strstr(error.text, "p5.48xlarge") != NULL);
    error = (struct probe_error){0};
    ck_assert(!profile_load(arena, "/", &p, &error));
    ck_assert(strstr(error.text, "cannot be read") != NULL);
    ck_assert(profile_load(arena, "p5.48xlarge", &p, &error));
}

TESTS("probe/profile", every_floor_is_below_line_rate_and_every_figure_has_a_source,
      a_type_is_known_with_ml_and_by_its_sibling, a_wrong_profile_is_told_what_is_wrong,
      a_profile_that_is_nowhere_is_said_to_be_neither_file_nor_type)
