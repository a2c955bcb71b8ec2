#include "compare.h"

#include "facts/members.h"
#include "judge/judge.h"
#include "report.h"

#include <math.h>
#include <stdlib.h>

const char *const change_kinds[] = {"cluster", "node", "rail", "gone", "new", "suspect", "healed"};

struct pile {
    struct arena *arena;
    struct comparison *comparison;
    uint32_t size;
};

static void put(struct pile *pile, struct change change)
{
    struct comparison *c = pile->comparison;

    if (c->count == pile->size) {
        uint32_t size = pile->size == 0 ? 64 : 2 * pile->size;
        c->changes = arena_grow(pile->arena, c->changes, pile->size * sizeof *c->changes,
                                size * sizeof *c->changes);
        pile->size = size;
    }
    c->changes[c->count++] = change;
    if (change.worse)
        c->worse++;
    else
        c->better++;
}

/* Tails and first messages swing by themselves: half as much again is news there. */
static double tolerance_of(const struct pile *pile, const struct probe_series *series)
{
    static const double swinging = 1.0 / 3;
    double tolerance = pile->comparison->tolerance;
    bool steady = series->metric == PROBE_LATENCY_P50 || series->metric == PROBE_BANDWIDTH ||
                  series->metric == PROBE_BANDWIDTH_BOTH || series->metric == PROBE_RATE ||
                  series->metric == PROBE_RMA_WRITE || series->metric == PROBE_RMA_READ;

    return steady || tolerance > swinging ? tolerance : swinging;
}

/* chance: how far the two may be apart by their own noise, as a share. */
static bool changed(const struct pile *pile, const struct probe_series *series, double before,
                    double after, double chance)
{
    double ratio = judge_quality(series, after, before), limit = tolerance_of(pile, series);

    limit = chance > limit ? chance : limit;
    limit = limit > 0.95 ? 0.95 : limit;
    return before > 0 && after > 0 && (ratio < 1 - limit || ratio > 1 / (1 - limit));
}

static void figure(struct pile *pile, enum change_kind kind, const struct probe_series *series,
                   struct str name, struct str what, double before, double after)
{
    const char *unit = probe_metrics[series->metric].unit;
    double ratio = judge_quality(series, after, before);

    put(pile, (struct change){kind, ratio < 1, what, name, str_of(unit), before, after, ratio});
}

/* Four and a half deviations of the difference of two medians of n cells each: a run has thousands
 * of rails. */
static double chance_of(const struct probe_summary *a, const struct probe_summary *b, uint32_t n)
{
    double spread = a->mad / a->p50 > b->mad / b->p50 ? a->mad / a->p50 : b->mad / b->p50;

    return isnan(spread) || n == 0 ? 0 : 4.5 * 1.25 * 1.42 * spread / sqrt(n);
}

static void event(struct pile *pile, enum change_kind kind, bool worse, struct str what)
{
    put(pile, (struct change){.kind = kind,
                              .worse = worse,
                              .what = what,
                              .series = S(""),
                              .unit = S(""),
                              .before = NAN,
                              .after = NAN,
                              .ratio = NAN});
}

static int same_node(const struct probe_run *run, const struct probe_node *node)
{
    for (uint32_t pass = 0; pass < 2; pass++)
        for (uint32_t k = 0; k < run->node_count; k++) {
            struct str mine = pass == 0 ? node->id : node->name;
            struct str other = pass == 0 ? run->nodes[k].id : run->nodes[k].name;
            if (mine.len > 0 && str_eq(mine, other))
                return (int)k;
        }
    return -1;
}

static void nodes(struct pile *pile, const struct probe_run *a, const struct probe_run *b,
                  const int *twins)
{
    for (uint32_t k = 0; k < a->node_count; k++) {
        struct str name = report_node(pile->arena, a, (int32_t)k);
        if (a->nodes[k].presence == PROBE_CAME &&
            (twins[k] < 0 || b->nodes[twins[k]].presence != PROBE_CAME))
            event(pile, CHANGE_GONE, true, name);
    }
    for (uint32_t k = 0; k < b->node_count; k++)
        if (same_node(a, &b->nodes[k]) < 0)
            event(pile, CHANGE_NEW, false, report_node(pile->arena, b, (int32_t)k));
}

