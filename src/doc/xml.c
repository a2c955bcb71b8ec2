#include "text.h"

#include <expat.h>
#include <stdio.h>

/* One element that is open. It is a string until its first child begins. */
struct open {
    struct doc *doc;
    struct str name;
    struct open *outer;
};

struct reader {
    struct arena *arena;
    const struct doc_limits *limits;
    XML_Parser expat;
    struct open *open;
    struct str root_name;
    struct doc *root;
    size_t depth, nodes;
    bool whole;          /* with attributes */
    struct buf text;     /* of the innermost element, so far */
    const char *refusal; /* why a handler ended the parsing */
};

static void refuse(struct reader *reader, const char *why)
{
    if (reader->refusal == NULL)
        reader->refusal = why;
    XML_StopParser(reader->expat, XML_FALSE);
}

/* The name without its prefix, where that is a name too. */
static struct str local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    char first = colon == NULL ? 0 : colon[1];
    bool begins = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';

    return str_of(begins && strchr(colon + 1, ':') == NULL ? colon + 1 : name);
}

/* Pairs of name and value, ended by NULL. */
static void take_attributes(struct reader *reader, struct doc *doc, const XML_Char **attributes)
{
    struct arena *arena = reader->arena;

    for (; *attributes != NULL; attributes += 2) {
        struct str name = local_name(attributes[0]), value = str_of(attributes[1]);
        if (strncmp(attributes[0], "xmlns", 5) == 0)
            continue;
        if (++reader->nodes > reader->limits->nodes)
            return refuse(reader, "the document has too many elements");
        if (!arena_has_room(arena, DOC_NODE_BYTES + name.len + value.len + 64))
            return refuse(reader, "the document is too large");
        doc_put(arena, doc, arena_cat(arena, S("@"), name),
                doc_string(arena, arena_str(arena, value)));
    }
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *reader = arg;
    struct str local = local_name(name);

    if (reader->refusal != NULL)
        return;
    if (++reader->depth > reader->limits->depth)
        return refuse(reader, "the document is nested too deeply");
    if (++reader->nodes > reader->limits->nodes)
        return refuse(reader, "the document has too many elements");
    if (!arena_has_room(reader->arena, DOC_NODE_BYTES + sizeof(struct open) + local.len + 64))
        return refuse(reader, "the document is too large");

    struct open *open = arena_make(reader->arena, struct open);
    *open = (struct open){doc_string(reader->arena, S("")), arena_str(reader->arena, local),
                          reader->open};
    if (reader->open == NULL) {
        reader->root = open->doc;
        reader->root_name = open->name;
    } else {
        reader->open->doc->kind = DOC_OBJECT;
        doc_put(reader->arena, reader->open->doc, open->name, open->doc);
    }
    reader->open = open;
    buf_clear(&reader->text);
    if (reader->whole) {
        open->doc->kind = DOC_OBJECT;
        take_attributes(reader, open->doc, attributes);
    }
}

static void on_end(void *arg, const XML_Char *name)
{
    struct reader *reader = arg;

    (void)name;
    if (reader->refusal != NULL)
        return;
    struct doc *doc = reader->open->doc;
    if (!arena_has_room(reader->arena, DOC_NODE_BYTES + reader->text.len + 64))
        return refuse(reader, "the document is too large");
    struct str text = str_trim(buf_str(&reader->text));
    if (reader->whole && text.len > 0)
        doc_put(reader->arena, doc, S("#"),
                doc_string(reader->arena, arena_str(reader->arena, text)));
    doc->text = doc->kind == DOC_STRING ? arena_str(reader->arena, buf_str(&reader->text))
                                        : (struct str){NULL, 0};
    buf_clear(&reader->text);
    reader->open = reader->open->outer;
    reader->depth--;
}

static void on_text(void *arg, const XML_Char *text, int len)
{
    struct reader *reader = arg;

    if (reader->open == NULL || (reader->open->doc->kind == DOC_OBJECT && !reader->whole))
        return;
    buf_put(&reader->text, (struct str){text, (size_t)len});
    if (reader->text.overflow)
        refuse(reader, "the document is too large");
}

static void on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
                       const XML_Char *public_id, int has_internal_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
    refuse(arg, "a document type declaration is not allowed");
}

