/* EC2's operations. Requests use queryName, else locationName with an upper-case first letter;
 * answers use locationName: SENT, READ and BOTH say which. */
#include "rows.h"

STRUCT(tag, BOTH("Key", aws_string, "", "key"), BOTH("Value", aws_string, "", "value"));
LIST_OF(tags, tag);
STRUCT(tag_specification, M("ResourceType", aws_string), SENT("Tags", tags, "Tag"));
LIST_OF(tag_specifications, tag_specification);
STRUCT(filter, M("Name", aws_string), SENT("Values", aws_strings, "Value"));
LIST_OF(filters, filter);
STRUCT(returned, READ("Return", aws_bool, "return"));

/* Rules as permissions. */
STRUCT(group_pair, READ("Description", aws_string, "description"),
       READ("UserId", aws_string, "userId"), READ("GroupName", aws_string, "groupName"),
       READ("GroupId", aws_string, "groupId"), READ("VpcId", aws_string, "vpcId"),
       READ("VpcPeeringConnectionId", aws_string, "vpcPeeringConnectionId"),
       READ("PeeringStatus", aws_string, "peeringStatus"));
LIST_OF(group_pairs, group_pair);
STRUCT(ip_range, READ("CidrIp", aws_string, "cidrIp"),
       READ("Description", aws_string, "description"));
LIST_OF(ip_ranges, ip_range);
STRUCT(ipv6_range, READ("CidrIpv6", aws_string, "cidrIpv6"),
       READ("Description", aws_string, "description"));
LIST_OF(ipv6_ranges, ipv6_range);
STRUCT(prefix_list, READ("PrefixListId", aws_string, "prefixListId"),
       READ("Description", aws_string, "description"));
LIST_OF(prefix_lists, prefix_list);
STRUCT(ip_permission, READ("IpProtocol", aws_string, "ipProtocol"),
       READ("FromPort", aws_int, "fromPort"), READ("ToPort", aws_int, "toPort"),
       BOTH("UserIdGroupPairs", group_pairs, "Groups", "groups"),
       READ("IpRanges", ip_ranges, "ipRanges"), READ("Ipv6Ranges", ipv6_ranges, "ipv6Ranges"),
       READ("PrefixListIds", prefix_lists, "prefixListIds"));
LIST_OF(ip_permissions, ip_permission);

/* Security groups. */
STRUCT(create_group, M("DryRun", aws_bool), SENT("Description", aws_string, "GroupDescription"),
       M("GroupName", aws_string), M("VpcId", aws_string),
       SENT("TagSpecifications", tag_specifications, "TagSpecification"));
STRUCT(created_group, READ("GroupId", aws_string, "groupId"), READ("Tags", tags, "tagSet"),
       READ("SecurityGroupArn", aws_string, "securityGroupArn"));
STRUCT(describe_groups, M("DryRun", aws_bool), SENT("GroupIds", aws_strings, "GroupId"),
       SENT("GroupNames", aws_strings, "GroupName"), M("NextToken", aws_string),
       M("MaxResults", aws_int), SENT("Filters", filters, "Filter"));
STRUCT(group, READ("GroupId", aws_string, "groupId"),
       READ("IpPermissionsEgress", ip_permissions, "ipPermissionsEgress"),
       READ("Tags", tags, "tagSet"), READ("VpcId", aws_string, "vpcId"),
       READ("SecurityGroupArn", aws_string, "securityGroupArn"),
       READ("OwnerId", aws_string, "ownerId"), READ("GroupName", aws_string, "groupName"),
       READ("Description", aws_string, "groupDescription"),
       READ("IpPermissions", ip_permissions, "ipPermissions"));
LIST_OF(groups, group);
STRUCT(described_groups, READ("NextToken", aws_string, "nextToken"),
       READ("SecurityGroups", groups, "securityGroupInfo"));
STRUCT(delete_group, M("DryRun", aws_bool), M("GroupId", aws_string), M("GroupName", aws_string));
STRUCT(deleted_group, READ("Return", aws_bool, "return"), READ("GroupId", aws_string, "groupId"));

/* Rules. */
STRUCT(referenced_group, READ("GroupId", aws_string, "groupId"),
       READ("PeeringStatus", aws_string, "peeringStatus"), READ("UserId", aws_string, "userId"),
       READ("VpcId", aws_string, "vpcId"),
       READ("VpcPeeringConnectionId", aws_string, "vpcPeeringConnectionId"));
