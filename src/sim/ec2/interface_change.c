/* Making, changing and deleting network interfaces. */
#include "call/describe.h"
#include "client_token.h"
#include "ec2.h"
#include "ground/form.h"
#include "world/network.h"

/* SecurityGroupId.N, all in the subnet's VPC. */
static bool groups_of_call(struct call *call, const struct subnet *subnet, struct list *ret_groups)
{
    size_t count;
    struct thing *found;
    const struct doc **ids = form_list(call->arena, call->input, "SecurityGroupId", &count);

    if (count > most_groups_of_interface)
        return call_fail(call, "SecurityGroupsPerInterfaceLimitExceeded",
                         "The maximum number of security groups per interface has been reached.");
    for (size_t i = 0; i < count; i++) {
        if (!ec2_find(call, THING_SECURITY_GROUP, doc_text(ids[i]), &found))
            return false;
        if (((struct security_group *)found)->vpc != subnet->vpc)
            return call_fail(call, "InvalidParameterValue",
                             "Security group %.*s and subnet %.*s belong to different networks.",
                             STR(found->id), STR(subnet->thing.id));
        list_add(ret_groups, found);
    }
    return true;
}

static void add_default_group(const struct call *call, const struct subnet *subnet,
                              struct list *groups)
{
    struct security_group *group;
    list_each (group, &call->region->things[THING_SECURITY_GROUP])
        if (group->vpc == subnet->vpc && str_is(group->name, "default"))
            list_add(groups, group);
}

/* What a call asks for: addresses beside what may be any. */
struct wish {
    struct subnet *subnet;
    uint32_t first, *others; /* 0: any */
    size_t other_count;
    struct cidr6 *addresses6;
    size_t count6, any6;
    bool primary6;
    struct list groups;
};

static bool read_address(struct call *call, const struct wish *wish, struct str text,
                         uint32_t *ret_address)
{
    const struct subnet *subnet = wish->subnet;
    uint32_t address;

    if (!address_parse(text, &address) || !cidr_inside((struct cidr){address, 32}, subnet->cidr) ||
        address - subnet->cidr.first < 4 ||
        address - subnet->cidr.first == cidr_size(subnet->cidr) - 1)
        return call_fail(call, "InvalidParameterValue", "invalid value for parameter address: %.*s",
                         STR(text));
    bool taken = !subnet_is_free(subnet, address) || address == wish->first;
    for (size_t i = 0; i < wish->other_count; i++)
        taken = taken || wish->others[i] == address;
    if (taken)
        return call_fail(call, "InvalidIPAddress.InUse", "The address %.*s is in use.", STR(text));
    *ret_address = address;
    return true;
}

/* PrivateIpAddress, PrivateIpAddresses.N with one primary at most, and a count of any. */
static bool read_addresses(struct call *call, struct wish *wish)
{
    enum { most = 50 };
    size_t count;
    int64_t any = 0;
    struct str first = ec2_text(call, "PrivateIpAddress");
    const struct doc **rows = form_list(call->arena, call->input, "PrivateIpAddresses", &count);

    if (!ec2_number(call, call->input, "SecondaryPrivateIpAddressCount", &any) ||
        (first.len > 0 && !read_address(call, wish, first, &wish->first)))
        return false;
    if (any < 0 || any > most || count > most)
        return call_fail(call, "PrivateIpAddressLimitExceeded",
                         "The maximum number of private addresses has been reached.");
    wish->others = arena_array(call->arena, uint32_t, count + (size_t)any + 1);
    for (size_t i = 0; i < count; i++) {
        bool primary = false;
        uint32_t address = 0;
        if (!ec2_flag(call, rows[i], "Primary", &primary))
            return false;
        if (primary && wish->first != 0)
            return call_fail(call, "InvalidParameterCombination",
                             "Only one primary private IP address can be specified.");
        if (!read_address(call, wish, doc_get_text(rows[i], S("PrivateIpAddress")), &address))
            return false;
        if (primary)
            wish->first = address;
        else
            wish->others[wish->other_count++] = address;
    }
    wish->other_count += (size_t)any; /* zeros: any */
    return true;
}

static bool has6(const struct region *region, const struct cidr6 *address)
{
    const struct interface *interface;
    list_each (interface, &region->things[THING_INTERFACE]) {
        for (size_t i = 0; i < interface->count6; i++)
            if (cidr6_equal(&interface->addresses6[i], address))
                return true;
    }
    return false;
}

