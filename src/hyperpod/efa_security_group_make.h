/* Making the group itself. */
#ifndef HP_HYPERPOD_EFA_SECURITY_GROUP_MAKE_H
#define HP_HYPERPOD_EFA_SECURITY_GROUP_MAKE_H

#include "hyperpod.h"

/* Makes one group, or finds the one it made when AWS's answer was lost; never a second one, and
 * never one that was there before. False: told. */
bool sg_make(struct tf_call *call, struct str *ret_id, struct str *ret_name);
/* Is the name the prefix with what we put behind it? */
bool sg_name_is_generated(struct str name, struct str prefix);

#endif
