/* SearchTrainingPlanOfferings and ExtendTrainingPlan: what is offered, and when. Which capacity is
 * free is AWS's secret: here there are always two offers. */
#include "call/shape.h"
#include "plan.h"
#include "sagemaker.h"

enum { hour_s = 3600, day_s = 24 * hour_s };
enum { most_hours = 182 * 24 };                      /* 1 to 182 days (guide) */
enum { lead_s = 30 * 60, most_lead_s = 56 * day_s }; /* half an hour to eight weeks ahead (guide) */
enum { dollars_an_hour = 10 };                       /* for an instance: ours */

struct str plan_fee(struct arena *arena, int64_t instances, int64_t hours)
{
    return arena_fmt(arena, "%lld.00", (long long)(instances * hours * dollars_an_hour));
}

static int64_t place_of(const char *const *names, struct str name)
{
    for (int64_t i = 0; names[i] != NULL; i++)
        if (str_is(name, names[i]))
            return i;
    return -1;
}

static int64_t number_of(struct call *call, const char *name, int64_t otherwise)
{
    int64_t number = otherwise;
    doc_to_int64(doc_get(call->input, str_of(name)), &number);
    return number;
}

/* Either InstanceType or UltraServerType tells what is asked for. */
static bool read_what(struct call *call, struct plan_offer *offer)
{
    struct str ultra = doc_get_text(call->input, S("UltraServerType"));
    struct str type = doc_get_text(call->input, S("InstanceType"));

    offer->targets = 0;
    doc_each (entry, doc_get(call->input, S("TargetResources"))) {
        offer->targets |= INT64_C(1) << place_of(training_plan_targets, doc_text(entry->value));
    }
    if (offer->targets == 0) /* ours */
        offer->targets = INT64_C(1) << place_of(training_plan_targets, S("hyperpod-cluster"));
    offer->hours = number_of(call, "DurationHours", 24);
    if (ultra.len == 0) {
        offer->type = place_of(training_plan_types, type);
        offer->instances = number_of(call, "InstanceCount", 1);
        return offer->instances > 0 ||
               call_fail(call, "ValidationException", "InstanceCount must be 1 at least");
    }
    for (int64_t i = 0; ultra_servers[i].name != NULL; i++)
        if (str_is(ultra, ultra_servers[i].name))
            offer->ultra = i + 1;
    if (offer->ultra == 0)
        return call_fail(call, "ValidationException", "There is no UltraServer '%.*s'", STR(ultra));
    const struct ultra_server *server = &ultra_servers[offer->ultra - 1];
    if (type.len > 0 && !str_is(type, server->type))
        return call_fail(call, "ValidationException", "UltraServer '%.*s' is made of %s",
                         STR(ultra), server->type);
    int64_t servers = number_of(call, "UltraServerCount", 1);
    if (servers > 256)
        return call_fail(call, "ResourceLimitExceeded", "At most 256 UltraServers are offered");
    offer->type = place_of(training_plan_types, str_of(server->type));
    offer->instances = servers * server->instances;
    return true;
}

struct doc *plan_targets(struct arena *arena, int64_t targets)
{
    struct doc *list = doc_list(arena);
    for (int i = 0; training_plan_targets[i] != NULL; i++)
        if ((targets & INT64_C(1) << i) != 0)
            doc_add(arena, list, doc_string(arena, str_of(training_plan_targets[i])));
    return list;
}

void plan_put_what(struct call *call, struct doc *doc, const struct plan_offer *offer,
                   const char *count)
{
    struct arena *arena = call->arena;
    bool ultra = offer->ultra > 0;
    doc_put(arena, doc, S("ReservedCapacityType"),
            doc_string(arena, ultra ? S("UltraServer") : S("Instance")));
    if (ultra) {
        doc_put(arena, doc, S("UltraServerType"),
                doc_string(arena, str_of(ultra_servers[offer->ultra - 1].name)));
        doc_put(arena, doc, S("UltraServerCount"), doc_int(arena, offer_servers(offer)));
    }
    doc_put(arena, doc, S("InstanceType"),
            doc_string(arena, str_of(training_plan_types[offer->type])));
    doc_put(arena, doc, str_of(count), doc_int(arena, offer->instances));
    doc_put(arena, doc, S("AvailabilityZone"),
            doc_string(arena, zone_name(arena, call->region, (unsigned)offer->zone)));
}

void plan_put_when(struct arena *arena, struct doc *doc, int64_t start_s, int64_t end_s)
{
    doc_put(arena, doc, S("DurationHours"), doc_int(arena, (end_s - start_s) / hour_s));
    doc_put(arena, doc, S("DurationMinutes"), doc_int(arena, (end_s - start_s) % hour_s / 60));
    doc_put(arena, doc, S("StartTime"), doc_time(arena, start_s * 1000));
    doc_put(arena, doc, S("EndTime"), doc_time(arena, end_s * 1000));
}

