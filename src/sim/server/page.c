#include "page.h"
#include "call/call.h"
#include "world/conditions.h"

enum { newest_calls = 30, most_rows = 100 };

static const char head[] =
    "<!doctype html><html lang=en><head><meta charset=utf-8>"
    "<meta name=viewport content=\"width=device-width,initial-scale=1\"><title>hyperpod-sim</title>"
    "<link rel=icon href=\"data:,\">"
    "<noscript><meta http-equiv=refresh content=3></noscript>"
    "<style>:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1b1f24;--soft:#5d6672;"
    "--line:#dfe3e8;--good:#1a7f42;--busy:#8a5d00;--wait:#e0a92e;--bad:#c62f2b;--none:#8a929c;"
    "--good-soft:#dff3e5;--busy-soft:#fbeecb;--bad-soft:#fde4e2}"
    "@media(prefers-color-scheme:dark){:root{--page:#101418;--card:#181d23;--text:#e4e8ec;"
    "--soft:#98a2ae;--line:#2b323a;--good:#56c27c;--busy:#e0ac3b;--wait:#e0ac3b;--bad:#f5736c;--"
    "none:#68717c;"
    "--good-soft:#16321f;--busy-soft:#362a0c;--bad-soft:#3b1a19}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--text);"
    "font:14px/1.5 system-ui,-apple-system,\"Segoe UI\",\"DejaVu Sans\",sans-serif}"
    "main,header>div{max-width:76rem;margin:0 auto;padding:0 1.25rem}"
    "header{background:var(--card);border-bottom:1px solid var(--line);padding:.9rem 0}"
    "header>div{display:flex;gap:.35rem 1.5rem;align-items:baseline;flex-wrap:wrap}"
    "h1{font-size:1.15rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .6rem}"
    "h3{font-size:1rem;margin:0;overflow-wrap:anywhere}header span,.soft{color:var(--soft)}"
    "header b,.figure b{font-variant-numeric:tabular-nums}"
    ".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;"
    "margin:1.25rem 0 0}.figure,.card{background:var(--card);border:1px solid var(--line);"
    "border-radius:.6rem}.figure{padding:.6rem .9rem}.figure b{display:block;font-size:1.4rem;"
    "line-height:1.3}.card{padding:.9rem 1rem;margin:0 0 .9rem;overflow-x:auto}"
    ".title{display:flex;gap:.35rem .8rem;align-items:baseline;flex-wrap:wrap}"
    "table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:600;"
    "color:var(--soft);font-size:.8rem;white-space:nowrap}"
    "th,td{padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}"
    "tr:last-child>td{border-bottom:0}td.n,th.n{text-align:right}"
    "code{font:12.5px ui-monospace,SFMono-Regular,\"DejaVu Sans Mono\",monospace}"
    ".mark{display:inline-block;padding:0 .55rem;border-radius:1rem;font-size:.8rem;"
    "font-weight:600;white-space:nowrap}.mark.good{color:var(--good);background:var(--good-soft)}"
    ".mark.busy{color:var(--busy);background:var(--busy-soft)}"
    ".mark.bad{color:var(--bad);background:var(--bad-soft)}"
    ".bar{display:inline-block;width:7rem;height:.5rem;border-radius:1rem;background:var(--line);"
    "overflow:hidden;margin-right:.6rem}.bar i{display:block;height:100%;background:var(--good)}"
    ".nodes{display:flex;flex-wrap:wrap;gap:3px;margin:.7rem 0 0}"
    ".nodes i{width:.8rem;height:.8rem;border-radius:.2rem;background:var(--none)}"
    ".nodes i.good{background:var(--good)}.nodes i.busy{background:var(--wait)}"
    ".nodes i.bad{background:var(--bad)}.why{color:var(--bad);margin:.35rem 0 0}"
    "details{margin:.6rem 0 0}summary{cursor:pointer;color:var(--soft)}"
    ".two{display:grid;grid-template-columns:repeat(auto-fit,minmax(22rem,1fr));gap:0 .9rem}"
    "@media(max-width:30rem){.two{grid-template-columns:1fr}.bar{width:4rem}"
    "th,td{padding-right:.6rem}}"
    "</style></head><body>";

/* The page fetches itself and keeps what is folded open. It stops while nobody looks. */
static const char renewal[] =
    "<script>const again=async()=>{if(!document.hidden)try{const r=await fetch(location.href);"
    "if(r.ok){const open=new Set([...document.querySelectorAll('details[open]')].map(d=>d.id));"
    "const next=new DOMParser().parseFromString(await r.text(),'text/html');"
    "open.forEach(id=>{const d=id&&next.getElementById(id);if(d)d.open=true});"
    "document.body.replaceChildren(...[...next.body.childNodes].filter(n=>n.nodeName!=='SCRIPT'));"
    "}}catch(e){document.title='hyperpod-sim (gone)'}setTimeout(again,2000)};"
    "setTimeout(again,2000)</script>";

