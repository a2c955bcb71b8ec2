/* Memory of one RPC (or one call): allocated piece by piece, freed as a whole.
 *
 * What is allocated in an arena is never freed by itself, and lives until arena_free. One thread at
 * a time. Out of memory ends the process with a sentence. An arena is born with a limit; code that
 * reads what came from outside asks arena_has_room first and answers "too large" as an ordinary
 * error; passing the limit is our own mistake and ends the process. */
#ifndef HP_BASE_ARENA_H
#define HP_BASE_ARENA_H

#include <hp/base/str.h>
#include <stdarg.h>

struct arena;

struct arena *arena_new(size_t limit_bytes);
void arena_free(struct arena *arena); /* takes NULL too */
void arena_freep(struct arena **arena);
#define scoped(free_function) __attribute__((cleanup(free_function)))

size_t arena_used(const struct arena *arena);
bool arena_has_room(const struct arena *arena, size_t bytes);

/* Where the arena stands, and back there: what was made since is free again, and nobody may keep a
 * pointer into it. What was made before the mark must not have grown since. */
struct arena_mark {
    void *chunk;
    size_t chunk_used, used;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* Zeroed, aligned for any type; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* Grows a piece: the old contents are copied; when it was the last piece, in place. */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size);
#define arena_make(arena, type)         ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_alloc_array((arena), sizeof(type), (count)))
void *arena_alloc_array(struct arena *arena, size_t size, size_t count);

/* Strings in the arena; each is followed by a NUL that is not part of its length. */
struct str arena_str(struct arena *arena, struct str s);
char *arena_z(struct arena *arena, struct str s);
struct str arena_fmt(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str arena_vfmt(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
struct str arena_cat(struct arena *arena, struct str a, struct str b);
/* ASCII lower case. */
struct str arena_lower(struct arena *arena, struct str s);
/* Text that is surely UTF-8: each bad byte becomes U+FFFD, NUL too. Borrows when nothing had to
 * change. */
struct str arena_utf8(struct arena *arena, struct str s);

#endif
