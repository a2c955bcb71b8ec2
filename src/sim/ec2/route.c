/* Routes: where to, by what, and whether that is still there. */
#include "route.h"
#include "services.h"

static const char *const destinations[] = {[ROUTE_IPV4] = "destinationCidrBlock",
                                           [ROUTE_IPV6] = "destinationIpv6CidrBlock",
                                           [ROUTE_PREFIX_LIST] = "destinationPrefixListId"};

/* The parameter that names a target, the kind it must be, the member that tells it, and how it is
 * called when it lies in another VPC. */
static const struct target {
    const char *parameter;
    enum thing_kind kind;
    const char *member, *called;
} targets[] = {{"GatewayId", THING_INTERNET_GATEWAY, "gatewayId", "network gateway"},
               {"EgressOnlyInternetGatewayId", THING_EGRESS_GATEWAY, "egressOnlyInternetGatewayId",
                "egress-only internet gateway"},
               {"NatGatewayId", THING_NAT_GATEWAY, "natGatewayId", "NAT gateway"},
               {"NetworkInterfaceId", THING_INTERFACE, "networkInterfaceId", "interface"}};
enum { target_count = sizeof targets / sizeof targets[0] };

/* Targets that nobody can have here, with what AWS says of unknown ones. */
static const struct {
    const char *parameter, *code, *what;
} strangers[] = {
    {"InstanceId", "InvalidInstanceID.NotFound", "instance ID"},
    {"VpcPeeringConnectionId", "InvalidVpcPeeringConnectionID.NotFound", "vpcPeeringConnection ID"},
    {"TransitGatewayId", "InvalidTransitGatewayID.NotFound", "transitGateway ID"},
    {"LocalGatewayId", "InvalidLocalGatewayID.NotFound", "localGateway ID"},
    {"CarrierGatewayId", "InvalidCarrierGatewayID.NotFound", "carrierGateway ID"},
    {"CoreNetworkArn", "InvalidCoreNetworkArn.NotFound", "core network ARN"},
    {"OdbNetworkArn", "InvalidOdbNetworkArn.NotFound", "ODB network ARN"}};

static const struct target *target_of(struct str id)
{
    enum thing_kind kind = thing_kind_of(id);
    for (size_t i = 0; i < target_count; i++)
        if (targets[i].kind == kind)
            return &targets[i];
    return NULL;
}

/* The VPC that a target lies in, by its id; ptr NULL: in none. */
static struct str vpc_of_target(const struct thing *thing)
{
    const struct vpc *vpc = NULL;
    switch (thing->kind) {
    case THING_INTERNET_GATEWAY:
    case THING_EGRESS_GATEWAY:
        vpc = ((const struct gateway *)thing)->vpc;
        break;
    case THING_NAT_GATEWAY:
        return ((const struct nat_gateway *)thing)->vpc_id;
    case THING_INTERFACE:
        vpc = ((const struct interface *)thing)->subnet->vpc;
        break;
    default:
        break;
    }
    return vpc == NULL ? (struct str){NULL, 0} : vpc->thing.id;
}

/* A route leads nowhere when its target has gone, was detached, or works no more. */
static bool is_black_hole(const struct region *region, const struct route_table *table,
                          const struct route *route)
{
    const struct thing *target = thing_find(region, thing_kind_of(route->target), route->target);
    if (target == NULL || !str_eq(vpc_of_target(target), table->vpc->thing.id))
        return true;
    if (target->kind == THING_NAT_GATEWAY) {
        enum nat_state state = ((const struct nat_gateway *)target)->state;
        return state == NAT_FAILED || state == NAT_DELETED;
    }
    if (target->kind == THING_INTERFACE) { /* an interface that nobody uses forwards nothing */
        const struct interface *interface = (const struct interface *)target;
        return interface->instance_id.len == 0 && interface->manager.len == 0;
    }
    return false;
}

static struct doc *describe_one(struct call *call, enum route_kind kind, struct str destination,
                                const char *member, struct str target, const char *origin,
                                bool black_hole)
{
    struct doc *doc = doc_object(call->arena);
    ec2_put(call, doc, destinations[kind], destination);
    ec2_put(call, doc, member, target);
    ec2_put(call, doc, "origin", str_of(origin));
    ec2_put(call, doc, "state", black_hole ? S("blackhole") : S("active"));
    return doc;
}

