#include "fixture.h"

static const char *const words[] = {"a", NULL}, *const no_words[] = {NULL};
static bool same(const struct cty_value *a, const struct cty_value *b)
{
    return cty_equal(a, b);
}
static const struct tf_attr leaf[] = {{"x", TF_STRING, .flags = TF_OPTIONAL}, {0}};
static const struct tf_attr computed_leaf[] = {{"x", TF_STRING, .flags = TF_COMPUTED}, {0}};
static const struct tf_attr same_leaf[] = {{"x", TF_STRING, .flags = TF_OPTIONAL, .same = same},
                                           {0}};
static const struct tf_attr wo_leaf[] = {{"x", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY},
                                         {0}};
static const struct tf_attr dynamic_leaf[] = {{"x", TF_DYNAMIC, .flags = TF_OPTIONAL}, {0}};
static const struct tf_attr deep_leaf[] = {
    {"x", TF_OBJECT, .attrs = computed_leaf, .flags = TF_OPTIONAL}, {0}};

static const struct {
    struct tf_attr row;
    const char *said;
} rows[] = {
    {{"a", TF_STRING}, "must set Optional, Required or Computed"},
    {{"a", TF_STRING, .flags = TF_REQUIRED | TF_OPTIONAL}, "Required goes with neither"},
    {{"a", TF_STRING, .flags = TF_REQUIRED | TF_COMPUTED}, "Required goes with neither"},
    {{"a", TF_STRING, .flags = TF_OC | TF_WRITE_ONLY}, "can't be computed"},
    {{"a", TF_STRING, .flags = TF_OPTIONAL | TF_STABLE}, "only a computed attribute"},
    {{"a", TF_STRING, .flags = TF_OPTIONAL | TF_LOCAL | TF_REPLACE}, "a local attribute"},
    {{"a", TF_STRING, .flags = TF_OPTIONAL, .fallback = "x"}, "a default needs"},
    {{"a", TF_STRING, .flags = TF_REQUIRED, .fallback = "x"}, "a default needs"},
    {{"a", .flags = TF_OPTIONAL}, "has no kind"},
    {{"a", TF_OBJECT, .flags = TF_OPTIONAL}, "an object needs attributes"},
    {{"a", TF_STRING, .attrs = leaf, .flags = TF_OPTIONAL}, "a primitive has no attributes"},
    {{"a", TF_LIST, .flags = TF_OPTIONAL}, "a collection is of a kind"},
    {{"a", TF_LIST, TF_STRING, leaf, .flags = TF_OPTIONAL}, "a collection is of a kind"},
    {{"a", TF_LIST, TF_DYNAMIC, .flags = TF_OPTIONAL}, "a collection is of primitives"},
    {{"a", TF_SET, .attrs = computed_leaf, .flags = TF_OPTIONAL}, "a.x: nothing computed"},
    {{"a", TF_SET, .attrs = deep_leaf, .flags = TF_OPTIONAL}, "a.x.x: nothing computed"},
    {{"a", TF_SET, .attrs = wo_leaf, .flags = TF_OPTIONAL}, "nothing computed or write-only"},
    {{"a", TF_SET, .attrs = same_leaf, .flags = TF_OPTIONAL}, "have no counterpart"},
    {{"a", TF_MAP, .attrs = dynamic_leaf, .flags = TF_OPTIONAL}, "no dynamic inside"},
    {{"a", TF_INT, .flags = TF_OPTIONAL, .oneof = words}, "words and patterns are for strings"},
    {{"a", TF_STRING, .flags = TF_OPTIONAL, .oneof = no_words}, "no word is allowed"},
    {{"a", TF_STRING, .flags = TF_OPTIONAL, .ranged = true}, "a range is for numbers"},
    {{"a", TF_INT, .flags = TF_OPTIONAL, .ranged = true, .min = 2, .max = 1}, "min is above max"},
    {{"a", TF_INT, .flags = TF_OPTIONAL, .max_len = 2}, "have a length"},
    {{"a", TF_STRING, .flags = TF_OPTIONAL, .min_len = 3, .max_len = 2}, "lengths contradict"},
    {{"a", TF_STRING, .flags = TF_OPTIONAL, .pattern = "("}, "the pattern is wrong: "},
    {{"a", TF_STRING, .flags = TF_OC, .oneof = words, .fallback = "b"}, "not valid itself"},
    {{"a", TF_INT, .flags = TF_OC, .fallback = "b"}, "the default is not of its kind"},
    {{"a", TF_BOOL, .flags = TF_OC, .fallback = "yes"}, "the default is not of its kind"},
    {{"a", TF_LIST, TF_STRING, .flags = TF_OC, .fallback = "{}"}, "not of its kind"},
    {{"a", TF_STRING, .flags = TF_OPTIONAL, .conflicts = "b"}, "not beside it"},
    {{"a", TF_STRING, .flags = TF_OPTIONAL, .requires = "a"}, "not beside it"},
    {{"a", TF_STRING, .flags = TF_OPTIONAL, .one_of_group = "g"}, "two or more"},
    {{"A", TF_STRING, .flags = TF_OPTIONAL}, "small letters"},
    {{"1a", TF_STRING, .flags = TF_OPTIONAL}, "small letters"},
    {{"count", TF_STRING, .flags = TF_OPTIONAL}, "a reserved name"},
    {{"lifecycle", TF_STRING, .flags = TF_OPTIONAL}, "a reserved name"}};

