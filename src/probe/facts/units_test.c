#include "units.h"

#include <hp/base/test.h>

START_TEST(sizes_are_powers_of_1024_and_read_back)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } rows[] = {{"8", 8},        {"64k", 65536},    {"64K", 65536},     {"64KiB", 65536},
                {"1M", 1 << 20}, {"1MiB", 1 << 20}, {"2G", 1ull << 31}, {"100", 100},
                {"8B", 8},       {"0", 0}};
    scoped(arena_freep) struct arena *arena = arena_new(1 << 16);
    uint64_t bytes, again;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_msg(size_parse(str_of(rows[i].text), &bytes), "%s", rows[i].text);
        ck_assert_uint_eq(bytes, rows[i].bytes);
        ck_assert(size_parse(size_text(arena, bytes), &again) && again == bytes);
    }
    ck_assert_str(size_text(arena, 1536), S("1536"));
    ck_assert_str(size_text(arena, 16 << 20), S("16M"));
}

START_TEST(what_is_no_size_is_refused)
{
    static const char *const bad[] = {
        "", "k", "-1", "1.5k", "1kk", "1 k", "9999999999999G", "0x10", "1kiBB", "8iB", "2000G"};
    uint64_t bytes = 5;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!size_parse(str_of(bad[i]), &bytes), "%s", bad[i]);
    ck_assert_uint_eq(bytes, 5);
}

START_TEST(numbers_and_percents_are_plain)
{
    double number;

    ck_assert(number_parse(S("97.25"), &number) && number == 97.25);
    ck_assert(percent_parse(S("5%"), &number) && number == 0.05);
    ck_assert(percent_parse(S("7.5"), &number) && number == 0.075);
    ck_assert(!number_parse(S("inf"), &number) && !number_parse(S("nan"), &number));
    ck_assert(!number_parse(S("1e999"), &number) && !number_parse(S("1 "), &number));
    ck_assert(!number_parse(S(""), &number) && !percent_parse(S("%"), &number));
}

TESTS("probe/units", sizes_are_powers_of_1024_and_read_back, what_is_no_size_is_refused,
      numbers_and_percents_are_plain)
