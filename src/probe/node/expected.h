/* Who should be there, and what they are called: HyperPod's resource_config.json, Slurm, or a
 * number. It starts nothing; it only names. */
#ifndef HP_PROBE_EXPECTED_H
#define HP_PROBE_EXPECTED_H

#include "facts/error.h"

#include <hp/base/clock.h>

enum { EXPECTED_MOST = 4096 };

struct expected_node {
    struct str name, id, group, type, address, place;
};

struct expected {
    struct str cluster, source; /* source: "resource_config.json", "Slurm", …; empty: nobody said */
    const char *file;           /* that was read, for errors */
    uint32_t count;
    struct expected_node *nodes;
};

/* What stands in resource_config.json; what: its name, for errors. groups: only these; none: all.
 * False: EXIT_BAD_DATA; a group that is not in the file: EXIT_BAD_USAGE. */
bool expected_read(struct arena *arena, struct str json, const char *what, const struct str *groups,
                   uint32_t group_count, struct expected *ret, struct probe_error *reterr);

/* From the file when there is one (path NULL: where HyperPod puts it, and its absence is no error),
 * else from Slurm's environment. In a job of Slurm the file only describes the job's nodes, and
 * groups pick some of these. Groups without a file: EXIT_BAD_USAGE. */
bool expected_find(struct arena *arena, const struct world *world, const char *path,
                   const struct str *groups, uint32_t group_count, struct expected *ret,
                   struct probe_error *reterr);

/* The one with this address or name; NULL: none. */
const struct expected_node *expected_of(const struct expected *expected, struct str address,
                                        struct str name);

#endif
