/* Zones, regions and what the account may do. */
#include "ec2.h"
#include "ground/form.h"

static struct doc *describe_zone(struct call *call, size_t at)
{
    struct doc *doc = doc_object(call->arena);
    struct str region = call->region->name;
    struct str name = zone_name(call->arena, call->region, (unsigned)at);
    struct str id = zone_id(call->arena, call->region, (unsigned)at);

    if (!ec2_named(call, "ZoneName", name) || !ec2_named(call, "ZoneId", id))
        return NULL;
    ec2_put(call, doc, "regionName", region);
    ec2_put(call, doc, "zoneName", name);
    ec2_put(call, doc, "zoneId", id);
    ec2_put(call, doc, "zoneState", S("available"));
    ec2_put(call, doc, "zoneType", S("availability-zone"));
    ec2_put(call, doc, "optInStatus", S("opt-in-not-required"));
    ec2_put(call, doc, "groupName", arena_fmt(call->arena, "%.*s-zg-1", STR(region)));
    ec2_put(call, doc, "networkBorderGroup", region);
    ec2_set(call, doc, "messageSet");
    return doc;
}

/* Each zone that was asked for must be there. */
static bool zones_are_there(struct call *call, const char *parameter,
                            struct str (*text)(struct arena *arena, const struct region *region,
                                               unsigned zone))
{
    doc_each (entry, doc_get(call->input, str_of(parameter))) {
        unsigned zone = 0;
        while (zone < ZONES &&
               !str_eq(doc_text(entry->value), text(call->arena, call->region, zone)))
            zone++;
        if (zone == ZONES)
            return call_fail(call, "InvalidParameterValue", "Invalid availability zone: [%.*s]",
                             STR(doc_text(entry->value)));
    }
    return true;
}

static bool describe_availability_zones(struct call *call)
{
    static const struct ec2_filter filters[] = {{"zone-name", "zoneName"},
                                                {"zone-id", "zoneId"},
                                                {"region-name", "regionName"},
                                                {"state", "zoneState"},
                                                {"zone-type", "zoneType"},
                                                {"opt-in-status", "optInStatus"},
                                                {"group-name", "groupName"},
                                                {"message", "messageSet.item.message"},
                                                {NULL, NULL}};
    static const struct ec2_listing how = {.set = "availabilityZoneInfo",
                                           .count = ZONES,
                                           .describe = describe_zone,
                                           .filters = filters};
    return zones_are_there(call, "ZoneName", zone_name) &&
           zones_are_there(call, "ZoneId", zone_id) && ec2_list(call, &how);
}

/* AWS's commercial regions; those that an account must opt into stand behind. The sim is in all. */
static const char *const regions[] = {
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",     "ap-southeast-1",
    "ap-southeast-2", "ca-central-1",   "eu-central-1",   "eu-north-1",     "eu-west-1",
    "eu-west-2",      "eu-west-3",      "sa-east-1",      "us-east-1",      "us-east-2",
    "us-west-1",      "us-west-2",      "af-south-1",     "ap-east-1",      "ap-east-2",
    "ap-south-2",     "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6",
    "ap-southeast-7", "ca-west-1",      "eu-central-2",   "eu-south-1",     "eu-south-2",
    "il-central-1",   "me-central-1",   "me-south-1",     "mx-central-1"};
enum { region_count = sizeof regions / sizeof regions[0], opt_in_from = 17 };

static struct doc *describe_region(struct call *call, size_t at)
{
    struct doc *doc = doc_object(call->arena);

    if (!ec2_named(call, "RegionName", str_of(regions[at])))
        return NULL;
    ec2_put(call, doc, "regionName", str_of(regions[at]));
    ec2_put(call, doc, "regionEndpoint",
            arena_fmt(call->arena, "ec2.%s.amazonaws.com", regions[at]));
    ec2_put(call, doc, "optInStatus", at < opt_in_from ? S("opt-in-not-required") : S("opted-in"));
    return doc;
}

static bool describe_regions(struct call *call)
{
    static const struct ec2_filter filters[] = {{"region-name", "regionName"},
                                                {"endpoint", "regionEndpoint"},
                                                {"opt-in-status", "optInStatus"},
                                                {NULL, NULL}};
    static const struct ec2_listing how = {.set = "regionInfo",
                                           .count = region_count,
                                           .describe = describe_region,
                                           .filters = filters};
    doc_each (entry, doc_get(call->input, S("RegionName"))) {
        size_t at = 0;
        while (at < region_count && !str_is(doc_text(entry->value), regions[at]))
            at++;
        if (at == region_count)
            return call_fail(call, "InvalidParameterValue", "Invalid region: [%.*s]",
                             STR(doc_text(entry->value)));
    }
    return ec2_list(call, &how);
}

static struct str default_vpc(const struct region *region)
{
    const struct vpc *vpc;
    list_each (vpc, &region->things[THING_VPC]) {
        if (vpc->is_default)
            return vpc->thing.id;
    }
    return S("none");
}

/* The attributes that are left since EC2-Classic has gone, with AWS's defaults. */
static struct doc *describe_attribute(struct call *call, size_t at)
{
    static const char *const names[] = {
        "supported-platforms", "vpc-max-security-groups-per-interface",
        "max-elastic-ips",     "max-instances",
        "vpc-max-elastic-ips", "default-vpc"};
    static const char *const values[] = {"VPC", "5", "5", "20", "5", NULL};
    struct doc *doc = doc_object(call->arena), *value = doc_object(call->arena);

    if (!ec2_named(call, "AttributeName", str_of(names[at])))
        return NULL;
    ec2_put(call, doc, "attributeName", str_of(names[at]));
    ec2_put(call, value, "attributeValue",
            values[at] == NULL ? default_vpc(call->region) : str_of(values[at]));
    ec2_add(call, ec2_set(call, doc, "attributeValueSet"), value);
    return doc;
}

static bool describe_account_attributes(struct call *call)
{
    static const struct ec2_filter none[] = {{NULL, NULL}};
    static const struct ec2_listing how = {
        .set = "accountAttributeSet", .count = 6, .describe = describe_attribute, .filters = none};
    return ec2_list(call, &how);
}

const struct operation ec2_zone_operations[] = {
    {S_INIT("DescribeAvailabilityZones"), describe_availability_zones, false,
     "ZoneName.N ZoneId.N AllAvailabilityZones " EC2_FILTERS_ONLY},
    {S_INIT("DescribeRegions"), describe_regions, false,
     "RegionName.N AllRegions " EC2_FILTERS_ONLY},
    {S_INIT("DescribeAccountAttributes"), describe_account_attributes, false,
     "AttributeName.N DryRun"},
    {S_INIT("")},
};
