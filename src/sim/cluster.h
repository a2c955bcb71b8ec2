#include <stdlib.h>
struct cluster;
static inline void cluster_free(struct cluster *c)
{
    free(c);
}
