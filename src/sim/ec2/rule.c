#include "ground/form.h"
#include "group.h"

enum { most_rules = 60 };

void rule_put_peer(struct call *call, struct doc *doc, const struct rule *rule)
{
    static const char *const members[] = {
        [PEER_IPV4] = "cidrIpv4", [PEER_IPV6] = "cidrIpv6", [PEER_PREFIX_LIST] = "prefixListId"};
    if (rule->peer_kind == PEER_GROUP) {
        struct doc *info = doc_object(call->arena);
        ec2_put(call, info, "groupId", rule->peer);
        ec2_put(call, info, "userId", S(ACCOUNT));
        doc_put(call->arena, doc, S("referencedGroupInfo"), info);
    } else {
        ec2_put(call, doc, members[rule->peer_kind], rule->peer);
    }
}

static struct doc *describe_basics(struct call *call, const struct rule *rule)
{
    struct doc *doc = doc_object(call->arena);
    ec2_put(call, doc, "securityGroupRuleId", rule->thing.id);
    ec2_put(call, doc, "groupId", rule->group->thing.id);
    ec2_put_bool(call, doc, "isEgress", rule->egress);
    ec2_put(call, doc, "ipProtocol", rule->protocol);
    ec2_put_int(call, doc, "fromPort", rule->from_port);
    ec2_put_int(call, doc, "toPort", rule->to_port);
    if (rule->has_description)
        ec2_put(call, doc, "description", rule->description);
    return doc;
}

struct doc *describe_rule(struct call *call, const struct thing *thing)
{
    const struct rule *rule = (const struct rule *)thing;
    struct doc *doc = describe_basics(call, rule);

    ec2_put(call, doc, "groupOwnerId", S(ACCOUNT));
    ec2_put(call, doc, "securityGroupRuleArn", ec2_arn(call, thing));
    rule_put_peer(call, doc, rule);
    ec2_put_tags(call, doc, &rule->thing.tags);
    return doc;
}

static struct str group_id_of(const struct thing *thing, size_t n)
{
    return n > 0 ? (struct str){NULL, 0} : ((const struct rule *)thing)->group->thing.id;
}

static bool describe_rules(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"group-id", "groupId"}, {"security-group-rule-id", "securityGroupRuleId"}, {NULL, NULL}};
    static const struct ec2_quick quick[] = {{"group-id", group_id_of}, {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_RULE,
                                               .ids = "SecurityGroupRuleId",
                                               .set = "securityGroupRuleSet",
                                               .describe = describe_rule,
                                               .filters = filters,
                                               .quick = quick};
    return ec2_describe(call, &how);
}

/* A rule with a block counts for its family, one with a group or a prefix list for both. */
static size_t count_rules(const struct rule *const *rules, size_t count, bool egress,
                          enum peer_kind other_family)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += rules[i]->egress == egress && rules[i]->peer_kind != other_family;
    return total;
}

static bool has_room(struct call *call, const struct security_group *group,
                     const struct rules *more, bool egress)
{
    static const enum peer_kind others[] = {PEER_IPV6, PEER_IPV4};
    const struct rule **fresh = arena_array(call->arena, const struct rule *, more->count + 1);

    for (size_t i = 0; i < more->count; i++)
        fresh[i] = &more->items[i];
    for (size_t i = 0; i < 2; i++) {
        size_t have = count_rules((const struct rule *const *)group->rules.items,
                                  group->rules.count, egress, others[i]);
        if (have + count_rules(fresh, more->count, egress, others[i]) > most_rules)
            return call_fail(call, "RulesPerSecurityGroupLimitExceeded",
                             "The maximum number of rules per security group has been reached.");
    }
    return true;
}

