/* A group that others have made: what is missing is added to it, and only that is taken away again.
 */
#include "efa_security_group.h"

enum { most_tries = 4 };

/* ---- What may be said, and what is planned ---- */

bool sg_adopt_check(struct tf_call *call)
{
    if (!sg_is_adopted(call->config)) {
        if (!cty_is_null(tf_value(call->config, "vpc_id")))
            return true;
        return diag_error(call->diags, cty_path_of(call->arena, "vpc_id"),
                          "Missing required attribute",
                          "vpc_id must be set: the VPC that the group is made in. For a group that "
                          "exists already, set existing_security_group_id instead.");
    }
    if (!tf_is_set(call->config, "tags") || !tf_is_set(call->config, "existing_security_group_id"))
        return true; /* what is unknown may turn out to be null */
    return diag_error(call->diags, cty_path_of(call->arena, "tags"), "Conflicting attributes",
                      "An adopted group is never tagged: its tags are its owner's. Leave out tags, "
                      "or existing_security_group_id.");
}

bool sg_adopt_replaces(struct tf_plan *plan, const struct cty_path *path,
                       const struct cty_value *prior, const struct cty_value *planned)
{
    (void)path, (void)prior;
    if (cty_is_null(planned)) /* taken back; name, description and VPC decide */
        return false;
    return cty_is_unknown(planned) || !str_eq(planned->text, tf_str(plan->prior, "id"));
}

void sg_adopt_plan(struct tf_plan *plan)
{
    static const char *const of_owner[] = {"description", "tags_all"};
    const struct cty_value *existing = tf_value(plan->planned, "existing_security_group_id");

    if (!sg_is_adopted(plan->planned)) {
        if (tf_is_set(plan->prior, "adoption_mark")) /* it is none any more */
            tf_plan_set(plan, "adoption_mark", cty_null(plan->call->arena, &cty_string));
        return;
    }
    if (plan->prior != NULL && !sg_is_adopted(plan->prior)) /* it becomes one */
        tf_plan_unknown(plan, "adoption_mark");
    for (size_t i = 0; i < sizeof of_owner / sizeof of_owner[0]; i++)
        if (plan->prior == NULL)
            tf_plan_unknown(plan, of_owner[i]);
        else
            tf_plan_set(plan, of_owner[i], tf_value(plan->prior, of_owner[i]));
    if (plan->prior == NULL && cty_is_known(existing))
        tf_plan_set(plan, "id", existing);
}

bool sg_generate(struct tf_call *call)
{
    static const char *const of_owner[] = {"name",   "name_prefix", "description",
                                           "vpc_id", "exclusive",   "tags"};
    struct str id = tf_str(call->prior, "id");

    if (str_is(tf_str(call->state, "name"),
               "default")) /* a VPC's own: no configuration may say it */
        tf_set_null(call, "name");
    if (!sg_is_adopted(call->prior))
        return hp_generate(call);
    for (size_t i = 0; i < sizeof of_owner / sizeof of_owner[0]; i++)
        tf_set_null(call, of_owner[i]);
    tf_set_str(call, "existing_security_group_id", id);
    return hp_generate(call);
}

/* ---- Taking it in ---- */

bool sg_adopt(struct tf_call *call, struct str *ret_id)
{
    struct str id = tf_str(call->planned, "existing_security_group_id");
    struct aws_error error;
    struct doc *group;

    if (!sg_fetch(call, id, &group, &error))
        return hp_diag(call, cty_path_of(call->arena, "existing_security_group_id"), &error,
                       "reading the security group %.*s", STR(id));
    tf_set_str(call, "id", id);
    sg_mark(call);
    sg_show_group(call, group);
    *ret_id = id;
    return true;
}

/* ---- Which of its rules are ours ---- */

/* Rules that are gone are forgotten only when it is certain what is there. */
static struct str still_there(struct tf_call *call, struct str ids, const struct sg_rules *found)
{
    struct str left = {0};

    for (size_t i = 0; i < found->count; i++)
        if (sg_ids_have(ids, found->items[i].id))
            left = sg_ids_with(call->arena, left, found->items[i].id);
    return left;
}

void sg_adopt_remember(struct tf_call *call, const struct sg_work *work, bool done)
{
    struct str ours = sg_own_list(call->arena, &work->own), rest = work->made, id;
    bool is_adopted = sg_is_adopted(call->planned);

    if (!is_adopted && (done || !work->own.is_adopted)) {
        tf_private_set(call, "added", (struct str){0});
        return;
    }
    while (rest.len > 0 && str_next(&rest, ',', &id))
        ours = sg_ids_with(call->arena, ours, id);
    if (done && work->passes > 0)
        ours = still_there(call, ours, &work->found);
    sg_remember(call, "added", ours);
}

/* ---- The end: the group stays ---- */

static bool revoke_ours(struct tf_call *call, const struct sg_rules *found, bool is_egress,
                        struct aws_error *reterr)
{
    struct doc *input = doc_object(call->arena), *ids = doc_list(call->arena);
    struct sg_own own = sg_own_of(call);

    sg_mark_claim(call->arena, &own, found);
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].permission.is_egress == is_egress &&
            sg_own_has(&own, found->items[i].id))
            doc_add(call->arena, ids, doc_string(call->arena, found->items[i].id));
    if (ids->count == 0)
        return true;
    doc_put(call->arena, input, S("GroupId"), doc_string(call->arena, tf_str(call->state, "id")));
    doc_put(call->arena, input, S("SecurityGroupRuleIds"), ids);
    return hp_call(
        call, is_egress ? &aws_ec2_RevokeSecurityGroupEgress : &aws_ec2_RevokeSecurityGroupIngress,
        input, NULL, reterr);
}

bool sg_adopt_release(struct tf_call *call)
{
    struct str id = tf_str(call->state, "id");
    struct aws_error error;

    for (int tries = 0; tries < most_tries; tries++) {
        struct sg_rules found;
        error = (struct aws_error){0};
        if (sg_look(call, id, &found, &error) && revoke_ours(call, &found, false, &error) &&
            revoke_ours(call, &found, true, &error))
            return true;
        if (aws_error_is(&error, "InvalidGroup.NotFound"))
            return true;
        bool changed = error.kind == AWS_NOT_FOUND || error.maybe_done; /* meanwhile: look anew */
        if (!changed || stop_requested(call->stop))
            break;
    }
    return hp_diag(call, NULL, &error,
                   "taking away this resource's rules of the security group %.*s", STR(id));
}
