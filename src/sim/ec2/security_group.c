#include "group.h"
#include "world/network.h"

enum { most_groups = 2500 };

bool group_of_call(struct call *call, struct security_group **ret_group)
{
    struct str id = ec2_text(call, "GroupId"), name = ec2_text(call, "GroupName");
    struct security_group *group;
    struct thing *found;

    if (id.len > 0) {
        if (!ec2_find(call, THING_SECURITY_GROUP, id, &found))
            return false;
        *ret_group = (struct security_group *)found;
        return true;
    }
    if (name.len == 0)
        return call_fail(call, "MissingParameter",
                         "The request must contain the parameter groupName or groupId");
    list_each (group, &call->region->things[THING_SECURITY_GROUP]) {
        if (group->vpc->is_default && str_eq(group->name, name)) {
            *ret_group = group;
            return true;
        }
    }
    return call_fail(call, "InvalidGroup.NotFound",
                     "The security group '%.*s' does not exist in default VPC", STR(name));
}

/* A rule's peer inside IpPermission. */
static void permission_add(struct call *call, struct doc *permission, const struct rule *rule)
{
    static const struct {
        const char *set, *member;
    } parts[] = {[PEER_IPV4] = {"ipRanges", "cidrIp"},
                 [PEER_IPV6] = {"ipv6Ranges", "cidrIpv6"},
                 [PEER_PREFIX_LIST] = {"prefixListIds", "prefixListId"},
                 [PEER_GROUP] = {"groups", "groupId"}};
    struct doc *peer = doc_object(call->arena);

    if (rule->peer_kind == PEER_GROUP)
        ec2_put(call, peer, "userId", S(ACCOUNT));
    ec2_put(call, peer, parts[rule->peer_kind].member, rule->peer);
    if (rule->has_description)
        ec2_put(call, peer, "description", rule->description);
    ec2_add(call, doc_get(permission, str_of(parts[rule->peer_kind].set)), peer);
}

static struct doc *permission_new(struct call *call, const struct rule *rule)
{
    struct doc *doc = doc_object(call->arena);
    ec2_put(call, doc, "ipProtocol", rule->protocol);
    if (!str_is(rule->protocol, "-1")) {
        ec2_put_int(call, doc, "fromPort", rule->from_port);
        ec2_put_int(call, doc, "toPort", rule->to_port);
    }
    ec2_set(call, doc, "groups");
    ec2_set(call, doc, "ipRanges");
    ec2_set(call, doc, "ipv6Ranges");
    ec2_set(call, doc, "prefixListIds");
    return doc;
}

/* Rules of one direction, those with the same protocol and ports together. */
static void put_permissions(struct call *call, struct doc *doc, const char *name,
                            const struct security_group *group, bool egress)
{
    struct doc *set = ec2_set(call, doc, name);
    const struct rule **firsts =
        arena_array(call->arena, const struct rule *, group->rules.count + 1);
    struct doc **permissions = arena_array(call->arena, struct doc *, group->rules.count + 1);
    const struct rule *rule;
    size_t count = 0;

    list_each (rule, &group->rules) {
        size_t at = 0;
        if (rule->egress != egress)
            continue;
        while (at < count &&
               !(str_eq(firsts[at]->protocol, rule->protocol) &&
                 firsts[at]->from_port == rule->from_port && firsts[at]->to_port == rule->to_port))
            at++;
        if (at == count) {
            firsts[count] = rule;
            permissions[count] = permission_new(call, rule);
            ec2_add(call, set, permissions[count++]);
        }
        permission_add(call, permissions[at], rule);
    }
}

