#include "common_shapes.h"

static const struct member sagemaker_cluster_named_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("")},
};
const struct shape sagemaker_cluster_named = {.type = SHAPE_STRUCTURE,
                                              .members = sagemaker_cluster_named_members};

static const struct shape name_contains = {
    .type = SHAPE_STRING, .max = 63, .pattern = "[a-zA-Z0-9\\-]+"};

static const char *const cluster_sort_by_values[] = {"CREATION_TIME", "NAME", NULL};
static const struct shape cluster_sort_by = {.type = SHAPE_STRING,
                                             .values = cluster_sort_by_values};

static const struct member sagemaker_list_clusters_members[] = {
    {S_INIT("CreationTimeAfter"), &shape_timestamp},
    {S_INIT("CreationTimeBefore"), &shape_timestamp},
    {S_INIT("MaxResults"), &shape_max_results},
    {S_INIT("NameContains"), &name_contains},
    {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("SortBy"), &cluster_sort_by},
    {S_INIT("SortOrder"), &shape_sort_order},
    {S_INIT("TrainingPlanArn"), &shape_training_plan_arn},
    {S_INIT("")},
};
const struct shape sagemaker_list_clusters = {.type = SHAPE_STRUCTURE,
                                              .members = sagemaker_list_clusters_members};

static const struct shape include_node_logical_ids_boolean = {.type = SHAPE_BOOLEAN};

static const struct member sagemaker_list_cluster_nodes_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("CreationTimeAfter"), &shape_timestamp},
    {S_INIT("CreationTimeBefore"), &shape_timestamp},
    {S_INIT("InstanceGroupNameContains"), &shape_group_name},
    {S_INIT("MaxResults"), &shape_max_results},
    {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("SortBy"), &cluster_sort_by},
    {S_INIT("SortOrder"), &shape_sort_order},
    {S_INIT("IncludeNodeLogicalIds"), &include_node_logical_ids_boolean},
    {S_INIT("")},
};
const struct shape sagemaker_list_cluster_nodes = {.type = SHAPE_STRUCTURE,
                                                   .members = sagemaker_list_cluster_nodes_members};

static const struct member sagemaker_describe_cluster_node_members[] = {
    {S_INIT("ClusterName"), &shape_cluster_name_or_arn, true},
    {S_INIT("NodeId"), &shape_node_id},
    {S_INIT("NodeLogicalId"), &shape_node_logical_id},
    {S_INIT("")},
};
const struct shape sagemaker_describe_cluster_node = {
    .type = SHAPE_STRUCTURE, .members = sagemaker_describe_cluster_node_members};

static const struct shape resource_arn = {.type = SHAPE_STRING,
                                          .max = 256,
                                          .pattern =
                                              "arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+"};

static const struct member sagemaker_add_tags_members[] = {
    {S_INIT("ResourceArn"), &resource_arn, true},
    {S_INIT("Tags"), &shape_tag_list, true},
    {S_INIT("")},
};
const struct shape sagemaker_add_tags = {.type = SHAPE_STRUCTURE,
                                         .members = sagemaker_add_tags_members};

static const struct shape tag_key_list = {
    .type = SHAPE_LIST, .min = 1, .max = 50, .element = &shape_tag_key};

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
    {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("MaxResults"), &list_tags_max_results},
    {S_INIT("")},
};
const struct shape sagemaker_list_tags = {.type = SHAPE_STRUCTURE,
                                          .members = sagemaker_list_tags_members};
