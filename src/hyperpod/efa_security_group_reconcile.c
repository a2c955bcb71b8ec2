/* Making AWS's rules what is wanted. The order keeps the nodes talking: first the rules of the
 * group itself, then the others that are missing, and only then away with what is no longer wanted.
 */
#include "efa_security_group.h"

#include <stdarg.h>

enum { most_passes = 12, most_losses = 4 }; /* losses: one after the other */

/* ---- Small pieces of requests ---- */

struct doc *sg_strings(struct arena *arena, struct str one)
{
    struct doc *list = doc_list(arena);
    doc_add(arena, list, doc_string(arena, one));
    return list;
}

struct doc *sg_filters(struct arena *arena, ...)
{
    struct doc *input = doc_object(arena), *filters = doc_list(arena);
    const char *name;
    va_list args;

    va_start(args, arena);
    while ((name = va_arg(args, const char *)) != NULL) {
        struct doc *filter = doc_object(arena);
        doc_put(arena, filter, S("Name"), doc_string(arena, str_of(name)));
        doc_put(arena, filter, S("Values"), sg_strings(arena, *va_arg(args, const struct str *)));
        doc_add(arena, filters, filter);
    }
    va_end(args);
    doc_put(arena, input, S("Filters"), filters);
    return input;
}

static struct doc *on_group(const struct sg_work *work)
{
    struct doc *input = doc_object(work->call->arena);
    doc_put(work->call->arena, input, S("GroupId"), doc_string(work->call->arena, work->group_id));
    return input;
}

/* One rule as an element of IpPermissions. */
static struct doc *permission_doc(struct arena *arena, const struct sg_rule *rule)
{
    static const struct {
        const char *list, *member;
    } peers[] = {
        [SG_CIDR_IPV4] = {"IpRanges", "CidrIp"},
        [SG_CIDR_IPV6] = {"Ipv6Ranges", "CidrIpv6"},
        [SG_PREFIX_LIST] = {"PrefixListIds", "PrefixListId"},
        [SG_GROUP] = {"UserIdGroupPairs", "GroupId"},
    };
    const struct sg_permission *what = &rule->permission;
    struct doc *permission = doc_object(arena), *list = doc_list(arena), *peer = doc_object(arena);

    doc_put(arena, permission, S("IpProtocol"), doc_string(arena, what->protocol));
    if (sg_has_ports(what->protocol)) {
        doc_put(arena, permission, S("FromPort"), doc_int(arena, what->from_port));
        doc_put(arena, permission, S("ToPort"), doc_int(arena, what->to_port));
    }
    doc_put(arena, peer, str_of(peers[what->kind].member), doc_string(arena, what->peer));
    if (rule->description.len > 0)
        doc_put(arena, peer, S("Description"), doc_string(arena, rule->description));
    doc_add(arena, list, peer);
    doc_put(arena, permission, str_of(peers[what->kind].list), list);
    return permission;
}

/* ---- Looking ---- */

static void add_found(struct arena *arena, struct sg_rules *found, const struct doc *list)
{
    size_t more = list == NULL ? 0 : list->count;

    found->items = arena_grow(arena, found->items, found->count * sizeof *found->items,
                              (found->count + more) * sizeof *found->items);
    doc_each (entry, list)
        found->items[found->count++] = sg_found(arena, entry->value);
}

bool sg_look(struct tf_call *call, struct str group_id, struct sg_rules *ret_found,
             struct aws_error *reterr)
{
    struct doc *list = NULL;

    if (!hp_call_pages(call, &aws_ec2_DescribeSecurityGroupRules,
                       sg_filters(call->arena, "group-id", &group_id, NULL), "NextToken",
                       "NextToken", "SecurityGroupRules", &list, reterr))
        return false;
    *ret_found = (struct sg_rules){0};
    add_found(call->arena, ret_found, list);
    return true;
}

/* ---- One step after the other; each says whether to go on, to look anew, or that it failed ----
 */

enum step { STEP_ON, STEP_ANEW, STEP_FAILED };

/* Is it worth another look: was an answer lost, or has someone else been at it? A new group may not
 * be known everywhere; a group that rules refer to is not new, and its absence is final. */
