#include "hints.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>

bool fabric_sleeps(const char *provider)
{
    return strcmp(provider, "sockets") == 0;
}

struct fi_info *fabric_hints(const char *provider, const char *domain)
{
    enum fi_progress progress = fabric_sleeps(provider) ? FI_PROGRESS_AUTO : FI_PROGRESS_MANUAL;
    struct fi_info *hints = fi_allocinfo();

    if (hints == NULL)
        return NULL;
    hints->caps = FI_MSG | FI_TAGGED | FI_RMA;
    hints->mode = FI_CONTEXT | FI_CONTEXT2;
    hints->ep_attr->type = FI_EP_RDM;
    hints->domain_attr->threading = FI_THREAD_DOMAIN;
    hints->domain_attr->control_progress = progress;
    hints->domain_attr->data_progress = progress;
    hints->domain_attr->resource_mgmt = FI_RM_ENABLED;
    hints->domain_attr->mr_mode = FI_MR_LOCAL | FI_MR_VIRT_ADDR | FI_MR_ALLOCATED | FI_MR_PROV_KEY;
    hints->domain_attr->av_type = FI_AV_TABLE;
    hints->tx_attr->tclass = FI_TC_LOW_LATENCY;
    hints->fabric_attr->prov_name = strdup(provider);
    if (domain != NULL)
        hints->domain_attr->name = strdup(domain);
    return hints;
}

/* Asks with RMA, then without: not every provider has it. */
static int ask(const char *provider, const char *domain, const char *source, struct fi_info **ret)
{
    struct fi_info *hints = fabric_hints(provider, domain);
    uint64_t flags = source != NULL ? FI_SOURCE : 0;
    int status;

    if (hints == NULL)
        return -FI_ENOMEM;
    status = fi_getinfo(library_api(), source, NULL, flags, hints, ret);
    if (status == -FI_ENODATA) {
        hints->caps = FI_MSG | FI_TAGGED;
        status = fi_getinfo(library_api(), source, NULL, flags, hints, ret);
    }
    fi_freeinfo(hints);
    return status;
}

/* tcp;ofi_rxm is what 1.17 calls RDM over TCP; 1.18 and later do it in `tcp` itself. */
int fabric_info(const char *provider, const char *domain, const char *source, struct fi_info **ret)
{
    int status = ask(provider, domain, source, ret);

    if (status == -FI_ENODATA && strcmp(provider, "tcp;ofi_rxm") == 0)
        status = ask("tcp", domain, source, ret);
    return status;
}

static void copy(char *to, size_t room, const char *from)
{
    snprintf(to, room, "%s", from == NULL ? "" : from);
}

bool fabric_is_ip(const struct fi_info *info)
{
    return info->addr_format == FI_SOCKADDR_IN || info->addr_format == FI_SOCKADDR_IN6;
}

static void describe(const struct fi_info *info, struct rail_place *place)
{
    *place = (struct rail_place){0};
    copy(place->provider, sizeof place->provider, info->fabric_attr->prov_name);
    copy(place->domain, sizeof place->domain, info->domain_attr->name);
    if (info->nic != NULL && info->nic->device_attr != NULL)
        copy(place->device, sizeof place->device, info->nic->device_attr->name);
    if (info->nic != NULL && info->nic->link_attr != NULL) {
        place->speed_bits = info->nic->link_attr->speed;
        place->mtu = (int64_t)info->nic->link_attr->mtu;
    }
    if (info->src_addr == NULL)
        return;
    if (info->addr_format == FI_SOCKADDR_IN) {
        const struct sockaddr_in *in = info->src_addr;
        inet_ntop(AF_INET, &in->sin_addr, place->address, sizeof place->address);
        place->loopback = (ntohl(in->sin_addr.s_addr) >> 24) == 127;
    } else if (info->addr_format == FI_SOCKADDR_IN6) {
        const struct sockaddr_in6 *in6 = info->src_addr;
        inet_ntop(AF_INET6, &in6->sin6_addr, place->address, sizeof place->address);
        place->loopback = IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
    }
}

/* efa-direct lists every domain once more; an address of the link alone reaches nobody by itself.
 */
static bool wanted(const struct fi_info *info)
{
    const struct sockaddr_in6 *in6 = info->src_addr;

    if (strcmp(info->fabric_attr->prov_name, "efa") == 0 &&
        strcmp(info->fabric_attr->name, "efa") != 0)
        return false;
    return info->addr_format != FI_SOCKADDR_IN6 || in6 == NULL ||
           !IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr);
}

static int find_place(const struct rail_place *places, int count, const char *domain)
{
    for (int i = 0; i < count; i++)
        if (strcmp(places[i].domain, domain) == 0)
            return i;
    return -1;
}

