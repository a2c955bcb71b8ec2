/* HyperPod's operations: all members that requests know, and what we read of answers. */
#include "rows.h"

STRUCT(vpc_config, M("SecurityGroupIds", aws_strings), M("Subnets", aws_strings));
STRUCT(tag, M("Key", aws_string), M("Value", aws_string));
LIST_OF(tags, tag);
MAP_OF(strings_by_name, aws_string);

STRUCT(instance_requirements, M("InstanceTypes", aws_strings));
STRUCT(life_cycle_config, M("SourceS3Uri", aws_string), M("OnCreate", aws_string),
       M("OnInitComplete", aws_string));

STRUCT(ebs_volume, M("VolumeSizeInGB", aws_int), M("VolumeKmsKeyId", aws_string),
       M("RootVolume", aws_bool));
STRUCT(fsx_lustre, M("DnsName", aws_string), M("MountName", aws_string),
       M("MountPath", aws_string));
STRUCT(fsx_open_zfs, M("DnsName", aws_string), M("MountPath", aws_string));
STRUCT(storage_config, M("EbsVolumeConfig", ebs_volume), M("FsxLustreConfig", fsx_lustre),
       M("FsxOpenZfsConfig", fsx_open_zfs));
LIST_OF(storage_configs, storage_config);

STRUCT(capacity_size, M("Type", aws_string), M("Value", aws_int));
STRUCT(rolling_policy, M("MaximumBatchSize", capacity_size),
       M("RollbackMaximumBatchSize", capacity_size));
STRUCT(alarm, M("AlarmName", aws_string));
LIST_OF(alarms, alarm);
STRUCT(deployment, M("RollingUpdatePolicy", rolling_policy), M("WaitIntervalInSeconds", aws_int),
       M("AutoRollbackConfiguration", alarms));
STRUCT(scheduled_update, M("ScheduleExpression", aws_string), M("DeploymentConfig", deployment));

STRUCT(patch_schedule, M("NextPatchDate", aws_time));
STRUCT(drain_policy, M("DrainTimeoutInSeconds", aws_int), M("OnDrainTimeout", aws_string));
STRUCT(auto_patch, M("PatchingStrategy", aws_string), M("PatchSchedule", patch_schedule),
       M("DeploymentConfig", deployment), M("IdleWaitWindowInSeconds", aws_int),
       M("DrainPolicy", drain_policy));

STRUCT(taint, M("Key", aws_string), M("Value", aws_string), M("Effect", aws_string));
LIST_OF(taints, taint);
STRUCT(kubernetes, M("Labels", strings_by_name), M("Taints", taints));
STRUCT(slurm, M("NodeType", aws_string), M("PartitionNames", aws_strings));
STRUCT(capacity_requirements, M("Spot", nothing), M("OnDemand", nothing));
STRUCT(network_interface, M("InterfaceType", aws_string));

STRUCT(instance_group, M("InstanceCount", aws_int), M("MinInstanceCount", aws_int),
       M("InstanceGroupName", aws_string), M("InstanceType", aws_string),
       M("InstanceRequirements", instance_requirements), M("LifeCycleConfig", life_cycle_config),
       M("ExecutionRole", aws_string), M("ThreadsPerCore", aws_int),
       M("InstanceStorageConfigs", storage_configs), M("OnStartDeepHealthChecks", aws_strings),
       M("TrainingPlanArn", aws_string), M("OverrideVpcConfig", vpc_config),
       M("ScheduledUpdateConfig", scheduled_update), M("ImageId", aws_string),
       M("AutoPatchConfig", auto_patch), M("ImageReleaseVersion", aws_string),
       M("KubernetesConfig", kubernetes), M("SlurmConfig", slurm),
       M("CapacityRequirements", capacity_requirements), M("NetworkInterface", network_interface));
LIST_OF(instance_groups, instance_group);

STRUCT(fsx_size, M("SizeInGiB", aws_int), M("PerUnitStorageThroughput", aws_int));
STRUCT(environment, M("FSxLustreConfig", fsx_size));
STRUCT(restricted_group, M("InstanceCount", aws_int), M("InstanceGroupName", aws_string),
       M("InstanceType", aws_string), M("ExecutionRole", aws_string), M("ThreadsPerCore", aws_int),
       M("InstanceStorageConfigs", storage_configs), M("OnStartDeepHealthChecks", aws_strings),
       M("TrainingPlanArn", aws_string), M("OverrideVpcConfig", vpc_config),
       M("ScheduledUpdateConfig", scheduled_update), M("EnvironmentConfig", environment));
LIST_OF(restricted_groups, restricted_group);
STRUCT(shared_environment, M("FSxLustreDeletionPolicy", aws_string),
       M("FSxLustreConfig", fsx_size));
STRUCT(restricted_config, M("SharedEnvironmentConfig", shared_environment));

STRUCT(orchestrator_eks, M("ClusterArn", aws_string));
STRUCT(accounting_database, M("Endpoint", aws_string), M("Port", aws_int), M("Name", aws_string),
       M("SecretArn", aws_string));
STRUCT(orchestrator_slurm, M("SlurmConfigStrategy", aws_string),
       M("AccountingDatabase", accounting_database));
STRUCT(orchestrator, M("Eks", orchestrator_eks), M("Slurm", orchestrator_slurm));
STRUCT(tiered_storage, M("Mode", aws_string), M("InstanceMemoryAllocationPercentage", aws_int));
STRUCT(auto_scaling, M("Mode", aws_string), M("AutoScalerType", aws_string));

