#include "profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_new(64 << 20);
    struct str text = arena_str(arena, (struct str){(const char *)bytes, size});
    struct profiles profiles = {0};
    size_t line;
    const char *why;
    for (int file = PROFILE_CONFIG; size < 64 << 10 && file <= PROFILE_CREDENTIALS; file++)
        if (profiles_parse(arena, text, (enum profile_file)file, &profiles, &line, &why)) {
            profile_get_below(&profiles, (enum profile_file)file, PROFILE_SERVICES, S("local"),
                              "ec2", "endpoint_url");
            profile_exists(&profiles, S("default"));
        }
    arena_free(arena);
    return 0;
}
