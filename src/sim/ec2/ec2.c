#include "ec2.h"
#include "call/describe.h"
#include "ground/form.h"

struct str ec2_text(const struct call *call, const char *name)
{
    return doc_get_text(call->input, str_of(name));
}

bool ec2_need(struct call *call, const char *name, struct str *ret_text)
{
    struct str text = ec2_text(call, name);
    if (text.len == 0)
        return call_fail(call, "MissingParameter", "The request must contain the parameter %s",
                         name);
    *ret_text = text;
    return true;
}

bool ec2_number(struct call *call, const struct doc *parent, const char *name, int64_t *ret_number)
{
    struct str text = doc_get_text(parent, str_of(name));
    if (text.ptr != NULL && !str_to_int64(text, ret_number))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%.*s) for parameter %s is invalid. It is not a number.", STR(text),
                         name);
    return true;
}

/* An unknown id is told as before, the id, after. */
static const struct {
    const char *missing, *malformed, *before, *after, *prefix;
} errors[THING_KINDS] = {
    [THING_VPC] = {"InvalidVpcID.NotFound", "InvalidVpcID.Malformed", "The vpc ID '",
                   "' does not exist", "vpc-"},
    [THING_SUBNET] = {"InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed", "The subnet ID '",
                      "' does not exist", "subnet-"},
    [THING_SECURITY_GROUP] = {"InvalidGroup.NotFound", "InvalidGroupId.Malformed",
                              "The security group '", "' does not exist", "sg-"},
    [THING_RULE] = {"InvalidSecurityGroupRuleId.NotFound", "InvalidSecurityGroupRuleId.Malformed",
                    "The security group rule ID '", "' does not exist", "sgr-"},
    [THING_INTERFACE] = {"InvalidNetworkInterfaceID.NotFound",
                         "InvalidNetworkInterfaceId.Malformed", "The networkInterface ID '",
                         "' does not exist", "eni-"},
    [THING_INTERNET_GATEWAY] = {"InvalidInternetGatewayID.NotFound",
                                "InvalidInternetGatewayId.Malformed", "The internetGateway ID '",
                                "' does not exist", "igw-"},
    [THING_EGRESS_GATEWAY] = {"InvalidEgressOnlyInternetGatewayId.NotFound",
                              "InvalidEgressOnlyInternetGatewayId.Malformed",
                              "The egress-only internet gateway ID '", "' does not exist", "eigw-"},
    [THING_NAT_GATEWAY] = {"NatGatewayNotFound", "NatGatewayMalformed", "The Nat Gateway ",
                           " was not found", "nat-"},
    [THING_ADDRESS] = {"InvalidAllocationID.NotFound", NULL, "The allocation ID '",
                       "' does not exist", "eipalloc-"},
    [THING_ROUTE_TABLE] = {"InvalidRouteTableID.NotFound", "InvalidRouteTableId.Malformed",
                           "The routeTable ID '", "' does not exist", "rtb-"},
    [THING_ENDPOINT] = {"InvalidVpcEndpointId.NotFound", "InvalidVpcEndpointId.Malformed",
                        "The Vpc Endpoint Id '", "' does not exist", "vpce-"},
    [THING_NETWORK_ACL] = {"InvalidNetworkAclID.NotFound", "InvalidNetworkAclId.Malformed",
                           "The networkAcl ID '", "' does not exist", "acl-"},
};

/* The prefix and 8 or 17 hexadecimal digits. */
static bool well_formed(struct str id, const char *prefix)
{
    struct str digits = str_from(id, strlen(prefix));
    if (!str_starts(id, str_of(prefix)) || (digits.len != 8 && digits.len != 17))
        return false;
    for (size_t i = 0; i < digits.len; i++)
        if (strchr("0123456789abcdef", digits.ptr[i]) == NULL || digits.ptr[i] == 0)
            return false;
    return true;
}

