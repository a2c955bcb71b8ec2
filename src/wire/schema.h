/* Tables as schema messages. Every schema and every nested block carries its block, if empty:
 * Terraform reads them unchecked. */
#ifndef HP_WIRE_SCHEMA_H
#define HP_WIRE_SCHEMA_H

#include "messages.h"
#include <hp/tf/server.h>

Tfplugin6__Schema *wire_provider_schema(struct arena *arena, const struct tf_server *server);
Tfplugin6__Schema *wire_resource_schema(struct arena *arena, const struct tf_server *server,
                                        const struct tf_resource *resource);

#endif
