/* Why something could not be done, for a person, and the exit code that says it to a script. */
#ifndef HP_PROBE_ERROR_H
#define HP_PROBE_ERROR_H

#include <hp/base/str.h>

enum {
    EXIT_PASS = 0, /* WARN too, without --strict */
    EXIT_WARNED = 1,
    EXIT_FAIL = 2,
    EXIT_INCONCLUSIVE = 3,
    EXIT_INCOMPLETE = 4,
    EXIT_BAD_USAGE = 64,
    EXIT_BAD_DATA = 65,
    EXIT_UNAVAILABLE = 69,
    EXIT_INTERNAL = 70,
    EXIT_CANNOT_WRITE = 73,
    EXIT_TIMED_OUT = 75,
};

struct probe_error {
    int exit_code;
    char text[512];
};

/* Fills *reterr and is false, so that failing is one line. The first error stays: a later one is
 * its consequence. */
bool probe_error(struct probe_error *reterr, int exit_code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