static int same_rail(const struct probe_node *node, const struct probe_node *other, uint32_t rail)
{
    for (uint32_t r = 0; r < other->rail_count; r++)
        if (node->rails[rail].name.len > 0 && str_eq(node->rails[rail].name, other->rails[r].name))
            return (int)r;
    return rail < other->rail_count && node->rails[rail].name.len == 0 ? (int)rail : -1;
}

/* Lost, or too busy, in one of the runs: what is worse there may be what else went on. */
static bool is_aside(const struct probe_run *a, const struct probe_run *b, uint32_t node, int twin)
{
    return a->nodes[node].presence != PROBE_CAME || report_set_aside(a, node) != NULL ||
           (twin >= 0 &&
            (b->nodes[twin].presence != PROBE_CAME || report_set_aside(b, (uint32_t)twin) != NULL));
}

/* The busy nodes' cells are among those of all. An eighth of the nodes is a quarter of the cells,
 * and moves the median of all by less than the tolerance; a node's own median bears a quarter. */
static bool disturbed(const struct probe_run *run, uint32_t part)
{
    uint32_t aside = 0;

    for (uint32_t k = 0; k < run->node_count; k++)
        aside += report_set_aside(run, k) != NULL;
    return aside * part > run->node_count;
}

/* A node when most of its rails changed, and else the rails that did. */
static void node_details(struct pile *pile, const struct probe_run *a, const struct probe_run *b,
                         const struct probe_summary *before, const struct probe_summary *after,
                         uint32_t node, uint32_t twin)
{
    const struct probe_series *series = &a->series[before->series];
    struct str series_name = report_series(pile->arena, a, before->series);
    struct str name = report_node(pile->arena, a, (int32_t)node);
    double chance = chance_of(before, after, 2 * (a->node_count - 1));
    uint32_t rails = a->nodes[node].rail_count, count = 0;
    struct {
        uint32_t rail;
        double before, after;
    } news[PROBE_MAX_RAILS];

    for (uint32_t r = 0; r < rails; r++) {
        int other = same_rail(&a->nodes[node], &b->nodes[twin], r);
        if (other < 0)
            continue;
        double was = before->rails[node * a->rail_count + r];
        double is = after->rails[twin * b->rail_count + (uint32_t)other];
        if (!changed(pile, series, was, is, chance))
            continue;
        news[count].rail = r;
        news[count].before = was;
        news[count++].after = is;
    }
    if (count > 0 && count * 4 >= rails * 3) {
        figure(pile, CHANGE_NODE, series, series_name, name, before->nodes[node],
               after->nodes[twin]);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        figure(pile, CHANGE_RAIL, series, series_name,
               arena_fmt(pile->arena, "%.*s %.*s", STR(name),
                         STR(report_rail(pile->arena, a, (int32_t)node, (int32_t)news[i].rail))),
               news[i].before, news[i].after);
}

static void summaries(struct pile *pile, const struct probe_run *a, const struct probe_run *b,
                      const int *twins)
{
    bool all = !disturbed(a, 8) && !disturbed(b, 8), each = !disturbed(a, 4) && !disturbed(b, 4);

    for (uint32_t i = 0; i < a->judged->summary_count; i++)
        for (uint32_t n = 0; n < b->judged->summary_count; n++) {
            const struct probe_summary *before = &a->judged->summaries[i];
            const struct probe_summary *after = &b->judged->summaries[n];
            const struct probe_series *x = &a->series[before->series];
            const struct probe_series *y = &b->series[after->series];
            if (x->metric != y->metric || x->size_bytes != y->size_bytes || x->load != y->load ||
                before->cells == 0 || after->cells == 0)
                continue;
            pile->comparison->shared_series++;
            if (all && changed(pile, x, before->p50, after->p50, 0))
                figure(pile, CHANGE_CLUSTER, x, report_series(pile->arena, a, before->series),
                       S("all measurements"), before->p50, after->p50);
            for (uint32_t k = 0; each && k < before->node_count && after->node_count > 0; k++)
                if (twins[k] >= 0 && !is_aside(a, b, k, twins[k]))
                    node_details(pile, a, b, before, after, k, (uint32_t)twins[k]);
        }
}

static bool same_suspect(const struct probe_run *one, const struct probe_suspect *s,
                         const struct probe_run *other, const struct probe_suspect *t)
{
    bool b = (s->b < 0) == (t->b < 0);

    if (s->kind == PROBE_SUSPECT_COMMON) /* a is only one of many */
        return t->kind == s->kind && s->cause == t->cause && s->rail == t->rail &&
               str_eq(one->nodes[s->a].group, other->nodes[t->a].group);
    return s->kind == t->kind && s->cause == t->cause && s->rail == t->rail && b &&
           same_node(other, &one->nodes[s->a]) == t->a &&
           (s->b < 0 || same_node(other, &one->nodes[s->b]) == t->b);
}

/* A fault of one that the other run could not see is not healed. What is not one node's is seen by
 * all. */
static bool could_see(const struct probe_run *one, const struct probe_suspect *s,
                      const struct probe_run *other)
{
    const int32_t ends[] = {s->a, s->b};

    if (other->judged->cells_tested == 0)
        return false;
    for (int i = 0; i < 2 && s->kind != PROBE_SUSPECT_COMMON; i++) {
        int twin = ends[i] < 0 ? -1 : same_node(other, &one->nodes[ends[i]]);
        if (ends[i] >= 0 && (twin < 0 || other->nodes[twin].presence != PROBE_CAME ||
                             report_set_aside(other, (uint32_t)twin) != NULL))
            return false;
    }
    return true;
}

static void only_in(struct pile *pile, const struct probe_run *one, const struct probe_run *other,
                    enum change_kind kind)
{
    for (uint32_t i = 0; i < one->judged->suspect_count; i++) {
        const struct probe_suspect *s = &one->judged->suspects[i];
        bool there =
            s->severity != PROBE_ERROR || (kind == CHANGE_HEALED && !could_see(one, s, other));
        for (uint32_t k = 0; k < other->judged->suspect_count && !there; k++)
            there = other->judged->suspects[k].severity == PROBE_ERROR &&
                    same_suspect(one, s, other, &other->judged->suspects[k]);
        if (!there)
            event(pile, kind, kind == CHANGE_SUSPECT, s->text);
    }
}

static int by_ratio(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    double p = isnan(x->ratio) ? 0 : x->ratio, q = isnan(y->ratio) ? 0 : y->ratio;

    if (x->worse != y->worse)
        return x->worse ? -1 : 1;
    if (p != q)
        return p < q ? -1 : 1;
    return x->kind < y->kind ? -1 : x->kind > y->kind;
}

/* Why no difference says little; empty: it is PASS. */
static struct str unsure(struct arena *arena, const struct comparison *c)
{
    for (int i = 0; i < 2; i++) {
        const struct probe_judged *j = c->runs[i]->judged;
        if (j->verdict != PROBE_INCONCLUSIVE && j->verdict != PROBE_INCOMPLETE)
            continue;
        return arena_fmt(arena, "%c is %s%s%.*s", 'A' + i, probe_verdicts[j->verdict],
                         j->reason_count > 0 ? ": " : "",
                         STR(j->reason_count > 0 ? j->reasons[0] : S("")));
    }
    if (c->not_judged > 0)
        return arena_fmt(arena, "%u node%s not judged in one of the runs", c->not_judged,
                         c->not_judged == 1 ? " was" : "s were");
    return S("");
}

static void decide(struct arena *arena, struct comparison *c)
{
    struct str why = unsure(arena, c);

    if (c->shared_nodes == 0 || c->shared_series == 0) {
        c->verdict = PROBE_INCOMPLETE;
        c->reason = c->shared_nodes == 0 ? S("no node is in both runs")
                                         : S("no measurement is in both runs");
    } else if (c->worse > 0) {
        c->verdict = PROBE_FAIL;
        c->reason = why;
    } else {
        c->verdict = str_empty(why) ? PROBE_PASS : PROBE_INCONCLUSIVE;
        c->reason = why;
    }
}

struct comparison compare_runs(struct arena *arena, const struct probe_run *a,
                               const struct probe_run *b, double tolerance)
{
    struct comparison comparison = {.runs = {a, b}, .tolerance = tolerance, .warning = S("")};
    struct pile pile = {arena, &comparison, 0};
    int *twins = arena_array(arena, int, a->node_count);

    for (uint32_t k = 0; k < a->node_count; k++) {
        twins[k] = same_node(b, &a->nodes[k]);
        comparison.shared_nodes += twins[k] >= 0;
        comparison.not_judged += twins[k] >= 0 && is_aside(a, b, k, twins[k]);
    }
    if (comparison.shared_nodes > 0) { /* else they are two clusters, and nothing got worse */
        nodes(&pile, a, b, twins);
        only_in(&pile, b, a, CHANGE_SUSPECT);
        only_in(&pile, a, b, CHANGE_HEALED);
        summaries(&pile, a, b, twins);
    }
    if (comparison.count > 0)
        qsort(comparison.changes, comparison.count, sizeof *comparison.changes, by_ratio);
    if (!str_eq(a->provider, b->provider))
        comparison.warning = arena_fmt(arena, "different providers: %.*s and %.*s",
                                       STR(a->provider), STR(b->provider));
    decide(arena, &comparison);
    return comparison;
}

static const struct member change_rows[] = {
    MEMBER(struct change, kind, MEMBER_CHOICE, NULL, .names = change_kinds, .most = CHANGE_KINDS),
    MEMBER(struct change, worse, MEMBER_BOOL, NULL),
    MEMBER(struct change, what, MEMBER_TEXT, NULL),
    MEMBER(struct change, series, MEMBER_TEXT, NULL),
    MEMBER(struct change, before, MEMBER_NUMBER, NULL),
    MEMBER(struct change, after, MEMBER_NUMBER, NULL),
    MEMBER(struct change, ratio, MEMBER_NUMBER, NULL),
    {NULL},
};
static const struct members change_members = {change_rows, sizeof(struct change), NULL};
static const struct member comparison_rows[] = {
    MEMBER(struct comparison, verdict, MEMBER_CHOICE, NULL, .names = probe_verdicts,
           .most = PROBE_VERDICTS),
    MEMBER(struct comparison, reason, MEMBER_TEXT, NULL),
    MEMBER(struct comparison, tolerance, MEMBER_NUMBER, NULL),
    MEMBER(struct comparison, worse, MEMBER_COUNT, NULL),
    MEMBER(struct comparison, better, MEMBER_COUNT, NULL),
    MEMBER(struct comparison, shared_nodes, MEMBER_COUNT, NULL),
    MEMBER(struct comparison, shared_series, MEMBER_COUNT, NULL),
    MEMBER(struct comparison, warning, MEMBER_TEXT, NULL),
    {"changes", MEMBER_LIST, offsetof(struct comparison, changes),
     offsetof(struct comparison, count), .of = &change_members},
    {NULL},
};
static const struct members comparison_members = {comparison_rows, sizeof(struct comparison), NULL};

struct str compare_json(struct arena *arena, const struct comparison *comparison)
{
    cJSON *json = members_write(arena, &comparison_members, comparison);
    char *text = cJSON_Print(json);
    struct str copy = arena_cat(arena, str_of(text), S("\n"));

    cJSON_Delete(json);
    free(text);
    return copy;
}

int compare_exit(const struct comparison *c)
{
    static const int codes[PROBE_VERDICTS] = {[PROBE_FAIL] = EXIT_FAIL,
                                              [PROBE_INCONCLUSIVE] = EXIT_INCONCLUSIVE,
                                              [PROBE_INCOMPLETE] = EXIT_INCOMPLETE};

    return codes[c->verdict];
}
