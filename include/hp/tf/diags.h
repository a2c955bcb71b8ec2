/* What a person is told: errors and warnings, each with a title, sentences and, where it has one, a
 * path. Collected for one RPC, in its arena. Making an error returns false, so that failing is one
 * line:
 *
 *     return diag_error(diags, at, "Too few instances", "A group holds 0 or more instances, not
 * %lld.", n);
 *
 * Text is cleaned to UTF-8 when it is made (one bad byte would cost the whole answer). Never put a
 * secret in. */
#ifndef HP_TF_DIAGS_H
#define HP_TF_DIAGS_H

#include <hp/cty/path.h>

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

struct diag {
    enum diag_severity severity;
    struct str summary, detail;
    const struct cty_path *path; /* NULL: about the whole */
    struct diag *next;
};

struct diags {
    struct arena *arena;
    struct diag *first, *last;
    size_t errors;
};

struct diags diags_in(struct arena *arena);
/* Always false. */
bool diag_error(struct diags *diags, const struct cty_path *path, const char *summary,
                const char *detail_format, ...) __attribute__((format(printf, 4, 5)));
/* Always true. */
bool diag_warning(struct diags *diags, const struct cty_path *path, const char *summary,
                  const char *detail_format, ...) __attribute__((format(printf, 4, 5)));
/* A provider's own mistake, found by tf: says so and asks for a report. Always false. */
bool diag_bug(struct diags *diags, const struct cty_path *path, const char *detail_format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
