#include "common_shapes.h"

static const struct shape cluster_name = {
    .type = SHAPE_STRING, .min = 1, .max = 63, .pattern = "[a-zA-Z0-9](-*[a-zA-Z0-9])*"};

static const struct shape cluster_instance_count = {.type = SHAPE_INTEGER, .max = 6758};

static const struct shape cluster_instance_types = {
    .type = SHAPE_LIST, .min = 1, .max = 20, .element = &shape_instance_type};

static const struct member cluster_instance_requirements_members[] = {
    {S_INIT("InstanceTypes"), &cluster_instance_types, true},
    {S_INIT("")},
};
static const struct shape cluster_instance_requirements = {
    .type = SHAPE_STRUCTURE, .members = cluster_instance_requirements_members};

static const struct shape s3_uri = {
    .type = SHAPE_STRING, .max = 1024, .pattern = "(https|s3)://([^/]+)/?(.*)"};

static const struct shape cluster_life_cycle_config_file_name = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = "[\\S\\s]+"};

static const struct member cluster_life_cycle_config_members[] = {
    {S_INIT("SourceS3Uri"), &s3_uri},
    {S_INIT("OnCreate"), &cluster_life_cycle_config_file_name},
    {S_INIT("OnInitComplete"), &cluster_life_cycle_config_file_name},
    {S_INIT("")},
};
static const struct shape cluster_life_cycle_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_life_cycle_config_members};

static const struct shape role_arn = {
    .type = SHAPE_STRING,
    .min = 20,
    .max = 2048,
    .pattern = "arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+"};

static const struct shape cluster_threads_per_core = {.type = SHAPE_INTEGER, .min = 1, .max = 2};

static const struct shape cluster_ebs_volume_size_in_gb = {
    .type = SHAPE_INTEGER, .min = 1, .max = 16384};

static const struct shape kms_key_id = {
    .type = SHAPE_STRING, .max = 2048, .pattern = "[a-zA-Z0-9:/_-]*"};

static const struct shape boolean = {.type = SHAPE_BOOLEAN};

static const struct member cluster_ebs_volume_config_members[] = {
    {S_INIT("VolumeSizeInGB"), &cluster_ebs_volume_size_in_gb},
    {S_INIT("VolumeKmsKeyId"), &kms_key_id},
    {S_INIT("RootVolume"), &boolean},
    {S_INIT("")},
};
static const struct shape cluster_ebs_volume_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_ebs_volume_config_members};

static const struct shape cluster_dns_name = {
    .type = SHAPE_STRING, .min = 16, .max = 275, .pattern = "((fs|fc)i?-[0-9a-f]{8,}\\..{4,253})"};

static const struct shape cluster_mount_name = {
    .type = SHAPE_STRING, .min = 1, .max = 8, .pattern = "([A-Za-z0-9_-]{1,8})"};

static const struct shape cluster_fsx_mount_path = {
    .type = SHAPE_STRING, .min = 1, .max = 1024, .pattern = "/[a-zA-Z0-9._/-]+"};

static const struct member cluster_fsx_lustre_config_members[] = {
    {S_INIT("DnsName"), &cluster_dns_name, true},
    {S_INIT("MountName"), &cluster_mount_name, true},
    {S_INIT("MountPath"), &cluster_fsx_mount_path},
    {S_INIT("")},
};
static const struct shape cluster_fsx_lustre_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_fsx_lustre_config_members};

static const struct member cluster_fsx_open_zfs_config_members[] = {
    {S_INIT("DnsName"), &cluster_dns_name, true},
    {S_INIT("MountPath"), &cluster_fsx_mount_path},
    {S_INIT("")},
};
static const struct shape cluster_fsx_open_zfs_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_fsx_open_zfs_config_members};

