/* Shapes of the operations on extensions and on what is attached to nodes. */
#include "common_shapes.h"

static const struct shape extension_name = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = "[a-z]([a-z0-9]|-[a-z0-9])*"};
static const struct shape extension_version = {
    .type = SHAPE_STRING, .min = 1, .max = 64, .pattern = "[0-9]+\\.[0-9]+\\.[0-9]+"};
static const struct shape extension_configuration_values = {
    .type = SHAPE_STRING, .min = 1, .max = 10240};
static const struct member create_cluster_extension_members[] = {
    {S_INIT("ClusterArn"), &shape_cluster_arn, true},
    {S_INIT("ExtensionName"), &extension_name, true},
    {S_INIT("ExtensionVersion"), &extension_version},
    {S_INIT("ConfigurationValues"), &extension_configuration_values},
    {S_INIT("Tags"), &shape_tag_list},
    {S_INIT("ClientToken"), &shape_client_token},
    {S_INIT("")},
};
const struct shape sagemaker_create_cluster_extension = {
    .type = SHAPE_STRUCTURE, .members = create_cluster_extension_members};

static const struct shape extension_arn = {
    .type = SHAPE_STRING,
    .min = 1,
    .max = 256,
    .pattern = "arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:extension/"
               "(sagemaker|eks|pcs)-[a-z0-9-]+/[a-z0-9-]+/[a-z0-9]+"};
static const struct member describe_cluster_extension_members[] = {
    {S_INIT("ClusterArn"), &shape_cluster_arn, true},
    {S_INIT("ExtensionArn"), &extension_arn, true},
    {S_INIT("")},
};
const struct shape sagemaker_describe_cluster_extension = {
    .type = SHAPE_STRUCTURE, .members = describe_cluster_extension_members};

static const struct member update_cluster_extension_members[] = {
    {S_INIT("ClusterArn"), &shape_cluster_arn, true},
    {S_INIT("ExtensionArn"), &extension_arn, true},
    {S_INIT("ExtensionVersion"), &extension_version},
    {S_INIT("ConfigurationValues"), &extension_configuration_values},
    {S_INIT("ClientToken"), &shape_client_token},
    {S_INIT("")},
};
const struct shape sagemaker_update_cluster_extension = {
    .type = SHAPE_STRUCTURE, .members = update_cluster_extension_members};

static const struct member delete_cluster_extension_members[] = {
    {S_INIT("ClusterArn"), &shape_cluster_arn, true},
    {S_INIT("ExtensionArn"), &extension_arn, true},
    {S_INIT("")},
};
const struct shape sagemaker_delete_cluster_extension = {
    .type = SHAPE_STRUCTURE, .members = delete_cluster_extension_members};

static const struct member list_cluster_extensions_members[] = {
    {S_INIT("ClusterArn"), &shape_cluster_arn, true},
    {S_INIT("MaxResults"), &shape_max_results},
    {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("CreationTimeAfter"), &shape_timestamp},
    {S_INIT("CreationTimeBefore"), &shape_timestamp},
    {S_INIT("")},
};
const struct shape sagemaker_list_cluster_extensions = {.type = SHAPE_STRUCTURE,
                                                        .members = list_cluster_extensions_members};

static const struct member list_cluster_extension_versions_members[] = {
    {S_INIT("ExtensionName"), &extension_name, true},
    {S_INIT("MaxResults"), &shape_max_results},
    {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("")},
};
const struct shape sagemaker_list_cluster_extension_versions = {
    .type = SHAPE_STRUCTURE, .members = list_cluster_extension_versions_members};

static const struct shape volume_id = {
    .type = SHAPE_STRING, .min = 1, .max = 256, .pattern = "vol-[a-f0-9]{8}(?:[a-f0-9]{9})?"};
static const struct member attach_cluster_node_volume_members[] = {
    {S_INIT("ClusterArn"), &shape_cluster_arn, true},
    {S_INIT("NodeId"), &shape_node_id, true},
    {S_INIT("VolumeId"), &volume_id, true},
    {S_INIT("")},
};
const struct shape sagemaker_attach_cluster_node_volume = {
    .type = SHAPE_STRUCTURE, .members = attach_cluster_node_volume_members};

static const struct member detach_cluster_node_volume_members[] = {
    {S_INIT("ClusterArn"), &shape_cluster_arn, true},
    {S_INIT("NodeId"), &shape_node_id, true},
    {S_INIT("VolumeId"), &volume_id, true},
    {S_INIT("")},
};
const struct shape sagemaker_detach_cluster_node_volume = {
    .type = SHAPE_STRUCTURE, .members = detach_cluster_node_volume_members};

static const struct shape cluster_network_interface_id = {
    .type = SHAPE_STRING, .min = 1, .max = 21, .pattern = "eni-[0-9a-f]{8}(?:[0-9a-f]{9})?"};
static const struct member attach_cluster_node_network_interface_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("NodeId"), &shape_node_id, true},
    {S_INIT("NetworkInterfaceId"), &cluster_network_interface_id, true},
    {S_INIT("")},
};
const struct shape sagemaker_attach_cluster_node_network_interface = {
    .type = SHAPE_STRUCTURE, .members = attach_cluster_node_network_interface_members};
