#include "cluster_event.h"
#include "ground/instant.h"

#include <stdlib.h>

enum { most = 20000 }; /* ListClusterEvents shows 500 of them */

enum subtree { CLUSTER, GROUP, SCALING, INSTANCE, DATABASE, SLURM };

/* The texts are ours but for "lost orchestration-ready status" (semantics section 5: noise while a
 * group scales). */
static const struct {
    const char *resource, *level, *description;
    enum subtree subtree;
} kinds[] = {
    [EVENT_CLUSTER_CREATING] = {"Cluster", "Info", "Cluster creation started", CLUSTER},
    [EVENT_CLUSTER_IN_SERVICE] = {"Cluster", "Info", "Cluster is in service", CLUSTER},
    [EVENT_CLUSTER_UPDATING] = {"Cluster", "Info", "Cluster configuration is updated", CLUSTER},
    [EVENT_CLUSTER_FAILED] = {"Cluster", "Error", "Cluster operation failed", CLUSTER},
    [EVENT_CLUSTER_DELETING] = {"Cluster", "Info", "Cluster deletion started", CLUSTER},
    [EVENT_GROUP_SCALING] = {"InstanceGroup", "Info", "Instance group scaling started", SCALING},
    [EVENT_GROUP_SCALED] = {"InstanceGroup", "Info", "Instance group scaling ended", SCALING},
    [EVENT_GROUP_ROLLED_BACK] = {"InstanceGroup", "Error",
                                 "Instance group scaling failed and was rolled back", SCALING},
    [EVENT_GROUP_TROUBLE] = {"InstanceGroup", "Error", "Failed to provision instances", GROUP},
    [EVENT_GROUP_SOFTWARE] = {"InstanceGroup", "Info", "Software update started", GROUP},
    [EVENT_GROUP_SOFTWARE_DONE] = {"InstanceGroup", "Info", "Software update succeeded", GROUP},
    [EVENT_GROUP_SOFTWARE_FAILED] = {"InstanceGroup", "Error", "Software update failed", GROUP},
    [EVENT_GROUP_NODES_LOST] =
        {"InstanceGroup", "Warn",
         "node(s) lost orchestration-ready status. Request to service failed", GROUP},
    [EVENT_NODE_LAUNCHED] = {"Instance", "Info", "Instance launched", INSTANCE},
    [EVENT_NODE_RUNNING] = {"Instance", "Info", "Instance is running", INSTANCE},
    [EVENT_NODE_FAILED] = {"Instance", "Error", "Instance failed", INSTANCE},
    [EVENT_NODE_LEAVING] = {"Instance", "Info", "Instance is shut down", INSTANCE},
    [EVENT_NODE_REBOOTING] = {"Instance", "Info", "Instance is rebooted", INSTANCE},
    [EVENT_NODE_REPLACING] = {"Instance", "Info", "Instance is replaced", INSTANCE},
    [EVENT_NODE_CHECKING] = {"Instance", "Info", "Deep health checks started", INSTANCE},
    [EVENT_NODE_CHECKED] = {"Instance", "Info", "Deep health checks passed", INSTANCE},
    [EVENT_DATABASE_SET] = {"Cluster", "Info", "Accounting database is configured", DATABASE},
    [EVENT_DATABASE_REVERTED] = {"Cluster", "Error", "Accounting database was not configured",
                                 DATABASE},
    [EVENT_SLURM_HEALTHY] = {"Cluster", "Info", "Slurm component is healthy", SLURM},
    [EVENT_SLURM_UNHEALTHY] = {"Cluster", "Warn", "Slurm component is unhealthy", SLURM},
};

static void event_free(struct event *event)
{
    text_done(&event->group);
    text_done(&event->instance_id);
    text_done(&event->logical_id);
    text_done(&event->interface_id);
    text_done(&event->subnet_id);
    text_done(&event->failure);
    free(event);
}

