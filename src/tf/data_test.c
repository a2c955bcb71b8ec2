#include "fixture.h"

static const char *deed;
static bool look(struct tf_call *call)
{
    if (str_is(S("fails"), deed))
        return diag_error(call->diags, NULL, "Not found", "There is no such thing.");
    if (!str_is(S("leaves"), deed))
        tf_set_str(call, "id", S("i-1"));
    if (str_is(S("unknown"), deed))
        tf_set(call, "id", cty_unknown(call->arena, &cty_string));
    if (str_is(S("changes"), deed))
        tf_set_str(call, "name", S("another"));
    if (str_is(S("fills"), deed))
        tf_set_str(call, "text", S("made up"));
    if (str_is(S("nothing"), deed))
        call->state = NULL;
    if (str_is(S("time"), deed))
        ck_assert_int_eq(call->timeout_ms, 90000);
    if (str_is(S("meta"), deed))
        tf_set_str(call, "id", tf_str(call->meta, "module"));
    return !str_is(S("mute"), deed);
}
static const struct tf_attr attrs[] = {{"name", TF_STRING, .flags = TF_REQUIRED},
                                       {"text", TF_STRING, .flags = TF_OPTIONAL},
                                       {"mode", TF_STRING, .flags = TF_OC, .fallback = "auto"},
                                       {"id", TF_STRING, .flags = TF_COMPUTED},
                                       {0}};
static const struct tf_attr meta[] = {{"module", TF_STRING, .flags = TF_OPTIONAL}, {0}};
static const struct tf_data_source lookup = {
    .type = "lab_lookup", .attrs = attrs, .timeouts = {.read = "1m"}, .read = look};
static const struct tf_data_source *const sources[] = {&lookup, NULL};
static const struct tf_provider provider = {.data_sources = sources, .meta = meta};
static struct bench bench;

static const struct cty_value *read_(const char *what, const char *config)
{
    deed = what;
    return tf_read_data_source(bench.server, &bench.rpc, bench.offer, object_of(&bench, config));
}

START_TEST(a_result_is_the_configuration_with_defaults_and_what_was_found)
{
    bench_offer(&bench, &provider, TF_DATA_SOURCE);
    const struct cty_value *result = read_("", "{\"name\":\"n\"}");
    ck_assert_silent(&bench);
    ck_assert_str(shown_value(&bench, result), S("{id:\"i-1\",mode:\"auto\",name:\"n\"}"));
    ck_assert_str(shown_value(&bench, read_("leaves", "{\"name\":\"n\",\"mode\":\"off\"}")),
                  S("{mode:\"off\",name:\"n\"}"));
    read_("time", "{\"name\":\"n\",\"timeouts\":{\"read\":\"90s\"}}");
    ck_assert_silent(&bench);
    bench_end(&bench);
}
END_TEST

START_TEST(a_read_knows_what_the_module_says_of_itself)
{
    bench_offer(&bench, &provider, TF_DATA_SOURCE);
    const struct tf_offer *of_modules = tf_offer_find(bench.server, TF_META, S(""));
    const struct cty_value *const module[] = {cty_str(bench.arena, S("net"))};
    bench.rpc.meta = cty_object(bench.arena, of_modules->type, module);
    ck_assert_str(tf_str(read_("meta", "{\"name\":\"n\"}"), "id"), S("net"));
    bench.rpc.meta = cty_null(bench.arena, of_modules->type);
    ck_assert_ptr_null(tf_str(read_("meta", "{\"name\":\"n\"}"), "id").ptr);
    ck_assert_silent(&bench);
    bench_end(&bench);
}
END_TEST

START_TEST(a_read_that_breaks_a_rule_gives_nothing_and_is_told)
{
    static const struct {
        const char *deed, *told;
    } cases[] = {{"fails", "There is no such thing."},
                 {"unknown", "the value is still unknown"},
                 {"changes", "does not match config value"},
                 {"fills", "for a non-computed attribute"},
                 {"nothing", "Root object was present, but now absent"},
                 {"mute", "did not say why"}};
    bench_offer(&bench, &provider, TF_DATA_SOURCE);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_ptr_null(read_(cases[i].deed, "{\"name\":\"n\"}"));
        ck_assert_told(&bench, cases[i].told);
        forget(&bench);
    }
    bench_end(&bench);
}
END_TEST

START_TEST(what_is_not_known_is_not_read)
{
    bench_offer(&bench, &provider, TF_DATA_SOURCE);
    ck_assert_ptr_null(read_("", "{\"name\":\"?\"}"));
    ck_assert_told(&bench, "before its configuration is wholly known");
    forget(&bench);
    ck_assert_ptr_null(read_("", NULL));
    ck_assert_told(&bench, "before its configuration is wholly known");
    bench_end(&bench);
}
END_TEST

TESTS("tf/data", a_result_is_the_configuration_with_defaults_and_what_was_found,
      a_read_knows_what_the_module_says_of_itself,
      a_read_that_breaks_a_rule_gives_nothing_and_is_told, what_is_not_known_is_not_read)
