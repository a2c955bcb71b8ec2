#include "fixture.h"

static const struct tf_attr part_attrs[] = {{"a", TF_STRING, .flags = TF_REQUIRED}, {0}};
static const struct tf_attr opts_attrs[] = {
    {"x", TF_STRING, .flags = TF_OPTIONAL}, {"z", TF_STRING, .flags = TF_COMPUTED}, {0}};
static const struct tf_attr attrs[] = {
    {"name", TF_STRING, .flags = TF_REQUIRED},
    {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE},
    {"status", TF_STRING, .flags = TF_COMPUTED},
    {"opt", TF_STRING, .flags = TF_OPTIONAL},
    {"secret", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE},
    {"wo", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY},
    {"note", TF_STRING, .flags = TF_OPTIONAL | TF_LOCAL},
    {"any", TF_DYNAMIC, .flags = TF_OC},
    {"tags", TF_SET, TF_STRING, .flags = TF_OPTIONAL},
    {"list", TF_LIST, TF_STRING, .flags = TF_OPTIONAL},
    {"parts", TF_SET, .attrs = part_attrs, .flags = TF_OPTIONAL},
    {"groups", TF_MAP, .attrs = opts_attrs, .flags = TF_OPTIONAL},
    {0}};
static const struct tf_block blocks[] = {
    {"rule", TF_BLOCK_LIST, .attrs = opts_attrs}, {"pair", TF_BLOCK_SET, .attrs = part_attrs}, {0}};

/* The verb of the test that runs. */
static bool (*deed)(struct tf_call *call);
static int calls;
static bool verb(struct tf_call *call)
{
    calls++;
    return deed(call);
}
static const struct tf_resource thing = {.type = "lab_thing",
                                         .attrs = attrs,
                                         .blocks = blocks,
                                         .timeouts = {.create = "5m", .delete_ = "1m"},
                                         .create = verb,
                                         .read = verb,
                                         .update = verb,
                                         .delete_ = verb};
static struct bench bench;

static struct tf_state_answer apply(bool (*fn)(struct tf_call *call), const char *prior,
                                    const char *planned)
{
    struct tf_state_answer answer;
    struct tf_apply_request request = {.config = object_of(&bench, planned),
                                       .prior = object_of(&bench, prior),
                                       .planned = object_of(&bench, planned)};
    deed = fn;
    calls = 0;
    tf_apply_change(bench.server, &bench.rpc, bench.offer, &request, &answer);
    return answer;
}

static bool works(struct tf_call *call)
{
    tf_created(call);
    tf_set_str(call, "id", S("i-1"));
    tf_set_str(call, "status", S("up"));
    tf_private_set(call, "token", S("t-1"));
    tf_settle(call);
    return true;
}

START_TEST(a_create_that_works_saves_what_the_verb_says)
{
    bench_begin(&bench, &thing);
    struct tf_state_answer answer =
        apply(works, NULL, "{\"name\":\"n\",\"id\":\"?\",\"status\":\"?\"}");
    ck_assert_silent(&bench);
    ck_assert_str(shown_value(&bench, answer.state),
                  S("{id:\"i-1\",name:\"n\",pair:[],rule:[],status:\"up\"}"));
    ck_assert_str(answer.private_data, S("{\"version\":1,\"data\":{\"token\":\"t-1\"}}"));
    bench_end(&bench);
}
END_TEST

static bool refused(struct tf_call *call)
{
    return diag_error(call->diags, NULL, "Refused", "No.");
}
static bool half_done(struct tf_call *call)
{
    tf_created(call);
    tf_set_str(call, "id", S("i-1"));
    return diag_error(call->diags, NULL, "Half done", "It stopped.");
}
static bool half_done_and_cleaned_up(struct tf_call *call)
{
    half_done(call);
    tf_gone(call);
    return false;
}
static bool mute(struct tf_call *call)
{
    (void)call;
    return false;
}

START_TEST(a_refused_create_saves_nothing)
{
    bench_begin(&bench, &thing);
    struct tf_state_answer answer = apply(refused, NULL, "{\"name\":\"n\",\"id\":\"?\"}");
    ck_assert_ptr_null(answer.state);
    ck_assert_uint_eq(bench.rpc.diags.errors, 1);
    answer = apply(half_done_and_cleaned_up, NULL, "{\"name\":\"n\",\"id\":\"?\"}");
    ck_assert_ptr_null(answer.state);
    bench_end(&bench);
}
END_TEST

