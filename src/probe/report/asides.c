#include "asides.h"

#include "facts/units.h"
#include "markup.h"
#include "report.h"

#include <stdlib.h>

/* Medians over nodes of one type: sums over their rails, in Gb/s. */
struct figures {
    double value, against, share;
    uint32_t nodes;
};

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double middle(double *values, uint32_t count)
{
    qsort(values, count, sizeof *values, by_number);
    return count == 0       ? NAN
           : count % 2 == 1 ? values[count / 2]
                            : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* type NULL: of all. */
static struct figures figures_of(struct arena *arena, const struct probe_run *run,
                                 const struct probe_aside *aside, const struct str *type)
{
    double *values = arena_array(arena, double, run->node_count);
    double *against = arena_array(arena, double, run->node_count);
    double *shares = arena_array(arena, double, run->node_count);
    struct figures figures = {0};

    for (uint32_t k = 0; k < run->node_count; k++) {
        double value = 0, other = 0;
        if (type != NULL && !str_eq(run->nodes[k].type, *type))
            continue;
        for (uint32_t rail = 0; rail < run->rail_count; rail++) {
            size_t at = (size_t)k * run->rail_count + rail;
            if (isnan(aside->values[at]) || isnan(aside->against[at]))
                continue;
            value += aside->values[at];
            other += aside->against[at];
        }
        if (other <= 0)
            continue;
        values[figures.nodes] = value;
        against[figures.nodes] = other;
        shares[figures.nodes++] = value / other;
    }
    figures.value = middle(values, figures.nodes);
    figures.against = middle(against, figures.nodes);
    figures.share = middle(shares, figures.nodes);
    return figures;
}

/* How a kind is called: what was measured, and what that is held to. */
static const struct words {
    const char *what, *against, *value_head, *against_head, *share_head;
} words[PROBE_ASIDES] = {
    [PROBE_ASIDE_RAILS] = {"all rails at once", "that they have one by one", "all rails together",
                           "each alone, summed", "keeps together"},
    [PROBE_ASIDE_CROSS] = {"across rails", "between rails of the same number",
                           "between rails of different number", "between rails of the same number",
                           "keeps between different"},
    [PROBE_ASIDE_BISECTION] = {"all pairs at once", "that a pair has alone", "all pairs at once",
                               "the pair alone", "keeps under load"},
};

uint32_t asides_lines(struct arena *arena, const struct probe_run *run,
                      struct str ret_lines[ASIDES_LINES])
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < run->aside_count && count < ASIDES_LINES; i++) {
        const struct probe_aside *a = &run->asides[i];
        struct figures f = figures_of(arena, run, a, NULL);
        if (f.nodes > 0 && !isnan(a->least))
            ret_lines[count++] = arena_fmt(
                arena, "%s: %.4g Gb/s a node, %.0f %% of the %.4g %s; least %.0f %% (%.*s)",
                words[a->kind].what, f.value, 100 * f.share, f.against, words[a->kind].against,
                100 * a->least, STR(report_node(arena, run, a->least_node)));
    }
    return count;
}

static bool is_first_of_type(const struct probe_run *run, uint32_t node)
{
    for (uint32_t k = 0; k < node; k++)
        if (str_eq(run->nodes[k].type, run->nodes[node].type))
            return false;
    return true;
}

static void cell(struct buf *buf, double value, const char *unit)
{
    if (isnan(value))
        buf_putz(buf, "<td class=\"n\">\xe2\x80\x93</td>");
    else
        buf_printf(buf, "<td class=\"n\">%.4g%s</td>", value, unit);
}

static void row(struct buf *buf, struct arena *arena, const struct probe_run *run,
                const struct str *type)
{
    uint32_t nodes = 0;

    for (uint32_t k = 0; k < run->node_count; k++)
        nodes += str_eq(run->nodes[k].type, *type);
    buf_putz(buf, "<tr><td>");
    markup_text(buf, str_empty(*type) ? S("type unknown") : *type);
    buf_printf(buf, "</td><td class=\"n\">%u</td>", nodes);
    for (uint32_t i = 0; i < run->aside_count; i++) {
        struct figures f = figures_of(arena, run, &run->asides[i], type);
        cell(buf, f.value, "");
        cell(buf, f.against, "");
        cell(buf, round(100 * f.share), " %");
    }
    buf_putz(buf, "</tr>\n");
}

static void summary(struct buf *buf, struct arena *arena, const struct probe_run *run)
{
    for (uint32_t i = 0; i < run->aside_count; i++) {
        const struct probe_aside *a = &run->asides[i];
        if (isnan(a->median))
            continue;
        buf_printf(buf, "<p class=\"note\">%s: the median node keeps %.0f %%, the worst (",
                   words[a->kind].what, 100 * a->median);
        markup_text(buf, report_node(arena, run, a->least_node));
        buf_printf(buf, ") %.0f %%%s</p>\n", 100 * a->least, a->judged ? "" : "; told, not judged");
    }
}

void asides_html(struct buf *buf, struct arena *arena, const struct probe_run *run)
{
    if (run->aside_count == 0)
        return;
    buf_printf(buf,
               "<section><h2>Together, alone, across, under load</h2>\n<p class=\"note\">Gb/s that "
               "a node sends, messages of %.*s: medians of nodes, on a sample of pairs that were "
               "measured both ways, one after the other.</p>\n<table><tr>"
               "<th>type</th><th class=\"n\">nodes</th>",
               STR(size_text(arena, run->asides[0].size_bytes)));
    for (uint32_t i = 0; i < run->aside_count; i++)
        buf_printf(buf, "<th class=\"n\">%s</th><th class=\"n\">%s</th><th class=\"n\">%s</th>",
                   words[run->asides[i].kind].value_head, words[run->asides[i].kind].against_head,
                   words[run->asides[i].kind].share_head);
    buf_putz(buf, "</tr>\n");
    for (uint32_t k = 0; k < run->node_count; k++)
        if (is_first_of_type(run, k))
            row(buf, arena, run, &run->nodes[k].type);
    buf_putz(buf, "</table>\n");
    summary(buf, arena, run);
    buf_putz(buf, "</section>\n");
}
