/* Shapes of the operations on nodes, software, events and operations. */
#include "common_shapes.h"

static const struct shape operation_id = {
    .type = SHAPE_STRING,
    .pattern = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"};

static const struct shape event_id = {
    .type = SHAPE_STRING,
    .pattern = "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"};

/* BatchAddClusterNodes */
static const struct shape increment = {.type = SHAPE_INTEGER, .min = 1, .max = 50};
static const struct shape zone = {.type = SHAPE_STRING, .pattern = "[a-z]{2}-[a-z]+-\\d[a-z]"};
static const struct shape zones = {.type = SHAPE_LIST, .min = 1, .max = 10, .element = &zone};
static const struct shape instance_types = {
    .type = SHAPE_LIST, .min = 1, .max = 20, .element = &shape_instance_type};
static const struct member addition_members[] = {
    {S_INIT("InstanceGroupName"), &shape_group_name, true},
    {S_INIT("IncrementTargetCountBy"), &increment, true},
    {S_INIT("AvailabilityZones"), &zones},
    {S_INIT("InstanceTypes"), &instance_types},
    {S_INIT("")},
};
static const struct shape addition = {.type = SHAPE_STRUCTURE, .members = addition_members};
static const struct shape additions = {
    .type = SHAPE_LIST, .min = 1, .max = 5, .element = &addition};
static const struct member batch_add_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("ClientToken"), &shape_client_token},
    {S_INIT("NodesToAdd"), &additions, true},
    {S_INIT("")},
};
const struct shape sagemaker_batch_add_cluster_nodes = {.type = SHAPE_STRUCTURE,
                                                        .members = batch_add_members};

/* BatchDeleteClusterNodes, BatchRebootClusterNodes, BatchReplaceClusterNodes */
static const struct shape delete_ids = {
    .type = SHAPE_LIST, .min = 1, .max = 3000, .element = &shape_node_id};
static const struct shape delete_logical_ids = {
    .type = SHAPE_LIST, .min = 1, .max = 99, .element = &shape_node_logical_id};
static const struct member batch_delete_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("NodeIds"), &delete_ids},
    {S_INIT("NodeLogicalIds"), &delete_logical_ids},
    {S_INIT("")},
};
const struct shape sagemaker_batch_delete_cluster_nodes = {.type = SHAPE_STRUCTURE,
                                                           .members = batch_delete_members};

static const struct shape reboot_ids = {
    .type = SHAPE_LIST, .min = 1, .max = 25, .element = &shape_node_id};
static const struct shape reboot_logical_ids = {
    .type = SHAPE_LIST, .min = 1, .max = 25, .element = &shape_node_logical_id};
static const struct member batch_reboot_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("NodeIds"), &reboot_ids},
    {S_INIT("NodeLogicalIds"), &reboot_logical_ids},
    {S_INIT("")},
};
const struct shape sagemaker_batch_reboot_cluster_nodes = {.type = SHAPE_STRUCTURE,
                                                           .members = batch_reboot_members};

/* UpdateClusterSoftware */
static const struct member software_group_members[] = {
    {S_INIT("InstanceGroupName"), &shape_group_name, true},
    {S_INIT("ImageReleaseVersion"), &shape_image_release},
    {S_INIT("")},
};
static const struct shape software_group = {.type = SHAPE_STRUCTURE,
                                            .members = software_group_members};
static const struct shape software_groups = {
    .type = SHAPE_LIST, .min = 1, .max = 100, .element = &software_group};
static const struct member software_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("InstanceGroups"), &software_groups},
    {S_INIT("DeploymentConfig"), &sagemaker_deployment_configuration},
    {S_INIT("ImageId"), &shape_image_id},
    {S_INIT("")},
};
const struct shape sagemaker_update_cluster_software = {.type = SHAPE_STRUCTURE,
                                                        .members = software_members};

