#include "text.h"

#include <stdio.h>
#include <yajl/yajl_parse.h>

/* One container that is open, and the name its next member will have. */
struct open {
    struct doc *doc;
    struct str name;
    struct open *outer;
};

struct reader {
    struct arena *arena;
    struct str text;
    const struct doc_limits *limits;
    struct open *open;
    struct doc *root;
    size_t depth, nodes;
    const char *refusal; /* why a callback ended the parsing */
};

static bool has_room(struct reader *reader, size_t bytes)
{
    if (arena_has_room(reader->arena, bytes))
        return true;
    reader->refusal = "the document is too large";
    return false;
}

/* What YAJL hands over lies in the text, unless it held escapes. */
static bool keep(struct reader *reader, const void *ptr, size_t len, struct str *ret_kept)
{
    struct str s = {ptr, len}, text = reader->text;

    if (s.ptr < text.ptr || s.ptr + s.len > text.ptr + text.len) {
        if (!has_room(reader, s.len + 64))
            return false;
        s = arena_str(reader->arena, s);
    }
    *ret_kept = s;
    return true;
}

static bool attach(struct reader *reader, struct doc *doc)
{
    if (++reader->nodes > reader->limits->nodes) {
        reader->refusal = "the document has too many values";
        return false;
    }
    if (reader->open == NULL)
        reader->root = doc;
    else
        doc_put(reader->arena, reader->open->doc, reader->open->name, doc);
    return true;
}

static int on_null(void *arg)
{
    struct reader *reader = arg;
    return has_room(reader, DOC_NODE_BYTES) && attach(reader, doc_null(reader->arena));
}

static int on_bool(void *arg, int truth)
{
    struct reader *reader = arg;
    return has_room(reader, DOC_NODE_BYTES) && attach(reader, doc_bool(reader->arena, truth != 0));
}

static int on_number(void *arg, const char *ptr, size_t len)
{
    struct reader *reader = arg;
    struct str text;
    return keep(reader, ptr, len, &text) && has_room(reader, DOC_NODE_BYTES) &&
           attach(reader, doc_number(reader->arena, text));
}

static int on_string(void *arg, const unsigned char *ptr, size_t len)
{
    struct reader *reader = arg;
    struct str text;
    return keep(reader, ptr, len, &text) && has_room(reader, DOC_NODE_BYTES) &&
           attach(reader, doc_string(reader->arena, text));
}

static int on_key(void *arg, const unsigned char *ptr, size_t len)
{
    struct reader *reader = arg;
    return keep(reader, ptr, len, &reader->open->name);
}

static int enter(struct reader *reader, enum doc_kind kind)
{
    if (++reader->depth > reader->limits->depth) {
        reader->refusal = "the document is nested too deeply";
        return 0;
    }
    if (!has_room(reader, DOC_NODE_BYTES + sizeof(struct open) + 16))
        return 0;
    struct open *open = arena_make(reader->arena, struct open);
    open->doc = kind == DOC_LIST ? doc_list(reader->arena) : doc_object(reader->arena);
    open->outer = reader->open;
    if (!attach(reader, open->doc))
        return 0;
    reader->open = open;
    return 1;
}

static int on_object(void *arg)
{
    return enter(arg, DOC_OBJECT);
}

static int on_list(void *arg)
{
    return enter(arg, DOC_LIST);
}

static int on_end(void *arg)
{
    struct reader *reader = arg;
    reader->open = reader->open->outer;
    reader->depth--;
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_bool,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_list,
    .yajl_end_array = on_end,
};

static struct str yajl_words(struct arena *arena, yajl_handle yajl)
{
    struct str words = S("it is not JSON");
    unsigned char *said = yajl_get_error(yajl, 0, NULL, 0);

    if (said != NULL && arena_has_room(arena, strlen((char *)said) + 64))
        words = arena_str(arena, str_trim(str_of((char *)said)));
    if (said != NULL)
        yajl_free_error(yajl, said);
    return words;
}

static bool parse(struct reader *reader, yajl_handle yajl, struct doc_error *reterr)
{
    const unsigned char *bytes = (const unsigned char *)reader->text.ptr;
    yajl_status status = yajl_parse(yajl, bytes, reader->text.len);
    size_t at = reader->text.len;

    if (status == yajl_status_ok) {
        status = yajl_complete_parse(yajl);
    } else {
        size_t consumed = yajl_get_bytes_consumed(yajl); /* with the byte that offends */
        at = consumed == 0 ? 0 : consumed - 1;
    }
    if (status == yajl_status_ok && reader->root != NULL)
        return true;
    struct str why = reader->refusal != NULL    ? str_of(reader->refusal)
                     : status == yajl_status_ok ? S("parse error: premature EOF")
                                                : yajl_words(reader->arena, yajl);
    return doc_refuse(reader->text, at, why, reterr);
}

