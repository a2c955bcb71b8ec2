/* The provider of hyperpod/hyperpod: its configuration and its resources, as tables. Static; lives
 * as long as the program.
 */
#ifndef HP_HYPERPOD_PROVIDER_H
#define HP_HYPERPOD_PROVIDER_H

#include <hp/tf/provider.h>

extern const struct tf_provider hp_provider;

#endif
