#include "engine/engine.h"
#include "facts/file.h"
#include "judge/judge.h"
#include "report/report.h"
#include "verbs.h"

#include <hp/base/buf.h>
#include <stdio.h>
#include <unistd.h>

/* What was typed, for the report and for comparing ranks. */
static struct str typed(struct arena *arena)
{
    char line[1 << 16]; /* --pairs may be long */
    struct str words, word;
    FILE *file = fopen("/proc/self/cmdline", "re");
    size_t len = file == NULL ? 0 : fread(line, 1, sizeof line - 1, file);
    struct buf out = buf_in(arena, sizeof line + 1);

    if (file != NULL)
        fclose(file);
    words = (struct str){line, len > 0 ? len - 1 : 0};
    for (bool first = true; str_next(&words, '\0', &word); first = false)
        if (!first)
            buf_printf(&out, "%s%.*s", out.len > 0 ? " " : "", STR(word));
    return arena_utf8(arena, buf_str(&out));
}

static int fails(const struct probe_error *error, const struct world *world)
{
    if (error->exit_code != EXIT_BAD_USAGE || verb_tells(world))
        fprintf(stderr, "hyperpod-probe: %s\n", error->text);
    return error->exit_code;
}

static bool with_profile(struct engine *engine, const struct probe_options *options,
                         struct arena *arena, struct probe_run *run, struct profile *profile,
                         bool *ret_has, struct probe_error *reterr)
{
    struct str type = engine_type(engine);

    *ret_has = false;
    if (options->profile != NULL) {
        if (!profile_load(arena, options->profile, profile, reterr))
            return false;
        *ret_has = true;
    } else if (!str_empty(type)) {
        *ret_has = profile_of_type(arena, type, profile);
    }
    if (*ret_has)
        run->profile = probe_run_str(run, profile->type);
    return true;
}

/* The draft says that the run was ended from outside. Where the end cannot be written that is not
 * true, and no report is better than a false one. */
static void remove_draft(const struct probe_options *options, struct arena *arena)
{
    static const char *const files[] = {"report.json", "report.html", "junit.xml", "probe.prom"};

    for (size_t i = 0; i < sizeof files / sizeof *files && options->out != NULL; i++)
        unlink(arena_fmt(arena, "%s/%s", options->out, files[i]).ptr);
}

/* A profile that cannot be read, or a folder that cannot be written into, is told before anybody
 * measures. */
static bool prepare(struct engine *engine, const struct probe_options *options, struct arena *arena,
                    struct probe_error *reterr)
{
    scoped(probe_run_freep) struct probe_run *draft = NULL;
    struct profile profile;
    bool has;

    if (options->profile != NULL && !profile_load(arena, options->profile, &profile, reterr))
        return false;
    if (options->out == NULL)
        return true;
    if (!folder_make(options->out, reterr))
        return false;
    draft = engine_draft(engine);
    if (!with_profile(engine, options, arena, draft, &profile, &has, reterr))
        return false;
    judge_run(draft, has ? &profile : NULL);
    if (report_write(draft, options->out, (uint32_t)options->top, reterr))
        return true;
    remove_draft(options, arena);
    return false;
}

static void show(const struct probe_options *options, const struct probe_run *run,
                 struct arena *arena, bool written)
{
    if (options->quiet)
        printf("%s\n", probe_verdicts[run->judged->verdict]);
    else
        printf("%.*s", STR(report_text(arena, run, (uint32_t)options->top)));
    if (!options->quiet && options->out != NULL && written)
        printf("report: %s/report.html\n", options->out);
    fflush(stdout);
}

static bool conclude(struct engine *engine, const struct probe_options *options,
                     struct arena *arena, int *ret_code, struct probe_error *reterr)
{
    scoped(probe_run_freep) struct probe_run *run = NULL;
    const char *matrix =
        options->out == NULL ? NULL : arena_fmt(arena, "%s/matrix.f32", options->out).ptr;
    struct profile profile;
    bool has, well;

    run = engine_gather(engine, matrix, reterr);
    if (run == NULL || !with_profile(engine, options, arena, run, &profile, &has, reterr)) {
        engine_dismiss(engine);
        remove_draft(options, arena);
        return false;
    }
    judge_run(run, has ? &profile : NULL);
    if (engine_retest(engine, run))
        judge_run(run, has ? &profile : NULL);
    well = options->out == NULL || report_write(run, options->out, (uint32_t)options->top, reterr);
    if (!well)
        remove_draft(options, arena);
    show(options, run, arena, well);
    *ret_code = report_exit(run, options->strict);
    return well;
}

static int lead(struct engine *engine, const struct probe_options *options,
                const struct world *world, struct arena *arena)
{
    struct probe_error error = {0};
    int code = EXIT_PASS;

    if (!prepare(engine, options, arena, &error)) {
        engine_go(engine, error.exit_code);
        return fails(&error, world);
    }
    if (!engine_go(engine, EXIT_PASS)) {
        probe_error(&error, EXIT_UNAVAILABLE, "the engine does not take what we say");
        return fails(&error, world);
    }
    engine_measure(engine);
    return conclude(engine, options, arena, &code, &error) ? code : fails(&error, world);
}

int verb_run(const struct probe_options *options, const struct world *world)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct probe_error error = {0};
    struct engine *engine = engine_open(options, world, typed(arena), &error);
    int code = EXIT_PASS;

    if (engine == NULL)
        return fails(&error, world);
    if (engine_is_first(engine)) {
        code = lead(engine, options, world, arena);
    } else if (engine_go(engine, EXIT_PASS)) {
        engine_measure(engine);
        engine_serve(engine);
    }
    if (engine_is_abandoned(engine))
        code = EXIT_TIMED_OUT;
    engine_close(engine, code);
    return code;
}
