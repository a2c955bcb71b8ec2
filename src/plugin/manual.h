/* The manual as files: index.md, and one page for each resource. */
#ifndef HP_PLUGIN_MANUAL_H
#define HP_PLUGIN_MANUAL_H

#include <hp/base/clock.h>
#include <hp/tf/provider.h>

/* Writes FOLDER/index.md and FOLDER/resources/NAME.md, NAME without the provider's prefix, as
 * registries want it. Gives the exit status. */
int manual_write(const struct tf_provider *provider, const struct world *world, const char *folder);

#endif
