#include "cluster_bench.h"

struct scene {
    struct arena *arena;
    struct diags diags;
    struct tf_call call;
};

static void begin(struct scene *scene, const char *state)
{
    struct arena *arena = arena_new(1 << 24);
    const struct cty_type *type = tf_object_type(arena, cluster_rows, NULL);

    *scene = (struct scene){.arena = arena};
    scene->diags = diags_in(arena);
    scene->call = (struct tf_call){.arena = arena,
                                   .diags = &scene->diags,
                                   .state = value_from(arena, type, json(arena, state)),
                                   .private_data = doc_object(arena)};
}

static struct str member(struct scene *scene, const char *name)
{
    return text_of(scene->arena, tf_value(scene->call.state, name));
}

#define ARN "arn:aws:sagemaker:us-west-2:111122223333:cluster/abcdefghijkl"

static const char *const full =
    "{\"ClusterName\":\"c\",\"ClusterArn\":\"" ARN "\",\"ClusterStatus\":\"InService\","
    "\"CreationTime\":1793000000.25,\"FailureMessage\":\"\",\"NodeRecovery\":\"None\","
    "\"Orchestrator\":{\"Eks\":{\"ClusterArn\":\"eks\"}},\"VpcConfig\":{\"Subnets\":[\"s2\",\"s1\"]"
    ","
    "\"SecurityGroupIds\":[\"g\"]},\"InstanceGroups\":[{\"InstanceGroupName\":\"a\","
    "\"TargetCount\":1,"
    "\"CurrentCount\":0,\"InstanceType\":\"ml.c5.large\"}]}";

START_TEST(an_import_reads_everything)
{
    struct scene scene;
    begin(&scene, "{\"cluster_name\":\"" ARN "\",\"region\":\"us-west-2\"}");

    cluster_observe_live(&scene.call, json(scene.arena, full));

    ck_assert_str(member(&scene, "cluster_name"), S("\"c\""));
    ck_assert_str(member(&scene, "id"), S("\"c\""));
    ck_assert_str(member(&scene, "cluster_id"), S("\"abcdefghijkl\""));
    ck_assert_str(member(&scene, "creation_time"), S("\"2026-10-26T07:33:20Z\""));
    ck_assert_str(member(&scene, "failure_message"), S("nothing"));
    ck_assert_str(member(&scene, "orchestrator"), S("\"eks\""));
    ck_assert_str(member(&scene, "eks"), S("{\"cluster_arn\":\"eks\"}"));
    ck_assert_str(member(&scene, "node_recovery"), S("\"None\""));
    ck_assert_str(member(&scene, "log_group_name"),
                  S("\"/aws/sagemaker/Clusters/c/abcdefghijkl\""));
    ck_assert_str(member(&scene, "vpc_config"),
                  S("{\"security_group_ids\":[\"g\"],\"subnet_ids\":[\"s1\",\"s2\"]}"));
    ck_assert_str(member(&scene, "instance_groups"),
                  S("{\"a\":{\"instance_count\":1,\"instance_type\":\"ml.c5.large\"}}"));
    ck_assert_ptr_null(scene.diags.first);
    arena_free(scene.arena);
}
END_TEST

START_TEST(only_three_members_outlive_an_answer_that_leaves_them_out)
{
    struct scene scene;
    begin(&scene,
          "{\"cluster_name\":\"c\",\"eks\":{\"cluster_arn\":\"eks\"},\"vpc_config\":{"
          "\"subnet_ids\":[\"s\"],\"security_group_ids\":[\"g\"]},\"node_recovery\":\"None\","
          "\"failure_message\":\"old\",\"instance_groups\":{\"a\":{\"instance_count\":1}}}");

    cluster_observe_live(&scene.call,
                         json(scene.arena, "{\"ClusterName\":\"c\",\"ClusterArn\":\"" ARN
                                           "\",\"ClusterStatus\":\"InService\"}"));

    ck_assert_str(member(&scene, "eks"), S("{\"cluster_arn\":\"eks\"}"));
    ck_assert_str(member(&scene, "node_recovery"), S("\"None\""));
    ck_assert_str(member(&scene, "orchestrator"), S("\"eks\""));
    ck_assert(tf_is_set(scene.call.state, "vpc_config"));
    ck_assert_str(member(&scene, "failure_message"), S("nothing"));
    ck_assert_str(member(&scene, "instance_groups"), S("{}"));
    arena_free(scene.arena);
}
END_TEST