static bool changed_meanwhile(struct sg_work *work)
{
    const struct aws_error *error = &work->error;

    if (error->maybe_done && work->losses++ < most_losses)
        return true;
    return aws_error_is(error, "InvalidPermission.Duplicate") ||
           aws_error_is(error, "InvalidPermission.NotFound") ||
           aws_error_is(error, "InvalidSecurityGroupRuleId.NotFound") ||
           (work->is_new && aws_error_is(error, "InvalidGroup.NotFound") &&
            str_has(error->message, work->group_id));
}

/* A call that changes rules. What gets through ends the row of losses. */
static bool carry_out(struct sg_work *work, const struct aws_op *op, const struct doc *input,
                      struct doc **ret_output)
{
    if (!hp_call(work->call, op, input, ret_output, &work->error))
        return false;
    work->losses = 0;
    return true;
}

/* The rule whose group or prefix list AWS's words name, so that the error stands at its place. */
static const struct cty_path *culprit(const struct sg_work *work)
{
    for (size_t i = 0; i < work->wanted.count; i++) {
        const struct sg_rule *rule = &work->wanted.items[i];
        if (rule->path != NULL && !str_eq(rule->permission.peer, work->group_id) &&
            str_has(work->error.message, rule->permission.peer))
            return rule->path;
    }
    return NULL;
}

static enum step step_failed(struct sg_work *work, const char *doing)
{
    if (stop_requested(work->call->stop))
        return STEP_FAILED; /* the verb tells what that means */
    if (changed_meanwhile(work) && work->passes < most_passes)
        return STEP_ANEW;
    hp_diag(work->call, culprit(work), &work->error, "%s of the security group %.*s", doing,
            STR(work->group_id));
    return STEP_FAILED;
}

static bool is_self(const struct sg_work *work, const struct sg_rule *rule)
{
    return rule->permission.kind == SG_GROUP && str_is(rule->permission.protocol, "-1") &&
           str_eq(rule->permission.peer, work->group_id);
}

/* Ours, but no longer wanted. A new group's own egress rule counts as ours: it came with it. */
static bool is_obsolete(const struct sg_work *work, const struct sg_rule *rule)
{
    if (rule->is_wanted)
        return false;
    return work->is_exclusive || sg_own_has(&work->own, rule->id) ||
           (work->is_new && rule->permission.is_egress && str_is(rule->permission.protocol, "-1") &&
            str_is(rule->permission.peer, "0.0.0.0/0"));
}

static enum step revoke(struct sg_work *work, bool is_egress)
{
    struct arena *arena = work->call->arena;
    struct doc *ids = doc_list(arena), *input = on_group(work);
    size_t kept = 0;

    for (size_t i = 0; i < work->found.count; i++) {
        const struct sg_rule *rule = &work->found.items[i];
        if (rule->permission.is_egress == is_egress && is_obsolete(work, rule))
            doc_add(arena, ids, doc_string(arena, rule->id));
    }
    if (ids->count == 0)
        return STEP_ON;
    doc_put(arena, input, S("SecurityGroupRuleIds"), ids);
    if (!carry_out(work,
                   is_egress ? &aws_ec2_RevokeSecurityGroupEgress
                             : &aws_ec2_RevokeSecurityGroupIngress,
                   input, NULL))
        return step_failed(work, "taking away rules");
    for (size_t i = 0; i < work->found.count; i++) {
        struct sg_rule rule = work->found.items[i];
        if (rule.permission.is_egress != is_egress || !is_obsolete(work, &rule))
            work->found.items[kept++] = rule;
    }
    work->found.count = kept;
    return STEP_ON;
}

/* AWS's limit may leave no room for the new beside the old: then the old goes first. */
static enum step make_room(struct sg_work *work, bool is_egress)
{
    size_t before = work->found.count;

    if (aws_error_is(&work->error, "RulesPerSecurityGroupLimitExceeded") &&
        work->passes < most_passes) {
        struct aws_error limit = work->error;
        enum step step = revoke(work, is_egress);
        if (step != STEP_ON || work->found.count < before)
            return step == STEP_ON ? STEP_ANEW : step;
        work->error = limit;
    }
    return step_failed(work, "adding rules");
}

static bool has_earlier_twin(const struct sg_rules *rules, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (sg_permission_equal(&rules->items[i].permission, &rules->items[index].permission))
            return true;
    return false;
}

/* In an old group the self rules go first and alone, so that nothing else can hold them up. */
enum which { SELF, OTHERS, ALL };

