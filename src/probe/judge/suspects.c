#include "inside.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_FINE = 100 };

struct scored {
    struct probe_suspect suspect;
    float score;
};

struct pile {
    struct judge *j;
    uint32_t count, size;
    struct scored *items;
};

static void put(struct pile *pile, struct probe_suspect suspect, float score)
{
    if (pile->count == pile->size) {
        uint32_t size = pile->size == 0 ? 16 : 2 * pile->size;
        pile->items = arena_grow(pile->j->arena, pile->items, pile->size * sizeof *pile->items,
                                 size * sizeof *pile->items);
        pile->size = size;
    }
    pile->items[pile->count++] = (struct scored){suspect, score};
}

static double value_at(const struct judge *j, int series, double ref, double quality)
{
    return probe_metrics[j->run->series[series].metric].less_is_better ? ref / exp(quality)
                                                                       : ref * exp(quality);
}

/* What it is held against: a link, what pairs as far apart have. */
static double reference_of(const struct judge *j, const struct probe_suspect *s, int series)
{
    const struct reference *ref = &j->refs[series];
    float own =
        s->b < 0 ? ref->headline : ref->value[judge_class(j, (uint32_t)s->a, (uint32_t)s->b)];

    return (double)(isnan(own) ? ref->headline : own);
}

/* The figures of a suspect: of the series where it shows most. quality: beside its lean. */
static void figures(const struct judge *j, struct probe_suspect *s, int series, double quality)
{
    s->series = series;
    s->value = s->reference = s->ratio = s->again = NAN;
    if (series < 0)
        return;
    s->reference = value_at(j, series, reference_of(j, s, series), s->lean);
    s->value = value_at(j, series, s->reference, quality);
    s->ratio = exp(quality);
}

static void gone_nodes(struct pile *pile)
{
    for (uint32_t k = 0; k < pile->j->n; k++) {
        if (!pile->j->gone[k])
            continue;
        struct probe_suspect s = {.kind = PROBE_SUSPECT_NODE,
                                  .cause = PROBE_GONE,
                                  .severity = PROBE_ERROR,
                                  .confirmed = PROBE_NO_RETEST,
                                  .a = (int32_t)k,
                                  .b = PROBE_NONE,
                                  .rail = PROBE_EVERY};
        figures(pile->j, &s, PROBE_NONE, 0);
        put(pile, s, 1e6f);
    }
}

/* What a group of atoms of one node says together. */
struct group {
    uint32_t rails, out, in, loss, latency, bad, of;
    struct atom_proof proof;
};

static void group_add(struct group *group, const struct atom_proof *proof, uint8_t bits,
                      uint8_t out, uint8_t in)
{
    group->rails++;
    group->out += (bits & out) != 0;
    group->in += (bits & in) != 0;
    group->loss += (bits & ATOM_LOSS) != 0;
    group->latency += (bits & ATOM_LATENCY) != 0;
    group->bad += proof->bad;
    group->of += proof->of;
    if (proof->severity > group->proof.severity)
        group->proof = *proof;
}

/* Whoever is slow has slow windows, too; but more than them its median shows. */
static bool is_stall(const struct judge *j, int series)
{
    return series >= 0 && j->run->series[series].metric == PROBE_BANDWIDTH_WORST;
}

static enum probe_direction direction_of(const struct group *group)
{
    if (group->out * 4 >= group->rails * 3 && group->in * 4 <= group->rails)
        return PROBE_OUT;
    if (group->in * 4 >= group->rails * 3 && group->out * 4 <= group->rails)
        return PROBE_IN;
    return PROBE_BOTH_WAYS;
}

static void put_group(struct pile *pile, const struct group *group, enum probe_suspect_kind kind,
                      uint32_t node, int32_t other, int32_t rail, enum probe_cause cause)
{
    struct probe_suspect s = {.kind = kind,
                              .cause = cause,
                              .direction = direction_of(group),
                              .a = (int32_t)node,
                              .b = other,
                              .rail = rail,
                              .bad = group->bad,
                              .of = group->of};

    figures(pile->j, &s,
            cause == PROBE_SLOW || cause == PROBE_LOSS ? group->proof.series : PROBE_NONE,
            group->proof.quality);
    put(pile, s, group->proof.severity);
}

static enum probe_cause cause_of(const struct judge *j, const struct family *family,
                                 const struct group *group)
{
    bool loss = group->loss * 2 > group->rails && group->latency * 2 <= group->rails;

    return family->cause == PROBE_SLOW && (loss || is_stall(j, group->proof.series))
               ? PROBE_LOSS
               : family->cause;
}

