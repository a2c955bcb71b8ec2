/* Objects of another type, or of this type from another provider, taken over as they were stored
 * there. */
#include "tf.h"

#include <inttypes.h>

/* "hashicorp/aws" in "registry.terraform.io/hashicorp/aws". OpenTofu up to 1.12.3 sends only what
 * the type's name begins with: "aws". */
static bool is_provider(struct str address, struct str provider)
{
    size_t slash = str_find_char(provider, '/');

    if (str_eq(address, str_from(provider, slash + 1)))
        return true;
    return str_ends(address, provider) &&
           (address.len == provider.len || address.ptr[address.len - provider.len - 1] == '/');
}

static const struct tf_move *find_move(const struct tf_offer *offer,
                                       const struct tf_move_request *request)
{
    const struct tf_move *move = offer->resource->moves;

    for (; move != NULL && move->from != NULL; move++)
        if (str_is(request->type, move->from) &&
            is_provider(request->provider, str_of(move->provider)))
            return move;
    return NULL;
}

static bool refuse(struct tf_call *call, const struct tf_move_request *request)
{
    struct buf out = buf_in(call->arena, 4096);
    const struct tf_move *move = call->offer->resource->moves;

    for (; move != NULL && move->from != NULL; move++)
        buf_printf(&out, "%s%s (of %s)", out.len == 0 ? " It can be made from: " : ", ", move->from,
                   move->provider);
    return diag_error(
        call->diags, NULL, "This move is not possible",
        "No %s can be made from a %.*s of the provider %.*s.%.*s%s Instead of the `moved` block, "
        "forget the old object with a `removed` block (`destroy = false`) and bring it in with an "
        "`import` block.",
        call->offer->name, STR(request->type), STR(request->provider), STR(buf_str(&out)),
        out.len == 0 ? "" : ".");
}

/* The same type, which another address of this provider has stored. */
static bool take_own(struct tf_server *server, struct tf_rpc *rpc, struct tf_call *call,
                     const struct tf_move_request *request)
{
    size_t before = rpc->diags.errors;

    call->state = tf_upgrade(server, rpc, call->offer, request->version, request->json);
    call->private_data = tf_private_decode(call->arena, request->private_data);
    if (call->offer->identity_type != NULL)
        call->identity = tf_upgrade_identity(server, rpc, call->offer, request->identity_version,
                                             request->identity_json);
    return call->state != NULL && rpc->diags.errors == before;
}

static bool take_foreign(struct tf_call *call, const struct tf_move_request *request,
                         const struct tf_move *move)
{
    struct doc *state = NULL;
    struct doc_error error;
    size_t before = call->diags->errors;

    if (!doc_from_json(call->arena, request->json, &doc_default_limits, &state, &error) ||
        state->kind != DOC_OBJECT)
        return diag_error(call->diags, NULL, "Unreadable state",
                          "The stored state of the %s that is to be moved is no JSON object.",
                          move->from);
    if (!move->move(call, request->version, state)) {
        tf_explain_failure(call, before, "The move");
        return false;
    }
    return call->diags->errors == before;
}

void tf_move_resource(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                      const struct tf_move_request *request, struct tf_state_answer *ret_answer)
{
    struct tf_call call = tf_call_new(server, rpc, offer);
    const struct tf_move *move = find_move(offer, request);
    struct arena *arena = rpc->arena;
    struct str own = str_of(tf_server_provider(server)->address);
    const struct cty_value *blank = tf_blank(arena, rows_of_offer(offer), offer->type);
    struct str private_data = {0};
    bool taken;

    *ret_answer = (struct tf_state_answer){0};
    call.state = blank;
    if (move != NULL)
        taken = take_foreign(&call, request, move);
    else if (own.ptr != NULL && str_is(request->type, offer->name) &&
             is_provider(request->provider, own)) {
        taken = take_own(server, rpc, &call, request);
        private_data = request->private_data;
    } else {
        taken = refuse(&call, request);
    }
    if (taken)
        tf_take_in(&call, "The move", blank, private_data, ret_answer);
}