bool ec2_find(struct call *call, enum thing_kind kind, struct str id, struct thing **ret_thing)
{
    if (errors[kind].malformed != NULL && !well_formed(id, errors[kind].prefix))
        return call_fail(call, errors[kind].malformed, "Invalid id: \"%.*s\" (expecting \"%s...\")",
                         STR(id), errors[kind].prefix);
    struct thing *thing = thing_find(call->region, kind, id);
    if (thing == NULL)
        return call_fail(call, errors[kind].missing, "%s%.*s%s", errors[kind].before, STR(id),
                         errors[kind].after);
    *ret_thing = thing;
    return true;
}

bool ec2_need_thing(struct call *call, const char *name, enum thing_kind kind,
                    struct thing **ret_thing)
{
    struct str id;
    return ec2_need(call, name, &id) && ec2_find(call, kind, id, ret_thing);
}

bool ec2_flag(struct call *call, const struct doc *parent, const char *name, bool *ret_truth)
{
    struct str text = doc_get_text(parent, str_of(name));
    if (text.ptr == NULL)
        return true;
    *ret_truth = str_eq_nocase(text, S("true"));
    if (!*ret_truth && !str_eq_nocase(text, S("false")))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%.*s) for parameter %s is invalid. Invalid boolean value.",
                         STR(text), name);
    return true;
}

bool ec2_attributes(struct call *call, const struct ec2_attribute *attributes, size_t count,
                    size_t *ret_named, const struct ec2_attribute **ret_last, bool *ret_value)
{
    *ret_named = 0;
    *ret_last = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct doc *doc = doc_get(call->input, str_of(attributes[i].parameter));
        if (doc == NULL)
            continue;
        ++*ret_named;
        *ret_last = &attributes[i];
        if (!ec2_flag(call, doc, "Value", ret_value))
            return false;
    }
    return true;
}

bool ec2_choice(struct call *call, const char *name, const char *const *choices,
                struct str *ret_text)
{
    struct str text = ec2_text(call, name);
    if (text.ptr == NULL)
        return true;
    for (; *choices != NULL; choices++)
        if (str_is(text, *choices)) {
            *ret_text = text;
            return true;
        }
    return call_fail(call, "InvalidParameterValue", "Value (%.*s) for parameter %s is invalid.",
                     STR(text), name);
}

bool ec2_done(struct call *call)
{
    ec2_put_bool(call, call->output, "return", true);
    return true;
}

void ec2_put_time(struct call *call, struct doc *doc, const char *name, int64_t unix_ms)
{
    ec2_put(call, doc, name, time_rfc3339(call->arena, unix_ms));
}

void ec2_put(struct call *call, struct doc *doc, const char *name, struct str text)
{
    doc_put(call->arena, doc, str_of(name), doc_string(call->arena, arena_str(call->arena, text)));
}

void ec2_put_bool(struct call *call, struct doc *doc, const char *name, bool truth)
{
    doc_put(call->arena, doc, str_of(name),
            doc_string(call->arena, truth ? S("true") : S("false")));
}

void ec2_put_int(struct call *call, struct doc *doc, const char *name, int64_t number)
{
    doc_put(call->arena, doc, str_of(name), doc_fmt(call->arena, "%lld", (long long)number));
}

struct doc *ec2_set(struct call *call, struct doc *doc, const char *name)
{
    struct doc *set = doc_object(call->arena);
    doc_put(call->arena, doc, str_of(name), set);
    return set;
}

void ec2_add(struct call *call, struct doc *set, struct doc *item)
{
    doc_put(call->arena, set, S("item"), item);
}

void ec2_put_tags(struct call *call, struct doc *doc, const struct tags *tags)
{
    struct doc *set = ec2_set(call, doc, "tagSet");
    for (size_t i = 0; i < tags->count; i++) {
        struct doc *tag = doc_object(call->arena);
        ec2_put(call, tag, "key", tags->items[i].key);
        ec2_put(call, tag, "value", tags->items[i].value);
        ec2_add(call, set, tag);
    }
}

