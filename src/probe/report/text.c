#include "asides.h"
#include "report.h"

#include <hp/base/buf.h>
#include <hp/base/clock.h>
#include <string.h>

enum { LINES = 40, WIDTH = 100, TEXT_LINES = 3, SUMMARIES = 10 };

static const char gap[] = "      ";
static const char *const marks[] = {"info  ", "WARN  ", "FAIL  "};

/* A part of the page. Each is laid out with the first n of its items and a line that counts those
 * that are left out; the largest n that there is room for is taken. */
struct block {
    struct arena *arena;
    struct buf buf;
    uint32_t lines;
};

/* Where a line ends: at the last blank before the width, or in a word that is wider. */
static size_t line_end(struct str text, size_t width, bool last)
{
    size_t len = 0, characters = 0, blank = 0;

    while (len < text.len && characters < width) {
        if (text.ptr[len] == ' ')
            blank = len;
        do
            len++;
        while (len < text.len && (text.ptr[len] & 0xc0) == 0x80);
        characters++;
    }
    if (len == text.len || last || text.ptr[len] == ' ')
        return len;
    return blank > 0 ? blank : len;
}

/* A text of at most three lines behind a mark; what is longer still ends with three dots. Texts
 * come from other machines: what would command the terminal does not reach it. */
static void put(struct block *block, const char *mark, struct str words)
{
    struct str text = report_plain(block->arena, words);
    size_t indent = strlen(mark), width = WIDTH - indent;

    for (int i = 0; i < TEXT_LINES && (i == 0 || text.len > 0); i++) {
        bool last = i == TEXT_LINES - 1;
        size_t end = line_end(text, width, false);
        bool cut = last && end < text.len;
        if (cut)
            end = line_end(text, width - 3, true);
        buf_printf(&block->buf, "%*s%.*s%s\n", (int)indent, i == 0 ? mark : "",
                   STR(str_sub(text, 0, end)), cut ? "..." : "");
        block->lines++;
        text = str_from(text, end);
        while (text.len > 0 && text.ptr[0] == ' ')
            text = str_from(text, 1);
        if (i == 0 && indent == 0) {
            indent = strlen(gap);
            width = WIDTH - indent;
        }
    }
}

#define PUT(block, mark, ...) put(block, mark, arena_fmt((block)->arena, __VA_ARGS__))

static const char *plural(uint32_t count)
{
    return count == 1 ? "" : "s";
}

static uint32_t head(struct block *block, const struct probe_run *run, uint32_t n)
{
    const struct probe_judged *j = run->judged;
    int64_t took = run->ended_ms - run->started_ms;
    uint32_t came = 0;

    for (uint32_t k = 0; k < run->node_count; k++)
        came += run->nodes[k].presence == PROBE_CAME;
    PUT(block, "", "hyperpod-probe %.*s  run %.*s  %.*s", STR(run->version), STR(run->id),
        STR(time_rfc3339(block->arena, run->started_ms)));
    PUT(block, "", "%u of %u node%s, %u rail%s, provider %.*s, mode %.*s, profile %.*s, %.*s", came,
        run->node_count, plural(run->node_count), run->rail_count, plural(run->rail_count),
        STR(run->provider), STR(run->mode), STR(run->profile.len > 0 ? run->profile : S("none")),
        STR(duration_text(block->arena, took < 0 ? 0 : took)));
    PUT(block, "", "pairs %lld of %lld, measurements %lld of %lld, %lld bad, %lld disturbed",
        (long long)j->pairs_tested, (long long)j->pairs_total, (long long)j->cells_tested,
        (long long)j->cells_total, (long long)j->cells_bad, (long long)j->cells_noisy);
    return n;
}

static void figure(struct block *block, const struct probe_run *run, const struct probe_summary *s)
{
    const double columns[] = {s->least, s->p1, s->p50, s->p99, s->most};
    struct buf row = buf_in(block->arena, 256);
    struct str target = S("");

    if (s->target > 0)
        target =
            arena_fmt(block->arena, ", target %g %s", s->target, s->target_met ? "met" : "NOT MET");
    for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++)
        buf_printf(&row, " %9.*s", STR(report_figure(block->arena, columns[k])));
    PUT(block, "", "%-29.*s%.*s  %s%.*s", STR(report_series(block->arena, run, s->series)),
        STR(buf_str(&row)), probe_metrics[run->series[s->series].metric].unit, STR(target));
}

static uint32_t figures(struct block *block, const struct probe_run *run, uint32_t n)
{
    uint32_t shown = 0, all = 0;

    if (n > 0)
        PUT(block, "", "%-29s %9s %9s %9s %9s %9s", "", "least", "p1", "median", "p99", "most");
    for (int key = 1; key >= 0 && all == 0; key--)
        for (uint32_t i = 0; i < run->judged->summary_count; i++) {
            const struct probe_summary *s = &run->judged->summaries[i];
            if (report_is_key(s) != (key == 1) || s->cells == 0)
                continue;
            if (all++ < n && shown < SUMMARIES) {
                figure(block, run, s);
                shown++;
            }
        }
    if (shown < all)
        PUT(block, gap, "and the figures of %u%s series in the report", all - shown,
            shown == 0 ? "" : " more");
    return all;
}

static uint32_t asides(struct block *block, const struct probe_run *run, uint32_t n)
{
    struct str lines[ASIDES_LINES];
    uint32_t count = asides_lines(block->arena, run, lines);

    for (uint32_t i = 0; i < count && i < n; i++)
        put(block, "", lines[i]);
    if (n < count)
        PUT(block, gap, "and %u%s beside the matrix in the report", count - n,
            n == 0 ? "" : " more");
    return count;
}

