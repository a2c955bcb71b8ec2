#ifndef HP_SIM_INSTANCE_TYPES_H
#define HP_SIM_INSTANCE_TYPES_H

#include <hp/base/str.h>

enum accelerator_kind { ACCELERATOR_NONE, ACCELERATOR_NVIDIA, ACCELERATOR_NEURON };

struct instance_type {
    const char *name;
    int efa_cards;           /* network cards that can have EFA */
    int interface_addresses; /* IPv4 addresses that one interface may have */
    enum accelerator_kind accelerator;
};

extern const char *const instance_type_names[]; /* ended by NULL */
/* Lives for ever; NULL: there is no such type. */
const struct instance_type *instance_type_find(struct str name);
bool instance_type_has_efa(struct str type);
bool instance_type_is_accelerated(struct str type);

#endif
