#include "cluster.h"

#include "judge/judge.h"
#include "judge/schedule.h"

#include <stdio.h>

const char *const fault_names[] = {"healthy",           "slow node",         "slow rail",
                                   "one-way slow link", "lossy link",        "dead node",
                                   "silent node",       "noisy machine",     "node 8-14 % below",
                                   "rail 8-14 % below", "rail of all nodes", "stalling link"};

enum { DICE = 1 << 16 };
static const double rail_gbps = 97, latency_us = 12, tail = 1.35, worst = 0.9;

/* Series, in the order in which they are made. */
enum { LATENCY, TAIL, BANDWIDTH, WORST, RATE, SERIES };

/* What a pair has, by how much of its place it shares: 0 is far apart. */
enum { LAYERS = 3 };
static const double far_latency[LAYERS + 1] = {2.2, 1.7, 1.3, 1};
static const double far_bandwidth[LAYERS + 1] = {0.75, 0.84, 0.94, 1};

/* Normal numbers from a table: a matrix of 1000 nodes has a hundred million of them. */
static float dice[DICE];
static void fill_dice(void)
{
    struct chance chance = {1};

    if (dice[0] != 0)
        return;
    for (int i = 0; i < DICE; i++)
        dice[i] = (float)chance_normal(&chance);
}

static struct fault fault_of(struct chance *chance, enum fault_kind kind, uint32_t nodes,
                             uint32_t rails, uint32_t not_a, uint32_t not_b)
{
    struct fault f = {.kind = kind, .bandwidth = 1, .latency = 1, .tail = 1, .worst = 1};

    do
        f.a = chance_below(chance, nodes);
    while (f.a == not_a || f.a == not_b);
    do
        f.b = chance_below(chance, nodes);
    while (f.b == f.a || f.b == not_a || f.b == not_b);
    f.rail = chance_below(chance, rails);
    double some = chance_unit(chance);
    switch (kind) {
    case FAULT_SLOW_NODE:
        f.bandwidth = 0.3 + 0.4 * some;
        f.latency = 1 + 2 * chance_unit(chance);
        break;
    case FAULT_SLOW_RAIL:
        f.bandwidth = 0.2 + 0.5 * some;
        break;
    case FAULT_SLOW_WAY:
        f.bandwidth = 0.1 + 0.5 * some;
        break;
    case FAULT_LOSSY_LINK:
        f.bandwidth = 0.75 + 0.2 * some;
        f.tail = 20 + 180 * chance_unit(chance);
        break;
    case FAULT_MILD_NODE:
    case FAULT_MILD_RAIL:
        f.bandwidth = 0.86 + 0.06 * some;
        break;
    case FAULT_COMMON_RAIL:
        f.bandwidth = 0.3 + 0.4 * some;
        break;
    case FAULT_STALLING_LINK:
        f.bandwidth = 0.9 + 0.1 * some;
        f.worst = 0.05 + 0.2 * chance_unit(chance);
        break;
    default:
        break;
    }
    return f;
}

struct cluster cluster_of(uint64_t seed, uint32_t nodes, uint32_t rails, enum fault_kind kind,
                          bool two)
{
    struct chance chance = {seed * 2654435761u + kind};
    struct cluster c = {.seed = seed, .nodes = nodes, .rails = rails};

    c.noise = 0.02 + 0.05 * chance_unit(&chance);
    if (kind == FAULT_NONE) {
        c.layers = chance_unit(&chance) < 1.0 / 3 && nodes >= CLUSTER_LEAST_LAYERED;
        return c;
    }
    c.faults[c.fault_count++] = fault_of(&chance, kind, nodes, rails, nodes, nodes);
    if (two && nodes >= 4) { /* two nodes each */
        enum fault_kind other = (enum fault_kind)(1 + chance_below(&chance, FAULT_NOISY_NODE - 1));
        c.faults[c.fault_count++] =
            fault_of(&chance, other, nodes, rails, c.faults[0].a, c.faults[0].b);
    }
    c.layers = chance_unit(&chance) < 1.0 / 3 && nodes >= CLUSTER_LEAST_LAYERED;
    return c;
}

