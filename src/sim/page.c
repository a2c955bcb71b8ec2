#include "page.h"
#include "cluster_describe.h"

enum { newest_calls = 25, most_rows = 200 };

static const char style[] =
    "<style>:root{color-scheme:light dark;--line:#8884;--soft:#888;--good:#2a9d4a;--busy:#c98a12;"
    "--bad:#d0443e}"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}"
    "header{display:flex;gap:1.5rem;align-items:baseline;flex-wrap:wrap}"
    "header span,td.soft,.none{color:var(--soft)}"
    "table{border-collapse:collapse;width:100%}"
    "th{text-align:left;font-weight:600;color:var(--soft);font-size:.85rem}"
    "th,td{padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}"
    "code{font:13px ui-monospace,monospace}"
    ".mark{display:inline-block;padding:0 .5rem;border-radius:1rem;color:#fff;font-size:.85rem}"
    ".good{background:var(--good)}.busy{background:var(--busy)}.bad{background:var(--bad)}"
    ".region{border-top:3px solid var(--line);padding-top:1rem;font-size:1.3rem}"
    ".bar{display:inline-block;width:8rem;height:.5rem;border-radius:1rem;background:var(--line);"
    "overflow:hidden;margin-right:.5rem}.bar i{display:block;height:100%;background:var(--good)}"
    "</style>";

static void put(struct buf *out, const char *html)
{
    buf_putz(out, html);
}

/* A cell with text. */
static void cell(struct buf *out, struct str text)
{
    put(out, "<td>");
    doc_xml_text(out, text);
    put(out, "</td>");
}

static void code_cell(struct buf *out, struct str text)
{
    put(out, "<td><code>");
    doc_xml_text(out, text);
    put(out, "</code></td>");
}

static void mark(struct buf *out, const char *text, const char *kind)
{
    buf_printf(out, "<td><span class=\"mark %s\">%s</span></td>", kind, text);
}

static const char *kind_of(enum cluster_status status)
{
    if (status == CLUSTER_IN_SERVICE)
        return "good";
    return status == CLUSTER_FAILED || status == CLUSTER_ROLLING_BACK ? "bad" : "busy";
}

static void put_group(struct buf *out, const struct cluster *cluster,
                      const struct node_group *group)
{
    int64_t have = group_current(group), want = spec_count(group->spec);
    int64_t share = want == 0 ? 100 : have * 100 / want;

    put(out, "<tr><td></td>");
    cell(out, group->name);
    code_cell(out, spec_type(group->spec));
    buf_printf(out, "<td><span class=bar><i style=\"width:%lld%%\"></i></span>%lld of %lld</td>",
               (long long)(share > 100 ? 100 : share), (long long)have, (long long)want);
    buf_printf(out, "<td class=soft>%s</td></tr>", group_status(cluster, group));
}

static void put_clusters(struct buf *out, const struct region *region)
{
    const struct cluster *cluster;
    const struct node_group *group;
    size_t rows = 0;

    put(out, "<h2>Clusters</h2>");
    if (region->clusters.count == 0) {
        put(out, "<p class=none>none</p>");
        return;
    }
    put(out, "<table><tr><th>Cluster<th>Group<th>Type<th>Nodes<th>Status</tr>");
    list_each (cluster, &region->clusters) {
        if (++rows > most_rows)
            break;
        put(out, "<tr>");
        cell(out, cluster->name);
        put(out, "<td colspan=3><code>");
        doc_xml_text(out, cluster->arn);
        put(out, "</code><br>");
        doc_xml_text(out, cluster->failure_message);
        put(out, "</td>");
        mark(out, cluster_status_name(cluster->status), kind_of(cluster->status));
        put(out, "</tr>");
        list_each (group, &cluster->groups)
            put_group(out, cluster, group);
    }
    put(out, "</table>");
}

