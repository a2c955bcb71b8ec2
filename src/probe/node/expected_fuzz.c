#include "expected.h"
#include "hostlist.h"

#include <hp/base/must.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must_be_named(const struct expected *expected)
{
    for (uint32_t i = 0; i < expected->count; i++) {
        const struct expected_node *node = &expected->nodes[i];
        must(!str_empty(node->name) && str_is_utf8(node->name), "every node has a name");
        must(str_is_utf8(node->group) && str_is_utf8(node->place), "texts are UTF-8");
        must(expected_of(expected, S(""), node->name) != NULL, "it is found by its name");
    }
}

/* A file as it comes, and the same bytes as a list of Slurm's. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct str text = {(const char *)bytes, len}, *names;
    struct expected expected;
    struct probe_error error = {0};
    uint32_t count;

    if (len > 1 << 16)
        return 0;
    if (expected_read(arena, text, "file", NULL, 0, &expected, &error))
        must_be_named(&expected);
    else
        must(error.exit_code == EXIT_BAD_DATA && error.text[0] != '\0', "a refusal says why");
    if (hostlist_expand(arena, text, 1000, &names, &count))
        for (uint32_t i = 0; i < count; i++)
            must(names[i].len > 0 && str_find_char(names[i], ',') == SIZE_MAX,
                 "a name is one word");
    return 0;
}
