/* Between an object of rows and AWS's neutral tree, both ways. A wire name may be a dotted path
 * ("KubernetesConfig.CurrentLabels"): a member of a nested structure that the row's object does not
 * have. */
#include "hyperpod.h"

#define each_row(row, table)                                                                       \
    for (const struct tf_attr *row = (table); row != NULL && row->name != NULL; row++)

/* ---- To AWS ---- */

static struct doc *value_to_doc(struct arena *arena, const struct tf_attr *row,
                                const struct cty_value *value);

static struct doc *primitive_to_doc(struct arena *arena, const struct cty_value *value)
{
    switch (value->type->kind) {
    case CTY_STRING:
        return doc_string(arena, value->text);
    case CTY_NUMBER:
        return doc_number(arena, cty_number_text(arena, &value->number));
    case CTY_BOOL:
        return doc_bool(arena, value->truth);
    default:
        return NULL;
    }
}

static struct doc *element_to_doc(struct arena *arena, const struct tf_attr *row,
                                  const struct cty_value *item)
{
    if (!cty_is_known(item))
        return NULL;
    return row->attrs != NULL ? hp_expand(arena, row->attrs, item) : primitive_to_doc(arena, item);
}

static struct doc *collection_to_doc(struct arena *arena, const struct tf_attr *row,
                                     const struct cty_value *value)
{
    bool is_map = row->kind == TF_MAP;
    struct doc *out = is_map ? doc_object(arena) : doc_list(arena);

    for (size_t i = 0; i < value->count; i++) {
        struct doc *item = element_to_doc(arena, row, value->items[i]);
        if (item == NULL)
            continue;
        if (is_map)
            doc_put(arena, out, value->keys[i], item);
        else
            doc_add(arena, out, item);
    }
    return out;
}

static struct doc *value_to_doc(struct arena *arena, const struct tf_attr *row,
                                const struct cty_value *value)
{
    switch (row->kind) {
    case TF_LIST:
    case TF_SET:
    case TF_MAP:
        return collection_to_doc(arena, row, value);
    case TF_OBJECT:
        return hp_expand(arena, row->attrs, value);
    default:
        return primitive_to_doc(arena, value);
    }
}

/* Puts it at a dotted path; the structures on the way are made. */
static void put_at(struct arena *arena, struct doc *object, const char *path, struct doc *value)
{
    struct str rest = str_of(path), name;

    while (str_next(&rest, '.', &name) && rest.ptr != NULL) {
        struct doc *below = doc_get(object, name);
        if (below == NULL) {
            below = doc_object(arena);
            doc_put(arena, object, name, below);
        }
        object = below;
    }
    doc_put(arena, object, name, value);
}

struct doc *hp_expand(struct arena *arena, const struct tf_attr *attrs,
                      const struct cty_value *object)
{
    struct doc *out = doc_object(arena);

    each_row(row, attrs)
    {
        const struct cty_value *value = tf_value(object, row->name);
        if (row->write == NULL || row->map != NULL || value == NULL || !cty_is_known(value))
            continue;
        put_at(arena, out, row->write, value_to_doc(arena, row, value));
    }
    return out;
}

/* ---- From AWS ---- */

static const struct cty_value *value_from_doc(struct arena *arena, const struct tf_attr *row,
                                              const struct cty_type *type, const struct doc *doc,
                                              const struct cty_value *prior);

static const struct cty_value *primitive_from_doc(struct arena *arena, const struct cty_type *type,
                                                  const struct doc *doc)
{
    struct cty_number number;
    bool truth;

    switch (type->kind) {
    case CTY_STRING:
        if (doc->kind == DOC_BOOL)
            return cty_str(arena, doc->truth ? S("true") : S("false"));
        return doc_text(doc).ptr == NULL ? NULL : cty_str(arena, doc_text(doc));
    case CTY_NUMBER:
        return doc_text(doc).ptr != NULL && cty_number_from_text(arena, doc_text(doc), &number)
                   ? cty_num(arena, &number)
                   : NULL;
    case CTY_BOOL:
        return doc_to_bool(doc, &truth) ? cty_truth(arena, truth) : NULL;
    default:
        return NULL;
    }
}

/* An element that is null or of another kind is left out. */
static const struct cty_value *element_from_doc(struct arena *arena, const struct tf_attr *row,
                                                const struct cty_type *type, const struct doc *doc,
                                                const struct cty_value *prior)
{
    if (doc_is_null(doc))
        return NULL;
    if (row->attrs == NULL)
        return primitive_from_doc(arena, type, doc);
    return doc->kind == DOC_OBJECT ? hp_flatten(arena, row->attrs, doc, prior) : NULL;
}

