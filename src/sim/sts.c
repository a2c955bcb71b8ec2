#include "call.h"

static bool get_caller_identity(struct call *call)
{
    struct arena *arena = call->arena;
    doc_put(
        arena, call->output, S("Arn"),
        doc_fmt(arena, "arn:%.*s:iam::" ACCOUNT ":user/simulated", STR(call->region->partition)));
    doc_put(arena, call->output, S("UserId"), doc_string(arena, S("AIDASIMULATEDACCOUNT")));
    doc_put(arena, call->output, S("Account"), doc_string(arena, S(ACCOUNT)));
    return true;
}

const struct operation sts_operations[] = {
    {.name = S_INIT("GetCallerIdentity"), .handle = get_caller_identity, .takes = ""},
    {.name = S_INIT("")},
};