static int list(const struct fi_info *first, struct rail_place *places, int most)
{
    int count = 0;

    for (int pass = 0; pass < 2; pass++) /* IPv6 only where a domain has nothing else */
        for (const struct fi_info *info = first; info != NULL; info = info->next) {
            if (!wanted(info) || (info->addr_format == FI_SOCKADDR_IN6) != (pass == 1) ||
                count == most || find_place(places, count, info->domain_attr->name) >= 0)
                continue;
            describe(info, &places[count++]);
        }
    return count;
}

static bool by_name(const struct rail_place *all, int count, const char *provider, struct str name,
                    struct rail_place *ret)
{
    char source[RAIL_NAME];
    struct in6_addr address;
    struct fi_info *info = NULL;

    for (int i = 0; i < count; i++)
        if (str_is(name, all[i].domain) || (*all[i].device && str_is(name, all[i].device)) ||
            (*all[i].address && str_is(name, all[i].address))) {
            *ret = all[i];
            return true;
        }
    snprintf(source, sizeof source, "%.*s", STR(name));
    if (inet_pton(AF_INET, source, &address) != 1 && inet_pton(AF_INET6, source, &address) != 1)
        return false;
    if (fabric_info(provider, NULL, source, &info) != 0 || info == NULL)
        return false;
    describe(info, ret);
    copy(ret->domain, sizeof ret->domain, source); /* one device may carry several */
    fi_freeinfo(info);
    return strcmp(ret->address, source) == 0;
}

static bool none(const char *provider, int status, struct probe_error *reterr)
{
    if (strcmp(provider, "efa") == 0)
        return probe_error(reterr, EXIT_UNAVAILABLE,
                           "no EFA device answers (fi_getinfo: %s); look, in this order, whether "
                           "the instance has one (lspci, /sys/class/infiniband), whether "
                           "/dev/infiniband/uverbs* may be opened here, and whether the libfabric "
                           "that was loaded knows efa (fi_info -l; the nodes' own is in "
                           "/opt/amazon/efa)",
                           fi_strerror(-status));
    return probe_error(reterr, EXIT_UNAVAILABLE,
                       "libfabric has no provider \"%s\" for reliable datagrams here "
                       "(fi_getinfo: %s); `fi_info -t FI_EP_RDM` lists what there is",
                       provider, fi_strerror(-status));
}

/* Of the rails that were named. -1: *reterr. */
static int named(const struct rail_place *all, int found, const char *provider,
                 const struct str *names, int count, struct rail_place *ret_places,
                 struct probe_error *reterr)
{
    for (int i = 0; i < count; i++) {
        if (!by_name(all, found, provider, names[i], &ret_places[i])) {
            probe_error(reterr, EXIT_UNAVAILABLE,
                        "provider %s has no rail \"%.*s\" on this node; the first it has is "
                        "\"%s\" (`fi_info -p '%s'` lists all)",
                        provider, STR(names[i]), all[0].domain, provider);
            return -1;
        }
        for (int k = 0; k < i; k++)
            if (strcmp(ret_places[k].domain, ret_places[i].domain) == 0) {
                probe_error(reterr, EXIT_UNAVAILABLE,
                            "--rail %.*s and --rail %.*s are the same place: name it once",
                            STR(names[k]), STR(names[i]));
                return -1;
            }
    }
    return count;
}

enum { FIND_MOST = 256 };

int rail_find(const char *provider, const struct str *names, uint32_t name_count,
              struct rail_place *ret_places, int most, struct probe_error *reterr)
{
    struct rail_place *all = calloc(FIND_MOST, sizeof *all);
    struct fi_info *info = NULL;
    int status, count = -1, found = 0;

    if (!library_open(reterr)) {
        free(all);
        return -1;
    }
    status = fabric_info(provider, NULL, NULL, &info);
    if (all == NULL || status != 0) {
        free(all);
        none(provider, all == NULL ? -FI_ENOMEM : status, reterr);
        return -1;
    }
    found = list(info, all, FIND_MOST);
    fi_freeinfo(info);
    if (found == 0) {
        none(provider, -FI_ENODATA, reterr);
    } else if (name_count == 0) {
        count = found < most ? found : most;
        memcpy(ret_places, all, (size_t)count * sizeof *all);
    } else {
        count = named(all, found, provider, names, (int)name_count < most ? (int)name_count : most,
                      ret_places, reterr);
    }
    free(all);
    return count;
}

void rail_library(char version[32], char path[256])
{
    struct probe_error unsaid = {0};
    uint32_t release;

    copy(version, 32, "");
    copy(path, 256, "");
    if (!library_open(&unsaid))
        return;
    release = fi_version();
    copy(version, 32, fi_tostr(&release, FI_TYPE_VERSION));
    copy(path, 256, library_path());
}
