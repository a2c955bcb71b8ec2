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

static const struct cty_value *read_as(const char *type, const char *json, enum cty_mode mode)
{
    const struct cty_value *value = NULL;
    error = (struct cty_error){.message = S("accepted")};
    return cty_from_json(arena, type_of(type), str_of(json), mode, &value, &error) ? value : NULL;
}

START_TEST(a_state_of_another_version_is_read)
{
    static const char type[] = "[\"object\",{\"id\":\"string\",\"size\":\"number\","
                               "\"tags\":[\"map\",\"string\"]}]";
    static const char json[] = "{\n  \"gone\": [1, {\"x\": null}],\n  \"size\": \"7\",\n"
                               "  \"tags\": {\"b\": 2, \"a\": true}\n}\n";
    setup();

    const struct cty_value *value = read_as(type, json, CTY_WIRE);

    ck_assert_ptr_nonnull(value);
    ck_assert_str(cty_show(arena, value),
                  S("cty.ObjectVal(map[string]cty.Value{\"id\":cty.NullVal(cty.String), "
                    "\"size\":cty.NumberIntVal(7), \"tags\":cty.MapVal(map[string]cty.Value{"
                    "\"a\":cty.StringVal(\"true\"), \"b\":cty.StringVal(\"2\")})})"));
    ck_assert_ptr_null(read_as(type, json, CTY_STRICT));
    ck_assert_str(error.message, S("unsupported attribute \"gone\""));
}
END_TEST

START_TEST(numbers_keep_all_their_digits)
{
    setup();
    struct buf out = buf_in(arena, 1000);
    const struct cty_value *value =
        read_as("[\"list\",\"number\"]", "[9007199254740993, 1e-7, 1E+2, 0.10]", CTY_WIRE);

    ck_assert(cty_to_json(value->type, value, &out));

    ck_assert_str(buf_str(&out), S("[9007199254740993,0.0000001,100,0.1]"));
}
END_TEST

START_TEST(a_refusal_names_its_place)
{
    setup();
    ck_assert_ptr_null(read_as("[\"object\",{\"a\":[\"tuple\",[\"bool\",\"bool\"]]}]",
                               "{\"a\":[true,[]]}", CTY_WIRE));
    ck_assert_str(error.message, S("bool is required"));
    ck_assert_str(cty_path_text(arena, error.path), S("a[1]"));

    ck_assert_ptr_null(read_as("\"bool\"", "[1,\n2", CTY_WIRE));
    ck_assert_str(error.message, S("parse error: premature EOF (line 2, column 2)"));
}
END_TEST

START_TEST(behind_the_value_only_strict_mode_looks_away)
{
    setup();
    ck_assert_ptr_null(read_as("\"number\"", "1 2", CTY_WIRE));
    ck_assert_ptr_nonnull(read_as("\"number\"", "1 2", CTY_STRICT));
    ck_assert_ptr_nonnull(read_as("\"string\"", "\"a\\\"]\" x", CTY_STRICT));
    ck_assert_ptr_nonnull(read_as("[\"list\",\"string\"]", "[\"]\"] x", CTY_STRICT));
}
END_TEST

START_TEST(what_json_cannot_say_is_not_written)
{
    setup();
    struct buf out = buf_in(arena, 1000);
    const struct cty_value *unknown = cty_unknown(arena, &cty_string);
    struct cty_number infinite = {.infinite = true, .digits = S("")};

    ck_assert(!cty_to_json(&cty_string, unknown, &out));
    ck_assert(!cty_to_json(cty_list_of(arena, &cty_string),
                           cty_list(arena, &cty_string, &unknown, 1), &out));
    ck_assert(!cty_to_json(&cty_number, cty_num(arena, &infinite), &out));
    ck_assert(!cty_to_json(&cty_bool, cty_str(arena, S("true")), &out));
}
END_TEST

START_TEST(nesting_and_size_are_bounded)
{
    struct buf json = buf_on_heap(1 << 20);
    const struct cty_value *value;
    setup();

    for (int i = 0; i < 3 * CTY_MAX_DEPTH; i++)
        buf_putz(&json, "{\"type\":\"dynamic\",\"value\":");
    buf_putz(&json, "null");
    for (int i = 0; i < 3 * CTY_MAX_DEPTH; i++)
        buf_putc(&json, '}');
    ck_assert(!cty_from_json(arena, &cty_dynamic, buf_str(&json), CTY_WIRE, &value, &error));
    ck_assert_str(error.message, S("the value is nested too deeply"));

    buf_clear(&json);
    buf_putc(&json, '[');
    for (int i = 0; i < 20000; i++)
        buf_putz(&json, "\"x\",");
    buf_putz(&json, "\"x\"]");
    for (size_t limit = 1024; limit < 3000000; limit += 99991) {
        struct arena *small = arena_new(limit);
        ck_assert(!cty_from_json(small, type_of("[\"list\",\"string\"]"), buf_str(&json), CTY_WIRE,
                                 &value, &error));
        arena_free(small);
    }
    buf_done(&json);
}
END_TEST

TESTS("cty/json_read", a_state_of_another_version_is_read, numbers_keep_all_their_digits,
      a_refusal_names_its_place, behind_the_value_only_strict_mode_looks_away,
      what_json_cannot_say_is_not_written, nesting_and_size_are_bounded)
