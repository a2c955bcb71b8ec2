#include "fixture.h"

static bool join(struct tf_function_run *run)
{
    struct buf out = buf_in(run->arena, 1000);

    for (size_t i = 1; i < run->count; i++) {
        if (cty_is_known(run->arguments[i]) && str_is(run->arguments[i]->text, "bad"))
            return tf_function_error(run, (int64_t)i, "\"%.*s\" can't be joined",
                                     STR(run->arguments[i]->text));
        if (cty_is_known(run->arguments[i]) && str_is(run->arguments[i]->text, "all"))
            return tf_function_error(run, -1, "nothing can be joined today");
        if (cty_is_known(run->arguments[i]) && str_is(run->arguments[i]->text, "mute"))
            return false;
        if (cty_is_known(run->arguments[i]) && str_is(run->arguments[i]->text, "odd")) {
            run->result = cty_truth(run->arena, true);
            return true;
        }
        buf_printf(&out, "%s%.*s", i > 1 ? "-" : "",
                   STR(cty_is_null(run->arguments[i]) ? S("null") : run->arguments[i]->text));
    }
    run->result = cty_str(run->arena, buf_str(&out));
    return true;
}
static bool tell(struct tf_function_run *run)
{
    run->result = cty_truth(run->arena, cty_is_unknown(run->arguments[0]));
    return true;
}
static const char *const modes[] = {"on", "off", NULL};
static const struct tf_param join_params[] = {
    {{"times", TF_INT, .ranged = true, .min = 0, .max = 9}}, {{0}}};
static const struct tf_param join_words = {{"words", TF_STRING}, .takes_null = true};
static const struct tf_param tell_params[] = {{{"what", TF_STRING}, .takes_unknown = true}, {{0}}};
static const struct tf_function functions_join = {.name = "join",
                                                  .params = join_params,
                                                  .variadic = &join_words,
                                                  .result = {.kind = TF_STRING},
                                                  .run = join};
static const struct tf_function functions_tell = {
    .name = "tell", .params = tell_params, .result = {.kind = TF_BOOL}, .run = tell};
static const struct tf_function *const functions[] = {&functions_join, &functions_tell, NULL};
static const struct tf_provider provider = {.functions = functions};
static struct bench bench;

/* Words as they are; "?" unknown, NULL null. */
static struct tf_function_answer run(const char *name, const char *number, size_t count,
                                     const char *const *words)
{
    const struct tf_function *function = tf_function_find(bench.server, str_of(name));
    const struct cty_value **values = arena_array(bench.arena, const struct cty_value *, count + 1);
    struct cty_number n;
    struct tf_function_answer answer;
    size_t used = 0;

    if (number != NULL) {
        ck_assert(cty_number_from_text(bench.arena, str_of(number), &n));
        values[used++] = cty_num(bench.arena, &n);
    }
    for (size_t i = 0; i < count; i++)
        values[used++] = words[i] == NULL                ? cty_null(bench.arena, &cty_string)
                         : str_is(str_of(words[i]), "?") ? cty_unknown(bench.arena, &cty_string)
                                                         : cty_str(bench.arena, str_of(words[i]));
    tf_run_function(&bench.rpc, function, values, used, &answer);
    return answer;
}
#define RUN(name, number, ...)                                                                     \
    run(name, number, sizeof(const char *[]){__VA_ARGS__} / sizeof(char *),                        \
        (const char *[]){__VA_ARGS__})

START_TEST(arguments_give_a_result)
{
    bench_offer(&bench, &provider, TF_PROVIDER);
    ck_assert_str(RUN("join", "1", "a", "b").result->text, S("a-b"));
    ck_assert_str(RUN("join", "1", NULL).result->text, S("null"));
    ck_assert_str(run("join", "1", 0, NULL).result->text, S(""));
    ck_assert(!RUN("tell", NULL, "a").result->truth);
    ck_assert_silent(&bench);
    bench_end(&bench);
}
END_TEST

START_TEST(what_is_unknown_stays_so_unless_the_function_takes_it)
{
    bench_offer(&bench, &provider, TF_PROVIDER);
    ck_assert(cty_is_unknown(RUN("join", "1", "?").result));
    ck_assert(RUN("tell", NULL, "?").result->truth);
    bench_end(&bench);
}
END_TEST

START_TEST(the_rules_inside_an_object_hold_too)
{
    static const struct tf_attr inside[] = {
        {"mode", TF_STRING, .flags = TF_REQUIRED, .oneof = modes}, {0}};
    static const struct tf_param params[] = {{{"o", TF_OBJECT, .attrs = inside}}, {{0}}};
    static const struct tf_function function = {
        .name = "inside", .params = params, .result = {.kind = TF_BOOL}, .run = tell};
    struct tf_function_answer answer;
    bench_offer(&bench, &provider, TF_PROVIDER);
    const struct cty_type *type = tf_attr_type(bench.arena, &params[0].attr);
    for (size_t i = 0; i < 2; i++) {
        const struct cty_value *mode = cty_str(bench.arena, str_of(i == 0 ? "off" : "bogus"));
        const struct cty_value *value = cty_object(bench.arena, type, &mode);
        tf_run_function(&bench.rpc, &function, &value, 1, &answer);
        ck_assert(i == 0 ? answer.result != NULL : str_has(answer.error, S("\"bogus\"")));
    }
    bench_end(&bench);
}
END_TEST

START_TEST(an_error_names_the_argument_that_is_to_blame)
{
    struct tf_function_answer answer;
    bench_offer(&bench, &provider, TF_PROVIDER);
    answer = RUN("join", "1", "a", "bad");
    ck_assert_ptr_null(answer.result);
    ck_assert_str(answer.error, S("\"bad\" can't be joined"));
    ck_assert_int_eq(answer.argument, 2); /* variadic ones count on */
    answer = RUN("join", "12", "a");
    ck_assert(str_has(answer.error, S("12")));
    ck_assert_int_eq(answer.argument, 0);
    answer = RUN("tell", NULL, NULL);
    ck_assert_str(answer.error, S("must not be null"));
    ck_assert_int_eq(answer.argument, 0);
    answer = RUN("join", "1", "all");
    ck_assert_str(answer.error, S("nothing can be joined today"));
    ck_assert_int_eq(answer.argument, -1);
    answer = RUN("tell", NULL, "a", "b");
    ck_assert_int_eq(answer.argument, 1);
    answer = run("join", NULL, 0, NULL);
    ck_assert_str(answer.error, S("join takes 1 arguments, not 0"));
    bench_end(&bench);
}
END_TEST

START_TEST(a_function_that_breaks_its_word_is_told_as_a_mistake)
{
    bench_offer(&bench, &provider, TF_PROVIDER);
    ck_assert(str_has(RUN("join", "1", "mute").error, S("did not say why")));
    ck_assert(str_has(RUN("join", "1", "odd").error, S("gave no value of its type")));
    bench_end(&bench);
}
END_TEST

TESTS("tf/function", arguments_give_a_result, what_is_unknown_stays_so_unless_the_function_takes_it,
      the_rules_inside_an_object_hold_too, an_error_names_the_argument_that_is_to_blame,
      a_function_that_breaks_its_word_is_told_as_a_mistake)