static const struct member cluster_instance_storage_config_members[] = {
    {S_INIT("EbsVolumeConfig"), &cluster_ebs_volume_config},
    {S_INIT("FsxLustreConfig"), &cluster_fsx_lustre_config},
    {S_INIT("FsxOpenZfsConfig"), &cluster_fsx_open_zfs_config},
    {S_INIT("")},
};
static const struct shape cluster_instance_storage_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_instance_storage_config_members, .one_of = true};

static const struct shape cluster_instance_storage_configs = {
    .type = SHAPE_LIST, .max = 4, .element = &cluster_instance_storage_config};

static const char *const deep_health_check_type_values[] = {
    "InstanceStress", "InstanceConnectivity", "MultiNodeTrainingValidation", NULL};
static const struct shape deep_health_check_type = {.type = SHAPE_STRING,
                                                    .values = deep_health_check_type_values};

static const struct shape on_start_deep_health_checks = {
    .type = SHAPE_LIST, .min = 1, .max = 3, .element = &deep_health_check_type};

static const struct shape security_group_id = {
    .type = SHAPE_STRING, .max = 32, .pattern = "[-0-9a-zA-Z]+"};

static const struct shape vpc_security_group_ids = {
    .type = SHAPE_LIST, .min = 1, .max = 5, .element = &security_group_id};

static const struct shape subnet_id = {.type = SHAPE_STRING, .max = 32, .pattern = "[-0-9a-zA-Z]+"};

static const struct shape subnets = {
    .type = SHAPE_LIST, .min = 1, .max = 16, .element = &subnet_id};

static const struct member vpc_config_members[] = {
    {S_INIT("SecurityGroupIds"), &vpc_security_group_ids, true},
    {S_INIT("Subnets"), &subnets, true},
    {S_INIT("")},
};
static const struct shape vpc_config = {.type = SHAPE_STRUCTURE, .members = vpc_config_members};

static const struct shape cron_schedule_expression = {.type = SHAPE_STRING, .min = 1, .max = 256};

static const char *const node_unavailability_type_values[] = {"INSTANCE_COUNT",
                                                              "CAPACITY_PERCENTAGE", NULL};
static const struct shape node_unavailability_type = {.type = SHAPE_STRING,
                                                      .values = node_unavailability_type_values};

static const struct shape node_unavailability_value = {.type = SHAPE_INTEGER, .min = 1};

static const struct member capacity_size_config_members[] = {
    {S_INIT("Type"), &node_unavailability_type, true},
    {S_INIT("Value"), &node_unavailability_value, true},
    {S_INIT("")},
};
static const struct shape capacity_size_config = {.type = SHAPE_STRUCTURE,
                                                  .members = capacity_size_config_members};

static const struct member rolling_deployment_policy_members[] = {
    {S_INIT("MaximumBatchSize"), &capacity_size_config, true},
    {S_INIT("RollbackMaximumBatchSize"), &capacity_size_config},
    {S_INIT("")},
};
static const struct shape rolling_deployment_policy = {
    .type = SHAPE_STRUCTURE, .members = rolling_deployment_policy_members};

static const struct shape wait_time_interval_in_seconds = {.type = SHAPE_INTEGER, .max = 3600};

static const struct shape alarm_name = {
    .type = SHAPE_STRING, .min = 1, .max = 255, .pattern = "(?!\\s*$).+"};

static const struct member alarm_details_members[] = {
    {S_INIT("AlarmName"), &alarm_name, true},
    {S_INIT("")},
};
static const struct shape alarm_details = {.type = SHAPE_STRUCTURE,
                                           .members = alarm_details_members};

static const struct shape auto_rollback_alarms = {
    .type = SHAPE_LIST, .min = 1, .max = 10, .element = &alarm_details};

static const struct member deployment_configuration_members[] = {
    {S_INIT("RollingUpdatePolicy"), &rolling_deployment_policy},
    {S_INIT("WaitIntervalInSeconds"), &wait_time_interval_in_seconds},
    {S_INIT("AutoRollbackConfiguration"), &auto_rollback_alarms},
    {S_INIT("")},
};
const struct shape sagemaker_deployment_configuration = {
    .type = SHAPE_STRUCTURE, .members = deployment_configuration_members};

