/* The sim without HTTP, in a world whose clock is a variable. */
#include "ground/moving.h"
#include <hp/base/buf.h>
#include <hp/base/test.h>
#include <hp/doc/doc.h>
#include <hp/sim/sim.h>
#include <pthread.h>

static bool wait_ms(void *arg, struct stop_token *stop, int64_t ms)
{
    (void)arg;
    (void)stop;
    wall_ms += ms;
    return false;
}

static const struct world world = {
    .now_ms = moving_now_ms, .tick_ms = moving_now_ms, .wait_ms = wait_ms, .random = moving_random};

static struct sim *new_sim(void)
{
    struct sim_options options = {
        .no_auth = true, .time_scale = 1, .has_seed = true, .seed = 1, .log_fd = -1};
    struct sim_error error;
    wall_ms = INT64_C(1800000000000);
    return sim_new(&world, &options, &error);
}

static struct sim_answer ask(struct sim *sim, struct arena *arena, const char *operation,
                             const char *body)
{
    struct str target = arena_fmt(arena, "SageMaker.%s", operation);
    struct sim_header header = {S("X-Amz-Target"), target};
    struct sim_request request = {.method = S("POST"),
                                  .uri = S("/"),
                                  .headers = &header,
                                  .header_count = 1,
                                  .body = str_of(body)};
    struct sim_answer answer;
    sim_answer(sim, arena, &request, &answer);
    return answer;
}

static struct sim_answer ask_ec2(struct sim *sim, struct arena *arena, const char *parameters)
{
    struct sim_request request = {.method = S("POST"), .uri = S("/")};
    struct sim_answer answer;
    request.body = arena_fmt(arena, "%s&Version=2016-11-15", parameters);
    sim_answer(sim, arena, &request, &answer);
    return answer;
}

static const char create[] =
    "{\"ClusterName\":\"c\",\"InstanceGroups\":[{\"InstanceGroupName\":\"w\",\"InstanceCount\":2,"
    "\"InstanceType\":\"ml.c5.large\",\"ExecutionRole\":\"arn:aws:iam::111122223333:role/hp\"}]}";

START_TEST(a_cluster_comes_up_as_time_passes)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();

    ck_assert_int_eq(ask(sim, arena, "CreateCluster", create).status, 200);
    struct sim_answer early = ask(sim, arena, "DescribeCluster", "{\"ClusterName\":\"c\"}");
    wall_ms += 10 * 60 * 1000;
    struct sim_answer late = ask(sim, arena, "DescribeCluster", "{\"ClusterName\":\"c\"}");

    ck_assert(str_has(early.body, S("\"ClusterStatus\":\"Creating\"")));
    ck_assert(str_has(late.body, S("\"ClusterStatus\":\"InService\"")));
    ck_assert(str_has(late.body, S("\"CurrentCount\":2,\"TargetCount\":2")));
    ck_assert(!str_eq(early.request_id, late.request_id));
    sim_free(sim);
}
END_TEST

START_TEST(a_failure_is_told_in_json_and_names_its_type)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();

    struct sim_answer absent = ask(sim, arena, "DescribeCluster", "{\"ClusterName\":\"c\"}");
    struct sim_answer unread = ask(sim, arena, "DescribeCluster", "{");

    ck_assert_int_eq(absent.status, 400);
    ck_assert_str(absent.error_type, S("ResourceNotFound"));
    ck_assert_str(absent.body, S("{\"__type\":\"ResourceNotFound\",\"Message\":\"Cluster with name "
                                 "'c' was not found\"}"));
    ck_assert_str(unread.error_type, S("SerializationException"));
    sim_free(sim);
}
END_TEST