/* The next one of those that are accused, FAIL before WARN. */
static const struct probe_suspect *accused(const struct probe_judged *j, uint32_t n)
{
    for (int severity = PROBE_ERROR; severity > PROBE_INFO; severity--)
        for (uint32_t i = 0; i < j->suspect_count; i++)
            if ((int)j->suspects[i].severity == severity && n-- == 0)
                return &j->suspects[i];
    return NULL;
}

/* What to do is said once after all in a row who need the same. */
static uint32_t suspects(struct block *block, const struct probe_run *run, uint32_t n)
{
    const struct probe_judged *j = run->judged;
    const struct probe_suspect *s, *next;
    uint32_t all = 0, shown;

    for (uint32_t i = 0; i < j->suspect_count; i++)
        all += j->suspects[i].severity != PROBE_INFO;
    shown = n < all ? n : all;
    for (uint32_t i = 0; i < shown; i++) {
        s = accused(j, i);
        next = i + 1 < shown ? accused(j, i + 1) : NULL;
        put(block, marks[s->severity], s->text);
        if (s->remedy.len > 0 && (next == NULL || !str_eq(next->remedy, s->remedy)))
            put(block, gap, s->remedy);
    }
    if (shown < all)
        PUT(block, gap, "and %u%s in the report", all - shown,
            shown > 0          ? " more"
            : all - shown == 1 ? " suspect"
                               : " suspects");
    if (all < j->suspect_count)
        PUT(block, marks[PROBE_INFO], "%u out of line once, fine when measured alone",
            j->suspect_count - all);
    return all;
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

static uint32_t findings(struct block *block, const struct probe_run *run, uint32_t n)
{
    uint32_t shown = 0, said = 0, all = 0, count;

    for (int severity = PROBE_ERROR; severity >= PROBE_INFO; severity--)
        for (uint32_t i = 0; i < run->finding_count; i++) {
            const struct probe_finding *f = &run->findings[i];
            if ((int)f->severity != severity || (count = alike(run, i)) == 0 || all++ >= n)
                continue;
            PUT(block, marks[f->severity], "%.*s%s: %.*s",
                STR(report_node(block->arena, run, f->node)),
                count == 1 ? "" : arena_fmt(block->arena, " and %u more", count - 1).ptr,
                STR(f->text));
            if (f->remedy.len > 0 && severity > PROBE_INFO)
                put(block, gap, f->remedy);
            shown++;
            said += count;
        }
    if (said < run->finding_count)
        PUT(block, gap, "and %u%s finding%s in the report", run->finding_count - said,
            shown == 0 ? "" : " more", plural(run->finding_count - said));
    return all;
}

static uint32_t verdict(struct block *block, const struct probe_run *run, uint32_t n)
{
    const struct probe_judged *j = run->judged;

    put(block, "", str_of(probe_verdicts[j->verdict]));
    for (uint32_t i = 0; i < j->reason_count && i < n; i++)
        put(block, gap, j->reasons[i]);
    if (n < j->reason_count)
        PUT(block, gap, "and %u more reason%s in the report", j->reason_count - n,
            plural(j->reason_count - n));
    return j->reason_count;
}

typedef uint32_t layer(struct block *block, const struct probe_run *run, uint32_t n);

/* As they are shown, and who may choose first: the verdict is what stands above the prompt. */
enum { HEAD, FIGURES, ASIDES, FINDINGS, SUSPECTS, VERDICT, BLOCKS };
static const struct {
    layer *lay;
    uint32_t most, least; /* items; least: room is kept for as many */
} blocks[BLOCKS] = {
    [HEAD] = {head, 1, 1},         [FIGURES] = {figures, SUMMARIES, 0}, [ASIDES] = {asides, 100, 0},
    [FINDINGS] = {findings, 6, 1}, [SUSPECTS] = {suspects, 0, 0},       [VERDICT] = {verdict, 4, 1},
};
static const int first[BLOCKS] = {VERDICT, HEAD, SUSPECTS, FINDINGS, FIGURES, ASIDES};

static struct block laid(struct arena *arena, const struct probe_run *run, int which, uint32_t n,
                         uint32_t *ret_all)
{
    struct block block = {arena, buf_in(arena, 64 * 1024), 0};

    *ret_all = blocks[which].lay(&block, run, n);
    return block;
}

struct str report_text(struct arena *arena, const struct probe_run *run, uint32_t top)
{
    struct block page[BLOCKS];
    struct buf buf = buf_in(arena, 64 * 1024);
    uint32_t room = LINES, all;

    for (int i = 0; i < BLOCKS; i++) {
        page[i] = laid(arena, run, i, blocks[i].least, &all);
        room -= page[i].lines;
    }
    for (int i = 0; i < BLOCKS; i++) {
        int which = first[i];
        uint32_t most = which == SUSPECTS ? top : blocks[which].most, has = page[which].lines;
        for (uint32_t n = blocks[which].least + 1; n <= most && n <= LINES; n++) {
            struct block more = laid(arena, run, which, n, &all);
            if (n > all)
                break;
            if (more.lines <= has + room)
                page[which] = more;
        }
        room -= page[which].lines - has;
    }
    for (int i = 0; i < BLOCKS; i++)
        buf_put(&buf, buf_str(&page[i].buf));
    return buf_str(&buf);
}
