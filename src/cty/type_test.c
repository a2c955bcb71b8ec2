#include <hp/base/test.h>
#include <hp/cty/type.h>

static struct arena *arena;

static void setup(void)
{
    arena_free(arena);
    arena = arena_new(1 << 22);
}

static const struct cty_type *type_of(const char *json)
{
    const struct cty_type *type = NULL;
    struct str why = S("");
    ck_assert_msg(cty_type_from_json(arena, str_of(json), &type, &why), "%s: %.*s", json, STR(why));
    return type;
}

static const struct cty_type *two_attributes(void)
{
    const struct cty_attribute attributes[] = {
        {.name = S("size"), .type = &cty_number},
        {.name = S("id"), .type = &cty_string},
    };
    return cty_object_of(arena, attributes, 2);
}

START_TEST(an_object_keeps_its_attributes_sorted_by_name)
{
    setup();
    const struct cty_type *object = two_attributes();

    ck_assert_str(object->attributes[0].name, S("id"));
    ck_assert_int_eq(cty_attribute_index(object, S("size")), 1);
    ck_assert_int_eq(cty_attribute_index(object, S("sise")), -1);
    ck_assert_int_eq(cty_attribute_index(&cty_string, S("id")), -1);
    ck_assert_str(cty_type_to_json(arena, object),
                  S("[\"object\",{\"id\":\"string\",\"size\":\"number\"}]"));
}
END_TEST

START_TEST(types_are_equal_by_what_they_are)
{
    setup();
    ck_assert(cty_type_equal(two_attributes(), two_attributes()));
    ck_assert(cty_type_equal(type_of("[\"list\",\"bool\"]"), cty_list_of(arena, &cty_bool)));
    ck_assert(!cty_type_equal(type_of("[\"list\",\"bool\"]"), cty_set_of(arena, &cty_bool)));
    ck_assert(!cty_type_equal(type_of("[\"object\",{\"a\":\"bool\"}]"),
                              type_of("[\"object\",{\"b\":\"bool\"}]")));
    ck_assert(!cty_type_equal(type_of("[\"object\",{\"a\":\"bool\"},[\"a\"]]"),
                              type_of("[\"object\",{\"a\":\"bool\"}]")));
    ck_assert(!cty_type_equal(type_of("[\"tuple\",[\"bool\"]]"),
                              type_of("[\"tuple\",[\"bool\",\"bool\"]]")));
}
END_TEST

START_TEST(dynamic_is_found_wherever_it_hides)
{
    setup();
    ck_assert(cty_type_has_dynamic(
        type_of("[\"map\",[\"object\",{\"a\":[\"tuple\",[\"bool\",\"dynamic\"]]}]]")));
    ck_assert(!cty_type_has_dynamic(type_of("[\"map\",[\"object\",{\"a\":\"bool\"}]]")));
}
END_TEST

START_TEST(names_are_for_people)
{
    const struct cty_type *const types[] = {&cty_string, &cty_bool};
    setup();

    ck_assert_str(cty_type_name(arena, cty_map_of(arena, cty_set_of(arena, &cty_number))),
                  S("map of set of number"));
    ck_assert_str(cty_type_name(arena, cty_tuple_of(arena, types, 2)), S("tuple"));
    ck_assert_str(cty_type_name(arena, two_attributes()), S("object"));
}
END_TEST

START_TEST(a_type_that_is_no_type_says_why)
{
    static const struct {
        const char *json, *why;
    } rows[] = {
        {"", "EOF"},
        {"\"int\"", "invalid primitive type name \"int\""},
        {"{}", "invalid complex type description"},
        {"[]", "invalid complex type kind name"},
        {"[\"list\"]", "expected comma after array element"},
        {"[\"list\",\"string\",1]", "unexpected extra data in type description"},
        {"[\"object\",{\"a\":\"string\"},[\"b\"]]",
         "an optional attribute is not among the attributes"},
        {"[\"object\",[]]",
         "json: cannot unmarshal array into Go value of type map[string]cty.Type"},
        {"\"bool\" 1", "extraneous data after type description"},
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cty_type *type = &cty_dynamic;
        struct str why = S("");
        ck_assert(!cty_type_from_json(arena, str_of(rows[i].json), &type, &why));
        ck_assert_ptr_eq(type, &cty_dynamic);
        ck_assert_str(why, str_of(rows[i].why));
    }
}
END_TEST

START_TEST(types_nest_up_to_the_stated_depth)
{
    struct buf json = buf_on_heap(1 << 16);
    const struct cty_type *type;
    struct str why;
    setup();

    for (int depth = CTY_MAX_DEPTH - 1; depth <= CTY_MAX_DEPTH; depth++) {
        buf_clear(&json);
        for (int i = 0; i < depth; i++)
            buf_putz(&json, "[\"list\",");
        buf_putz(&json, "\"bool\"");
        for (int i = 0; i < depth; i++)
            buf_putc(&json, ']');
        ck_assert_int_eq(cty_type_from_json(arena, buf_str(&json), &type, &why),
                         depth < CTY_MAX_DEPTH);
    }
    ck_assert_str(why, S("the type is nested too deeply"));
    buf_done(&json);
}
END_TEST

TESTS("cty/type", an_object_keeps_its_attributes_sorted_by_name, types_are_equal_by_what_they_are,
      dynamic_is_found_wherever_it_hides, names_are_for_people, a_type_that_is_no_type_says_why,
      types_nest_up_to_the_stated_depth)
