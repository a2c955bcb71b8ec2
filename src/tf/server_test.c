#include "fixture.h"

#include <pthread.h>

static int made, released;
static bool refuse;
static bool configure(struct tf_call *call, void **ret_provider)
{
    if (refuse)
        return diag_error(call->diags, NULL, "No", "No.");
    int *provider = malloc(sizeof *provider);
    *provider = ++made;
    *ret_provider = provider;
    return true;
}
static void release(void *provider)
{
    __atomic_fetch_add(&released, 1, __ATOMIC_SEQ_CST);
    free(provider);
}
static const struct tf_attr attrs[] = {
    {"name", TF_STRING, .flags = TF_OPTIONAL, .doc = "Its name."}, {0}};
static pthread_barrier_t inside, go_on;
static int seen;
static bool quick(struct tf_call *call)
{
    seen = *(int *)call->provider;
    return true;
}
static bool slow(struct tf_call *call)
{
    pthread_barrier_wait(&inside);
    pthread_barrier_wait(&go_on);
    return quick(call);
}
static const struct tf_resource thing = {.type = "lab_thing",
                                         .doc = "A thing of the lab.",
                                         .attrs = attrs,
                                         .create = quick,
                                         .read = slow,
                                         .update = quick,
                                         .delete_ = quick,
                                         .timeouts = {.create = "5m"}};
static const struct tf_resource *const resources[] = {&thing, NULL};
static const struct tf_provider provider = {.name = "lab",
                                            .doc = "The lab.",
                                            .attrs = attrs,
                                            .resources = resources,
                                            .configure = configure,
                                            .release = release};

static void configure_once(struct tf_server *server)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct tf_rpc rpc = {.arena = arena, .diags = diags_in(arena)};
    tf_configure(server, &rpc,
                 tf_blank(arena, (struct tf_rows){attrs, NULL},
                          tf_offer_find(server, TF_PROVIDER, S(""))->type));
}

static void *read_slowly(void *arg)
{
    struct tf_server *server = arg;
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct tf_rpc rpc = {.arena = arena, .diags = diags_in(arena)};
    struct tf_state_answer answer;
    const struct tf_offer *offer = tf_offer_find(server, TF_RESOURCE, S("lab_thing"));
    struct tf_read_request request = {.current =
                                          tf_blank(arena, rows_of_offer(offer), offer->type)};
    tf_read_resource(server, &rpc, offer, &request, &answer);
    tf_rpc_done(server, &rpc);
    return NULL;
}

START_TEST(a_call_keeps_the_provider_that_it_began_with)
{
    struct tf_server *server = tf_server_new(&provider, &bench_world);
    pthread_t thread;
    pthread_barrier_init(&inside, NULL, 2);
    pthread_barrier_init(&go_on, NULL, 2);

    configure_once(server);
    pthread_create(&thread, NULL, read_slowly, server);
    pthread_barrier_wait(&inside);
    configure_once(server);
    ck_assert_int_eq(made, 2);
    ck_assert_int_eq(released, 0);
    pthread_barrier_wait(&go_on);
    pthread_join(thread, NULL);

    ck_assert_int_eq(seen, 1);
    ck_assert_int_eq(released, 1);
    tf_server_free(server);
    ck_assert_int_eq(released, 2);
    pthread_barrier_destroy(&inside);
    pthread_barrier_destroy(&go_on);
}
END_TEST

/* A plan's default tags lie in what the provider was configured with. */
START_TEST(an_answer_outlives_a_configuration_that_comes_before_it_is_encoded)
{
    struct tf_server *server = tf_server_new(&provider, &bench_world);
    configure_once(server);
    int before = released;
    struct tf_rpc rpc = {0};
    int *lent = tf_provider_of(server, &rpc), number = *lent;
    configure_once(server);
    ck_assert_ptr_eq(tf_provider_of(server, &rpc), lent); /* one and the same for the whole call */
    ck_assert_int_eq(*lent, number);
    ck_assert_int_eq(released, before);
    tf_rpc_done(server, &rpc);
    ck_assert_int_eq(released, before + 1);
    tf_server_free(server);
}
END_TEST

START_TEST(a_refused_configuration_ends_the_one_before)
{
    struct tf_server *server = tf_server_new(&provider, &bench_world);
    configure_once(server);
    int before = released;
    refuse = true;
    configure_once(server);
    refuse = false;
    ck_assert_int_eq(released, before + 1);
    struct tf_rpc rpc = {0};
    ck_assert_ptr_null(tf_provider_of(server, &rpc));
    ck_assert_ptr_null(rpc.held);
    tf_server_free(server);
}
END_TEST

START_TEST(resources_are_found_by_type_and_have_their_time_outs)
{
    struct tf_server *server = tf_server_new(&provider, &bench_world);
    const struct tf_offer *offer = tf_offer_find(server, TF_RESOURCE, S("lab_thing"));
    ck_assert_ptr_eq(offer->resource, &thing);
    ck_assert_ptr_null(tf_offer_find(server, TF_RESOURCE, S("lab_other")));
    ck_assert_ptr_null(tf_offer_find(server, TF_DATA_SOURCE, S("lab_thing")));
    ck_assert_ptr_eq(tf_offer_at(server, TF_RESOURCE, 0), offer);
    ck_assert_ptr_null(tf_offer_at(server, TF_RESOURCE, 1));
    ck_assert_str_eq(offer->blocks->name, "timeouts");
    ck_assert_int_ge(cty_attribute_index(offer->type, S("timeouts")), 0);
    tf_server_free(server);
}
END_TEST

START_TEST(the_manual_tells_arguments_time_outs_and_import)
{
    struct tf_server *server = tf_server_new(&provider, &bench_world);
    struct buf page = buf_on_heap(1 << 16);
    tf_manual(server, tf_offer_find(server, TF_RESOURCE, S("lab_thing")), &page);
    static const char *const parts[] = {
        "# lab_thing (Resource)\n\nA thing of the lab.",
        "### Optional\n\n- `name` (String) Its name.\n- `timeouts` (Block)",
        "### Nested Schema for `timeouts`\n\nOptional:\n\n- `create` (String)",
        "`lab_thing` can't be imported."};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        ck_assert_msg(str_has(buf_str(&page), str_of(parts[i])), "%s\n%.*s", parts[i],
                      STR(buf_str(&page)));
    buf_clear(&page);
    tf_manual(server, tf_offer_find(server, TF_PROVIDER, S("")), &page);
    ck_assert(str_has(buf_str(&page), S("# lab Provider\n\nThe lab.")));
    buf_done(&page);
    tf_server_free(server);
}
END_TEST

START_TEST(diagnostics_are_cleaned_and_counted)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct diags diags = diags_in(arena);
    ck_assert(diag_warning(&diags, NULL, "w", "bad \xff byte"));
    ck_assert(!diag_error(&diags, NULL, "e", "%d", 5));
    ck_assert(!diag_bug(&diags, NULL, "b"));
    ck_assert_uint_eq(diags.errors, 2);
    ck_assert_str(diags.first->detail, S("bad \xef\xbf\xbd byte"));
    ck_assert_str(diags.first->next->detail, S("5"));
    ck_assert(str_has(diags.last->detail, S("Please report it")));
}
END_TEST

TESTS("tf/server", a_call_keeps_the_provider_that_it_began_with,
      an_answer_outlives_a_configuration_that_comes_before_it_is_encoded,
      a_refused_configuration_ends_the_one_before,
      resources_are_found_by_type_and_have_their_time_outs,
      the_manual_tells_arguments_time_outs_and_import, diagnostics_are_cleaned_and_counted)
