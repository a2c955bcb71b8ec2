/* Gateways, elastic addresses, route tables, endpoints and network ACLs: what they hold, and what
 * time does to them. */
#include "network.h"

#include <stdlib.h>

/* Ours; typical for AWS. A NAT gateway that is deleted or failed is listed for about an hour (VPC
 * user guide, "NAT gateways"). */
enum {
    second = 1000,
    nat_comes = 90 * second,
    nat_goes = 60 * second,
    nat_is_told = 3600 * second,
    endpoint_comes = 90 * second,
    endpoint_goes = 60 * second
};

struct gateway *gateway_new(struct state *state, struct region *region, enum thing_kind kind,
                            struct str id)
{
    struct gateway *gateway = zeroed(sizeof *gateway);
    thing_add(state, region, &gateway->thing, kind, id);
    return gateway;
}

struct gateway *gateway_of(const struct region *region, enum thing_kind kind, const struct vpc *vpc)
{
    struct gateway *gateway;
    list_each (gateway, &region->things[kind]) {
        if (gateway->vpc == vpc)
            return gateway;
    }
    return NULL;
}

struct address *address_new(struct state *state, struct region *region, uint32_t ip)
{
    struct address *address = zeroed(sizeof *address);
    thing_add(state, region, &address->thing, THING_ADDRESS, state_new_id(state, "eipalloc-"));
    address->ip = ip;
    return address;
}

void address_bind(struct address *address, struct interface *interface, uint32_t private_address,
                  struct str association_id)
{
    address->interface = interface;
    address->private_address = private_address;
    text_set(&address->association_id, association_id);
}

void address_unbind(struct address *address)
{
    address->interface = NULL;
    address->private_address = 0;
    text_done(&address->association_id);
}

struct address *address_at(const struct region *region, const struct interface *interface,
                           uint32_t private_address)
{
    struct address *address;
    list_each (address, &region->things[THING_ADDRESS]) {
        if (address->interface == interface && address->private_address == private_address)
            return address;
    }
    return NULL;
}

void address_done(struct thing *thing)
{
    text_done(&((struct address *)thing)->association_id);
}

struct nat_gateway *nat_gateway_new(struct state *state, struct region *region,
                                    const struct subnet *subnet, int64_t now_ms)
{
    struct nat_gateway *nat = zeroed(sizeof *nat);
    thing_add(state, region, &nat->thing, THING_NAT_GATEWAY, state_new_id(state, "nat-"));
    nat->vpc_id = text_of(subnet->vpc->thing.id);
    nat->subnet_id = text_of(subnet->thing.id);
    nat->zone = subnet->zone;
    nat->created_ms = now_ms;
    nat->due_ms = now_ms + nat_comes;
    return nat;
}

struct nat_address *nat_address_add(struct nat_gateway *nat)
{
    struct nat_address *address = zeroed(sizeof *address);
    list_add(&nat->addresses, address);
    return address;
}

void nat_gateway_delete(struct nat_gateway *nat, int64_t now_ms)
{
    nat->state = NAT_DELETING;
    nat->deleted_ms = now_ms;
    nat->due_ms = now_ms + nat_goes;
}

void nat_gateway_done(struct thing *thing)
{
    struct nat_gateway *nat = (struct nat_gateway *)thing;
    struct nat_address *address;

    list_each (address, &nat->addresses) {
        text_done(&address->allocation_id);
        text_done(&address->association_id);
        text_done(&address->interface_id);
        free(address);
    }
    list_done(&nat->addresses);
    text_done(&nat->vpc_id);
    text_done(&nat->subnet_id);
    text_done(&nat->failure_code);
    text_done(&nat->failure_message);
}

struct route_table *route_table_new(struct state *state, struct region *region, struct vpc *vpc,
                                    struct str id)
{
    struct route_table *table = zeroed(sizeof *table);
    thing_add(state, region, &table->thing, THING_ROUTE_TABLE, id);
    table->vpc = vpc;
    return table;
}

