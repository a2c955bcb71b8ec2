/* Lists of hosts as Slurm writes them: "p5-[001-004,7],login1", brackets several times in a name.
 */
#ifndef HP_PROBE_HOSTLIST_H
#define HP_PROBE_HOSTLIST_H

#include <hp/base/arena.h>

/* At most `most` names, in the order of the list. False: it is no such list, or it has more. */
bool hostlist_expand(struct arena *arena, struct str text, uint32_t most, struct str **ret_names,
                     uint32_t *ret_count);

#endif
