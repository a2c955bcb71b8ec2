/* The end of an EFA security group: AWS keeps it while something uses it, so the end is waited for,
 * and when it does not come, what stands in the way is named. */
#include "efa_security_group.h"

#include <hp/base/log.h>

enum { explain_ms = 30000, most_named = 20 };

struct ending {
    struct str group_id;
    struct aws_error error;
    struct str refusal_id; /* of the last DependencyViolation: its request id */
    bool was_told;         /* that it waits */
};

/* ---- Who still uses it ---- */

static void name_interfaces(struct tf_call *call, struct str group_id, struct buf *out)
{
    struct aws_error error;
    struct doc *list = NULL;
    size_t named = 0;

    if (!hp_call_pages(call, &aws_ec2_DescribeNetworkInterfaces,
                       sg_filters(call->arena, "group-id", &group_id, NULL), "NextToken",
                       "NextToken", "NetworkInterfaces", &list, &error)) {
        struct str text = aws_error_text(call->arena, &error);
        buf_printf(out, "\n  - (its network interfaces could not be listed: %.*s)", STR(text));
        return;
    }
    doc_each (entry, list) {
        struct str id = doc_get_text(entry->value, S("NetworkInterfaceId"));
        struct str status = doc_get_text(entry->value, S("Status"));
        struct str about = doc_get_text(entry->value, S("Description"));
        struct str holder = doc_text(doc_at(entry->value, "Attachment.InstanceId"));
        const char *by = "attached to";

        if (holder.len == 0) {
            holder = doc_text(doc_at(entry->value, "Attachment.InstanceOwnerId"));
            by = "held by";
        }
        if (named++ == most_named)
            break;
        buf_printf(out, "\n  - network interface %.*s", STR(id));
        if (about.len > 0)
            buf_printf(out, " \"%.*s\"", STR(about));
        buf_printf(out, ", %.*s", STR(status));
        if (holder.len > 0)
            buf_printf(out, ", %s %.*s", by, STR(holder));
    }
    if (list != NULL && list->count > most_named)
        buf_printf(out, "\n  - and %zu more network interfaces", list->count - most_named);
}

static void name_groups(struct tf_call *call, struct str group_id, const char *filter,
                        const char *direction, struct buf *out)
{
    struct aws_error error;
    struct doc *list = NULL;

    if (!hp_call_pages(call, &aws_ec2_DescribeSecurityGroups,
                       sg_filters(call->arena, filter, &group_id, NULL), "NextToken", "NextToken",
                       "SecurityGroups", &list, &error))
        return;
    doc_each (entry, list) {
        struct str id = doc_get_text(entry->value, S("GroupId"));
        struct str name = doc_get_text(entry->value, S("GroupName"));
        if (!str_eq(id, group_id))
            buf_printf(out,
                       "\n  - security group %.*s \"%.*s\", which refers to it in its %s rules",
                       STR(id), STR(name), direction);
    }
}

static struct str users_of(struct tf_call *call, struct str group_id)
{
    struct buf out = buf_in(call->arena, 64 * 1024);

    name_interfaces(call, group_id, &out);
    name_groups(call, group_id, "ip-permission.group-id", "ingress", &out);
    name_groups(call, group_id, "egress.ip-permission.group-id", "egress", &out);
    if (out.len == 0)
        buf_putz(&out, "\n  - (AWS shows no network interface and no other group that does)");
    return buf_str(&out);
}

/* ---- Deleting ---- */

static enum hp_wait_state try_delete(struct tf_call *call, void *arg)
{
    struct ending *ending = arg;
    struct doc *input = doc_object(call->arena);

    doc_put(call->arena, input, S("GroupId"), doc_string(call->arena, ending->group_id));
    if (hp_call(call, &aws_ec2_DeleteSecurityGroup, input, NULL, &ending->error) ||
        ending->error.kind == AWS_NOT_FOUND)
        return HP_WAIT_DONE;
    if (!aws_error_is(&ending->error, "DependencyViolation"))
        return HP_WAIT_FAILED;
    ending->refusal_id = ending->error.request_id;
    if (!ending->was_told) {
        struct str users = users_of(call, ending->group_id);
        log_fmt(LOG_WARN, "hyperpod", "waiting until nothing uses the security group %.*s:%.*s",
                STR(ending->group_id), STR(users));
        ending->was_told = true;
    }
    return HP_WAIT_GO_ON;
}

