#include "cluster.h"

#include <stdlib.h>

enum { plan_limit = 256 * 1024 * 1024 };

static void *fresh(size_t size)
{
    void *memory = calloc(1, size);
    if (memory == NULL)
        abort();
    return memory;
}

const char *cluster_status_name(enum cluster_status status)
{
    static const char *const names[] = {[CLUSTER_CREATING] = "Creating",
                                        [CLUSTER_DELETING] = "Deleting",
                                        [CLUSTER_FAILED] = "Failed",
                                        [CLUSTER_IN_SERVICE] = "InService",
                                        [CLUSTER_ROLLING_BACK] = "RollingBack",
                                        [CLUSTER_UPDATING] = "Updating"};
    return names[status];
}

const char *node_status_name(enum node_status status)
{
    static const char *const names[] = {[NODE_PENDING] = "Pending",
                                        [NODE_RUNNING] = "Running",
                                        [NODE_FAILURE] = "Failure",
                                        [NODE_SHUTTING_DOWN] = "ShuttingDown",
                                        [NODE_GONE] = "NotFound"};
    return names[status];
}

struct plan plan_new(void)
{
    struct plan plan = {.arena = arena_new(plan_limit)};
    plan.settings = doc_object(plan.arena);
    plan.groups = doc_list(plan.arena);
    plan.restricted = doc_list(plan.arena);
    return plan;
}

struct plan plan_copy(const struct plan *plan)
{
    struct plan copy = {.arena = arena_new(plan_limit)};
    copy.settings = doc_copy(copy.arena, plan->settings);
    copy.groups = doc_copy(copy.arena, plan->groups);
    copy.restricted = doc_copy(copy.arena, plan->restricted);
    return copy;
}

void plan_done(struct plan *plan)
{
    arena_free(plan->arena);
    *plan = (struct plan){NULL, NULL, NULL, NULL};
}

