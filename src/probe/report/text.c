#include "asides.h"
#include "report.h"

#include <hp/base/buf.h>
#include <hp/base/clock.h>

enum { LINES = 40, WIDTH = 132, SUMMARIES = 10, FINDINGS = 6, REASONS = 4 };

struct page {
    struct arena *arena;
    struct buf buf;
    uint32_t lines;
};

/* A line that is too long ends with three dots, at a character's end. Texts come from other
 * machines: what would command the terminal does not reach it. */
static void line(struct page *page, struct str words)
{
    struct str text = report_plain(page->arena, words);
    size_t len = 0, characters = 0;

    while (len < text.len && characters < WIDTH) {
        do
            len++;
        while (len < text.len && (text.ptr[len] & 0xc0) == 0x80);
        characters++;
    }
    if (page->lines >= LINES)
        return;
    page->lines++;
    if (len < text.len) {
        while (characters > WIDTH - 3) {
            do
                len--;
            while (len > 0 && (text.ptr[len] & 0xc0) == 0x80);
            characters--;
        }
        buf_put(&page->buf, str_sub(text, 0, len));
        buf_putz(&page->buf, "...");
    } else {
        buf_put(&page->buf, text);
    }
    buf_putc(&page->buf, '\n');
}

#define LINE(page, ...) line(page, arena_fmt((page)->arena, __VA_ARGS__))

static void head(struct page *page, const struct probe_run *run)
{
    const struct probe_judged *j = run->judged;
    int64_t took = run->ended_ms - run->started_ms;
    uint32_t came = 0;

    for (uint32_t k = 0; k < run->node_count; k++)
        came += run->nodes[k].presence == PROBE_CAME;
    LINE(page, "hyperpod-probe %.*s  run %.*s  %.*s", STR(run->version), STR(run->id),
         STR(time_rfc3339(page->arena, run->started_ms)));
    LINE(page, "%u of %u nodes, %u rails, provider %.*s, mode %.*s, profile %.*s, %.*s", came,
         run->node_count, run->rail_count, STR(run->provider), STR(run->mode),
         STR(run->profile.len > 0 ? run->profile : S("none")),
         STR(duration_text(page->arena, took < 0 ? 0 : took)));
    LINE(page, "pairs %lld of %lld, measurements %lld of %lld, %lld bad, %lld disturbed",
         (long long)j->pairs_tested, (long long)j->pairs_total, (long long)j->cells_tested,
         (long long)j->cells_total, (long long)j->cells_bad, (long long)j->cells_noisy);
}

static void figures(struct page *page, const struct probe_run *run)
{
    uint32_t shown = 0;

    LINE(page, "%-34s %10s %10s %10s %10s %10s", "", "least", "p1", "median", "p99", "most");
    for (int key = 1; key >= 0 && shown == 0; key--)
        for (uint32_t i = 0; i < run->judged->summary_count && shown < SUMMARIES; i++) {
            const struct probe_summary *s = &run->judged->summaries[i];
            if (report_is_key(s) != (key == 1) || s->cells == 0)
                continue;
            struct str target = S("");
            if (s->target > 0)
                target = arena_fmt(page->arena, ", target %g %s", s->target,
                                   s->target_met ? "met" : "NOT MET");
            const double columns[] = {s->least, s->p1, s->p50, s->p99, s->most};
            struct buf row = buf_in(page->arena, 256);
            for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++)
                buf_printf(&row, " %10.*s", STR(report_figure(page->arena, columns[k])));
            LINE(page, "%-34.*s%.*s  %s%.*s", STR(report_series(page->arena, run, s->series)),
                 STR(buf_str(&row)), probe_metrics[run->series[s->series].metric].unit,
                 STR(target));
            shown++;
        }
}

static void asides(struct page *page, const struct probe_run *run)
{
    struct str lines[ASIDES_LINES];
    uint32_t count = asides_lines(page->arena, run, lines);

    for (uint32_t i = 0; i < count; i++)
        line(page, lines[i]);
}

static void suspects(struct page *page, const struct probe_run *run, uint32_t top)
{
    static const char *const marks[] = {"info", "WARN", "FAIL"};
    const struct probe_judged *j = run->judged;
    uint32_t shown = 0, accused = 0, left = LINES - 3 - page->lines;

    if (left / 2 < top)
        top = left / 2;
    for (uint32_t i = 0; i < j->suspect_count; i++) {
        if (j->suspects[i].severity == PROBE_INFO || accused++ >= top)
            continue;
        LINE(page, "%s  %.*s", marks[j->suspects[i].severity], STR(j->suspects[i].text));
        LINE(page, "      %.*s", STR(j->suspects[i].remedy));
        shown++;
    }
    if (shown < accused)
        LINE(page, "      and %u more in the report", accused - shown);
    if (accused < j->suspect_count)
        LINE(page, "info  %u out of line once, fine when measured alone",
             j->suspect_count - accused);
}

/* The same of several nodes is said once, of the first. Returns how many say it; 0: another one
 * did. */
static uint32_t alike(const struct probe_run *run, uint32_t finding)
{
    const struct probe_finding *one = &run->findings[finding];
    uint32_t count = 0;

    for (uint32_t i = 0; i < run->finding_count; i++) {
        const struct probe_finding *f = &run->findings[i];
        if (f->severity != one->severity || !str_eq(f->code, one->code))
            continue;
        if (i < finding)
            return 0;
        count++;
    }
    return count;
}

static void findings(struct page *page, const struct probe_run *run)
{
    static const char *const marks[] = {"info", "WARN", "FAIL"};
    uint32_t shown = 0, said = 0, count;

    for (int severity = PROBE_ERROR; severity >= PROBE_INFO; severity--)
        for (uint32_t i = 0; i < run->finding_count && shown < FINDINGS; i++) {
            const struct probe_finding *f = &run->findings[i];
            if ((int)f->severity != severity || (count = alike(run, i)) == 0)
                continue;
            LINE(page, "%s  %.*s%s: %.*s", marks[f->severity],
                 STR(report_node(page->arena, run, f->node)),
                 count == 1 ? "" : arena_fmt(page->arena, " and %u more", count - 1).ptr,
                 STR(f->text));
            if (f->remedy.len > 0 && severity > PROBE_INFO)
                LINE(page, "      %.*s", STR(f->remedy));
            shown++;
            said += count;
        }
    if (said < run->finding_count)
        LINE(page, "      and %u more findings in the report", run->finding_count - said);
}

struct str report_text(struct arena *arena, const struct probe_run *run, uint32_t top)
{
    struct page page = {arena, buf_in(arena, 64 * 1024), 0};
    const struct probe_judged *j = run->judged;

    head(&page, run);
    figures(&page, run);
    asides(&page, run);
    findings(&page, run);
    LINE(&page, "%s", probe_verdicts[j->verdict]);
    for (uint32_t i = 0; i < j->reason_count && i < REASONS; i++)
        LINE(&page, "      %.*s", STR(j->reasons[i]));
    suspects(&page, run, top);
    return buf_str(&page.buf);
}
