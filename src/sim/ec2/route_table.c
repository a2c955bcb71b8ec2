/* Route tables and what they are associated with. */
#include "call/describe.h"
#include "client_token.h"
#include "route.h"

static struct doc *describe_association(struct call *call, const struct route_table *table,
                                        const struct table_association *association)
{
    struct doc *doc = doc_object(call->arena), *state = doc_object(call->arena);

    ec2_put_bool(call, doc, "main", association_is_main(association));
    ec2_put(call, doc, "routeTableAssociationId", association->id);
    ec2_put(call, doc, "routeTableId", table->thing.id);
    if (association->subnet != NULL)
        ec2_put(call, doc, "subnetId", association->subnet->thing.id);
    if (association->gateway != NULL)
        ec2_put(call, doc, "gatewayId", association->gateway->thing.id);
    ec2_put(call, state, "state", S("associated"));
    doc_put(call->arena, doc, S("associationState"), state);
    return doc;
}

struct doc *describe_route_table(struct call *call, const struct thing *thing)
{
    const struct route_table *table = (const struct route_table *)thing;
    const struct table_association *association;
    struct doc *doc = doc_object(call->arena);

    ec2_put(call, doc, "routeTableId", thing->id);
    ec2_put(call, doc, "vpcId", table->vpc->thing.id);
    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    describe_routes(call, doc, table);
    struct doc *set = ec2_set(call, doc, "associationSet");
    list_each (association, &table->associations)
        ec2_add(call, set, describe_association(call, table, association));
    ec2_set(call, doc, "propagatingVgwSet");
    ec2_put_tags(call, doc, &thing->tags);
    return doc;
}

static bool describe_route_tables(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"route-table-id", "routeTableId"},
        {"vpc-id", "vpcId"},
        {"owner-id", "ownerId"},
        {"association.main", "associationSet.item.main"},
        {"association.subnet-id", "associationSet.item.subnetId"},
        {"association.gateway-id", "associationSet.item.gatewayId"},
        {"association.route-table-id", "associationSet.item.routeTableId"},
        {"association.route-table-association-id", "associationSet.item.routeTableAssociationId"},
        {"route.destination-cidr-block", "routeSet.item.destinationCidrBlock"},
        {"route.destination-ipv6-cidr-block", "routeSet.item.destinationIpv6CidrBlock"},
        {"route.destination-prefix-list-id", "routeSet.item.destinationPrefixListId"},
        {"route.egress-only-internet-gateway-id", "routeSet.item.egressOnlyInternetGatewayId"},
        {"route.gateway-id", "routeSet.item.gatewayId"},
        {"route.instance-id", "routeSet.item.instanceId"},
        {"route.nat-gateway-id", "routeSet.item.natGatewayId"},
        {"route.origin", "routeSet.item.origin"},
        {"route.state", "routeSet.item.state"},
        {"route.transit-gateway-id", "routeSet.item.transitGatewayId"},
        {"route.vpc-peering-connection-id", "routeSet.item.vpcPeeringConnectionId"},
        {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_ROUTE_TABLE,
                                               .ids = "RouteTableId",
                                               .set = "routeTableSet",
                                               .describe = describe_route_table,
                                               .filters = filters,
                                               .most = 100};
    return ec2_describe(call, &how);
}

static bool create_route_table(struct call *call)
{
    struct thing *found, *made;
    struct tag_list tags;
    const struct route_table *other;
    size_t count = 0;

    if (!token_find(call, THING_ROUTE_TABLE, &made) ||
        !ec2_need_thing(call, "VpcId", THING_VPC, &found) ||
        !ec2_tag_specification(call, THING_ROUTE_TABLE, &tags))
        return false;
    list_each (other, &call->region->things[THING_ROUTE_TABLE])
        count += other->vpc == (struct vpc *)found;
    if (made == NULL && count >= most_route_tables)
        return call_fail(call, "RouteTableLimitExceeded",
                         "The maximum number of route tables has been reached.");
    if (made == NULL) {
        made = &route_table_new(call->state, call->region, (struct vpc *)found,
                                state_new_id(call->state, "rtb-"))
                    ->thing;
        ec2_tag(made, tags);
    }
    token_note(call, made);
    doc_put(call->arena, call->output, S("routeTable"), describe_route_table(call, made));
    return true;
}

static bool delete_route_table(struct call *call)
{
    struct thing *found;

    if (!ec2_need_thing(call, "RouteTableId", THING_ROUTE_TABLE, &found))
        return false;
    if (((struct route_table *)found)->associations.count > 0)
        return call_fail(call, "DependencyViolation",
                         "The routeTable '%.*s' has dependencies and cannot be deleted.",
                         STR(found->id));
    thing_remove(call->region, found);
    return ec2_done(call);
}

/* What an id names; false: call's error. */
static bool find_association(struct call *call, struct route_table **ret_table,
                             struct table_association **ret_association)
{
    struct str id;
    struct route_table *table;
    struct table_association *association;

