/* Why a cluster failed, for the person at the keyboard: AWS's words, and where they are known, what
 * they mean and what helps.
 * Source of the words: AWS's troubleshooting pages of HyperPod and reports of users, to November
 * 2026. */
#include "cluster.h"

static const struct cluster_cause causes[] = {
    {"efa health checks did not run successfully",
     "The EFA check comes before the lifecycle scripts. It fails when a security group of the "
     "nodes "
     "does not admit all traffic from itself and to itself (0.0.0.0/0 does not cover EFA), or when "
     "the group's subnets lie in several zones.",
     "Add both self rules to every security group of vpc_config (hyperpod_efa_security_group "
     "makes them). If they are right, one more try often works."},
    {"no subnets in the capacity az",
     "The capacity (a training plan or a reservation) is in a zone in which the cluster has no "
     "subnet.",
     "Use a subnet in that zone."},
    {"sufficient capacity",
     "AWS has no such instances free in these zones now, or the capacity that was reserved is in "
     "another zone.",
     "A blind retry rarely helps: use the reserved zone, another type, fewer nodes, or ask the "
     "account team for capacity."},
    {"insufficient capacity", "AWS has no such instances free in these zones now.",
     "Use another zone or type, fewer nodes, or reserved capacity."},
    {"cannot provision requested instances", "AWS has no such instances free in these zones now.",
     "Use another zone or type, fewer nodes, or reserved capacity."},
    {"lifecycle scripts execution timed out", "A lifecycle script hangs.",
     "Read its output in the cluster's log group: the last line is where it stands."},
    {"lifecycle scripts did not run successfully",
     "A lifecycle script ended with an error, or could not be read: a wrong path or file name, no "
     "permission of the execution role on the bucket (s3:GetObject on BUCKET/*), Windows line "
     "ends, "
     "or no route to S3.",
     "Read its output in the cluster's log group. An empty stream points at S3 or the role, not at "
     "the script."},
    {"cannot assume the execution role",
     "The execution role's trust policy does not allow it, or the role is only seconds old.",
     "The role must trust sagemaker.amazonaws.com."},
    {"hardware failure", "The machine was bad.", "HyperPod replaces it by itself: apply again."},
    {"the security group '", "A security group does not exist in this region and VPC.",
     "Check vpc_config.security_group_ids."},
    {"not have enough free addresses",
     "A subnet has too few free addresses for the nodes that were asked for.",
     "Use a larger subnet or another one of the same zone (vpc_config.subnet_ids), free addresses "
     "in this one, or ask for fewer nodes."},
    {"insufficientfreeaddressesinsubnet",
     "A subnet has too few free addresses for the nodes that were asked for.",
     "Use a larger subnet or another one of the same zone (vpc_config.subnet_ids), free addresses "
     "in this one, or ask for fewer nodes."},
    {"the subnet '", "A subnet does not exist in this region.", "Check vpc_config.subnet_ids."},
    {"does not have permission to perform",
     "The execution role lacks a permission, or it was removed while the cluster still needed it "
     "(the nodes' network interfaces are removed with it).",
     "Restore the role and its policies: AWS goes on within a minute."},
    {"service role awsservicerole", "A policy forbids the service-linked role of HyperPod.",
     "Create it once by hand: aws iam create-service-linked-role --aws-service-name "
     "hyperpod.sagemaker.amazonaws.com"},
    {"iam:createservicelinkedrole", "A policy forbids the service-linked role of HyperPod.",
     "Create it once by hand: aws iam create-service-linked-role --aws-service-name "
     "hyperpod.sagemaker.amazonaws.com"},
    {"clustermaintenancerollbackfailed", "A software update failed, and so did its rollback.",
     "Only AWS Support can mend this."},
    {"network misconfiguration", "The node reaches neither AWS nor the cluster.",
     "Check routes, VPC endpoints and DNS of the subnets."},
    {"maximum number of instances", "A quota is used up.",
     "Ask for more \"ml.… for cluster usage\", instances a cluster, or instances in all clusters."},
};

/* Words that say that it failed, and not why: any other cause goes before them. */
static const struct cluster_cause vague = {
    "failed to provision ec2 instance", "An instance could not be started.",
    "If the messages above do not say why, apply again; if it stays, ask AWS Support."};

const struct cluster_cause *cluster_cause_of(struct arena *arena, struct str message)
{
    struct str lower = arena_lower(arena, message);

    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (str_has(lower, str_of(causes[i].words)))
            return &causes[i];
    return str_has(lower, str_of(vague.words)) ? &vague : NULL;
}

/* The first message that is understood: the cluster's, else a node's. */
static const struct cluster_cause *cause_in(struct arena *arena, const struct doc *live,
                                            const struct doc *nodes)
{
    const struct cluster_cause *cause =
        cluster_cause_of(arena, doc_get_text(live, S("FailureMessage")));

    doc_each (entry, nodes) {
        struct str message = doc_text(doc_at(entry->value, "InstanceStatus.Message"));
        const struct cluster_cause *other = NULL;
        if ((cause == NULL || cause == &vague) && message.len > 0)
            other = cluster_cause_of(arena, message);
        if (other != NULL)
            cause = other;
    }
    return cause;
}

struct str cluster_failure(struct tf_call *call, const struct doc *live, const struct doc *nodes)
{
    struct buf out = buf_in(call->arena, 64 * 1024);
    struct str message = doc_get_text(live, S("FailureMessage"));
    struct str missing = cluster_missing(call->arena, live, nodes);
    struct str group = cluster_log_group(call->arena, live);
    const struct cluster_cause *cause = cause_in(call->arena, live, nodes);

    buf_printf(&out, "Cluster \"%.*s\" is %.*s. ", STR(doc_get_text(live, S("ClusterName"))),
               STR(cluster_status(live)));
    if (message.len > 0)
        buf_printf(&out, "AWS says: %.*s\n", STR(message));
    else
        buf_putz(&out, "AWS gave no reason.\n");
    if (missing.len > 0)
        buf_printf(&out, "\n%.*s", STR(missing));
    if (cause != NULL)
        buf_printf(&out, "\nCause: %s\nWhat helps: %s\n", cause->cause, cause->remedy);
    if (group.len > 0)
        buf_printf(&out, "\nLogs: CloudWatch log group %.*s, streams LifecycleConfig/GROUP/NODE.",
                   STR(group));
    return buf_str(&out);
}
