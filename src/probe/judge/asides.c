/* What was measured beside the matrix: each alone and all at once, across rails, all pairs at once.
 * It names rails and nodes by findings, never by suspects: a sample of three partners warns. */
#include "inside.h"

#include "statistics.h"

#include <stdio.h>

enum { MOST_NAMED = 16 };

/* Shares of what the same pairs had that count as less. */
static const double rail_least = 0.85;      /* of what rails of this type have */
static const double together_least = 0.85;  /* all at once, of each alone */
static const double across_least = 0.7;     /* with another rail, of the same */
static const double congestion_least = 0.8; /* the median node under load, of alone */
static const double node_least = 0.5;       /* the worst node under load, of alone */

static bool is_said(const struct probe_run *run, const char *code, int32_t node, int32_t rail)
{
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (str_is(run->findings[i].code, code) && run->findings[i].node == node &&
            run->findings[i].rail == rail)
            return true;
    return false;
}

/* Samples stay the same when a run is judged anew, and so does what is said of them. */
static void find_of(struct judge *j, const struct probe_aside *aside, enum probe_severity severity,
                    const char *code, int32_t node, int32_t rail, struct str text,
                    const char *remedy)
{
    struct probe_finding finding = {severity, str_of(code), node, rail, text, str_of(remedy)};

    if (!aside->judged)
        finding.text = arena_fmt(j->run->arena, "%.*s (told, not judged: %s)", STR(text),
                                 j->shared ? "ranks share a machine" : "too much was disturbed");
    if (!is_said(j->run, code, node, rail))
        probe_run_add_finding(j->run, &finding);
}

static void find(struct judge *j, const struct probe_aside *aside, const char *code, int32_t node,
                 int32_t rail, struct str text, const char *remedy)
{
    find_of(j, aside, aside->judged ? PROBE_WARNING : PROBE_INFO, code, node, rail, text, remedy);
}

static struct str rail_name(const struct judge *j, uint32_t node, uint32_t rail)
{
    const struct probe_node *n = &j->run->nodes[node];

    return rail < n->rail_count && n->rails[rail].name.len > 0
               ? n->rails[rail].name
               : arena_fmt(j->run->arena, "%u", rail);
}

static struct str node_name(const struct judge *j, int32_t node)
{
    return node < 0 ? S("none") : j->run->nodes[node].name;
}

/* A node's share: sums over rails that have both. NaN: none has. */
static double share_of(const struct judge *j, const struct probe_aside *aside, uint32_t node)
{
    double value = 0, against = 0;

    for (uint32_t rail = 0; rail < j->rails; rail++) {
        size_t at = (size_t)node * j->rails + rail;
        if (isnan(aside->values[at]) || isnan(aside->against[at]))
            continue;
        value += aside->values[at];
        against += aside->against[at];
    }
    return against > 0 ? value / against : NAN;
}

static void shares(struct judge *j, struct probe_aside *aside)
{
    double *all = arena_array(j->arena, double, j->n);
    size_t count = 0;

    aside->least = aside->median = NAN;
    aside->least_node = PROBE_NONE;
    for (uint32_t k = 0; k < j->n; k++) {
        double share = share_of(j, aside, k);
        if (isnan(share) || j->gone[k])
            continue;
        all[count++] = share;
        if (isnan(aside->least) || share < aside->least) {
            aside->least = share;
            aside->least_node = (int32_t)k;
        }
    }
    aside->median = median_double(all, count);
}

/* The median of all rails of nodes of this type. */
static double cohort(struct judge *j, const double *values, struct str type)
{
    double *all = arena_array(j->arena, double, (size_t)j->n * j->rails);
    size_t count = 0;

    for (uint32_t k = 0; k < j->n; k++)
        for (uint32_t rail = 0; rail < j->rails && str_eq(j->run->nodes[k].type, type); rail++)
            if (!isnan(values[(size_t)k * j->rails + rail]))
                all[count++] = values[(size_t)k * j->rails + rail];
    return median_double(all, count);
}

/* A rail that is slow alone too is the rail; one that is slow only together shares something. */
static void judge_rails_of(struct judge *j, const struct probe_aside *aside, uint32_t node,
                           uint32_t *named)
{
    double alone = cohort(j, aside->against, j->run->nodes[node].type);
    double together = cohort(j, aside->values, j->run->nodes[node].type);
    double share = share_of(j, aside, node);
    bool whole = share < together_least && share < rail_least * aside->median;

    for (uint32_t rail = 0; rail < j->rails && *named < MOST_NAMED; rail++) {
        size_t at = (size_t)node * j->rails + rail;
        bool slow = aside->against[at] < rail_least * alone;
        if (slow)
            find(j, aside, "rail-slow-alone", (int32_t)node, (int32_t)rail,
                 arena_fmt(j->run->arena,
                           "rail %.*s has %.4g Gb/s when it measures alone, where rails of this "
                           "type have %.4g: it is the rail, not what rails share",
                           STR(rail_name(j, node, rail)), aside->against[at], alone),
                 "Its device or ENI. Reboot the node, replace it if it stays.");
        else if (!whole && aside->values[at] < rail_least * together)
            find(j, aside, "rail-slow-together", (int32_t)node, (int32_t)rail,
                 arena_fmt(j->run->arena,
                           "rail %.*s has %.4g Gb/s with all rails at once, where others have "
                           "%.4g; alone it has %.4g: it shares something (PCIe, a switch, memory)",
                           STR(rail_name(j, node, rail)), aside->values[at], together,
                           aside->against[at]),
                 "Compare its PCIe path and NUMA node with those of the other rails.");
        else
            continue;
        (*named)++;
    }
    if (whole && (*named)++ < MOST_NAMED)
        find(j, aside, "rails-share", (int32_t)node, PROBE_EVERY,
             arena_fmt(j->run->arena,
                       "all rails at once have %.0f %% of what they have one by one; the median "
                       "node has %.0f %%: this node's rails share bandwidth",
                       100 * share, 100 * aside->median),
             "PCIe, memory or processors of this node: compare its links (lspci -vv: LnkSta), "
             "governor and NUMA settings with another node's.");
}

