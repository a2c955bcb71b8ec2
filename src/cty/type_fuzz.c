#include <hp/cty/type.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What is accepted is written as text that is read as the same type. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    scoped(arena_freep) struct arena *arena = arena_new(32 << 20);
    const struct cty_type *type, *again;
    struct str why, json = {(const char *)bytes, len};

    if (!cty_type_from_json(arena, json, &type, &why))
        return 0;
    if (!cty_type_from_json(arena, cty_type_to_json(arena, type), &again, &why) ||
        !cty_type_equal(type, again))
        abort();
    (void)cty_type_name(arena, type);
    return 0;
}
