#include <hp/base/test.h>
#include <hp/cty/value.h>

static struct arena *arena;

static void setup(void)
{
    arena_free(arena);
    arena = arena_new(1 << 26);
}

static const struct cty_value *word(const char *text)
{
    return cty_str(arena, str_of(text));
}

static const struct cty_value *words(bool set, const char *a, const char *b, const char *c)
{
    const struct cty_value *items[] = {word(a), word(b), word(c)};
    return set ? cty_set(arena, &cty_string, items, 3) : cty_list(arena, &cty_string, items, 3);
}

START_TEST(strings_are_composed_and_made_utf8)
{
    setup();
    ck_assert_str(word("u\xcc\x88")->text, S("\xc3\xbc"));
    ck_assert_str(cty_str(arena, S("a\0b"))->text, S("a\0b"));
    ck_assert_str(cty_str(arena, S("a\0\xff"))->text, S("a\0\xef\xbf\xbd"));
    ck_assert_str(cty_str(arena, (struct str){NULL, 0})->text, S(""));
}
END_TEST

START_TEST(a_set_has_an_order_of_its_own_and_nothing_twice)
{
    setup();
    const struct cty_value *set = words(true, "b", "a", "b");

    ck_assert_uint_eq(set->count, 2);
    ck_assert_str(set->items[0]->text, S("a"));
    ck_assert(cty_set_has(set, word("b")));
    ck_assert(!cty_set_has(set, word("c")));
    ck_assert(cty_equal(set, words(true, "a", "a", "b")));
    ck_assert(!cty_equal(words(false, "a", "b", "c"), words(false, "a", "c", "b")));
}
END_TEST

START_TEST(unknowns_in_a_set_stay_apart)
{
    setup();
    const struct cty_refinement refined = {.not_null = true};
    const struct cty_value *plain = cty_unknown(arena, &cty_string),
                           *not_null = cty_refine(arena, &cty_string, &refined);
    const struct cty_value *one[] = {plain, word("x"), not_null, plain},
                           *other[] = {not_null, plain, plain, word("x")};
    const struct cty_value *a = cty_set(arena, &cty_string, one, 4),
                           *b = cty_set(arena, &cty_string, other, 4);

    ck_assert_uint_eq(a->count, 4);
    ck_assert_str(a->items[0]->text, S("x"));
    ck_assert(cty_equal(a, b));
    ck_assert(!cty_is_wholly_known(a));
}
END_TEST

START_TEST(large_sets_are_made_in_no_time)
{
    enum { count = 100000 };
    setup();
    const struct cty_value **items = arena_array(arena, const struct cty_value *, count);
    const struct cty_type *pair[] = {&cty_number, &cty_string};
    const struct cty_type *tuple = cty_tuple_of(arena, pair, 2);

    for (int64_t i = 0; i < count; i++) {
        const struct cty_value *parts[] = {cty_int(arena, (i * 7919) % (count / 2)), word("x")};
        items[i] = cty_tuple(arena, tuple, parts);
    }
    const struct cty_value *set = cty_set(arena, tuple, items, count);

    ck_assert_uint_eq(set->count, count / 2);
}
END_TEST

START_TEST(the_last_of_equal_keys_wins_in_a_map)
{
    setup();
    const struct str keys[] = {S("b"), S("u\xcc\x88"), S("a"), S("\xc3\xbc")};
    const struct cty_value *items[] = {word("1"), word("2"), word("3"), word("4")};
    const struct cty_value *map = cty_map(arena, &cty_string, keys, items, 4);

    ck_assert_uint_eq(map->count, 3);
    ck_assert_str(map->keys[0], S("a"));
    ck_assert_str(cty_lookup(map, S("\xc3\xbc"))->text, S("4"));
    ck_assert_ptr_null(cty_lookup(map, S("c")));
    ck_assert_ptr_null(cty_lookup(word("x"), S("c")));
}
END_TEST

START_TEST(changing_one_attribute_leaves_the_old_object_as_it_was)
{
    setup();
    const struct cty_attribute attributes[] = {{.name = S("a"), .type = &cty_string},
                                               {.name = S("any"), .type = &cty_dynamic}};
    const struct cty_type *type = cty_object_of(arena, attributes, 2);
    const struct cty_value *items[] = {word("old"), cty_null(arena, &cty_dynamic)};
    const struct cty_value *object = cty_object(arena, type, items);

    const struct cty_value *changed = cty_with(arena, object, S("a"), word("new"));
    const struct cty_value *typed = cty_with(arena, changed, S("any"), cty_truth(arena, true));

    ck_assert_str(cty_get(object, S("a"))->text, S("old"));
    ck_assert_str(cty_get(typed, S("a"))->text, S("new"));
    ck_assert(cty_get(typed, S("any"))->truth);
    ck_assert(cty_conforms(typed, type));
    ck_assert_ptr_null(cty_get(typed, S("b")));
    ck_assert_ptr_null(cty_get(cty_null(arena, type), S("a")));
}
END_TEST