START_TEST(a_half_done_create_is_saved_with_what_is_known)
{
    bench_begin(&bench, &thing);
    struct tf_state_answer answer =
        apply(half_done, NULL, "{\"name\":\"n\",\"id\":\"?\",\"status\":\"?\"}");
    ck_assert_str(shown_value(&bench, answer.state), S("{id:\"i-1\",name:\"n\",pair:[],rule:[]}"));
    ck_assert_told(&bench, "Half done");
    bench_end(&bench);
}
END_TEST

START_TEST(a_verb_that_fails_without_a_word_is_told_of)
{
    bench_begin(&bench, &thing);
    apply(mute, NULL, "{\"name\":\"n\"}");
    ck_assert_told(&bench, "did not say why");
    bench_end(&bench);
}
END_TEST

static bool partial(struct tf_call *call)
{
    tf_partial(call, cty_with(call->arena, call->prior, S("opt"), cty_str(call->arena, S("half"))));
    return refused(call);
}

START_TEST(a_failed_update_keeps_the_state_unless_the_verb_says_what_it_is_now)
{
    const char *prior = "{\"name\":\"n\",\"id\":\"i-1\",\"opt\":\"a\"}";
    bench_begin(&bench, &thing);
    struct tf_state_answer answer =
        apply(refused, prior, "{\"name\":\"n\",\"id\":\"i-1\",\"opt\":\"b\"}");
    ck_assert(cty_equal(answer.state, object_of(&bench, prior)));
    answer = apply(partial, prior, "{\"name\":\"n\",\"id\":\"i-1\",\"opt\":\"b\"}");
    ck_assert_str(tf_str(answer.state, "opt"), S("half"));
    bench_end(&bench);
}
END_TEST

START_TEST(a_failed_delete_keeps_the_state_and_one_that_works_leaves_none)
{
    const char *prior = "{\"name\":\"n\",\"id\":\"i-1\",\"opt\":\"a\"}";
    bench_begin(&bench, &thing);
    struct tf_state_answer answer = apply(refused, prior, NULL);
    ck_assert(cty_equal(answer.state, object_of(&bench, prior)));
    answer = apply(partial, prior, NULL);
    ck_assert_str(tf_str(answer.state, "opt"), S("half"));
    forget(&bench);
    answer = apply(works, prior, NULL);
    ck_assert_silent(&bench);
    ck_assert_ptr_null(answer.state);
    ck_assert_str(answer.private_data, S(""));
    bench_end(&bench);
}
END_TEST

START_TEST(a_local_change_and_changed_time_outs_call_no_verb)
{
    bench_begin(&bench, &thing);
    struct tf_state_answer answer =
        apply(refused, "{\"name\":\"n\",\"id\":\"i-1\"}",
              "{\"name\":\"n\",\"id\":\"i-1\",\"note\":\"x\",\"timeouts\":{\"create\":\"9m\"}}");
    ck_assert_silent(&bench);
    ck_assert_int_eq(calls, 0);
    ck_assert_str(tf_str(answer.state, "note"), S("x"));
    bench_end(&bench);
}
END_TEST

static int64_t seen_ms;
static bool sees_deadline(struct tf_call *call)
{
    seen_ms = call->timeout_ms;
    ck_assert_int_eq(call->deadline_tick_ms, seen_ms == 0 ? 0 : 1000000 + seen_ms);
    return works(call);
}

START_TEST(the_deadline_comes_from_the_block_or_from_the_default)
{
    bench_begin(&bench, &thing);
    apply(sees_deadline, NULL, "{\"name\":\"n\",\"id\":\"?\",\"status\":\"?\"}");
    ck_assert_int_eq(seen_ms, 300000);
    apply(sees_deadline, NULL,
          "{\"name\":\"n\",\"id\":\"?\",\"status\":\"?\",\"timeouts\":{\"create\":\"90s\"}}");
    ck_assert_int_eq(seen_ms, 90000);
    apply(sees_deadline, "{\"name\":\"n\",\"timeouts\":{\"delete\":\"7s\"}}", NULL);
    ck_assert_int_eq(seen_ms, 7000);
    apply(sees_deadline, "{\"name\":\"n\"}", "{\"name\":\"m\",\"status\":\"?\",\"id\":\"?\"}");
    ck_assert_int_eq(seen_ms, 0);
    bench_end(&bench);
}
END_TEST

