/* What networks are made of beside subnets and interfaces: gateways, addresses, routes, endpoints.
 */
#ifndef HP_SIM_NETWORK_H
#define HP_SIM_NETWORK_H

#include "state.h"

/* AWS's default quotas (VPC user guide, "Amazon VPC quotas", 2026). */
enum {
    most_vpcs = 5,
    most_blocks = 5, /* of each family, in a VPC */
    most_subnets = 200,
    most_internet_gateways = 5,
    most_egress_gateways = 5,
    most_nat_gateways = 5, /* in a zone */
    most_addresses = 5,
    most_route_tables = 200,
    most_routes = 500,
    most_gateway_endpoints = 20,
    most_interface_endpoints = 50,
    most_groups_of_interface = 5
};

/* THING_INTERNET_GATEWAY and THING_EGRESS_GATEWAY */
struct gateway {
    struct thing thing;
    struct vpc *vpc; /* NULL: it is attached to none */
};

/* An elastic IP address. */
struct address {
    struct thing thing;
    uint32_t ip;
    struct str association_id;   /* empty: it is free */
    struct interface *interface; /* NULL: it is free */
    uint32_t private_address;
};

enum nat_state { NAT_PENDING, NAT_FAILED, NAT_AVAILABLE, NAT_DELETING, NAT_DELETED };

/* Told as long as the gateway is listed, also when interface and address have gone. */
struct nat_address {
    struct str allocation_id, association_id, interface_id;
    uint32_t private_address, public_ip;
};

struct nat_gateway {
    struct thing thing;
    struct str vpc_id, subnet_id; /* these may have gone before it */
    unsigned zone;
    struct interface *interface; /* NULL: it has none any more */
    struct list addresses;       /* struct nat_address, the primary first */
    enum nat_state state;
    bool is_private;
    int64_t created_ms, deleted_ms;
    int64_t due_ms; /* when the state changes next; INT64_MAX: never */
    struct str failure_code, failure_message;
};

enum route_kind { ROUTE_IPV4, ROUTE_IPV6, ROUTE_PREFIX_LIST };

/* Local routes and those of gateway endpoints are not kept: they follow from the VPC's blocks and
 * the endpoints. */
struct route {
    enum route_kind kind;
    struct str destination; /* a canonical block or pl-… */
    struct str target;      /* igw-…, eigw-…, nat-… or eni-… */
};

struct table_association {
    struct str id;
    struct subnet *subnet;   /* or */
    struct gateway *gateway; /* or neither: it is the main one */
};

struct route_table {
    struct thing thing;
    struct vpc *vpc;
    struct list routes;       /* struct route */
    struct list associations; /* struct table_association */
};

enum endpoint_state { ENDPOINT_PENDING, ENDPOINT_AVAILABLE, ENDPOINT_DELETING };

struct endpoint {
    struct thing thing;
    struct vpc *vpc;
    struct str service;
    bool is_interface, private_dns;
    enum endpoint_state state;
    struct str policy, address_type, record_type;
    struct list tables;     /* struct route_table: of a gateway endpoint */
    struct list groups;     /* struct security_group: of an interface endpoint */
    struct list interfaces; /* struct interface: one for each subnet */
    int64_t created_ms, due_ms;
};

struct network_acl {
    struct thing thing;
    struct vpc *vpc;
};

struct gateway *gateway_new(struct state *state, struct region *region, enum thing_kind kind,
                            struct str id);
/* The gateway of that kind that is attached to the VPC, or NULL. */
struct gateway *gateway_of(const struct region *region, enum thing_kind kind,
                           const struct vpc *vpc);

struct address *address_new(struct state *state, struct region *region, uint32_t ip);
void address_bind(struct address *address, struct interface *interface, uint32_t private_address,
                  struct str association_id);
void address_unbind(struct address *address);
/* The address that belongs to this private one, or NULL. */
struct address *address_at(const struct region *region, const struct interface *interface,
                           uint32_t private_address);

struct nat_gateway *nat_gateway_new(struct state *state, struct region *region,
                                    const struct subnet *subnet, int64_t now_ms);
struct nat_address *nat_address_add(struct nat_gateway *nat);
void nat_gateway_delete(struct nat_gateway *nat, int64_t now_ms);

struct route_table *route_table_new(struct state *state, struct region *region, struct vpc *vpc,
                                    struct str id);
struct table_association *association_new(struct route_table *table, struct str id);
void association_remove(struct route_table *table, struct table_association *association);
bool association_is_main(const struct table_association *association);
struct route_table *main_table(const struct region *region, const struct vpc *vpc);
struct route *route_add(struct route_table *table, enum route_kind kind, struct str destination);
struct route *route_find(const struct route_table *table, enum route_kind kind,
                         struct str destination);
void route_remove(struct route_table *table, struct route *route);

struct endpoint *endpoint_new(struct state *state, struct region *region, struct vpc *vpc,
                              struct str service, int64_t now_ms);
/* It is pending for a while: only interface endpoints are. */
void endpoint_begin(struct endpoint *endpoint, int64_t now_ms);
/* A gateway endpoint goes at once. */
void endpoint_delete(struct region *region, struct endpoint *endpoint, int64_t now_ms);
/* An interface in the subnet; false: there is no free address. */
bool endpoint_join(struct state *state, struct region *region, struct endpoint *endpoint,
                   struct subnet *subnet, uint32_t address);
void endpoint_quit(struct region *region, struct endpoint *endpoint, struct interface *interface);

struct network_acl *network_acl_of(const struct region *region, const struct vpc *vpc);

/* Lets happen what is due until then: NAT gateways and endpoints come up and go. */
void network_advance(struct state *state, int64_t now_ms);
bool network_is_due(const struct state *state, int64_t now_ms);

/* For the table of kinds. */
void vpc_done(struct thing *thing);
void vpc_leave(struct region *region, struct thing *thing);
void subnet_done(struct thing *thing);
void subnet_leave(struct region *region, struct thing *thing);
void interface_done(struct thing *thing);
void interface_leave(struct region *region, struct thing *thing);
void nat_gateway_done(struct thing *thing);
void address_done(struct thing *thing);
void route_table_done(struct thing *thing);
void route_table_leave(struct region *region, struct thing *thing);
void endpoint_done(struct thing *thing);

#endif
