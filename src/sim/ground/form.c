#include "form.h"

#include <stdlib.h>

enum { most_parameters = 5000, deepest = 8 };

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool form_unescape(struct arena *arena, struct str text, struct str *ret_text)
{
    char *plain = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex(text.ptr[i + 1]) : -1;
            int low = high < 0 ? -1 : hex(text.ptr[i + 2]);
            if (low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        plain[len++] = c;
    }
    *ret_text = (struct str){plain, len};
    return true;
}

/* Puts the value at the end of the path; false: a name is both a value and an object. */
static bool place(struct arena *arena, struct doc *root, struct str name, struct str value)
{
    struct doc *at = root;
    struct str part, rest = name;
    int depth = 0;

    while (str_next(&rest, '.', &part)) {
        struct doc *next = doc_get(at, part);
        bool last = rest.ptr == NULL;
        if (part.len == 0 || ++depth > deepest ||
            (next != NULL && (last || next->kind != DOC_OBJECT)))
            return false;
        if (next == NULL) {
            next = last ? doc_string(arena, value) : doc_object(arena);
            doc_put(arena, at, part, next);
        }
        at = next;
    }
    return true;
}

bool form_parse(struct arena *arena, struct str body, struct doc **ret_doc, struct str *ret_why)
{
    struct doc *root = doc_object(arena);
    struct str pair, rest = body;
    size_t count = 0;

    while (str_next(&rest, '&', &pair)) {
        size_t equals = str_find_char(pair, '=');
        struct str name, value = S("");
        if (pair.len == 0)
            continue;
        if (++count > most_parameters) {
            *ret_why = S("too many parameters");
            return false;
        }
        if (!form_unescape(arena, str_sub(pair, 0, equals), &name) ||
            (equals != SIZE_MAX && !form_unescape(arena, str_from(pair, equals + 1), &value)) ||
            !str_is_utf8(name) || !str_is_utf8(value)) {
            *ret_why = S("a broken escape");
            return false;
        }
        if (!place(arena, root, name, value)) {
            *ret_why = arena_fmt(arena, "the parameter %.*s does not fit the others", STR(name));
            return false;
        }
    }
    *ret_doc = root;
    return true;
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0 && s.len < 7;
}

/* Is the path a word of takes? Numbers stand as N. */
static bool taken(struct str path, const char *takes)
{
    struct str word, words = str_of(takes);
    while (str_next(&words, ' ', &word))
        if (str_eq(path, word))
            return true;
    return false;
}

static struct str find_stranger(struct arena *arena, const struct doc *doc, struct str path,
                                struct str shown, const char *takes)
{
    if (doc->kind != DOC_OBJECT)
        return taken(path, takes) ? (struct str){NULL, 0} : shown;
    doc_each (entry, doc) {
        const char *point = path.len == 0 ? "" : ".";
        struct str step = is_number(entry->name) ? S("N") : entry->name;
        struct str found = find_stranger(
            arena, entry->value, arena_fmt(arena, "%.*s%s%.*s", STR(path), point, STR(step)),
            arena_fmt(arena, "%.*s%s%.*s", STR(shown), point, STR(entry->name)), takes);
        if (found.ptr != NULL)
            return found;
    }
    return (struct str){NULL, 0};
}

struct str form_stranger(struct arena *arena, const struct doc *input, const char *takes)
{
    return find_stranger(arena, input, S(""), S(""), takes);
}

struct numbered {
    int64_t number;
    const struct doc *value;
};

static int by_number(const void *a, const void *b)
{
    const struct numbered *left = a, *right = b;
    return left->number < right->number ? -1 : left->number > right->number;
}

const struct doc **form_list(struct arena *arena, const struct doc *parent, const char *name,
                             size_t *ret_count)
{
    const struct doc *list = doc_get(parent, str_of(name));
    size_t size = list == NULL || list->kind != DOC_OBJECT ? 0 : list->count, count = 0;
    struct numbered *rows = arena_array(arena, struct numbered, size + 1);

    for (const struct doc_entry *entry = size == 0 ? NULL : list->first; entry != NULL;
         entry = entry->next)
        if (is_number(entry->name) && str_to_int64(entry->name, &rows[count].number))
            rows[count++].value = entry->value;
    qsort(rows, count, sizeof *rows, by_number);
    const struct doc **values = arena_array(arena, const struct doc *, count + 1);
    for (size_t i = 0; i < count; i++)
        values[i] = rows[i].value;
    *ret_count = count;
    return values;
}