STRUCT(rule, READ("SecurityGroupRuleId", aws_string, "securityGroupRuleId"),
       READ("GroupId", aws_string, "groupId"), READ("GroupOwnerId", aws_string, "groupOwnerId"),
       READ("IsEgress", aws_bool, "isEgress"), READ("IpProtocol", aws_string, "ipProtocol"),
       READ("FromPort", aws_int, "fromPort"), READ("ToPort", aws_int, "toPort"),
       READ("CidrIpv4", aws_string, "cidrIpv4"), READ("CidrIpv6", aws_string, "cidrIpv6"),
       READ("PrefixListId", aws_string, "prefixListId"),
       READ("ReferencedGroupInfo", referenced_group, "referencedGroupInfo"),
       READ("Description", aws_string, "description"), READ("Tags", tags, "tagSet"),
       READ("SecurityGroupRuleArn", aws_string, "securityGroupRuleArn"));
LIST_OF(rules, rule);
/* Of both directions; only an ingress rule's group may be named instead. */
#define CHANGE_RULES                                                                               \
    M("DryRun", aws_bool), M("IpProtocol", aws_string), M("FromPort", aws_int),                    \
        M("ToPort", aws_int), M("CidrIp", aws_string), M("SourceSecurityGroupName", aws_string),   \
        M("SourceSecurityGroupOwnerId", aws_string), M("GroupId", aws_string),                     \
        M("IpPermissions", ip_permissions)
STRUCT(authorize_in, CHANGE_RULES, M("GroupName", aws_string),
       SENT("TagSpecifications", tag_specifications, "TagSpecification"));
STRUCT(authorize_out, CHANGE_RULES,
       SENT("TagSpecifications", tag_specifications, "TagSpecification"));
STRUCT(authorized, READ("Return", aws_bool, "return"),
       READ("SecurityGroupRules", rules, "securityGroupRuleSet"));
STRUCT(revoke_in, CHANGE_RULES, M("GroupName", aws_string),
       SENT("SecurityGroupRuleIds", aws_strings, "SecurityGroupRuleId"));
STRUCT(revoke_out, CHANGE_RULES, SENT("SecurityGroupRuleIds", aws_strings, "SecurityGroupRuleId"));
STRUCT(revoked, READ("Return", aws_bool, "return"),
       READ("UnknownIpPermissions", ip_permissions, "unknownIpPermissionSet"));
STRUCT(describe_rules, M("DryRun", aws_bool), SENT("Filters", filters, "Filter"),
       SENT("SecurityGroupRuleIds", aws_strings, "SecurityGroupRuleId"), M("NextToken", aws_string),
       M("MaxResults", aws_int));
STRUCT(described_rules, READ("SecurityGroupRules", rules, "securityGroupRuleSet"),
       READ("NextToken", aws_string, "nextToken"));
STRUCT(rule_request, M("IpProtocol", aws_string), M("FromPort", aws_int), M("ToPort", aws_int),
       M("CidrIpv4", aws_string), M("CidrIpv6", aws_string), M("PrefixListId", aws_string),
       M("ReferencedGroupId", aws_string), M("Description", aws_string));
STRUCT(rule_update, M("SecurityGroupRuleId", aws_string), M("SecurityGroupRule", rule_request));
LIST_OF(rule_updates, rule_update);
STRUCT(modify_rules, M("DryRun", aws_bool), M("GroupId", aws_string),
       SENT("SecurityGroupRules", rule_updates, "SecurityGroupRule"));
STRUCT(rule_description, M("SecurityGroupRuleId", aws_string), M("Description", aws_string));
LIST_OF(rule_descriptions, rule_description);
STRUCT(describe_by, M("DryRun", aws_bool), M("GroupId", aws_string), M("GroupName", aws_string),
       M("IpPermissions", ip_permissions),
       SENT("SecurityGroupRuleDescriptions", rule_descriptions, "SecurityGroupRuleDescription"));

/* Networks. */
STRUCT(block_state, READ("State", aws_string, "state"),
       READ("StatusMessage", aws_string, "statusMessage"));
STRUCT(block, READ("AssociationId", aws_string, "associationId"),
       READ("CidrBlock", aws_string, "cidrBlock"),
       READ("CidrBlockState", block_state, "cidrBlockState"));