START_TEST(conformance_is_of_types)
{
    setup();
    const struct cty_value *list = words(false, "a", "b", "c");

    ck_assert(cty_conforms(list, &cty_dynamic));
    ck_assert(cty_conforms(list, cty_list_of(arena, &cty_dynamic)));
    ck_assert(!cty_conforms(list, cty_set_of(arena, &cty_string)));
    ck_assert(!cty_conforms(list, cty_list_of(arena, &cty_number)));
}
END_TEST

START_TEST(a_refinement_that_leaves_one_value_is_that_value)
{
    setup();
    const struct cty_value *eight = cty_int(arena, 8);
    const struct cty_refinement exactly = {.not_null = true,
                                           .lower = &eight->number,
                                           .upper = &eight->number,
                                           .lower_inclusive = true,
                                           .upper_inclusive = true};
    const struct cty_refinement two = {.not_null = true,
                                       .has_min_length = true,
                                       .has_max_length = true,
                                       .min_length = 2,
                                       .max_length = 2};
    const struct cty_refinement none = {.not_null = true, .has_max_length = true};
    const struct cty_refinement contradiction = {
        .has_min_length = true, .has_max_length = true, .min_length = 3, .max_length = 2};
    const struct cty_type *list = cty_list_of(arena, &cty_string);

    ck_assert(cty_equal(cty_refine(arena, &cty_number, &exactly), eight));
    ck_assert_uint_eq(cty_refine(arena, list, &two)->count, 2);
    ck_assert(cty_equal(cty_refine(arena, list, &none), cty_empty(arena, list)));
    ck_assert_ptr_null(cty_refine(arena, list, &contradiction));
    ck_assert(cty_is_unknown(cty_refine(arena, cty_map_of(arena, &cty_string), &two)));
}
END_TEST

START_TEST(unknowns_become_null_and_equal_elements_meet)
{
    setup();
    const struct cty_value *items[] = {cty_unknown(arena, &cty_string), word("x"),
                                       cty_unknown(arena, &cty_string)};
    const struct cty_value *set = cty_set(arena, &cty_string, items, 3);

    const struct cty_value *known = cty_unknown_to_null(arena, set);

    ck_assert_uint_eq(known->count, 2);
    ck_assert(cty_is_null(known->items[1]));
    ck_assert_uint_eq(set->count, 3);
    ck_assert_ptr_eq(cty_unknown_to_null(arena, known), known);
}
END_TEST

START_TEST(values_are_shown_as_go_shows_them)
{
    setup();
    const struct cty_value *shown[] = {
        word("a\n\"b\""),
        cty_int(arena, -3),
        cty_truth(arena, true),
        cty_null(arena, cty_list_of(arena, &cty_bool)),
        cty_unknown(arena, &cty_dynamic),
        words(true, "b", "a", "a"),
        cty_empty(arena, cty_map_of(arena, &cty_number)),
    };
    static const char *const texts[] = {
        "cty.StringVal(\"a\\n\\\"b\\\"\")",
        "cty.NumberIntVal(-3)",
        "cty.True",
        "cty.NullVal(cty.List(cty.Bool))",
        "cty.DynamicVal",
        "cty.SetVal([]cty.Value{cty.StringVal(\"a\"), cty.StringVal(\"b\")})",
        "cty.MapValEmpty(cty.Number)",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ck_assert_str(cty_show(arena, shown[i]), str_of(texts[i]));
}
END_TEST

START_TEST(the_order_of_values_is_total)
{
    setup();
    const struct cty_value *ascending[] = {word("a"), word("b"), word("ba"),
                                           cty_unknown(arena, &cty_string),
                                           cty_null(arena, &cty_string)};

    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++) {
            int order = cty_compare(ascending[i], ascending[j]);
            ck_assert_int_eq((order > 0) - (order < 0), (i > j) - (i < j));
        }
    ck_assert_int_lt(cty_compare(cty_truth(arena, false), cty_truth(arena, true)), 0);
}
END_TEST

TESTS("cty/value", strings_are_composed_and_made_utf8,
      a_set_has_an_order_of_its_own_and_nothing_twice, unknowns_in_a_set_stay_apart,
      large_sets_are_made_in_no_time, the_last_of_equal_keys_wins_in_a_map,
      changing_one_attribute_leaves_the_old_object_as_it_was, conformance_is_of_types,
      a_refinement_that_leaves_one_value_is_that_value,
      unknowns_become_null_and_equal_elements_meet, values_are_shown_as_go_shows_them,
      the_order_of_values_is_total)
