/* What endpoints are made of, and changing it. */
#include "endpoint.h"
#include "ground/form.h"
#include "services.h"

bool endpoint_address_type(struct call *call, struct str *ret_type)
{
    static const char *const types[] = {"ipv4", NULL}; /* no service here has others */
    return ec2_choice(call, "IpAddressType", types, ret_type);
}

bool endpoint_record_type(struct call *call, struct str *ret_type)
{
    struct str type = doc_text(doc_at(call->input, "DnsOptions.DnsRecordIpType"));
    if (type.ptr == NULL)
        return true;
    if (!str_is(type, "ipv4") && !str_is(type, "service-defined"))
        return call_fail(call, "InvalidParameter",
                         "The DNS record IP type %.*s does not fit the IP address type ipv4.",
                         STR(type));
    *ret_type = type;
    return true;
}

bool endpoint_policy(struct call *call, struct str *policy)
{
    struct doc *doc = NULL;
    struct doc_error error;

    if (policy->len == 0) {
        *policy = S("{\"Version\":\"2008-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                    "\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}");
        return true;
    }
    if (!doc_from_json(call->arena, *policy, NULL, &doc, &error) || doc->kind != DOC_OBJECT ||
        doc_get(doc, S("Statement")) == NULL)
        return call_fail(call, "InvalidPolicyDocument",
                         "The specified policy document is not a valid JSON policy document.");
    return true;
}

static bool different_networks(struct call *call, struct str id, const struct vpc *vpc)
{
    return call_fail(call, "InvalidParameter", "%.*s does not belong to the network %.*s", STR(id),
                     STR(vpc->thing.id));
}

bool endpoint_tables(struct call *call, const char *name, const struct vpc *vpc,
                     struct list *ret_tables)
{
    struct thing *found;
    doc_each (entry, doc_get(call->input, str_of(name))) {
        if (!ec2_find(call, THING_ROUTE_TABLE, doc_text(entry->value), &found))
            return false;
        if (((struct route_table *)found)->vpc != vpc)
            return different_networks(call, found->id, vpc);
        if (!list_has(ret_tables, found))
            list_add(ret_tables, found);
    }
    return true;
}

bool endpoint_subnets(struct call *call, const char *name, const struct vpc *vpc,
                      struct list *ret_subnets)
{
    struct thing *found;
    doc_each (entry, doc_get(call->input, str_of(name))) {
        if (!ec2_find(call, THING_SUBNET, doc_text(entry->value), &found))
            return false;
        if (((struct subnet *)found)->vpc != vpc)
            return different_networks(call, found->id, vpc);
        if (!list_has(ret_subnets, found))
            list_add(ret_subnets, found);
    }
    return true;
}

bool endpoint_groups(struct call *call, const char *name, const struct vpc *vpc,
                     struct list *ret_groups)
{
    struct thing *found;
    doc_each (entry, doc_get(call->input, str_of(name))) {
        if (!ec2_find(call, THING_SECURITY_GROUP, doc_text(entry->value), &found))
            return false;
        if (((struct security_group *)found)->vpc != vpc)
            return different_networks(call, found->id, vpc);
        if (!list_has(ret_groups, found))
            list_add(ret_groups, found);
    }
    return true;
}

void endpoint_default_group(struct call *call, const struct vpc *vpc, struct list *ret_groups)
{
    struct security_group *group;
    list_each (group, &call->region->things[THING_SECURITY_GROUP])
        if (group->vpc == vpc && str_is(group->name, "default"))
            list_add(ret_groups, group);
}

bool endpoint_table_is_free(struct call *call, const struct route_table *table, struct str service)
{
    const struct endpoint *endpoint;
    struct str list = prefix_list_of(call->arena, call->region, service);
    bool taken = route_find(table, ROUTE_PREFIX_LIST, list) != NULL;

    list_each (endpoint, &call->region->things[THING_ENDPOINT])
        taken = taken || (str_eq(endpoint->service, service) && list_has(&endpoint->tables, table));
    return !taken ||
           call_fail(call, "RouteAlreadyExists",
                     "route table %.*s already has a route with destination-prefix-list-id %.*s",
                     STR(table->thing.id), STR(list));
}

