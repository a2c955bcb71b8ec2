/* DescribeVpcEndpointServices, DescribePrefixLists and DescribeManagedPrefixLists answer from this
 * table: those services of AWS that clusters and their networks talk to. */
#include "services.h"
#include "ec2.h"
#include "ground/form.h"

enum { BOTH = SERVICE_GATEWAY | SERVICE_INTERFACE };

static const struct aws_service table[] = {
    {"autoscaling", SERVICE_INTERFACE, "autoscaling"},
    {"cloudformation", SERVICE_INTERFACE, "cloudformation"},
    {"dynamodb", BOTH, NULL}, /* its interface endpoints have no private DNS name */
    {"ec2", SERVICE_INTERFACE, "ec2"},
    {"ec2messages", SERVICE_INTERFACE, "ec2messages"},
    {"ecr.api", SERVICE_INTERFACE, "api.ecr"},
    {"ecr.dkr", SERVICE_INTERFACE, "*.dkr.ecr"},
    {"eks", SERVICE_INTERFACE, "eks"},
    {"eks-auth", SERVICE_INTERFACE, "eks-auth"},
    {"elasticfilesystem", SERVICE_INTERFACE, "elasticfilesystem"},
    {"elasticloadbalancing", SERVICE_INTERFACE, "elasticloadbalancing"},
    {"events", SERVICE_INTERFACE, "events"},
    {"fsx", SERVICE_INTERFACE, "fsx"},
    {"kms", SERVICE_INTERFACE, "kms"},
    {"lambda", SERVICE_INTERFACE, "lambda"},
    {"logs", SERVICE_INTERFACE, "logs"},
    {"monitoring", SERVICE_INTERFACE, "monitoring"},
    {"s3", BOTH, "*.s3"},
    {"sagemaker.api", SERVICE_INTERFACE, "api.sagemaker"},
    {"sagemaker.runtime", SERVICE_INTERFACE, "runtime.sagemaker"},
    {"secretsmanager", SERVICE_INTERFACE, "secretsmanager"},
    {"servicequotas", SERVICE_INTERFACE, "servicequotas"},
    {"sns", SERVICE_INTERFACE, "sns"},
    {"sqs", SERVICE_INTERFACE, "sqs"},
    {"ssm", SERVICE_INTERFACE, "ssm"},
    {"ssmmessages", SERVICE_INTERFACE, "ssmmessages"},
    {"sts", SERVICE_INTERFACE, "sts"}};
enum { service_count = sizeof table / sizeof table[0] };

size_t aws_service_count(void)
{
    return service_count;
}

const struct aws_service *aws_service_at(size_t at)
{
    return &table[at];
}

static const char *domain_of(const struct region *region)
{
    return str_is(region->partition, "aws-cn") ? "amazonaws.com.cn" : "amazonaws.com";
}

struct str aws_service_name(struct arena *arena, const struct region *region, size_t at)
{
    return arena_fmt(arena, "com.amazonaws.%.*s.%s", STR(region->name), table[at].name);
}

const struct aws_service *aws_service_find(struct arena *arena, const struct region *region,
                                           struct str name)
{
    for (size_t at = 0; at < service_count; at++)
        if (str_eq(aws_service_name(arena, region, at), name))
            return &table[at];
    return NULL;
}

struct str aws_service_dns(struct arena *arena, const struct region *region,
                           const struct aws_service *service)
{
    if (service->private_dns == NULL)
        return (struct str){NULL, 0};
    return arena_fmt(arena, "%s.%.*s.%s", service->private_dns, STR(region->name),
                     domain_of(region));
}

/* A number of a name, the same everywhere and always (FNV-1a). */
static uint32_t number_of(struct str text)
{
    uint32_t hash = 2166136261;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 16777619;
    return hash;
}

struct str prefix_list_of(struct arena *arena, const struct region *region, struct str service)
{
    (void)region; /* stands in the name */
    return arena_fmt(arena, "pl-%08x", number_of(service));
}

/* The n-th service with a prefix list. */
static const struct aws_service *listed(size_t number, size_t *ret_at)
{
    for (size_t at = 0; at < service_count; at++)
        if ((table[at].types & SERVICE_GATEWAY) != 0 && number-- == 0) {
            *ret_at = at;
            return &table[at];
        }
    return NULL;
}

