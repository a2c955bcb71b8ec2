#include <hp/base/clock.h>
#include <hp/base/test.h>

START_TEST(times_are_written_in_utc)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 16);

    ck_assert_str(time_rfc3339(arena, 1795314448000), S("2026-11-22T02:27:28Z"));
    ck_assert_str(time_basic(arena, 1795314448999), S("20261122T022728Z"));
    ck_assert_str(time_rfc3339(arena, 0), S("1970-01-01T00:00:00Z"));
    ck_assert_str(time_rfc3339(arena, -1), S("1969-12-31T23:59:59Z"));
}
END_TEST

START_TEST(times_are_read_in_every_form_that_aws_writes)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {{"2026-11-22T02:27:28Z", 1795314448000},
                {"20261122T022728Z", 1795314448000},
                {"2026-11-22T02:27:28.5Z", 1795314448500},
                {"2026-11-22T02:27:28.123456789Z", 1795314448123},
                {"2026-11-22T03:27:28+01:00", 1795314448000},
                {"2026-11-21T19:27:28-0700", 1795314448000},
                {"2026-11-22t02:27:28z", 1795314448000},
                {"1969-12-31T23:59:59Z", -1000},
                {"2024-02-29T00:00:00Z", 1709164800000},
                {"2016-12-31T23:59:60Z", 1483228800000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms = 1;
        ck_assert_msg(time_parse(str_of(rows[i].text), &ms), "%s", rows[i].text);
        ck_assert_msg(ms == rows[i].ms, "%s is %lld", rows[i].text, (long long)ms);
    }
}
END_TEST

START_TEST(what_is_no_time_leaves_the_result_alone)
{
    static const char *const rows[] = {"",
                                       "2026",
                                       "2026-11-22",
                                       "2026-11-22T02:27:28",
                                       "2026-11-22T02:27:28.Z",
                                       "2026-11-22T24:00:00Z",
                                       "2026-13-22T02:27:28Z",
                                       "2026-02-30T00:00:00Z",
                                       "2025-02-29T00:00:00Z",
                                       "2026-11-00T00:00:00Z",
                                       "2026-11-22T02:27:28Zx",
                                       "2026-11-22T02:27:28+99:00",
                                       "2026-11-22T02:27:28+01:60",
                                       "2026-11-22T02:27:28+1",
                                       "2026-1122T02:27:28Z",
                                       "not a time"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms = 7;
        ck_assert_msg(!time_parse(str_of(rows[i]), &ms), "%s", rows[i]);
        ck_assert_int_eq(ms, 7);
    }
}
END_TEST

START_TEST(durations_are_read_as_go_reads_them)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {{"0", 0},
                {"0s", 0},
                {"45s", 45000},
                {"1h30m", 5400000},
                {"1.5h", 5400000},
                {"300ms", 300},
                {".5s", 500},
                {"5.s", 5000},
                {"1500us", 2},
                {"1000\xc2\xb5s", 1},
                {"2000000ns", 2},
                {"1h1m1s1ms", 3661001},
                {"90m", 5400000},
                {"0.1s", 100},
                {"2540400h", 9145440000000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms = -1;
        ck_assert_msg(duration_parse(str_of(rows[i].text), &ms), "%s", rows[i].text);
        ck_assert_msg(ms == rows[i].ms, "%s is %lld", rows[i].text, (long long)ms);
    }
}
END_TEST

START_TEST(what_is_no_duration_leaves_the_result_alone)
{
    static const char *const rows[] = {
        "",    "5",      "h",    "-5s",      "1h30",
        "1 h", "1.2.3s", "1d",   ".s",       "5 s",
        "1hh", "s5",     "1e3s", "9999999h", "99999999999999999999h"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms = 7;
        ck_assert_msg(!duration_parse(str_of(rows[i]), &ms), "%s", rows[i]);
        ck_assert_int_eq(ms, 7);
    }
}
END_TEST

START_TEST(endless_digits_are_no_danger)
{
    char text[2003];
    int64_t ms = 7;

    memset(text, '9', 2000);
    text[1] = '.';
    memcpy(text + 2000, "s", 2);
    ck_assert(duration_parse(str_of(text), &ms));
    ck_assert_int_eq(ms, 10000);
    text[1] = '9';
    ck_assert(!duration_parse(str_of(text), &ms));
    text[1500] = '.';
    ck_assert(!duration_parse(str_of(text), &ms));
}
END_TEST

START_TEST(durations_are_written_as_go_writes_them)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 16);
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {{0, "0s"},
                {5, "5ms"},
                {1000, "1s"},
                {1500, "1.5s"},
                {1050, "1.05s"},
                {60000, "1m0s"},
                {90000, "1m30s"},
                {5400000, "1h30m0s"},
                {18000000, "5h0m0s"},
                {3661250, "1h1m1.25s"},
                {-90000, "-1m30s"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str(duration_text(arena, rows[i].ms), str_of(rows[i].text));
}
END_TEST

static void from_a_list(void *arg, void *bytes, size_t len)
{
    uint64_t **next = arg;
    ck_assert_uint_eq(len, sizeof **next);
    memcpy(bytes, (*next)++, len);
}

START_TEST(a_number_below_a_limit_is_fair)
{
    uint64_t numbers[] = {UINT64_MAX, UINT64_MAX - 1, 25, 0}, *next = numbers;
    struct world world = {.random = from_a_list, .arg = &next};

    ck_assert_uint_eq(world_random_below(&world, 10), 5); /* the two above would favour low ones */
    ck_assert_ptr_eq(next, numbers + 3);
    ck_assert_uint_eq(world_random_below(&world, 1), 0);
    ck_assert_uint_eq(world_random_below(&world, 0), 0);
    ck_assert_ptr_eq(next, numbers + 4);
}
END_TEST

START_TEST(the_worlds_clock_goes_forward_and_its_chance_differs)
{
    const struct world *world = world_of_process();
    uint64_t one[4], other[4];

    int64_t began = world_tick_ms(world);
    ck_assert(!world_wait_ms(world, NULL, 20));
    ck_assert_int_ge(world_tick_ms(world) - began, 20);
    ck_assert_int_gt(world_now_ms(world), 1700000000000);
    world->random(world->arg, one, sizeof one);
    world->random(world->arg, other, sizeof other);
    ck_assert_mem_ne(one, other, sizeof one);
    ck_assert_ptr_null(world_env(world, "HP_NO_SUCH_VARIABLE").ptr);
}
END_TEST

TESTS("base/clock", times_are_written_in_utc, times_are_read_in_every_form_that_aws_writes,
      what_is_no_time_leaves_the_result_alone, durations_are_read_as_go_reads_them,
      what_is_no_duration_leaves_the_result_alone, endless_digits_are_no_danger,
      durations_are_written_as_go_writes_them, a_number_below_a_limit_is_fair,
      the_worlds_clock_goes_forward_and_its_chance_differs)