static struct doc *describe_offer(struct call *call, const struct plan_offer *offer)
{
    struct arena *arena = call->arena;
    struct doc *doc = doc_object(arena), *list = doc_list(arena), *capacity = doc_object(arena);
    struct doc *after = doc_get(call->input, S("StartTimeAfter"));
    struct doc *before = doc_get(call->input, S("EndTimeBefore"));

    doc_put(arena, doc, S("TrainingPlanOfferingId"),
            doc_string(arena, offer_id(call->state, arena, offer)));
    doc_put(arena, doc, S("TargetResources"), plan_targets(arena, offer->targets));
    if (!doc_is_null(after))
        doc_put(arena, doc, S("RequestedStartTimeAfter"), doc_time(arena, time_of(after)));
    if (!doc_is_null(before))
        doc_put(arena, doc, S("RequestedEndTimeBefore"), doc_time(arena, time_of(before)));
    doc_put(arena, doc, S("DurationHours"), doc_int(arena, offer->hours));
    doc_put(arena, doc, S("DurationMinutes"), doc_int(arena, 0));
    doc_put(arena, doc, S("UpfrontFee"),
            doc_string(arena, plan_fee(arena, offer->instances, offer->hours)));
    doc_put(arena, doc, S("CurrencyCode"), doc_string(arena, S("USD")));
    plan_put_what(call, capacity, offer, "InstanceCount");
    plan_put_when(arena, capacity, offer->start_s, offer->start_s + offer->hours * hour_s);
    doc_add(arena, list, capacity);
    doc_put(arena, doc, S("ReservedCapacityOfferings"), list);
    return doc;
}

/* The id of an extension: of which plan, from when (its end), how long. */
static struct str extension_id(struct call *call, const struct training_plan *plan, int64_t start_s,
                               int64_t hours)
{
    return arena_fmt(call->arena, "tpeo-%.*s-%lld-%lld", STR(plan->record.id), (long long)start_s,
                     (long long)hours);
}

/* By the day up to 14 days, by the week up to 182 (guide, Training plans extension). */
static bool can_be_bought(int64_t hours)
{
    return hours > 0 && hours <= most_hours && hours % (hours <= 14 * 24 ? 24 : 7 * 24) == 0;
}

static struct doc *describe_extension(struct call *call, const struct training_plan *plan,
                                      int64_t start_s, int64_t hours)
{
    struct arena *arena = call->arena;
    struct doc *doc = doc_object(arena);
    doc_put(arena, doc, S("TrainingPlanExtensionOfferingId"),
            doc_string(arena, extension_id(call, plan, start_s, hours)));
    doc_put(arena, doc, S("AvailabilityZone"),
            doc_string(arena, zone_name(arena, call->region, (unsigned)plan->offer.zone)));
    doc_put(arena, doc, S("StartDate"), doc_time(arena, start_s * 1000));
    doc_put(arena, doc, S("EndDate"), doc_time(arena, (start_s + hours * hour_s) * 1000));
    doc_put(arena, doc, S("DurationHours"), doc_int(arena, hours));
    doc_put(arena, doc, S("UpfrontFee"),
            doc_string(arena, plan_fee(arena, plan->offer.instances, hours)));
    doc_put(arena, doc, S("CurrencyCode"), doc_string(arena, S("USD")));
    return doc;
}

/* What Status and PaymentStatus say later is in no model: ours. */
struct doc *plan_extension_describe(struct call *call, const struct training_plan *plan,
                                    const struct plan_extension *extension)
{
    struct arena *arena = call->arena;
    unsigned zone = (unsigned)plan->offer.zone;
    struct doc *doc = describe_extension(call, plan, extension->start_s, extension->hours);
    doc_put(arena, doc, S("ExtendedAt"), doc_time(arena, extension->bought_ms));
    doc_put(arena, doc, S("Status"), doc_string(arena, S("Active")));
    doc_put(arena, doc, S("PaymentStatus"), doc_string(arena, S("Completed")));
    doc_put(arena, doc, S("AvailabilityZoneId"),
            doc_string(arena, zone_id(arena, call->region, zone)));
    return doc;
}

static bool can_be_extended(const struct training_plan *plan, int64_t now_ms)
{
    struct str status = str_of(training_plan_status(plan, now_ms));
    return (str_is(status, "Active") || str_is(status, "Scheduled")) &&
           plan->extensions.count < PLAN_EXTENSIONS;
}

/* Asked for together with a plan of the same capacity, an offer tells when that plan could go on
 * instead: ours, the model only has the names. */
static void put_extension(struct call *call, struct doc *offer_doc, const struct plan_offer *offer,
                          const struct training_plan *plan)
{
    struct doc *capacity = doc_at(offer_doc, "ReservedCapacityOfferings.0");
    if (plan == NULL || plan->offer.type != offer->type || !can_be_bought(offer->hours) ||
        !can_be_extended(plan, call->now_ms))
        return;
    int64_t end_s = plan->end_s + offer->hours * hour_s;
    doc_put(call->arena, capacity, S("ExtensionStartTime"),
            doc_time(call->arena, plan->end_s * 1000));
    doc_put(call->arena, capacity, S("ExtensionEndTime"), doc_time(call->arena, end_s * 1000));
}

