#include <hp/base/test.h>
#include <hp/doc/doc.h>

static struct arena *arena;

static struct doc *doc_of(const char *json)
{
    struct doc *doc = NULL;
    struct doc_error error;
    ck_assert_msg(doc_from_json(arena, str_of(json), NULL, &doc, &error), "%s: %.*s", json,
                  STR(error.message));
    return doc;
}

static struct str json_of(const struct doc *doc)
{
    struct buf out = buf_in(arena, 1 << 16);
    ck_assert(doc_to_json(doc, &out));
    return buf_str(&out);
}

START_TEST(members_come_back_in_the_order_they_were_put)
{
    arena = arena_new(1 << 20);
    struct doc *object = doc_object(arena);

    doc_put(arena, object, S("b"), doc_int(arena, -7));
    doc_put(arena, object, S("a"), doc_bool(arena, true));
    doc_put(arena, object, S("none"), NULL);

    ck_assert_str(json_of(object), S("{\"b\":-7,\"a\":true}"));
    ck_assert_uint_eq(object->count, 2);
    arena_free(arena);
}
END_TEST

START_TEST(setting_replaces_all_of_that_name_and_null_removes_them)
{
    arena = arena_new(1 << 20);
    struct doc *object = doc_of("{\"a\":1,\"b\":2,\"a\":3}");

    doc_set(arena, object, S("a"), doc_int(arena, 9));
    ck_assert_str(json_of(object), S("{\"a\":9,\"b\":2}"));
    doc_set(arena, object, S("b"), NULL);
    ck_assert_str(json_of(object), S("{\"a\":9}"));
    doc_set(arena, object, S("c"), doc_fmt(arena, "%d!", 5));
    ck_assert_str(json_of(object), S("{\"a\":9,\"c\":\"5!\"}"));
    ck_assert_uint_eq(object->count, 2);
    arena_free(arena);
}
END_TEST

START_TEST(a_path_walks_objects_and_lists)
{
    arena = arena_new(1 << 20);
    struct doc *doc = doc_of("{\"a\":{\"b\":[{\"c\":\"deep\"}]}}");

    ck_assert_str(doc_text(doc_at(doc, "a.b.0.c")), S("deep"));
    ck_assert_ptr_null(doc_at(doc, "a.b.1.c"));
    ck_assert_ptr_null(doc_at(doc, "a.x.c"));
    ck_assert_ptr_null(doc_at(NULL, "a"));
    arena_free(arena);
}
END_TEST

START_TEST(nothing_has_no_members_and_no_text)
{
    int64_t number = 3;
    bool truth = true;

    ck_assert_ptr_null(doc_get(NULL, S("a")));
    ck_assert_ptr_null(doc_text(NULL).ptr);
    ck_assert(doc_is_null(NULL));
    ck_assert(!doc_to_int64(NULL, &number));
    ck_assert(!doc_to_bool(NULL, &truth));
    ck_assert_int_eq(number, 3);
    doc_each (entry, NULL)
        ck_abort();
}
END_TEST

START_TEST(whole_numbers_are_read_in_every_form)
{
    static const struct {
        const char *json;
        bool whole;
        int64_t number;
    } rows[] = {
        {"12", true, 12},
        {"\"12\"", true, 12},
        {"1.7e1", true, 17},
        {"1200e-2", true, 12},
        {"0e99999999999999999999", true, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"1.5", false, 0},
        {"1e99", false, 0},
        {"\"\"", false, 0},
        {"\"12x\"", false, 0},
        {"true", false, 0},
    };
    arena = arena_new(1 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t number = 77;
        ck_assert_msg(doc_to_int64(doc_of(rows[i].json), &number) == rows[i].whole, "%s",
                      rows[i].json);
        ck_assert_int_eq(number, rows[i].whole ? rows[i].number : 77);
    }
    arena_free(arena);
}
END_TEST

START_TEST(truth_is_also_read_from_words)
{
    bool truth = false;
    arena = arena_new(1 << 20);

    ck_assert(doc_to_bool(doc_of("\"true\""), &truth) && truth);
    ck_assert(doc_to_bool(doc_of("false"), &truth) && !truth);
    ck_assert(!doc_to_bool(doc_of("\"yes\""), &truth));
    ck_assert(!doc_to_bool(doc_of("1"), &truth));
    arena_free(arena);
}
END_TEST

START_TEST(equality_is_of_content_not_of_spelling)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        {"{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":10e-1}", true},
        {"{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":null}", false},
        {"[1,2]", "[2,1]", false},
        {"0.1", "0.10000000000000000555", false},
        {"1e1000000", "10e999999", true},
        {"-0", "0", true},
        {"\"1\"", "1", false},
        {"null", "null", true},
        {"true", "false", false},
    };
    arena = arena_new(1 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(doc_equal(doc_of(rows[i].a), doc_of(rows[i].b)) == rows[i].equal, "%s %s",
                      rows[i].a, rows[i].b);
    ck_assert(doc_equal(NULL, doc_of("null")));
    arena_free(arena);
}
END_TEST

START_TEST(a_copy_outlives_the_arena_it_came_from)
{
    struct arena *first = arena_new(1 << 20);
    arena = first;
    struct doc *doc = doc_of("{\"a\":[\"x\",null,1.50]}");
    struct arena *second = arena_new(1 << 20);

    struct doc *copy = doc_copy(second, doc);
    arena_free(first);
    arena = second;

    ck_assert_str(json_of(copy), S("{\"a\":[\"x\",null,1.50]}"));
    arena_free(second);
}
END_TEST

TESTS("doc/tree", members_come_back_in_the_order_they_were_put,
      setting_replaces_all_of_that_name_and_null_removes_them, a_path_walks_objects_and_lists,
      nothing_has_no_members_and_no_text, whole_numbers_are_read_in_every_form,
      truth_is_also_read_from_words, equality_is_of_content_not_of_spelling,
      a_copy_outlives_the_arena_it_came_from)
