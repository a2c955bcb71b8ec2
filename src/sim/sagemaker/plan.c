/* Training plans and the capacity that they reserve. */
#include "plan.h"
#include "call/shape.h"
#include "sagemaker.h"

static void put_text(struct call *call, struct doc *doc, const char *name, struct str text)
{
    if (text.len > 0)
        doc_put(call->arena, doc, str_of(name),
                doc_string(call->arena, arena_str(call->arena, text)));
}

static void put_int(struct call *call, struct doc *doc, const char *name, int64_t number)
{
    doc_put(call->arena, doc, str_of(name), doc_int(call->arena, number));
}

/* Spares are kept back in each UltraServer; there must be something left of it. */
static bool spares_are_sound(struct call *call, const struct plan_offer *offer, int64_t *ret_spares)
{
    *ret_spares = offer->ultra > 0 ? 1 : 0; /* one by default (api) */
    if (!doc_to_int64(doc_get(call->input, S("SpareInstanceCountPerUltraServer")), ret_spares))
        return true;
    int64_t most = offer->ultra == 0 ? 0 : ultra_servers[offer->ultra - 1].instances - 1;
    if (*ret_spares <= most)
        return true;
    return call_fail(call, "ValidationException",
                     "SpareInstanceCountPerUltraServer is %lld; it can be %lld at most",
                     (long long)*ret_spares, (long long)most);
}

static bool create_plan(struct call *call)
{
    struct str name = doc_get_text(call->input, S("TrainingPlanName"));
    struct str id = doc_get_text(call->input, S("TrainingPlanOfferingId"));
    struct plan_offer offer;
    int64_t spares;

    if (!offer_of_id(call->state, call->arena, id, &offer) ||
        offer.start_s * 1000 < call->now_ms) /* nobody offers what has begun */
        return call_fail(call, "ResourceNotFound", "Training plan offering '%.*s' was not found",
                         STR(id));
    if (training_plan_find(call->region, name, call->now_ms) != NULL)
        return call_fail(call, "ResourceInUse", "Training plan '%.*s' exists already", STR(name));
    if (!spares_are_sound(call, &offer, &spares) ||
        !tags_are_sound(call, doc_get(call->input, S("Tags"))))
        return false;
    struct training_plan *plan = (struct training_plan *)record_new(
        call->state, call->region, RECORD_TRAINING_PLAN, sizeof *plan, S(""), name, call->now_ms);
    plan->offer = offer;
    plan->end_s = offer.start_s + offer.hours * 3600;
    plan->spares = spares;
    plan->zone_name = text_of(zone_name(call->arena, call->region, (unsigned)offer.zone));
    plan->reserved_arn =
        text_fmt("arn:%.*s:sagemaker:%.*s:" ACCOUNT ":reserved-capacity/%.*s",
                 STR(call->region->partition), STR(call->region->name), STR(plan->record.id));
    record_set(&plan->record, RECORD_CREATED, call->input, call->fail, call->now_ms);
    tags_take(call, &plan->record.tags);
    put_text(call, call->output, "TrainingPlanArn", plan->record.arn);
    return true;
}

static struct doc *reserved_capacity(struct call *call, const struct training_plan *plan)
{
    struct doc *doc = doc_object(call->arena);
    unsigned zone = (unsigned)plan->offer.zone;
    put_text(call, doc, "ReservedCapacityArn", plan->reserved_arn);
    plan_put_what(call, doc, &plan->offer, "TotalInstanceCount");
    plan_put_when(call->arena, doc, plan->offer.start_s, plan->end_s);
    put_text(call, doc, "Status", str_of(training_plan_status(plan, call->now_ms)));
    put_text(call, doc, "AvailabilityZoneId", zone_id(call->arena, call->region, zone));
    return doc;
}

/* What a list shows of it as well. */
static struct doc *summary_of(struct call *call, const struct training_plan *plan)
{
    struct doc *doc = doc_object(call->arena), *reserved = doc_list(call->arena);
    struct str status = str_of(training_plan_status(plan, call->now_ms));
    const struct plan_offer *offer = &plan->offer;

