#include "cluster_describe.h"
#include "sagemaker.h"

static const struct str default_image = S_INIT("ami-0a1b2c3d4e5f60718");
static const struct str default_release = S_INIT("1.0.0");

static void put(struct arena *arena, struct doc *doc, const char *name, struct doc *value)
{
    doc_put(arena, doc, str_of(name), value);
}

static void put_text(struct arena *arena, struct doc *doc, const char *name, struct str text)
{
    if (text.len > 0)
        put(arena, doc, name, doc_string(arena, text));
}

/* Members that are answered as they were sent. */
static void echo(struct arena *arena, struct doc *doc, const struct doc *from,
                 const char *const *names)
{
    for (; *names != NULL; names++) {
        struct doc *value = doc_get(from, str_of(*names));
        if (!doc_is_null(value))
            put(arena, doc, *names, value);
    }
}

static struct doc *or_else(struct doc *value, struct doc *fallback)
{
    return doc_is_null(value) ? fallback : value;
}

const char *group_status(const struct cluster *cluster, const struct node_group *group)
{
    const struct node *node;

    if (cluster->status == CLUSTER_DELETING || group->spec == NULL)
        return "Deleting";
    if (cluster->status == CLUSTER_FAILED || cluster->creation_failed)
        return "Failed";
    if (cluster_is_continuous(cluster)) {
        list_each (node, &group->nodes) {
            if (node->status == NODE_FAILURE)
                return "Degraded";
        }
        return cluster->status == CLUSTER_CREATING ? "Creating" : "InService";
    }
    if (cluster->status == CLUSTER_CREATING)
        return "Creating";
    if (cluster->status == CLUSTER_IN_SERVICE)
        return "InService";
    if (group->fresh)
        return "Creating";
    return group_is_scaling(group) ? "Updating" : "InService";
}

static void put_kubernetes(struct arena *arena, struct doc *doc, const struct doc *spec)
{
    const struct doc *wish = doc_get(spec, S("KubernetesConfig"));
    static const struct {
        const char *sent, *current, *desired;
    } rows[] = {{"Labels", "CurrentLabels", "DesiredLabels"},
                {"Taints", "CurrentTaints", "DesiredTaints"}};

    if (doc_is_null(wish))
        return;
    struct doc *config = doc_object(arena);
    for (size_t i = 0; i < 2; i++) {
        struct doc *value = doc_get(wish, str_of(rows[i].sent));
        if (doc_is_null(value))
            continue;
        put(arena, config, rows[i].current, value);
        put(arena, config, rows[i].desired, value);
    }
    put(arena, doc, "KubernetesConfig", config);
}

