/* What endpoints may be made of; shared by making and changing them. Where a check is false, call's
 * error is made. */
#ifndef HP_SIM_EC2_ENDPOINT_H
#define HP_SIM_EC2_ENDPOINT_H

#include "ec2.h"
#include "world/network.h"

/* Absent parameters leave what is there. A policy that is empty becomes the one that allows all. */
bool endpoint_address_type(struct call *call, struct str *ret_type);
bool endpoint_record_type(struct call *call, struct str *ret_type);
bool endpoint_policy(struct call *call, struct str *policy);

/* The things of NAME.N, which lie in the VPC; each once. The list is the caller's. */
bool endpoint_tables(struct call *call, const char *name, const struct vpc *vpc,
                     struct list *ret_tables);
bool endpoint_subnets(struct call *call, const char *name, const struct vpc *vpc,
                      struct list *ret_subnets);
bool endpoint_groups(struct call *call, const char *name, const struct vpc *vpc,
                     struct list *ret_groups);
void endpoint_default_group(struct call *call, const struct vpc *vpc, struct list *ret_groups);

/* Has the table no endpoint of this service yet? */
bool endpoint_table_is_free(struct call *call, const struct route_table *table, struct str service);
/* One subnet of each zone, beside those the endpoint (or NULL) has, with a free address. */
bool endpoint_subnets_fit(struct call *call, const struct endpoint *endpoint,
                          const struct list *subnets);
/* Private DNS needs both DNS attributes of the VPC, and no other endpoint with the same name. */
bool endpoint_may_have_dns(struct call *call, const struct vpc *vpc, struct str service);

#endif
