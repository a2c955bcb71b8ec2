/* Internet gateways and egress-only internet gateways. */
#include "call/describe.h"
#include "client_token.h"
#include "ec2.h"
#include "world/network.h"

static void put_attachment(struct call *call, struct doc *doc, const struct vpc *vpc,
                           const char *state)
{
    struct doc *set = ec2_set(call, doc, "attachmentSet");
    struct doc *attachment = doc_object(call->arena);

    if (vpc == NULL)
        return;
    ec2_put(call, attachment, "state", str_of(state));
    ec2_put(call, attachment, "vpcId", vpc->thing.id);
    ec2_add(call, set, attachment);
}

/* EC2 says "available" for an attached internet gateway, whatever its model's enumeration holds
 * (EC2 API reference, DescribeInternetGateways, example). */
struct doc *describe_internet_gateway(struct call *call, const struct thing *thing)
{
    struct doc *doc = doc_object(call->arena);
    ec2_put(call, doc, "internetGatewayId", thing->id);
    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    put_attachment(call, doc, ((const struct gateway *)thing)->vpc, "available");
    ec2_put_tags(call, doc, &thing->tags);
    return doc;
}

struct doc *describe_egress_gateway(struct call *call, const struct thing *thing)
{
    struct doc *doc = doc_object(call->arena);
    ec2_put(call, doc, "egressOnlyInternetGatewayId", thing->id);
    put_attachment(call, doc, ((const struct gateway *)thing)->vpc, "attached");
    ec2_put_tags(call, doc, &thing->tags);
    return doc;
}

