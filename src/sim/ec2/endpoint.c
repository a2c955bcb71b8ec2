/* VPC endpoints: gateway endpoints in route tables, interface endpoints in subnets. */
#include "endpoint.h"
#include "call/describe.h"
#include "client_token.h"
#include "services.h"

/* EC2 writes states in lower case, whatever its model's enumeration says (EC2 API reference,
 * DescribeVpcEndpoints, example). */
static const char *const states[] = {[ENDPOINT_PENDING] = "pending",
                                     [ENDPOINT_AVAILABLE] = "available",
                                     [ENDPOINT_DELETING] = "deleting"};

static void put_dns(struct call *call, struct doc *doc, const struct endpoint *endpoint,
                    struct str name)
{
    struct doc *entry = doc_object(call->arena);
    (void)endpoint;
    ec2_put(call, entry, "dnsName", name);
    ec2_put(call, entry, "hostedZoneId", S("Z0SIMULATEDZONE"));
    ec2_add(call, doc, entry);
}

/* vpce-0123-abcd.logs.us-west-2.vpce.amazonaws.com for all zones, one for each zone, and the
 * service's own name where private DNS is on. */
static void put_names(struct call *call, struct doc *doc, const struct endpoint *endpoint)
{
    struct doc *set = ec2_set(call, doc, "dnsEntrySet");
    const struct aws_service *service =
        aws_service_find(call->arena, call->region, endpoint->service);
    const struct interface *interface;
    struct str region = call->region->name, tail = str_from(endpoint->thing.id, 14);

    if (service == NULL)
        return;
    put_dns(call, set, endpoint,
            arena_fmt(call->arena, "%.*s-%.*s.%s.%.*s.vpce.amazonaws.com", STR(endpoint->thing.id),
                      STR(tail), service->name, STR(region)));
    list_each (interface, &endpoint->interfaces) {
        struct str zone = zone_name(call->arena, call->region, interface->subnet->zone);
        put_dns(call, set, endpoint,
                arena_fmt(call->arena, "%.*s-%.*s-%.*s.%s.%.*s.vpce.amazonaws.com",
                          STR(endpoint->thing.id), STR(tail), STR(zone), service->name,
                          STR(region)));
    }
    if (endpoint->private_dns)
        put_dns(call, set, endpoint, aws_service_dns(call->arena, call->region, service));
}

static void put_parts(struct call *call, struct doc *doc, const struct endpoint *endpoint)
{
    const struct route_table *table;
    const struct interface *interface;
    const struct security_group *group;

    struct doc *set = ec2_set(call, doc, "routeTableIdSet");
    list_each (table, &endpoint->tables)
        ec2_add(call, set, doc_string(call->arena, table->thing.id));
    set = ec2_set(call, doc, "subnetIdSet");
    list_each (interface, &endpoint->interfaces)
        ec2_add(call, set, doc_string(call->arena, interface->subnet->thing.id));
    set = ec2_set(call, doc, "networkInterfaceIdSet");
    list_each (interface, &endpoint->interfaces)
        ec2_add(call, set, doc_string(call->arena, interface->thing.id));
    set = ec2_set(call, doc, "groupSet");
    list_each (group, &endpoint->groups) {
        struct doc *item = doc_object(call->arena);
        ec2_put(call, item, "groupId", group->thing.id);
        ec2_put(call, item, "groupName", group->name);
        ec2_add(call, set, item);
    }
}

struct doc *describe_endpoint(struct call *call, const struct thing *thing)
{
    const struct endpoint *endpoint = (const struct endpoint *)thing;
    struct doc *doc = doc_object(call->arena), *dns = doc_object(call->arena);

    ec2_put(call, doc, "vpcEndpointId", thing->id);
    ec2_put(call, doc, "vpcEndpointType", endpoint->is_interface ? S("Interface") : S("Gateway"));
    ec2_put(call, doc, "vpcId", endpoint->vpc->thing.id);
    ec2_put(call, doc, "serviceName", endpoint->service);
    ec2_put(call, doc, "serviceRegion", call->region->name);
    ec2_put(call, doc, "state", str_of(states[endpoint->state]));
    ec2_put(call, doc, "policyDocument", endpoint->policy);
    put_parts(call, doc, endpoint);
    ec2_put(call, doc, "ipAddressType", endpoint->address_type);
    ec2_put(call, dns, "dnsRecordIpType", endpoint->record_type);
    doc_put(call->arena, doc, S("dnsOptions"), dns);
    ec2_put_bool(call, doc, "privateDnsEnabled", endpoint->private_dns);
    ec2_put_bool(call, doc, "requesterManaged", false);
    if (endpoint->is_interface)
        put_names(call, doc, endpoint);
    else
        ec2_set(call, doc, "dnsEntrySet");
    ec2_put_time(call, doc, "creationTimestamp", endpoint->created_ms);
    ec2_put(call, doc, "ownerId", S(ACCOUNT));
    ec2_put_tags(call, doc, &thing->tags);
    return doc;
}

