/* What most nodes show on the same rail, or most of a group on all rails, is one cause: it is said
 * once, with one of the nodes for the second look. */
#include "inside.h"

enum { LEAST_NODES = 3, MOST_COMMON = 64 };

const struct family judge_families[FAMILIES] = {
    {PROBE_DAMAGE, ATOM_DAMAGED, 0, 0},
    {PROBE_UNHEARD, ATOM_UNHEARD, ATOM_UNHEARD_OUT, ATOM_UNHEARD_IN},
    {PROBE_SLOW, ATOM_SLOW, ATOM_OUT, ATOM_IN},
};

static bool shows(const struct judge *j, uint32_t node, uint32_t rail, uint32_t family)
{
    size_t i = (size_t)node * j->rails + rail;

    return ((j->bad[i] & ~j->set_aside[i]) & judge_families[family].bits) != 0;
}

/* Three quarters of its rails. */
static bool shows_as_a_node(const struct judge *j, uint32_t node, uint32_t family)
{
    uint32_t rails = 0;

    for (uint32_t rail = 0; rail < j->rails; rail++)
        rails += shows(j, node, rail, family);
    return rails > 0 && rails * 4 >= j->run->nodes[node].rail_count * 3;
}

static void put(struct judge *j, struct common common)
{
    if (common.nodes >= LEAST_NODES && common.nodes * 4 >= common.nodes_of * 3 &&
        j->common_count < MOST_COMMON)
        j->commons[j->common_count++] = common;
}

static float severity(const struct judge *j, uint32_t node, uint32_t rail)
{
    return j->proofs[(size_t)node * j->rails + rail].severity;
}

static void rail_of_all(struct judge *j, uint32_t rail, uint32_t family)
{
    struct common common = {.rail = (int32_t)rail, .family = family};
    uint32_t had = j->common_count;

    for (uint32_t k = 0; k < j->n; k++) {
        if (j->gone[k] || j->noisy[k] || rail >= j->run->nodes[k].rail_count)
            continue;
        common.nodes_of++;
        if (!shows(j, k, rail, family) || (j->rails > 1 && shows_as_a_node(j, k, family)))
            continue;
        if (common.nodes == 0 || severity(j, k, rail) > severity(j, common.node, rail))
            common.node = k;
        common.nodes++;
    }
    put(j, common);
    for (uint32_t k = 0; k < j->n && j->common_count > had; k++)
        if (shows(j, k, rail, family) && !shows_as_a_node(j, k, family))
            j->set_aside[(size_t)k * j->rails + rail] |= judge_families[family].bits;
}

/* An instance group, or all nodes where there is one only. first: the first node of it. */
static void group_of(struct judge *j, uint32_t first, uint32_t family)
{
    struct str name = j->run->nodes[first].group;
    struct common common = {.rail = PROBE_EVERY, .family = family};
    uint32_t had = j->common_count;

    for (uint32_t k = 0; k < j->n; k++) {
        if (!str_eq(j->run->nodes[k].group, name) || j->gone[k] || j->noisy[k])
            continue;
        common.nodes_of++;
        if (!shows_as_a_node(j, k, family))
            continue;
        if (common.nodes == 0 || severity(j, k, 0) > severity(j, common.node, 0))
            common.node = k;
        common.nodes++;
    }
    put(j, common);
    for (uint32_t k = 0; k < j->n && j->common_count > had; k++)
        if (str_eq(j->run->nodes[k].group, name) && shows_as_a_node(j, k, family))
            for (uint32_t rail = 0; rail < j->rails; rail++)
                j->set_aside[(size_t)k * j->rails + rail] |= judge_families[family].bits;
}

static bool is_first_of_its_group(const struct judge *j, uint32_t node)
{
    struct str name = j->run->nodes[node].group;

    for (uint32_t k = 0; k < node; k++)
        if (str_eq(j->run->nodes[k].group, name))
            return false;
    return true;
}

void judge_common(struct judge *j)
{
    j->commons = arena_array(j->arena, struct common, MOST_COMMON);
    j->set_aside = arena_array(j->arena, uint8_t, (size_t)j->n * j->rails);
    for (uint32_t family = 0; family < FAMILIES; family++) {
        for (uint32_t rail = 0; rail < j->rails && j->rails > 1; rail++)
            rail_of_all(j, rail, family);
        for (uint32_t k = 0; k < j->n; k++)
            if (is_first_of_its_group(j, k))
                group_of(j, k, family);
    }
}
