"""VPCs, their blocks and subnets, tags, zones and types."""

import ipaddress

from network_witness import (
    NOBODY, filter_by, free_addresses, main_table_of, new_gateway, new_subnet, new_vpc, sorted_routes_of, tag_spec, tagged_name,
)  # fmt: skip


def a_vpc_has_what_each_vpc_has(w):
    made = w.ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tag_spec("vpc", "net"), InstanceTenancy="default")["Vpc"]
    vpc = made["VpcId"]
    w.same("a new VPC is pending in the answer", made["State"], "pending")
    (shown,) = w.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    w.same("it is available then", shown["State"], "available")
    w.same("it has its tag", shown["Tags"], tagged_name("net"))
    w.same("its block is associated", [b["CidrBlockState"]["State"] for b in shown["CidrBlockAssociationSet"]], ["associated"])
    table = main_table_of(w, vpc)
    w.same(
        "its main route table has the local route",
        [(r["DestinationCidrBlock"], r["GatewayId"], r["Origin"], r["State"]) for r in table["Routes"]],
        [("10.0.0.0/16", "local", "CreateRouteTable", "active")],
    )
    groups = w.ec2.describe_security_groups(Filters=filter_by("vpc-id", vpc))["SecurityGroups"]
    w.same("it has one security group", [g["GroupName"] for g in groups], ["default"])
    (acl,) = w.ec2.describe_network_acls(Filters=filter_by("vpc-id", vpc))["NetworkAcls"]
    w.same("its network ACL is the default one", acl["IsDefault"], True)
    w.same(
        "the ACL's rules",
        sorted((e["RuleNumber"], e["Egress"], e["RuleAction"], e["CidrBlock"]) for e in acl["Entries"]),
        sorted((n, out, what, "0.0.0.0/0") for out in (False, True) for n, what in ((100, "allow"), (32767, "deny"))),
    )
    for attribute, member, value in (
        ("enableDnsSupport", "EnableDnsSupport", True),
        ("enableDnsHostnames", "EnableDnsHostnames", False),
        ("enableNetworkAddressUsageMetrics", "EnableNetworkAddressUsageMetrics", False),
    ):
        shown = w.ec2.describe_vpc_attribute(VpcId=vpc, Attribute=attribute)[member]["Value"]
        w.same(f"{attribute} at first", shown, value)
        w.ec2.modify_vpc_attribute(VpcId=vpc, **{member: {"Value": not value}})
        shown = w.ec2.describe_vpc_attribute(VpcId=vpc, Attribute=attribute)[member]["Value"]
        w.same(f"{attribute} changed", shown, not value)
    w.refused(
        "two attributes at once",
        "InvalidParameterCombination",
        "modify_vpc_attribute",
        VpcId=vpc,
        EnableDnsSupport={"Value": True},
        EnableDnsHostnames={"Value": True},
    )
    w.refused("an absent VPC", "InvalidVpcID.NotFound", "describe_vpcs", "vpc-" + NOBODY, VpcIds=["vpc-" + NOBODY])
    w.refused("a malformed id", "InvalidVpcID.Malformed", "describe_vpcs", VpcIds=["vpc-xyz"])
    for block in ("10.0.0.0/15", "10.0.0.0/29", "127.0.0.0/16", "169.254.0.0/16", "224.0.0.0/16"):
        w.refused(f"{block} is no block of a VPC", "InvalidVpc.Range", "create_vpc", CidrBlock=block)
    w.refused("a dry run", "DryRunOperation", "create_vpc", CidrBlock="10.9.0.0/16", DryRun=True)
    w.refused("an unknown filter", "InvalidParameterValue", "describe_vpcs", "'colour'", Filters=filter_by("colour", "red"))
    for name, value in (
        ("vpc-id", vpc),
        ("cidr", "10.0.0.0/16"),
        ("cidr-block-association.cidr-block", "10.0.0.0/16"),
        ("cidr-block-association.state", "associated"),
        ("is-default", "false"),
        ("state", "available"),
        ("tag:Name", "n?t"),
        ("tag-key", "Name"),
    ):
        found = w.done(f"filter {name}", "describe_vpcs", Filters=filter_by(name, value))
        if found is not None:
            w.same(f"filter {name} finds it", [v["VpcId"] for v in found["Vpcs"] if not v["IsDefault"]], [vpc])
    w.ec2.delete_vpc(VpcId=vpc)
    w.refused("a VPC that has gone", "InvalidVpcID.NotFound", "delete_vpc", VpcId=vpc)
    w.same("its route table has gone", w.ec2.describe_route_tables(Filters=filter_by("vpc-id", vpc))["RouteTables"], [])
    w.same("its group has gone", w.ec2.describe_security_groups(Filters=filter_by("vpc-id", vpc))["SecurityGroups"], [])
    w.same("its ACL has gone", w.ec2.describe_network_acls(Filters=filter_by("vpc-id", vpc))["NetworkAcls"], [])


