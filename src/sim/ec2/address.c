/* Elastic IP addresses. */
#include "call/describe.h"
#include "ec2.h"
#include "ground/form.h"
#include "world/network.h"

static struct str ip_of(const struct call *call, const struct address *address)
{
    return address_text(call->arena, address->ip);
}

struct doc *describe_address(struct call *call, const struct thing *thing)
{
    const struct address *address = (const struct address *)thing;
    const struct interface *interface = address->interface;
    struct doc *doc = doc_object(call->arena);

    ec2_put(call, doc, "publicIp", ip_of(call, address));
    ec2_put(call, doc, "allocationId", thing->id);
    ec2_put(call, doc, "domain", S("vpc"));
    ec2_put(call, doc, "publicIpv4Pool", S("amazon"));
    ec2_put(call, doc, "networkBorderGroup", call->region->name);
    if (interface != NULL) {
        ec2_put(call, doc, "associationId", address->association_id);
        ec2_put(call, doc, "networkInterfaceId", interface->thing.id);
        ec2_put(call, doc, "networkInterfaceOwnerId", S(ACCOUNT));
        ec2_put(call, doc, "privateIpAddress", address_text(call->arena, address->private_address));
        ec2_put(call, doc, "subnetId", interface->subnet->thing.id);
        if (interface->instance_id.len > 0)
            ec2_put(call, doc, "instanceId", interface->instance_id);
    }
    ec2_put_tags(call, doc, &thing->tags);
    return doc;
}

static struct address *address_by_ip(const struct call *call, struct str text)
{
    struct address *address;
    list_each (address, &call->region->things[THING_ADDRESS]) {
        if (str_eq(ip_of(call, address), text))
            return address;
    }
    return NULL;
}

static bool find_by_ip(struct call *call, struct str text, struct address **ret_address)
{
    uint32_t ip;
    if (!address_parse(text, &ip))
        return call_fail(call, "InvalidAddress.Malformed", "Invalid IPv4 address: %.*s", STR(text));
    *ret_address = address_by_ip(call, text);
    if (*ret_address == NULL)
        return call_fail(call, "InvalidAddress.NotFound", "Address '%.*s' not found.", STR(text));
    return true;
}

/* The address that the call names, by its allocation or by itself. */
static bool address_of_call(struct call *call, struct address **ret_address)
{
    struct str id = ec2_text(call, "AllocationId"), ip = ec2_text(call, "PublicIp");
    struct thing *found;

    if (id.len > 0 && ip.len > 0)
        return call_fail(call, "InvalidParameterCombination",
                         "You may specify public IP or allocation id, but not both in the same "
                         "call");
    if (id.len == 0 && ip.len == 0)
        return call_fail(call, "MissingParameter",
                         "Either public IP or allocation id must be specified");
    if (id.len == 0)
        return find_by_ip(call, ip, ret_address);
    if (!ec2_find(call, THING_ADDRESS, id, &found))
        return false;
    *ret_address = (struct address *)found;
    return true;
}

static bool describe_addresses(struct call *call)
{
    static const struct ec2_filter filters[] = {
        {"allocation-id", "allocationId"},
        {"association-id", "associationId"},
        {"domain", "domain"},
        {"instance-id", "instanceId"},
        {"network-border-group", "networkBorderGroup"},
        {"network-interface-id", "networkInterfaceId"},
        {"network-interface-owner-id", "networkInterfaceOwnerId"},
        {"private-ip-address", "privateIpAddress"},
        {"public-ip", "publicIp"},
        {NULL, NULL}};
    static const struct ec2_description how = {.kind = THING_ADDRESS,
                                               .ids = "AllocationId",
                                               .names = "PublicIp",
                                               .name_path = "publicIp",
                                               .set = "addressesSet",
                                               .describe = describe_address,
                                               .filters = filters};
    struct address *address;
    doc_each (entry, doc_get(call->input, S("PublicIp"))) {
        if (!find_by_ip(call, doc_text(entry->value), &address))
            return false;
    }
    return ec2_describe(call, &how);
}

/* One of 44.224.0.0/11, which is Amazon's. */
static uint32_t new_ip(const struct call *call)
{
    for (uint64_t number = 0;; number++) {
        uint64_t chance = state_chance(call->state, S("address"), call->state->serial + number);
        uint32_t ip = 0x2ce00000 | (uint32_t)(chance & 0x1fffff);
        if (address_by_ip(call, address_text(call->arena, ip)) == NULL)
            return ip;
    }
}

static bool allocate_address(struct call *call)
{
    static const char *const domains[] = {"vpc", "standard", NULL};
    struct str domain = S("vpc"), border = ec2_text(call, "NetworkBorderGroup");
    struct tag_list tags;

    if (!ec2_choice(call, "Domain", domains, &domain) ||
        !ec2_tag_specification(call, THING_ADDRESS, &tags))
        return false;
    if (ec2_text(call, "Address").len > 0) /* nobody's earlier address is kept */
        return call_fail(call, "InvalidAddress.NotFound", "Address '%.*s' not found.",
                         STR(ec2_text(call, "Address")));
    if (border.len > 0 && !str_eq(border, call->region->name))
        return call_fail(call, "InvalidAddress.NotFound",
                         "The network border group '%.*s' has no addresses.", STR(border));
    if (call->region->things[THING_ADDRESS].count >= most_addresses)
        return call_fail(call, "AddressLimitExceeded",
                         "The maximum number of addresses has been reached.");
    struct address *address = address_new(call->state, call->region, new_ip(call));
    ec2_tag(&address->thing, tags);
    ec2_put(call, call->output, "publicIp", ip_of(call, address));
    ec2_put(call, call->output, "allocationId", address->thing.id);
    ec2_put(call, call->output, "domain", S("vpc"));
    ec2_put(call, call->output, "publicIpv4Pool", S("amazon"));
    ec2_put(call, call->output, "networkBorderGroup", call->region->name);
    return true;
}

