#include "svg.h"

#include "judge/judge.h"
#include "markup.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAP = 640, NAMES_MOST = 40, ROWS_MOST = 64, LABEL = 132 };
enum { NOTHING = SHADES, SKIPPED, FAILED, DAMAGED, SELF };

static const double even[SHADES - 1] = {0.97, 0.93, 0.85, 0.7, 0.5, 0.3, 0.15};
static const double loss[SHADES - 1] = {0.8, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02};
static const double times[SHADES - 1] = {0.95, 0.87, 0.67, 0.5, 0.33, 0.2, 0.1};

const double *svg_shades(const struct probe_series *series)
{
    if (series->metric == PROBE_LATENCY_P99)
        return loss;
    return probe_metrics[series->metric].less_is_better ? times : even;
}

static int shade(const struct probe_series *series, double value, double reference)
{
    const double *limits = svg_shades(series);
    double quality = judge_quality(series, value, reference);
    int q = 0;

    if (isnan(quality))
        return NOTHING;
    while (q < SHADES - 1 && quality < limits[q])
        q++;
    return q;
}

static const char *const classes[] = {"q0", "q1", "q2", "q3",   "q4",  "q5",  "q6",
                                      "q7", "qn", "qn", "fail", "dmg", "self"};

/* How many deviations the worst of n is off in the middle: half of such n have no worse one. */
static double worst_of(double n)
{
    double low = -1, high = 8;

    for (int i = 0; i < 50; i++) {
        double x = (low + high) / 2, below = 1 - erfc(x / sqrt(2)) / 2;
        *(pow(below, n) < 0.5 ? &low : &high) = x;
    }
    return low;
}

double svg_heat_measure(const struct probe_run *run, const struct probe_heat *heat,
                        const struct probe_summary *s)
{
    static const double sigma_most = 0.1; /* what is wider is no chance, and must not hide */
    double measure = report_measure(s), sigma = s->mad / s->p50;
    double n = (double)run->rail_count * heat->per_bin * heat->per_bin;

    if (!(sigma > 0) || n <= 1)
        return measure;
    double off = exp(worst_of(n) * (sigma < sigma_most ? sigma : sigma_most));
    return probe_metrics[run->series[s->series].metric].less_is_better ? measure * off
                                                                       : measure / off;
}

static int cell_class(const struct probe_run *run, const struct probe_heat *heat, uint32_t row,
                      uint32_t column, double reference)
{
    uint32_t i = row * heat->side + column;
    uint8_t outcome = heat->outcomes[i] & 63;

    if (row == column && heat->per_bin == 1)
        return SELF;
    if (outcome == PROBE_CORRUPT)
        return DAMAGED;
    if (outcome == PROBE_SILENT || outcome == PROBE_FAILED)
        return FAILED;
    return shade(&run->series[heat->series], heat->values[i], reference);
}

static struct str bin_name(struct arena *arena, const struct probe_run *run,
                           const struct probe_heat *heat, uint32_t bin)
{
    uint32_t first = bin * heat->per_bin, last = first + heat->per_bin - 1;

    if (last >= run->node_count)
        last = run->node_count - 1;
    struct str a = report_node(arena, run, (int32_t)first);
    if (first == last)
        return a;
    return arena_fmt(arena, "%.*s to %.*s", STR(a), STR(report_node(arena, run, (int32_t)last)));
}

static void tip(struct buf *buf, struct arena *arena, const struct probe_run *run,
                const struct probe_heat *heat, uint32_t row, uint32_t column)
{
    uint32_t i = row * heat->side + column;

    buf_putz(buf, "<title>");
    markup_text(buf, bin_name(arena, run, heat, row));
    buf_putz(buf, " \xe2\x86\x92 ");
    markup_text(buf, bin_name(arena, run, heat, column));
    if (!isnan(heat->values[i]))
        buf_printf(buf, ": %.4g %s", heat->values[i],
                   probe_metrics[run->series[heat->series].metric].unit);
    if ((heat->outcomes[i] & 63) != PROBE_OK)
        buf_printf(buf, " (%s)", probe_outcomes[(heat->outcomes[i] & 63) % PROBE_OUTCOMES]);
    buf_printf(buf, "%s</title>", heat->outcomes[i] & 64 ? " disturbed" : "");
}

/* Cells of one colour side by side are one rectangle, unless each has its own title. */
static void heat_row(struct buf *buf, struct arena *arena, const struct probe_run *run,
                     const struct probe_heat *heat, uint32_t row, double size, double reference)
{
    bool tips = heat->side <= NAMES_MOST;
    double gap = size > 6 ? 1 : 0;

    for (uint32_t c = 0, end; c < heat->side; c = end) {
        int class = cell_class(run, heat, row, c, reference);
        for (end = c + 1;
             !tips && end < heat->side && cell_class(run, heat, row, end, reference) == class;
             end++)
            ;
        if (class == SELF)
            continue;
        buf_printf(buf, "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"",
                   classes[class], LABEL + c * size, LABEL + row * size, (end - c) * size - gap,
                   size - gap);
        if (tips) {
            buf_putc(buf, '>');
            tip(buf, arena, run, heat, row, c);
            buf_putz(buf, "</rect>\n");
            if (heat->outcomes[row * heat->side + c] & 64)
                buf_printf(buf, "<circle class=\"noisy\" cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\"/>\n",
                           LABEL + (c + 0.5) * size, LABEL + (row + 0.5) * size, size / 8);
        } else {
            buf_putz(buf, "/>\n");
        }
    }
}

