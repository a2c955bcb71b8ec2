/* One neutral tree for JSON and XML, used by cty's JSON, by aws and by sim.
 *
 * Numbers are kept as their text (cJSON would turn 9007199254740993 into 9.00719925474099e+15);
 * strings may hold NUL. A tree lives in the arena it was made in; what a parser reads may borrow
 * from the bytes it was given, so those live as long. NULL is a valid tree everywhere it is read:
 * it has no members and no text. */
#ifndef HP_DOC_DOC_H
#define HP_DOC_DOC_H

#include <hp/base/arena.h>
#include <hp/base/buf.h>

enum doc_kind { DOC_NULL, DOC_BOOL, DOC_NUMBER, DOC_STRING, DOC_LIST, DOC_OBJECT };

struct doc {
    enum doc_kind kind;
    bool truth;              /* DOC_BOOL */
    struct str text;         /* DOC_STRING: the text; DOC_NUMBER: as it was written */
    struct doc_entry *first; /* DOC_LIST, DOC_OBJECT: in document order */
    struct doc_entry *last;
    size_t count;
};

/* A member of an object (its name may come more than once, as in XML) or an element of a list (no
 * name). */
struct doc_entry {
    struct str name;
    struct doc *value;
    struct doc_entry *next;
};

/* What a parser allows. */
struct doc_limits {
    size_t bytes, depth, nodes;
};
extern const struct doc_limits doc_default_limits; /* 64 MiB, depth 100, 4 million nodes */

/* Where and why a text was refused. */
struct doc_error {
    size_t line, column; /* from 1, about there (a string counts from its start); 0: no place */
    struct str message;  /* in the arena; without the place */
};

/* Reads a whole JSON text (RFC 8259; YAJL). Duplicate keys stay as they are (doc_get gives the
 * last); half of a surrogate pair becomes U+FFFD. limits NULL: the default ones. False: *reterr
 * says why; *ret_doc is as it was. */
bool doc_from_json(struct arena *arena, struct str text, const struct doc_limits *limits,
                   struct doc **ret_doc, struct doc_error *reterr);
/* Compact JSON with members in the tree's order. False: larger than the buffer may become. */
bool doc_to_json(const struct doc *doc, struct buf *out);
/* A JSON string literal with its quotes. */
void doc_json_string(struct buf *out, struct str s);

/* Reads an XML document (expat): the root element's content. An element with child elements becomes
 * DOC_OBJECT, one without becomes DOC_STRING with its text; white space between elements is
 * dropped; namespace prefixes and attributes are dropped. No DTD, no external and no declared
 * entities: they are refused. *ret_name is the root element's name. */
bool doc_from_xml(struct arena *arena, struct str text, const struct doc_limits *limits,
                  struct str *ret_name, struct doc **ret_doc, struct doc_error *reterr);
/* The same with attributes: each element becomes DOC_OBJECT; its attributes are members whose names
 * begin with "@" (without prefix; declarations of namespaces are dropped), and its text without
 * white space around it is the member "#", where there is any and no child element comes after it.
 */
bool doc_from_xml_whole(struct arena *arena, struct str text, const struct doc_limits *limits,
                        struct str *ret_name, struct doc **ret_doc, struct doc_error *reterr);
/* Writes <name>…</name>: objects as child elements, lists as repeated <member> unless the entry is
 * named, text escaped. */
void doc_to_xml(struct str name, const struct doc *doc, struct buf *out);
void doc_xml_text(struct buf *out, struct str s);

/* Making trees. Strings are borrowed. */
struct doc *doc_null(struct arena *arena);
struct doc *doc_bool(struct arena *arena, bool truth);
struct doc *doc_int(struct arena *arena, int64_t number);
struct doc *doc_number(struct arena *arena, struct str text);
struct doc *doc_string(struct arena *arena, struct str text);
struct doc *doc_fmt(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct doc *doc_list(struct arena *arena);
struct doc *doc_object(struct arena *arena);
struct doc *doc_copy(struct arena *arena, const struct doc *doc); /* with all its text */
void doc_add(struct arena *arena, struct doc *list, struct doc *value);
/* Appends; does not look whether the name is there. value NULL adds nothing. */
void doc_put(struct arena *arena, struct doc *object, struct str name, struct doc *value);
/* Replaces the member of that name (of several: all by one), or appends; value NULL removes it. */
void doc_set(struct arena *arena, struct doc *object, struct str name, struct doc *value);

/* Reading trees; each takes NULL. */
struct doc *doc_get(const struct doc *object,
                    struct str name); /* NULL when absent; the last of several */
struct doc *doc_at(const struct doc *doc,
                   const char *dotted_path); /* "Orchestrator.Eks.ClusterArn", "Rules.0.Port" */
bool doc_is_null(const struct doc *doc);     /* NULL or DOC_NULL */
struct str doc_text(const struct doc *doc);  /* of strings and numbers; ptr NULL for all others */
struct str doc_get_text(const struct doc *object, struct str name);
/* Numbers, strings that hold one ("12"), and numbers in exponent form that are whole. */
bool doc_to_int64(const struct doc *doc, int64_t *ret_number);
/* DOC_BOOL, or the strings true and false. */
bool doc_to_bool(const struct doc *doc, bool *ret_truth);
/* Same content: objects without regard to order, numbers by value, lists in order. */
bool doc_equal(const struct doc *a, const struct doc *b);

static inline const struct doc_entry *doc_first(const struct doc *doc)
{
    return doc == NULL ? NULL : doc->first;
}
#define doc_each(entry, doc)                                                                       \
    for (const struct doc_entry *entry = doc_first(doc); entry != NULL; entry = entry->next)

#endif
