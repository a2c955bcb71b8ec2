/* DescribeInstanceTypes and DescribeInstanceTypeOfferings, from the tables of facts. */
#include "ec2.h"
#include "facts/instance_facts.h"
#include "ground/form.h"

/* The digits of the zones that a place has in the region, or ptr NULL. */
static struct str digits_in(struct str place, struct str region_code)
{
    struct str word;
    while (str_next(&place, ' ', &word)) {
        size_t colon = str_find_char(word, ':');
        if (str_eq(str_sub(word, 0, colon), region_code))
            return str_from(word, colon + 1);
    }
    return (struct str){NULL, 0};
}

/* usw2 of usw2-az1 */
static struct str code_of(const struct call *call)
{
    struct str id = zone_id(call->arena, call->region, 0);
    return str_sub(id, 0, str_find_char(id, '-'));
}

static bool any_place_has(struct str region_code, char digit)
{
    for (size_t i = 0; i < instance_places_count; i++) {
        struct str digits = digits_in(str_of(instance_places[i]), region_code);
        if (digits.ptr != NULL && (digit == 0 || str_find_char(digits, digit) != SIZE_MAX))
            return true;
    }
    return false;
}

/* In a region of which nothing is known every type is offered. */
static bool offered_in_region(const struct call *call, const struct instance_facts *facts)
{
    struct str code = code_of(call);
    return digits_in(str_of(instance_places[facts->place]), code).ptr != NULL ||
           !any_place_has(code, 0);
}

/* A zone that AWS does not have (regions have four here) offers what its region offers. */
static bool offered_in_zone(const struct call *call, const struct instance_facts *facts,
                            unsigned zone)
{
    struct str code = code_of(call);
    struct str digits = digits_in(str_of(instance_places[facts->place]), code);
    char digit = (char)('1' + zone);

    return offered_in_region(call, facts) &&
           (str_find_char(digits, digit) != SIZE_MAX || !any_place_has(code, digit));
}

static void add_text(struct call *call, struct doc *set, const char *text)
{
    ec2_add(call, set, doc_string(call->arena, str_of(text)));
}

static void put_processor(struct call *call, struct doc *doc, const struct instance_facts *facts)
{
    struct doc *processor = doc_object(call->arena), *vcpus = doc_object(call->arena);
    struct doc *memory = doc_object(call->arena);

    add_text(call, ec2_set(call, processor, "supportedArchitectures"),
             facts->flags & INSTANCE_ARM ? "arm64" : "x86_64");
    doc_put(call->arena, doc, S("processorInfo"), processor);
    ec2_put_int(call, vcpus, "defaultVCpus", facts->vcpus);
    ec2_put_int(call, vcpus, "defaultCores", facts->vcpus / facts->threads);
    ec2_put_int(call, vcpus, "defaultThreadsPerCore", facts->threads);
    struct doc *threads = ec2_set(call, vcpus, "validThreadsPerCore");
    for (int i = 1; i <= facts->threads; i++)
        ec2_add(call, threads, doc_fmt(call->arena, "%d", i));
    doc_put(call->arena, doc, S("vCpuInfo"), vcpus);
    ec2_put_int(call, memory, "sizeInMiB", facts->mem_mib);
    doc_put(call->arena, doc, S("memoryInfo"), memory);
}

static void put_storage(struct call *call, struct doc *doc, const struct instance_facts *facts)
{
    struct doc *ebs = doc_object(call->arena), *disks = doc_object(call->arena);

    ec2_put_bool(call, doc, "instanceStorageSupported", facts->nvme_gb > 0);
    if (facts->nvme_gb > 0) {
        ec2_put_int(call, disks, "totalSizeInGB", facts->nvme_gb);
        ec2_put(call, disks, "nvmeSupport", S("required"));
        ec2_put(call, disks, "encryptionSupport", S("required"));
        doc_put(call->arena, doc, S("instanceStorageInfo"), disks);
    }
    ec2_put(call, ebs, "ebsOptimizedSupport", S("default"));
    ec2_put(call, ebs, "encryptionSupport", S("supported"));
    ec2_put(call, ebs, "nvmeSupport", S("required"));
    if (facts->volumes > 0)
        ec2_put_int(call, ebs, "maximumEbsAttachments", facts->volumes);
    doc_put(call->arena, doc, S("ebsInfo"), ebs);
}

/* Where there are more cards than EFA interfaces, the first ones have none. */
static struct doc *describe_card(struct call *call, const struct instance_facts *facts, int card)
{
    struct doc *doc = doc_object(call->arena);
    int interfaces = facts->interfaces_card0;

    if (card > 0)
        interfaces = (facts->interfaces - facts->interfaces_card0) / (facts->cards - 1);
    ec2_put_int(call, doc, "networkCardIndex", card);
    if (facts->cards == 1)
        ec2_put(call, doc, "networkPerformance", str_of(facts->network));
    ec2_put_int(call, doc, "maximumNetworkInterfaces", interfaces);
    struct doc *types = ec2_set(call, doc, "interfaceTypeSet");
    add_text(call, types, "interface");
    if (facts->efa > 0 && card >= facts->cards - facts->efa) {
        add_text(call, types, "efa");
        add_text(call, types, "efa-only");
    }
    return doc;
}

