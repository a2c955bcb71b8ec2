#include "inside.h"

static const struct cty_path *step(struct arena *arena, const struct cty_path *parent,
                                   enum cty_step kind, struct str name, int64_t index)
{
    struct cty_path *path = arena_make(arena, struct cty_path);
    *path = (struct cty_path){.parent = parent, .step = kind, .name = name, .index = index};
    return path;
}

const struct cty_path *cty_path_attr(struct arena *arena, const struct cty_path *parent,
                                     struct str name)
{
    return step(arena, parent, CTY_STEP_ATTR, name, 0);
}

const struct cty_path *cty_path_key(struct arena *arena, const struct cty_path *parent,
                                    struct str key)
{
    return step(arena, parent, CTY_STEP_KEY, key, 0);
}

const struct cty_path *cty_path_index(struct arena *arena, const struct cty_path *parent,
                                      int64_t index)
{
    return step(arena, parent, CTY_STEP_INDEX, (struct str){NULL, 0}, index);
}

/* Reads a quoted key up to and with its closing quote; \" and \\ stand for themselves. */
static bool take_key(struct arena *arena, struct str *rest, struct str *ret_key)
{
    struct buf key = buf_in(arena, 1 << 20);

    for (size_t i = 1; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (c == '"') {
            *rest = str_from(*rest, i + 1);
            *ret_key = buf_str(&key);
            return true;
        }
        if (c == '\\' && ++i >= rest->len)
            return false;
        buf_putc(&key, rest->ptr[i]);
    }
    return false;
}

static bool take_bracket(struct arena *arena, struct str *rest, const struct cty_path **path)
{
    struct str key;
    int64_t index;

    *rest = str_from(*rest, 1);
    if (str_starts(*rest, S("\""))) {
        if (!take_key(arena, rest, &key))
            return false;
        *path = cty_path_key(arena, *path, key);
    } else {
        size_t end = str_find_char(*rest, ']');
        if (end == SIZE_MAX || !str_to_int64(str_sub(*rest, 0, end), &index) || index < 0)
            return false;
        *rest = str_from(*rest, end);
        *path = cty_path_index(arena, *path, index);
    }
    if (!str_starts(*rest, S("]")))
        return false;
    *rest = str_from(*rest, 1);
    return true;
}

const struct cty_path *cty_path_of(struct arena *arena, const char *text)
{
    struct str rest = arena_str(arena, str_of(text));
    const struct cty_path *path = NULL;
    bool dotted = false;

    while (rest.len > 0) {
        if (rest.ptr[0] == '[' && !dotted) {
            if (!take_bracket(arena, &rest, &path))
                return NULL;
        } else if (rest.ptr[0] == '.' && !dotted) {
            dotted = true;
            rest = str_from(rest, 1);
            continue;
        } else {
            size_t len = strcspn(rest.ptr, ".[]\"");
            if (len == 0 || (path != NULL && !dotted))
                return NULL;
            path = cty_path_attr(arena, path, str_sub(rest, 0, len));
            rest = str_from(rest, len);
        }
        dotted = false;
    }
    return dotted ? NULL : path;
}

static void write_path(const struct cty_path *path, struct buf *out)
{
    if (path == NULL)
        return;
    write_path(path->parent, out);
    switch (path->step) {
    case CTY_STEP_ATTR:
        if (path->parent != NULL)
            buf_putc(out, '.');
        buf_put(out, path->name);
        break;
    case CTY_STEP_KEY:
        buf_putc(out, '[');
        cty_quote(out, path->name);
        buf_putc(out, ']');
        break;
    case CTY_STEP_INDEX:
        buf_printf(out, "[%lld]", (long long)path->index);
        break;
    }
}

struct str cty_path_text(struct arena *arena, const struct cty_path *path)
{
    struct buf out = buf_in(arena, 1 << 20);
    write_path(path, &out);
    return buf_str(&out);
}

size_t cty_path_length(const struct cty_path *path)
{
    size_t length = 0;
    for (; path != NULL; path = path->parent)
        length++;
    return length;
}

static int compare_step(const struct cty_path *a, const struct cty_path *b)
{
    if (a->step != b->step)
        return (int)a->step - (int)b->step;
    if (a->step == CTY_STEP_INDEX)
        return (a->index > b->index) - (a->index < b->index);
    return str_cmp(a->name, b->name);
}

static int compare_same_length(const struct cty_path *a, const struct cty_path *b)
{
    if (a == b)
        return 0;
    int order = compare_same_length(a->parent, b->parent);
    return order != 0 ? order : compare_step(a, b);
}

int cty_path_compare(const struct cty_path *a, const struct cty_path *b)
{
    size_t len_a = cty_path_length(a), len_b = cty_path_length(b);

    for (size_t i = len_b; i < len_a; i++)
        a = a->parent;
    for (size_t i = len_a; i < len_b; i++)
        b = b->parent;
    int order = compare_same_length(a, b);
    return order != 0 ? order : (len_a > len_b) - (len_a < len_b);
}

bool cty_path_equal(const struct cty_path *a, const struct cty_path *b)
{
    return cty_path_compare(a, b) == 0;
}

const struct cty_value *cty_at(const struct cty_value *value, const struct cty_path *path)
{
    if (path == NULL)
        return value;
    const struct cty_value *from = cty_at(value, path->parent);
    if (from == NULL || from->state != CTY_KNOWN)
        return NULL;
    enum cty_kind kind = from->type->kind;
    switch (path->step) {
    case CTY_STEP_ATTR:
        return cty_get(from, path->name);
    case CTY_STEP_KEY:
        return kind == CTY_OBJECT ? cty_get(from, path->name) : cty_lookup(from, path->name);
    default:
        if ((kind != CTY_LIST && kind != CTY_TUPLE) || path->index < 0 ||
            (uint64_t)path->index >= from->count)
            return NULL;
        return from->items[path->index];
    }
}