/* All of the rules are made, or none. */
static bool authorize(struct call *call, bool egress)
{
    struct security_group *group = NULL;
    struct rules rules;
    struct tag_list tags;

    if (!group_of_call(call, &group) || !rules_of_call(call, group, egress, &rules) ||
        !ec2_tag_specification(call, THING_RULE, &tags))
        return false;
    if (rules.count == 0)
        return call_fail(call, "MissingParameter",
                         "The request must contain the parameter ipPermissions");
    for (size_t i = 0; i < rules.count; i++)
        if (rule_same(group, &rules.items[i]) != NULL)
            return call_fail(call, "InvalidPermission.Duplicate",
                             "the specified rule \"%.*s\" already exists",
                             STR(rule_text(call->arena, &rules.items[i])));
    if (!has_room(call, group, &rules, egress))
        return false;
    ec2_put_bool(call, call->output, "return", true);
    struct doc *set = ec2_set(call, call->output, "securityGroupRuleSet");
    for (size_t i = 0; i < rules.count; i++) {
        struct rule *rule = rule_new(call->state, call->region, group, &rules.items[i]);
        ec2_tag(&rule->thing, tags);
        ec2_add(call, set, describe_rule(call, &rule->thing));
    }
    return true;
}

static bool authorize_ingress(struct call *call)
{
    return authorize(call, false);
}

static bool authorize_egress(struct call *call)
{
    return authorize(call, true);
}

/* The rules of this group and direction that SecurityGroupRuleId.N names. */
static bool rules_by_id(struct call *call, struct security_group *group, bool egress,
                        struct list *ret_rules)
{
    size_t count;
    const struct doc **ids = form_list(call->arena, call->input, "SecurityGroupRuleId", &count);

    for (size_t i = 0; i < count; i++) {
        struct thing *found;
        if (!ec2_find(call, THING_RULE, doc_text(ids[i]), &found))
            return false;
        struct rule *rule = (struct rule *)found;
        if (rule->group != group || rule->egress != egress)
            return call_fail(call, "InvalidSecurityGroupRuleId.NotFound",
                             "The security group rule ID '%.*s' does not exist in this direction "
                             "of the security group '%.*s'",
                             STR(rule->thing.id), STR(group->thing.id));
        if (!list_has(ret_rules, rule))
            list_add(ret_rules, rule);
    }
    return true;
}

static bool rules_by_content(struct call *call, struct security_group *group, bool egress,
                             struct list *ret_rules)
{
    struct rules rules;
    if (!rules_of_call(call, group, egress, &rules))
        return false;
    for (size_t i = 0; i < rules.count; i++) {
        struct rule *rule = rule_same(group, &rules.items[i]);
        if (rule == NULL)
            return call_fail(call, "InvalidPermission.NotFound",
                             "The specified rule does not exist in this security group.");
        list_add(ret_rules, rule);
    }
    return true;
}

static void describe_revoked(struct call *call, struct doc *set, const struct rule *rule)
{
    struct doc *doc = describe_basics(call, rule);
    if (rule->peer_kind == PEER_GROUP)
        ec2_put(call, doc, "referencedGroupId", rule->peer);
    else
        rule_put_peer(call, doc, rule);
    ec2_add(call, set, doc);
}

static bool revoke_listed(struct call *call, struct security_group *group, bool egress,
                          struct list *rules)
{
    struct rule *rule;
    bool by_id = doc_get(call->input, S("SecurityGroupRuleId")) != NULL;

    if (by_id && doc_get(call->input, S("IpPermissions")) != NULL)
        return call_fail(call, "InvalidParameterCombination",
                         "The parameter SecurityGroupRuleIds cannot be used with the parameter "
                         "IpPermissions");
    if (!(by_id ? rules_by_id : rules_by_content)(call, group, egress, rules))
        return false;
    if (rules->count == 0)
        return call_fail(call, "MissingParameter",
                         "The request must contain the parameter ipPermissions or "
                         "securityGroupRuleIds");
    ec2_put_bool(call, call->output, "return", true);
    struct doc *set = ec2_set(call, call->output, "revokedSecurityGroupRuleSet");
    list_each (rule, rules) {
        describe_revoked(call, set, rule);
        thing_remove(call->region, &rule->thing);
    }
    return true;
}

