/* A view of bytes by value: not NUL-terminated, may hold NUL. It borrows; who made the bytes owns
 * them. */
#ifndef HP_BASE_STR_H
#define HP_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *ptr;
    size_t len;
};

/* A literal as a view. */
#define S(literal) ((struct str){("" literal), sizeof(literal) - 1})
/* The same for static tables. */
#define S_INIT(literal)                                                                            \
    {                                                                                              \
        ("" literal), sizeof(literal) - 1                                                          \
    }
/* For printf's "%.*s". */
#define STR(s) (int)((s).len > 1 << 20 ? 1 << 20 : (s).len), (s).ptr == NULL ? "" : (s).ptr

/* The view of a C string; NULL gives the empty view with ptr NULL. */
static inline struct str str_of(const char *z)
{
    return (struct str){z, z == NULL ? 0 : strlen(z)};
}

static inline struct str str_sub(struct str s, size_t from, size_t len)
{
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (struct str){s.len == 0 ? s.ptr : s.ptr + from, len};
}

static inline struct str str_from(struct str s, size_t from)
{
    return str_sub(s, from, SIZE_MAX);
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

static inline bool str_empty(struct str s)
{
    return s.len == 0;
}

/* Bytewise order, as strcmp: <0, 0, >0. */
int str_cmp(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b); /* ASCII only */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_has(struct str s, struct str part);
/* Where part begins in s, or SIZE_MAX. */
size_t str_find(struct str s, struct str part);
size_t str_find_char(struct str s, char c);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* Takes what stands before the next `sep` off *rest. False when *rest is used up (ptr NULL).
 * "a,,b" gives a, "", b; "" gives one empty part. */
bool str_next(struct str *rest, char sep, struct str *ret_part);
/* Takes the ASCII digits at the start off *rest; perhaps none. */
struct str str_take_digits(struct str *rest);
/* A whole decimal number with optional sign that fits; false leaves *ret as it was. */
bool str_to_int64(struct str s, int64_t *ret_number);
/* How many characters (code points) well-formed UTF-8 has. */
size_t str_characters(struct str s);
/* True when the bytes are well-formed UTF-8 (RFC 3629). */
bool str_is_utf8(struct str s);

#endif
