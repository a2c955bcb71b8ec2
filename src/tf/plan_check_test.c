#include "fixture.h"

static const struct tf_attr leaf_attrs[] = {
    {"x", TF_STRING, .flags = TF_OPTIONAL}, {"c", TF_STRING, .flags = TF_COMPUTED}, {0}};
static const struct tf_attr set_attrs[] = {{"x", TF_STRING, .flags = TF_OPTIONAL}, {0}};
static const struct tf_attr attrs[] = {
    {"name", TF_STRING, .flags = TF_OPTIONAL},
    {"secret", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE},
    {"wo", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY},
    {"id", TF_STRING, .flags = TF_COMPUTED},
    {"oc", TF_STRING, .flags = TF_OC},
    {"obj", TF_OBJECT, .attrs = leaf_attrs, .flags = TF_OPTIONAL},
    {"list", TF_LIST, .attrs = leaf_attrs, .flags = TF_OPTIONAL},
    {"map", TF_MAP, .attrs = leaf_attrs, .flags = TF_OPTIONAL},
    {"set", TF_SET, .attrs = set_attrs, .flags = TF_OPTIONAL},
    {0}};
static const struct tf_block blocks[] = {
    {"bl", TF_BLOCK_LIST, leaf_attrs},   {"bm", TF_BLOCK_MAP, leaf_attrs},
    {"bs", TF_BLOCK_SET, set_attrs},     {"one", TF_BLOCK_SINGLE, leaf_attrs},
    {"grp", TF_BLOCK_GROUP, leaf_attrs}, {0}};
static bool verb(struct tf_call *call)
{
    (void)call;
    return true;
}
static const struct tf_resource thing = {.type = "lab_thing",
                                         .attrs = attrs,
                                         .blocks = blocks,
                                         .create = verb,
                                         .read = verb,
                                         .update = verb,
                                         .delete_ = verb};