    if (!ec2_need(call, "AssociationId", &id))
        return false;
    list_each (table, &call->region->things[THING_ROUTE_TABLE]) {
        list_each (association, &table->associations) {
            if (str_eq(association->id, id)) {
                *ret_table = table;
                *ret_association = association;
                return true;
            }
        }
    }
    return call_fail(call, "InvalidAssociationID.NotFound",
                     "The association ID '%.*s' does not exist", STR(id));
}

static bool is_taken(const struct region *region, const struct subnet *subnet,
                     const struct gateway *gateway)
{
    const struct route_table *table;
    const struct table_association *association;
    list_each (table, &region->things[THING_ROUTE_TABLE]) {
        list_each (association, &table->associations) {
            if ((subnet != NULL && association->subnet == subnet) ||
                (gateway != NULL && association->gateway == gateway))
                return true;
        }
    }
    return false;
}

static bool different_networks(struct call *call, const struct route_table *table, const char *what,
                               struct str id)
{
    return call_fail(call, "InvalidParameterValue",
                     "route table %.*s and %s %.*s belong to different networks",
                     STR(table->thing.id), what, STR(id));
}

static void put_associated(struct call *call)
{
    struct doc *state = doc_object(call->arena);
    ec2_put(call, state, "state", S("associated"));
    doc_put(call->arena, call->output, S("associationState"), state);
}

static bool associate_route_table(struct call *call)
{
    struct thing *table_thing, *found;
    struct subnet *subnet = NULL;
    struct gateway *gateway = NULL;
    bool edge = ec2_text(call, "GatewayId").len > 0;

    if (!ec2_need_thing(call, "RouteTableId", THING_ROUTE_TABLE, &table_thing))
        return false;
    struct route_table *table = (struct route_table *)table_thing;
    if (edge && ec2_text(call, "SubnetId").len > 0)
        return call_fail(call, "InvalidParameterCombination",
                         "Either a subnet or a gateway may be specified, not both");
    if (!ec2_need_thing(call, edge ? "GatewayId" : "SubnetId",
                        edge ? THING_INTERNET_GATEWAY : THING_SUBNET, &found))
        return false;
    if (edge)
        gateway = (struct gateway *)found;
    else
        subnet = (struct subnet *)found;
    if ((edge ? gateway->vpc : subnet->vpc) != table->vpc)
        return different_networks(call, table, edge ? "network gateway" : "subnet", found->id);
    if (is_taken(call->region, subnet, gateway))
        return call_fail(call, "Resource.AlreadyAssociated",
                         "the specified association for route table %.*s conflicts with an "
                         "existing association",
                         STR(table_thing->id));
    struct table_association *association =
        association_new(table, state_new_id(call->state, "rtbassoc-"));
    association->subnet = subnet;
    association->gateway = gateway;
    ec2_put(call, call->output, "associationId", association->id);
    put_associated(call);
    return true;
}

static bool disassociate_route_table(struct call *call)
{
    struct route_table *table;
    struct table_association *association;

    if (!find_association(call, &table, &association))
        return false;
    if (association_is_main(association))
        return call_fail(call, "InvalidParameterValue",
                         "cannot disassociate the main route table association %.*s",
                         STR(association->id));
    association_remove(table, association);
    return ec2_done(call);
}

/* Also how another table becomes the main one. */
static bool replace_association(struct call *call)
{
    struct route_table *from;
    struct table_association *before;
    struct thing *found;

    if (!find_association(call, &from, &before) ||
        !ec2_need_thing(call, "RouteTableId", THING_ROUTE_TABLE, &found))
        return false;
    struct route_table *to = (struct route_table *)found;
    if (to->vpc != from->vpc)
        return different_networks(call, to, "route table", from->thing.id);
    struct table_association *after = association_new(to, state_new_id(call->state, "rtbassoc-"));
    after->subnet = before->subnet;
    after->gateway = before->gateway;
    association_remove(from, before);
    ec2_put(call, call->output, "newAssociationId", after->id);
    put_associated(call);
    return true;
}

const struct operation ec2_route_table_operations[] = {
    {S_INIT("CreateRouteTable"), create_route_table, true, "VpcId ClientToken " EC2_TAGS},
    {S_INIT("DeleteRouteTable"), delete_route_table, true, "RouteTableId DryRun"},
    {S_INIT("DescribeRouteTables"), describe_route_tables, false, "RouteTableId.N " EC2_FILTERS},
    {S_INIT("AssociateRouteTable"), associate_route_table, true,
     "RouteTableId SubnetId GatewayId DryRun"},
    {S_INIT("DisassociateRouteTable"), disassociate_route_table, true, "AssociationId DryRun"},
    {S_INIT("ReplaceRouteTableAssociation"), replace_association, true,
     "AssociationId RouteTableId DryRun"},
    {S_INIT("")},
};
