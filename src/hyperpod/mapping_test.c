#include "cluster_bench.h"

static const struct tf_attr port_rows[] = {
    {"number", TF_INT, .flags = TF_OPTIONAL, .write = "Port"},
    {"open", TF_BOOL, .flags = TF_OPTIONAL, .write = "Open"},
    {0},
};

static const struct tf_attr rows[] = {
    {"name", TF_STRING, .flags = TF_REQUIRED, .write = "Name"},
    {"count", TF_INT, .flags = TF_OPTIONAL, .write = "Count", .read = "TargetCount"},
    {"deep", TF_STRING, .flags = TF_OPTIONAL, .write = "Outer.Inner.Deep"},
    {"ports", TF_SET, .attrs = port_rows, .flags = TF_OPTIONAL, .write = "Ports"},
    {"labels", TF_MAP, TF_STRING, .flags = TF_OPTIONAL, .write = "Labels"},
    {"zones", TF_LIST, TF_STRING, .flags = TF_OPTIONAL, .write = "Zones"},
    {"mine", TF_STRING, .flags = TF_OPTIONAL, .write = "Mine", .map = "left to the resource"},
    {"local", TF_STRING, .flags = TF_OPTIONAL},
    {"answer", TF_STRING, .flags = TF_COMPUTED, .read = "Answer"},
    {0},
};

static const struct cty_value *object(struct arena *arena, const char *text)
{
    return value_from(arena, tf_object_type(arena, rows, NULL), json(arena, text));
}

START_TEST(known_members_get_their_wire_names_and_paths)
{
    struct arena *arena = arena_new(1 << 20);
    const struct cty_value *value = object(
        arena, "{\"name\":\"a\",\"count\":3,\"deep\":\"d\",\"ports\":[{\"number\":1,\"open\":"
               "false}],\"labels\":{\"k\":\"v\"},\"zones\":[\"b\",\"a\"],\"answer\":\"x\"}");

    struct str sent = shown(arena, hp_expand(arena, rows, value));

    ck_assert_str(sent, S("{\"Name\":\"a\",\"Count\":3,\"Outer\":{\"Inner\":{\"Deep\":\"d\"}},"
                          "\"Ports\":[{\"Port\":1,\"Open\":false}],\"Labels\":{\"k\":\"v\"},"
                          "\"Zones\":[\"b\",\"a\"]}"));
    arena_free(arena);
}
END_TEST

START_TEST(null_unknown_and_local_members_are_not_sent)
{
    struct arena *arena = arena_new(1 << 20);
    const struct cty_value *value = object(
        arena, "{\"name\":\"?\",\"count\":null,\"mine\":\"m\",\"local\":\"l\",\"zones\":\"?\"}");

    ck_assert_str(shown(arena, hp_expand(arena, rows, value)), S("{}"));
    arena_free(arena);
}
END_TEST

START_TEST(an_answer_is_read_under_its_own_names)
{
    struct arena *arena = arena_new(1 << 20);
    const struct doc *answer = json(
        arena, "{\"Name\":\"a\",\"Count\":9,\"TargetCount\":\"4\",\"Outer\":{\"Inner\":{\"Deep\":"
               "\"d\"}},\"Ports\":[{\"Port\":1,\"Open\":true},null],\"Labels\":{\"k\":\"v\"},"
               "\"Zones\":[],\"Answer\":\"x\",\"New\":1}");

    struct str read = text_of(arena, hp_flatten(arena, rows, answer, NULL));

    ck_assert_str(read, S("{\"answer\":\"x\",\"count\":4,\"deep\":\"d\",\"labels\":{\"k\":\"v\"},"
                          "\"name\":\"a\",\"ports\":[{\"number\":1,\"open\":true}],\"zones\":[]}"));
    arena_free(arena);
}
END_TEST

START_TEST(what_aws_leaves_out_or_garbles_is_null_and_what_has_no_wire_name_stays)
{
    struct arena *arena = arena_new(1 << 20);
    const struct cty_value *prior =
        object(arena, "{\"name\":\"a\",\"count\":3,\"mine\":\"m\",\"local\":\"l\"}");
    const struct doc *answer =
        json(arena, "{\"TargetCount\":\"many\",\"Labels\":[1],\"Ports\":{},\"Zones\":null}");

    struct str read = text_of(arena, hp_flatten(arena, rows, answer, prior));

    ck_assert_str(read, S("{\"local\":\"l\",\"mine\":\"m\"}"));
    arena_free(arena);
}
END_TEST

TESTS("hyperpod/mapping", known_members_get_their_wire_names_and_paths,
      null_unknown_and_local_members_are_not_sent, an_answer_is_read_under_its_own_names,
      what_aws_leaves_out_or_garbles_is_null_and_what_has_no_wire_name_stays)
