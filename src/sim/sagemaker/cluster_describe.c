#include "cluster_describe.h"
#include "describe_parts.h"
#include "sagemaker.h"
#include "world/conditions.h"
#include "world/training_plan.h"

static const char *continuous_status(const struct cluster *cluster, const struct node_group *group)
{
    const struct node *node;

    if (group->rolled_back && spec_count(group->spec) == 0)
        return "Failed"; /* a new group that was rolled back: ours */
    if (cluster->status == CLUSTER_CREATING || !group->proven)
        return "Creating"; /* MinInstanceCount guards the first InService (api) */
    if (group->counts[NODE_FAILURE] > 0)
        return "Degraded";
    list_each (node, &group->nodes) {
        if (node->status == NODE_PENDING && node->message.len > 0)
            return "Degraded"; /* it is tried again */
    }
    return "InService";
}

const char *group_status(const struct cluster *cluster, const struct node_group *group)
{
    if (cluster->status == CLUSTER_DELETING || group->spec == NULL)
        return "Deleting";
    if (cluster->status == CLUSTER_FAILED || cluster->creation_failed)
        return "Failed";
    if (group->software.arena != NULL)
        return "SystemUpdating";
    if (cluster_is_continuous(cluster))
        return continuous_status(cluster, group);
    if (cluster->status == CLUSTER_CREATING)
        return "Creating";
    if (cluster->status == CLUSTER_IN_SERVICE || cluster->status == CLUSTER_SYSTEM_UPDATING)
        return group->counts[NODE_FAILURE] > 0 ? "Degraded" : "InService";
    if (group->fresh)
        return "Creating";
    return group_is_scaling(group) ? "Updating" : "InService";
}

/* What the group was before the change that is under way; otherwise what it is. */
static const struct doc *current_spec(const struct cluster *cluster, const struct node_group *group)
{
    const struct doc *before =
        cluster->previous.arena == NULL ? NULL : plan_spec(&cluster->previous, group->name);
    return before == NULL ? group->spec : before;
}

void put_kubernetes(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                    const struct node_group *group)
{
    const struct doc *wish = doc_get(group->spec, S("KubernetesConfig"));
    const struct doc *has = doc_get(current_spec(cluster, group), S("KubernetesConfig"));
    static const struct {
        const char *sent, *current, *desired;
    } rows[] = {{"Labels", "CurrentLabels", "DesiredLabels"},
                {"Taints", "CurrentTaints", "DesiredTaints"}};

    if (doc_is_null(wish) && doc_is_null(has))
        return;
    struct doc *config = doc_object(arena);
    for (size_t i = 0; i < 2; i++) {
        put(arena, config, rows[i].current, doc_get(has, str_of(rows[i].sent)));
        put(arena, config, rows[i].desired, doc_get(wish, str_of(rows[i].sent)));
    }
    put(arena, doc, "KubernetesConfig", config);
}

static void put_patching(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                         const struct node_group *group)
{
    static const char *const same[] = {"PatchingStrategy", "DeploymentConfig", NULL};
    const struct doc *wish = doc_get(group->spec, S("AutoPatchConfig"));
    const struct doc *before = current_spec(cluster, group);

    if (doc_is_null(wish))
        return;
    struct doc *config = doc_object(arena), *schedule = doc_object(arena);
    if (group->patch_ms != NEVER) /* what is on its way out is patched no more */
        put(arena, schedule, "NextPatchDate", doc_time(arena, group->patch_ms));
    echo(arena, config, wish, same);
    struct doc *date_before = doc_at(before, "AutoPatchConfig.PatchSchedule.NextPatchDate");
    struct doc *current = doc_object(arena);
    put(arena, current, "NextPatchDate",
        or_else(before == group->spec ? NULL : date_before, doc_get(schedule, S("NextPatchDate"))));
    put(arena, config, "CurrentPatchSchedule", current);
    put(arena, config, "DesiredPatchSchedule", schedule);
    if (str_is(doc_get_text(wish, S("PatchingStrategy")), "DrainFirst")) {
        struct doc *policy = doc_object(arena), *sent = doc_get(wish, S("DrainPolicy"));
        put(arena, policy, "DrainTimeoutInSeconds",
            or_else(doc_get(sent, S("DrainTimeoutInSeconds")), doc_int(arena, 3600)));
        put(arena, policy, "OnDrainTimeout",
            or_else(doc_get(sent, S("OnDrainTimeout")), doc_string(arena, S("Skip"))));
        put(arena, config, "DrainPolicy", policy);
    } else {
        put(arena, config, "IdleWaitWindowInSeconds",
            or_else(doc_get(wish, S("IdleWaitWindowInSeconds")), doc_int(arena, 86400)));
    }
    put(arena, doc, "AutoPatchConfig", config);
}

