/* For fuzzers: what must hold of every value that a decoder gave out, whatever the bytes were. */
#ifndef CTY_SOUND_H
#define CTY_SOUND_H

#include <hp/base/must.h>
#include <hp/cty/codec.h>

/* Only what belongs to its state is there, and no key comes twice. */
static inline void must_be_sound(const struct cty_value *value)
{
    bool has_keys = value->type->kind == CTY_MAP && cty_is_known(value);
    must(cty_is_known(value) || value->count == 0, "only a known value has parts");
    must(!cty_is_known(value) || value->refined == NULL, "only an unknown value has promises");
    for (size_t i = 0; i < value->count; i++) {
        must_be_sound(value->items[i]);
        must(!has_keys || i == 0 || str_cmp(value->keys[i - 1], value->keys[i]) < 0,
             "a map is sorted, and each key is there once");
    }
}

/* Text on the wire passes as it came, as in go-cty, and need not be UTF-8. */
static inline bool is_utf8_throughout(const struct cty_value *value)
{
    bool has_keys = value->type->kind == CTY_MAP && cty_is_known(value);
    if (!str_is_utf8(value->text))
        return false;
    for (size_t i = 0; i < value->count; i++)
        if (!is_utf8_throughout(value->items[i]) || (has_keys && !str_is_utf8(value->keys[i])))
            return false;
    return true;
}

/* go-cty's numbers have 512 bits, and so has what is written: more digits are rounded then. */
static inline bool fits_go(const struct cty_value *value)
{
    enum { sure_digits = 154 };
    if (value->number.digits.len > sure_digits)
        return false;
    for (size_t i = 0; i < value->count; i++)
        if (!fits_go(value->items[i]))
            return false;
    return true;
}

static inline void must_be_same(const struct cty_value *value, const struct cty_value *again)
{
    must(!fits_go(value) || cty_equal(value, again), "it is the same value");
}

/* A refusal is one short story in UTF-8, and its place can be told. */
static inline void must_be_told(struct arena *arena, const struct cty_error *error)
{
    must(error->message.len > 0 && error->message.len < 4096, "a refusal has a sentence");
    must(str_is_utf8(error->message), "a refusal is UTF-8");
    must(error->path == NULL || cty_path_text(arena, error->path).len > 0, "a place has a name");
}

static inline const struct cty_type *must_type(struct arena *arena, const char *json)
{
    const struct cty_type *type = NULL;
    struct str why;
    must(cty_type_from_json(arena, str_of(json), &type, &why), "a type is one");
    return type;
}

#endif
