"""Networks and security groups."""

import botocore.exceptions

from world import DEFAULT_GROUP, SUBNET, VPC, Sim, efa_group, refused

ALL = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


def _ssh(cidr="10.0.0.0/8", **more):
    return [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": cidr, **more}]}]


def _new(ec2, name="g", **more):
    return ec2.create_security_group(GroupName=name, Description="a group", **more)["GroupId"]


def _one(ec2, gid):
    (found,) = ec2.describe_security_groups(GroupIds=[gid])["SecurityGroups"]
    return found


def _rules(ec2, gid):
    return ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [gid]}])["SecurityGroupRules"]


def the_default_world_is_there_in_each_region():
    with Sim() as sim:
        for region, zone_id in (("us-west-2", "usw2-az1"), ("ap-northeast-1", "apne1-az1"), ("eu-central-1", "euc1-az1")):
            ec2 = sim.client("ec2", region=region)
            (vpc,) = ec2.describe_vpcs()["Vpcs"]
            assert vpc["VpcId"] == VPC and vpc["CidrBlock"] == "172.31.0.0/16" and vpc["IsDefault"]
            subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [VPC]}])["Subnets"]
            assert [s["CidrBlock"] for s in subnets] == [f"172.31.{16 * i}.0/20" for i in range(4)]
            assert [s["AvailabilityZone"] for s in subnets] == [region + z for z in "abcd"]
            assert subnets[0]["AvailabilityZoneId"] == zone_id and subnets[0]["SubnetId"] == SUBNET
            assert subnets[0]["AvailableIpAddressCount"] == 4091
            (group,) = ec2.describe_security_groups()["SecurityGroups"]
            assert group["GroupId"] == DEFAULT_GROUP and group["GroupName"] == "default"
            assert group["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == DEFAULT_GROUP
            assert len(ec2.describe_availability_zones()["AvailabilityZones"]) == 4


def a_new_group_lets_everything_out_and_nothing_in():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        tags = [{"Key": "Name", "Value": "ä b&<c>"}]
        spec = [{"ResourceType": "security-group", "Tags": tags}]
        made = ec2.create_security_group(GroupName="g", Description="d", VpcId=VPC, TagSpecifications=spec)
        gid = made["GroupId"]
        assert len(gid) == 20 and gid.startswith("sg-0") and made["Tags"] == tags
        assert made["SecurityGroupArn"] == f"arn:aws:ec2:us-west-2:111122223333:security-group/{gid}"
        group = _one(ec2, gid)
        assert group["IpPermissions"] == [] and group["OwnerId"] == "111122223333" and group["Tags"] == tags
        (out,) = group["IpPermissionsEgress"]
        assert out["IpProtocol"] == "-1" and out["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}]
        assert "FromPort" not in out and "ToPort" not in out
        (rule,) = _rules(ec2, gid)
        assert rule["IsEgress"] and rule["CidrIpv4"] == "0.0.0.0/0" and rule["FromPort"] == rule["ToPort"] == -1


def names_are_checked():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        _new(ec2)
        with refused("InvalidGroup.Duplicate", f"The security group 'g' already exists for VPC '{VPC}'"):
            _new(ec2)
        for name in ("sg-mine", "default", "ü", "x" * 256):
            with refused("InvalidParameterValue"):
                _new(ec2, name)
        with refused("InvalidVpcID.NotFound"):
            _new(ec2, "h", VpcId="vpc-00000000000000000")
        with refused("DryRunOperation", status=412):
            _new(ec2, "h", DryRun=True)
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        _new(ec2, VpcId=vpc)


def groups_are_found_by_id_name_and_filter():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        ids = [_new(ec2, f"web-{i}") for i in range(3)]
        ec2.create_tags(Resources=[ids[1]], Tags=[{"Key": "team", "Value": "blue"}])

        def found(**how):
            return [g["GroupId"] for g in ec2.describe_security_groups(**how)["SecurityGroups"]]

        assert found(GroupIds=ids[:2]) == ids[:2]
        assert found(GroupNames=["web-2"]) == [ids[2]]
        assert found(Filters=[{"Name": "group-name", "Values": ["web-*"]}]) == ids
        assert found(Filters=[{"Name": "group-name", "Values": ["web-?"]}, {"Name": "group-id", "Values": ids[:1]}]) == ids[:1]
        assert found(Filters=[{"Name": "tag:team", "Values": ["blue"]}]) == [ids[1]]
        assert found(Filters=[{"Name": "tag-key", "Values": ["team"]}]) == [ids[1]]
        assert found(Filters=[{"Name": "vpc-id", "Values": ["vpc-1"]}]) == []
        with refused("InvalidGroup.NotFound", "sg-00000000000000000"):
            found(GroupIds=[ids[0], "sg-00000000000000000"])
        with refused("InvalidGroup.NotFound"):
            found(GroupNames=["nobody"])
        with refused("InvalidGroupId.Malformed"):
            found(GroupIds=["sg-xyz"])
        with refused("InvalidParameterValue", "'colour'"):
            found(Filters=[{"Name": "colour", "Values": ["x"]}])


def long_lists_come_in_pages():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        ids = {_new(ec2, f"g{i}") for i in range(23)} | {DEFAULT_GROUP}
        pages = list(ec2.get_paginator("describe_security_groups").paginate(PaginationConfig={"PageSize": 5}))
        assert [len(page["SecurityGroups"]) for page in pages] == [5, 5, 5, 5, 4]
        assert {g["GroupId"] for page in pages for g in page["SecurityGroups"]} == ids
        with refused("InvalidParameterValue"):
            sim.client("ec2", parameter_validation=False).describe_security_groups(MaxResults=4)
        with refused("InvalidParameterValue"):
            ec2.describe_security_groups(MaxResults=5, NextToken="made up")
        with refused("InvalidParameterCombination"):
            ec2.describe_security_groups(MaxResults=5, GroupIds=list(ids)[:1])


def rules_come_back_as_they_were_sent():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        gid, other = _new(ec2), _new(ec2, "other")
        answer = ec2.authorize_security_group_ingress(
            GroupId=gid,
            TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": [{"Key": "a", "Value": "b"}]}],
            IpPermissions=[
                {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": gid, "Description": "self"}, {"GroupId": other}]},
                *_ssh("10.1.2.3/8", Description="ssh"),
                {"IpProtocol": "6", "FromPort": 22, "ToPort": 22, "Ipv6Ranges": [{"CidrIpv6": "2001:DB8::1/32"}]},
                {"IpProtocol": "udp", "FromPort": 0, "ToPort": 65535, "PrefixListIds": [{"PrefixListId": "pl-12345678"}]},
                {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
            ],
        )
        assert answer["Return"] and len(answer["SecurityGroupRules"]) == 6
        rules = {r["SecurityGroupRuleId"]: r for r in _rules(ec2, gid) if not r["IsEgress"]}
        assert rules == {r["SecurityGroupRuleId"]: r for r in answer["SecurityGroupRules"]}
        assert all(r["Tags"] == [{"Key": "a", "Value": "b"}] for r in rules.values())
        self_rule, other_rule, ssh, six, udp, icmp = answer["SecurityGroupRules"]
        assert self_rule["ReferencedGroupInfo"] == {"GroupId": gid, "UserId": "111122223333"}
        assert self_rule["Description"] == "self" and "Description" not in other_rule
        assert ssh["CidrIpv4"] == "10.0.0.0/8" and ssh["Description"] == "ssh", "host bits are cleared"
        assert six["CidrIpv6"] == "2001:db8::/32" and six["IpProtocol"] == "tcp"
        assert udp["PrefixListId"] == "pl-12345678" and (icmp["FromPort"], icmp["ToPort"]) == (8, -1)
        group = _one(ec2, gid)
        assert len(group["IpPermissions"]) == 4, "rules with the same ports stand together"
        tcp = [p for p in group["IpPermissions"] if p["IpProtocol"] == "tcp"][0]
        assert tcp["IpRanges"] == [{"CidrIp": "10.0.0.0/8", "Description": "ssh"}]
        assert tcp["Ipv6Ranges"] == [{"CidrIpv6": "2001:db8::/32"}]


def a_rule_is_there_only_once_and_a_call_is_all_or_nothing():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        gid = _new(ec2)
        with refused("InvalidPermission.Duplicate", 'the specified rule "peer: 0.0.0.0/0, ALL, ALLOW" already exists'):
            ec2.authorize_security_group_egress(GroupId=gid, IpPermissions=ALL)
        ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=_ssh())
        expected = 'the specified rule "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW" already exists'
        with refused("InvalidPermission.Duplicate", expected):
            ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=_ssh("192.168.0.0/16") + _ssh())
        with refused("InvalidParameterValue"):
            ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=_ssh("1.0.0.0/8") + _ssh("1.2.0.0/8"))
        assert len(_rules(ec2, gid)) == 2


def rules_are_checked():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        gid = _new(ec2)

        def try_rule(**rule):
            ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=[rule])

        with refused("InvalidParameterValue", "CIDR block 10.0.0/8 is malformed"):
            try_rule(IpProtocol="tcp", FromPort=1, ToPort=1, IpRanges=[{"CidrIp": "10.0.0/8"}])
        world = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        for ports in ((10, 5), (1, 70000), (-1, -1)):
            with refused("InvalidParameterValue"):
                try_rule(IpProtocol="tcp", FromPort=ports[0], ToPort=ports[1], **world)
        with refused("InvalidParameterValue"):
            try_rule(IpProtocol="xyz", **world)
        with refused("InvalidParameterValue", "description"):
            try_rule(IpProtocol="-1", IpRanges=[{"CidrIp": "0.0.0.0/0", "Description": "ü"}])
        with refused("InvalidGroup.NotFound", "sg-00000000000000000"):
            try_rule(IpProtocol="-1", UserIdGroupPairs=[{"GroupId": "sg-00000000000000000"}])
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        with refused("InvalidGroup.NotFound", "different networks"):
            try_rule(IpProtocol="-1", UserIdGroupPairs=[{"GroupId": _new(ec2, "far", VpcId=vpc)}])
        with refused("InvalidGroup.NotFound"):
            ec2.authorize_security_group_ingress(GroupId="sg-00000000000000000", IpPermissions=ALL)
        assert len(_rules(ec2, gid)) == 1


