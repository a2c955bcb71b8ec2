#include "inside.h"

static const double foreign_cpu_most = 0.10;

/* Whoever is not there any more: its cells say nothing of the fabric. */
static void presence(struct judge *j)
{
    for (uint32_t k = 0; k < j->n; k++) {
        j->gone[k] = j->run->nodes[k].presence != PROBE_CAME;
        j->noisy[k] = j->run->nodes[k].foreign_cpu > foreign_cpu_most;
        j->alive += !j->gone[k];
    }
}

static void read_outcomes(struct judge *j, uint32_t rail)
{
    const float *plane = probe_plane(j->run, PROBE_OUTCOME_SERIES(j->run), rail);
    uint8_t *flags = judge_flags(j, rail);

    for (uint32_t from = 0; from < j->n; from++)
        for (uint32_t to = 0; to < j->n; to++) {
            size_t i = (size_t)from * j->n + to;
            struct probe_said said = probe_said_of(plane[i]);
            uint8_t flag = 0;
            if (from == to || j->gone[from] || j->gone[to])
                continue;
            if (said.outcome >= PROBE_OK)
                flag |= CELL_TRIED;
            if (said.outcome == PROBE_OK || said.outcome == PROBE_CORRUPT)
                flag |= CELL_MEASURED;
            if (said.outcome == PROBE_SILENT || said.outcome == PROBE_FAILED)
                flag |= CELL_UNHEARD;
            if (said.outcome == PROBE_CORRUPT)
                flag |= CELL_DAMAGED;
            if (said.noisy)
                flag |= CELL_NOISY;
            flags[i] = flag;
            j->tried += (flag & CELL_TRIED) != 0;
            j->unheard += (flag & CELL_UNHEARD) != 0;
        }
    probe_plane_done(j->run, PROBE_OUTCOME_SERIES(j->run), rail);
}

/* The engine says so by a finding: their figures are those of its processors, too. */
static bool is_shared(const struct probe_run *run)
{
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (str_is(run->findings[i].code, PROBE_SHARED_MACHINE))
            return true;
    return false;
}

/* A node is noisy when three quarters of its partners' cells say so: one noisy node marks cells of
 * all others, but a part only. */
static void noise(struct judge *j)
{
    for (uint32_t k = 0; k < j->n; k++) {
        uint64_t noisy = 0, measured = 0;
        for (uint32_t rail = 0; rail < j->rails; rail++) {
            const uint8_t *flags = judge_flags(j, rail);
            for (uint32_t to = 0; to < j->n; to++) {
                uint8_t one = flags[(size_t)k * j->n + to], other = flags[(size_t)to * j->n + k];
                measured += ((one & CELL_TRIED) != 0) + ((other & CELL_TRIED) != 0);
                noisy += ((one & CELL_NOISY) != 0) + ((other & CELL_NOISY) != 0);
            }
        }
        if (measured > 0 && noisy * 4 >= measured * 3)
            j->noisy[k] = true;
    }
}

/* "az1/nn-1/nn-7" as three numbers; the same text is the same number. */
static void places(struct judge *j)
{
    bool any = false;

    for (uint32_t k = 0; k < j->n; k++)
        any |= j->run->nodes[k].place.len > 0;
    if (!any)
        return;
    j->places = arena_array(j->arena, int32_t, (size_t)j->n * PLACES);
    for (uint32_t k = 0; k < j->n; k++) {
        struct str rest = j->run->nodes[k].place, part;
        size_t upto = 0;
        for (int depth = 0; depth < PLACES; depth++) {
            int32_t *mine = &j->places[(size_t)k * PLACES + (size_t)depth];
            bool there = rest.len > 0 && str_next(&rest, '/', &part);
            *mine = there ? (int32_t)k : -1 - (int32_t)k; /* an unknown place is nobody else's */
            if (!there)
                continue;
            upto = (size_t)(part.ptr + part.len - j->run->nodes[k].place.ptr);
            struct str path = str_sub(j->run->nodes[k].place, 0, upto);
            for (uint32_t i = 0; i < k; i++) {
                struct str other = j->run->nodes[i].place;
                if (str_starts(other, path) && (other.len == upto || other.ptr[upto] == '/')) {
                    *mine = j->places[(size_t)i * PLACES + (size_t)depth];
                    break;
                }
            }
        }
    }
}

uint32_t judge_class(const struct judge *j, uint32_t a, uint32_t b)
{
    uint32_t class = 0;

    if (j->places == NULL)
        return 0;
    while (class < PLACES &&
           j->places[(size_t)a * PLACES + class] == j->places[(size_t)b * PLACES + class])
        class ++;
    return class;
}

void judge_ground(struct judge *j)
{
    size_t atoms = (size_t)j->n * j->rails;

    j->gone = arena_array(j->arena, bool, j->n);
    j->noisy = arena_array(j->arena, bool, j->n);
    j->flags = arena_array(j->arena, uint8_t, (size_t)j->rails * j->n * j->n);
    j->quality = arena_array(j->arena, float, (size_t)j->n * j->n);
    j->line = arena_array(j->arena, float, 2 * (size_t)j->n);
    j->bad = arena_array(j->arena, uint8_t, atoms);
    j->proofs = arena_array(j->arena, struct atom_proof, atoms);
    j->shared = is_shared(j->run);
    presence(j);
    for (uint32_t rail = 0; rail < j->rails; rail++)
        read_outcomes(j, rail);
    noise(j);
    places(j);
}