START_TEST(a_cluster_that_changed_its_orchestrator_shows_it)
{
    struct scene scene;
    begin(&scene, "{\"cluster_name\":\"c\",\"eks\":{\"cluster_arn\":\"eks\"}}");

    cluster_observe_live(&scene.call,
                         json(scene.arena, "{\"ClusterName\":\"c\",\"Orchestrator\":{\"Slurm\":{"
                                           "\"SlurmConfigStrategy\":\"Managed\"}}}"));

    ck_assert_str(member(&scene, "eks"), S("nothing"));
    ck_assert_str(member(&scene, "orchestrator"), S("\"slurm\""));
    arena_free(scene.arena);
}
END_TEST

START_TEST(settling_keeps_what_was_planned_and_fills_what_was_unknown)
{
    struct scene scene;
    begin(&scene,
          "{\"cluster_name\":\"c\",\"arn\":\"?\",\"status\":\"?\",\"failure_message\":\"?\","
          "\"orchestrator\":\"?\",\"instance_group_details\":\"?\",\"node_recovery\":"
          "\"Automatic\",\"region\":\"us-west-2\",\"tags_all\":{},\"instance_groups\":{\"a\":{"
          "\"instance_count\":1,\"instance_type\":\"ml.c5.large\",\"threads_per_core\":\"?\"}}}");

    cluster_settle(&scene.call, json(scene.arena, full));

    ck_assert(cty_is_wholly_known(scene.call.state));
    ck_assert_str(member(&scene, "arn"), S("\"" ARN "\""));
    ck_assert_str(member(&scene, "node_recovery"), S("\"Automatic\""));
    ck_assert_str(member(&scene, "orchestrator"), S("\"eks\""));
    ck_assert_str(member(&scene, "instance_groups"),
                  S("{\"a\":{\"instance_count\":1,\"instance_type\":\"ml.c5.large\"}}"));
    ck_assert_str(member(&scene, "instance_group_details"),
                  S("{\"a\":{\"current_count\":0,\"instance_type\":\"ml.c5.large\",\"restricted\":"
                    "false,\"target_count\":1}}"));
    arena_free(scene.arena);
}
END_TEST

START_TEST(import_ids_are_a_name_or_an_arn_and_may_say_the_region)
{
    static const struct {
        const char *id, *name, *region;
    } rows[] = {
        {"c", "\"c\"", "nothing"},
        {"c@eu-west-1", "\"c\"", "\"eu-west-1\""},
        {ARN, "\"" ARN "\"", "\"us-west-2\""},
    };
    static const char *const bad[] = {
        "", "@us-west-2", "c@", "c@nowhere", "not a name!", "arn:aws:ec2:us-west-2:1:vpc/vpc-1"};
    struct scene scene;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin(&scene, "{}");
        ck_assert(cluster_import(&scene.call, str_of(rows[i].id)));
        ck_assert_str(member(&scene, "cluster_name"), str_of(rows[i].name));
        ck_assert_str(member(&scene, "region"), str_of(rows[i].region));
        arena_free(scene.arena);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        begin(&scene, "{}");
        ck_assert_msg(!cluster_import(&scene.call, str_of(bad[i])), "%s", bad[i]);
        ck_assert_uint_eq(scene.diags.errors, 1);
        arena_free(scene.arena);
    }
}
END_TEST

START_TEST(bodies_carry_the_whole_of_every_group)
{
    struct scene scene;
    begin(&scene, "{}");
    const struct cty_type *type = scene.call.state->type;
    const char *planned =
        "{\"cluster_name\":\"c\",\"eks\":{\"cluster_arn\":\"eks\"},\"node_recovery\":\"None\","
        "\"vpc_config\":{\"subnet_ids\":[\"s\"],\"security_group_ids\":[\"g\"]},\"tags_all\":{"
        "\"k\":"
        "\"v\"},\"instance_groups\":{\"a\":{\"instance_count\":2}}}";
    scene.call.planned = value_from(scene.arena, type, json(scene.arena, planned));
    scene.call.prior = value_from(
        scene.arena, type,
        json(scene.arena, "{\"instance_groups\":{\"a\":{\"instance_count\":1},\"old\":{}}}"));
    const struct doc *live =
        json(scene.arena, "{\"NodeProvisioningMode\":\"Continuous\",\"InstanceGroups\":[{"
                          "\"InstanceGroupName\":\"old\"}]}");

    ck_assert_str(shown(scene.arena, cluster_create_body(&scene.call)),
                  S("{\"ClusterName\":\"c\",\"Orchestrator\":{\"Eks\":{\"ClusterArn\":\"eks\"}},"
                    "\"VpcConfig\":{\"Subnets\":[\"s\"],\"SecurityGroupIds\":[\"g\"]},"
                    "\"NodeRecovery\":\"None\",\"InstanceGroups\":[{\"InstanceCount\":2,"
                    "\"InstanceGroupName\":\"a\"}],\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}"));
    ck_assert_str(shown(scene.arena, cluster_update_body(&scene.call, live)),
                  S("{\"ClusterName\":\"c\",\"InstanceGroups\":[{\"InstanceCount\":2,"
                    "\"InstanceGroupName\":\"a\"}],\"InstanceGroupsToDelete\":[\"old\"],"
                    "\"NodeRecovery\":\"None\",\"NodeProvisioningMode\":\"Continuous\"}"));
    arena_free(scene.arena);
}
END_TEST

