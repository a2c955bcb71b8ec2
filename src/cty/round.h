/* The fewest digits that lead back to a number of so many bits. */
#ifndef CTY_ROUND_H
#define CTY_ROUND_H

#include "inside.h"

/* As math/big writes the number after rounding it to `bits` bits. The digits lie in `digits`, which
 * has CTY_MAX_DIGITS + 1 bytes. Not for zero and infinity. */
struct cty_number cty_number_shortest(const struct cty_number *number, int bits, char *digits);

#endif
