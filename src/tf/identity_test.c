#include "fixture.h"

static const struct cty_value *account_of(struct arena *arena, const struct cty_value *object,
                                          struct str name)
{
    const struct cty_value *arn = tf_value(object, "arn");
    ck_assert_str(name, S("account"));
    if (!cty_is_known(arn))
        return cty_is_unknown(arn) ? cty_unknown(arena, &cty_string) : NULL;
    return cty_str(arena, str_sub(arn->text, 4, 2));
}

static bool renamed(struct tf_call *call, int64_t from, struct doc *identity)
{
    ck_assert_int_eq(from, 0);
    doc_set(call->arena, identity, S("id"), doc_get(identity, S("key")));
    doc_set(call->arena, identity, S("key"), NULL);
    return true;
}

static const char *made_id, *imported_zone;
static bool make(struct tf_call *call)
{
    tf_created(call);
    tf_set_str(call, "id", str_of(made_id));
    tf_set_str(call, "arn", S("arn:11"));
    return true;
}
static bool keep(struct tf_call *call)
{
    if (made_id != NULL)
        tf_set_str(call, "id", str_of(made_id));
    return true;
}
static bool take(struct tf_call *call, struct str id)
{
    if (call->identity == NULL) {
        tf_set_str(call, "id", id);
        return true;
    }
    ck_assert_ptr_null(id.ptr);
    if (imported_zone != NULL)
        tf_set_str(call, "zone", str_of(imported_zone));
    return true;
}
static const struct tf_attr attrs[] = {{"name", TF_STRING, .flags = TF_OPTIONAL},
                                       {"zone", TF_STRING, .flags = TF_OC | TF_STABLE},
                                       {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE},
                                       {"arn", TF_STRING, .flags = TF_COMPUTED | TF_STABLE},
                                       {0}};
static const struct tf_attr parts[] = {{"id", TF_STRING, .flags = TF_REQUIRED},
                                       {"zone", TF_STRING, .flags = TF_OPTIONAL},
                                       {"account", TF_STRING, .flags = TF_OPTIONAL},
                                       {0}};
static const struct tf_identity identity = {
    .version = 1, .attrs = parts, .member = account_of, .upgrade = renamed};
static const struct tf_resource thing = {.type = "lab_thing",
                                         .attrs = attrs,
                                         .identity = &identity,
                                         .import_example = "i-1",
                                         .create = make,
                                         .read = keep,
                                         .update = keep,
                                         .delete_ = keep,
                                         .import = take};
static struct bench bench;

static const struct cty_value *identity_from(const char *json)
{
    struct doc *doc = NULL;
    struct doc_error error;
    if (json == NULL)
        return NULL;
    ck_assert(doc_from_json(bench.arena, str_of(json), &doc_default_limits, &doc, &error));
    return value_from(bench.arena, bench.offer->identity_type, doc);
}

static void begin(const char *id)
{
    made_id = id;
    bench_begin(&bench, &thing);
}

static struct tf_plan_answer plan(const char *prior, const char *config, const char *prior_identity)
{
    struct tf_plan_answer answer;
    struct tf_plan_request request = {.config = object_of(&bench, config),
                                      .prior = object_of(&bench, prior),
                                      .prior_identity = identity_from(prior_identity)};
    if (request.config != NULL) {
        struct tf_place place = {.config = request.config, .prior = request.prior};
        request.proposed = tf_plan_fill(bench.arena, rows_of_offer(bench.offer), &place);
    }
    tf_plan_change(bench.server, &bench.rpc, bench.offer, &request, &answer);
    return answer;
}

#define STORED "{\"id\":\"i-1\",\"zone\":\"a\",\"arn\":\"arn:11\"}"
#define FULL   "{account:\"11\",id:\"i-1\",zone:\"a\"}"

