#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20, MOST_OPS = 2048, QUEUE_SIZE = 4096 };

static bool no(struct probe_error *reterr, const struct rail_place *place, const char *what,
               int status)
{
    return probe_error(reterr, EXIT_UNAVAILABLE, "rail %s (%s): %s: %s", place->domain,
                       place->provider, what, fi_strerror(-status));
}

static bool memory(struct rail *rail, size_t area_bytes, struct probe_error *reterr)
{
    size_t len = (area_bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;

    rail->area_len = len;
    rail->memory_len = len * (RAIL_AREAS - 1) + RAIL_PROOF; /* RAIL_PROVED is the last */
    rail->memory =
        mmap(NULL, rail->memory_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (rail->memory == MAP_FAILED) {
        rail->memory = NULL;
        return probe_error(reterr, EXIT_UNAVAILABLE, "rail %s: no memory for %zu bytes",
                           rail->place.domain, rail->memory_len);
    }
    madvise(rail->memory, rail->memory_len,
            MADV_HUGEPAGE); /* twice as fast on shm; may be denied */
    /* What was never written is the kernel's one page of zeros, which any cache holds. */
    memset((char *)rail->memory + RAIL_SENT * len, 1, len);
    return true;
}

static bool register_memory(struct rail *rail, struct probe_error *reterr)
{
    static uint64_t next_key = 1; /* of all rails; only where the provider does not choose */
    int mode = rail->info->domain_attr->mr_mode, status;
    uint64_t access = FI_SEND | FI_RECV;

    rail->rma = (rail->info->caps & FI_RMA) != 0;
    if (rail->rma)
        access |= FI_READ | FI_WRITE | FI_REMOTE_READ | FI_REMOTE_WRITE;
    if (!rail->rma && (mode & FI_MR_LOCAL) == 0)
        return true;
    status = fi_mr_reg(rail->domain, rail->memory, rail->memory_len, access, 0,
                       __atomic_fetch_add(&next_key, 1, __ATOMIC_RELAXED), 0, &rail->mr, NULL);
    if (status != 0)
        return no(reterr, &rail->place,
                  "memory cannot be registered (look at `ulimit -l`: it should be unlimited)",
                  status);
    rail->desc = (mode & FI_MR_LOCAL) != 0 ? fi_mr_desc(rail->mr) : NULL;
    return true;
}

static bool queues(struct rail *rail, struct probe_error *reterr)
{
    struct fi_cq_attr cq = {.format = FI_CQ_FORMAT_TAGGED, .wait_obj = FI_WAIT_NONE};
    struct fi_av_attr av = {.type = FI_AV_TABLE, .count = 64};
    int status;

    rail->sleeps = fabric_sleeps(rail->info->fabric_attr->prov_name);
    if (rail->sleeps)
        cq.wait_obj = FI_WAIT_UNSPEC;
    cq.size = QUEUE_SIZE;
    if ((status = fi_cq_open(rail->domain, &cq, &rail->sent, NULL)) != 0 ||
        (status = fi_cq_open(rail->domain, &cq, &rail->received, NULL)) != 0)
        return no(reterr, &rail->place, "no completion queue", status);
    if ((status = fi_av_open(rail->domain, &av, &rail->av, NULL)) != 0)
        return no(reterr, &rail->place, "no address vector", status);
    return true;
}

static bool endpoint(struct rail *rail, struct probe_error *reterr)
{
    int status;

    if ((status = fi_endpoint(rail->domain, rail->info, &rail->ep, NULL)) != 0)
        return no(reterr, &rail->place, "no endpoint", status);
    if ((status = fi_ep_bind(rail->ep, &rail->sent->fid, FI_TRANSMIT)) != 0 ||
        (status = fi_ep_bind(rail->ep, &rail->received->fid, FI_RECV)) != 0 ||
        (status = fi_ep_bind(rail->ep, &rail->av->fid, 0)) != 0)
        return no(reterr, &rail->place, "the endpoint cannot be bound", status);
    if ((status = fi_enable(rail->ep)) != 0)
        return no(reterr, &rail->place, "the endpoint cannot be enabled", status);
    rail->address_len = sizeof rail->address;
    if ((status = fi_getname(&rail->ep->fid, rail->address, &rail->address_len)) != 0)
        return no(reterr, &rail->place, "the endpoint has no address", status);
    return true;
}

static bool ops(struct rail *rail, struct probe_error *reterr)
{
    rail->ops = calloc(MOST_OPS, sizeof *rail->ops);
    if (rail->ops == NULL)
        return probe_error(reterr, EXIT_UNAVAILABLE, "rail %s: no memory", rail->place.domain);
    rail->op_count = MOST_OPS;
    for (uint32_t i = 0; i < MOST_OPS; i++) {
        rail->ops[i].next = rail->free;
        rail->free = &rail->ops[i];
    }
    return true;
}

static bool open_all(struct rail *rail, size_t buffer_bytes, struct probe_error *reterr)
{
    const struct rail_place *place = &rail->place;
    bool by_address = *place->address != '\0';
    int status = fabric_info(place->provider, by_address ? NULL : place->domain,
                             by_address ? place->address : NULL, &rail->info);

    if (status != 0)
        return no(reterr, place, "it is no longer there", status);
    if ((status = fi_fabric(rail->info->fabric_attr, &rail->fabric, NULL)) != 0)
        return no(reterr, place, "no fabric", status);
    if ((status = fi_domain(rail->fabric, rail->info, &rail->domain, NULL)) != 0)
        return no(reterr, place, "no domain", status);
    rail->inject = rail->info->tx_attr->inject_size;
    return memory(rail, buffer_bytes, reterr) && register_memory(rail, reterr) &&
           queues(rail, reterr) && endpoint(rail, reterr) && ops(rail, reterr);
}

struct rail *rail_open(const struct rail_place *place, size_t buffer_bytes,
                       struct probe_error *reterr)
{
    struct rail *rail = calloc(1, sizeof *rail);

    if (rail == NULL) {
        probe_error(reterr, EXIT_UNAVAILABLE, "rail %s: no memory", place->domain);
        return NULL;
    }
    rail->place = *place;
    if (open_all(rail, buffer_bytes, reterr))
        return rail;
    rail_close(rail);
    return NULL;
}

static void end(struct fid *fid)
{
    if (fid != NULL)
        fi_close(fid);
}

void rail_close(struct rail *rail)
{
    if (rail == NULL)
        return;
    end(rail->ep == NULL ? NULL : &rail->ep->fid);
    end(rail->mr == NULL ? NULL : &rail->mr->fid);
    end(rail->av == NULL ? NULL : &rail->av->fid);
    end(rail->sent == NULL ? NULL : &rail->sent->fid);
    end(rail->received == NULL ? NULL : &rail->received->fid);
    end(rail->domain == NULL ? NULL : &rail->domain->fid);
    end(rail->fabric == NULL ? NULL : &rail->fabric->fid);
    if (rail->info != NULL)
        fi_freeinfo(rail->info);
    if (rail->memory != NULL)
        munmap(rail->memory, rail->memory_len);
    free(rail->ops);
    free(rail);
}

const void *rail_address(const struct rail *rail, size_t *ret_len)
{
    *ret_len = rail->address_len;
    return rail->address;
}

bool rail_insert(struct rail *rail, const void *address, size_t len, uint64_t *ret_peer,
                 struct probe_error *reterr)
{
    char padded[RAIL_ADDRESS + 1] = {0}; /* a provider may read a name to its NUL */
    fi_addr_t peer = FI_ADDR_UNSPEC;
    int inserted;

    if (len > RAIL_ADDRESS)
        return probe_error(reterr, EXIT_INTERNAL, "an address of %zu bytes", len);
    memcpy(padded, address, len);
    inserted = fi_av_insert(rail->av, padded, 1, &peer, 0, NULL);
    if (inserted != 1)
        return probe_error(reterr, EXIT_UNAVAILABLE,
                           "rail %s: the provider does not take the peer's address (%s)",
                           rail->place.domain, inserted < 0 ? fi_strerror(-inserted) : "no reason");
    *ret_peer = peer;
    return true;
}

void rail_remove(struct rail *rail, uint64_t peer)
{
    fi_addr_t address = peer;

    fi_av_remove(rail->av, &address, 1, 0);
}

const char *rail_error(const struct rail *rail)
{
    return rail->error;
}

size_t rail_inject_below(const struct rail *rail)
{
    return rail->inject;
}

size_t rail_longest(const struct rail *rail)
{
    size_t most = rail->info->ep_attr->max_msg_size;
    size_t fits = rail->area_len < RAIL_PROOF ? rail->area_len : RAIL_PROOF;

    return most < fits ? most : fits;
}

bool rail_can_rma(const struct rail *rail)
{
    return rail->rma && rail->mr != NULL;
}

void *rail_slot(struct rail *rail, enum rail_area area, uint32_t slot, size_t size)
{
    size_t step = size < 64 ? 64 : (size + 63) / 64 * 64;
    size_t fit = (area == RAIL_PROVED ? RAIL_PROOF : rail->area_len) / step;

    return (char *)rail->memory + area * rail->area_len + (fit == 0 ? 0 : slot % fit) * step;
}

struct rail_window rail_window(const struct rail *rail)
{
    struct rail_window window = {0, 0, rail->area_len};
    char *start = (char *)rail->memory + RAIL_RECEIVED * rail->area_len;

    if (rail->mr == NULL)
        return (struct rail_window){0, 0, 0};
    window.key = fi_mr_key(rail->mr);
    window.address = (rail->info->domain_attr->mr_mode & FI_MR_VIRT_ADDR) != 0
                         ? (uint64_t)(uintptr_t)start
                         : RAIL_RECEIVED * rail->area_len;
    return window;
}
