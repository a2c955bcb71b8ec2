#ifndef HP_SIM_INSTANCE_TYPES_H
#define HP_SIM_INSTANCE_TYPES_H

#include "instance_facts.h"

#include <hp/base/str.h>

extern const char *const instance_type_names[]; /* ended by NULL */
/* By SageMaker's name. Lives for ever; NULL: there is no such type. */
const struct instance_facts *instance_type_find(struct str name);
bool instance_type_has_efa(struct str type);
bool instance_type_is_accelerated(struct str type);

#endif