def sixty_rules_are_the_limit_of_a_direction():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        gid = _new(ec2)
        many = [{"IpProtocol": "tcp", "FromPort": p, "ToPort": p, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]} for p in range(60)]
        ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=many)
        with refused("RulesPerSecurityGroupLimitExceeded"):
            ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=ALL)
        ec2.authorize_security_group_egress(GroupId=gid, IpPermissions=_ssh())
        pages = list(ec2.get_paginator("describe_security_group_rules").paginate(PaginationConfig={"PageSize": 50}))
        assert sum(len(page["SecurityGroupRules"]) for page in pages) == 64


def rules_are_taken_away_by_id_and_by_content():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        gid = _new(ec2)
        made = ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=_ssh() + _ssh("192.168.0.0/16"))
        first, second = (rule["SecurityGroupRuleId"] for rule in made["SecurityGroupRules"])
        answer = ec2.revoke_security_group_ingress(GroupId=gid, SecurityGroupRuleIds=[first])
        (revoked,) = answer["RevokedSecurityGroupRules"]
        assert revoked["SecurityGroupRuleId"] == first and revoked["CidrIpv4"] == "10.0.0.0/8"
        with refused("InvalidSecurityGroupRuleId.NotFound"):
            ec2.revoke_security_group_ingress(GroupId=gid, SecurityGroupRuleIds=[first])
        with refused("InvalidSecurityGroupRuleId.NotFound"):
            ec2.revoke_security_group_egress(GroupId=gid, SecurityGroupRuleIds=[second])
        with refused("InvalidPermission.NotFound"):
            ec2.revoke_security_group_ingress(GroupId=gid, IpPermissions=_ssh())
        ec2.revoke_security_group_ingress(GroupId=gid, IpPermissions=_ssh("192.168.0.0/16"))
        ec2.revoke_security_group_egress(GroupId=gid, IpPermissions=ALL)
        assert _rules(ec2, gid) == []


