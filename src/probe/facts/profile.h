/* What is expected of an instance type: rails, line rate, floors. Every number has its source; a
 * floor is what a healthy node is surely above, not what one hopes for.
 *
 * A profile lives as long as the arena it was read into. */
#ifndef HP_PROBE_PROFILE_H
#define HP_PROBE_PROFILE_H

#include "members.h"

struct profile_figure {
    double value; /* 0: nothing is known */
    struct str source;
};

struct profile {
    struct str schema, type, note, rdma; /* rdma: none, read, read+write; empty: unknown */
    uint32_t also_count;
    struct str *also;                                /* other types that are alike */
    struct profile_figure rails;                     /* EFA devices */
    struct profile_figure rail_gbps, node_gbps;      /* line rates */
    struct profile_figure latency_us_most;           /* median, 8 bytes */
    struct profile_figure bandwidth_gbps_least;      /* one rail, 1 MiB and more */
    struct profile_figure node_bandwidth_gbps_least; /* all rails at once */
};

/* Reads and checks it: a floor at or above its line rate, a figure without a source, another schema
 * are errors (EXIT_BAD_DATA). */
bool profile_read(struct arena *arena, struct str json, const char *what,
                  struct profile *ret_profile, struct probe_error *reterr);
/* The built-in profile of a type, with or without "ml."; false: there is none, *ret is empty. */
bool profile_of_type(struct arena *arena, struct str type, struct profile *ret_profile);
/* For --profile: a file where there is one of that name, a type otherwise. */
bool profile_load(struct arena *arena, const char *file_or_type, struct profile *ret_profile,
                  struct probe_error *reterr);
/* The names of all built-in profiles' types, ended by ptr NULL. */
const struct str *profile_types(struct arena *arena);

#endif