static bool describe_endpoints(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"ip-address-type", "ipAddressType"},     {"service-name", "serviceName"},
        {"service-region", "serviceRegion"},      {"vpc-id", "vpcId"},
        {"vpc-endpoint-id", "vpcEndpointId"},     {"vpc-endpoint-state", "state"},
        {"vpc-endpoint-type", "vpcEndpointType"}, {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_ENDPOINT,
                                               .ids = "VpcEndpointId",
                                               .set = "vpcEndpointSet",
                                               .describe = describe_endpoint,
                                               .filters = filters,
                                               .least = 1};
    return ec2_describe(call, &how);
}

/* What a new endpoint is to be; the lists are the caller's to end. */
struct wish {
    struct vpc *vpc;
    struct str service, policy, address_type, record_type;
    bool is_interface, private_dns;
    struct list tables, subnets, groups;
    uint32_t *addresses; /* one for each subnet; 0: any */
};

static bool read_service(struct call *call, struct wish *wish)
{
    static const char *const types[] = {"Gateway", "Interface", NULL};
    struct str type = S("Gateway");

    if (!ec2_choice(call, "VpcEndpointType", types, &type) ||
        !ec2_need(call, "ServiceName", &wish->service))
        return false;
    wish->is_interface = str_is(type, "Interface");
    const struct aws_service *service = aws_service_find(call->arena, call->region, wish->service);
    if (service == NULL)
        return call_fail(call, "InvalidServiceName",
                         "The Vpc Endpoint Service '%.*s' does not exist", STR(wish->service));
    unsigned wanted = wish->is_interface ? SERVICE_INTERFACE : SERVICE_GATEWAY;
    if ((service->types & wanted) == 0)
        return call_fail(call, "InvalidParameter",
                         "Endpoint type (%.*s) does not match available service types ([%s]).",
                         STR(type), wish->is_interface ? "Gateway" : "Interface");
    return true;
}

static bool read_options(struct call *call, struct wish *wish)
{
    wish->address_type = wish->record_type = S("ipv4");
    wish->policy = ec2_text(call, "PolicyDocument");
    /* EC2 API reference, CreateVpcEndpoint: private DNS is on by default; S3 and DynamoDB have it
     * off (PrivateLink guide, "Interface endpoints" of each). */
    wish->private_dns = wish->is_interface && !str_ends(wish->service, S(".s3")) &&
                        !str_ends(wish->service, S(".dynamodb"));
    if (!ec2_flag(call, call->input, "PrivateDnsEnabled", &wish->private_dns) ||
        !endpoint_address_type(call, &wish->address_type) ||
        !endpoint_record_type(call, &wish->record_type) || !endpoint_policy(call, &wish->policy))
        return false;
    if (!wish->is_interface && wish->private_dns)
        return call_fail(call, "InvalidParameter",
                         "Private DNS can't be enabled for Gateway endpoints.");
    return !wish->private_dns || endpoint_may_have_dns(call, wish->vpc, wish->service);
}

/* SubnetConfiguration.N names the address of an interface in a subnet of SubnetId.N. */
static bool read_addresses(struct call *call, struct wish *wish)
{
    const struct subnet *subnet;

    wish->addresses = arena_array(call->arena, uint32_t, wish->subnets.count + 1);
    doc_each (entry, doc_get(call->input, S("SubnetConfiguration"))) {
        struct str id = doc_get_text(entry->value, S("SubnetId"));
        struct str text = doc_get_text(entry->value, S("Ipv4"));
        bool found = false;
        list_each (subnet, &wish->subnets) {
            uint32_t *address = &wish->addresses[subnet_at];
            if (!str_eq(subnet->thing.id, id))
                continue;
            found = true;
            if (text.len > 0 && (!address_parse(text, address) ||
                                 !cidr_inside((struct cidr){*address, 32}, subnet->cidr) ||
                                 !subnet_is_free(subnet, *address)))
                return call_fail(call, "InvalidParameter",
                                 "The address %.*s is not free in the subnet %.*s", STR(text),
                                 STR(id));
        }
        if (!found)
            return call_fail(call, "InvalidParameter",
                             "The subnet %.*s of SubnetConfigurations is not one of SubnetIds",
                             STR(id));
    }
    return true;
}

static bool read_parts(struct call *call, struct wish *wish)
{
    if (!endpoint_tables(call, "RouteTableId", wish->vpc, &wish->tables) ||
        !endpoint_subnets(call, "SubnetId", wish->vpc, &wish->subnets) ||
        !endpoint_groups(call, "SecurityGroupId", wish->vpc, &wish->groups))
        return false;
    if (wish->is_interface ? wish->tables.count > 0
                           : wish->subnets.count > 0 || wish->groups.count > 0)
        return call_fail(call, "InvalidParameter",
                         wish->is_interface
                             ? "Route table IDs are only supported for Gateway type VPC Endpoint."
                             : "Subnet IDs and security groups are only supported for Interface "
                               "type VPC Endpoint.");
    struct route_table *table;
    list_each (table, &wish->tables)
        if (!endpoint_table_is_free(call, table, wish->service))
            return false;
    if (wish->is_interface && wish->groups.count == 0)
        endpoint_default_group(call, wish->vpc, &wish->groups);
    return endpoint_subnets_fit(call, NULL, &wish->subnets) && read_addresses(call, wish);
}

