/* Rules that the models do not say. Their sources: api, the documentation strings of AWS's model;
 * cfn, CloudFormation's schema; guide, the SageMaker developer guide; semantics, what is known of
 * how clusters behave; ours where none of them says it. */
#include "cluster_rules.h"
#include "facts/instance_types.h"
#include "ground/cron.h"
#include "world/conditions.h"

static bool has(const struct doc *doc, const char *path)
{
    return !doc_is_null(doc_at(doc, path));
}

static bool is(const struct doc *doc, const char *path, const char *text)
{
    return str_is(doc_text(doc_at(doc, path)), text);
}

static bool refuse(struct call *call, const struct doc *spec, const char *why)
{
    return call_fail(call, "ValidationException", "Instance group '%.*s': %s",
                     STR(doc_get_text(spec, S("InstanceGroupName"))), why);
}

static bool subnets_are_there(struct call *call, const struct doc *network,
                              const struct vpc **ret_vpc)
{
    doc_each (entry, doc_get(network, S("Subnets"))) {
        struct thing *found = thing_find(call->region, THING_SUBNET, doc_text(entry->value));
        if (found == NULL)
            return call_fail(call, "ValidationException", "The subnet '%.*s' does not exist",
                             STR(doc_text(entry->value)));
        const struct vpc *vpc = ((struct subnet *)found)->vpc;
        if (*ret_vpc != NULL && *ret_vpc != vpc)
            return call_fail(call, "ValidationException",
                             "The subnets of a VpcConfig must belong to the same VPC");
        *ret_vpc = vpc;
    }
    return true;
}

/* They are there and fit together; what AWS says, and whether it looks at once: ours. */
static bool network_is_there(struct call *call, const struct doc *network)
{
    const struct vpc *vpc = NULL;

    if (!subnets_are_there(call, network, &vpc))
        return false;
    doc_each (entry, doc_get(network, S("SecurityGroupIds"))) {
        struct thing *found =
            thing_find(call->region, THING_SECURITY_GROUP, doc_text(entry->value));
        if (found == NULL)
            return call_fail(call, "ValidationException",
                             "The security group '%.*s' does not exist",
                             STR(doc_text(entry->value)));
        if (((struct security_group *)found)->vpc != vpc)
            return call_fail(call, "ValidationException",
                             "The security group '%.*s' does not belong to the VPC of the subnets",
                             STR(found->id));
    }
    return true;
}

/* RootVolume and VolumeSizeInGB exclude each other (api). */
static bool storage_is_sound(struct call *call, const struct doc *spec)
{
    doc_each (entry, doc_get(spec, S("InstanceStorageConfigs"))) {
        const struct doc *ebs = doc_get(entry->value, S("EbsVolumeConfig"));
        bool root = false, sized = has(ebs, "VolumeSizeInGB");
        doc_to_bool(doc_get(ebs, S("RootVolume")), &root);
        if (root && (sized || !has(ebs, "VolumeKmsKeyId")))
            return refuse(call, spec,
                          "a root volume is given with VolumeKmsKeyId and without VolumeSizeInGB");
        if (ebs != NULL && !root && !sized)
            return refuse(call, spec, "VolumeSizeInGB is required");
    }
    return true;
}

/* Which member goes with which strategy (api). */
static bool patching_is_sound(struct call *call, const struct doc *settings, const struct doc *spec)
{
    const struct doc *patch = doc_get(spec, S("AutoPatchConfig"));
    bool drains = is(patch, "PatchingStrategy", "DrainFirst");

    if (doc_is_null(patch))
        return true;
    if (drains && (!has(settings, "Orchestrator.Eks") ||
                   !has(patch, "DeploymentConfig.RollingUpdatePolicy.MaximumBatchSize")))
        return refuse(call, spec, "DrainFirst is for EKS and needs a MaximumBatchSize");
    if (!drains && has(patch, "DrainPolicy"))
        return refuse(call, spec, "DrainPolicy is for DrainFirst only");
    if (drains && has(patch, "IdleWaitWindowInSeconds"))
        return refuse(call, spec, "IdleWaitWindowInSeconds is for WhenIdle and WhenAllIdle only");
    return true;
}

