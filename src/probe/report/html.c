#include "asides.h"
#include "markup.h"
#include "report.h"
#include "svg.h"

#include <hp/base/clock.h>
#include <math.h>

static const char style[] =
    ":root{--bg:#f6f7f9;--card:#fff;--ink:#1a2330;--dim:#5d6b7c;--line:#e2e6eb;--ok:#12805c;"
    "--warn:#b25e00;--bad:#c62a2f;--accent:#1f6feb;"
    "--q0:#2c7fb8;--q1:#6baed6;--q2:#c6dbef;--q3:#fee8a8;--q4:#fdbb63;--q5:#f07f3c;--q6:#d7301f;"
    "--q7:#8b0000;--qn:#d9dde3}\n"
    "@media(prefers-color-scheme:dark){:root{--bg:#10151c;--card:#18202a;--ink:#e6ebf2;"
    "--dim:#93a1b3;--line:#2a3542;--ok:#3fb68b;--warn:#e39a3b;--bad:#f2555a;--accent:#6aa5ff;"
    "--q0:#3d8fc9;--q1:#2f6a97;--q2:#2a4a63;--q3:#7d6a2c;--qn:#2b3440}}\n"
    "*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);"
    "font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}\n"
    "main{max-width:1120px;margin:0 auto;padding:28px 20px 60px}"
    "h1{font-size:20px;margin:0;font-weight:600}"
    "h2{font-size:17px;margin:0 0 4px;font-weight:600}p{margin:4px 0}"
    ".note{color:var(--dim);font-size:13.5px}\n"
    "header{display:flex;gap:18px;align-items:center;flex-wrap:wrap;margin-bottom:18px}"
    ".verdict{font-size:26px;font-weight:700;padding:8px 20px;border-radius:12px;color:#fff;"
    "letter-spacing:.02em}"
    ".PASS{background:var(--ok)}.WARN,.INCONCLUSIVE{background:var(--warn)}"
    ".FAIL,.INCOMPLETE{background:var(--bad)}\n"
    "section{background:var(--card);border:1px solid var(--line);border-radius:14px;"
    "padding:18px 20px;margin:14px 0;overflow-x:auto}"
    ".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(138px,1fr));gap:12px}"
    ".card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:12px "
    "16px}"
    ".card b{display:block;font-size:22px;font-weight:650}.card span{color:var(--dim);"
    "font-size:13px}\n"
    "ol.worst{list-style:none;margin:8px 0 0;padding:0}ol.worst li{border-left:4px solid "
    "var(--line);padding:6px 14px;margin:8px 0}"
    "li.error{border-color:var(--bad)!important}li.warning{border-color:var(--warn)!important}"
    "ol.worst small{display:block;color:var(--dim);font-size:13.5px}"
    ".bar{display:inline-block;width:120px;height:8px;border-radius:4px;background:var(--line);"
    "margin-right:10px;vertical-align:middle;overflow:hidden}.bar i{display:block;height:8px;"
    "background:var(--bad)}\n"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}"
    "th{text-align:left;color:var(--dim);font-weight:500;font-size:13px}"
    "td,th{padding:5px 12px 5px 0;border-bottom:1px solid var(--line);vertical-align:middle}"
    "td.n,th.n{text-align:right}.met{color:var(--ok)}.unmet{color:var(--bad)}\n"
    "svg{display:block;max-width:100%;height:auto}.map rect,.rails rect{stroke:none}"
    "text{font:11px system-ui,sans-serif;fill:var(--dim)}.e{text-anchor:end}"
    ".m{text-anchor:middle}"
    ".q0{fill:var(--q0);background:var(--q0)}.q1{fill:var(--q1);background:var(--q1)}"
    ".q2{fill:var(--q2);background:var(--q2)}.q3{fill:var(--q3);background:var(--q3)}"
    ".q4{fill:var(--q4);background:var(--q4)}.q5{fill:var(--q5);background:var(--q5)}"
    ".q6{fill:var(--q6);background:var(--q6)}.q7{fill:var(--q7);background:var(--q7)}"
    ".qn{fill:var(--qn);background:var(--qn)}.fail{fill:url(#hatch)}.dmg{fill:url(#cross)}"
    "i.fail{background:repeating-linear-gradient(45deg,#2b2f38 0 3px,#e5484d 3px 5px)}"
    ".noisy{fill:var(--ink);fill-opacity:.75}\n"
    ".legend{display:flex;flex-wrap:wrap;gap:4px 14px;margin:10px 0 2px;font-size:13px;"
    "color:var(--dim)}.legend i{display:inline-block;width:14px;height:14px;border-radius:3px;"
    "margin-right:5px;vertical-align:-2px}.legend .dot{width:6px;height:6px;border-radius:3px;"
    "background:var(--ink);vertical-align:1px}.unit{font-weight:600}\n"
    ".range .rail{stroke:var(--line);stroke-width:3}.range .body{fill:var(--q1);"
    "fill-opacity:.55}.range .median{stroke:var(--ink);stroke-width:2}"
    ".range .floor{stroke:var(--bad);stroke-width:2}.range .target{stroke:var(--ok);"
    "stroke-width:2;stroke-dasharray:3 2}\n"
    "details{margin:6px 0}summary{cursor:pointer;color:var(--accent)}"
    "@media print{section{break-inside:avoid}}";

