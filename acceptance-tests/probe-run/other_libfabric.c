/* A libfabric of another version: RELEASE, and a struct fi_info that has grown. Who asks for the newest fi_getinfo is
 * ended; who asks for that of 1.17's headers has this machine's libfabric. Linked with other_libfabric.map. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <rdma/fabric.h>
#include <rdma/fi_errno.h>
#include <stdio.h>
#include <stdlib.h>

static void *real(const char *name, const char *version)
{
    static void *library;
    if (library == NULL)
        library = dlopen("libfabric.so.1", RTLD_NOW);
    return library == NULL ? NULL : dlvsym(library, name, version);
}

#define REAL(name, version) ((__typeof__(name) *)real(#name, version))

int getinfo_of_old(uint32_t version, const char *node, const char *service, uint64_t flags, const struct fi_info *hints,
                   struct fi_info **info)
{
    uint32_t ours = REAL(fi_version, "FABRIC_1.0")();
    fprintf(stderr, "asked for API %u.%u\n", FI_MAJOR(version), FI_MINOR(version));
    return REAL(fi_getinfo, "FABRIC_1.3")(version < ours ? version : ours, node, service, flags, hints, info);
}
int getinfo_of_now(uint32_t version, const char *node, const char *service, uint64_t flags, const struct fi_info *hints,
                   struct fi_info **info)
{
    (void)version, (void)node, (void)service, (void)flags, (void)hints, (void)info;
    fprintf(stderr, "asked for structs that the headers do not know\n");
    abort();
}
__asm__(".symver getinfo_of_old,fi_getinfo@FABRIC_1.3");
__asm__(".symver getinfo_of_now,fi_getinfo@@FABRIC_1.9");

void fi_freeinfo(struct fi_info *info) { REAL(fi_freeinfo, "FABRIC_1.3")(info); }
struct fi_info *fi_dupinfo(const struct fi_info *info) { return REAL(fi_dupinfo, "FABRIC_1.3")(info); }
int fabric(struct fi_fabric_attr *attr, struct fid_fabric **ret, void *context)
{
    return REAL(fi_fabric, "FABRIC_1.1")(attr, ret, context);
}
uint32_t version(void) { return RELEASE; }
const char *words(int error) { return REAL(fi_strerror, "FABRIC_1.0")(error); }
char *shown(const void *data, enum fi_type type)
{
    static char text[16];
    if (type != FI_TYPE_VERSION)
        return REAL(fi_tostr, "FABRIC_1.0")(data, type);
    snprintf(text, sizeof text, "%u.%u.0", FI_MAJOR(RELEASE), FI_MINOR(RELEASE));
    return text;
}
__asm__(".symver fabric,fi_fabric@@FABRIC_1.1");
__asm__(".symver version,fi_version@@FABRIC_1.0");
__asm__(".symver words,fi_strerror@@FABRIC_1.0");
__asm__(".symver shown,fi_tostr@@FABRIC_1.0");
