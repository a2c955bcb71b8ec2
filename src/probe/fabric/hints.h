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

/* Whether a rail waits in the kernel. `sockets` moves bytes by a thread of its own, which a caller
 * that looks at queues without pause keeps off the processor, and which then sleeps 10 ms at a time
 * (prov/sockets, sock_pe_wait). */
bool fabric_sleeps(const char *provider);
struct fi_info *fabric_hints(const char *provider, const char *domain);
int fabric_info(const char *provider, const char *domain, const char *source, struct fi_info **ret);
bool fabric_is_ip(const struct fi_info *info);

#endif