/* other: the only partner, who is as suspect; PROBE_NONE: there are more. */
static void node_group(struct pile *pile, const struct family *family, uint32_t node, int32_t other)
{
    struct judge *j = pile->j;
    uint32_t has = j->run->nodes[node].rail_count;
    struct group all = {0};
    enum probe_suspect_kind wide = other < 0 ? PROBE_SUSPECT_NODE : PROBE_SUSPECT_ONE_OF;
    enum probe_suspect_kind narrow = other < 0 ? PROBE_SUSPECT_RAIL : PROBE_SUSPECT_ONE_OF;

    for (uint32_t rail = 0; rail < j->rails; rail++) {
        size_t i = (size_t)node * j->rails + rail;
        uint8_t bits = j->bad[i] & (uint8_t)~j->set_aside[i];
        if ((bits & family->bits) != 0)
            group_add(&all, &j->proofs[i], bits, family->out, family->in);
    }
    if (all.rails == 0)
        return;
    if (all.rails * 4 >= has * 3) {
        put_group(pile, &all, wide, node, other, PROBE_EVERY, cause_of(j, family, &all));
        return;
    }
    for (uint32_t rail = 0; rail < j->rails; rail++) {
        size_t i = (size_t)node * j->rails + rail;
        struct group one = {0};
        uint8_t bits = j->bad[i] & (uint8_t)~j->set_aside[i];
        if ((bits & family->bits) == 0)
            continue;
        group_add(&one, &j->proofs[i], bits, family->out, family->in);
        put_group(pile, &one, narrow, node, other, (int32_t)rail, cause_of(j, family, &one));
    }
}

/* The only partner a node has tried; PROBE_NONE: it has more, or none. */
static int32_t only_partner(const struct judge *j, uint32_t node)
{
    int32_t only = PROBE_NONE;

    for (uint32_t rail = 0; rail < j->rails; rail++)
        for (uint32_t other = 0; other < j->n; other++) {
            const uint8_t *flags = judge_flags(j, rail);
            if (((flags[(size_t)node * j->n + other] | flags[(size_t)other * j->n + node]) &
                 CELL_TRIED) == 0 ||
                only == (int32_t)other)
                continue;
            if (only >= 0)
                return PROBE_NONE;
            only = (int32_t)other;
        }
    return only;
}

static void atom_suspects(struct pile *pile, bool all_unheard)
{
    for (uint32_t node = 0; node < pile->j->n; node++) {
        int32_t other = only_partner(pile->j, node);
        bool mutual = other >= 0 && only_partner(pile->j, (uint32_t)other) == (int32_t)node;
        if (mutual && other < (int32_t)node)
            continue; /* said already, from the other end */
        if (!mutual && !str_is(pile->j->run->mode, "pairs"))
            other = PROBE_NONE; /* of chosen pairs, one partner tells too little to accuse */
        for (size_t f = 0; f < FAMILIES; f++) {
            if (all_unheard && judge_families[f].cause == PROBE_UNHEARD)
                continue;
            node_group(pile, &judge_families[f], node, other);
        }
    }
}

static void common_suspects(struct pile *pile, bool all_unheard)
{
    struct judge *j = pile->j;

    for (uint32_t i = 0; i < j->common_count; i++) {
        const struct common *c = &j->commons[i];
        const struct family *family = &judge_families[c->family];
        struct group all = {0};
        if (all_unheard && family->cause == PROBE_UNHEARD)
            continue;
        for (uint32_t k = 0; k < j->n; k++)
            for (uint32_t rail = 0; rail < j->rails; rail++) {
                size_t at = (size_t)k * j->rails + rail;
                if ((j->set_aside[at] & j->bad[at] & family->bits) != 0 &&
                    (c->rail < 0 ? str_eq(j->run->nodes[k].group, j->run->nodes[c->node].group)
                                 : c->rail == (int32_t)rail))
                    group_add(&all, &j->proofs[at], j->bad[at], family->out, family->in);
            }
        put_group(pile, &all, PROBE_SUSPECT_COMMON, c->node, PROBE_NONE, c->rail,
                  cause_of(j, family, &all));
        pile->items[pile->count - 1].suspect.nodes = c->nodes;
        pile->items[pile->count - 1].suspect.nodes_of = c->nodes_of;
    }
}

