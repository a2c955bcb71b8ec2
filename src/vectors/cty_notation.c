#include "cty_notation.h"

const struct cty_type *notation_type(struct arena *arena, const struct doc *doc)
{
    struct buf json = buf_in(arena, 1 << 24);
    const struct cty_type *type;
    struct str why;

    if (doc == NULL || !doc_to_json(doc, &json))
        return NULL;
    return cty_type_from_json(arena, buf_str(&json), &type, &why) ? type : NULL;
}

static bool read_bound(struct arena *arena, const struct doc *pair,
                       const struct cty_number **ret_bound, bool *ret_inclusive)
{
    struct cty_number *bound = arena_make(arena, struct cty_number);

    if (pair == NULL)
        return true;
    if (pair->kind != DOC_LIST || pair->count != 2 ||
        !cty_number_from_text(arena, doc_text(pair->first->value), bound))
        return false;
    *ret_bound = bound;
    return doc_to_bool(pair->last->value, ret_inclusive);
}

static const struct cty_value *read_unknown(struct arena *arena, const struct cty_type *type,
                                            const struct doc *doc)
{
    struct cty_refinement refined = {.prefix = doc_get_text(doc, S("string_prefix"))};

    if (doc_get(doc, S("not_null")) != NULL)
        doc_to_bool(doc_get(doc, S("not_null")), &refined.not_null);
    refined.has_min_length = doc_to_int64(doc_get(doc, S("length_min")), &refined.min_length);
    refined.has_max_length = doc_to_int64(doc_get(doc, S("length_max")), &refined.max_length);
    if (!read_bound(arena, doc_get(doc, S("number_min")), &refined.lower,
                    &refined.lower_inclusive) ||
        !read_bound(arena, doc_get(doc, S("number_max")), &refined.upper, &refined.upper_inclusive))
        return NULL;
    return cty_refine(arena, type, &refined);
}

static const struct cty_type *element_type(struct arena *arena, const struct cty_type *declared,
                                           const struct doc *doc)
{
    const struct cty_type *own = notation_type(arena, doc_get(doc, S("of")));

    if (own != NULL)
        return own;
    return declared != NULL && declared->element != NULL ? declared->element : &cty_dynamic;
}

static const struct cty_value *read_collection(struct arena *arena, struct str kind,
                                               const struct cty_type *element,
                                               const struct doc *content)
{
    const struct cty_value **items = arena_array(arena, const struct cty_value *, content->count);
    struct str *keys = arena_array(arena, struct str, content->count);
    size_t count = 0;

    doc_each (entry, content) {
        keys[count] = entry->name;
        items[count] = notation_value(arena, element, entry->value);
        if (items[count++] == NULL)
            return NULL;
    }
    if (str_is(kind, "list"))
        return cty_list(arena, element, items, count);
    return str_is(kind, "set") ? cty_set(arena, element, items, count)
                               : cty_map(arena, element, keys, items, count);
}

static const struct cty_type *member_type(const struct cty_type *declared, struct str name,
                                          size_t i)
{
    if (declared == NULL || declared->attributes == NULL)
        return NULL;
    if (declared->kind == CTY_TUPLE)
        return i < declared->count ? declared->attributes[i].type : NULL;
    ptrdiff_t at = cty_attribute_index(declared, name);
    return at < 0 ? NULL : declared->attributes[at].type;
}

static const struct cty_value *read_structure(struct arena *arena, bool object,
                                              const struct cty_type *declared,
                                              const struct doc *content)
{
    struct cty_attribute *attributes = arena_array(arena, struct cty_attribute, content->count);
    const struct cty_type **types = arena_array(arena, const struct cty_type *, content->count);
    const struct cty_value **items = arena_array(arena, const struct cty_value *, content->count);
    size_t count = 0;

    doc_each (entry, content) {
        const struct cty_type *member = member_type(declared, entry->name, count);
        items[count] = notation_value(arena, member, entry->value);
        if (items[count] == NULL)
            return NULL;
        types[count] = items[count]->type;
        attributes[count] = (struct cty_attribute){.name = entry->name, .type = types[count]};
        count++;
    }
    if (!object)
        return cty_tuple(arena, cty_tuple_of(arena, types, count), items);
    const struct cty_type *type = cty_object_of(arena, attributes, count);
    const struct cty_value **sorted = arena_array(arena, const struct cty_value *, count);
    for (size_t i = 0; i < count; i++)
        sorted[cty_attribute_index(type, attributes[i].name)] = items[i];
    return cty_object(arena, type, sorted);
}