START_TEST(what_is_to_be_made_has_no_identity_before_it_is_made)
{
    begin("i-1");
    struct tf_plan_answer answer = plan(NULL, "{\"zone\":\"a\"}", NULL);
    ck_assert_silent(&bench);
    ck_assert_ptr_null(answer.planned_identity);
    bench_end(&bench);
}
END_TEST

START_TEST(what_is_there_keeps_its_identity_in_every_plan)
{
    begin("i-1");
    static const char *const before = "{\"id\":\"i-1\",\"zone\":\"a\",\"account\":\"11\"}";
    struct tf_plan_answer update = plan(STORED, "{\"name\":\"new\"}", before);
    ck_assert_str(shown_value(&bench, update.planned_identity), str_of(FULL));
    struct tf_plan_answer destroy = plan(STORED, NULL, before);
    ck_assert_str(shown_value(&bench, destroy.planned_identity), str_of(FULL));
    /* Stored by a version without identities: made of the object. */
    struct tf_plan_answer old = plan(STORED, "{\"name\":\"new\"}", NULL);
    ck_assert_str(shown_value(&bench, old.planned_identity), str_of(FULL));
    ck_assert_silent(&bench);
    bench_end(&bench);
}
END_TEST

static struct tf_state_answer apply(const char *prior, const char *planned,
                                    const char *planned_identity)
{
    struct tf_state_answer answer;
    struct tf_apply_request request = {.config = object_of(&bench, planned),
                                       .prior = object_of(&bench, prior),
                                       .planned = object_of(&bench, planned),
                                       .planned_identity = identity_from(planned_identity)};
    tf_apply_change(bench.server, &bench.rpc, bench.offer, &request, &answer);
    return answer;
}

START_TEST(what_was_made_has_its_whole_identity_and_what_is_gone_has_none)
{
    begin("i-1");
    struct tf_state_answer made = apply(NULL, "{\"id\":\"?\",\"zone\":\"a\",\"arn\":\"?\"}",
                                        "{\"id\":\"?\",\"zone\":\"a\",\"account\":\"?\"}");
    ck_assert_silent(&bench);
    ck_assert_str(shown_value(&bench, made.identity), str_of(FULL));
    struct tf_state_answer gone = apply(STORED, NULL, NULL);
    ck_assert_ptr_null(gone.identity);
    bench_end(&bench);
}
END_TEST

static struct tf_state_answer read_(const char *state, const char *before)
{
    struct tf_state_answer answer;
    struct tf_read_request request = {.current = object_of(&bench, state),
                                      .identity = identity_from(before)};
    tf_read_resource(bench.server, &bench.rpc, bench.offer, &request, &answer);
    return answer;
}

START_TEST(a_read_completes_an_identity)
{
    begin(NULL);
    struct tf_state_answer answer = read_(STORED, NULL);
    ck_assert_str(shown_value(&bench, answer.identity), str_of(FULL));
    answer = read_(STORED, "{\"id\":\"i-1\"}");
    ck_assert_str(shown_value(&bench, answer.identity), str_of(FULL));
    /* What the object does not say stays known. */
    answer = read_("{\"id\":\"i-1\"}", "{\"id\":\"i-1\",\"account\":\"11\"}");
    ck_assert_str(shown_value(&bench, answer.identity), S("{account:\"11\",id:\"i-1\"}"));
    ck_assert_silent(&bench);
    bench_end(&bench);
}
END_TEST

START_TEST(an_identity_that_changes_is_a_bug_and_the_old_one_stays)
{
    begin("i-2");
    struct tf_state_answer answer = read_(STORED, "{\"id\":\"i-1\"}");
    ck_assert_told(&bench, "The identity of this lab_thing changed: its id was "
                           "cty.StringVal(\"i-1\"), and is cty.StringVal(\"i-2\") now");
    ck_assert_str(tf_str(answer.identity, "id"), S("i-1"));
    bench_end(&bench);
}
END_TEST

static struct tf_state_answer import_(const char *by)
{
    struct tf_state_answer answer;
    struct tf_import_request request = {.identity = identity_from(by)};
    tf_import_resource(bench.server, &bench.rpc, bench.offer, &request, &answer);
    return answer;
}

