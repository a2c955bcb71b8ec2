#include "base64.h"

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return c == '-' ? 62 : c == '_' ? 63 : at == NULL ? -1 : (int)(at - digits);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool base64_read(struct arena *arena, struct str text, struct str *ret_bytes)
{
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t len = 0, padding = 0;
    unsigned bits = 0, held = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = digit_of(text.ptr[i]);
        if (is_space(text.ptr[i]))
            continue;
        padding += text.ptr[i] == '=';
        if (padding > 2 || (padding > 0 && text.ptr[i] != '=') || (padding == 0 && digit < 0))
            return false;
        if (padding > 0)
            continue;
        bits = (bits << 6 | (unsigned)digit) & 0xffff;
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        bytes[len++] = (char)(bits >> held & 0xff);
    }
    *ret_bytes = (struct str){bytes, len};
    return true;
}
