/* Services of AWS that a VPC endpoint reaches, and the prefix lists of those that have one. */
#ifndef HP_SIM_SERVICES_H
#define HP_SIM_SERVICES_H

#include "call/call.h"

enum { SERVICE_GATEWAY = 1, SERVICE_INTERFACE = 2 };

struct aws_service {
    const char *name;        /* com.amazonaws.REGION.… */
    unsigned types;          /* SERVICE_… */
    const char *private_dns; /* ….REGION.amazonaws.com, or NULL */
};
size_t aws_service_count(void);
const struct aws_service *aws_service_at(size_t at);
struct str aws_service_name(struct arena *arena, const struct region *region, size_t at);
/* By its full name; NULL: there is none. */
const struct aws_service *aws_service_find(struct arena *arena, const struct region *region,
                                           struct str name);
/* s3.us-west-2.amazonaws.com, and with * before it where a service has names of its own; ptr NULL:
 * none. */
struct str aws_service_dns(struct arena *arena, const struct region *region,
                           const struct aws_service *service);

/* pl-… of a service that has a gateway endpoint. */
struct str prefix_list_of(struct arena *arena, const struct region *region, struct str service);
/* False: there is no prefix list of that id, and call's error is made. */
bool prefix_list_find(struct call *call, struct str id);

#endif
