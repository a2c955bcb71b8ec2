#include "transport.h"

#include <hp/base/clock.h>

enum { HEADERS_MAX = 200 };

struct str http_header(const struct http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (str_eq_nocase(answer->headers[i].name, str_of(name)))
            return answer->headers[i].value;
    return (struct str){0};
}

bool is_one_line(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ')
            return false;
    return true;
}

size_t http_headers_read(struct arena *arena, struct str text,
                         const struct aws_header **ret_headers)
{
    struct aws_header *headers = arena_array(arena, struct aws_header, HEADERS_MAX);
    size_t count = 0;
    struct str rest = text, line;
    while (count < HEADERS_MAX && str_next(&rest, '\n', &line)) {
        size_t colon = str_find_char(line, ':');
        if (colon == SIZE_MAX || colon == 0 || line.ptr[0] == ' ' || line.ptr[0] == '\t')
            continue;
        struct str name = str_trim(str_sub(line, 0, colon));
        if (name.len == 0)
            continue;
        headers[count].name = arena_str(arena, name);
        headers[count++].value = arena_str(arena, str_trim(str_from(line, colon + 1)));
    }
    *ret_headers = headers;
    return count;
}

static int month_of(struct str name)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; i < 12; i++)
        if (str_eq(name, (struct str){months + 3 * i, 3}))
            return i + 1;
    return 0;
}

bool http_date_parse(struct str text, int64_t *ret_unix_ms)
{
    struct str s = str_trim(text);
    if (s.len != 29 || s.ptr[3] != ',' || !str_ends(s, S(" GMT")))
        return false;
    int month = month_of(str_sub(s, 8, 3));
    if (month == 0)
        return false;
    char iso[] = "2000-00-00T00:00:00Z";
    memcpy(iso, s.ptr + 12, 4);
    iso[5] = (char)('0' + month / 10);
    iso[6] = (char)('0' + month % 10);
    memcpy(iso + 8, s.ptr + 5, 2);
    memcpy(iso + 11, s.ptr + 17, 8);
    return time_parse(str_of(iso), ret_unix_ms);
}