static void card(struct buf *buf, struct str value, const char *text)
{
    buf_putz(buf, "<div class=\"card\"><b>");
    markup_text(buf, value);
    buf_printf(buf, "</b><span>%s</span></div>\n", text);
}

static void head(struct buf *buf, struct arena *arena, const struct probe_run *run)
{
    const struct probe_judged *j = run->judged;
    int64_t took = run->ended_ms > run->started_ms ? run->ended_ms - run->started_ms : 0;
    uint32_t came = 0, aside = 0;

    for (uint32_t k = 0; k < run->node_count; k++) {
        came += run->nodes[k].presence == PROBE_CAME;
        aside += report_set_aside(run, k) != NULL;
    }
    buf_printf(buf, "<header><div class=\"verdict %s\">%s</div><div><h1>Fabric of ",
               probe_verdicts[j->verdict], probe_verdicts[j->verdict]);
    markup_text(buf, run->cluster.len > 0 ? run->cluster : S("this cluster"));
    buf_putz(buf, "</h1><p class=\"note\">run ");
    markup_text(buf, run->id);
    buf_printf(buf, " \xc2\xb7 %.*s \xc2\xb7 ", STR(time_rfc3339(arena, run->started_ms)));
    markup_text(buf, run->provider);
    buf_putz(buf, " \xc2\xb7 profile ");
    markup_text(buf, run->profile.len > 0 ? run->profile : S("none, nodes are compared"));
    buf_putz(buf, "</p></div></header>\n");
    for (uint32_t i = 0; i < j->reason_count; i++) {
        buf_putz(buf, "<p>");
        markup_text(buf, j->reasons[i]);
        buf_putz(buf, "</p>\n");
    }
    buf_putz(buf, "<div class=\"cards\" style=\"margin-top:16px\">\n");
    card(buf, arena_fmt(arena, "%u / %u", came, run->node_count), "nodes came");
    card(buf, arena_fmt(arena, "%u", run->rail_count),
         run->rail_count == 1 ? "rail a node" : "rails a node");
    card(buf,
         arena_fmt(arena, "%lld / %lld", (long long)j->pairs_tested, (long long)j->pairs_total),
         "pairs measured");
    card(buf, arena_fmt(arena, "%lld", (long long)j->cells_bad), "measurements failed");
    card(buf, arena_fmt(arena, "%lld", (long long)j->cells_noisy),
         "measurements disturbed, not judged");
    if (aside > 0)
        card(buf, arena_fmt(arena, "%u", aside),
             aside == 1 ? "node too busy, not judged" : "nodes too busy, not judged");
    card(buf, duration_text(arena, took / 1000 * 1000), "duration");
    buf_putz(buf, "</div>\n");
}