void page_put(struct page *page, const char *html)
{
    buf_putz(&page->out, html);
}

void page_text(struct page *page, struct str text)
{
    doc_xml_text(&page->out, arena_utf8(page->arena, text));
}

void page_cell(struct page *page, struct str text)
{
    page_put(page, "<td>");
    page_text(page, text);
    page_put(page, "</td>");
}

void page_code_cell(struct page *page, struct str text)
{
    page_put(page, "<td><code>");
    page_text(page, text);
    page_put(page, "</code></td>");
}

const char *page_class(struct str status)
{
    static const char *const good[] = {"InService", "Running", "Info",
                                       "Succeeded", "Active",  "available"};
    static const char *const bad[] = {"Failed",   "Failure", "RollingBack",  "Degraded",
                                      "NotFound", "Error",   "DeleteFailed", "CreateFailed"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (str_is(status, good[i]))
            return "good";
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (str_is(status, bad[i]))
            return "bad";
    return "busy";
}

void page_mark(struct page *page, struct str word)
{
    buf_printf(&page->out, "<span class=\"mark %s\">", page_class(word));
    page_text(page, word);
    page_put(page, "</span>");
}

static void put_number(struct page *page, size_t number)
{
    buf_printf(&page->out, "<td class=n>%zu</td>", number);
}

static void put_security_groups(struct page *page, const struct region *region)
{
    const struct security_group *group;
    size_t rows = 0;

    page_put(page, "<div class=card><table><tr><th>Security group<th>Name<th class=n>Rules in"
                   "<th class=n>out<th class=n>Interfaces</tr>");
    list_each (group, &region->things[THING_SECURITY_GROUP]) {
        const struct rule *rule;
        size_t out_count = 0;
        if (++rows > most_rows)
            break;
        list_each (rule, &group->rules)
            out_count += rule->egress;
        page_put(page, "<tr>");
        page_code_cell(page, group->thing.id);
        page_cell(page, group->name);
        put_number(page, group->rules.count - out_count);
        put_number(page, out_count);
        put_number(page, group->interfaces);
        page_put(page, "</tr>");
    }
    page_put(page, "</table></div>");
}

static void put_subnets(struct page *page, const struct region *region)
{
    const struct subnet *subnet;
    size_t rows = 0;

    page_put(page, "<div class=card><table><tr><th>Subnet<th>Block<th>Zone<th class=n>Free</tr>");
    list_each (subnet, &region->things[THING_SUBNET]) {
        if (++rows > most_rows)
            break;
        page_put(page, "<tr>");
        page_code_cell(page, subnet->thing.id);
        page_code_cell(page, cidr_text(page->arena, subnet->cidr));
        page_cell(page, zone_name(page->arena, region, subnet->zone));
        put_number(page, (size_t)subnet_free(subnet));
        page_put(page, "</tr>");
    }
    page_put(page, "</table></div>");
}

/* A condition or a fault as it was told: "group workers, node 5". */
static void put_told(struct page *page, const struct doc *order)
{
    static const char *const elsewhere[] = {"kind", "seen", "hits"};
    bool first = true;

    doc_each (entry, order) {
        bool told = false;
        for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
            told = told || str_is(entry->name, elsewhere[i]);
        if (told || doc_text(entry->value).len == 0)
            continue;
        buf_printf(&page->out, "%s<span class=soft>%.*s</span> ", first ? "" : ", ",
                   STR(entry->name));
        page_text(page, doc_text(entry->value));
        first = false;
    }
    if (first)
        page_put(page, "everything");
}

/* Conditions or faults: each with how often it struck; a fault also of how many calls. Of
 * conditions without `times` nobody counts that. */
static void put_orders(struct page *page, const char *title, const struct doc *orders)
{
    if (orders->count == 0)
        return;
    buf_printf(&page->out,
               "<h2>%s</h2><div class=card><table><tr><th>Kind<th>About<th class=n>Struck</tr>",
               title);
    doc_each (entry, orders) {
        const struct doc *seen = doc_get(entry->value, S("seen"));
        struct str hits = doc_text(doc_get(entry->value, S("hits")));
        page_put(page, "<tr><td><span class=\"mark busy\">");
        page_text(page, doc_get_text(entry->value, S("kind")));
        page_put(page, "</span></td><td>");
        put_told(page, entry->value);
        page_put(page, "</td><td class=n>");
        if (seen != NULL || !str_is(hits, "0"))
            page_text(page, hits);
        if (seen != NULL)
            buf_printf(&page->out, " of %.*s calls", STR(doc_text(seen)));
        page_put(page, "</td></tr>");
    }
    page_put(page, "</table></div>");
}

static void put_call(struct page *page, const struct call_record *record)
{
    const char *kind = record->status == 0 ? "busy" : record->status < 400 ? "good" : "bad";

    page_put(page, "<tr>");
    page_cell(page, str_sub(time_rfc3339(page->arena, record->real_ms), 11, 8));
    page_cell(page, str_of(record->service));
    page_cell(page, str_of(record->operation));
    if (record->status == 0)
        page_put(page, "<td><span class=\"mark busy\">no answer</span> ");
    else
        buf_printf(&page->out, "<td><span class=\"mark %s\">%d</span> ", kind, record->status);
    page_text(page, str_of(record->code));
    page_put(page, "</td>");
    page_cell(page, strcmp(record->fault, "none") == 0 ? S("") : str_of(record->fault));
    page_code_cell(page, str_of(record->request_id));
    page_put(page, "</tr>");
}

static void put_counts(struct page *page, const struct calls *calls)
{
    const struct call_count *count;
    size_t rows = 0;

    page_put(page,
             "<details id=counts><summary>How often each operation was called</summary><table>"
             "<tr><th>Service<th>Operation<th class=n>Calls<th class=n>Errors"
             "<th class=n>Unanswered</tr>");
    list_each (count, &calls->counts) {
        if (++rows > most_rows)
            break;
        page_put(page, "<tr>");
        page_cell(page, str_of(count->service));
        page_cell(page, str_of(count->operation));
        put_number(page, count->calls);
        put_number(page, count->errors);
        put_number(page, count->unanswered);
        page_put(page, "</tr>");
    }
    page_put(page, "</table></details>");
}

static void put_calls(struct page *page)
{
    const struct calls *calls = &page->sim->calls;

    page_put(page, "<h2>Newest calls</h2><div class=card>");
    if (calls->count == 0) {
        page_put(page, "<p class=soft>No call has come in yet.</p></div>");
        return;
    }
    page_put(page, "<table><tr><th>Time (UTC)<th>Service<th>Operation<th>Status<th>Fault"
                   "<th>Request</tr>");
    for (size_t i = 0; i < calls->count && i < newest_calls; i++)
        put_call(page, calls_at(calls, calls->count - 1 - i));
    page_put(page, "</table>");
    put_counts(page, calls);
    page_put(page, "</div>");
}

static void put_figure(struct page *page, const char *name, uint64_t number)
{
    buf_printf(&page->out, "<div class=figure><b>%llu</b><span class=soft>%s</span></div>",
               (unsigned long long)number, name);
}

static void put_figures(struct page *page)
{
    const struct sim *sim = page->sim;
    const struct region *region;
    const struct call_count *count;
    uint64_t clusters = 0, interfaces = 0, calls = 0, errors = 0;

    list_each (region, &sim->state.regions) {
        clusters += region->clusters.count;
        interfaces += region->things[THING_INTERFACE].count;
    }
    list_each (count, &sim->calls.counts) {
        calls += count->calls;
        errors += count->errors + count->unanswered;
    }
    page_put(page, "<div class=figures>");
    put_figure(page, "regions in use", sim->state.regions.count);
    put_figure(page, "clusters", clusters);
    put_figure(page, "network interfaces", interfaces);
    put_figure(page, "calls", calls);
    put_figure(page, "calls that failed", errors);
    put_figure(page, "conditions and faults", sim->state.conditions.count + sim->faults.count);
    page_put(page, "</div>");
}

struct str page_html(struct sim *sim, struct arena *arena)
{
    struct page page = {sim, arena, buf_in(arena, 64 * 1024 * 1024)};
    struct region *region;
    struct str now = time_rfc3339(arena, sim_now(sim));

    page_put(&page, head);
    buf_printf(&page.out,
               "<header><div><h1>hyperpod-sim</h1><span>account <b>" ACCOUNT "</b></span>"
               "<span>simulated time <b>%.*s</b>, %g × real time</span></div></header><main>",
               STR(now), sim->state.clock.scale);
    put_figures(&page);
    put_orders(&page, "Short, broken or missing", conditions_list(&sim->state, arena));
    put_orders(&page, "Faults on order", faults_list(&sim->faults, arena));
    list_each (region, &sim->state.regions) {
        page_put(&page, "<h2>");
        page_text(&page, region->name);
        page_put(&page, "</h2>");
        page_clusters(&page, region);
        page_put(&page, "<div class=two>");
        put_security_groups(&page, region);
        put_subnets(&page, region);
        page_put(&page, "</div>");
    }
    put_calls(&page);
    page_put(&page, "</main>");
    page_put(&page, renewal);
    page_put(&page, "</body></html>\n");
    return buf_str(&page.out);
}