STRUCT(create_cluster, M("ClusterName", aws_string), M("InstanceGroups", instance_groups),
       M("RestrictedInstanceGroups", restricted_groups),
       M("RestrictedInstanceGroupsConfig", restricted_config), M("VpcConfig", vpc_config),
       M("Tags", tags), M("Orchestrator", orchestrator), M("NodeRecovery", aws_string),
       M("TieredStorageConfig", tiered_storage), M("NodeProvisioningMode", aws_string),
       M("ClusterRole", aws_string), M("AutoScaling", auto_scaling));
STRUCT(update_cluster, M("ClusterName", aws_string), M("InstanceGroups", instance_groups),
       M("RestrictedInstanceGroups", restricted_groups),
       M("RestrictedInstanceGroupsConfig", restricted_config),
       M("TieredStorageConfig", tiered_storage), M("NodeRecovery", aws_string),
       M("InstanceGroupsToDelete", aws_strings), M("NodeProvisioningMode", aws_string),
       M("ClusterRole", aws_string), M("AutoScaling", auto_scaling),
       M("Orchestrator", orchestrator));
STRUCT(cluster_name, M("ClusterName", aws_string));
STRUCT(cluster_arn, M("ClusterArn", aws_string));

STRUCT(list_clusters, M("CreationTimeAfter", aws_time), M("CreationTimeBefore", aws_time),
       M("MaxResults", aws_int), M("NameContains", aws_string), M("NextToken", aws_string),
       M("SortBy", aws_string), M("SortOrder", aws_string), M("TrainingPlanArn", aws_string));
STRUCT(cluster_summary, M("ClusterArn", aws_string), M("ClusterName", aws_string),
       M("CreationTime", aws_time), M("ClusterStatus", aws_string),
       M("TrainingPlanArns", aws_strings), M("ImageVersionStatus", aws_string));
LIST_OF(cluster_summaries, cluster_summary);
STRUCT(clusters, M("NextToken", aws_string), M("ClusterSummaries", cluster_summaries));

STRUCT(list_nodes, M("ClusterName", aws_string), M("CreationTimeAfter", aws_time),
       M("CreationTimeBefore", aws_time), M("InstanceGroupNameContains", aws_string),
       M("MaxResults", aws_int), M("NextToken", aws_string), M("SortBy", aws_string),
       M("SortOrder", aws_string), M("IncludeNodeLogicalIds", aws_bool));
STRUCT(instance_status, M("Status", aws_string), M("Message", aws_string));
STRUCT(ultra_server, M("Id", aws_string), M("Type", aws_string));
STRUCT(node_summary, M("InstanceGroupName", aws_string), M("InstanceId", aws_string),
       M("NodeLogicalId", aws_string), M("InstanceType", aws_string), M("LaunchTime", aws_time),
       M("LastSoftwareUpdateTime", aws_time), M("InstanceStatus", instance_status),
       M("UltraServerInfo", ultra_server), M("PrivateDnsHostname", aws_string),
       M("CurrentImageReleaseVersion", aws_string), M("ImageVersionStatus", aws_string));
LIST_OF(node_summaries, node_summary);
STRUCT(nodes, M("NextToken", aws_string), M("ClusterNodeSummaries", node_summaries));
STRUCT(describe_node, M("ClusterName", aws_string), M("NodeId", aws_string),
       M("NodeLogicalId", aws_string));

STRUCT(list_events, M("ClusterName", aws_string), M("InstanceGroupName", aws_string),
       M("NodeId", aws_string), M("EventTimeAfter", aws_time), M("EventTimeBefore", aws_time),
       M("SortBy", aws_string), M("SortOrder", aws_string), M("ResourceType", aws_string),
       M("OperationId", aws_string), M("MaxResults", aws_int), M("NextToken", aws_string));
STRUCT(event, M("EventId", aws_string), M("ClusterArn", aws_string), M("ClusterName", aws_string),
       M("InstanceGroupName", aws_string), M("InstanceId", aws_string),
       M("ResourceType", aws_string), M("EventTime", aws_time), M("Description", aws_string),
       M("EventLevel", aws_string), M("OperationId", aws_string));
LIST_OF(events, event);
STRUCT(event_list, M("NextToken", aws_string), M("Events", events));

STRUCT(add_tags, M("ResourceArn", aws_string), M("Tags", tags));
STRUCT(added_tags, M("Tags", tags));
STRUCT(delete_tags, M("ResourceArn", aws_string), M("TagKeys", aws_strings));
STRUCT(list_tags, M("ResourceArn", aws_string), M("NextToken", aws_string),
       M("MaxResults", aws_int));
STRUCT(tag_list, M("Tags", tags), M("NextToken", aws_string));

#define OP(name, input, output, repeatable)                                                        \
    const struct aws_op aws_sagemaker_##name = {#name, &aws_sagemaker, &(input), &(output),        \
                                                repeatable}
OP(CreateCluster, create_cluster, cluster_arn, false);
OP(DescribeCluster, cluster_name, aws_any, true);
OP(UpdateCluster, update_cluster, cluster_arn, true);
OP(DeleteCluster, cluster_name, cluster_arn, true);
OP(ListClusters, list_clusters, clusters, true);
OP(ListClusterNodes, list_nodes, nodes, true);
OP(DescribeClusterNode, describe_node, aws_any, true);
OP(ListClusterEvents, list_events, event_list, true);
OP(AddTags, add_tags, added_tags, true);
OP(DeleteTags, delete_tags, nothing, true);
OP(ListTags, list_tags, tag_list, true);
