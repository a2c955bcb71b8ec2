/* For fuzzers: what must hold, whatever the bytes were. Tests only. */
#ifndef HP_BASE_MUST_H
#define HP_BASE_MUST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* The sentence says what does not hold; then the fuzzer keeps the input. */
static inline void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s does not hold\n", what);
    abort();
}

#endif
