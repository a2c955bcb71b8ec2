#include "fixture.h"

static const char *deed;
static bool verb(struct tf_call *call)
{
    (void)call;
    return true;
}
static bool fill(struct tf_call *found, void *arg, struct str *ret_name)
{
    int number = *(int *)arg;
    if (str_is(S("vanishes"), deed) && number == 1)
        return false;
    if (str_is(S("fails"), deed) && number == 1)
        return diag_error(found->diags, NULL, "No", "It can't be read.");
    if (str_is(S("warns"), deed) && number == 1)
        diag_warning(found->diags, NULL, "Odd", "It looks odd.");
    if (!str_is(S("nameless"), deed))
        tf_set_str(found, "id", arena_fmt(found->arena, "i-%d", number));
    if (str_is(S("unknown"), deed))
        tf_set(found, "name", cty_unknown(found->arena, &cty_string));
    *ret_name = arena_fmt(found->arena, "Thing %d", number);
    return true;
}
static int asked;
static struct stop_source *source;
static bool list(struct tf_listing *listing)
{
    int64_t count = tf_int(listing->call->config, "count_of", 3);

    asked = 0;
    for (int i = 0; i < count; i++, asked++)
        if (!tf_list_found(listing, fill, &i))
            return true;
    if (str_is(S("breaks"), deed))
        return diag_error(listing->call->diags, NULL, "No", "No more of them.");
    if (str_is(S("late"), deed))
        stop_now(source);
    return !str_is(S("mute"), deed);
}
static const struct tf_attr list_attrs[] = {
    {"count_of", TF_INT, .flags = TF_OPTIONAL, .ranged = true, .min = 0, .max = 100000}, {0}};
static const struct tf_list listed = {.attrs = list_attrs, .list = list};
static const struct tf_attr attrs[] = {
    {"id", TF_STRING, .flags = TF_COMPUTED}, {"name", TF_STRING, .flags = TF_OPTIONAL}, {0}};
static const struct tf_attr parts[] = {{"id", TF_STRING, .flags = TF_REQUIRED}, {0}};
static const struct tf_identity identity = {.attrs = parts};
static const struct tf_resource thing = {.type = "lab_thing",
                                         .attrs = attrs,
                                         .identity = &identity,
                                         .list = &listed,
                                         .create = verb,
                                         .read = verb,
                                         .update = verb,
                                         .delete_ = verb};
static const struct tf_resource *const resources[] = {&thing, NULL};
static const struct tf_provider provider = {.resources = resources};

static struct bench bench;
static struct buf events;
static int events_until_deaf;

static bool take(void *arg, struct arena *arena, const struct tf_list_event *event)
{
    (void)arg;
    buf_printf(&events, "%.*s ", STR(event->name));
    if (event->identity != NULL)
        show_into(&events, arena, event->identity);
    if (event->object != NULL)
        show_into(&events, arena, event->object);
    for (const struct diag *diag = event->diags->first; diag != NULL; diag = diag->next)
        buf_printf(&events, "!%.*s", STR(diag->detail));
    buf_putz(&events, "; ");
    return events_until_deaf == 0 || --events_until_deaf > 0;
}

static struct str listing(const char *what, const char *config, bool objects, int64_t limit)
{
    struct tf_list_request request = {.config = object_of(&bench, config),
                                      .wants_objects = objects,
                                      .limit = limit,
                                      .send = take};
    deed = what;
    events = buf_in(bench.arena, 1 << 20);
    tf_list_resource(bench.server, &bench.rpc, bench.offer, &request);
    return buf_str(&events);
}

static void begin(void)
{
    events_until_deaf = 0;
    bench_offer(&bench, &provider, TF_LIST_RESOURCE);
}

