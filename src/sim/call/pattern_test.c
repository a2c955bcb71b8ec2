#include "shape.h"
#include <hp/base/test.h>

START_TEST(a_pattern_holds_for_the_whole_text)
{
    ck_assert(pattern_matches("[a-z]+", S("abc")));
    ck_assert(!pattern_matches("[a-z]+", S("abc1")));
    ck_assert(!pattern_matches("[a-z]+", S("1abc")));
    ck_assert(!pattern_matches("[a-z]+", S("abc\n")));
    ck_assert(!pattern_matches("a|ab", S("abc")));
    ck_assert(pattern_matches("a|ab", S("ab")));
    ck_assert(pattern_matches("^[a-z]*$", S("")));
}
END_TEST

START_TEST(java_s_way_to_write_characters_is_understood)
{
    ck_assert(pattern_matches("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+", S("a\tb \xc3\xbf")));
    ck_assert(!pattern_matches("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+", S("\xc4\x80")));
    ck_assert(pattern_matches("[\\u0020-\\uD7FF\\uE000-\\uFFFD]*", S("\xe2\x82\xac")));
    ck_assert(pattern_matches("[\\p{L}\\p{Z}]*", S("\xc3\xbc b")));
}
END_TEST

START_TEST(what_pcre2_does_not_take_is_told_and_lets_everything_pass)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct str why = S("");

    ck_assert(!pattern_is_sound(arena, "[a-z", &why));
    ck_assert(str_has(why, S("at character 4")));
    ck_assert(pattern_matches("[a-z", S("anything")));
    ck_assert(pattern_is_sound(arena, "[a-z]", &why));
}
END_TEST

START_TEST(a_pattern_that_goes_astray_ends)
{
    ck_assert(
        !pattern_matches("(a+)+b", S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac")));
}
END_TEST

TESTS("sim/pattern", a_pattern_holds_for_the_whole_text,
      java_s_way_to_write_characters_is_understood,
      what_pcre2_does_not_take_is_told_and_lets_everything_pass, a_pattern_that_goes_astray_ends)
