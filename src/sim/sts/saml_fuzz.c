/* Responses of identity providers: read, or refused with a code and a sentence. */
#include "saml.h"

#include <hp/base/must.h>
#include <openssl/evp.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROLE     "arn:aws:iam::111122223333:role/r"
#define PROVIDER "arn:aws:iam::111122223333:saml-provider/p"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 64 << 10)
        return 0;
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct call call = {.arena = arena};
    struct doc *input = doc_object(arena);
    char *text = arena_alloc(arena, size * 2 + 8);
    int len = EVP_EncodeBlock((unsigned char *)text, data, (int)size);
    struct saml saml;

    doc_put(arena, input, S("SAMLAssertion"), doc_string(arena, (struct str){text, (size_t)len}));
    doc_put(arena, input, S("RoleArn"), doc_string(arena, S(ROLE)));
    doc_put(arena, input, S("PrincipalArn"), doc_string(arena, S(PROVIDER)));
    call.input = input;
    if (saml_read(&call, INT64_C(1785587696000), &saml)) { /* 2026-08-01T12:34:56Z */
        struct str name = doc_get_text(call.input, S("RoleSessionName"));
        must(name.len >= 2 && name.len <= 64, "a session has a name");
        must(saml.subject.len > 0 && saml.issuer.len > 0, "somebody is told of");
        must(saml.session_ends_ms > INT64_C(1785587696000), "it has not ended");
        must(saml_name_qualifier(arena, saml.issuer, S(PROVIDER)).len == 28, "a hash is told");
    } else {
        must(call.code.len > 0 && call.status >= 400, "a refusal has a code");
        must(call.message.len > 0 && str_is_utf8(call.message), "and a sentence");
    }
    return 0;
}
