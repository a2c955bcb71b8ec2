/* What the kernel tells in files. root stands before every path: "" on a real node, a folder of a
 * test's elsewhere. */
#ifndef HP_PROBE_SYSFS_H
#define HP_PROBE_SYSFS_H

#include <hp/base/arena.h>

bool sysfs_there(const char *root, const char *path);
/* The first line, trimmed; empty when there is no such file. */
struct str sysfs_line(struct arena *arena, const char *root, const char *path);
int64_t sysfs_number(const char *root, const char *path, int64_t otherwise);
/* How many devices of Amazon (0x1d0f) are EFA: 0xefa0 to 0xefaf. */
uint32_t sysfs_efa_count(const char *root);

/* Counters of a device's port that tell of trouble, or of bytes. */
enum { SYSFS_COUNTERS = 10 };
extern const char *const sysfs_counter_names[SYSFS_COUNTERS];
/* -1 where there is none. */
void sysfs_counters(const char *root, const char *device, int64_t ret_values[SYSFS_COUNTERS]);

/* By how much a counter rose between two looks; 0 when it did not, or was not there, or began anew.
 */
int64_t sysfs_moved(const int64_t before[SYSFS_COUNTERS], const int64_t after[SYSFS_COUNTERS],
                    int counter);

/* Processor time of all, in clock ticks: busy and stolen, without interrupts, which are mostly
 * those of our own messages and belong to no process. False: /proc/stat cannot be read. */
struct sysfs_load {
    int64_t busy, total, own; /* own: of this process and its children that have ended */
};
bool sysfs_load(const char *root, struct sysfs_load *ret);
/* Share of one processor that others had between two looks. */
double sysfs_foreign(const struct sysfs_load *before, const struct sysfs_load *after);

#endif