    put_text(call, doc, "TrainingPlanArn", plan->record.arn);
    put_text(call, doc, "TrainingPlanName", plan->record.name);
    put_text(call, doc, "Status", status);
    if (str_is(status, "Failed"))
        put_text(call, doc, "StatusMessage", plan->record.fail);
    plan_put_when(call->arena, doc, offer->start_s, plan->end_s);
    put_text(call, doc, "UpfrontFee", plan_fee(call->arena, offer->instances, offer->hours));
    put_text(call, doc, "CurrencyCode", S("USD"));
    put_int(call, doc, "TotalInstanceCount", offer->instances);
    put_int(call, doc, "AvailableInstanceCount",
            training_plan_free(call->region, plan, call->now_ms));
    put_int(call, doc, "InUseInstanceCount", training_plan_use(call->region, plan).in_use);
    if (offer->ultra > 0)
        put_int(call, doc, "TotalUltraServerCount", offer_servers(offer));
    doc_put(call->arena, doc, S("TargetResources"), plan_targets(call->arena, offer->targets));
    doc_add(call->arena, reserved, reserved_capacity(call, plan));
    doc_put(call->arena, doc, S("ReservedCapacitySummaries"), reserved);
    return doc;
}

static bool plan_of_call(struct call *call, const char *member, struct training_plan **ret_plan)
{
    struct str name = doc_get_text(call->input, str_of(member));
    *ret_plan = training_plan_find(call->region, name, call->now_ms);
    if (*ret_plan == NULL)
        return call_fail(call, "ResourceNotFound", "Training plan '%.*s' was not found", STR(name));
    return true;
}

static bool describe_plan(struct call *call)
{
    struct training_plan *plan;

    if (!plan_of_call(call, "TrainingPlanName", &plan))
        return false;
    call->output = summary_of(call, plan);
    put_int(call, call->output, "UnhealthyInstanceCount",
            training_plan_use(call->region, plan).unhealthy);
    put_int(call, call->output, "AvailableSpareInstanceCount",
            plan->spares * offer_servers(&plan->offer));
    return true;
}

static bool is_asked_for(struct call *call, const struct training_plan *plan)
{
    struct str status = str_of(training_plan_status(plan, call->now_ms));
    doc_each (entry, doc_get(call->input, S("Filters"))) { /* Status is the only name */
        if (!str_eq(doc_get_text(entry->value, S("Value")), status))
            return false;
    }
    return listing_between(call, plan->offer.start_s * 1000, "StartTimeAfter", "StartTimeBefore");
}

/* Sorted by StartTime, the newest first, unless something else is asked for: ours. */
static bool list_plans(struct call *call)
{
    struct str sort = doc_get_text(call->input, S("SortBy"));
    struct listing listing = {.result = "TrainingPlanSummaries",
                              .newest_first = true,
                              .by_name =
                                  str_is(sort, "TrainingPlanName") || str_is(sort, "Status")};
    const struct record *record;

    list_each (record, &call->region->records) {
        const struct training_plan *plan = (const struct training_plan *)record;
        if (record->kind != RECORD_TRAINING_PLAN || !is_asked_for(call, plan))
            continue;
        const char *status = str_is(sort, "Status") ? training_plan_status(plan, call->now_ms) : "";
        listing_add(call, &listing, plan->offer.start_s * 1000,
                    arena_fmt(call->arena, "%s/%.*s", status, STR(record->name)),
                    summary_of(call, plan));
    }
    return listing_answer(call, &listing);
}

/* In the order in which they were bought. */
static bool extension_history(struct call *call)
{
    struct listing listing = {.result = "TrainingPlanExtensions"};
    struct training_plan *plan;
    const struct plan_extension *extension;

    if (!plan_of_call(call, "TrainingPlanArn", &plan))
        return false;
    list_each (extension, &plan->extensions)
        listing_add(call, &listing, (int64_t)extension_at, S(""),
                    plan_extension_describe(call, plan, extension));
    return listing_answer(call, &listing);
}

static bool plan_of_capacity(struct call *call, const struct training_plan **ret_plan)
{
    struct str arn = doc_get_text(call->input, S("ReservedCapacityArn"));
    const struct record *record;

    list_each (record, &call->region->records) {
        *ret_plan = (const struct training_plan *)record;
        if (record->kind == RECORD_TRAINING_PLAN && str_eq((*ret_plan)->reserved_arn, arn))
            return true;
    }
    return call_fail(call, "ResourceNotFound", "Reserved capacity '%.*s' was not found", STR(arn));
}