static bool has_zone(const struct endpoint *endpoint, const struct list *subnets,
                     const struct subnet *subnet)
{
    const struct interface *interface;
    const struct subnet *other;

    if (endpoint != NULL)
        list_each (interface, &endpoint->interfaces)
            if (interface->subnet->zone == subnet->zone)
                return true;
    list_each (other, subnets) {
        if (other == subnet)
            return false;
        if (other->zone == subnet->zone)
            return true;
    }
    return false;
}

bool endpoint_subnets_fit(struct call *call, const struct endpoint *endpoint,
                          const struct list *subnets)
{
    const struct subnet *subnet;

    list_each (subnet, subnets) {
        if (has_zone(endpoint, subnets, subnet))
            return call_fail(call, "DuplicateSubnetsInSameZone",
                             "Found another VPC endpoint subnet in the availability zone of %.*s",
                             STR(subnet->thing.id));
        if (subnet_free(subnet) == 0)
            return call_fail(call, "InsufficientFreeAddressesInSubnet",
                             "The specified subnet does not have enough free addresses to satisfy "
                             "the request.");
    }
    return true;
}

bool endpoint_may_have_dns(struct call *call, const struct vpc *vpc, struct str service)
{
    const struct aws_service *row = aws_service_find(call->arena, call->region, service);
    struct str name = row == NULL ? S("") : aws_service_dns(call->arena, call->region, row);
    const struct endpoint *other;

    if (name.len == 0)
        return call_fail(call, "InvalidParameter",
                         "Private DNS can't be enabled because the service %.*s does not provide "
                         "a private DNS name.",
                         STR(service));
    if (!vpc->dns_support || !vpc->dns_hostnames)
        return call_fail(call, "InvalidParameter",
                         "Enabling private DNS requires both enableDnsSupport and "
                         "enableDnsHostnames VPC attributes set to true for %.*s",
                         STR(vpc->thing.id));
    list_each (other, &call->region->things[THING_ENDPOINT])
        if (other->vpc == vpc && other->private_dns && str_eq(other->service, service))
            return call_fail(call, "InvalidParameter",
                             "private-dns-enabled cannot be set because there is already a "
                             "conflicting DNS domain for %.*s in the VPC %.*s",
                             STR(name), STR(vpc->thing.id));
    return true;
}

/* What a change adds and takes away. */
struct change {
    struct list add_tables, drop_tables, add_subnets, drop_subnets, add_groups, drop_groups;
    struct str policy, address_type, record_type;
    bool private_dns;
};

static void change_done(struct change *change)
{
    list_done(&change->add_tables);
    list_done(&change->drop_tables);
    list_done(&change->add_subnets);
    list_done(&change->drop_subnets);
    list_done(&change->add_groups);
    list_done(&change->drop_groups);
}

static struct interface *interface_in(const struct endpoint *endpoint, const struct subnet *subnet)
{
    struct interface *interface;
    list_each (interface, &endpoint->interfaces) {
        if (interface->subnet == subnet)
            return interface;
    }
    return NULL;
}

static bool read_parts(struct call *call, const struct endpoint *endpoint, struct change *change)
{
    const struct vpc *vpc = endpoint->vpc;
    const struct route_table *table;
    const struct subnet *subnet;

    if (!endpoint_tables(call, "AddRouteTableId", vpc, &change->add_tables) ||
        !endpoint_tables(call, "RemoveRouteTableId", vpc, &change->drop_tables) ||
        !endpoint_subnets(call, "AddSubnetId", vpc, &change->add_subnets) ||
        !endpoint_subnets(call, "RemoveSubnetId", vpc, &change->drop_subnets) ||
        !endpoint_groups(call, "AddSecurityGroupId", vpc, &change->add_groups) ||
        !endpoint_groups(call, "RemoveSecurityGroupId", vpc, &change->drop_groups))
        return false;
    bool tables = change->add_tables.count + change->drop_tables.count > 0;
    bool subnets = change->add_subnets.count + change->drop_subnets.count > 0;
    bool groups = change->add_groups.count + change->drop_groups.count > 0;
    if (endpoint->is_interface ? tables : subnets || groups)
        return call_fail(call, "InvalidParameter",
                         "Route tables are for Gateway endpoints, subnets and security groups for "
                         "Interface endpoints.");
    list_each (table, &change->add_tables)
        if (!endpoint_table_is_free(call, table, endpoint->service))
            return false;
    list_each (subnet, &change->drop_subnets)
        if (interface_in(endpoint, subnet) == NULL)
            return call_fail(call, "InvalidParameter", "%.*s is not a subnet of the endpoint",
                             STR(subnet->thing.id));
    return endpoint_subnets_fit(call, endpoint, &change->add_subnets);
}

