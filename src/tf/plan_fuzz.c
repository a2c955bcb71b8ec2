#include "random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tf_resource *const resources[] = {&random_thing, NULL};
    static const struct tf_provider provider = {.name = "lab", .resources = resources};
    static struct tf_server *server;
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct tf_rpc rpc = {.arena = arena, .diags = diags_in(arena)};
    struct bytes bytes = {data, size};

    if (server == NULL)
        server = random_server(&provider);
    check_any_plan(server, &rpc, &bytes);
    tf_rpc_done(server, &rpc);
    return 0;
}
