/* The tables of hyperpod_cluster: names, types, modes, rules and texts. */
#include "cluster.h"

static const char *const recoveries[] = {"Automatic", "None", NULL};

/* ---- eks, vpc_config ---- */

static const struct tf_attr eks_rows[] = {
    {"cluster_arn", TF_STRING, .flags = TF_REQUIRED, .write = "ClusterArn",
     .check = cluster_check_eks_arn, .doc = "ARN of the EKS cluster, in the same region."},
    {0},
};

static const struct tf_attr vpc_rows[] = {
    {"subnet_ids", TF_SET, TF_STRING, .flags = TF_REQUIRED, .write = "Subnets", .min_len = 1,
     .max_len = 16, .check = cluster_check_subnets,
     .doc = "Subnets that the nodes' network interfaces lie in."},
    {"security_group_ids", TF_SET, TF_STRING, .flags = TF_REQUIRED, .write = "SecurityGroupIds",
     .min_len = 1, .max_len = 5, .check = cluster_check_security_groups,
     .doc = "Security groups of the nodes' network interfaces. For EFA each of them must "
            "admit all traffic from itself and to itself."},
    {0},
};

/* ---- instance_groups ---- */

static const struct tf_attr lifecycle_rows[] = {
    {"source_s3_uri", TF_STRING, .flags = TF_REQUIRED, .write = "SourceS3Uri", .max_len = 1024,
     .check = cluster_check_uri,
     .doc = "Where the scripts lie, `s3://BUCKET/PREFIX`. The managed policy of execution roles "
            "reads buckets whose name begins with `sagemaker-` only."},
    {"on_create", TF_STRING, .flags = TF_OPTIONAL, .write = "OnCreate", .min_len = 1,
     .max_len = 128, .check = cluster_check_script, .one_of_group = "script",
     .doc = "File name of the script that sets a new node up."},
    {"on_init_complete", TF_STRING, .flags = TF_OPTIONAL, .write = "OnInitComplete", .min_len = 1,
     .max_len = 128, .check = cluster_check_script, .one_of_group = "script",
     .doc = "File name of the script that extends what the image has set up."},
    {0},
};

static const struct tf_attr ebs_rows[] = {
    {"volume_size_in_gb", TF_INT, .flags = TF_OPTIONAL, .write = "VolumeSizeInGB", .ranged = true,
     .min = 1, .max = 16384,
     .doc = "Size of the extra volume (mounted at /opt/sagemaker). Required, but "
            "not with `root_volume = true`."},
    {"volume_kms_key_id", TF_STRING, .flags = TF_OPTIONAL, .write = "VolumeKmsKeyId", .min_len = 1,
     .max_len = 2048,
     .doc = "KMS key that encrypts the volume. Required with `root_volume = true`."},
    {"root_volume", TF_BOOL, .flags = TF_OPTIONAL, .write = "RootVolume",
     .doc = "This is about the root volume, which only takes a key."},
    {0},
};

const struct tf_attr cluster_storage_rows[] = {
    {"ebs_volume_config", TF_OBJECT, .attrs = ebs_rows, .flags = TF_OPTIONAL,
     .write = "EbsVolumeConfig", .check = cluster_check_ebs, .doc = "An EBS volume of each node."},
    {0},
};

const struct tf_attr cluster_group_rows[] = {
    {"instance_count", TF_INT, .flags = TF_REQUIRED, .write = "InstanceCount",
     .read = "TargetCount", .ranged = true, .min = 0, .max = 6758,
     .doc = "How many nodes the group has. It is a target, not an increment."},
    {"instance_type", TF_STRING, .flags = TF_OPTIONAL, .write = "InstanceType",
     .check = cluster_check_type,
     .doc =
         "Instance type, as in `ml.p5.48xlarge`. Needed, with `instance_count` and "
         "`execution_role`, in every group that is written in a configuration. AWS cannot change "
         "it for a group that exists: give the group another name then."},
    {"execution_role", TF_STRING, .flags = TF_REQUIRED, .write = "ExecutionRole",
     .check = cluster_check_role,
     .doc = "ARN of the role that the nodes run with. AWS cannot change it for a group that "
            "exists. The role must outlive the cluster."},
    {"lifecycle_config", TF_OBJECT, .attrs = lifecycle_rows, .flags = TF_OPTIONAL,
     .write = "LifeCycleConfig",
     .doc = "Scripts that set new nodes up. Absent: the image alone does. A change reaches nodes "
            "that are born later."},
    {"threads_per_core", TF_INT, .flags = TF_OC | TF_STABLE, .write = "ThreadsPerCore",
     .ranged = true, .min = 1, .max = 2,
     .doc = "Threads a core. Defaults to what AWS chooses. AWS cannot change it for a group that "
            "exists."},
    {"instance_storage_configs", TF_SET, .attrs = cluster_storage_rows, .flags = TF_OPTIONAL,
     .write = "InstanceStorageConfigs", .max_len = 4, .check = cluster_check_storage,
     .doc = "Volumes of each node. A change reaches nodes that are born later."},
    {0},
};

