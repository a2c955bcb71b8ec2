#include "decimal.h"

#include <hp/doc/doc.h>
#include <stdio.h>
#include <stdlib.h>

static bool numbers_equal(struct str a, struct str b)
{
    struct decimal left, right;

    if (!decimal_from(a, &left) || !decimal_from(b, &right))
        return str_eq(a, b);
    return decimal_equal(&left, &right);
}

static bool lists_equal(const struct doc *a, const struct doc *b)
{
    const struct doc_entry *right = b->first;

    for (const struct doc_entry *left = a->first; left != NULL; left = left->next) {
        if (!doc_equal(left->value, right->value))
            return false;
        right = right->next;
    }
    return true;
}

/* Members with the place they stood at: namesakes keep their order. */
struct placed {
    const struct doc_entry *entry;
    size_t place;
};

static int by_name(const void *a, const void *b)
{
    const struct placed *left = a, *right = b;
    int order = str_cmp(left->entry->name, right->entry->name);

    if (order != 0)
        return order;
    return left->place < right->place ? -1 : left->place > right->place;
}

static void place_members(const struct doc *object, struct placed *ret_members)
{
    size_t place = 0;

    doc_each (entry, object) {
        ret_members[place] = (struct placed){entry, place};
        place++;
    }
    qsort(ret_members, place, sizeof *ret_members, by_name);
}

static bool objects_equal(const struct doc *a, const struct doc *b)
{
    struct placed *members = calloc(2 * a->count + 1, sizeof *members);
    bool equal = true;

    if (members == NULL) {
        fputs("[ERROR] out of memory; the process ends here.\n", stderr);
        abort();
    }
    place_members(a, members);
    place_members(b, members + a->count);
    for (size_t i = 0; i < a->count && equal; i++) {
        const struct doc_entry *left = members[i].entry, *right = members[a->count + i].entry;
        equal = str_eq(left->name, right->name) && doc_equal(left->value, right->value);
    }
    free(members);
    return equal;
}

bool doc_equal(const struct doc *a, const struct doc *b)
{
    if (doc_is_null(a) || doc_is_null(b))
        return doc_is_null(a) && doc_is_null(b);
    if (a->kind != b->kind || a->count != b->count)
        return false;
    switch (a->kind) {
    case DOC_BOOL:
        return a->truth == b->truth;
    case DOC_NUMBER:
        return numbers_equal(a->text, b->text);
    case DOC_STRING:
        return str_eq(a->text, b->text);
    case DOC_LIST:
        return lists_equal(a, b);
    case DOC_OBJECT:
        return objects_equal(a, b);
    default:
        return true;
    }
}
