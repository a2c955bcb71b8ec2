/* The verbs that read: report and compare. */
#include "engine/last_words.h"
#include "judge/judge.h"
#include "report/compare.h"
#include "report/report.h"
#include "result/document.h"
#include "verbs.h"

#include "facts/file.h"

#include <errno.h>
#include <stdio.h>

enum { TEXTS = 512 << 20 };

static int failed(const struct probe_error *error)
{
    fprintf(stderr, "hyperpod-probe: %s\n", error->text);
    return error->exit_code;
}

/* Into the file, or to stdout; false: *reterr. */
static bool deliver(const char *out, struct str text, struct probe_error *reterr)
{
    if (out != NULL)
        return file_write(out, text, reterr);
    if (fwrite(text.ptr, 1, text.len, stdout) != text.len || fflush(stdout) != 0)
        return probe_error(reterr, EXIT_CANNOT_WRITE, "stdout: cannot be written: %s",
                           strerror(errno));
    return true;
}

static bool render(struct arena *arena, const struct probe_run *run,
                   const struct probe_options *options, struct str *ret, struct probe_error *reterr)
{
    uint32_t top = (uint32_t)options->top;

    switch (options->format) {
    case FORMAT_TEXT:
        *ret = report_text(arena, run, top);
        return true;
    case FORMAT_JSON:
        return document_write(run, arena, ret, reterr);
    case FORMAT_JUNIT:
        *ret = report_junit(arena, run);
        return true;
    case FORMAT_PROM:
        *ret = report_prom(arena, run);
        return true;
    case FORMAT_HTML:
        *ret = report_html(arena, run, top);
        return true;
    }
    return false;
}

int verb_report(const struct probe_options *options, const struct world *world)
{
    scoped(arena_freep) struct arena *arena = arena_new(TEXTS);
    struct probe_error error = {0};
    scoped(probe_run_freep) struct probe_run *run = document_load(options->files[0], &error);
    struct str text;

    (void)world;
    if (run != NULL && last_words_read(run, options->files[0]))
        judge_run(run, NULL);
    if (run == NULL || !render(arena, run, options, &text, &error) ||
        !deliver(options->out, text, &error))
        return failed(&error);
    return report_exit(run, options->strict);
}

int verb_compare(const struct probe_options *options, const struct world *world)
{
    scoped(arena_freep) struct arena *arena = arena_new(TEXTS);
    struct probe_error error = {0};
    scoped(probe_run_freep) struct probe_run *a = document_load(options->files[0], &error);
    scoped(probe_run_freep) struct probe_run *b =
        a == NULL ? NULL : document_load(options->files[1], &error);

    (void)world;
    if (b == NULL)
        return failed(&error);
    struct comparison comparison = compare_runs(arena, a, b, options->tolerance);
    struct str text = options->format == FORMAT_JSON
                          ? compare_json(arena, &comparison)
                          : compare_text(arena, &comparison, (uint32_t)options->top);
    if (!deliver(options->out, text, &error))
        return failed(&error);
    return compare_exit(&comparison);
}