static int64_t noon(void *arg)
{
    (void)arg;
    return 1793000000000;
}

START_TEST(a_last_look_goes_on_after_an_interrupt_and_not_after_the_parents_end)
{
    static const struct world world = {.tick_ms = noon};
    struct stop_source *source = stop_source_new();
    struct stop_token *token = stop_token_new(source);
    struct tf_call call = {.world = &world, .stop = token};

    stop_now(source);
    ck_assert(!stop_requested(hp_last_look(&call).stop));
    ck_assert_int_gt(hp_last_look(&call).deadline_tick_ms, noon(NULL));
    ck_assert_int_le(hp_last_look(&call).deadline_tick_ms, noon(NULL) + 5000);

    stop_for_good(source);
    ck_assert(stop_requested(hp_last_look(&call).stop));

    call.stop = NULL;
    ck_assert(!stop_requested(hp_last_look(&call).stop));
    stop_token_free(token);
    stop_source_free(source);
}
END_TEST

START_TEST(an_arn_of_another_service_or_what_is_no_name_is_not_imported)
{
    static const char *const ids[] = {"arn:aws:eks:us-west-2:111122223333:cluster/x",
                                      "arn:aws:ecs:us-west-2:111122223333:cluster/x",
                                      "arn:aws:sagemaker:us-west-2:111122223333:model/:cluster/x",
                                      "arn:aws:sagemaker:us-west-2"};
    static const char *const names[] = {ARN, "two words", ""};
    struct scene scene;

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        begin(&scene, "{}");
        ck_assert_msg(!cluster_import(&scene.call, str_of(ids[i])), "%s", ids[i]);
        ck_assert(str_has(scene.diags.first->detail, S("not a cluster's name or ARN")));
        arena_free(scene.arena);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        begin(&scene, "{}");
        const struct cty_type *type = tf_object_type(scene.arena, hp_cluster.identity->attrs, NULL);
        scene.call.identity =
            value_from(scene.arena, type, json(scene.arena, "{\"region\":\"us-west-2\"}"));
        scene.call.identity = cty_with(scene.arena, scene.call.identity, S("cluster_name"),
                                       cty_str(scene.arena, str_of(names[i])));
        ck_assert_msg(!cluster_import(&scene.call, S("")), "%s", names[i]);
        ck_assert(str_has(scene.diags.first->detail, S("of the identity is not a cluster's name")));
        arena_free(scene.arena);
    }
}
END_TEST

START_TEST(a_state_without_a_region_gets_that_of_its_arn)
{
    struct scene scene;
    begin(&scene, "{\"cluster_name\":\"c\",\"arn\":\"" ARN "\"}");

    ck_assert_str(hp_region(&scene.call), S("us-west-2")); /* where it is asked for */
    cluster_observe_live(&scene.call, json(scene.arena, full));

    ck_assert_str(member(&scene, "region"), S("\"us-west-2\""));
    arena_free(scene.arena);
}
END_TEST

TESTS("hyperpod/cluster_read", a_state_without_a_region_gets_that_of_its_arn,
      an_import_reads_everything,
      a_last_look_goes_on_after_an_interrupt_and_not_after_the_parents_end,
      only_three_members_outlive_an_answer_that_leaves_them_out,
      a_cluster_that_changed_its_orchestrator_shows_it,
      settling_keeps_what_was_planned_and_fills_what_was_unknown,
      import_ids_are_a_name_or_an_arn_and_may_say_the_region,
      an_arn_of_another_service_or_what_is_no_name_is_not_imported,
      bodies_carry_the_whole_of_every_group)