static bool read_addresses6(struct call *call, struct wish *wish)
{
    enum { most = 50 };
    size_t count;
    int64_t any = wish->subnet->addresses6 ? 1 : 0;
    const struct list *blocks = &wish->subnet->blocks6;
    const struct doc **rows = form_list(call->arena, call->input, "Ipv6Addresses", &count);

    if (count > 0)
        any = 0;
    if (!ec2_number(call, call->input, "Ipv6AddressCount", &any) ||
        !ec2_flag(call, call->input, "EnablePrimaryIpv6", &wish->primary6))
        return false;
    if (any < 0 || any > most || count > most || (any > 0 && count > 0))
        return call_fail(call, "InvalidParameterCombination",
                         "IPv6 addresses are either named or counted, at most %d.", most);
    if ((any > 0 || count > 0) && blocks->count == 0)
        return call_fail(call, "InvalidParameterValue", "The subnet %.*s has no IPv6 CIDR block.",
                         STR(wish->subnet->thing.id));
    wish->addresses6 = arena_array(call->arena, struct cidr6, count + 1);
    wish->any6 = (size_t)any;
    for (size_t i = 0; i < count; i++) {
        struct str text = doc_get_text(rows[i], S("Ipv6Address"));
        struct cidr6 *address = &wish->addresses6[wish->count6];
        if (!address6_parse(text, address) ||
            !cidr6_inside(address, &((const struct block *)blocks->items[0])->cidr6))
            return call_fail(call, "InvalidParameterValue",
                             "invalid value for parameter ipv6Address: %.*s", STR(text));
        bool taken = has6(call->region, address);
        for (size_t j = 0; j < i; j++)
            taken = taken || cidr6_equal(&wish->addresses6[j], address);
        if (taken)
            return call_fail(call, "InvalidIPAddress.InUse", "The address %.*s is in use.",
                             STR(text));
        if (!ec2_flag(call, rows[i], "IsPrimaryIpv6", &wish->primary6))
            return false;
        wish->count6++;
    }
    return true;
}

static bool read_wish(struct call *call, struct wish *wish, struct str *ret_type)
{
    static const char *const types[] = {"interface", "efa", "efa-only", "trunk", "branch", NULL};
    struct thing *found;

    *ret_type = S("interface");
    if (!ec2_need_thing(call, "SubnetId", THING_SUBNET, &found))
        return false;
    wish->subnet = (struct subnet *)found;
    if (!groups_of_call(call, wish->subnet, &wish->groups) || !read_addresses(call, wish) ||
        !read_addresses6(call, wish) || !ec2_choice(call, "InterfaceType", types, ret_type))
        return false;
    if (wish->groups.count == 0)
        add_default_group(call, wish->subnet, &wish->groups);
    if (subnet_free(wish->subnet) < 1 + wish->other_count)
        return call_fail(call, "InsufficientFreeAddressesInSubnet",
                         "The specified subnet does not have enough free addresses to satisfy the "
                         "request.");
    return true;
}

static struct thing *make(struct call *call, const struct wish *wish, struct str type)
{
    struct interface *interface =
        interface_new(call->state, call->region, wish->subnet, wish->first);
    struct security_group *group;

    text_set(&interface->description, ec2_text(call, "Description"));
    text_set(&interface->type, type);
    interface->primary6 = wish->primary6;
    for (size_t i = 0; i < wish->other_count; i++)
        interface_take(interface, wish->others[i]);
    for (size_t i = 0; i < wish->count6; i++)
        interface_take6(interface, &wish->addresses6[i]);
    for (size_t i = 0; i < wish->any6; i++) {
        struct cidr6 address =
            subnet_address6(call->state, call->region, wish->subnet, interface->thing.id);
        interface_take6(interface, &address);
    }
    list_each (group, &wish->groups)
        interface_use(interface, group);
    return &interface->thing;
}

/* The answer tells a new interface as pending (EC2 API reference, CreateNetworkInterface,
 * example); a moment later it is available. */
static bool make_interface(struct call *call, struct wish *wish)
{
    struct thing *made;
    struct tag_list tags;
    struct str type;

    if (!token_find(call, THING_INTERFACE, &made) ||
        !ec2_tag_specification(call, THING_INTERFACE, &tags))
        return false;
    bool again = made != NULL;
    if (!again) {
        if (!read_wish(call, wish, &type))
            return false;
        made = make(call, wish, type);
        ec2_tag(made, tags);
    }
    token_note(call, made);
    struct doc *doc = describe_interface(call, made);
    if (!again)
        doc_set(call->arena, doc, S("status"), doc_string(call->arena, S("pending")));
    doc_put(call->arena, call->output, S("networkInterface"), doc);
    return true;
}

static bool create_interface(struct call *call)
{
    struct wish wish = {NULL};
    bool ok = make_interface(call, &wish);
    list_done(&wish.groups);
    return ok;
}

/* AWS's code for an interface in use is InvalidParameterValue when a service manages it, and may be
 * that too otherwise (EC2 API reference, error codes, InvalidNetworkInterface.InUse). */
