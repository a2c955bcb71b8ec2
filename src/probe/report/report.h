/* A judged run for people and for machines. Everything here works from a run without cells, as it
 * was read from report.json. Texts live in the arena. */
#ifndef HP_PROBE_REPORT_H
#define HP_PROBE_REPORT_H

#include "result/judged.h"

/* At most 40 lines of at most 100 characters; the verdict is the last. */
struct str report_text(struct arena *arena, const struct probe_run *run, uint32_t top);
/* JUnit: a case a node, a case a finding of the whole run, a case for the verdict. */
struct str report_junit(struct arena *arena, const struct probe_run *run);
/* Prometheus text: figures of nodes and rails, never of pairs. */
struct str report_prom(struct arena *arena, const struct probe_run *run);
/* One page without anything outside it: no script, no font, no address. */
struct str report_html(struct arena *arena, const struct probe_run *run, uint32_t top);

/* Into a folder: report.json, junit.xml, probe.prom, report.html, each whole or not at all.
 * matrix.f32 is there already when the run's cells lie in that file: its hash goes into the JSON.
 * False: EXIT_CANNOT_WRITE. */
bool report_write(struct probe_run *run, const char *folder, uint32_t top,
                  struct probe_error *reterr);

/* The exit code of a verdict. */
int report_exit(const struct probe_run *run, bool strict);
/* Its name, its id, or its number. */
struct str report_node(struct arena *arena, const struct probe_run *run, int32_t node);
/* The same text with a space for each control character. */
struct str report_plain(struct arena *arena, struct str text);
struct str report_rail(struct arena *arena, const struct probe_run *run, int32_t node,
                       int32_t rail);
/* The finding by which the judge set a node aside, too busy to be judged; NULL: it did not. */
const struct probe_finding *report_set_aside(const struct probe_run *run, uint32_t node);
/* "latency_p50 8 B", "bandwidth 1M, all rails". */
struct str report_series(struct arena *arena, const struct probe_run *run, uint32_t series);
/* Four digits, never an exponent; a dash for what is not known. */
struct str report_figure(struct arena *arena, double value);
/* What colours are held against: what healthy cells have, or the median where nothing was judged.
 */
double report_measure(const struct probe_summary *summary);
/* Has rails of its own in the report: one that is shown first. */
static inline bool report_is_key(const struct probe_summary *summary)
{
    return summary->node_count > 0;
}

#endif
