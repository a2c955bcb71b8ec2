#include "call/shape.h"

static const struct shape cluster_name_or_arn = {
    .type = SHAPE_STRING,
    .max = 256,
    .pattern = "((arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:cluster/"
               "[a-z0-9]{12})|([a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}))"};

static const struct member sagemaker_cluster_named_members[] = {
    {S_INIT("ClusterName"), &cluster_name_or_arn, true},
    {S_INIT("")},
};
const struct shape sagemaker_cluster_named = {.type = SHAPE_STRUCTURE,
                                              .members = sagemaker_cluster_named_members};

static const struct shape timestamp = {.type = SHAPE_TIMESTAMP};

static const struct shape max_results = {.type = SHAPE_INTEGER, .min = 1, .max = 100};

static const struct shape name_contains = {
    .type = SHAPE_STRING, .max = 63, .pattern = "[a-zA-Z0-9\\-]+"};

static const struct shape next_token = {.type = SHAPE_STRING, .max = 8192, .pattern = ".*"};

static const char *const cluster_sort_by_values[] = {"CREATION_TIME", "NAME", NULL};
static const struct shape cluster_sort_by = {.type = SHAPE_STRING,
                                             .values = cluster_sort_by_values};

static const char *const sort_order_values[] = {"Ascending", "Descending", NULL};
static const struct shape sort_order = {.type = SHAPE_STRING, .values = sort_order_values};

static const struct shape training_plan_arn = {
    .type = SHAPE_STRING,
    .min = 50,
    .max = 2048,
    .pattern = "arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:training-plan/.*"};

static const struct member sagemaker_list_clusters_members[] = {
    {S_INIT("CreationTimeAfter"), &timestamp},
    {S_INIT("CreationTimeBefore"), &timestamp},
    {S_INIT("MaxResults"), &max_results},
    {S_INIT("NameContains"), &name_contains},
    {S_INIT("NextToken"), &next_token},
    {S_INIT("SortBy"), &cluster_sort_by},
    {S_INIT("SortOrder"), &sort_order},
    {S_INIT("TrainingPlanArn"), &training_plan_arn},
    {S_INIT("")},
};
const struct shape sagemaker_list_clusters = {.type = SHAPE_STRUCTURE,
                                              .members = sagemaker_list_clusters_members};

static const struct shape cluster_instance_group_name = {
    .type = SHAPE_STRING, .min = 1, .max = 63, .pattern = "[a-zA-Z0-9](-*[a-zA-Z0-9])*"};

static const struct shape include_node_logical_ids_boolean = {.type = SHAPE_BOOLEAN};

static const struct member sagemaker_list_cluster_nodes_members[] = {
    {S_INIT("ClusterName"), &cluster_name_or_arn, true},
    {S_INIT("CreationTimeAfter"), &timestamp},
    {S_INIT("CreationTimeBefore"), &timestamp},
    {S_INIT("InstanceGroupNameContains"), &cluster_instance_group_name},
    {S_INIT("MaxResults"), &max_results},
    {S_INIT("NextToken"), &next_token},
    {S_INIT("SortBy"), &cluster_sort_by},
    {S_INIT("SortOrder"), &sort_order},
    {S_INIT("IncludeNodeLogicalIds"), &include_node_logical_ids_boolean},
    {S_INIT("")},
};
const struct shape sagemaker_list_cluster_nodes = {.type = SHAPE_STRUCTURE,
                                                   .members = sagemaker_list_cluster_nodes_members};

static const struct shape cluster_node_id = {
    .type = SHAPE_STRING, .min = 1, .max = 256, .pattern = "i-[a-f0-9]{8}(?:[a-f0-9]{9})?"};

static const struct shape cluster_node_logical_id = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = "[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9]"};

static const struct member sagemaker_describe_cluster_node_members[] = {
    {S_INIT("ClusterName"), &cluster_name_or_arn, true},
    {S_INIT("NodeId"), &cluster_node_id},
    {S_INIT("NodeLogicalId"), &cluster_node_logical_id},
    {S_INIT("")},
};
const struct shape sagemaker_describe_cluster_node = {
    .type = SHAPE_STRUCTURE, .members = sagemaker_describe_cluster_node_members};

static const struct shape resource_arn = {.type = SHAPE_STRING,
                                          .max = 256,
                                          .pattern =
                                              "arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+"};

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

static const struct shape tag_list = {.type = SHAPE_LIST, .max = 50, .element = &tag};

static const struct member sagemaker_add_tags_members[] = {
    {S_INIT("ResourceArn"), &resource_arn, true},
    {S_INIT("Tags"), &tag_list, true},
    {S_INIT("")},
};
const struct shape sagemaker_add_tags = {.type = SHAPE_STRUCTURE,
                                         .members = sagemaker_add_tags_members};

static const struct shape tag_key_list = {
    .type = SHAPE_LIST, .min = 1, .max = 50, .element = &tag_key};

static const struct member sagemaker_delete_tags_members[] = {
    {S_INIT("ResourceArn"), &resource_arn, true},
    {S_INIT("TagKeys"), &tag_key_list, true},
    {S_INIT("")},
};
const struct shape sagemaker_delete_tags = {.type = SHAPE_STRUCTURE,
                                            .members = sagemaker_delete_tags_members};

static const struct shape list_tags_max_results = {.type = SHAPE_INTEGER, .min = 50};

static const struct member sagemaker_list_tags_members[] = {
    {S_INIT("ResourceArn"), &resource_arn, true},
    {S_INIT("NextToken"), &next_token},
    {S_INIT("MaxResults"), &list_tags_max_results},
    {S_INIT("")},
};
const struct shape sagemaker_list_tags = {.type = SHAPE_STRUCTURE,
                                          .members = sagemaker_list_tags_members};