static bool feed(struct reader *reader, struct str text)
{
    enum { piece = 1 << 20 };
    size_t at = 0;

    do {
        struct str now = str_sub(text, at, piece);
        at += now.len;
        if (XML_Parse(reader->expat, now.ptr, (int)now.len, at == text.len) != XML_STATUS_OK)
            return false;
    } while (at < text.len);
    return true;
}

static struct doc_error error_of(const struct reader *reader)
{
    const char *why = reader->refusal;

    if (why == NULL)
        why = XML_ErrorString(XML_GetErrorCode(reader->expat));
    return (struct doc_error){.line = XML_GetCurrentLineNumber(reader->expat),
                              .column = XML_GetCurrentColumnNumber(reader->expat) + 1,
                              .message = why == NULL ? S("it is not XML") : str_of(why)};
}

static bool from_xml(struct arena *arena, struct str text, const struct doc_limits *limits,
                     bool whole, struct str *ret_name, struct doc **ret_doc,
                     struct doc_error *reterr)
{
    if (limits == NULL)
        limits = &doc_default_limits;
    if (text.len > limits->bytes) {
        *reterr = (struct doc_error){.message = S("the document is too large")};
        return false;
    }
    struct reader reader = {
        .arena = arena, .limits = limits, .whole = whole, .text = buf_on_heap(4 * text.len)};
    reader.expat = XML_ParserCreate(NULL);
    if (reader.expat == NULL) {
        *reterr = (struct doc_error){.message = S("out of memory")};
        return false;
    }
    XML_SetUserData(reader.expat, &reader);
    XML_SetElementHandler(reader.expat, on_start, on_end);
    XML_SetCharacterDataHandler(reader.expat, on_text);
    XML_SetStartDoctypeDeclHandler(reader.expat, on_doctype);

    bool fine = feed(&reader, text.ptr == NULL ? S("") : text);
    if (fine) {
        *ret_name = reader.root_name;
        *ret_doc = reader.root;
    } else {
        *reterr = error_of(&reader);
    }
    XML_ParserFree(reader.expat);
    buf_done(&reader.text);
    return fine;
}

bool doc_from_xml(struct arena *arena, struct str text, const struct doc_limits *limits,
                  struct str *ret_name, struct doc **ret_doc, struct doc_error *reterr)
{
    return from_xml(arena, text, limits, false, ret_name, ret_doc, reterr);
}

bool doc_from_xml_whole(struct arena *arena, struct str text, const struct doc_limits *limits,
                        struct str *ret_name, struct doc **ret_doc, struct doc_error *reterr)
{
    return from_xml(arena, text, limits, true, ret_name, ret_doc, reterr);
}

static struct str xml_escape(struct str character, char *scratch)
{
    unsigned char byte = (unsigned char)character.ptr[0];

    (void)scratch;
    switch (byte) {
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    case '&':
        return S("&amp;");
    case '"':
        return S("&quot;");
    case '\r':
        return S("&#13;"); /* a reader would make it a newline */
    case '\n':
    case '\t':
        return (struct str){NULL, 0};
    default: /* XML has no way at all to write other control characters, U+FFFE and U+FFFF */
        return byte < 0x20 || str_is(character, "\xef\xbf\xbe") || str_is(character, "\xef\xbf\xbf")
                   ? S("\xef\xbf\xbd")
                   : (struct str){NULL, 0};
    }
}

void doc_xml_text(struct buf *out, struct str s)
{
    doc_text_escaped(out, s, xml_escape);
}

static void write_content(const struct doc *doc, struct buf *out)
{
    switch (doc == NULL ? DOC_NULL : doc->kind) {
    case DOC_NULL:
        break;
    case DOC_BOOL:
        buf_putz(out, doc->truth ? "true" : "false");
        break;
    case DOC_NUMBER:
    case DOC_STRING:
        doc_xml_text(out, doc->text);
        break;
    case DOC_LIST:
    case DOC_OBJECT:
        doc_each (entry, doc) {
            doc_to_xml(entry->name.ptr == NULL ? S("member") : entry->name, entry->value, out);
        }
        break;
    }
}

void doc_to_xml(struct str name, const struct doc *doc, struct buf *out)
{
    buf_putc(out, '<');
    buf_put(out, name);
    buf_putc(out, '>');
    write_content(doc, out);
    buf_putz(out, "</");
    buf_put(out, name);
    buf_putc(out, '>');
}