static void put_patching(struct arena *arena, struct doc *doc, const struct doc *spec,
                         int64_t created_ms)
{
    static const char *const same[] = {"PatchingStrategy", "DeploymentConfig", NULL};
    const struct doc *wish = doc_get(spec, S("AutoPatchConfig"));

    if (doc_is_null(wish))
        return;
    struct doc *config = doc_object(arena), *schedule = doc_object(arena);
    struct doc *date = doc_at(wish, "PatchSchedule.NextPatchDate");
    put(arena, schedule, "NextPatchDate",
        or_else(date, doc_time(arena, created_ms + INT64_C(30) * 24 * 3600 * 1000)));
    echo(arena, config, wish, same);
    put(arena, config, "CurrentPatchSchedule", schedule);
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

static void put_requirements(struct arena *arena, struct doc *doc, const struct node_group *group)
{
    struct doc *types = doc_at(group->spec, "InstanceRequirements.InstanceTypes");
    struct doc *requirements = doc_object(arena), *details = doc_list(arena);
    struct doc *threads = or_else(doc_get(group->spec, S("ThreadsPerCore")), doc_int(arena, 1));

    if (doc_is_null(types))
        return;
    put(arena, requirements, "CurrentInstanceTypes", types);
    put(arena, requirements, "DesiredInstanceTypes", types);
    put(arena, doc, "InstanceRequirements", requirements);
    doc_each (entry, types) {
        struct doc *detail = doc_object(arena);
        bool first = entry == types->first; /* all nodes are of the first type */
        put(arena, detail, "InstanceType", entry->value);
        put(arena, detail, "CurrentCount", doc_int(arena, first ? group_current(group) : 0));
        put(arena, detail, "ThreadsPerCore", threads);
        doc_add(arena, details, detail);
    }
    put(arena, doc, "InstanceTypeDetails", details);
}

static struct str image_of(const struct doc *spec)
{
    struct str image = doc_get_text(spec, S("ImageId"));
    return image.len == 0 || str_is(image, "default") ? default_image : image;
}

static struct str release_of(const struct doc *spec)
{
    struct str release = doc_get_text(spec, S("ImageReleaseVersion"));
    return release.len == 0 ? default_release : release;
}

static void put_image(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                      const struct doc *spec)
{
    put_text(arena, doc, "CurrentImageId", image_of(spec));
    put_text(arena, doc, "DesiredImageId", image_of(spec));
    if (cluster_has_eks(cluster)) {
        put_text(arena, doc, "CurrentImageReleaseVersion", release_of(spec));
        put_text(arena, doc, "DesiredImageReleaseVersion", release_of(spec));
    }
    put_text(arena, doc, "ImageVersionStatus", S("UpToDate"));
}

static const char *const group_echo[] = {
    "InstanceType",           "LifeCycleConfig",         "ExecutionRole",
    "InstanceStorageConfigs", "OnStartDeepHealthChecks", "TrainingPlanArn",
    "OverrideVpcConfig",      "ScheduledUpdateConfig",   NULL};
static const char *const plain_echo[] = {"CapacityRequirements", "SlurmConfig", "NetworkInterface",
                                         NULL};

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
        put_text(arena, doc, "TrainingPlanStatus", S("Active"));
    if (group->restricted) {
        static const char *const environment[] = {"EnvironmentConfig", NULL};
        echo(arena, doc, spec, environment);
        return doc;
    }
    echo(arena, doc, spec, plain_echo);
    put(arena, doc, "MinCount", doc_get(spec, S("MinInstanceCount")));
    put_requirements(arena, doc, group);
    put_kubernetes(arena, doc, spec);
    put_patching(arena, doc, spec, cluster->created_ms);
    put_image(arena, doc, cluster, spec);
    put(arena, doc, "TargetStateCount", doc_int(arena, group_current(group)));
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

static void put_autoscaling(struct arena *arena, struct doc *doc, const struct doc *settings)
{
    struct doc *sent = doc_get(settings, S("AutoScaling"));
    if (doc_is_null(sent))
        return;
    struct doc *copy = doc_copy(arena, sent);
    if (doc_is_null(doc_get(copy, S("AutoScalerType"))))
        doc_set(arena, copy, S("AutoScalerType"), doc_string(arena, S("Karpenter")));
    put_text(arena, copy, "Status", S("InService"));
    put(arena, doc, "AutoScaling", copy);
}

static void put_shared_environment(struct arena *arena, struct doc *doc, const struct doc *settings)
{
    static const struct {
        const char *sent, *current, *desired;
    } rows[] = {{"FSxLustreConfig", "CurrentFSxLustreConfig", "DesiredFSxLustreConfig"},
                {"FSxLustreDeletionPolicy", "CurrentFSxLustreDeletionPolicy",
                 "DesiredFSxLustreDeletionPolicy"}};
    const struct doc *sent =
        doc_at(settings, "RestrictedInstanceGroupsConfig.SharedEnvironmentConfig");
    struct doc *shared = doc_object(arena), *config = doc_object(arena);

    if (doc_is_null(sent))
        return;
    for (size_t i = 0; i < 2; i++) {
        put(arena, shared, rows[i].current, doc_get(sent, str_of(rows[i].sent)));
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
    put_autoscaling(arena, doc, settings);
    put_shared_environment(arena, doc, settings);
    return doc;
}

bool node_has_instance(const struct cluster *cluster, const struct node *node)
{
    return !cluster_is_continuous(cluster) || node->status != NODE_PENDING;
}

static struct doc *status_of(struct arena *arena, const struct node *node)
{
    struct doc *doc = doc_object(arena);
    put_text(arena, doc, "Status", str_of(node_status_name(node->status)));
    put_text(arena, doc, "Message", str_of(node->message));
    return doc;
}

static struct str host_name(struct arena *arena, const struct cluster *cluster,
                            const struct node *node)
{
    if (node->interface == NULL)
        return (struct str){NULL, 0};
    uint32_t a = node->interface->address;
    return arena_fmt(arena, "ip-%u-%u-%u-%u.%.*s.compute.internal", a >> 24, a >> 16 & 255,
                     a >> 8 & 255, a & 255, STR(cluster->region->name));
}

struct doc *node_summary(struct arena *arena, const struct cluster *cluster,
                         const struct node_group *group, const struct node *node)
{
    struct doc *doc = doc_object(arena);

    put_text(arena, doc, "InstanceGroupName", group->name);
    if (node_has_instance(cluster, node))
        put_text(arena, doc, "InstanceId", node->instance_id);
    if (cluster_is_continuous(cluster))
        put_text(arena, doc, "NodeLogicalId", node->logical_id);
    put_text(arena, doc, "InstanceType", group->type);
    put(arena, doc, "LaunchTime", doc_time(arena, node->launch_ms));
    put(arena, doc, "InstanceStatus", status_of(arena, node));
    put_text(arena, doc, "PrivateDnsHostname", host_name(arena, cluster, node));
    if (cluster_has_eks(cluster))
        put_text(arena, doc, "CurrentImageReleaseVersion", release_of(group->spec));
    put_text(arena, doc, "ImageVersionStatus", S("UpToDate"));
    return doc;
}

static void put_place(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                      const struct node *node)
{
    struct doc *place = doc_object(arena);
    if (node->interface == NULL)
        return;
    unsigned zone = node->interface->subnet->zone;
    put_text(arena, doc, "PrivatePrimaryIp", address_text(arena, node->interface->address));
    put_text(arena, doc, "PrivateDnsHostname", host_name(arena, cluster, node));
    put_text(arena, place, "AvailabilityZone", zone_name(arena, cluster->region, zone));
    put_text(arena, place, "AvailabilityZoneId", zone_id(arena, cluster->region, zone));
    put(arena, doc, "Placement", place);
}

struct doc *node_details(struct arena *arena, const struct cluster *cluster,
                         const struct node_group *group, const struct node *node)
{
    static const char *const same[] = {"LifeCycleConfig", "OverrideVpcConfig",
                                       "InstanceStorageConfigs", "NetworkInterface", NULL};
    struct doc *doc = doc_object(arena);
    bool spot = !doc_is_null(doc_at(group->spec, "CapacityRequirements.Spot"));

    put_text(arena, doc, "InstanceGroupName", group->name);
    if (node_has_instance(cluster, node))
        put_text(arena, doc, "InstanceId", node->instance_id);
    if (cluster_is_continuous(cluster))
        put_text(arena, doc, "NodeLogicalId", node->logical_id);
    put(arena, doc, "InstanceStatus", status_of(arena, node));
    put_text(arena, doc, "InstanceType", group->type);
    put(arena, doc, "LaunchTime", doc_time(arena, node->launch_ms));
    echo(arena, doc, group->spec, same);
    put(arena, doc, "ThreadsPerCore",
        or_else(doc_get(group->spec, S("ThreadsPerCore")), doc_int(arena, 1)));
    put_place(arena, doc, cluster, node);
    put_image(arena, doc, cluster, group->spec);
    put_kubernetes(arena, doc, group->spec);
    put_text(arena, doc, "CapacityType", spot ? S("Spot") : S("OnDemand"));
    return doc;
}
