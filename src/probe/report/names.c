#include "report.h"

#include "facts/units.h"

#include <math.h>

struct str report_node(struct arena *arena, const struct probe_run *run, int32_t node)
{
    if (node < 0)
        return S("all nodes");
    const struct probe_node *n = &run->nodes[node];
    return n->name.len > 0 ? n->name : n->id.len > 0 ? n->id : arena_fmt(arena, "node %d", node);
}

struct str report_plain(struct arena *arena, struct str text)
{
    char *bytes = arena_array(arena, char, text.len);

    if (text.len > 0)
        memcpy(bytes, text.ptr, text.len);
    for (size_t i = 0; i < text.len; i++) {
        bool c1 = (unsigned char)bytes[i] == 0xc2 && i + 1 < text.len &&
                  (unsigned char)bytes[i + 1] < 0xa0;
        if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f)
            bytes[i] = ' ';
        else if (c1)
            bytes[i] = bytes[i + 1] = ' ';
    }
    return (struct str){bytes, text.len};
}

struct str report_rail(struct arena *arena, const struct probe_run *run, int32_t node, int32_t rail)
{
    if (rail < 0)
        return S("all rails");
    if (node >= 0 && rail < (int32_t)run->nodes[node].rail_count &&
        run->nodes[node].rails[rail].name.len > 0)
        return run->nodes[node].rails[rail].name;
    return arena_fmt(arena, "rail %d", rail);
}

const struct probe_finding *report_set_aside(const struct probe_run *run, uint32_t node)
{
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (run->findings[i].node == (int32_t)node && str_is(run->findings[i].code, "noise"))
            return &run->findings[i];
    return NULL;
}

struct str report_series(struct arena *arena, const struct probe_run *run, uint32_t series)
{
    const struct probe_series *s = &run->series[series];

    return arena_fmt(arena, "%s %.*s%s%s", probe_metrics[s->metric].name,
                     STR(size_text(arena, s->size_bytes)), s->size_bytes < 1024 ? " B" : "",
                     s->load == PROBE_LOAD_RAILS ? ", all rails" : "");
}

struct str report_figure(struct arena *arena, double value)
{
    if (isnan(value) || value <= 0)
        return S("-");
    return value >= 1000 ? arena_fmt(arena, "%.0f", value) : arena_fmt(arena, "%.4g", value);
}

double report_measure(const struct probe_summary *summary)
{
    return summary->reference > 0 ? summary->reference : summary->p50;
}

int report_exit(const struct probe_run *run, bool strict)
{
    static const int codes[PROBE_VERDICTS] = {[PROBE_PASS] = EXIT_PASS,
                                              [PROBE_WARN] = EXIT_PASS,
                                              [PROBE_FAIL] = EXIT_FAIL,
                                              [PROBE_INCONCLUSIVE] = EXIT_INCONCLUSIVE,
                                              [PROBE_INCOMPLETE] = EXIT_INCOMPLETE};

    if (run->judged->verdict == PROBE_WARN && strict)
        return EXIT_WARNED;
    return codes[run->judged->verdict];
}
