#include "sound.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Whatever is accepted is sound, and is written as text that is read as the same tree. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    scoped(arena_freep) struct arena *arena = arena_new(32 << 20);
    struct doc *doc, *again;
    struct doc_error error = {0};
    struct str text = {(const char *)bytes, len};
    struct buf out = buf_in(arena, 4 << 20), twice = buf_in(arena, 4 << 20);
    size_t nodes = narrow.nodes;

    if (!doc_from_json(arena, text, &narrow, &doc, &error)) {
        must_be_told(&error, text);
        return 0;
    }
    must_be_sound(doc, narrow.depth + 1, &nodes);
    must(doc_equal(doc, doc_copy(arena, doc)), "a copy is the same tree");
    must(doc_to_json(doc, &out), "a tree is written");
    must(doc_from_json(arena, buf_str(&out), &narrow, &again, &error), "it is read again");
    must(doc_equal(doc, again), "it is the same tree");
    must(doc_to_json(again, &twice) && str_eq(buf_str(&out), buf_str(&twice)),
         "it is written the same");
    return 0;
}