static void suspect(struct buf *buf, const struct probe_suspect *s)
{
    buf_printf(buf, "<li class=\"%s\">", probe_severities[s->severity]);
    if (s->ratio > 0 && s->ratio < 1)
        buf_printf(buf, "<span class=\"bar\"><i style=\"width:%.0f%%\"></i></span>",
                   100 * s->ratio);
    markup_text(buf, s->text);
    buf_putz(buf, "<small>");
    markup_text(buf, s->remedy);
    buf_putz(buf, "</small></li>\n");
}

/* Those that are accused, or those that were fine when they were alone; ret: how many there are. */
static uint32_t suspects(struct buf *buf, const struct probe_run *run, uint32_t top, bool fine)
{
    const struct probe_judged *j = run->judged;
    uint32_t count = 0;

    buf_putz(buf, "<ol class=\"worst\">\n");
    for (uint32_t i = 0; i < j->suspect_count; i++)
        if ((j->suspects[i].severity == PROBE_INFO) == fine && count++ < top)
            suspect(buf, &j->suspects[i]);
    buf_putz(buf, "</ol>\n");
    if (count > top)
        buf_printf(buf, "<p class=\"note\">and %u more in report.json</p>\n", count - top);
    return count;
}

/* That nobody stands out is said of what could be judged, and of no more. */
static const char *nobody(const struct probe_run *run)
{
    const struct probe_judged *j = run->judged;
    uint32_t judged = 0;

    for (uint32_t k = 0; k < run->node_count; k++)
        judged += run->nodes[k].presence == PROBE_CAME && report_set_aside(run, k) == NULL;
    if (j->cells_tested == 0)
        return "Nothing was measured: nothing is known of any node, rail or link.";
    if (judged == 0)
        return "No node could be judged: a fault would not be seen here.";
    if (j->verdict == PROBE_INCONCLUSIVE || j->verdict == PROBE_INCOMPLETE)
        return "Of what could be judged, no node, rail or link stands out. That says nothing of "
               "the rest.";
    return "No node, rail or link stands out.";
}

static void worst(struct buf *buf, const struct probe_run *run, uint32_t top)
{
    uint32_t fine = 0;

    for (uint32_t i = 0; i < run->judged->suspect_count; i++)
        fine += run->judged->suspects[i].severity == PROBE_INFO;
    buf_putz(buf, "<section><h2>What is bad</h2>\n");
    if (suspects(buf, run, top, false) == 0)
        buf_printf(buf, "<p class=\"note\">%s</p>\n", nobody(run));
    if (fine > 0) {
        buf_printf(buf,
                   "<details><summary>Out of line once, fine when measured alone: %u"
                   "</summary>\n",
                   fine);
        suspects(buf, run, top, true);
        buf_putz(buf, "</details>\n");
    }
    buf_putz(buf, "</section>\n");
}

static void findings(struct buf *buf, struct arena *arena, const struct probe_run *run,
                     uint32_t top)
{
    uint32_t shown = 0;

    if (run->finding_count == 0)
        return;
    buf_putz(buf, "<section><h2>What else was found</h2>\n<ol class=\"worst\">\n");
    for (int severity = PROBE_ERROR; severity >= PROBE_INFO; severity--)
        for (uint32_t i = 0; i < run->finding_count && shown < top; i++) {
            const struct probe_finding *f = &run->findings[i];
            if ((int)f->severity != severity)
                continue;
            shown++;
            buf_printf(buf, "<li class=\"%s\"><b>", probe_severities[f->severity]);
            markup_text(buf, report_node(arena, run, f->node));
            buf_putz(buf, "</b> ");
            markup_text(buf, f->text);
            buf_putz(buf, "<small>");
            markup_text(buf, f->remedy);
            buf_putz(buf, "</small></li>\n");
        }
    buf_putz(buf, "</ol>\n");
    if (shown < run->finding_count)
        buf_printf(buf, "<p class=\"note\">and %u more in report.json</p>\n",
                   run->finding_count - shown);
    buf_putz(buf, "</section>\n");
}