void describe_routes(struct call *call, struct doc *doc, const struct route_table *table)
{
    struct doc *set = ec2_set(call, doc, "routeSet");
    const struct block *block;
    const struct route *route;
    const struct endpoint *endpoint;

    list_each (block, &table->vpc->blocks)
        ec2_add(call, set,
                describe_one(call, ROUTE_IPV4, cidr_text(call->arena, block->cidr), "gatewayId",
                             S("local"), "CreateRouteTable", false));
    list_each (block, &table->vpc->blocks6)
        ec2_add(call, set,
                describe_one(call, ROUTE_IPV6, cidr6_text(call->arena, &block->cidr6), "gatewayId",
                             S("local"), "CreateRouteTable", false));
    list_each (route, &table->routes)
        ec2_add(call, set,
                describe_one(call, route->kind, route->destination,
                             target_of(route->target)->member, route->target, "CreateRoute",
                             is_black_hole(call->region, table, route)));
    list_each (endpoint, &call->region->things[THING_ENDPOINT])
        if (list_has(&endpoint->tables, table))
            ec2_add(call, set,
                    describe_one(call, ROUTE_PREFIX_LIST,
                                 prefix_list_of(call->arena, call->region, endpoint->service),
                                 "gatewayId", endpoint->thing.id, "CreateRoute", false));
}

/* The destination of the call in its usual form. */
static bool destination_of_call(struct call *call, enum route_kind *ret_kind,
                                struct str *ret_destination)
{
    static const char *const parameters[] = {"DestinationCidrBlock", "DestinationIpv6CidrBlock",
                                             "DestinationPrefixListId"};
    struct str text = {NULL, 0};
    struct cidr cidr;
    size_t named = 0;

    for (int i = 0; i < 3; i++)
        if (ec2_text(call, parameters[i]).len > 0) {
            named++;
            *ret_kind = (enum route_kind)i;
            text = ec2_text(call, parameters[i]);
        }
    if (named != 1)
        return call_fail(call, named == 0 ? "MissingParameter" : "InvalidParameterCombination",
                         "The request must contain exactly one of destinationCidrBlock, "
                         "destinationIpv6CidrBlock, destinationPrefixListId");
    *ret_destination = text;
    if (*ret_kind == ROUTE_PREFIX_LIST)
        return prefix_list_find(call, text);
    if (*ret_kind == ROUTE_IPV4 && cidr_parse(text, &cidr)) {
        *ret_destination = cidr_text(call->arena, cidr);
        return true;
    }
    if (*ret_kind == ROUTE_IPV6 && cidr6_canonical(call->arena, text, ret_destination))
        return true;
    return call_fail(call, "InvalidParameterValue",
                     "Value (%.*s) for parameter %s is invalid. This is not a valid CIDR block.",
                     STR(text), destinations[*ret_kind]);
}

static bool find_target(struct call *call, const struct target *target, struct thing **ret_thing)
{
    struct str id = ec2_text(call, target->parameter);

    if (target->kind == THING_INTERNET_GATEWAY) {
        *ret_thing = thing_find(call->region, target->kind, id);
        if (*ret_thing != NULL)
            return true;
        if (thing_find(call->region, THING_ENDPOINT, id) != NULL)
            return call_fail(call, "InvalidParameterValue",
                             "The gateway ID '%.*s' is a VPC endpoint, whose routes are managed "
                             "with the endpoint",
                             STR(id));
        return call_fail(call, "InvalidGatewayID.NotFound", "The gateway ID '%.*s' does not exist",
                         STR(id));
    }
    if (target->kind == THING_NAT_GATEWAY) {
        *ret_thing = thing_find(call->region, target->kind, id);
        return *ret_thing != NULL || call_fail(call, "InvalidNatGatewayID.NotFound",
                                               "The natGateway ID '%.*s' does not exist", STR(id));
    }
    return ec2_find(call, target->kind, id, ret_thing);
}

/* The one target that the call names, in the table's VPC and fit for the family. */
static bool target_of_call(struct call *call, const struct route_table *table, enum route_kind kind,
                           struct thing **ret_thing)
{
    const struct target *target = NULL;
    size_t named = 0;

    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        if (ec2_text(call, strangers[i].parameter).len > 0)
            return call_fail(call, strangers[i].code, "The %s '%.*s' does not exist",
                             strangers[i].what, STR(ec2_text(call, strangers[i].parameter)));
    if (ec2_text(call, "VpcEndpointId").len > 0) /* only Gateway Load Balancer endpoints are */
        return call_fail(call, "RouteNotSupported",
                         "Route table contains unsupported route target: %.*s. VPC Endpoints of "
                         "this type cannot be used as route targets.",
                         STR(ec2_text(call, "VpcEndpointId")));
    for (size_t i = 0; i < target_count; i++)
        if (ec2_text(call, targets[i].parameter).len > 0) {
            named++;
            target = &targets[i];
        }
    if (named != 1)
        return call_fail(call, named == 0 ? "MissingParameter" : "InvalidParameterCombination",
                         "The request must contain exactly one of gatewayId, natGatewayId, "
                         "networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, "
                         "transitGatewayId, localGatewayId, carrierGatewayId, instanceId or "
                         "vpcEndpointId");
    if (!find_target(call, target, ret_thing))
        return false;
    if (target->kind == THING_EGRESS_GATEWAY && kind != ROUTE_IPV6)
        return call_fail(call, "InvalidParameterValue",
                         "An egress-only internet gateway is for IPv6 destinations only");
    if (!str_eq(vpc_of_target(*ret_thing), table->vpc->thing.id))
        return call_fail(call, "InvalidParameterValue",
                         "route table %.*s and %s %.*s belong to different networks",
                         STR(table->thing.id), target->called, STR((*ret_thing)->id));
    return true;
}