struct table_association *association_new(struct route_table *table, struct str id)
{
    struct table_association *association = zeroed(sizeof *association);
    association->id = id;
    list_add(&table->associations, association);
    return association;
}

static void association_free(struct table_association *association)
{
    text_done(&association->id);
    free(association);
}

void association_remove(struct route_table *table, struct table_association *association)
{
    list_remove(&table->associations, association);
    association_free(association);
}

bool association_is_main(const struct table_association *association)
{
    return association->subnet == NULL && association->gateway == NULL;
}

struct route_table *main_table(const struct region *region, const struct vpc *vpc)
{
    struct route_table *table;
    struct table_association *association;
    list_each (table, &region->things[THING_ROUTE_TABLE]) {
        if (table->vpc != vpc)
            continue;
        list_each (association, &table->associations) {
            if (association_is_main(association))
                return table;
        }
    }
    return NULL;
}

struct route *route_add(struct route_table *table, enum route_kind kind, struct str destination)
{
    struct route *route = zeroed(sizeof *route);
    route->kind = kind;
    route->destination = text_of(destination);
    list_add(&table->routes, route);
    return route;
}

struct route *route_find(const struct route_table *table, enum route_kind kind,
                         struct str destination)
{
    struct route *route;
    list_each (route, &table->routes) {
        if (route->kind == kind && str_eq(route->destination, destination))
            return route;
    }
    return NULL;
}

static void route_free(struct route *route)
{
    text_done(&route->destination);
    text_done(&route->target);
    free(route);
}

void route_remove(struct route_table *table, struct route *route)
{
    list_remove(&table->routes, route);
    route_free(route);
}

void route_table_done(struct thing *thing)
{
    struct route_table *table = (struct route_table *)thing;
    struct route *route;
    struct table_association *association;

    list_each (route, &table->routes)
        route_free(route);
    list_done(&table->routes);
    list_each (association, &table->associations)
        association_free(association);
    list_done(&table->associations);
}

void route_table_leave(struct region *region, struct thing *thing)
{
    struct endpoint *endpoint;
    list_each (endpoint, &region->things[THING_ENDPOINT])
        list_remove(&endpoint->tables, thing);
}

struct endpoint *endpoint_new(struct state *state, struct region *region, struct vpc *vpc,
                              struct str service, int64_t now_ms)
{
    struct endpoint *endpoint = zeroed(sizeof *endpoint);
    thing_add(state, region, &endpoint->thing, THING_ENDPOINT, state_new_id(state, "vpce-"));
    endpoint->vpc = vpc;
    endpoint->service = text_of(service);
    endpoint->address_type = text_of(S("ipv4"));
    endpoint->record_type = text_of(S("ipv4"));
    endpoint->state = ENDPOINT_AVAILABLE;
    endpoint->created_ms = now_ms;
    endpoint->due_ms = INT64_MAX;
    return endpoint;
}

void endpoint_begin(struct endpoint *endpoint, int64_t now_ms)
{
    endpoint->state = ENDPOINT_PENDING;
    endpoint->due_ms = now_ms + endpoint_comes;
}

void endpoint_delete(struct region *region, struct endpoint *endpoint, int64_t now_ms)
{
    if (!endpoint->is_interface) {
        thing_remove(region, &endpoint->thing);
        return;
    }
    endpoint->state = ENDPOINT_DELETING;
    endpoint->due_ms = now_ms + endpoint_goes;
}

bool endpoint_join(struct state *state, struct region *region, struct endpoint *endpoint,
                   struct subnet *subnet, uint32_t address)
{
    struct interface *interface = interface_new(state, region, subnet, address);
    struct security_group *group;

    if (interface == NULL)
        return false;
    struct str about = text_fmt("VPC Endpoint Interface %.*s", STR(endpoint->thing.id));
    text_set(&interface->description, about);
    text_done(&about);
    text_set(&interface->type, S("vpc_endpoint"));
    text_set(&interface->manager, endpoint->thing.id);
    list_each (group, &endpoint->groups)
        interface_use(interface, group);
    list_add(&endpoint->interfaces, interface);
    return true;
}