static bool tell_users(struct tf_call *call, const struct ending *ending)
{
    struct str waited = duration_text(call->arena, call->timeout_ms);

    call->deadline_tick_ms = world_tick_ms(call->world) + explain_ms; /* a last look */

    struct str users = users_of(call, ending->group_id);
    return diag_error(
        call->diags, NULL, "The security group is still in use",
        "AWS did not delete the security group %.*s (DependencyViolation, request id "
        "%.*s) within %.*s. It is used by:%.*s\n\nRemove it there, then destroy again.",
        STR(ending->group_id), STR(ending->refusal_id), STR(waited), STR(users));
}

/* AWS deletes a VPC's own group only with the VPC. */
static bool tell_default(struct tf_call *call, const struct ending *ending)
{
    struct str id = ending->group_id;

    return diag_error(
        call->diags, NULL, "This group cannot be deleted",
        "The security group %.*s is its VPC's own (\"default\"), and AWS keeps it as long as the "
        "VPC: %.*s\n\nTake it out of the state and leave it in AWS, with this in the place of its "
        "`resource` block:\n\n  removed {\n    from = hyperpod_efa_security_group.NAME # this "
        "resource\n    lifecycle {\n      destroy = false\n    }\n  }\n\nTo go on managing rules "
        "in "
        "it, import it afterwards as \"existing/%.*s\" into a resource with "
        "existing_security_group_id: such a group is never deleted.",
        STR(id), STR(aws_error_text(call->arena, &ending->error)), STR(id));
}

static bool revoke_all(struct tf_call *call, struct str group_id)
{
    struct sg_rules found;
    struct aws_error error;

    if (!sg_look(call, group_id, &found, &error))
        return error.kind == AWS_NOT_FOUND ||
               hp_diag(call, NULL, &error, "reading the rules of the security group %.*s",
                       STR(group_id));
    for (int egress = 0; egress < 2; egress++) {
        struct doc *input = doc_object(call->arena), *ids = doc_list(call->arena);
        for (size_t i = 0; i < found.count; i++)
            if (found.items[i].permission.is_egress == (egress == 1))
                doc_add(call->arena, ids, doc_string(call->arena, found.items[i].id));
        if (ids->count == 0)
            continue;
        doc_put(call->arena, input, S("GroupId"), doc_string(call->arena, group_id));
        doc_put(call->arena, input, S("SecurityGroupRuleIds"), ids);
        if (!hp_call(call,
                     egress ? &aws_ec2_RevokeSecurityGroupEgress
                            : &aws_ec2_RevokeSecurityGroupIngress,
                     input, NULL, &error) &&
            error.kind != AWS_NOT_FOUND)
            return hp_diag(call, NULL, &error, "revoking the rules of the security group %.*s",
                           STR(group_id));
    }
    return true;
}

bool sg_delete(struct tf_call *call)
{
    struct ending ending = {.group_id = tf_str(call->state, "id")};

    if (sg_is_adopted(call->state))
        return sg_adopt_release(call);
    if (tf_bool(call->state, "revoke_rules_on_delete", false) && !revoke_all(call, ending.group_id))
        return false;
    switch (hp_wait(call, try_delete, &ending)) {
    case HP_ENDED_DONE:
        return true;
    case HP_ENDED_TIMEOUT:
        return tell_users(call, &ending);
    case HP_ENDED_STOPPED:
        return diag_error(call->diags, NULL, "Deleting was interrupted",
                          "The security group %.*s is still there and stays in the state. Destroy "
                          "again to go on.",
                          STR(ending.group_id));
    case HP_ENDED_FAILED:
        break;
    }
    if (ending.error.timed_out && ending.was_told)
        return tell_users(call, &ending);
    if (aws_error_is(&ending.error, "CannotDelete"))
        return tell_default(call, &ending);
    return hp_diag(call, NULL, &ending.error, "deleting the security group %.*s",
                   STR(ending.group_id));
}
