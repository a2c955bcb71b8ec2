/* From what was measured to what is bad, and how sure that is.
 *
 * A cell is compared with what healthy cells of its class have (pairs that share as much of their
 * place in the network): not with the median of all, since one bad node of four touches half of
 * them, but with the better end, brought back to the middle of what is not bad.
 *
 * Then causes are looked for from the widest to the narrowest. An atom is (node, rail, direction);
 * it is bad when three quarters of its partners show it. Atoms become rails, directions and nodes.
 * What they explain is set aside, and of the rest a link is bad when it stands out by more than
 * chance does among so many links. Noise is set aside too, never judged, never hidden.
 *
 * docs/PROBE.md has the limits, and how they were tried. */
#ifndef HP_PROBE_JUDGE_H
#define HP_PROBE_JUDGE_H

#include "facts/profile.h"
#include "result/judged.h"

/* Fills run->judged and adds findings (security-group, below-floor …). profile: NULL, nodes are
 * compared with each other only. May be called again after samples were added: then everything is
 * judged anew. A run without cells is one of which nothing was measured. */
void judge_run(struct probe_run *run, const struct profile *profile);

/* What to measure once more, alone on the fabric, before suspects are declared bad: one row is one
 * measurement of one series, to be added as PROBE_SAMPLE_ALONE. After judge_run; lives in the
 * arena. The most important come first. Rows one after the other, or few at a time of nodes that
 * have nothing to do with each other. A run that has no time for all leaves out the last. */
struct judge_retest {
    uint32_t suspect, series, from, to, rail;
};
uint32_t judge_retests(const struct probe_run *run, struct arena *arena,
                       struct judge_retest **ret_retests);

/* How many times as good as the reference a value is: 0.5 is half the bandwidth, or twice the
 * latency. */
double judge_quality(const struct probe_series *series, double value, double reference);

#endif
