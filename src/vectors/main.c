/* vectors KIND [PATH]: runs test vectors and ends with the line `N passed, N failed`; or says what
 * our codecs make of something. */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *kind, *path;
    int (*run)(const char *path);
} runners[] = {
    {"cty", "FILE", vectors_cty},           {"sigv4", "FOLDER", vectors_sigv4},
    {"requests", "FILE", vectors_requests}, {"wire", "FILE", vectors_wire},
    {"shapes", "", vectors_shapes},
};

enum { runner_count = sizeof runners / sizeof runners[0] };

int main(int argc, char **argv)
{
    for (size_t i = 0; argc >= 2 && i < runner_count; i++)
        if (strcmp(argv[1], runners[i].kind) == 0 && argc == (runners[i].path[0] == 0 ? 2 : 3))
            return runners[i].run(argv[2]);
    for (size_t i = 0; i < runner_count; i++)
        fprintf(stderr, "usage: vectors %s %s\n", runners[i].kind, runners[i].path);
    return EXIT_FAILURE;
}