START_TEST(the_state_repeats_no_name_though_ec2s_sets_repeat_their_items)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();

    struct sim_answer made =
        ask_ec2(sim, arena,
                "Action=CreateSecurityGroup&GroupName=g&GroupDescription=d&TagSpecification.1."
                "ResourceType=security-group&TagSpecification.1.Tag.1.Key=one&TagSpecification.1."
                "Tag.1.Value=1&TagSpecification.1.Tag.2.Key=two&TagSpecification.1.Tag.2.Value=2");
    struct sim_request request = {.method = S("GET"), .uri = S("/_sim/state")};
    struct sim_answer state;
    sim_answer(sim, arena, &request, &state);

    ck_assert_int_eq(made.status, 200);
    ck_assert(str_has(made.body, S("<tagSet><item><key>one</key><value>1</value></item><item>")));
    ck_assert(str_has(state.body, S("\"tagSet\":[{\"key\":\"one\",\"value\":\"1\"},"
                                    "{\"key\":\"two\",\"value\":\"2\"}]")));
    ck_assert(str_has(state.body, S("\"tagSet\":[]")));
    ck_assert(!str_has(state.body, S("\"item\"")));
    sim_free(sim);
}
END_TEST

START_TEST(ec2_speaks_xml_and_escapes_what_it_is_told)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();

    struct sim_answer made =
        ask_ec2(sim, arena, "Action=CreateSecurityGroup&GroupName=g%26h&GroupDescription=d");
    struct sim_answer found =
        ask_ec2(sim, arena, "Action=DescribeSecurityGroups&GroupName.1=g%26h");
    struct sim_answer absent =
        ask_ec2(sim, arena, "Action=DescribeSecurityGroups&GroupId.1=sg-00000000");

    ck_assert_int_eq(made.status, 200);
    ck_assert(str_has(found.body, S("<groupName>g&amp;h</groupName>")));
    ck_assert_int_eq(absent.status, 400);
    ck_assert(
        str_has(absent.body, S("<Response><Errors><Error><Code>InvalidGroup.NotFound</Code>")));
    ck_assert(str_has(absent.body, absent.request_id));
    sim_free(sim);
}
END_TEST

START_TEST(a_slow_call_waits_and_a_lost_one_is_done)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();
    struct sim_request order = {.method = S("POST"), .uri = S("/_sim/faults")};
    struct sim_answer answer;
    int64_t began = wall_ms;

    order.body = S("{\"kind\":\"slow\",\"delay_ms\":5000,\"times\":1}");
    sim_answer(sim, arena, &order, &answer);
    ask(sim, arena, "ListClusters", "{}");
    ck_assert_int_eq(wall_ms - began, 5000);

    order.body = S("{\"kind\":\"lost\",\"times\":1}");
    sim_answer(sim, arena, &order, &answer);
    ck_assert_int_eq(ask(sim, arena, "CreateCluster", create).ending, SIM_LOST);
    ck_assert_str(ask(sim, arena, "CreateCluster", create).error_type, S("ResourceInUse"));
    sim_free(sim);
}
END_TEST

START_TEST(a_held_call_is_not_done_and_a_mute_one_is)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();
    struct sim_request order = {.method = S("POST"), .uri = S("/_sim/faults")};
    struct sim_request look = {.method = S("GET"), .uri = S("/_sim/faults")};
    struct sim_answer answer;
    int64_t began = wall_ms;

    order.body = S("{\"kind\":\"held\",\"delay_ms\":7000,\"times\":1}");
    sim_answer(sim, arena, &order, &answer);
    ck_assert_int_eq(ask(sim, arena, "CreateCluster", create).ending, SIM_LOST);
    ck_assert_int_eq(wall_ms - began, 7000);

    order.body = S("{\"kind\":\"mute\",\"after\":1,\"times\":1}");
    sim_answer(sim, arena, &order, &answer);
    ck_assert_str(ask(sim, arena, "DescribeCluster", "{\"ClusterName\":\"c\"}").error_type,
                  S("ResourceNotFound"));
    ck_assert_int_eq(ask(sim, arena, "CreateCluster", create).ending, SIM_LOST);
    ck_assert_int_eq(ask(sim, arena, "DescribeCluster", "{\"ClusterName\":\"c\"}").status, 200);

    sim_answer(sim, arena, &look, &answer);
    ck_assert(str_has(answer.body, S("\"kind\":\"mute\",\"service\":\"\",\"operation\":\"\","
                                     "\"after\":1,\"times\":1,\"seen\":3,\"hits\":1")));
    sim_free(sim);
}
END_TEST