static bool describe_internet_gateways(struct call *call)
{
    static const struct ec2_filter filters[] = {{"internet-gateway-id", "internetGatewayId"},
                                                {"owner-id", "ownerId"},
                                                {"attachment.state", "attachmentSet.item.state"},
                                                {"attachment.vpc-id", "attachmentSet.item.vpcId"},
                                                {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_INTERNET_GATEWAY,
                                               .ids = "InternetGatewayId",
                                               .set = "internetGatewaySet",
                                               .describe = describe_internet_gateway,
                                               .filters = filters};
    return ec2_describe(call, &how);
}

static bool describe_egress_gateways(struct call *call)
{
    static const struct ec2_filter filters[] = {{NULL, NULL}}; /* tags only */
    static const struct ec2_description how = {.kind = THING_EGRESS_GATEWAY,
                                               .ids = "EgressOnlyInternetGatewayId",
                                               .set = "egressOnlyInternetGatewaySet",
                                               .describe = describe_egress_gateway,
                                               .filters = filters,
                                               .most = 255};
    return ec2_describe(call, &how);
}

static bool create_internet_gateway(struct call *call)
{
    struct tag_list tags;

    if (!ec2_tag_specification(call, THING_INTERNET_GATEWAY, &tags))
        return false;
    if (call->region->things[THING_INTERNET_GATEWAY].count >= most_internet_gateways)
        return call_fail(call, "InternetGatewayLimitExceeded",
                         "The maximum number of internet gateways has been reached.");
    struct gateway *gateway = gateway_new(call->state, call->region, THING_INTERNET_GATEWAY,
                                          state_new_id(call->state, "igw-"));
    ec2_tag(&gateway->thing, tags);
    doc_put(call->arena, call->output, S("internetGateway"),
            describe_internet_gateway(call, &gateway->thing));
    return true;
}

static bool delete_internet_gateway(struct call *call)
{
    struct thing *found;

    if (!ec2_need_thing(call, "InternetGatewayId", THING_INTERNET_GATEWAY, &found))
        return false;
    if (((struct gateway *)found)->vpc != NULL)
        return call_fail(call, "DependencyViolation",
                         "The internetGateway '%.*s' has dependencies and cannot be deleted.",
                         STR(found->id));
    thing_remove(call->region, found);
    return ec2_done(call);
}

static bool read_pair(struct call *call, struct gateway **ret_gateway, struct vpc **ret_vpc)
{
    struct thing *gateway, *vpc;
    if (!ec2_need_thing(call, "InternetGatewayId", THING_INTERNET_GATEWAY, &gateway) ||
        !ec2_need_thing(call, "VpcId", THING_VPC, &vpc))
        return false;
    *ret_gateway = (struct gateway *)gateway;
    *ret_vpc = (struct vpc *)vpc;
    return true;
}

static bool attach_internet_gateway(struct call *call)
{
    struct gateway *gateway;
    struct vpc *vpc;

    if (!read_pair(call, &gateway, &vpc))
        return false;
    if (gateway->vpc != NULL)
        return call_fail(call, "Resource.AlreadyAssociated",
                         "resource %.*s is already attached to network %.*s",
                         STR(gateway->thing.id), STR(gateway->vpc->thing.id));
    if (gateway_of(call->region, THING_INTERNET_GATEWAY, vpc) != NULL)
        return call_fail(call, "InvalidParameterValue",
                         "Network %.*s already has an internet gateway attached",
                         STR(vpc->thing.id));
    gateway->vpc = vpc;
    return ec2_done(call);
}

static bool has_public_address(const struct region *region, const struct vpc *vpc)
{
    const struct address *address;
    list_each (address, &region->things[THING_ADDRESS]) {
        if (address->interface != NULL && address->interface->subnet->vpc == vpc)
            return true;
    }
    return false;
}

static bool detach_internet_gateway(struct call *call)
{
    struct gateway *gateway;
    struct vpc *vpc;
    struct route_table *table;

    if (!read_pair(call, &gateway, &vpc))
        return false;
    if (gateway->vpc != vpc)
        return call_fail(call, "Gateway.NotAttached",
                         "resource %.*s is not attached to network "
                         "%.*s",
                         STR(gateway->thing.id), STR(vpc->thing.id));
    if (has_public_address(call->region, vpc))
        return call_fail(call, "DependencyViolation",
                         "Network %.*s has some mapped public address(es). Please unmap those "
                         "public address(es) before detaching the gateway.",
                         STR(vpc->thing.id));
    gateway->vpc = NULL;
    list_each (table, &call->region->things[THING_ROUTE_TABLE]) { /* edge associations end */
        for (size_t i = table->associations.count; i-- > 0;) {
            struct table_association *association = table->associations.items[i];
            if (association->gateway == gateway)
                association_remove(table, association);
        }
    }
    return ec2_done(call);
}

static bool create_egress_gateway(struct call *call)
{
    struct thing *found, *made;
    struct tag_list tags;
    size_t count = 0;
    const struct gateway *other;

    if (!token_find(call, THING_EGRESS_GATEWAY, &made) ||
        !ec2_need_thing(call, "VpcId", THING_VPC, &found) ||
        !ec2_tag_specification(call, THING_EGRESS_GATEWAY, &tags))
        return false;
    if (made == NULL) {
        list_each (other, &call->region->things[THING_EGRESS_GATEWAY])
            count += other->vpc == (struct vpc *)found;
        if (count >= most_egress_gateways)
            return call_fail(call, "EgressOnlyInternetGatewayLimitExceeded",
                             "The maximum number of egress-only internet gateways has been "
                             "reached.");
        struct gateway *gateway = gateway_new(call->state, call->region, THING_EGRESS_GATEWAY,
                                              state_new_id(call->state, "eigw-"));
        gateway->vpc = (struct vpc *)found;
        made = &gateway->thing;
        ec2_tag(made, tags);
    }
    token_note(call, made);
    doc_put(call->arena, call->output, S("egressOnlyInternetGateway"),
            describe_egress_gateway(call, made));
    return true;
}

/* Routes to it become black holes. */
static bool delete_egress_gateway(struct call *call)
{
    struct thing *found;

    if (!ec2_need_thing(call, "EgressOnlyInternetGatewayId", THING_EGRESS_GATEWAY, &found))
        return false;
    thing_remove(call->region, found);
    ec2_put_bool(call, call->output, "returnCode", true);
    return true;
}

const struct operation ec2_gateway_operations[] = {
    {S_INIT("CreateInternetGateway"), create_internet_gateway, true, EC2_TAGS},
    {S_INIT("DeleteInternetGateway"), delete_internet_gateway, true, "InternetGatewayId DryRun"},
    {S_INIT("AttachInternetGateway"), attach_internet_gateway, true,
     "InternetGatewayId VpcId DryRun"},
    {S_INIT("DetachInternetGateway"), detach_internet_gateway, true,
     "InternetGatewayId VpcId DryRun"},
    {S_INIT("DescribeInternetGateways"), describe_internet_gateways, false,
     "InternetGatewayId.N " EC2_FILTERS},
    {S_INIT("CreateEgressOnlyInternetGateway"), create_egress_gateway, true,
     "VpcId ClientToken " EC2_TAGS},
    {S_INIT("DeleteEgressOnlyInternetGateway"), delete_egress_gateway, true,
     "EgressOnlyInternetGatewayId DryRun"},
    {S_INIT("DescribeEgressOnlyInternetGateways"), describe_egress_gateways, false,
     "EgressOnlyInternetGatewayId.N " EC2_FILTERS},
    {S_INIT("")},
};