static void put_network(struct call *call, struct doc *doc, const struct instance_facts *facts)
{
    struct doc *network = doc_object(call->arena), *efa = doc_object(call->arena);

    ec2_put(call, network, "networkPerformance", str_of(facts->network));
    ec2_put_int(call, network, "maximumNetworkInterfaces", facts->interfaces);
    ec2_put_int(call, network, "maximumNetworkCards", facts->cards);
    ec2_put_int(call, network, "defaultNetworkCardIndex", 0);
    struct doc *cards = ec2_set(call, network, "networkCards");
    for (int card = 0; card < facts->cards; card++)
        ec2_add(call, cards, describe_card(call, facts, card));
    ec2_put_int(call, network, "ipv4AddressesPerInterface", facts->addresses);
    ec2_put_int(call, network, "ipv6AddressesPerInterface", facts->addresses);
    ec2_put_bool(call, network, "ipv6Supported", true);
    ec2_put(call, network, "enaSupport", S("required"));
    ec2_put_bool(call, network, "efaSupported", facts->efa > 0);
    if (facts->efa > 0) {
        ec2_put_int(call, efa, "maximumEfaInterfaces", facts->efa);
        doc_put(call->arena, network, S("efaInfo"), efa);
    }
    doc_put(call->arena, doc, S("networkInfo"), network);
}

static void put_accelerators(struct call *call, struct doc *doc, const struct instance_facts *facts)
{
    const struct accelerator *kind = &accelerators[facts->accelerator];
    struct doc *info = doc_object(call->arena), *device = doc_object(call->arena);
    struct doc *memory = doc_object(call->arena);

    if (facts->accelerator == 0)
        return;
    ec2_put(call, device, "name", str_of(kind->name));
    if (!kind->neuron)
        ec2_put(call, device, "manufacturer", str_of(kind->maker));
    ec2_put_int(call, device, "count", facts->accelerator_count);
    ec2_put_int(call, memory, "sizeInMiB", kind->mem_mib);
    doc_put(call->arena, device, S("memoryInfo"), memory);
    ec2_add(call, ec2_set(call, info, kind->neuron ? "neuronDevices" : "gpus"), device);
    ec2_put_int(call, info, kind->neuron ? "totalNeuronDeviceMemoryInMiB" : "totalGpuMemoryInMiB",
                (int64_t)kind->mem_mib * facts->accelerator_count);
    doc_put(call->arena, doc, kind->neuron ? S("neuronInfo") : S("gpuInfo"), info);
}

static void put_ways(struct call *call, struct doc *doc, const struct instance_facts *facts)
{
    struct doc *groups = doc_object(call->arena);
    struct doc *classes = ec2_set(call, doc, "supportedUsageClasses");

    if (facts->flags & INSTANCE_BLOCKS)
        add_text(call, classes, "capacity-block");
    add_text(call, classes, "on-demand");
    add_text(call, classes, "spot");
    add_text(call, ec2_set(call, doc, "supportedRootDeviceTypes"), "ebs");
    add_text(call, ec2_set(call, doc, "supportedVirtualizationTypes"), "hvm");
    struct doc *strategies = ec2_set(call, groups, "supportedStrategies");
    if (!(facts->flags & INSTANCE_APART))
        add_text(call, strategies, "cluster");
    add_text(call, strategies, "partition");
    add_text(call, strategies, "spread");
    doc_put(call->arena, doc, S("placementGroupInfo"), groups);
}

static struct doc *describe_type(struct call *call, size_t at)
{
    const struct instance_facts *facts = &instance_facts[at];
    struct str name = str_of(instance_ec2_name(facts));
    struct doc *doc = doc_object(call->arena);

    bool all = str_is(ec2_text(call, "IncludeUnsupportedInRegion"), "true");
    if (!ec2_named(call, "InstanceType", name) || (!all && !offered_in_region(call, facts)))
        return NULL;
    ec2_put(call, doc, "instanceType", name);
    ec2_put_bool(call, doc, "currentGeneration", true);
    ec2_put_bool(call, doc, "freeTierEligible", false);
    ec2_put_bool(call, doc, "bareMetal", false);
    ec2_put(call, doc, "hypervisor", S("nitro"));
    ec2_put_bool(call, doc, "burstablePerformanceSupported", str_starts(name, S("t3.")));
    if (all)
        ec2_put_bool(call, doc, "supportedInRegion", offered_in_region(call, facts));
    put_ways(call, doc, facts);
    put_processor(call, doc, facts);
    put_storage(call, doc, facts);
    put_network(call, doc, facts);
    put_accelerators(call, doc, facts);
    return doc;
}

