#include "call/describe.h"
#include "client_token.h"
#include "ec2.h"
#include "ground/form.h"
#include "world/network.h"

static const char *const states[] = {[NAT_PENDING] = "pending",
                                     [NAT_FAILED] = "failed",
                                     [NAT_AVAILABLE] = "available",
                                     [NAT_DELETING] = "deleting",
                                     [NAT_DELETED] = "deleted"};

static void put_addresses(struct call *call, struct doc *doc, const struct nat_gateway *nat)
{
    struct doc *set = ec2_set(call, doc, "natGatewayAddressSet");
    const struct nat_address *address;

    list_each (address, &nat->addresses) {
        struct doc *item = doc_object(call->arena);
        if (address->allocation_id.len > 0) {
            ec2_put(call, item, "allocationId", address->allocation_id);
            if (address->association_id.len > 0)
                ec2_put(call, item, "associationId", address->association_id);
            ec2_put(call, item, "publicIp", address_text(call->arena, address->public_ip));
        }
        if (address->interface_id.len > 0) {
            ec2_put(call, item, "networkInterfaceId", address->interface_id);
            ec2_put(call, item, "privateIp", address_text(call->arena, address->private_address));
        }
        ec2_put_bool(call, item, "isPrimary", address == nat->addresses.items[0]);
        ec2_put(call, item, "status", nat->state == NAT_FAILED ? S("failed") : S("succeeded"));
        ec2_add(call, set, item);
    }
}

struct doc *describe_nat_gateway(struct call *call, const struct thing *thing)
{
    const struct nat_gateway *nat = (const struct nat_gateway *)thing;
    struct doc *doc = doc_object(call->arena);

    ec2_put(call, doc, "natGatewayId", thing->id);
    ec2_put(call, doc, "subnetId", nat->subnet_id);
    ec2_put(call, doc, "vpcId", nat->vpc_id);
    ec2_put(call, doc, "state", str_of(states[nat->state]));
    ec2_put_time(call, doc, "createTime", nat->created_ms);
    if (nat->state != NAT_PENDING && nat->deleted_ms > 0)
        ec2_put_time(call, doc, "deleteTime", nat->deleted_ms);
    if (nat->state == NAT_FAILED) {
        ec2_put(call, doc, "failureCode", nat->failure_code);
        ec2_put(call, doc, "failureMessage", nat->failure_message);
    }
    ec2_put(call, doc, "connectivityType", nat->is_private ? S("private") : S("public"));
    ec2_put(call, doc, "availabilityMode", S("zonal"));
    put_addresses(call, doc, nat);
    ec2_put_tags(call, doc, &thing->tags);
    return doc;
}

