/* A bench for tests of hyperpod_cluster: values and answers written as JSON ("?" is unknown, absent
 * members are null). */
#ifndef HYPERPOD_CLUSTER_BENCH_H
#define HYPERPOD_CLUSTER_BENCH_H

#include "cluster.h"

#include <hp/base/test.h>
#include <hp/tf/server.h>

static inline struct doc *json(struct arena *arena, const char *text)
{
    struct doc *doc = NULL;
    struct doc_error error;
    ck_assert_msg(doc_from_json(arena, str_of(text), NULL, &doc, &error), "%.*s in %s",
                  STR(error.message), text);
    return doc;
}

static inline struct str shown(struct arena *arena, const struct doc *doc)
{
    struct buf out = buf_in(arena, 1 << 20);
    if (doc == NULL)
        return S("nothing");
    ck_assert(doc_to_json(doc, &out));
    return buf_str(&out);
}

static inline const struct cty_value *value_from(struct arena *arena, const struct cty_type *type,
                                                 const struct doc *doc)
{
    struct cty_number number;
    size_t count = type->kind == CTY_OBJECT ? type->count : doc == NULL ? 0 : doc->count, i = 0;

    if (doc == NULL || doc->kind == DOC_NULL)
        return cty_null(arena, type);
    if (doc->kind == DOC_STRING && str_is(doc->text, "?"))
        return cty_unknown(arena, type);
    if (type->kind == CTY_STRING)
        return cty_str(arena, doc_text(doc));
    if (type->kind == CTY_BOOL)
        return cty_truth(arena, doc->truth);
    if (type->kind == CTY_NUMBER) {
        ck_assert(cty_number_from_text(arena, doc_text(doc), &number));
        return cty_num(arena, &number);
    }
    const struct cty_value **items = arena_array(arena, const struct cty_value *, count);
    struct str *keys = arena_array(arena, struct str, count);
    for (; type->kind == CTY_OBJECT && i < count; i++)
        items[i] =
            value_from(arena, type->attributes[i].type, doc_get(doc, type->attributes[i].name));
    if (type->kind == CTY_OBJECT)
        return cty_object(arena, type, items);
    doc_each (entry, doc) {
        keys[i] = entry->name;
        items[i++] = value_from(arena, type->element, entry->value);
    }
    if (type->kind == CTY_MAP)
        return cty_map(arena, type->element, keys, items, count);
    return type->kind == CTY_SET ? cty_set(arena, type->element, items, count)
                                 : cty_list(arena, type->element, items, count);
}

/* A value of instance_groups. */
static inline const struct cty_value *groups(struct arena *arena, const char *text)
{
    const struct cty_type *type =
        cty_map_of(arena, tf_object_type(arena, cluster_group_rows, NULL));
    return value_from(arena, type, json(arena, text));
}

/* A value as JSON; nulls are left out of objects, unknowns are "?". */
static inline struct doc *doc_of(struct arena *arena, const struct cty_value *value)
{
    if (value == NULL || cty_is_null(value))
        return NULL;
    if (cty_is_unknown(value))
        return doc_string(arena, S("?"));
    if (value->type->kind == CTY_STRING)
        return doc_string(arena, value->text);
    if (value->type->kind == CTY_BOOL)
        return doc_bool(arena, value->truth);
    if (value->type->kind == CTY_NUMBER)
        return doc_number(arena, cty_number_text(arena, &value->number));
    bool named = value->type->kind == CTY_OBJECT || value->type->kind == CTY_MAP;
    struct doc *doc = named ? doc_object(arena) : doc_list(arena);
    for (size_t i = 0; i < value->count; i++) {
        struct doc *item = doc_of(arena, value->items[i]);
        if (!named)
            doc_add(arena, doc, item == NULL ? doc_null(arena) : item);
        else
            doc_put(arena, doc,
                    value->keys != NULL ? value->keys[i] : value->type->attributes[i].name, item);
    }
    return doc;
}

static inline struct str text_of(struct arena *arena, const struct cty_value *value)
{
    return shown(arena, doc_of(arena, value));
}

#endif
