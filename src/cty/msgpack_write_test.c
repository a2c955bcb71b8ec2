#include <hp/base/test.h>
#include <hp/cty/codec.h>

static struct arena *arena;

static void setup(void)
{
    arena_free(arena);
    arena = arena_new(1 << 24);
}

static const struct cty_value *number(const char *text)
{
    struct cty_number decimal;
    ck_assert(cty_number_from_text(arena, str_of(text), &decimal));
    return cty_num(arena, &decimal);
}

START_TEST(a_number_with_a_huge_exponent_stays_short)
{
    static const char *const rows[][2] = {
        {"1e999999999", "\xab"
                        "1e999999999"},
        {"-25e-999999999", "\xae"
                           "-25e-999999999"},
    };
    setup();

    for (size_t i = 0; i < 2; i++) {
        struct buf out = buf_in(arena, 100);
        const struct cty_value *again;
        struct cty_error error;
        ck_assert(cty_to_msgpack(&cty_number, number(rows[i][0]), &out));
        ck_assert_str(buf_str(&out), str_of(rows[i][1]));
        ck_assert(cty_from_msgpack(arena, &cty_number, buf_str(&out), CTY_STRICT, &again, &error));
        ck_assert(cty_equal(again, number(rows[i][0])));
    }
}
END_TEST

START_TEST(a_value_of_another_type_is_not_written)
{
    setup();
    struct buf out = buf_in(arena, 100);
    const struct cty_value *word = cty_str(arena, S("x")), *items[] = {word, number("1")};

    ck_assert(!cty_to_msgpack(&cty_number, word, &out));
    ck_assert(!cty_to_msgpack(cty_list_of(arena, &cty_number),
                              cty_list(arena, &cty_string, &word, 1), &out));
    ck_assert(!cty_to_msgpack(cty_list_of(arena, &cty_string),
                              cty_list(arena, &cty_string, items, 2), &out));
    ck_assert(!cty_to_msgpack(cty_object_of(arena, NULL, 0), word, &out));
}
END_TEST

START_TEST(a_refinement_that_contradicts_itself_is_not_written)
{
    setup();
    const struct cty_number *one = &number("1")->number, *two = &number("2")->number;
    const struct cty_refinement rows[] = {
        {.lower = two, .upper = one, .lower_inclusive = true, .upper_inclusive = true},
        {.lower = one, .upper = one, .lower_inclusive = true},
        {.has_min_length = true, .min_length = 3, .has_max_length = true, .max_length = 2},
        {.has_max_length = true, .max_length = -1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out = buf_in(arena, 100);
        struct cty_value unknown = {.type = &cty_number, .state = CTY_UNKNOWN, .refined = &rows[i]};
        ck_assert(!cty_to_msgpack(&cty_number, &unknown, &out));
    }
}
END_TEST

START_TEST(bounds_too_long_for_a_decoder_are_left_out)
{
    setup();
    struct cty_refinement refined = {.lower = &number("1e-1900")->number,
                                     .upper = &number("1e1900")->number};
    struct buf out = buf_in(arena, 10000);

    ck_assert(cty_to_msgpack(&cty_number, cty_refine(arena, &cty_number, &refined), &out));

    ck_assert_str(buf_str(&out), S("\xd4\0\0"));
}
END_TEST

START_TEST(a_buffer_that_is_too_small_says_so)
{
    setup();
    struct buf out = buf_on_heap(4);

    ck_assert(!cty_to_msgpack(&cty_string, cty_str(arena, S("longer")), &out));
    buf_done(&out);
}
END_TEST

START_TEST(an_object_is_written_whole_and_sorted)
{
    const struct cty_attribute attributes[] = {{.name = S("b"), .type = &cty_bool},
                                               {.name = S("B"), .type = &cty_dynamic},
                                               {.name = S("a"), .type = &cty_number}};
    setup();
    const struct cty_type *type = cty_object_of(arena, attributes, 3);
    const struct cty_value *items[] = {cty_str(arena, S("x")), number("0.5"),
                                       cty_unknown(arena, &cty_bool)};
    struct buf out = buf_in(arena, 100);

    ck_assert(cty_to_msgpack(type, cty_object(arena, type, items), &out));

    ck_assert_str(buf_str(&out), S("\x83\xa1"
                                   "B\x92\xc4\x08\"string\"\xa1x\xa1"
                                   "a\xcb\x3f\xe0\0\0\0\0\0\0\xa1"
                                   "b\xd4\0\0"));
}
END_TEST

TESTS("cty/msgpack_write", a_number_with_a_huge_exponent_stays_short,
      a_value_of_another_type_is_not_written, a_refinement_that_contradicts_itself_is_not_written,
      bounds_too_long_for_a_decoder_are_left_out, a_buffer_that_is_too_small_says_so,
      an_object_is_written_whole_and_sorted)