static bool is_missing(const struct sg_work *work, size_t index, bool is_egress, enum which which)
{
    const struct sg_rule *rule = &work->wanted.items[index];
    return rule->permission.is_egress == is_egress && str_empty(rule->id) &&
           (which == ALL || is_self(work, rule) == (which == SELF)) &&
           !has_earlier_twin(&work->wanted, index);
}

/* With the mark of an adoption. Who may not tag adds them without. */
static bool send_new(struct sg_work *work, bool is_egress, struct doc *input,
                     struct doc **ret_output)
{
    struct tf_call *call = work->call;
    const struct aws_op *op =
        is_egress ? &aws_ec2_AuthorizeSecurityGroupEgress : &aws_ec2_AuthorizeSecurityGroupIngress;
    struct str mark = tf_str(call->state, "adoption_mark");
    bool marks = sg_is_adopted(call->planned) && mark.len > 0 && !work->may_not_tag;

    if (marks)
        doc_set(call->arena, input, S("TagSpecifications"), sg_mark_tags(call->arena, mark));
    if (carry_out(work, op, input, ret_output))
        return true;
    if (!marks || work->error.kind != AWS_DENIED)
        return false;
    work->may_not_tag = true;
    doc_set(call->arena, input, S("TagSpecifications"), NULL);
    return carry_out(work, op, input, ret_output);
}

static enum step authorize(struct sg_work *work, bool is_egress, enum which which)
{
    struct arena *arena = work->call->arena;
    struct doc *permissions = doc_list(arena), *input = on_group(work), *output = NULL;
    size_t known = work->found.count;

    for (size_t i = 0; i < work->wanted.count; i++)
        if (is_missing(work, i, is_egress, which))
            doc_add(arena, permissions, permission_doc(arena, &work->wanted.items[i]));
    if (permissions->count == 0)
        return STEP_ON;
    doc_put(arena, input, S("IpPermissions"), permissions);
    bool done = send_new(work, is_egress, input, &output);
    for (size_t i = 0; i < work->wanted.count && (done || work->error.maybe_done); i++)
        if (is_missing(work, i, is_egress, which))
            work->wanted.items[i].was_asked = true;
    if (!done)
        return make_room(work, is_egress);
    add_found(arena, &work->found, doc_get(output, S("SecurityGroupRules")));
    for (size_t i = known; i < work->found.count; i++)
        work->made = sg_ids_with(arena, work->made, work->found.items[i].id);
    return STEP_ON;
}

static enum step describe(struct sg_work *work, bool is_egress)
{
    struct arena *arena = work->call->arena;
    struct doc *list = doc_list(arena), *input = on_group(work);

    for (size_t i = 0; i < work->wanted.count; i++)
        for (size_t j = 0; j < work->found.count; j++) {
            const struct sg_rule *rule = &work->wanted.items[i];
            struct sg_rule *found = &work->found.items[j];
            bool is_ours = !work->own.is_adopted || sg_own_has(&work->own, rule->id);
            if (!is_ours || !rule->says_description || rule->permission.is_egress != is_egress ||
                !str_eq(rule->id, found->id) || str_eq(rule->description, found->description))
                continue;
            doc_add(arena, list, permission_doc(arena, rule));
            found->description = rule->description;
        }
    if (list->count == 0)
        return STEP_ON;
    doc_put(arena, input, S("IpPermissions"), list); /* without a description: it is removed */
    if (!carry_out(work,
                   is_egress ? &aws_ec2_UpdateSecurityGroupRuleDescriptionsEgress
                             : &aws_ec2_UpdateSecurityGroupRuleDescriptionsIngress,
                   input, NULL))
        return step_failed(work, "describing rules");
    return STEP_ON;
}

/* A new group's own egress rule, unwanted, that AWS does not show yet: taken away by what it
 * permits. */
static enum step revoke_unseen(struct sg_work *work)
{
    struct arena *arena = work->call->arena;
    struct sg_rule rule = {.permission = {true, S("-1"), -1, -1, SG_CIDR_IPV4, S("0.0.0.0/0")}};
    struct doc *list = doc_list(arena), *input = on_group(work);