def rules_can_be_changed_and_described_anew():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        gid = _new(ec2)
        made = ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=_ssh() + _ssh("192.168.0.0/16"))
        rid = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]

        def modify(**rule):
            ec2.modify_security_group_rules(
                GroupId=gid, SecurityGroupRules=[{"SecurityGroupRuleId": rid, "SecurityGroupRule": rule}]
            )

        modify(IpProtocol="tcp", FromPort=443, ToPort=443, CidrIpv4="10.9.0.0/16", Description="tls")
        (rule,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rid])["SecurityGroupRules"]
        assert (rule["FromPort"], rule["CidrIpv4"], rule["Description"]) == (443, "10.9.0.0/16", "tls")
        with refused("InvalidParameterCombination"):
            modify(IpProtocol="tcp", FromPort=1, ToPort=1, CidrIpv6="::/0")
        with refused("InvalidPermission.Duplicate"):
            modify(IpProtocol="tcp", FromPort=22, ToPort=22, CidrIpv4="192.168.0.0/16")
        ec2.update_security_group_rule_descriptions_ingress(
            GroupId=gid, SecurityGroupRuleDescriptions=[{"SecurityGroupRuleId": rid, "Description": "new"}]
        )
        ec2.update_security_group_rule_descriptions_ingress(
            GroupId=gid, IpPermissions=_ssh("192.168.0.0/16", Description="other")
        )
        assert {r.get("Description") for r in _rules(ec2, gid) if not r["IsEgress"]} == {"new", "other"}
        with refused("InvalidPermission.NotFound"):
            ec2.update_security_group_rule_descriptions_egress(GroupId=gid, IpPermissions=_ssh(Description="x"))


