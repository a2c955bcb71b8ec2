/* Schemas as messages. Every Schema and NestedBlock carries its block, every Function its return,
 * empty or not. */
#ifndef HP_WIRE_SCHEMA_H
#define HP_WIRE_SCHEMA_H

#include "messages.h"
#include <hp/tf/server.h>

Tfplugin6__Schema *wire_schema_of(struct arena *arena, const struct tf_offer *offer);
Tfplugin6__Function *wire_function_of(struct arena *arena, const struct tf_function *function);

#endif
