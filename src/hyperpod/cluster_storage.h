/* Storage configurations: a set that AWS may reorder, complete and add to. */
#ifndef HYPERPOD_CLUSTER_STORAGE_H
#define HYPERPOD_CLUSTER_STORAGE_H

#include "cluster.h"

/* AWS's list as a set, each element as `like` (a set, NULL or null) writes it; those that AWS added
 * by itself (`filled`, a list) stay out. */
const struct cty_value *cluster_storage_read(struct arena *arena, const struct doc *list,
                                             const struct cty_value *like,
                                             const struct doc *filled);
/* The elements of AWS's list that `like` does not ask for; NULL: none. */
struct doc *cluster_storage_filled(struct arena *arena, const struct doc *list,
                                   const struct cty_value *like);

#endif
