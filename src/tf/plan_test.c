#include "fixture.h"
#include "lab.h"

static bool verb(struct tf_call *call)
{
    (void)call;
    return true;
}
static bool hook(struct tf_plan *plan)
{
    struct tf_call *call = plan->call;
    if (plan->destroy)
        return tf_str(plan->prior, "note").len == 0 ||
               diag_error(call->diags, NULL, "Protected", "It has a note.");
    struct str note = tf_str(plan->planned, "note");
    if (str_eq(note, S("set size")))
        tf_plan_set(plan, "status", cty_str(call->arena, S("by hook")));
    if (str_eq(note, S("rename")))
        tf_plan_replace(plan, cty_path_of(call->arena, "name"));
    if (str_eq(note, S("unknown status")))
        tf_plan_unknown(plan, "status");
    return true;
}
static const struct tf_resource thing = {.type = "lab_thing",
                                         .attrs = thing_attrs,
                                         .blocks = thing_blocks,
                                         .timeouts = {.create = "5m", .delete_ = "1m"},
                                         .plan = hook,
                                         .create = verb,
                                         .read = verb,
                                         .update = verb,
                                         .delete_ = verb};

static struct bench bench;
static void setup(void)
{
    bench_begin(&bench, &thing);
}
static void teardown(void)
{
    bench_end(&bench);
}

static struct str planned(const char *prior, const char *config)
{
    struct tf_plan_answer answer = plan_of(&bench, prior, config);
    return shown_value(&bench, answer.planned);
}

static struct str replaced(const char *prior, const char *config)
{
    struct tf_plan_answer answer = plan_of(&bench, prior, config);
    ck_assert_silent(&bench);
    return paths_of(&bench, &answer);
}

/* What every plan of a stored thing shows. */
#define BLOCKS ",\"always\":{}"
#define STORED "\"id\":\"i-1\",\"status\":\"up\",\"zone\":\"z\",\"chosen\":\"c\",\"details\":{}"

START_TEST(a_new_thing_gets_defaults_and_its_computed_values_are_unknown)
{
    setup();
    ck_assert_str(planned(NULL, "{\"name\":\"n\"}"),
                  S("{always:{y:1,z:?},chosen:?,details:?,id:?,mode:\"auto\",name:\"n\",named:{},"
                    "pair:[],rule:[],status:?,zone:?}"));
    ck_assert_silent(&bench);
    teardown();
}
END_TEST

START_TEST(an_unchanged_thing_plans_no_difference)
{
    const char *prior =
        "{\"name\":\"n\",\"mode\":\"auto\",\"always\":{\"y\":1,\"z\":\"zz\"}," STORED "}";
    setup();
    struct tf_plan_answer answer = plan_of(&bench, prior, "{\"name\":\"n\"}");
    ck_assert_silent(&bench);
    ck_assert(cty_equal(answer.planned, object_of(&bench, prior)));
    ck_assert_uint_eq(answer.requires_replace_count, 0);
    teardown();
}
END_TEST

START_TEST(a_change_makes_computed_values_unknown_but_stable_ones)
{
    setup();
    ck_assert_str(
        planned(
            "{\"name\":\"n\",\"mode\":\"auto\",\"size\":1,\"always\":{\"y\":1,\"z\":\"zz\"}," STORED
            "}",
            "{\"name\":\"n\",\"size\":2}"),
        S("{always:{y:1,z:?},chosen:?,details:?,id:\"i-1\",mode:\"auto\",name:\"n\",named:{},pair:["
          "],rule:[],size:2,status:?,zone:\"z\"}"));
    ck_assert_silent(&bench);
    teardown();
}
END_TEST

START_TEST(a_local_change_and_time_outs_alone_keep_all_computed_values)
{
    setup();
    ck_assert_str(
        planned("{\"name\":\"n\",\"mode\":\"auto\",\"always\":{\"y\":1,\"z\":\"zz\"}," STORED "}",
                "{\"name\":\"n\",\"note\":\"hello\",\"flight\":{\"skip\":[\"a\"]},\"timeouts\":{"
                "\"create\":\"1h\"}}"),
        S("{always:{y:1,z:\"zz\"},chosen:\"c\",details:{},flight:{mode:\"on\",skip:[\"a\"]},id:\"i-"
          "1\",mode:\"auto\",name:\"n\",named:{},note:\"hello\",pair:[],rule:[],status:\"up\","
          "timeouts:{create:\"1h\"},zone:\"z\"}"));
    ck_assert_silent(&bench);
    teardown();
}
END_TEST

