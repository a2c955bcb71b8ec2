/* ListClusterEvents, DescribeClusterEvent, ListClusterOperations, DescribeClusterOperation. */
#include "call/shape.h"
#include "sagemaker.h"
#include "world/cluster_event.h"
#include "world/cluster_operation.h"

static bool is_or_any(struct call *call, const char *member, struct str value)
{
    struct str asked = doc_get_text(call->input, str_of(member));
    return asked.len == 0 || str_eq(asked, value);
}

static bool event_is_asked_for(struct call *call, const struct event *event)
{
    struct str node = doc_get_text(call->input, S("NodeId"));
    return is_or_any(call, "InstanceGroupName", event->group) &&
           is_or_any(call, "ResourceType", str_of(event_resource(event->kind))) &&
           is_or_any(call, "OperationId", str_of(event->operation_id)) &&
           (node.len == 0 || str_eq(node, event->instance_id)) &&
           listing_between(call, event->time_ms, "EventTimeAfter", "EventTimeBefore");
}

static struct doc *show_event(struct call *call, const struct listing_row *row)
{
    return event_summary(call->arena, row->holder, row->thing);
}

/* At most 500, the newest (semantics section 5). */
static bool list_cluster_events(struct call *call)
{
    enum { most = 500 };
    struct listing listing = {.result = "Events", .newest_first = true, .show = show_event};
    struct cluster *cluster;

    if (!cluster_of_call(call, &cluster) ||
        !cluster_must_be_continuous(call, cluster, "ListClusterEvents"))
        return false;
    for (size_t i = cluster->events.count; i-- > 0 && listing.count < most;) {
        const struct event *event = cluster->events.items[i];
        if (event_is_asked_for(call, event))
            listing_add_row(call, &listing,
                            (struct listing_row){event->time_ms, str_of(event->id), NULL, event,
                                                 cluster, NULL});
    }
    return listing_answer(call, &listing);
}

static bool describe_cluster_event(struct call *call)
{
    struct str id = doc_get_text(call->input, S("EventId"));
    struct cluster *cluster;
    const struct event *event;

    if (!cluster_of_call(call, &cluster) ||
        !cluster_must_be_continuous(call, cluster, "DescribeClusterEvent"))
        return false;
    list_each (event, &cluster->events) {
        if (!str_is(id, event->id))
            continue;
        doc_put(call->arena, call->output, S("EventDetails"),
                event_details(call->arena, cluster, event));
        return true;
    }
    return call_fail(call, "ResourceNotFound", "Event '%.*s' of cluster '%.*s' was not found",
                     STR(id), STR(cluster->name));
}

static const char *type_of(const struct cluster_operation *operation)
{
    return operation->health_check ? "DeepHealthCheck" : "Scaling";
}

static struct doc *describe_operation(struct arena *arena, const struct cluster *cluster,
                                      const struct cluster_operation *operation)
{
    struct doc *doc = doc_object(arena);
    doc_put(arena, doc, S("OperationId"), doc_string(arena, str_of(operation->id)));
    doc_put(arena, doc, S("ClusterArn"), doc_string(arena, cluster->arn));
    doc_put(arena, doc, S("Type"), doc_string(arena, str_of(type_of(operation))));
    doc_put(arena, doc, S("Status"),
            doc_string(arena, str_of(operation_state_name(operation->state))));
    doc_put(arena, doc, S("CreationTime"), doc_time(arena, operation->created_ms));
    return doc;
}

static struct doc *show_operation(struct call *call, const struct listing_row *row)
{
    return describe_operation(call->arena, row->holder, row->thing);
}

static bool list_cluster_operations(struct call *call)
{
    struct listing listing = {
        .result = "ClusterOperationSummaries", .newest_first = true, .show = show_operation};
    struct cluster *cluster;
    const struct cluster_operation *operation;

    if (!cluster_of_call(call, &cluster))
        return false;
    list_each (operation, &cluster->operations) {
        if (is_or_any(call, "Status", str_of(operation_state_name(operation->state))) &&
            is_or_any(call, "Type", str_of(type_of(operation))) &&
            listing_in_time(call, operation->created_ms))
            listing_add_row(call, &listing,
                            (struct listing_row){operation->created_ms, str_of(operation->id), NULL,
                                                 operation, cluster, NULL});
    }
    return listing_answer(call, &listing);
}

static struct doc *describe_counts(struct arena *arena, struct counts counts)
{
    struct doc *doc = doc_object(arena);
    doc_put(arena, doc, S("CurrentCount"), doc_int(arena, counts.current));
    doc_put(arena, doc, S("TargetCount"), doc_int(arena, counts.target));
    if (counts.minimum > 0)
        doc_put(arena, doc, S("MinCount"), doc_int(arena, counts.minimum));
    return doc;
}

static bool describe_cluster_operation(struct call *call)
{
    struct str id = doc_get_text(call->input, S("OperationId"));
    struct arena *arena = call->arena;
    struct cluster *cluster;

    if (!cluster_of_call(call, &cluster))
        return false;
    const struct cluster_operation *operation = operation_by_id(cluster, id);
    if (operation == NULL)
        return call_fail(call, "ResourceNotFound",
                         "Operation '%.*s' of cluster '%.*s' was not found", STR(id),
                         STR(cluster->name));
    call->output = describe_operation(arena, cluster, operation);
    if (operation->health_check) {
        doc_put(arena, call->output, S("DeepHealthCheckDetails"), operation->checks);
        return true;
    }
    struct doc *details = doc_list(arena);
    for (size_t i = 0; i < operation->group_count; i++) {
        const struct operation_group *group = &operation->groups[i];
        struct doc *row = doc_object(arena);
        doc_put(arena, row, S("InstanceGroupName"), doc_string(arena, group->name));
        doc_put(arena, row, S("Status"),
                doc_string(arena, str_of(operation_state_name(group->state))));
        doc_put(arena, row, S("Original"), describe_counts(arena, group->original));
        doc_put(arena, row, S("Desired"), describe_counts(arena, group->desired));
        doc_add(arena, details, row);
    }
    doc_put(arena, call->output, S("ScalingDetails"), details);
    return true;
}

const struct operation sagemaker_event_operations[] = {
    {S_INIT("ListClusterEvents"), list_cluster_events, false,
     .input = &sagemaker_list_cluster_events},
    {S_INIT("DescribeClusterEvent"), describe_cluster_event, false,
     .input = &sagemaker_describe_cluster_event},
    {S_INIT("ListClusterOperations"), list_cluster_operations, false,
     .input = &sagemaker_list_cluster_operations},
    {S_INIT("DescribeClusterOperation"), describe_cluster_operation, false,
     .input = &sagemaker_describe_cluster_operation},
    {S_INIT("")},
};
