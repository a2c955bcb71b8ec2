/* A cluster of awscc_sagemaker_cluster becomes one of ours: its groups are a map here, and some
 * members have other names. A refresh completes what is computed. Names as the provider awscc 1.96
 * has them (internal/aws/sagemaker/cluster_resource_gen.go); what it does not know is not there. */
#include "cluster.h"

/* A member under another name, or the same. */
struct renamed {
    const char *ours, *theirs;
};

static void take(struct arena *arena, struct doc *ours, const struct doc *theirs,
                 const struct renamed *names)
{
    for (; names->ours != NULL; names++) {
        const struct doc *value = doc_at(theirs, names->theirs);
        if (!doc_is_null(value))
            doc_put(arena, ours, str_of(names->ours), doc_copy(arena, value));
    }
}

static struct doc *group_of(struct arena *arena, const struct doc *theirs)
{
    static const struct renamed names[] = {{"instance_count", "instance_count"},
                                           {"instance_type", "instance_type"},
                                           {"execution_role", "execution_role"},
                                           {"lifecycle_config", "life_cycle_config"},
                                           {"threads_per_core", "threads_per_core"},
                                           {"instance_storage_configs", "instance_storage_configs"},
                                           {0}};
    struct doc *group = doc_object(arena);

    take(arena, group, theirs, names);
    return group;
}

/* awscc's list by place becomes a map by name. */
static struct doc *groups_of(struct arena *arena, const struct doc *theirs)
{
    struct doc *groups = doc_object(arena);

    doc_each (entry, theirs) {
        struct str name = doc_get_text(entry->value, S("instance_group_name"));
        if (name.len > 0)
            doc_put(arena, groups, name, group_of(arena, entry->value));
    }
    return groups->count == 0 ? NULL : groups;
}

static bool move_awscc(struct tf_call *call, int64_t version, const struct doc *theirs)
{
    static const struct renamed names[] = {{"cluster_name", "cluster_name"},
                                           {"id", "cluster_name"},
                                           {"arn", "cluster_arn"},
                                           {"status", "cluster_status"},
                                           {"creation_time", "creation_time"},
                                           {"failure_message", "failure_message"},
                                           {"node_recovery", "node_recovery"},
                                           {"eks", "orchestrator.eks"},
                                           {0}};
    static const struct renamed of_vpc[] = {
        {"subnet_ids", "subnets"}, {"security_group_ids", "security_group_ids"}, {0}};
    struct arena *arena = call->arena;
    struct doc *ours = doc_object(arena), *vpc = doc_object(arena);
    struct str arn = doc_get_text(theirs, S("cluster_arn"));
    (void)version; /* all of its versions have these names */

    if (arn.len == 0 || doc_get_text(theirs, S("cluster_name")).len == 0)
        return diag_error(call->diags, NULL, "Unreadable state",
                          "The stored awscc_sagemaker_cluster has no cluster_arn or no "
                          "cluster_name. Bring the cluster in with an `import` block instead.");
    take(arena, ours, theirs, names);
    take(arena, vpc, doc_get(theirs, S("vpc_config")), of_vpc);
    if (vpc->count > 0)
        doc_put(arena, ours, S("vpc_config"), vpc);
    doc_put(arena, ours, S("instance_groups"),
            groups_of(arena, doc_get(theirs, S("instance_groups"))));
    doc_put(arena, ours, S("region"), doc_string(arena, hp_arn_part(arn, 3)));
    doc_put(arena, ours, S("tags"), hp_move_tags(arena, doc_get(theirs, S("tags"))));
    doc_put(arena, ours, S("tags_all"), hp_move_tags(arena, doc_get(theirs, S("tags"))));
    return hp_move_to(call, ours);
}

const struct tf_move cluster_moves[] = {
    {"awscc_sagemaker_cluster", "hashicorp/awscc",
     "The groups of the list become entries of the map by their `instance_group_name`, "
     "`life_cycle_config` becomes `lifecycle_config`, `subnets` `subnet_ids`, `orchestrator.eks` "
     "`eks`, and the set of tags a map. What this resource has no attribute for is named by a "
     "warning of the first plan.",
     move_awscc},
    {0}};
