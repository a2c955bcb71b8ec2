/* Text that the state keeps: heap copies with one owner, and tags made of them. */
#ifndef HP_SIM_TEXT_H
#define HP_SIM_TEXT_H

#include <hp/base/arena.h>

struct str text_of(struct str s);
struct str text_fmt(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Replaces what is there. */
void text_set(struct str *text, struct str s);
void text_done(struct str *text);

/* Does the text fit the pattern? '*' is anything, '?' one byte. No pattern takes longer than both
 * lengths multiplied. */
enum { TEXT_ESCAPES = 1 /* what follows a \ is itself */, TEXT_NO_CASE = 2 };
bool text_like(struct str text, struct str pattern, unsigned how);

struct tag {
    struct str key, value;
};

struct tags {
    struct tag *items;
    size_t count;
};

void tags_set(struct tags *tags, struct str key, struct str value);
/* NULL when it is not there. */
const struct tag *tags_find(const struct tags *tags, struct str key);
void tags_remove(struct tags *tags, struct str key);
void tags_done(struct tags *tags);

#endif
