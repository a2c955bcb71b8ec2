#include <hp/tf/diags.h>

struct diags diags_in(struct arena *arena)
{
    return (struct diags){.arena = arena};
}

static bool is_in_timeouts(const struct cty_path *path)
{
    while (path->parent != NULL)
        path = path->parent;
    return str_is(path->name, "timeouts");
}

/* Terraform shows the line of an attribute, but not where inside a nested one: the text says it. */
static struct str placed(struct arena *arena, const struct cty_path *path, struct str detail)
{
    if (path == NULL || path->parent == NULL || is_in_timeouts(path))
        return detail;
    struct str place = cty_path_text(arena, path);
    return arena_fmt(arena, "At %.*s: %.*s", STR(place), STR(detail));
}

static void add(struct diags *diags, enum diag_severity severity, const struct cty_path *path,
                struct str summary, struct str detail)
{
    struct diag *diag = arena_make(diags->arena, struct diag);
    *diag = (struct diag){.severity = severity,
                          .summary = arena_utf8(diags->arena, summary),
                          .detail = arena_utf8(diags->arena, placed(diags->arena, path, detail)),
                          .path = path};
    if (diags->last == NULL)
        diags->first = diag;
    else
        diags->last->next = diag;
    diags->last = diag;
    diags->errors += severity == DIAG_ERROR;
}

bool diag_error(struct diags *diags, const struct cty_path *path, const char *summary,
                const char *detail_format, ...)
{
    va_list args;
    va_start(args, detail_format);
    struct str detail = arena_vfmt(diags->arena, detail_format, args);
    va_end(args);
    add(diags, DIAG_ERROR, path, str_of(summary), detail);
    return false;
}

bool diag_warning(struct diags *diags, const struct cty_path *path, const char *summary,
                  const char *detail_format, ...)
{
    va_list args;
    va_start(args, detail_format);
    struct str detail = arena_vfmt(diags->arena, detail_format, args);
    va_end(args);
    add(diags, DIAG_WARNING, path, str_of(summary), detail);
    return true;
}

bool diag_bug(struct diags *diags, const struct cty_path *path, const char *detail_format, ...)
{
    va_list args;
    va_start(args, detail_format);
    struct str what = arena_vfmt(diags->arena, detail_format, args);
    va_end(args);
    struct str detail = arena_cat(
        diags->arena, what,
        S("\n\nThis is a mistake in the provider, not in the configuration. Please report it."));
    add(diags, DIAG_ERROR, path, S("The provider made a mistake"), detail);
    return false;
}