static void series_name(struct buf *buf, struct arena *arena, const struct probe_run *run,
                        uint32_t series)
{
    markup_text(buf, report_series(arena, run, series));
}

static void figures(struct buf *buf, struct arena *arena, const struct probe_run *run)
{
    buf_putz(buf,
             "<section><h2>All measurements</h2>\n<p class=\"note\">Bar: first to last "
             "percentile; line: least to most; black: median; red: the profile's floor; green: "
             "the target.</p>\n<table><tr><th>series</th><th></th><th class=\"n\">p1</th>"
             "<th class=\"n\">median</th><th class=\"n\">p99</th><th class=\"n\">healthy</th>"
             "<th>unit</th><th>target</th></tr>\n");
    for (uint32_t i = 0; i < run->judged->summary_count; i++) {
        const struct probe_summary *s = &run->judged->summaries[i];
        if (s->cells == 0)
            continue;
        buf_putz(buf, "<tr><td>");
        series_name(buf, arena, run, s->series);
        buf_putz(buf, "</td><td>");
        svg_range(buf, run, s);
        const double columns[] = {s->p1, s->p50, s->p99, s->reference};
        buf_putz(buf, "</td>");
        for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++)
            buf_printf(buf, "<td class=\"n\">%.*s</td>", STR(report_figure(arena, columns[k])));
        buf_printf(buf, "<td>%s</td>", probe_metrics[run->series[s->series].metric].unit);
        if (s->target > 0)
            buf_printf(buf, "<td class=\"%s\">%g %s</td></tr>\n", s->target_met ? "met" : "unmet",
                       s->target, s->target_met ? "met" : "not met");
        else
            buf_putz(buf, "<td></td></tr>\n");
    }
    buf_putz(buf, "</table></section>\n");
}

static const struct probe_summary *summary_of(const struct probe_run *run, uint32_t series)
{
    for (uint32_t i = 0; i < run->judged->summary_count; i++)
        if (run->judged->summaries[i].series == series)
            return &run->judged->summaries[i];
    return NULL;
}

/* The picture that tells most is open, the others one click away: bandwidth first. */
static uint32_t first_heat(const struct probe_run *run)
{
    for (uint32_t i = 0; i < run->judged->heat_count; i++)
        if (run->series[run->judged->heats[i].series].metric == PROBE_BANDWIDTH)
            return i;
    return 0;
}

static void maps(struct buf *buf, struct arena *arena, const struct probe_run *run)
{
    const struct probe_judged *j = run->judged;

    if (j->heat_count == 0)
        return;
    buf_printf(buf,
               "<section><h2>Every pair</h2>\n<p class=\"note\">Rows send, columns receive; of "
               "a pair's rails the worst%s.</p>\n",
               j->heats[0].per_bin > 1 ? "; of several nodes in a cell the worst pair" : "");
    for (uint32_t n = 0; n < j->heat_count; n++) {
        uint32_t i = (first_heat(run) + n) % j->heat_count;
        const struct probe_summary *s = summary_of(run, j->heats[i].series);
        buf_printf(buf, "<details%s><summary>", n == 0 ? " open" : "");
        series_name(buf, arena, run, j->heats[i].series);
        buf_putz(buf, "</summary>\n");
        double measure = s == NULL ? NAN : svg_heat_measure(run, &j->heats[i], s);
        if (s != NULL && fabs(measure / report_measure(s) - 1) > 0.001)
            buf_printf(buf,
                       "<p class=\"note\">Colours are held against %.*s: what the worst of as many "
                       "healthy measurements has where the middle one has %.*s.</p>\n",
                       STR(report_figure(arena, measure)),
                       STR(report_figure(arena, report_measure(s))));
        svg_legend(buf, run, j->heats[i].series, measure);
        svg_heat(buf, arena, run, &j->heats[i], measure);
        buf_putz(buf, "</details>\n");
    }
    buf_putz(buf, "</section>\n");
}

