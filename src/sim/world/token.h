/* What calls with a ClientToken made, as the state keeps it. */
#ifndef HP_SIM_TOKEN_H
#define HP_SIM_TOKEN_H

#include "state.h"

struct token {
    struct str operation, token, parameters, id;
};

void tokens_done(struct list *tokens);

#endif
