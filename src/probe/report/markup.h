/* What XML and HTML share. */
#ifndef HP_PROBE_MARKUP_H
#define HP_PROBE_MARKUP_H

#include <hp/base/buf.h>

/* Escaped for text and for attributes; what XML forbids (control characters) becomes U+FFFD. */
void markup_text(struct buf *buf, struct str text);

#endif