/* ---- instance_group_details ---- */

#define DETAIL(name, kind, from, text)                                                             \
    {                                                                                              \
        name, kind, .flags = TF_COMPUTED, .read = from, .doc = text                                \
    }
#define DETAILS(name, kind, of, from, text)                                                        \
    {                                                                                              \
        name, kind, of, .flags = TF_COMPUTED, .read = from, .doc = text                            \
    }
#define DETAIL_OBJECTS(name, kind, rows, from, text)                                               \
    {                                                                                              \
        name, kind, .attrs = rows, .flags = TF_COMPUTED, .read = from, .doc = text                 \
    }

static const struct tf_attr taint_rows[] = {
    DETAIL("key", TF_STRING, "Key", "Key of the taint."),
    DETAIL("value", TF_STRING, "Value", "Value of the taint."),
    DETAIL("effect", TF_STRING, "Effect", "Effect of the taint."),
    {0},
};

static const struct tf_attr type_detail_rows[] = {
    DETAIL("instance_type", TF_STRING, "InstanceType", "Instance type."),
    DETAIL("current_count", TF_INT, "CurrentCount", "Nodes of this type."),
    DETAIL("threads_per_core", TF_INT, "ThreadsPerCore", "Threads a core of this type."),
    {0},
};

static const struct tf_attr batch_rows[] = {
    DETAIL("type", TF_STRING, "Type", "`INSTANCE_COUNT` or `CAPACITY_PERCENTAGE`."),
    DETAIL("value", TF_INT, "Value", "How many, or how many percent."),
    {0},
};

static const struct tf_attr rolling_rows[] = {
    DETAIL_OBJECTS("maximum_batch_size", TF_OBJECT, batch_rows, "MaximumBatchSize",
                   "Nodes that are updated at a time."),
    DETAIL_OBJECTS("rollback_maximum_batch_size", TF_OBJECT, batch_rows, "RollbackMaximumBatchSize",
                   "Nodes that are rolled back at a time."),
    {0},
};

static const struct tf_attr alarm_rows[] = {
    DETAIL("alarm_name", TF_STRING, "AlarmName", "Name of the CloudWatch alarm."),
    {0},
};

static const struct tf_attr deployment_rows[] = {
    DETAIL_OBJECTS("rolling_update_policy", TF_OBJECT, rolling_rows, "RollingUpdatePolicy",
                   "In what steps nodes are updated."),
    DETAIL("wait_interval_in_seconds", TF_INT, "WaitIntervalInSeconds", "Pause between steps."),
    DETAIL_OBJECTS("auto_rollback_configuration", TF_SET, alarm_rows, "AutoRollbackConfiguration",
                   "Alarms that roll the update back."),
    {0},
};

const struct tf_attr cluster_detail_rows[] = {
    DETAIL("restricted", TF_BOOL, "Restricted", "A restricted group."),
    DETAIL("status", TF_STRING, "Status", "Status of the group."),
    DETAIL("instance_type", TF_STRING, "InstanceType", "Instance type."),
    DETAIL("current_count", TF_INT, "CurrentCount", "Nodes that are there."),
    DETAIL("target_count", TF_INT, "TargetCount", "Nodes that AWS aims at."),
    DETAIL("target_state_count", TF_INT, "TargetStateCount", "Nodes on the desired image."),
    DETAIL("min_count", TF_INT, "MinCount", "Nodes that the first start needs."),
    DETAILS("active_operations", TF_MAP, TF_NUMBER, "ActiveOperations",
            "Operations that run on the group."),
    DETAIL("threads_per_core", TF_INT, "ThreadsPerCore", "Threads a core."),
    DETAIL("current_image_id", TF_STRING, "CurrentImageId", "Image of the nodes."),
    DETAIL("desired_image_id", TF_STRING, "DesiredImageId", "Image that they shall have."),
    DETAIL("current_image_release_version", TF_STRING, "CurrentImageReleaseVersion",
           "Release of the nodes' image."),
    DETAIL("desired_image_release_version", TF_STRING, "DesiredImageReleaseVersion",
           "Release that it shall have."),
    DETAIL("image_version_status", TF_STRING, "ImageVersionStatus",
           "Whether there is a newer image."),
    DETAIL("software_update_status", TF_STRING, "SoftwareUpdateStatus",
           "State of the last software update."),
    DETAIL_OBJECTS("active_software_update_config", TF_OBJECT, deployment_rows,
                   "ActiveSoftwareUpdateConfig", "How the software update that runs is rolled."),
    DETAIL("training_plan_status", TF_STRING, "TrainingPlanStatus", "State of the training plan."),
    DETAILS("current_instance_types", TF_LIST, TF_STRING,
            "InstanceRequirements.CurrentInstanceTypes", "Types of a flexible group."),
    DETAILS("desired_instance_types", TF_LIST, TF_STRING,
            "InstanceRequirements.DesiredInstanceTypes", "Types that it shall have."),
    DETAIL_OBJECTS("instance_type_details", TF_LIST, type_detail_rows, "InstanceTypeDetails",
                   "Nodes by type."),
    DETAILS("current_labels", TF_MAP, TF_STRING, "KubernetesConfig.CurrentLabels",
            "Kubernetes labels."),
    DETAILS("desired_labels", TF_MAP, TF_STRING, "KubernetesConfig.DesiredLabels",
            "Labels that the nodes shall have."),
    DETAIL_OBJECTS("current_taints", TF_LIST, taint_rows, "KubernetesConfig.CurrentTaints",
                   "Kubernetes taints."),
    DETAIL_OBJECTS("desired_taints", TF_LIST, taint_rows, "KubernetesConfig.DesiredTaints",
                   "Taints that the nodes shall have."),
    DETAIL("current_next_patch_date", TF_STRING,
           "AutoPatchConfig.CurrentPatchSchedule.NextPatchDate", "When the next patch comes."),
    DETAIL("desired_next_patch_date", TF_STRING,
           "AutoPatchConfig.DesiredPatchSchedule.NextPatchDate", "When it shall come."),
    DETAIL("environment_s3_output_path", TF_STRING, "EnvironmentConfig.S3OutputPath",
           "Output path of a restricted group."),
    {0},
};

