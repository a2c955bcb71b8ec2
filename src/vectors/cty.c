/* Vectors of Terraform's values: what go-cty writes, reads and refuses. */
#include "cty_notation.h"
#include "file.h"
#include "vectors.h"

#include <stdio.h>

/* One vector under judgement. */
struct judged {
    struct arena *arena;
    const struct doc *vector;
    struct str id;
};

static const struct str fine = {NULL, 0};

static struct str text_at(const struct judged *judged, const char *name)
{
    return doc_get_text(judged->vector, str_of(name));
}

static bool has(const struct judged *judged, const char *name)
{
    return doc_get(judged->vector, str_of(name)) != NULL;
}

static struct str differs(const struct judged *judged, const char *what, struct str is,
                          struct str should)
{
    return str_eq(is, should)
               ? fine
               : arena_fmt(judged->arena, "%s is\n    %.*s\n  and should be\n    %.*s", what,
                           STR(is), STR(should));
}

/* The member's type constraint, or NULL. */
static const struct cty_type *type_at(const struct judged *judged, const char *name)
{
    return notation_type(judged->arena, doc_get(judged->vector, str_of(name)));
}

static const struct cty_value *value_at(const struct judged *judged, const char *name,
                                        const struct cty_type *declared)
{
    return notation_value(judged->arena, declared, doc_get(judged->vector, str_of(name)));
}

/* Words that a library chose, Go's or ours, need not be the same. */
static bool is_foreign(struct str message)
{
    static const char *const parts[] = {
        "PANIC", "parse error",       "lexical error",  "msgpack:", "json:",
        "EOF",   "invalid character", "unexpected end", "comma",    "parsing"};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (str_has(message, str_of(parts[i])))
            return true;
    return false;
}

static struct str judge_refusal(const struct judged *judged, struct str message)
{
    struct str wanted = text_at(judged, "go_cty_error");

    if (str_empty(message))
        return S("was refused without a word");
    if (str_eq(message, wanted))
        return fine;
    if (!is_foreign(wanted) && !is_foreign(message))
        return differs(judged, "the refusal", message, wanted);
    printf("note %.*s: refused with \"%.*s\", by go-cty with \"%.*s\"\n", STR(judged->id),
           STR(message), STR(wanted));
    return fine;
}

static struct str msgpack_hex(const struct judged *judged, const struct cty_type *type,
                              const struct cty_value *value)
{
    struct buf out = buf_in(judged->arena, 16 * 1024 * 1024);

    return cty_to_msgpack(type, value, &out) ? notation_hex(judged->arena, buf_str(&out))
                                             : S("error");
}

static struct str judge_value(const struct judged *judged, const struct cty_value *is,
                              const struct cty_value *should)
{
    if (should == NULL)
        return S("the vector's value can't be read");
    if (notation_equal(is, should))
        return fine;
    return differs(judged, "the value", cty_show(judged->arena, is),
                   arena_cat(judged->arena, cty_show(judged->arena, should), S(" ")));
}

static struct str judge_json(const struct judged *judged, const struct cty_type *type,
                             const struct cty_value *value)
{
    struct buf json = buf_in(judged->arena, 16 * 1024 * 1024);
    bool written = cty_to_json(type, value, &json);

    if (has(judged, "json_error"))
        return written ? S("JSON was written that go-cty refuses to write") : fine;
    if (!has(judged, "json"))
        return fine;
    return written ? differs(judged, "the JSON", buf_str(&json), text_at(judged, "json"))
                   : S("no JSON was written");
}

static struct str judge_encode(const struct judged *judged)
{
    const struct cty_type *type = type_at(judged, "type");
    const struct cty_value *value = value_at(judged, "value", type), *again;
    struct str bytes;
    struct cty_error error;

    if (type == NULL || value == NULL)
        return S("the vector's type or value can't be read");
    if (!has(judged, "msgpack"))
        return differs(judged, "msgpack", msgpack_hex(judged, type, value), S("error"));
    struct str why =
        differs(judged, "msgpack", msgpack_hex(judged, type, value), text_at(judged, "msgpack"));
    if (why.ptr == NULL)
        why = judge_json(judged, type, value);
    if (why.ptr != NULL || !notation_bytes(judged->arena, text_at(judged, "msgpack"), &bytes))
        return why.ptr != NULL ? why : S("the vector's hexadecimal digits can't be read");
    for (enum cty_mode mode = CTY_WIRE; mode <= CTY_STRICT && why.ptr == NULL; mode++) {
        if (!cty_from_msgpack(judged->arena, type, bytes, mode, &again, &error))
            return arena_fmt(judged->arena, "its own bytes are refused: %.*s", STR(error.message));
        if (has(judged, "decoded_value"))
            why = judge_value(judged, again, value_at(judged, "decoded_value", type));
        else if (doc_get(judged->vector, S("roundtrips")) != NULL &&
                 doc_get(judged->vector, S("roundtrips"))->truth)
            why = judge_value(judged, again, value);
    }
    return why;
}