def a_vpc_takes_more_blocks(w):
    vpc = new_vpc(w)
    more = w.ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.1.0.0/16")
    one = more["CidrBlockAssociation"]
    w.same("the answer says associating", (more["VpcId"], one["CidrBlockState"]["State"]), (vpc, "associating"))
    (shown,) = w.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    w.same(
        "both are associated",
        [(b["CidrBlock"], b["CidrBlockState"]["State"]) for b in shown["CidrBlockAssociationSet"]],
        [("10.0.0.0/16", "associated"), ("10.1.0.0/16", "associated")],
    )
    w.same("its block stays the first one", shown["CidrBlock"], "10.0.0.0/16")
    w.same(
        "both are local routes",
        sorted(r["DestinationCidrBlock"] for r in main_table_of(w, vpc)["Routes"]),
        ["10.0.0.0/16", "10.1.0.0/16"],
    )
    for block in ("10.0.128.0/17", "10.1.0.0/16", "10.2.0.0/15", "10.2.0.0/29"):
        w.refused(f"{block} overlaps or has the wrong size", "InvalidVpc.Range", "associate_vpc_cidr_block", VpcId=vpc, CidrBlock=block)
    for block in ("172.16.0.0/16", "192.168.0.0/24", "198.19.0.0/16"):
        w.refused(f"{block} is restricted", "InvalidVpc.Range", "associate_vpc_cidr_block", VpcId=vpc, CidrBlock=block)
    w.done("100.64.0.0/16 is not", "associate_vpc_cidr_block", VpcId=vpc, CidrBlock="100.64.0.0/16")
    subnet = new_subnet(w, vpc, "10.1.7.0/24")
    w.refused(
        "a block with a subnet stays",
        "InvalidCidrBlock.InUse",
        "disassociate_vpc_cidr_block",
        f"The vpc {vpc} currently has a subnet within CIDR block 10.1.0.0/16",
        AssociationId=one["AssociationId"],
    )
    w.ec2.delete_subnet(SubnetId=subnet)
    first = shown["CidrBlockAssociationSet"][0]["AssociationId"]
    w.refused(
        "the first block stays",
        "OperationNotPermitted",
        "disassociate_vpc_cidr_block",
        "may not be disassociated. It is the primary IPv4 CIDR block of the VPC",
        AssociationId=first,
    )
    gone = w.ec2.disassociate_vpc_cidr_block(AssociationId=one["AssociationId"])["CidrBlockAssociation"]
    w.same("the answer says disassociating", gone["CidrBlockState"]["State"], "disassociating")
    w.refused(
        "it is gone",
        "InvalidVpcCidrBlockAssociationID.NotFound",
        "disassociate_vpc_cidr_block",
        AssociationId=one["AssociationId"],
    )
    for i in range(3):
        w.done(f"room for block {i}", "associate_vpc_cidr_block", VpcId=vpc, CidrBlock=f"10.{i + 10}.0.0/16")
    w.refused(
        "five are the limit",
        "CidrLimitExceeded",
        "associate_vpc_cidr_block",
        f"This network '{vpc}' has met its maximum number of allowed CIDRs: 5",
        VpcId=vpc,
        CidrBlock="10.200.0.0/16",
    )


