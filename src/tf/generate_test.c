#include "fixture.h"

static bool verb(struct tf_call *call)
{
    (void)call;
    return true;
}
static int account;
static bool configure(struct tf_call *call, void **ret_provider)
{
    (void)call;
    *ret_provider = &account;
    return true;
}
static void *seen;
static bool without_zone(struct tf_call *call)
{
    seen = call->provider;
    if (tf_is_set(call->state, "name"))
        tf_set_null(call, "zone");
    return !str_is(tf_str(call->state, "name"), "mute");
}
static const struct tf_attr part_attrs[] = {{"a", TF_STRING, .flags = TF_REQUIRED},
                                            {"b", TF_INT, .flags = TF_OC, .fallback = "7"},
                                            {"made", TF_STRING, .flags = TF_COMPUTED},
                                            {0}};
static const struct tf_attr choice_attrs[] = {
    {"x", TF_STRING, .flags = TF_OPTIONAL},
    {"old", TF_STRING, .flags = TF_OPTIONAL, .deprecated = "Use x."},
    {0}};
static const struct tf_attr attrs[] = {
    {"name", TF_STRING, .flags = TF_REQUIRED},
    {"id", TF_STRING, .flags = TF_OC},
    {"text", TF_STRING, .flags = TF_OPTIONAL},
    {"zone", TF_STRING, .flags = TF_OC},
    {"mode", TF_STRING, .flags = TF_OC, .fallback = "auto"},
    {"arn", TF_STRING, .flags = TF_COMPUTED},
    {"old", TF_STRING, .flags = TF_OPTIONAL, .deprecated = "Use text."},
    {"key", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY},
    {"either", TF_STRING, .flags = TF_OPTIONAL, .conflicts = "other"},
    {"other", TF_STRING, .flags = TF_OPTIONAL},
    {"first", TF_STRING, .flags = TF_OPTIONAL, .one_of_group = "g"},
    {"second", TF_STRING, .flags = TF_OPTIONAL, .one_of_group = "g"},
    {"former", TF_STRING, .flags = TF_OPTIONAL, .conflicts = "present", .deprecated = "Present."},
    {"present", TF_STRING, .flags = TF_OPTIONAL},
    {"one", TF_STRING, .flags = TF_OPTIONAL, .conflicts = "two"},
    {"two", TF_STRING, .flags = TF_OPTIONAL, .conflicts = "three"},
    {"three", TF_STRING, .flags = TF_OPTIONAL},
    {"parts", TF_MAP, .attrs = part_attrs, .flags = TF_OPTIONAL},
    {"choices", TF_SET, .attrs = choice_attrs, .flags = TF_OPTIONAL},
    {0}};
static const struct tf_block blocks[] = {
    {"rule", TF_BLOCK_LIST, .attrs = part_attrs},
    {"gone", TF_BLOCK_LIST, .attrs = choice_attrs, .deprecated = "Use rule."},
    {0}};
static const struct tf_resource thing = {.type = "lab_thing",
                                         .attrs = attrs,
                                         .blocks = blocks,
                                         .timeouts = {.create = "5m"},
                                         .create = verb,
                                         .read = verb,
                                         .update = verb,
                                         .delete_ = verb,
                                         .generate = without_zone};
static struct bench bench;

static const struct cty_value *generated(const char *state)
{
    return tf_generate_config(bench.server, &bench.rpc, bench.offer, object_of(&bench, state));
}

START_TEST(a_configuration_says_what_a_person_would)
{
    static const struct {
        const char *state, *config;
    } cases[] = {
        {"{\"name\":\"n\",\"id\":\"i\",\"arn\":\"a\",\"text\":\"\",\"mode\":\"auto\"}",
         "{gone:[],name:\"n\",rule:[]}"},
        {"{\"name\":\"n\",\"text\":\"t\",\"mode\":\"off\",\"zone\":\"z\",\"old\":\"o\"}",
         "{gone:[],mode:\"off\",name:\"n\",rule:[],text:\"t\"}"},
        {"{\"name\":\"n\",\"either\":\"e\",\"other\":\"o\",\"first\":\"f\",\"second\":\"s\"}",
         "{either:\"e\",first:\"f\",gone:[],name:\"n\",rule:[]}"},
        /* What is left out itself excludes nothing. */
        {"{\"name\":\"n\",\"former\":\"f\",\"present\":\"p\",\"first\":\"\",\"second\":\"s\"}",
         "{gone:[],name:\"n\",present:\"p\",rule:[],second:\"s\"}"},
        {"{\"name\":\"n\",\"one\":\"1\",\"two\":\"2\",\"three\":\"3\"}",
         "{gone:[],name:\"n\",one:\"1\",rule:[],three:\"3\"}"},
        {"{\"name\":\"n\",\"other\":\"o\",\"second\":\"s\"}",
         "{gone:[],name:\"n\",other:\"o\",rule:[],second:\"s\"}"},
        {"{\"name\":\"n\",\"parts\":{\"p\":{\"a\":\"1\",\"b\":7,\"made\":\"m\"}},"
         "\"rule\":[{\"a\":\"\",\"b\":8,\"made\":\"m\"}],\"gone\":[{\"x\":\"1\"}],"
         "\"choices\":[{\"x\":\"1\",\"old\":\"2\"}],\"timeouts\":{\"create\":\"1m\"}}",
         "{choices:[{x:\"1\"}],gone:[],name:\"n\",parts:{p:{a:\"1\"}},rule:[{a:\"\",b:8}]}"},
    };
    bench_begin(&bench, &thing);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct cty_value *config = generated(cases[i].state);
        ck_assert_silent(&bench);
        ck_assert_str(shown_value(&bench, config), str_of(cases[i].config));
        tf_validate(bench.server, &bench.rpc, bench.offer, config);
        bool is_chosen = str_has(str_of(cases[i].config), S("first")) ||
                         str_has(str_of(cases[i].config), S("second"));
        ck_assert_uint_eq(bench.rpc.diags.errors, is_chosen ? 0 : 1); /* none of the group */
        forget(&bench);
    }
    bench_end(&bench);
}
END_TEST

START_TEST(an_odd_state_with_a_null_in_a_set_crashes_nothing)
{
    bench_begin(&bench, &thing);
    ck_assert_str(shown_value(&bench, generated("{\"name\":\"n\",\"choices\":[null]}")),
                  S("{choices:[null],gone:[],name:\"n\",rule:[]}"));
    bench_end(&bench);
}
END_TEST

START_TEST(the_resource_knows_the_provider_where_there_is_one)
{
    static const struct tf_resource *const resources[] = {&thing, NULL};
    static const struct tf_provider provider = {.resources = resources, .configure = configure};
    bench_offer(&bench, &provider, TF_RESOURCE);
    generated("{\"name\":\"n\"}");
    ck_assert_ptr_eq(seen, &account);
    bench_end(&bench);
}
END_TEST

START_TEST(without_a_state_there_is_no_configuration)
{
    bench_begin(&bench, &thing);
    ck_assert_ptr_null(generated(NULL));
    ck_assert_told(&bench, "Terraform 1.14.0");
    forget(&bench);
    ck_assert_ptr_null(generated("{\"name\":\"mute\"}"));
    ck_assert_told(&bench, "did not say why");
    bench_end(&bench);
}
END_TEST

TESTS("tf/generate", a_configuration_says_what_a_person_would,
      an_odd_state_with_a_null_in_a_set_crashes_nothing,
      the_resource_knows_the_provider_where_there_is_one, without_a_state_there_is_no_configuration)