/* AWS's form of cron (cfn); what AWS says of another text is not known. */
static bool schedule_is_sound(struct call *call, const struct doc *spec)
{
    const struct doc *text = doc_at(spec, "ScheduledUpdateConfig.ScheduleExpression");
    struct cron cron;
    return text == NULL || cron_parse(doc_text(text), &cron) ||
           refuse(call, spec,
                  "ScheduleExpression is not of the form cron(minutes hours "
                  "day-of-month month day-of-week year)");
}

/* What is for EKS, for Slurm (semantics section 3) and for continuous clusters (section 11). */
static bool roles_are_sound(struct call *call, const struct doc *settings, const struct doc *spec)
{
    bool compute = is(spec, "SlurmConfig.NodeType", "Compute");
    const struct doc *partitions = doc_at(spec, "SlurmConfig.PartitionNames");
    bool partitioned = partitions != NULL && partitions->count > 0;

    if (has(spec, "KubernetesConfig") && !has(settings, "Orchestrator.Eks"))
        return refuse(call, spec, "KubernetesConfig is for clusters with EKS");
    /* Without Orchestrator: the form that a Slurm cluster has whose mode nobody has sent. */
    if (has(spec, "SlurmConfig") && !has(settings, "Orchestrator.Slurm") &&
        (has(settings, "Orchestrator") || !is(settings, "NodeProvisioningMode", "Continuous")))
        return refuse(call, spec, "SlurmConfig is for clusters with Orchestrator.Slurm");
    if (is(spec, "SlurmConfig.NodeType", "Controller") && spec_count(spec) == 0)
        return refuse(call, spec, "a controller group cannot be scaled to 0");
    if (has(spec, "SlurmConfig") && compute != partitioned)
        return refuse(call, spec, "a compute group has one partition, other groups have none");
    if (has(spec, "CapacityRequirements.Spot") &&
        !is(settings, "NodeProvisioningMode", "Continuous"))
        return refuse(call, spec, "Spot capacity needs NodeProvisioningMode Continuous");
    return true;
}

static bool spec_is_sound(struct call *call, const struct doc *settings, const struct doc *spec)
{
    int64_t least = 0;
    doc_to_int64(doc_get(spec, S("MinInstanceCount")), &least);

    if (has(spec, "InstanceType") == has(spec, "InstanceRequirements")) /* ours */
        return refuse(call, spec, "exactly one of InstanceType and InstanceRequirements is given");
    if (least > spec_count(spec)) /* cfn, and so the next two */
        return refuse(call, spec, "MinInstanceCount must not be greater than InstanceCount");
    if (has(spec, "LifeCycleConfig.OnCreate") && has(spec, "LifeCycleConfig.OnInitComplete"))
        return refuse(call, spec, "OnCreate and OnInitComplete exclude each other");
    if ((has(spec, "LifeCycleConfig.OnCreate") || has(spec, "LifeCycleConfig.OnInitComplete")) &&
        !has(spec, "LifeCycleConfig.SourceS3Uri"))
        return refuse(call, spec, "a lifecycle script needs SourceS3Uri");
    /* ours, and so the next */
    if (has(spec, "NetworkInterface.InterfaceType") && !instance_type_has_efa(spec_type(spec)))
        return refuse(call, spec, "this instance type has no EFA");
    if (has(spec, "CapacityRequirements.Spot") && has(spec, "CapacityRequirements.OnDemand"))
        return refuse(call, spec, "Spot and OnDemand exclude each other");
    return storage_is_sound(call, spec) && patching_is_sound(call, settings, spec) &&
           schedule_is_sound(call, spec) && roles_are_sound(call, settings, spec) &&
           network_is_there(call, doc_get(spec, S("OverrideVpcConfig")));
}

static bool specs_are_sound(struct call *call, const struct plan *plan, const struct doc *list)
{
    doc_each (entry, list) {
        struct str name = doc_get_text(entry->value, S("InstanceGroupName"));
        const struct doc *other = spec_find(plan->groups, name);
        if (other == NULL)
            other = spec_find(plan->restricted, name);
        if (other != entry->value)
            return refuse(call, entry->value, "the name is used more than once");
        if (!spec_is_sound(call, plan->settings, entry->value))
            return false;
    }
    return true;
}

