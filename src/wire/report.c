#include "report.h"

static char *text(struct arena *arena, struct str s)
{
    return arena_z(arena, arena_utf8(arena, s));
}

static Tfplugin6__AttributePath__Step *step_of(struct arena *arena, const struct cty_path *path)
{
    Tfplugin6__AttributePath__Step *step =
        pb_new(arena, &tfplugin6__attribute_path__step__descriptor);
    switch (path->step) {
    case CTY_STEP_ATTR:
        step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ATTRIBUTE_NAME;
        step->attribute_name = text(arena, path->name);
        break;
    case CTY_STEP_KEY:
        step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_STRING;
        step->element_key_string = text(arena, path->name);
        break;
    case CTY_STEP_INDEX:
        step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_INT;
        step->element_key_int = path->index;
        break;
    }
    return step;
}

Tfplugin6__AttributePath *wire_path(struct arena *arena, const struct cty_path *path)
{
    Tfplugin6__AttributePath *message = pb_new(arena, &tfplugin6__attribute_path__descriptor);
    message->n_steps = cty_path_length(path);
    message->steps = arena_array(arena, Tfplugin6__AttributePath__Step *, message->n_steps);
    for (size_t i = message->n_steps; i > 0; i--, path = path->parent)
        message->steps[i - 1] = step_of(arena, path);
    return message;
}

static Tfplugin6__Diagnostic *diagnostic(struct arena *arena, const struct diag *diag)
{
    Tfplugin6__Diagnostic *message = pb_new(arena, &tfplugin6__diagnostic__descriptor);
    message->severity = diag->severity == DIAG_WARNING ? TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING
                                                       : TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR;
    message->summary = text(arena, diag->summary);
    message->detail = text(arena, diag->detail);
    if (diag->path != NULL)
        message->attribute = wire_path(arena, diag->path);
    return message;
}

void wire_report(struct arena *arena, const struct diags *diags, size_t *ret_count,
                 Tfplugin6__Diagnostic ***ret_diagnostics)
{
    size_t count = 0;
    for (const struct diag *diag = diags->first; diag != NULL; diag = diag->next)
        count++;
    Tfplugin6__Diagnostic **all = arena_array(arena, Tfplugin6__Diagnostic *, count);
    size_t at = 0;
    for (const struct diag *diag = diags->first; diag != NULL; diag = diag->next)
        all[at++] = diagnostic(arena, diag);
    *ret_count = count;
    *ret_diagnostics = all;
}