void events_done(struct list *events)
{
    struct event *event;
    list_each (event, events)
        event_free(event);
    list_done(events);
}

static void drop_half(struct list *events)
{
    size_t half = events->count / 2;
    for (size_t i = 0; i < half; i++)
        event_free(events->items[i]);
    memmove(events->items, events->items + half, (events->count - half) * sizeof *events->items);
    events->count -= half;
}

/* How far its lifecycle script came; the model gives a string without values: ours. */
static const char *lcs_of(enum event_kind kind, const struct node *node)
{
    if (kind == EVENT_NODE_LAUNCHED)
        return "NotStarted";
    if (kind == EVENT_NODE_RUNNING)
        return "Succeeded";
    if (kind != EVENT_NODE_FAILED)
        return NULL;
    if (str_has(node->message, S("timed out")))
        return "TimedOut";
    return str_has(node->message, S("Lifecycle scripts")) ? "Failed" : NULL;
}

static void tell_node(struct event *event, const struct cluster *cluster, const struct node *node)
{
    event->logical_id = text_of(node->logical_id);
    event->lcs = lcs_of(event->kind, node);
    (void)cluster;
    if (!node->launched)
        return;
    event->instance_id = text_of(node->instance_id);
    event->zone = node->zone;
    event->cards = node->type->efa > 1 ? (unsigned)node->type->efa - 1 : 0;
    if (node->interface == NULL)
        return;
    event->interface_id = text_of(node->interface->thing.id);
    event->subnet_id = text_of(node->interface->subnet->thing.id);
}

void event_tell(struct cluster *cluster, enum event_kind kind, const struct node_group *group,
                const struct node *node, struct str failure, int64_t now_ms)
{
    if (!cluster_is_continuous(cluster))
        return;
    struct event *event = calloc(1, sizeof *event);
    if (event == NULL)
        abort();
    event->kind = kind;
    event->time_ms = now_ms;
    cluster_uuid(cluster, event->id);
    if (failure.len > 0)
        event->failure = text_of(failure);
    if (group != NULL) {
        bool check = kind == EVENT_NODE_CHECKING || kind == EVENT_NODE_CHECKED;
        const struct cluster_operation *cause = operation_of(cluster, check, group->name);
        event->group = text_of(group->name);
        event->counts = counts_of(group);
        if (cause != NULL)
            memcpy(event->operation_id, cause->id, sizeof event->operation_id);
    }
    if (node != NULL)
        tell_node(event, cluster, node);
    if (cluster->events.count == most)
        drop_half(&cluster->events);
    list_add(&cluster->events, event);
}

const char *event_resource(enum event_kind kind)
{
    return kinds[kind].resource;
}

static void put_text(struct arena *arena, struct doc *doc, const char *name, struct str text)
{
    if (text.len > 0)
        doc_put(arena, doc, str_of(name), doc_string(arena, text));
}

static struct doc *head(struct arena *arena, const struct cluster *cluster,
                        const struct event *event)
{
    struct doc *doc = doc_object(arena);
    put_text(arena, doc, "EventId", str_of(event->id));
    put_text(arena, doc, "ClusterArn", cluster->arn);
    put_text(arena, doc, "ClusterName", cluster->name);
    put_text(arena, doc, "InstanceGroupName", event->group);
    put_text(arena, doc, "InstanceId", event->instance_id);
    put_text(arena, doc, "ResourceType", str_of(kinds[event->kind].resource));
    doc_put(arena, doc, S("EventTime"), doc_time(arena, event->time_ms));
    struct str what = str_of(kinds[event->kind].description);
    if (event->failure.len > 0)
        what = arena_fmt(arena, "%.*s: %.*s", STR(what), STR(event->failure));
    else if (event->kind == EVENT_GROUP_NODES_LOST)
        what = arena_fmt(arena, "1 %.*s", STR(what));
    put_text(arena, doc, "Description", what);
    put_text(arena, doc, "EventLevel", str_of(kinds[event->kind].level));
    put_text(arena, doc, "OperationId", str_of(event->operation_id));
    return doc;
}

