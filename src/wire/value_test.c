#include "rpc.h"
#include "tiny.h"
#include <hp/base/test.h>

static struct wire_rpc rpc_in(struct tiny_world *world)
{
    return (struct wire_rpc){.server = world->wire,
                             .arena = world->arena,
                             .tf = {.arena = world->arena, .diags = diags_in(world->arena)}};
}

static Tfplugin6__DynamicValue *value_of(struct tiny_world *world, const char *json,
                                         struct str msgpack)
{
    Tfplugin6__DynamicValue *value = pb_new(world->arena, &tfplugin6__dynamic_value__descriptor);
    value->msgpack = pb_bytes(msgpack);
    value->json = pb_bytes(str_of(json));
    return value;
}

START_TEST(msgpack_counts_before_json_and_nothing_is_null)
{
    struct tiny_world world = tiny_begin();
    struct wire_rpc rpc = rpc_in(&world);
    const struct cty_value *value;

    ck_assert(
        wire_value(&rpc, value_of(&world, "\"json\"", S("\xa1m")), &cty_string, "it", &value));
    ck_assert_str(value->text, S("m"));
    ck_assert(wire_value(&rpc, value_of(&world, "\"json\"", S("")), &cty_string, "it", &value));
    ck_assert_str(value->text, S("json"));
    ck_assert(wire_value(&rpc, value_of(&world, "", S("")), &cty_string, "it", &value));
    ck_assert(cty_is_null(value));
    ck_assert(wire_value(&rpc, NULL, &cty_string, "it", &value));
    ck_assert(cty_is_null(value));
    ck_assert_uint_eq(rpc.tf.diags.errors, 0);
    tiny_end(&world);
}
END_TEST

START_TEST(what_is_broken_is_told_with_its_name)
{
    static const char *const broken[] = {"{", "[1]", ""};
    struct tiny_world world = tiny_begin();
    struct wire_rpc rpc = rpc_in(&world);
    const struct cty_value *value = NULL;

    for (size_t i = 0; i < 3; i++)
        ck_assert(!wire_value(&rpc, value_of(&world, broken[i], i == 2 ? S("\xc1") : S("")),
                              &cty_string, "the plan", &value));

    ck_assert_ptr_null(value);
    ck_assert_uint_eq(rpc.tf.diags.errors, 3);
    ck_assert(str_has(rpc.tf.diags.first->detail, S("the plan")));
    tiny_end(&world);
}
END_TEST

START_TEST(an_object_with_a_member_that_can_not_be_written_keeps_the_others)
{
    struct tiny_world world = tiny_begin();
    struct wire_rpc rpc = rpc_in(&world);
    struct cty_attribute members[] = {{S_INIT("id"), &cty_string, false},
                                      {S_INIT("size"), &cty_number, false}};
    const struct cty_type *type = cty_object_of(world.arena, members, 2);
    const struct cty_value *items[] = {cty_str(world.arena, S("t-1")),
                                       cty_truth(world.arena, true)}; /* no number */
    const struct cty_value value = {.type = type, .items = items, .count = 2};

    Tfplugin6__DynamicValue *written = wire_dynamic(&rpc, type, &value);

    ck_assert_str(pb_str(written->msgpack), S("\x82\xa2id\xa3t-1\xa4size\xc0"));
    ck_assert_uint_eq(rpc.tf.diags.errors, 1);
    tiny_end(&world);
}
END_TEST

START_TEST(no_value_is_written_as_null)
{
    struct tiny_world world = tiny_begin();
    struct wire_rpc rpc = rpc_in(&world);

    ck_assert_str(pb_str(wire_dynamic(&rpc, &cty_string, NULL)->msgpack), S("\xc0"));
    tiny_end(&world);
}
END_TEST

TESTS("wire/value", msgpack_counts_before_json_and_nothing_is_null,
      what_is_broken_is_told_with_its_name,
      an_object_with_a_member_that_can_not_be_written_keeps_the_others, no_value_is_written_as_null)
