#include "library.h"

#include <dlfcn.h>
#include <hp/base/clock.h>
#include <rdma/fi_errno.h>
#include <string.h>

#if LIBRARY_HEADERS < FI_VERSION(1, 20)
const char library_layout[] = "FABRIC_1.3";
#elif LIBRARY_HEADERS < FI_VERSION(2, 0)
const char library_layout[] = "FABRIC_1.7";
#elif LIBRARY_HEADERS < FI_VERSION(2, 5)
const char library_layout[] = "FABRIC_1.8";
#else
const char library_layout[] = "FABRIC_1.9";
#endif

static struct {
    __typeof__(fi_getinfo) *getinfo;
    __typeof__(fi_freeinfo) *freeinfo;
    __typeof__(fi_dupinfo) *dupinfo;
    __typeof__(fi_fabric) *fabric;
    __typeof__(fi_version) *version;
    __typeof__(fi_strerror) *strerror;
    __typeof__(fi_tostr) *tostr;
} calls;

static bool is_open;

static bool load_calls(void *library, struct probe_error *reterr)
{
    const struct {
        const char *name, *version;
        void **to;
    } all[] = {
        {"fi_getinfo", library_layout, (void **)&calls.getinfo},
        {"fi_freeinfo", library_layout, (void **)&calls.freeinfo},
        {"fi_dupinfo", library_layout, (void **)&calls.dupinfo},
        {"fi_fabric", "FABRIC_1.1", (void **)&calls.fabric},
        {"fi_version", "FABRIC_1.0", (void **)&calls.version},
        {"fi_strerror", "FABRIC_1.0", (void **)&calls.strerror},
        {"fi_tostr", "FABRIC_1.0", (void **)&calls.tostr},
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if ((*all[i].to = dlvsym(library, all[i].name, all[i].version)) == NULL)
            return probe_error(reterr, EXIT_UNAVAILABLE,
                               "this libfabric cannot be used: it has no %s of %s (%s)",
                               all[i].name, all[i].version, dlerror());
    return true;
}

static void *load(struct probe_error *reterr)
{
    struct str named = world_env(world_of_process(), "HYPERPOD_PROBE_LIBFABRIC");
    const char *usual[] = {"libfabric.so.1", "/opt/amazon/efa/lib64/libfabric.so.1",
                           "/opt/amazon/efa/lib/libfabric.so.1", NULL};
    const char *one[] = {named.ptr, NULL};
    char why[256] = "";

    for (const char **path = str_empty(named) ? usual : one; *path != NULL; path++) {
        void *library = dlopen(*path, RTLD_NOW);
        const char *words = library == NULL ? dlerror() : NULL;
        if (library != NULL)
            return library;
        if (*why == '\0') /* of the first: that is the one to install */
            strncpy(why, words == NULL ? *path : words, sizeof why - 1);
    }
    probe_error(reterr, EXIT_UNAVAILABLE,
                "libfabric cannot be opened (%s); the EFA installer brings it (/opt/amazon/efa), "
                "elsewhere the package libfabric1 or libfabric; LD_LIBRARY_PATH or "
                "HYPERPOD_PROBE_LIBFABRIC say where another one is",
                why);
    return NULL;
}

bool library_open(struct probe_error *reterr)
{
    uint32_t version;
    void *library;

    if (is_open)
        return true;
    library = load(reterr);
    if (library == NULL || !load_calls(library, reterr))
        return false;
    version = calls.version();
    is_open = FI_VERSION_GE(version, LIBRARY_HEADERS);
    return is_open ||
           probe_error(reterr, EXIT_UNAVAILABLE,
                       "%s is libfabric %u.%u; hyperpod-probe needs %u.%u or newer", library_path(),
                       FI_MAJOR(version), FI_MINOR(version), FI_MAJOR_VERSION, FI_MINOR_VERSION);
}

const char *library_path(void)
{
    Dl_info where;

    return calls.version != NULL && dladdr((void *)(uintptr_t)calls.version, &where) != 0
               ? where.dli_fname
               : NULL;
}

/* Never the library's own: from 1.20 on the structs that it fills are longer. Those of 1.18 are
 * those of 1.17, and asked for 1.18 efa uses RDMA on every device that can; before, it left out
 * p4d's. */
uint32_t library_api(void)
{
    const uint32_t rdma = FI_VERSION(1, 18);

    return LIBRARY_HEADERS < rdma && FI_VERSION_GE(calls.version(), rdma) ? rdma : LIBRARY_HEADERS;
}

int fi_getinfo(uint32_t version, const char *node, const char *service, uint64_t flags,
               const struct fi_info *hints, struct fi_info **info)
{
    return calls.getinfo(version, node, service, flags, hints, info);
}

void fi_freeinfo(struct fi_info *info)
{
    calls.freeinfo(info);
}

struct fi_info *fi_dupinfo(const struct fi_info *info)
{
    return calls.dupinfo(info);
}

int fi_fabric(struct fi_fabric_attr *attr, struct fid_fabric **fabric, void *context)
{
    return calls.fabric(attr, fabric, context);
}

uint32_t fi_version(void)
{
    return calls.version();
}

const char *fi_strerror(int error)
{
    return calls.strerror(error);
}

char *fi_tostr(const void *data, enum fi_type type)
{
    return calls.tostr(data, type);
}
