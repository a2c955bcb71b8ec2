/* Clusters on the page, as the sim's own operations tell them: the page shows what a client sees.
 */
#include "call/call.h"
#include "page.h"
#include "world/cluster.h"

#include <stdlib.h>

enum { most_groups = 12, most_reasons = 6 };
enum { most_clusters = 40, most_others = 2000, most_nodes = 300, most_events = 40 };

/* What an operation of SageMaker answers; NULL: it is not there, or says no. */
static const struct doc *ask(struct page *page, struct region *region, const char *name,
                             struct doc *input)
{
    const struct service *service = service_find(S("sagemaker"));
    struct call call = {.state = &page->sim->state,
                        .region = region,
                        .arena = page->arena,
                        .operation = operation_find(service, str_of(name)),
                        .input = input,
                        .output = doc_object(page->arena),
                        .sim = page->sim};

    call.now_ms = sim_now(page->sim);
    return call.operation != NULL && call.operation->handle(&call) ? call.output : NULL;
}

static struct doc *about(struct page *page, const struct cluster *cluster)
{
    struct doc *input = doc_object(page->arena);
    doc_put(page->arena, input, S("ClusterName"), doc_string(page->arena, cluster->name));
    return input;
}

static struct str time_text(struct page *page, const struct doc *seconds)
{
    if (doc_is_null(seconds))
        return S("");
    double value = strtod(arena_z(page->arena, doc_text(seconds)), NULL);
    return time_rfc3339(page->arena, (int64_t)(value * 1000));
}

static void put_group(struct page *page, const struct doc *group)
{
    int64_t have = 0, want = 0;
    struct str type = doc_get_text(group, S("InstanceType"));

    doc_to_int64(doc_get(group, S("CurrentCount")), &have);
    doc_to_int64(doc_get(group, S("TargetCount")), &want);
    if (type.len == 0)
        type = doc_text(doc_at(group, "InstanceRequirements.DesiredInstanceTypes.0"));
    page_put(page, "<tr>");
    page_cell(page, doc_get_text(group, S("InstanceGroupName")));
    page_code_cell(page, type);
    buf_printf(&page->out,
               "<td><span class=bar><i style=\"width:%lld%%\"></i></span>%lld of %lld</td><td>",
               (long long)(want <= 0 || have >= want ? 100 : have * 100 / want), (long long)have,
               (long long)want);
    page_mark(page, doc_get_text(group, S("Status")));
    page_put(page, "</td></tr>");
}

/* All groups in their order; when there are too many, those that are not well stand first. */
static struct doc *groups_of(struct page *page, const struct doc *cluster)
{
    static const char *const lists[] = {"InstanceGroups", "RestrictedInstanceGroups"};
    struct doc *all = doc_list(page->arena), *sorted = doc_list(page->arena);

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        doc_each (entry, doc_get(cluster, str_of(lists[i])))
            doc_add(page->arena, all, entry->value);
    if (all->count <= most_groups)
        return all;
    for (int well = 0; well <= 1; well++)
        doc_each (entry, all)
            if (str_is(doc_get_text(entry->value, S("Status")), "InService") == (well == 1))
                doc_add(page->arena, sorted, entry->value);
    return sorted;
}

static void put_groups(struct page *page, const struct cluster *cluster, const struct doc *doc)
{
    static const char head[] = "<table><tr><th>Group<th>Instance type<th>Nodes<th>Status</tr>";
    const struct doc *groups = groups_of(page, doc);
    size_t row = 0;

    page_put(page, head);
    doc_each (entry, groups) {
        if (row++ == most_groups) {
            page_put(page, "</table><details id=\"groups-");
            page_text(page, cluster->arn);
            buf_printf(&page->out, "\"><summary>%zu more groups</summary>%s",
                       groups->count - most_groups, head);
        }
        put_group(page, entry->value);
    }
    page_put(page, row > most_groups ? "</table></details>" : "</table>");
}

