/* Things as EC2 describes them. */
#ifndef HP_SIM_DESCRIBE_H
#define HP_SIM_DESCRIBE_H

#include "call.h"

struct doc *describe_thing(struct call *call, const struct thing *thing);
struct doc *describe_vpc(struct call *call, const struct thing *thing);
struct doc *describe_subnet(struct call *call, const struct thing *thing);
struct doc *describe_security_group(struct call *call, const struct thing *thing);
struct doc *describe_rule(struct call *call, const struct thing *thing);
struct doc *describe_interface(struct call *call, const struct thing *thing);
struct doc *describe_internet_gateway(struct call *call, const struct thing *thing);
struct doc *describe_egress_gateway(struct call *call, const struct thing *thing);
struct doc *describe_nat_gateway(struct call *call, const struct thing *thing);
struct doc *describe_address(struct call *call, const struct thing *thing);
struct doc *describe_route_table(struct call *call, const struct thing *thing);
struct doc *describe_endpoint(struct call *call, const struct thing *thing);
struct doc *describe_network_acl(struct call *call, const struct thing *thing);

#endif
