#ifndef HP_SIM_INSTANCE_TYPES_H
#define HP_SIM_INSTANCE_TYPES_H

#include <hp/base/str.h>

extern const char *const instance_type_names[]; /* ended by NULL */
bool instance_type_has_efa(struct str type);
bool instance_type_is_accelerated(struct str type);

#endif
