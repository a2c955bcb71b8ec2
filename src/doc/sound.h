/* For fuzzers: what must hold of every tree that a parser gave out, and of every refusal. Private
 * to doc's fuzzers. */
#ifndef DOC_SOUND_H
#define DOC_SOUND_H

#include <hp/base/must.h>
#include <hp/doc/doc.h>

/* Text is UTF-8, nothing is deeper or more than was allowed, counts are right. */
static inline void must_be_sound(const struct doc *doc, size_t depth, size_t *nodes)
{
    size_t count = 0;
    must(depth > 0 && (*nodes)-- > 0, "a tree stays within its limits");
    must(str_is_utf8(doc->text), "a text is UTF-8");
    doc_each (entry, doc) {
        count++;
        must(str_is_utf8(entry->name), "a name is UTF-8");
        must_be_sound(entry->value, depth - 1, nodes);
    }
    must(count == doc->count, "the parts are counted");
}

static inline void must_be_told(const struct doc_error *error, struct str text)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n' || text.ptr[i] == '\r';
    must(error->message.len > 0 && error->message.len < 4096, "a refusal has a sentence");
    must(str_is_utf8(error->message), "a refusal is UTF-8");
    must(error->line <= lines && error->column <= text.len + 1, "a refusal's place is in the text");
}

static const struct doc_limits narrow = {.bytes = 1 << 20, .depth = 12, .nodes = 400};

#endif
