#include "fixture.h"

static const char *const modes[] = {"Automatic", "Manual", "None", NULL};

static bool is_even(struct tf_check *check, const struct cty_value *value)
{
    int64_t number = 0;
    cty_number_to_int64(&value->number, &number);
    return number % 2 == 0 || diag_error(check->diags, check->path, "Odd", "Even numbers only.");
}

static bool is_mute(struct tf_check *check, const struct cty_value *value)
{
    (void)check;
    return !str_is(value->text, "bad");
}

static bool block_check(struct tf_check *check, const struct cty_value *value)
{
    return tf_int(value, "port", 0) != 13 ||
           diag_error(check->diags, check->path, "Unlucky", "Not 13.");
}

static const struct tf_attr inner[] = {{"need", TF_STRING, .flags = TF_REQUIRED},
                                       {"mode", TF_STRING, .flags = TF_OPTIONAL, .oneof = modes},
                                       {"arn", TF_STRING, .flags = TF_COMPUTED},
                                       {"wo", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY},
                                       {0}};
static const struct tf_attr in_set[] = {
    {"ebs", TF_STRING, .flags = TF_OPTIONAL, .one_of_group = "storage"},
    {"fsx", TF_STRING, .flags = TF_OPTIONAL, .one_of_group = "storage"},
    {0}};
static const struct tf_attr rule_attrs[] = {
    {"port", TF_INT, .flags = TF_REQUIRED, .ranged = true, .min = 1, .max = 65535},
    {"note", TF_STRING, .flags = TF_OPTIONAL},
    {0}};
static const struct tf_attr attrs[] = {
    {"name", TF_STRING, .flags = TF_OPTIONAL, .pattern = "[a-z](-*[a-z0-9])*|x",
     .pattern_text = "small letters, digits and hyphens", .max_len = 8},
    {"mode", TF_STRING, .flags = TF_OPTIONAL, .oneof = modes},
    {"secret", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE, .oneof = modes},
    {"count_of", TF_INT, .flags = TF_OPTIONAL, .ranged = true, .min = 0, .max = 100},
    {"even", TF_INT, .flags = TF_OPTIONAL, .check = is_even},
    {"mute", TF_STRING, .flags = TF_OPTIONAL, .check = is_mute},
    {"short", TF_STRING, .flags = TF_OPTIONAL, .min_len = 2, .max_len = 3},
    {"words", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .oneof = modes, .max_len = 2},
    {"list", TF_LIST, TF_INT, .flags = TF_OPTIONAL, .min_len = 1, .ranged = true, .max = 9},
    {"id", TF_STRING, .flags = TF_COMPUTED},
    {"old", TF_STRING, .flags = TF_OPTIONAL, .deprecated = "Use name."},
    {"eks", TF_STRING, .flags = TF_OPTIONAL, .conflicts = "slurm"},
    {"slurm", TF_STRING, .flags = TF_OPTIONAL, .conflicts = "eks"},
    {"role", TF_STRING, .flags = TF_OPTIONAL, .requires = "name"},
    {"map", TF_MAP, .attrs = inner, .flags = TF_OPTIONAL},
    {"sets", TF_SET, .attrs = in_set, .flags = TF_OPTIONAL},
    {0}};
static const struct tf_block blocks[] = {
    {"rule", TF_BLOCK_LIST, .attrs = rule_attrs, .max_items = 2, .check = block_check},
    {"pair", TF_BLOCK_SET, .attrs = rule_attrs, .deprecated = "Use rule."},
    {"always", TF_BLOCK_GROUP, .attrs = rule_attrs},
    {0}};

static bool verb(struct tf_call *call)
{
    (void)call;
    return true;
}
static bool across(struct tf_call *call)
{
    return !str_is(tf_str(call->config, "name"), "root") ||
           diag_error(call->diags, NULL, "Across", "No root.");
}
static const struct tf_resource thing = {.type = "lab_thing",
                                         .attrs = attrs,
                                         .blocks = blocks,
                                         .timeouts = {.create = "5m"},
                                         .validate = across,
                                         .create = verb,
                                         .read = verb,
                                         .update = verb,
                                         .delete_ = verb};