static void short_name(struct buf *buf, struct str name)
{
    if (name.len > 18) {
        buf_putz(buf, "\xe2\x80\xa6");
        name = str_from(name, name.len - 17);
        while (name.len > 0 && (name.ptr[0] & 0xc0) == 0x80) /* at a character's beginning */
            name = str_from(name, 1);
    }
    markup_text(buf, name);
}

void svg_heat(struct buf *buf, struct arena *arena, const struct probe_run *run,
              const struct probe_heat *heat, double measure)
{
    double size = heat->side == 0 ? MAP : (double)MAP / heat->side;
    uint32_t every;

    size = size > 44 ? 44 : size;
    every = (uint32_t)(13 / size) + 1;
    double width = LABEL + size * heat->side + 60; /* the last name leans out */
    buf_printf(buf,
               "<svg class=\"map\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" role=\"img\" "
               "aria-label=\"matrix of all pairs\">\n",
               width, width - 58, width);
    for (uint32_t i = 0; i < heat->side; i += every) {
        double at = LABEL + (i + 0.5) * size;
        struct str name = report_node(arena, run, (int32_t)(i * heat->per_bin));
        buf_printf(buf, "<text class=\"ax e\" x=\"%d\" y=\"%.2f\">", LABEL - 6, at + 3.5);
        short_name(buf, name);
        buf_printf(buf, "</text>\n<text class=\"ax\" transform=\"translate(%.2f %d) rotate(-60)\">",
                   at + 3, LABEL - 6);
        short_name(buf, name);
        buf_putz(buf, "</text>\n");
    }
    for (uint32_t row = 0; row < heat->side; row++)
        heat_row(buf, arena, run, heat, row, size, measure);
    buf_putz(buf, "</svg>\n");
}

void svg_legend(struct buf *buf, const struct probe_run *run, uint32_t series, double reference)
{
    const struct probe_series *s = &run->series[series];
    const struct probe_metric_row *metric = &probe_metrics[s->metric];
    const double *limits = svg_shades(s);

    buf_putz(buf, "<div class=\"legend\">");
    for (int q = 0; q < SHADES; q++) {
        double quality = q == 0 ? limits[0] : limits[q - 1];
        double value = metric->less_is_better ? reference / quality : reference * quality;
        const char *sign = metric->less_is_better ? (q == 0 ? "\xe2\x89\xa4" : "&gt;")
                                                  : (q == 0 ? "\xe2\x89\xa5" : "&lt;");
        buf_printf(buf, "<span><i class=\"%s\"></i>%s %.3g</span>", classes[q], sign, value);
    }
    buf_printf(buf,
               "<span class=\"unit\">%s</span><span><i class=\"fail\"></i>nothing came</span>"
               "<span><i class=\"qn\"></i>not measured</span><span><i class=\"dot\"></i>"
               "disturbed</span></div>\n",
               metric->unit);
}

struct ranked {
    uint32_t node;
    double quality;
};

static int by_quality(const void *a, const void *b)
{
    double x = ((const struct ranked *)a)->quality, y = ((const struct ranked *)b)->quality;

    if (x != y)
        return x < y ? -1 : 1;
    return (int)((const struct ranked *)a)->node - (int)((const struct ranked *)b)->node;
}

/* All nodes in their order, or those with the worst rails, worst first. */
static struct ranked *ranked(struct arena *arena, const struct probe_run *run,
                             const struct probe_summary *s, uint32_t *ret_count)
{
    struct ranked *rows = arena_array(arena, struct ranked, run->node_count);
    const struct probe_series *series = &run->series[s->series];

    for (uint32_t k = 0; k < run->node_count; k++) {
        rows[k] = (struct ranked){k, INFINITY};
        for (uint32_t r = 0; r < run->rail_count; r++) {
            double q = judge_quality(series, s->rails[k * run->rail_count + r], report_measure(s));
            if (q < rows[k].quality)
                rows[k].quality = q;
        }
    }
    *ret_count = run->node_count;
    if (run->node_count > ROWS_MOST) {
        qsort(rows, run->node_count, sizeof *rows, by_quality);
        *ret_count = ROWS_MOST;
    }
    return rows;
}

/* The rail's name, or the first two where nodes call it differently. */
static void column_title(struct buf *buf, struct arena *arena, const struct probe_run *run,
                         uint32_t rail)
{
    struct str name = S("");

    for (uint32_t k = 0; k < run->node_count; k++) {
        if (rail >= run->nodes[k].rail_count)
            continue;
        struct str other = report_rail(arena, run, (int32_t)k, (int32_t)rail);
        if (str_eq(name, other))
            continue;
        if (name.len > 0)
            buf_putz(buf, " or ");
        markup_text(buf, other);
        if (name.len > 0)
            return;
        name = other;
    }
}

