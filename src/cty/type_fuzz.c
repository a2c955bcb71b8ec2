#include "sound.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int depth_of(const struct cty_type *type)
{
    int deepest = type->element == NULL ? 0 : depth_of(type->element);
    for (size_t i = 0; i < type->count; i++) {
        int depth = depth_of(type->attributes[i].type);
        deepest = depth > deepest ? depth : deepest;
        must(str_is_utf8(type->attributes[i].name), "a name is UTF-8");
        must(type->kind != CTY_OBJECT || i == 0 ||
                 str_cmp(type->attributes[i - 1].name, type->attributes[i].name) < 0,
             "attributes are sorted, and each is there once");
    }
    return deepest + 1;
}

/* What is accepted is no deeper than is said, and is written as text that is read as the same
 * type. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    scoped(arena_freep) struct arena *arena = arena_new(32 << 20);
    const struct cty_type *type, *again;
    struct str why, json = {(const char *)bytes, len};

    if (!cty_type_from_json(arena, json, &type, &why)) {
        must(why.len > 0 && str_is_utf8(why), "a refusal has a sentence");
        return 0;
    }
    must(depth_of(type) <= CTY_MAX_DEPTH + 1, "a type is not too deep");
    struct str text = cty_type_to_json(arena, type);
    must(cty_type_from_json(arena, text, &again, &why), "it is read again");
    must(cty_type_equal(type, again), "it is the same type");
    must(str_eq(text, cty_type_to_json(arena, again)), "it is written the same");
    must(cty_type_name(arena, type).len > 0, "it has a name");
    return 0;
}
