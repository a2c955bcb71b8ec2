#include "place.h"

/* The text and its tree, side by side. The text was parsed, so it is sound; the bounds are looked
 * at all the same. */
struct walk {
    struct str text;
    size_t at;
    const void *part;
};

static void skip(struct walk *walk, const char *what)
{
    while (walk->at < walk->text.len && walk->text.ptr[walk->at] != 0 &&
           strchr(what, walk->text.ptr[walk->at]) != NULL)
        walk->at++;
}

static void skip_string(struct walk *walk)
{
    walk->at++;
    while (walk->at < walk->text.len && walk->text.ptr[walk->at] != '"')
        walk->at += walk->text.ptr[walk->at] == '\\' ? 2 : 1;
    walk->at++;
}

/* True: it is found, and walk->at is where. */
static bool find(struct walk *walk, const struct doc *value)
{
    const char *space = " \t\r\n";

    skip(walk, space);
    if (value == walk->part)
        return true;
    if (value->kind == DOC_STRING) {
        skip_string(walk);
    } else if (value->kind == DOC_LIST || value->kind == DOC_OBJECT) {
        walk->at++;
        doc_each (entry, value) {
            skip(walk, " \t\r\n,");
            if (entry == walk->part)
                return true;
            if (value->kind == DOC_OBJECT) {
                skip_string(walk);
                skip(walk, " \t\r\n:");
            }
            if (find(walk, entry->value))
                return true;
        }
        skip(walk, " \t\r\n,");
        walk->at++;
    } else {
        skip(walk, "-+.0123456789abcdefghijklmnopqrstuvwxyzE");
    }
    return false;
}

struct place place_in(struct str text, const struct doc *root, const void *part)
{
    struct walk walk = {.text = text, .part = part};
    struct place place = {1, 1};

    if (root == NULL || part == NULL || !find(&walk, root) || walk.at > text.len)
        return place;
    for (size_t i = 0; i < walk.at; i++) {
        bool follows = ((unsigned char)text.ptr[i] & 0xc0) == 0x80; /* inside a character */
        place.column += !follows;
        if (text.ptr[i] == '\n')
            place = (struct place){place.line + 1, 1};
    }
    return place;
}