void endpoint_quit(struct region *region, struct endpoint *endpoint, struct interface *interface)
{
    list_remove(&endpoint->interfaces, interface);
    thing_remove(region, &interface->thing);
}

void endpoint_done(struct thing *thing)
{
    struct endpoint *endpoint = (struct endpoint *)thing;
    text_done(&endpoint->service);
    text_done(&endpoint->policy);
    text_done(&endpoint->address_type);
    text_done(&endpoint->record_type);
    list_done(&endpoint->tables);
    list_done(&endpoint->groups);
    list_done(&endpoint->interfaces);
}

struct network_acl *network_acl_of(const struct region *region, const struct vpc *vpc)
{
    struct network_acl *acl;
    list_each (acl, &region->things[THING_NETWORK_ACL]) {
        if (acl->vpc == vpc)
            return acl;
    }
    return NULL;
}

static void drop_interface(struct region *region, struct nat_gateway *nat)
{
    if (nat->interface != NULL)
        thing_remove(region, &nat->interface->thing);
    nat->interface = NULL;
}

static void nat_is_due(struct region *region, struct nat_gateway *nat)
{
    switch (nat->state) {
    case NAT_PENDING:
        nat->state = nat->failure_code.len > 0 ? NAT_FAILED : NAT_AVAILABLE;
        if (nat->state == NAT_FAILED) {
            nat->deleted_ms = nat->due_ms;
            nat->due_ms += nat_is_told;
            drop_interface(region, nat);
        } else {
            nat->due_ms = INT64_MAX;
        }
        break;
    case NAT_DELETING:
        nat->state = NAT_DELETED;
        nat->due_ms += nat_is_told;
        drop_interface(region, nat);
        break;
    case NAT_AVAILABLE:
    case NAT_FAILED:
    case NAT_DELETED:
        thing_remove(region, &nat->thing);
        break;
    }
}

static void endpoint_is_due(struct region *region, struct endpoint *endpoint)
{
    if (endpoint->state == ENDPOINT_DELETING) {
        while (endpoint->interfaces.count > 0)
            endpoint_quit(region, endpoint, endpoint->interfaces.items[0]);
        thing_remove(region, &endpoint->thing);
        return;
    }
    endpoint->state = ENDPOINT_AVAILABLE;
    endpoint->due_ms = INT64_MAX;
}

static struct nat_gateway *due_nat(const struct region *region, int64_t now_ms)
{
    struct nat_gateway *nat;
    list_each (nat, &region->things[THING_NAT_GATEWAY]) {
        if (nat->due_ms <= now_ms)
            return nat;
    }
    return NULL;
}

static struct endpoint *due_endpoint(const struct region *region, int64_t now_ms)
{
    struct endpoint *endpoint;
    list_each (endpoint, &region->things[THING_ENDPOINT]) {
        if (endpoint->due_ms <= now_ms)
            return endpoint;
    }
    return NULL;
}

bool network_is_due(const struct state *state, int64_t now_ms)
{
    const struct region *region;
    list_each (region, &state->regions) {
        if (due_nat(region, now_ms) != NULL || due_endpoint(region, now_ms) != NULL)
            return true;
    }
    return false;
}

/* The end of one changes nothing for another here, so their order does not matter. */
static void region_advance(struct region *region, int64_t now_ms)
{
    struct nat_gateway *nat;
    struct endpoint *endpoint;

    while ((nat = due_nat(region, now_ms)) != NULL)
        nat_is_due(region, nat);
    while ((endpoint = due_endpoint(region, now_ms)) != NULL)
        endpoint_is_due(region, endpoint);
}

void network_advance(struct state *state, int64_t now_ms)
{
    struct region *region;
    list_each (region, &state->regions)
        region_advance(region, now_ms);
}