static int64_t nodes_of_type(const struct node_group *group, const struct instance_facts *type)
{
    const struct node *node;
    int64_t count = 0;
    list_each (node, &group->nodes)
        count += node->type == type && node->status != NODE_PENDING && node->status != NODE_FAILURE;
    return count;
}

static void put_requirements(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                             const struct node_group *group)
{
    struct doc *types = doc_at(group->spec, "InstanceRequirements.InstanceTypes");
    struct doc *before = doc_at(current_spec(cluster, group), "InstanceRequirements.InstanceTypes");
    struct doc *requirements = doc_object(arena), *details = doc_list(arena);
    struct doc *threads = or_else(doc_get(group->spec, S("ThreadsPerCore")), doc_int(arena, 1));

    if (doc_is_null(types))
        return;
    put(arena, requirements, "CurrentInstanceTypes", or_else(before, types));
    put(arena, requirements, "DesiredInstanceTypes", types);
    put(arena, doc, "InstanceRequirements", requirements);
    doc_each (entry, types) {
        struct doc *detail = doc_object(arena);
        const struct instance_facts *type = instance_type_find(doc_text(entry->value));
        put(arena, detail, "InstanceType", entry->value);
        put(arena, detail, "CurrentCount", doc_int(arena, nodes_of_type(group, type)));
        put(arena, detail, "ThreadsPerCore", threads);
        doc_add(arena, details, detail);
    }
    put(arena, doc, "InstanceTypeDetails", details);
}

/* UpToDate until a newer release is out: conditions.h, new_release. */
const char *image_status(const struct cluster *cluster, struct str release)
{
    struct circumstance about = {.region = cluster->region};
    const struct condition *newest =
        condition_find(cluster->state, CONDITION_NEW_RELEASE, &about, cluster->state->now_ms);
    if (newest == NULL || str_eq(condition_text(newest, "release"), release))
        return "UpToDate";
    struct str status = condition_text(newest, "status");
    return status.len == 0 ? "UpdateAvailable" : status.ptr;
}

/* Releases are told of EKS clusters only (api). */
void put_image(struct arena *arena, struct doc *doc, const struct cluster *cluster,
               const struct node_group *group, bool on_desired)
{
    struct str release = on_desired ? group->desired_release : group->release;
    put_text(arena, doc, "CurrentImageId", on_desired ? group->desired_image : group->image);
    put_text(arena, doc, "DesiredImageId", group->desired_image);
    if (cluster_has_eks(cluster)) {
        put_text(arena, doc, "CurrentImageReleaseVersion", release);
        put_text(arena, doc, "DesiredImageReleaseVersion", group->desired_release);
    }
    put_text(arena, doc, "ImageVersionStatus", str_of(image_status(cluster, release)));
}

/* Nodes on the desired image: no count of readiness (semantics section 2). */
static int64_t on_desired_image(const struct node_group *group)
{
    const struct node *node;
    int64_t count = 0;
    if (group->software.arena == NULL)
        return group_current(group);
    list_each (node, &group->nodes)
        count += node->on_desired;
    return count;
}

static void put_software(struct arena *arena, struct doc *doc, const struct node_group *group)
{
    put(arena, doc, "TargetStateCount", doc_int(arena, on_desired_image(group)));
    put_text(arena, doc, "SoftwareUpdateStatus", str_of(group->software_status));
    if (group->software.deployment != NULL)
        put(arena, doc, "ActiveSoftwareUpdateConfig", doc_copy(arena, group->software.deployment));
}

static const char *const group_echo[] = {
    "InstanceType",           "LifeCycleConfig",         "ExecutionRole",
    "InstanceStorageConfigs", "OnStartDeepHealthChecks", "TrainingPlanArn",
    "OverrideVpcConfig",      "ScheduledUpdateConfig",   NULL};
static const char *const plain_echo[] = {"CapacityRequirements", "SlurmConfig", "NetworkInterface",
                                         NULL};