static bool revoke(struct call *call, bool egress)
{
    struct security_group *group = NULL;
    struct list rules = {NULL, 0, 0};

    bool ok = group_of_call(call, &group) && revoke_listed(call, group, egress, &rules);
    list_done(&rules);
    return ok;
}

static bool revoke_ingress(struct call *call)
{
    return revoke(call, false);
}

static bool revoke_egress(struct call *call)
{
    return revoke(call, true);
}

static void set_description(struct rule *rule, struct str text, bool has)
{
    text_set(&rule->description, text);
    rule->has_description = has;
}

static bool describe_by_id(struct call *call, struct security_group *group, bool egress)
{
    size_t count;
    const struct doc **rows =
        form_list(call->arena, call->input, "SecurityGroupRuleDescription", &count);

    for (int pass = 0; pass < 2; pass++) /* first look, then do */
        for (size_t i = 0; i < count; i++) {
            struct thing *found;
            struct rule like;
            if (!ec2_find(call, THING_RULE, doc_get_text(rows[i], S("SecurityGroupRuleId")),
                          &found) ||
                !rule_take_description(call, rows[i], &like))
                return false;
            struct rule *rule = (struct rule *)found;
            if (rule->group != group || rule->egress != egress)
                return call_fail(call, "InvalidSecurityGroupRuleId.NotFound",
                                 "The security group rule ID '%.*s' does not exist",
                                 STR(found->id));
            if (pass == 1)
                set_description(rule, like.description, like.has_description);
        }
    return true;
}

static bool update_descriptions(struct call *call, bool egress)
{
    struct security_group *group = NULL;
    struct rules rules;

    if (!group_of_call(call, &group) || !rules_of_call(call, group, egress, &rules))
        return false;
    for (size_t i = 0; i < rules.count; i++)
        if (rule_same(group, &rules.items[i]) == NULL)
            return call_fail(call, "InvalidPermission.NotFound",
                             "The specified rule does not exist in this security group.");
    if (!describe_by_id(call, group, egress))
        return false;
    for (size_t i = 0; i < rules.count; i++)
        set_description(rule_same(group, &rules.items[i]), rules.items[i].description,
                        rules.items[i].has_description);
    ec2_put_bool(call, call->output, "return", true);
    return true;
}

static bool update_ingress_descriptions(struct call *call)
{
    return update_descriptions(call, false);
}

static bool update_egress_descriptions(struct call *call)
{
    return update_descriptions(call, true);
}

/* The peer that a changed rule names; its kind must stay. */
static bool changed_peer(struct call *call, const struct doc *wish, const struct rule *rule,
                         struct rule *like)
{
    static const char *const members[] = {"CidrIpv4", "CidrIpv6", "PrefixListId",
                                          "ReferencedGroupId"};
    struct str peer = {NULL, 0};
    int kind = -1;

    for (int i = 0; i < 4; i++)
        if (doc_get_text(wish, str_of(members[i])).len > 0) {
            if (kind >= 0)
                return call_fail(call, "InvalidParameterCombination",
                                 "Only one of CidrIpv4, CidrIpv6, PrefixListId and "
                                 "ReferencedGroupId may be specified");
            kind = i;
            peer = doc_get_text(wish, str_of(members[i]));
        }
    if (kind < 0)
        return call_fail(call, "MissingParameter",
                         "The request must contain the rule's source or "
                         "destination");
    if (kind != (int)rule->peer_kind)
        return call_fail(call, "InvalidParameterCombination",
                         "You may not change the source or destination type of rule %.*s",
                         STR(rule->thing.id));
    return rule_take_peer(call, (enum peer_kind)kind, peer, like);
}

static bool changed_rule(struct call *call, struct security_group *group, const struct doc *row,
                         struct rule **ret_rule, struct rule *ret_like)
{
    const struct doc *wish = doc_get(row, S("SecurityGroupRule"));
    struct thing *found;

