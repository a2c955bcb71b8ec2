#include "cluster.h"
#include "cluster_attachment.h"
#include "cluster_event.h"
#include "cluster_operation.h"

#include <stdio.h>
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
                                        [CLUSTER_SYSTEM_UPDATING] = "SystemUpdating",
                                        [CLUSTER_UPDATING] = "Updating"};
    return names[status];
}

const char *node_status_name(enum node_status status)
{
    static const char *const names[] = {[NODE_PENDING] = "Pending",
                                        [NODE_RUNNING] = "Running",
                                        [NODE_DEEP_CHECK] = "DeepHealthCheckInProgress",
                                        [NODE_SYSTEM_UPDATING] = "SystemUpdating",
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
    cluster->state = state;
    cluster->region = region;
    cluster->name = text_of(name);
    cluster->id = new_cluster_id(state);
    cluster->arn = text_fmt("arn:%.*s:sagemaker:%.*s:" ACCOUNT ":cluster/%.*s",
                            STR(region->partition), STR(region->name), STR(cluster->id));
    cluster->created_ms = now_ms;
    cluster->due_ms = cluster->next_ms = NEVER;
    cluster->ready_ms = now_ms;
    cluster->plan = plan;
    list_add(&region->clusters, cluster);
    index_add(&region->named, cluster->name, cluster);
    index_add(&region->named, cluster->arn, cluster);
    return cluster;
}

void cluster_uuid(struct cluster *cluster, char ret_id[37])
{
    uint64_t number = 2 * ++cluster->made;
    uint64_t a = state_chance(cluster->state, cluster->id, number);
    uint64_t b = state_chance(cluster->state, cluster->id, number + 1);
    snprintf(ret_id, 37, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32),
             (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
             (unsigned)(b >> 48 & 0x3fff) | 0x8000, (unsigned long long)(b & 0xffffffffffff));
}

static void node_done(struct node *node)
{
    text_done(&node->instance_id);
    text_done(&node->logical_id);
    text_done(&node->message);
    free(node);
}

static void group_done(struct node_group *group)
{
    struct node *node;

    list_each (node, &group->nodes)
        node_done(node);
    list_done(&group->nodes);
    text_done(&group->name);
    text_done(&group->image);
    text_done(&group->release);
    text_done(&group->desired_image);
    text_done(&group->desired_release);
    arena_free(group->earlier_arena);
    arena_free(group->software.arena);
    free(group);
}

static void token_done(struct client_token *token)
{
    text_done(&token->token);
    text_done(&token->asked);
    text_done(&token->answer);
    free(token);
}

void cluster_free(struct cluster *cluster)
{
    struct node_group *group;
    struct client_token *token;
    struct leftover *leftover;

    list_each (group, &cluster->groups)
        group_done(group);
    list_each (token, &cluster->tokens)
        token_done(token);
    list_each (leftover, &cluster->leftovers)
        free(leftover);
    events_done(&cluster->events);
    operations_done(&cluster->operations);
    list_done(&cluster->groups);
    list_done(&cluster->tokens);
    list_done(&cluster->leftovers);
    text_done(&cluster->name);
    text_done(&cluster->id);
    text_done(&cluster->arn);
    text_done(&cluster->fail);
    text_done(&cluster->trouble);
    text_done(&cluster->failure_message);
    tags_done(&cluster->tags);
    plan_done(&cluster->plan);
    plan_done(&cluster->previous);
    free(cluster);
}

struct cluster *cluster_find(const struct region *region, struct str name_or_arn)
{
    return index_find(&region->named, name_or_arn);
}

void cluster_remove(struct cluster *cluster)
{
    index_remove(&cluster->region->named, cluster->name);
    index_remove(&cluster->region->named, cluster->arn);
    list_remove(&cluster->region->clusters, cluster);
    cluster_free(cluster);
}

struct doc *plan_spec(const struct plan *plan, struct str name)
{
    struct doc *spec = spec_find(plan->groups, name);
    return spec != NULL ? spec : spec_find(plan->restricted, name);
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

bool cluster_is_checking(const struct cluster *cluster)
{
    const struct node_group *group;
    list_each (group, &cluster->groups) {
        if (group->counts[NODE_DEEP_CHECK] > 0)
            return true;
    }
    return false;
}

struct node_group *cluster_group_of(struct cluster *cluster, const struct doc *spec,
                                    bool restricted)
{
    struct str name = doc_get_text(spec, S("InstanceGroupName"));
    struct node_group *group = cluster_group(cluster, name);

    if (group == NULL) {
        group = fresh(sizeof *group);
        group->name = text_of(name);
        group->fresh = true;
        group->next_ms = group->minimum_ms = group->patch_ms = NEVER;
        group->schedule_ms = group->software.due_ms = NEVER;
        list_add(&cluster->groups, group);
    }
    group->restricted = restricted;
    group->spec = spec;
    return group;
}

void cluster_drop_group(struct cluster *cluster, struct node_group *group)
{
    list_remove(&cluster->groups, group);
    group_done(group);
}

struct node *cluster_node(const struct cluster *cluster, struct str id,
                          struct node_group **ret_group)
{
    struct node_group *group;
    struct node *node;

    list_each (group, &cluster->groups)
        list_each (node, &group->nodes)
            if (node->status != NODE_GONE &&
                (str_eq(node->instance_id, id) || str_eq(node->logical_id, id))) {
                *ret_group = group;
                return node;
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

int64_t spec_minimum(const struct doc *spec)
{
    int64_t count = 0;
    doc_to_int64(doc_get(spec, S("MinInstanceCount")), &count);
    return count;
}

const struct instance_facts *spec_type_at(const struct doc *spec, unsigned place)
{
    struct str type = doc_get_text(spec, S("InstanceType"));
    if (type.len > 0)
        return place == 0 ? instance_type_find(type) : NULL;
    doc_each (entry, doc_at(spec, "InstanceRequirements.InstanceTypes")) {
        if (place-- == 0)
            return instance_type_find(doc_text(entry->value));
    }
    return NULL;
}

bool spec_has_role(const struct doc *spec, const char *role)
{
    return str_is(doc_text(doc_at(spec, "SlurmConfig.NodeType")), role);
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

/* Cards with EFA need an address each, unless they carry nothing but EFA; pods have addresses of
 * the first card (semantics section 10: 32 a P5 node with Slurm, 81 with EKS, 50 of them on card
 * 0). */
size_t node_addresses(const struct cluster *cluster, const struct doc *spec,
                      const struct instance_facts *type)
{
    struct str kind = doc_text(doc_at(spec, "NetworkInterface.InterfaceType"));
    size_t cards = type->efa > 1 && !str_is(kind, "efa-only") ? (size_t)type->efa : 1;
    size_t first = cluster_has_eks(cluster) ? (size_t)type->addresses : 1;
    return first + cards - 1;
}

bool node_connect(struct cluster *cluster, struct node_group *group, struct node *node,
                  struct subnet *subnet)
{
    const struct doc *network = spec_network(cluster, group->spec);
    size_t need = node_addresses(cluster, group->spec, node->type);

    if (subnet_free(subnet) < need)
        return false;
    struct interface *interface = interface_new(cluster->state, cluster->region, subnet, 0);
    if (interface == NULL)
        return false;
    while (--need > 0)
        interface_take(interface, 0);
    doc_each (entry, doc_get(network, S("SecurityGroupIds"))) {
        struct thing *found =
            thing_find(cluster->region, THING_SECURITY_GROUP, doc_text(entry->value));
        if (found != NULL)
            interface_use(interface, (struct security_group *)found);
    }
    thing_rename(cluster->region, &interface->thing, /* it follows from the instance alone */
                 text_fmt("eni-%.*s", STR(str_from(node->instance_id, 2))));
    if (subnet->addresses6 && subnet->blocks6.count > 0) { /* api: where the subnet gives them */
        struct cidr6 address =
            subnet_address6(cluster->state, cluster->region, subnet, interface->thing.id);
        interface_take6(interface, &address);
    }
    text_set(&interface->instance_id, node->instance_id);
    text_done(&interface->description);
    interface->description = text_fmt(
        "[DO NOT DELETE] ENI managed by SageMaker HyperPod for cluster %.*s", STR(cluster->arn));
    node->interface = interface;
    return true;
}

void node_identify(struct cluster *cluster, struct node_group *group, struct node *node)
{
    struct str seed = text_fmt("%.*s/%.*s", STR(cluster->id), STR(group->name));
    uint64_t number = 2 * (uint64_t)(node->serial - 1);
    uint64_t a = state_chance(cluster->state, seed, number | (uint64_t)node->attempts << 32);
    uint64_t b = state_chance(cluster->state, seed, number + 1);

    text_done(&seed);
    if (node->instance_id.len > 0)
        attachments_leave(cluster->region, node->instance_id);
    text_done(&node->instance_id);
    node->instance_id = text_fmt("i-0%016llx", (unsigned long long)a);
    if (node->logical_id.len == 0)
        node->logical_id =
            text_fmt("%.*s-%012llx", STR(group->name), (unsigned long long)(b & 0xffffffffffff));
}

static unsigned free_number(const struct node_group *group)
{
    size_t most = group->nodes.count + 1;
    const struct node *node;
    unsigned number = 1;

    if (group->made == most) /* nobody has gone so far */
        return (unsigned)most;
    bool *taken = fresh(most + 1);
    list_each (node, &group->nodes)
        if (node->number <= most)
            taken[node->number] = true;
    while (taken[number])
        number++;
    free(taken);
    return number;
}

struct node *node_new(struct cluster *cluster, struct node_group *group, int64_t now_ms)
{
    struct node *node = fresh(sizeof *node);

    node->serial = ++group->made;
    node->number = free_number(group);
    node_identify(cluster, group, node);
    node->type = spec_type_at(group->spec, 0);
    node->launch_ms = now_ms;
    node->step = STEP_LAUNCH;
    node->due_ms = NEVER;
    group->counts[NODE_PENDING]++;
    list_add(&group->nodes, node);
    return node;
}

void node_free(struct region *region, struct node *node)
{
    attachments_leave(region, node->instance_id);
    if (node->interface != NULL)
        thing_remove(region, &node->interface->thing);
    node_done(node);
}

void node_become(struct node_group *group, struct node *node, enum node_status status)
{
    group->counts[node->status]--;
    group->counts[status]++;
    node->status = status;
}

/* Instances that are there, also those that have just gone: the list shrinks before the count
 * (semantics section 2, scale-down). */
int64_t group_current(const struct node_group *group)
{
    const int64_t *counts = group->counts;
    return counts[NODE_RUNNING] + counts[NODE_DEEP_CHECK] + counts[NODE_SYSTEM_UPDATING] +
           counts[NODE_SHUTTING_DOWN] + counts[NODE_GONE];
}

bool group_is_scaling(const struct node_group *group)
{
    const int64_t *counts = group->counts;
    return group->spec == NULL || counts[NODE_PENDING] + counts[NODE_FAILURE] +
                                          counts[NODE_SHUTTING_DOWN] + counts[NODE_GONE] >
                                      0;
}
