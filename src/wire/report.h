/* Diagnostics and attribute paths, as messages. */
#ifndef HP_WIRE_REPORT_H
#define HP_WIRE_REPORT_H

#include "messages.h"
#include <hp/tf/diags.h>

Tfplugin6__AttributePath *wire_path(struct arena *arena, const struct cty_path *path);
/* Fills the repeated field of an answer. */
void wire_report(struct arena *arena, const struct diags *diags, size_t *ret_count,
                 Tfplugin6__Diagnostic ***ret_diagnostics);

#endif
