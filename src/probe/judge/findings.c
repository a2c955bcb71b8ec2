/* What the judge finds beside suspects: of the whole run, or of a node. */
#include "facts/units.h"
#include "inside.h"

/* When a run is judged anew, they are found anew. */
static const char *const own[] = {"security-group", "below-floor",        "noise",    "slow-tail",
                                  "rails-missing",  "nothing-to-compare", "counters", NULL};

/* Counters of the hardware that should not move. Packets that were sent again are no trouble by
 * themselves: the device spreads what it sends over many ways. */
static const struct trouble {
    const char *name, *says;
} troubles[] = {
    {"retrans_timeout_events", "waited in vain and took another way"},
    {"unresponsive_remote_events", "the other end did not answer"},
    {"impaired_remote_conn_events", "the rate was lowered for a path"},
    {"rx_drops", "packets came that had no place to go"},
    {"create_ah_err", "an address was refused"},
};
enum { TROUBLES = sizeof troubles / sizeof troubles[0] };

static const float tail_most = 10; /* p99, times the median */

void judge_forget_findings(struct probe_run *run)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < run->finding_count; i++) {
        bool ours = false;
        for (int o = 0; own[o] != NULL; o++)
            ours |= str_is(run->findings[i].code, own[o]);
        if (!ours)
            run->findings[kept++] = run->findings[i];
    }
    /* The list grows by doubling at powers of two: it must not end on one that it has room for. */
    uint32_t all = run->finding_count;
    run->finding_count = kept;
    if (kept != all) {
        struct probe_finding *old = run->findings;
        run->findings = NULL;
        run->finding_count = 0;
        for (uint32_t i = 0; i < kept; i++)
            probe_run_add_finding(run, &old[i]);
    }
}

static void find(struct judge *j, enum probe_severity severity, const char *code, int32_t node,
                 struct str text, const char *remedy)
{
    struct probe_finding finding = {severity,    str_of(code), node,
                                    PROBE_EVERY, text,         str_of(remedy)};

    probe_run_add_finding(j->run, &finding);
}

static void security_group(struct judge *j)
{
    if (j->tried > 0 && j->unheard * 10 > j->tried * 9)
        find(j, PROBE_ERROR, "security-group", PROBE_EVERY,
             arena_fmt(j->run->arena,
                       "%lld of %lld connections carried nothing, though the nodes reach each "
                       "other by TCP: this is what a security group without a rule to itself "
                       "looks like",
                       (long long)j->unheard, (long long)j->tried),
             "The nodes' security group needs two rules of its own: inbound, all protocols, "
             "source this group; outbound, all protocols, destination this group. Outbound "
             "0.0.0.0/0 does not cover EFA. All nodes must be in one subnet.");
}

/* "8 bytes", "64k", "1M". */
static struct str bytes_text(struct judge *j, uint64_t bytes)
{
    return bytes < 1024 ? arena_fmt(j->run->arena, "%llu bytes", (unsigned long long)bytes)
                        : size_text(j->run->arena, bytes);
}

static void floors(struct judge *j)
{
    for (uint32_t s = 0; s < j->run->series_count; s++)
        if (j->refs[s].below_floor)
            find(j, PROBE_ERROR, "below-floor", PROBE_EVERY,
                 arena_fmt(j->run->arena,
                           "%s of %.*s: even healthy cells have %.4g %s, and the profile's "
                           "floor is %.4g",
                           probe_metrics[j->run->series[s].metric].name,
                           STR(bytes_text(j, j->run->series[s].size_bytes)),
                           (double)j->refs[s].headline,
                           probe_metrics[j->run->series[s].metric].unit, (double)j->refs[s].floor),
                 "Look at what all nodes have in common: provider, library, environment, "
                 "placement group.");
}

static void nodes(struct judge *j)
{
    for (uint32_t k = 0; k < j->n; k++) {
        const struct probe_node *node = &j->run->nodes[k];
        if (j->noisy[k] && !j->gone[k])
            find(j, PROBE_WARNING, "noise", (int32_t)k,
                 arena_fmt(j->run->arena,
                           "others took %.0f %% of this node's time: it is not judged",
                           100 * node->foreign_cpu),
                 "Stop what else runs there, and measure again.");
        if (!j->gone[k] && node->rail_count < j->rails)
            find(j, PROBE_ERROR, "rails-missing", (int32_t)k,
                 arena_fmt(j->run->arena, "%u rails, where others have %u", node->rail_count,
                           j->rails),
                 "Devices may appear late after boot; reboot the node, replace it if it stays.");
    }
}

static const struct trouble *trouble_of(struct str name)
{
    for (size_t t = 0; t < TROUBLES; t++)
        if (str_is(name, troubles[t].name))
            return &troubles[t];
    return NULL;
}

