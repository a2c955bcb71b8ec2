/* The list of resources, read once from registry.def. */
#include "registry.h"

#include "hyperpod.h"

const struct tf_resource *const hp_resources[] = {
#define HP_RESOURCE(name) &hp_##name,
#include "registry.def"
#undef HP_RESOURCE
    NULL,
};
