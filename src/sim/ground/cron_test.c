#include "cron.h"
#include <hp/base/clock.h>
#include <hp/base/test.h>

/* After 2026-11-30T12:34:56Z, a Monday. */
static const struct {
    const char *text, *first, *second;
} rows[] = {
    {"cron(0 0 1 * ? *)", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
    {"cron(34 12 * * ? *)", "2026-12-01T12:34:00Z", "2026-12-02T12:34:00Z"},
    {"cron(35 12 * * ? *)", "2026-11-30T12:35:00Z", "2026-12-01T12:35:00Z"},
    {"cron(0/15 * * * ? *)", "2026-11-30T12:45:00Z", "2026-11-30T13:00:00Z"},
    {"cron(0 18 ? * MON-FRI *)", "2026-11-30T18:00:00Z", "2026-12-01T18:00:00Z"},
    {"cron(15,45  8-17/3 ? feb,DEC 7 *)", "2026-12-05T08:15:00Z", "2026-12-05T08:45:00Z"},
    {"cron(0 9 ? * 2#1 *)", "2026-12-07T09:00:00Z", "2027-01-04T09:00:00Z"},
    {"cron(0 9 ? * 2#5 *)", "2027-03-29T09:00:00Z", "2027-05-31T09:00:00Z"},
    {"cron(0 9 ? * 6L *)", "2026-12-25T09:00:00Z", "2027-01-29T09:00:00Z"},
    {"cron(0 9 ? * L *)", "2026-12-05T09:00:00Z", "2026-12-12T09:00:00Z"},
    {"cron(0 9 L * ? *)", "2026-12-31T09:00:00Z", "2027-01-31T09:00:00Z"},
    {"cron(0 9 LW 1,2 ? *)", "2027-01-29T09:00:00Z", "2027-02-26T09:00:00Z"},
    {"cron(0 9 1W 5,8 ? 2027)", "2027-05-03T09:00:00Z", "2027-08-02T09:00:00Z"},
    {"cron(0 0 29 2 ? *)", "2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"},
    {"cron(59 23 31 12 ? 2198-2199)", "2198-12-31T23:59:00Z", "2199-12-31T23:59:00Z"},
    {"cron(0 0 1 1 ? 2026/100)", "2126-01-01T00:00:00Z", NULL},
    {"cron(0 0 30 2 ? *)", NULL, NULL},
};

static int64_t moment(const char *text)
{
    int64_t ms = INT64_MAX;
    if (text != NULL)
        ck_assert(time_parse(str_of(text), &ms));
    return ms;
}

START_TEST(an_expression_tells_its_next_times)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cron cron;
        ck_assert_msg(cron_parse(str_of(rows[i].text), &cron), "%s", rows[i].text);
        int64_t first = cron_next(&cron, moment("2026-11-30T12:34:56Z"));
        ck_assert_msg(first == moment(rows[i].first), "%s: %lld", rows[i].text, (long long)first);
        if (first != INT64_MAX)
            ck_assert_msg(cron_next(&cron, first) == moment(rows[i].second), "%s: %lld",
                          rows[i].text, (long long)cron_next(&cron, first));
    }
}
END_TEST

static const char *const none[] = {
    "",
    "cron()",
    "rate(1 day)",
    "cron(0 0 1 * ?)",
    "cron(0 0 1 * ? * *)",
    "cron(0 0 1 * * *)",
    "cron(0 0 ? * ? *)",
    "cron(60 0 1 * ? *)",
    "cron(0 24 1 * ? *)",
    "cron(0 0 0 * ? *)",
    "cron(0 0 1 13 ? *)",
    "cron(0 0 ? * 8 *)",
    "cron(0 0 ? * 2#6 *)",
    "cron(0 0 ? * 3#1,6#3 *)",
    "cron(0 0 1 * ? 1969)",
    "cron(0 0 1 * ? 2200)",
    "cron(0 0 5-1 * ? *)",
    "cron(0/0 0 1 * ? *)",
    "cron(0, 0 1 * ? *)",
    "cron(x 0 1 * ? *)",
    "cron(0 0 1 * ? *",
    "cron(99999999999999999999 0 1 * ? *)",
};

START_TEST(what_is_no_expression_is_refused)
{
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct cron cron;
        ck_assert_msg(!cron_parse(str_of(none[i]), &cron), "%s", none[i]);
    }
}
END_TEST

TESTS("sim/cron", an_expression_tells_its_next_times, what_is_no_expression_is_refused)