/* As soon as may be, and a day later in another zone. */
static void offer_twice(struct call *call, struct plan_offer offer,
                        const struct training_plan *plan, struct doc *list)
{
    const struct doc *after = doc_get(call->input, S("StartTimeAfter"));
    const struct doc *before = doc_get(call->input, S("EndTimeBefore"));
    int64_t now_s = call->now_ms / 1000, first = now_s + lead_s, wish = 0;
    int64_t last = doc_is_null(before) ? INT64_MAX : time_of(before) / 1000;
    uint64_t chance = state_chance(call->state, str_of(training_plan_types[offer.type]), 0);

    if (!doc_is_null(after))
        wish = time_of(after) / 1000;
    if (offer.hours > most_hours || wish > now_s + most_lead_s)
        return;
    first = (wish > first ? wish : first) + 59;
    first -= first % 60;
    for (int i = 0; i < 2; i++) {
        offer.start_s = first + (int64_t)i * day_s;
        offer.zone = (int64_t)((chance + (unsigned)i) % ZONES);
        if (offer.start_s + offer.hours * hour_s > last)
            continue;
        struct doc *doc = describe_offer(call, &offer);
        put_extension(call, doc, &offer, plan);
        doc_add(call->arena, list, doc);
    }
}

/* What was asked for; a day and a week where nothing was: ours. */
static struct doc *extension_offers(struct call *call, const struct training_plan *plan)
{
    struct doc *list = doc_list(call->arena);
    int64_t asked = number_of(call, "DurationHours", 0);
    const int64_t hours[] = {asked == 0 ? 24 : asked, asked == 0 ? 7 * 24 : 0};

    for (size_t i = 0; i < 2; i++)
        if (can_be_extended(plan, call->now_ms) && can_be_bought(hours[i]))
            doc_add(call->arena, list, describe_extension(call, plan, plan->end_s, hours[i]));
    return list;
}

static bool search_offerings(struct call *call)
{
    struct doc *offers = doc_list(call->arena);
    struct str arn = doc_get_text(call->input, S("TrainingPlanArn"));
    bool asked = !doc_is_null(doc_get(call->input, S("InstanceType"))) ||
                 !doc_is_null(doc_get(call->input, S("UltraServerType")));
    struct plan_offer offer = {0};

    if (!asked && arn.len == 0)
        return call_fail(call, "ValidationException",
                         "One of InstanceType, UltraServerType and TrainingPlanArn must be given");
    if (asked && !read_what(call, &offer))
        return false;
    const struct training_plan *plan =
        arn.len == 0 ? NULL : training_plan_find(call->region, arn, call->now_ms);
    if (arn.len > 0 && plan == NULL)
        return call_fail(call, "ValidationException", "Training plan '%.*s' was not found",
                         STR(arn));
    if (asked)
        offer_twice(call, offer, plan, offers);
    doc_put(call->arena, call->output, S("TrainingPlanOfferings"), offers);
    if (plan != NULL)
        doc_put(call->arena, call->output, S("TrainingPlanExtensionOfferings"),
                extension_offers(call, plan));
    return true;
}

/* The last part of the id are its hours; the whole must be what this plan is offered now. */
static struct training_plan *plan_of_extension(struct call *call, int64_t *ret_hours)
{
    struct str id = doc_get_text(call->input, S("TrainingPlanExtensionOfferingId"));
    struct str rest = id, part = S("");
    struct record *record;

    while (str_next(&rest, '-', &part))
        ;
    bool sound = str_to_int64(part, ret_hours) && can_be_bought(*ret_hours);
    list_each (record, &call->region->records) {
        struct training_plan *plan = (struct training_plan *)record;
        if (sound && record->kind == RECORD_TRAINING_PLAN && can_be_extended(plan, call->now_ms) &&
            str_eq(extension_id(call, plan, plan->end_s, *ret_hours), id))
            return plan;
    }
    call_error(call, "ResourceNotFound", "Training plan extension offering '%.*s' was not found",
               STR(id));
    return NULL;
}

static bool extend_plan(struct call *call)
{
    int64_t hours = 0;
    struct training_plan *plan = plan_of_extension(call, &hours);
    struct doc *list = doc_list(call->arena);

    if (plan == NULL)
        return false;
    training_plan_extend(plan, hours, call->now_ms);
    doc_add(
        call->arena, list,
        plan_extension_describe(call, plan, plan->extensions.items[plan->extensions.count - 1]));
    doc_put(call->arena, call->output, S("TrainingPlanExtensions"), list);
    return true;
}

const struct operation sagemaker_plan_offer_operations[] = {
    {S_INIT("SearchTrainingPlanOfferings"), search_offerings, false,
     .input = &sagemaker_search_training_plan_offerings},
    {S_INIT("ExtendTrainingPlan"), extend_plan, true, .input = &sagemaker_extend_training_plan},
    {S_INIT("")},
};
