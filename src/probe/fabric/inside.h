/* Within this floor: what a rail is made of. */
#ifndef HP_PROBE_INSIDE_H
#define HP_PROBE_INSIDE_H

#include "hints.h"

enum { RAIL_AREAS = 3 };

/* One operation under way. The context comes first: a completion points at it. */
struct rail_op {
    struct fi_context2 context;
    struct rail_op *next; /* while it is free */
    uint32_t generation;
    bool busy, receive;
};

struct rail {
    struct rail_place place;
    struct fi_info *info;
    struct fid_fabric *fabric;
    struct fid_domain *domain;
    struct fid_ep *ep;
    struct fid_av *av;
    struct fid_cq *sent, *received;
    struct fid_mr *mr;
    void *desc;
    void *memory;
    size_t memory_len, area_len, inject;
    bool rma;
    bool sleeps; /* it waits in the kernel, see fabric_sleeps */
    char address[RAIL_ADDRESS];
    size_t address_len;

    struct rail_op *ops, *free;
    uint32_t op_count;
    uint32_t generation; /* operations of an earlier one are orphans */
    uint32_t sends_posted, receives_posted, receives_ended, orphans;
    unsigned flags;
    size_t received_len;
    bool failed; /* since the last rail_give_up */
    char error[RAIL_ERROR];
};

#endif
