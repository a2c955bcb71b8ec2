/* report.json as somebody hands it over. What is read can be written, and read again as the same;
 * every form of it can be made, within its limits, in UTF-8; what is not read says why. */
#include "compare.h"
#include "judge/judge.h"
#include "report.h"
#include "result/document.h"

#include <hp/base/must.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static uint32_t lines(struct str text)
{
    uint32_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

static void show(struct arena *arena, const struct probe_run *run)
{
    struct str text = report_text(arena, run, 20), html = report_html(arena, run, 20);
    struct str xml = report_junit(arena, run), prom = report_prom(arena, run);

    must(lines(text) <= 40 && str_is_utf8(text), "a terminal's 40 lines");
    must(str_is_utf8(html) && str_ends(html, S("</html>\n")), "a whole page");
    must(!str_has(html, S("<script")), "a page without scripts");
    must(str_is_utf8(xml) && str_ends(xml, S("</testsuites>\n")), "a whole JUnit");
    must(str_is_utf8(prom), "Prometheus in UTF-8");
    must(report_exit(run, false) != EXIT_PASS || run->judged->verdict == PROBE_PASS ||
             run->judged->verdict == PROBE_WARN,
         "nothing is green but PASS and WARN");
}

static void again(struct arena *arena, const struct probe_run *run)
{
    struct probe_error error = {0};
    struct str once, twice;

    must(document_write(run, arena, &once, &error), "what was read can be written");
    struct probe_run *other = document_read(once, "again", &error);
    must(other != NULL, "what was written can be read");
    must(document_write(other, arena, &twice, &error), "and written again");
    must(str_eq(once, twice), "the same is written again");
    struct comparison same = compare_runs(arena, run, other, 0.05);
    for (uint32_t i = 0; i < same.count; i++)
        must(same.changes[i].kind != CHANGE_CLUSTER, "a report is as good as itself");
    must(str_is_utf8(compare_text(arena, &same, 20)), "a comparison in UTF-8");
    probe_run_free(other);
}

/* As when somebody died who is named by what lies beside the report: without cells. */
static void judged_anew(struct arena *arena, struct probe_run *run)
{
    judge_run(run, NULL);
    must(report_exit(run, false) != EXIT_PASS, "nothing that was measured is no PASS");
    show(arena, run);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct probe_error error = {0};
    struct arena *arena;
    struct probe_run *run;

    if (size > 1 << 16)
        return 0;
    run = document_read((struct str){(const char *)bytes, size}, "r.json", &error);
    if (run == NULL) {
        must(error.exit_code == EXIT_BAD_DATA && error.text[0] != 0, "a refusal says why");
        must(str_starts(str_of(error.text), S("r.json")), "a refusal names the file");
        return 0;
    }
    arena = arena_new((size_t)1 << 30);
    show(arena, run);
    again(arena, run);
    judged_anew(arena, run);
    arena_free(arena);
    probe_run_free(run);
    return 0;
}
