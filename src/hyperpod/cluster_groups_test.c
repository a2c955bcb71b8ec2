#include "cluster_bench.h"
#include "cluster_storage.h"

#define ROLE "\"execution_role\":\"arn:aws:iam::111122223333:role/r\""

static const char *const two_groups =
    "{\"a\":{\"instance_count\":1,\"instance_type\":\"ml.c5.large\"," ROLE "},"
    "\"b\":{\"instance_count\":4,\"instance_type\":\"ml.p5.48xlarge\"," ROLE
    ",\"threads_per_core\":2,\"lifecycle_config\":{\"source_s3_uri\":\"s3://x\",\"on_create\":"
    "\"c.sh\"},\"instance_storage_configs\":[{\"ebs_volume_config\":{\"volume_size_in_gb\":500}}]}"
    "}";

/* AWS's answer about them: in another order, completed. */
static const char *const two_answers =
    "{\"ClusterStatus\":\"InService\",\"InstanceGroups\":["
    "{\"InstanceGroupName\":\"b\",\"TargetCount\":4,\"CurrentCount\":4,\"InstanceType\":"
    "\"ml.p5.48xlarge\",\"ExecutionRole\":\"arn:aws:iam::111122223333:role/"
    "r\",\"ThreadsPerCore\":2,"
    "\"Status\":\"InService\",\"LifeCycleConfig\":{\"SourceS3Uri\":\"s3://"
    "x\",\"OnCreate\":\"c.sh\"},"
    "\"InstanceStorageConfigs\":[{\"EbsVolumeConfig\":{\"VolumeKmsKeyId\":\"k\",\"RootVolume\":"
    "true}},"
    "{\"EbsVolumeConfig\":{\"VolumeSizeInGB\":500,\"RootVolume\":false}}],"
    "\"CapacityRequirements\":{\"OnDemand\":{}}},"
    "{\"InstanceGroupName\":\"a\",\"TargetCount\":1,\"CurrentCount\":1,\"InstanceType\":"
    "\"ml.c5.large\",\"ExecutionRole\":\"arn:aws:iam::111122223333:role/r\",\"ThreadsPerCore\":1,"
    "\"LifeCycleConfig\":{}}]}";

START_TEST(each_group_is_sent_with_its_whole_specification)
{
    struct arena *arena = arena_new(1 << 22);

    struct str sent = shown(arena, cluster_groups_body(arena, groups(arena, two_groups)));

    ck_assert_str(
        sent,
        S("[{\"InstanceCount\":1,\"InstanceType\":\"ml.c5.large\",\"ExecutionRole\":"
          "\"arn:aws:iam::111122223333:role/r\",\"InstanceGroupName\":\"a\"},"
          "{\"InstanceCount\":4,\"InstanceType\":\"ml.p5.48xlarge\",\"ExecutionRole\":"
          "\"arn:aws:iam::111122223333:role/r\",\"LifeCycleConfig\":{\"SourceS3Uri\":\"s3://x\","
          "\"OnCreate\":\"c.sh\"},\"ThreadsPerCore\":2,\"InstanceStorageConfigs\":[{"
          "\"EbsVolumeConfig\":{\"VolumeSizeInGB\":500}}],\"InstanceGroupName\":\"b\"}]"));
    arena_free(arena);
}
END_TEST

START_TEST(an_answer_in_another_order_with_defaults_filled_in_is_no_difference)
{
    struct arena *arena = arena_new(1 << 22);
    const struct doc *live = json(arena, two_answers);
    const struct cty_value *asked = groups(arena, two_groups);
    struct doc *filled = cluster_groups_filled(arena, asked, live);

    const struct cty_value *read = cluster_groups_read(arena, live, asked, filled);

    ck_assert_str(shown(arena, filled), S("{\"b\":[{\"EbsVolumeConfig\":{\"VolumeKmsKeyId\":\"k\","
                                          "\"RootVolume\":true}}]}"));
    ck_assert(cty_equal(cty_lookup(read, S("b")), cty_lookup(asked, S("b"))));
    ck_assert_int_eq(tf_int(cty_lookup(read, S("a")), "threads_per_core", 0), 1);
    ck_assert(!tf_is_set(cty_lookup(read, S("a")), "lifecycle_config"));
    arena_free(arena);
}
END_TEST

START_TEST(a_storage_configuration_that_somebody_added_later_is_drift)
{
    struct arena *arena = arena_new(1 << 22);
    const struct cty_value *asked = groups(arena, two_groups);

    const struct cty_value *read =
        cluster_groups_read(arena, json(arena, two_answers), asked, NULL);

    ck_assert_uint_eq(tf_value(cty_lookup(read, S("b")), "instance_storage_configs")->count, 2);
    arena_free(arena);
}
END_TEST

