#include "instant.h"
#include <hp/base/clock.h>

#include <stdlib.h>
#include <string.h>

struct doc *doc_time(struct arena *arena, int64_t unix_ms)
{
    return doc_number(arena, arena_fmt(arena, "%lld.%03lld", (long long)(unix_ms / 1000),
                                       (long long)(unix_ms % 1000)));
}

int64_t time_of(const struct doc *value)
{
    int64_t unix_ms = 0;
    char number[64];

    if (value->kind == DOC_STRING) {
        time_parse(value->text, &unix_ms);
        return unix_ms;
    }
    size_t len = value->text.len < sizeof number ? value->text.len : sizeof number - 1;
    memcpy(number, value->text.ptr, len);
    number[len] = 0;
    double seconds = strtod(number, NULL);
    return seconds > 9e12 || seconds < -9e12 ? INT64_MAX : (int64_t)(seconds * 1000);
}
