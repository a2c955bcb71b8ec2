/* Where a node finds room: a type, a zone, a subnet. */
#include "parts.h"
#include "world/training_plan.h"

/* Why a node could not be placed: the reason that came closest to success is told. */
struct search {
    enum failure failure;
    struct str subject;
};

static void blame(struct search *search, enum failure failure, struct str subject)
{
    static const int closeness[] = {[FAILURE_NO_SUBNET] = 1,
                                    [FAILURE_CAPACITY] = 2,
                                    [FAILURE_CAPACITY_ZONE] = 2,
                                    [FAILURE_ADDRESSES] = 3};
    if (search->failure == FAILURE_NONE || closeness[failure] > closeness[search->failure])
        *search = (struct search){failure, subject};
}

/* Has the training plan of the group room there? A plan that nobody has made is taken to be there
 * and to have it, unless the condition training_plan tells of it. */
static bool plan_has_room(const struct moment *moment, unsigned zone, struct search *search)
{
    const struct region *region = moment->cluster->region;
    struct str arn = doc_get_text(moment->group->spec, S("TrainingPlanArn"));
    struct str type = str_of(moment->node->type->name);
    const struct training_plan *plan =
        arn.len == 0 ? NULL : training_plan_find(region, arn, moment->now);

    enum failure failure =
        plan == NULL ? FAILURE_NONE : training_plan_admits(region, plan, type, zone, moment->now);
    if (failure == FAILURE_NONE)
        return true;
    blame(search, failure, failure == FAILURE_NO_SUBNET ? plan->zone_name : type);
    return false;
}

/* Are there instances of the node's type in this zone? */
static bool has_capacity(const struct moment *moment, unsigned zone, bool one_zone,
                         struct search *search)
{
    struct cluster *cluster = moment->cluster;
    struct state *state = cluster->state;
    struct circumstance about = about_node(moment);
    struct condition *plan = NULL;

    if (!plan_has_room(moment, zone, search))
        return false;
    if (state->conditions.count == 0)
        return true;
    scoped(arena_freep) struct arena *arena = arena_new(4096);

    about.zone = zone_name(arena, cluster->region, zone);
    about.zone_id = zone_id(arena, cluster->region, zone);
    if (about.training_plan.len > 0) {
        struct circumstance any = {.training_plan = about.training_plan};
        plan = condition_find(state, CONDITION_TRAINING_PLAN, &any, moment->now);
    }
    if (plan != NULL) {
        struct str where = condition_text(plan, "zone");
        int64_t seconds = condition_number(plan, "seconds", -1);
        bool over = seconds >= 0 && moment->now >= plan->since_ms + seconds * second;
        if (where.len > 0 && !str_eq(where, about.zone) && !str_eq(where, about.zone_id)) {
            blame(search, FAILURE_NO_SUBNET, where);
            return false;
        }
        if (over || plan->hits >= condition_number(plan, "nodes", INT32_MAX)) {
            blame(search, FAILURE_CAPACITY_ZONE, about.instance_type);
            return false;
        }
    }
    struct condition *none = condition_find(state, CONDITION_NO_CAPACITY, &about, moment->now);
    if (none != NULL && none->hits >= condition_number(none, "nodes", 0)) {
        blame(search, one_zone ? FAILURE_CAPACITY_ZONE : FAILURE_CAPACITY,
              str_of(moment->node->type->name));
        return false;
    }
    if (none != NULL)
        none->hits++;
    if (plan != NULL)
        plan->hits++;
    return true;
}

static bool place_in_subnets(const struct moment *moment, const struct doc *subnets,
                             struct search *search)
{
    struct region *region = moment->cluster->region;
    struct node *node = moment->node;

    doc_each (entry, subnets) {
        struct subnet *subnet =
            (struct subnet *)thing_find(region, THING_SUBNET, doc_text(entry->value));
        if (subnet == NULL || (node->zones != 0 && (node->zones & 1U << subnet->zone) == 0))
            continue;
        size_t need = node_addresses(moment->cluster, moment->group->spec, node->type);
        bool room = subnet_free(subnet) >= need;
        if (!room) {
            blame(search, FAILURE_ADDRESSES, S(""));
            continue;
        }
        if (!has_capacity(moment, subnet->zone, subnets->count == 1, search) ||
            !node_connect(moment->cluster, moment->group, node, subnet))
            continue;
        node->zone = subnet->zone;
        return true;
    }
    return false;
}

/* Without a VPC of the customer the service has zones of its own. */
static bool place_in_zones(const struct moment *moment, struct search *search)
{
    for (unsigned zone = 0; zone < ZONES; zone++)
        if (has_capacity(moment, zone, false, search)) {
            moment->node->zone = zone;
            return true;
        }
    return false;
}

static bool search_all(const struct moment *moment, const struct doc *network,
                       struct search *search)
{
    struct node *node = moment->node;

    if (node->interface != NULL)
        return has_capacity(moment, node->zone, true, search);
    for (unsigned i = 0; spec_type_at(moment->group->spec, i) != NULL; i++) {
        if (node->types != 0 && (node->types & 1U << i) == 0)
            continue;
        node->type =
            spec_type_at(moment->group->spec, i); /* the order is the priority: section 3 */
        if (network == NULL ? place_in_zones(moment, search)
                            : place_in_subnets(moment, doc_get(network, S("Subnets")), search))
            return true;
    }
    return false;
}

enum failure node_place(const struct moment *moment, struct str *ret_subject)
{
    const struct doc *network = spec_network(moment->cluster, moment->group->spec);
    const struct node *node = moment->node;
    struct search search = {FAILURE_NONE, {NULL, 0}};

    if (search_all(moment, network, &search))
        return FAILURE_NONE;
    *ret_subject =
        search.subject.len > 0 || node->type == NULL ? search.subject : str_of(node->type->name);
    return search.failure == FAILURE_NONE ? FAILURE_CAPACITY : search.failure;
}