START_TEST(a_local_member_of_a_group_is_a_local_change_too)
{
    const char *prior =
        "{\"name\":\"n\",\"mode\":\"auto\",\"always\":{\"y\":1,\"z\":\"zz\"}," STORED
        ",\"groups\":{\"w\":{\"count\":1,\"kind\":\"plain\",\"arn\":\"a\",\"image\":"
        "\"m\",\"policy\":\"new\"}}}";
    setup();
    struct str text =
        planned(prior, "{\"name\":\"n\",\"groups\":{\"w\":{\"count\":1,\"policy\":\"roll\"}}}");
    ck_assert_silent(&bench);
    ck_assert_msg(str_has(text, S("groups:{w:{arn:\"a\",count:1,image:\"m\",kind:\"plain\",policy:"
                                  "\"roll\"}}")) &&
                      str_has(text, S("status:\"up\"")),
                  "%.*s", STR(text));
    teardown();
}
END_TEST

START_TEST(elements_of_a_map_are_matched_by_key)
{
    setup();
    struct str text = planned(
        "{\"name\":\"n\",\"groups\":{\"b\":{\"count\":1,\"kind\":\"plain\",\"arn\":\"b-arn\","
        "\"image\":"
        "\"b-img\",\"policy\":\"new\"}}," STORED "}",
        "{\"name\":\"n\",\"groups\":{\"a\":{\"count\":5},\"b\":{\"count\":2,\"kind\":\"fast\"}}}");
    ck_assert_silent(&bench);
    ck_assert_msg(
        str_has(text, S("groups:{a:{arn:?,count:5,image:?,kind:\"plain\",policy:\"new\"},"
                        "b:{arn:?,count:2,image:\"b-img\",kind:\"fast\",policy:\"new\"}}")),
        "%.*s", STR(text));
    teardown();
}
END_TEST

START_TEST(elements_of_lists_and_blocks_are_matched_by_place)
{
    setup();
    struct str text = planned(
        "{\"name\":\"n\",\"steps\":[{\"cmd\":\"a\",\"out\":\"1\",\"same\":\"Yes\"}],\"rule\":[{"
        "\"port\":1,"
        "\"rule_id\":\"r1\",\"proto\":\"tcp\"}]," STORED "}",
        "{\"name\":\"n\",\"steps\":[{\"cmd\":\"a\",\"same\":\"YES\"},{\"cmd\":\"b\"}],\"rule\":[{"
        "\"port\":2},"
        "{\"port\":3,\"proto\":\"udp\"}],\"named\":{\"k\":{\"port\":9}},\"one\":{\"x\":\"X\"}}");
    ck_assert_silent(&bench);
    ck_assert_msg(str_has(text, S("steps:[{cmd:\"a\",out:?,same:\"Yes\"},{cmd:\"b\",out:?}]")),
                  "%.*s", STR(text));
    ck_assert_msg(
        str_has(text,
                S("rule:[{port:2,proto:\"tcp\",rule_id:?},{port:3,proto:\"udp\",rule_id:?}]")),
        "%.*s", STR(text));
    ck_assert_msg(str_has(text, S("named:{k:{port:9,proto:\"tcp\",rule_id:?}}")), "%.*s",
                  STR(text));
    ck_assert_msg(str_has(text, S("one:{x:\"X\",y:1,z:?}")), "%.*s", STR(text));
    teardown();
}
END_TEST

