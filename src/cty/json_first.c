#include "inside.h"

static size_t string_end(struct str json, size_t at)
{
    for (at++; at < json.len && json.ptr[at] != '"'; at++)
        if (json.ptr[at] == '\\')
            at++;
    return at < json.len ? at + 1 : json.len;
}

static size_t scalar_end(struct str json, size_t at)
{
    static const char *const words[] = {"null", "true", "false"};
    struct str rest = str_from(json, at);

    for (size_t i = 0; i < 3; i++)
        if (str_starts(rest, str_of(words[i])))
            return at + strlen(words[i]);
    if (rest.len > 1 && rest.ptr[0] == '0' && rest.ptr[1] >= '0' && rest.ptr[1] <= '9')
        return at + 1;
    while (at < json.len && json.ptr[at] != 0 && strchr("+-.0123456789eE", json.ptr[at]) != NULL)
        at++;
    return at;
}

struct str cty_json_first(struct str json)
{
    struct str value = str_trim(json);
    size_t depth = 0, at = 0;

    if (value.len == 0)
        return value;
    do {
        char c = value.ptr[at];
        if (c == '"') {
            at = string_end(value, at);
            continue;
        }
        if (depth == 0 && c != '[' && c != '{')
            at = scalar_end(value, at);
        else
            at++;
        if (c == '[' || c == '{')
            depth++;
        else if (depth > 0 && (c == ']' || c == '}'))
            depth--;
    } while (depth > 0 && at < value.len);
    return at == 0 ? value : str_sub(value, 0, at);
}
