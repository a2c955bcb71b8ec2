/* EFA's rule: each security group lets everything in from itself and out to itself. */
#ifndef HP_SIM_EFA_H
#define HP_SIM_EFA_H

#include "cluster.h"

/* What HyperPod says when nodes with EFA cannot talk in this VpcConfig; NULL: they can. */
const char *efa_obstacle(const struct region *region, const struct doc *network);

#endif
