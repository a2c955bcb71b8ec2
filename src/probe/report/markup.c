#include "markup.h"

void markup_text(struct buf *buf, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '<')
            buf_putz(buf, "&lt;");
        else if (c == '>')
            buf_putz(buf, "&gt;");
        else if (c == '&')
            buf_putz(buf, "&amp;");
        else if (c == '"')
            buf_putz(buf, "&quot;");
        else if (c == '\'')
            buf_putz(buf, "&#39;");
        else if ((unsigned char)c < 0x20 && c != '\n' && c != '\t')
            buf_putz(buf, "\xef\xbf\xbd");
        else
            buf_putc(buf, c);
    }
}