static const struct member scheduled_update_config_members[] = {
    {S_INIT("ScheduleExpression"), &cron_schedule_expression, true},
    {S_INIT("DeploymentConfig"), &sagemaker_deployment_configuration},
    {S_INIT("")},
};
static const struct shape scheduled_update_config = {.type = SHAPE_STRUCTURE,
                                                     .members = scheduled_update_config_members};

static const char *const cluster_patching_strategy_values[] = {"WhenIdle", "WhenAllIdle",
                                                               "DrainFirst", NULL};
static const struct shape cluster_patching_strategy = {.type = SHAPE_STRING,
                                                       .values = cluster_patching_strategy_values};

static const struct member cluster_patch_schedule_members[] = {
    {S_INIT("NextPatchDate"), &shape_timestamp},
    {S_INIT("")},
};
static const struct shape cluster_patch_schedule = {.type = SHAPE_STRUCTURE,
                                                    .members = cluster_patch_schedule_members};

static const struct shape idle_wait_window_in_seconds_value = {
    .type = SHAPE_INTEGER, .min = 3600, .max = 2160000};

static const struct shape drain_timeout_in_seconds_value = {.type = SHAPE_INTEGER, .max = 5400};

static const char *const cluster_on_drain_timeout_values[] = {"Force", "Skip", NULL};
static const struct shape cluster_on_drain_timeout = {.type = SHAPE_STRING,
                                                      .values = cluster_on_drain_timeout_values};

static const struct member cluster_drain_policy_members[] = {
    {S_INIT("DrainTimeoutInSeconds"), &drain_timeout_in_seconds_value},
    {S_INIT("OnDrainTimeout"), &cluster_on_drain_timeout},
    {S_INIT("")},
};
static const struct shape cluster_drain_policy = {.type = SHAPE_STRUCTURE,
                                                  .members = cluster_drain_policy_members};

static const struct member cluster_auto_patch_config_members[] = {
    {S_INIT("PatchingStrategy"), &cluster_patching_strategy, true},
    {S_INIT("PatchSchedule"), &cluster_patch_schedule},
    {S_INIT("DeploymentConfig"), &sagemaker_deployment_configuration},
    {S_INIT("IdleWaitWindowInSeconds"), &idle_wait_window_in_seconds_value},
    {S_INIT("DrainPolicy"), &cluster_drain_policy},
    {S_INIT("")},
};
static const struct shape cluster_auto_patch_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_auto_patch_config_members};

static const struct shape cluster_kubernetes_label_key = {
    .type = SHAPE_STRING,
    .min = 1,
    .max = 317,
    .pattern = "([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/"
               ")?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?"};

