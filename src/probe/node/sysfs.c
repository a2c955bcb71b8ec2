#include "sysfs.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/times.h>
#include <unistd.h>

const char *const sysfs_counter_names[SYSFS_COUNTERS] = {
    "retrans_pkts",
    "retrans_bytes",
    "retrans_timeout_events",
    "rx_drops",
    "impaired_remote_conn_events",
    "unresponsive_remote_events",
    "create_ah_err",
    "rdma_read_bytes",
    "rdma_write_bytes",
    "tx_bytes",
};

static FILE *open_under(const char *root, const char *path)
{
    char full[512];

    if ((size_t)snprintf(full, sizeof full, "%s%s", root, path) >= sizeof full)
        return NULL;
    return fopen(full, "re");
}

bool sysfs_there(const char *root, const char *path)
{
    char full[512];

    return (size_t)snprintf(full, sizeof full, "%s%s", root, path) < sizeof full &&
           access(full, F_OK) == 0;
}

static struct str first_line(const char *root, const char *path, char *line, int size)
{
    FILE *file = open_under(root, path);
    bool read = file != NULL && fgets(line, size, file) != NULL;

    if (file != NULL)
        fclose(file);
    return read ? str_trim(str_of(line)) : S("");
}

struct str sysfs_line(struct arena *arena, const char *root, const char *path)
{
    char line[256];

    return arena_utf8(arena, arena_str(arena, first_line(root, path, line, sizeof line)));
}

int64_t sysfs_number(const char *root, const char *path, int64_t otherwise)
{
    char line[64];
    int64_t number = otherwise;

    str_to_int64(first_line(root, path, line, sizeof line), &number);
    return number;
}

static bool is_efa(const char *root, const char *device)
{
    char path[320], line[64];
    struct str id;

    snprintf(path, sizeof path, "/sys/class/infiniband/%s/device/vendor", device);
    if (!str_is(first_line(root, path, line, sizeof line), "0x1d0f"))
        return false;
    snprintf(path, sizeof path, "/sys/class/infiniband/%s/device/device", device);
    id = first_line(root, path, line, sizeof line);
    return id.len == 6 && str_starts(id, S("0xefa")); /* newer ones have come, so none by its own */
}

uint32_t sysfs_efa_count(const char *root)
{
    char full[512];
    uint32_t count = 0;
    struct dirent *entry;
    DIR *folder;

    if ((size_t)snprintf(full, sizeof full, "%s/sys/class/infiniband", root) >= sizeof full ||
        (folder = opendir(full)) == NULL)
        return 0;
    while ((entry = readdir(folder)) != NULL)
        count += entry->d_name[0] != '.' && is_efa(root, entry->d_name);
    closedir(folder);
    return count;
}

void sysfs_counters(const char *root, const char *device, int64_t ret_values[SYSFS_COUNTERS])
{
    char path[320];

    for (int i = 0; i < SYSFS_COUNTERS; i++) {
        snprintf(path, sizeof path, "/sys/class/infiniband/%s/ports/1/hw_counters/%s", device,
                 sysfs_counter_names[i]);
        ret_values[i] = *device == '\0' ? -1 : sysfs_number(root, path, -1);
    }
}

int64_t sysfs_moved(const int64_t before[SYSFS_COUNTERS], const int64_t after[SYSFS_COUNTERS],
                    int counter)
{
    if (before[counter] < 0 || after[counter] <= before[counter])
        return 0;
    return after[counter] - before[counter];
}

bool sysfs_load(const char *root, struct sysfs_load *ret)
{
    FILE *file = open_under(root, "/proc/stat");
    int64_t t[8] = {0};
    struct tms own;
    int read;

    if (file == NULL)
        return false;
    read = fscanf(file,
                  "cpu %" SCNd64 "%" SCNd64 "%" SCNd64 "%" SCNd64 "%" SCNd64 "%" SCNd64 "%" SCNd64
                  "%" SCNd64,
                  &t[0], &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7]);
    fclose(file);
    if (read < 8)
        return false;
    times(&own);
    ret->busy = t[0] + t[1] + t[2] + t[7];
    ret->total = ret->busy + t[3] + t[4] + t[5] + t[6];
    ret->own = own.tms_utime + own.tms_stime + own.tms_cutime + own.tms_cstime;
    return true;
}

double sysfs_foreign(const struct sysfs_load *before, const struct sysfs_load *after)
{
    int64_t total = after->total - before->total;
    int64_t others = after->busy - before->busy - (after->own - before->own);
    double processors = (double)sysconf(_SC_NPROCESSORS_ONLN);

    return total <= 0 || others <= 0 ? 0 : (double)others / (double)total * processors;
}