static bool has_room(struct call *call, const struct wish *wish)
{
    const struct endpoint *other;
    size_t count = 0;

    list_each (other, &call->region->things[THING_ENDPOINT])
        count += other->is_interface == wish->is_interface &&
                 (!wish->is_interface || other->vpc == wish->vpc);
    if (count >= (wish->is_interface ? most_interface_endpoints : most_gateway_endpoints))
        return call_fail(call, "VpcEndpointLimitExceeded",
                         "The maximum number of VPC endpoints has been reached.");
    return true;
}

static struct thing *make(struct call *call, struct wish *wish)
{
    struct endpoint *endpoint =
        endpoint_new(call->state, call->region, wish->vpc, wish->service, call->now_ms);
    struct subnet *subnet;

    endpoint->is_interface = wish->is_interface;
    endpoint->private_dns = wish->private_dns;
    text_set(&endpoint->policy, wish->policy);
    text_set(&endpoint->address_type, wish->address_type);
    text_set(&endpoint->record_type, wish->record_type);
    endpoint->tables = wish->tables;
    endpoint->groups = wish->groups;
    wish->tables = wish->groups = (struct list){NULL, 0, 0}; /* handed over */
    list_each (subnet, &wish->subnets)
        endpoint_join(call->state, call->region, endpoint, subnet, wish->addresses[subnet_at]);
    if (wish->is_interface)
        endpoint_begin(endpoint, call->now_ms);
    return &endpoint->thing;
}

static bool make_endpoint(struct call *call, struct wish *wish)
{
    struct thing *found, *made;
    struct tag_list tags;

    if (!token_find(call, THING_ENDPOINT, &made) ||
        !ec2_tag_specification(call, THING_ENDPOINT, &tags))
        return false;
    if (made == NULL) {
        if (!ec2_need_thing(call, "VpcId", THING_VPC, &found))
            return false;
        wish->vpc = (struct vpc *)found;
        if (!read_service(call, wish) || !read_options(call, wish) || !read_parts(call, wish) ||
            !has_room(call, wish))
            return false;
        made = make(call, wish);
        ec2_tag(made, tags);
    }
    token_note(call, made);
    doc_put(call->arena, call->output, S("vpcEndpoint"), describe_endpoint(call, made));
    return true;
}

static bool create_endpoint(struct call *call)
{
    struct wish wish = {NULL};
    bool ok = make_endpoint(call, &wish);
    list_done(&wish.tables);
    list_done(&wish.subnets);
    list_done(&wish.groups);
    return ok;
}

static void put_unsuccessful(struct call *call, struct doc *set, struct str id)
{
    struct doc *item = doc_object(call->arena), *error = doc_object(call->arena);
    ec2_put(call, error, "code", S("InvalidVpcEndpoint.NotFound"));
    ec2_put(call, error, "message",
            arena_fmt(call->arena, "The Vpc Endpoint Id '%.*s' does not exist", STR(id)));
    doc_put(call->arena, item, S("error"), error);
    ec2_put(call, item, "resourceId", id);
    ec2_add(call, set, item);
}

/* Those that are there go; the others are told in the answer (EC2 API reference, error codes,
 * InvalidVpcEndpoint.NotFound). */
static bool delete_endpoints(struct call *call)
{
    const struct doc *ids = doc_get(call->input, S("VpcEndpointId"));
    struct doc *set = ec2_set(call, call->output, "unsuccessful");
    struct thing *found;

    if (ids == NULL)
        return call_fail(call, "MissingParameter",
                         "The request must contain the parameter VpcEndpointId");
    doc_each (entry, ids) { /* first look: a malformed id is the whole call's */
        if (!ec2_find(call, THING_ENDPOINT, doc_text(entry->value), &found) &&
            str_ends(call->code, S("Malformed")))
            return false;
    }
    doc_each (entry, ids) {
        found = thing_find(call->region, THING_ENDPOINT, doc_text(entry->value));
        if (found == NULL)
            put_unsuccessful(call, set, doc_text(entry->value));
        else if (((struct endpoint *)found)->state != ENDPOINT_DELETING)
            endpoint_delete(call->region, (struct endpoint *)found, call->now_ms);
    }
    return true;
}

const struct operation ec2_endpoint_operations[] = {
    {S_INIT("CreateVpcEndpoint"), create_endpoint, true,
     "VpcId VpcEndpointType ServiceName PolicyDocument RouteTableId.N SubnetId.N SecurityGroupId.N "
     "SubnetConfiguration.N.SubnetId SubnetConfiguration.N.Ipv4 IpAddressType "
     "DnsOptions.DnsRecordIpType PrivateDnsEnabled ClientToken " EC2_TAGS},
    {S_INIT("DeleteVpcEndpoints"), delete_endpoints, true, "VpcEndpointId.N DryRun"},
    {S_INIT("DescribeVpcEndpoints"), describe_endpoints, false, "VpcEndpointId.N " EC2_FILTERS},
    {S_INIT("")},
};
