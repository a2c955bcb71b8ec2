#include "cluster_bench.h"

static struct str beyond(struct arena *arena, const char *live, const char *own_mode)
{
    return cluster_beyond(arena, json(arena, live), str_of(own_mode));
}

#define GROUP(members) "{\"InstanceGroups\":[{\"InstanceGroupName\":\"a\"," members "}]}"
#define EKS            "\"Orchestrator\":{\"Eks\":{\"ClusterArn\":\"arn\"}}"

START_TEST(what_aws_fills_in_by_itself_is_nothing_beyond)
{
    static const char *const answers[] = {
        "{\"ClusterArn\":\"arn\",\"ClusterStatus\":\"InService\",\"CreationTime\":1.5,"
        "\"FailureMessage\":\"old\",\"NodeRecovery\":\"Automatic\",\"ImageVersionStatus\":\"x\"}",
        "{" EKS ",\"AutoScaling\":{\"Mode\":\"Disable\",\"Status\":\"InService\"},"
        "\"TieredStorageConfig\":{\"Mode\":\"Disable\"}}",
        "{\"NodeProvisioningMode\":\"Continuous\"}",
        "{\"RestrictedInstanceGroups\":[],\"RestrictedInstanceGroupsConfig\":{},\"Orchestrator\":{}"
        "}",
        GROUP("\"KubernetesConfig\":{},\"CapacityRequirements\":{\"OnDemand\":{}},\"MinCount\":0"),
        GROUP("\"KubernetesConfig\":{\"CurrentLabels\":{},\"CurrentTaints\":[]},"
              "\"NetworkInterface\":{\"InterfaceType\":\"efa\"},\"OnStartDeepHealthChecks\":[]"),
        GROUP(
            "\"ImageVersionStatus\":\"UpToDate\",\"CurrentImageId\":\"ami-1\",\"NewStatus\":\"x\","
            "\"InstanceStorageConfigs\":[{\"EbsVolumeConfig\":{\"VolumeSizeInGB\":1}}]"),
        "{\"VpcConfig\":{\"Subnets\":[\"a\",\"b\"],\"SecurityGroupIds\":[\"g\"]},"
        "\"InstanceGroups\":[{"
        "\"InstanceGroupName\":\"a\",\"OverrideVpcConfig\":{\"Subnets\":[\"b\",\"a\"],"
        "\"SecurityGroupIds\":[\"g\"]}}]}",
    };
    struct arena *arena = arena_new(1 << 22);

    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        ck_assert_str(beyond(arena, answers[i], ""), S(""));
    arena_free(arena);
}
END_TEST

START_TEST(settings_without_an_attribute_are_named)
{
    static const struct {
        const char *live, *names;
    } rows[] = {
        {"{\"Orchestrator\":{\"Slurm\":{\"SlurmConfigStrategy\":\"Managed\"}}}",
         "Orchestrator.Slurm"},
        {"{" EKS ",\"NodeProvisioningMode\":\"Continuous\"}", "NodeProvisioningMode"},
        {"{\"AutoScaling\":{\"Mode\":\"Enable\"},\"ClusterRole\":\"arn\"}",
         "AutoScaling, ClusterRole"},
        {"{\"TieredStorageConfig\":{\"Mode\":\"Enable\"}}", "TieredStorageConfig"},
        {"{\"RestrictedInstanceGroups\":[{\"InstanceGroupName\":\"r\"}]}",
         "RestrictedInstanceGroups"},
        {"{\"BrandNewConfig\":{\"On\":true}}", "BrandNewConfig"},
        {GROUP("\"MinCount\":2"), "InstanceGroups[\"a\"].MinInstanceCount"},
        {GROUP("\"SlurmConfig\":{\"NodeType\":\"Controller\"}"),
         "InstanceGroups[\"a\"].SlurmConfig"},
        {GROUP("\"CapacityRequirements\":{\"Spot\":{}}"),
         "InstanceGroups[\"a\"].CapacityRequirements"},
        {GROUP("\"NetworkInterface\":{\"InterfaceType\":\"efa-only\"}"),
         "InstanceGroups[\"a\"].NetworkInterface"},
        {GROUP("\"TrainingPlanArn\":\"arn\",\"OnStartDeepHealthChecks\":[\"InstanceStress\"]"),
         "InstanceGroups[\"a\"].TrainingPlanArn, InstanceGroups[\"a\"].OnStartDeepHealthChecks"},
        {GROUP("\"InstanceStorageConfigs\":[{\"FsxLustreConfig\":{\"DnsName\":\"fs-1\"}}]"),
         "InstanceGroups[\"a\"].InstanceStorageConfigs"},
        {GROUP("\"OverrideVpcConfig\":{\"Subnets\":[\"z\"],\"SecurityGroupIds\":[\"g\"]}"),
         "InstanceGroups[\"a\"].OverrideVpcConfig"},
        {GROUP("\"KubernetesConfig\":{\"DesiredLabels\":{\"k\":\"v\"}}"),
         "InstanceGroups[\"a\"].KubernetesConfig"},
    };
    struct arena *arena = arena_new(1 << 22);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str(beyond(arena, rows[i].live, ""), str_of(rows[i].names));
    arena_free(arena);
}
END_TEST

START_TEST(a_mode_that_aws_chose_at_creation_is_its_own)
{
    struct arena *arena = arena_new(1 << 22);
    const char *live = "{" EKS ",\"NodeProvisioningMode\":\"Continuous\"}";

    ck_assert_str(beyond(arena, live, "Continuous"), S(""));
    arena_free(arena);
}
END_TEST

TESTS("hyperpod/cluster_beyond", what_aws_fills_in_by_itself_is_nothing_beyond,
      settings_without_an_attribute_are_named, a_mode_that_aws_chose_at_creation_is_its_own)
