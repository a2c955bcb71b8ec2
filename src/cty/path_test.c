#include <hp/base/test.h>
#include <hp/cty/path.h>

static struct arena *arena;

static void setup(void)
{
    arena_free(arena);
    arena = arena_new(1 << 20);
}

START_TEST(a_path_reads_as_it_is_written)
{
    static const char *const rows[] = {
        "name",  "instance_groups[\"workers\"].instance_count", "rules[0].port",
        "a.b.c", "tags[\"with \\\"quotes\\\" and \\\\\"]",      "matrix[0][12]",
        "",
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str(cty_path_text(arena, cty_path_of(arena, rows[i])), str_of(rows[i]));
}
END_TEST

START_TEST(nonsense_is_no_path)
{
    static const char *const rows[] = {".",     "a.",      "a..b",  "a[",    "a[]",   "a[x]",
                                       "a[-1]", "a[\"b\"", "a[\"b", "a[0]b", "a.[0]", "]"};
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(cty_path_of(arena, rows[i]) == NULL, "%s", rows[i]);
}
END_TEST

START_TEST(paths_are_compared_by_shared_prefix_then_step_then_length)
{
    static const char *const ascending[] = {"",       "a",    "a.b",   "a[\"k\"]", "a[0]",
                                            "a[0].z", "a[2]", "a[10]", "b"};
    enum { count = sizeof ascending / sizeof ascending[0] };
    setup();

    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            const struct cty_path *a = cty_path_of(arena, ascending[i]),
                                  *b = cty_path_of(arena, ascending[j]);
            int order = cty_path_compare(a, b);
            ck_assert_msg((order > 0) - (order < 0) == (i > j) - (i < j), "%s %s", ascending[i],
                          ascending[j]);
            ck_assert(cty_path_equal(a, b) == (i == j));
        }
    ck_assert_uint_eq(cty_path_length(cty_path_of(arena, "a[0].z")), 3);
}
END_TEST

/* {"groups": {"w": {"count": 3}}, "names": ["x", null], "ids": {"s"}} */
static const struct cty_value *example(void)
{
    const struct cty_attribute count = {.name = S("count"), .type = &cty_number};
    const struct cty_type *group = cty_object_of(arena, &count, 1);
    const struct cty_value *three = cty_int(arena, 3);
    const struct cty_value *w = cty_object(arena, group, &three);
    const struct str key = S("w");
    const struct cty_value *groups = cty_map(arena, group, &key, &w, 1);
    const struct cty_value *names[] = {cty_str(arena, S("x")), cty_null(arena, &cty_string)};
    const struct cty_value *list = cty_list(arena, &cty_string, names, 2);
    const struct cty_value *ids = cty_set(arena, &cty_string, names, 1);
    const struct cty_attribute attributes[] = {{.name = S("groups"), .type = groups->type},
                                               {.name = S("ids"), .type = ids->type},
                                               {.name = S("names"), .type = list->type}};
    const struct cty_value *items[] = {groups, ids, list};
    return cty_object(arena, cty_object_of(arena, attributes, 3), items);
}

START_TEST(a_path_leads_to_the_value_there)
{
    int64_t count = 0;
    setup();
    const struct cty_value *value = example();

    const struct cty_value *found = cty_at(value, cty_path_of(arena, "groups[\"w\"].count"));
    ck_assert(found != NULL && cty_number_to_int64(&found->number, &count) && count == 3);
    ck_assert(cty_is_null(cty_at(value, cty_path_of(arena, "names[1]"))));
    ck_assert_ptr_eq(cty_at(value, NULL), value);
}
END_TEST

START_TEST(a_path_that_leads_nowhere_finds_nothing)
{
    static const char *const rows[] = {"grups",      "groups[\"v\"]", "groups[\"v\"].count",
                                       "names[2]",   "names[1].x",    "ids[0]",
                                       "ids[\"x\"]", "groups[0]",     "groups.w"};
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(cty_at(example(), cty_path_of(arena, rows[i])) == NULL, "%s", rows[i]);
}
END_TEST

TESTS("cty/path", a_path_reads_as_it_is_written, nonsense_is_no_path,
      paths_are_compared_by_shared_prefix_then_step_then_length, a_path_leads_to_the_value_there,
      a_path_that_leads_nowhere_finds_nothing)
