/* Looking for objects that could be imported. Each is told as an event of its own, in an arena of
 * its own, so that a long list costs no more memory than its longest object. */
#include "tf.h"

enum { object_bytes = 64 << 20 };

struct tf_lister {
    struct tf_server *server;
    struct tf_rpc *rpc;
    const struct tf_offer *resource; /* what the events show; the list's own offer is in the call */
    const struct tf_list_request *request;
    int64_t told;
    bool over; /* enough, an error, or nobody listens */
    bool cut;  /* a stop has kept something from being told */
};

static const struct cty_value *whole_object(struct tf_call *found)
{
    struct tf_rules rules = {.arena = found->arena, .diags = found->diags};
    if (!tf_rules_of_state(&rules, found->offer, found->state))
        return NULL;
    return tf_tidy(found->arena, rows_of_offer(found->offer),
                   tf_with_local_defaults(found->arena, found->offer->attrs, found->state));
}

/* Diagnostics alone are an event too; Terraform ends the list at the first error. */
static void tell(struct tf_lister *lister, struct tf_call *found, bool filled, struct str name)
{
    struct tf_list_event event = {.name = name, .diags = found->diags};

    if (filled && found->diags->errors == 0) {
        event.identity = tf_identity_settled(found, found->state, NULL);
        if (tf_identity_is_whole(found, event.identity) && lister->request->wants_objects)
            event.object = whole_object(found);
    }
    if (found->diags->errors > 0)
        event.identity = event.object = NULL;
    else if (event.identity != NULL)
        lister->told++;
    if (!lister->request->send(lister->request->arg, found->arena, &event) ||
        found->diags->errors > 0 ||
        (lister->request->limit > 0 && lister->told >= lister->request->limit))
        lister->over = true;
}

bool tf_list_found(struct tf_listing *listing, tf_fill_fn fill, void *arg)
{
    struct tf_lister *lister = listing->lister;
    struct tf_rpc rpc = *lister->rpc;
    struct str name = {0};

    if (!lister->over && stop_requested(rpc.stop))
        lister->cut = true;
    if (lister->over || lister->cut)
        return false;
    scoped(arena_freep) struct arena *arena = arena_new(object_bytes);
    rpc.arena = arena;
    rpc.diags = diags_in(arena);
    struct tf_call found = tf_call_new(lister->server, &rpc, lister->resource);
    found.provider = listing->call->provider;
    found.config = listing->call->config;
    found.state = tf_blank(arena, rows_of_offer(lister->resource), lister->resource->type);
    bool filled = fill(&found, arg, &name) && !found.gone;
    if (filled || rpc.diags.first != NULL)
        tell(lister, &found, filled, name);
    return !lister->over;
}

/* What went wrong with the listing itself. */
static void tell_end(struct tf_rpc *rpc, const struct tf_list_request *request)
{
    struct tf_list_event event = {.diags = &rpc->diags};
    if (rpc->diags.first != NULL)
        request->send(request->arg, rpc->arena, &event);
}

static void list_with(struct tf_listing *listing, const struct tf_list *list)
{
    struct tf_call *call = listing->call;
    size_t before = call->diags->errors;

    bool ended = list->list(listing);
    bool cut = listing->lister->cut || (!ended && stop_requested(call->stop));
    if (!ended && !listing->lister->over && !cut)
        tf_explain_failure(call, before, "The list");
    /* Without a word what is missing would seem not to be there. */
    if (cut && !listing->lister->over && call->diags->errors == before)
        diag_error(call->diags, NULL, "The list is not complete",
                   "Looking for objects of %s was interrupted.", call->offer->name);
}

void tf_list_resource(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                      const struct tf_list_request *request)
{
    struct tf_call call = tf_call_new(server, rpc, offer);
    struct tf_lister lister = {.server = server,
                               .rpc = rpc,
                               .request = request,
                               .resource = tf_offer_find(server, TF_RESOURCE, str_of(offer->name))};
    struct tf_listing listing = {&call, request->wants_objects, request->limit, &lister};

    call.config = tf_present(request->config);
    if (tf_can_be_read(rpc, offer, call.config) && tf_call_needs_provider(server, rpc, &call))
        list_with(&listing, offer->resource->list);
    tell_end(rpc, request);
}
