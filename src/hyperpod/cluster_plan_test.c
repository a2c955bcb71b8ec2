#include "cluster_bench.h"

#define ROLE   "\"execution_role\":\"arn:aws:iam::111122223333:role/r\""
#define GROUP  "\"instance_type\":\"ml.c5.large\"," ROLE
#define COUNTS "\"threads_per_core\":1"

static int64_t noon(void *arg)
{
    (void)arg;
    return 1793000000000;
}
static const struct world world = {.now_ms = noon, .tick_ms = noon};

static struct hp_account account; /* no client: nothing is asked of AWS */

static bool configure(struct tf_call *call, void **ret_provider)
{
    (void)call;
    *ret_provider = &account;
    return true;
}

struct bench {
    struct arena *arena;
    struct tf_provider provider;
    const struct tf_resource *resources[2];
    struct tf_server *server;
    const struct tf_offer *offer;
    const struct cty_type *type;
    struct tf_rpc rpc;
};

static void begin(struct bench *bench)
{
    *bench = (struct bench){.arena = arena_new(64 << 20), .resources = {&hp_cluster}};
    bench->provider = (struct tf_provider){
        .name = "hyperpod", .resources = bench->resources, .configure = configure};
    bench->server = tf_server_new(&bench->provider, &world);
    bench->offer = tf_offer_find(bench->server, TF_RESOURCE, S("hyperpod_cluster"));
    bench->type = bench->offer->type;
    bench->rpc = (struct tf_rpc){.arena = bench->arena, .diags = diags_in(bench->arena)};
    tf_configure(
        bench->server, &bench->rpc,
        cty_object(bench->arena, tf_offer_find(bench->server, TF_PROVIDER, S(""))->type, NULL));
}

static void end(struct bench *bench)
{
    tf_rpc_done(bench->server, &bench->rpc);
    tf_server_free(bench->server);
    arena_free(bench->arena);
}

static const struct cty_value *cluster(struct bench *bench, const char *text)
{
    return text == NULL ? NULL : value_from(bench->arena, bench->type, json(bench->arena, text));
}

/* What core proposes where the configuration says nothing about computed members: the prior. */
static const struct cty_value *proposed(struct bench *bench, const struct cty_value *config,
                                        const struct cty_value *prior)
{
    static const char *const computed[] = {"id",
                                           "arn",
                                           "cluster_id",
                                           "status",
                                           "creation_time",
                                           "orchestrator",
                                           "region",
                                           "node_recovery",
                                           "log_group_name",
                                           "failure_message",
                                           "tags_all",
                                           "instance_group_details",
                                           "instance_group_actions"};

    for (size_t i = 0; prior != NULL && i < sizeof computed / sizeof computed[0]; i++)
        if (cty_is_null(tf_value(config, computed[i])))
            config =
                cty_with(bench->arena, config, str_of(computed[i]), tf_value(prior, computed[i]));
    return config;
}

static const struct cty_value *plan(struct bench *bench, const char *config, const char *prior,
                                    const char *private_data)
{
    const struct cty_value *said = cluster(bench, config), *before = cluster(bench, prior);
    struct tf_plan_request request = {.config = said,
                                      .prior = before,
                                      .proposed = proposed(bench, said, before),
                                      .prior_private = str_of(private_data)};
    struct tf_plan_answer answer;

    bench->rpc.diags = diags_in(bench->arena);
    tf_plan_change(bench->server, &bench->rpc, bench->offer, &request, &answer);
    return answer.planned;
}

static struct str member(struct bench *bench, const struct cty_value *object, const char *name)
{
    return text_of(bench->arena, tf_value(object, name));
}

#define EKS                                                                                        \
    "\"cluster_name\":\"c\",\"eks\":{\"cluster_arn\":"                                             \
    "\"arn:aws:eks:us-west-2:111122223333:cluster/k\"},\"region\":\"us-west-2\","                  \
    "\"vpc_config\":{\"subnet_ids\":[\"subnet-1\"],\"security_group_ids\":[\"sg-1\"]}"

#define PRIOR(status, groups, more)                                                                \
    "{" EKS ",\"id\":\"c\",\"arn\":\"arn\",\"node_recovery\":\"Automatic\",\"status\":\"" status   \
    "\",\"orchestrator\":\"eks\",\"instance_groups\":{" groups "},\"instance_group_details\":{"    \
    "\"a\":{\"status\":\"InService\"}},\"instance_group_actions\":{\"a\":\"create\"},"             \
    "\"tags_all\":{}" more "}"