static struct str judge_accept(const struct judged *judged)
{
    const struct cty_type *type = type_at(judged, "type"), *own = type_at(judged, "value_type");
    const struct cty_value *value;
    struct cty_error error;
    struct str bytes, canonical = text_at(judged, "canonical_msgpack");

    if (type == NULL || !notation_bytes(judged->arena, text_at(judged, "msgpack"), &bytes))
        return S("the vector's type or bytes can't be read");
    if (!cty_from_msgpack(judged->arena, type, bytes, CTY_STRICT, &value, &error))
        return arena_fmt(judged->arena, "is refused: %.*s", STR(error.message));
    struct str why =
        judge_value(judged, value, value_at(judged, "value", own == NULL ? type : own));
    if (why.ptr == NULL && own != NULL)
        why = differs(judged, "the value's type", cty_type_to_json(judged->arena, value->type),
                      cty_type_to_json(judged->arena, own));
    if (why.ptr != NULL)
        return why;
    return differs(judged, "msgpack", msgpack_hex(judged, type, value),
                   str_starts(canonical, S("error")) ? S("error") : canonical);
}

static struct str judge_reject(const struct judged *judged)
{
    const struct cty_type *type = type_at(judged, "type");
    const struct cty_value *value;
    struct cty_error error = {0};
    struct str bytes;

    if (type == NULL || !notation_bytes(judged->arena, text_at(judged, "msgpack"), &bytes))
        return S("the vector's type or bytes can't be read");
    if (cty_from_msgpack(judged->arena, type, bytes, CTY_STRICT, &value, &error))
        return arena_fmt(judged->arena, "is accepted as %.*s", STR(cty_show(judged->arena, value)));
    return judge_refusal(judged, error.message);
}

static struct str judge_json_decode(const struct judged *judged)
{
    const struct cty_type *type = type_at(judged, "type");
    const struct cty_value *value;
    struct cty_error error = {0};

    if (type == NULL)
        return S("the vector's type can't be read");
    if (!cty_from_json(judged->arena, type, text_at(judged, "json"), CTY_STRICT, &value, &error))
        return has(judged, "go_cty_error")
                   ? judge_refusal(judged, error.message)
                   : arena_fmt(judged->arena, "is refused: %.*s", STR(error.message));
    if (has(judged, "go_cty_error"))
        return arena_fmt(judged->arena, "is accepted as %.*s", STR(cty_show(judged->arena, value)));
    struct str why = judge_value(judged, value, value_at(judged, "value", type));
    if (why.ptr != NULL || !has(judged, "msgpack"))
        return why;
    return differs(judged, "msgpack", msgpack_hex(judged, type, value), text_at(judged, "msgpack"));
}

static struct str judge_type_json(const struct judged *judged)
{
    const struct cty_type *type;
    struct str error = S("");

    if (!cty_type_from_json(judged->arena, text_at(judged, "json"), &type, &error))
        return has(judged, "go_cty_error")
                   ? judge_refusal(judged, error)
                   : arena_fmt(judged->arena, "is refused: %.*s", STR(error));
    if (has(judged, "go_cty_error"))
        return S("is accepted");
    struct str why = differs(judged, "the canonical text", cty_type_to_json(judged->arena, type),
                             text_at(judged, "canonical"));
    if (why.ptr != NULL || !has(judged, "friendly"))
        return why;
    return differs(judged, "the name", cty_type_name(judged->arena, type),
                   text_at(judged, "friendly"));
}

static const struct {
    const char *kind;
    struct str (*judge)(const struct judged *judged);
} kinds[] = {
    {"encode", judge_encode},        {"decode_accept", judge_accept},
    {"decode_reject", judge_reject}, {"json_decode", judge_json_decode},
    {"type_json", judge_type_json},
};

static bool passes(const struct doc *vector, struct str (*judge)(const struct judged *judged))
{
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 28);
    struct judged judged = {arena, vector, doc_get_text(vector, S("id"))};
    struct str why = judge(&judged);

    if (why.ptr != NULL)
        printf("FAILED %.*s: %.*s\n", STR(judged.id), STR(why));
    return why.ptr == NULL;
}

int vectors_cty(const char *file)
{
    static const struct doc_limits limits = {
        .bytes = 64 * 1024 * 1024, .depth = 500, .nodes = 4 * 1000 * 1000};
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    struct tally tally = {0};
    struct str text;
    struct doc *root = NULL;
    struct doc_error error;

    if (!file_read(arena, file, &text))
        printf("%s: cannot be read\n", file);
    else if (!doc_from_json(arena, text, &limits, &root, &error))
        printf("%s:%zu:%zu: %.*s\n", file, error.line, error.column, STR(error.message));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        doc_each (entry, doc_get(root, str_of(kinds[i].kind))) {
            bool passed = passes(entry->value, kinds[i].judge);
            tally.passed += passed;
            tally.failed += !passed;
        }
    return tally_end(&tally);
}