START_TEST(each_object_is_an_event_with_its_identity)
{
    begin();
    ck_assert_str(listing("", "{\"count_of\":2}", false, 100),
                  S("Thing 0 {id:\"i-0\"}; Thing 1 {id:\"i-1\"}; "));
    ck_assert_str(listing("", "{\"count_of\":1}", true, 100),
                  S("Thing 0 {id:\"i-0\"}{id:\"i-0\"}; "));
    ck_assert_str(listing("", "{\"count_of\":0}", true, 100), S(""));
    bench_end(&bench);
}
END_TEST

START_TEST(a_limit_and_a_client_that_leaves_end_the_search)
{
    begin();
    ck_assert_str(listing("", "{\"count_of\":50000}", false, 2),
                  S("Thing 0 {id:\"i-0\"}; Thing 1 {id:\"i-1\"}; "));
    ck_assert_int_le(asked, 2);
    events_until_deaf = 1;
    ck_assert_str(listing("", "{\"count_of\":50000}", false, 0), S("Thing 0 {id:\"i-0\"}; "));
    ck_assert_int_le(asked, 1);
    bench_end(&bench);
}
END_TEST

START_TEST(a_long_list_costs_no_memory)
{
    begin();
    size_t before = arena_used(bench.arena);
    bench.rpc.diags = diags_in(bench.arena);
    struct tf_list_request request = {.config = object_of(&bench, "{\"count_of\":20000}"),
                                      .send = take};
    deed = "";
    events = buf_in(bench.arena, 16);
    tf_list_resource(bench.server, &bench.rpc, bench.offer, &request);
    ck_assert_uint_lt(arena_used(bench.arena) - before, 100000);
    bench_end(&bench);
}
END_TEST

START_TEST(what_vanishes_is_left_out_and_what_is_wrong_is_told_where_it_is)
{
    begin();
    ck_assert_str(listing("vanishes", "{}", false, 0),
                  S("Thing 0 {id:\"i-0\"}; Thing 2 {id:\"i-2\"}; "));
    ck_assert_str(listing("warns", "{}", false, 0),
                  S("Thing 0 {id:\"i-0\"}; Thing 1 {id:\"i-1\"}!It looks odd.; "
                    "Thing 2 {id:\"i-2\"}; "));
    ck_assert_str(listing("fails", "{}", false, 0),
                  S("Thing 0 {id:\"i-0\"};  !It can't be read.; "));
    ck_assert_str(listing("breaks", "{\"count_of\":1}", false, 0),
                  S("Thing 0 {id:\"i-0\"};  !No more of them.; "));
    bench_end(&bench);
}
END_TEST

START_TEST(an_event_that_breaks_a_rule_is_told)
{
    begin();
    ck_assert(str_has(listing("nameless", "{}", false, 0), S("has an identity without its id")));
    ck_assert(str_has(listing("unknown", "{}", true, 0), S("the value is still unknown")));
    ck_assert(str_has(listing("mute", "{}", false, 0), S("did not say why")));
    ck_assert(str_has(listing("", NULL, false, 0), S("before its configuration is wholly known")));
    bench_end(&bench);
}
END_TEST

START_TEST(a_list_that_a_stop_cut_off_says_so_and_a_complete_one_does_not)
{
    begin();
    source = stop_source_new();
    bench.rpc.stop = stop_token_new(source);
    ck_assert_str(listing("late", "{\"count_of\":1}", false, 0), S("Thing 0 {id:\"i-0\"}; "));
    ck_assert(str_has(listing("", "{}", false, 0), S("interrupted")));
    ck_assert(str_has(listing("mute", "{\"count_of\":0}", false, 0), S("interrupted")));
    stop_token_free(bench.rpc.stop);
    stop_source_free(source);
    bench_end(&bench);
}
END_TEST

TESTS("tf/list", each_object_is_an_event_with_its_identity,
      a_limit_and_a_client_that_leaves_end_the_search, a_long_list_costs_no_memory,
      what_vanishes_is_left_out_and_what_is_wrong_is_told_where_it_is,
      an_event_that_breaks_a_rule_is_told,
      a_list_that_a_stop_cut_off_says_so_and_a_complete_one_does_not)