/* EKS needs a VpcConfig of the EKS cluster's VPC (guide); which VPC that is, nobody here knows. */
static bool eks_is_there(struct call *call, const struct doc *settings)
{
    struct str arn = doc_text(doc_at(settings, "Orchestrator.Eks.ClusterArn"));
    struct str here = arena_fmt(call->arena, "arn:%.*s:eks:%.*s:" ACCOUNT ":cluster/",
                                STR(call->region->partition), STR(call->region->name));
    if (!str_starts(arn, here) ||
        !existing_has(&call->state->existing, EXISTING_EKS_CLUSTER, str_from(arn, here.len)))
        return call_fail(call, "ValidationException", "The EKS cluster '%.*s' does not exist",
                         STR(arn));
    if (!has(settings, "VpcConfig"))
        return call_fail(call, "ValidationException",
                         "A cluster with EKS needs a VpcConfig that reaches the EKS cluster");
    return true;
}

/* Continuous provisioning with Slurm wants to know what each group is (semantics section 3). */
static bool slurm_is_sound(struct call *call, const struct plan *plan)
{
    int controllers = 0, logins = 0;
    doc_each (entry, plan->groups) {
        controllers += is(entry->value, "SlurmConfig.NodeType", "Controller");
        logins += is(entry->value, "SlurmConfig.NodeType", "Login");
    }
    if (controllers != 1 || logins > 1)
        return call_fail(
            call, "ValidationException",
            "InstanceGroup with SlurmConfig is required for Continuous Node Provisioning Mode "
            "clusters: exactly one of NodeType Controller and at most one of NodeType Login");
    return true;
}

/* A role that was made seconds ago, and one that is not there or does not trust SageMaker, are
 * refused with the same text (semantics section 1). */
static bool role_can_be_assumed(struct call *call, struct str role)
{
    struct circumstance about = {.region = call->region, .role = role};
    const struct condition *fresh =
        condition_find(call->state, CONDITION_ROLE_PROPAGATION, &about, call->now_ms);
    bool spreads = fresh != NULL &&
                   call->now_ms < fresh->since_ms + condition_number(fresh, "seconds", 0) * 1000;

    if (role.len == 0)
        return true;
    if (spreads || !existing_has(&call->state->existing, EXISTING_ROLE, role) ||
        condition_find(call->state, CONDITION_MISSING_ROLE, &about, call->now_ms) != NULL)
        return call_fail(
            call, "ValidationException",
            "SageMaker cannot assume the execution role %.*s. Ensure that the role "
            "exists and that its trust policy allows sagemaker.amazonaws.com to assume "
            "it.",
            STR(role));
    about.action = S("iam:PassRole");
    if (condition_find(call->state, CONDITION_MISSING_PERMISSION, &about, call->now_ms) != NULL)
        return call_fail(call, "AccessDeniedException",
                         "The caller is not authorized to perform: iam:PassRole on resource: %.*s",
                         STR(role));
    return true;
}

static bool roles_can_be_assumed(struct call *call, const struct plan *plan)
{
    const struct doc *lists[] = {plan->groups, plan->restricted};
    for (size_t i = 0; i < 2; i++)
        doc_each (entry, lists[i]) {
            if (!role_can_be_assumed(call, doc_get_text(entry->value, S("ExecutionRole"))))
                return false;
        }
    return role_can_be_assumed(call, doc_get_text(plan->settings, S("ClusterRole")));
}

/* Partitions that were changed by hand: Managed refuses, Overwrite and Merge go over it (guide). */
static bool slurm_may_be_written(struct call *call, struct str cluster, const struct plan *next)
{
    struct circumstance about = {.region = call->region, .cluster = cluster};
    bool managed = is(next->settings, "Orchestrator.Slurm.SlurmConfigStrategy", "Managed");
    if (!managed ||
        condition_find(call->state, CONDITION_SLURM_DRIFT, &about, call->now_ms) == NULL)
        return true;
    return call_fail(call, "ValidationException",
                     "The Slurm configuration of cluster '%.*s' has drifted; with "
                     "SlurmConfigStrategy Managed it cannot be updated",
                     STR(cluster));
}