/* What all faults together multiply on this cell. */
static void faults_at(const struct cluster *c, uint32_t from, uint32_t to, uint32_t rail,
                      double factors[SERIES])
{
    for (int i = 0; i < SERIES; i++)
        factors[i] = 1;
    for (uint32_t i = 0; i < c->fault_count; i++) {
        const struct fault *f = &c->faults[i];
        bool end = from == f->a || to == f->a;
        bool way = from == f->a && to == f->b, back = from == f->b && to == f->a;
        bool hit = f->kind == FAULT_SLOW_NODE   ? end
                   : f->kind == FAULT_SLOW_RAIL ? end && rail == f->rail
                   : f->kind == FAULT_SLOW_WAY  ? way
                   : f->kind == FAULT_LOSSY_LINK || f->kind == FAULT_STALLING_LINK ? way || back
                   : f->kind == FAULT_MILD_NODE                                    ? end
                   : f->kind == FAULT_MILD_RAIL   ? end && rail == f->rail
                   : f->kind == FAULT_COMMON_RAIL ? rail == f->rail
                                                  : false;
        if (!hit)
            continue;
        factors[LATENCY] *= f->latency;
        factors[TAIL] *= f->latency * f->tail;
        factors[BANDWIDTH] *= f->bandwidth;
        factors[WORST] *= f->bandwidth * f->worst;
        factors[RATE] /= f->latency;
    }
}

/* Numbers of the network nodes above a node, coarse to fine; each is one layer's, over all. Nodes
 * of a place do not follow each other. */
static void place_of(const struct cluster *c, uint32_t node, uint32_t at[LAYERS])
{
    uint32_t leaves = c->nodes / 5 + 1 + (uint32_t)(c->seed % 3);

    at[2] = (node * 7 + (uint32_t)(c->seed % 11)) % leaves;
    at[1] = at[2] / 2;
    at[0] = at[1] / 3;
}

/* How much of their place two nodes share. */
static int shared_layers(const struct cluster *c, uint32_t a, uint32_t b)
{
    uint32_t x[LAYERS], y[LAYERS];
    int depth = 0;

    place_of(c, a, x);
    place_of(c, b, y);
    while (depth < LAYERS && x[depth] == y[depth])
        depth++;
    return depth;
}

static void distance(const struct cluster *c, uint32_t from, uint32_t to, double factors[SERIES])
{
    int near = c->layers ? shared_layers(c, from, to) : LAYERS;

    factors[LATENCY] *= far_latency[near];
    factors[TAIL] *= far_latency[near];
    factors[BANDWIDTH] *= far_bandwidth[near];
    factors[WORST] *= far_bandwidth[near];
    factors[RATE] /= far_latency[near];
}

static void describe(const struct cluster *c, struct probe_run *run)
{
    char text[64];

    snprintf(text, sizeof text, "simulated-%llu", (unsigned long long)c->seed);
    run->id = probe_run_str(run, str_of(text));
    run->version = S(HP_VERSION);
    run->mode = c->quick ? S("quick") : S("full");
    run->provider = S("simulated");
    run->engine = S("none");
    run->started_ms = INT64_C(1763776000000);
    run->ended_ms = run->started_ms + 700 * (int64_t)schedule_rounds(c->nodes, c->quick);
    struct probe_node *nodes = probe_run_nodes(run, c->nodes);
    for (uint32_t n = 0; n < c->nodes; n++) {
        snprintf(text, sizeof text, "ip-10-1-%u-%u", n / 250, n % 250 + 4);
        nodes[n].name = probe_run_str(run, str_of(text));
        snprintf(text, sizeof text, "i-0%016x", n + 4096);
        nodes[n].id = probe_run_str(run, str_of(text));
        nodes[n].group = S("worker");
        if (c->layers) {
            uint32_t at[LAYERS];
            place_of(c, n, at);
            snprintf(text, sizeof text, "nn-a%u/nn-b%u/nn-c%u", at[0], at[1], at[2]);
            nodes[n].place = probe_run_str(run, str_of(text));
        }
        nodes[n].type = S("ml.p5.48xlarge");
        nodes[n].provider = S("simulated");
        nodes[n].probe = S(HP_VERSION);
        struct probe_rail *rails = probe_run_rails(run, n, c->rails);
        for (uint32_t r = 0; r < c->rails; r++) {
            snprintf(text, sizeof text, "rdmap%us0", 79 + r);
            rails[r].name = probe_run_str(run, str_of(text));
        }
    }
    probe_run_series(run, PROBE_LATENCY_P50, 8, PROBE_LOAD_RAIL);
    probe_run_series(run, PROBE_LATENCY_P99, 8, PROBE_LOAD_RAIL);
    probe_run_series(run, PROBE_BANDWIDTH, 1 << 20, PROBE_LOAD_RAIL);
    probe_run_series(run, PROBE_BANDWIDTH_WORST, 1 << 20, PROBE_LOAD_RAIL);
    probe_run_series(run, PROBE_RATE, 8, PROBE_LOAD_RAIL);
}