static const struct shape cluster_kubernetes_label_value = {
    .type = SHAPE_STRING,
    .min = 1,
    .max = 63,
    .pattern = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"};

static const struct shape cluster_kubernetes_labels = {.type = SHAPE_MAP,
                                                       .max = 50,
                                                       .key = &cluster_kubernetes_label_key,
                                                       .element = &cluster_kubernetes_label_value};

static const struct shape cluster_kubernetes_taint_key = {
    .type = SHAPE_STRING,
    .min = 1,
    .max = 317,
    .pattern = "([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/"
               ")?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?"};

static const struct shape cluster_kubernetes_taint_value = {
    .type = SHAPE_STRING,
    .min = 1,
    .max = 63,
    .pattern = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"};

static const char *const cluster_kubernetes_taint_effect_values[] = {
    "NoSchedule", "PreferNoSchedule", "NoExecute", NULL};
static const struct shape cluster_kubernetes_taint_effect = {
    .type = SHAPE_STRING, .values = cluster_kubernetes_taint_effect_values};

static const struct member cluster_kubernetes_taint_members[] = {
    {S_INIT("Key"), &cluster_kubernetes_taint_key, true},
    {S_INIT("Value"), &cluster_kubernetes_taint_value},
    {S_INIT("Effect"), &cluster_kubernetes_taint_effect, true},
    {S_INIT("")},
};
static const struct shape cluster_kubernetes_taint = {.type = SHAPE_STRUCTURE,
                                                      .members = cluster_kubernetes_taint_members};

static const struct shape cluster_kubernetes_taints = {
    .type = SHAPE_LIST, .max = 50, .element = &cluster_kubernetes_taint};

static const struct member cluster_kubernetes_config_members[] = {
    {S_INIT("Labels"), &cluster_kubernetes_labels},
    {S_INIT("Taints"), &cluster_kubernetes_taints},
    {S_INIT("")},
};
static const struct shape cluster_kubernetes_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_kubernetes_config_members};

static const char *const cluster_slurm_node_type_values[] = {"Controller", "Login", "Compute",
                                                             NULL};
static const struct shape cluster_slurm_node_type = {.type = SHAPE_STRING,
                                                     .values = cluster_slurm_node_type_values};

static const struct shape cluster_partition_name = {
    .type = SHAPE_STRING, .max = 1024, .pattern = "[a-zA-Z0-9](-*[a-zA-Z0-9])*"};

static const struct shape cluster_partition_names = {
    .type = SHAPE_LIST, .max = 1, .element = &cluster_partition_name};

static const struct member cluster_slurm_config_members[] = {
    {S_INIT("NodeType"), &cluster_slurm_node_type, true},
    {S_INIT("PartitionNames"), &cluster_partition_names},
    {S_INIT("")},
};
static const struct shape cluster_slurm_config = {.type = SHAPE_STRUCTURE,
                                                  .members = cluster_slurm_config_members};

static const struct member cluster_spot_options_members[] = {
    {S_INIT("")},
};
static const struct shape cluster_spot_options = {.type = SHAPE_STRUCTURE,
                                                  .members = cluster_spot_options_members};

static const struct member cluster_on_demand_options_members[] = {
    {S_INIT("")},
};
static const struct shape cluster_on_demand_options = {
    .type = SHAPE_STRUCTURE, .members = cluster_on_demand_options_members};

static const struct member cluster_capacity_requirements_members[] = {
    {S_INIT("Spot"), &cluster_spot_options},
    {S_INIT("OnDemand"), &cluster_on_demand_options},
    {S_INIT("")},
};
static const struct shape cluster_capacity_requirements = {
    .type = SHAPE_STRUCTURE, .members = cluster_capacity_requirements_members};

static const char *const cluster_interface_type_values[] = {"efa", "efa-only", NULL};
static const struct shape cluster_interface_type = {.type = SHAPE_STRING,
                                                    .values = cluster_interface_type_values};

static const struct member cluster_network_interface_members[] = {
    {S_INIT("InterfaceType"), &cluster_interface_type},
    {S_INIT("")},
};
static const struct shape cluster_network_interface = {
    .type = SHAPE_STRUCTURE, .members = cluster_network_interface_members};

static const struct member cluster_instance_group_specification_members[] = {
    {S_INIT("InstanceCount"), &cluster_instance_count, true},
    {S_INIT("MinInstanceCount"), &cluster_instance_count},
    {S_INIT("InstanceGroupName"), &shape_group_name, true},
    {S_INIT("InstanceType"), &shape_instance_type},
    {S_INIT("InstanceRequirements"), &cluster_instance_requirements},
    {S_INIT("LifeCycleConfig"), &cluster_life_cycle_config},
    {S_INIT("ExecutionRole"), &role_arn, true},
    {S_INIT("ThreadsPerCore"), &cluster_threads_per_core},
    {S_INIT("InstanceStorageConfigs"), &cluster_instance_storage_configs},
    {S_INIT("OnStartDeepHealthChecks"), &on_start_deep_health_checks},
    {S_INIT("TrainingPlanArn"), &shape_training_plan_arn},
    {S_INIT("OverrideVpcConfig"), &vpc_config},
    {S_INIT("ScheduledUpdateConfig"), &scheduled_update_config},
    {S_INIT("ImageId"), &shape_image_id},
    {S_INIT("AutoPatchConfig"), &cluster_auto_patch_config},
    {S_INIT("ImageReleaseVersion"), &shape_image_release},
    {S_INIT("KubernetesConfig"), &cluster_kubernetes_config},
    {S_INIT("SlurmConfig"), &cluster_slurm_config},
    {S_INIT("CapacityRequirements"), &cluster_capacity_requirements},
    {S_INIT("NetworkInterface"), &cluster_network_interface},
    {S_INIT("")},
};
static const struct shape cluster_instance_group_specification = {
    .type = SHAPE_STRUCTURE, .members = cluster_instance_group_specification_members};

static const struct shape cluster_instance_group_specifications = {
    .type = SHAPE_LIST, .min = 1, .max = 100, .element = &cluster_instance_group_specification};

static const struct shape f_sx_lustre_size_in_gi_b = {
    .type = SHAPE_INTEGER, .min = 1200, .max = 100800};

static const struct shape f_sx_lustre_per_unit_storage_throughput = {
    .type = SHAPE_INTEGER, .min = 125, .max = 1000};

static const struct member f_sx_lustre_config_members[] = {
    {S_INIT("SizeInGiB"), &f_sx_lustre_size_in_gi_b, true},
    {S_INIT("PerUnitStorageThroughput"), &f_sx_lustre_per_unit_storage_throughput, true},
    {S_INIT("")},
};
static const struct shape f_sx_lustre_config = {.type = SHAPE_STRUCTURE,
                                                .members = f_sx_lustre_config_members};

static const struct member environment_config_members[] = {
    {S_INIT("FSxLustreConfig"), &f_sx_lustre_config},
    {S_INIT("")},
};
static const struct shape environment_config = {.type = SHAPE_STRUCTURE,
                                                .members = environment_config_members};

static const struct member cluster_restricted_instance_group_specification_members[] = {
    {S_INIT("InstanceCount"), &cluster_instance_count, true},
    {S_INIT("InstanceGroupName"), &shape_group_name, true},
    {S_INIT("InstanceType"), &shape_instance_type, true},
    {S_INIT("ExecutionRole"), &role_arn, true},
    {S_INIT("ThreadsPerCore"), &cluster_threads_per_core},
    {S_INIT("InstanceStorageConfigs"), &cluster_instance_storage_configs},
    {S_INIT("OnStartDeepHealthChecks"), &on_start_deep_health_checks},
    {S_INIT("TrainingPlanArn"), &shape_training_plan_arn},
    {S_INIT("OverrideVpcConfig"), &vpc_config},
    {S_INIT("ScheduledUpdateConfig"), &scheduled_update_config},
    {S_INIT("EnvironmentConfig"), &environment_config},
    {S_INIT("")},
};
static const struct shape cluster_restricted_instance_group_specification = {
    .type = SHAPE_STRUCTURE, .members = cluster_restricted_instance_group_specification_members};

static const struct shape cluster_restricted_instance_group_specifications = {
    .type = SHAPE_LIST,
    .min = 1,
    .max = 100,
    .element = &cluster_restricted_instance_group_specification};

static const char *const cluster_f_sx_lustre_deletion_policy_values[] = {"DeleteIfNotUsed", "Keep",
                                                                         NULL};
static const struct shape cluster_f_sx_lustre_deletion_policy = {
    .type = SHAPE_STRING, .values = cluster_f_sx_lustre_deletion_policy_values};

static const struct member cluster_shared_environment_config_members[] = {
    {S_INIT("FSxLustreDeletionPolicy"), &cluster_f_sx_lustre_deletion_policy, true},
    {S_INIT("FSxLustreConfig"), &f_sx_lustre_config, true},
    {S_INIT("")},
};
static const struct shape cluster_shared_environment_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_shared_environment_config_members};