/* The nodes of a cluster, as many as the page shows. */
static struct doc *nodes_of(struct page *page, const struct cluster *cluster)
{
    struct doc *nodes = doc_list(page->arena), *input = about(page, cluster);
    const struct doc *answer;

    doc_put(page->arena, input, S("MaxResults"), doc_int(page->arena, 100));
    doc_put(page->arena, input, S("IncludeNodeLogicalIds"),
            doc_bool(page->arena, cluster_is_continuous(cluster)));
    do {
        answer = ask(page, cluster->region, "ListClusterNodes", input);
        doc_each (entry, doc_get(answer, S("ClusterNodeSummaries")))
            doc_add(page->arena, nodes, entry->value);
        doc_set(page->arena, input, S("NextToken"), doc_get(answer, S("NextToken")));
    } while (doc_get(answer, S("NextToken")) != NULL && nodes->count < most_nodes);
    return nodes;
}

static struct str node_id(const struct doc *node)
{
    struct str id = doc_get_text(node, S("InstanceId"));
    return id.len > 0 ? id : doc_get_text(node, S("NodeLogicalId"));
}

/* Why nodes do not run: each reason once, with how many say so. */
static void put_reasons(struct page *page, const struct doc *nodes)
{
    struct doc *reasons = doc_object(page->arena);
    size_t row = 0;

    doc_each (entry, nodes) {
        struct str message = doc_text(doc_at(entry->value, "InstanceStatus.Message"));
        int64_t count = 0;
        if (message.len == 0)
            continue;
        struct str reason =
            arena_fmt(page->arena, "%.*s: %.*s",
                      STR(doc_get_text(entry->value, S("InstanceGroupName"))), STR(message));
        doc_to_int64(doc_get(reasons, reason), &count);
        doc_set(page->arena, reasons, reason, doc_int(page->arena, count + 1));
    }
    doc_each (entry, reasons) {
        if (row++ == most_reasons)
            break;
        page_put(page, "<p class=why>");
        page_text(page, entry->name);
        buf_printf(&page->out, " <span class=soft>(%.*s of the nodes)</span></p>",
                   STR(doc_text(entry->value)));
    }
}

static void put_nodes(struct page *page, const struct cluster *cluster)
{
    const struct doc *nodes = nodes_of(page, cluster);

    if (nodes->count == 0)
        return;
    page_put(page, "<div class=nodes>");
    doc_each (entry, nodes) {
        struct str status = doc_text(doc_at(entry->value, "InstanceStatus.Status"));
        buf_printf(&page->out, "<i class=%s title=\"", page_class(status));
        page_text(page, doc_get_text(entry->value, S("InstanceGroupName")));
        page_put(page, " ");
        page_text(page, node_id(entry->value));
        page_put(page, ": ");
        page_text(page, status);
        page_put(page, "\"></i>");
    }
    page_put(page, "</div>");
    put_reasons(page, nodes);
    page_put(page, "<details id=\"nodes-");
    page_text(page, cluster->arn);
    buf_printf(&page->out,
               "\"><summary>%zu%s nodes</summary><table><tr><th>Node<th>Group<th>Status"
               "<th>Message<th>Launched</tr>",
               nodes->count, nodes->count >= most_nodes ? " and more" : "");
    doc_each (entry, nodes) {
        page_put(page, "<tr>");
        page_code_cell(page, node_id(entry->value));
        page_cell(page, doc_get_text(entry->value, S("InstanceGroupName")));
        page_put(page, "<td>");
        page_mark(page, doc_text(doc_at(entry->value, "InstanceStatus.Status")));
        page_put(page, "</td>");
        page_cell(page, doc_text(doc_at(entry->value, "InstanceStatus.Message")));
        page_cell(page, time_text(page, doc_get(entry->value, S("LaunchTime"))));
        page_put(page, "</tr>");
    }
    page_put(page, "</table></details>");
}