struct doc *describe_security_group(struct call *call, const struct thing *thing)
{
    const struct security_group *group = (const struct security_group *)thing;
    struct doc *doc = doc_object(call->arena);

    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    ec2_put(call, doc, "groupId", group->thing.id);
    ec2_put(call, doc, "securityGroupArn", ec2_arn(call, thing));
    ec2_put(call, doc, "groupName", group->name);
    ec2_put(call, doc, "groupDescription", group->description);
    ec2_put(call, doc, "vpcId", group->vpc->thing.id);
    put_permissions(call, doc, "ipPermissions", group, false);
    put_permissions(call, doc, "ipPermissionsEgress", group, true);
    if (group->thing.tags.count > 0)
        ec2_put_tags(call, doc, &group->thing.tags);
    return doc;
}

static struct str name_of(const struct thing *thing, size_t n)
{
    return n > 0 ? (struct str){NULL, 0} : ((const struct security_group *)thing)->name;
}

static bool describe_security_groups(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"group-id", "groupId"},
        {"group-name", "groupName"},
        {"vpc-id", "vpcId"},
        {"owner-id", "ownerId"},
        {"description", "groupDescription"},
        {"ip-permission.cidr", "ipPermissions.item.ipRanges.item.cidrIp"},
        {"ip-permission.from-port", "ipPermissions.item.fromPort"},
        {"ip-permission.to-port", "ipPermissions.item.toPort"},
        {"ip-permission.protocol", "ipPermissions.item.ipProtocol"},
        {"ip-permission.group-id", "ipPermissions.item.groups.item.groupId"},
        {"ip-permission.ipv6-cidr", "ipPermissions.item.ipv6Ranges.item.cidrIpv6"},
        {"ip-permission.prefix-list-id", "ipPermissions.item.prefixListIds.item.prefixListId"},
        {"ip-permission.user-id", "ipPermissions.item.groups.item.userId"},
        {"egress.ip-permission.cidr", "ipPermissionsEgress.item.ipRanges.item.cidrIp"},
        {"egress.ip-permission.from-port", "ipPermissionsEgress.item.fromPort"},
        {"egress.ip-permission.to-port", "ipPermissionsEgress.item.toPort"},
        {"egress.ip-permission.protocol", "ipPermissionsEgress.item.ipProtocol"},
        {"egress.ip-permission.group-id", "ipPermissionsEgress.item.groups.item.groupId"},
        {NULL, NULL}};
    static const struct ec2_quick quick[] = {{"group-name", name_of}, {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_SECURITY_GROUP,
                                               .ids = "GroupId",
                                               .names = "GroupName",
                                               .name_path = "groupName",
                                               .set = "securityGroupInfo",
                                               .describe = describe_security_group,
                                               .filters = filters,
                                               .quick = quick};
    return ec2_describe(call, &how);
}

static bool check_texts(struct call *call, struct str name, struct str description)
{
    if (!is_plain_text(name))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%.*s) for parameter GroupName is invalid. Character sets beyond "
                         "ASCII are not supported.",
                         STR(name));
    if (!is_plain_text(description))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%.*s) for parameter GroupDescription is invalid. Character sets "
                         "beyond ASCII are not supported.",
                         STR(description));
    if (str_starts(name, S("sg-")))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%.*s) for parameter groupName is invalid. Group names may not be "
                         "in the format sg-*.",
                         STR(name));
    if (str_eq_nocase(name, S("default")))
        return call_fail(call, "InvalidParameterValue",
                         "Cannot use reserved security group name: default");
    return true;
}

static bool vpc_of_call(struct call *call, struct vpc **ret_vpc)
{
    struct str id = ec2_text(call, "VpcId");
    struct thing *found;
    struct vpc *vpc;

    if (id.len > 0) {
        if (!ec2_find(call, THING_VPC, id, &found))
            return false;
        *ret_vpc = (struct vpc *)found;
        return true;
    }
    list_each (vpc, &call->region->things[THING_VPC]) {
        if (vpc->is_default) {
            *ret_vpc = vpc;
            return true;
        }
    }
    return call_fail(call, "VPCIdNotSpecified", "No default VPC for this user");
}