START_TEST(what_means_the_same_is_no_change)
{
    const char *prior = "{\"name\":\"n\",\"mode\":\"auto\",\"policy\":\"Allow\",\"always\":{\"y\":"
                        "1,\"z\":\"zz\"}," STORED "}";
    setup();
    struct tf_plan_answer answer = plan_of(&bench, prior, "{\"name\":\"n\",\"policy\":\"ALLOW\"}");
    ck_assert_silent(&bench);
    ck_assert(cty_equal(answer.planned, object_of(&bench, prior)));
    teardown();
}
END_TEST

START_TEST(write_only_values_are_never_planned)
{
    setup();
    struct str text = planned(NULL, "{\"name\":\"n\",\"key\":\"secret\"}");
    ck_assert_silent(&bench);
    ck_assert(!str_has(text, S("secret")));
    teardown();
}
END_TEST

START_TEST(unknown_configuration_stays_unknown)
{
    setup();
    struct str text = planned(
        NULL, "{\"name\":\"?\",\"groups\":\"?\",\"steps\":[\"?\",{\"cmd\":\"?\"}],\"rule\":\"?\","
              "\"tags\":\"?\","
              "\"parts\":[{\"a\":\"?\"}],\"opts\":{\"y\":\"?\"},\"mode\":\"?\",\"any\":\"?\"}");
    ck_assert_silent(&bench);
    ck_assert_str(
        text, S("{always:{y:1,z:?},any:?,chosen:?,details:?,groups:?,id:?,mode:?,name:?,named:{},"
                "opts:{y:?,z:?},pair:[],parts:[{a:?}],rule:?,status:?,steps:[?,{cmd:?,out:?}],"
                "zone:?}"));
    teardown();
}
END_TEST

START_TEST(removing_an_optional_computed_value_keeps_it_and_removing_an_optional_one_does_not)
{
    setup();
    struct str text =
        planned("{\"name\":\"n\",\"size\":3,\"mode\":\"manual\"," STORED "}", "{\"name\":\"n\"}");
    ck_assert_silent(&bench);
    ck_assert_msg(str_has(text, S("zone:\"z\"")), "%.*s", STR(text));
    ck_assert_msg(str_has(text, S("mode:\"auto\"")), "%.*s", STR(text));
    ck_assert_msg(!str_has(text, S("size")), "%.*s", STR(text));
    teardown();
}
END_TEST

struct replacement {
    const char *prior, *config, *paths;
};
static const struct replacement replacements[] = {
    {"{\"name\":\"n\"}", "{\"name\":\"m\"}", "name"},
    {"{\"name\":\"n\"}", "{\"name\":\"?\"}", "name"},
    {"{\"name\":\"n\"}", "{\"name\":\"n\",\"size\":1}", ""},
    {"{\"name\":\"n\",\"size\":2}", "{\"name\":\"n\",\"size\":1}", "size"},
    {"{\"name\":\"n\",\"size\":2}", "{\"name\":\"n\",\"size\":3}", ""},
    /* An unknown that nobody wrote does not replace, a written one does. */
    {"{\"name\":\"n\",\"chosen\":\"c\",\"size\":1}", "{\"name\":\"n\",\"size\":2}", ""},
    {"{\"name\":\"n\",\"chosen\":\"c\"}", "{\"name\":\"n\",\"chosen\":\"d\"}", "chosen"},
    {"{\"name\":\"n\",\"groups\":{\"w\":{\"count\":1,\"role\":\"r\"}}}",
     "{\"name\":\"n\",\"groups\":{\"w\":{\"count\":2,\"role\":\"s\"}}}", "groups[\"w\"].role"},
    {"{\"name\":\"n\",\"groups\":{\"w\":{\"count\":1,\"role\":\"r\"}}}",
     "{\"name\":\"n\",\"groups\":{\"w\":{\"count\":2,\"role\":\"r\"}}}", ""},
    {"{\"name\":\"n\",\"groups\":{\"w\":{\"count\":1,\"role\":\"r\"}}}",
     "{\"name\":\"n\",\"groups\":{}}", "groups[\"w\"].role"},
    {"{\"name\":\"n\"}", "{\"name\":\"n\",\"groups\":{\"w\":{\"count\":1,\"role\":\"r\"}}}",
     "groups[\"w\"].role"},
    {"{\"name\":\"n\",\"parts\":[{\"a\":\"1\",\"b\":\"x\"}]}",
     "{\"name\":\"n\",\"parts\":[{\"a\":\"1\",\"b\":\"y\"}]}", ""},
    {"{\"name\":\"n\",\"parts\":[{\"a\":\"1\",\"b\":\"x\"}]}",
     "{\"name\":\"n\",\"parts\":[{\"a\":\"2\",\"b\":\"x\"}]}", "parts"},
    {"{\"name\":\"n\",\"pair\":[{\"a\":\"1\"}]}", "{\"name\":\"n\"}", "pair"},
    {"{\"name\":\"n\",\"vpc\":{\"subnets\":[\"a\"],\"vpc_id\":\"v\"}}",
     "{\"name\":\"n\",\"vpc\":{\"subnets\":[\"a\"]},\"size\":1}", ""},
    {"{\"name\":\"n\",\"vpc\":{\"subnets\":[\"a\"],\"vpc_id\":\"v\"}}",
     "{\"name\":\"n\",\"vpc\":{\"subnets\":[\"a\",\"b\"]}}", "vpc"},
    {"{\"name\":\"n\"}", "{\"name\":\"n\",\"vpc\":{\"subnets\":[\"a\"]}}", "vpc"},
    {"{\"name\":\"n\",\"vpc\":{\"subnets\":[\"a\"]}}", "{\"name\":\"o\"}", "name vpc"},
    {"{\"name\":\"n\"}", "{\"name\":\"n\",\"note\":\"rename\"}", "name"},
    {"{\"name\":\"n\"}", "{\"name\":\"o\",\"note\":\"rename\"}", "name"}};

