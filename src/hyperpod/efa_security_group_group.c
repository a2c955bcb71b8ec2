/* The group itself as AWS describes it. */
#include "efa_security_group.h"

bool sg_fetch(struct tf_call *call, struct str id, struct doc **ret_group, struct aws_error *reterr)
{
    struct doc *input = doc_object(call->arena), *output = NULL;

    doc_put(call->arena, input, S("GroupIds"), sg_strings(call->arena, id));
    if (!hp_call(call, &aws_ec2_DescribeSecurityGroups, input, &output, reterr))
        return false;
    *ret_group = doc_at(output, "SecurityGroups.0");
    if (*ret_group != NULL)
        return true;
    *reterr =
        (struct aws_error){.kind = AWS_NOT_FOUND, .message = S("AWS shows no such security group")};
    return false;
}

struct newborn {
    struct str id;
    struct doc *group;
    struct aws_error error;
};

static enum hp_wait_state look_for_newborn(struct tf_call *call, void *arg)
{
    struct newborn *newborn = arg;
    if (sg_fetch(call, newborn->id, &newborn->group, &newborn->error))
        return HP_WAIT_DONE;
    return newborn->error.kind == AWS_NOT_FOUND ? HP_WAIT_GO_ON : HP_WAIT_FAILED;
}

static void show_owner(struct tf_call *call, const struct doc *group)
{
    struct str owner = doc_get_text(group, S("OwnerId"));
    struct str arn = doc_get_text(group, S("SecurityGroupArn"));
    struct str id = tf_str(call->state, "id");

    if (arn.len == 0)
        arn = hp_arn(call, "ec2", owner, arena_cat(call->arena, S("security-group/"), id));
    tf_set_str(call, "owner_id", owner);
    tf_set_str(call, "arn", arn);
}

/* An error taints what was just made, and whoever just applied again would destroy it. */
static bool tell_unread(struct tf_call *call, struct str id, const struct aws_error *error)
{
    return diag_error(
        call->diags, NULL,
        arena_fmt(call->arena, "Reading the new security group %.*s failed", STR(id)).ptr,
        "%.*s\n\nIt is there and in the state, but marked to be made anew. To keep it, run "
        "terraform untaint ADDRESS with the address of this resource, and then apply again.",
        STR(hp_diag_text_no_again(call, error)));
}

bool sg_show_newborn(struct tf_call *call, struct str id)
{
    struct newborn newborn = {.id = id};

    if (hp_wait(call, look_for_newborn, &newborn) != HP_ENDED_DONE)
        return stop_requested(call->stop) ? false : tell_unread(call, id, &newborn.error);
    show_owner(call, newborn.group);
    return true;
}

void sg_show_group(struct tf_call *call, const struct doc *group)
{
    tf_set_str(call, "name", doc_get_text(group, S("GroupName")));
    tf_set_str(call, "description", doc_get_text(group, S("Description")));
    tf_set_str(call, "vpc_id", doc_get_text(group, S("VpcId")));
    hp_tags_read(call, doc_get(group, S("Tags")));
    if (sg_is_adopted(call->state)) /* they are its owner's */
        tf_set_null(call, "tags");
    show_owner(call, group);
}
