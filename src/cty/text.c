#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

/* Below U+0300 nothing combines, so such text is NFC; its bytes are below 0xcc. */
static bool surely_nfc(struct str text)
{
    size_t i = 0;
    uint64_t word;

    for (; i + 8 <= text.len; i += 8) {
        memcpy(&word, text.ptr + i, 8);
        if ((word & 0x8080808080808080u) != 0)
            break;
    }
    for (; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0xcc)
            return false;
    return true;
}

bool cty_joins_before(int32_t code)
{
    const utf8proc_property_t *property = utf8proc_get_property(code);
    bool hangul = code >= 0x1161 && code <= 0x11c2;

    return hangul || property->combining_class != 0 ||
           (property->comb_index >= CTY_FIRST_SECOND && property->comb_index != UINT16_MAX);
}

/* True when the text surely needs no work: it is not UTF-8, or none of its characters composes or
 * decomposes. Spares most text the four bytes a character that utf8proc takes. */
static bool stays(struct str text)
{
    utf8proc_int32_t code;
    utf8proc_ssize_t len;
    bool stable = true;

    for (size_t i = 0; i < text.len; i += (size_t)len) {
        len = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + i,
                               (utf8proc_ssize_t)(text.len - i), &code);
        if (len <= 0)
            return true;
        if (code >= 0x300 && stable)
            stable = !cty_joins_before(code) &&
                     utf8proc_get_property(code)->decomp_seqindex == UINT16_MAX;
    }
    return stable;
}

bool cty_nfc(struct arena *arena, struct str text, struct str *ret_text)
{
    utf8proc_uint8_t *composed = NULL;

    *ret_text = text;
    if (surely_nfc(text) || stays(text))
        return true;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &composed,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (len < 0)
        return len != UTF8PROC_ERROR_NOMEM;
    struct str nfc = {(const char *)composed, (size_t)len};
    bool room = str_eq(nfc, text) || arena_has_room(arena, nfc.len + 64);
    if (room && !str_eq(nfc, text))
        *ret_text = arena_str(arena, nfc);
    free(composed);
    return room;
}

/* One character at `at`; *ret_len bytes long. False: not UTF-8 there. */
static bool character(struct str s, size_t at, utf8proc_int32_t *ret_code, size_t *ret_len)
{
    utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at,
                                            (utf8proc_ssize_t)(s.len - at), ret_code);
    *ret_len = len > 0 ? (size_t)len : 1;
    return len > 0;
}

/* As Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
static bool is_print(utf8proc_int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);

    return code == ' ' || (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_SO);
}

static void quote_character(struct buf *out, utf8proc_int32_t code)
{
    static const char escapes[] = "\aa\bb\ff\nn\rr\tt\vv\"\"\\\\";

    for (size_t i = 0; i + 1 < sizeof escapes - 1; i += 2)
        if (code == escapes[i]) {
            buf_printf(out, "\\%c", escapes[i + 1]);
            return;
        }
    if (code < 0x80)
        buf_printf(out, "\\x%02x", (unsigned)code);
    else if (code < 0x10000)
        buf_printf(out, "\\u%04x", (unsigned)code);
    else
        buf_printf(out, "\\U%08x", (unsigned)code);
}

void cty_quote(struct buf *out, struct str s)
{
    size_t plain = 0, len;

    buf_putc(out, '"');
    for (size_t i = 0; i < s.len; i += len) {
        utf8proc_int32_t code;
        bool valid = character(s, i, &code, &len);
        if (valid && code != '"' && code != '\\' && is_print(code))
            continue;
        buf_put(out, str_sub(s, plain, i - plain));
        plain = i + len;
        if (valid)
            quote_character(out, code);
        else
            buf_printf(out, "\\x%02x", (unsigned char)s.ptr[i]);
    }
    buf_put(out, str_from(s, plain));
    buf_putc(out, '"');
}

static bool json_stands(utf8proc_int32_t code)
{
    return code >= 0x20 && code != '"' && code != '\\' && code != '<' && code != '>' &&
           code != '&' && code != 0x2028 && code != 0x2029;
}

static void json_character(struct buf *out, utf8proc_int32_t code)
{
    switch (code) {
    case '"':
    case '\\':
        buf_printf(out, "\\%c", (char)code);
        break;
    case '\n':
        buf_putz(out, "\\n");
        break;
    case '\r':
        buf_putz(out, "\\r");
        break;
    case '\t':
        buf_putz(out, "\\t");
        break;
    default:
        buf_printf(out, "\\u%04x", (unsigned)code);
    }
}

void cty_json_string(struct buf *out, struct str s)
{
    size_t plain = 0, len;

    buf_putc(out, '"');
    for (size_t i = 0; i < s.len; i += len) {
        utf8proc_int32_t code;
        bool valid = character(s, i, &code, &len);
        if (valid && json_stands(code))
            continue;
        buf_put(out, str_sub(s, plain, i - plain));
        plain = i + len;
        json_character(out, valid ? code : 0xfffd);
    }
    buf_put(out, str_from(s, plain));
    buf_putc(out, '"');
}
