#include <hp/base/test.h>
#include <hp/cty/value.h>
#include <math.h>

static struct arena *arena;

static void setup(void)
{
    arena_free(arena);
    arena = arena_new(1 << 24);
}

static struct cty_number number_of(const char *text)
{
    struct cty_number number = {0};
    ck_assert_msg(cty_number_from_text(arena, str_of(text), &number), "%s", text);
    return number;
}

START_TEST(numbers_are_written_without_an_exponent)
{
    static const char *const rows[][2] = {
        {"12", "12"},
        {"-12.50", "-12.5"},
        {"1e10", "10000000000"},
        {"0.00010", "0.0001"},
        {"-0", "0"},
        {"000.000", "0"},
        {"1200", "1200"},
        {"1.5e1", "15"},
        {"25e-4", "0.0025"},
        {".5", "0.5"},
        {"7.", "7"},
        {"+3", "3"},
        {"123.456", "123.456"},
        {"9007199254740993", "9007199254740993"},
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cty_number number = number_of(rows[i][0]);
        ck_assert_str(cty_number_text(arena, &number), str_of(rows[i][1]));
    }
}
END_TEST

START_TEST(what_is_no_number_is_refused)
{
    static const char *const rows[] = {"",
                                       "-",
                                       ".",
                                       "e5",
                                       "1e",
                                       "1e+",
                                       "0x10",
                                       " 1",
                                       "1 ",
                                       "1,5",
                                       "NaN",
                                       "--1",
                                       "1_000",
                                       "ten",
                                       "1e1000000001",
                                       "1e-1000000001",
                                       "1e99999999999999999999"};
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cty_number number = {.exponent = 77};
        ck_assert_msg(!cty_number_from_text(arena, str_of(rows[i]), &number), "%s", rows[i]);
        ck_assert_int_eq(number.exponent, 77);
    }
}
END_TEST

START_TEST(more_digits_than_stated_are_refused)
{
    char digits[CTY_MAX_DIGITS + 2];
    struct cty_number number;
    setup();

    memset(digits, '7', sizeof digits);
    ck_assert(cty_number_from_text(arena, (struct str){digits, CTY_MAX_DIGITS}, &number));
    ck_assert(!cty_number_from_text(arena, (struct str){digits, CTY_MAX_DIGITS + 1}, &number));
}
END_TEST

START_TEST(a_huge_exponent_costs_nothing)
{
    setup();
    struct cty_number huge = number_of("1e999999999"), more = number_of("2e999999999"),
                      tiny = number_of("1e-999999999");
    size_t before = arena_used(arena);

    ck_assert_int_lt(cty_number_cmp(&huge, &more), 0);
    ck_assert_int_lt(cty_number_cmp(&tiny, &huge), 0);
    ck_assert_str(cty_number_text(arena, &huge), S("1e999999999"));
    ck_assert_str(cty_number_text(arena, &tiny), S("1e-999999999"));
    ck_assert(isinf(cty_number_to_double(&huge)));
    ck_assert_uint_lt(arena_used(arena) - before, 200);
}
END_TEST

START_TEST(numbers_are_compared_as_decimals)
{
    static const char *const ascending[] = {"-Inf", "-1e30", "-2",   "-1.5", "-0.1", "0",
                                            "1e-9", "0.1",   "0.11", "1",    "9",    "10",
                                            "10.5", "11",    "1e3",  "Inf"};
    enum { count = sizeof ascending / sizeof ascending[0] };
    setup();

    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            struct cty_number a = number_of(ascending[i]), b = number_of(ascending[j]);
            int order = cty_number_cmp(&a, &b);
            ck_assert_msg((order > 0) - (order < 0) == (i > j) - (i < j), "%s %s", ascending[i],
                          ascending[j]);
        }
    struct cty_number zero = number_of("0"), minus_zero = number_of("-0.0");
    ck_assert_int_eq(cty_number_cmp(&zero, &minus_zero), 0);
}
END_TEST

START_TEST(a_double_becomes_its_exact_value)
{
    struct cty_number number;
    setup();

    ck_assert(cty_number_from_double(arena, 0.1, &number));
    ck_assert_str(cty_number_text(arena, &number),
                  S("0.1000000000000000055511151231257827021181583404541015625"));
    ck_assert(cty_number_from_double(arena, -1024.5, &number));
    ck_assert_str(cty_number_text(arena, &number), S("-1024.5"));
    ck_assert(!cty_number_from_double(arena, NAN, &number));
    ck_assert(cty_number_from_double(arena, -INFINITY, &number));
    ck_assert(number.infinite && number.negative);
    ck_assert(cty_number_from_double(arena, 5e-324, &number));
    ck_assert(cty_number_to_double(&number) == 5e-324);
}
END_TEST

START_TEST(whole_numbers_that_fit_become_int64)
{
    static const struct {
        const char *text;
        bool fits;
        int64_t number;
    } rows[] = {
        {"0", true, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775807", true, INT64_MAX},
        {"12e3", true, 12000},
        {"1.2e1", true, 12},
        {"9223372036854775808", false, 0},
        {"0.5", false, 0},
        {"1e999999999", false, 0},
        {"Inf", false, 0},
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cty_number number = number_of(rows[i].text);
        int64_t fitting = 5;
        ck_assert_int_eq(cty_number_to_int64(&number, &fitting), rows[i].fits);
        ck_assert_int_eq(fitting, rows[i].fits ? rows[i].number : 5);
    }
}
END_TEST

START_TEST(long_numbers_are_written_with_what_512_bits_hold)
{
    setup();
    struct str long_text =
        S("1234567890123456789012345678901234567890123456789012345678901234567890"
          "1234567890123456789012345678901234567890123456789012345678901234567890"
          "123456789012345678901234567890");
    struct cty_number number;

    ck_assert(cty_number_from_text(arena, long_text, &number));
    struct str text = cty_number_text(arena, &number);

    ck_assert_uint_eq(text.len, long_text.len);
    ck_assert_str(str_sub(text, 0, 153), str_sub(long_text, 0, 153));
    ck_assert_str(str_from(text, 156), S("00000000000000"));
}
END_TEST

TESTS("cty/number", numbers_are_written_without_an_exponent, what_is_no_number_is_refused,
      more_digits_than_stated_are_refused, a_huge_exponent_costs_nothing,
      numbers_are_compared_as_decimals, a_double_becomes_its_exact_value,
      whole_numbers_that_fit_become_int64, long_numbers_are_written_with_what_512_bits_hold)