def a_group_in_use_cannot_be_deleted():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        gid, user = efa_group(ec2), _new(ec2, "user")
        pair = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": gid}]}]
        ec2.authorize_security_group_ingress(GroupId=user, IpPermissions=pair)
        with refused("DependencyViolation", f"resource {gid} has a dependent object"):
            ec2.delete_security_group(GroupId=gid)
        ec2.delete_security_group(GroupId=user)
        eni = ec2.create_network_interface(SubnetId=SUBNET, Groups=[gid], Description="mine")["NetworkInterface"]
        assert eni["Groups"] == [{"GroupId": gid, "GroupName": "efa"}] and eni["PrivateIpAddress"] == "172.31.0.4"
        with refused("DependencyViolation"):
            ec2.delete_security_group(GroupId=gid)
        ec2.delete_network_interface(NetworkInterfaceId=eni["NetworkInterfaceId"])
        assert ec2.delete_security_group(GroupId=gid)["GroupId"] == gid, "its own rules are no obstacle"
        with refused("InvalidGroup.NotFound"):
            ec2.delete_security_group(GroupId=gid)
        with refused("CannotDelete"):
            ec2.delete_security_group(GroupId=DEFAULT_GROUP)
        assert ec2.describe_security_group_references(GroupId=[DEFAULT_GROUP])["SecurityGroupReferenceSet"] == []