START_TEST(replacement_is_found_at_any_depth)
{
    for (size_t i = 0; i < sizeof replacements / sizeof replacements[0]; i++) {
        const struct replacement *row = &replacements[i];
        setup();
        struct str paths = replaced(row->prior, row->config);
        ck_assert_msg(str_is(paths, row->paths), "row %zu: %s -> %s: %.*s", i, row->prior,
                      row->config, STR(paths));
        teardown();
    }
}
END_TEST

START_TEST(the_second_call_of_a_replacement_is_a_create)
{
    setup();
    struct str text = planned(NULL, "{\"name\":\"m\",\"zone\":\"z\"}");
    ck_assert(str_has(text, S("id:?")));
    ck_assert_str(replaced(NULL, "{\"name\":\"m\"}"), S(""));
    teardown();
}
END_TEST

START_TEST(a_destroy_has_no_plan_and_may_be_refused)
{
    setup();
    struct tf_plan_answer answer = plan_of(&bench, "{\"name\":\"n\"}", NULL);
    ck_assert_ptr_null(answer.planned);
    ck_assert_silent(&bench);
    plan_of(&bench, "{\"name\":\"n\",\"note\":\"x\"}", NULL);
    ck_assert_told(&bench, "Protected");
    teardown();
}
END_TEST

START_TEST(the_resource_may_set_what_it_computes)
{
    setup();
    struct str text =
        planned("{\"name\":\"n\"," STORED "}", "{\"name\":\"n\",\"note\":\"set size\"}");
    ck_assert_silent(&bench);
    ck_assert(str_has(text, S("status:\"by hook\"")));
    text = planned("{\"name\":\"n\"," STORED "}", "{\"name\":\"n\",\"note\":\"unknown status\"}");
    ck_assert(str_has(text, S("status:?")));
    teardown();
}
END_TEST

START_TEST(private_data_are_carried_through_unread)
{
    setup();
    struct tf_plan_answer answer;
    struct tf_plan_request request = {.config = object_of(&bench, "{\"name\":\"n\"}"),
                                      .proposed = object_of(&bench, "{\"name\":\"n\"}"),
                                      .prior_private = S("\xff garbage")};
    tf_plan_change(bench.server, &bench.rpc, bench.offer, &request, &answer);
    ck_assert_silent(&bench);
    ck_assert_str(answer.planned_private, S("\xff garbage"));
    teardown();
}
END_TEST

