#include "report.h"

#include <hp/base/buf.h>

static void label(struct buf *buf, const char *name, struct str value)
{
    buf_printf(buf, "%s=\"", name);
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (c == '\n')
            buf_putz(buf, "\\n");
        else if (c == '"' || c == '\\')
            buf_printf(buf, "\\%c", c);
        else
            buf_putc(buf, c);
    }
    buf_putc(buf, '"');
}

static void family(struct buf *buf, const char *name, const char *help)
{
    buf_printf(buf, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void series_labels(struct buf *buf, const struct probe_run *run, uint32_t series)
{
    const struct probe_series *s = &run->series[series];

    buf_printf(buf, "metric=\"%s\",unit=\"%s\",size=\"%llu\",load=\"%s\"",
               probe_metrics[s->metric].name, probe_metrics[s->metric].unit,
               (unsigned long long)s->size_bytes, probe_loads[s->load]);
}

static void of_run(struct buf *buf, const struct probe_run *run)
{
    static const double quantiles[] = {0, 0.01, 0.5, 0.99, 1};

    family(buf, "hyperpod_probe_value", "Quantiles over all pairs, directions and rails.");
    for (uint32_t i = 0; i < run->judged->summary_count; i++) {
        const struct probe_summary *s = &run->judged->summaries[i];
        const double values[] = {s->least, s->p1, s->p50, s->p99, s->most};
        for (int q = 0; q < 5 && s->cells > 0; q++) {
            buf_putz(buf, "hyperpod_probe_value{");
            series_labels(buf, run, s->series);
            buf_printf(buf, ",quantile=\"%g\"} %.6g\n", quantiles[q], values[q]);
        }
    }
    family(buf, "hyperpod_probe_target_met", "1: the target that was asked for is met.");
    for (uint32_t i = 0; i < run->judged->summary_count; i++) {
        const struct probe_summary *s = &run->judged->summaries[i];
        if (!(s->target > 0))
            continue;
        buf_putz(buf, "hyperpod_probe_target_met{");
        series_labels(buf, run, s->series);
        buf_printf(buf, "} %d\n", s->target_met);
    }
}

/* More than this no collector takes well, and the file would pass 64 MiB. */
enum { RAIL_ROWS = 200000 };

static void of_rails(struct buf *buf, struct arena *arena, const struct probe_run *run)
{
    uint64_t rows = 0;

    for (uint32_t i = 0; i < run->judged->summary_count; i++)
        rows += run->judged->summaries[i].rail_count;
    if (rows > RAIL_ROWS) {
        buf_printf(buf, "# Medians of %llu rails are left out: report.json has them.\n",
                   (unsigned long long)rows);
        return;
    }
    family(buf, "hyperpod_probe_rail_median", "Median of a rail with all its partners.");
    for (uint32_t i = 0; i < run->judged->summary_count; i++) {
        const struct probe_summary *s = &run->judged->summaries[i];
        for (uint32_t at = 0; at < s->rail_count; at++) {
            int32_t node = (int32_t)(at / run->rail_count), rail = (int32_t)(at % run->rail_count);
            if (isnan(s->rails[at]))
                continue;
            buf_putz(buf, "hyperpod_probe_rail_median{");
            series_labels(buf, run, s->series);
            buf_putc(buf, ',');
            label(buf, "node", report_node(arena, run, node));
            buf_putc(buf, ',');
            label(buf, "rail", report_rail(arena, run, node, rail));
            buf_printf(buf, "} %.6g\n", s->rails[at]);
        }
    }
}

static void of_nodes(struct buf *buf, struct arena *arena, const struct probe_run *run)
{
    family(buf, "hyperpod_probe_node_suspects", "Confirmed suspects that name this node; 0: none.");
    uint32_t *counts = arena_array(arena, uint32_t, run->node_count);
    for (uint32_t i = 0; i < run->judged->suspect_count; i++) {
        const struct probe_suspect *s = &run->judged->suspects[i];
        if (s->severity != PROBE_ERROR || s->kind == PROBE_SUSPECT_COMMON)
            continue;
        counts[s->a]++;
        if (s->b >= 0)
            counts[s->b]++;
    }
    for (uint32_t k = 0; k < run->node_count; k++) {
        buf_putz(buf, "hyperpod_probe_node_suspects{");
        label(buf, "node", report_node(arena, run, (int32_t)k));
        buf_printf(buf, ",presence=\"%s\"} %u\n", probe_presences[run->nodes[k].presence],
                   counts[k]);
    }
}

struct str report_prom(struct arena *arena, const struct probe_run *run)
{
    struct buf buf = buf_in(arena, 64 << 20);
    const struct probe_judged *j = run->judged;

    family(&buf, "hyperpod_probe_verdict", "1 at the verdict of the last run.");
    for (int v = 0; v < PROBE_VERDICTS; v++)
        buf_printf(&buf, "hyperpod_probe_verdict{verdict=\"%s\"} %d\n", probe_verdicts[v],
                   v == (int)j->verdict);
    family(&buf, "hyperpod_probe_last_run_timestamp_seconds", "When the last run ended.");
    buf_printf(&buf, "hyperpod_probe_last_run_timestamp_seconds %.3f\n",
               (double)run->ended_ms / 1000);
    family(&buf, "hyperpod_probe_duration_seconds", "How long it took.");
    buf_printf(&buf, "hyperpod_probe_duration_seconds %.3f\n",
               (double)(run->ended_ms - run->started_ms) / 1000);
    family(&buf, "hyperpod_probe_measurements", "Pairs, directions and rails.");
    buf_printf(&buf,
               "hyperpod_probe_measurements{state=\"tested\"} %lld\n"
               "hyperpod_probe_measurements{state=\"total\"} %lld\n"
               "hyperpod_probe_measurements{state=\"bad\"} %lld\n"
               "hyperpod_probe_measurements{state=\"disturbed\"} %lld\n",
               (long long)j->cells_tested, (long long)j->cells_total, (long long)j->cells_bad,
               (long long)j->cells_noisy);
    of_run(&buf, run);
    of_nodes(&buf, arena, run);
    of_rails(&buf, arena, run);
    return buf.overflow ? S("# More than 64 MiB: report.json has all of it.\n") : buf_str(&buf);
}