def addresses_of_ipv6_are_amazons(w):
    vpc = w.ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    (block,) = w.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
    w.same("Amazon gives a /56", block["Ipv6CidrBlock"].split("/")[1], "56")
    w.same("the block is there", block["Ipv6CidrBlockState"]["State"], "associated")
    w.same("it comes from Amazon's pool", block.get("Ipv6Pool"), "Amazon")
    parts = [str(part) for part in ipaddress.ip_network(block["Ipv6CidrBlock"]).subnets(new_prefix=64)]
    w.same("it is a local route", any(r.get("DestinationIpv6CidrBlock") == block["Ipv6CidrBlock"] for r in main_table_of(w, vpc)["Routes"]), True)
    made = w.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", Ipv6CidrBlock=parts[1])["Subnet"]
    w.same("a subnet takes a /64 of it", [b["Ipv6CidrBlock"] for b in made["Ipv6CidrBlockAssociationSet"]], [parts[1]])
    other = new_subnet(w, vpc, "10.0.1.0/24")
    w.refused(
        "a second subnet must take another",
        "InvalidSubnet.Conflict",
        "associate_subnet_cidr_block",
        SubnetId=other,
        Ipv6CidrBlock=parts[1],
    )
    w.refused("a block of nobody", "InvalidSubnet.Range", "associate_subnet_cidr_block", SubnetId=other, Ipv6CidrBlock="2001:db8::/64")
    answer = w.done("a block of its own", "associate_subnet_cidr_block", SubnetId=other, Ipv6CidrBlock=parts[2])
    if answer is not None:
        association = answer["Ipv6CidrBlockAssociation"]["AssociationId"]
        w.done("it is taken away", "disassociate_subnet_cidr_block", AssociationId=association)
        w.refused(
            "it is not there twice",
            "InvalidSubnetCidrBlockAssociationID.NotFound",
            "disassociate_subnet_cidr_block",
            AssociationId=association,
        )
    w.done("addresses on creation", "modify_subnet_attribute", SubnetId=made["SubnetId"], AssignIpv6AddressOnCreation={"Value": True})
    eni = w.ec2.create_network_interface(SubnetId=made["SubnetId"])["NetworkInterface"]
    w.same("an interface gets one", len(eni.get("Ipv6Addresses", [])), 1)
    w.refused("a block in use stays", "InvalidCidrBlock.InUse", "disassociate_vpc_cidr_block", AssociationId=block["AssociationId"])
    eigw = w.ec2.create_egress_only_internet_gateway(VpcId=vpc, TagSpecifications=tag_spec("egress-only-internet-gateway"))
    gateway = eigw["EgressOnlyInternetGateway"]
    w.same("an egress-only gateway is attached", gateway["Attachments"], [{"State": "attached", "VpcId": vpc}])
    table = main_table_of(w, vpc)["RouteTableId"]
    w.refused(
        "it is not for IPv4",
        "InvalidParameterValue",
        "create_route",
        RouteTableId=table,
        DestinationCidrBlock="0.0.0.0/0",
        EgressOnlyInternetGatewayId=gateway["EgressOnlyInternetGatewayId"],
    )
    w.done(
        "it is for IPv6",
        "create_route",
        RouteTableId=table,
        DestinationIpv6CidrBlock="::/0",
        EgressOnlyInternetGatewayId=gateway["EgressOnlyInternetGatewayId"],
    )
    w.refused("a VPC with one stays", "DependencyViolation", "delete_vpc", VpcId=vpc)
    w.ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=gateway["EgressOnlyInternetGatewayId"])
    w.same("its route is a black hole", ("::/0", "blackhole") in sorted_routes_of(w, table), True)
    w.same(
        "it is not listed",
        [
            g
            for g in w.ec2.describe_egress_only_internet_gateways()["EgressOnlyInternetGateways"]
            if g["EgressOnlyInternetGatewayId"] == gateway["EgressOnlyInternetGatewayId"]
        ],
        [],
    )


