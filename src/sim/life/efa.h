/* EFA's rule: each security group lets everything in from itself and out to itself. */
#ifndef HP_SIM_EFA_H
#define HP_SIM_EFA_H

#include "world/cluster.h"

/* Can nodes with EFA talk to each other in this VpcConfig? */
bool efa_is_open(const struct region *region, const struct doc *network);

#endif
