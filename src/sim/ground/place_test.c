#include "place.h"
#include <hp/base/test.h>

static struct doc *tree(struct arena *arena, struct str text)
{
    struct doc *doc = NULL;
    struct doc_error error;
    ck_assert(doc_from_json(arena, text, NULL, &doc, &error));
    return doc;
}

START_TEST(a_value_is_found_where_it_stands)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct str text =
        S("{\"a\": [1, \"x,\\\"]\", {}],\n  \"\xc3\xbc\" : {\"b\": -1.5e+3,\n\t\"c\":null}}\n");
    struct doc *root = tree(arena, text);

    struct place whole = place_in(text, root, root);
    struct place list = place_in(text, root, doc_at(root, "a"));
    struct place third = place_in(text, root, doc_at(root, "a.2"));
    struct place b = place_in(text, root, doc_at(root, "\xc3\xbc.b"));
    struct place c = place_in(text, root, doc_at(root, "\xc3\xbc.c"));

    ck_assert(whole.line == 1 && whole.column == 1);
    ck_assert(list.line == 1 && list.column == 7);
    ck_assert(third.line == 1 && third.column == 20);
    ck_assert(b.line == 2 && b.column == 15);
    ck_assert(c.line == 3 && c.column == 6);
}
END_TEST

START_TEST(an_entry_stands_where_its_name_does)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct str text = S("{\n \"first\": true,\n \"second\": [ ]\n}");
    struct doc *root = tree(arena, text);

    struct place first = place_in(text, root, root->first);
    struct place second = place_in(text, root, root->last);
    struct place absent = place_in(text, root, &second);

    ck_assert(first.line == 2 && first.column == 2);
    ck_assert(second.line == 3 && second.column == 2);
    ck_assert(absent.line == 1 && absent.column == 1);
}
END_TEST

TESTS("sim/place", a_value_is_found_where_it_stands, an_entry_stands_where_its_name_does)