/* A plan that nobody has told of is there and active. */
static struct str plan_status(const struct cluster *cluster, const struct doc *spec)
{
    struct circumstance about = {.training_plan = doc_get_text(spec, S("TrainingPlanArn"))};
    const struct training_plan *made =
        training_plan_find(cluster->region, about.training_plan, cluster->state->now_ms);
    if (made != NULL)
        return str_of(training_plan_status(made, cluster->state->now_ms));
    const struct condition *plan =
        condition_find(cluster->state, CONDITION_TRAINING_PLAN, &about, cluster->state->now_ms);
    int64_t seconds = plan == NULL ? -1 : condition_number(plan, "seconds", -1);
    bool over = seconds >= 0 && cluster->state->now_ms >= plan->since_ms + seconds * 1000;
    return over ? S("Expired") : S("Active");
}

/* The bucket is the service's: its name is ours. */
static void put_environment(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                            const struct doc *spec)
{
    struct doc *sent = doc_get(spec, S("EnvironmentConfig"));
    if (doc_is_null(sent))
        return;
    struct doc *config = doc_copy(arena, sent);
    put_text(arena, config, "S3OutputPath",
             arena_fmt(arena, "s3://sagemaker-hyperpod-restricted-%.*s-" ACCOUNT "/%.*s/",
                       STR(cluster->region->name), STR(cluster->id)));
    put(arena, doc, "EnvironmentConfig", config);
}

static struct doc *describe_group(struct arena *arena, const struct cluster *cluster,
                                  const struct node_group *group)
{
    struct doc *doc = doc_object(arena);
    const struct doc *spec = group->spec;

    put_text(arena, doc, "InstanceGroupName", group->name);
    put(arena, doc, "CurrentCount", doc_int(arena, group_current(group)));
    put(arena, doc, "TargetCount", doc_int(arena, spec_count(spec)));
    put_text(arena, doc, "Status", str_of(group_status(cluster, group)));
    echo(arena, doc, spec, group_echo);
    put(arena, doc, "ThreadsPerCore",
        or_else(doc_get(spec, S("ThreadsPerCore")), doc_int(arena, 1)));
    if (!doc_is_null(doc_get(spec, S("TrainingPlanArn"))))
        put_text(arena, doc, "TrainingPlanStatus", plan_status(cluster, spec));
    if (group->restricted) {
        put_environment(arena, doc, cluster, spec);
        return doc;
    }
    echo(arena, doc, spec, plain_echo);
    put(arena, doc, "MinCount", doc_get(spec, S("MinInstanceCount")));
    put_requirements(arena, doc, cluster, group);
    put_kubernetes(arena, doc, cluster, group);
    put_patching(arena, doc, cluster, group);
    put_image(arena, doc, cluster, group, false);
    put_software(arena, doc, group);
    if (cluster_is_continuous(cluster) && group_is_scaling(group)) {
        struct doc *active = doc_object(arena);
        put(arena, active, "Scaling", doc_int(arena, 1));
        put(arena, doc, "ActiveOperations", active);
    }
    return doc;
}

/* Port and name of an accounting database have defaults. */
static struct doc *orchestrator_of(struct arena *arena, const struct cluster *cluster)
{
    struct doc *sent = doc_get(cluster->plan.settings, S("Orchestrator"));
    if (doc_is_null(doc_at(sent, "Slurm.AccountingDatabase")))
        return sent;
    struct doc *copy = doc_copy(arena, sent), *database = doc_at(copy, "Slurm.AccountingDatabase");
    if (doc_is_null(doc_get(database, S("Port"))))
        doc_set(arena, database, S("Port"), doc_int(arena, 3306));
    if (doc_is_null(doc_get(database, S("Name"))))
        doc_set(arena, database, S("Name"), doc_fmt(arena, "slurm_acct_db_%.*s", STR(cluster->id)));
    return copy;
}

/* Karpenter works with the cluster's role (guide); in which words it fails is ours. */
static struct str autoscaling_failure(struct arena *arena, const struct cluster *cluster)
{
    struct circumstance about = {
        .region = cluster->region,
        .cluster = cluster->name,
        .role = doc_get_text(cluster->plan.settings, S("ClusterRole")),
        .action = S("sagemaker:BatchAddClusterNodes"),
    };
    int64_t now = cluster->state->now_ms;