/* InvalidInstanceType names all that are not offered here. */
static bool types_are_there(struct call *call)
{
    struct buf missing = buf_in(call->arena, 64 * 1024);
    bool all = false;

    if (!ec2_flag(call, call->input, "IncludeUnsupportedInRegion", &all))
        return false;
    doc_each (entry, doc_get(call->input, S("InstanceType"))) {
        size_t at = 0;
        while (at < instance_facts_count &&
               !(str_is(doc_text(entry->value), instance_ec2_name(&instance_facts[at])) &&
                 (all || offered_in_region(call, &instance_facts[at]))))
            at++;
        if (at == instance_facts_count)
            buf_printf(&missing, "%s%.*s", missing.len > 0 ? ", " : "",
                       STR(doc_text(entry->value)));
    }
    return missing.len == 0 ||
           call_fail(call, "InvalidInstanceType",
                     "The following supplied instance types do not exist: [%.*s]",
                     STR(buf_str(&missing)));
}

static bool describe_types(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"instance-type", "instanceType"},
        {"current-generation", "currentGeneration"},
        {"free-tier-eligible", "freeTierEligible"},
        {"bare-metal", "bareMetal"},
        {"hypervisor", "hypervisor"},
        {"burstable-performance-supported", "burstablePerformanceSupported"},
        {"instance-storage-supported", "instanceStorageSupported"},
        {"instance-storage-info.nvme-support", "instanceStorageInfo.nvmeSupport"},
        {"instance-storage-info.total-size-in-gb", "instanceStorageInfo.totalSizeInGB"},
        {"memory-info.size-in-mib", "memoryInfo.sizeInMiB"},
        {"network-info.efa-supported", "networkInfo.efaSupported"},
        {"network-info.efa-info.maximum-efa-interfaces",
         "networkInfo.efaInfo.maximumEfaInterfaces"},
        {"network-info.ena-support", "networkInfo.enaSupport"},
        {"network-info.ipv4-addresses-per-interface", "networkInfo.ipv4AddressesPerInterface"},
        {"network-info.ipv6-addresses-per-interface", "networkInfo.ipv6AddressesPerInterface"},
        {"network-info.ipv6-supported", "networkInfo.ipv6Supported"},
        {"network-info.maximum-network-cards", "networkInfo.maximumNetworkCards"},
        {"network-info.maximum-network-interfaces", "networkInfo.maximumNetworkInterfaces"},
        {"network-info.network-performance", "networkInfo.networkPerformance"},
        {"processor-info.supported-architecture", "processorInfo.supportedArchitectures.item"},
        {"supported-usage-class", "supportedUsageClasses.item"},
        {"supported-root-device-type", "supportedRootDeviceTypes.item"},
        {"supported-virtualization-type", "supportedVirtualizationTypes.item"},
        {"vcpu-info.default-cores", "vCpuInfo.defaultCores"},
        {"vcpu-info.default-threads-per-core", "vCpuInfo.defaultThreadsPerCore"},
        {"vcpu-info.default-vcpus", "vCpuInfo.defaultVCpus"},
        {NULL, NULL}};
    struct ec2_listing how = {.set = "instanceTypeSet",
                              .count = instance_facts_count,
                              .describe = describe_type,
                              .filters = filters,
                              .least = 5,
                              .most = 100};
    return types_are_there(call) && ec2_list(call, &how);
}

/* One location for a region, four for its zones. */
static bool location_of(struct call *call, const struct instance_facts *facts, unsigned zone,
                        struct str *ret_type, struct str *ret_location)
{
    struct str type = ec2_text(call, "LocationType");

    *ret_type = type.len == 0 ? S("region") : type;
    if (str_is(*ret_type, "region")) {
        *ret_location = call->region->name;
        return zone == 0 && offered_in_region(call, facts);
    }
    *ret_location = str_is(type, "availability-zone") ? zone_name(call->arena, call->region, zone)
                                                      : zone_id(call->arena, call->region, zone);
    return offered_in_zone(call, facts, zone);
}

static struct doc *describe_offering(struct call *call, size_t at)
{
    const struct instance_facts *facts = &instance_facts[at / ZONES];
    struct doc *doc = doc_object(call->arena);
    struct str type, location;

    if (!location_of(call, facts, (unsigned)(at % ZONES), &type, &location))
        return NULL;
    ec2_put(call, doc, "instanceType", str_of(instance_ec2_name(facts)));
    ec2_put(call, doc, "locationType", type);
    ec2_put(call, doc, "location", location);
    return doc;
}

static bool describe_offerings(struct call *call)
{
    static const char *const types[] = {"region", "availability-zone", "availability-zone-id",
                                        NULL};
    static const struct ec2_filter filters[] = {
        {"instance-type", "instanceType"}, {"location", "location"}, {NULL, NULL}};
    struct ec2_listing how = {.set = "instanceTypeOfferingSet",
                              .count = instance_facts_count * ZONES,
                              .describe = describe_offering,
                              .filters = filters,
                              .least = 5,
                              .most = 1000};
    struct str type;
    return ec2_choice(call, "LocationType", types, &type) && ec2_list(call, &how);
}

const struct operation ec2_instance_type_operations[] = {
    {S_INIT("DescribeInstanceTypes"), describe_types, false,
     "InstanceType.N IncludeUnsupportedInRegion " EC2_FILTERS},
    {S_INIT("DescribeInstanceTypeOfferings"), describe_offerings, false,
     "LocationType " EC2_FILTERS},
    {S_INIT("")},
};