static const struct {
    const char *config, *said; /* NULL: nothing is said */
} cases[] = {
    {"{}", NULL},
    {"{\"name\":\"a-b\",\"mode\":\"Manual\",\"count_of\":5,\"even\":2,\"list\":[1,9],\"words\":["
     "\"None\"]}",
     NULL},
    {"{\"name\":\"?\",\"mode\":\"?\",\"count_of\":\"?\",\"even\":\"?\",\"list\":\"?\",\"words\":["
     "\"?\",\"None\",\"Manual\"],"
     "\"eks\":\"e\",\"slurm\":\"?\",\"map\":\"?\",\"sets\":\"?\",\"rule\":\"?\",\"role\":\"?\"}",
     NULL},
    {"{\"sets\":[{\"ebs\":\"?\"},{\"fsx\":\"f\"}],\"map\":{\"k\":{\"need\":\"?\"},\"l\":\"?\"},"
     "\"role\":\"r\",\"name\":\"?\"}",
     NULL},
    {"{\"name\":\"A\"}", "error name: Invalid value: \"A\" was given. name must be: small letters, "
                         "digits and hyphens."},
    {"{\"name\":\"a\\n\"}", "name must be"},
    {"{\"name\":\"xx-\"}", "name must be"},
    {"{\"name\":\"abcdefghi\"}",
     "error name: Invalid length: name has 9 characters; it must have 0 to 8."},
    {"{\"mode\":\"automatc\"}", "\"automatc\" was given. mode can be \"Automatic\", \"Manual\" or "
                                "\"None\". Did you mean \"Automatic\"?"},
    {"{\"mode\":\"zzzzzzzz\"}", "mode can be \"Automatic\", \"Manual\" or \"None\".\n"},
    {"{\"secret\":\"automatic\"}", "error secret: Invalid value: secret can be"},
    {"{\"count_of\":101}",
     "error count_of: Number out of range: 101 was given. count_of is a number from 0 to 100."},
    {"{\"count_of\":-1}", "Number out of range"},
    {"{\"count_of\":1.5}", "error count_of: Not a whole number: 1.5 was given."},
    {"{\"count_of\":1e999999}", "Number out of range"},
    {"{\"even\":92233720368547758080}", "error even: Number out of range"},
    {"{\"even\":3}", "error even: Odd: Even numbers only."},
    {"{\"mute\":\"bad\"}", "did not say why"},
    {"{\"short\":\"äöü\"}", NULL},
    {"{\"short\":\"ä\"}", "short has 1 characters; it must have 2 to 3"},
    {"{\"short\":\"äöüß\"}", "short has 4 characters"},
    {"{\"words\":[\"Nine\"]}", "error words: Invalid value: \"Nine\" was given. words can be"},
    {"{\"words\":[\"None\",\"Manual\",\"Automatic\"]}",
     "words has 3 elements; it must have 0 to 2"},
    {"{\"list\":[]}", "list has 0 elements; it must have at least 1"},
    {"{\"list\":[1,10]}", "error list[1]: Number out of range"},
    {"{\"list\":[1,null]}", "error list[1]: Null element"},
    {"{\"id\":\"mine\"}", "error id: Invalid Configuration for Read-Only Attribute"},
    {"{\"old\":\"x\"}", "warning old: Attribute Deprecated: Use name."},
    {"{\"eks\":\"e\",\"slurm\":\"s\"}",
     "error eks: Conflicting attributes: eks and slurm are both set"},
    {"{\"role\":\"r\"}",
     "error role: Missing attribute: role is set, and then name must be set too."},
    {"{\"map\":{\"k\":{}}}", "error map[\"k\"].need: Missing required attribute"},
    {"{\"map\":{\"k\":{\"need\":\"n\",\"mode\":\"none\"}}}",
     "error map[\"k\"].mode: Invalid value"},
    {"{\"map\":{\"k\":{\"need\":\"n\",\"arn\":\"a\"}}}",
     "error map[\"k\"].arn: Invalid Configuration for Read-Only"},
    {"{\"map\":{\"k\":{\"need\":\"n\",\"wo\":\"w\"}}}",
     "error map[\"k\"].wo: WriteOnly Attribute Not Allowed"},
    {"{\"map\":{\"k\":null}}", "error map[\"k\"]: Null element"},
    {"{\"sets\":[{}]}", "error sets: Missing attribute: Exactly one of ebs, fsx must be set."},
    {"{\"sets\":[{\"ebs\":\"e\",\"fsx\":\"f\"}]}",
     "Exactly one of ebs, fsx must be set, not ebs and fsx together."},
    {"{\"rule\":[{\"port\":1},{\"port\":2},{\"port\":3}]}", "error rule: Too many blocks"},
    {"{\"rule\":[{\"port\":70000}]}", "error rule[0].port: Number out of range"},
    {"{\"rule\":[{\"port\":13}]}", "error rule[0]: Unlucky"},
    {"{\"rule\":[{}]}", "error rule[0].port: Missing required attribute"},
    {"{\"pair\":[{\"port\":1}]}", "warning pair: Block Deprecated: Use rule."},
    {"{\"pair\":[{\"port\":0}]}", "error pair: Number out of range"},
    {"{\"timeouts\":{\"create\":\"5 minutes\"}}", "\"5 minutes\" is not a "
                                                  "duration"},
    {"{\"timeouts\":{\"create\":\"0s\"}}", "A time-out is longer than nothing"},
    {"{\"timeouts\":{\"create\":\"1h30m\"}}", NULL},
    {"{\"name\":\"root\"}", "error : Across: No root."}};

