/* What both writers do to text and both readers to places. */
#ifndef DOC_TEXT_H
#define DOC_TEXT_H

#include <hp/base/buf.h>
#include <hp/doc/doc.h>

/* Writes s; each character that `escape` names is replaced by what it says, and what is not UTF-8
 * by U+FFFD. escape returns ptr NULL for a character that may stand as it is. `scratch` has 8
 * bytes. */
void doc_text_escaped(struct buf *out, struct str s,
                      struct str (*escape)(struct str character, char *scratch));

/* Fills *reterr with a literal, and the place of the byte at `offset`. Returns false. */
bool doc_refuse(struct str text, size_t offset, struct str message, struct doc_error *reterr);

/* What a node of a tree costs. */
enum { DOC_NODE_BYTES = sizeof(struct doc) + sizeof(struct doc_entry) + 64 };

#endif
