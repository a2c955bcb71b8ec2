/* The functions of the contrary provider: one for each thing that a client can do with one. */
#include "objects.h"

/* join(separator, words…): joins, and complains of a word that is "bad". */
static bool join(struct tf_function_run *run)
{
    struct buf out = buf_in(run->arena, 1 << 20);

    for (size_t i = 1; i < run->count; i++) {
        if (str_is(run->arguments[i]->text, "bad"))
            return tf_function_error(run, (int64_t)i, "\"bad\" can't be joined");
        if (i > 1)
            buf_put(&out, run->arguments[0]->text);
        buf_put(&out, run->arguments[i]->text);
    }
    if (out.overflow)
        return tf_function_error(run, -1, "the words are too long together");
    run->result = cty_str(run->arena, buf_str(&out));
    return true;
}

static const struct tf_param join_params[] = {
    {{"separator", TF_STRING, .doc = "What stands between the words.", .max_len = 3}}, {{0}}};
static const struct tf_param words = {{"words", TF_STRING, .doc = "A word."}};

const struct tf_function contrary_join = {.name = "join",
                                          .summary = "Joins words.",
                                          .doc = "Joins words by a separator.",
                                          .params = join_params,
                                          .variadic = &words,
                                          .result = {.kind = TF_STRING},
                                          .run = join};

/* total(numbers): of those that are whole and fit; others count as nothing. */
static bool total(struct tf_function_run *run)
{
    const struct cty_value *numbers = run->arguments[0];
    int64_t sum = 0, number;

    for (size_t i = 0; i < numbers->count; i++)
        if (cty_is_known(numbers->items[i]) &&
            cty_number_to_int64(&numbers->items[i]->number, &number))
            sum += number;
    run->result = cty_int(run->arena, sum);
    return true;
}

static const struct tf_param numbers[] = {
    {{"numbers", TF_LIST, TF_NUMBER, .doc = "What is added up."}}, {{0}}};

const struct tf_function contrary_total = {.name = "total",
                                           .summary = "Adds up.",
                                           .doc = "Adds up whole numbers.",
                                           .params = numbers,
                                           .result = {.kind = TF_NUMBER},
                                           .run = total};

/* echo(value): any value, as it came. */
static bool echo(struct tf_function_run *run)
{
    run->result = run->arguments[0];
    return true;
}

static const struct tf_param any_value[] = {
    {{"value", TF_DYNAMIC, .doc = "Anything."}, .takes_null = true, .takes_unknown = true}, {{0}}};

const struct tf_function contrary_echo = {.name = "echo",
                                          .summary = "Gives back what it is given.",
                                          .doc = "Gives back what it is given.",
                                          .params = any_value,
                                          .result = {.kind = TF_DYNAMIC},
                                          .run = echo};

/* state_of(value): "known", "null" or "unknown". */
static bool state_of(struct tf_function_run *run)
{
    static const char *const names[] = {
        [CTY_KNOWN] = "known", [CTY_NULL] = "null", [CTY_UNKNOWN] = "unknown"};
    run->result = cty_str(run->arena, str_of(names[run->arguments[0]->state]));
    return true;
}

const struct tf_function contrary_state_of = {.name = "state_of",
                                              .summary = "Tells what a value is.",
                                              .doc = "`known`, `null` or `unknown`.",
                                              .params = any_value,
                                              .result = {.kind = TF_STRING},
                                              .run = state_of};

/* break_rule(what). */
static bool break_rule(struct tf_function_run *run)
{
    struct str what = run->arguments[0]->text;

    if (str_is(what, "wrong_type"))
        run->result = cty_truth(run->arena, true);
    if (str_is(what, "far_argument"))
        return tf_function_error(run, 99, "the argument that is not there");
    if (str_is(what, "bytes"))
        return tf_function_error(run, -1, "a byte \xff that is no text");
    if (str_is(what, "nothing"))
        run->result = cty_str(run->arena, S("fine"));
    return !str_is(what, "mute");
}

static const struct tf_param what[] = {{{"what", TF_STRING, .doc = "The rule."}}, {{0}}};

const struct tf_function contrary_break_rule = {.name = "break_rule",
                                                .summary = "Breaks a rule.",
                                                .doc = "Breaks the rule it is told to break.",
                                                .deprecated = "It was never of use.",
                                                .params = what,
                                                .result = {.kind = TF_STRING},
                                                .run = break_rule};
