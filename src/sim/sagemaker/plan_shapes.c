/* Shapes of the operations on training plans. */
#include "common_shapes.h"
#include "world/training_plan.h"

static const struct shape reserved_capacity_instance_type = {.type = SHAPE_STRING,
                                                             .values = training_plan_types};
static const struct shape reserved_capacity_instance_count = {.type = SHAPE_INTEGER, .max = 256};
static const struct shape ultra_server_type = {
    .type = SHAPE_STRING, .min = 1, .max = 64, .pattern = "ml.[a-z0-9\\-.]+"};
static const struct shape ultra_server_count = {.type = SHAPE_INTEGER, .min = 1};
static const struct shape training_plan_duration_hours_input = {
    .type = SHAPE_INTEGER, .min = 1, .max = 87600};
static const struct shape sage_maker_resource_name = {.type = SHAPE_STRING,
                                                      .values = training_plan_targets};
static const struct shape sage_maker_resource_names = {
    .type = SHAPE_LIST, .element = &sage_maker_resource_name, .min = 1};
static const struct shape text = {.type = SHAPE_STRING};
static const struct member search_training_plan_offerings_members[] = {
    {S_INIT("InstanceType"), &reserved_capacity_instance_type},
    {S_INIT("InstanceCount"), &reserved_capacity_instance_count},
    {S_INIT("UltraServerType"), &ultra_server_type},
    {S_INIT("UltraServerCount"), &ultra_server_count},
    {S_INIT("StartTimeAfter"), &shape_timestamp},
    {S_INIT("EndTimeBefore"), &shape_timestamp},
    {S_INIT("DurationHours"), &training_plan_duration_hours_input},
    {S_INIT("TargetResources"), &sage_maker_resource_names},
    {S_INIT("TrainingPlanArn"), &text},
    {S_INIT("")},
};
const struct shape sagemaker_search_training_plan_offerings = {
    .type = SHAPE_STRUCTURE, .members = search_training_plan_offerings_members};

static const struct shape training_plan_name = {
    .type = SHAPE_STRING, .min = 1, .max = 64, .pattern = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}"};
static const struct shape training_plan_offering_id = {
    .type = SHAPE_STRING, .min = 1, .max = 256, .pattern = "[a-z0-9\\-]+"};
static const struct shape spare_instance_count_per_ultra_server = {.type = SHAPE_INTEGER};
static const struct member create_training_plan_members[] = {
    {S_INIT("TrainingPlanName"), &training_plan_name, true},
    {S_INIT("TrainingPlanOfferingId"), &training_plan_offering_id, true},
    {S_INIT("SpareInstanceCountPerUltraServer"), &spare_instance_count_per_ultra_server},
    {S_INIT("Tags"), &shape_tag_list},
    {S_INIT("")},
};
const struct shape sagemaker_create_training_plan = {.type = SHAPE_STRUCTURE,
                                                     .members = create_training_plan_members};

static const struct shape training_plan_name_or_arn = {
    .type = SHAPE_STRING,
    .min = 1,
    .max = 2048,
    .pattern = "(arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:training-plan/"
               ")?[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}"};
static const struct member describe_training_plan_members[] = {
    {S_INIT("TrainingPlanName"), &training_plan_name_or_arn, true},
    {S_INIT("")},
};
const struct shape sagemaker_describe_training_plan = {.type = SHAPE_STRUCTURE,
                                                       .members = describe_training_plan_members};

static const char *const training_plan_sort_by_values[] = {"TrainingPlanName", "StartTime",
                                                           "Status", NULL};
static const struct shape training_plan_sort_by = {.type = SHAPE_STRING,
                                                   .values = training_plan_sort_by_values};
static const char *const training_plan_filter_name_values[] = {"Status", NULL};
static const struct shape training_plan_filter_name = {.type = SHAPE_STRING,
                                                       .values = training_plan_filter_name_values};
static const struct shape string64 = {.type = SHAPE_STRING, .max = 64};
static const struct member training_plan_filter_members[] = {
    {S_INIT("Name"), &training_plan_filter_name, true},
    {S_INIT("Value"), &string64, true},
    {S_INIT("")},
};
static const struct shape training_plan_filter = {.type = SHAPE_STRUCTURE,
                                                  .members = training_plan_filter_members};
static const struct shape training_plan_filters = {
    .type = SHAPE_LIST, .element = &training_plan_filter, .min = 1, .max = 5};
static const struct member list_training_plans_members[] = {
    {S_INIT("NextToken"), &shape_next_token},     {S_INIT("MaxResults"), &shape_max_results},
    {S_INIT("StartTimeAfter"), &shape_timestamp}, {S_INIT("StartTimeBefore"), &shape_timestamp},
    {S_INIT("SortBy"), &training_plan_sort_by},   {S_INIT("SortOrder"), &shape_sort_order},
    {S_INIT("Filters"), &training_plan_filters},  {S_INIT("")},
};
const struct shape sagemaker_list_training_plans = {.type = SHAPE_STRUCTURE,
                                                    .members = list_training_plans_members};

static const struct shape training_plan_extension_offering_id = {.type = SHAPE_STRING};
static const struct member extend_training_plan_members[] = {
    {S_INIT("TrainingPlanExtensionOfferingId"), &training_plan_extension_offering_id, true},
    {S_INIT("")},
};
const struct shape sagemaker_extend_training_plan = {.type = SHAPE_STRUCTURE,
                                                     .members = extend_training_plan_members};

static const struct member describe_training_plan_extension_history_members[] = {
    {S_INIT("TrainingPlanArn"), &shape_training_plan_arn, true},
    {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("MaxResults"), &shape_max_results},
    {S_INIT("")},
};
const struct shape sagemaker_describe_training_plan_extension_history = {
    .type = SHAPE_STRUCTURE, .members = describe_training_plan_extension_history_members};

static const struct shape reserved_capacity_arn = {
    .type = SHAPE_STRING,
    .min = 50,
    .max = 2048,
    .pattern = "arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:reserved-capacity/.*"};
static const struct member describe_reserved_capacity_members[] = {
    {S_INIT("ReservedCapacityArn"), &reserved_capacity_arn, true},
    {S_INIT("")},
};
const struct shape sagemaker_describe_reserved_capacity = {
    .type = SHAPE_STRUCTURE, .members = describe_reserved_capacity_members};

static const struct member list_ultra_servers_by_reserved_capacity_members[] = {
    {S_INIT("ReservedCapacityArn"), &reserved_capacity_arn, true},
    {S_INIT("MaxResults"), &shape_max_results},
    {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("")},
};
const struct shape sagemaker_list_ultra_servers_by_reserved_capacity = {
    .type = SHAPE_STRUCTURE, .members = list_ultra_servers_by_reserved_capacity_members};
