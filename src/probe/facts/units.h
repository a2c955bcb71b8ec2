/* Sizes, and lists of them, as they stand on a command line; times are duration_parse's (base). */
#ifndef HP_PROBE_UNITS_H
#define HP_PROBE_UNITS_H

#include <hp/base/arena.h>

/* "8", "64k", "1M", "1MiB", "2G": powers of 1024. False: none of these, or over 1 TiB. */
bool size_parse(struct str text, uint64_t *ret_bytes);
/* 65536 -> "64k", 8 -> "8", 1048576 -> "1M". Reads back as the same. */
struct str size_text(struct arena *arena, uint64_t bytes);
/* "15", "0.5", "97.25": finite, not negative, the whole text. */
bool number_parse(struct str text, double *ret_number);
/* "5%" -> 0.05. A bare number is percent too. */
bool percent_parse(struct str text, double *ret_share);

#endif
