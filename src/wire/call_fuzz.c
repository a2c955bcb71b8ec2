/* Any bytes to any method: the first byte chooses it. Answers must be messages whose texts are
 * UTF-8 where Terraform wants them so. */
#include "tiny.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool texts_are_utf8(const Tfplugin6__PlanResourceChange__Response *answer)
{
    for (size_t i = 0; i < answer->n_diagnostics; i++)
        if (!str_is_utf8(str_of(answer->diagnostics[i]->summary)) ||
            !str_is_utf8(str_of(answer->diagnostics[i]->detail)))
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tiny_world world;
    struct str answer, message;

    if (world.wire == NULL) {
        world = tiny_begin();
        tiny_send(&world, "ConfigureProvider", S(""), &answer);
    }
    if (size == 0)
        return 0;
    const struct wire_method *method = wire_method_at(data[0] % 14);
    struct arena *arena = arena_new((size_t)1 << 30);
    struct str request = {(const char *)data + 1, size - 1};
    enum wire_status status =
        wire_call(world.wire, method, request, NULL, arena, &answer, &message);
    if (status == WIRE_OK && method == wire_method_find(S("/tfplugin6.Provider/"
                                                          "PlanResourceChange"))) {
        const void *plan =
            pb_unpack(arena, &tfplugin6__plan_resource_change__response__descriptor, answer);
        if (plan == NULL || !texts_are_utf8(plan))
            abort();
    }
    arena_free(arena);
    return 0;
}