static void put_events(struct page *page, const struct cluster *cluster)
{
    struct doc *input = about(page, cluster);
    doc_put(page->arena, input, S("MaxResults"), doc_int(page->arena, most_events));
    const struct doc *answer = ask(page, cluster->region, "ListClusterEvents", input);
    const struct doc *events = doc_get(answer, S("Events"));

    if (events == NULL || events->count == 0)
        return;
    page_put(page, "<details id=\"events-");
    page_text(page, cluster->arn);
    buf_printf(&page->out,
               "\"><summary>%zu%s events</summary><table><tr><th>Time<th>Level"
               "<th>About<th>What</tr>",
               events->count, doc_get(answer, S("NextToken")) != NULL ? " and more" : "");
    doc_each (entry, events) {
        struct str id = doc_get_text(entry->value, S("InstanceId"));
        if (id.len == 0)
            id = doc_get_text(entry->value, S("InstanceGroupName"));
        page_put(page, "<tr>");
        page_cell(page, time_text(page, doc_get(entry->value, S("EventTime"))));
        page_put(page, "<td>");
        page_mark(page, doc_get_text(entry->value, S("EventLevel")));
        page_put(page, "</td>");
        page_cell(page, id.len > 0 ? id : doc_get_text(entry->value, S("ResourceType")));
        page_cell(page, doc_get_text(entry->value, S("Description")));
        page_put(page, "</tr>");
    }
    page_put(page, "</table></details>");
}

static struct str orchestrator_of(const struct doc *cluster)
{
    if (!doc_is_null(doc_at(cluster, "Orchestrator.Eks")))
        return S("EKS");
    return S("Slurm");
}

static void put_cluster(struct page *page, const struct cluster *cluster)
{
    const struct doc *doc = ask(page, cluster->region, "DescribeCluster", about(page, cluster));
    struct str failure = doc_get_text(doc, S("FailureMessage"));

    page_put(page, "<div class=card><div class=title><h3>");
    page_text(page, cluster->name);
    page_put(page, "</h3>");
    page_mark(page, doc_get_text(doc, S("ClusterStatus")));
    page_put(page, "<span class=soft>");
    page_text(page, orchestrator_of(doc));
    page_put(page, cluster_is_continuous(cluster) ? ", continuous" : "");
    page_put(page, ", since ");
    page_text(page, time_text(page, doc_get(doc, S("CreationTime"))));
    page_put(page, "</span><code class=soft>");
    page_text(page, cluster->arn);
    page_put(page, "</code></div>");
    if (failure.len > 0) {
        page_put(page, "<p class=why>");
        page_text(page, failure);
        page_put(page, "</p>");
    }
    put_groups(page, cluster, doc);
    put_nodes(page, cluster);
    put_events(page, cluster);
    page_put(page, "</div>");
}

/* Those that there is no room for, by name and status. */
static void put_others(struct page *page, struct region *region, size_t from)
{
    const struct cluster *cluster;

    buf_printf(&page->out,
               "<div class=card><details id=\"others-%.*s\"><summary>%zu more clusters</summary>"
               "<table><tr><th>Cluster<th>Status</tr>",
               STR(region->name), region->clusters.count - from);
    list_each (cluster, &region->clusters) {
        if (cluster_at < from)
            continue;
        if (cluster_at >= from + most_others)
            break;
        page_put(page, "<tr>");
        page_cell(page, cluster->name);
        page_put(page, "<td>");
        page_mark(page, str_of(cluster_status_name(cluster->status)));
        page_put(page, "</td></tr>");
    }
    page_put(page, "</table></details></div>");
}

void page_clusters(struct page *page, struct region *region)
{
    const struct cluster *cluster;

    if (region->clusters.count == 0)
        page_put(page, "<div class=card><span class=soft>no clusters</span></div>");
    list_each (cluster, &region->clusters) {
        if (cluster_at >= most_clusters)
            break;
        put_cluster(page, cluster);
    }
    if (region->clusters.count > most_clusters)
        put_others(page, region, most_clusters);
}
