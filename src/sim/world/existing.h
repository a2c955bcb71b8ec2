/* What a scenario says about things of other services: where it names the EKS clusters, buckets or
 * roles that there are, these are all. A kind that it does not name is there under every name; of
 * EKS clusters, there is one, "sim". Part of the state. */
#ifndef HP_SIM_EXISTING_H
#define HP_SIM_EXISTING_H

#include "ground/text.h"
#include <hp/doc/doc.h>

enum existing_kind { EXISTING_EKS_CLUSTER, EXISTING_BUCKET, EXISTING_ROLE, EXISTING_KINDS };

struct existing {
    struct tags names[EXISTING_KINDS]; /* keys only */
    bool told[EXISTING_KINDS];
};

void existing_done(struct existing *existing);

/* By name; an ARN counts by its last part, a bucket's object by its bucket. */
bool existing_has(const struct existing *existing, enum existing_kind kind, struct str name);

/* {"eks_clusters": [names], "buckets": […], "roles": […]}: a kind that is given replaces what was
 * told. False: *ret_why, *ret_at is the part of the tree that is wrong, and nothing has changed. */
bool existing_take(struct existing *existing, const struct doc *spec, const void **ret_at,
                   struct str *ret_why);
struct doc *existing_describe(const struct existing *existing, struct arena *arena);

#endif
