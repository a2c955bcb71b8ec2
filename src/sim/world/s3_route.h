/* Can nodes of a subnet fetch their scripts? */
#ifndef HP_SIM_S3_ROUTE_H
#define HP_SIM_S3_ROUTE_H

#include "state.h"

/* Over a gateway endpoint of their route table, an interface endpoint in the VPC, or a default
 * route to a gateway, an interface or a NAT gateway that is there. That an internet gateway does
 * for nodes without public addresses is a gift: the default VPC has nothing else. */
bool subnet_reaches_s3(const struct region *region, const struct subnet *subnet);

#endif
