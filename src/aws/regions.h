/* Partitions and regions. Private to aws. */
#ifndef AWS_REGIONS_H
#define AWS_REGIONS_H

#include <hp/base/arena.h>

struct partition {
    const char *id;        /* "aws-cn" */
    const char *prefixes;  /* what a region begins with, without the dash: "us eu ap" */
    const char *suffix;    /* "amazonaws.com" */
    const char *dualstack; /* "api.aws" */
    const char *global;    /* the region that means the whole partition */
};

/* Regions that fit no partition's form fall to "aws". */
const struct partition *partition_of(struct str region);
/* A region's form, and a word of the compass in it: a new region passes, "us-wset-2" does not. */
bool region_is_plausible(struct str region);
/* Small letters, digits, dashes between them, 63 at most: it can stand in a host's name. */
bool region_is_label(struct str region);
/* The known region that is nearest to what was typed, or ptr NULL when none is near. */
struct str region_near(struct str typed);

#endif