/* In which round a pair meets: a node that died in an earlier one is not there. */
static void died(const struct cluster *c, struct probe_run *run)
{
    for (uint32_t i = 0; i < c->fault_count; i++) {
        const struct fault *f = &c->faults[i];
        struct probe_node *node = &run->nodes[f->a];
        if (f->kind == FAULT_DEAD_NODE) {
            node->presence = PROBE_LOST;
            node->phase = S("bandwidth");
            node->why = S("the engine reported its end");
        }
        if (f->kind == FAULT_SILENT_NODE && c->seed % 2 == 0)
            node->presence = PROBE_MUTE;
        if (f->kind == FAULT_NOISY_NODE)
            node->foreign_cpu = 0.5;
    }
}

enum state { THERE, DEAD, SILENT, NOISY, STATES };

static enum state state_of(const struct cluster *c, uint32_t node)
{
    for (uint32_t i = 0; i < c->fault_count; i++)
        if (c->faults[i].a == node)
            switch (c->faults[i].kind) {
            case FAULT_DEAD_NODE:
                return DEAD;
            case FAULT_SILENT_NODE:
                return SILENT;
            case FAULT_NOISY_NODE:
                return NOISY;
            default:
                break;
            }
    return THERE;
}

struct filler {
    const struct cluster *c;
    struct probe_run *run;
    struct chance chance;
    float *rail_factors; /* nodes * rails */
};

static double rolled(struct filler *f, double deviation)
{
    return exp(deviation * (double)dice[chance_next(&f->chance) % DICE]);
}

static void cell(struct filler *f, uint32_t from, uint32_t to, uint32_t rail, bool noisy)
{
    double factors[SERIES], noise = f->c->noise;
    uint64_t luck = chance_next(&f->chance);

    faults_at(f->c, from, to, rail, factors);
    distance(f->c, from, to, factors);
    double own = (double)f->rail_factors[from * f->c->rails + rail] *
                 (double)f->rail_factors[to * f->c->rails + rail];
    if (noisy) {
        factors[LATENCY] *= 1 + 9 * chance_unit(&f->chance);
        factors[TAIL] *= 1 + 90 * chance_unit(&f->chance);
        factors[BANDWIDTH] *= 0.3 + 0.7 * chance_unit(&f->chance);
        factors[WORST] *= 0.1 + 0.9 * chance_unit(&f->chance);
        factors[RATE] *= 0.1 + 0.9 * chance_unit(&f->chance);
    }
    /* Now and then a cell has a bad moment, which does not come again. */
    if (luck % 5000 == 0)
        factors[BANDWIDTH] *= 0.4 + 0.4 * chance_unit(&f->chance);
    if (luck % 5001 == 0)
        factors[TAIL] *= 3 + 20 * chance_unit(&f->chance);
    if (luck % 5002 == 0)
        factors[WORST] *= 0.1 + 0.5 * chance_unit(&f->chance);
    double latency = latency_us * factors[LATENCY] / own * rolled(f, noise);
    double tailed = latency * tail * factors[TAIL] / factors[LATENCY] * rolled(f, 3 * noise);
    probe_set(f->run, LATENCY, rail, from, to, latency);
    probe_set(f->run, TAIL, rail, from, to, tailed > latency ? tailed : latency);
    probe_set(f->run, BANDWIDTH, rail, from, to,
              rail_gbps * own * factors[BANDWIDTH] * rolled(f, noise));
    probe_set(f->run, WORST, rail, from, to,
              rail_gbps * worst * own * factors[WORST] * rolled(f, 2 * noise));
    probe_set(f->run, RATE, rail, from, to, 1e6 * own * factors[RATE] * rolled(f, noise));
    probe_say(f->run, rail, from, to, PROBE_OK, noisy, S(""));
}

static void pair(struct filler *f, uint32_t round, uint32_t rounds, uint32_t rail, uint32_t from,
                 uint32_t to)
{
    enum state a = state_of(f->c, from), b = state_of(f->c, to);
    bool disturbed = a == NOISY || b == NOISY;

    if (a == SILENT || b == SILENT || ((a == DEAD || b == DEAD) && round >= rounds / 2)) {
        probe_say(f->run, rail, from, to, PROBE_SILENT, false, S(""));
        return;
    }
    cell(f, from, to, rail, disturbed && chance_next(&f->chance) % 10 != 0);
}

