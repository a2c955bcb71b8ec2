#include <hp/base/test.h>
#include <hp/cty/codec.h>

static struct arena *arena;
static struct cty_error error;

static void setup(void)
{
    arena_free(arena);
    arena = arena_new(1 << 24);
}

static const struct cty_type *type_of(const char *json)
{
    const struct cty_type *type = NULL;
    struct str why;
    ck_assert(cty_type_from_json(arena, str_of(json), &type, &why));
    return type;
}

static const struct cty_value *read_as(const char *type, struct str bytes, enum cty_mode mode)
{
    const struct cty_value *value = NULL;
    error = (struct cty_error){.message = S("accepted")};
    return cty_from_msgpack(arena, type_of(type), bytes, mode, &value, &error) ? value : NULL;
}

START_TEST(large_text_is_borrowed_from_the_message)
{
    enum { size = 60 * 1000 * 1000 };
    char *bytes = malloc(5 + size);
    setup();
    memcpy(bytes, "\xdb\x03\x93\x87\x00", 5);
    memset(bytes + 5, 'x', size);

    const struct cty_value *value = read_as("\"string\"", (struct str){bytes, 5 + size}, CTY_WIRE);

    ck_assert_ptr_nonnull(value);
    ck_assert_ptr_eq(value->text.ptr, bytes + 5);
    ck_assert_uint_eq(value->text.len, size);
    ck_assert_uint_lt(arena_used(arena), 10000);
    free(bytes);
}
END_TEST

