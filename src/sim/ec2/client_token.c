#include "client_token.h"
#include "ec2.h"
#include "world/token.h"

static struct token *find(const struct call *call, struct str text)
{
    struct token *token;
    list_each (token, &call->region->tokens) {
        if (str_eq(token->operation, call->operation->name) && str_eq(token->token, text))
            return token;
    }
    return NULL;
}

static bool same_parameters(struct call *call, const struct token *token)
{
    struct doc *before = NULL;
    struct doc_error error;
    return doc_from_json(call->arena, token->parameters, NULL, &before, &error) &&
           doc_equal(before, call->input);
}

bool token_find(struct call *call, enum thing_kind kind, struct thing **ret_thing)
{
    struct str text = ec2_text(call, "ClientToken");
    struct token *token = text.len == 0 ? NULL : find(call, text);

    *ret_thing = NULL;
    if (text.len > 64)
        return call_fail(call, "InvalidClientToken",
                         "The client token has more than 64 characters.");
    if (token == NULL)
        return true;
    *ret_thing = thing_find(call->region, kind, token->id);
    if (*ret_thing != NULL && !same_parameters(call, token))
        return call_fail(call, "IdempotentParameterMismatch",
                         "The client token '%.*s' was used before with other parameters.",
                         STR(text));
    return true;
}

void token_note(struct call *call, const struct thing *thing)
{
    enum { longest = 1024 * 1024 };
    struct str text = ec2_text(call, "ClientToken");
    struct buf parameters = buf_in(call->arena, longest);
    struct token *token = text.len == 0 ? NULL : find(call, text);

    if (text.len == 0)
        return;
    ec2_put(call, call->output, "clientToken", text);
    if (token == NULL) {
        token = zeroed(sizeof *token);
        token->operation = text_of(call->operation->name);
        token->token = text_of(text);
        list_add(&call->region->tokens, token);
    }
    doc_to_json(call->input, &parameters);
    text_set(&token->parameters, buf_str(&parameters));
    text_set(&token->id, thing->id);
}
