/* What the sim's tables know, as a tree: for scripts that compare it with AWS's models. */
#include "shape.h"

static struct doc *describe(struct arena *arena, const struct operation *row)
{
    struct doc *doc = doc_object(arena), *takes = doc_list(arena);
    struct str word, words = str_of(row->takes);

    if (row->input != NULL)
        shape_paths(arena, row->input, takes);
    while (words.len > 0 && str_next(&words, ' ', &word))
        if (word.len > 0)
            doc_add(arena, takes, doc_string(arena, word));
    doc_put(arena, doc, S("writes"), doc_bool(arena, row->writes));
    doc_put(arena, doc, S("open"), doc_bool(arena, row->open));
    doc_put(arena, doc, S("takes"), takes);
    return doc;
}

struct doc *services_describe(struct arena *arena)
{
    struct doc *all = doc_object(arena);

    for (size_t i = 0; services[i] != NULL; i++) {
        struct doc *operations = doc_object(arena);
        for (size_t j = 0; services[i]->tables[j] != NULL; j++)
            for (const struct operation *row = services[i]->tables[j]; row->name.len > 0; row++)
                doc_put(arena, operations, row->name, describe(arena, row));
        doc_put(arena, all, services[i]->name, operations);
    }
    return all;
}
