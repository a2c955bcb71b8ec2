#include "inside.h"

#include <stdlib.h>

enum { MOST_WHOLE = 4096, MOST_SINGLE = 512 };

struct fold {
    float *sum, *lean;
    uint8_t *count, *bad; /* rails that no atom explains, and those of them that are bad */
    uint8_t *seen;        /* rails that were measured */
    float *leans;         /* of each rail, 2 * n */
};

/* Whether atoms already say why this cell is bad. */
static bool explained(const struct judge *j, const struct rule *rule, uint32_t rail, uint32_t from,
                      uint32_t to)
{
    uint8_t a = j->bad[(size_t)from * j->rails + rail], b = j->bad[(size_t)to * j->rails + rail];

    if (rule != NULL && rule->directed && !rule->second)
        return (a & ~(ATOM_IN | ATOM_UNHEARD_IN)) != 0 || (b & ~(ATOM_OUT | ATOM_UNHEARD_OUT)) != 0;
    return a != 0 || b != 0;
}

/* The worst are kept: where there is no room, the least severe gives way. */
static void add(struct judge *j, struct odd_cell odd)
{
    struct odd_list *list = odd.rail < 0 ? &j->wholes : &j->singles;
    uint32_t least = 0;

    if (list->count < list->most) {
        list->cells[list->count++] = odd;
        return;
    }
    j->outliers++;
    for (uint32_t i = 1; i < list->most; i++)
        if (list->cells[i].severity < list->cells[least].severity)
            least = i;
    if (list->cells[least].severity < odd.severity)
        list->cells[least] = odd;
}

static void fold_rail(struct judge *j, uint32_t series, uint32_t rail, struct fold *fold)
{
    const struct rule *rule = &judge_rules[j->run->series[series].metric];
    const struct reference *ref = &j->refs[series];
    float clip = 4 * ref->guard;

    float *leans = fold->leans + 2 * (size_t)rail * j->n;

    judge_qualities(j, series, rail);
    if (!rule->loss)
        judge_leans(j, ref, rail, leans);
    else
        memset(leans, 0, 2 * (size_t)j->n * sizeof *leans);
    for (uint32_t from = 0; from < j->n; from++)
        for (uint32_t to = 0; to < j->n; to++) {
            size_t i = (size_t)from * j->n + to;
            float q = j->quality[i];
            if (isnan(q))
                continue;
            fold->seen[i]++;
            if (q < -ref->guard && explained(j, rule, rail, from, to))
                continue;
            float lean = leans[from] + leans[j->n + to];
            q -= lean;
            fold->lean[i] += lean;
            fold->sum[i] += q < -clip ? -clip : q > clip ? clip : q;
            fold->count[i]++;
            fold->bad[i] += q < -ref->guard;
        }
}

/* Deviations that few among so many are off by chance; those few are measured again. */
static double far_off(double among)
{
    return 3 + 0.4 * log10(among < 1 ? 1 : among);
}

