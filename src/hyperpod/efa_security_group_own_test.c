#include "efa_security_group.h"

#include <hp/base/test.h>
#include <hp/cty/codec.h>

static const struct cty_value *object_of(struct arena *arena, const char *json)
{
    const struct cty_value *object = NULL;
    struct cty_error error = {0};

    ck_assert_msg(cty_from_json(arena, tf_object_type(arena, hp_efa_security_group.attrs, NULL),
                                str_of(json), CTY_WIRE, &object, &error),
                  "%.*s", STR(error.message));
    return object;
}

static struct tf_call call_on(struct arena *arena, const char *prior, const char *planned)
{
    struct tf_call call = {.arena = arena,
                           .prior = object_of(arena, prior),
                           .planned = object_of(arena, planned),
                           .private_data = doc_object(arena)};
    call.state = call.planned;
    return call;
}

static const char own[] = "{\"id\":\"sg-1\",\"rule_ids\":{\"self_ingress\":\"sgr-1\","
                          "\"ingress/ssh\":\"sgr-2\"}}";
static const char adopted[] = "{\"id\":\"sg-1\",\"existing_security_group_id\":\"sg-1\","
                              "\"rule_ids\":{\"self_ingress\":\"sgr-1\","
                              "\"ingress/ssh\":\"sgr-2\"}}";

START_TEST(lists_of_ids_hold_each_once)
{
    struct arena *arena = arena_new(1 << 20);
    struct str ids = {0};

    ids = sg_ids_with(arena, ids, S("sgr-12"));
    ids = sg_ids_with(arena, ids, S("sgr-1"));
    ids = sg_ids_with(arena, ids, S("sgr-12"));

    ck_assert_str(ids, S("sgr-12,sgr-1"));
    ck_assert(sg_ids_have(ids, S("sgr-1")));
    ck_assert(!sg_ids_have(ids, S("sgr-2")));
    ck_assert(!sg_ids_have(ids, S("")));
    arena_free(arena);
}
END_TEST

START_TEST(in_a_group_of_its_own_all_that_is_shown_or_left_over_is_ours)
{
    struct arena *arena = arena_new(1 << 20);
    struct tf_call call = call_on(arena, own, own);

    tf_private_set(&call, "strays", S("sgr-3"));
    struct sg_own mine = sg_own_of(&call);

    ck_assert(sg_own_has(&mine, S("sgr-2")) && sg_own_has(&mine, S("sgr-3")));
    ck_assert(!sg_own_has(&mine, S("sgr-4")));
    struct str list = sg_own_list(arena, &mine);
    ck_assert(sg_ids_have(list, S("sgr-1")) && sg_ids_have(list, S("sgr-3")));
    arena_free(arena);
}
END_TEST

START_TEST(in_an_adopted_group_only_what_was_added_is_ours)
{
    struct arena *arena = arena_new(1 << 20);
    struct tf_call call = call_on(arena, adopted, adopted);

    tf_private_set(&call, "added", S("sgr-2"));
    struct sg_own mine = sg_own_of(&call);

    ck_assert(mine.is_adopted);
    ck_assert(!sg_own_has(&mine, S("sgr-1")));
    ck_assert(sg_own_has(&mine, S("sgr-2")));
    ck_assert_str(sg_own_id(&mine, S("self_ingress")), S("sgr-1"));
    ck_assert_str(sg_own_list(arena, &mine), S("sgr-2"));
    arena_free(arena);
}
END_TEST

static struct str remembered(struct arena *arena, const char *prior, const char *planned, bool done,
                             unsigned passes)
{
    struct sg_rule there[] = {{.id = S("sgr-2")}, {.id = S("sgr-9")}, {.id = S("sgr-0")}};
    struct tf_call call = call_on(arena, prior, planned);

    tf_private_set(&call, "added", S("sgr-2,sgr-7"));
    struct sg_work work = {.call = &call,
                           .found = {.items = there, .count = 3},
                           .made = S("sgr-9"),
                           .passes = passes,
                           .own = sg_own_of(&call)};
    sg_adopt_remember(&call, &work, done);
    return tf_private_get(&call, "added");
}

START_TEST(what_was_added_is_remembered_as_the_group_changes_hands)
{
    struct arena *arena = arena_new(1 << 20);

    /* As adopted before: what was ours and is still there, and what was made. */
    ck_assert_str(remembered(arena, adopted, adopted, true, 1), S("sgr-2,sgr-9"));
    /* Broken off: it is not certain what is there, so nothing is forgotten. */
    ck_assert_str(remembered(arena, adopted, adopted, false, 1), S("sgr-2,sgr-7,sgr-9"));
    ck_assert_str(remembered(arena, adopted, adopted, true, 0), S("sgr-2,sgr-7,sgr-9"));
    /* Handed over: all that was shown is ours. */
    struct str handed = remembered(arena, own, adopted, true, 0);
    ck_assert(sg_ids_have(handed, S("sgr-1")) && sg_ids_have(handed, S("sgr-2")));
    /* Taken back: the list has no meaning any more, but only then. */
    ck_assert(remembered(arena, adopted, own, true, 1).ptr == NULL);
    ck_assert_str(remembered(arena, adopted, own, false, 1), S("sgr-2,sgr-7,sgr-9"));
    arena_free(arena);
}
END_TEST

START_TEST(more_than_private_data_can_hold_is_not_remembered_by_half)
{
    struct arena *arena = arena_new(1 << 20);
    struct tf_call call = call_on(arena, own, own);
    struct str long_list = {arena_alloc(arena, SG_REMEMBERED_MAX + 1), SG_REMEMBERED_MAX + 1};

    sg_remember(&call, "strays", S("sgr-3"));
    ck_assert_str(tf_private_get(&call, "strays"), S("sgr-3"));
    sg_remember(&call, "strays", long_list);

    ck_assert(tf_private_get(&call, "strays").ptr == NULL);
    arena_free(arena);
}
END_TEST

TESTS("hyperpod/efa_security_group_own", more_than_private_data_can_hold_is_not_remembered_by_half,
      lists_of_ids_hold_each_once, in_a_group_of_its_own_all_that_is_shown_or_left_over_is_ours,
      in_an_adopted_group_only_what_was_added_is_ours,
      what_was_added_is_remembered_as_the_group_changes_hands)
