#include "form.h"
#include <hp/base/test.h>

static struct doc *parsed(struct arena *arena, struct str body)
{
    struct doc *doc = NULL;
    struct str why = S("");
    ck_assert_msg(form_parse(arena, body, &doc, &why), "%.*s", STR(why));
    return doc;
}

START_TEST(points_make_objects_and_escapes_are_read)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct doc *doc = parsed(arena, S("Action=X&A.1.B=a+b%26%C3%BC&A.2.B=&C=d%3De"));

    ck_assert_str(doc_text(doc_at(doc, "A.1.B")), S("a b&\xc3\xbc"));
    ck_assert_str(doc_text(doc_at(doc, "A.2.B")), S(""));
    ck_assert_str(doc_get_text(doc, S("C")), S("d=e"));
}
END_TEST

START_TEST(numbered_lists_are_read_in_order_of_their_numbers)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct doc *doc = parsed(arena, S("Id.10=c&Id.2=b&Id.1=a&Id.x=no"));
    size_t count;
    const struct doc **ids = form_list(arena, doc, "Id", &count);

    ck_assert_uint_eq(count, 3);
    ck_assert_str(doc_text(ids[0]), S("a"));
    ck_assert_str(doc_text(ids[1]), S("b"));
    ck_assert_str(doc_text(ids[2]), S("c"));
    form_list(arena, doc, "Absent", &count);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(a_parameter_that_nobody_takes_is_found)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    const char *takes = "Id.N Filter.N.Name Filter.N.Value.N";
    struct doc *good = parsed(arena, S("Id.1=a&Filter.1.Name=b&Filter.1.Value.2=c"));
    struct doc *bad = parsed(arena, S("Id.1=a&Filter.1.Nam=b"));

    ck_assert_ptr_null(form_stranger(arena, good, takes).ptr);
    ck_assert_str(form_stranger(arena, bad, takes), S("Filter.1.Nam"));
}
END_TEST

START_TEST(nonsense_is_refused)
{
    static const char *const bad[] = {"A=%",    "A=%4", "A=%zz", "A=1&A.1=2",          "A.1=2&A=1",
                                      "A..B=1", ".A=1", "A=%FF", "A.B.C.D.E.F.G.H.I=1"};
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct doc *doc = NULL;
        struct str why = S("");
        ck_assert_msg(!form_parse(arena, str_of(bad[i]), &doc, &why), "%s was taken", bad[i]);
        ck_assert_uint_gt(why.len, 0);
    }
}
END_TEST

TESTS("sim/form", points_make_objects_and_escapes_are_read,
      numbered_lists_are_read_in_order_of_their_numbers, a_parameter_that_nobody_takes_is_found,
      nonsense_is_refused)
