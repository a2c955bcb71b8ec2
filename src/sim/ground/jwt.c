#include "jwt.h"

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

/* Base64 of RFC 4648 section 5, without padding. */
static bool decode(struct arena *arena, struct str text, struct str *ret)
{
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    unsigned bits = 0, held = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = digit_of(text.ptr[i]);
        if (digit < 0)
            return false;
        bits = (bits << 6 | (unsigned)digit) & 0xffff;
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        bytes[len++] = (char)(bits >> held & 0xff);
    }
    *ret = (struct str){bytes, len};
    return true;
}

bool jwt_claims(struct arena *arena, struct str token, struct doc **ret_claims)
{
    static const struct doc_limits limits = {64 << 10, 16, 4000};
    struct str header, claims, signature, text;
    struct doc_error error;
    struct doc *doc = NULL;
    if (!str_next(&token, '.', &header) || !str_next(&token, '.', &claims) ||
        !str_next(&token, '.', &signature) || token.ptr != NULL || header.len == 0 ||
        !decode(arena, claims, &text) || !doc_from_json(arena, text, &limits, &doc, &error) ||
        doc->kind != DOC_OBJECT)
        return false;
    *ret_claims = doc;
    return true;
}
