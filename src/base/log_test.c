#include <hp/base/arena.h>
#include <hp/base/log.h>
#include <hp/base/test.h>
#include <unistd.h>

/* What was logged since log_into, as one text. */
static int ends[2];

static void log_into(enum log_form form, enum log_level least)
{
    ck_assert_int_eq(pipe(ends), 0);
    log_begin(form, least, ends[1]);
}

static struct str logged(struct arena *arena)
{
    char *text = arena_alloc(arena, 65536);
    close(ends[1]);
    ssize_t len = read(ends[0], text, 65536);
    close(ends[0]);
    ck_assert_int_ge(len, 0);
    return (struct str){text, (size_t)len};
}

START_TEST(a_line_for_terraform_is_json_whose_values_are_strings)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    log_into(LOG_HCLOG, LOG_DEBUG);

    log_line(LOG_INFO, "aws", "called \"it\"\n", "op", "CreateCluster", "empty", "", NULL);

    struct str line = logged(arena);
    ck_assert(str_starts(line, S("{\"@level\":\"info\",\"@message\":\"called \\\"it\\\"\\u000a\","
                                 "\"@module\":\"aws\",\"@timestamp\":\"2")));
    ck_assert_msg(str_ends(line, S("Z\",\"op\":\"CreateCluster\",\"empty\":\"\"}\n")), "%.*s",
                  STR(line));
}
END_TEST

START_TEST(what_is_too_quiet_is_not_written)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    log_into(LOG_HUMAN, LOG_WARN);

    log_line(LOG_INFO, "aws", "quiet", NULL);
    log_fmt(LOG_DEBUG, "aws", "%s", "quieter");
    log_fmt(LOG_ERROR, "aws", "%d of %d", 1, 2);

    struct str line = logged(arena);
    ck_assert_msg(str_ends(line, S(" error aws: 1 of 2\n")), "%.*s", STR(line));
    ck_assert_uint_eq(str_find(line, S("quiet")), SIZE_MAX);
    ck_assert(log_wants(LOG_WARN) && !log_wants(LOG_INFO) && !log_wants(LOG_OFF));
}
END_TEST

START_TEST(switched_off_nothing_is_written)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    log_into(LOG_HUMAN, LOG_OFF);
    log_line(LOG_ERROR, "aws", "loud", NULL);
    ck_assert_str(logged(arena), S(""));
}
END_TEST

START_TEST(bytes_that_are_no_text_become_text)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    log_into(LOG_HCLOG, LOG_TRACE);

    log_line(LOG_TRACE, "m", "a\xff\x01z", "k", "\xe2\x82", NULL);

    struct str line = logged(arena);
    ck_assert(str_has(line, S("\"a\xef\xbf\xbd\\u0001z\"")));
    ck_assert(str_is_utf8(line));
}
END_TEST

static char *text_of(struct arena *arena, const char *unit, size_t bytes)
{
    char *text = arena_alloc(arena, bytes + 8);
    for (size_t at = 0; at < bytes; at += strlen(unit))
        memcpy(text + at, unit, strlen(unit));
    return text;
}

START_TEST(a_long_line_is_cut_and_stays_one_line_of_valid_json)
{
    static const char *const units[] = {"x",    "\xe2\x82\xac",       "\n",
                                        "\xff", "\n\xf0\x9f\x98\x80", "\"\xc3\xa4"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(1 << 24);
        log_into(LOG_HCLOG, LOG_TRACE);

        char *text = text_of(arena, units[i], 200000);
        log_line(LOG_INFO, "m", text, "key", text, "short", "1", NULL);

        struct str line = logged(arena);
        ck_assert_msg(line.len > 1000 && line.len <= 32 * 1024, "unit %zu: %zu", i, line.len);
        ck_assert_msg(str_is_utf8(line), "unit %zu", i);
        ck_assert_msg(str_ends(line, S("\"}\n")), "unit %zu", i);
        ck_assert_uint_eq(str_find_char(line, '\n'), line.len - 1);
    }
}
END_TEST

START_TEST(a_formatted_message_of_any_length_is_cut_too)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    log_into(LOG_HUMAN, LOG_TRACE);

    log_fmt(LOG_INFO, "m", "%s", text_of(arena, "x", 20 << 20));

    ck_assert_uint_le(logged(arena).len, 32 * 1024);
}
END_TEST

START_TEST(levels_have_names_in_any_case)
{
    enum log_level level = LOG_OFF;

    ck_assert(log_level_from(S("DeBug"), &level));
    ck_assert_int_eq(level, LOG_DEBUG);
    ck_assert(log_level_from(S("off"), &level));
    ck_assert_int_eq(level, LOG_OFF);
    ck_assert(!log_level_from(S("loud"), &level));
    ck_assert_int_eq(level, LOG_OFF);
}
END_TEST

TESTS("base/log", a_line_for_terraform_is_json_whose_values_are_strings,
      what_is_too_quiet_is_not_written, switched_off_nothing_is_written,
      bytes_that_are_no_text_become_text, a_long_line_is_cut_and_stays_one_line_of_valid_json,
      a_formatted_message_of_any_length_is_cut_too, levels_have_names_in_any_case)
