#include <hp/base/buf.h>
#include <hp/base/log.h>

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { longest_line = 32 * 1024 };

static struct {
    enum log_form form;
    enum log_level least;
    int fd;
} sink = {LOG_HUMAN, LOG_WARN, 2};

static const char *const names[] = {"trace", "debug", "info", "warn", "error", "off"};

void log_begin(enum log_form form, enum log_level least, int fd)
{
    sink.form = form;
    sink.least = least;
    sink.fd = fd;
}

bool log_wants(enum log_level level)
{
    return level >= sink.least && level < LOG_OFF;
}

bool log_level_from(struct str name, enum log_level *ret_level)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq_nocase(name, str_of(names[i]))) {
            *ret_level = (enum log_level)i;
            return true;
        }
    return false;
}

static void put_json(struct buf *line, struct arena *arena, struct str text)
{
    text = arena_utf8(arena, text);
    buf_putc(line, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool begins = (c & 0xc0) != 0x80; /* a character is never cut in two */
        if (begins && line->len > longest_line - 256)
            break;
        if (c == '"' || c == '\\')
            buf_printf(line, "\\%c", c);
        else if (c < 0x20)
            buf_printf(line, "\\u%04x", c);
        else
            buf_putc(line, (char)c);
    }
    buf_putc(line, '"');
}

/* A cut in the middle of a character would spoil the line: the last bytes that are no whole
 * character go. */
static struct str cut(struct str text)
{
    size_t most = longest_line / 2;
    if (text.len <= most)
        return text;
    while (most > 0 && ((unsigned char)text.ptr[most] & 0xc0) == 0x80)
        most--;
    return str_sub(text, 0, most);
}

static void write_line(enum log_level level, const char *module, struct str message, va_list *pairs)
{
    scoped(arena_freep) struct arena *arena = arena_new(16 * 1024 * 1024);
    struct buf line = buf_in(arena, longest_line);
    struct timespec now;
    struct tm utc;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    if (sink.form == LOG_HCLOG) {
        buf_printf(&line, "{\"@level\":\"%s\",\"@message\":", names[level]);
        put_json(&line, arena, cut(message));
        buf_putz(&line, ",\"@module\":");
        put_json(&line, arena, str_of(module));
        buf_printf(&line, ",\"@timestamp\":\"%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ\"",
                   utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                   utc.tm_sec, now.tv_nsec / 1000);
    } else {
        buf_printf(&line, "%02d:%02d:%02d %-5s %s: ", utc.tm_hour, utc.tm_min, utc.tm_sec,
                   names[level], module);
        buf_put(&line, cut(message));
    }
    for (const char *key = pairs == NULL ? NULL : va_arg(*pairs, const char *); key != NULL;
         key = va_arg(*pairs, const char *)) {
        const char *value = va_arg(*pairs, const char *);
        struct str text = cut(str_of(value == NULL ? "" : value));
        if (line.len + 2 * text.len > longest_line - 1024)
            break;
        if (sink.form == LOG_HCLOG) {
            buf_putc(&line, ',');
            put_json(&line, arena, str_of(key));
            buf_putc(&line, ':');
            put_json(&line, arena, text);
        } else {
            buf_printf(&line, " %s=%.*s", key, STR(text));
        }
    }
    buf_putz(&line, sink.form == LOG_HCLOG ? "}\n" : "\n");
    if (!line.overflow && write(sink.fd, line.ptr, line.len) < 0)
        return; /* nobody listens: there is nobody to tell */
}

void log_line(enum log_level level, const char *module, const char *message, ...)
{
    va_list pairs;
    if (!log_wants(level))
        return;
    va_start(pairs, message);
    write_line(level, module, str_of(message), &pairs);
    va_end(pairs);
}

void log_fmt(enum log_level level, const char *module, const char *format, ...)
{
    va_list args;
    if (!log_wants(level))
        return;
    char message[longest_line / 2 + 1]; /* what is longer would be cut anyway */
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    write_line(level, module, str_of(message), NULL);
}