    if (!ec2_find(call, THING_RULE, doc_get_text(row, S("SecurityGroupRuleId")), &found))
        return false;
    struct rule *rule = (struct rule *)found;
    if (rule->group != group)
        return call_fail(call, "InvalidSecurityGroupRuleId.NotFound",
                         "The security group rule ID '%.*s' does not exist", STR(found->id));
    *ret_like = (struct rule){.group = group, .egress = rule->egress};
    *ret_rule = rule;
    if (!rule_take_ports(call, wish, ret_like) || !changed_peer(call, wish, rule, ret_like) ||
        !rule_take_description(call, wish, ret_like))
        return false;
    struct rule *twin = rule_same(group, ret_like);
    if (twin != NULL && twin != rule)
        return call_fail(call, "InvalidPermission.Duplicate",
                         "the specified rule \"%.*s\" already exists",
                         STR(rule_text(call->arena, ret_like)));
    return true;
}

static bool modify_rules(struct call *call)
{
    size_t count;
    struct security_group *group = NULL;
    const struct doc **rows = form_list(call->arena, call->input, "SecurityGroupRule", &count);
    struct rule **rules = arena_array(call->arena, struct rule *, count + 1);
    struct rule *likes = arena_array(call->arena, struct rule, count + 1);

    if (!group_of_call(call, &group))
        return false;
    if (count == 0)
        return call_fail(call, "MissingParameter",
                         "The request must contain the parameter SecurityGroupRules");
    for (size_t i = 0; i < count; i++)
        if (!changed_rule(call, group, rows[i], &rules[i], &likes[i]))
            return false;
    for (size_t i = 0; i < count; i++) {
        text_set(&rules[i]->protocol, likes[i].protocol);
        text_set(&rules[i]->peer, likes[i].peer);
        rules[i]->from_port = likes[i].from_port;
        rules[i]->to_port = likes[i].to_port;
        set_description(rules[i], likes[i].description, likes[i].has_description);
    }
    ec2_put_bool(call, call->output, "return", true);
    return true;
}

#define DESCRIPTIONS                                                                               \
    EC2_PERMISSIONS "SecurityGroupRuleDescription.N.SecurityGroupRuleId "                          \
                    "SecurityGroupRuleDescription.N.Description"
#define CHANGE(member) "SecurityGroupRule.N.SecurityGroupRule." member " "

const struct operation ec2_rule_operations[] = {
    {S_INIT("DescribeSecurityGroupRules"), describe_rules, false,
     "SecurityGroupRuleId.N " EC2_FILTERS},
    {S_INIT("AuthorizeSecurityGroupIngress"), authorize_ingress, true, EC2_PERMISSIONS EC2_TAGS},
    {S_INIT("AuthorizeSecurityGroupEgress"), authorize_egress, true, EC2_PERMISSIONS EC2_TAGS},
    {S_INIT("RevokeSecurityGroupIngress"), revoke_ingress, true,
     EC2_PERMISSIONS "SecurityGroupRuleId.N"},
    {S_INIT("RevokeSecurityGroupEgress"), revoke_egress, true,
     EC2_PERMISSIONS "SecurityGroupRuleId.N"},
    {S_INIT("UpdateSecurityGroupRuleDescriptionsIngress"), update_ingress_descriptions, true,
     DESCRIPTIONS},
    {S_INIT("UpdateSecurityGroupRuleDescriptionsEgress"), update_egress_descriptions, true,
     DESCRIPTIONS},
    {S_INIT("ModifySecurityGroupRules"), modify_rules, true,
     "GroupId DryRun SecurityGroupRule.N.SecurityGroupRuleId " CHANGE("IpProtocol")
         CHANGE("FromPort") CHANGE("ToPort") CHANGE("CidrIpv4") CHANGE("CidrIpv6")
             CHANGE("PrefixListId") CHANGE("ReferencedGroupId") CHANGE("Description")},
    {S_INIT("")},
};
