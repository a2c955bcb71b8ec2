#include "token.h"

#include <stdlib.h>

static void token_free(struct token *token)
{
    text_done(&token->operation);
    text_done(&token->token);
    text_done(&token->parameters);
    text_done(&token->id);
    free(token);
}

void tokens_done(struct list *tokens)
{
    struct token *token;
    list_each (token, tokens)
        token_free(token);
    list_done(tokens);
}
