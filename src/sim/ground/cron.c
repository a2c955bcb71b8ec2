#include "cron.h"

static const char *const month_names[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL",
                                          "AUG", "SEP", "OCT", "NOV", "DEC", NULL};
static const char *const weekday_names[] = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", NULL};

struct field {
    int first, last;
    const char *const *names; /* of the values from the first on; or NULL */
};

/* A number or a name at the start; false: there is none in the field's range. */
static bool take_value(struct str *rest, const struct field *field, int *ret)
{
    int64_t number;
    for (int i = 0; field->names != NULL && field->names[i] != NULL; i++)
        if (str_eq_nocase(str_sub(*rest, 0, 3), str_of(field->names[i]))) {
            *rest = str_from(*rest, 3);
            *ret = field->first + i;
            return true;
        }
    if (!str_to_int64(str_take_digits(rest), &number) || number < field->first ||
        number > field->last)
        return false;
    *ret = (int)number;
    return true;
}

static bool take(struct str *rest, char c)
{
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    *rest = str_from(*rest, 1);
    return true;
}

static void set(uint64_t *bits, int value)
{
    bits[value / 64] |= UINT64_C(1) << value % 64;
}

static bool has(const uint64_t *bits, int value)
{
    return (bits[value / 64] >> value % 64 & 1) != 0;
}

/* One part of a list: "*", "5", "1-5", any of these with a step. Bit 0 is the value `base`. */
static bool read_part(struct str part, const struct field *field, int base, uint64_t *bits)
{
    int from = field->first, to = field->last, step = 1;
    bool all = take(&part, '*');

    if (!all) {
        if (!take_value(&part, field, &from))
            return false;
        to = from;
        if (take(&part, '-') && (!take_value(&part, field, &to) || to < from))
            return false;
    }
    if (take(&part, '/')) {
        const struct field steps = {1, field->last, NULL};
        if (!take_value(&part, &steps, &step))
            return false;
        if (!all && to == from) /* 1/10: from 1 on */
            to = field->last;
    }
    for (int value = from; value <= to; value += step)
        set(bits, value - base);
    return part.len == 0;
}

static bool read_list(struct str text, const struct field *field, int base, uint64_t *bits)
{
    struct str part;
    while (str_next(&text, ',', &part))
        if (!read_part(part, field, base, bits))
            return false;
    return true;
}

static const struct field minutes = {0, 59, NULL}, hours = {0, 23, NULL}, days = {1, 31, NULL},
                          months = {1, 12, month_names}, weekdays = {1, 7, weekday_names},
                          years = {CRON_FIRST_YEAR, CRON_LAST_YEAR, NULL};

static bool read_days(struct str text, struct cron *ret)
{
    struct str rest = text;
    if (str_is(text, "L") || str_is(text, "LW")) {
        ret->last_day = true;
        ret->nearest = text.len == 2;
        return true;
    }
    if (take_value(&rest, &days, &ret->nearest) && str_is(rest, "W"))
        return true;
    ret->nearest = 0;
    return read_list(text, &days, 0, &ret->days);
}

static bool read_weekdays(struct str text, struct cron *ret)
{
    static const struct field nth = {1, 5, NULL};
    struct str rest = text;
    int day;

    if (str_is(text, "L"))
        text = S("SAT"); /* the last of the week */
    if (take_value(&rest, &weekdays, &day) && str_is(rest, "L")) {
        ret->last_weekday = day;
        return true;
    }
    if (take(&rest, '#')) {
        ret->nth_weekday = day;
        return take_value(&rest, &nth, &ret->nth) && rest.len == 0;
    }
    return read_list(text, &weekdays, 0, &ret->weekdays);
}

bool cron_parse(struct str text, struct cron *ret)
{
    struct str fields[6], rest, word;
    size_t count = 0;

    *ret = (struct cron){.minutes = 0};
    if (!str_starts(text, S("cron(")) || !str_ends(text, S(")")))
        return false;
    rest = str_sub(text, 5, text.len - 6);
    while (str_next(&rest, ' ', &word)) {
        if (word.len == 0)
            continue;
        if (count == 6)
            return false;
        fields[count++] = word;
    }
    if (count < 6)
        return false;
    bool any_day = str_is(fields[2], "?"), any_weekday = str_is(fields[4], "?");
    if (any_day == any_weekday) /* exactly one of them says something */
        return false;
    return read_list(fields[0], &minutes, 0, &ret->minutes) &&
           read_list(fields[1], &hours, 0, &ret->hours) &&
           (any_day ? read_list(S("*"), &days, 0, &ret->days) : read_days(fields[2], ret)) &&
           read_list(fields[3], &months, 0, &ret->months) &&
           (any_weekday ? read_list(S("*"), &weekdays, 0, &ret->weekdays)
                        : read_weekdays(fields[4], ret)) &&
           read_list(fields[5], &years, CRON_FIRST_YEAR, ret->years);
}

static int days_in(int year, int month)
{
    static const int usual[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return usual[month - 1] + (month == 2 && leap);
}

/* Of the day that is so many days after 1970-01-01, a Thursday; 1: Sunday. */
static int weekday_of(int64_t day)
{
    return (int)((day + 4) % 7) + 1;
}

/* The working day nearest to a day of the month, within that month. */
static int working_day(int day, int64_t first, int size)
{
    int weekday = weekday_of(first + day - 1);
    if (weekday == 7)
        return day > 1 ? day - 1 : day + 2;
    if (weekday == 1)
        return day < size ? day + 1 : day - 2;
    return day;
}

/* `first`: the number of the month's first day. */
static bool day_fits(const struct cron *cron, int day, int64_t first, int size)
{
    int weekday = weekday_of(first + day - 1);
    if (cron->last_day)
        return day == (cron->nearest != 0 ? working_day(size, first, size) : size) &&
               has(&cron->weekdays, weekday);
    if (cron->nearest > 0)
        return cron->nearest <= size && day == working_day(cron->nearest, first, size);
    if (cron->last_weekday > 0)
        return weekday == cron->last_weekday && day + 7 > size;
    if (cron->nth > 0)
        return weekday == cron->nth_weekday && (day - 1) / 7 + 1 == cron->nth;
    return has(&cron->days, day) && has(&cron->weekdays, weekday);
}

/* The first minute of the day that fits, from this one on; -1: none. */
static int minute_of(const struct cron *cron, int from)
{
    for (int minute = from; minute < 24 * 60; minute++)
        if (has(&cron->hours, minute / 60) && has(&cron->minutes, minute % 60))
            return minute;
    return -1;
}

int64_t cron_next(const struct cron *cron, int64_t after_ms)
{
    int64_t minute = after_ms < 0 ? 0 : after_ms / 60000 + 1; /* of all; the first that may be */
    int64_t first = 0;                                        /* day of the month under way */

    for (int year = CRON_FIRST_YEAR; year <= CRON_LAST_YEAR; year++)
        for (int month = 1; month <= 12; month++) {
            int size = days_in(year, month);
            bool may = (first + size) * 24 * 60 > minute && has(&cron->months, month) &&
                       has(cron->years, year - CRON_FIRST_YEAR);
            for (int day = 1; may && day <= size; day++) {
                int64_t begins = (first + day - 1) * 24 * 60;
                if (begins + 24 * 60 <= minute || !day_fits(cron, day, first, size))
                    continue;
                int found = minute_of(cron, minute > begins ? (int)(minute - begins) : 0);
                if (found >= 0)
                    return (begins + found) * 60000;
            }
            first += size;
        }
    return INT64_MAX;
}
