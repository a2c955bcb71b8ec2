/* All resources of the provider, ended by NULL. */
#ifndef HP_HYPERPOD_REGISTRY_H
#define HP_HYPERPOD_REGISTRY_H

#include <hp/tf/resource.h>

extern const struct tf_resource *const hp_resources[];

#endif
