#include "sound.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Whatever is accepted is sound, and is written as a document that is read as the same tree. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    scoped(arena_freep) struct arena *arena = arena_new(32 << 20);
    struct doc *doc, *again;
    struct str name, text = {(const char *)bytes, len};
    struct doc_error error = {0};
    struct buf out = buf_in(arena, 4 << 20);
    size_t nodes = narrow.nodes;

    if (!doc_from_xml(arena, text, &narrow, &name, &doc, &error)) {
        must_be_told(&error, text);
        return 0;
    }
    must(name.len > 0 && str_is_utf8(name), "a root has a name");
    must_be_sound(doc, narrow.depth + 1, &nodes);
    must(doc_equal(doc, doc_copy(arena, doc)), "a copy is the same tree");
    doc_to_xml(name, doc, &out);
    must(!out.overflow, "a tree is written");
    /* expat takes these two for letters of a name in ISO-8859-1 and not in UTF-8. */
    bool odd = str_has(buf_str(&out), S("\xc2\xaa")) || str_has(buf_str(&out), S("\xc2\xba"));
    bool read = doc_from_xml(arena, buf_str(&out), NULL, &name, &again, &error);
    must(read || odd, "it is read again");
    must(!read || doc_equal(doc, again), "it is the same tree");
    nodes = narrow.nodes * 2; /* texts are nodes of their own */
    if (doc_from_xml_whole(arena, text, &narrow, &name, &doc, &error))
        must_be_sound(doc, narrow.depth + 2, &nodes);
    else
        must_be_told(&error, text);
    return 0;
}
