#include "tf.h"

#include <stdlib.h>

/* Sorted, without duplicates; a path that is in neither object is a mistake. */
static int by_path(const void *a, const void *b)
{
    return cty_path_compare(*(const struct cty_path *const *)a, *(const struct cty_path *const *)b);
}

static void list_replaced(struct tf_plan *plan, struct tf_plan_answer *answer)
{
    struct arena *arena = plan->call->arena;
    size_t count = 0, kept = 0;

    for (struct tf_replace *entry = plan->requires_replace; entry != NULL; entry = entry->next)
        count++;
    const struct cty_path **paths = arena_array(arena, const struct cty_path *, count);
    count = 0;
    for (struct tf_replace *entry = plan->requires_replace; entry != NULL; entry = entry->next)
        paths[count++] = entry->path;
    qsort(paths, count, sizeof(void *), by_path);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !cty_path_equal(paths[kept - 1], paths[i]))
            paths[kept++] = paths[i];
    answer->requires_replace = paths;
    answer->requires_replace_count = kept;
}

static void check_replaced(struct tf_rules *rules, const struct tf_plan *plan)
{
    for (struct tf_replace *entry = plan->requires_replace; entry != NULL; entry = entry->next)
        if (plan->prior != NULL && cty_at(plan->prior, entry->path) == NULL &&
            cty_at(plan->planned, entry->path) == NULL)
            tf_break(rules, entry->path,
                     "has indicated \"requires replacement\" for a non-existent attribute path");
}

static void check_plan(struct tf_plan *plan, const struct tf_offer *offer)
{
    struct tf_rules rules = {.arena = plan->call->arena, .diags = plan->call->diags};
    struct tf_place place = {
        .config = plan->config, .prior = plan->prior, .planned = plan->planned};

    tf_rules_of_plan(&rules, rows_of_offer(offer), &place);
    if (rules.breaks == 0)
        check_replaced(&rules, plan);
}

/* A hook may have put anything there. */
static bool is_object(const struct tf_plan *plan, const struct tf_offer *offer)
{
    const struct cty_value *planned = plan->planned;

    if (tf_absent(planned))
        return diag_bug(plan->call->diags, NULL, "planned for absence but config wants existence.");
    return (cty_is_known(planned) && cty_conforms(planned, offer->type)) ||
           diag_bug(plan->call->diags, NULL, "The plan is not of the type of %s.", offer->name);
}

static bool run_hook(struct tf_plan *plan)
{
    struct tf_call *call = plan->call;
    const struct tf_resource *resource = call->offer->resource;
    size_t before = call->diags->errors;

    if (resource->plan != NULL && !resource->plan(plan))
        tf_explain_failure(call, before, "The plan");
    return call->diags->errors == before;
}

/* What tf itself plans, before the resource looks at it. */
static const struct cty_value *plan_by_tables(struct arena *arena, struct tf_rows rows,
                                              const struct tf_plan_request *request)
{
    struct tf_place place = {.config = tf_present(request->config),
                             .prior = tf_present(request->prior),
                             .planned = tf_present(request->proposed)};
    const struct cty_value *planned = tf_plan_fill(arena, rows, &place);

    if (place.prior != NULL && !tf_plan_is_real(rows, place.prior, planned))
        return planned;
    place.planned = planned;
    return tf_plan_mark(arena, rows, &place);
}

/* The resource may have planned something else than the tables: what they say is asked again, what
 * the resource itself said stands. */
static void find_replaced_again(struct tf_plan *plan, struct tf_rows rows,
                                struct tf_replace *by_tables)
{
    struct tf_replace **link = &plan->requires_replace;
    while (*link != by_tables)
        link = &(*link)->next;
    *link = NULL;
    plan->replaces = plan->requires_replace != NULL;
    tf_plan_find_replaced(plan, rows);
}

/* Of what is to be made there is none yet: OpenTofu 1.12 fails on one that is not wholly known. */
static const struct cty_value *plan_identity(struct tf_plan *plan,
                                             const struct tf_plan_request *request)
{
    return plan->prior == NULL
               ? NULL
               : tf_identity_settled(plan->call, plan->prior, request->prior_identity);
}

static void plan_object(struct tf_plan *plan, const struct tf_offer *offer,
                        const struct tf_plan_request *request, struct tf_plan_answer *answer)
{
    struct tf_call *call = plan->call;

    plan->planned = plan_by_tables(call->arena, rows_of_offer(offer), request);
    call->planned = plan->planned;
    tf_plan_find_replaced(plan, rows_of_offer(offer));
    struct tf_replace *by_tables = plan->requires_replace;
    const struct cty_value *tabled = plan->planned;
    if (!run_hook(plan))
        return;
    if (plan->planned != tabled && !is_object(plan, offer))
        return;
    if (plan->planned != tabled)
        find_replaced_again(plan, rows_of_offer(offer), by_tables);
    size_t before = call->diags->errors;
    check_plan(plan, offer);
    if (call->diags->errors > before)
        return;
    answer->planned = plan->planned;
    list_replaced(plan, answer);
}

void tf_plan_change(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                    const struct tf_plan_request *request, struct tf_plan_answer *ret_answer)
{
    struct tf_call call = tf_call_new(server, rpc, offer);
    struct tf_plan plan = {.call = &call,
                           .config = tf_present(request->config),
                           .prior = tf_present(request->prior),
                           .destroy = tf_absent(request->proposed)};

    *ret_answer = (struct tf_plan_answer){.planned_private = request->prior_private};
    if (!tf_has_room(rpc, offer))
        return;
    call.config = plan.config;
    call.prior = plan.prior;
    call.private_data = tf_private_decode(rpc->arena, request->prior_private);
    call.provider = tf_provider_of(server, rpc);

    if (plan.destroy)
        run_hook(&plan);
    else if (plan.config == NULL || !cty_is_known(plan.config))
        diag_error(&rpc->diags, NULL, "No configuration to plan",
                   "%s was to be planned without a configuration.", offer->name);
    else
        plan_object(&plan, offer, request, ret_answer);
    if (rpc->diags.errors == 0) {
        ret_answer->planned_identity = plan_identity(&plan, request);
        ret_answer->planned_private = tf_private_encode(&call, request->prior_private);
    }
}
