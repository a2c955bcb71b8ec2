#include "pair.h"

#include <string.h>

static uint64_t step(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15ULL; /* splitmix64 */

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

void pattern_fill(void *bytes, size_t len, uint64_t seed)
{
    char *at = bytes;
    uint64_t word;

    for (; len > 0; len -= len < 8 ? len : 8, at += 8) {
        word = step(&seed);
        memcpy(at, &word, len < 8 ? len : 8);
    }
}

bool pattern_holds(const void *bytes, size_t len, uint64_t seed)
{
    const char *at = bytes;
    uint64_t word;

    for (; len > 0; len -= len < 8 ? len : 8, at += 8) {
        word = step(&seed);
        if (memcmp(at, &word, len < 8 ? len : 8) != 0)
            return false;
    }
    return true;
}