START_TEST(a_server_whose_clock_is_wrong_says_so)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();
    struct sim_request order = {.method = S("POST"), .uri = S("/_sim/faults")};
    struct sim_answer answer;

    order.body = S("{\"kind\":\"skew\",\"times\":1}");
    sim_answer(sim, arena, &order, &answer);
    ck_assert_str(ask(sim, arena, "ListClusters", "{}").date, S("Fri, 15 Jan 2027 08:20:00 GMT"));
    ck_assert_int_eq(ask(sim, arena, "ListClusters", "{}").date.len, 0);
    sim_free(sim);
}
END_TEST

static struct sim_answer control(struct sim *sim, struct arena *arena, const char *path,
                                 const char *body)
{
    struct sim_request request = {.method = S("POST"), .uri = str_of(path), .body = str_of(body)};
    struct sim_answer answer;
    sim_answer(sim, arena, &request, &answer);
    return answer;
}

START_TEST(a_clock_that_is_told_nonsense_goes_on_as_before)
{
    static const char *const wrong[] = {
        "{\"advance_seconds\":3600,\"speed\":2}",
        "{\"advance_seconds\":3600,\"scale\":-1}",
        "{\"scale\":9,\"advance_seconds\":\"soon\"}",
    };
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();
    struct str before = control(sim, arena, "/_sim/clock", "{}").body;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_int_eq(control(sim, arena, "/_sim/clock", wrong[i]).status, 400);
    ck_assert_str(control(sim, arena, "/_sim/clock", "{}").body, before);
    sim_free(sim);
}
END_TEST

START_TEST(credentials_for_more_than_ten_years_are_refused)
{
    static const struct {
        const char *seconds;
        int status;
    } rows[] = {
        {"315360000", 200},
        {"-315360000", 200},
        {"315360001", 400},
        {"9223372036854775807", 400},
        {"-9223372036854775808", 400},
        {"1e300", 400},
        {"1.5", 400},
        {"\"soon\"", 400},
    };
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str body =
            arena_fmt(arena, "{\"access_key\":\"A\",\"secret_key\":\"s\",\"valid_seconds\":%s}",
                      rows[i].seconds);
        int status = control(sim, arena, "/_sim/credentials", body.ptr).status;
        ck_assert_msg(status == rows[i].status, "%s: %d", rows[i].seconds, status);
    }
    sim_free(sim);
}
END_TEST

/* The names of the clusters in all pages of that size. */
static struct str paged(struct sim *sim, struct arena *arena, const char *how, int page_size)
{
    struct buf out = buf_in(arena, 1 << 20);
    struct str token = S("");

    do {
        struct str more =
            token.len == 0 ? token : arena_fmt(arena, ",\"NextToken\":\"%.*s\"", STR(token));
        struct str body = arena_fmt(arena, "{\"MaxResults\":%d,%s%.*s}", page_size, how, STR(more));
        struct doc *page = NULL;
        struct doc_error error;
        ck_assert(doc_from_json(arena, ask(sim, arena, "ListClusters", body.ptr).body, NULL, &page,
                                &error));
        doc_each (row, doc_get(page, S("ClusterSummaries")))
            buf_printf(&out, "%.*s ", STR(doc_get_text(row->value, S("ClusterName"))));
        token = doc_get_text(page, S("NextToken"));
    } while (token.len > 0);
    return buf_str(&out);
}

