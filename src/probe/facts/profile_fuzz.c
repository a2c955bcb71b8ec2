/* A profile that somebody wrote: what is read holds what a profile promises. */
#include "profile.h"

#include <hp/base/must.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void sound(const struct profile_figure *figure)
{
    must(figure->value >= 0 && figure->value < 1e6, "a figure is one");
    must(figure->value == 0 || str_trim(figure->source).len > 0, "a figure has a source");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_new(16 << 20);
    struct probe_error error = {0};
    struct profile p;

    if (profile_read(arena, (struct str){(const char *)bytes, size}, "p.json", &p, &error)) {
        sound(&p.rails);
        sound(&p.rail_gbps);
        sound(&p.node_gbps);
        sound(&p.latency_us_most);
        sound(&p.bandwidth_gbps_least);
        sound(&p.node_bandwidth_gbps_least);
        must(p.bandwidth_gbps_least.value == 0 || p.bandwidth_gbps_least.value < p.rail_gbps.value,
             "a floor is below line rate");
        must(str_is_utf8(p.type) && str_is_utf8(p.note), "texts are UTF-8");
    } else {
        must(error.exit_code == EXIT_BAD_DATA && error.text[0] != 0, "a refusal says why");
    }
    arena_free(arena);
    return 0;
}