static const struct {
    const char *prior, *config, *planned, *said; /* said NULL: allowed */
} rows[] = {
    {NULL, "{\"name\":\"n\"}", "{\"name\":\"n\",\"id\":\"?\",\"oc\":\"anything\"}", NULL},
    {NULL, "{\"name\":\"n\"}", "{\"name\":\"m\"}",
     "name: planned value cty.StringVal(\"m\") does not match config value cty.StringVal(\"n\")."},
    {"{\"name\":\"p\"}", "{\"name\":\"n\"}", "{\"name\":\"m\"}",
     "does not match config value cty.StringVal(\"n\") nor prior value cty.StringVal(\"p\")"},
    {"{\"name\":\"p\"}", "{\"name\":\"n\"}", "{\"name\":\"p\"}", NULL},
    {"{\"name\":\"p\"}", "{}", "{\"name\":\"p\"}",
     "name: planned value cty.StringVal(\"p\") for a non-computed attribute"},
    {NULL, "{\"name\":\"n\"}", "{\"name\":\"?\"}", "name: planned value"},
    {NULL, "{\"name\":\"?\"}", "{\"name\":\"?\"}", NULL},
    {NULL, "{\"name\":\"?\"}", "{\"name\":\"n\"}", "name: planned value"},
    {NULL, "{\"secret\":\"hush\"}", "{\"secret\":\"hush2\"}",
     "secret: sensitive planned value does not match config value."},
    {"{\"secret\":\"old\"}", "{\"secret\":\"hush\"}", "{\"secret\":\"hush2\"}",
     "secret: sensitive planned value does not match config value nor prior value"},
    {NULL, "{}", "{\"secret\":\"hush\"}",
     "secret: sensitive planned value for a non-computed attribute"},
    {NULL, "{\"wo\":\"hush\"}", "{\"wo\":\"hush\"}",
     "wo: a value was planned for a write-only attribute"},
    {NULL, "{\"wo\":\"hush\"}", "{}", NULL},
    {NULL, "{\"oc\":\"a\"}", "{\"oc\":\"b\"}", "oc: planned value"},
    {NULL, "{\"obj\":{}}", "{}", "obj: planned for absence but config wants existence"},
    {NULL, "{}", "{\"obj\":{}}", "obj: planned value"},
    {NULL, "{\"obj\":{}}", "{\"obj\":\"?\"}", "obj: planned unknown for configured value"},
    {NULL, "{\"obj\":{}}", "{\"obj\":{\"x\":\"1\"}}", "obj.x: planned value"},
    {NULL, "{\"obj\":{\"x\":\"1\"}}", "{\"obj\":{\"x\":\"1\",\"c\":\"?\"}}", NULL},
    {NULL, "{\"list\":[{}]}", "{\"list\":[{},{}]}",
     "list: count in plan (2) disagrees with count in config (1)"},
    {NULL, "{\"list\":[{\"x\":\"1\"}]}", "{\"list\":[{\"x\":\"2\"}]}", "list[0].x: planned value"},
    {"{\"list\":[{\"x\":\"p\"}]}", "{\"list\":[{\"x\":\"1\"}]}",
     "{\"list\":[{\"x\":\"p\",\"c\":\"?\"}]}", NULL},
    {NULL, "{\"list\":[\"?\"]}", "{\"list\":[\"?\"]}", NULL},
    {NULL, "{\"list\":[\"?\",{}]}", "{\"list\":[\"?\",{\"c\":\"?\"}]}", NULL},
    {NULL, "{\"map\":{\"a\":{}}}", "{\"map\":{\"a\":{},\"b\":{}}}",
     "map: map key \"b\" from plan is not present in config"},
    {NULL, "{\"map\":{\"a\":{}}}", "{\"map\":{}}",
     "map: map key \"a\" from config is not present in plan"},
    {NULL, "{\"map\":{\"a\":{}}}", "{\"map\":{\"a\":null}}", "map[\"a\"]: planned for absence"},
    {NULL, "{\"map\":{\"a\":{}}}", "{\"map\":{\"a\":\"?\"}}",
     "map[\"a\"]: planned unknown for configured value"},
    {NULL, "{\"map\":\"?\"}", "{\"map\":{}}", "map: planned value"},
    {NULL, "{\"set\":[{\"x\":\"1\"}]}", "{\"set\":[{\"x\":\"1\"},{\"x\":\"2\"}]}",
     "set: count in plan (2) disagrees"},
    {NULL, "{\"bl\":[{}]}", "{\"bl\":[{\"c\":\"?\"}]}", NULL},
    {NULL, "{}", "{\"bl\":null}",
     "bl: attribute representing a list of nested blocks must be empty to indicate no blocks, not "
     "null"},
    {NULL, "{}", "{\"bs\":null}",
     "bs: attribute representing a set of nested blocks must be empty"},
    {NULL, "{}", "{\"bm\":null}",
     "bm: attribute representing a map of nested blocks must be empty"},
    {NULL, "{}", "{\"grp\":null}",
     "grp: attribute representing a group of nested blocks must be empty"},
    {NULL, "{}", "{\"bl\":[{}]}", "bl: block count in plan (1) disagrees with count in config (0)"},
    {NULL, "{}", "{\"bs\":[{}]}", "bs: block count in plan (1) disagrees with count in config (0)"},
    {NULL, "{\"bl\":[{}]}", "{\"bl\":[\"?\"]}",
     "bl[0]: element representing nested block must not be unknown itself"},
    {NULL, "{\"bs\":[{}]}", "{\"bs\":[\"?\"]}",
     "bs: element representing nested block must not be unknown itself"},
    {NULL, "{\"bl\":[{}]}", "{\"bl\":\"?\"}",
     "bl: attribute representing nested block must not be unknown itself"},
    {NULL, "{\"bl\":\"?\"}", "{\"bl\":[]}", "bl: planned value"},
    {NULL, "{\"bl\":\"?\"}", "{\"bl\":\"?\"}", NULL},
    {NULL, "{\"bl\":[{\"x\":\"1\"}]}", "{\"bl\":[{\"x\":\"2\"}]}", "bl[0].x: planned value"},
    {NULL, "{\"bm\":{\"a\":{}}}", "{\"bm\":{\"b\":{}}}",
     "bm: block key \"b\" from plan is not present in config"},
    {NULL, "{\"bm\":{\"a\":{\"x\":\"1\"}}}", "{\"bm\":{\"a\":{\"x\":\"2\"}}}",
     "bm[\"a\"].x: planned value"},
    {NULL, "{}", "{\"one\":{}}", "one: planned for existence but config wants absence"},
    {NULL, "{\"one\":{}}", "{}", "one: planned for absence but config wants existence"},
    {NULL, "{\"one\":{\"x\":\"1\"}}", "{\"one\":{\"x\":\"2\"}}", "one.x: planned value"},
    {NULL, "{}", "{\"grp\":{\"c\":\"?\"}}", NULL},
    {NULL, "{}", "{\"grp\":{\"x\":\"1\"}}", "grp.x: planned value"}};

