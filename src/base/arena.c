#include <hp/base/arena.h>

#include <stdio.h>
#include <stdlib.h>

/* Chunks double from 16 KiB to 1 MiB; a larger piece gets a chunk of its own. */
enum { first_chunk = 16 * 1024, largest_chunk = 1024 * 1024, alignment = 16 };

struct chunk {
    struct chunk *older;
    size_t used, size;
    char *bytes;
};

struct arena {
    struct chunk *newest;
    size_t used, limit, next_size;
};

static void die(const char *why, size_t bytes)
{
    fprintf(stderr, "[ERROR] %s (%zu bytes asked for); the process ends here.\n", why, bytes);
    abort();
}

struct arena *arena_new(size_t limit_bytes)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL)
        die("out of memory", sizeof *arena);
    arena->limit = limit_bytes;
    arena->next_size = first_chunk;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (struct chunk *chunk = arena->newest; chunk != NULL;) {
        struct chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    free(arena);
}

void arena_freep(struct arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

bool arena_has_room(const struct arena *arena, size_t bytes)
{
    return bytes <= arena->limit && arena->used <= arena->limit - bytes;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    struct chunk *chunk = arena->newest;
    return (struct arena_mark){chunk, chunk == NULL ? 0 : chunk->used, arena->used};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->newest != mark.chunk) {
        struct chunk *older = arena->newest->older;
        free(arena->newest);
        arena->newest = older;
    }
    if (arena->newest != NULL)
        arena->newest->used = mark.chunk_used;
    arena->used = mark.used;
}

static struct chunk *chunk_new(struct arena *arena, size_t size)
{
    size_t header = (sizeof(struct chunk) + alignment - 1) & ~(size_t)(alignment - 1);
    size_t room = arena->next_size;
    if (arena->next_size < largest_chunk)
        arena->next_size *= 2;
    if (room < size)
        room = size;
    struct chunk *chunk = room > SIZE_MAX - header ? NULL : malloc(header + room);
    if (chunk == NULL)
        die("out of memory", room);
    *chunk = (struct chunk){.older = arena->newest, .size = room, .bytes = (char *)chunk + header};
    arena->newest = chunk;
    return chunk;
}

static size_t rounded(size_t size)
{
    if (size > SIZE_MAX - alignment)
        die("an impossible size", size);
    return size == 0 ? alignment : (size + alignment - 1) & ~(size_t)(alignment - 1);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t need = rounded(size);
    if (!arena_has_room(arena, need))
        die("the memory limit of one call is passed", size);

    struct chunk *chunk = arena->newest;
    if (chunk == NULL || chunk->size - chunk->used < need)
        chunk = chunk_new(arena, need);
    void *piece = chunk->bytes + chunk->used;
    chunk->used += need;
    arena->used += need;
    return memset(piece, 0, size);
}

void *arena_alloc_array(struct arena *arena, size_t size, size_t count)
{
    size_t bytes;
    if (__builtin_mul_overflow(size, count, &bytes))
        die("an impossible size", count);
    return arena_alloc(arena, bytes);
}

/* The newest chunk holds one large piece and nothing else: the memory that is there grows, which
 * seldom moves a byte. */
static void *grow_alone(struct arena *arena, size_t old_size, size_t need)
{
    size_t header = (size_t)(arena->newest->bytes - (char *)arena->newest);
    size_t had = arena->newest->used;
    struct chunk *chunk = need > SIZE_MAX - header ? NULL : realloc(arena->newest, header + need);

    if (chunk == NULL)
        die("out of memory", need);
    chunk->bytes = (char *)chunk + header;
    chunk->used = chunk->size = need;
    arena->newest = chunk;
    arena->used += need - had;
    memset(chunk->bytes + old_size, 0, need - old_size);
    return chunk->bytes;
}

void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size)
{
    struct chunk *chunk = arena->newest;

    if (old == NULL)
        return arena_alloc(arena, new_size);
    if (new_size <= old_size)
        return old;
    size_t had = rounded(old_size), need = rounded(new_size);
    if (chunk != NULL && (char *)old + had == chunk->bytes + chunk->used &&
        chunk->size - chunk->used >= need - had && arena_has_room(arena, need - had)) {
        chunk->used += need - had;
        arena->used += need - had;
        memset((char *)old + old_size, 0, new_size - old_size);
        return old;
    }
    if (chunk != NULL && old == chunk->bytes && had == chunk->used &&
        chunk->size >= largest_chunk && arena_has_room(arena, need - had))
        return grow_alone(arena, old_size, need);
    void *fresh = arena_alloc(arena, new_size);
    memcpy(fresh, old, old_size);
    return fresh;
}

struct str arena_str(struct arena *arena, struct str s)
{
    char *copy = arena_alloc(arena, s.len + 1);
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    return (struct str){copy, s.len};
}

char *arena_z(struct arena *arena, struct str s)
{
    return (char *)arena_str(arena, s).ptr;
}

struct str arena_vfmt(struct arena *arena, const char *format, va_list args)
{
    char brief[256]; /* what fits is printed once only */
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(brief, sizeof brief, format, args);
    if (len < 0)
        len = 0;
    char *text = arena_alloc(arena, (size_t)len + 1);
    if ((size_t)len < sizeof brief)
        memcpy(text, brief, (size_t)len);
    else
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (struct str){text, (size_t)len};
}

struct str arena_fmt(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = arena_vfmt(arena, format, args);
    va_end(args);
    return text;
}

struct str arena_cat(struct arena *arena, struct str a, struct str b)
{
    char *text = arena_alloc(arena, a.len + b.len + 1);
    if (a.len > 0)
        memcpy(text, a.ptr, a.len);
    if (b.len > 0)
        memcpy(text + a.len, b.ptr, b.len);
    return (struct str){text, a.len + b.len};
}

struct str arena_lower(struct arena *arena, struct str s)
{
    char *text = arena_z(arena, s);
    for (size_t i = 0; i < s.len; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] = (char)(text[i] - 'A' + 'a');
    return (struct str){text, s.len};
}

struct str arena_utf8(struct arena *arena, struct str s)
{
    if (str_is_utf8(s) && str_find_char(s, 0) == SIZE_MAX)
        return s;
    char *text = arena_alloc(arena, s.len * 3 + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len;) {
        size_t step = 1; /* the shortest that is well formed is one character */
        while (step <= 4 && !str_is_utf8(str_sub(s, i, step)))
            step++;
        if (step > 4 || step > s.len - i || s.ptr[i] == 0) {
            memcpy(text + len, "\xef\xbf\xbd", 3);
            len += 3;
            i++;
        } else {
            memcpy(text + len, s.ptr + i, step);
            len += step;
            i += step;
        }
    }
    return (struct str){text, len};
}