START_TEST(each_bad_row_is_refused_with_its_reason)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct diags diags = diags_in(arena);
        struct tf_attr table[2] = {rows[i].row};
        ck_assert_msg(!tf_schema_check(arena, table, NULL, false, &diags), "row %zu: %s", i,
                      rows[i].said);
        ck_assert_msg(str_has(diags.last->detail, str_of(rows[i].said)), "row %zu: %.*s", i,
                      STR(diags.last->detail));
    }
}
END_TEST

static const struct {
    struct tf_block row;
    const char *said;
} block_rows[] = {{{"b", .attrs = leaf}, "has no nesting"},
                  {{"b", TF_BLOCK_SINGLE, leaf, .max_items = 1}, "only lists and sets"},
                  {{"b", TF_BLOCK_MAP, leaf, .min_items = 1}, "only lists and sets"},
                  {{"b", TF_BLOCK_LIST, leaf, .min_items = 2, .max_items = 1}, "is above"},
                  {{"b", TF_BLOCK_LIST, leaf, .min_items = -1}, "have counts"},
                  {{"b", TF_BLOCK_SET, computed_leaf}, "nothing computed"},
                  {{"b", TF_BLOCK_SINGLE, dynamic_leaf}, "no dynamic"},
                  {{"x", TF_BLOCK_SINGLE, leaf}, "used twice"},
                  {{"locals", TF_BLOCK_SINGLE, leaf}, "a reserved name"}};

START_TEST(each_bad_block_is_refused_with_its_reason)
{
    for (size_t i = 0; i < sizeof block_rows / sizeof block_rows[0]; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct diags diags = diags_in(arena);
        struct tf_block table[2] = {block_rows[i].row};
        bool fine = tf_schema_check(arena, leaf, table, false, &diags);
        ck_assert_msg(!fine && str_has(diags.first->detail, str_of(block_rows[i].said)),
                      "row %zu: %.*s", i, fine ? 4 : STR(diags.first->detail));
    }
}
END_TEST

static bool verb(struct tf_call *call)
{
    (void)call;
    return true;
}

START_TEST(a_resource_needs_the_verbs_that_its_rows_ask_for)
{
    static const struct tf_attr fixed[] = {{"x", TF_STRING, .flags = TF_REQUIRED | TF_REPLACE},
                                           {"note", TF_STRING, .flags = TF_OPTIONAL | TF_LOCAL},
                                           {"id", TF_STRING, .flags = TF_COMPUTED},
                                           {0}};
    const struct tf_resource good = {.type = "lab_a",
                                     .attrs = fixed,
                                     .create = verb,
                                     .read = verb,
                                     .delete_ = verb,
                                     .timeouts = {.create = "5m"}};
    struct tf_resource no_update = good, no_read = good, no_upgrade = good, bad_time = good;
    no_update.attrs = leaf;
    no_read.read = NULL;
    no_upgrade.version = 1;
    bad_time.timeouts.create = "soon";
    const struct tf_resource *const bad[] = {&no_update, &no_read, &no_upgrade, &bad_time};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct diags diags = diags_in(arena);
        ck_assert(tf_resource_check(arena, &good, true, &diags));
        ck_assert_msg(!tf_resource_check(arena, bad[i], true, &diags), "%zu", i);
    }
}
END_TEST

START_TEST(types_follow_the_rows)
{
    static const struct tf_attr attrs[] = {{"s", TF_STRING, .flags = TF_OPTIONAL},
                                           {"n", TF_INT, .flags = TF_OPTIONAL},
                                           {"b", TF_BOOL, .flags = TF_OPTIONAL},
                                           {"d", TF_DYNAMIC, .flags = TF_OPTIONAL},
                                           {"l", TF_LIST, TF_NUMBER, .flags = TF_OPTIONAL},
                                           {"m", TF_MAP, .attrs = leaf, .flags = TF_OPTIONAL},
                                           {"o", TF_OBJECT, .attrs = leaf, .flags = TF_OPTIONAL},
                                           {0}};
    static const struct tf_block blocks[] = {
        {"k", TF_BLOCK_SET, leaf}, {"g", TF_BLOCK_GROUP, leaf}, {0}};
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);

    ck_assert_str(
        cty_type_to_json(arena, tf_object_type(arena, attrs, blocks)),
        S("[\"object\",{\"b\":\"bool\",\"d\":\"dynamic\",\"g\":[\"object\",{\"x\":\"string\"}],"
          "\"k\":[\"set\",[\"object\",{\"x\":\"string\"}]],\"l\":[\"list\",\"number\"],"
          "\"m\":[\"map\",[\"object\",{\"x\":\"string\"}]],\"n\":\"number\","
          "\"o\":[\"object\",{\"x\":\"string\"}],\"s\":\"string\"}]"));
}
END_TEST

TESTS("tf/schema_check", each_bad_row_is_refused_with_its_reason,
      each_bad_block_is_refused_with_its_reason, a_resource_needs_the_verbs_that_its_rows_ask_for,
      types_follow_the_rows)
