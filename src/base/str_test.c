#include <hp/base/test.h>

START_TEST(parts_are_taken_off_one_by_one)
{
    struct str rest = S("a,,b"), part;

    ck_assert(str_next(&rest, ',', &part));
    ck_assert_str(part, S("a"));
    ck_assert(str_next(&rest, ',', &part));
    ck_assert_str(part, S(""));
    ck_assert(str_next(&rest, ',', &part));
    ck_assert_str(part, S("b"));
    ck_assert(!str_next(&rest, ',', &part));
}
END_TEST

START_TEST(an_empty_text_is_one_empty_part_and_a_separator_at_the_end_begins_another)
{
    struct str rest = S(""), part = S("x");

    ck_assert(str_next(&rest, ',', &part));
    ck_assert_str(part, S(""));
    ck_assert(!str_next(&rest, ',', &part));

    rest = S("a,");
    ck_assert(str_next(&rest, ',', &part));
    ck_assert(str_next(&rest, ',', &part));
    ck_assert_str(part, S(""));
    ck_assert(!str_next(&rest, ',', &part));
}
END_TEST

START_TEST(a_view_never_reaches_beyond_its_text)
{
    struct str s = S("hyperpod");

    ck_assert_str(str_sub(s, 5, 100), S("pod"));
    ck_assert_str(str_sub(s, 100, 1), S(""));
    ck_assert_str(str_from(s, SIZE_MAX), S(""));
    ck_assert_str(str_sub((struct str){NULL, 0}, 1, 1), S(""));
}
END_TEST

START_TEST(empty_views_are_equal_whatever_they_point_at)
{
    ck_assert(str_eq((struct str){NULL, 0}, S("")));
    ck_assert(str_is((struct str){NULL, 0}, ""));
    ck_assert(!str_eq(S("a"), S("")));
    ck_assert_int_eq(str_cmp((struct str){NULL, 0}, S("")), 0);
}
END_TEST

START_TEST(order_is_bytewise_and_a_prefix_comes_first)
{
    ck_assert_int_lt(str_cmp(S("a"), S("ab")), 0);
    ck_assert_int_gt(str_cmp(S("b"), S("ab")), 0);
    ck_assert_int_gt(str_cmp(S("\xff"), S("a")), 0);
    ck_assert_int_eq(str_cmp(S("ab"), S("ab")), 0);
}
END_TEST

START_TEST(texts_are_searched_as_bytes_and_may_hold_nul)
{
    struct str s = S("a\0bc");

    ck_assert_uint_eq(str_find(s, S("bc")), 2);
    ck_assert_uint_eq(str_find(s, S("\0b")), 1);
    ck_assert_uint_eq(str_find(s, S("cb")), SIZE_MAX);
    ck_assert_uint_eq(str_find(s, S("")), 0);
    ck_assert_uint_eq(str_find_char(s, 0), 1);
    ck_assert(str_has(s, S("c")));
    ck_assert(str_starts(s, S("a")) && !str_starts(s, S("a\0bcd")));
    ck_assert(str_ends(s, S("bc")) && !str_ends(s, S("b")));
    ck_assert(str_eq_nocase(S("aB-1"), S("Ab-1")) && !str_eq_nocase(S("a"), S("ab")));
}
END_TEST

START_TEST(white_space_goes_from_both_ends_only)
{
    ck_assert_str(str_trim(S(" \t a b\r\n")), S("a b"));
    ck_assert_str(str_trim(S(" \n")), S(""));
}
END_TEST

START_TEST(whole_numbers_that_fit_are_read)
{
    static const struct {
        const char *text;
        int64_t number;
    } rows[] = {{"0", 0},
                {"+7", 7},
                {"-42", -42},
                {"007", 7},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t number = 1;
        ck_assert_msg(str_to_int64(str_of(rows[i].text), &number), "%s", rows[i].text);
        ck_assert_int_eq(number, rows[i].number);
    }
}
END_TEST

START_TEST(what_is_no_whole_number_leaves_the_result_alone)
{
    static const char *const rows[] = {"",
                                       "-",
                                       "+",
                                       "1a",
                                       " 1",
                                       "1.0",
                                       "--1",
                                       "+-1",
                                       "0x1",
                                       "9223372036854775808",
                                       "-9223372036854775809"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t number = 5;
        ck_assert_msg(!str_to_int64(str_of(rows[i]), &number), "%s", rows[i]);
        ck_assert_int_eq(number, 5);
    }
}
END_TEST

START_TEST(well_formed_utf8_is_told_from_the_rest)
{
    static const struct {
        struct str text;
        bool good;
    } rows[] = {{S_INIT(""), true},
                {S_INIT("a\0b"), true},
                {S_INIT("\xc3\xa4"), true},
                {S_INIT("\xe2\x82\xac"), true},
                {S_INIT("\xf0\x9f\x98\x80"), true},
                {S_INIT("\xf4\x8f\xbf\xbf"), true},
                {S_INIT("\xc3"), false},             /* cut */
                {S_INIT("\xe2\x82"), false},         /* cut */
                {S_INIT("\x80"), false},             /* begins in the middle */
                {S_INIT("\xc0\x80"), false},         /* overlong */
                {S_INIT("\xe0\x80\x80"), false},     /* overlong */
                {S_INIT("\xf0\x80\x80\x80"), false}, /* overlong */
                {S_INIT("\xed\xa0\x80"), false},     /* a surrogate */
                {S_INIT("\xf4\x90\x80\x80"), false}, /* above U+10FFFF */
                {S_INIT("\xff"), false},
                {S_INIT("\xe2\x28\xa1"), false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(str_is_utf8(rows[i].text) == rows[i].good, "row %zu", i);
}
END_TEST

START_TEST(characters_are_counted_not_bytes)
{
    ck_assert_uint_eq(str_characters(S("")), 0);
    ck_assert_uint_eq(str_characters(S("node")), 4);
    ck_assert_uint_eq(str_characters(S("\xc3\xbc\xe2\x82\xac\xf0\x9f\xa4\xb7")), 3);
}
END_TEST

START_TEST(digits_are_taken_off_the_front)
{
    struct str rest = S("2026-11");

    ck_assert_str(str_take_digits(&rest), S("2026"));
    ck_assert_str(rest, S("-11"));
    ck_assert_str(str_take_digits(&rest), S(""));
    ck_assert_str(rest, S("-11"));
}
END_TEST

TESTS("base/str", characters_are_counted_not_bytes, digits_are_taken_off_the_front,
      parts_are_taken_off_one_by_one,
      an_empty_text_is_one_empty_part_and_a_separator_at_the_end_begins_another,
      a_view_never_reaches_beyond_its_text, empty_views_are_equal_whatever_they_point_at,
      order_is_bytewise_and_a_prefix_comes_first, texts_are_searched_as_bytes_and_may_hold_nul,
      white_space_goes_from_both_ends_only, whole_numbers_that_fit_are_read,
      what_is_no_whole_number_leaves_the_result_alone, well_formed_utf8_is_told_from_the_rest)
