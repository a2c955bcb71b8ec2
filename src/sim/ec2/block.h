/* Blocks of VPCs and subnets: what may be associated with what, and how it is told. */
#ifndef HP_SIM_EC2_BLOCK_H
#define HP_SIM_EC2_BLOCK_H

#include "ec2.h"

/* The block that the parameter tells; false: it is none. */
bool block_of_call(struct call *call, const char *name, struct cidr *ret_cidr);
bool block6_of_call(struct call *call, const char *name, struct cidr6 *ret_cidr);

/* An association in a state: "associated", "associating" … An IPv6 block that is only
 * associating has no text so far. */
struct doc *describe_block(struct call *call, const struct block *block, const char *state);
struct doc *describe_block6(struct call *call, const struct block *block, const char *state);
struct doc *describe_subnet_block6(struct call *call, const struct block *block, const char *state);

/* A /56 of Amazon's that no VPC of the region has. */
void vpc_give_block6(struct call *call, struct vpc *vpc);
/* May the subnet have this block of its VPC? */
bool subnet_block6_fits(struct call *call, const struct vpc *vpc, const struct cidr6 *cidr);
void subnet_give_block6(struct call *call, struct subnet *subnet, const struct cidr6 *cidr);

#endif