static bool read_options(struct call *call, const struct endpoint *endpoint, struct change *change)
{
    bool reset = false;

    change->policy = ec2_text(call, "PolicyDocument");
    change->address_type = endpoint->address_type;
    change->record_type = endpoint->record_type;
    change->private_dns = endpoint->private_dns;
    if (!ec2_flag(call, call->input, "ResetPolicy", &reset) ||
        !ec2_flag(call, call->input, "PrivateDnsEnabled", &change->private_dns) ||
        !endpoint_address_type(call, &change->address_type) ||
        !endpoint_record_type(call, &change->record_type))
        return false;
    if (change->policy.len == 0 && !reset)
        change->policy = endpoint->policy;
    else if (!endpoint_policy(call, &change->policy))
        return false;
    if (change->private_dns && !endpoint->is_interface)
        return call_fail(call, "InvalidParameter",
                         "Private DNS can't be enabled for Gateway endpoints.");
    return !change->private_dns || endpoint->private_dns ||
           endpoint_may_have_dns(call, endpoint->vpc, endpoint->service);
}

/* All groups may not go. */
static bool groups_stay(struct call *call, const struct endpoint *endpoint,
                        const struct change *change)
{
    const struct security_group *group;
    size_t left = change->add_groups.count;

    list_each (group, &endpoint->groups)
        left += !list_has(&change->drop_groups, group) && !list_has(&change->add_groups, group);
    return !endpoint->is_interface || left > 0 ||
           call_fail(call, "InvalidParameter",
                     "An Interface endpoint needs at least one security group.");
}

static void carry_out(struct call *call, struct endpoint *endpoint, const struct change *change)
{
    struct thing *thing;
    struct interface *interface;
    struct security_group *group;

    list_each (thing, &change->add_tables)
        list_add(&endpoint->tables, thing);
    list_each (thing, &change->drop_tables)
        list_remove(&endpoint->tables, thing);
    list_each (thing, &change->add_groups)
        if (!list_has(&endpoint->groups, thing))
            list_add(&endpoint->groups, thing);
    list_each (thing, &change->drop_groups)
        list_remove(&endpoint->groups, thing);
    list_each (thing, &change->drop_subnets)
        endpoint_quit(call->region, endpoint, interface_in(endpoint, (struct subnet *)thing));
    list_each (interface, &endpoint->interfaces) {
        interface_leave_groups(interface);
        list_each (group, &endpoint->groups)
            interface_use(interface, group);
    }
    list_each (thing, &change->add_subnets)
        endpoint_join(call->state, call->region, endpoint, (struct subnet *)thing, 0);
    text_set(&endpoint->policy, change->policy);
    text_set(&endpoint->address_type, change->address_type);
    text_set(&endpoint->record_type, change->record_type);
    endpoint->private_dns = change->private_dns;
}

static bool modify_endpoint(struct call *call)
{
    struct change change = {.policy = {NULL, 0}};
    struct thing *found;

    if (!ec2_need_thing(call, "VpcEndpointId", THING_ENDPOINT, &found))
        return false;
    struct endpoint *endpoint = (struct endpoint *)found;
    bool ok = read_parts(call, endpoint, &change) && read_options(call, endpoint, &change) &&
              groups_stay(call, endpoint, &change);
    if (ok && endpoint->state == ENDPOINT_DELETING)
        ok = call_fail(call, "IncorrectState", "The endpoint %.*s is being deleted.",
                       STR(found->id));
    if (ok)
        carry_out(call, endpoint, &change);
    change_done(&change);
    return ok && ec2_done(call);
}

const struct operation ec2_endpoint_change_operations[] = {
    {S_INIT("ModifyVpcEndpoint"), modify_endpoint, true,
     "VpcEndpointId ResetPolicy PolicyDocument AddRouteTableId.N RemoveRouteTableId.N "
     "AddSubnetId.N "
     "RemoveSubnetId.N AddSecurityGroupId.N RemoveSecurityGroupId.N IpAddressType "
     "DnsOptions.DnsRecordIpType PrivateDnsEnabled DryRun"},
    {S_INIT("")},
};
