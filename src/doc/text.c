#include "text.h"

/* Length of the UTF-8 sequence at the start, 0 when it is none. */
static size_t sequence(struct str s)
{
    for (size_t len = 1; len <= 4 && len <= s.len; len++)
        if (str_is_utf8(str_sub(s, 0, len)))
            return len;
    return 0;
}

/* Bytes that stand as they are in JSON as in XML: printing ASCII without " & \' < > and \. */
static const unsigned char is_plain[256] = {
    [' '] = 1, ['!'] = 1,         ['#' ... '%'] = 1, ['(' ... ';'] = 1,
    ['='] = 1, ['?' ... '['] = 1, [']' ... '~'] = 1,
};

void doc_text_escaped(struct buf *out, struct str s,
                      struct str (*escape)(struct str character, char *scratch))
{
    size_t plain = 0; /* from here on nothing has been written yet */
    char scratch[8];

    for (size_t i = 0; i < s.len;) {
        unsigned char byte = (unsigned char)s.ptr[i];
        if (is_plain[byte]) {
            i++;
            continue;
        }
        struct str instead = {NULL, 0};
        size_t step = byte < 0x80 ? 1 : sequence(str_from(s, i));
        if (step == 0) {
            instead = S("\xef\xbf\xbd");
            step = 1;
        } else {
            instead = escape(str_sub(s, i, step), scratch);
        }
        if (instead.ptr != NULL) {
            buf_put(out, str_sub(s, plain, i - plain));
            buf_put(out, instead);
            plain = i + step;
        }
        i += step;
    }
    buf_put(out, str_from(s, plain));
}

bool doc_refuse(struct str text, size_t offset, struct str message, struct doc_error *reterr)
{
    *reterr = (struct doc_error){.line = 1, .column = 1, .message = message};
    if (offset > text.len)
        offset = text.len;
    for (size_t i = 0; i < offset; i++) {
        reterr->column++;
        if (text.ptr[i] == '\n') {
            reterr->line++;
            reterr->column = 1;
        }
    }
    return false;
}
