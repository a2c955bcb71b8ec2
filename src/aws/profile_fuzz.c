/* The shared files. Everything that is taken out of them lies in their text, so that wiping the
 * text wipes the secrets; a value is one line; what cannot be read is told by its line. */
#include "hostile.h"
#include "profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must_lie_in(struct str part, struct str text)
{
    must(part.len == 0 || (part.ptr >= text.ptr && part.ptr + part.len <= text.ptr + text.len),
         "a part lies in the text");
}

static void must_be_a_value(struct str value, struct str text)
{
    must_lie_in(value, text);
    must(str_find_char(value, '\n') == SIZE_MAX, "a value is one line");
    must(str_eq(value, str_trim(value)), "a value has no blanks at its ends");
}

/* The last line of a key counts, and can be asked for by any spelling. */
static void must_be_found(struct arena *arena, const struct profiles *profiles,
                          const struct profile *section, const struct profile_line *line,
                          struct str text)
{
    char *key = arena_z(arena, line->key);
    struct str found = profile_get(profiles, section->file, section->kind, section->name, key);
    if (str_find_char(line->key, '\0') != SIZE_MAX)
        return; /* nobody asks for such a key */
    must(found.ptr != NULL, "a key that is there is found");
    must_be_a_value(found, text);
    must(str_eq(found, profile_get(profiles, section->file, section->kind, section->name,
                                   arena_z(arena, arena_lower(arena, line->key)))),
         "a key is found in lower case");
    must_be_a_value(profile_get_below(profiles, section->file, section->kind, section->name, key,
                                      "endpoint_url"),
                    text);
}

static void check(struct arena *arena, const struct profiles *profiles, struct str text)
{
    for (const struct profile *section = profiles->first; section != NULL;
         section = section->next) {
        must_lie_in(section->name, text);
        must(section->kind != PROFILE_PROFILE || profile_exists(profiles, section->name),
             "a profile that is there exists");
        for (const struct profile_line *line = section->lines; line != NULL; line = line->next) {
            must_be_a_value(line->key, text);
            must_be_a_value(line->value, text);
            must_lie_in(line->below, text);
            must_be_found(arena, profiles, section, line, text);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size > 4 << 10)
        return 0;
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct str text = arena_str(arena, (struct str){(const char *)bytes, size});
    for (int file = PROFILE_CONFIG; file <= PROFILE_CREDENTIALS; file++) {
        struct profiles profiles = {0};
        size_t line = 0;
        const char *why = NULL;
        if (profiles_parse(arena, text, (enum profile_file)file, &profiles, &line, &why))
            check(arena, &profiles, text);
        else
            must(line > 0 && why != NULL, "what cannot be read is told by its line");
    }
    return 0;
}