def networks_are_made_and_unmade():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        spec = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "n"}]}]
        vpc = ec2.create_vpc(CidrBlock="10.0.1.0/16", TagSpecifications=spec)["Vpc"]
        assert vpc["CidrBlock"] == "10.0.0.0/16" and vpc["Tags"] == [{"Key": "Name", "Value": "n"}] and not vpc["IsDefault"]
        ec2.get_waiter("vpc_available").wait(VpcIds=[vpc["VpcId"]], WaiterConfig={"Delay": 1, "MaxAttempts": 2})
        subnet = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.1.0/24", AvailabilityZone="us-west-2c")["Subnet"]
        assert subnet["AvailableIpAddressCount"] == 251 and subnet["AvailabilityZoneId"] == "usw2-az3"
        for block, code in (("10.0.1.128/25", "Conflict"), ("10.1.0.0/24", "Range"), ("10.0.2.0/29", "Range")):
            with refused("InvalidSubnet." + code):
                ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock=block)
        with refused("InvalidParameterValue", "us-west-2a"):
            ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.2.0/24", AvailabilityZone="us-east-1a")
        with refused("InvalidVpc.Range"):
            ec2.create_vpc(CidrBlock="10.0.0.0/8")
        with refused("InvalidParameterValue"):
            ec2.create_vpc(CidrBlock="nonsense")
        with refused("DependencyViolation"):
            ec2.delete_vpc(VpcId=vpc["VpcId"])
        eni = ec2.create_network_interface(SubnetId=subnet["SubnetId"])["NetworkInterface"]["NetworkInterfaceId"]
        assert ec2.describe_subnets(SubnetIds=[subnet["SubnetId"]])["Subnets"][0]["AvailableIpAddressCount"] == 250
        with refused("DependencyViolation"):
            ec2.delete_subnet(SubnetId=subnet["SubnetId"])
        ec2.delete_network_interface(NetworkInterfaceId=eni)
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
        ec2.delete_vpc(VpcId=vpc["VpcId"])
        with refused("InvalidVpcID.NotFound"):
            ec2.describe_vpcs(VpcIds=[vpc["VpcId"]])


def tags_are_set_and_taken():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        gid = _new(ec2)
        ec2.create_tags(Resources=[gid, SUBNET], Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}])
        ec2.create_tags(Resources=[gid], Tags=[{"Key": "a", "Value": "2"}])
        tags = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [gid]}])["Tags"]
        assert [(t["Key"], t["Value"], t["ResourceType"]) for t in tags] == [
            ("a", "2", "security-group"),
            ("b", "", "security-group"),
        ]
        many = [{"Key": f"k{i}", "Value": ""} for i in range(12)]
        ec2.create_tags(Resources=[DEFAULT_GROUP], Tags=many)
        pages = list(ec2.get_paginator("describe_tags").paginate(PaginationConfig={"PageSize": 5}))
        assert [len(page["Tags"]) for page in pages] == [5, 5, 5, 1], "12, and 2 of each of the others"
        ec2.delete_tags(Resources=[gid], Tags=[{"Key": "a", "Value": "not this"}, {"Key": "b"}])
        assert _one(ec2, gid)["Tags"] == [{"Key": "a", "Value": "2"}]
        ec2.delete_tags(Resources=[gid])
        assert "Tags" not in _one(ec2, gid)
        with refused("InvalidParameterValue", "aws:"):
            ec2.create_tags(Resources=[gid], Tags=[{"Key": "aws:x", "Value": "1"}])
        with refused("InvalidGroup.NotFound"):
            ec2.create_tags(Resources=["sg-00000000000000000"], Tags=[{"Key": "x", "Value": "1"}])
        with refused("TagLimitExceeded"):
            ec2.create_tags(Resources=[gid], Tags=[{"Key": f"k{i}", "Value": ""} for i in range(51)])


def regions_are_worlds_apart():
    with Sim() as sim:
        west, east = sim.client("ec2"), sim.client("ec2", region="us-east-1")
        gid = _new(west)
        assert len(east.describe_security_groups()["SecurityGroups"]) == 1
        try:
            _one(east, gid)
            raise AssertionError("a group of another region was found")
        except botocore.exceptions.ClientError:
            pass