bool prefix_list_find(struct call *call, struct str id)
{
    size_t at;
    if (!str_starts(id, S("pl-")))
        return call_fail(call, "InvalidPrefixListId.Malformed",
                         "Invalid id: \"%.*s\" (expecting \"pl-...\")", STR(id));
    for (size_t i = 0; listed(i, &at) != NULL; i++) {
        struct str name = aws_service_name(call->arena, call->region, at);
        if (str_eq(prefix_list_of(call->arena, call->region, name), id))
            return true;
    }
    return call_fail(call, "InvalidPrefixListID.NotFound",
                     "The prefix list ID '%.*s' does not exist", STR(id));
}

static bool all_are_there(struct call *call)
{
    doc_each (entry, doc_get(call->input, S("PrefixListId"))) {
        if (!prefix_list_find(call, doc_text(entry->value)))
            return false;
    }
    return true;
}

/* What both operations tell of a list; NULL: it was not asked for. */
static struct doc *describe_list(struct call *call, size_t number, struct str *ret_id)
{
    struct doc *doc = doc_object(call->arena);
    size_t at;

    listed(number, &at);
    struct str name = aws_service_name(call->arena, call->region, at);
    *ret_id = prefix_list_of(call->arena, call->region, name);
    if (!ec2_named(call, "PrefixListId", *ret_id))
        return NULL;
    ec2_put(call, doc, "prefixListId", *ret_id);
    ec2_put(call, doc, "prefixListName", name);
    return doc;
}

static struct doc *describe_prefix_list(struct call *call, size_t number)
{
    static const char *const blocks[][2] = {{"52.94.28.0/23", "3.218.180.0/22"},    /* dynamodb */
                                            {"52.218.128.0/17", "52.92.128.0/17"}}; /* s3 */
    struct str id;
    struct doc *doc = describe_list(call, number, &id);

    if (doc == NULL)
        return NULL;
    struct doc *set = ec2_set(call, doc, "cidrSet");
    for (size_t i = 0; i < 2; i++)
        ec2_add(call, set, doc_string(call->arena, str_of(blocks[number % 2][i])));
    return doc;
}

static bool describe_prefix_lists(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"prefix-list-id", "prefixListId"}, {"prefix-list-name", "prefixListName"}, {NULL, NULL}};
    static const struct ec2_listing how = {.set = "prefixListSet",
                                           .count = 2,
                                           .describe = describe_prefix_list,
                                           .filters = filters,
                                           .least = 1,
                                           .most = 1000};
    return all_are_there(call) && ec2_list(call, &how);
}

static struct doc *describe_managed_list(struct call *call, size_t number)
{
    struct str id;
    struct doc *doc = describe_list(call, number, &id);

    if (doc == NULL)
        return NULL;
    ec2_put(call, doc, "prefixListArn",
            arena_fmt(call->arena, "arn:%.*s:ec2:%.*s:aws:prefix-list/%.*s",
                      STR(call->region->partition), STR(call->region->name), STR(id)));
    ec2_put(call, doc, "addressFamily", S("IPv4"));
    ec2_put(call, doc, "state", S("create-complete"));
    ec2_put(call, doc, "ownerId", S("AWS"));
    ec2_set(call, doc, "tagSet");
    return doc;
}

static bool describe_managed_lists(struct call *call)
{
    static const struct ec2_filter filters[] = {{"owner-id", "ownerId"},
                                                {"prefix-list-id", "prefixListId"},
                                                {"prefix-list-name", "prefixListName"},
                                                {NULL, NULL}};
    static const struct ec2_listing how = {.set = "prefixListSet",
                                           .count = 2,
                                           .describe = describe_managed_list,
                                           .filters = filters,
                                           .least = 1,
                                           .most = 100};
    return all_are_there(call) && ec2_list(call, &how);
}

/* Each type of a service is told for itself, as AWS does with S3. */
static struct doc *describe_service(struct call *call, size_t number)
{
    static const char *const types[] = {"Gateway", "Interface"};
    size_t at = number / 2, type = number % 2;
    struct arena *arena = call->arena;
    struct doc *doc = doc_object(arena), *kind = doc_object(arena);
    struct str name = aws_service_name(arena, call->region, at);