START_TEST(on_the_wire_every_extension_is_an_unknown)
{
    static const struct {
        struct str bytes;
        bool strict_too;
    } rows[] = {
        {S_INIT("\xd4\0\0"), true},
        {S_INIT("\xd4\x2a\x07"), true},
        {S_INIT("\xc7\x00\x00"), true},
        {S_INIT("\xd5\x63\0\0"), false},
        {S_INIT("\xc7\x03\x0c\x91\xc2\xc2"), false},
        {S_INIT("\xc7\x03\x0c\x81\x05\x01"), false},           /* a length of a string */
        {S_INIT("\xc7\x07\x0c\x82\x02\xa1x\x02\xa1y"), false}, /* contradicts itself */
        {S_INIT("\xd8\x0d\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), false},
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cty_value *value = read_as("\"string\"", rows[i].bytes, CTY_WIRE);
        ck_assert_msg(value != NULL && cty_is_unknown(value), "row %zu", i);
        ck_assert_ptr_null(value->refined);
        ck_assert((read_as("\"string\"", rows[i].bytes, CTY_STRICT) != NULL) == rows[i].strict_too);
    }
}
END_TEST

START_TEST(a_key_of_the_future_is_passed_over_with_its_value)
{
    setup();
    const struct cty_value *value =
        read_as("\"string\"", S("\xc7\x0a\x0c\x83\x07\x92\x01\x02\x01\xc2\x02\xa1p"), CTY_WIRE);

    ck_assert(value != NULL && value->refined != NULL && value->refined->not_null);
    ck_assert_str(value->refined->prefix, S("p"));
}
END_TEST

START_TEST(an_old_state_may_have_other_attributes)
{
    static const char type[] = "[\"object\",{\"a\":\"string\",\"b\":\"number\"}]";
    struct str bytes = S("\x82\xa1z\x82\xa1q\x93\xc0\xc3\xd4\0\0\xa1r\xcb\0\0\0\0\0\0\0\0\xa1"
                         "a\xa1x");
    setup();

    const struct cty_value *value = read_as(type, bytes, CTY_WIRE);

    ck_assert_ptr_nonnull(value);
    ck_assert_str(cty_get(value, S("a"))->text, S("x"));
    ck_assert(cty_is_null(cty_get(value, S("b"))));
    ck_assert_ptr_null(read_as(type, bytes, CTY_STRICT));
    ck_assert_str(error.message, S("unsupported attribute"));
}
END_TEST

START_TEST(a_refusal_names_its_place)
{
    setup();
    ck_assert_ptr_null(read_as("[\"object\",{\"rules\":[\"list\",[\"map\",\"number\"]]}]",
                               S("\x81\xa5rules\x92\x80\x81\xa4port\xa1x"), CTY_WIRE));

    ck_assert_str(error.message, S("number is required"));
    ck_assert_str(cty_path_text(arena, error.path), S("rules[1][\"port\"]"));
}
END_TEST

START_TEST(a_header_that_claims_more_than_there_is_is_refused_at_once)
{
    static const struct {
        const char *type;
        struct str bytes;
    } rows[] = {
        {"[\"list\",\"bool\"]", S_INIT("\xdd\xff\xff\xff\xff\xc3")},
        {"[\"set\",\"bool\"]", S_INIT("\xdd\x7f\xff\xff\xff\xc3")},
        {"[\"map\",\"bool\"]", S_INIT("\xdf\xff\xff\xff\xff\xa1x\xc3")},
        {"\"string\"", S_INIT("\xdb\xff\xff\xff\xffx")},
        {"\"string\"", S_INIT("\xc9\xff\xff\xff\xff\x0c\x80")},
        {"[\"object\",{}]", S_INIT("\xdf\xff\xff\xff\xff\xa1x\xdd\xff\xff\xff\xff")},
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (enum cty_mode mode = CTY_WIRE; mode <= CTY_STRICT; mode++) {
            size_t before = arena_used(arena);
            ck_assert_ptr_null(read_as(rows[i].type, rows[i].bytes, mode));
            ck_assert_uint_lt(arena_used(arena) - before, 10000);
        }
}
END_TEST

START_TEST(values_nest_up_to_the_stated_depth)
{
    struct buf bytes = buf_on_heap(1 << 16);
    setup();

    for (int depth = CTY_MAX_DEPTH - 1; depth <= CTY_MAX_DEPTH; depth++) {
        buf_clear(&bytes);
        for (int i = 0; i < depth; i++)
            buf_put(&bytes, S("\x92\xa9\"dynamic\""));
        buf_putc(&bytes, '\xc0');
        const struct cty_value *value = read_as("\"dynamic\"", buf_str(&bytes), CTY_WIRE);
        ck_assert_int_eq(value != NULL, depth < CTY_MAX_DEPTH);
    }
    ck_assert_str(error.message, S("the value is nested too deeply"));
    buf_done(&bytes);
}
END_TEST

START_TEST(a_value_larger_than_the_arena_is_refused_not_fatal)
{
    enum { count = 60000 };
    struct buf bytes = buf_on_heap(1 << 20);
    const struct cty_value *value;
    setup();

    buf_put(&bytes, S("\xdc\xea\x60"));
    for (int i = 0; i < count; i++)
        buf_putc(&bytes, 1);
    for (size_t limit = 2048; limit < 400000; limit += 7001) {
        struct arena *small = arena_new(limit);
        ck_assert(!cty_from_msgpack(small, type_of("[\"set\",\"number\"]"), buf_str(&bytes),
                                    CTY_WIRE, &value, &error));
        ck_assert_str(error.message, S("the value is too large"));
        arena_free(small);
    }
    buf_done(&bytes);
}
END_TEST

START_TEST(numbers_pass_through_as_they_came)
{
    static const struct str rows[] = {
        S_INIT("\xa3"
               "0.1"),
        S_INIT("\xb3"
               "9223372036854775808"),
        S_INIT("\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a"),
        S_INIT("\x07"),
        S_INIT("\xcb\x7f\xf0\0\0\0\0\0\0"),
        S_INIT("\xd3\x80\0\0\0\0\0\0\0"),
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out = buf_in(arena, 1000);
        const struct cty_value *value = read_as("\"number\"", rows[i], CTY_WIRE);
        ck_assert_ptr_nonnull(value);
        ck_assert(cty_to_msgpack(&cty_number, value, &out));
        ck_assert_str(buf_str(&out), rows[i]);
    }
}
END_TEST

START_TEST(a_large_double_keeps_its_value_on_the_wire)
{
    setup(); /* as older writers send 2^70, which go-cty then rounds to 17 digits */
    const struct cty_value *value = read_as("\"number\"", S("\xcb\x44\x50\0\0\0\0\0\0"), CTY_WIRE);

    ck_assert_str(cty_number_text(arena, &value->number), S("1180591620717411303424"));
}
END_TEST

START_TEST(not_a_number_never_gets_in)
{
    setup();
    ck_assert_ptr_null(read_as("\"number\"", S("\xcb\x7f\xf8\0\0\0\0\0\0"), CTY_WIRE));
    ck_assert_ptr_null(read_as("\"number\"", S("\xca\x7f\xc0\0\0"), CTY_WIRE));
}
END_TEST

START_TEST(a_map_key_that_is_no_string_is_refused_on_the_wire)
{
    setup();
    ck_assert_ptr_null(read_as("[\"map\",\"bool\"]", S("\x81\x01\xc3"), CTY_WIRE));
    ck_assert_str(error.message, S("non-string key in map"));
    ck_assert_str(read_as("[\"map\",\"bool\"]", S("\x81\x01\xc3"), CTY_STRICT)->keys[0], S(""));
}
END_TEST

TESTS("cty/msgpack_read", large_text_is_borrowed_from_the_message,
      on_the_wire_every_extension_is_an_unknown, a_key_of_the_future_is_passed_over_with_its_value,
      an_old_state_may_have_other_attributes, a_refusal_names_its_place,
      a_header_that_claims_more_than_there_is_is_refused_at_once,
      values_nest_up_to_the_stated_depth, a_value_larger_than_the_arena_is_refused_not_fatal,
      numbers_pass_through_as_they_came, a_large_double_keeps_its_value_on_the_wire,
      not_a_number_never_gets_in, a_map_key_that_is_no_string_is_refused_on_the_wire)