bool plan_is_sound(struct call *call, const struct plan *plan)
{
    const struct doc *settings = plan->settings;
    bool continuous = is(settings, "NodeProvisioningMode", "Continuous");
    bool eks = has(settings, "Orchestrator.Eks"), slurm = has(settings, "Orchestrator.Slurm");

    if (has(settings, "Orchestrator") && eks == slurm) /* api */
        return call_fail(call, "ValidationException",
                         "Exactly one of Eks and Slurm is given in Orchestrator");
    if (is(settings, "AutoScaling.Mode", "Enable") &&
        !(continuous && eks && has(settings, "ClusterRole"))) /* semantics section 11 */
        return call_fail(
            call, "ValidationException",
            "AutoScaling needs EKS, NodeProvisioningMode Continuous and a ClusterRole");
    if (has(settings, "Orchestrator.Slurm.AccountingDatabase") && !continuous) /* api */
        return call_fail(call, "ValidationException",
                         "AccountingDatabase needs NodeProvisioningMode Continuous");
    return (!eks || eks_is_there(call, settings)) &&
           network_is_there(call, doc_get(settings, S("VpcConfig"))) &&
           specs_are_sound(call, plan, plan->groups) &&
           specs_are_sound(call, plan, plan->restricted) &&
           (eks || !continuous || slurm_is_sound(call, plan)) && roles_can_be_assumed(call, plan);
}

/* Members that a group keeps from its creation on (semantics section 3). Of ExecutionRole,
 * ThreadsPerCore and OverrideVpcConfig that was so in 2026; nobody has seen it since. */
static const char *const kept_members[] = {
    "InstanceType", "ExecutionRole",       "ThreadsPerCore",      "OverrideVpcConfig",
    "ImageId",      "ImageReleaseVersion", "SlurmConfig.NodeType"};

/* ThreadsPerCore that nobody sent is 1, as DescribeCluster says it: sent back, it is no change. */
static const struct doc *kept_value(struct arena *arena, const struct doc *spec, const char *name)
{
    const struct doc *value = doc_at(spec, name);
    return doc_is_null(value) && strcmp(name, "ThreadsPerCore") == 0 ? doc_int(arena, 1) : value;
}

static bool specs_may_follow(struct call *call, const struct doc *old_list, const struct doc *list)
{
    doc_each (entry, list) {
        const struct doc *old =
            spec_find(old_list, doc_get_text(entry->value, S("InstanceGroupName")));
        for (size_t i = 0; old != NULL && i < sizeof kept_members / sizeof kept_members[0]; i++) {
            const struct doc *before = kept_value(call->arena, old, kept_members[i]);
            const struct doc *after = kept_value(call->arena, entry->value, kept_members[i]);
            bool same = doc_is_null(before) ? doc_is_null(after)
                                            : !doc_is_null(after) && doc_equal(before, after);
            if (!same)
                return call_fail(call, "ValidationException",
                                 "The %s of the existing instance group '%.*s' cannot be changed",
                                 kept_members[i], STR(doc_get_text(old, S("InstanceGroupName"))));
        }
    }
    return true;
}

bool plan_may_follow(struct call *call, struct str cluster, const struct plan *old,
                     const struct plan *next)
{
    const struct doc *eks = doc_at(old->settings, "Orchestrator.Eks");
    const struct doc *new_eks = doc_at(next->settings, "Orchestrator.Eks");

    if (doc_is_null(eks) != doc_is_null(new_eks) || (!doc_is_null(eks) && !doc_equal(eks, new_eks)))
        return call_fail(call, "ValidationException", /* api */
                         "The orchestrator of an existing cluster cannot be changed");
    if (has(old->settings, "Orchestrator.Slurm.AccountingDatabase") &&
        !has(next->settings, "Orchestrator.Slurm.AccountingDatabase"))
        return call_fail(call, "ValidationException", /* guide */
                         "A cluster with an external accounting database cannot go back to the "
                         "internal one");
    if (is(old->settings, "AutoScaling.Mode", "Enable") &&
        !str_eq(doc_get_text(old->settings, S("ClusterRole")),
                doc_get_text(next->settings, S("ClusterRole"))))
        return call_fail(call, "ValidationException", /* api */
                         "ClusterRole cannot be updated while autoscaling is enabled");
    return slurm_may_be_written(call, cluster, next) &&
           specs_may_follow(call, old->groups, next->groups) &&
           specs_may_follow(call, old->restricted, next->restricted);
}