    if ((table[at].types & 1U << type) == 0 || !ec2_named(call, "ServiceName", name))
        return NULL;
    ec2_put(call, doc, "serviceName", name);
    ec2_put(call, doc, "serviceId",
            arena_fmt(arena, "vpce-svc-%08x%08x%x", number_of(name),
                      number_of(arena_fmt(arena, "%.*s.id", STR(name))), (unsigned)type));
    ec2_put(call, kind, "serviceType", str_of(types[type]));
    ec2_add(call, ec2_set(call, doc, "serviceType"), kind);
    ec2_put(call, doc, "serviceRegion", call->region->name);
    struct doc *zones = ec2_set(call, doc, "availabilityZoneSet");
    for (unsigned zone = 0; zone < ZONES; zone++)
        ec2_add(call, zones, doc_string(arena, zone_name(arena, call->region, zone)));
    ec2_put(call, doc, "owner", S("amazon"));
    struct str base = arena_fmt(arena, "%s.%.*s%s.amazonaws.com", table[at].name,
                                STR(call->region->name), type == 0 ? "" : ".vpce");
    ec2_add(call, ec2_set(call, doc, "baseEndpointDnsNameSet"), doc_string(arena, base));
    struct str dns = aws_service_dns(arena, call->region, &table[at]);
    if (type == 1 && dns.len > 0) {
        struct doc *entry = doc_object(arena);
        ec2_put(call, doc, "privateDnsName", dns);
        ec2_put(call, entry, "privateDnsName", dns);
        ec2_add(call, ec2_set(call, doc, "privateDnsNameSet"), entry);
        ec2_put(call, doc, "privateDnsNameVerificationState", S("verified"));
    }
    ec2_put_bool(call, doc, "vpcEndpointPolicySupported", true);
    ec2_put_bool(call, doc, "acceptanceRequired", false);
    ec2_put_bool(call, doc, "managesVpcEndpoints", false);
    ec2_set(call, doc, "tagSet");
    ec2_add(call, ec2_set(call, doc, "supportedIpAddressTypeSet"), doc_string(arena, S("ipv4")));
    return doc;
}

/* The names stand in a list of their own too, each once. */
static void put_names(struct call *call)
{
    struct doc *set = ec2_set(call, call->output, "serviceNameSet");
    struct str last = {NULL, 0};
    doc_each (entry, doc_get(call->output, S("serviceDetailSet"))) {
        struct str name = doc_get_text(entry->value, S("serviceName"));
        if (!str_eq(name, last))
            ec2_add(call, set, doc_string(call->arena, name));
        last = name;
    }
}

static bool describe_services(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"owner", "owner"},
        {"service-name", "serviceName"},
        {"service-region", "serviceRegion"},
        {"service-type", "serviceType.item.serviceType"},
        {"supported-ip-address-types", "supportedIpAddressTypeSet.item"},
        {NULL, NULL}};
    static const struct ec2_listing how = {.set = "serviceDetailSet",
                                           .count = 2 * service_count,
                                           .describe = describe_service,
                                           .filters = filters,
                                           .least = 1,
                                           .most = 1000};
    doc_each (entry, doc_get(call->input, S("ServiceName"))) {
        if (aws_service_find(call->arena, call->region, doc_text(entry->value)) == NULL)
            return call_fail(call, "InvalidServiceName",
                             "The Vpc Endpoint Service '%.*s' does not exist",
                             STR(doc_text(entry->value)));
    }
    if (!ec2_list(call, &how))
        return false;
    put_names(call);
    return true;
}

const struct operation ec2_service_operations[] = {
    {S_INIT("DescribeVpcEndpointServices"), describe_services, false,
     "ServiceName.N ServiceRegion.N " EC2_FILTERS},
    {S_INIT("DescribePrefixLists"), describe_prefix_lists, false, "PrefixListId.N " EC2_FILTERS},
    {S_INIT("DescribeManagedPrefixLists"), describe_managed_lists, false,
     "PrefixListId.N " EC2_FILTERS},
    {S_INIT("")},
};