struct probe_run *cluster_run(const struct cluster *c, const char *path, struct probe_error *reterr)
{
    struct probe_run *run = probe_run_new();
    uint32_t rounds = schedule_rounds(c->nodes, c->quick);

    fill_dice();
    describe(c, run);
    died(c, run);
    if (!probe_run_cells(run, path, reterr)) {
        probe_run_free(run);
        return NULL;
    }
    struct filler f = {c, run, {c->seed + 77}, NULL};
    f.rail_factors = arena_array(run->arena, float, (size_t)c->nodes * c->rails);
    for (size_t i = 0; i < (size_t)c->nodes * c->rails; i++)
        f.rail_factors[i] = (float)rolled(&f, 0.005);
    for (uint32_t rail = 0; rail < c->rails; rail++) {
        for (uint32_t round = 0; round < rounds; round++)
            for (uint32_t a = 0; a < c->nodes; a++) {
                uint32_t b = schedule_partner(c->nodes, c->quick, round, a);
                if (b != a)
                    pair(&f, round, rounds, rail, a, b);
            }
        for (uint32_t a = 0; a < c->nodes; a++)
            for (uint32_t b = 0; b < c->nodes && c->quick; b++)
                if (a != b)
                    probe_say(run, rail, a, b, PROBE_SKIPPED, false, S(""));
        for (uint32_t s = 0; s <= run->series_count; s++)
            probe_plane_done(run, s, rail);
    }
    int64_t cells = (int64_t)schedule_pairs(c->nodes, c->quick) * 2 * c->rails;
    probe_run_add_phase(run, &(struct probe_phase){S("matrix"), rounds, cells,
                                                   (int64_t)c->nodes * (c->nodes - 1) * c->rails,
                                                   run->ended_ms - run->started_ms});
    return run;
}

void cluster_retest(const struct cluster *c, struct probe_run *run)
{
    static const double bases[SERIES] = {latency_us, latency_us * tail, rail_gbps,
                                         rail_gbps * worst, 1e6};
    struct chance chance = {c->seed + 99};
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct judge_retest *rows;
    uint32_t count = judge_retests(run, arena, &rows);

    for (uint32_t i = 0; i < count; i++) {
        const struct judge_retest *r = &rows[i];
        double factors[SERIES], noise = c->noise / 2;
        enum state a = state_of(c, r->from), b = state_of(c, r->to);
        bool heard = a != SILENT && b != SILENT && a != DEAD && b != DEAD;
        faults_at(c, r->from, r->to, r->rail, factors);
        distance(c, r->from, r->to, factors);
        struct probe_sample sample = {.kind = PROBE_SAMPLE_ALONE,
                                      .series = r->series,
                                      .from = (int32_t)r->from,
                                      .to = (int32_t)r->to,
                                      .from_rail = (int32_t)r->rail,
                                      .to_rail = (int32_t)r->rail,
                                      .outcome = heard ? PROBE_OK : PROBE_SILENT,
                                      .noisy = a == NOISY || b == NOISY,
                                      .value = heard ? bases[r->series] * factors[r->series] *
                                                           exp(noise * chance_normal(&chance))
                                                     : NAN};
        probe_run_add_sample(run, &sample);
    }
}