    if (condition_find(cluster->state, CONDITION_MISSING_ROLE, &about, now) != NULL)
        return arena_fmt(arena, "The cluster role %.*s cannot be assumed.", STR(about.role));
    if (condition_find(cluster->state, CONDITION_MISSING_PERMISSION, &about, now) != NULL)
        return arena_fmt(arena, "The cluster role %.*s does not have permission to perform %.*s.",
                         STR(about.role), STR(about.action));
    return (struct str){NULL, 0};
}

static void put_autoscaling(struct arena *arena, struct doc *doc, const struct cluster *cluster)
{
    struct doc *sent = doc_get(cluster->plan.settings, S("AutoScaling"));
    struct str before = doc_text(doc_at(cluster->previous.settings, "AutoScaling.Mode"));
    if (doc_is_null(sent))
        return;
    struct doc *copy = doc_copy(arena, sent);
    bool on = str_is(doc_get_text(copy, S("Mode")), "Enable");
    bool moves = cluster->previous.arena != NULL ? !str_eq(before, doc_get_text(copy, S("Mode")))
                                                 : cluster->status == CLUSTER_CREATING;
    if (doc_is_null(doc_get(copy, S("AutoScalerType"))))
        doc_set(arena, copy, S("AutoScalerType"), doc_string(arena, S("Karpenter")));
    struct str failure = on ? autoscaling_failure(arena, cluster) : (struct str){NULL, 0};
    put_text(arena, copy, "FailureMessage", failure);
    if (failure.len > 0)
        put_text(arena, copy, "Status", S("Failed"));
    else
        put_text(arena, copy, "Status",
                 !moves ? S("InService")
                 : on   ? S("Creating")
                        : S("Deleting"));
    put(arena, doc, "AutoScaling", copy);
}

static void put_shared_environment(struct arena *arena, struct doc *doc, const struct doc *settings,
                                   const struct doc *before)
{
    static const struct {
        const char *sent, *current, *desired;
    } rows[] = {{"FSxLustreConfig", "CurrentFSxLustreConfig", "DesiredFSxLustreConfig"},
                {"FSxLustreDeletionPolicy", "CurrentFSxLustreDeletionPolicy",
                 "DesiredFSxLustreDeletionPolicy"}};
    const struct doc *sent =
        doc_at(settings, "RestrictedInstanceGroupsConfig.SharedEnvironmentConfig");
    const struct doc *had =
        doc_at(before, "RestrictedInstanceGroupsConfig.SharedEnvironmentConfig");
    struct doc *shared = doc_object(arena), *config = doc_object(arena);

    if (doc_is_null(sent))
        return;
    for (size_t i = 0; i < 2; i++) {
        put(arena, shared, rows[i].current,
            doc_get(doc_is_null(had) ? sent : had, str_of(rows[i].sent)));
        put(arena, shared, rows[i].desired, doc_get(sent, str_of(rows[i].sent)));
    }
    put(arena, config, "SharedEnvironmentConfig", shared);
    put(arena, doc, "RestrictedInstanceGroupsConfig", config);
}

struct doc *cluster_describe(struct arena *arena, const struct cluster *cluster)
{
    static const char *const same[] = {"VpcConfig", "TieredStorageConfig", "NodeProvisioningMode",
                                       "ClusterRole", NULL};
    struct doc *doc = doc_object(arena), *groups = doc_list(arena), *restricted = doc_list(arena);
    const struct doc *settings = cluster->plan.settings;
    const struct node_group *group;

    put_text(arena, doc, "ClusterArn", cluster->arn);
    put_text(arena, doc, "ClusterName", cluster->name);
    put_text(arena, doc, "ClusterStatus", str_of(cluster_status_name(cluster->status)));
    put(arena, doc, "CreationTime", doc_time(arena, cluster->created_ms));
    put_text(arena, doc, "FailureMessage", cluster->failure_message);
    list_each (group, &cluster->groups)
        doc_add(arena, group->restricted ? restricted : groups,
                describe_group(arena, cluster, group));
    put(arena, doc, "InstanceGroups", groups);
    if (restricted->count > 0)
        put(arena, doc, "RestrictedInstanceGroups", restricted);
    echo(arena, doc, settings, same);
    put(arena, doc, "NodeRecovery",
        or_else(doc_get(settings, S("NodeRecovery")), doc_string(arena, S("Automatic"))));
    put(arena, doc, "Orchestrator", orchestrator_of(arena, cluster));
    put_autoscaling(arena, doc, cluster);
    put_shared_environment(arena, doc, settings, cluster->previous.settings);
    return doc;
}
