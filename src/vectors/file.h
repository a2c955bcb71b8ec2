/* Whole files, for vectors. */
#ifndef VECTORS_FILE_H
#define VECTORS_FILE_H

#include <hp/base/arena.h>

/* At most 64 MiB. False: not there, or not readable. */
bool file_read(struct arena *arena, const char *path, struct str *ret_text);

struct tally {
    unsigned passed, failed;
};
/* Prints the closing line; the exit status. */
int tally_end(const struct tally *tally);

#endif
