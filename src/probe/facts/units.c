#include "units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char units[] = "kMGT";

bool size_parse(struct str text, uint64_t *ret_bytes)
{
    struct str digits = str_take_digits(&text);
    int64_t number = 0;
    int shift = 0;

    if (digits.len == 0 || digits.len > 13 || !str_to_int64(digits, &number))
        return false;
    if (text.len > 0) {
        char unit = text.ptr[0] == 'K' ? 'k' : text.ptr[0] == 'm' ? 'M' : text.ptr[0];
        const char *at = strchr(units, unit == 'g' ? 'G' : unit);
        if (unit != 'B' && (unit == 0 || at == NULL))
            return false;
        shift = unit == 'B' ? 0 : 10 * (int)(at - units + 1);
        text = str_from(text, 1);
        if (text.len > 0 && !(shift > 0 && (str_is(text, "iB") || str_is(text, "B"))))
            return false;
    }
    if (number > (INT64_C(1) << 40) >> shift)
        return false;
    *ret_bytes = (uint64_t)number << shift;
    return true;
}

struct str size_text(struct arena *arena, uint64_t bytes)
{
    int unit = -1;

    while (unit < 3 && bytes >= 1024 && bytes % 1024 == 0) {
        bytes /= 1024;
        unit++;
    }
    return arena_fmt(arena, "%llu%.*s", (unsigned long long)bytes, unit >= 0 ? 1 : 0,
                     unit >= 0 ? units + unit : "");
}

bool number_parse(struct str text, double *ret_number)
{
    char z[64], *end;

    if (text.len == 0 || text.len >= sizeof z || memchr(text.ptr, 0, text.len) != NULL)
        return false;
    if (!(text.ptr[0] >= '0' && text.ptr[0] <= '9') && text.ptr[0] != '.')
        return false;
    memcpy(z, text.ptr, text.len);
    z[text.len] = 0;
    double number = strtod(z, &end);
    if (*end != 0 || !isfinite(number))
        return false;
    *ret_number = number;
    return true;
}

bool percent_parse(struct str text, double *ret_share)
{
    if (str_ends(text, S("%")))
        text.len--;
    if (!number_parse(text, ret_share))
        return false;
    *ret_share /= 100;
    return true;
}
