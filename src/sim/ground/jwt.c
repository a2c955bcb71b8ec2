#include "jwt.h"
#include "base64.h"

bool jwt_claims(struct arena *arena, struct str token, struct doc **ret_claims)
{
    static const struct doc_limits limits = {64 << 10, 16, 4000};
    struct str header, claims, signature, text;
    struct doc_error error;
    struct doc *doc = NULL;
    if (!str_next(&token, '.', &header) || !str_next(&token, '.', &claims) ||
        !str_next(&token, '.', &signature) || token.ptr != NULL || header.len == 0 ||
        !base64_read(arena, claims, &text) || !doc_from_json(arena, text, &limits, &doc, &error) ||
        doc->kind != DOC_OBJECT)
        return false;
    *ret_claims = doc;
    return true;
}
