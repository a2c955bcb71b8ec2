#include "fixture.h"

static const struct tf_attr opts[] = {{"x", TF_STRING, .flags = TF_OPTIONAL}, {0}};
static const struct tf_attr attrs[] = {{"name", TF_STRING, .flags = TF_REQUIRED},
                                       {"size", TF_NUMBER, .flags = TF_OPTIONAL},
                                       {"wo", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY},
                                       {"any", TF_DYNAMIC, .flags = TF_OPTIONAL},
                                       {0}};
static const struct tf_block blocks[] = {{"rule", TF_BLOCK_LIST, opts}, {0}};
static bool verb(struct tf_call *call)
{
    (void)call;
    return true;
}
/* 0 -> 1: title becomes name. 1 -> 2: size was text with a unit; nonsense is refused. */
static bool upgrade(struct tf_call *call, int64_t from, struct doc *state)
{
    if (from == 0) {
        doc_set(call->arena, state, S("name"), doc_get(state, S("title")));
        doc_set(call->arena, state, S("title"), NULL);
        return true;
    }
    int64_t size;
    struct str text = doc_get_text(state, S("size"));
    if (text.len < 2 || !str_to_int64(str_sub(text, 0, text.len - 2), &size))
        return diag_error(call->diags, NULL, "Old", "The old size is unreadable.");
    doc_set(call->arena, state, S("size"), doc_int(call->arena, size));
    return true;
}
static const struct tf_resource thing = {.type = "lab_thing",
                                         .version = 2,
                                         .attrs = attrs,
                                         .blocks = blocks,
                                         .create = verb,
                                         .read = verb,
                                         .update = verb,
                                         .delete_ = verb,
                                         .upgrade = upgrade,
                                         .timeouts = {.create = "1m"}};
static const struct {
    int64_t version;
    const char *json, *state, *said;
} rows[] = {
    {2, "{\"name\":\"n\",\"size\":1.50,\"rule\":[],\"timeouts\":null}",
     "{name:\"n\",rule:[],size:1.5}", NULL},
    {2, "{\n  \"name\": \"n\",\n  \"size\": \"7\"\n}\n", "{name:\"n\",rule:[],size:7}", NULL},
    {2, "{\"name\":5,\"extra\":[1,2],\"rule\":[{\"x\":true,\"gone\":1}]}",
     "{name:\"5\",rule:[{x:\"true\"}]}", NULL},
    {2, "{\"name\":\"n\",\"wo\":\"leak\",\"rule\":null}", "{name:\"n\",rule:[]}", NULL},
    {2, "{\"name\":\"n\",\"any\":{\"value\":[1],\"type\":[\"list\",\"number\"]}}",
     "{any:[1],name:\"n\",rule:[]}", NULL},
    {2, "{\"name\":\"n\",\"timeouts\":{\"create\":\"5m\"}}",
     "{name:\"n\",rule:[],timeouts:{create:\"5m\"}}", NULL},
    {2, "{\"size\":12345678901234567890123}", "{rule:[],size:12345678901234567890123}", NULL},
    {1, "{\"name\":\"n\",\"size\":\"12GB\"}", "{name:\"n\",rule:[],size:12}", NULL},
    {0, "{\"title\":\"n\",\"size\":\"12GB\"}", "{name:\"n\",rule:[],size:12}", NULL},
    {0, "{\"title\":\"n\",\"size\":\"x\"}", NULL, "The old size is unreadable"},
    {1, "{\"name\":", NULL, "is not JSON"},
    {3, "{}", NULL, "it has version 3"},
    {-1, "{}", NULL, "it has version -1"},
    {2, "", NULL, "it is empty"},
    {2, "null", NULL, "it is not an object"},
    {2, "[]", NULL, "can't be read"},
    {2, "{\"size\":\"many\"}", NULL, "size: "},
    {2, "{\"rule\":[{\"x\":[]}]}", NULL, "rule[0].x: "},
    {2, "{\"name\":\"n\"", NULL, "can't be read"}};

START_TEST(each_stored_text_becomes_a_state_or_is_refused)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench;
        bench_begin(&bench, &thing);
        const struct cty_value *state = tf_upgrade(bench.server, &bench.rpc, bench.offer,
                                                   rows[i].version, str_of(rows[i].json));
        if (rows[i].state != NULL)
            ck_assert_msg(str_is(shown_value(&bench, state), rows[i].state), "row %zu: %.*s\n%.*s",
                          i, STR(shown_value(&bench, state)), STR(told(&bench)));
        else
            ck_assert_msg(state == NULL && str_has(told(&bench), str_of(rows[i].said)),
                          "row %zu: %.*s", i, STR(told(&bench)));
        bench_end(&bench);
    }
}
END_TEST

TESTS("tf/upgrade", each_stored_text_becomes_a_state_or_is_refused)
