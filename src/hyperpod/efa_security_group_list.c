/* Looking for security groups that EFA could use: those that permit all traffic from themselves
 * and to themselves. */
#include "efa_security_group.h"

enum { page_size = 1000 };

static const struct tf_attr list_rows[] = {
    {"vpc_id", TF_STRING, .flags = TF_OPTIONAL, .pattern = "vpc-[0-9a-f]+",
     .pattern_text = "a VPC's id, as in \"vpc-0a1b2c3d4e5f60718\"",
     .doc = "Only groups of this VPC."},
    {"name_contains", TF_STRING, .flags = TF_OPTIONAL, .min_len = 1, .max_len = 255,
     .doc = "Only groups whose name contains this."},
    HP_LIST_REGION_ROW,
    {0},
};

static bool permits_itself(const struct doc *permissions, struct str group_id)
{
    doc_each (permission, permissions) {
        if (!str_is(doc_get_text(permission->value, S("IpProtocol")), "-1"))
            continue;
        doc_each (pair, doc_get(permission->value, S("UserIdGroupPairs"))) {
            if (str_eq(doc_get_text(pair->value, S("GroupId")), group_id))
                return true;
        }
    }
    return false;
}

static bool is_asked_for(const struct tf_listing *listing, const struct doc *group)
{
    struct str id = doc_get_text(group, S("GroupId"));
    struct str part = tf_str(listing->call->config, "name_contains");

    return permits_itself(doc_get(group, S("IpPermissions")), id) &&
           permits_itself(doc_get(group, S("IpPermissionsEgress")), id) &&
           (part.len == 0 || str_has(doc_get_text(group, S("GroupName")), part));
}

struct found {
    const struct doc *group;
    struct str region;
    bool whole;
};

static bool fill(struct tf_call *call, void *arg, struct str *ret_name)
{
    const struct found *found = arg;

    *ret_name =
        arena_fmt(call->arena, "%.*s (%.*s)", STR(doc_get_text(found->group, S("GroupName"))),
                  STR(doc_get_text(found->group, S("VpcId"))));
    tf_set_str(call, "id", doc_get_text(found->group, S("GroupId")));
    tf_set_str(call, "region", found->region);
    if (found->whole)
        return hp_efa_security_group.read(call);
    sg_show_group(call, found->group);
    return true;
}

static bool tell_page(void *arg, const struct doc *page)
{
    struct tf_listing *listing = arg;
    struct found found = {.region = hp_region(listing->call), .whole = listing->wants_objects};

    doc_each (entry, doc_get(page, S("SecurityGroups"))) {
        found.group = entry->value;
        if (is_asked_for(listing, entry->value) && !tf_list_found(listing, fill, &found))
            return false;
    }
    return true;
}

static bool list(struct tf_listing *listing)
{
    struct tf_call *call = listing->call;
    struct str vpc_id = tf_str(call->config, "vpc_id");
    struct doc *input = vpc_id.len == 0 ? doc_object(call->arena)
                                        : sg_filters(call->arena, "vpc-id", &vpc_id, NULL);

    doc_put(call->arena, input, S("MaxResults"), doc_int(call->arena, page_size));
    return hp_each_page(
        call, &aws_ec2_DescribeSecurityGroups, input, tell_page, listing,
        arena_cat(call->arena, S("listing the security groups of "), hp_region(call)));
}

const struct tf_list sg_list = {
    .doc = "Finds security groups that permit all traffic from themselves and to themselves, as "
           "EFA needs it, to import them.",
    .attrs = list_rows,
    .list = list};
