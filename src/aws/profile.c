#include "profile.h"

enum { LINES_MAX = 20000 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* What stands before " #" or " ;". */
static struct str without_comment(struct str value)
{
    for (size_t i = 1; i < value.len; i++)
        if ((value.ptr[i] == '#' || value.ptr[i] == ';') && is_blank(value.ptr[i - 1]))
            return str_trim(str_sub(value, 0, i));
    return str_trim(value);
}

static struct str unquoted(struct str s)
{
    if (s.len >= 2 && (s.ptr[0] == '"' || s.ptr[0] == '\'') && s.ptr[s.len - 1] == s.ptr[0])
        return str_sub(s, 1, s.len - 2);
    return s;
}

static bool take_word(struct str *rest, struct str word)
{
    if (!str_starts(*rest, word) || rest->len <= word.len || !is_blank(rest->ptr[word.len]))
        return false;
    *rest = unquoted(str_trim(str_from(*rest, word.len)));
    return true;
}

/* [default], [profile x], [sso-session x], [services x]; in the credentials file, [x] is a
 * profile. */
static void name_section(struct profile *section, struct str title)
{
    struct str name = str_trim(title);
    section->kind = PROFILE_PROFILE;
    if (section->file == PROFILE_CREDENTIALS) {
        take_word(&name, S("profile"));
        section->name = unquoted(name);
        return;
    }
    if (take_word(&name, S("profile")))
        section->prefixed = true;
    else if (take_word(&name, S("sso-session")))
        section->kind = PROFILE_SSO_SESSION;
    else if (take_word(&name, S("services")))
        section->kind = PROFILE_SERVICES;
    else if (!str_eq(name, S("default")))
        section->kind = PROFILE_OTHER;
    section->name = unquoted(name);
}

static const char *begin_section(struct arena *arena, struct str line, enum profile_file file,
                                 struct profiles *profiles)
{
    size_t end = str_find_char(line, ']');
    if (end == SIZE_MAX)
        return "a section without ']'";
    struct profile *section = arena_make(arena, struct profile);
    section->file = file;
    name_section(section, str_sub(line, 1, end - 1));
    if (profiles->last == NULL)
        profiles->first = section;
    else
        profiles->last->next = section;
    profiles->last = section;
    return NULL;
}

static const char *add_line(struct arena *arena, struct str line, struct profile *section)
{
    size_t equals = str_find_char(line, '=');
    if (equals == SIZE_MAX || str_trim(str_sub(line, 0, equals)).len == 0)
        return "a line that is no `key = value`";
    struct profile_line *row = arena_make(arena, struct profile_line);
    row->key = str_trim(str_sub(line, 0, equals));
    row->value = without_comment(str_from(line, equals + 1));
    /* "key = # remark": the blank before '#' went with the '=' */
    if (row->value.len > 0 && (row->value.ptr[0] == '#' || row->value.ptr[0] == ';') &&
        is_blank(row->value.ptr[-1]))
        row->value.len = 0;
    if (section->last == NULL)
        section->lines = row;
    else
        section->last->next = row;
    section->last = row;
    return NULL;
}

static const char *take_line(struct arena *arena, struct str line, enum profile_file file,
                             bool *in_file, struct profiles *profiles)
{
    bool indented = line.len > 0 && is_blank(line.ptr[0]);
    struct str text = str_trim(line);
    if (text.len == 0 || text.ptr[0] == '#' || text.ptr[0] == ';')
        return NULL;
    if (!indented && text.ptr[0] == '[') {
        *in_file = true;
        return begin_section(arena, text, file, profiles);
    }
    if (!*in_file)
        return "a line before the first section";
    struct profile *section = profiles->last;
    if (indented && section->last != NULL) {
        struct str *below = &section->last->below;
        if (below->ptr == NULL)
            below->ptr = line.ptr;
        below->len = (size_t)(line.ptr + line.len - below->ptr);
        return NULL;
    }
    return add_line(arena, text, section);
}

bool profiles_parse(struct arena *arena, struct str text, enum profile_file file,
                    struct profiles *profiles, size_t *ret_line, const char **ret_why)
{
    struct str rest = text, line;
    bool in_file = false;
    if (str_starts(rest, S("\xef\xbb\xbf")))
        rest = str_from(rest, 3);
    for (size_t number = 1; str_next(&rest, '\n', &line); number++) {
        const char *why = profiles->lines++ >= LINES_MAX
                              ? "too many lines"
                              : take_line(arena, line, file, &in_file, profiles);
        if (why != NULL) {
            *ret_line = number;
            *ret_why = why;
            return false;
        }
    }
    return true;
}

static const struct profile_line *line_find(const struct profiles *profiles, enum profile_file file,
                                            enum profile_kind kind, struct str name,
                                            const char *key)
{
    const struct profile_line *found = NULL;
    bool found_prefixed = false;
    for (const struct profile *p = profiles->first; p != NULL; p = p->next) {
        if (p->file != file || p->kind != kind || !str_eq(p->name, name))
            continue;
        for (const struct profile_line *line = p->lines; line != NULL; line = line->next) {
            if (!str_eq_nocase(line->key, str_of(key)) || (found_prefixed && !p->prefixed))
                continue;
            found = line;
            found_prefixed = p->prefixed;
        }
    }
    return found;
}

struct str profile_get(const struct profiles *profiles, enum profile_file file,
                       enum profile_kind kind, struct str name, const char *key)
{
    const struct profile_line *line = line_find(profiles, file, kind, name, key);
    return line == NULL ? (struct str){0} : line->value;
}

bool profile_exists(const struct profiles *profiles, struct str name)
{
    for (const struct profile *p = profiles->first; p != NULL; p = p->next)
        if (p->kind == PROFILE_PROFILE && str_eq(p->name, name))
            return true;
    return false;
}

struct str profile_get_below(const struct profiles *profiles, enum profile_file file,
                             enum profile_kind kind, struct str name, const char *key,
                             const char *inner_key)
{
    const struct profile_line *above = line_find(profiles, file, kind, name, key);
    struct str rest = above == NULL ? (struct str){0} : above->below, line, found = {0};
    while (rest.ptr != NULL && str_next(&rest, '\n', &line)) {
        struct str text = str_trim(line);
        size_t equals = str_find_char(text, '=');
        if (equals != SIZE_MAX &&
            str_eq_nocase(str_trim(str_sub(text, 0, equals)), str_of(inner_key)))
            found = without_comment(str_from(text, equals + 1));
    }
    return found;
}
