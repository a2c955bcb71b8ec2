#include "conditions.h"
#include <hp/base/test.h>

static struct doc *read_json(struct arena *arena, const char *text)
{
    struct doc *doc = NULL;
    struct doc_error error;
    ck_assert(doc_from_json(arena, str_of(text), NULL, &doc, &error));
    return doc;
}

static bool apply(struct state *state, struct arena *arena, const char *text)
{
    struct condition_error error;
    return conditions_apply(state, arena, read_json(arena, text), 1000, &error);
}

START_TEST(a_condition_fits_what_it_names_and_all_that_it_does_not)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct state state;
    state_init(&state, 1);

    ck_assert(apply(&state, arena,
                    "{\"kind\":\"no_capacity\",\"zone\":\"usw2-az1\",\"instance_type\":\"ml.a\"}"));
    struct circumstance about = {.zone = S("us-west-2a"), .zone_id = S("usw2-az1")};

    ck_assert_ptr_nonnull(condition_find(&state, CONDITION_NO_CAPACITY, &about, 2000));
    about.instance_type = S("ml.a");
    ck_assert_ptr_nonnull(condition_find(&state, CONDITION_NO_CAPACITY, &about, 2000));
    about.instance_type = S("ml.b");
    ck_assert_ptr_null(condition_find(&state, CONDITION_NO_CAPACITY, &about, 2000));
    ck_assert_ptr_null(condition_find(&state, CONDITION_QUOTA, &about, 2000));
    state_done(&state);
}
END_TEST

START_TEST(a_role_is_told_by_its_name_or_its_arn)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct state state;
    state_init(&state, 1);
    struct circumstance hp = {.role = S("arn:aws:iam::111122223333:role/path/hp")};
    struct circumstance other = {.role = S("arn:aws:iam::111122223333:role/xhp")};

    ck_assert(apply(&state, arena, "{\"kind\":\"missing_role\",\"role\":\"hp\"}"));

    ck_assert_ptr_nonnull(condition_find(&state, CONDITION_MISSING_ROLE, &hp, 0));
    ck_assert_ptr_null(condition_find(&state, CONDITION_MISSING_ROLE, &other, 0));
    state_done(&state);
}
END_TEST

START_TEST(a_condition_strikes_so_many_times_and_ends_in_time)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct state state;
    state_init(&state, 1);
    struct circumstance about = {.node = 2};

    ck_assert(apply(&state, arena,
                    "{\"kind\":\"script_fails\",\"node\":2,\"times\":2,\"for_seconds\":60}"));

    ck_assert_ptr_null(condition_strike(&state, CONDITION_SCRIPT_FAILS, &about, 61000));
    ck_assert_ptr_nonnull(condition_strike(&state, CONDITION_SCRIPT_FAILS, &about, 60999));
    about.node = 1;
    ck_assert_ptr_null(condition_strike(&state, CONDITION_SCRIPT_FAILS, &about, 2000));
    about.node = 2;
    ck_assert_ptr_nonnull(condition_strike(&state, CONDITION_SCRIPT_FAILS, &about, 2000));
    ck_assert_ptr_null(condition_strike(&state, CONDITION_SCRIPT_FAILS, &about, 2000));
    state_done(&state);
}
END_TEST

START_TEST(a_list_is_taken_whole_or_not_at_all)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct condition_error error;
    struct state state;
    state_init(&state, 1);

    bool taken = conditions_apply(
        &state, arena,
        read_json(arena,
                  "[{\"kind\":\"alarm\",\"alarm\":\"a\"},{\"kind\":\"quota\",\"limit\":\"x\"}]"),
        0, &error);

    ck_assert(!taken);
    ck_assert(str_is(error.path, "1.limit"));
    ck_assert(str_has(error.why, S("whole number")));
    ck_assert_uint_eq(state.conditions.count, 0);
    state_done(&state);
}
END_TEST

START_TEST(the_same_condition_once_more_replaces_the_first)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct state state;
    state_init(&state, 1);

    ck_assert(apply(&state, arena, "{\"kind\":\"quota\",\"limit\":5}"));
    ck_assert(apply(&state, arena, "{\"limit\":5,\"kind\":\"quota\"}"));
    ck_assert(apply(&state, arena, "{\"kind\":\"alarm\",\"alarm\":\"a\"}"));
    ck_assert_uint_eq(state.conditions.count, 2);

    ck_assert(!conditions_clear(&state, S("nonsense")));
    ck_assert(conditions_clear(&state, S("quota")));
    ck_assert_uint_eq(state.conditions.count, 1);
    ck_assert(conditions_clear(&state, S("")));
    ck_assert_uint_eq(state.conditions.count, 0);
    state_done(&state);
}
END_TEST

START_TEST(there_is_an_end_to_conditions_that_come_one_by_one)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct condition_error error;
    struct state state;
    state_init(&state, 1);

    for (int limit = 0; limit < 1000; limit++)
        ck_assert(
            apply(&state, arena,
                  arena_z(arena, arena_fmt(arena, "{\"kind\":\"quota\",\"limit\":%d}", limit))));

    ck_assert(!conditions_apply(&state, arena, read_json(arena, "{\"kind\":\"no_capacity\"}"), 0,
                                &error));
    ck_assert_str(error.why, S("there can be 1000 conditions"));
    ck_assert_uint_eq(state.conditions.count, 1000);
    state_done(&state);
}
END_TEST

TESTS("sim/conditions", a_condition_fits_what_it_names_and_all_that_it_does_not,
      a_role_is_told_by_its_name_or_its_arn, a_condition_strikes_so_many_times_and_ends_in_time,
      a_list_is_taken_whole_or_not_at_all, the_same_condition_once_more_replaces_the_first,
      there_is_an_end_to_conditions_that_come_one_by_one)
