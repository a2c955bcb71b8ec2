#include "fixture.h"

static bool verb(struct tf_call *call)
{
    (void)call;
    return true;
}
static bool take(struct tf_call *call, struct str id)
{
    tf_set_str(call, "id", id);
    return true;
}
static bool move_it(struct tf_call *call, int64_t version, const struct doc *state)
{
    ck_assert_ptr_null(call->provider); /* nothing is configured */
    if (version > 3)
        return diag_error(call->diags, NULL, "Too new", "It is of a version nobody knows.");
    tf_set_str(call, "id", doc_get_text(state, S("name")));
    tf_private_set(call, "from", S("elsewhere"));
    return true;
}
static bool upgrade(struct tf_call *call, int64_t from, struct doc *state)
{
    doc_set(call->arena, state, S("id"), doc_int(call->arena, from));
    return true;
}
static const struct tf_attr attrs[] = {
    {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE},
    {"note", TF_STRING, .flags = TF_OC | TF_LOCAL, .fallback = "fresh"},
    {0}};
static const struct tf_attr parts[] = {
    {"id", TF_STRING, .flags = TF_REQUIRED}, {"home", TF_STRING, .flags = TF_OPTIONAL}, {0}};
static const struct cty_value *nothing(struct arena *arena, const struct cty_value *object,
                                       struct str name)
{
    (void)arena, (void)object, (void)name;
    return NULL;
}
static const struct tf_identity identity = {.attrs = parts, .member = nothing};
static const struct tf_move moves[] = {{"else_thing", "acme/else", "All of it.", move_it}, {0}};
static const struct tf_resource thing = {.type = "lab_thing",
                                         .version = 1,
                                         .attrs = attrs,
                                         .identity = &identity,
                                         .moves = moves,
                                         .import_example = "i-1",
                                         .create = verb,
                                         .read = verb,
                                         .update = verb,
                                         .delete_ = verb,
                                         .import = take,
                                         .upgrade = upgrade};
static struct bench bench;

static struct tf_state_answer move(const char *provider, const char *type, int64_t version,
                                   const char *json)
{
    struct tf_state_answer answer;
    struct tf_move_request request = {.provider = str_of(provider),
                                      .type = str_of(type),
                                      .json = str_of(json),
                                      .version = version,
                                      .private_data =
                                          S("{\"version\":1,\"data\":{\"token\":\"t\"}}")};
    tf_move_resource(bench.server, &bench.rpc, bench.offer, &request, &answer);
    return answer;
}

START_TEST(an_object_of_a_known_type_is_taken_over_from_any_registry)
{
    static const char *const addresses[] = {"registry.terraform.io/acme/else",
                                            "registry.opentofu.org/acme/else", "acme/else",
                                            "else" /* OpenTofu up to 1.12.3 */};
    bench_begin(&bench, &thing);
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        struct tf_state_answer answer =
            move(addresses[i], "else_thing", 3, "{\"name\":\"n\",\"more\":[1]}");
        ck_assert_silent(&bench);
        ck_assert_str(shown_value(&bench, answer.state), S("{id:\"n\",note:\"fresh\"}"));
        ck_assert_str(shown_value(&bench, answer.identity), S("{id:\"n\"}"));
        ck_assert_str(answer.private_data, S("{\"version\":1,\"data\":{\"from\":\"elsewhere\"}}"));
    }
    bench_end(&bench);
}
END_TEST

START_TEST(an_object_of_our_own_type_comes_from_another_address_of_ours)
{
    bench_begin(&bench, &thing);
    struct tf_state_answer answer =
        move("registry.opentofu.org/lab/lab", "lab_thing", 1, "{\"id\":\"i\",\"note\":\"n\"}");
    ck_assert_silent(&bench);
    ck_assert_str(shown_value(&bench, answer.state), S("{id:\"i\",note:\"n\"}"));
    ck_assert_str(answer.private_data, S("{\"version\":1,\"data\":{\"token\":\"t\"}}"));
    answer = move("example.com/lab/lab", "lab_thing", 0, "{\"note\":\"n\"}");
    ck_assert_str(shown_value(&bench, answer.state), S("{id:\"0\",note:\"n\"}"));
    bench_end(&bench);
}
END_TEST

START_TEST(an_object_of_our_own_type_keeps_what_only_its_identity_said)
{
    struct tf_state_answer answer;
    struct tf_move_request request = {.provider = S("example.com/lab/lab"),
                                      .type = S("lab_thing"),
                                      .json = S("{\"id\":\"i\"}"),
                                      .version = 1,
                                      .private_data = S("of a newer version"),
                                      .identity_json = S("{\"id\":\"i\",\"home\":\"h\"}")};
    bench_begin(&bench, &thing);
    tf_move_resource(bench.server, &bench.rpc, bench.offer, &request, &answer);
    ck_assert_silent(&bench);
    ck_assert_str(shown_value(&bench, answer.identity), S("{home:\"h\",id:\"i\"}"));
    ck_assert_str(answer.private_data, S("of a newer version"));
    request.identity_json = S("{\"id\":7");
    tf_move_resource(bench.server, &bench.rpc, bench.offer, &request, &answer);
    ck_assert_ptr_null(answer.state);
    ck_assert_told(&bench, "identity");
    bench_end(&bench);
}
END_TEST

START_TEST(an_object_without_what_its_identity_needs_is_told)
{
    bench_begin(&bench, &thing);
    ck_assert_ptr_null(move("example.com/lab/lab", "lab_thing", 1, "{\"note\":\"n\"}").state);
    ck_assert_told(&bench, "has an identity without its id");
    bench_end(&bench);
}
END_TEST

START_TEST(a_move_from_anywhere_else_is_refused_with_a_way)
{
    static const struct {
        const char *provider, *type;
    } cases[] = {{"registry.terraform.io/acme/else", "else_other"},
                 {"registry.terraform.io/other/else", "else_thing"},
                 {"registry.terraform.io/x-acme/else", "else_thing"},
                 {"registry.terraform.io/acme/lab", "lab_thing"},
                 {"", ""}};
    bench_begin(&bench, &thing);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_ptr_null(move(cases[i].provider, cases[i].type, 0, "{\"name\":\"n\"}").state);
        ck_assert_told(&bench, "It can be made from: else_thing (of acme/else).");
        ck_assert_told(&bench, "`removed`");
        forget(&bench);
    }
    bench_end(&bench);
}
END_TEST

START_TEST(a_state_that_makes_no_sense_is_told)
{
    static const struct {
        const char *json, *told;
        int64_t version;
    } cases[] = {{"", "is no JSON object", 0},
                 {"[]", "is no JSON object", 0},
                 {"{\"name\":\"n\"}", "It is of a version nobody knows", 4},
                 {"{}", "The move of lab_thing set nothing", 0}};
    bench_begin(&bench, &thing);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tf_state_answer answer =
            move("acme/else", "else_thing", cases[i].version, cases[i].json);
        ck_assert_ptr_null(answer.state);
        ck_assert_told(&bench, cases[i].told);
        forget(&bench);
    }
    bench_end(&bench);
}
END_TEST

TESTS("tf/move", an_object_of_a_known_type_is_taken_over_from_any_registry,
      an_object_of_our_own_type_comes_from_another_address_of_ours,
      an_object_of_our_own_type_keeps_what_only_its_identity_said,
      an_object_without_what_its_identity_needs_is_told,
      a_move_from_anywhere_else_is_refused_with_a_way, a_state_that_makes_no_sense_is_told)
