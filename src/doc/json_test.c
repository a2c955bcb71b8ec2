#include <hp/base/test.h>
#include <hp/doc/doc.h>

static struct arena *arena;

static void setup(void)
{
    arena_free(arena);
    arena = arena_new(1 << 22);
}

static struct str again(struct str json)
{
    struct doc *doc = NULL;
    struct doc_error error;
    struct buf out = buf_in(arena, 1 << 20);

    ck_assert_msg(doc_from_json(arena, json, NULL, &doc, &error), "%.*s: %.*s", STR(json),
                  STR(error.message));
    ck_assert(doc_to_json(doc, &out));
    return buf_str(&out);
}

START_TEST(numbers_keep_their_text)
{
    setup();
    struct str json = S("[9007199254740993,1e400,-0.10,123456789012345678901234567890]");
    ck_assert_str(again(json), json);
    ck_assert_str(again(S("7")), S("7"));
}
END_TEST

START_TEST(members_keep_their_order_and_duplicates_stay)
{
    setup();
    ck_assert_str(again(S(" {\"b\" : 1,\n\"a\":[true,false,null,{}],\"b\":\"\"} ")),
                  S("{\"b\":1,\"a\":[true,false,null,{}],\"b\":\"\"}"));
}
END_TEST

START_TEST(strings_may_hold_nul_and_everything_else)
{
    struct doc *doc = NULL;
    struct doc_error error;
    setup();

    ck_assert(
        doc_from_json(arena, S("\"a\\u0000b\\n\\\"\\ud83e\\udd37\\u00e9\""), NULL, &doc, &error));

    ck_assert_str(doc_text(doc), S("a\0b\n\"\xf0\x9f\xa4\xb7\xc3\xa9"));
    ck_assert_str(again(S("\"a\\u0000b\\n\\\"\\\\\\u001f\"")),
                  S("\"a\\u0000b\\n\\\"\\\\\\u001f\""));
}
END_TEST

START_TEST(half_a_surrogate_pair_becomes_the_replacement_character)
{
    setup();
    ck_assert_str(again(S("\"\\ud800A\\udc00\\ud83e\\u0041\\\\ud800\"")),
                  S("\"\xef\xbf\xbd"
                    "A\xef\xbf\xbd\xef\xbf\xbd"
                    "A\\\\ud800\""));
}
END_TEST

START_TEST(plain_strings_are_borrowed_from_the_text)
{
    struct str json = S("{\"key\":\"value\"}");
    struct doc *doc = NULL;
    struct doc_error error;
    setup();

    ck_assert(doc_from_json(arena, json, NULL, &doc, &error));

    ck_assert_ptr_eq(doc_get_text(doc, S("key")).ptr, json.ptr + 8);
    ck_assert_ptr_eq(doc->first->name.ptr, json.ptr + 2);
}
END_TEST

START_TEST(what_is_not_json_is_refused_with_its_place)
{
    static const struct {
        const char *json, *message;
        size_t line, column;
    } rows[] = {
        {"", "parse error: premature EOF", 1, 1},
        {"[1,\n2,\n!]", "lexical error: invalid char in json text.", 3, 1},
        {"{\"a\":1", "parse error: premature EOF", 1, 7},
        {"[1] 2", "parse error: trailing garbage", 1, 6},
        {"01", "parse error: trailing garbage", 1, 3},
        {"[1,]", "parse error: unallowed token at this point in JSON text", 1, 4},
        {"{\"a\" 1}", "parse error: object key and value must be separated by a colon (':')", 1, 6},
        {"[+1]", "lexical error: invalid char in json text.", 1, 2},
        {"[NaN]", "lexical error: invalid char in json text.", 1, 2},
        {"\"\x01\"", "lexical error: invalid character inside string.", 1, 1},
        {"// no\n1", NULL, 1, 1},
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doc *doc = NULL;
        struct doc_error error = {0};
        ck_assert_msg(!doc_from_json(arena, str_of(rows[i].json), NULL, &doc, &error), "%s",
                      rows[i].json);
        ck_assert_ptr_null(doc);
        if (rows[i].message == NULL)
            continue;
        ck_assert_str(error.message, str_of(rows[i].message));
        ck_assert_msg(error.line == rows[i].line && error.column == rows[i].column, "%s: %zu:%zu",
                      rows[i].json, error.line, error.column);
    }
}
END_TEST

START_TEST(bytes_that_are_not_utf8_are_refused)
{
    struct doc *doc = NULL;
    struct doc_error error;
    setup();

    ck_assert(!doc_from_json(arena, S("\"\xc0\x80\""), NULL, &doc, &error));
    ck_assert_str(error.message, S("the document is not UTF-8"));
}
END_TEST

START_TEST(limits_hold)
{
    static const struct {
        const char *json;
        struct doc_limits limits;
        const char *message;
    } rows[] = {
        {"[[[1]]]", {100, 3, 100}, NULL},
        {"[[[1]]]", {100, 2, 100}, "the document is nested too deeply"},
        {"[1,2,3]", {100, 3, 4}, NULL},
        {"[1,2,3]", {100, 3, 3}, "the document has too many values"},
        {"[1,2,3]", {6, 3, 100}, "the document is too large"},
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doc *doc = NULL;
        struct doc_error error = {0};
        bool fine = doc_from_json(arena, str_of(rows[i].json), &rows[i].limits, &doc, &error);
        ck_assert_int_eq(fine, rows[i].message == NULL);
        if (!fine)
            ck_assert_str(error.message, str_of(rows[i].message));
    }
}
END_TEST

START_TEST(a_tree_larger_than_the_arena_is_refused_not_fatal)
{
    struct arena *small = arena_new(4096);
    struct buf json = buf_on_heap(1 << 20);
    struct doc *doc = NULL;
    struct doc_error error;

    buf_putc(&json, '[');
    for (int i = 0; i < 1000; i++)
        buf_putz(&json, "1,");
    buf_putz(&json, "1]");

    ck_assert(!doc_from_json(small, buf_str(&json), NULL, &doc, &error));
    ck_assert_str(error.message, S("the document is too large"));
    buf_done(&json);
    arena_free(small);
}
END_TEST

START_TEST(what_is_written_is_utf8_whatever_it_was)
{
    struct buf out = buf_on_heap(100);

    doc_json_string(&out, S("a\xff\xc3\xa9\xed\xa0\x80/<"));

    ck_assert_str(buf_str(&out),
                  S("\"a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd/<\""));
    buf_done(&out);
}
END_TEST

START_TEST(a_buffer_that_is_too_small_says_so)
{
    struct buf out = buf_on_heap(4);
    setup();

    ck_assert(!doc_to_json(doc_string(arena, S("long")), &out));
    buf_done(&out);
}
END_TEST

TESTS("doc/json", numbers_keep_their_text, members_keep_their_order_and_duplicates_stay,
      strings_may_hold_nul_and_everything_else,
      half_a_surrogate_pair_becomes_the_replacement_character,
      plain_strings_are_borrowed_from_the_text, what_is_not_json_is_refused_with_its_place,
      bytes_that_are_not_utf8_are_refused, limits_hold,
      a_tree_larger_than_the_arena_is_refused_not_fatal, what_is_written_is_utf8_whatever_it_was,
      a_buffer_that_is_too_small_says_so)
