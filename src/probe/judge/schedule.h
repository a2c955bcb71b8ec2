/* Who measures with whom, and when: the circle method. n - 1 rounds (n when it is odd) of disjoint
 * pairs, in which each pair comes exactly once; every rank finds its partner by itself. */
#ifndef HP_PROBE_SCHEDULE_H
#define HP_PROBE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

/* Rounds of a run. quick: ceil(log2 n) + 2 of them, spread over all: each node meets so many
 * partners, and bad nodes and rails are found; a single bad link only where it was met. */
uint32_t schedule_rounds(uint32_t nodes, bool quick);
/* The partner in a round of the run, or `node` itself: it rests. */
uint32_t schedule_partner(uint32_t nodes, bool quick, uint32_t round, uint32_t node);
/* Of a pair, the one that starts: in turn, so that no node always does. */
uint32_t schedule_starts(uint32_t round, uint32_t one, uint32_t other);
/* Pairs that a run meets. */
uint64_t schedule_pairs(uint32_t nodes, bool quick);

#endif