/* The 16 bits of a \\uXXXX at `at`, or -1. */
static int escaped_unit(struct str text, size_t at)
{
    int unit = 0;

    if (at + 6 > text.len || text.ptr[at] != '\\' || text.ptr[at + 1] != 'u')
        return -1;
    for (size_t i = at + 2; i < at + 6; i++) {
        char c = text.ptr[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static size_t next_backslash(struct str text, size_t from)
{
    size_t at = str_find_char(str_from(text, from), '\\');
    return at == SIZE_MAX ? SIZE_MAX : from + at;
}

/* YAJL swallows what follows half of a surrogate pair and makes text that is not UTF-8: such halves
 * become \\ufffd, as in Go. *text is replaced by a copy of the same length. */
static bool mend_surrogates(struct arena *arena, struct str *text)
{
    static const char replacement[6] = {'\\', 'u', 'f', 'f', 'f', 'd'};
    char *copy = NULL;
    size_t step;

    for (size_t at = next_backslash(*text, 0); at != SIZE_MAX;
         at = next_backslash(*text, at + step)) {
        int unit = escaped_unit(*text, at);
        int low = unit < 0 ? -1 : escaped_unit(*text, at + 6);
        bool pair = unit >= 0xd800 && unit <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
        step = pair ? 12 : 2;
        if (pair || unit < 0xd800 || unit > 0xdfff)
            continue;
        if (copy == NULL) {
            if (!arena_has_room(arena, text->len + 64))
                return false;
            copy = arena_z(arena, *text);
            text->ptr = copy;
        }
        memcpy(copy + at, replacement, sizeof replacement);
    }
    return true;
}

bool doc_from_json(struct arena *arena, struct str text, const struct doc_limits *limits,
                   struct doc **ret_doc, struct doc_error *reterr)
{
    if (limits == NULL)
        limits = &doc_default_limits;
    if (text.ptr == NULL)
        text = S("");
    if (text.len > limits->bytes || !mend_surrogates(arena, &text)) {
        *reterr = (struct doc_error){.message = S("the document is too large")};
        return false;
    }
    if (!str_is_utf8(text)) {
        *reterr = (struct doc_error){.message = S("the document is not UTF-8")};
        return false;
    }
    struct reader reader = {.arena = arena, .text = text, .limits = limits};
    yajl_handle yajl = yajl_alloc(&callbacks, NULL, &reader);
    if (yajl == NULL) {
        *reterr = (struct doc_error){.message = S("out of memory")};
        return false;
    }
    bool fine = parse(&reader, yajl, reterr);
    yajl_free(yajl);
    if (fine)
        *ret_doc = reader.root;
    return fine;
}

static struct str json_escape(struct str character, char *scratch)
{
    unsigned char byte = (unsigned char)character.ptr[0];

    switch (byte) {
    case '"':
        return S("\\\"");
    case '\\':
        return S("\\\\");
    case '\n':
        return S("\\n");
    case '\r':
        return S("\\r");
    case '\t':
        return S("\\t");
    default:
        if (byte >= 0x20)
            return (struct str){NULL, 0};
        snprintf(scratch, 8, "\\u%04x", byte);
        return (struct str){scratch, 6};
    }
}

void doc_json_string(struct buf *out, struct str s)
{
    buf_putc(out, '"');
    doc_text_escaped(out, s, json_escape);
    buf_putc(out, '"');
}

static void write_members(const struct doc *doc, struct buf *out)
{
    doc_each (entry, doc) {
        if (entry != doc->first)
            buf_putc(out, ',');
        if (doc->kind == DOC_OBJECT) {
            doc_json_string(out, entry->name);
            buf_putc(out, ':');
        }
        doc_to_json(entry->value, out);
    }
}

bool doc_to_json(const struct doc *doc, struct buf *out)
{
    switch (doc == NULL ? DOC_NULL : doc->kind) {
    case DOC_NULL:
        buf_putz(out, "null");
        break;
    case DOC_BOOL:
        buf_putz(out, doc->truth ? "true" : "false");
        break;
    case DOC_NUMBER:
        buf_put(out, doc->text);
        break;
    case DOC_STRING:
        doc_json_string(out, doc->text);
        break;
    case DOC_LIST:
        buf_putc(out, '[');
        write_members(doc, out);
        buf_putc(out, ']');
        break;
    case DOC_OBJECT:
        buf_putc(out, '{');
        write_members(doc, out);
        buf_putc(out, '}');
        break;
    }
    return !out->overflow;
}