/* Is the destination one of the VPC's own blocks? */
static bool is_local(const struct call *call, const struct route_table *table, enum route_kind kind,
                     struct str destination)
{
    const struct block *block;
    list_each (block, &table->vpc->blocks)
        if (kind == ROUTE_IPV4 && str_eq(cidr_text(call->arena, block->cidr), destination))
            return true;
    list_each (block, &table->vpc->blocks6)
        if (kind == ROUTE_IPV6 && str_eq(cidr6_text(call->arena, &block->cidr6), destination))
            return true;
    return false;
}

static bool is_endpoints(const struct call *call, const struct route_table *table,
                         enum route_kind kind, struct str destination)
{
    const struct endpoint *endpoint;
    list_each (endpoint, &call->region->things[THING_ENDPOINT])
        if (kind == ROUTE_PREFIX_LIST && list_has(&endpoint->tables, table) &&
            str_eq(prefix_list_of(call->arena, call->region, endpoint->service), destination))
            return true;
    return false;
}

static bool read_route(struct call *call, struct route_table **ret_table, enum route_kind *ret_kind,
                       struct str *ret_destination)
{
    struct thing *found;
    if (!ec2_need_thing(call, "RouteTableId", THING_ROUTE_TABLE, &found))
        return false;
    *ret_table = (struct route_table *)found;
    return destination_of_call(call, ret_kind, ret_destination);
}

static bool create_route(struct call *call)
{
    struct route_table *table;
    struct thing *target;
    enum route_kind kind = ROUTE_IPV4;
    struct str destination;

    if (!read_route(call, &table, &kind, &destination) ||
        !target_of_call(call, table, kind, &target))
        return false;
    if (is_local(call, table, kind, destination) || is_endpoints(call, table, kind, destination) ||
        route_find(table, kind, destination) != NULL)
        return call_fail(call, "RouteAlreadyExists", "The route identified by %.*s already exists.",
                         STR(destination));
    if (table->routes.count >= most_routes)
        return call_fail(call, "RouteLimitExceeded",
                         "The maximum number of routes has been reached.");
    text_set(&route_add(table, kind, destination)->target, target->id);
    return ec2_done(call);
}

static bool replace_route(struct call *call)
{
    struct route_table *table;
    struct thing *target;
    enum route_kind kind = ROUTE_IPV4;
    struct str destination;
    bool local = false;

    if (!read_route(call, &table, &kind, &destination) ||
        !ec2_flag(call, call->input, "LocalTarget", &local))
        return false;
    if (local && is_local(call, table, kind, destination))
        return ec2_done(call);
    if (!target_of_call(call, table, kind, &target))
        return false;
    struct route *route = route_find(table, kind, destination);
    if (route == NULL)
        return call_fail(call, "InvalidParameterValue",
                         "There is no route defined for '%.*s' in the route table. Use CreateRoute "
                         "instead.",
                         STR(destination));
    text_set(&route->target, target->id);
    return ec2_done(call);
}

static bool delete_route(struct call *call)
{
    static const char *const words[] = {"destination-cidr-block", "destination-ipv6-cidr-block",
                                        "destination-prefix-list-id"};
    struct route_table *table;
    enum route_kind kind = ROUTE_IPV4;
    struct str destination;

    if (!read_route(call, &table, &kind, &destination))
        return false;
    if (is_local(call, table, kind, destination))
        return call_fail(call, "InvalidParameterValue",
                         "cannot remove local route %.*s in route table %.*s", STR(destination),
                         STR(table->thing.id));
    if (is_endpoints(call, table, kind, destination))
        return call_fail(call, "InvalidParameterValue",
                         "cannot remove VPC endpoint route %.*s in route table %.*s",
                         STR(destination), STR(table->thing.id));
    struct route *route = route_find(table, kind, destination);
    if (route == NULL)
        return call_fail(call, "InvalidRoute.NotFound", "no route with %s %.*s in route table %.*s",
                         words[kind], STR(destination), STR(table->thing.id));
    route_remove(table, route);
    return ec2_done(call);
}

#define DESTINATION                                                                                \
    "RouteTableId DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId DryRun "
#define TARGET                                                                                     \
    "GatewayId EgressOnlyInternetGatewayId NatGatewayId NetworkInterfaceId VpcEndpointId "         \
    "InstanceId VpcPeeringConnectionId TransitGatewayId LocalGatewayId CarrierGatewayId "          \
    "CoreNetworkArn OdbNetworkArn "

const struct operation ec2_route_operations[] = {
    {S_INIT("CreateRoute"), create_route, true, DESTINATION TARGET},
    {S_INIT("ReplaceRoute"), replace_route, true, DESTINATION TARGET "LocalTarget"},
    {S_INIT("DeleteRoute"), delete_route, true, DESTINATION},
    {S_INIT("")},
};