#define A1 "\"a\":{\"instance_count\":1," GROUP "," COUNTS "}"
#define A2 "\"a\":{\"instance_count\":2," GROUP "," COUNTS "}"
#define B1 "\"b\":{\"instance_count\":1," GROUP "," COUNTS "}"

START_TEST(a_creation_knows_what_can_be_known)
{
    struct bench bench;
    begin(&bench);

    const struct cty_value *planned = plan(
        &bench, "{" EKS ",\"instance_groups\":{\"a\":{\"instance_count\":1," GROUP "}}}", NULL, "");

    ck_assert_str(member(&bench, planned, "id"), S("\"c\""));
    ck_assert_str(member(&bench, planned, "orchestrator"), S("\"eks\""));
    ck_assert_str(member(&bench, planned, "node_recovery"), S("\"Automatic\""));
    ck_assert_str(member(&bench, planned, "instance_group_actions"), S("{\"a\":\"create\"}"));
    ck_assert_str(member(&bench, planned, "status"), S("\"?\""));
    ck_assert(cty_is_unknown(
        tf_value(cty_lookup(tf_value(planned, "instance_groups"), S("a")), "threads_per_core")));
    ck_assert_ptr_null(bench.rpc.diags.first);
    end(&bench);
}
END_TEST

START_TEST(unknown_roles_and_subnets_plan)
{
    struct bench bench;
    begin(&bench);

    ck_assert_ptr_nonnull(
        plan(&bench,
             "{\"cluster_name\":\"?\",\"eks\":\"?\",\"vpc_config\":{\"subnet_ids\":\"?\","
             "\"security_group_ids\":[\"?\"]},\"instance_groups\":{\"a\":{\"instance_count\":\"?\","
             "\"instance_type\":\"?\",\"execution_role\":\"?\",\"lifecycle_config\":\"?\"}}}",
             NULL, ""));
    ck_assert_ptr_nonnull(
        plan(&bench, "{" EKS ",\"instance_groups\":\"?\"}", PRIOR("InService", A1, ""), ""));
    ck_assert_uint_eq(bench.rpc.diags.errors, 0);
    end(&bench);
}
END_TEST

START_TEST(nothing_changed_plans_nothing)
{
    struct bench bench;
    begin(&bench);
    const char *prior = PRIOR("InService", A1, "");

    const struct cty_value *planned =
        plan(&bench, "{" EKS ",\"instance_groups\":{" A1 "}}", prior, "");

    ck_assert(cty_equal(planned, cluster(&bench, prior)));
    end(&bench);
}
END_TEST

START_TEST(scaling_one_of_two_groups_changes_a_number_its_counts_and_the_action)
{
    struct bench bench;
    begin(&bench);

    const struct cty_value *planned = plan(&bench, "{" EKS ",\"instance_groups\":{" A2 "," B1 "}}",
                                           PRIOR("InService", A1 "," B1, ""), "");

    ck_assert_str(member(&bench, planned, "instance_group_actions"), S("{\"a\":\"scale\"}"));
    ck_assert_str(member(&bench, planned, "status"), S("\"InService\""));
    ck_assert_str(member(&bench, planned, "failure_message"), S("nothing"));
    ck_assert_str(
        member(&bench, planned, "instance_group_details"),
        S("{\"a\":{\"current_count\":\"?\",\"status\":\"InService\",\"target_count\":\"?\","
          "\"target_state_count\":\"?\"},\"b\":\"?\"}"));
    ck_assert_str(member(&bench, planned, "arn"), S("\"arn\""));
    end(&bench);
}
END_TEST

START_TEST(a_change_of_tags_leaves_everything_else_known)
{
    struct bench bench;
    begin(&bench);

    const struct cty_value *planned =
        plan(&bench, "{" EKS ",\"instance_groups\":{" A1 "},\"tags\":{\"k\":\"v\"}}",
             PRIOR("InService", A1, ""), "");

    ck_assert(cty_is_wholly_known(planned));
    ck_assert_str(member(&bench, planned, "tags_all"), S("{\"k\":\"v\"}"));
    ck_assert_str(member(&bench, planned, "instance_group_actions"), S("{\"a\":\"create\"}"));
    end(&bench);
}
END_TEST

