/* What the archives ask of a newer glibc than the programs need: with these three, glibc 2.34 is
 * enough, which is what Amazon Linux 2023, RHEL 9 and Ubuntu 22.04 have. */
#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

/* Since 2.36; expat salts its tables with it, libstdc++ has it for std::random_device. */
void arc4random_buf(void *bytes, size_t len)
{
    char *at = bytes;
    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0)
            continue; /* interrupted; nothing else can happen to it */
        at += got;
        len -= (size_t)got;
    }
}

uint32_t arc4random(void)
{
    uint32_t number;
    arc4random_buf(&number, sizeof number);
    return number;
}

struct search {
    uintptr_t address;
    struct dl_find_object *result;
};

static int look(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct search *search = arg;
    uintptr_t unwinding = 0, start = 0, end = 0;
    (void)size;

    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t at = info->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_GNU_EH_FRAME)
            unwinding = at;
        if (part->p_type == PT_LOAD && search->address >= at &&
            search->address - at < part->p_memsz) {
            start = at;
            end = at + part->p_memsz;
        }
    }
    if (end == 0 || unwinding == 0)
        return 0;
    *search->result = (struct dl_find_object){.dlfo_map_start = (void *)start,
                                              .dlfo_map_end = (void *)end,
                                              .dlfo_eh_frame = (void *)unwinding};
    return 1;
}

/* Since 2.35; the unwinder in libgcc_eh.a finds a program's tables by it. */
int _dl_find_object(void *address, struct dl_find_object *result)
{
    struct search search = {(uintptr_t)address, result};
    return dl_iterate_phdr(look, &search) == 1 ? 0 : -1;
}
