/* Route tables, shared by the operations on them. */
#ifndef HP_SIM_EC2_ROUTE_H
#define HP_SIM_EC2_ROUTE_H

#include "ec2.h"
#include "world/network.h"

/* All routes of the table as they are told: local ones, those that were made, those of gateway
 * endpoints. */
void describe_routes(struct call *call, struct doc *doc, const struct route_table *table);

#endif