START_TEST(a_key_may_be_written_by_id_and_is_answered_as_an_arn)
{
    struct arena *arena = arena_new(1 << 22);
    const struct cty_value *asked = groups(
        arena, "{\"a\":{\"instance_count\":1,\"instance_storage_configs\":[{\"ebs_volume_config\":{"
               "\"root_volume\":true,\"volume_kms_key_id\":\"alias/nodes\"}}]}}");
    const struct doc *live =
        json(arena, "{\"InstanceGroups\":[{\"InstanceGroupName\":\"a\",\"TargetCount\":1,"
                    "\"InstanceStorageConfigs\":[{\"EbsVolumeConfig\":{\"RootVolume\":true,"
                    "\"VolumeKmsKeyId\":\"arn:aws:kms:us-west-2:1:alias/nodes\"}}]}]}");

    ck_assert(cty_equal(cluster_groups_read(arena, live, asked, NULL), asked));
    arena_free(arena);
}
END_TEST

START_TEST(a_group_removed_elsewhere_is_missing_and_a_foreign_one_is_there)
{
    struct arena *arena = arena_new(1 << 22);
    const struct doc *live =
        json(arena, "{\"InstanceGroups\":[{\"InstanceGroupName\":\"z\",\"TargetCount\":2}]}");

    const struct cty_value *read =
        cluster_groups_read(arena, live, groups(arena, two_groups), NULL);

    ck_assert_str(text_of(arena, read), S("{\"z\":{\"instance_count\":2}}"));
    arena_free(arena);
}
END_TEST

START_TEST(only_groups_that_the_plan_removed_and_aws_still_has_are_deleted)
{
    struct arena *arena = arena_new(1 << 22);
    const struct cty_value *prior = groups(arena, "{\"a\":{},\"b\":{},\"gone\":{}}");
    const struct cty_value *planned = groups(arena, "{\"b\":{}}");
    const struct doc *live = json(
        arena, "{\"InstanceGroups\":[{\"InstanceGroupName\":\"a\"},{\"InstanceGroupName\":\"b\"},"
               "{\"InstanceGroupName\":\"foreign\"}]}");

    ck_assert_str(shown(arena, cluster_groups_removed(arena, prior, planned, live)), S("[\"a\"]"));
    ck_assert_ptr_null(cluster_groups_removed(arena, planned, planned, live));
    arena_free(arena);
}
END_TEST

START_TEST(unknowns_become_what_aws_chose_and_null_where_it_says_nothing)
{
    struct arena *arena = arena_new(1 << 22);
    const struct cty_value *planned =
        groups(arena, "{\"a\":{\"instance_count\":1,\"threads_per_core\":\"?\"},\"new\":{"
                      "\"instance_count\":1,\"threads_per_core\":\"?\"}}");

    const struct cty_value *settled =
        cluster_groups_settle(arena, planned, json(arena, two_answers));

    ck_assert_str(text_of(arena, settled), S("{\"a\":{\"instance_count\":1,\"threads_per_core\":1},"
                                             "\"new\":{\"instance_count\":1}}"));
    arena_free(arena);
}
END_TEST

START_TEST(what_happens_to_each_group_is_one_word)
{
    static const struct {
        const char *prior, *planned, *actions;
    } rows[] = {
        {"{}", "{\"a\":{\"instance_count\":1}}", "{\"a\":\"create\"}"},
        {"{\"a\":{\"instance_count\":1}}", "{\"a\":{\"instance_count\":1}}", "{}"},
        {"{\"a\":{\"instance_count\":1},\"b\":{\"instance_count\":1}}",
         "{\"a\":{\"instance_count\":2},\"b\":{\"instance_count\":1}}", "{\"a\":\"scale\"}"},
        {"{\"a\":{\"instance_count\":1}}", "{\"a\":{\"instance_count\":2,\"threads_per_core\":1}}",
         "{\"a\":\"update\"}"},
        {"{\"a\":{\"instance_count\":1}}", "{\"z\":{\"instance_count\":1}}",
         "{\"a\":\"delete\",\"z\":\"create\"}"},
        {"{}", "{\"a\":{\"instance_count\":\"?\"}}", "{\"a\":\"create\"}"},
        {"{\"a\":{\"instance_count\":1}}", "{\"a\":{\"instance_count\":\"?\"}}", "\"?\""},
        {"{}", "\"?\"", "\"?\""},
    };
    struct arena *arena = arena_new(1 << 22);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cty_value *actions = cluster_groups_actions(
            arena, groups(arena, rows[i].prior), groups(arena, rows[i].planned));
        ck_assert_str(text_of(arena, actions), str_of(rows[i].actions));
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_change_that_aws_did_not_take_over_is_named)
{
    struct arena *arena = arena_new(1 << 22);
    const struct doc *live = json(arena, two_answers);
    const struct cty_value *other = groups(
        arena, "{\"b\":{\"instance_count\":4,\"instance_type\":\"ml.p5.48xlarge\"," ROLE
               ",\"threads_per_core\":2,\"lifecycle_config\":{\"source_s3_uri\":\"s3://new\","
               "\"on_create\":\"c.sh\"},\"instance_storage_configs\":[{\"ebs_volume_config\":"
               "{\"volume_size_in_gb\":900}}]}}");

    ck_assert_str(cluster_groups_unmet(arena, groups(arena, two_groups), live), S(""));
    ck_assert_str(cluster_groups_unmet(arena, other, live),
                  S("b.instance_storage_configs, b.lifecycle_config"));
    arena_free(arena);
}
END_TEST