/* StartClusterHealthCheck */
static const char *const check_values[] = {"InstanceStress", "InstanceConnectivity",
                                           "MultiNodeTrainingValidation", NULL};
static const struct shape health_check = {.type = SHAPE_STRING, .values = check_values};
static const struct shape health_checks = {
    .type = SHAPE_LIST, .min = 1, .max = 3, .element = &health_check};
static const struct shape check_ids = {
    .type = SHAPE_LIST, .min = 1, .max = 500, .element = &shape_node_id};
static const struct member check_configuration_members[] = {
    {S_INIT("InstanceGroupName"), &shape_group_name, true},
    {S_INIT("InstanceIds"), &check_ids},
    {S_INIT("DeepHealthChecks"), &health_checks, true},
    {S_INIT("")},
};
static const struct shape check_configuration = {.type = SHAPE_STRUCTURE,
                                                 .members = check_configuration_members};
static const struct shape check_configurations = {
    .type = SHAPE_LIST, .min = 1, .max = 99, .element = &check_configuration};
static const struct member health_check_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("DeepHealthCheckConfigurations"), &check_configurations, true},
    {S_INIT("")},
};
const struct shape sagemaker_start_cluster_health_check = {.type = SHAPE_STRUCTURE,
                                                           .members = health_check_members};

/* Events */
static const char *const resource_values[] = {"Cluster", "InstanceGroup", "Instance", NULL};
static const struct shape resource = {.type = SHAPE_STRING, .values = resource_values};
static const char *const event_sort_values[] = {"EventTime", NULL};
static const struct shape event_sort = {.type = SHAPE_STRING, .values = event_sort_values};
static const struct member list_events_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("InstanceGroupName"), &shape_group_name},
    {S_INIT("NodeId"), &shape_node_id},
    {S_INIT("EventTimeAfter"), &shape_timestamp},
    {S_INIT("EventTimeBefore"), &shape_timestamp},
    {S_INIT("SortBy"), &event_sort},
    {S_INIT("SortOrder"), &shape_sort_order},
    {S_INIT("ResourceType"), &resource},
    {S_INIT("OperationId"), &operation_id},
    {S_INIT("MaxResults"), &shape_max_results},
    {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("")},
};
const struct shape sagemaker_list_cluster_events = {.type = SHAPE_STRUCTURE,
                                                    .members = list_events_members};
static const struct member describe_event_members[] = {
    {S_INIT("EventId"), &event_id, true},
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("")},
};
const struct shape sagemaker_describe_cluster_event = {.type = SHAPE_STRUCTURE,
                                                       .members = describe_event_members};

/* Operations */
static const char *const operation_status_values[] = {"InProgress", "Superseded", "Done", NULL};
static const struct shape operation_status = {.type = SHAPE_STRING,
                                              .values = operation_status_values};
static const char *const operation_type_values[] = {"Scaling", "DeepHealthCheck", NULL};
static const struct shape operation_type = {.type = SHAPE_STRING, .values = operation_type_values};
static const char *const operation_sort_values[] = {"CreationTime", NULL};
static const struct shape operation_sort = {.type = SHAPE_STRING, .values = operation_sort_values};
static const struct member list_operations_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("Status"), &operation_status},
    {S_INIT("Type"), &operation_type},
    {S_INIT("CreationTimeAfter"), &shape_timestamp},
    {S_INIT("CreationTimeBefore"), &shape_timestamp},
    {S_INIT("SortBy"), &operation_sort},
    {S_INIT("SortOrder"), &shape_sort_order},
    {S_INIT("MaxResults"), &shape_max_results},
    {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("")},
};
const struct shape sagemaker_list_cluster_operations = {.type = SHAPE_STRUCTURE,
                                                        .members = list_operations_members};
static const struct member describe_operation_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("OperationId"), &operation_id, true},
    {S_INIT("")},
};
const struct shape sagemaker_describe_cluster_operation = {.type = SHAPE_STRUCTURE,
                                                           .members = describe_operation_members};