static void rails(struct buf *buf, struct arena *arena, const struct probe_run *run)
{
    const struct probe_judged *j = run->judged;

    if (j->heat_count == 0)
        return;
    buf_putz(buf, "<section><h2>Every rail</h2>\n<p class=\"note\">Median of a rail with all its "
                  "partners; the node's median on the right.</p>\n");
    for (uint32_t n = 0; n < j->heat_count; n++) {
        uint32_t i = (first_heat(run) + n) % j->heat_count;
        const struct probe_summary *s = summary_of(run, j->heats[i].series);
        if (s == NULL || s->rail_count == 0)
            continue;
        buf_printf(buf, "<details%s><summary>", n == 0 ? " open" : "");
        series_name(buf, arena, run, s->series);
        buf_putz(buf, "</summary>\n");
        svg_rails(buf, arena, run, s);
        buf_putz(buf, "</details>\n");
    }
    buf_putz(buf, "</section>\n");
}

static void row(struct buf *buf, const char *name, struct str value)
{
    if (value.len == 0)
        return;
    buf_printf(buf, "<tr><th>%s</th><td>", name);
    markup_text(buf, value);
    buf_putz(buf, "</td></tr>\n");
}

static void facts(struct buf *buf, struct arena *arena, const struct probe_run *run)
{
    const struct probe_node *node = run->node_count > 0 ? &run->nodes[0] : NULL;

    buf_putz(buf, "<section><h2>About this run</h2>\n<table>\n");
    row(buf, "hyperpod-probe", run->version);
    row(buf, "arguments", run->arguments);
    row(buf, "mode", run->mode);
    row(buf, "started by", run->engine);
    if (node != NULL) {
        row(buf, "libfabric of the first node", node->libfabric);
        row(buf, "its library", node->library);
        row(buf, "its driver", node->driver);
        row(buf, "its kernel", node->kernel);
    }
    for (uint32_t i = 0; i < run->phase_count; i++) {
        const struct probe_phase *p = &run->phases[i];
        buf_putz(buf, "<tr><th>phase ");
        markup_text(buf, p->name);
        buf_printf(buf, "</th><td>%lld rounds, %lld of %lld measurements, %.*s</td></tr>\n",
                   (long long)p->rounds, (long long)p->tested, (long long)p->total,
                   STR(duration_text(arena, p->duration_ms < 0 ? 0 : p->duration_ms)));
    }
    row(buf, "matrix", run->judged->matrix.file);
    row(buf, "its SHA-256", run->judged->matrix.sha256);
    buf_putz(buf, "</table></section>\n");
}

struct str report_html(struct arena *arena, const struct probe_run *run, uint32_t top)
{
    struct buf buf = buf_in(arena, 64 << 20);

    buf_putz(&buf, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
                   "name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>");
    buf_printf(&buf, "%s: fabric of ", probe_verdicts[run->judged->verdict]);
    markup_text(&buf, run->cluster.len > 0 ? run->cluster : run->id);
    buf_printf(&buf, "</title>\n<style>%s</style></head>\n<body><main>\n", style);
    svg_patterns(&buf);
    head(&buf, arena, run);
    worst(&buf, run, top);
    findings(&buf, arena, run, top);
    maps(&buf, arena, run);
    rails(&buf, arena, run);
    asides_html(&buf, arena, run);
    figures(&buf, arena, run);
    facts(&buf, arena, run);
    buf_putz(&buf, "</main></body></html>\n");
    return buf_str(&buf);
}