START_TEST(details_tell_the_live_state_of_every_group)
{
    struct arena *arena = arena_new(1 << 22);
    const struct doc *live = json(
        arena, "{\"InstanceGroups\":[{\"InstanceGroupName\":\"a\",\"CurrentCount\":1,"
               "\"TargetCount\":2,\"ActiveOperations\":{\"Scaling\":1},\"AutoPatchConfig\":{"
               "\"CurrentPatchSchedule\":{\"NextPatchDate\":1793000000.5}},\"KubernetesConfig\":"
               "{\"CurrentLabels\":{\"k\":\"v\"},\"CurrentTaints\":[{\"Key\":\"x\",\"Effect\":"
               "\"NoSchedule\"}]}}],\"RestrictedInstanceGroups\":[{\"InstanceGroupName\":\"r\"}]}");

    ck_assert_str(
        text_of(arena, cluster_details_read(arena, live)),
        S("{\"a\":{\"active_operations\":{\"Scaling\":1},\"current_count\":1,\"current_labels\":{"
          "\"k\":\"v\"},\"current_next_patch_date\":\"2026-10-26T07:33:20Z\",\"current_taints\":[{"
          "\"effect\":\"NoSchedule\",\"key\":\"x\"}],\"restricted\":false,\"target_count\":2},"
          "\"r\":{\"restricted\":true}}"));
    arena_free(arena);
}
END_TEST

START_TEST(members_that_aws_cannot_change_are_refused_by_path)
{
    struct arena *arena = arena_new(1 << 22);
    struct diags diags = diags_in(arena);
    const struct cty_value *prior = groups(
        arena, "{\"a\":{\"instance_type\":\"ml.c5.large\",\"execution_role\":\"x\"},\"b\":{}}");
    const struct cty_value *planned =
        groups(arena, "{\"a\":{\"instance_type\":\"ml.c5.xlarge\",\"execution_role\":\"?\"},\"b\":{"
                      "\"threads_per_core\":2},\"c\":{\"instance_type\":\"ml.c5.xlarge\"}}");

    ck_assert(!cluster_fixed_plan(&diags, prior, planned));

    ck_assert_uint_eq(diags.errors, 1);
    ck_assert_str(cty_path_text(arena, diags.first->path),
                  S("instance_groups[\"a\"].instance_type"));
    ck_assert(
        str_has(diags.first->detail, S("\"ml.c5.large\" and should become \"ml.c5.xlarge\"")));
    arena_free(arena);
}
END_TEST

START_TEST(a_role_that_turns_out_different_at_apply_is_refused_too)
{
    struct arena *arena = arena_new(1 << 22);
    struct diags diags = diags_in(arena);
    const struct doc *live = json(arena, two_answers);

    ck_assert(cluster_fixed_live(&diags, groups(arena, two_groups), live));
    ck_assert(
        !cluster_fixed_live(&diags, groups(arena, "{\"a\":{\"execution_role\":\"other\"}}"), live));
    ck_assert_str(cty_path_text(arena, diags.first->path),
                  S("instance_groups[\"a\"].execution_role"));
    arena_free(arena);
}
END_TEST

TESTS("hyperpod/cluster_groups", each_group_is_sent_with_its_whole_specification,
      an_answer_in_another_order_with_defaults_filled_in_is_no_difference,
      a_storage_configuration_that_somebody_added_later_is_drift,
      a_key_may_be_written_by_id_and_is_answered_as_an_arn,
      a_group_removed_elsewhere_is_missing_and_a_foreign_one_is_there,
      only_groups_that_the_plan_removed_and_aws_still_has_are_deleted,
      unknowns_become_what_aws_chose_and_null_where_it_says_nothing,
      what_happens_to_each_group_is_one_word, a_change_that_aws_did_not_take_over_is_named,
      details_tell_the_live_state_of_every_group,
      members_that_aws_cannot_change_are_refused_by_path,
      a_role_that_turns_out_different_at_apply_is_refused_too)