static const struct member cluster_restricted_instance_groups_config_members[] = {
    {S_INIT("SharedEnvironmentConfig"), &cluster_shared_environment_config, true},
    {S_INIT("")},
};
static const struct shape cluster_restricted_instance_groups_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_restricted_instance_groups_config_members};

static const struct shape eks_cluster_arn = {
    .type = SHAPE_STRING,
    .min = 20,
    .max = 2048,
    .pattern =
        "arn:aws[a-z\\-]*:eks:[a-z0-9\\-]*:[0-9]{12}:cluster\\/[0-9A-Za-z][A-Za-z0-9\\-_]{0,99}"};

static const struct member cluster_orchestrator_eks_config_members[] = {
    {S_INIT("ClusterArn"), &eks_cluster_arn, true},
    {S_INIT("")},
};
static const struct shape cluster_orchestrator_eks_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_orchestrator_eks_config_members};

static const char *const cluster_slurm_config_strategy_values[] = {"Overwrite", "Managed", "Merge",
                                                                   NULL};
static const struct shape cluster_slurm_config_strategy = {
    .type = SHAPE_STRING, .values = cluster_slurm_config_strategy_values};

static const struct shape cluster_accounting_database_endpoint = {
    .type = SHAPE_STRING,
    .min = 1,
    .max = 255,
    .pattern = "(?=.{1,255}$)([a-zA-Z0-9]([a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?)(\\.[a-zA-Z0-9]([a-zA-"
               "Z0-9\\-]{0,61}[a-zA-Z0-9])?)*"};