/* An address of a NAT gateway is not the caller's to move. */
static bool is_callers(struct call *call, const struct address *address)
{
    if (address->interface != NULL && address->interface->manager.len > 0)
        return call_fail(call, "AuthFailure",
                         "You do not have permission to access the specified resource.");
    return true;
}

static bool has_private(const struct interface *interface, uint32_t private_address)
{
    for (size_t i = 0; i < interface->other_count; i++)
        if (interface->others[i] == private_address)
            return true;
    return interface->address == private_address;
}

/* Where to: an interface and one of its private addresses, the primary one unless it is said. */
static bool aim_of_call(struct call *call, struct interface **ret_interface, uint32_t *ret_private)
{
    struct str instance = ec2_text(call, "InstanceId"), text = ec2_text(call, "PrivateIpAddress");
    struct thing *found;

    if (instance.len > 0) /* the account has no instances: HyperPod's are AWS's */
        return call_fail(call, "InvalidInstanceID.NotFound",
                         "The instance ID '%.*s' does not exist", STR(instance));
    if (!ec2_need_thing(call, "NetworkInterfaceId", THING_INTERFACE, &found))
        return false;
    *ret_interface = (struct interface *)found;
    *ret_private = (*ret_interface)->address;
    if ((*ret_interface)->manager.len > 0)
        return call_fail(call, "AuthFailure",
                         "You do not have permission to access the specified resource.");
    if (text.len > 0 &&
        (!address_parse(text, ret_private) || !has_private(*ret_interface, *ret_private)))
        return call_fail(call, "InvalidParameterValue",
                         "The private IP address %.*s is not assigned to the network interface "
                         "%.*s",
                         STR(text), STR(found->id));
    if (gateway_of(call->region, THING_INTERNET_GATEWAY, (*ret_interface)->subnet->vpc) == NULL)
        return call_fail(call, "Gateway.NotAttached",
                         "Network %.*s is not attached to any internet gateway",
                         STR((*ret_interface)->subnet->vpc->thing.id));
    return true;
}

static bool associate_address(struct call *call)
{
    struct address *address;
    struct interface *interface;
    uint32_t private_address;
    bool may_move = true;

    if (!address_of_call(call, &address) || !is_callers(call, address) ||
        !aim_of_call(call, &interface, &private_address) ||
        !ec2_flag(call, call->input, "AllowReassociation", &may_move))
        return false;
    struct address *before = address_at(call->region, interface, private_address);
    if (!may_move && address->interface != NULL)
        return call_fail(call, "Resource.AlreadyAssociated",
                         "resource %.*s is already associated with associate-id %.*s",
                         STR(address->thing.id), STR(address->association_id));
    if (!may_move && before != NULL)
        return call_fail(call, "Resource.AlreadyAssociated",
                         "resource %.*s is already associated with associate-id %.*s",
                         STR(interface->thing.id), STR(before->association_id));
    if (before != address) {
        struct str id = state_new_id(call->state, "eipassoc-");
        if (before != NULL)
            address_unbind(before);
        address_bind(address, interface, private_address, id);
        text_done(&id);
    }
    ec2_put_bool(call, call->output, "return", true);
    ec2_put(call, call->output, "associationId", address->association_id);
    return true;
}

static bool disassociate_address(struct call *call)
{
    struct str id = ec2_text(call, "AssociationId"), ip = ec2_text(call, "PublicIp");
    struct address *address, *found = NULL;

    if (id.len == 0 && ip.len == 0)
        return call_fail(call, "MissingParameter",
                         "Either public IP or association id must be specified");
    if (id.len == 0 && !find_by_ip(call, ip, &found))
        return false;
    list_each (address, &call->region->things[THING_ADDRESS])
        if (id.len > 0 && str_eq(address->association_id, id))
            found = address;
    if (found == NULL)
        return call_fail(call, "InvalidAssociationID.NotFound",
                         "The association ID '%.*s' does not exist", STR(id));
    if (!is_callers(call, found))
        return false;
    address_unbind(found);
    return ec2_done(call);
}

static bool release_address(struct call *call)
{
    struct address *address;

    if (!address_of_call(call, &address) || !is_callers(call, address))
        return false;
    if (address->interface != NULL)
        return call_fail(call, "InvalidIPAddress.InUse", "Address %.*s is in use.",
                         STR(ip_of(call, address)));
    thing_remove(call->region, &address->thing);
    return ec2_done(call);
}

const struct operation ec2_address_operations[] = {
    {S_INIT("AllocateAddress"), allocate_address, true,
     "Domain Address NetworkBorderGroup " EC2_TAGS},
    {S_INIT("AssociateAddress"), associate_address, true,
     "AllocationId PublicIp InstanceId NetworkInterfaceId PrivateIpAddress AllowReassociation "
     "DryRun"},
    {S_INIT("DisassociateAddress"), disassociate_address, true, "AssociationId PublicIp DryRun"},
    {S_INIT("ReleaseAddress"), release_address, true,
     "AllocationId PublicIp NetworkBorderGroup DryRun"},
    {S_INIT("DescribeAddresses"), describe_addresses, false,
     "AllocationId.N PublicIp.N " EC2_FILTERS_ONLY},
    {S_INIT("")},
};
