/* A moment as the JSON services write it. */
#ifndef HP_SIM_INSTANT_H
#define HP_SIM_INSTANT_H

#include <hp/doc/doc.h>

/* Seconds since 1970, as JSON 1.1 writes times. */
struct doc *doc_time(struct arena *arena, int64_t unix_ms);
/* And back, from a number or a text; INT64_MAX: too far away. */
int64_t time_of(const struct doc *value);

#endif
