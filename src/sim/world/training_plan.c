#include "training_plan.h"

#include <stdlib.h>

const char *const training_plan_types[] = {
    "ml.p4d.24xlarge",       "ml.p5.48xlarge",   "ml.p5e.48xlarge",     "ml.p5en.48xlarge",
    "ml.trn1.32xlarge",      "ml.trn2.48xlarge", "ml.p6-b200.48xlarge", "ml.p4de.24xlarge",
    "ml.p6e-gb200.36xlarge", "ml.p5.4xlarge",    "ml.p6-b300.48xlarge", NULL};
const char *const training_plan_targets[] = {"training-job", "hyperpod-cluster", "endpoint",
                                             "studio-apps", NULL};
/* 72 or 36 GPUs, four an instance. */
const struct ultra_server ultra_servers[] = {
    {"ml.u-p6e-gb200x72", "ml.p6e-gb200.36xlarge", 18},
    {"ml.u-p6e-gb200x36", "ml.p6e-gb200.36xlarge", 9},
    {NULL, NULL, 0},
};

enum { offer_fields = 7 };

/* The last part shows that the id is ours. */
static struct str id_of_fields(const struct state *state, struct arena *arena,
                               const int64_t fields[offer_fields])
{
    struct buf text = buf_in(arena, 1024);
    buf_putz(&text, "tpo");
    for (int i = 0; i < offer_fields; i++)
        buf_printf(&text, "-%lld", (long long)fields[i]);
    uint64_t check = state_chance(state, buf_str(&text), 0);
    buf_printf(&text, "-%08x", (unsigned)(check >> 32));
    return buf_str(&text);
}

struct str offer_id(const struct state *state, struct arena *arena, const struct plan_offer *offer)
{
    const int64_t fields[offer_fields] = {offer->type,  offer->instances, offer->start_s,
                                          offer->hours, offer->zone,      offer->targets,
                                          offer->ultra};
    return id_of_fields(state, arena, fields);
}

bool offer_of_id(const struct state *state, struct arena *arena, struct str id,
                 struct plan_offer *ret_offer)
{
    int64_t fields[offer_fields];
    struct str rest = id, part;

    if (!str_next(&rest, '-', &part) || !str_is(part, "tpo"))
        return false;
    for (int i = 0; i < offer_fields; i++)
        if (!str_next(&rest, '-', &part) || !str_to_int64(part, &fields[i]))
            return false;
    if (!str_eq(id_of_fields(state, arena, fields), id))
        return false;
    *ret_offer = (struct plan_offer){fields[0], fields[1], fields[2], fields[3],
                                     fields[4], fields[5], fields[6]};
    return true;
}

int64_t offer_servers(const struct plan_offer *offer)
{
    return offer->ultra == 0 ? 0 : offer->instances / ultra_servers[offer->ultra - 1].instances;
}

void training_plan_extend(struct training_plan *plan, int64_t hours, int64_t now_ms)
{
    struct plan_extension *extension = zeroed(sizeof *extension);
    *extension = (struct plan_extension){plan->end_s, hours, now_ms};
    list_add(&plan->extensions, extension);
    plan->end_s += hours * 3600;
}

void training_plan_done(struct training_plan *plan)
{
    struct plan_extension *extension;
    list_each (extension, &plan->extensions)
        free(extension);
    list_done(&plan->extensions);
    text_done(&plan->reserved_arn);
    text_done(&plan->zone_name);
}

struct training_plan *training_plan_find(const struct region *region, struct str name_or_arn,
                                         int64_t now_ms)
{
    return (struct training_plan *)record_find(region, RECORD_TRAINING_PLAN, name_or_arn, now_ms);
}

const char *training_plan_status(const struct training_plan *plan, int64_t now_ms)
{
    if (!record_is_settled(&plan->record, now_ms))
        return "Pending";
    if (plan->record.fail.len > 0)
        return "Failed";
    if (now_ms / 1000 < plan->offer.start_s)
        return "Scheduled";
    return now_ms / 1000 < plan->end_s ? "Active" : "Expired";
}

int64_t training_plan_usable(const struct training_plan *plan)
{
    return plan->offer.ultra == 0 ? plan->offer.instances
                                  : ultra_servers[plan->offer.ultra - 1].instances - plan->spares;
}

/* A node that has an instance of the plan. */
typedef void visit_node(const struct node *node, void *arg);

static void each_node(const struct region *region, const struct training_plan *plan,
                      visit_node *visit, void *arg)
{
    const struct cluster *cluster;
    const struct node_group *group;
    const struct node *node;

    list_each (cluster, &region->clusters)
        list_each (group, &cluster->groups) {
            if (!str_eq(doc_get_text(group->spec, S("TrainingPlanArn")), plan->record.arn))
                continue;
            list_each (node, &group->nodes)
                if (node->launched && node->status != NODE_GONE)
                    visit(node, arg);
        }
}

struct count {
    int64_t server, usable; /* server -1: all */
    struct plan_use use;
};

static void count_node(const struct node *node, void *arg)
{
    struct count *count = arg;
    if (count->server >= 0 &&
        (node->slot == 0 || (node->slot - 1) / count->usable != count->server))
        return;
    count->use.in_use++;
    count->use.unhealthy += node->status == NODE_FAILURE;
}

struct plan_use training_plan_use_of(const struct region *region, const struct training_plan *plan,
                                     int64_t server)
{
    struct count count = {server, training_plan_usable(plan), {0, 0}};
    each_node(region, plan, count_node, &count);
    return count.use;
}

struct plan_use training_plan_use(const struct region *region, const struct training_plan *plan)
{
    return training_plan_use_of(region, plan, -1);
}

struct taken {
    bool *slots;
    int64_t count;
};

static void take_slot(const struct node *node, void *arg)
{
    struct taken *taken = arg;
    if (node->slot > 0 && node->slot <= taken->count)
        taken->slots[node->slot - 1] = true;
}

unsigned training_plan_slot(const struct region *region, const struct training_plan *plan)
{
    struct taken taken = {zeroed((size_t)plan->offer.instances + 1), plan->offer.instances};
    int64_t slot = 0;

    each_node(region, plan, take_slot, &taken);
    while (slot < taken.count && taken.slots[slot])
        slot++;
    free(taken.slots);
    return (unsigned)slot + 1;
}

struct str ultra_server_id(const struct state *state, struct arena *arena, struct str owner_arn,
                           uint64_t number)
{
    return arena_fmt(arena, "us-0%016llx",
                     (unsigned long long)state_chance(state, owner_arn, number));
}

int64_t training_plan_free(const struct region *region, const struct training_plan *plan,
                           int64_t now_ms)
{
    int64_t usable = plan->offer.instances - plan->spares * offer_servers(&plan->offer);
    int64_t in_use = training_plan_use(region, plan).in_use;
    bool active = str_is(str_of(training_plan_status(plan, now_ms)), "Active");
    return active && usable > in_use ? usable - in_use : 0;
}

enum failure training_plan_admits(const struct region *region, const struct training_plan *plan,
                                  struct str instance_type, unsigned zone, int64_t now_ms)
{
    if (zone != plan->offer.zone)
        return FAILURE_NO_SUBNET;
    if (!str_is(instance_type, training_plan_types[plan->offer.type]) ||
        training_plan_free(region, plan, now_ms) == 0)
        return FAILURE_CAPACITY_ZONE;
    return FAILURE_NONE;
}
