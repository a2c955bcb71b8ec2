#include "report.h"
#include <hp/base/test.h>

START_TEST(a_path_keeps_its_steps_in_order)
{
    struct arena *arena = arena_new(1 << 20);

    Tfplugin6__AttributePath *path =
        wire_path(arena, cty_path_of(arena, "groups[\"a b\"].rules[2].port"));

    ck_assert_uint_eq(path->n_steps, 5);
    ck_assert_str_eq(path->steps[0]->attribute_name, "groups");
    ck_assert_int_eq(path->steps[1]->selector_case,
                     TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_STRING);
    ck_assert_str_eq(path->steps[1]->element_key_string, "a b");
    ck_assert_str_eq(path->steps[2]->attribute_name, "rules");
    ck_assert_int_eq(path->steps[3]->selector_case,
                     TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_INT);
    ck_assert_int_eq(path->steps[3]->element_key_int, 2);
    ck_assert_str_eq(path->steps[4]->attribute_name, "port");
    arena_free(arena);
}
END_TEST

START_TEST(index_0_is_on_the_wire)
{
    struct arena *arena = arena_new(1 << 20);
    struct str bytes;

    ck_assert(pb_pack(arena, wire_path(arena, cty_path_of(arena, "a[0]")), &bytes));

    ck_assert_str(bytes, S("\x0a\x03\x0a\x01"
                           "a"
                           "\x0a\x02\x18\x00"));
    arena_free(arena);
}
END_TEST

START_TEST(texts_are_utf8_and_have_no_hole)
{
    struct arena *arena = arena_new(1 << 20);
    struct diag diag = {
        .severity = DIAG_WARNING, .summary = S_INIT("a\xff"), .detail = S_INIT("b\0c")};
    struct diags diags = {.arena = arena, .first = &diag, .last = &diag};
    size_t count;
    Tfplugin6__Diagnostic **all;

    wire_report(arena, &diags, &count, &all);

    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(all[0]->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING);
    ck_assert_str_eq(all[0]->summary, "a\xef\xbf\xbd");
    ck_assert_str_eq(all[0]->detail, "b\xef\xbf\xbd"
                                     "c");
    ck_assert_ptr_null(all[0]->attribute);
    arena_free(arena);
}
END_TEST

TESTS("wire/report", a_path_keeps_its_steps_in_order, index_0_is_on_the_wire,
      texts_are_utf8_and_have_no_hole)