/* Less than what fails: a warning, however sure it is. */
static void mild_suspects(struct pile *pile)
{
    struct judge *j = pile->j;

    for (uint32_t i = 0; i < j->mild_count; i++) {
        const struct mild *m = &j->milds[i];
        struct probe_suspect s = {.kind = m->common                ? PROBE_SUSPECT_COMMON
                                          : m->rail == PROBE_EVERY ? PROBE_SUSPECT_NODE
                                                                   : PROBE_SUSPECT_RAIL,
                                  .cause = PROBE_SLOW,
                                  .direction = m->direction,
                                  .a = (int32_t)m->node,
                                  .b = PROBE_NONE,
                                  .rail = m->rail,
                                  .bad = m->bad,
                                  .of = m->of,
                                  .mild = m->with - m->without > -j->refs[m->series].guard};
        s.lean = (double)m->without;
        figures(j, &s, (int)m->series, (double)(m->with - m->without));
        s.nodes = s.nodes_of = j->alive;
        put(pile, s, (m->without - m->with) / j->refs[m->series].guard);
    }
}

static int by_pair(const void *a, const void *b)
{
    const struct odd_cell *x = a, *y = b;
    int lx = x->from < x->to ? x->from : x->to, hx = x->from + x->to - lx;
    int ly = y->from < y->to ? y->from : y->to, hy = y->from + y->to - ly;

    if (lx != ly)
        return lx - ly;
    if (hx != hy)
        return hx - hy;
    return x->rail - y->rail;
}

/* All that stands out between two nodes, on one rail or on all. */
static void link_suspect(struct pile *pile, const struct odd_cell *cells, uint32_t count,
                         int32_t rail)
{
    struct judge *j = pile->j;
    const struct odd_cell *worst = cells;
    uint32_t a = cells->from < cells->to ? cells->from : cells->to,
             b = cells->from + (uint32_t)cells->to - a;
    bool forward = false, back = false, clear = false, loss = false, latency = false;
    enum probe_cause cause = PROBE_SLOW;

    for (uint32_t i = 0; i < count; i++) {
        const struct odd_cell *c = &cells[i];
        const struct rule *rule =
            c->series < 0 ? NULL : &judge_rules[j->run->series[c->series].metric];
        if (c->severity > worst->severity)
            worst = c;
        if (rule == NULL && cause != PROBE_DAMAGE)
            cause = c->quality == ODD_DAMAGED ? PROBE_DAMAGE : PROBE_UNHEARD;
        loss |= rule == &judge_rules[PROBE_LATENCY_P99];
        latency |= rule != NULL && !rule->loss && !rule->directed;
        if (rule != NULL && (!rule->directed || (rule->second && j->one_way)))
            continue;
        clear = true;
        forward |= c->from == a;
        back |= c->from == b;
    }
    if (cause == PROBE_SLOW && ((loss && !latency) || is_stall(j, worst->series)))
        cause = PROBE_LOSS;
    struct probe_suspect s = {.kind = PROBE_SUSPECT_LINK,
                              .cause = cause,
                              .a = (int32_t)a,
                              .b = (int32_t)b,
                              .rail = rail,
                              .bad = count,
                              .of = count};
    if (clear && forward != back && cause != PROBE_LOSS) {
        s.direction = PROBE_OUT;
        if (back) {
            s.a = (int32_t)b;
            s.b = (int32_t)a;
        }
    }
    s.lean = worst->lean;
    figures(j, &s, cause != PROBE_SLOW && cause != PROBE_LOSS ? PROBE_NONE : worst->series,
            worst->quality);
    put(pile, s, worst->severity);
}

static void link_suspects(struct pile *pile)
{
    struct judge *j = pile->j;
    uint32_t count = j->wholes.count + j->singles.count;

    if (count == 0)
        return;
    struct odd_cell *odd = arena_array(j->arena, struct odd_cell, count);
    memcpy(odd, j->wholes.cells, j->wholes.count * sizeof *odd);
    memcpy(odd + j->wholes.count, j->singles.cells, j->singles.count * sizeof *odd);
    qsort(odd, count, sizeof *odd, by_pair);
    for (uint32_t i = 0, end; i < count; i = end) {
        const struct odd_cell *first = &odd[i];
        uint32_t rails = 0, wholes = 0; /* these come first: their rail is PROBE_EVERY */
        for (end = i; end < count; end++) {
            const struct odd_cell *c = &odd[end];
            if ((c->from != first->from || c->to != first->to) &&
                (c->from != first->to || c->to != first->from))
                break;
            wholes += c->rail == PROBE_EVERY;
            rails += end == i || c->rail != c[-1].rail;
        }
        if (wholes > 0 || rails * 4 >= j->rails * 3) {
            /* A bad moment of one rail says nothing of why the whole link is bad. */
            link_suspect(pile, first, wholes > 0 ? wholes : end - i, PROBE_EVERY);
            continue;
        }
        for (uint32_t from = i, to; from < end; from = to) {
            for (to = from; to < end && odd[to].rail == odd[from].rail; to++)
                ;
            link_suspect(pile, &odd[from], to - from, odd[from].rail);
        }
    }
}

