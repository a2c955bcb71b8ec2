#include <hp/base/clock.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static int64_t real_now_ms(void *arg)
{
    struct timespec now;
    (void)arg;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t real_tick_ms(void *arg)
{
    struct timespec now;
    (void)arg;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool real_wait_ms(void *arg, struct stop_token *stop, int64_t wait_ms)
{
    (void)arg;
    return stop_wait_ms(stop, wait_ms);
}

static void real_random(void *arg, void *bytes, size_t len)
{
    char *at = bytes;
    (void)arg;
    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0)
            continue; /* interrupted by a signal */
        at += got;
        len -= (size_t)got;
    }
}

static struct str real_env(void *arg, const char *name)
{
    (void)arg;
    return str_of(getenv(name));
}

const struct world *world_of_process(void)
{
    static const struct world world = {real_now_ms, real_tick_ms, real_wait_ms,
                                       real_random, real_env,     NULL};
    return &world;
}

uint64_t world_random_below(const struct world *w, uint64_t limit)
{
    uint64_t number, bound = limit == 0 ? 0 : UINT64_MAX - UINT64_MAX % limit;
    if (limit == 0)
        return 0;
    do
        w->random(w->arg, &number, sizeof number);
    while (number >= bound);
    return number % limit;
}

static struct tm utc_of(int64_t unix_ms)
{
    time_t seconds = unix_ms / 1000 - (unix_ms % 1000 < 0);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    return utc;
}

struct str time_rfc3339(struct arena *arena, int64_t unix_ms)
{
    struct tm t = utc_of(unix_ms);
    return arena_fmt(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900, t.tm_mon + 1,
                     t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

struct str time_basic(struct arena *arena, int64_t unix_ms)
{
    struct tm t = utc_of(unix_ms);
    return arena_fmt(arena, "%04d%02d%02dT%02d%02d%02dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                     t.tm_hour, t.tm_min, t.tm_sec);
}

/* Takes `count` digits off the front. */
static bool take_digits(struct str *rest, size_t count, int *ret_number)
{
    int number = 0;
    if (rest->len < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (rest->ptr[i] < '0' || rest->ptr[i] > '9')
            return false;
        number = number * 10 + (rest->ptr[i] - '0');
    }
    *rest = str_from(*rest, count);
    *ret_number = number;
    return true;
}

static bool take_char(struct str *rest, const char *any_of)
{
    if (rest->len == 0 || rest->ptr[0] == 0 || strchr(any_of, rest->ptr[0]) == NULL)
        return false;
    *rest = str_from(*rest, 1);
    return true;
}

/* +02:00, -0700 */
static bool take_offset(struct str *rest, int *ret_seconds)
{
    bool west = rest->len > 0 && rest->ptr[0] == '-';
    int hours, minutes;

    if (!take_char(rest, "+-") || !take_digits(rest, 2, &hours))
        return false;
    take_char(rest, ":");
    if (!take_digits(rest, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_seconds = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

bool time_parse(struct str text, int64_t *ret_unix_ms)
{
    struct tm t = {0};
    int millis = 0, offset_s = 0;

    if (!take_digits(&text, 4, &t.tm_year))
        return false;
    bool dashes = take_char(&text, "-");
    if (!take_digits(&text, 2, &t.tm_mon) || (dashes && !take_char(&text, "-")) ||
        !take_digits(&text, 2, &t.tm_mday) || !take_char(&text, "Tt ") ||
        !take_digits(&text, 2, &t.tm_hour) || (dashes && !take_char(&text, ":")) ||
        !take_digits(&text, 2, &t.tm_min) || (dashes && !take_char(&text, ":")) ||
        !take_digits(&text, 2, &t.tm_sec))
        return false;
    if (take_char(&text, ".")) {
        int digit, scale = 100;
        if (!take_digits(&text, 1, &digit))
            return false;
        do {
            millis += digit * scale;
            scale /= 10;
        } while (take_digits(&text, 1, &digit));
    }
    if (!take_char(&text, "Zz") && !take_offset(&text, &offset_s))
        return false;
    if (text.len > 0 || t.tm_mon < 1 || t.tm_mon > 12 || t.tm_mday < 1 || t.tm_hour > 23 ||
        t.tm_min > 59 || t.tm_sec > 60)
        return false;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    int day = t.tm_mday, second = t.tm_sec;
    t.tm_sec = 0; /* a leap second may reach into the next day, February the 30th must not */
    int64_t seconds = timegm(&t) + second - offset_s;
    if (t.tm_mday != day)
        return false;
    *ret_unix_ms = seconds * 1000 + millis;
    return true;
}

static const struct {
    struct str name;
    double ms;
} units[] = {{S_INIT("ms"), 1},           {S_INIT("us"), 1e-3},
             {S_INIT("\xc2\xb5s"), 1e-3}, /* micro sign */
             {S_INIT("\xce\xbcs"), 1e-3}, /* Greek mu */
             {S_INIT("ns"), 1e-6},        {S_INIT("h"), 3600e3},
             {S_INIT("m"), 60e3},         {S_INIT("s"), 1e3}};
static const double longest_ms = 9223372036854.0; /* Go's: 64 bits of nanoseconds */

/* Takes a number with an optional fraction off the front; false: there are no digits. */
static bool take_number(struct str *rest, double *ret_number)
{
    double number = 0, place = 1; /* what a digit behind the point is worth */
    bool digits = false, point = false;

    for (; rest->len > 0; *rest = str_from(*rest, 1)) {
        char c = rest->ptr[0];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            digits = true;
            place = point ? place / 10 : 1;
            number = point ? number + (c - '0') * place : number * 10 + (c - '0');
        } else {
            break;
        }
    }
    *ret_number = number;
    return digits;
}

bool duration_parse(struct str text, int64_t *ret_ms)
{
    double total = 0;

    if (str_eq(text, S("0"))) {
        *ret_ms = 0;
        return true;
    }
    if (text.len == 0)
        return false;
    while (text.len > 0) {
        double number;
        size_t i = 0, count = sizeof units / sizeof units[0];
        if (!take_number(&text, &number))
            return false;
        while (i < count && !str_starts(text, units[i].name))
            i++;
        if (i == count)
            return false;
        total += number * units[i].ms;
        text = str_from(text, units[i].name.len);
        if (!(total < longest_ms))
            return false;
    }
    *ret_ms = (int64_t)(total + 0.5);
    return true;
}

/* 1.5s, 0.25s without the zeros at the end */
static struct str seconds_text(struct arena *arena, int64_t ms)
{
    struct str text =
        arena_fmt(arena, "%lld.%03lld", (long long)(ms / 1000), (long long)(ms % 1000));
    while (text.ptr[text.len - 1] == '0')
        text.len--;
    if (text.ptr[text.len - 1] == '.')
        text.len--;
    return text;
}

struct str duration_text(struct arena *arena, int64_t ms)
{
    if (ms == 0)
        return S("0s");
    if (ms < 0)
        return arena_cat(arena, S("-"), duration_text(arena, ms == INT64_MIN ? INT64_MAX : -ms));
    if (ms < 1000)
        return arena_fmt(arena, "%lldms", (long long)ms);
    struct str seconds = seconds_text(arena, ms % 60000);
    if (ms < 60000)
        return arena_cat(arena, seconds, S("s"));
    if (ms < 3600000)
        return arena_fmt(arena, "%lldm%.*ss", (long long)(ms / 60000), STR(seconds));
    return arena_fmt(arena, "%lldh%lldm%.*ss", (long long)(ms / 3600000),
                     (long long)(ms / 60000 % 60), STR(seconds));
}