START_TEST(a_cluster_that_is_still_being_made_is_waited_for_in_place)
{
    struct bench bench;
    begin(&bench);
    const char *config = "{" EKS ",\"instance_groups\":{" A1 "}}";

    const struct cty_value *creating = plan(&bench, config, PRIOR("Creating", A1, ""), "");
    ck_assert_str(member(&bench, creating, "status"), S("\"?\""));

    const struct cty_value *cut_short = plan(&bench, config, PRIOR("InService", A1, ""),
                                             "{\"version\":1,\"data\":{\"waiting\":\"create\"}}");
    ck_assert_str(member(&bench, cut_short, "status"), S("\"?\""));
    ck_assert_uint_eq(bench.rpc.diags.errors, 0);
    end(&bench);
}
END_TEST

START_TEST(failed_and_patching_clusters_are_not_waited_for)
{
    struct bench bench;
    begin(&bench);
    const char *config = "{" EKS ",\"instance_groups\":{" A1 "}}";

    ck_assert_str(member(&bench, plan(&bench, config, PRIOR("Failed", A1, ""), ""), "status"),
                  S("\"Failed\""));
    ck_assert_str(
        member(&bench, plan(&bench, config, PRIOR("SystemUpdating", A1, ""), ""), "status"),
        S("\"SystemUpdating\""));
    end(&bench);
}
END_TEST

START_TEST(another_type_for_a_group_is_refused_with_the_way_out)
{
    struct bench bench;
    begin(&bench);

    ck_assert_ptr_null(plan(&bench,
                            "{" EKS ",\"instance_groups\":{\"a\":{\"instance_count\":1,"
                            "\"instance_type\":\"ml.c5.xlarge\"," ROLE "}}}",
                            PRIOR("InService", A1, ""), ""));

    ck_assert_uint_eq(bench.rpc.diags.errors, 1);
    ck_assert_str(cty_path_text(bench.arena, bench.rpc.diags.first->path),
                  S("instance_groups[\"a\"].instance_type"));
    ck_assert(str_has(bench.rpc.diags.first->detail, S("new name")));
    ck_assert(str_has(bench.rpc.diags.first->detail,
                      S("-replace and replace_triggered_by do not get past this")));
    end(&bench);
}
END_TEST

START_TEST(new_scripts_warn_that_running_nodes_keep_theirs)
{
    struct bench bench;
    begin(&bench);
    const char *config =
        "{" EKS ",\"instance_groups\":{\"a\":{\"instance_count\":1," GROUP "," COUNTS
        ",\"lifecycle_config\":{\"source_s3_uri\":\"s3://b\",\"on_create\":\"c\"}}}}";
    const char *prior =
        "{" EKS ",\"node_recovery\":\"Automatic\",\"status\":\"InService\",\"instance_groups\":{" A1
        "},\"instance_group_details\":{\"a\":{\"current_count\":4}},\"tags_all\":{}}";

    ck_assert_ptr_nonnull(plan(&bench, config, prior, ""));

    ck_assert_uint_eq(bench.rpc.diags.errors, 0);
    ck_assert(str_has(bench.rpc.diags.first->detail,
                      S("4 running nodes of group \"a\" keep their scripts")));
    ck_assert_str(cty_path_text(bench.arena, bench.rpc.diags.first->path),
                  S("instance_groups[\"a\"].lifecycle_config"));
    end(&bench);
}
END_TEST

START_TEST(settings_beyond_this_resource_stop_changes_but_not_tags)
{
    struct bench bench;
    const char *private_data = "{\"version\":1,\"data\":{\"beyond\":\"ClusterRole\"}}";
    begin(&bench);

    ck_assert_ptr_null(plan(&bench, "{" EKS ",\"instance_groups\":{" A2 "}}",
                            PRIOR("InService", A1, ""), private_data));
    ck_assert(str_has(bench.rpc.diags.first->detail, S("ClusterRole")));
    ck_assert_ptr_nonnull(plan(&bench,
                               "{" EKS ",\"instance_groups\":{" A1 "},\"tags\":{\"k\":\"v\"}}",
                               PRIOR("InService", A1, ""), private_data));
    end(&bench);
}
END_TEST