struct str ec2_arn(const struct call *call, const struct thing *thing)
{
    return arena_fmt(call->arena, "arn:%.*s:ec2:%.*s:" ACCOUNT ":%s/%.*s",
                     STR(call->region->partition), STR(call->region->name), thing_type(thing->kind),
                     STR(thing->id));
}

bool ec2_tag_list(struct call *call, const struct doc *parent, bool removing,
                  struct tag_list *ret_tags)
{
    size_t count;
    const struct doc **rows = form_list(call->arena, parent, "Tag", &count);
    struct tag *tags = arena_array(call->arena, struct tag, count + 1);

    for (size_t i = 0; i < count; i++) {
        tags[i] = (struct tag){doc_get_text(rows[i], S("Key")), doc_get_text(rows[i], S("Value"))};
        if (tags[i].key.len == 0)
            return call_fail(call, "InvalidParameterValue", "Tag key cannot be empty");
        if (tags[i].key.len > 127 * 4 || tags[i].value.len > 255 * 4)
            return call_fail(call, "InvalidParameterValue",
                             "Tag key or value exceeds the maximum length");
        if (str_starts(tags[i].key, S("aws:")) && !removing)
            return call_fail(call, "InvalidParameterValue",
                             "Tag keys starting with 'aws:' are reserved for internal use");
        for (size_t j = 0; j < i; j++)
            if (str_eq(tags[j].key, tags[i].key))
                return call_fail(call, "InvalidParameterValue",
                                 "Duplicate tag keys found. Please note that Tag keys are case "
                                 "insensitive.");
        if (tags[i].value.ptr == NULL && !removing)
            tags[i].value = S("");
    }
    *ret_tags = (struct tag_list){tags, count};
    return true;
}

bool ec2_tag_specification(struct call *call, enum thing_kind kind, struct tag_list *ret_tags)
{
    size_t count;
    const struct doc **rows = form_list(call->arena, call->input, "TagSpecification", &count);
    struct tag_list tags = {NULL, 0};

    for (size_t i = 0; i < count; i++) {
        struct str type = doc_get_text(rows[i], S("ResourceType"));
        if (!str_is(type, thing_type(kind)))
            return call_fail(call, "InvalidParameterValue",
                             "'%.*s' is not a valid taggable resource type for this operation.",
                             STR(type));
        if (i > 0)
            return call_fail(call, "InvalidParameterValue",
                             "The same resource type may not be specified more than once in tag "
                             "specifications");
        if (!ec2_tag_list(call, rows[i], false, &tags))
            return false;
    }
    if (tags.count > 50)
        return call_fail(call, "TagLimitExceeded",
                         "More than 50 tags specified for %s; the maximum is 50", thing_type(kind));
    *ret_tags = tags;
    return true;
}

void ec2_tag(struct thing *thing, struct tag_list tags)
{
    for (size_t i = 0; i < tags.count; i++)
        tags_set(&thing->tags, tags.items[i].key, tags.items[i].value);
}

struct doc *describe_thing(struct call *call, const struct thing *thing)
{
    static struct doc *(*const describers[THING_KINDS])(struct call *, const struct thing *) = {
        [THING_VPC] = describe_vpc,
        [THING_SUBNET] = describe_subnet,
        [THING_SECURITY_GROUP] = describe_security_group,
        [THING_RULE] = describe_rule,
        [THING_INTERFACE] = describe_interface,
        [THING_INTERNET_GATEWAY] = describe_internet_gateway,
        [THING_EGRESS_GATEWAY] = describe_egress_gateway,
        [THING_NAT_GATEWAY] = describe_nat_gateway,
        [THING_ADDRESS] = describe_address,
        [THING_ROUTE_TABLE] = describe_route_table,
        [THING_ENDPOINT] = describe_endpoint,
        [THING_NETWORK_ACL] = describe_network_acl};
    return describers[thing->kind](call, thing);
}