static const struct cty_value *read_primitive(struct arena *arena, const struct doc *doc)
{
    struct str text = doc_get_text(doc, S("string")), digits = doc_get_text(doc, S("number"));
    struct cty_number number;
    bool truth;

    if (text.ptr != NULL)
        return cty_str(arena, text);
    if (digits.ptr != NULL)
        return cty_number_from_text(arena, digits, &number) ? cty_num(arena, &number) : NULL;
    return doc_to_bool(doc_get(doc, S("bool")), &truth) ? cty_truth(arena, truth) : NULL;
}

const struct cty_value *notation_value(struct arena *arena, const struct cty_type *declared,
                                       const struct doc *doc)
{
    static const char *const collections[] = {"list", "set", "map"};
    const struct cty_type *type;

    if (doc_get(doc, S("null")) != NULL) {
        type = notation_type(arena, doc_get(doc, S("null")));
        return type == NULL ? NULL : cty_null(arena, type);
    }
    if (doc_get(doc, S("unknown")) != NULL) {
        type = notation_type(arena, doc_get(doc, S("of")));
        return type == NULL ? NULL : read_unknown(arena, type, doc_get(doc, S("unknown")));
    }
    for (size_t i = 0; i < 3; i++) {
        const struct doc *content = doc_get(doc, str_of(collections[i]));
        if (content != NULL)
            return read_collection(arena, str_of(collections[i]),
                                   element_type(arena, declared, doc), content);
    }
    const struct doc *tuple = doc_get(doc, S("tuple")), *object = doc_get(doc, S("object"));
    if (tuple != NULL || object != NULL)
        return read_structure(arena, object != NULL, declared, object != NULL ? object : tuple);
    return read_primitive(arena, doc);
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool notation_bytes(struct arena *arena, struct str hex, struct str *ret_bytes)
{
    char *bytes = arena_alloc(arena, hex.len / 2 + 1);

    if (hex.ptr == NULL || hex.len % 2 != 0)
        return false;
    for (size_t i = 0; i < hex.len; i += 2) {
        int high = digit(hex.ptr[i]), low = digit(hex.ptr[i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i / 2] = (char)(high << 4 | low);
    }
    *ret_bytes = (struct str){bytes, hex.len / 2};
    return true;
}

struct str notation_hex(struct arena *arena, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = arena_alloc(arena, 2 * bytes.len + 1);

    for (size_t i = 0; i < bytes.len; i++) {
        hex[2 * i] = digits[(unsigned char)bytes.ptr[i] >> 4];
        hex[2 * i + 1] = digits[(unsigned char)bytes.ptr[i] & 15];
    }
    return (struct str){hex, 2 * bytes.len};
}

static bool same_number(const struct cty_number *is, const struct cty_number *should)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 16);
    double real = cty_number_to_double(is);
    struct cty_number exact;

    if (str_eq(cty_number_text(arena, is), cty_number_text(arena, should)))
        return true;
    return should->digits.len <= 17 && cty_number_from_double(arena, real, &exact) &&
           cty_number_cmp(&exact, is) == 0 && cty_number_to_double(should) == real;
}

bool notation_equal(const struct cty_value *is, const struct cty_value *should)
{
    if (cty_equal(is, should))
        return true;
    if (is->state != CTY_KNOWN || should->state != CTY_KNOWN || is->count != should->count ||
        !cty_type_equal(is->type, should->type))
        return false;
    if (is->type->kind == CTY_NUMBER)
        return same_number(&is->number, &should->number);
    for (size_t i = 0; i < is->count; i++)
        if (!notation_equal(is->items[i], should->items[i]) ||
            (is->keys != NULL && !str_eq(is->keys[i], should->keys[i])))
            return false;
    return is->count > 0;
}