/* ---- The cluster ---- */

const struct tf_attr cluster_rows[] = {
    {"cluster_name", TF_STRING, .flags = TF_REQUIRED | TF_REPLACE, .write = "ClusterName",
     .pattern = "[a-zA-Z0-9](-*[a-zA-Z0-9])*",
     .pattern_text = "letters, digits and hyphens, with a letter or digit at both ends",
     .min_len = 1, .max_len = 63, .doc = "Name of the cluster."},
    {"eks", TF_OBJECT, .attrs = eks_rows, .flags = TF_OPTIONAL | TF_REPLACE,
     .write = "Orchestrator.Eks", .requires = "vpc_config",
     .doc = "The EKS cluster that orchestrates this one."},
    {"vpc_config", TF_OBJECT, .attrs = vpc_rows, .flags = TF_OPTIONAL | TF_REPLACE,
     .write = "VpcConfig", .doc = "Network of the nodes. Required with `eks`."},
    {"instance_groups", TF_MAP, .attrs = cluster_group_rows, .flags = TF_OPTIONAL,
     .check = cluster_check_groups,
     .doc = "The groups of nodes by name, 1 to 100. Needed: a cluster has at least one group, with "
            "`instance_type`, `instance_count` and `execution_role`. Adding, changing, scaling or "
            "removing one touches no other; a new name is a new group."},
    {"node_recovery", TF_STRING, .flags = TF_OC, .write = "NodeRecovery", .oneof = recoveries,
     .fallback = "Automatic", .doc = "What HyperPod does with a node that it finds faulty."},
    {"arn", TF_STRING, .flags = TF_COMPUTED | TF_STABLE, .read = "ClusterArn",
     .doc = "ARN of the cluster."},
    {"cluster_id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE,
     .doc = "Last part of the ARN; log groups and session targets contain it."},
    {"status", TF_STRING, .flags = TF_COMPUTED, .read = "ClusterStatus",
     .doc = "`Creating`, `InService`, `Updating`, `SystemUpdating`, `RollingBack`, `Failed` or "
            "`Deleting`."},
    {"creation_time", TF_STRING, .flags = TF_COMPUTED | TF_STABLE, .read = "CreationTime",
     .doc = "When it was made, RFC 3339."},
    {"failure_message", TF_STRING, .flags = TF_COMPUTED, .read = "FailureMessage",
     .doc = "AWS's words about the last failure."},
    {"orchestrator", TF_STRING, .flags = TF_COMPUTED | TF_STABLE,
     .doc = "`eks`, `slurm` or `none`."},
    {"log_group_name", TF_STRING, .flags = TF_COMPUTED | TF_STABLE,
     .doc = "CloudWatch log group of the nodes' set-up."},
    {"instance_group_details", TF_MAP, .attrs = cluster_detail_rows, .flags = TF_COMPUTED,
     .doc = "Live state of each group: what moves by itself is here and not in "
            "`instance_groups`."},
    {"instance_group_actions", TF_MAP, TF_STRING, .flags = TF_COMPUTED,
     .doc = "What the last change did to each group it touched: `create`, `update`, `scale`, "
            "`delete`. Known in the plan."},
    HP_ID_ROW,
    HP_REGION_ROW,
    HP_TAGS_ROW,
    HP_TAGS_ALL_ROW,
    {0},
};
