/* Shapes of the operations on scheduler configurations and compute quotas. */
#include "common_shapes.h"

static const struct shape entity_name = {
    .type = SHAPE_STRING, .min = 1, .max = 63, .pattern = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"};
static const struct shape cluster_scheduler_priority_class_name = {
    .type = SHAPE_STRING, .pattern = "[a-z0-9]([-a-z0-9]*[a-z0-9]){0,39}?"};
static const struct shape priority_weight = {.type = SHAPE_INTEGER, .max = 100};
static const struct member priority_class_members[] = {
    {S_INIT("Name"), &cluster_scheduler_priority_class_name, true},
    {S_INIT("Weight"), &priority_weight, true},
    {S_INIT("")},
};
static const struct shape priority_class = {.type = SHAPE_STRUCTURE,
                                            .members = priority_class_members};
static const struct shape priority_class_list = {
    .type = SHAPE_LIST, .element = &priority_class, .max = 10};
static const char *const fair_share_values[] = {"Enabled", "Disabled", NULL};
static const struct shape fair_share = {.type = SHAPE_STRING, .values = fair_share_values};
static const char *const idle_resource_sharing_values[] = {"Enabled", "Disabled", NULL};
static const struct shape idle_resource_sharing = {.type = SHAPE_STRING,
                                                   .values = idle_resource_sharing_values};
static const struct member scheduler_config_members[] = {
    {S_INIT("PriorityClasses"), &priority_class_list},
    {S_INIT("FairShare"), &fair_share},
    {S_INIT("IdleResourceSharing"), &idle_resource_sharing},
    {S_INIT("")},
};
static const struct shape scheduler_config = {.type = SHAPE_STRUCTURE,
                                              .members = scheduler_config_members};
static const struct shape entity_description = {
    .type = SHAPE_STRING, .max = 1024, .pattern = "[\\p{L}\\p{M}\\p{Z}\\p{S}\\p{N}\\p{P}]*"};
static const struct member create_cluster_scheduler_config_members[] = {
    {S_INIT("Name"), &entity_name, true},
    {S_INIT("ClusterArn"), &shape_cluster_arn, true},
    {S_INIT("SchedulerConfig"), &scheduler_config, true},
    {S_INIT("Description"), &entity_description},
    {S_INIT("Tags"), &shape_tag_list},
    {S_INIT("")},
};
const struct shape sagemaker_create_cluster_scheduler_config = {
    .type = SHAPE_STRUCTURE, .members = create_cluster_scheduler_config_members};

static const struct shape cluster_scheduler_config_id = {
    .type = SHAPE_STRING, .max = 12, .pattern = "[a-z0-9]{12}"};
static const struct shape integer = {.type = SHAPE_INTEGER};
static const struct member describe_cluster_scheduler_config_members[] = {
    {S_INIT("ClusterSchedulerConfigId"), &cluster_scheduler_config_id, true},
    {S_INIT("ClusterSchedulerConfigVersion"), &integer},
    {S_INIT("")},
};
const struct shape sagemaker_describe_cluster_scheduler_config = {
    .type = SHAPE_STRUCTURE, .members = describe_cluster_scheduler_config_members};

static const struct member update_cluster_scheduler_config_members[] = {
    {S_INIT("ClusterSchedulerConfigId"), &cluster_scheduler_config_id, true},
    {S_INIT("TargetVersion"), &integer, true},
    {S_INIT("SchedulerConfig"), &scheduler_config},
    {S_INIT("Description"), &entity_description},
    {S_INIT("")},
};
const struct shape sagemaker_update_cluster_scheduler_config = {
    .type = SHAPE_STRUCTURE, .members = update_cluster_scheduler_config_members};

static const struct member delete_cluster_scheduler_config_members[] = {
    {S_INIT("ClusterSchedulerConfigId"), &cluster_scheduler_config_id, true},
    {S_INIT("")},
};
const struct shape sagemaker_delete_cluster_scheduler_config = {
    .type = SHAPE_STRUCTURE, .members = delete_cluster_scheduler_config_members};

static const char *const scheduler_resource_status_values[] = {
    "Creating", "CreateFailed", "CreateRollbackFailed", "Created",
    "Updating", "UpdateFailed", "UpdateRollbackFailed", "Updated",
    "Deleting", "DeleteFailed", "DeleteRollbackFailed", "Deleted",
    NULL};
static const struct shape scheduler_resource_status = {.type = SHAPE_STRING,
                                                       .values = scheduler_resource_status_values};
static const char *const sort_cluster_scheduler_config_by_values[] = {"Name", "CreationTime",
                                                                      "Status", NULL};
static const struct shape sort_cluster_scheduler_config_by = {
    .type = SHAPE_STRING, .values = sort_cluster_scheduler_config_by_values};
static const struct member list_cluster_scheduler_configs_members[] = {
    {S_INIT("CreatedAfter"), &shape_timestamp},
    {S_INIT("CreatedBefore"), &shape_timestamp},
    {S_INIT("NameContains"), &entity_name},
    {S_INIT("ClusterArn"), &shape_cluster_arn},
    {S_INIT("Status"), &scheduler_resource_status},
    {S_INIT("SortBy"), &sort_cluster_scheduler_config_by},
    {S_INIT("SortOrder"), &shape_sort_order},
    {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("MaxResults"), &shape_max_results},
    {S_INIT("")},
};
const struct shape sagemaker_list_cluster_scheduler_configs = {
    .type = SHAPE_STRUCTURE, .members = list_cluster_scheduler_configs_members};

static const struct shape instance_count = {.type = SHAPE_INTEGER, .max = 10000000};
static const struct shape accelerators_amount = {.type = SHAPE_INTEGER, .max = 10000000};
static const struct shape vcpu_amount = {.type = SHAPE_FLOAT, .max = 10000000};
static const struct shape memory_in_gib_amount = {.type = SHAPE_FLOAT, .max = 10000000};
static const char *const mig_profile_type_values[] = {
    "mig-1g.5gb",  "mig-1g.10gb",  "mig-1g.18gb",  "mig-1g.20gb",  "mig-1g.23gb", "mig-1g.35gb",
    "mig-1g.45gb", "mig-1g.47gb",  "mig-2g.10gb",  "mig-2g.20gb",  "mig-2g.35gb", "mig-2g.45gb",
    "mig-2g.47gb", "mig-3g.20gb",  "mig-3g.40gb",  "mig-3g.71gb",  "mig-3g.90gb", "mig-3g.93gb",
    "mig-4g.20gb", "mig-4g.40gb",  "mig-4g.71gb",  "mig-4g.90gb",  "mig-4g.93gb", "mig-7g.40gb",
    "mig-7g.80gb", "mig-7g.141gb", "mig-7g.180gb", "mig-7g.186gb", NULL};
static const struct shape mig_profile_type = {.type = SHAPE_STRING,
                                              .values = mig_profile_type_values};
static const struct shape accelerator_partition_config_count_integer = {.type = SHAPE_INTEGER,
                                                                        .max = 10000000};
static const struct member accelerator_partition_config_members[] = {
    {S_INIT("Type"), &mig_profile_type, true},
    {S_INIT("Count"), &accelerator_partition_config_count_integer, true},
    {S_INIT("")},
};
static const struct shape accelerator_partition_config = {
    .type = SHAPE_STRUCTURE, .members = accelerator_partition_config_members};
static const struct member compute_quota_resource_config_members[] = {
    {S_INIT("InstanceType"), &shape_instance_type, true},
    {S_INIT("Count"), &instance_count},
    {S_INIT("Accelerators"), &accelerators_amount},
    {S_INIT("VCpu"), &vcpu_amount},
    {S_INIT("MemoryInGiB"), &memory_in_gib_amount},
    {S_INIT("AcceleratorPartition"), &accelerator_partition_config},
    {S_INIT("")},
};
static const struct shape compute_quota_resource_config = {
    .type = SHAPE_STRUCTURE, .members = compute_quota_resource_config_members};
static const struct shape compute_quota_resource_config_list = {
    .type = SHAPE_LIST, .element = &compute_quota_resource_config, .max = 15};
static const char *const resource_sharing_strategy_values[] = {"Lend", "DontLend", "LendAndBorrow",
                                                               NULL};
static const struct shape resource_sharing_strategy = {.type = SHAPE_STRING,
                                                       .values = resource_sharing_strategy_values};
static const struct shape borrow_limit = {.type = SHAPE_INTEGER, .max = 10000};
static const struct shape absolute_borrow_limit_resource_list = {
    .type = SHAPE_LIST, .element = &compute_quota_resource_config, .max = 15};
static const struct member resource_sharing_config_members[] = {
    {S_INIT("Strategy"), &resource_sharing_strategy, true},
    {S_INIT("BorrowLimit"), &borrow_limit},
    {S_INIT("AbsoluteBorrowLimits"), &absolute_borrow_limit_resource_list},
    {S_INIT("")},
};
static const struct shape resource_sharing_config = {.type = SHAPE_STRUCTURE,
                                                     .members = resource_sharing_config_members};
static const char *const preempt_team_tasks_values[] = {"Never", "LowerPriority", NULL};
static const struct shape preempt_team_tasks = {.type = SHAPE_STRING,
                                                .values = preempt_team_tasks_values};
static const struct member compute_quota_config_members[] = {
    {S_INIT("ComputeQuotaResources"), &compute_quota_resource_config_list},
    {S_INIT("ResourceSharingConfig"), &resource_sharing_config},
    {S_INIT("PreemptTeamTasks"), &preempt_team_tasks},
    {S_INIT("")},
};
static const struct shape compute_quota_config = {.type = SHAPE_STRUCTURE,
                                                  .members = compute_quota_config_members};
static const struct shape compute_quota_target_team_name = {
    .type = SHAPE_STRING, .pattern = "[a-z0-9]([-a-z0-9]*[a-z0-9]){0,39}?"};
static const struct shape fair_share_weight = {.type = SHAPE_INTEGER, .max = 100};
static const struct member compute_quota_target_members[] = {
    {S_INIT("TeamName"), &compute_quota_target_team_name, true},
    {S_INIT("FairShareWeight"), &fair_share_weight},
    {S_INIT("")},
};
static const struct shape compute_quota_target = {.type = SHAPE_STRUCTURE,
                                                  .members = compute_quota_target_members};
static const char *const activation_state_values[] = {"Enabled", "Disabled", NULL};
static const struct shape activation_state = {.type = SHAPE_STRING,
                                              .values = activation_state_values};
static const struct member create_compute_quota_members[] = {
    {S_INIT("Name"), &entity_name, true},
    {S_INIT("Description"), &entity_description},
    {S_INIT("ClusterArn"), &shape_cluster_arn, true},
    {S_INIT("ComputeQuotaConfig"), &compute_quota_config, true},
    {S_INIT("ComputeQuotaTarget"), &compute_quota_target, true},
    {S_INIT("ActivationState"), &activation_state},
    {S_INIT("Tags"), &shape_tag_list},
    {S_INIT("")},
};
const struct shape sagemaker_create_compute_quota = {.type = SHAPE_STRUCTURE,
                                                     .members = create_compute_quota_members};

static const struct shape compute_quota_id = {.type = SHAPE_STRING, .pattern = "[a-z0-9]{12}"};
static const struct member describe_compute_quota_members[] = {
    {S_INIT("ComputeQuotaId"), &compute_quota_id, true},
    {S_INIT("ComputeQuotaVersion"), &integer},
    {S_INIT("")},
};
const struct shape sagemaker_describe_compute_quota = {.type = SHAPE_STRUCTURE,
                                                       .members = describe_compute_quota_members};

static const struct member update_compute_quota_members[] = {
    {S_INIT("ComputeQuotaId"), &compute_quota_id, true},
    {S_INIT("TargetVersion"), &integer, true},
    {S_INIT("ComputeQuotaConfig"), &compute_quota_config},
    {S_INIT("ComputeQuotaTarget"), &compute_quota_target},
    {S_INIT("ActivationState"), &activation_state},
    {S_INIT("Description"), &entity_description},
    {S_INIT("")},
};
const struct shape sagemaker_update_compute_quota = {.type = SHAPE_STRUCTURE,
                                                     .members = update_compute_quota_members};

static const struct member delete_compute_quota_members[] = {
    {S_INIT("ComputeQuotaId"), &compute_quota_id, true},
    {S_INIT("")},
};
const struct shape sagemaker_delete_compute_quota = {.type = SHAPE_STRUCTURE,
                                                     .members = delete_compute_quota_members};

static const char *const sort_quota_by_values[] = {"Name", "CreationTime", "Status", "ClusterArn",
                                                   NULL};
static const struct shape sort_quota_by = {.type = SHAPE_STRING, .values = sort_quota_by_values};
static const struct member list_compute_quotas_members[] = {
    {S_INIT("CreatedAfter"), &shape_timestamp}, {S_INIT("CreatedBefore"), &shape_timestamp},
    {S_INIT("NameContains"), &entity_name},     {S_INIT("Status"), &scheduler_resource_status},
    {S_INIT("ClusterArn"), &shape_cluster_arn}, {S_INIT("SortBy"), &sort_quota_by},
    {S_INIT("SortOrder"), &shape_sort_order},   {S_INIT("NextToken"), &shape_next_token},
    {S_INIT("MaxResults"), &shape_max_results}, {S_INIT("")},
};
const struct shape sagemaker_list_compute_quotas = {.type = SHAPE_STRUCTURE,
                                                    .members = list_compute_quotas_members};
