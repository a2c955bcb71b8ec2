/* Within this floor: how libfabric is asked. */
#ifndef HP_PROBE_HINTS_H
#define HP_PROBE_HINTS_H

#include "library.h"
#include "rail.h"

#include <netinet/in.h>
#include <rdma/fabric.h>
#include <rdma/fi_cm.h>
#include <rdma/fi_domain.h>
#include <rdma/fi_endpoint.h>
#include <rdma/fi_errno.h>
#include <rdma/fi_rma.h>
#include <rdma/fi_tagged.h>
#include <string.h>

struct fi_info *fabric_hints(const char *provider, const char *domain);
int fabric_info(const char *provider, const char *domain, const char *source, struct fi_info **ret);
bool fabric_is_ip(const struct fi_info *info);

#endif
