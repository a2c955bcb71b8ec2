#include <hp/base/buf.h>

#include <stdio.h>
#include <stdlib.h>

static const size_t largest = SIZE_MAX / 4; /* no sum of sizes below can wrap */

struct buf buf_on_heap(size_t max_bytes)
{
    return (struct buf){.max = max_bytes};
}

struct buf buf_in(struct arena *arena, size_t max_bytes)
{
    return (struct buf){.max = max_bytes, .arena = arena};
}

void buf_done(struct buf *buf)
{
    if (buf->arena == NULL)
        free(buf->ptr);
    *buf = (struct buf){.max = buf->max, .arena = buf->arena};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->overflow = false;
}

static bool buf_grow(struct buf *buf, size_t more)
{
    size_t most = buf->max < largest ? buf->max : largest;
    if (more > most || buf->len > most - more) {
        buf->overflow = true;
        return false;
    }
    size_t need = buf->len + more + 1;
    if (need <= buf->size)
        return true;
    size_t size = buf->size < 64 ? 64 : buf->size;
    while (size < need)
        size *= 2;
    if (size > most + 1)
        size = most + 1;
    if (buf->arena != NULL && !arena_has_room(buf->arena, size + 16)) { /* 16: it rounds up */
        buf->overflow = true;
        return false;
    }
    if (buf->arena != NULL) {
        buf->ptr = arena_grow(buf->arena, buf->ptr, buf->size, size);
    } else {
        char *grown = realloc(buf->ptr, size);
        if (grown == NULL) {
            fputs("[ERROR] out of memory; the process ends here.\n", stderr);
            abort();
        }
        buf->ptr = grown;
    }
    buf->size = size;
    return true;
}

/* Makes room for `more` bytes and a NUL. False: they do not fit. */
static inline bool buf_reserve(struct buf *buf, size_t more)
{
    return more < buf->size - buf->len || buf_grow(buf, more);
}

void buf_put(struct buf *buf, struct str s)
{
    if (buf->overflow || !buf_reserve(buf, s.len))
        return;
    if (s.len > 0)
        memcpy(buf->ptr + buf->len, s.ptr, s.len);
    buf->len += s.len;
    buf->ptr[buf->len] = 0;
}

void buf_putc(struct buf *buf, char c)
{
    if (buf->overflow || !buf_reserve(buf, 1))
        return;
    buf->ptr[buf->len++] = c;
    buf->ptr[buf->len] = 0;
}

void buf_putz(struct buf *buf, const char *z)
{
    buf_put(buf, str_of(z));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len >= 0 && !buf->overflow && buf_reserve(buf, (size_t)len)) {
        vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->ptr == NULL ? "" : buf->ptr, buf->len};
}
