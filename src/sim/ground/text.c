#include "text.h"

#include <stdio.h>
#include <stdlib.h>

static void *must(void *memory)
{
    if (memory == NULL) {
        fputs("[ERROR] out of memory; the process ends here.\n", stderr);
        abort();
    }
    return memory;
}

struct str text_of(struct str s)
{
    char *copy = must(malloc(s.len + 1));
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = 0;
    return (struct str){copy, s.len};
}

struct str text_fmt(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    return (struct str){must(len < 0 ? NULL : text), (size_t)len};
}

void text_set(struct str *text, struct str s)
{
    struct str fresh = text_of(s); /* first: s may be a part of the old one */
    text_done(text);
    *text = fresh;
}

void text_done(struct str *text)
{
    free((char *)text->ptr);
    *text = (struct str){NULL, 0};
}

/* One step of a pattern, behind its escape. */
struct step {
    size_t len; /* 0: the pattern has ended */
    char want;
    bool escaped;
};

static struct step step_at(struct str pattern, size_t at, unsigned how)
{
    if (at >= pattern.len)
        return (struct step){0, 0, false};
    bool escaped = (how & TEXT_ESCAPES) != 0 && pattern.ptr[at] == '\\' && at + 1 < pattern.len;
    return (struct step){escaped ? 2 : 1, pattern.ptr[at + escaped], escaped};
}

static bool step_fits(struct step step, char c, unsigned how)
{
    struct str want = {&step.want, 1}, got = {&c, 1};
    return step.len > 0 && ((step.want == '?' && !step.escaped) || step.want == c ||
                            ((how & TEXT_NO_CASE) != 0 && str_eq_nocase(want, got)));
}

/* After a step that does not fit only the last star can take one byte more. */
bool text_like(struct str text, struct str pattern, unsigned how)
{
    size_t at = 0, next = 0, star = SIZE_MAX, resume = 0;

    while (at < text.len) {
        struct step step = step_at(pattern, next, how);
        if (step.want == '*' && !step.escaped) {
            star = next++;
            resume = at;
        } else if (step_fits(step, text.ptr[at], how)) {
            next += step.len;
            at++;
        } else if (star != SIZE_MAX) {
            next = star + 1;
            at = ++resume;
        } else {
            return false;
        }
    }
    while (next < pattern.len && pattern.ptr[next] == '*')
        next++;
    return next == pattern.len;
}

static struct tag *find(const struct tags *tags, struct str key)
{
    for (size_t i = 0; i < tags->count; i++)
        if (str_eq(tags->items[i].key, key))
            return &tags->items[i];
    return NULL;
}

const struct tag *tags_find(const struct tags *tags, struct str key)
{
    return find(tags, key);
}

void tags_set(struct tags *tags, struct str key, struct str value)
{
    struct tag *tag = find(tags, key);
    if (tag != NULL) {
        text_set(&tag->value, value);
        return;
    }
    tags->items = must(realloc(tags->items, (tags->count + 1) * sizeof *tags->items));
    tags->items[tags->count++] = (struct tag){text_of(key), text_of(value)};
}

void tags_remove(struct tags *tags, struct str key)
{
    struct tag *tag = find(tags, key);
    if (tag == NULL)
        return;
    text_done(&tag->key);
    text_done(&tag->value);
    tags->count--;
    memmove(tag, tag + 1, (size_t)(tags->items + tags->count - tag) * sizeof *tag);
}

void tags_done(struct tags *tags)
{
    for (size_t i = 0; i < tags->count; i++) {
        text_done(&tags->items[i].key);
        text_done(&tags->items[i].value);
    }
    free(tags->items);
    *tags = (struct tags){NULL, 0};
}