static const struct shape cluster_accounting_database_port = {
    .type = SHAPE_INTEGER, .min = 1, .max = 65535};

static const struct shape cluster_accounting_database_name = {
    .type = SHAPE_STRING, .min = 1, .max = 64, .pattern = "[a-zA-Z0-9$_]+"};

static const struct shape cluster_accounting_database_secret_arn = {
    .type = SHAPE_STRING,
    .min = 20,
    .max = 2048,
    .pattern = "arn:aws[a-z\\-]*:secretsmanager:[a-z0-9\\-]*:[0-9]{12}:secret:.+"};

static const struct member cluster_accounting_database_members[] = {
    {S_INIT("Endpoint"), &cluster_accounting_database_endpoint, true},
    {S_INIT("Port"), &cluster_accounting_database_port},
    {S_INIT("Name"), &cluster_accounting_database_name},
    {S_INIT("SecretArn"), &cluster_accounting_database_secret_arn, true},
    {S_INIT("")},
};
static const struct shape cluster_accounting_database = {
    .type = SHAPE_STRUCTURE, .members = cluster_accounting_database_members};

static const struct member cluster_orchestrator_slurm_config_members[] = {
    {S_INIT("SlurmConfigStrategy"), &cluster_slurm_config_strategy},
    {S_INIT("AccountingDatabase"), &cluster_accounting_database},
    {S_INIT("")},
};
static const struct shape cluster_orchestrator_slurm_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_orchestrator_slurm_config_members};

static const struct member cluster_orchestrator_members[] = {
    {S_INIT("Eks"), &cluster_orchestrator_eks_config},
    {S_INIT("Slurm"), &cluster_orchestrator_slurm_config},
    {S_INIT("")},
};
static const struct shape cluster_orchestrator = {.type = SHAPE_STRUCTURE,
                                                  .members = cluster_orchestrator_members};

static const char *const cluster_node_recovery_values[] = {"Automatic", "None", NULL};
static const struct shape cluster_node_recovery = {.type = SHAPE_STRING,
                                                   .values = cluster_node_recovery_values};

static const char *const cluster_config_mode_values[] = {"Enable", "Disable", NULL};
static const struct shape cluster_config_mode = {.type = SHAPE_STRING,
                                                 .values = cluster_config_mode_values};

