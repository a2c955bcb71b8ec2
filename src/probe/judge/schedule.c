#include "schedule.h"

static uint32_t all_rounds(uint32_t nodes)
{
    return nodes < 2 ? 0 : nodes % 2 == 0 ? nodes - 1 : nodes;
}

uint32_t schedule_rounds(uint32_t nodes, bool quick)
{
    uint32_t all = all_rounds(nodes), some = 2;

    while (some < 34 && (UINT64_C(1) << (some - 2)) < nodes)
        some++;
    return quick && some < all ? some : all;
}

uint32_t schedule_partner(uint32_t nodes, bool quick, uint32_t round, uint32_t node)
{
    uint32_t all = all_rounds(nodes), rounds = schedule_rounds(nodes, quick);

    if (all == 0)
        return node;
    uint64_t r = quick ? (uint64_t)round * all / rounds : round;
    /* `all` is odd: place `all` stands still, or is where one rests; the others turn. */
    if (node == all)
        return (uint32_t)(r % all);
    uint32_t partner = (uint32_t)((2 * r + all - node) % all);
    if (partner != node)
        return partner;
    return nodes % 2 == 0 ? all : node;
}

uint32_t schedule_starts(uint32_t round, uint32_t one, uint32_t other)
{
    uint32_t low = one < other ? one : other, high = one < other ? other : one;

    return round % 2 == 0 ? low : high;
}

uint64_t schedule_pairs(uint32_t nodes, bool quick)
{
    return (uint64_t)schedule_rounds(nodes, quick) * (nodes / 2);
}