static bool describe_capacity(struct call *call)
{
    struct doc *servers = doc_object(call->arena);
    const struct training_plan *plan;

    if (!plan_of_capacity(call, &plan))
        return false;
    const struct plan_offer *offer = &plan->offer;
    struct plan_use use = training_plan_use(call->region, plan);
    struct doc *out = reserved_capacity(call, plan);
    static const char *const only_in_lists[] = {"AvailabilityZoneId", "UltraServerType",
                                                "UltraServerCount", NULL};
    for (int i = 0; only_in_lists[i] != NULL; i++)
        doc_set(call->arena, out, str_of(only_in_lists[i]), NULL);
    put_int(call, out, "AvailableInstanceCount",
            training_plan_free(call->region, plan, call->now_ms));
    put_int(call, out, "InUseInstanceCount", use.in_use);
    if (offer->ultra > 0) {
        put_text(call, servers, "UltraServerType", str_of(ultra_servers[offer->ultra - 1].name));
        put_text(call, servers, "InstanceType", str_of(training_plan_types[offer->type]));
        put_int(call, servers, "UltraServerCount", offer_servers(offer));
        put_int(call, servers, "AvailableSpareInstanceCount", plan->spares * offer_servers(offer));
        put_int(call, servers, "UnhealthyInstanceCount", use.unhealthy);
        doc_put(call->arena, out, S("UltraServerSummary"), servers);
    }
    call->output = out;
    return true;
}

static struct doc *describe_server(struct call *call, const struct training_plan *plan,
                                   int64_t number)
{
    const struct ultra_server *server = &ultra_servers[plan->offer.ultra - 1];
    struct plan_use use = training_plan_use_of(call->region, plan, number);
    struct doc *doc = doc_object(call->arena);

    put_text(call, doc, "UltraServerId",
             ultra_server_id(call->state, call->arena, plan->reserved_arn, (uint64_t)number));
    put_text(call, doc, "UltraServerType", str_of(server->name));
    put_text(call, doc, "AvailabilityZone",
             zone_name(call->arena, call->region, (unsigned)plan->offer.zone));
    put_text(call, doc, "InstanceType", str_of(server->type));
    put_int(call, doc, "TotalInstanceCount", server->instances);
    put_int(call, doc, "ConfiguredSpareInstanceCount", plan->spares);
    put_int(call, doc, "AvailableInstanceCount", training_plan_usable(plan) - use.in_use);
    put_int(call, doc, "InUseInstanceCount", use.in_use);
    put_int(call, doc, "AvailableSpareInstanceCount", plan->spares);
    put_int(call, doc, "UnhealthyInstanceCount", use.unhealthy);
    put_text(call, doc, "HealthStatus", S("OK"));
    return doc;
}

/* What never came or is over has none. */
static bool list_servers(struct call *call)
{
    struct listing listing = {.result = "UltraServers"};
    const struct training_plan *plan;

    if (!plan_of_capacity(call, &plan))
        return false;
    bool active = str_is(str_of(training_plan_status(plan, call->now_ms)), "Active");
    int64_t count = active ? offer_servers(&plan->offer) : 0;
    for (int64_t i = 0; i < count; i++)
        listing_add(call, &listing, i, S(""), describe_server(call, plan, i));
    return listing_answer(call, &listing);
}

const struct operation sagemaker_plan_operations[] = {
    {S_INIT("CreateTrainingPlan"), create_plan, true, .input = &sagemaker_create_training_plan},
    {S_INIT("DescribeTrainingPlan"), describe_plan, false,
     .input = &sagemaker_describe_training_plan},
    {S_INIT("ListTrainingPlans"), list_plans, false, .input = &sagemaker_list_training_plans},
    {S_INIT("DescribeTrainingPlanExtensionHistory"), extension_history, false,
     .input = &sagemaker_describe_training_plan_extension_history},
    {S_INIT("DescribeReservedCapacity"), describe_capacity, false,
     .input = &sagemaker_describe_reserved_capacity},
    {S_INIT("ListUltraServersByReservedCapacity"), list_servers, false,
     .input = &sagemaker_list_ultra_servers_by_reserved_capacity},
    {S_INIT("")},
};