static bool fits(const struct cluster *c, const struct fault *f, const struct probe_suspect *s)
{
    int32_t a = (int32_t)f->a, b = (int32_t)f->b;
    bool one_rail = c->rails == 1;

    switch (f->kind) {
    case FAULT_SLOW_NODE:
        return s->kind == PROBE_SUSPECT_NODE && s->a == a && s->cause == PROBE_SLOW &&
               s->direction == PROBE_BOTH_WAYS;
    case FAULT_SLOW_RAIL:
        return s->a == a && s->cause == PROBE_SLOW && s->direction == PROBE_BOTH_WAYS &&
               (one_rail ? s->kind == PROBE_SUSPECT_NODE
                         : s->kind == PROBE_SUSPECT_RAIL && s->rail == (int32_t)f->rail);
    case FAULT_SLOW_WAY:
        return s->kind == PROBE_SUSPECT_LINK && s->cause == PROBE_SLOW &&
               ((s->a == a && s->b == b && s->direction == PROBE_OUT) ||
                (s->a == b && s->b == a && s->direction == PROBE_IN)) &&
               s->rail == PROBE_EVERY;
    case FAULT_LOSSY_LINK:
    case FAULT_STALLING_LINK:
        return s->kind == PROBE_SUSPECT_LINK && s->cause == PROBE_LOSS && s->rail == PROBE_EVERY &&
               ((s->a == a && s->b == b) || (s->a == b && s->b == a));
    case FAULT_DEAD_NODE:
        return s->kind == PROBE_SUSPECT_NODE && s->a == a && s->cause == PROBE_GONE;
    case FAULT_SILENT_NODE:
        return s->kind == PROBE_SUSPECT_NODE && s->a == a &&
               (s->cause == PROBE_GONE || s->cause == PROBE_UNHEARD);
    case FAULT_MILD_NODE:
        return s->kind == PROBE_SUSPECT_NODE && s->a == a && s->cause == PROBE_SLOW;
    case FAULT_MILD_RAIL:
        return s->a == a && s->cause == PROBE_SLOW &&
               (one_rail ? s->kind == PROBE_SUSPECT_NODE
                         : s->kind == PROBE_SUSPECT_RAIL && s->rail == (int32_t)f->rail);
    case FAULT_COMMON_RAIL:
        return s->kind == PROBE_SUSPECT_COMMON && s->cause == PROBE_SLOW &&
               s->rail == (int32_t)f->rail && s->nodes == s->nodes_of;
    default:
        return false;
    }
}

static bool is_mild(const struct fault *f)
{
    return f->kind >= FAULT_FIRST_MILD && f->kind <= FAULT_LAST_MILD;
}

/* A rail of a node that is below its like as a whole may be so far below that it fails: true, too.
 */
static bool about_its_rail(const struct fault *f, const struct probe_suspect *s)
{
    return f->kind == FAULT_MILD_NODE && s->kind == PROBE_SUSPECT_RAIL && s->a == (int32_t)f->a &&
           s->cause == PROBE_SLOW;
}

/* In quick mode a link is known only where its ends met. */
static bool was_met(const struct cluster *c, const struct fault *f)
{
    bool link =
        f->kind == FAULT_SLOW_WAY || f->kind == FAULT_LOSSY_LINK || f->kind == FAULT_STALLING_LINK;

    for (uint32_t round = 0; round < schedule_rounds(c->nodes, c->quick); round++)
        if (!link || !c->quick || schedule_partner(c->nodes, c->quick, round, f->a) == f->b)
            return true;
    return false;
}

static bool vaguely(const struct fault *f, const struct probe_suspect *s)
{
    int32_t a = (int32_t)f->a;

    return s->kind == PROBE_SUSPECT_ONE_OF && (s->a == a || s->b == a);
}

static bool named_as_noisy(const struct probe_run *run, uint32_t node)
{
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (str_is(run->findings[i].code, "noise") && run->findings[i].node == (int32_t)node)
            return run->judged->verdict != PROBE_PASS && run->judged->verdict != PROBE_WARN;
    return false;
}

struct cluster_found cluster_compare(const struct cluster *c, const struct probe_run *run)
{
    struct cluster_found found = {0};
    const struct probe_judged *judged = run->judged;
    bool clear[FAULTS_MOST] = {0}, vague[FAULTS_MOST] = {0};

    for (uint32_t i = 0; i < judged->suspect_count; i++) {
        const struct probe_suspect *s = &judged->suspects[i];
        bool deserved = s->severity == PROBE_INFO; /* alone it was fine: no accusation */
        for (uint32_t k = 0; k < c->fault_count; k++) {
            bool sure = s->severity == PROBE_ERROR ||
                        (is_mild(&c->faults[k]) && s->severity == PROBE_WARNING);
            if (sure && fits(c, &c->faults[k], s))
                deserved = clear[k] = true;
            if (about_its_rail(&c->faults[k], s))
                deserved = true;
            if (vaguely(&c->faults[k], s))
                deserved = vague[k] = true;
        }
        if (!deserved) {
            found.falsely++;
            found.wrong = s->text;
        }
    }
    for (uint32_t k = 0; k < c->fault_count; k++) {
        if (c->faults[k].kind == FAULT_NOISY_NODE)
            clear[k] = named_as_noisy(run, c->faults[k].a);
        found.named += clear[k];
        found.vague += !clear[k] && vague[k];
        if (!clear[k] && !vague[k] && !was_met(c, &c->faults[k])) {
            found.unmet++;
        } else if (!clear[k] && !vague[k]) {
            found.missed++;
            found.missing = str_of(fault_names[c->faults[k].kind]);
        }
    }
    return found;
}