/* Verbs that claim success and break a rule. */
static void set_json(struct tf_call *call, const char *name, const char *json)
{
    struct doc *doc = NULL;
    struct doc_error error;
    works(call);
    ptrdiff_t at = cty_attribute_index(call->state->type, str_of(name));
    ck_assert(doc_from_json(call->arena, str_of(json), &doc_default_limits, &doc, &error));
    tf_set(call, name, value_from(call->arena, call->state->type->attributes[at].type, doc));
}
#define BREAKS(fn, name, json)                                                                     \
    static bool fn(struct tf_call *call)                                                           \
    {                                                                                              \
        set_json(call, name, json);                                                                \
        return true;                                                                               \
    }
BREAKS(changes_name, "name", "\"other\"")
BREAKS(fills_null, "opt", "\"made up\"")
BREAKS(drops_name, "name", "null")
BREAKS(changes_secret, "secret", "\"other\"")
BREAKS(leaves_unknown, "status", "\"?\"")
BREAKS(returns_write_only, "wo", "\"leak\"")
BREAKS(changes_set, "tags", "[\"a\",\"c\"]")
BREAKS(grows_set, "tags", "[\"a\",\"b\",\"c\"]")
BREAKS(shrinks_list, "list", "[\"a\"]")
BREAKS(grows_list, "list", "[\"a\",\"b\",\"c\"]")
BREAKS(loses_key, "groups", "{}")
BREAKS(gains_key, "groups", "{\"w\":{\"x\":\"1\",\"z\":\"zz\"},\"v\":{}}")
BREAKS(changes_member, "groups", "{\"w\":{\"x\":\"2\",\"z\":\"zz\"}}")
BREAKS(drops_block, "rule", "[]")
BREAKS(nulls_block, "rule", "null")
BREAKS(changes_block, "rule", "[{\"x\":\"other\",\"z\":\"zz\"}]")
BREAKS(changes_pair, "pair", "[{\"a\":\"other\"}]")
BREAKS(grows_pair, "pair", "[{\"a\":\"1\"},{\"a\":\"2\"}]")
static bool no_state(struct tf_call *call)
{
    call->state = NULL;
    return true;
}
static bool wrong_type(struct tf_call *call)
{
    call->state = cty_str(call->arena, S("nonsense"));
    return true;
}
static bool sets_wrong_type(struct tf_call *call)
{
    works(call);
    tf_set_int(call, "name", 5);
    return true;
}
static bool sets_nothing_there(struct tf_call *call)
{
    works(call);
    tf_set_int(call, "nowhere", 5);
    return true;
}

static const struct {
    bool (*fn)(struct tf_call *call);
    const char *said;
} broken[] = {{changes_name, "name: was cty.StringVal(\"n\"), but now cty.StringVal(\"other\")"},
              {fills_null, "opt: was null, but now cty.StringVal(\"made up\")"},
              {drops_name, "name: was cty.StringVal(\"n\"), but now null"},
              {changes_secret, "secret: inconsistent values for sensitive attribute"},
              {leaves_unknown, "status: the value is still unknown"},
              {returns_write_only, "wo: a value was returned for a write-only attribute"},
              {changes_set, "tags: planned set element cty.StringVal(\"b\") does not correlate"},
              {grows_set, "tags: actual set element cty.StringVal(\"c\") does not correlate"},
              {grows_set, "tags: length changed from 2 to 3"},
              {shrinks_list, "list: element 1 has vanished"},
              {grows_list, "list: new element 2 has appeared"},
              {loses_key, "groups: element \"w\" has vanished"},
              {gains_key, "groups: new element \"v\" has appeared"},
              {changes_member, "groups[\"w\"].x: was "},
              {drops_block, "rule: block count changed from 1 to 0"},
              {nulls_block, "rule: null block value after apply"},
              {changes_block, "rule[0].x: was "},
              {changes_pair, "pair: planned set element"},
              {grows_pair, "pair: block set length changed from 1 to 2"},
              {no_state, "Root object was present, but now absent"},
              {wrong_type, "not of the type of lab_thing"},
              {sets_wrong_type, "A value of another type was to be set"},
              {sets_nothing_there, "there is no such attribute"}};

