#include <hp/doc/doc.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Whatever is accepted is written as a document that is read as the same tree. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    scoped(arena_freep) struct arena *arena = arena_new(32 << 20);
    struct doc *doc, *again;
    struct str name;
    struct doc_error error;
    struct buf out = buf_in(arena, 4 << 20);

    if (!doc_from_xml(arena, (struct str){(const char *)bytes, len}, NULL, &name, &doc, &error))
        return 0;
    doc_to_xml(name, doc, &out);
    if (!out.overflow && (!doc_from_xml(arena, buf_str(&out), NULL, &name, &again, &error) ||
                          !doc_equal(doc, again)))
        abort();
    return 0;
}