START_TEST(each_configuration_is_answered_as_its_row_says)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        bench_begin(&bench, &thing);
        tf_validate(bench.server, &bench.rpc, bench.offer, object_of(&bench, cases[i].config));
        if (cases[i].said == NULL)
            ck_assert_msg(bench.rpc.diags.first == NULL, "%s\n%.*s", cases[i].config,
                          STR(told(&bench)));
        else
            ck_assert_msg(str_has(told(&bench), str_of(cases[i].said)), "%s\n%s\n%.*s",
                          cases[i].config, cases[i].said, STR(told(&bench)));
        bench_end(&bench);
    }
}
END_TEST

START_TEST(a_secret_is_never_repeated)
{
    struct bench bench;
    bench_begin(&bench, &thing);
    tf_validate(bench.server, &bench.rpc, bench.offer,
                object_of(&bench, "{\"secret\":\"hunter2\"}"));
    ck_assert_told(&bench, "secret can be");
    ck_assert(!str_has(told(&bench), S("hunter2")));
    bench_end(&bench);
}
END_TEST

START_TEST(a_group_is_complained_about_once)
{
    struct bench bench;
    bench_begin(&bench, &thing);
    tf_validate(
        bench.server, &bench.rpc, bench.offer,
        object_of(&bench,
                  "{\"eks\":\"e\",\"slurm\":\"s\",\"sets\":[{\"ebs\":\"e\",\"fsx\":\"f\"}]}"));
    ck_assert_uint_eq(bench.rpc.diags.errors, 2);
    bench_end(&bench);
}
END_TEST

START_TEST(a_client_that_knows_write_only_may_set_it)
{
    struct bench bench;
    bench_begin(&bench, &thing);
    bench.rpc.write_only_allowed = true;
    tf_validate(bench.server, &bench.rpc, bench.offer,
                object_of(&bench, "{\"map\":{\"k\":{\"need\":\"n\",\"wo\":\"w\"}}}"));
    ck_assert_silent(&bench);
    bench_end(&bench);
}
END_TEST

START_TEST(a_pattern_that_could_take_for_ever_ends)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct buf text = buf_in(arena, 1 << 16);
    for (int i = 0; i < 2000; i++)
        buf_putc(&text, 'a');
    buf_putc(&text, '!');
    ck_assert(!tf_pattern_matches("(a+)+b", buf_str(&text)));
    ck_assert(tf_pattern_matches("\\p{L}+", S("äöü")));
}
END_TEST

START_TEST(the_nearest_word_is_one_that_was_probably_meant)
{
    static const char *const words[] = {"rolling_software_update", "replace_nodes", "new_nodes",
                                        NULL};
    ck_assert_str_eq(tf_nearest(S("newnodes"), words), "new_nodes");
    ck_assert_str_eq(tf_nearest(S("REPLACE_NODE"), words), "replace_nodes");
    ck_assert_ptr_null(tf_nearest(S("terraform"), words));
    ck_assert_ptr_null(tf_nearest(S(""), words));
}
END_TEST

TESTS("tf/validate", each_configuration_is_answered_as_its_row_says, a_secret_is_never_repeated,
      a_group_is_complained_about_once, a_client_that_knows_write_only_may_set_it,
      a_pattern_that_could_take_for_ever_ends, the_nearest_word_is_one_that_was_probably_meant)
