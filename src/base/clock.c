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

bool time_parse(struct str text, int64_t *ret_unix_ms)
{
    struct tm t = {0};
    int millis = 0, offset_h = 0, offset_m = 0, sign = 1;

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
    if (!take_char(&text, "Zz")) {
        if (text.len == 0 || (text.ptr[0] != '+' && text.ptr[0] != '-'))
            return false;
        sign = text.ptr[0] == '-' ? -1 : 1;
        text = str_from(text, 1);
        if (!take_digits(&text, 2, &offset_h) || !(take_char(&text, ":") || true) ||
            !take_digits(&text, 2, &offset_m))
            return false;
    }
    if (text.len > 0 || t.tm_mon < 1 || t.tm_mon > 12 || t.tm_mday < 1 || t.tm_mday > 31 ||
        t.tm_hour > 23 || t.tm_min > 59 || t.tm_sec > 60)
        return false;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    int64_t seconds = timegm(&t) - sign * (offset_h * 3600 + offset_m * 60);
    *ret_unix_ms = seconds * 1000 + millis;
    return true;
}

static const struct {
    struct str name;
    double ms;
} units[] = {{S_INIT("ms"), 1},     {S_INIT("us"), 1e-3}, {S_INIT("ns"), 1e-6},
             {S_INIT("h"), 3600e3}, {S_INIT("m"), 60e3},  {S_INIT("s"), 1e3}};

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
        double number = 0, scale = 1;
        bool digits = false, point = false, known = false;
        for (; text.len > 0; text = str_from(text, 1)) {
            char c = text.ptr[0];
            if (c == '.' && !point) {
                point = true;
            } else if (c >= '0' && c <= '9') {
                digits = true;
                number = number * 10 + (c - '0');
                scale *= point ? 10 : 1;
            } else {
                break;
            }
        }
        for (size_t i = 0; digits && !known && i < sizeof units / sizeof units[0]; i++)
            if (str_starts(text, units[i].name)) {
                known = true;
                total += number / scale * units[i].ms;
                text = str_from(text, units[i].name.len);
            }
        if (!known || total > 9e15)
            return false;
    }
    *ret_ms = (int64_t)(total + 0.5);
    return true;
}

struct str duration_text(struct arena *arena, int64_t ms)
{
    int64_t s = ms / 1000;
    if (s == 0)
        return ms == 0 ? S("0s") : arena_fmt(arena, "%lldms", (long long)ms);
    if (s >= 3600)
        return arena_fmt(arena, "%lldh%lldm%llds", (long long)(s / 3600),
                         (long long)(s % 3600 / 60), (long long)(s % 60));
    if (s >= 60)
        return arena_fmt(arena, "%lldm%llds", (long long)(s / 60), (long long)(s % 60));
    return arena_fmt(arena, "%llds", (long long)s);
}