void svg_rails(struct buf *buf, struct arena *arena, const struct probe_run *run,
               const struct probe_summary *s)
{
    const struct probe_series *series = &run->series[s->series];
    uint32_t count, rails = run->rail_count;
    struct ranked *rows = ranked(arena, run, s, &count);
    double wide = rails > 24 ? 20 : rails > 8 ? 28 : 44, high = 18;
    double width = LABEL + rails * wide + 70, height = 22 + count * high + 4;

    if (run->node_count > count)
        buf_printf(buf,
                   "<p class=\"note\">The %u nodes with the worst rails, of %u; worst first.</p>\n",
                   count, run->node_count);
    buf_printf(buf,
               "<svg class=\"rails\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" role=\"img\" "
               "aria-label=\"rails of each node\">\n",
               width, height, width);
    for (uint32_t r = 0; r < rails; r++) {
        buf_printf(buf, "<text class=\"ax m\" x=\"%.1f\" y=\"14\">%u<title>",
                   LABEL + (r + 0.5) * wide, r);
        column_title(buf, arena, run, r);
        buf_putz(buf, "</title></text>\n");
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t k = rows[i].node;
        double y = 22 + i * high;
        buf_printf(buf, "<text class=\"ax e\" x=\"%d\" y=\"%.1f\">", LABEL - 6, y + 12.5);
        short_name(buf, report_node(arena, run, (int32_t)k));
        buf_putz(buf, "</text>\n");
        for (uint32_t r = 0; r < rails; r++) {
            double value = s->rails[k * rails + r];
            int class = run->nodes[k].presence != PROBE_CAME && isnan(value)
                            ? FAILED
                            : shade(series, value, report_measure(s));
            buf_printf(buf,
                       "<rect class=\"%s\" rx=\"3\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                       "height=\"%.1f\"><title>",
                       classes[class], LABEL + r * wide, y, wide - 2, high - 2);
            markup_text(buf, report_node(arena, run, (int32_t)k));
            buf_putc(buf, ' ');
            markup_text(buf, report_rail(arena, run, (int32_t)k, (int32_t)r));
            buf_printf(buf, ": %.4g %s</title></rect>\n", value,
                       probe_metrics[series->metric].unit);
        }
        if (!isnan(s->nodes[k]))
            buf_printf(buf, "<text class=\"ax\" x=\"%.1f\" y=\"%.1f\">%.4g</text>\n",
                       LABEL + rails * wide + 6, y + 12.5, s->nodes[k]);
    }
    buf_putz(buf, "</svg>\n");
}

static void tick(struct buf *buf, const char *class, double x, const char *name, double value)
{
    buf_printf(buf,
               "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"6\" y2=\"26\"><title>%s "
               "%.4g</title></line>\n",
               class, x, x, name, value);
}

void svg_range(struct buf *buf, const struct probe_run *run, const struct probe_summary *s)
{
    double low = s->least, high = s->most, width = 300;
    bool logs;

    for (int i = 0; i < 2; i++) {
        double mark = i == 0 ? s->floor : s->target;
        if (mark > 0) {
            low = mark < low ? mark : low;
            high = mark > high ? mark : high;
        }
    }
    logs = low > 0 && high / low > 8;
    if (!(high > low)) {
        low = low * 0.9 - 1e-9;
        high = high * 1.1 + 1e-9;
    }
#define AT(value)                                                                                  \
    (4 + (width - 8) * (logs ? log((value) / low) / log(high / low) : ((value)-low) / (high - low)))
    buf_printf(buf, "<svg class=\"range\" viewBox=\"0 0 %.0f 32\" width=\"%.0f\">\n", width, width);
    buf_printf(buf, "<line class=\"rail\" x1=\"%.1f\" x2=\"%.1f\" y1=\"16\" y2=\"16\"/>\n",
               AT(s->least), AT(s->most));
    buf_printf(buf,
               "<rect class=\"body\" x=\"%.1f\" y=\"10\" width=\"%.1f\" height=\"12\" rx=\"6\"/>\n",
               AT(s->p1) - 3, AT(s->p99) - AT(s->p1) + 6);
    tick(buf, "median", AT(s->p50), "median", s->p50);
    if (s->floor > 0)
        tick(buf, "floor", AT(s->floor), "floor", s->floor);
    if (s->target > 0)
        tick(buf, "target", AT(s->target), "target", s->target);
    buf_putz(buf, "</svg>\n");
#undef AT
    (void)run;
}

void svg_patterns(struct buf *buf)
{
    buf_putz(buf, "<svg width=\"0\" height=\"0\" style=\"position:absolute\"><defs>"
                  "<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                  "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" "
                  "fill=\"#2b2f38\"/><rect width=\"2\" height=\"6\" fill=\"#e5484d\"/></pattern>"
                  "<pattern id=\"cross\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
                  "<rect width=\"6\" height=\"6\" fill=\"#7a1fa2\"/><path d=\"M0 0L6 6M6 0L0 6\" "
                  "stroke=\"#fff\" stroke-width=\"1\"/></pattern></defs></svg>\n");
}
