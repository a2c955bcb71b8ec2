/* What the simulated account holds. Owned by struct sim and guarded by its lock; everything is on
 * the heap. */
#ifndef HP_SIM_STATE_H
#define HP_SIM_STATE_H

#include "existing.h"
#include "ground/cidr.h"
#include "ground/clock.h"
#include "ground/index.h"
#include "ground/text.h"
#include <hp/doc/doc.h>

#define ACCOUNT    "111122223333"
#define ACCESS_KEY "AKIASIMULATEDACCOUNT"
#define SECRET_KEY "simulated-secret"

/* Who called. */
struct caller {
    struct str arn, id;
    struct str source_identity; /* empty: none */
};

/* Memory of zeros, never NULL. */
void *zeroed(size_t size);

/* Pointers in the order they were added. */
struct list {
    void **items;
    size_t count, size;
};
void list_add(struct list *list, void *item);
bool list_has(const struct list *list, const void *item);
void list_remove(struct list *list, const void *item);
void list_done(struct list *list); /* not the items */
/* The list must not change inside. */
#define list_each(item, list)                                                                      \
    for (size_t item##_at = 0;                                                                     \
         item##_at < (list)->count && ((item) = (list)->items[item##_at], true); item##_at++)

enum thing_kind {
    THING_VPC,
    THING_SUBNET,
    THING_SECURITY_GROUP,
    THING_RULE,
    THING_INTERFACE,
    THING_INTERNET_GATEWAY, /* this and the following: network.h */
    THING_EGRESS_GATEWAY,
    THING_NAT_GATEWAY,
    THING_ADDRESS,
    THING_ROUTE_TABLE,
    THING_ENDPOINT,
    THING_NETWORK_ACL,
    THING_KINDS
};

/* What all objects of EC2 have: the first member of each of them. */
struct thing {
    enum thing_kind kind;
    struct str id;
    uint64_t serial; /* the order of creation: pages are cut by it */
    struct tags tags;
};

/* A block of a VPC or a subnet, with the id of its association. */
struct block {
    struct str id;
    struct cidr cidr;   /* in the list blocks */
    struct cidr6 cidr6; /* in the list blocks6 */
};

struct vpc {
    struct thing thing;
    struct list blocks, blocks6; /* struct block; the first of blocks is the primary one */
    struct str tenancy;
    bool is_default;
    bool dns_support, dns_hostnames, address_metrics;
};

struct subnet {
    struct thing thing;
    struct vpc *vpc;
    struct cidr cidr;
    struct list blocks6; /* struct block: at most one */
    unsigned zone;
    bool default_for_zone;
    bool public_addresses, addresses6, dns64; /* given on launch */
    bool name_by_resource, record_a, record_aaaa;
    size_t interfaces;
    uint64_t used_count, *used; /* addresses of interfaces: a bit for each of the block */
};

struct security_group {
    struct thing thing;
    struct vpc *vpc;
    struct str name, description;
    struct list rules; /* struct rule, also in the region's things */
    size_t interfaces; /* how many use it */
};

enum peer_kind { PEER_IPV4, PEER_IPV6, PEER_PREFIX_LIST, PEER_GROUP };

struct rule {
    struct thing thing;
    struct security_group *group;
    bool egress;
    struct str protocol; /* "-1", "tcp", "udp", "icmp", "icmpv6" or a number */
    int from_port, to_port;
    enum peer_kind peer_kind;
    struct str peer; /* canonical CIDR block, pl-… or sg-… */
    struct str description;
    bool has_description;
};

struct interface {
    struct thing thing;
    struct subnet *subnet;
    struct list groups; /* struct security_group */
    uint32_t address;   /* the primary one */
    uint32_t *others;   /* secondary ones, in the order they were taken */
    size_t other_count;
    struct cidr6 *addresses6; /* with 128 bits */
    size_t count6;
    bool primary6; /* the first IPv6 address is for good */
    bool no_check; /* neither source nor destination */
    struct str description, type;
    struct str instance_id; /* empty: no instance uses it */
    struct str manager;     /* the NAT gateway or endpoint it belongs to; empty: none */
};

/* Zones a, b, c and d. */
enum { ZONES = 4 };

struct region {
    struct str name, partition;
    struct str zone_names[ZONES], zone_ids[ZONES];
    struct list things[THING_KINDS];
    struct index ids;     /* struct thing: by its id, of whatever kind */
    struct list tokens;   /* struct token: ec2_token.c */
    struct list clusters; /* struct cluster: cluster.h */
    struct index named;   /* each of them by its name and by its ARN */
    struct list logs;     /* struct log_group: cluster_log.h */
    struct list records;  /* struct record: record.h */
    struct list volumes;  /* struct attachment: cluster_attachment.h */
    struct list attached; /* struct interface: those that AttachClusterNodeNetworkInterface did */
};

/* All regions, and what makes new things. */
struct state {
    struct list regions;
    struct sim_clock clock;
    uint64_t seed, serial;  /* serial grows with each id that is made */
    struct list conditions; /* struct condition: conditions.h */
    _Atomic int64_t now_ms; /* simulated: everything has happened until then. Calls that only read
                               move it too, side by side */
    int64_t due_ms;         /* before then nothing happens to a cluster; perhaps nothing then */
    struct existing existing;
};

void state_init(struct state *state, uint64_t seed);
void state_done(struct state *state);
/* The region with its default world; made when it is first asked for. */
struct region *state_region(struct state *state, struct str name);
/* NULL: nobody has asked for it so far. */
struct region *state_known_region(const struct state *state, struct str name);

/* A new id: prefix and 17 hexadecimal digits. Heap. */
struct str state_new_id(struct state *state, const char *prefix);
/* 64 bits that depend on the seed, the text and the number, and on nothing else. */
uint64_t state_chance(const struct state *state, struct str text, uint64_t number);

/* Borrowed from the region. */
struct str zone_name(struct arena *arena, const struct region *region, unsigned zone);
struct str zone_id(struct arena *arena, const struct region *region, unsigned zone);

/* Things. thing_add takes over the id (heap). */
void thing_add(struct state *state, struct region *region, struct thing *thing,
               enum thing_kind kind, struct str id);
/* Another id (heap, taken over) for what is there. */
void thing_rename(struct region *region, struct thing *thing, struct str id);
struct thing *thing_find(const struct region *region, enum thing_kind kind, struct str id);
/* The kind an id's prefix tells; THING_KINDS when it tells none. */
enum thing_kind thing_kind_of(struct str id);
const char *thing_type(enum thing_kind kind); /* "security-group": resource type in tags */

struct vpc *vpc_new(struct state *state, struct region *region, struct cidr cidr, struct str id);
/* What each VPC has from the start: its default security group, main route table and default
 * network ACL. Their ids end in `suffix`; NULL: new ones. */
void vpc_furnish(struct state *state, struct region *region, struct vpc *vpc, const char *suffix);
struct cidr vpc_cidr(const struct vpc *vpc); /* the primary block */
/* Adds a block; the id (heap) is taken over. */
struct block *block_add(struct list *blocks, struct str id);
void block_remove(struct list *blocks, struct block *block);
struct block *block_find(const struct list *blocks, struct str id);
struct subnet *subnet_new(struct state *state, struct region *region, struct vpc *vpc,
                          struct cidr cidr, unsigned zone, struct str id);
struct security_group *security_group_new(struct state *state, struct region *region,
                                          struct vpc *vpc, struct str name, struct str description,
                                          struct str id);
struct rule *rule_new(struct state *state, struct region *region, struct security_group *group,
                      const struct rule *like);
/* Takes a free address of the subnet unless `address` is one; NULL: none is free. */
struct interface *interface_new(struct state *state, struct region *region, struct subnet *subnet,
                                uint32_t address);
/* One more address; 0, or one that is taken: any. False: none is free. */
bool interface_take(struct interface *interface, uint32_t address);
void interface_take6(struct interface *interface, const struct cidr6 *address);
/* Addresses of IPv4 that are free: the block without five of AWS and those of interfaces. */
uint64_t subnet_free(const struct subnet *subnet);
bool subnet_is_free(const struct subnet *subnet, uint32_t address);
/* An address of IPv6 that depends on the id and nobody of the subnet has. */
struct cidr6 subnet_address6(const struct state *state, const struct region *region,
                             const struct subnet *subnet, struct str id);
void interface_use(struct interface *interface, struct security_group *group);
void interface_leave_groups(struct interface *interface);

/* Takes the thing out of its region and frees it, with what cannot be without it: a security
 * group's rules, the default parts of a VPC, an interface's associations. */
void thing_remove(struct region *region, struct thing *thing);

#endif