static bool create_security_group(struct call *call)
{
    struct str name, description;
    struct vpc *vpc = NULL;
    struct security_group *group;
    struct tag_list tags;
    const struct list *groups = &call->region->things[THING_SECURITY_GROUP];

    if (!ec2_need(call, "GroupName", &name) || !ec2_need(call, "GroupDescription", &description) ||
        !check_texts(call, name, description) || !vpc_of_call(call, &vpc) ||
        !ec2_tag_specification(call, THING_SECURITY_GROUP, &tags))
        return false;
    list_each (group, groups) {
        if (group->vpc == vpc && str_eq(group->name, name))
            return call_fail(call, "InvalidGroup.Duplicate",
                             "The security group '%.*s' already exists for VPC '%.*s'", STR(name),
                             STR(vpc->thing.id));
    }
    if (groups->count >= most_groups)
        return call_fail(call, "SecurityGroupLimitExceeded",
                         "The maximum number of security groups has been reached.");
    group = security_group_new(call->state, call->region, vpc, name, description,
                               state_new_id(call->state, "sg-"));
    ec2_tag(&group->thing, tags);
    ec2_put_bool(call, call->output, "return", true);
    ec2_put(call, call->output, "groupId", group->thing.id);
    ec2_put(call, call->output, "securityGroupArn", ec2_arn(call, &group->thing));
    ec2_put_tags(call, call->output, &group->thing.tags);
    return true;
}

/* Is the group named by a rule of another group, or by an endpoint? */
static bool is_referenced(const struct region *region, const struct security_group *group)
{
    const struct rule *rule;
    const struct endpoint *endpoint;
    list_each (endpoint, &region->things[THING_ENDPOINT]) {
        if (list_has(&endpoint->groups, group))
            return true;
    }
    list_each (rule, &region->things[THING_RULE]) {
        if (rule->peer_kind == PEER_GROUP && rule->group != group &&
            str_eq(rule->peer, group->thing.id))
            return true;
    }
    return false;
}

static bool delete_security_group(struct call *call)
{
    struct security_group *group = NULL;

    if (!group_of_call(call, &group))
        return false;
    if (str_is(group->name, "default"))
        return call_fail(call, "CannotDelete",
                         "the specified group: \"%.*s\" name: \"default\" cannot be deleted by a "
                         "user",
                         STR(group->thing.id));
    if (group->interfaces > 0 || is_referenced(call->region, group))
        return call_fail(call, "DependencyViolation", "resource %.*s has a dependent object",
                         STR(group->thing.id));
    ec2_put_bool(call, call->output, "return", true);
    ec2_put(call, call->output, "groupId", group->thing.id);
    thing_remove(call->region, &group->thing);
    return true;
}

/* Only groups of peered VPCs are ever listed here, and no VPC is peered. */
static bool describe_references(struct call *call)
{
    struct thing *group;
    const struct doc *ids = doc_get(call->input, S("GroupId"));

    if (ids == NULL)
        return call_fail(call, "MissingParameter",
                         "The request must contain the parameter GroupId");
    doc_each (entry, ids) {
        if (!ec2_find(call, THING_SECURITY_GROUP, doc_text(entry->value), &group))
            return false;
    }
    ec2_set(call, call->output, "securityGroupReferenceSet");
    return true;
}

const struct operation ec2_security_group_operations[] = {
    {S_INIT("CreateSecurityGroup"), create_security_group, true,
     "GroupName GroupDescription VpcId " EC2_TAGS},
    {S_INIT("DescribeSecurityGroups"), describe_security_groups, false,
     "GroupId.N GroupName.N " EC2_FILTERS},
    {S_INIT("DeleteSecurityGroup"), delete_security_group, true, "GroupId GroupName DryRun"},
    {S_INIT("DescribeSecurityGroupReferences"), describe_references, false, "GroupId.N DryRun"},
    {S_INIT("")},
};
