/* Settings that a cluster can have and that hyperpod_cluster has no attribute for. UpdateCluster
 * takes whole specifications and resets what is left out, so an update would undo them.
 *
 * What AWS fills in by itself is no such setting. Members: SageMaker API, DescribeClusterResponse
 * and ClusterInstanceGroupDetails, November 2026. */
#include "cluster.h"

struct scene {
    const struct doc *live;
    struct str own_mode;
};

/* Is this value something that a person asked for? */
typedef bool (*judge)(const struct scene *scene, const struct doc *value);

struct known {
    const char *name;
    judge asked_for; /* NULL: an answer only, or an attribute of ours */
    const char *told_as;
};

static bool is_empty(const struct doc *doc)
{
    if (doc_is_null(doc))
        return true;
    if (doc->kind == DOC_STRING)
        return doc->text.len == 0;
    if (doc->kind != DOC_OBJECT && doc->kind != DOC_LIST)
        return false;
    doc_each (entry, doc)
        if (!is_empty(entry->value))
            return false;
    return true;
}

static bool filled(const struct scene *scene, const struct doc *value)
{
    (void)scene;
    return !is_empty(value);
}

static bool slurm(const struct scene *scene, const struct doc *value)
{
    (void)scene;
    return doc_get(value, S("Slurm")) != NULL && !doc_is_null(doc_get(value, S("Slurm")));
}

static bool enabled(const struct scene *scene, const struct doc *value)
{
    (void)scene;
    return !is_empty(value) && !str_is(doc_get_text(value, S("Mode")), "Disable");
}

/* AWS chooses Continuous for new clusters of Slurm by itself, and for ours what it chose at their
 * creation. */
static bool mode(const struct scene *scene, const struct doc *value)
{
    return !is_empty(value) && !doc_is_null(doc_at(scene->live, "Orchestrator.Eks")) &&
           !str_eq(doc_text(value), scene->own_mode);
}

static bool positive(const struct scene *scene, const struct doc *value)
{
    int64_t number;
    (void)scene;
    return doc_to_int64(value, &number) && number > 0;
}

static bool spot(const struct scene *scene, const struct doc *value)
{
    (void)scene;
    doc_each (entry, value)
        if (!str_is(entry->name, "OnDemand") && !doc_is_null(entry->value))
            return true;
    return false;
}

static bool other_interface(const struct scene *scene, const struct doc *value)
{
    (void)scene;
    return !is_empty(value) && !str_is(doc_get_text(value, S("InterfaceType")), "efa");
}

static bool other_storage(const struct scene *scene, const struct doc *value)
{
    (void)scene;
    doc_each (config, value)
        doc_each (kind, config->value) {
            if (!str_is(kind->name, "EbsVolumeConfig") && !is_empty(kind->value))
                return true;
        }
    return false;
}

static bool list_has(const struct doc *list, struct str text)
{
    doc_each (entry, list)
        if (str_eq(doc_text(entry->value), text))
            return true;
    return false;
}

static bool same_list(const struct doc *a, const struct doc *b)
{
    if ((a == NULL ? 0 : a->count) != (b == NULL ? 0 : b->count))
        return false;
    doc_each (entry, a)
        if (!list_has(b, doc_text(entry->value)))
            return false;
    return true;
}

static bool other_network(const struct scene *scene, const struct doc *value)
{
    const struct doc *own = doc_get(scene->live, S("VpcConfig"));

    return !is_empty(value) &&
           !(same_list(doc_get(value, S("Subnets")), doc_get(own, S("Subnets"))) &&
             same_list(doc_get(value, S("SecurityGroupIds")), doc_get(own, S("SecurityGroupIds"))));
}

static const struct known of_cluster[] = {
    {"ClusterArn"},
    {"ClusterName"},
    {"ClusterStatus"},
    {"CreationTime"},
    {"FailureMessage"},
    {"InstanceGroups"},
    {"VpcConfig"},
    {"NodeRecovery"},
    {"Orchestrator", slurm, "Orchestrator.Slurm"},
    {"RestrictedInstanceGroups", filled},
    {"RestrictedInstanceGroupsConfig", filled},
    {"TieredStorageConfig", enabled},
    {"NodeProvisioningMode", mode},
    {"ClusterRole", filled},
    {"AutoScaling", enabled},
    {0},
};

static const struct known of_group[] = {
    {"CurrentCount"},
    {"TargetCount"},
    {"InstanceGroupName"},
    {"InstanceType"},
    {"InstanceTypeDetails"},
    {"LifeCycleConfig"},
    {"ExecutionRole"},
    {"ThreadsPerCore"},
    {"Status"},
    {"TrainingPlanStatus"},
    {"CurrentImageId"},
    {"DesiredImageId"},
    {"CurrentImageReleaseVersion"},
    {"DesiredImageReleaseVersion"},
    {"ImageVersionStatus"},
    {"ActiveOperations"},
    {"TargetStateCount"},
    {"SoftwareUpdateStatus"},
    {"ActiveSoftwareUpdateConfig"},
    {"MinCount", positive, "MinInstanceCount"},
    {"InstanceRequirements", filled},
    {"InstanceStorageConfigs", other_storage},
    {"OnStartDeepHealthChecks", filled},
    {"TrainingPlanArn", filled},
    {"OverrideVpcConfig", other_network},
    {"ScheduledUpdateConfig", filled},
    {"AutoPatchConfig", filled},
    {"KubernetesConfig", filled},
    {"CapacityRequirements", spot},
    {"SlurmConfig", filled},
    {"NetworkInterface", other_interface},
    {0},
};

static const struct known *find(const struct known *table, struct str name)
{
    for (const struct known *row = table; row->name != NULL; row++)
        if (str_is(name, row->name))
            return row;
    return NULL;
}

/* A member that is newer than the table: structures and lists are settings, single values are taken
 * for answers. */
static bool counts(const struct scene *scene, const struct known *row, const struct doc *value)
{
    if (row == NULL)
        return (value->kind == DOC_OBJECT || value->kind == DOC_LIST) && !is_empty(value);
    return row->asked_for != NULL && !doc_is_null(value) && row->asked_for(scene, value);
}

static void look(const struct scene *scene, const struct known *table, const struct doc *object,
                 const char *prefix, struct buf *out)
{
    doc_each (entry, object) {
        const struct known *row = find(table, entry->name);
        if (!counts(scene, row, entry->value))
            continue;
        struct str name = row != NULL && row->told_as != NULL ? str_of(row->told_as) : entry->name;
        buf_printf(out, "%s%s%.*s", out->len > 0 ? ", " : "", prefix, STR(name));
    }
}

struct str cluster_beyond(struct arena *arena, const struct doc *live, struct str own_mode)
{
    struct scene scene = {live, own_mode};
    struct buf out = buf_in(arena, 64 * 1024);

    look(&scene, of_cluster, live, "", &out);
    doc_each (group, doc_get(live, S("InstanceGroups"))) {
        struct str name = doc_get_text(group->value, S("InstanceGroupName"));
        char *prefix = arena_z(arena, arena_fmt(arena, "InstanceGroups[\"%.*s\"].", STR(name)));
        look(&scene, of_group, group->value, prefix, &out);
    }
    return buf_str(&out);
}
