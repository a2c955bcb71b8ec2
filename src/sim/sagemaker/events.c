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

/* Which events are asked for; empty: any. */
struct wish {
    struct str group, resource, operation, node;
    struct listing_span span;
};

static struct wish wish_of(const struct call *call)
{
    return (struct wish){doc_get_text(call->input, S("InstanceGroupName")),
                         doc_get_text(call->input, S("ResourceType")),
                         doc_get_text(call->input, S("OperationId")),
                         doc_get_text(call->input, S("NodeId")),
                         listing_span(call, "EventTimeAfter", "EventTimeBefore")};
}

static bool is_wished(struct str wish, struct str value)
{
    return wish.len == 0 || str_eq(wish, value);
}

static bool event_is_asked_for(const struct wish *wish, const struct event *event)
{
    return listing_spans(&wish->span, event->time_ms) && is_wished(wish->group, event->group) &&
           is_wished(wish->node, event->instance_id) &&
           is_wished(wish->resource, str_of(event_resource(event->kind))) &&
           is_wished(wish->operation, str_of(event->operation_id));
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
    struct wish wish = wish_of(call);
    struct cluster *cluster;
    size_t found = 0;

    if (!cluster_of_call(call, &cluster) ||
        !cluster_must_be_continuous(call, cluster, "ListClusterEvents"))
        return false;
    for (size_t i = cluster->events.count; i-- > 0 && found < most;) {
        const struct event *event = cluster->events.items[i];
        if (!event_is_asked_for(&wish, event))
            continue;
        found++;
        listing_add_row(
            call, &listing,
            (struct listing_row){event->time_ms, str_of(event->id), NULL, event, cluster, NULL});
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
