/* Parameters of EC2's and the query protocol as values of a shape. */
#include "ground/form.h"
#include "shape.h"

#include <stdlib.h>

static struct doc *convert(struct flaws *flaws, const struct shape *shape, const struct doc *form,
                           struct str path);

static struct str form_name(const struct member *member)
{
    return member->form.len > 0 ? member->form : member->name;
}

static const struct member *member_called(const struct shape *shape, struct str name)
{
    for (const struct member *row = shape->members; row->name.len > 0; row++)
        if (str_eq(form_name(row), name))
            return row;
    return NULL;
}

/* The deepest parameter, so that a slip is told whole: "Filter.1.Nam". */
static void add_stranger(struct flaws *flaws, struct str path, const struct doc *form)
{
    while (form->kind == DOC_OBJECT && form->first != NULL) {
        path = arena_fmt(flaws->arena, "%.*s.%.*s", STR(path), STR(form->first->name));
        form = form->first->value;
    }
    flaws_add(flaws, FLAW_UNKNOWN, form, path, "Member must be one that the model knows");
}

static struct doc *structure(struct flaws *flaws, const struct shape *shape, const struct doc *form,
                             struct str path)
{
    struct doc *value = doc_object(flaws->arena);
    doc_each (entry, form) {
        const struct member *member = member_called(shape, entry->name);
        struct member stranger = {.name = entry->name, .form = entry->name};
        if (member == NULL) {
            struct flaws plain = {.arena = flaws->arena, .protocol = PROTOCOL_EC2};
            add_stranger(flaws, flaws_step(&plain, path, &stranger), entry->value);
            continue;
        }
        doc_put(flaws->arena, value, member->name,
                convert(flaws, member->shape, entry->value, flaws_step(flaws, path, member)));
    }
    return value;
}

/* What stands behind the word of a list ("member") or map ("entry"), and is numbered. NULL: it is
 * empty, or something else stands there too, which is a flaw. */
static const struct doc *numbered(struct flaws *flaws, const char *word, const struct doc *form,
                                  struct str path)
{
    if (form->kind != DOC_OBJECT) {
        if (form->text.len > 0) /* "Tags=" is how the query protocol says that a list is empty */
            flaws_add(flaws, FLAW_VALUE, form, path, "Member must be a list");
        return NULL;
    }
    if (word != NULL) {
        doc_each (entry, form)
            if (!str_is(entry->name, word))
                add_stranger(flaws,
                             arena_fmt(flaws->arena, "%.*s.%.*s", STR(path), STR(entry->name)),
                             entry->value);
        form = doc_get(form, str_of(word));
    }
    doc_each (entry, form) {
        struct str rest = entry->name;
        str_take_digits(&rest);
        if (rest.len > 0 || entry->name.len > 6)
            add_stranger(flaws, arena_fmt(flaws->arena, "%.*s.%.*s", STR(path), STR(entry->name)),
                         entry->value);
    }
    return form;
}

static const struct doc **elements(struct flaws *flaws, const struct doc *form, size_t *ret_count)
{
    struct doc *parent = doc_object(flaws->arena);
    if (form != NULL)
        doc_put(flaws->arena, parent, S("list"), (struct doc *)form);
    return form_list(flaws->arena, parent, "list", ret_count);
}

static struct doc *list(struct flaws *flaws, const struct shape *shape, const struct doc *form,
                        struct str path)
{
    const char *word = shape->flat ? NULL : shape->item == NULL ? "member" : shape->item;
    struct doc *value = doc_list(flaws->arena);
    const struct doc *rows = numbered(flaws, word, form, path);
    size_t count;
    const struct doc **items = elements(flaws, rows, &count);

    for (size_t i = 0; i < count; i++) {
        struct str at = arena_fmt(flaws->arena, "%.*s.%zu%s", STR(path), i + 1,
                                  flaws->protocol == PROTOCOL_EC2 ? "" : ".member");
        struct doc *element = convert(flaws, shape->element, items[i], at);
        if (element != NULL)
            doc_add(flaws->arena, value, element);
    }
    return value;
}

static struct doc *map(struct flaws *flaws, const struct shape *shape, const struct doc *form,
                       struct str path)
{
    struct doc *value = doc_object(flaws->arena);
    const struct doc *rows = numbered(flaws, shape->flat ? NULL : "entry", form, path);
    size_t count;
    const struct doc **items = elements(flaws, rows, &count);

    for (size_t i = 0; i < count; i++) {
        struct str key = doc_get_text(items[i], S("key"));
        const struct doc *element = doc_get(items[i], S("value"));
        doc_put(flaws->arena, value, key,
                element == NULL ? NULL : convert(flaws, shape->element, element, path));
    }
    return value;
}

/* Text as a number or truth; NULL: it is none. */
static struct doc *scalar(struct flaws *flaws, const struct shape *shape, const struct doc *form)
{
    struct str text = form->text;
    int64_t number;
    bool truth;
    char *end;

    switch (shape->type) {
    case SHAPE_INTEGER:
        return str_to_int64(text, &number) ? doc_number(flaws->arena, text) : NULL;
    case SHAPE_FLOAT: {
        char *z = arena_z(flaws->arena, text);
        (void)strtod(z, &end);
        return text.len > 0 && *end == 0 ? doc_number(flaws->arena, text) : NULL;
    }
    case SHAPE_BOOLEAN:
        return doc_to_bool(form, &truth) ? doc_bool(flaws->arena, truth) : NULL;
    default:
        return doc_string(flaws->arena, text);
    }
}

static struct doc *convert(struct flaws *flaws, const struct shape *shape, const struct doc *form,
                           struct str path)
{
    static const char *const what[] = {[SHAPE_INTEGER] = "a whole number",
                                       [SHAPE_FLOAT] = "a number",
                                       [SHAPE_BOOLEAN] = "true or false"};

    if (shape->type == SHAPE_LIST)
        return list(flaws, shape, form, path);
    if (shape->type == SHAPE_MAP)
        return map(flaws, shape, form, path);
    if (shape->type == SHAPE_STRUCTURE) {
        if (form->kind == DOC_OBJECT)
            return structure(flaws, shape, form, path);
        flaws_add(flaws, FLAW_VALUE, form, path, "Member must be a structure");
        return NULL;
    }
    if (form->kind == DOC_OBJECT) {
        add_stranger(flaws, path, form);
        return NULL;
    }
    struct doc *value = scalar(flaws, shape, form);
    if (value == NULL)
        flaws_add(flaws, FLAW_VALUE, form, path, "Member must be %s", what[shape->type]);
    return value;
}

struct doc *shape_of_form(struct flaws *flaws, const struct shape *shape, const struct doc *form)
{
    return structure(flaws, shape, form, S(""));
}