START_TEST(an_eks_cluster_of_another_region_is_refused)
{
    struct bench bench;
    begin(&bench);

    ck_assert_ptr_null(
        plan(&bench,
             "{\"cluster_name\":\"c\",\"region\":\"eu-west-1\",\"eks\":{\"cluster_arn\":"
             "\"arn:aws:eks:us-west-2:111122223333:cluster/k\"},\"instance_groups\":{" A1 "}}",
             NULL, ""));
    ck_assert_str(cty_path_text(bench.arena, bench.rpc.diags.first->path), S("eks.cluster_arn"));
    end(&bench);
}
END_TEST

START_TEST(mock_values_and_a_missing_orchestrator_are_warned_of)
{
    struct bench bench;
    begin(&bench);

    ck_assert_ptr_nonnull(plan(&bench,
                               "{\"cluster_name\":\"c\",\"instance_groups\":{\"a\":{"
                               "\"instance_count\":1,\"instance_type\":\"ml.c5.large\","
                               "\"execution_role\":\"arn:aws:iam::000000000000:role/mock\"}}}",
                               NULL, ""));
    ck_assert_uint_eq(bench.rpc.diags.errors, 0);
    ck_assert_str(bench.rpc.diags.first->summary, S("The plan holds mock values"));
    ck_assert_str(bench.rpc.diags.last->summary, S("A cluster without an orchestrator"));
    end(&bench);
}
END_TEST

START_TEST(a_tag_that_sagemaker_refuses_is_refused_at_plan)
{
    static const char *const rows[][2] = {{"a", "x<y"}, {"a", "100%"}, {"a&b", "x"}};
    struct bench bench;
    begin(&bench);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str config = arena_fmt(
            bench.arena, "{" EKS ",\"tags\":{\"%s\":\"%s\"},\"instance_groups\":{" A1 "}}",
            rows[i][0], rows[i][1]);
        ck_assert_ptr_null(plan(&bench, config.ptr, NULL, ""));
        ck_assert_uint_eq(bench.rpc.diags.errors, 1);
        ck_assert_str(cty_path_text(bench.arena, bench.rpc.diags.first->path),
                      arena_fmt(bench.arena, "tags[\"%s\"]", rows[i][0]));
    }
    ck_assert_ptr_nonnull(plan(&bench,
                               "{" EKS ",\"tags\":{\"a_.:/=+-@\":\"\u00fc 7\\u3000\"},"
                               "\"instance_groups\":{" A1 "}}",
                               NULL, ""));
    end(&bench);
}
END_TEST

START_TEST(a_state_without_a_region_replaces_nothing)
{
    static const char arn[] = "arn:aws:sagemaker:us-west-2:1:cluster/k";
    struct bench bench;
    begin(&bench);

    for (size_t i = 0; i < 2; i++) {
        const struct cty_value *config = cluster(&bench, "{" EKS ",\"instance_groups\":{" A1 "}}");
        const struct cty_value *prior = cluster(&bench, PRIOR("InService", A1, ""));
        struct tf_plan_answer answer = {0};

        prior = cty_with(bench.arena, prior, S("region"), cty_null(bench.arena, &cty_string));
        prior = cty_with(bench.arena, prior, S("arn"),
                         i == 0 ? cty_str(bench.arena, str_of(arn))
                                : cty_null(bench.arena, &cty_string));
        struct tf_plan_request request = {
            .config = config, .prior = prior, .proposed = proposed(&bench, config, prior)};
        tf_plan_change(bench.server, &bench.rpc, bench.offer, &request, &answer);
        ck_assert_uint_eq(answer.requires_replace_count, 0);
        ck_assert_uint_eq(bench.rpc.diags.errors, 0);
    }
    end(&bench);
}
END_TEST

TESTS("hyperpod/cluster_plan", a_tag_that_sagemaker_refuses_is_refused_at_plan,
      a_state_without_a_region_replaces_nothing, a_creation_knows_what_can_be_known,
      unknown_roles_and_subnets_plan, nothing_changed_plans_nothing,
      scaling_one_of_two_groups_changes_a_number_its_counts_and_the_action,
      a_change_of_tags_leaves_everything_else_known,
      a_cluster_that_is_still_being_made_is_waited_for_in_place,
      failed_and_patching_clusters_are_not_waited_for,
      another_type_for_a_group_is_refused_with_the_way_out,
      new_scripts_warn_that_running_nodes_keep_theirs,
      settings_beyond_this_resource_stop_changes_but_not_tags,
      an_eks_cluster_of_another_region_is_refused,
      mock_values_and_a_missing_orchestrator_are_warned_of)
