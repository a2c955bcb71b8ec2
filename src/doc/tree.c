#include "decimal.h"

#include <hp/doc/doc.h>
#include <inttypes.h>
#include <stdlib.h>

const struct doc_limits doc_default_limits = {
    .bytes = 64 * 1024 * 1024, .depth = 100, .nodes = 4 * 1000 * 1000};

static struct doc *make(struct arena *arena, enum doc_kind kind)
{
    struct doc *doc = arena_make(arena, struct doc);
    doc->kind = kind;
    return doc;
}

struct doc *doc_null(struct arena *arena)
{
    return make(arena, DOC_NULL);
}

struct doc *doc_bool(struct arena *arena, bool truth)
{
    struct doc *doc = make(arena, DOC_BOOL);
    doc->truth = truth;
    return doc;
}

struct doc *doc_int(struct arena *arena, int64_t number)
{
    return doc_number(arena, arena_fmt(arena, "%" PRId64, number));
}

struct doc *doc_number(struct arena *arena, struct str text)
{
    struct doc *doc = make(arena, DOC_NUMBER);
    doc->text = text;
    return doc;
}

struct doc *doc_string(struct arena *arena, struct str text)
{
    struct doc *doc = make(arena, DOC_STRING);
    doc->text = text.ptr == NULL ? S("") : text;
    return doc;
}

struct doc *doc_fmt(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct doc *doc = doc_string(arena, arena_vfmt(arena, format, args));
    va_end(args);
    return doc;
}

struct doc *doc_list(struct arena *arena)
{
    return make(arena, DOC_LIST);
}

struct doc *doc_object(struct arena *arena)
{
    return make(arena, DOC_OBJECT);
}

void doc_put(struct arena *arena, struct doc *object, struct str name, struct doc *value)
{
    if (value == NULL)
        return;
    struct doc_entry *entry = arena_make(arena, struct doc_entry);
    *entry = (struct doc_entry){.name = name, .value = value};
    if (object->last == NULL)
        object->first = entry;
    else
        object->last->next = entry;
    object->last = entry;
    object->count++;
}

void doc_add(struct arena *arena, struct doc *list, struct doc *value)
{
    doc_put(arena, list, (struct str){NULL, 0}, value);
}

void doc_set(struct arena *arena, struct doc *object, struct str name, struct doc *value)
{
    struct doc_entry *kept = NULL;
    struct doc_entry **link = &object->first;

    while (*link != NULL) {
        struct doc_entry *entry = *link;
        bool named = str_eq(entry->name, name);
        if (named && value == NULL) {
            *link = entry->next;
            object->count--;
            continue;
        }
        if (named) {
            entry->value = value;
            value = NULL; /* its namesakes further on go */
        }
        kept = entry;
        link = &entry->next;
    }
    object->last = kept;
    doc_put(arena, object, name, value);
}

struct doc *doc_copy(struct arena *arena, const struct doc *doc)
{
    if (doc == NULL)
        return NULL;
    struct doc *copy = make(arena, doc->kind);
    copy->truth = doc->truth;
    if (doc->text.ptr != NULL)
        copy->text = arena_str(arena, doc->text);
    doc_each (entry, doc) {
        struct str name = entry->name.ptr == NULL ? entry->name : arena_str(arena, entry->name);
        doc_put(arena, copy, name, doc_copy(arena, entry->value));
    }
    return copy;
}

struct doc *doc_get(const struct doc *object, struct str name)
{
    struct doc *found = NULL;

    if (object == NULL || object->kind != DOC_OBJECT)
        return NULL;
    doc_each (entry, object)
        if (str_eq(entry->name, name))
            found = entry->value;
    return found;
}

static struct doc *element_at(const struct doc *list, struct str index)
{
    int64_t at;

    if (!str_to_int64(index, &at))
        return NULL;
    doc_each (entry, list)
        if (at-- == 0)
            return entry->value;
    return NULL;
}

struct doc *doc_at(const struct doc *doc, const char *dotted_path)
{
    struct str rest = str_of(dotted_path), name;
    struct doc *at = NULL;

    for (bool first = true; str_next(&rest, '.', &name); first = false) {
        const struct doc *from = first ? doc : at;
        at = from != NULL && from->kind == DOC_LIST ? element_at(from, name) : doc_get(from, name);
    }
    return at;
}

bool doc_is_null(const struct doc *doc)
{
    return doc == NULL || doc->kind == DOC_NULL;
}

struct str doc_text(const struct doc *doc)
{
    if (doc == NULL || (doc->kind != DOC_STRING && doc->kind != DOC_NUMBER))
        return (struct str){NULL, 0};
    return doc->text;
}

struct str doc_get_text(const struct doc *object, struct str name)
{
    return doc_text(doc_get(object, name));
}

bool doc_to_int64(const struct doc *doc, int64_t *ret_number)
{
    struct decimal decimal;

    return decimal_from(doc_text(doc), &decimal) && decimal_to_int64(&decimal, ret_number);
}

bool doc_to_bool(const struct doc *doc, bool *ret_truth)
{
    if (doc == NULL)
        return false;
    if (doc->kind == DOC_BOOL) {
        *ret_truth = doc->truth;
        return true;
    }
    if (doc->kind != DOC_STRING || (!str_is(doc->text, "true") && !str_is(doc->text, "false")))
        return false;
    *ret_truth = str_is(doc->text, "true");
    return true;
}