struct doc *event_summary(struct arena *arena, const struct cluster *cluster,
                          const struct event *event)
{
    return head(arena, cluster, event);
}

/* HyperPod makes access entries for the execution roles and for its own role (semantics section 9).
 */
static void put_cluster(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                        const struct event *event)
{
    struct doc *entries = doc_list(arena);
    struct str eks = doc_text(doc_at(cluster->plan.settings, "Orchestrator.Eks.ClusterArn"));

    put_text(arena, doc, "FailureMessage", event->failure);
    if (event->kind != EVENT_CLUSTER_IN_SERVICE || eks.len == 0)
        return;
    struct str entry =
        arena_cat(arena, str_sub(eks, 0, str_find(eks, S(":cluster/"))), S(":access-entry/"));
    entry = arena_cat(arena, entry, str_from(eks, str_find(eks, S(":cluster/")) + 9));
    doc_each (spec, cluster->plan.groups) {
        struct str role = doc_get_text(spec->value, S("ExecutionRole"));
        struct str text = arena_fmt(arena, "%.*s/role/" ACCOUNT "/%.*s", STR(entry),
                                    STR(str_from(role, str_find(role, S(":role/")) + 6)));
        bool known = false;
        doc_each (other, entries) {
            known = known || str_eq(doc_text(other->value), text);
        }
        if (!known)
            doc_add(arena, entries, doc_string(arena, text));
    }
    doc_put(arena, doc, S("EksRoleAccessEntries"), entries);
    put_text(
        arena, doc, "SlrAccessEntry",
        arena_fmt(arena, "%.*s/role/" ACCOUNT "/AWSServiceRoleForSageMakerHyperPod", STR(entry)));
}

/* Account-team reservations show themselves here only (semantics section 11); that a training plan
 * does as well is ours. */
static void put_reservation(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                            const struct node_group *group)
{
    struct str plan = doc_get_text(group == NULL ? NULL : group->spec, S("TrainingPlanArn"));
    if (plan.len == 0)
        return;
    struct doc *reservation = doc_object(arena);
    put_text(arena, reservation, "Arn",
             arena_fmt(arena, "arn:%.*s:ec2:%.*s:" ACCOUNT ":capacity-reservation/cr-0%016llx",
                       STR(cluster->region->partition), STR(cluster->region->name),
                       (unsigned long long)state_chance(cluster->state, plan, 1)));
    put_text(arena, reservation, "Type", S("ODCR"));
    doc_put(arena, doc, S("CapacityReservation"), reservation);
}

static void put_group(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                      const struct event *event)
{
    const struct node_group *group = cluster_group(cluster, event->group);
    const struct doc *network = group == NULL ? NULL : spec_network(cluster, group->spec);
    struct str image = doc_get_text(group == NULL ? NULL : group->spec, S("ImageId"));

    put_text(arena, doc, "FailureMessage", event->failure);
    if (event->subnet_id.len > 0) {
        put_text(arena, doc, "AvailabilityZoneId", zone_id(arena, cluster->region, event->zone));
        put_text(arena, doc, "SubnetId", event->subnet_id);
    }
    put_reservation(arena, doc, cluster, group);
    if (network != NULL)
        doc_put(arena, doc, S("SecurityGroupIds"),
                doc_copy(arena, doc_get(network, S("SecurityGroupIds"))));
    if (str_starts(image, S("ami-")))
        put_text(arena, doc, "AmiOverride", image);
}

static struct doc *efa_interfaces(struct arena *arena, const struct cluster *cluster,
                                  const struct event *event)
{
    struct doc *list = doc_list(arena), *more = doc_object(arena);
    for (unsigned i = 1; i <= event->cards; i++)
        doc_add(arena, list,
                doc_fmt(arena, "eni-0%016llx",
                        (unsigned long long)state_chance(cluster->state, event->interface_id, i)));
    doc_put(arena, more, S("EfaEnis"), list);
    return more;
}