LIST_OF(blocks, block);
STRUCT(ipv6_block, READ("AssociationId", aws_string, "associationId"),
       READ("Ipv6CidrBlock", aws_string, "ipv6CidrBlock"),
       READ("Ipv6CidrBlockState", block_state, "ipv6CidrBlockState"),
       READ("NetworkBorderGroup", aws_string, "networkBorderGroup"),
       READ("Ipv6Pool", aws_string, "ipv6Pool"));
LIST_OF(ipv6_blocks, ipv6_block);
STRUCT(subnet_ipv6_block, READ("AssociationId", aws_string, "associationId"),
       READ("Ipv6CidrBlock", aws_string, "ipv6CidrBlock"),
       READ("Ipv6CidrBlockState", block_state, "ipv6CidrBlockState"));
LIST_OF(subnet_ipv6_blocks, subnet_ipv6_block);
STRUCT(describe_vpcs, M("DryRun", aws_bool), SENT("Filters", filters, "Filter"),
       SENT("VpcIds", aws_strings, "VpcId"), M("NextToken", aws_string), M("MaxResults", aws_int));
STRUCT(vpc, READ("OwnerId", aws_string, "ownerId"),
       READ("InstanceTenancy", aws_string, "instanceTenancy"),
       READ("Ipv6CidrBlockAssociationSet", ipv6_blocks, "ipv6CidrBlockAssociationSet"),
       READ("CidrBlockAssociationSet", blocks, "cidrBlockAssociationSet"),
       READ("IsDefault", aws_bool, "isDefault"), READ("Tags", tags, "tagSet"),
       READ("VpcId", aws_string, "vpcId"), READ("State", aws_string, "state"),
       READ("CidrBlock", aws_string, "cidrBlock"),
       READ("DhcpOptionsId", aws_string, "dhcpOptionsId"));
LIST_OF(vpcs, vpc);
STRUCT(described_vpcs, READ("NextToken", aws_string, "nextToken"), READ("Vpcs", vpcs, "vpcSet"));

STRUCT(describe_subnets, M("DryRun", aws_bool), SENT("Filters", filters, "Filter"),
       SENT("SubnetIds", aws_strings, "SubnetId"), M("NextToken", aws_string),
       M("MaxResults", aws_int));
STRUCT(subnet, READ("AvailabilityZoneId", aws_string, "availabilityZoneId"),
       READ("OwnerId", aws_string, "ownerId"),
       READ("AssignIpv6AddressOnCreation", aws_bool, "assignIpv6AddressOnCreation"),
       READ("Ipv6CidrBlockAssociationSet", subnet_ipv6_blocks, "ipv6CidrBlockAssociationSet"),
       READ("Tags", tags, "tagSet"), READ("SubnetArn", aws_string, "subnetArn"),
       READ("Ipv6Native", aws_bool, "ipv6Native"), READ("SubnetId", aws_string, "subnetId"),
       READ("State", aws_string, "state"), READ("VpcId", aws_string, "vpcId"),
       READ("CidrBlock", aws_string, "cidrBlock"),
       READ("AvailableIpAddressCount", aws_int, "availableIpAddressCount"),
       READ("AvailabilityZone", aws_string, "availabilityZone"),
       READ("DefaultForAz", aws_bool, "defaultForAz"),
       READ("MapPublicIpOnLaunch", aws_bool, "mapPublicIpOnLaunch"));
LIST_OF(subnets, subnet);
STRUCT(described_subnets, READ("NextToken", aws_string, "nextToken"),
       READ("Subnets", subnets, "subnetSet"));

STRUCT(describe_interfaces, M("DryRun", aws_bool), M("IncludeManagedResources", aws_bool),
       M("NextToken", aws_string), M("MaxResults", aws_int),
       SENT("NetworkInterfaceIds", aws_strings, "NetworkInterfaceId"),
       SENT("Filters", filters, "Filter"));
STRUCT(attachment, READ("AttachTime", aws_time, "attachTime"),
       READ("AttachmentId", aws_string, "attachmentId"),
       READ("DeleteOnTermination", aws_bool, "deleteOnTermination"),
       READ("DeviceIndex", aws_int, "deviceIndex"),
       READ("NetworkCardIndex", aws_int, "networkCardIndex"),
       READ("InstanceId", aws_string, "instanceId"),
       READ("InstanceOwnerId", aws_string, "instanceOwnerId"),
       READ("Status", aws_string, "status"));
STRUCT(group_name, READ("GroupId", aws_string, "groupId"),
       READ("GroupName", aws_string, "groupName"));
