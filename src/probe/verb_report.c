/* The verbs that read: report and compare. */
#include "engine/last_words.h"
#include "judge/judge.h"
#include "report/compare.h"
#include "report/report.h"
#include "result/document.h"
#include "verbs.h"

#include "facts/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

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

/* A folder stands for the report.json in it. */
static const char *report_path(struct arena *arena, const char *word)
{
    struct stat status;

    if (stat(word, &status) != 0 || !S_ISDIR(status.st_mode))
        return word;
    return arena_fmt(arena, "%s/report.json", word).ptr;
}

/* What is read must not be replaced by something that cannot be read again. */
static bool spares(const char *out, const char *in, struct probe_error *reterr)
{
    struct stat a, b;

    if (out == NULL || stat(out, &a) != 0 || stat(in, &b) != 0 || a.st_dev != b.st_dev ||
        a.st_ino != b.st_ino || !S_ISREG(a.st_mode))
        return true;
    return probe_error(reterr, EXIT_BAD_USAGE,
                       "--out %s: this is the report that is read, and would be lost; name "
                       "another file",
                       out);
}

/* A report that lost its matrix says all that it says; whoever looks for single measurements
 * should know. */
static void note_matrix(const struct probe_run *run, const char *report)
{
    const struct probe_matrix_file *matrix = &run->judged->matrix;
    const char *slash = strrchr(report, '/');
    char path[PATH_MAX];
    struct stat status;

    if (matrix->file.len == 0 || str_find_char(matrix->file, '/') < matrix->file.len)
        return;
    snprintf(path, sizeof path, "%.*s%.*s", slash == NULL ? 0 : (int)(slash + 1 - report), report,
             STR(matrix->file));
    if (stat(path, &status) != 0)
        fprintf(stderr,
                "hyperpod-probe: note: %s: %s; the single measurements are not beside the report\n",
                path, strerror(errno));
    else if (status.st_size != matrix->bytes)
        fprintf(stderr,
                "hyperpod-probe: note: %s has %lld bytes, and the report says %lld: it is of "
                "another run, or was cut off\n",
                path, (long long)status.st_size, (long long)matrix->bytes);
}

int verb_report(const struct probe_options *options, const struct world *world)
{
    scoped(arena_freep) struct arena *arena = arena_new(TEXTS);
    struct probe_error error = {0};
    const char *path = report_path(arena, options->files[0]);
    scoped(probe_run_freep) struct probe_run *run = document_load(path, &error);
    struct str text;

    (void)world;
    if (run == NULL || (options->format != FORMAT_JSON && !spares(options->out, path, &error)))
        return failed(&error);
    if (last_words_read(run, path))
        judge_run(run, NULL);
    if (options->format == FORMAT_TEXT || options->format == FORMAT_HTML)
        note_matrix(run, path);
    if (!render(arena, run, options, &text, &error) || !deliver(options->out, text, &error))
        return failed(&error);
    return report_exit(run, options->strict);
}

int verb_compare(const struct probe_options *options, const struct world *world)
{
    scoped(arena_freep) struct arena *arena = arena_new(TEXTS);
    struct probe_error error = {0};
    const char *files[] = {report_path(arena, options->files[0]),
                           report_path(arena, options->files[1])};
    scoped(probe_run_freep) struct probe_run *a = document_load(files[0], &error);
    scoped(probe_run_freep) struct probe_run *b =
        a == NULL ? NULL : document_load(files[1], &error);

    (void)world;
    if (b == NULL || !spares(options->out, files[0], &error) ||
        !spares(options->out, files[1], &error))
        return failed(&error);
    struct comparison comparison = compare_runs(arena, a, b, options->tolerance);
    comparison.files[0] = files[0];
    comparison.files[1] = files[1];
    struct str text = options->format == FORMAT_JSON
                          ? compare_json(arena, &comparison)
                          : compare_text(arena, &comparison, (uint32_t)options->top);
    if (!deliver(options->out, text, &error))
        return failed(&error);
    return compare_exit(&comparison);
}