START_TEST(each_plan_is_judged_as_core_judges_it)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench;
        bench_begin(&bench, &thing);
        struct tf_rules rules = {.arena = bench.arena, .diags = &bench.rpc.diags};
        struct tf_place place = {.config = object_of(&bench, rows[i].config),
                                 .prior = object_of(&bench, rows[i].prior),
                                 .planned = object_of(&bench, rows[i].planned)};
        tf_rules_of_plan(&rules, rows_of_offer(bench.offer), &place);
        if (rows[i].said == NULL)
            ck_assert_msg(rules.breaks == 0, "row %zu: %.*s", i, STR(told(&bench)));
        else
            ck_assert_msg(rules.breaks > 0 && str_has(told(&bench), str_of(rows[i].said)),
                          "row %zu: %s\n%.*s", i, rows[i].said, STR(told(&bench)));
        ck_assert(!str_has(told(&bench), S("hush")));
        bench_end(&bench);
    }
}
END_TEST

static const char *deed;
static bool hook(struct tf_plan *plan)
{
    struct tf_call *call = plan->call;
    if (str_is(str_of(deed), "wrong name"))
        tf_plan_set(plan, "name", cty_str(call->arena, S("other")));
    if (str_is(str_of(deed), "wrong type"))
        tf_plan_set(plan, "name", cty_truth(call->arena, true));
    if (str_is(str_of(deed), "no such member"))
        tf_plan_unknown(plan, "nowhere");
    if (str_is(str_of(deed), "no such path"))
        tf_plan_replace(plan, cty_path_of(call->arena, "obj.nowhere"));
    if (str_is(str_of(deed), "on destroy"))
        tf_plan_unknown(plan, "name");
    if (str_is(str_of(deed), "nonsense"))
        plan->planned = cty_str(call->arena, S("nonsense"));
    if (str_is(str_of(deed), "nothing"))
        plan->planned = NULL;
    return !str_is(str_of(deed), "mute");
}

START_TEST(a_hook_that_breaks_a_rule_is_named_and_its_plan_is_not_given_out)
{
    static const struct {
        const char *deed, *said, *config;
    } deeds[] = {{"wrong name", "does not match config value", "{\"name\":\"n\"}"},
                 {"wrong type", "string is needed", "{\"name\":\"n\"}"},
                 {"no such member", "no such attribute", "{\"name\":\"n\"}"},
                 {"no such path", "non-existent attribute path", "{\"name\":\"n\"}"},
                 {"nonsense", "not of the type", "{\"name\":\"n\"}"},
                 {"nothing", "planned for absence", "{\"name\":\"n\"}"},
                 {"mute", "did not say why", "{\"name\":\"n\"}"},
                 {"on destroy", "there is no object", NULL}};
    struct tf_resource hooked = thing;
    hooked.plan = hook;
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        struct bench bench;
        bench_begin(&bench, &hooked);
        deed = deeds[i].deed;
        struct tf_plan_answer answer = plan_of(&bench, "{\"name\":\"p\"}", deeds[i].config);
        ck_assert_ptr_null(answer.planned);
        ck_assert_told(&bench, deeds[i].said);
        ck_assert_told(&bench, "The provider made a mistake");
        bench_end(&bench);
    }
}
END_TEST

TESTS("tf/plan_check", each_plan_is_judged_as_core_judges_it,
      a_hook_that_breaks_a_rule_is_named_and_its_plan_is_not_given_out)
