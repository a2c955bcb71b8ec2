/* How much of a prefix may be promised: what comes behind it can change its last character, by
 * composing with it or by joining its grapheme cluster (go-cty, ctystrings.SafeKnownPrefix). */
#include "inside.h"

#include <utf8proc.h>

/* Characters that never join with what follows them. */
static bool ends_surely(struct str cluster)
{
    static const char surely[] = "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'";

    return cluster.len == 1 && cluster.ptr[0] != 0 && strchr(surely, cluster.ptr[0]) != NULL;
}

/* Where the last grapheme cluster begins. */
static size_t last_cluster(struct str s)
{
    utf8proc_int32_t before = 0, state = 0, code;
    size_t start = 0;

    for (size_t i = 0; i < s.len;) {
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + i,
                                                (utf8proc_ssize_t)(s.len - i), &code);
        if (len <= 0)
            return i;
        if (i > 0 && utf8proc_grapheme_break_stateful(before, code, &state))
            start = i;
        before = code;
        i += (size_t)len;
    }
    return start;
}

/* Where the last character begins; *ret_code is -1 when it is cut off. */
static size_t last_character(struct str s, utf8proc_int32_t *ret_code)
{
    size_t at = s.len;

    do
        at--;
    while (at > 0 && ((unsigned char)s.ptr[at] & 0xc0) == 0x80);
    utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at,
                                            (utf8proc_ssize_t)(s.len - at), ret_code);
    if (len != (utf8proc_ssize_t)(s.len - at))
        *ret_code = -1;
    return at;
}

static bool joins_behind(utf8proc_int32_t code)
{
    const utf8proc_property_t *property = utf8proc_get_property(code);
    bool hangul = (code >= 0x1100 && code <= 0x1112) || (code >= 0xac00 && code <= 0xd7a3);
    bool composed = property->decomp_seqindex != UINT16_MAX && property->decomp_type == 0;

    return hangul || composed || property->comb_index < CTY_FIRST_SECOND;
}

/* Where a lone end of line stands. */
static size_t line_end(struct str s)
{
    size_t at = 0;

    for (; at < s.len; at++) {
        if (str_starts(str_from(s, at), S("\r\n")))
            at++;
        else if (s.ptr[at] == '\r' || s.ptr[at] == '\n')
            return at;
    }
    return s.len;
}

struct str cty_prefix_to_send(struct str prefix)
{
    enum { longest = 256 };
    utf8proc_int32_t code;

    if (prefix.len <= longest)
        return prefix;
    prefix = str_sub(prefix, 0, longest - 1);
    size_t at = last_character(prefix, &code);
    bool cut = code < 0;
    if (cut) {
        prefix = str_sub(prefix, 0, at);
        at = last_character(prefix, &code);
    }
    if (!cty_joins_before(code) && !joins_behind(code)) {
        if (cut)
            return prefix;
        size_t line = line_end(prefix); /* go-cty gives up there */
        if (line < prefix.len)
            return str_sub(prefix, 0, line);
        size_t last = last_cluster(prefix);
        return ends_surely(str_from(prefix, last)) ? prefix : str_sub(prefix, 0, last);
    }
    while (at > 0 && cty_joins_before(code))
        at = last_character(str_sub(prefix, 0, at), &code);
    return str_sub(prefix, 0, at);
}