def subnets_count_their_addresses(w):
    vpc = new_vpc(w)
    made = w.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.5.0/28", TagSpecifications=tag_spec("subnet"))["Subnet"]
    subnet = made["SubnetId"]
    w.same("a /28 has 11 addresses", made["AvailableIpAddressCount"], 11)
    w.same("its tag", made["Tags"], tagged_name("x"))
    for block, code in (
        ("10.0.5.0/28", "Conflict"),
        ("10.0.0.0/16", "Conflict"),
        ("10.1.0.0/24", "Range"),
        ("10.0.6.0/29", "Range"),
    ):
        w.refused(f"{block} does not go", "InvalidSubnet." + code, "create_subnet", block, VpcId=vpc, CidrBlock=block)
    w.refused("a zone of nobody", "InvalidParameterValue", "create_subnet", VpcId=vpc, CidrBlock="10.0.7.0/24", AvailabilityZone="us-west-2z")
    group = w.ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    eni = w.ec2.create_network_interface(
        SubnetId=subnet, Groups=[group], Description="mine", SecondaryPrivateIpAddressCount=2, TagSpecifications=tag_spec("network-interface")
    )["NetworkInterface"]
    w.same("a new interface is pending in the answer", eni["Status"], "pending")
    w.same("an interface with three addresses takes three", free_addresses(w, subnet), 8)
    w.same("one of them is the primary one", [a["Primary"] for a in eni["PrivateIpAddresses"]], [True, False, False])
    other = w.done("a named address", "create_network_interface", SubnetId=subnet, PrivateIpAddress="10.0.5.14")
    w.refused("the same twice", "InvalidIPAddress.InUse", "create_network_interface", SubnetId=subnet, PrivateIpAddress="10.0.5.14")
    for address in ("10.0.5.0", "10.0.5.3", "10.0.5.15", "10.0.6.1"):
        w.refused(f"{address} is not to be had", "InvalidParameterValue", "create_network_interface", SubnetId=subnet, PrivateIpAddress=address)
    w.same("seven are left", free_addresses(w, subnet), 7)
    w.refused(
        "eight do not fit",
        "InsufficientFreeAddressesInSubnet",
        "create_network_interface",
        SubnetId=subnet,
        SecondaryPrivateIpAddressCount=7,
    )
    w.refused("a subnet in use stays", "DependencyViolation", "delete_subnet", f"The subnet '{subnet}' has dependencies and cannot be deleted.", SubnetId=subnet)
    w.refused("a group in use stays", "DependencyViolation", "delete_security_group", GroupId=group)
    modify = {"NetworkInterfaceId": eni["NetworkInterfaceId"]}
    w.ec2.modify_network_interface_attribute(**modify, Description={"Value": "yours"})
    w.ec2.modify_network_interface_attribute(**modify, SourceDestCheck={"Value": False})
    default = w.ec2.describe_security_groups(Filters=filter_by("vpc-id", vpc) + filter_by("group-name", "default"))["SecurityGroups"][0]
    w.ec2.modify_network_interface_attribute(**modify, Groups=[default["GroupId"]])
    (shown,) = w.ec2.describe_network_interfaces(NetworkInterfaceIds=[eni["NetworkInterfaceId"]])["NetworkInterfaces"]
    w.same("the description is changed", shown["Description"], "yours")
    w.same("the check is off", shown["SourceDestCheck"], False)
    w.same("the groups are others", [g["GroupId"] for g in shown["Groups"]], [default["GroupId"]])
    w.same("its status is available", shown["Status"], "available")
    w.refused(
        "two attributes at once",
        "InvalidParameterCombination",
        "modify_network_interface_attribute",
        **modify,
        Description={"Value": "x"},
        SourceDestCheck={"Value": True},
    )
    w.done("the group is free now", "delete_security_group", GroupId=group)
    for name, value in (
        ("description", "you*"),
        ("subnet-id", subnet),
        ("addresses.private-ip-address", eni["PrivateIpAddresses"][1]["PrivateIpAddress"]),
        ("source-dest-check", "false"),
    ):
        found = w.done(f"filter {name}", "describe_network_interfaces", Filters=filter_by(name, value))
        if found is not None:
            w.same(
                f"filter {name} finds it",
                eni["NetworkInterfaceId"] in [i["NetworkInterfaceId"] for i in found["NetworkInterfaces"]],
                True,
            )
    w.ec2.delete_network_interface(NetworkInterfaceId=eni["NetworkInterfaceId"])
    if other is not None:
        w.ec2.delete_network_interface(NetworkInterfaceId=other["NetworkInterface"]["NetworkInterfaceId"])
    w.same("all addresses come back", free_addresses(w, subnet), 11)
    w.refused("an absent interface", "InvalidNetworkInterfaceID.NotFound", "delete_network_interface", NetworkInterfaceId=eni["NetworkInterfaceId"])
    w.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    w.done("names by resource", "modify_subnet_attribute", SubnetId=subnet, PrivateDnsHostnameTypeOnLaunch="resource-name")
    (shown,) = w.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"]
    w.same("public addresses on launch", shown["MapPublicIpOnLaunch"], True)
    w.same("the host name's type", shown.get("PrivateDnsNameOptionsOnLaunch", {}).get("HostnameType"), "resource-name")
    w.ec2.delete_subnet(SubnetId=subnet)
    w.refused("an absent subnet", "InvalidSubnetID.NotFound", "delete_subnet", SubnetId=subnet)


