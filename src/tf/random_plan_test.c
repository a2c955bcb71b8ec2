#include "random.h"

#include <hp/base/test.h>

START_TEST(every_plan_keeps_the_rules_stays_and_can_be_applied)
{
    static const struct tf_resource *const resources[] = {&random_thing, NULL};
    static const struct tf_provider provider = {.name = "lab", .resources = resources};
    struct tf_server *server = random_server(&provider);
    uint64_t seed = 1;

    for (int i = 0; i < 2000; i++) {
        uint8_t data[900];
        for (size_t j = 0; j < sizeof data; j++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            data[j] = (uint8_t)(seed >> 56);
        }
        struct bytes bytes = {data, sizeof data};
        scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
        struct tf_rpc rpc = {.arena = arena, .diags = diags_in(arena)};
        check_any_plan(server, &rpc, &bytes);
        tf_rpc_done(server, &rpc);
    }
    tf_server_free(server);
}
END_TEST

TESTS("tf/random_plan", every_plan_keeps_the_rules_stays_and_can_be_applied)
