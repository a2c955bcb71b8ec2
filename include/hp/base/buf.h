/* A byte buffer that grows up to a stated maximum, on the heap or in an arena.
 *
 * Writers never fail one by one: what does not fit sets `overflow` and is dropped whole; look once,
 * at the end. */
#ifndef HP_BASE_BUF_H
#define HP_BASE_BUF_H

#include <hp/base/arena.h>

struct buf {
    char *ptr;
    size_t len, size, max;
    struct arena *arena; /* NULL: heap, buf_done frees */
    bool overflow;
};

struct buf buf_on_heap(size_t max_bytes);
struct buf buf_in(struct arena *arena, size_t max_bytes); /* the bytes live as long as the arena */
void buf_done(struct buf *buf);
void buf_clear(struct buf *buf); /* empty again, keeps its memory */

void buf_put(struct buf *buf, struct str s);
void buf_putc(struct buf *buf, char c);
void buf_putz(struct buf *buf, const char *z);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What is in it now; valid until the next write. */
struct str buf_str(const struct buf *buf);

#endif
