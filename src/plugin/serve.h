/* The provider at work: from the socket to the last call. */
#ifndef HP_PLUGIN_SERVE_H
#define HP_PLUGIN_SERVE_H

#include "handshake.h"
#include <hp/plugin/plugin.h>

/* Both give the exit status. */
int serve_terraform(const struct tf_provider *provider, const struct world *world,
                    const struct handshake *handshake);
int serve_debug(const struct plugin_program *program, const struct tf_provider *provider,
                const struct world *world);

#endif