static void put_security_groups(struct buf *out, const struct region *region)
{
    const struct security_group *group;
    size_t rows = 0;

    put(out, "<h2>Security groups</h2><table><tr><th>Group<th>Name<th>VPC<th>Rules in<th>out"
             "<th>Interfaces</tr>");
    list_each (group, &region->things[THING_SECURITY_GROUP]) {
        const struct rule *rule;
        size_t out_count = 0;
        if (++rows > most_rows)
            break;
        list_each (rule, &group->rules)
            out_count += rule->egress;
        put(out, "<tr>");
        code_cell(out, group->thing.id);
        cell(out, group->name);
        code_cell(out, group->vpc->thing.id);
        buf_printf(out, "<td>%zu</td><td>%zu</td><td>%zu</td></tr>", group->rules.count - out_count,
                   out_count, group->interfaces);
    }
    put(out, "</table>");
}

static void put_subnets(struct buf *out, struct arena *arena, const struct region *region)
{
    const struct subnet *subnet;
    size_t rows = 0;

    put(out, "<h2>Subnets</h2><table><tr><th>Subnet<th>Block<th>Zone<th>Free addresses</tr>");
    list_each (subnet, &region->things[THING_SUBNET]) {
        if (++rows > most_rows)
            break;
        put(out, "<tr>");
        code_cell(out, subnet->thing.id);
        code_cell(out, cidr_text(arena, subnet->cidr));
        cell(out, zone_name(arena, region, subnet->zone));
        buf_printf(out, "<td>%llu</td></tr>", (unsigned long long)subnet_free(subnet));
    }
    put(out, "</table>");
}

static void put_calls(struct buf *out, struct arena *arena, const struct calls *calls)
{
    put(out, "<h2>Newest calls</h2>");
    if (calls->count == 0) {
        put(out, "<p class=none>none</p>");
        return;
    }
    put(out, "<table><tr><th>Time<th>Service<th>Operation<th>Status<th>Fault<th>Request</tr>");
    for (size_t i = 0; i < calls->count && i < newest_calls; i++) {
        const struct call_record *record = calls_at(calls, calls->count - 1 - i);
        const char *kind = record->status == 200 ? "good" : record->status == 0 ? "busy" : "bad";
        put(out, "<tr>");
        cell(out, time_rfc3339(arena, record->real_ms));
        cell(out, str_of(record->service));
        cell(out, str_of(record->operation));
        buf_printf(out, "<td><span class=\"mark %s\">%d</span> ", kind, record->status);
        doc_xml_text(out, str_of(record->code));
        put(out, "</td>");
        cell(out, strcmp(record->fault, "none") == 0 ? S("") : str_of(record->fault));
        code_cell(out, str_of(record->request_id));
        put(out, "</tr>");
    }
    put(out, "</table>");
}

struct str page_html(struct sim *sim, struct arena *arena)
{
    struct buf out = buf_in(arena, 16 * 1024 * 1024);
    struct region *region;

    put(&out, "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=3>"
              "<meta name=viewport content=\"width=device-width\"><title>hyperpod-sim</title>");
    put(&out, style);
    buf_printf(&out,
               "<header><h1>hyperpod-sim</h1><span>account " ACCOUNT "</span><span>simulated time "
               "%.*s, %gx</span><span>faults on order: %zu</span></header>",
               STR(time_rfc3339(arena, sim_now(sim))), sim->state.clock.scale, sim->faults.count);
    if (sim->state.regions.count == 0)
        put(&out, "<p class=none>No call has come in yet.</p>");
    list_each (region, &sim->state.regions) {
        put(&out, "<h2 class=region>");
        doc_xml_text(&out, region->name);
        put(&out, "</h2>");
        put_clusters(&out, region);
        put_security_groups(&out, region);
        put_subnets(&out, arena, region);
    }
    put_calls(&out, arena, &sim->calls);
    put(&out, "</html>\n");
    return buf_str(&out);
}