/* The widest first: what is measured again, and what is read, begins there. */
static int breadth(const struct probe_suspect *s)
{
    int mild = s->mild ? 20 : 0;

    if (s->kind == PROBE_SUSPECT_COMMON)
        return mild - 1;
    return mild + (s->kind != PROBE_SUSPECT_LINK ? (int)s->kind : s->rail == PROBE_EVERY ? 10 : 11);
}

static int by_score(const void *a, const void *b)
{
    const struct scored *x = a, *y = b;

    if (x->suspect.severity != y->suspect.severity)
        return x->suspect.severity < y->suspect.severity ? 1 : -1;
    if (breadth(&x->suspect) != breadth(&y->suspect))
        return breadth(&x->suspect) - breadth(&y->suspect);
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    if (x->suspect.a != y->suspect.a)
        return x->suspect.a - y->suspect.a;
    return x->suspect.rail - y->suspect.rail;
}

/* Dead or damaging, or silent to most: nobody has to measure that twice. What is below the
 * profile's floor fails by that; what only differs from its cohort has to show it again. */
static void grade(struct judge *j, struct probe_suspect *s)
{
    static const uint32_t severities[] = {[PROBE_NOT_RETESTED] = PROBE_WARNING,
                                          [PROBE_CONFIRMED] = PROBE_ERROR,
                                          [PROBE_NOT_AGAIN] = PROBE_INFO,
                                          [PROBE_NO_RETEST] = PROBE_ERROR};

    s->again = NAN;
    if (s->cause == PROBE_GONE || s->cause == PROBE_DAMAGE ||
        (s->cause == PROBE_UNHEARD && s->kind != PROBE_SUSPECT_LINK))
        s->confirmed = PROBE_NO_RETEST;
    else
        judge_confirm(j, s);
    s->severity = severities[s->confirmed];
    if (s->mild && s->severity == PROBE_ERROR)
        s->severity = PROBE_WARNING;
    if (s->confirmed == PROBE_NOT_RETESTED && s->series >= 0 && j->refs[s->series].floor > 0 &&
        !j->refs[s->series].below_floor &&
        judge_quality(&j->run->series[s->series], s->value, j->refs[s->series].floor) < 1)
        s->severity = PROBE_ERROR;
}

/* Single cells that there was no time to measure again, when the worst of them were. */
static bool too_many(const struct judge *j, const struct probe_suspect *s)
{
    bool retested = false;

    if (s->kind != PROBE_SUSPECT_LINK || s->confirmed != PROBE_NOT_RETESTED)
        return false;
    for (uint32_t i = 0; i < j->run->sample_count && !retested; i++)
        retested = j->run->samples[i].kind == PROBE_SAMPLE_ALONE;
    return retested;
}

void judge_suspects(struct judge *j)
{
    struct pile pile = {.j = j};
    bool all_unheard = j->tried > 0 && j->unheard * 10 > j->tried * 9;

    gone_nodes(&pile);
    common_suspects(&pile, all_unheard);
    atom_suspects(&pile, all_unheard);
    mild_suspects(&pile);
    link_suspects(&pile);
    for (uint32_t i = 0; i < pile.count; i++)
        grade(j, &pile.items[i].suspect);
    if (pile.count > 0)
        qsort(pile.items, pile.count, sizeof *pile.items, by_score);
    j->judged->suspects = arena_array(j->run->arena, struct probe_suspect, pile.count);
    for (uint32_t i = 0, fine = 0; i < pile.count; i++) {
        struct probe_suspect *s = &pile.items[i].suspect;
        fine += s->severity == PROBE_INFO;
        if (s->severity == PROBE_INFO ? fine > MOST_FINE : too_many(j, s)) {
            j->outliers++;
            continue;
        }
        judge_words(j, s);
        j->judged->suspects[j->judged->suspect_count++] = *s;
    }
}