LIST_OF(group_names, group_name);
STRUCT(interface, READ("Attachment", attachment, "attachment"),
       READ("AvailabilityZone", aws_string, "availabilityZone"),
       READ("Description", aws_string, "description"), READ("Groups", group_names, "groupSet"),
       READ("InterfaceType", aws_string, "interfaceType"),
       READ("MacAddress", aws_string, "macAddress"),
       READ("NetworkInterfaceId", aws_string, "networkInterfaceId"),
       READ("OwnerId", aws_string, "ownerId"),
       READ("PrivateIpAddress", aws_string, "privateIpAddress"),
       READ("RequesterId", aws_string, "requesterId"),
       READ("RequesterManaged", aws_bool, "requesterManaged"), READ("Status", aws_string, "status"),
       READ("SubnetId", aws_string, "subnetId"), READ("TagSet", tags, "tagSet"),
       READ("VpcId", aws_string, "vpcId"));
LIST_OF(interfaces, interface);
STRUCT(described_interfaces, READ("NetworkInterfaces", interfaces, "networkInterfaceSet"),
       READ("NextToken", aws_string, "nextToken"));

/* Tags and zones. */
STRUCT(change_tags, M("DryRun", aws_bool), SENT("Resources", aws_strings, "ResourceId"),
       SENT("Tags", tags, "Tag"));
STRUCT(describe_tags, M("DryRun", aws_bool), SENT("Filters", filters, "Filter"),
       M("MaxResults", aws_int), M("NextToken", aws_string));
STRUCT(tag_description, READ("Key", aws_string, "key"),
       READ("ResourceId", aws_string, "resourceId"),
       READ("ResourceType", aws_string, "resourceType"), READ("Value", aws_string, "value"));
LIST_OF(tag_descriptions, tag_description);
STRUCT(described_tags, READ("NextToken", aws_string, "nextToken"),
       READ("Tags", tag_descriptions, "tagSet"));
STRUCT(describe_zones, M("DryRun", aws_bool), SENT("ZoneNames", aws_strings, "ZoneName"),
       SENT("ZoneIds", aws_strings, "ZoneId"), M("AllAvailabilityZones", aws_bool),
       SENT("Filters", filters, "Filter"));
STRUCT(zone, READ("OptInStatus", aws_string, "optInStatus"),
       READ("RegionName", aws_string, "regionName"), READ("ZoneName", aws_string, "zoneName"),
       READ("ZoneId", aws_string, "zoneId"), READ("GroupName", aws_string, "groupName"),
       READ("NetworkBorderGroup", aws_string, "networkBorderGroup"),
       READ("ZoneType", aws_string, "zoneType"),
       READ("ParentZoneName", aws_string, "parentZoneName"),
       READ("ParentZoneId", aws_string, "parentZoneId"), READ("State", aws_string, "zoneState"));
LIST_OF(zones, zone);
STRUCT(described_zones, READ("AvailabilityZones", zones, "availabilityZoneInfo"));

#define OP(name, input, output, repeatable)                                                        \
    const struct aws_op aws_ec2_##name = {#name, &aws_ec2, &(input), &(output), repeatable}
OP(CreateSecurityGroup, create_group, created_group, false);
OP(DescribeSecurityGroups, describe_groups, described_groups, true);
OP(DeleteSecurityGroup, delete_group, deleted_group, true);
OP(AuthorizeSecurityGroupIngress, authorize_in, authorized, false);
OP(AuthorizeSecurityGroupEgress, authorize_out, authorized, false);
OP(RevokeSecurityGroupIngress, revoke_in, revoked, true);
OP(RevokeSecurityGroupEgress, revoke_out, revoked, true);
OP(DescribeSecurityGroupRules, describe_rules, described_rules, true);
OP(ModifySecurityGroupRules, modify_rules, returned, true);
OP(UpdateSecurityGroupRuleDescriptionsIngress, describe_by, returned, true);
OP(UpdateSecurityGroupRuleDescriptionsEgress, describe_by, returned, true);
OP(DescribeNetworkInterfaces, describe_interfaces, described_interfaces, true);
OP(DescribeVpcs, describe_vpcs, described_vpcs, true);
OP(DescribeSubnets, describe_subnets, described_subnets, true);
OP(CreateTags, change_tags, nothing, true);
OP(DeleteTags, change_tags, nothing, true);
OP(DescribeTags, describe_tags, described_tags, true);
OP(DescribeAvailabilityZones, describe_zones, described_zones, true);
