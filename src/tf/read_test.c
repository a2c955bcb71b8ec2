#include "fixture.h"

static const struct tf_attr opts[] = {{"x", TF_STRING, .flags = TF_OPTIONAL}, {0}};
static const struct tf_attr attrs[] = {
    {"name", TF_STRING, .flags = TF_REQUIRED},
    {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE},
    {"wo", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY},
    {"wait", TF_STRING, .flags = TF_OC | TF_LOCAL, .fallback = "nodes"},
    {0}};
static const struct tf_block blocks[] = {
    {"rule", TF_BLOCK_LIST, opts}, {"one", TF_BLOCK_GROUP, opts}, {0}};
static const char *deed;

static bool verb(struct tf_call *call)
{
    struct arena *arena = call->arena;
    struct str what = str_of(deed);

    if (str_eq(what, S("gone")))
        tf_gone(call);
    else if (str_eq(what, S("drift")))
        tf_set_str(call, "name", S("drifted"));
    else if (str_eq(what, S("unknown")))
        tf_set(call, "id", cty_unknown(arena, &cty_string));
    else if (str_eq(what, S("write-only")))
        tf_set_str(call, "wo", S("leak"));
    else if (str_eq(what, S("null block")))
        tf_set_null(call, "rule");
    else if (str_eq(what, S("no state")))
        call->state = NULL;
    else if (str_eq(what, S("wrong type")))
        call->state = cty_truth(arena, true);
    else if (str_eq(what, S("token")))
        tf_private_set(call, "token", S("t-2"));
    else if (str_eq(what, S("refused")))
        return diag_error(call->diags, NULL, "Refused", "No.");
    return !str_eq(what, S("mute"));
}
static bool import(struct tf_call *call, struct str id)
{
    if (!str_eq(str_of(deed), S("nothing")))
        tf_set_str(call, "id", id);
    return verb(call);
}
static const struct tf_resource thing = {.type = "lab_thing",
                                         .attrs = attrs,
                                         .blocks = blocks,
                                         .create = verb,
                                         .read = verb,
                                         .update = verb,
                                         .delete_ = verb,
                                         .import = import,
                                         .import_example = "i-0123"};
static const char *const stored = "{\"name\":\"n\",\"id\":\"i-1\"}";
static struct bench bench;

static struct tf_state_answer read_(const char *what)
{
    struct tf_state_answer answer;
    deed = what;
    struct tf_read_request request = {.current = object_of(&bench, stored),
                                      .private_data =
                                          S("{\"version\":1,\"data\":{\"token\":\"t-1\"}}")};
    tf_read_resource(bench.server, &bench.rpc, bench.offer, &request, &answer);
    return answer;
}

START_TEST(a_read_gives_what_is_there_and_echoes_private_data)
{
    bench_begin(&bench, &thing);
    struct tf_state_answer answer = read_("");
    ck_assert_silent(&bench);
    ck_assert(cty_equal(answer.state, object_of(&bench, stored)));
    ck_assert_str(answer.private_data, S("{\"version\":1,\"data\":{\"token\":\"t-1\"}}"));
    ck_assert_str(tf_str(read_("drift").state, "name"), S("drifted"));
    ck_assert_str(read_("token").private_data, S("{\"version\":1,\"data\":{\"token\":\"t-2\"}}"));
    bench_end(&bench);
}
END_TEST

START_TEST(what_is_gone_has_no_state)
{
    bench_begin(&bench, &thing);
    ck_assert_ptr_null(read_("gone").state);
    ck_assert_silent(&bench);
    bench_end(&bench);
}
END_TEST

START_TEST(null_blocks_of_a_read_become_empty_ones)
{
    bench_begin(&bench, &thing);
    ck_assert(cty_equal(read_("null block").state, object_of(&bench, stored)));
    ck_assert_silent(&bench);
    bench_end(&bench);
}
END_TEST

START_TEST(a_read_that_fails_or_breaks_a_rule_keeps_the_state)
{
    static const char *const deeds[] = {"unknown",    "write-only", "no state",
                                        "wrong type", "refused",    "mute"};
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        bench_begin(&bench, &thing);
        struct tf_state_answer answer = read_(deeds[i]);
        ck_assert_uint_gt(bench.rpc.diags.errors, 0);
        ck_assert(cty_equal(answer.state, object_of(&bench, stored)));
        bench_end(&bench);
    }
}
END_TEST

static struct tf_state_answer import_(const char *what, const char *id)
{
    struct tf_state_answer answer;
    deed = what;
    struct tf_import_request request = {.id = str_of(id)};
    tf_import_resource(bench.server, &bench.rpc, bench.offer, &request, &answer);
    return answer;
}

START_TEST(an_import_has_what_the_verb_set_empty_blocks_and_local_defaults)
{
    bench_begin(&bench, &thing);
    ck_assert_str(shown_value(&bench, import_("", "i-9").state),
                  S("{id:\"i-9\",one:{},rule:[],wait:\"nodes\"}"));
    ck_assert_silent(&bench);
    bench_end(&bench);
}
END_TEST

START_TEST(an_import_that_sets_nothing_or_breaks_a_rule_is_an_error)
{
    static const struct {
        const char *deed, *id, *said;
    } deeds[] = {{"nothing", "i-1", "set nothing"},   {"unknown", "i-1", "still unknown"},
                 {"write-only", "i-1", "write-only"}, {"wrong type", "i-1", "not of the type"},
                 {"refused", "i-1", "Refused"},       {"mute", "i-1", "did not say why"},
                 {"", "", "such as \"i-0123\""},      {"", "  ", "Missing import id"}};
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        bench_begin(&bench, &thing);
        ck_assert_ptr_null(import_(deeds[i].deed, deeds[i].id).state);
        ck_assert_told(&bench, deeds[i].said);
        bench_end(&bench);
    }
}
END_TEST

START_TEST(what_is_not_importable_says_so)
{
    struct tf_resource fixed = thing;
    fixed.import = NULL;
    fixed.import_example = NULL;
    bench_begin(&bench, &fixed);
    ck_assert_ptr_null(import_("", "i-1").state);
    ck_assert_told(&bench, "can't be imported");
    bench_end(&bench);
}
END_TEST

TESTS("tf/read", a_read_gives_what_is_there_and_echoes_private_data, what_is_gone_has_no_state,
      null_blocks_of_a_read_become_empty_ones, a_read_that_fails_or_breaks_a_rule_keeps_the_state,
      an_import_has_what_the_verb_set_empty_blocks_and_local_defaults,
      an_import_that_sets_nothing_or_breaks_a_rule_is_an_error, what_is_not_importable_says_so)
