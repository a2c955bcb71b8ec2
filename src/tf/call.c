#include "tf.h"

struct tf_call tf_call_new(const struct tf_server *server, struct tf_rpc *rpc,
                           const struct tf_offer *offer)
{
    return (struct tf_call){.arena = rpc->arena,
                            .diags = &rpc->diags,
                            .world = tf_server_world(server),
                            .stop = rpc->stop,
                            .offer = offer,
                            .type = offer->type,
                            .meta = tf_present(rpc->meta),
                            .private_data = doc_object(rpc->arena)};
}

bool tf_is_object(struct tf_rpc *rpc, const struct tf_offer *offer, const struct cty_value *object)
{
    return (cty_is_known(object) && cty_conforms(object, offer->type)) ||
           diag_error(&rpc->diags, NULL, "Invalid request",
                      "An object of the request is not of the type of %s.", offer->name);
}

bool tf_has_room(struct tf_rpc *rpc, const struct tf_offer *offer)
{
    enum { least = 64 * 1024 };
    return arena_has_room(rpc->arena, 2 * arena_used(rpc->arena) + least) ||
           diag_error(&rpc->diags, NULL, "Too large",
                      "An object of %s is so large that it can't be worked on.", offer->name);
}

bool tf_call_needs_provider(struct tf_server *server, struct tf_rpc *rpc, struct tf_call *call)
{
    call->provider = tf_provider_of(server, rpc);
    return rpc->held != NULL ||
           diag_error(call->diags, NULL, "The provider is not configured",
                      "Its configuration was not given, or was refused, so that %s can't be "
                      "worked on. An earlier error says why.",
                      call->offer->name);
}

void tf_explain_failure(struct tf_call *call, size_t errors_before, const char *verb)
{
    if (call->diags->errors == errors_before)
        diag_bug(call->diags, NULL, "%s of %s failed and did not say why.", verb,
                 call->offer->name);
}

/* The declared type of a member, or NULL and a word about it. */
static const struct cty_type *member_type(const struct tf_call *call,
                                          const struct cty_value *object, const char *name,
                                          const struct cty_path **ret_path)
{
    struct diags *diags = call->diags;
    if (object == NULL || !cty_is_known(object)) {
        diag_bug(diags, NULL, "The member %s was to be set, where there is no object.", name);
        return NULL;
    }
    ptrdiff_t at = cty_attribute_index(object->type, str_of(name));
    if (at < 0) {
        diag_bug(diags, NULL, "The member %s was to be set, and there is no such attribute.", name);
        return NULL;
    }
    *ret_path = cty_path_attr(diags->arena, NULL, object->type->attributes[at].name);
    const struct tf_attr *attr =
        call->offer == NULL ? NULL : tf_attr_find(call->offer->attrs, str_of(name));
    return attr == NULL ? object->type->attributes[at].type
                        : tf_declared(diags->arena, attr, object->type, at);
}

static const struct cty_value *with(const struct tf_call *call, const struct cty_value *object,
                                    const char *name, const struct cty_value *value)
{
    struct diags *diags = call->diags;
    const struct cty_path *path = NULL;
    const struct cty_type *type = member_type(call, object, name, &path);
    if (type == NULL)
        return object;
    if (value == NULL || !cty_conforms(value, type)) {
        diag_bug(diags, path, "A value of another type was to be set: %.*s is needed.",
                 STR(cty_type_name(diags->arena, type)));
        return object;
    }
    return cty_with(diags->arena, object, str_of(name), value);
}

void tf_set(struct tf_call *call, const char *name, const struct cty_value *value)
{
    call->state = with(call, call->state, name, value);
}

void tf_set_str(struct tf_call *call, const char *name, struct str text)
{
    if (text.ptr == NULL)
        tf_set_null(call, name);
    else
        tf_set(call, name, cty_str(call->arena, text));
}

void tf_set_int(struct tf_call *call, const char *name, int64_t number)
{
    tf_set(call, name, cty_int(call->arena, number));
}

void tf_set_bool(struct tf_call *call, const char *name, bool truth)
{
    tf_set(call, name, cty_truth(call->arena, truth));
}

void tf_set_null(struct tf_call *call, const char *name)
{
    const struct cty_path *path = NULL;
    const struct cty_type *type = member_type(call, call->state, name, &path);
    if (type != NULL)
        tf_set(call, name, cty_null(call->arena, type));
}

void tf_created(struct tf_call *call)
{
    call->created = true;
    call->gone = false;
}

void tf_gone(struct tf_call *call)
{
    call->gone = true;
    call->created = false;
}

void tf_partial(struct tf_call *call, const struct cty_value *state)
{
    call->partial = state;
    call->has_partial = state != NULL;
}

void tf_settle(struct tf_call *call)
{
    if (call->state != NULL)
        call->state = cty_unknown_to_null(call->arena, call->state);
}

void tf_plan_set(struct tf_plan *plan, const char *name, const struct cty_value *value)
{
    plan->planned = with(plan->call, plan->planned, name, value);
    plan->call->planned = plan->planned;
}

void tf_plan_unknown(struct tf_plan *plan, const char *name)
{
    const struct cty_path *path = NULL;
    const struct cty_type *type = member_type(plan->call, plan->planned, name, &path);
    if (type != NULL)
        tf_plan_set(plan, name, cty_unknown(plan->call->arena, type));
}

void tf_plan_replace(struct tf_plan *plan, const struct cty_path *path)
{
    struct tf_replace *entry = arena_make(plan->call->arena, struct tf_replace);
    *entry = (struct tf_replace){path, plan->requires_replace};
    plan->requires_replace = entry;
    plan->replaces = true;
}