static bool delete_interface(struct call *call)
{
    struct thing *found;

    if (!ec2_need_thing(call, "NetworkInterfaceId", THING_INTERFACE, &found))
        return false;
    const struct interface *interface = (const struct interface *)found;
    if (interface->instance_id.len > 0 || interface->manager.len > 0)
        return call_fail(call,
                         interface->manager.len > 0 ? "InvalidParameterValue"
                                                    : "InvalidNetworkInterface.InUse",
                         "Network interface '%.*s' is currently in use.", STR(found->id));
    thing_remove(call->region, found);
    return ec2_done(call);
}

static bool change_groups(struct call *call, struct interface *interface)
{
    struct list groups = {NULL, 0, 0};
    struct security_group *group;
    bool ok = groups_of_call(call, interface->subnet, &groups);

    if (ok) {
        interface_leave_groups(interface);
        list_each (group, &groups)
            interface_use(interface, group);
    }
    list_done(&groups);
    return ok;
}

static bool change_check(struct call *call, struct interface *interface)
{
    bool check = !interface->no_check;
    if (!ec2_flag(call, doc_get(call->input, S("SourceDestCheck")), "Value", &check))
        return false;
    interface->no_check = !check;
    return true;
}

static bool change_description(struct call *call, struct interface *interface)
{
    text_set(&interface->description, doc_text(doc_at(call->input, "Description.Value")));
    return true;
}

/* A primary IPv6 address stays one as long as the interface lives. */
static bool change_primary6(struct call *call, struct interface *interface)
{
    bool primary = interface->primary6;
    if (!ec2_flag(call, call->input, "EnablePrimaryIpv6", &primary))
        return false;
    if (interface->primary6 && !primary)
        return call_fail(call, "OperationNotPermitted",
                         "The primary IPv6 address of a network interface cannot be disabled.");
    if (primary && interface->count6 == 0)
        return call_fail(call, "InvalidParameterValue",
                         "The network interface %.*s has no IPv6 address.",
                         STR(interface->thing.id));
    interface->primary6 = primary;
    return true;
}

/* Attachments here are all made by services. */
static bool change_attachment(struct call *call, struct interface *interface)
{
    (void)interface;
    struct str id = doc_text(doc_at(call->input, "Attachment.AttachmentId"));
    if (str_starts(id, S("ela-attach-")) || interface->instance_id.len > 0)
        return call_fail(call, "OperationNotPermitted",
                         "You are not allowed to manage '%s' attachments.",
                         interface->instance_id.len > 0 ? "eni-attach" : "ela-attach");
    return call_fail(call, "InvalidAttachmentID.NotFound",
                     "The network interface attachment ID '%.*s' does not exist", STR(id));
}

static bool modify_interface(struct call *call)
{
    static const struct {
        const char *parameter;
        bool (*change)(struct call *call, struct interface *interface);
    } changes[] = {{"Description", change_description},
                   {"SourceDestCheck", change_check},
                   {"SecurityGroupId", change_groups},
                   {"EnablePrimaryIpv6", change_primary6},
                   {"Attachment", change_attachment}};
    struct thing *found;
    size_t named = 0, at = 0;

    if (!ec2_need_thing(call, "NetworkInterfaceId", THING_INTERFACE, &found))
        return false;
    struct interface *interface = (struct interface *)found;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        if (doc_get(call->input, str_of(changes[i].parameter)) != NULL) {
            named++;
            at = i;
        }
    if (named != 1) /* EC2 API reference, ModifyNetworkInterfaceAttribute */
        return call_fail(call, named == 0 ? "MissingParameter" : "InvalidParameterCombination",
                         "The request must contain exactly one attribute to modify");
    if (interface->manager.len > 0)
        return call_fail(call, "AuthFailure",
                         "You do not have permission to access the specified resource.");
    return changes[at].change(call, interface) && ec2_done(call);
}

const struct operation ec2_interface_change_operations[] = {
    {S_INIT("CreateNetworkInterface"), create_interface, true,
     "SubnetId Description PrivateIpAddress PrivateIpAddresses.N.PrivateIpAddress "
     "PrivateIpAddresses.N.Primary SecondaryPrivateIpAddressCount Ipv6Addresses.N.Ipv6Address "
     "Ipv6Addresses.N.IsPrimaryIpv6 "
     "Ipv6AddressCount EnablePrimaryIpv6 SecurityGroupId.N InterfaceType ClientToken " EC2_TAGS},
    {S_INIT("DeleteNetworkInterface"), delete_interface, true, "NetworkInterfaceId DryRun"},
    {S_INIT("ModifyNetworkInterfaceAttribute"), modify_interface, true,
     "NetworkInterfaceId Description.Value SourceDestCheck.Value SecurityGroupId.N "
     "EnablePrimaryIpv6 Attachment.AttachmentId Attachment.DeleteOnTermination DryRun"},
    {S_INIT("")},
};