/* Twelve small letters and digits. */
static struct str new_cluster_id(struct state *state)
{
    uint64_t chance = state_chance(state, S("cluster"), ++state->serial);
    char id[13] = "";
    for (int i = 0; i < 12; i++, chance /= 36)
        id[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[chance % 36];
    return text_of(str_of(id));
}

struct cluster *cluster_new(struct state *state, struct region *region, struct str name,
                            struct plan plan, int64_t now_ms)
{
    struct cluster *cluster = fresh(sizeof *cluster);
    cluster->region = region;
    cluster->name = text_of(name);
    cluster->id = new_cluster_id(state);
    cluster->arn = text_fmt("arn:%.*s:sagemaker:%.*s:" ACCOUNT ":cluster/%.*s",
                            STR(region->partition), STR(region->name), STR(cluster->id));
    cluster->created_ms = now_ms;
    cluster->due_ms = cluster->next_ms = NEVER;
    cluster->plan = plan;
    list_add(&region->clusters, cluster);
    return cluster;
}

static void node_done(struct node *node)
{
    text_done(&node->instance_id);
    text_done(&node->logical_id);
    free(node);
}

void cluster_free(struct cluster *cluster)
{
    struct node_group *group;
    struct node *node;

    list_each (group, &cluster->groups) {
        list_each (node, &group->nodes)
            node_done(node);
        list_done(&group->nodes);
        text_done(&group->name);
        text_done(&group->type);
        free(group);
    }
    list_done(&cluster->groups);
    text_done(&cluster->name);
    text_done(&cluster->id);
    text_done(&cluster->arn);
    text_done(&cluster->fail);
    text_done(&cluster->failure_message);
    tags_done(&cluster->tags);
    plan_done(&cluster->plan);
    plan_done(&cluster->previous);
    free(cluster);
}

struct cluster *cluster_find(const struct region *region, struct str name_or_arn)
{
    struct cluster *cluster;
    list_each (cluster, &region->clusters) {
        if (str_eq(cluster->name, name_or_arn) || str_eq(cluster->arn, name_or_arn))
            return cluster;
    }
    return NULL;
}

bool cluster_is_continuous(const struct cluster *cluster)
{
    return str_is(doc_get_text(cluster->plan.settings, S("NodeProvisioningMode")), "Continuous");
}

bool cluster_has_eks(const struct cluster *cluster)
{
    return doc_at(cluster->plan.settings, "Orchestrator.Eks") != NULL;
}

struct node_group *cluster_group(const struct cluster *cluster, struct str name)
{
    struct node_group *group;
    list_each (group, &cluster->groups) {
        if (str_eq(group->name, name))
            return group;
    }
    return NULL;
}

struct doc *spec_find(const struct doc *list, struct str name)
{
    doc_each (entry, list) {
        if (str_eq(doc_get_text(entry->value, S("InstanceGroupName")), name))
            return entry->value;
    }
    return NULL;
}

int64_t spec_count(const struct doc *spec)
{
    int64_t count = 0;
    doc_to_int64(doc_get(spec, S("InstanceCount")), &count);
    return count;
}

struct str spec_type(const struct doc *spec)
{
    struct str type = doc_get_text(spec, S("InstanceType"));
    const struct doc *types = doc_at(spec, "InstanceRequirements.InstanceTypes");
    if (type.len == 0 && types != NULL && types->first != NULL)
        type = doc_text(types->first->value);
    return type;
}

const struct doc *spec_network(const struct cluster *cluster, const struct doc *spec)
{
    const struct doc *own = doc_get(spec, S("OverrideVpcConfig"));
    return doc_is_null(own) ? doc_get(cluster->plan.settings, S("VpcConfig")) : own;
}

/* An address in the first of the group's subnets that has one. Without a VPC of the customer there
 * is none. */
static struct interface *node_interface(struct state *state, struct cluster *cluster,
                                        const struct doc *network, struct str instance_id)
{
    struct interface *interface = NULL;

    doc_each (entry, doc_get(network, S("Subnets"))) {
        struct thing *subnet = thing_find(cluster->region, THING_SUBNET, doc_text(entry->value));
        if (interface == NULL && subnet != NULL)
            interface = interface_new(state, cluster->region, (struct subnet *)subnet, 0);
    }
    if (interface == NULL)
        return NULL;
    doc_each (entry, doc_get(network, S("SecurityGroupIds"))) {
        struct thing *group =
            thing_find(cluster->region, THING_SECURITY_GROUP, doc_text(entry->value));
        if (group != NULL)
            interface_use(interface, (struct security_group *)group);
    }
    text_set(&interface->instance_id, instance_id);
    text_done(&interface->description);
    interface->description = text_fmt(
        "[DO NOT DELETE] ENI managed by SageMaker HyperPod for cluster %.*s", STR(cluster->arn));
    return interface;
}

struct node *node_new(struct state *state, struct cluster *cluster, struct node_group *group,
                      int64_t now_ms)
{
    struct node *node = fresh(sizeof *node);
    struct str seed = text_fmt("%.*s/%.*s", STR(cluster->arn), STR(group->name));
    uint64_t a = state_chance(state, seed, 2 * (uint64_t)group->made);
    uint64_t b = state_chance(state, seed, 2 * (uint64_t)group->made + 1);

    group->made++;
    text_done(&seed);
    node->instance_id = text_fmt("i-0%016llx", (unsigned long long)a);
    node->logical_id =
        text_fmt("%.*s-%012llx", STR(group->name), (unsigned long long)(b & 0xffffffffffff));
    node->launch_ms = now_ms;
    node->due_ms = NEVER;
    node->interface =
        node_interface(state, cluster, spec_network(cluster, group->spec), node->instance_id);
    list_add(&group->nodes, node);
    return node;
}

void node_free(struct region *region, struct node *node)
{
    if (node->interface != NULL)
        thing_remove(region, &node->interface->thing);
    node_done(node);
}

int64_t group_current(const struct node_group *group)
{
    const struct node *node;
    int64_t count = 0;
    list_each (node, &group->nodes)
        count += node->status == NODE_RUNNING || node->status == NODE_SHUTTING_DOWN ||
                 node->status == NODE_GONE;
    return count;
}

bool group_is_scaling(const struct node_group *group)
{
    const struct node *node;
    list_each (node, &group->nodes) {
        if (node->status != NODE_RUNNING)
            return true;
    }
    return group->spec == NULL;
}