static void put_instance(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                         const struct event *event)
{
    const struct node_group *group = cluster_group(cluster, event->group);
    bool flexible = group != NULL && !doc_is_null(doc_get(group->spec, S("InstanceRequirements")));

    put_text(arena, doc, "CustomerEni", event->interface_id);
    if (event->interface_id.len > 0 && event->cards > 0)
        doc_put(arena, doc, S("AdditionalEnis"), efa_interfaces(arena, cluster, event));
    if (event->interface_id.len > 0 && flexible) {
        struct doc *list = doc_list(arena), *one = doc_object(arena);
        put_text(arena, one, "CustomerEni", event->interface_id);
        doc_put(arena, one, S("AdditionalEnis"), efa_interfaces(arena, cluster, event));
        doc_add(arena, list, one);
        doc_put(arena, doc, S("InstanceRequirementsEniConfigurations"), list);
    }
    put_reservation(arena, doc, cluster, group);
    put_text(arena, doc, "FailureMessage", event->failure);
    put_text(arena, doc, "LcsExecutionState", str_of(event->lcs));
    put_text(arena, doc, "NodeLogicalId", event->logical_id);
}

static void put_scaling(struct arena *arena, struct doc *doc, const struct event *event)
{
    doc_put(arena, doc, S("InstanceCount"), doc_int(arena, event->counts.current));
    doc_put(arena, doc, S("TargetCount"), doc_int(arena, event->counts.target));
    if (event->counts.minimum > 0)
        doc_put(arena, doc, S("MinCount"), doc_int(arena, event->counts.minimum));
    put_text(arena, doc, "FailureMessage", event->failure);
}

static void put_slurm(struct arena *arena, struct doc *doc, const struct event *event)
{
    bool well = event->kind == EVENT_SLURM_HEALTHY;
    put_text(arena, doc, "Component", S("Slurmdbd"));
    put_text(arena, doc, "Status", well ? S("Healthy") : S("Unhealthy"));
    if (!well)
        put_text(arena, doc, "Reason", S("DbUnreachable"));
}

static void put_database(struct arena *arena, struct doc *doc, const struct event *event)
{
    bool well = event->kind == EVENT_DATABASE_SET;
    put_text(arena, doc, "RollbackStatus", well ? S("NotApplicable") : S("Reverted"));
    if (!well)
        put_text(arena, doc, "Advisory",
                 S("Check that the nodes reach the database and that the secret can be read."));
    put_text(arena, doc, "FailureMessage", event->failure);
}

struct doc *event_details(struct arena *arena, const struct cluster *cluster,
                          const struct event *event)
{
    static const char *const names[] = {[CLUSTER] = "Cluster",
                                        [GROUP] = "InstanceGroup",
                                        [SCALING] = "InstanceGroupScaling",
                                        [INSTANCE] = "Instance",
                                        [DATABASE] = "DatabaseConfiguration",
                                        [SLURM] = "SlurmHealth"};
    struct doc *doc = head(arena, cluster, event), *details = doc_object(arena);
    struct doc *metadata = doc_object(arena), *subtree = doc_object(arena);

    switch (kinds[event->kind].subtree) {
    case CLUSTER:
        put_cluster(arena, subtree, cluster, event);
        break;
    case GROUP:
        put_group(arena, subtree, cluster, event);
        break;
    case SCALING:
        put_scaling(arena, subtree, event);
        break;
    case INSTANCE:
        put_instance(arena, subtree, cluster, event);
        break;
    case DATABASE:
        put_database(arena, subtree, event);
        break;
    case SLURM:
        put_slurm(arena, subtree, event);
        break;
    }
    doc_put(arena, metadata, str_of(names[kinds[event->kind].subtree]), subtree);
    doc_put(arena, details, S("EventMetadata"), metadata);
    doc_put(arena, doc, S("EventDetails"), details);
    return doc;
}