def tags_are_for_all(w):
    vpc = new_vpc(w)
    subnet = new_subnet(w, vpc)
    made = {
        "vpc": vpc,
        "subnet": subnet,
        "internet-gateway": new_gateway(w, vpc),
        "route-table": main_table_of(w, vpc)["RouteTableId"],
        "network-acl": w.ec2.describe_network_acls(Filters=filter_by("vpc-id", vpc))["NetworkAcls"][0]["NetworkAclId"],
        "elastic-ip": w.ec2.allocate_address(Domain="vpc")["AllocationId"],
        "network-interface": w.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"],
        "vpc-endpoint": w.ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-west-2.s3")["VpcEndpoint"]["VpcEndpointId"],
        "natgateway": w.ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"],
        "egress-only-internet-gateway": w.ec2.create_egress_only_internet_gateway(VpcId=vpc)["EgressOnlyInternetGateway"][
            "EgressOnlyInternetGatewayId"
        ],
    }
    w.ec2.create_tags(Resources=list(made.values()), Tags=[{"Key": "team", "Value": "blue"}])
    for kind, thing in made.items():
        tags = w.ec2.describe_tags(Filters=filter_by("resource-id", thing) + filter_by("key", "team"))["Tags"]
        w.same(f"a tag of {kind}", [(t["ResourceType"], t["Value"]) for t in tags], [(kind, "blue")])
    w.ec2.delete_tags(Resources=list(made.values()), Tags=[{"Key": "team"}])
    w.same("all are taken away", w.ec2.describe_tags(Filters=filter_by("key", "team"))["Tags"], [])
    w.refused("keys of AWS", "InvalidParameterValue", "create_tags", Resources=[vpc], Tags=[{"Key": "aws:x", "Value": "y"}])
    w.refused("a thing of nobody", "InvalidRouteTableID.NotFound", "create_tags", Resources=["rtb-" + NOBODY], Tags=tagged_name("x"))


def places_and_types_are_known(w):
    zones = w.ec2.describe_availability_zones()["AvailabilityZones"]
    w.same("zones", [z["ZoneName"] for z in zones][:3], ["us-west-2a", "us-west-2b", "us-west-2c"])
    w.same("one zone by name", [z["ZoneName"] for z in w.ec2.describe_availability_zones(ZoneNames=["us-west-2b"])["AvailabilityZones"]], ["us-west-2b"])
    w.refused("a zone of nobody", "InvalidParameterValue", "describe_availability_zones", ZoneNames=["us-west-2z"])
    regions = {r["RegionName"]: r for r in w.ec2.describe_regions()["Regions"]}
    w.same("a region's endpoint", regions["us-west-2"]["Endpoint"], "ec2.us-west-2.amazonaws.com")
    w.same("no opt-in for an old one", regions["us-west-2"]["OptInStatus"], "opt-in-not-required")
    attributes = {a["AttributeName"]: a["AttributeValues"] for a in w.ec2.describe_account_attributes()["AccountAttributes"]}
    w.same("no EC2-Classic", attributes["supported-platforms"], [{"AttributeValue": "VPC"}])
    (p5,) = w.ec2.describe_instance_types(InstanceTypes=["p5.48xlarge"])["InstanceTypes"]
    w.same("vCPUs of p5.48xlarge", p5["VCpuInfo"]["DefaultVCpus"], 192)
    w.same("memory", p5["MemoryInfo"]["SizeInMiB"], 2097152)
    w.same("network cards", (p5["NetworkInfo"]["MaximumNetworkCards"], len(p5["NetworkInfo"]["NetworkCards"])), (32, 32))
    w.same("EFA", p5["NetworkInfo"]["EfaInfo"], {"MaximumEfaInterfaces": 32})
    w.same("interfaces of the first card", p5["NetworkInfo"]["NetworkCards"][0]["MaximumNetworkInterfaces"], 2)
    gpu = p5["GpuInfo"]["Gpus"][0]
    w.same("GPUs", (gpu["Name"], gpu["Manufacturer"], gpu["Count"], gpu["MemoryInfo"]["SizeInMiB"]), ("H100", "NVIDIA", 8, 81920))
    w.same("capacity blocks", "capacity-block" in p5["SupportedUsageClasses"], True)
    found = w.ec2.describe_instance_types(Filters=filter_by("network-info.efa-supported", "true") + filter_by("instance-type", "g5.*"))
    types = sorted(t["InstanceType"] for t in found["InstanceTypes"])
    w.same("g5 with EFA", types, ["g5.12xlarge", "g5.16xlarge", "g5.24xlarge", "g5.48xlarge", "g5.8xlarge"])
    w.refused("a type of nobody", "InvalidInstanceType", "describe_instance_types", "[p9.huge]", InstanceTypes=["p9.huge"])
    offered = w.ec2.describe_instance_type_offerings(
        LocationType="availability-zone-id", Filters=filter_by("instance-type", "p4de.24xlarge")
    )["InstanceTypeOfferings"]
    w.same("where p4de is", sorted(o["Location"] for o in offered), ["usw2-az1", "usw2-az2", "usw2-az3"])
    here = w.ec2.describe_instance_type_offerings(Filters=filter_by("instance-type", "trn2.48xlarge"))["InstanceTypeOfferings"]
    w.same("trn2 is not in this region", here, [])
    w.same(
        "EC2 pages its types",
        len(w.ec2.describe_instance_types(MaxResults=5)["InstanceTypes"]),
        5,
    )
