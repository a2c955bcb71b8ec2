#include "tf.h"

/* Local attributes have no counterpart outside: they begin with their defaults. */
const struct cty_value *tf_with_local_defaults(struct arena *arena, const struct tf_attr *attrs,
                                               const struct cty_value *state)
{
    each_attr(attr, attrs)
    {
        if ((attr->flags & TF_LOCAL) != 0 && attr->fallback != NULL &&
            tf_absent(tf_value(state, attr->name)))
            state = cty_with(arena, state, str_of(attr->name), tf_fallback(arena, attr));
    }
    return state;
}

bool tf_take_in(struct tf_call *call, const char *verb, const struct cty_value *blank,
                struct str private_data, struct tf_state_answer *ret_answer)
{
    struct tf_rules rules = {.arena = call->arena, .diags = call->diags};
    const struct tf_offer *offer = call->offer;

    *ret_answer = (struct tf_state_answer){0};
    if (!tf_rules_of_state(&rules, offer, call->state))
        return false;
    if (cty_equal(call->state, blank))
        return diag_bug(call->diags, NULL, "%s of %s set nothing that could be read.", verb,
                        offer->name);
    const struct cty_value *state =
        tf_tidy(call->arena, rows_of_offer(offer),
                tf_with_local_defaults(call->arena, offer->attrs, call->state));
    const struct cty_value *identity = tf_identity_settled(call, state, call->identity);
    if (!tf_identity_is_whole(call, identity))
        return false;
    *ret_answer = (struct tf_state_answer){state, tf_private_encode(call, private_data), identity};
    return true;
}

/* ---- By identity ---- */

/* What the state calls the same is set; where the types differ the resource sees to it. */
static void set_from_identity(struct tf_call *call)
{
    const struct cty_value *identity = call->identity;

    for (size_t i = 0; i < identity->count; i++) {
        struct str name = identity->type->attributes[i].name;
        const struct cty_value *member = cty_get(call->state, name);
        if (member != NULL && !cty_is_null(identity->items[i]) &&
            cty_type_equal(member->type, identity->items[i]->type))
            call->state = cty_with(call->arena, call->state, name, identity->items[i]);
    }
}

static bool can_import_by_identity(struct tf_rpc *rpc, const struct tf_offer *offer,
                                   const struct cty_value *identity)
{
    if (offer->identity_type == NULL)
        return diag_error(&rpc->diags, NULL, "Import by identity is not possible",
                          "%s has no identity; import it by its id.", offer->name);
    if (!cty_is_known(identity) || !cty_is_wholly_known(identity) ||
        !cty_conforms(identity, offer->identity_type))
        return diag_error(&rpc->diags, NULL, "Invalid identity",
                          "The identity is not one of %s, or not known yet.", offer->name);
    each_attr(attr, offer->resource->identity->attrs)
    {
        if ((attr->flags & TF_REQUIRED) != 0 && tf_absent(tf_value(identity, attr->name)))
            return diag_error(&rpc->diags, NULL, "Incomplete identity",
                              "The identity of %s needs %s.", offer->name, attr->name);
    }
    return true;
}

/* ---- */

static bool can_import(struct tf_rpc *rpc, const struct tf_offer *offer,
                       const struct tf_import_request *request)
{
    if (offer->resource->import == NULL || offer->resource->import_example == NULL)
        return diag_error(&rpc->diags, NULL, "Resource Import Not Implemented",
                          "%s can't be imported: nothing outside holds what its state is made of.",
                          offer->name);
    if (!tf_absent(request->identity))
        return can_import_by_identity(rpc, offer, request->identity);
    if (str_empty(str_trim(request->id)))
        return diag_error(&rpc->diags, NULL, "Missing import id",
                          "%s is imported by an id such as \"%s\".", offer->name,
                          offer->resource->import_example);
    return true;
}

void tf_import_resource(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                        const struct tf_import_request *request, struct tf_state_answer *ret_answer)
{
    struct tf_call call = tf_call_new(server, rpc, offer);
    struct str id = request->id;

    *ret_answer = (struct tf_state_answer){0};
    if (!can_import(rpc, offer, request) || !tf_call_needs_provider(server, rpc, &call))
        return;
    const struct cty_value *blank = tf_blank(rpc->arena, rows_of_offer(offer), offer->type);
    call.state = blank;
    call.identity = tf_present(request->identity);
    if (call.identity != NULL) {
        id = (struct str){0};
        set_from_identity(&call);
    }
    tf_deadline(&call, TF_OP_READ, blank);
    size_t before = rpc->diags.errors;
    if (!offer->resource->import(&call, id))
        tf_explain_failure(&call, before, "The import");
    else if (rpc->diags.errors == before)
        tf_take_in(&call, "The import", blank, S(""), ret_answer);
}