START_TEST(each_broken_rule_is_named_and_the_object_is_kept_as_planned)
{
    const char *planned = "{\"name\":\"n\",\"id\":\"?\",\"status\":\"?\",\"secret\":\"s\",\"tags\":"
                          "[\"a\",\"b\"],\"list\":[\"a\","
                          "\"b\"],\"groups\":{\"w\":{\"x\":\"1\",\"z\":\"?\"}},\"rule\":[{\"x\":"
                          "\"r\",\"z\":\"?\"}],\"pair\":[{\"a\":\"1\"}]}";
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        bench_begin(&bench, &thing);
        struct tf_state_answer answer = apply(broken[i].fn, NULL, planned);
        ck_assert_told(&bench, broken[i].said);
        ck_assert(!str_has(told(&bench), S("leak")));
        ck_assert_ptr_nonnull(answer.state);
        ck_assert(cty_is_wholly_known(answer.state) &&
                  cty_conforms(answer.state, bench.offer->type));
        ck_assert_str(tf_str(answer.state, "name"), S("n"));
        ck_assert(!tf_is_set(answer.state, "wo") && !tf_is_set(answer.state, "opt"));
        struct tf_rules silent = {.arena = bench.arena};
        tf_rules_of_apply(&silent, rows_of_offer(bench.offer), object_of(&bench, planned),
                          answer.state, NULL);
        ck_assert_msg(silent.breaks == 0, "row %zu: %.*s", i,
                      STR(shown_value(&bench, answer.state)));
        bench_end(&bench);
    }
}
END_TEST

static bool fails_with_nonsense(struct tf_call *call)
{
    tf_created(call);
    tf_set_str(call, "id", S("i-1"));
    call->state = cty_truth(call->arena, true);
    return refused(call);
}

START_TEST(nonsense_from_a_failed_create_never_loses_the_object)
{
    bench_begin(&bench, &thing);
    struct tf_state_answer answer =
        apply(fails_with_nonsense, NULL, "{\"name\":\"n\",\"id\":\"?\"}");
    ck_assert_ptr_nonnull(answer.state);
    ck_assert_str(tf_str(answer.state, "name"), S("n"));
    bench_end(&bench);
}
END_TEST

START_TEST(garbage_in_private_data_reads_as_nothing)
{
    static const char *const garbage[] = {"", "nonsense", "{\"version\":2}", "[]",
                                          "{\"version\":1,\"data\":[]}"};
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        struct tf_state_answer answer;
        bench_begin(&bench, &thing);
        struct tf_apply_request request = {
            .planned = object_of(&bench, "{\"name\":\"n\",\"id\":\"?\",\"status\":\"?\"}"),
            .planned_private = str_of(garbage[i])};
        deed = works;
        tf_apply_change(bench.server, &bench.rpc, bench.offer, &request, &answer);
        ck_assert_silent(&bench);
        ck_assert(str_has(answer.private_data, S("t-1")));
        bench_end(&bench);
    }
}
END_TEST

static bool refuse_configuration(struct tf_call *call, void **ret_provider)
{
    (void)ret_provider;
    return diag_error(call->diags, NULL, "No", "No.");
}

START_TEST(without_a_configured_provider_no_verb_is_called)
{
    bench_begin(&bench, &thing);
    bench.provider.configure = refuse_configuration;
    tf_configure(bench.server, &bench.rpc, NULL);
    struct tf_state_answer answer = apply(works, NULL, "{\"name\":\"n\"}");
    ck_assert_int_eq(calls, 0);
    ck_assert_ptr_null(answer.state);
    ck_assert_told(&bench, "The provider is not configured");
    bench_end(&bench);
}
END_TEST

static bool sets_any(struct tf_call *call)
{
    works(call);
    tf_set_int(call, "any", 5);
    tf_set_str(call, "any", S("five"));
    tf_set_null(call, "any");
    tf_set_bool(call, "any", true);
    return true;
}

START_TEST(a_verb_may_put_anything_into_a_dynamic)
{
    bench_begin(&bench, &thing);
    struct tf_state_answer answer =
        apply(sets_any, NULL, "{\"name\":\"n\",\"id\":\"?\",\"status\":\"?\",\"any\":\"?\"}");
    ck_assert_silent(&bench);
    ck_assert(tf_value(answer.state, "any")->truth);
    bench_end(&bench);
}
END_TEST

TESTS("tf/apply", a_verb_may_put_anything_into_a_dynamic,
      a_create_that_works_saves_what_the_verb_says, a_refused_create_saves_nothing,
      a_half_done_create_is_saved_with_what_is_known, a_verb_that_fails_without_a_word_is_told_of,
      a_failed_update_keeps_the_state_unless_the_verb_says_what_it_is_now,
      a_failed_delete_keeps_the_state_and_one_that_works_leaves_none,
      a_local_change_and_changed_time_outs_call_no_verb,
      the_deadline_comes_from_the_block_or_from_the_default,
      each_broken_rule_is_named_and_the_object_is_kept_as_planned,
      nonsense_from_a_failed_create_never_loses_the_object,
      garbage_in_private_data_reads_as_nothing, without_a_configured_provider_no_verb_is_called)