    if (!work->is_new)
        return STEP_ON;
    for (size_t i = 0; i < work->wanted.count; i++)
        if (sg_permission_equal(&work->wanted.items[i].permission, &rule.permission))
            return STEP_ON;
    for (size_t i = 0; i < work->found.count; i++)
        if (sg_permission_equal(&work->found.items[i].permission, &rule.permission))
            return STEP_ON;
    doc_add(arena, list, permission_doc(arena, &rule));
    doc_put(arena, input, S("IpPermissions"), list);
    if (carry_out(work, &aws_ec2_RevokeSecurityGroupEgress, input, NULL) ||
        aws_error_is(&work->error, "InvalidPermission.NotFound"))
        return STEP_ON;
    return step_failed(work, "taking away AWS's egress rule");
}

static enum step all_there(struct sg_work *work)
{
    for (size_t i = 0; i < work->wanted.count; i++) {
        if (!str_empty(work->wanted.items[i].id))
            continue;
        if (work->passes < most_passes)
            return STEP_ANEW;
        struct str what = sg_permission_text(work->call->arena, &work->wanted.items[i].permission);
        diag_error(work->call->diags, NULL, "A rule is not there",
                   "AWS took the rule \"%.*s\" (%.*s) for the security group %.*s, but does not "
                   "show it after %d looks. Something else may be removing it.",
                   STR(work->wanted.items[i].key), STR(what), STR(work->group_id), most_passes);
        return STEP_FAILED;
    }
    return STEP_ON;
}

static void note_seen(struct sg_work *work)
{
    for (size_t i = 0; i < work->found.count && work->passes == 1; i++)
        work->seen = sg_ids_with(work->call->arena, work->seen, work->found.items[i].id);
}

/* What we asked for and was not there at first is ours, also when the answer was lost or did not
 * name it. */
static void claim(struct sg_work *work)
{
    sg_match(&work->wanted, &work->found);
    for (size_t i = 0; i < work->wanted.count; i++) {
        const struct sg_rule *rule = &work->wanted.items[i];
        if (rule->was_asked && !sg_ids_have(work->seen, rule->id))
            work->made = sg_ids_with(work->call->arena, work->made, rule->id);
    }
}

/* The ingress rules of a new group come last and at once: a group without any was cut off. */
static enum step pass(struct sg_work *work)
{
    static const struct {
        bool is_egress, is_new;
        enum which which;
    } order[] = {{false, false, SELF},  {true, false, SELF}, {false, false, OTHERS},
                 {true, false, OTHERS}, {true, true, ALL},   {false, true, ALL}};
    enum step step = STEP_ON;

    work->passes++;
    if (!sg_look(work->call, work->group_id, &work->found, &work->error))
        return step_failed(work, "reading the rules");
    note_seen(work);
    sg_mark_claim(work->call->arena, &work->own, &work->found);
    claim(work);

    for (size_t i = 0; i < sizeof order / sizeof order[0] && step == STEP_ON; i++)
        if (order[i].is_new == work->is_new)
            step = authorize(work, order[i].is_egress, order[i].which);
    if (step != STEP_ON)
        return step;
    claim(work);
    if ((step = all_there(work)) != STEP_ON)
        return step;
    if ((step = revoke_unseen(work)) != STEP_ON)
        return step;
    for (int egress = 0; egress < 2 && step == STEP_ON; egress++)
        step = revoke(work, egress);
    for (int egress = 0; egress < 2 && step == STEP_ON; egress++)
        step = describe(work, egress);
    return step;
}

static enum hp_wait_state look_again(struct tf_call *call, void *arg)
{
    (void)call;
    switch (pass(arg)) {
    case STEP_ON:
        return HP_WAIT_DONE;
    case STEP_ANEW:
        return HP_WAIT_GO_ON;
    default:
        return HP_WAIT_FAILED;
    }
}

bool sg_reconcile(struct sg_work *work)
{
    work->own = sg_own_of(work->call);
    work->is_exclusive = tf_bool(work->call->planned, "exclusive", false);
    work->passes = work->losses = 0;
    switch (hp_wait(work->call, look_again, work)) {
    case HP_ENDED_DONE:
        return true;
    case HP_ENDED_TIMEOUT:
        return diag_error(work->call->diags, NULL, "The rules are not as they should be in time",
                          "AWS did not show all rules of the security group %.*s within the time "
                          "that the timeouts block gives.%s",
                          STR(work->group_id),
                          work->call->prior != NULL
                              ? " Apply again to go on."
                              : " The group is there and in the state, but marked to be made anew: "
                                "terraform untaint keeps it, and the next apply goes on with its "
                                "rules.");
    case HP_ENDED_STOPPED:
    case HP_ENDED_FAILED:
        break;
    }
    return false;
}