static void judge_rails(struct judge *j, const struct probe_aside *aside)
{
    uint32_t named = 0;

    if (aside->median < together_least)
        find_of(j, aside, PROBE_INFO, "rails-share", PROBE_EVERY, PROBE_EVERY,
                arena_fmt(j->run->arena,
                          "all rails at once have %.0f %% of what they have one by one (the median "
                          "node): what nodes of this type have in common, a limit of the node, "
                          "PCIe or its processors",
                          100 * aside->median),
                "");
    for (uint32_t k = 0; k < j->n && aside->judged; k++)
        if (!j->gone[k])
            judge_rails_of(j, aside, k, &named);
}

static void judge_across(struct judge *j, const struct probe_aside *aside)
{
    uint32_t slow = 0, of = 0, named = 0;

    if (aside->unheard * 4 > aside->tested) {
        find(j, aside, "rails-apart", PROBE_EVERY, PROBE_EVERY,
             arena_fmt(j->run->arena,
                       "rails do not reach rails of another number: %lld of %lld meetings were "
                       "silent or failed",
                       (long long)aside->unheard, (long long)aside->tested),
             "All rails must be in one subnet and in security groups that allow each other; where "
             "rails are networks of their own on purpose, NCCL needs NCCL_CROSS_NIC=0.");
        return;
    }
    for (uint32_t k = 0; k < j->n; k++)
        for (uint32_t rail = 0; rail < j->rails && !j->gone[k]; rail++) {
            size_t at = (size_t)k * j->rails + rail;
            of += !isnan(aside->values[at]);
            slow += aside->values[at] < across_least * aside->against[at];
            if (aside->unheard_rails[at] >= 2 && named++ < MOST_NAMED)
                find(j, aside, "rail-apart", (int32_t)k, (int32_t)rail,
                     arena_fmt(j->run->arena,
                               "rail %.*s does not reach rails of another number: %u partners "
                               "were silent or failed",
                               STR(rail_name(j, k, rail)), aside->unheard_rails[at]),
                     "Compare its subnet and security groups with those of the other rails.");
        }
    if (slow * 4 > of)
        find(j, aside, "across-slow", PROBE_EVERY, PROBE_EVERY,
             arena_fmt(j->run->arena,
                       "across rails, %u of %u rails have less than %.0f %% of what they have "
                       "with the rail of the same number (the median node: %.0f %%)",
                       slow, of, 100 * across_least, 100 * aside->median),
             "Keep traffic on rails of the same number (NCCL does, with NCCL_CROSS_NIC=0).");
    for (uint32_t k = 0; k < j->n && slow * 4 <= of && aside->judged; k++)
        for (uint32_t rail = 0; rail < j->rails && !j->gone[k]; rail++) {
            size_t at = (size_t)k * j->rails + rail;
            if (aside->values[at] < across_least * aside->against[at] && named++ < MOST_NAMED)
                find(j, aside, "across-slow", (int32_t)k, (int32_t)rail,
                     arena_fmt(j->run->arena,
                               "rail %.*s has %.4g Gb/s to rails of another number, %.4g to that "
                               "of its own",
                               STR(rail_name(j, k, rail)), aside->values[at], aside->against[at]),
                     "A path between rails: run again; if it stays, compare their placement.");
        }
}

static void judge_bisection(struct judge *j, const struct probe_aside *aside)
{
    if (aside->median < congestion_least)
        find(j, aside, "congestion", PROBE_EVERY, PROBE_EVERY,
             arena_fmt(j->run->arena,
                       "with all pairs at once the median node keeps %.0f %% of what its pair has "
                       "alone, %.*s %.0f %%; below %.0f %% the fabric between them is too narrow",
                       100 * aside->median, STR(node_name(j, aside->least_node)),
                       100 * aside->least, 100 * congestion_least),
             "One cluster placement group, and nodes that are near each other (topology-aware "
             "scheduling), keep traffic off shared links.");
    else if (aside->least < node_least)
        find(j, aside, "congestion", aside->least_node, PROBE_EVERY,
             arena_fmt(j->run->arena,
                       "with all pairs at once this node keeps %.0f %% of what its pair has alone, "
                       "the median node %.0f %%",
                       100 * aside->least, 100 * aside->median),
             "Look at its place in the network: it may be far from the others.");
    if (aside->unheard > 0 && j->alive == j->n)
        find(j, aside, "silent-under-load", PROBE_EVERY, PROBE_EVERY,
             arena_fmt(j->run->arena,
                       "with all pairs at once, %lld of %lld meetings of rails were silent or "
                       "failed",
                       (long long)aside->unheard, (long long)aside->tested),
             "Look at the counters of retransmissions, and run again.");
}

void judge_asides(struct judge *j)
{
    for (uint32_t i = 0; i < j->run->aside_count; i++) {
        struct probe_aside *aside = &j->run->asides[i];
        aside->judged = !j->shared && aside->tested > 0 && aside->noisy * 10 <= aside->tested;
        shares(j, aside);
        if (aside->kind == PROBE_ASIDE_RAILS)
            judge_rails(j, aside);
        else if (aside->kind == PROBE_ASIDE_CROSS)
            judge_across(j, aside);
        else
            judge_bisection(j, aside);
    }
}