START_TEST(pages_of_any_size_are_cuts_of_the_same_order)
{
    static const struct {
        const char *how, *begins;
    } rows[] = {
        {"\"SortBy\":\"NAME\"", "c00 c01 c02 c03 "},
        {"\"SortBy\":\"NAME\",\"SortOrder\":\"Descending\"", "c29 c28 c27 "},
        {"\"SortBy\":\"CREATION_TIME\"", "c00 c01 c02 c10 c11 c12 c20 c21 c22 c03 "},
        {"\"SortOrder\":\"Descending\"", "c29 c19 c09 c28 c27 c26 c18 "},
        {"\"NameContains\":\"1\",\"SortOrder\":\"Descending\"", "c19 c18 c17 "},
    };
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();
    /* Nine of them in the same minute. */
    static const int order[30] = {20, 10, 0,  1,  11, 21, 22, 2,  12, 3,  13, 23, 24, 4,  14,
                                  15, 5,  25, 26, 16, 6,  27, 17, 7,  18, 8,  28, 19, 29, 9};

    for (int i = 0; i < 30; i++) {
        struct str body =
            arena_fmt(arena, "{\"ClusterName\":\"c%02d\"%.*s", order[i],
                      STR(str_from(str_of(create), strlen("{\"ClusterName\":\"c\""))));
        wall_ms += i % 9 == 0 && i > 0 ? 60000 : 0;
        ck_assert_int_eq(ask(sim, arena, "CreateCluster", body.ptr).status, 200);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str whole = paged(sim, arena, rows[i].how, 100);
        ck_assert_msg(str_starts(whole, str_of(rows[i].begins)), "%s: %.*s", rows[i].how,
                      STR(whole));
        for (int size = 1; size <= 31; size++)
            ck_assert_str(paged(sim, arena, rows[i].how, size), whole);
    }
    sim_free(sim);
}
END_TEST

struct part {
    struct sim *sim;
    int number;
};

/* Makes clusters and looks at once whether they are there, and the one before is not. */
static void *take_part(void *arg)
{
    struct part *part = arg;
    for (int i = 0; i < 50; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
        struct str rest = str_from(str_of(create), strlen("{\"ClusterName\":\"c\""));
        struct str name = arena_fmt(arena, "{\"ClusterName\":\"c%d-%d\"", part->number, i);
        struct str before = arena_fmt(arena, "{\"ClusterName\":\"c%d-%d\"}", part->number, i + 1);
        ck_assert_int_eq(ask(part->sim, arena, "DescribeCluster", before.ptr).status, 400);
        ck_assert_int_eq(
            ask(part->sim, arena, "CreateCluster", arena_cat(arena, name, rest).ptr).status, 200);
        struct str now = arena_cat(arena, name, S("}"));
        ck_assert_int_eq(ask(part->sim, arena, "DescribeCluster", now.ptr).status, 200);
        ck_assert_int_eq(ask(part->sim, arena, "ListClusterNodes", now.ptr).status, 200);
        ck_assert_int_eq(ask_ec2(part->sim, arena, "Action=DescribeSubnets").status, 200);
    }
    return NULL;
}

START_TEST(threads_see_each_others_clusters_in_one_order)
{
    enum { threads = 6 };
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sim *sim = new_sim();
    struct part parts[threads];
    pthread_t ids[threads];

    for (int i = 0; i < threads; i++) {
        parts[i] = (struct part){sim, i};
        ck_assert_int_eq(pthread_create(&ids[i], NULL, take_part, &parts[i]), 0);
    }
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    struct sim_request request = {.method = S("GET"), .uri = S("/_sim/calls/counts")};
    struct sim_answer counts;
    sim_answer(sim, arena, &request, &counts);
    ck_assert_msg(str_has(counts.body, S("\"DescribeCluster\":{\"calls\":600,\"errors\":300,")),
                  "%.*s", STR(counts.body));
    sim_free(sim);
}
END_TEST

TESTS("sim/answer", a_cluster_comes_up_as_time_passes, a_failure_is_told_in_json_and_names_its_type,
      the_state_repeats_no_name_though_ec2s_sets_repeat_their_items,
      ec2_speaks_xml_and_escapes_what_it_is_told, a_slow_call_waits_and_a_lost_one_is_done,
      a_held_call_is_not_done_and_a_mute_one_is, a_server_whose_clock_is_wrong_says_so,
      a_clock_that_is_told_nonsense_goes_on_as_before,
      credentials_for_more_than_ten_years_are_refused, pages_of_any_size_are_cuts_of_the_same_order,
      threads_see_each_others_clusters_in_one_order)
