/* Security groups and their rules, shared by the operations on them. */
#ifndef HP_SIM_EC2_GROUP_H
#define HP_SIM_EC2_GROUP_H

#include "call/describe.h"
#include "ec2.h"

/* The group that GroupId, or GroupName in the default VPC, names. */
bool group_of_call(struct call *call, struct security_group **ret_group);

/* The rules that IpPermissions.N (or the older single parameters) spell out, one for each peer; in
 * the arena. */
struct rules {
    struct rule *items;
    size_t count;
};
bool rules_of_call(struct call *call, struct security_group *group, bool egress,
                   struct rules *ret_rules);
/* The protocol and ports of a permission, and a peer; each is checked and put into its usual form.
 */
bool rule_take_ports(struct call *call, const struct doc *from, struct rule *rule);
bool rule_take_peer(struct call *call, enum peer_kind kind, struct str peer, struct rule *rule);
bool rule_take_description(struct call *call, const struct doc *from, struct rule *rule);
/* At most 255 of the characters that names and descriptions may have in a VPC. */
bool is_plain_text(struct str text);
/* The group's rule with the same direction, ports and peer, or NULL. */
struct rule *rule_same(const struct security_group *group, const struct rule *like);
/* peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW */
struct str rule_text(struct arena *arena, const struct rule *rule);
/* The members that a rule's peer has in SecurityGroupRule. */
void rule_put_peer(struct call *call, struct doc *doc, const struct rule *rule);

#define EC2_PERMISSION(p)                                                                          \
    p "IpProtocol " p "FromPort " p "ToPort " p "IpRanges.N.CidrIp " p "IpRanges.N.Description " p \
      "Ipv6Ranges.N.CidrIpv6 " p "Ipv6Ranges.N.Description " p "PrefixListIds.N.PrefixListId " p   \
      "PrefixListIds.N.Description " p "Groups.N.GroupId " p "Groups.N.GroupName " p               \
      "Groups.N.UserId " p "Groups.N.VpcId " p "Groups.N.Description "
#define EC2_PERMISSIONS                                                                            \
    "GroupId GroupName CidrIp IpProtocol FromPort ToPort DryRun " EC2_PERMISSION("IpPermissions."  \
                                                                                 "N.")

#endif
