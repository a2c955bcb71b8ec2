#include <hp/doc/doc.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Whatever is accepted is written as text that is read as the same tree. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    scoped(arena_freep) struct arena *arena = arena_new(32 << 20);
    struct doc *doc, *again;
    struct doc_error error;
    struct buf out = buf_in(arena, 4 << 20);

    if (!doc_from_json(arena, (struct str){(const char *)bytes, len}, NULL, &doc, &error))
        return 0;
    if (doc_to_json(doc, &out) &&
        (!doc_from_json(arena, buf_str(&out), NULL, &again, &error) || !doc_equal(doc, again)))
        abort();
    return 0;
}