static int64_t plus(int64_t a, int64_t b)
{
    int64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* One finding for each kind of trouble and node; one for all where three quarters have it. */
static void counters(struct judge *j)
{
    const struct probe_run *run = j->run;
    int64_t *sums = arena_array(j->arena, int64_t, j->n);
    uint32_t *rails = arena_array(j->arena, uint32_t, j->n);

    for (size_t t = 0; t < TROUBLES; t++) {
        uint32_t hit = 0;
        int64_t all = 0;
        memset(sums, 0, j->n * sizeof *sums);
        memset(rails, 0, j->n * sizeof *rails);
        for (uint32_t i = 0; i < run->counter_count; i++) {
            const struct probe_counter *c = &run->counters[i];
            if (trouble_of(c->name) != &troubles[t] || c->moved <= 0 || c->node < 0)
                continue;
            hit += sums[c->node] == 0;
            sums[c->node] = plus(sums[c->node], c->moved);
            rails[c->node]++;
            all = plus(all, c->moved);
        }
        bool most = hit >= 3 && hit * 4 >= j->alive * 3;
        if (most)
            find(j, PROBE_WARNING, "counters", PROBE_EVERY,
                 arena_fmt(run->arena, "%s moved by %lld on %u of %u nodes: %s", troubles[t].name,
                           (long long)all, hit, j->alive, troubles[t].says),
                 "Look at what all nodes have in common; measure again.");
        for (uint32_t k = 0; !most && k < j->n; k++)
            if (sums[k] > 0)
                find(j, PROBE_WARNING, "counters", (int32_t)k,
                     arena_fmt(run->arena, "%s moved by %lld on %u of %u rails: %s",
                               troubles[t].name, (long long)sums[k], rails[k],
                               run->nodes[k].rail_count, troubles[t].says),
                     "Measure again; give AWS Support the instance id if it stays.");
    }
}

/* Cells of a node whose slowest percent is more than ten times their median; of: all of it. */
static void count_tails(struct judge *j, uint32_t median, uint32_t slowest, uint32_t *tails,
                        uint32_t *of)
{
    for (uint32_t rail = 0; rail < j->rails; rail++) {
        const float *p50 = probe_plane(j->run, median, rail);
        const float *p99 = probe_plane(j->run, slowest, rail);
        const uint8_t *flags = judge_flags(j, rail);
        for (uint32_t from = 0; from < j->n; from++)
            for (uint32_t to = 0; to < j->n; to++) {
                size_t i = (size_t)from * j->n + to;
                if ((flags[i] & (CELL_MEASURED | CELL_NOISY)) != CELL_MEASURED || !(p50[i] > 0) ||
                    !(p99[i] > 0) || j->noisy[from] || j->noisy[to])
                    continue;
                bool is_tail = p99[i] > tail_most * p50[i];
                of[from]++, of[to]++;
                tails[from] += is_tail, tails[to] += is_tail;
            }
        probe_plane_done(j->run, median, rail);
        probe_plane_done(j->run, slowest, rail);
    }
}

static bool is_suspect(const struct judge *j, uint32_t node)
{
    for (uint32_t i = 0; i < j->judged->suspect_count; i++)
        if (j->judged->suspects[i].a == (int32_t)node && j->judged->suspects[i].b < 0 &&
            j->judged->suspects[i].severity > PROBE_INFO)
            return true;
    return false;
}

/* Where all are alike, nobody stands out by it; still one message of a hundred takes so long. */
static void tails(struct judge *j, uint32_t median)
{
    const struct probe_series *series = &j->run->series[median];
    int slowest =
        probe_run_series_find(j->run, PROBE_LATENCY_P99, series->size_bytes, series->load);
    uint32_t *tails = arena_array(j->arena, uint32_t, j->n),
             *of = arena_array(j->arena, uint32_t, j->n);
    uint32_t hit = 0;

    if (slowest < 0)
        return;
    count_tails(j, median, (uint32_t)slowest, tails, of);
    for (uint32_t k = 0; k < j->n; k++)
        hit += of[k] > 0 && tails[k] * 4 >= of[k] * 3;
    bool most = hit > 0 && hit * 2 >= j->alive;
    if (most)
        find(j, PROBE_WARNING, "slow-tail", PROBE_EVERY,
             arena_fmt(j->run->arena,
                       "one message of %llu bytes in a hundred takes more than %.0f times the "
                       "median, on %u of %u nodes",
                       (unsigned long long)series->size_bytes, (double)tail_most, hit, j->alive),
             "Look for what disturbs all nodes: lost packets, other traffic, power saving.");
    for (uint32_t k = 0; !most && k < j->n; k++)
        if (of[k] > 0 && tails[k] * 4 >= of[k] * 3 && !is_suspect(j, k))
            find(j, PROBE_WARNING, "slow-tail", (int32_t)k,
                 arena_fmt(j->run->arena,
                           "one message of %llu bytes in a hundred takes more than %.0f times the "
                           "median, in %u of %u measurements",
                           (unsigned long long)series->size_bytes, (double)tail_most, tails[k],
                           of[k]),
                 "Look for what disturbs this node: lost packets, interrupts, power saving.");
}

void judge_findings(struct judge *j)
{
    security_group(j);
    floors(j);
    nodes(j);
    counters(j);
    for (uint32_t s = 0; s < j->run->series_count && !j->shared; s++)
        if (j->run->series[s].metric == PROBE_LATENCY_P50 && j->run->series[s].size_bytes <= 8)
            tails(j, s);
    if (j->alive == 2 && j->profile == NULL)
        find(j, PROBE_INFO, "nothing-to-compare", PROBE_EVERY,
             S("two nodes and no profile: rails are compared with each other, and nothing says "
               "what they should reach"),
             "Name a profile, or run with more nodes.");
}
