/* Shapes of the operations on extensions and on what is attached to nodes. */
#include "call/shape.h"

static const struct shape cluster_arn = {
    .type = SHAPE_STRING,
    .max = 256,
    .pattern = "arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:cluster/[a-z0-9]{12}"};
static const struct shape extension_name = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = "[a-z]([a-z0-9]|-[a-z0-9])*"};
static const struct shape extension_version = {
    .type = SHAPE_STRING, .min = 1, .max = 64, .pattern = "[0-9]+\\.[0-9]+\\.[0-9]+"};
static const struct shape extension_configuration_values = {
    .type = SHAPE_STRING, .min = 1, .max = 10240};
static const struct shape tag_key = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)"};
static const struct shape tag_value = {
    .type = SHAPE_STRING, .max = 256, .pattern = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)"};
static const struct member tag_members[] = {
    {S_INIT("Key"), &tag_key, true},
    {S_INIT("Value"), &tag_value, true},
    {S_INIT("")},
};
static const struct shape tag = {.type = SHAPE_STRUCTURE, .members = tag_members};
static const struct shape tag_list = {.type = SHAPE_LIST, .element = &tag, .max = 50};
static const struct shape create_cluster_extension_client_token_string = {
    .type = SHAPE_STRING, .max = 64, .pattern = "[\\x21-\\x7E]+"};
static const struct member create_cluster_extension_members[] = {
    {S_INIT("ClusterArn"), &cluster_arn, true},
    {S_INIT("ExtensionName"), &extension_name, true},
    {S_INIT("ExtensionVersion"), &extension_version},
    {S_INIT("ConfigurationValues"), &extension_configuration_values},
    {S_INIT("Tags"), &tag_list},
    {S_INIT("ClientToken"), &create_cluster_extension_client_token_string},
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
    {S_INIT("ClusterArn"), &cluster_arn, true},
    {S_INIT("ExtensionArn"), &extension_arn, true},
    {S_INIT("")},
};
const struct shape sagemaker_describe_cluster_extension = {
    .type = SHAPE_STRUCTURE, .members = describe_cluster_extension_members};

static const struct shape update_cluster_extension_client_token_string = {
    .type = SHAPE_STRING, .max = 64, .pattern = "[\\x21-\\x7E]+"};
static const struct member update_cluster_extension_members[] = {
    {S_INIT("ClusterArn"), &cluster_arn, true},
    {S_INIT("ExtensionArn"), &extension_arn, true},
    {S_INIT("ExtensionVersion"), &extension_version},
    {S_INIT("ConfigurationValues"), &extension_configuration_values},
    {S_INIT("ClientToken"), &update_cluster_extension_client_token_string},
    {S_INIT("")},
};
const struct shape sagemaker_update_cluster_extension = {
    .type = SHAPE_STRUCTURE, .members = update_cluster_extension_members};

static const struct member delete_cluster_extension_members[] = {
    {S_INIT("ClusterArn"), &cluster_arn, true},
    {S_INIT("ExtensionArn"), &extension_arn, true},
    {S_INIT("")},
};
const struct shape sagemaker_delete_cluster_extension = {
    .type = SHAPE_STRUCTURE, .members = delete_cluster_extension_members};

static const struct shape max_results = {.type = SHAPE_INTEGER, .min = 1, .max = 100};
static const struct shape next_token = {.type = SHAPE_STRING, .max = 8192, .pattern = ".*"};
static const struct shape timestamp = {.type = SHAPE_TIMESTAMP};
static const struct member list_cluster_extensions_members[] = {
    {S_INIT("ClusterArn"), &cluster_arn, true}, {S_INIT("MaxResults"), &max_results},
    {S_INIT("NextToken"), &next_token},         {S_INIT("CreationTimeAfter"), &timestamp},
    {S_INIT("CreationTimeBefore"), &timestamp}, {S_INIT("")},
};
const struct shape sagemaker_list_cluster_extensions = {.type = SHAPE_STRUCTURE,
                                                        .members = list_cluster_extensions_members};

static const struct member list_cluster_extension_versions_members[] = {
    {S_INIT("ExtensionName"), &extension_name, true},
    {S_INIT("MaxResults"), &max_results},
    {S_INIT("NextToken"), &next_token},
    {S_INIT("")},
};
const struct shape sagemaker_list_cluster_extension_versions = {
    .type = SHAPE_STRUCTURE, .members = list_cluster_extension_versions_members};

static const struct shape cluster_node_id = {
    .type = SHAPE_STRING, .min = 1, .max = 256, .pattern = "i-[a-f0-9]{8}(?:[a-f0-9]{9})?"};
static const struct shape volume_id = {
    .type = SHAPE_STRING, .min = 1, .max = 256, .pattern = "vol-[a-f0-9]{8}(?:[a-f0-9]{9})?"};
static const struct member attach_cluster_node_volume_members[] = {
    {S_INIT("ClusterArn"), &cluster_arn, true},
    {S_INIT("NodeId"), &cluster_node_id, true},
    {S_INIT("VolumeId"), &volume_id, true},
    {S_INIT("")},
};
const struct shape sagemaker_attach_cluster_node_volume = {
    .type = SHAPE_STRUCTURE, .members = attach_cluster_node_volume_members};

static const struct member detach_cluster_node_volume_members[] = {
    {S_INIT("ClusterArn"), &cluster_arn, true},
    {S_INIT("NodeId"), &cluster_node_id, true},
    {S_INIT("VolumeId"), &volume_id, true},
    {S_INIT("")},
};
const struct shape sagemaker_detach_cluster_node_volume = {
    .type = SHAPE_STRUCTURE, .members = detach_cluster_node_volume_members};

static const struct shape cluster_name_or_arn = {
    .type = SHAPE_STRING,
    .max = 256,
    .pattern = "((arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:cluster/"
               "[a-z0-9]{12})|([a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}))"};
static const struct shape cluster_network_interface_id = {
    .type = SHAPE_STRING, .min = 1, .max = 21, .pattern = "eni-[0-9a-f]{8}(?:[0-9a-f]{9})?"};
static const struct member attach_cluster_node_network_interface_members[] = {
    {S_INIT("ClusterName"), &cluster_name_or_arn, true},
    {S_INIT("NodeId"), &cluster_node_id, true},
    {S_INIT("NetworkInterfaceId"), &cluster_network_interface_id, true},
    {S_INIT("")},
};
const struct shape sagemaker_attach_cluster_node_network_interface = {
    .type = SHAPE_STRUCTURE, .members = attach_cluster_node_network_interface_members};