START_TEST(the_same_input_gives_the_same_plan)
{
    setup();
    const char *prior = "{\"name\":\"n\",\"groups\":{\"w\":{\"count\":1}}," STORED "}";
    const char *config = "{\"name\":\"n\",\"groups\":{\"w\":{\"count\":2}}}";
    struct tf_plan_answer one = plan_of(&bench, prior, config),
                          two = plan_of(&bench, prior, config);
    ck_assert(cty_equal(one.planned, two.planned));
    teardown();
}
END_TEST

START_TEST(what_is_dynamic_may_change_its_type)
{
    setup();
    const char *prior = "{\"name\":\"n\",\"any\":\"text\",\"mode\":\"auto\",\"always\":{\"y\":1,"
                        "\"z\":\"zz\"}," STORED "}";
    struct tf_plan_request request = {.prior = object_of(&bench, prior),
                                      .config = object_of(&bench, "{\"name\":\"n\"}")};
    const struct cty_value *numbers[] = {cty_int(bench.arena, 1), cty_int(bench.arena, 2)};
    const struct cty_value *list = cty_list(bench.arena, &cty_number, numbers, 2);
    request.config = cty_with(bench.arena, request.config, S("any"), list);
    request.proposed = request.config;
    struct tf_plan_answer answer;

    tf_plan_change(bench.server, &bench.rpc, bench.offer, &request, &answer);

    ck_assert_silent(&bench);
    ck_assert(cty_equal(tf_value(answer.planned, "any"), list));
    ck_assert(str_has(cty_type_to_json(bench.arena, answer.planned->type),
                      S("\"any\":[\"list\",\"number\"]")));
    teardown();
}
END_TEST

START_TEST(a_null_in_a_dynamic_keeps_its_type)
{
    setup();
    const struct cty_value *null = cty_null(bench.arena, &cty_string);
    struct tf_plan_request request = {.config = object_of(&bench, "{\"name\":\"n\"}")};
    request.config = cty_with(bench.arena, request.config, S("any"), null);
    request.proposed = request.config;
    struct tf_plan_answer answer;

    tf_plan_change(bench.server, &bench.rpc, bench.offer, &request, &answer);

    ck_assert_silent(&bench);
    ck_assert(cty_equal(tf_value(answer.planned, "any"), null));
    teardown();
}
END_TEST

START_TEST(what_is_too_large_is_an_error_and_not_the_end)
{
    setup();
    scoped(arena_freep) struct arena *small = arena_new(96 << 10);
    struct tf_rpc rpc = {.arena = small, .diags = diags_in(small)};
    struct tf_plan_request request = {.config = object_of(&bench, "{\"name\":\"n\"}"),
                                      .proposed = object_of(&bench, "{\"name\":\"n\"}")};
    struct tf_plan_answer answer;
    arena_alloc(small, 40 << 10);

    tf_plan_change(bench.server, &rpc, bench.offer, &request, &answer);

    ck_assert_ptr_null(answer.planned);
    ck_assert_str(rpc.diags.first->summary, S("Too large"));
    teardown();
}
END_TEST

TESTS("tf/plan", what_is_too_large_is_an_error_and_not_the_end, what_is_dynamic_may_change_its_type,
      a_null_in_a_dynamic_keeps_its_type,
      a_new_thing_gets_defaults_and_its_computed_values_are_unknown,
      an_unchanged_thing_plans_no_difference,
      a_change_makes_computed_values_unknown_but_stable_ones,
      a_local_change_and_time_outs_alone_keep_all_computed_values,
      a_local_member_of_a_group_is_a_local_change_too, elements_of_a_map_are_matched_by_key,
      elements_of_lists_and_blocks_are_matched_by_place, what_means_the_same_is_no_change,
      write_only_values_are_never_planned, unknown_configuration_stays_unknown,
      removing_an_optional_computed_value_keeps_it_and_removing_an_optional_one_does_not,
      replacement_is_found_at_any_depth, the_second_call_of_a_replacement_is_a_create,
      a_destroy_has_no_plan_and_may_be_refused, the_resource_may_set_what_it_computes,
      private_data_are_carried_through_unread, the_same_input_gives_the_same_plan)
