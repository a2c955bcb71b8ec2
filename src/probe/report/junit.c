#include "report.h"

#include "markup.h"

#include <hp/base/clock.h>

static void open_case(struct buf *buf, const char *class, struct str name)
{
    buf_printf(buf, "    <testcase classname=\"%s\" name=\"", class);
    markup_text(buf, name);
    buf_putz(buf, "\">\n");
}

static void said(struct buf *buf, const char *element, struct str text, struct str remedy)
{
    buf_printf(buf, "      <%s message=\"", element);
    markup_text(buf, text);
    buf_putz(buf, "\">");
    markup_text(buf, remedy);
    buf_printf(buf, "</%s>\n", element);
}

/* No node's own: a case of the whole run. */
static bool is_common(const struct probe_suspect *suspect)
{
    return suspect->kind == PROBE_SUSPECT_COMMON && suspect->severity == PROBE_ERROR;
}

enum outcome { GOOD, FAILED, SKIPPED };

/* A node fails when a suspect or a finding names it with an error; one that was too busy to be
 * judged, or not measured at all, is no success. */
static enum outcome node_case(struct buf *buf, struct arena *arena, const struct probe_run *run,
                              int32_t node, bool write)
{
    bool failed = false;

    if (write)
        open_case(buf, "hyperpod-probe.nodes", report_node(arena, run, node));
    for (uint32_t i = 0; i < run->judged->suspect_count; i++) {
        const struct probe_suspect *s = &run->judged->suspects[i];
        if ((s->a != node && s->b != node) || s->severity != PROBE_ERROR || is_common(s))
            continue;
        if (write && !failed) /* one failure a case, as the format wants it */
            said(buf, "failure", s->text, s->remedy);
        failed = true;
    }
    for (uint32_t i = 0; i < run->finding_count; i++) {
        const struct probe_finding *f = &run->findings[i];
        if (f->node != node || f->severity != PROBE_ERROR)
            continue;
        if (write && !failed)
            said(buf, "failure", f->text, f->remedy);
        failed = true;
    }
    const struct probe_finding *aside = failed ? NULL : report_set_aside(run, (uint32_t)node);
    bool skipped = !failed && (aside != NULL || run->judged->cells_tested == 0);
    if (write && skipped)
        said(buf, "skipped", aside != NULL ? aside->text : S("nothing was measured"),
             aside != NULL ? aside->remedy : S(""));
    if (write)
        buf_putz(buf, "    </testcase>\n");
    return failed ? FAILED : skipped ? SKIPPED : GOOD;
}

static bool whole_run(const struct probe_finding *finding)
{
    return finding->node < 0 && finding->severity == PROBE_ERROR;
}

struct str report_junit(struct arena *arena, const struct probe_run *run)
{
    struct buf buf = buf_in(arena, 64 << 20);
    const struct probe_judged *j = run->judged;
    bool bad = j->verdict != PROBE_PASS && j->verdict != PROBE_WARN;
    uint32_t tests = run->node_count + 1, failures = bad, skipped = 0;

    for (uint32_t k = 0; k < run->node_count; k++) {
        enum outcome outcome = node_case(&buf, arena, run, (int32_t)k, false);
        failures += outcome == FAILED;
        skipped += outcome == SKIPPED;
    }
    for (uint32_t i = 0; i < run->finding_count; i++) {
        tests += whole_run(&run->findings[i]);
        failures += whole_run(&run->findings[i]);
    }
    for (uint32_t i = 0; i < j->suspect_count; i++) {
        tests += is_common(&j->suspects[i]);
        failures += is_common(&j->suspects[i]);
    }
    buf_printf(&buf,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<testsuites tests=\"%u\" failures=\"%u\" skipped=\"%u\">\n"
               "  <testsuite name=\"hyperpod-probe\" tests=\"%u\" failures=\"%u\" errors=\"0\" "
               "skipped=\"%u\" time=\"%.3f\" timestamp=\"%.*s\">\n",
               tests, failures, skipped, tests, failures, skipped,
               (double)(run->ended_ms - run->started_ms) / 1000,
               STR(time_rfc3339(arena, run->started_ms)));
    open_case(&buf, "hyperpod-probe", S("verdict"));
    if (bad)
        said(&buf, "failure", str_of(probe_verdicts[j->verdict]),
             j->reason_count > 0 ? j->reasons[0] : S(""));
    buf_putz(&buf, "    </testcase>\n");
    for (uint32_t i = 0; i < run->finding_count; i++) {
        if (!whole_run(&run->findings[i]))
            continue;
        open_case(&buf, "hyperpod-probe.run", run->findings[i].code);
        said(&buf, "failure", run->findings[i].text, run->findings[i].remedy);
        buf_putz(&buf, "    </testcase>\n");
    }
    for (uint32_t i = 0; i < j->suspect_count; i++) {
        if (!is_common(&j->suspects[i]))
            continue;
        open_case(&buf, "hyperpod-probe.run", S("common"));
        said(&buf, "failure", j->suspects[i].text, j->suspects[i].remedy);
        buf_putz(&buf, "    </testcase>\n");
    }
    for (uint32_t k = 0; k < run->node_count; k++)
        node_case(&buf, arena, run, (int32_t)k, true);
    buf_putz(&buf, "  </testsuite>\n</testsuites>\n");
    return buf_str(&buf);
}
