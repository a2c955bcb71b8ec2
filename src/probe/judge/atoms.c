#include "inside.h"

#include "statistics.h"

static const double far_off = 5; /* deviations */

/* Cells of one atom: out of it, or into it; ret: how many. */
static uint32_t gather(const struct judge *j, uint32_t node, bool out, float *into)
{
    uint32_t count = 0;

    for (uint32_t other = 0; other < j->n; other++) {
        float q =
            out ? j->quality[(size_t)node * j->n + other] : j->quality[(size_t)other * j->n + node];
        if (!isnan(q))
            into[count++] = q;
    }
    return count;
}

static uint32_t below(const float *line, uint32_t n, float limit)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < n; i++)
        count += line[i] < -limit;
    return count;
}

/* How far the cells of an atom must be off: by more than chance; or below the profile's floor,
 * where the cohort is above it. */
static float limit_of(const struct judge *j, uint32_t series, uint32_t n)
{
    const struct reference *ref = &j->refs[series];
    float limit = judge_limit(ref, far_off, n);

    if (ref->floor > 0 && !ref->below_floor) {
        float to_floor =
            (float)log(judge_quality(&j->run->series[series], ref->headline, ref->floor));
        float chance = 2 * ref->sigma / sqrtf((float)n);
        to_floor = to_floor > chance ? to_floor : chance;
        limit = limit < to_floor ? limit : to_floor;
    }
    return limit;
}

/* Bad is what three quarters of the cells show. */
static void show(struct judge *j, uint32_t node, uint32_t rail, uint32_t series, uint8_t bits,
                 float *line, uint32_t n)
{
    const struct reference *ref = &j->refs[series];
    struct atom_proof *proof = &j->proofs[(size_t)node * j->rails + rail];
    uint32_t support = (n * 3 + 3) / 4;

    if (n == 0 || below(line, n, limit_of(j, series, n)) < support)
        return;
    j->bad[(size_t)node * j->rails + rail] |= bits;
    uint32_t bad = below(line, n, ref->guard);
    float severity = -select_float(line, n, support - 1) / ref->guard;
    if (severity > proof->severity)
        *proof =
            (struct atom_proof){severity, (float)median_float(line, n), (int16_t)series, bad, n};
}

static void atom(struct judge *j, uint32_t node, uint32_t rail, uint32_t series)
{
    const struct rule *rule = &judge_rules[j->run->series[series].metric];
    uint32_t out = gather(j, node, true, j->line);

    if (!rule->directed) {
        uint32_t all = out + gather(j, node, false, j->line + out);
        uint8_t bits = j->run->series[series].metric == PROBE_BANDWIDTH_WORST ? ATOM_STALLS
                       : rule->loss                                           ? ATOM_LOSS
                                                                              : ATOM_LATENCY;
        show(j, node, rail, series, bits, j->line, all);
        return;
    }
    uint8_t unclear = rule->second && j->one_way ? ATOM_LATENCY : 0;
    uint32_t in = gather(j, node, false, j->line + out);
    uint32_t out_bad = below(j->line, out, j->refs[series].guard);
    uint32_t in_bad = below(j->line + out, in, j->refs[series].guard);
    uint8_t had = j->bad[(size_t)node * j->rails + rail];
    show(j, node, rail, series, unclear ? unclear : ATOM_OUT, j->line, out);
    show(j, node, rail, series, unclear ? unclear : ATOM_IN, j->line + out, in);
    /* One way is said to be the cause only where most of the other way is fine. */
    uint8_t *bad = &j->bad[(size_t)node * j->rails + rail];
    uint8_t now = *bad & (uint8_t)~had & ATOM_WAYS;
    if (now == ATOM_OUT && in_bad * 2 > in)
        *bad |= ATOM_IN;
    if (now == ATOM_IN && out_bad * 2 > out)
        *bad |= ATOM_OUT;
}

static void hearing(struct judge *j, uint32_t node, uint32_t rail)
{
    const uint8_t *flags = judge_flags(j, rail);
    struct {
        uint32_t tried, unheard, damaged;
    } way[2] = {0};

    for (uint32_t other = 0; other < j->n; other++)
        for (int in = 0; in < 2; in++) {
            uint8_t flag =
                in ? flags[(size_t)other * j->n + node] : flags[(size_t)node * j->n + other];
            way[in].tried += (flag & CELL_TRIED) != 0;
            way[in].unheard += (flag & CELL_UNHEARD) != 0;
            way[in].damaged += (flag & CELL_DAMAGED) != 0;
        }
    uint8_t *bad = &j->bad[(size_t)node * j->rails + rail];
    for (int in = 0; in < 2; in++) {
        if (way[in].tried > 0 && way[in].unheard * 4 >= way[in].tried * 3)
            *bad |= in ? ATOM_UNHEARD_IN : ATOM_UNHEARD_OUT;
        if (way[in].tried > 0 && way[in].damaged * 4 >= way[in].tried * 3)
            *bad |= ATOM_DAMAGED;
    }
    if ((*bad & (ATOM_UNHEARD | ATOM_DAMAGED)) != 0)
        j->proofs[(size_t)node * j->rails + rail] = (struct atom_proof){
            1000, 0, PROBE_NONE, way[0].unheard + way[1].unheard + way[0].damaged + way[1].damaged,
            way[0].tried + way[1].tried};
}

void judge_atoms(struct judge *j)
{
    for (uint32_t s = 0; s < j->run->series_count; s++) {
        if (!j->refs[s].judged)
            continue;
        for (uint32_t rail = 0; rail < j->rails; rail++) {
            judge_qualities(j, s, rail);
            for (uint32_t node = 0; node < j->n; node++)
                atom(j, node, rail, s);
        }
    }
    for (uint32_t rail = 0; rail < j->rails; rail++)
        for (uint32_t node = 0; node < j->n; node++)
            hearing(j, node, rail);
}