static void links_of(struct judge *j, uint32_t series, struct fold *fold)
{
    const struct reference *ref = &j->refs[series];
    size_t cells = (size_t)j->n * j->n;
    double pairs = far_off((double)cells), single = far_off((double)cells * j->rails);

    memset(fold->sum, 0, cells * sizeof *fold->sum);
    memset(fold->lean, 0, cells * sizeof *fold->lean);
    memset(fold->count, 0, cells);
    memset(fold->bad, 0, cells);
    memset(fold->seen, 0, cells);
    for (uint32_t rail = 0; rail < j->rails; rail++)
        fold_rail(j, series, rail, fold);
    for (uint32_t from = 0; from < j->n; from++)
        for (uint32_t to = 0; to < j->n; to++) {
            size_t i = (size_t)from * j->n + to;
            uint32_t count = fold->count[i];
            float mean = count == 0 ? 0 : fold->sum[i] / (float)count;
            bool whole = fold->bad[i] * 4 >= fold->seen[i] * 3 && fold->bad[i] > 0 &&
                         mean < -judge_limit(ref, pairs, count);
            if (whole)
                add(j, (struct odd_cell){(uint16_t)from, (uint16_t)to, PROBE_EVERY, (int16_t)series,
                                         mean, -mean / ref->guard, fold->lean[i] / (float)count});
            fold->count[i] = whole ? 255 : fold->bad[i]; /* 255: nothing left to look for */
        }
    float limit = judge_limit(ref, single, 1);
    for (uint32_t rail = 0; j->rails > 1 && rail < j->rails; rail++) {
        for (size_t i = 0; i < cells; i++) {
            if (fold->count[i] == 0 || fold->count[i] == 255)
                continue;
            uint32_t from = (uint32_t)(i / j->n), to = (uint32_t)(i % j->n);
            const float *leans = fold->leans + 2 * (size_t)rail * j->n;
            float lean = leans[from] + leans[j->n + to];
            float q = judge_quality_at(j, series, rail, i) - lean;
            if (!(q < -limit) ||
                explained(j, &judge_rules[j->run->series[series].metric], rail, from, to))
                continue;
            add(j, (struct odd_cell){(uint16_t)from, (uint16_t)to, (int16_t)rail, (int16_t)series,
                                     q, -q / ref->guard, lean});
        }
        probe_plane_done(j->run, series, rail);
    }
}

/* Links that are silent or damage what they carry, where both ends hear others. */
static void unheard_links(struct judge *j, struct fold *fold)
{
    size_t cells = (size_t)j->n * j->n;

    memset(fold->count, 0, cells);
    memset(fold->bad, 0, cells);
    for (uint32_t rail = 0; rail < j->rails; rail++) {
        const uint8_t *flags = judge_flags(j, rail);
        for (size_t i = 0; i < cells; i++) {
            fold->count[i] += (flags[i] & CELL_TRIED) != 0;
            fold->bad[i] += (flags[i] & (CELL_UNHEARD | CELL_DAMAGED)) != 0 &&
                            !explained(j, NULL, rail, (uint32_t)(i / j->n), (uint32_t)(i % j->n));
        }
    }
    for (size_t i = 0; i < cells; i++) {
        uint16_t from = (uint16_t)(i / j->n), to = (uint16_t)(i % j->n);
        bool whole = fold->bad[i] * 4 >= fold->count[i] * 3;
        float damaged = 0;
        for (uint32_t rail = 0; fold->bad[i] > 0 && rail < j->rails; rail++) {
            uint8_t flag = judge_flags(j, rail)[i];
            if ((flag & (CELL_UNHEARD | CELL_DAMAGED)) == 0 || explained(j, NULL, rail, from, to))
                continue;
            damaged = (flag & CELL_DAMAGED) != 0 ? ODD_DAMAGED : damaged;
            if (!whole)
                add(j, (struct odd_cell){from, to, (int16_t)rail, PROBE_NONE,
                                         (flag & CELL_DAMAGED) != 0 ? ODD_DAMAGED : 0, 1000, 0});
        }
        if (whole && fold->bad[i] > 0)
            add(j, (struct odd_cell){from, to, PROBE_EVERY, PROBE_NONE, damaged, 1000, 0});
    }
}

void judge_links(struct judge *j)
{
    size_t cells = (size_t)j->n * j->n;
    struct fold fold = {arena_array(j->arena, float, cells),
                        arena_array(j->arena, float, cells),
                        arena_array(j->arena, uint8_t, cells),
                        arena_array(j->arena, uint8_t, cells),
                        arena_array(j->arena, uint8_t, cells),
                        arena_array(j->arena, float, 2 * (size_t)j->n * j->rails)};

    j->wholes.most = MOST_WHOLE;
    j->wholes.cells = arena_array(j->arena, struct odd_cell, MOST_WHOLE);
    j->singles.most = MOST_SINGLE;
    j->singles.cells = arena_array(j->arena, struct odd_cell, MOST_SINGLE);
    if (j->tried > 0 && j->unheard * 10 <= j->tried * 9)
        unheard_links(j, &fold);
    for (uint32_t s = 0; s < j->run->series_count; s++)
        if (j->refs[s].judged)
            links_of(j, s, &fold);
}