START_TEST(an_import_by_identity_sets_what_has_the_same_name)
{
    begin("i-1");
    imported_zone = "b";
    struct tf_state_answer answer = import_("{\"id\":\"i-1\",\"account\":\"11\"}");
    ck_assert_silent(&bench);
    ck_assert_str(shown_value(&bench, answer.state), S("{id:\"i-1\",zone:\"b\"}"));
    ck_assert_str(shown_value(&bench, answer.identity),
                  S("{account:\"11\",id:\"i-1\",zone:\"b\"}"));
    imported_zone = NULL;
    answer = import_("{\"id\":\"i-1\",\"zone\":\"a\"}");
    ck_assert_str(shown_value(&bench, answer.identity), S("{id:\"i-1\",zone:\"a\"}"));
    bench_end(&bench);
}
END_TEST

START_TEST(an_import_needs_the_whole_identity)
{
    begin("i-1");
    ck_assert_ptr_null(import_("{\"zone\":\"a\"}").state);
    ck_assert_told(&bench, "The identity of lab_thing needs id.");
    forget(&bench);
    ck_assert_ptr_null(import_("{\"id\":\"?\"}").state);
    ck_assert_told(&bench, "Invalid identity");
    bench_end(&bench);
}
END_TEST

static const struct tf_resource nameless = {.type = "lab_nameless",
                                            .attrs = attrs,
                                            .import_example = "i-1",
                                            .create = make,
                                            .read = keep,
                                            .update = keep,
                                            .delete_ = keep,
                                            .import = take};

START_TEST(a_resource_without_identity_has_none_anywhere)
{
    made_id = "i-1";
    bench_begin(&bench, &nameless);
    struct tf_import_request request = {.identity = object_of(&bench, "{\"id\":\"i-1\"}")};
    struct tf_state_answer answer;
    tf_import_resource(bench.server, &bench.rpc, bench.offer, &request, &answer);
    ck_assert_told(&bench, "lab_nameless has no identity; import it by its id.");
    ck_assert_ptr_null(read_(STORED, NULL).identity);
    ck_assert_ptr_null(plan(NULL, "{}", NULL).planned_identity);
    bench_end(&bench);
}
END_TEST

START_TEST(an_older_identity_is_brought_up_and_none_stays_none)
{
    begin("i-1");
    const struct cty_value *value = tf_upgrade_identity(
        bench.server, &bench.rpc, bench.offer, 0, S("{\"key\":\"i-1\",\"zone\":\"a\",\"more\":1}"));
    ck_assert_silent(&bench);
    ck_assert_str(shown_value(&bench, value), S("{id:\"i-1\",zone:\"a\"}"));
    ck_assert_ptr_null(tf_upgrade_identity(bench.server, &bench.rpc, bench.offer, 0, S("")));
    ck_assert_silent(&bench);
    ck_assert_ptr_null(tf_upgrade_identity(bench.server, &bench.rpc, bench.offer, 2, S("{}")));
    ck_assert_told(&bench, "The stored identity of lab_thing can't be read: it has version 2");
    forget(&bench);
    ck_assert_ptr_null(tf_upgrade_identity(bench.server, &bench.rpc, bench.offer, 1, S("[]")));
    ck_assert_told(&bench, "Unreadable identity");
    bench_end(&bench);
}
END_TEST

TESTS("tf/identity", what_is_to_be_made_has_no_identity_before_it_is_made,
      what_is_there_keeps_its_identity_in_every_plan,
      what_was_made_has_its_whole_identity_and_what_is_gone_has_none, a_read_completes_an_identity,
      an_identity_that_changes_is_a_bug_and_the_old_one_stays,
      an_import_by_identity_sets_what_has_the_same_name, an_import_needs_the_whole_identity,
      a_resource_without_identity_has_none_anywhere,
      an_older_identity_is_brought_up_and_none_stays_none)
