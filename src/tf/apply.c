/* Create, update, delete. Whatever the verb does, what exists is saved. */
#include "tf.h"

struct job {
    const struct tf_offer *offer;
    struct tf_call call;
    size_t errors_before;
    bool held_word; /* the verb returned true, without an error */
};

static bool run_verb(struct job *job, bool (*verb)(struct tf_call *call), const char *name)
{
    struct tf_call *call = &job->call;

    if (verb == NULL)
        return diag_bug(call->diags, NULL, "%s has no verb to %s.", call->offer->name, name);
    bool fine = verb(call);
    if (!fine)
        tf_explain_failure(call, job->errors_before, name);
    job->held_word = fine && call->diags->errors == job->errors_before;
    return fine;
}

static bool is_object_of(const struct tf_offer *offer, const struct cty_value *value)
{
    return value != NULL && cty_is_known(value) && cty_conforms(value, offer->type);
}

/* After success: every rule, and where one is broken the plan's word where it had one. */
static const struct cty_value *checked(struct job *job, const struct cty_value *state)
{
    struct tf_call *call = &job->call;
    struct tf_rules rules = {.arena = call->arena, .diags = call->diags};

    tf_rules_of_state(&rules, job->offer, state);
    if (is_object_of(job->offer, state))
        tf_rules_of_apply(&rules, rows_of_offer(job->offer), call->planned, state, NULL);
    if (rules.breaks == 0)
        return state;
    return tf_tidy(call->arena, rows_of_offer(job->offer),
                   tf_repair(call->arena, job->offer->type, call->planned, state));
}

/* After failure: what the verb says there is, made fit to be saved. */
static const struct cty_value *salvaged(struct job *job, const struct cty_value *state)
{
    struct tf_call *call = &job->call;

    if (!is_object_of(job->offer, state)) {
        diag_bug(call->diags, NULL,
                 "The state left by a failed operation is not of the type of %s.",
                 call->offer->name);
        if (call->prior != NULL)
            return call->prior;
        state = tf_repair(call->arena, job->offer->type, call->planned, NULL);
    }
    return tf_tidy(call->arena, rows_of_offer(job->offer), cty_unknown_to_null(call->arena, state));
}

static const struct cty_value *left_by_failure(struct job *job)
{
    return salvaged(job, job->call.has_partial ? job->call.partial : job->call.state);
}

static const struct cty_value *create(struct job *job)
{
    struct tf_call *call = &job->call;

    if (run_verb(job, call->offer->resource->create, "create"))
        call->created = true;
    if (!call->created)
        return NULL;
    return job->held_word ? checked(job, call->state) : left_by_failure(job);
}

static const struct cty_value *update(struct job *job)
{
    struct tf_call *call = &job->call;
    bool real = tf_plan_is_real(rows_of_offer(job->offer), call->prior, call->planned) ||
                !cty_is_wholly_known(call->planned);

    if (!real)
        return call->planned;
    bool fine = run_verb(job, call->offer->resource->update, "update");
    if (job->held_word)
        return checked(job, call->state);
    return fine || call->has_partial ? left_by_failure(job) : call->prior;
}

static const struct cty_value *delete_(struct job *job)
{
    struct tf_call *call = &job->call;

    run_verb(job, call->offer->resource->delete_, "delete");
    if (job->held_word)
        return NULL;
    return call->has_partial ? salvaged(job, call->partial) : call->prior;
}

static void apply(struct job *job, const struct tf_apply_request *request,
                  struct tf_state_answer *answer)
{
    struct tf_call *call = &job->call;

    job->errors_before = call->diags->errors;
    call->state = call->planned != NULL ? call->planned : call->prior;
    if (call->planned == NULL) {
        tf_deadline(call, TF_OP_DELETE, call->prior);
        answer->state = delete_(job);
    } else if (call->prior == NULL) {
        tf_deadline(call, TF_OP_CREATE, call->planned);
        answer->state = create(job);
    } else {
        tf_deadline(call, TF_OP_UPDATE, call->planned);
        answer->state = update(job);
    }
    answer->private_data =
        answer->state == NULL ? S("") : tf_private_encode(call, request->planned_private);
    answer->identity = answer->state == NULL
                           ? NULL
                           : tf_identity_settled(call, answer->state, request->planned_identity);
}

static bool is_sound(struct tf_rpc *rpc, const struct job *job)
{
    const struct tf_call *call = &job->call;

    return (call->prior == NULL || tf_is_object(rpc, job->offer, call->prior)) &&
           (call->planned == NULL || tf_is_object(rpc, job->offer, call->planned));
}

void tf_apply_change(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                     const struct tf_apply_request *request, struct tf_state_answer *ret_answer)
{
    struct job job = {.offer = offer, .call = tf_call_new(server, rpc, offer)};

    job.call.config = tf_present(request->config);
    job.call.prior = tf_present(request->prior);
    job.call.planned = tf_present(request->planned);
    job.call.private_data = tf_private_decode(rpc->arena, request->planned_private);
    *ret_answer =
        (struct tf_state_answer){.state = job.call.prior, .private_data = request->planned_private};
    if (job.call.prior != NULL)
        ret_answer->identity = tf_present(request->planned_identity);
    if ((job.call.prior == NULL && job.call.planned == NULL) || !tf_has_room(rpc, offer))
        return;
    if (!is_sound(rpc, &job) || !tf_call_needs_provider(server, rpc, &job.call))
        return;
    apply(&job, request, ret_answer);
}