static const struct cty_value *collection_from_doc(struct arena *arena, const struct tf_attr *row,
                                                   const struct cty_type *type,
                                                   const struct doc *doc,
                                                   const struct cty_value *prior)
{
    bool is_map = type->kind == CTY_MAP;
    size_t count = 0;
    struct str *keys = arena_array(arena, struct str, doc->count);
    const struct cty_value **items = arena_array(arena, const struct cty_value *, doc->count);

    if (doc->kind != (is_map ? DOC_OBJECT : DOC_LIST))
        return NULL;
    doc_each (entry, doc) {
        const struct cty_value *before =
            is_map && prior != NULL ? cty_lookup(prior, entry->name) : NULL;
        const struct cty_value *item =
            element_from_doc(arena, row, type->element, entry->value, before);
        if (item == NULL)
            continue;
        keys[count] = entry->name;
        items[count++] = item;
    }
    if (is_map)
        return cty_map(arena, type->element, keys, items, count);
    return type->kind == CTY_SET ? cty_set(arena, type->element, items, count)
                                 : cty_list(arena, type->element, items, count);
}

static const struct cty_value *value_from_doc(struct arena *arena, const struct tf_attr *row,
                                              const struct cty_type *type, const struct doc *doc,
                                              const struct cty_value *prior)
{
    switch (row->kind) {
    case TF_LIST:
    case TF_SET:
    case TF_MAP:
        return collection_from_doc(arena, row, type, doc, prior);
    case TF_OBJECT:
        return doc->kind == DOC_OBJECT ? hp_flatten(arena, row->attrs, doc, prior) : NULL;
    default:
        return primitive_from_doc(arena, type, doc);
    }
}

static const struct cty_value *member_from_doc(struct arena *arena, const struct tf_attr *row,
                                               const struct cty_type *type, const struct doc *doc,
                                               const struct cty_value *prior)
{
    const char *wire = row->read != NULL ? row->read : row->write;
    const struct cty_value *before = tf_value(prior, row->name);

    if (wire == NULL || row->map != NULL)
        return before != NULL ? before : cty_null(arena, type);
    const struct doc *found = doc_at(doc, wire);
    const struct cty_value *value =
        doc_is_null(found) ? NULL : value_from_doc(arena, row, type, found, before);
    return value != NULL ? value : cty_null(arena, type);
}

const struct cty_value *hp_flatten(struct arena *arena, const struct tf_attr *attrs,
                                   const struct doc *doc, const struct cty_value *prior)
{
    const struct cty_type *type = tf_object_type(arena, attrs, NULL);
    const struct cty_value **items = arena_array(arena, const struct cty_value *, type->count);

    each_row(row, attrs)
    {
        ptrdiff_t at = cty_attribute_index(type, str_of(row->name));
        items[at] = member_from_doc(arena, row, type->attributes[at].type, doc, prior);
    }
    return cty_object(arena, type, items);
}

/* ---- Filling a plan ---- */

static const struct cty_value *counterpart(const struct cty_value *planned, size_t i,
                                           const struct cty_value *found)
{
    if (found == NULL || !cty_is_known(found))
        return NULL;
    if (planned->type->kind == CTY_MAP)
        return cty_lookup(found, planned->keys[i]);
    if (planned->type->kind == CTY_SET || found->count != planned->count)
        return NULL;
    return found->items[i];
}

const struct cty_value *hp_fill(struct arena *arena, const struct cty_value *planned,
                                const struct cty_value *found)
{
    if (cty_is_wholly_known(planned))
        return planned;
    if (cty_is_unknown(planned))
        return found != NULL ? found : cty_null(arena, planned->type);

    const struct cty_value **items = arena_array(arena, const struct cty_value *, planned->count);
    for (size_t i = 0; i < planned->count; i++)
        items[i] = hp_fill(arena, planned->items[i], counterpart(planned, i, found));
    switch (planned->type->kind) {
    case CTY_MAP:
        return cty_map(arena, planned->type->element, planned->keys, items, planned->count);
    case CTY_LIST:
        return cty_list(arena, planned->type->element, items, planned->count);
    case CTY_SET:
        return cty_set(arena, planned->type->element, items, planned->count);
    case CTY_TUPLE:
        return cty_tuple(arena, planned->type, items);
    default:
        return cty_object(arena, planned->type, items);
    }
}