static const struct shape cluster_instance_memory_allocation_percentage = {.type = SHAPE_INTEGER,
                                                                           .max = 100};

static const struct member cluster_tiered_storage_config_members[] = {
    {S_INIT("Mode"), &cluster_config_mode, true},
    {S_INIT("InstanceMemoryAllocationPercentage"), &cluster_instance_memory_allocation_percentage},
    {S_INIT("")},
};
static const struct shape cluster_tiered_storage_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_tiered_storage_config_members};

static const char *const cluster_node_provisioning_mode_values[] = {"Continuous", NULL};
static const struct shape cluster_node_provisioning_mode = {
    .type = SHAPE_STRING, .values = cluster_node_provisioning_mode_values};

static const char *const cluster_auto_scaling_mode_values[] = {"Enable", "Disable", NULL};
static const struct shape cluster_auto_scaling_mode = {.type = SHAPE_STRING,
                                                       .values = cluster_auto_scaling_mode_values};

static const char *const cluster_auto_scaler_type_values[] = {"Karpenter", NULL};
static const struct shape cluster_auto_scaler_type = {.type = SHAPE_STRING,
                                                      .values = cluster_auto_scaler_type_values};

static const struct member cluster_auto_scaling_config_members[] = {
    {S_INIT("Mode"), &cluster_auto_scaling_mode, true},
    {S_INIT("AutoScalerType"), &cluster_auto_scaler_type},
    {S_INIT("")},
};
static const struct shape cluster_auto_scaling_config = {
    .type = SHAPE_STRUCTURE, .members = cluster_auto_scaling_config_members};

static const struct member sagemaker_create_cluster_members[] = {
    {S_INIT("ClusterName"), &cluster_name, true},
    {S_INIT("InstanceGroups"), &cluster_instance_group_specifications},
    {S_INIT("RestrictedInstanceGroups"), &cluster_restricted_instance_group_specifications},
    {S_INIT("RestrictedInstanceGroupsConfig"), &cluster_restricted_instance_groups_config},
    {S_INIT("VpcConfig"), &vpc_config},
    {S_INIT("Tags"), &shape_tag_list},
    {S_INIT("Orchestrator"), &cluster_orchestrator},
    {S_INIT("NodeRecovery"), &cluster_node_recovery},
    {S_INIT("TieredStorageConfig"), &cluster_tiered_storage_config},
    {S_INIT("NodeProvisioningMode"), &cluster_node_provisioning_mode},
    {S_INIT("ClusterRole"), &role_arn},
    {S_INIT("AutoScaling"), &cluster_auto_scaling_config},
    {S_INIT("")},
};
const struct shape sagemaker_create_cluster = {.type = SHAPE_STRUCTURE,
                                               .members = sagemaker_create_cluster_members};

static const struct shape cluster_instance_groups_to_delete = {
    .type = SHAPE_LIST, .max = 100, .element = &shape_group_name};

static const struct member sagemaker_update_cluster_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("InstanceGroups"), &cluster_instance_group_specifications},
    {S_INIT("RestrictedInstanceGroups"), &cluster_restricted_instance_group_specifications},
    {S_INIT("RestrictedInstanceGroupsConfig"), &cluster_restricted_instance_groups_config},
    {S_INIT("TieredStorageConfig"), &cluster_tiered_storage_config},
    {S_INIT("NodeRecovery"), &cluster_node_recovery},
    {S_INIT("InstanceGroupsToDelete"), &cluster_instance_groups_to_delete},
    {S_INIT("NodeProvisioningMode"), &cluster_node_provisioning_mode},
    {S_INIT("ClusterRole"), &role_arn},
    {S_INIT("AutoScaling"), &cluster_auto_scaling_config},
    {S_INIT("Orchestrator"), &cluster_orchestrator},
    {S_INIT("")},
};
const struct shape sagemaker_update_cluster = {.type = SHAPE_STRUCTURE,
                                               .members = sagemaker_update_cluster_members};