static bool describe_nat_gateways(struct call *call)
{
    static const struct ec2_filter filters[] = {{"nat-gateway-id", "natGatewayId"},
                                                {"state", "state"},
                                                {"subnet-id", "subnetId"},
                                                {"vpc-id", "vpcId"},
                                                {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_NAT_GATEWAY,
                                               .ids = "NatGatewayId",
                                               .set = "natGatewaySet",
                                               .describe = describe_nat_gateway,
                                               .filters = filters};
    return ec2_describe(call, &how);
}

/* What a call asks for; everything is there. */
struct wish {
    struct subnet *subnet;
    bool is_private;
    struct address **addresses; /* public: the primary one and secondary ones */
    size_t address_count;
    uint32_t first;   /* the primary private address, or 0 */
    uint32_t *others; /* 0: any */
    size_t other_count;
};

static bool read_allocations(struct call *call, struct wish *wish)
{
    size_t count;
    struct str id;
    struct thing *found;
    const struct doc **more = form_list(call->arena, call->input, "SecondaryAllocationId", &count);

    if (wish->is_private) {
        if (ec2_text(call, "AllocationId").len > 0 || count > 0)
            return call_fail(call, "InvalidParameterCombination",
                             "A private NAT gateway has no Elastic IP address.");
        return true;
    }
    if (ec2_text(call, "AllocationId").len == 0)
        return call_fail(call, "MissingParameter",
                         "The request must include the AllocationId parameter. Add the required "
                         "parameter and retry the request.");
    if (!ec2_need(call, "AllocationId", &id) || !ec2_find(call, THING_ADDRESS, id, &found))
        return false;
    wish->addresses = arena_array(call->arena, struct address *, count + 1);
    wish->addresses[wish->address_count++] = (struct address *)found;
    for (size_t i = 0; i < count; i++) {
        if (!ec2_find(call, THING_ADDRESS, doc_text(more[i]), &found))
            return false;
        wish->addresses[wish->address_count++] = (struct address *)found;
    }
    return true;
}

/* A private address of the subnet that nobody has. */
static bool read_private(struct call *call, const struct subnet *subnet, struct str text,
                         uint32_t *ret_address)
{
    if (!address_parse(text, ret_address) ||
        !cidr_inside((struct cidr){*ret_address, 32}, subnet->cidr))
        return call_fail(call, "InvalidParameterValue",
                         "Address %.*s does not fall within the subnet's address range", STR(text));
    if (!subnet_is_free(subnet, *ret_address))
        return call_fail(call, "InvalidIPAddress.InUse", "The address %.*s is in use.", STR(text));
    return true;
}

static bool read_privates(struct call *call, struct wish *wish)
{
    enum { most = 31 }; /* EC2 API reference, CreateNatGateway */
    size_t count;
    int64_t any = 0;
    const struct doc **named =
        form_list(call->arena, call->input, "SecondaryPrivateIpAddress", &count);
    struct str first = ec2_text(call, "PrivateIpAddress");

    if (first.len > 0 && !read_private(call, wish->subnet, first, &wish->first))
        return false;
    if (!ec2_number(call, call->input, "SecondaryPrivateIpAddressCount", &any))
        return false;
    if (any < 0 || any > most || count > most || (any > 0 && count > 0))
        return call_fail(call, "InvalidParameterValue",
                         "A NAT gateway has at most %d secondary private addresses, either named "
                         "or counted.",
                         most);
    wish->other_count = any > 0 ? (size_t)any : count;
    if (wish->other_count == 0 && wish->address_count > 1)
        wish->other_count = wish->address_count - 1;
    wish->others = arena_array(call->arena, uint32_t, wish->other_count + 1);
    for (size_t i = 0; i < count && i < wish->other_count; i++) {
        if (!read_private(call, wish->subnet, doc_text(named[i]), &wish->others[i]))
            return false;
        for (size_t j = 0; j <= i; j++)
            if (wish->others[i] == (j == i ? wish->first : wish->others[j]))
                return call_fail(call, "InvalidParameterValue",
                                 "The address %.*s is named more than once.",
                                 STR(doc_text(named[i])));
    }
    return true;
}

static bool read_wish(struct call *call, struct wish *ret)
{
    static const char *const types[] = {"public", "private", NULL};
    static const char *const modes[] = {"zonal", NULL}; /* regional ones are not simulated */
    struct str type = S("public"), mode;
    struct thing *found;
    const struct nat_gateway *other;
    size_t count = 0;

    *ret = (struct wish){NULL};
    if (!ec2_need_thing(call, "SubnetId", THING_SUBNET, &found) ||
        !ec2_choice(call, "ConnectivityType", types, &type) ||
        !ec2_choice(call, "AvailabilityMode", modes, &mode))
        return false;
    ret->subnet = (struct subnet *)found;
    ret->is_private = str_is(type, "private");
    if (!read_allocations(call, ret) || !read_privates(call, ret))
        return false;
    list_each (other, &call->region->things[THING_NAT_GATEWAY])
        count += other->zone == ret->subnet->zone && other->state != NAT_DELETED &&
                 other->state != NAT_FAILED;
    if (count >= most_nat_gateways)
        return call_fail(call, "NatGatewayLimitExceeded",
                         "Performing this operation would exceed the limit of %d NAT gateways",
                         most_nat_gateways);
    return true;
}

/* What fails only when the gateway is made: it is pending first and failed then, with these codes
 * and words (VPC user guide, "Troubleshoot NAT gateways", NAT gateway creation fails). */
static bool fails(struct call *call, struct nat_gateway *nat, const struct wish *wish)
{
    const char *code = NULL;
    struct str message = {NULL, 0};

    if (subnet_free(wish->subnet) < 1 + wish->other_count) {
        code = "InsufficientFreeAddressesInSubnet";
        message = S("Subnet has insufficient free addresses to create this NAT gateway");
    } else if (!wish->is_private &&
               gateway_of(call->region, THING_INTERNET_GATEWAY, wish->subnet->vpc) == NULL) {
        code = "Gateway.NotAttached";
        message = arena_fmt(call->arena, "Network %.*s has no Internet gateway attached",
                            STR(wish->subnet->vpc->thing.id));
    }
    for (size_t i = 0; i < wish->address_count && code == NULL; i++)
        if (wish->addresses[i]->interface != NULL) {
            code = "Resource.AlreadyAssociated";
            message = arena_fmt(call->arena, "Elastic IP address [%.*s] is already associated",
                                STR(wish->addresses[i]->thing.id));
        }
    if (code == NULL)
        return false;
    text_set(&nat->failure_code, str_of(code));
    text_set(&nat->failure_message, message);
    return true;
}

static void note_address(struct nat_gateway *nat, struct call *call, struct address *address,
                         uint32_t private_address)
{
    struct nat_address *entry = nat_address_add(nat);

    if (nat->interface != NULL)
        text_set(&entry->interface_id, nat->interface->thing.id);
    entry->private_address = private_address;
    if (address == NULL)
        return;
    text_set(&entry->allocation_id, address->thing.id);
    entry->public_ip = address->ip;
    if (nat->interface == NULL)
        return;
    struct str id = state_new_id(call->state, "eipassoc-");
    address_bind(address, nat->interface, private_address, id);
    text_set(&entry->association_id, id);
    text_done(&id);
}

static void give_interface(struct call *call, struct nat_gateway *nat, const struct wish *wish)
{
    struct interface *interface =
        interface_new(call->state, call->region, wish->subnet, wish->first);

    if (interface == NULL)
        return;
    struct str about = arena_fmt(call->arena, "Interface for NAT Gateway %.*s", STR(nat->thing.id));
    text_set(&interface->description, about);
    text_set(&interface->type, S("nat_gateway"));
    text_set(&interface->manager, nat->thing.id);
    for (size_t i = 0; i < wish->other_count; i++)
        interface_take(interface, wish->others[i]);
    nat->interface = interface;
}

static struct thing *make(struct call *call, const struct wish *wish, struct tag_list tags)
{
    struct nat_gateway *nat =
        nat_gateway_new(call->state, call->region, wish->subnet, call->now_ms);

    nat->is_private = wish->is_private;
    ec2_tag(&nat->thing, tags);
    if (!fails(call, nat, wish))
        give_interface(call, nat, wish);
    const struct interface *interface = nat->interface;
    note_address(nat, call, wish->address_count > 0 ? wish->addresses[0] : NULL,
                 interface == NULL ? 0 : interface->address);
    for (size_t i = 0; interface != NULL && i < interface->other_count; i++)
        note_address(nat, call, i + 1 < wish->address_count ? wish->addresses[i + 1] : NULL,
                     interface->others[i]);
    return &nat->thing;
}

static bool create_nat_gateway(struct call *call)
{
    struct thing *made;
    struct tag_list tags;
    struct wish wish;

    if (!token_find(call, THING_NAT_GATEWAY, &made) ||
        !ec2_tag_specification(call, THING_NAT_GATEWAY, &tags))
        return false;
    if (made == NULL) {
        if (!read_wish(call, &wish))
            return false;
        made = make(call, &wish, tags);
    }
    token_note(call, made);
    doc_put(call->arena, call->output, S("natGateway"), describe_nat_gateway(call, made));
    return true;
}

/* One that is going, or gone but still told, is deleted once more without an error. */
static bool delete_nat_gateway(struct call *call)
{
    struct thing *found;

    if (!ec2_need_thing(call, "NatGatewayId", THING_NAT_GATEWAY, &found))
        return false;
    struct nat_gateway *nat = (struct nat_gateway *)found;
    if (nat->state == NAT_PENDING || nat->state == NAT_AVAILABLE)
        nat_gateway_delete(nat, call->now_ms);
    ec2_put(call, call->output, "natGatewayId", found->id);
    return true;
}

const struct operation ec2_nat_gateway_operations[] = {
    {S_INIT("CreateNatGateway"), create_nat_gateway, true,
     "SubnetId AllocationId ConnectivityType AvailabilityMode PrivateIpAddress "
     "SecondaryAllocationId.N SecondaryPrivateIpAddress.N SecondaryPrivateIpAddressCount "
     "ClientToken " EC2_TAGS},
    {S_INIT("DeleteNatGateway"), delete_nat_gateway, true, "NatGatewayId DryRun"},
    {S_INIT("DescribeNatGateways"), describe_nat_gateways, false, "NatGatewayId.N " EC2_FILTERS},
    {S_INIT("")},
};
