#include "hostlist.h"

#include <inttypes.h>

enum { MOST_LEVELS = 4, MOST_NAME = 255 };

struct expansion {
    struct arena *arena;
    struct str *names;
    uint32_t count, room, most;
};

static bool emit(struct expansion *e, struct str name)
{
    if (str_empty(name) || name.len > MOST_NAME || e->count == e->most)
        return false;
    if (e->count == e->room) {
        uint32_t room = e->room == 0 ? 64 : e->room * 2;
        e->names =
            arena_grow(e->arena, e->names, e->room * sizeof *e->names, room * sizeof *e->names);
        e->room = room;
    }
    e->names[e->count++] = name;
    return true;
}

static bool expand_one(struct expansion *e, struct str before, struct str rest, int level);

/* "001-004" or "7": the width of the first number is kept. */
static bool expand_range(struct expansion *e, struct str before, struct str range, struct str after,
                         int level)
{
    struct str low_text = str_take_digits(&range), high_text = low_text;
    int64_t low, high;

    if (!str_empty(range)) {
        if (range.ptr[0] != '-')
            return false;
        range = str_from(range, 1);
        high_text = str_take_digits(&range);
    }
    if (!str_empty(range) || low_text.len > 9 || high_text.len > 9 ||
        !str_to_int64(low_text, &low) || !str_to_int64(high_text, &high) || high < low ||
        high - low >= e->most)
        return false;
    for (int64_t i = low; i <= high; i++) {
        struct str name = arena_fmt(e->arena, "%.*s%0*" PRId64, STR(before), (int)low_text.len, i);
        if (name.len > MOST_NAME || !arena_has_room(e->arena, 4096) ||
            !expand_one(e, name, after, level + 1))
            return false;
    }
    return true;
}

static bool expand_one(struct expansion *e, struct str before, struct str rest, int level)
{
    size_t open = str_find_char(rest, '['), close = str_find_char(rest, ']');
    struct str ranges, range;

    if (open == SIZE_MAX && close == SIZE_MAX)
        return emit(e, arena_cat(e->arena, before, rest));
    if (open == SIZE_MAX || close == SIZE_MAX || close < open + 2 || level == MOST_LEVELS)
        return false;
    before = arena_cat(e->arena, before, str_sub(rest, 0, open));
    ranges = str_sub(rest, open + 1, close - open - 1);
    while (str_next(&ranges, ',', &range))
        if (!expand_range(e, before, range, str_from(rest, close + 1), level))
            return false;
    return true;
}

/* A comma inside of brackets belongs to its name. */
static bool take_word(struct str *rest, struct str *ret_word)
{
    size_t depth = 0, at = 0;

    if (rest->ptr == NULL)
        return false;
    for (; at < rest->len && (rest->ptr[at] != ',' || depth > 0); at++)
        depth += rest->ptr[at] == '[' ? 1 : rest->ptr[at] == ']' && depth > 0 ? (size_t)-1 : 0;
    *ret_word = str_sub(*rest, 0, at);
    *rest = at < rest->len ? str_from(*rest, at + 1) : (struct str){0};
    return true;
}

bool hostlist_expand(struct arena *arena, struct str text, uint32_t most, struct str **ret_names,
                     uint32_t *ret_count)
{
    struct expansion e = {.arena = arena, .most = most};
    struct str word;

    if (text.len > 1 << 20)
        return false;
    while (take_word(&text, &word))
        if (!expand_one(&e, S(""), word, 0))
            return false;
    *ret_names = e.names;
    *ret_count = e.count;
    return true;
}
