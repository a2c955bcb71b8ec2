"""Stories about EC2's networks that run on hyperpod-sim and on moto_server alike.

A story is a function of a Witness. It states what AWS does, one check after the other; who judges decides what
becomes of a check that does not hold: on the sim it fails the test, on moto it must stand in moto_differences.py.
Refusals that are skipped are not asked for: moto would carry out what AWS refuses, and the story would be another one.
"""

import ipaddress

import botocore.exceptions
import botocore.parsers


UNREADABLE = (botocore.exceptions.BotoCoreError, botocore.parsers.ResponseParserError)


class Witness:
    """Asks one EC2 and notes what does not hold: name of the check, what was seen, what AWS does."""

    def __init__(self, ec2, wait, story, skips=()):
        self.ec2, self.wait, self.story, self.skips = ec2, wait, story, skips
        self.checks, self.differences = 0, {}

    def note(self, name, seen, expected):
        self.checks += 1
        if seen != expected:
            self.differences[f"{self.story}: {name}"] = (seen, expected)

    def same(self, name, seen, expected):
        self.note(name, seen() if callable(seen) else seen, expected)

    def refused(self, name, code, operation, *words, **arguments):
        if f"{self.story}: {name}" in self.skips:
            return
        try:
            getattr(self.ec2, operation)(**arguments)
            seen = "done"
        except botocore.exceptions.ClientError as error:
            seen = error.response["Error"]["Code"]
            message = error.response["Error"]["Message"]
            if seen == code:
                missing = [word for word in words if word not in message]
                self.note(f"{name}, in AWS's words", message if missing else "as AWS", "as AWS")
        except UNREADABLE:
            seen = "no answer of AWS's form"
        self.note(name, seen, code)

    def done(self, name, operation, **arguments):
        """The answer, or None when it was refused, which is a difference, or not asked for."""
        if f"{self.story}: {name}" in self.skips:
            return None
        try:
            answer = getattr(self.ec2, operation)(**arguments)
            self.note(name, "done", "done")
            return answer
        except botocore.exceptions.ClientError as error:
            self.note(name, error.response["Error"]["Code"], "done")
        except UNREADABLE:
            self.note(name, "no answer of AWS's form", "done")
        return None


NOBODY = "0" * 17


def _name(value):
    return [{"Key": "Name", "Value": value}]


def _spec(kind, value="x"):
    return [{"ResourceType": kind, "Tags": _name(value)}]


def _filter(name, *values):
    return [{"Name": name, "Values": list(values)}]


def _vpc(w, block="10.0.0.0/16", **more):
    return w.ec2.create_vpc(CidrBlock=block, **more)["Vpc"]["VpcId"]


def _subnet(w, vpc, block="10.0.0.0/24", **more):
    return w.ec2.create_subnet(VpcId=vpc, CidrBlock=block, **more)["Subnet"]["SubnetId"]


def _free(w, subnet):
    return w.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"]


def _gateway(w, vpc):
    igw = w.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    w.ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    return igw


def _main_table(w, vpc):
    (table,) = w.ec2.describe_route_tables(Filters=_filter("vpc-id", vpc) + _filter("association.main", "true"))["RouteTables"]
    return table


def _routes(w, table):
    return w.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]


def _sorted_routes(w, table):
    return sorted(
        (r.get("DestinationCidrBlock") or r.get("DestinationIpv6CidrBlock") or "pl", r["State"]) for r in _routes(w, table)
    )


def a_vpc_has_what_each_vpc_has(w):
    made = w.ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=_spec("vpc", "net"), InstanceTenancy="default")["Vpc"]
    vpc = made["VpcId"]
    w.same("a new VPC is pending in the answer", made["State"], "pending")
    (shown,) = w.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    w.same("it is available then", shown["State"], "available")
    w.same("it has its tag", shown["Tags"], _name("net"))
    w.same("its block is associated", [b["CidrBlockState"]["State"] for b in shown["CidrBlockAssociationSet"]], ["associated"])
    table = _main_table(w, vpc)
    w.same(
        "its main route table has the local route",
        [(r["DestinationCidrBlock"], r["GatewayId"], r["Origin"], r["State"]) for r in table["Routes"]],
        [("10.0.0.0/16", "local", "CreateRouteTable", "active")],
    )
    groups = w.ec2.describe_security_groups(Filters=_filter("vpc-id", vpc))["SecurityGroups"]
    w.same("it has one security group", [g["GroupName"] for g in groups], ["default"])
    (acl,) = w.ec2.describe_network_acls(Filters=_filter("vpc-id", vpc))["NetworkAcls"]
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
    w.refused("an unknown filter", "InvalidParameterValue", "describe_vpcs", "'colour'", Filters=_filter("colour", "red"))
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
        found = w.done(f"filter {name}", "describe_vpcs", Filters=_filter(name, value))
        if found is not None:
            w.same(f"filter {name} finds it", [v["VpcId"] for v in found["Vpcs"] if not v["IsDefault"]], [vpc])
    w.ec2.delete_vpc(VpcId=vpc)
    w.refused("a VPC that has gone", "InvalidVpcID.NotFound", "delete_vpc", VpcId=vpc)
    w.same("its route table has gone", w.ec2.describe_route_tables(Filters=_filter("vpc-id", vpc))["RouteTables"], [])
    w.same("its group has gone", w.ec2.describe_security_groups(Filters=_filter("vpc-id", vpc))["SecurityGroups"], [])
    w.same("its ACL has gone", w.ec2.describe_network_acls(Filters=_filter("vpc-id", vpc))["NetworkAcls"], [])


def a_vpc_takes_more_blocks(w):
    vpc = _vpc(w)
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
        sorted(r["DestinationCidrBlock"] for r in _main_table(w, vpc)["Routes"]),
        ["10.0.0.0/16", "10.1.0.0/16"],
    )
    for block in ("10.0.128.0/17", "10.1.0.0/16", "10.2.0.0/15", "10.2.0.0/29"):
        w.refused(f"{block} overlaps or has the wrong size", "InvalidVpc.Range", "associate_vpc_cidr_block", VpcId=vpc, CidrBlock=block)
    for block in ("172.16.0.0/16", "192.168.0.0/24", "198.19.0.0/16"):
        w.refused(f"{block} is restricted", "InvalidVpc.Range", "associate_vpc_cidr_block", VpcId=vpc, CidrBlock=block)
    w.done("100.64.0.0/16 is not", "associate_vpc_cidr_block", VpcId=vpc, CidrBlock="100.64.0.0/16")
    subnet = _subnet(w, vpc, "10.1.7.0/24")
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
    w.same("it is a local route", any(r.get("DestinationIpv6CidrBlock") == block["Ipv6CidrBlock"] for r in _main_table(w, vpc)["Routes"]), True)
    made = w.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", Ipv6CidrBlock=parts[1])["Subnet"]
    w.same("a subnet takes a /64 of it", [b["Ipv6CidrBlock"] for b in made["Ipv6CidrBlockAssociationSet"]], [parts[1]])
    other = _subnet(w, vpc, "10.0.1.0/24")
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
    eigw = w.ec2.create_egress_only_internet_gateway(VpcId=vpc, TagSpecifications=_spec("egress-only-internet-gateway"))
    gateway = eigw["EgressOnlyInternetGateway"]
    w.same("an egress-only gateway is attached", gateway["Attachments"], [{"State": "attached", "VpcId": vpc}])
    table = _main_table(w, vpc)["RouteTableId"]
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
    w.same("its route is a black hole", ("::/0", "blackhole") in _sorted_routes(w, table), True)
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
    vpc = _vpc(w)
    made = w.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.5.0/28", TagSpecifications=_spec("subnet"))["Subnet"]
    subnet = made["SubnetId"]
    w.same("a /28 has 11 addresses", made["AvailableIpAddressCount"], 11)
    w.same("its tag", made["Tags"], _name("x"))
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
        SubnetId=subnet, Groups=[group], Description="mine", SecondaryPrivateIpAddressCount=2, TagSpecifications=_spec("network-interface")
    )["NetworkInterface"]
    w.same("a new interface is pending in the answer", eni["Status"], "pending")
    w.same("an interface with three addresses takes three", _free(w, subnet), 8)
    w.same("one of them is the primary one", [a["Primary"] for a in eni["PrivateIpAddresses"]], [True, False, False])
    other = w.done("a named address", "create_network_interface", SubnetId=subnet, PrivateIpAddress="10.0.5.14")
    w.refused("the same twice", "InvalidIPAddress.InUse", "create_network_interface", SubnetId=subnet, PrivateIpAddress="10.0.5.14")
    for address in ("10.0.5.0", "10.0.5.3", "10.0.5.15", "10.0.6.1"):
        w.refused(f"{address} is not to be had", "InvalidParameterValue", "create_network_interface", SubnetId=subnet, PrivateIpAddress=address)
    w.same("seven are left", _free(w, subnet), 7)
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
    default = w.ec2.describe_security_groups(Filters=_filter("vpc-id", vpc) + _filter("group-name", "default"))["SecurityGroups"][0]
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
        found = w.done(f"filter {name}", "describe_network_interfaces", Filters=_filter(name, value))
        if found is not None:
            w.same(
                f"filter {name} finds it",
                eni["NetworkInterfaceId"] in [i["NetworkInterfaceId"] for i in found["NetworkInterfaces"]],
                True,
            )
    w.ec2.delete_network_interface(NetworkInterfaceId=eni["NetworkInterfaceId"])
    if other is not None:
        w.ec2.delete_network_interface(NetworkInterfaceId=other["NetworkInterface"]["NetworkInterfaceId"])
    w.same("all addresses come back", _free(w, subnet), 11)
    w.refused("an absent interface", "InvalidNetworkInterfaceID.NotFound", "delete_network_interface", NetworkInterfaceId=eni["NetworkInterfaceId"])
    w.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    w.done("names by resource", "modify_subnet_attribute", SubnetId=subnet, PrivateDnsHostnameTypeOnLaunch="resource-name")
    (shown,) = w.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"]
    w.same("public addresses on launch", shown["MapPublicIpOnLaunch"], True)
    w.same("the host name's type", shown.get("PrivateDnsNameOptionsOnLaunch", {}).get("HostnameType"), "resource-name")
    w.ec2.delete_subnet(SubnetId=subnet)
    w.refused("an absent subnet", "InvalidSubnetID.NotFound", "delete_subnet", SubnetId=subnet)


def an_internet_gateway_belongs_to_one_vpc(w):
    vpc, other = _vpc(w), _vpc(w, "10.1.0.0/16")
    igw = w.ec2.create_internet_gateway(TagSpecifications=_spec("internet-gateway"))["InternetGateway"]
    w.same("a new one is attached to none", igw["Attachments"], [])
    igw = igw["InternetGatewayId"]
    w.refused(
        "it is attached to none",
        "Gateway.NotAttached",
        "detach_internet_gateway",
        f"resource {igw} is not attached to network {vpc}",
        InternetGatewayId=igw,
        VpcId=vpc,
    )
    table = _main_table(w, vpc)["RouteTableId"]
    w.refused(
        "a route must not lead out of its VPC",
        "InvalidParameterValue",
        "create_route",
        f"route table {table} and network gateway {igw} belong to different networks",
        RouteTableId=table,
        DestinationCidrBlock="0.0.0.0/0",
        GatewayId=igw,
    )
    w.ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    (shown,) = w.ec2.describe_internet_gateways(Filters=_filter("attachment.vpc-id", vpc))["InternetGateways"]
    w.same("its attachment", shown["Attachments"], [{"State": "available", "VpcId": vpc}])
    w.refused(
        "it is not attached twice",
        "Resource.AlreadyAssociated",
        "attach_internet_gateway",
        f"resource {igw} is already attached to network {vpc}",
        InternetGatewayId=igw,
        VpcId=other,
    )
    second = w.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    w.refused(
        "a VPC has one",
        "InvalidParameterValue",
        "attach_internet_gateway",
        f"Network {vpc} already has an internet gateway attached",
        InternetGatewayId=second,
        VpcId=vpc,
    )
    w.refused(
        "one that is attached stays",
        "DependencyViolation",
        "delete_internet_gateway",
        f"The internetGateway '{igw}' has dependencies and cannot be deleted.",
        InternetGatewayId=igw,
    )
    w.refused("a VPC with a gateway stays", "DependencyViolation", "delete_vpc", f"The vpc '{vpc}' has dependencies and cannot be deleted.", VpcId=vpc)
    w.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=igw)
    w.ec2.detach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    w.same("its route is a black hole", ("0.0.0.0/0", "blackhole") in _sorted_routes(w, table), True)
    w.ec2.delete_internet_gateway(InternetGatewayId=igw)
    w.refused("an absent one", "InvalidInternetGatewayID.NotFound", "delete_internet_gateway", InternetGatewayId=igw)
    w.refused("an absent one in a route", "InvalidGatewayID.NotFound", "replace_route", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=igw)
    w.done("the VPC goes with its route", "delete_vpc", VpcId=vpc)


def elastic_addresses_come_and_go(w):
    vpc = _vpc(w)
    subnet = _subnet(w, vpc)
    made = w.ec2.allocate_address(Domain="vpc", TagSpecifications=_spec("elastic-ip"))
    eip = made["AllocationId"]
    w.same("its domain", made["Domain"], "vpc")
    eni = w.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    w.refused(
        "there must be a gateway",
        "Gateway.NotAttached",
        "associate_address",
        f"Network {vpc} is not attached to any internet gateway",
        AllocationId=eip,
        NetworkInterfaceId=eni,
    )
    igw = _gateway(w, vpc)
    association = w.ec2.associate_address(AllocationId=eip, NetworkInterfaceId=eni)["AssociationId"]
    (shown,) = w.ec2.describe_addresses(AllocationIds=[eip])["Addresses"]
    w.same("where it is", (shown["NetworkInterfaceId"], shown["AssociationId"]), (eni, association))
    w.same("its tag", shown["Tags"], _name("x"))
    (face,) = w.ec2.describe_network_interfaces(NetworkInterfaceIds=[eni])["NetworkInterfaces"]
    w.same("the interface tells it", face.get("Association", {}).get("PublicIp"), made["PublicIp"])
    w.same("the private address", shown["PrivateIpAddress"], face["PrivateIpAddress"])
    w.refused(
        "the gateway stays",
        "DependencyViolation",
        "detach_internet_gateway",
        f"Network {vpc} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.",
        InternetGatewayId=igw,
        VpcId=vpc,
    )
    w.refused("an address in use stays", "InvalidIPAddress.InUse", "release_address", AllocationId=eip)
    second = w.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    w.refused(
        "it does not move unless it may",
        "Resource.AlreadyAssociated",
        "associate_address",
        f"resource {eip} is already associated with associate-id {association}",
        AllocationId=eip,
        NetworkInterfaceId=second,
        AllowReassociation=False,
    )
    moved = w.done("it moves by itself", "associate_address", AllocationId=eip, NetworkInterfaceId=second)
    if moved is not None:
        association = moved["AssociationId"]
    for name, value in (("allocation-id", eip), ("public-ip", made["PublicIp"]), ("network-interface-id", second), ("domain", "vpc")):
        found = w.done(f"filter {name}", "describe_addresses", Filters=_filter(name, value))
        if found is not None:
            w.same(f"filter {name} finds it", [a["AllocationId"] for a in found["Addresses"]], [eip])
    w.same("by its address", [a["AllocationId"] for a in w.ec2.describe_addresses(PublicIps=[made["PublicIp"]])["Addresses"]], [eip])
    w.ec2.disassociate_address(AssociationId=association)
    w.refused(
        "once is enough",
        "InvalidAssociationID.NotFound",
        "disassociate_address",
        f"The association ID '{association}' does not exist",
        AssociationId=association,
    )
    w.ec2.associate_address(AllocationId=eip, NetworkInterfaceId=eni)
    w.ec2.delete_network_interface(NetworkInterfaceId=eni)
    (shown,) = w.ec2.describe_addresses(AllocationIds=[eip])["Addresses"]
    w.same("it is free when its interface goes", shown.get("AssociationId"), None)
    w.ec2.release_address(AllocationId=eip)
    w.refused("it has gone", "InvalidAllocationID.NotFound", "release_address", f"The allocation ID '{eip}' does not exist", AllocationId=eip)
    w.refused("it is not told", "InvalidAllocationID.NotFound", "describe_addresses", AllocationIds=[eip])
    w.refused("nor by its address", "InvalidAddress.NotFound", "describe_addresses", PublicIps=[made["PublicIp"]])
    for _ in range(5):
        w.ec2.allocate_address()
    w.refused("five are the limit", "AddressLimitExceeded", "allocate_address", "The maximum number of addresses has been reached.")


def a_nat_gateway_takes_its_time(w):
    vpc = _vpc(w)
    subnet = _subnet(w, vpc, "10.0.0.0/28")
    igw = _gateway(w, vpc)
    eip = w.ec2.allocate_address(Domain="vpc")
    request = {"SubnetId": subnet, "AllocationId": eip["AllocationId"], "ClientToken": "one"}
    made = w.ec2.create_nat_gateway(**request, TagSpecifications=_spec("natgateway"))
    nat = made["NatGateway"]["NatGatewayId"]
    w.same("it is pending", made["NatGateway"]["State"], "pending")
    w.same("the token comes back", made.get("ClientToken"), "one")
    again = w.done("the same call once more", "create_nat_gateway", **request, TagSpecifications=_spec("natgateway"))
    w.same("it is the same one", again and again["NatGateway"]["NatGatewayId"], nat)
    w.refused(
        "the token with another subnet",
        "IdempotentParameterMismatch",
        "create_nat_gateway",
        SubnetId=_subnet(w, vpc, "10.0.1.0/24"),
        AllocationId=eip["AllocationId"],
        ClientToken="one",
    )
    w.refused("no address", "MissingParameter", "create_nat_gateway", "AllocationId", SubnetId=subnet)
    w.refused("an absent address", "InvalidAllocationID.NotFound", "create_nat_gateway", SubnetId=subnet, AllocationId="eipalloc-" + NOBODY)
    w.wait(120)
    (shown,) = w.ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"]
    w.same("it is available", shown["State"], "available")
    (address,) = shown["NatGatewayAddresses"]
    w.same("its public address", (address["AllocationId"], address["PublicIp"]), (eip["AllocationId"], eip["PublicIp"]))
    w.same("its private address is of the subnet", address["PrivateIp"].rsplit(".", 1)[0], "10.0.0")
    w.same("it takes one address", _free(w, subnet), 10)
    (face,) = w.ec2.describe_network_interfaces(NetworkInterfaceIds=[address["NetworkInterfaceId"]])["NetworkInterfaces"]
    w.same("its interface", (face["InterfaceType"], face["Status"], face["RequesterManaged"]), ("nat_gateway", "in-use", True))
    w.same("the interface says whose it is", face["Description"], f"Interface for NAT Gateway {nat}")
    w.refused(
        "its interface is not ours",
        "InvalidParameterValue",
        "delete_network_interface",
        f"Network interface '{face['NetworkInterfaceId']}' is currently in use.",
        NetworkInterfaceId=face["NetworkInterfaceId"],
    )
    w.refused("its address is not ours", "AuthFailure", "disassociate_address", AssociationId=address.get("AssociationId", "eipassoc-" + NOBODY))
    w.refused("its address is not released", "AuthFailure", "release_address", AllocationId=eip["AllocationId"])
    table = w.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    w.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    w.same("a route by it is active", ("0.0.0.0/0", "active") in _sorted_routes(w, table), True)
    w.refused("its subnet stays", "DependencyViolation", "delete_subnet", SubnetId=subnet)
    w.refused("the gateway stays", "DependencyViolation", "detach_internet_gateway", InternetGatewayId=igw, VpcId=vpc)
    for name, value in (("vpc-id", vpc), ("subnet-id", subnet), ("state", "available"), ("nat-gateway-id", nat)):
        found = w.ec2.describe_nat_gateways(Filters=_filter(name, value))["NatGateways"]
        w.same(f"filter {name} finds it", [n["NatGatewayId"] for n in found], [nat])
    w.ec2.delete_nat_gateway(NatGatewayId=nat)
    (shown,) = w.ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"]
    w.same("it is deleting", shown["State"], "deleting")
    w.wait(120)
    (shown,) = w.ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"]
    w.same("it is deleted", shown["State"], "deleted")
    w.same("the route is a black hole", ("0.0.0.0/0", "blackhole") in _sorted_routes(w, table), True)
    w.same("its addresses are free", _free(w, subnet), 11)
    w.done("its elastic address is ours", "release_address", AllocationId=eip["AllocationId"])
    w.done("the gateway may go", "detach_internet_gateway", InternetGatewayId=igw, VpcId=vpc)
    fresh = w.ec2.allocate_address(Domain="vpc")["AllocationId"]
    failing = w.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=fresh)["NatGateway"]["NatGatewayId"]
    w.wait(120)
    (shown,) = w.ec2.describe_nat_gateways(NatGatewayIds=[failing])["NatGateways"]
    w.same("without a gateway it fails", (shown["State"], shown.get("FailureCode")), ("failed", "Gateway.NotAttached"))
    private = w.done("a private one needs none", "create_nat_gateway", SubnetId=subnet, ConnectivityType="private")
    if private is not None:
        w.same("it is private", private["NatGateway"]["ConnectivityType"], "private")
    w.wait(3700)
    w.refused("after an hour it is forgotten", "NatGatewayNotFound", "describe_nat_gateways", NatGatewayIds=[nat])


def routes_lead_somewhere(w):
    vpc, other = _vpc(w), _vpc(w, "10.1.0.0/16")
    subnet, igw = _subnet(w, vpc), _gateway(w, vpc)
    made = w.ec2.create_route_table(VpcId=vpc, TagSpecifications=_spec("route-table"))["RouteTable"]
    table = made["RouteTableId"]
    w.same("a new table is associated with none", made["Associations"], [])
    w.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=igw)
    w.refused(
        "a destination is there once",
        "RouteAlreadyExists",
        "create_route",
        "The route identified by 0.0.0.0/0 already exists",
        RouteTableId=table,
        DestinationCidrBlock="0.0.0.0/0",
        GatewayId=igw,
    )
    w.refused("the local one too", "RouteAlreadyExists", "create_route", RouteTableId=table, DestinationCidrBlock="10.0.0.0/16", GatewayId=igw)
    w.refused("no target", "MissingParameter", "create_route", RouteTableId=table, DestinationCidrBlock="10.7.0.0/16")
    w.refused("no block", "InvalidParameterValue", "create_route", RouteTableId=table, DestinationCidrBlock="10.7.0/16", GatewayId=igw)
    w.refused(
        "an absent NAT gateway",
        "InvalidNatGatewayID.NotFound",
        "create_route",
        RouteTableId=table,
        DestinationCidrBlock="10.7.0.0/16",
        NatGatewayId="nat-" + NOBODY,
    )
    eni = w.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    w.ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.8.1.0/16", NetworkInterfaceId=eni)
    w.same("host bits are cleared", "10.8.0.0/16" in [r.get("DestinationCidrBlock") for r in _routes(w, table)], True)
    w.same("an interface that nobody uses is a black hole", ("10.8.0.0/16", "blackhole") in _sorted_routes(w, table), True)
    w.done("a target is replaced", "replace_route", RouteTableId=table, DestinationCidrBlock="10.8.0.0/16", GatewayId=igw)
    w.same("it leads there", [r.get("GatewayId") for r in _routes(w, table) if r.get("DestinationCidrBlock") == "10.8.0.0/16"], [igw])
    w.refused(
        "a route that is not there",
        "InvalidParameterValue",
        "replace_route",
        "There is no route defined for '10.9.0.0/16' in the route table. Use CreateRoute instead.",
        RouteTableId=table,
        DestinationCidrBlock="10.9.0.0/16",
        GatewayId=igw,
    )
    w.done("a route is deleted", "delete_route", RouteTableId=table, DestinationCidrBlock="10.8.0.0/16")
    w.refused(
        "it has gone",
        "InvalidRoute.NotFound",
        "delete_route",
        f"no route with destination-cidr-block 10.8.0.0/16 in route table {table}",
        RouteTableId=table,
        DestinationCidrBlock="10.8.0.0/16",
    )
    w.refused(
        "the local one stays",
        "InvalidParameterValue",
        "delete_route",
        f"cannot remove local route 10.0.0.0/16 in route table {table}",
        RouteTableId=table,
        DestinationCidrBlock="10.0.0.0/16",
    )
    answer = w.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    association = answer["AssociationId"]
    w.same("its state", answer.get("AssociationState"), {"State": "associated"})
    w.refused(
        "a subnet has one table",
        "Resource.AlreadyAssociated",
        "associate_route_table",
        "conflicts with an existing association",
        RouteTableId=_main_table(w, vpc)["RouteTableId"],
        SubnetId=subnet,
    )
    w.refused(
        "a table in use stays",
        "DependencyViolation",
        "delete_route_table",
        f"The routeTable '{table}' has dependencies and cannot be deleted.",
        RouteTableId=table,
    )
    w.refused(
        "subnets of other VPCs",
        "InvalidParameterValue",
        "associate_route_table",
        RouteTableId=table,
        SubnetId=_subnet(w, other, "10.1.0.0/24"),
    )
    for name, value in (
        ("association.subnet-id", subnet),
        ("association.route-table-association-id", association),
        ("route.gateway-id", igw),
        ("route.destination-cidr-block", "0.0.0.0/0"),
        ("tag:Name", "x"),
    ):
        found = w.done(f"filter {name}", "describe_route_tables", Filters=_filter(name, value) + _filter("vpc-id", vpc))
        if found is not None:
            w.same(f"filter {name} finds it", [t["RouteTableId"] for t in found["RouteTables"]], [table])
    second = w.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    answer = w.ec2.replace_route_table_association(AssociationId=association, RouteTableId=second)
    w.same("a new association has a new id", answer["NewAssociationId"] != association, True)
    w.done("the first table is free", "delete_route_table", RouteTableId=table)
    w.ec2.disassociate_route_table(AssociationId=answer["NewAssociationId"])
    w.refused(
        "once is enough",
        "InvalidAssociationID.NotFound",
        "disassociate_route_table",
        AssociationId=answer["NewAssociationId"],
    )
    main = _main_table(w, vpc)
    main_association = main["Associations"][0]["RouteTableAssociationId"]
    w.refused(
        "the main association stays",
        "InvalidParameterValue",
        "disassociate_route_table",
        f"cannot disassociate the main route table association {main_association}",
        AssociationId=main_association,
    )
    w.refused("the main table stays", "DependencyViolation", "delete_route_table", RouteTableId=main["RouteTableId"])
    w.done("another becomes the main one", "replace_route_table_association", AssociationId=main_association, RouteTableId=second)
    w.same("it is the main one", _main_table(w, vpc)["RouteTableId"], second)
    w.done("the first main one may go", "delete_route_table", RouteTableId=main["RouteTableId"])
    w.refused("an absent table", "InvalidRouteTableID.NotFound", "delete_route_table", RouteTableId=main["RouteTableId"])


def gateway_endpoints_are_routes(w):
    vpc = _vpc(w)
    table = _main_table(w, vpc)["RouteTableId"]
    service = "com.amazonaws.us-west-2.s3"
    (listed,) = w.ec2.describe_prefix_lists(Filters=_filter("prefix-list-name", service))["PrefixLists"]
    w.same("a prefix list has blocks", len(listed.get("Cidrs", [])) > 0, True)
    (managed,) = w.ec2.describe_managed_prefix_lists(Filters=_filter("prefix-list-name", service))["PrefixLists"]
    w.same("both lists tell the same id", managed["PrefixListId"], listed["PrefixListId"])
    w.same("it is AWS's", managed["OwnerId"], "AWS")
    names = w.ec2.describe_vpc_endpoint_services(ServiceNames=[service])
    kinds = sorted(t["ServiceType"] for d in names["ServiceDetails"] for t in d["ServiceType"])
    w.same("S3 has both types", kinds, ["Gateway", "Interface"])
    w.refused("a service of nobody", "InvalidServiceName", "create_vpc_endpoint", "does not exist", VpcId=vpc, ServiceName="com.amazonaws.us-west-2.nonsense")
    w.refused(
        "a type that the service has not",
        "InvalidParameter",
        "create_vpc_endpoint",
        VpcId=vpc,
        ServiceName="com.amazonaws.us-west-2.sts",
        VpcEndpointType="Gateway",
    )
    request = {"VpcId": vpc, "ServiceName": service, "RouteTableIds": [table], "ClientToken": "s3"}
    made = w.ec2.create_vpc_endpoint(**request, TagSpecifications=_spec("vpc-endpoint"))["VpcEndpoint"]
    endpoint = made["VpcEndpointId"]
    w.same("it is available at once", made["State"], "available")
    w.same("its type", made.get("VpcEndpointType"), "Gateway")
    w.same("it allows all", '"Effect":"Allow"' in made["PolicyDocument"].replace(" ", ""), True)
    again = w.done("the same call once more", "create_vpc_endpoint", **request, TagSpecifications=_spec("vpc-endpoint"))
    w.same("it is the same one", again and again["VpcEndpoint"]["VpcEndpointId"], endpoint)
    w.same(
        "its route",
        [(r["GatewayId"], r["State"]) for r in _routes(w, table) if r.get("DestinationPrefixListId") == listed["PrefixListId"]],
        [(endpoint, "active")],
    )
    w.refused(
        "a table has one for a service",
        "RouteAlreadyExists",
        "create_vpc_endpoint",
        f"route table {table} already has a route with destination-prefix-list-id {listed['PrefixListId']}",
        VpcId=vpc,
        ServiceName=service,
        RouteTableIds=[table],
    )
    w.refused(
        "its route is not deleted by hand",
        "InvalidParameterValue",
        "delete_route",
        RouteTableId=table,
        DestinationPrefixListId=listed["PrefixListId"],
    )
    second = w.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    w.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[second], RemoveRouteTableIds=[table])
    (shown,) = w.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    w.same("its tables", shown["RouteTableIds"], [second])
    w.same("the route has gone from the first", any("DestinationPrefixListId" in r for r in _routes(w, table)), False)
    w.same("and is in the second", any("DestinationPrefixListId" in r for r in _routes(w, second)), True)
    w.refused("a policy that is none", "InvalidPolicyDocument", "modify_vpc_endpoint", VpcEndpointId=endpoint, PolicyDocument="{")
    w.refused("a VPC with an endpoint stays", "DependencyViolation", "delete_vpc", VpcId=vpc)
    for name, value in (("service-name", service), ("vpc-id", vpc), ("vpc-endpoint-state", "available"), ("vpc-endpoint-type", "Gateway")):
        found = w.done(f"filter {name}", "describe_vpc_endpoints", Filters=_filter(name, value))
        if found is not None:
            w.same(f"filter {name} finds it", [e["VpcEndpointId"] for e in found["VpcEndpoints"]], [endpoint])
    answer = w.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint, "vpce-" + NOBODY])
    w.same("the absent one is told", [u["ResourceId"] for u in answer["Unsuccessful"]], ["vpce-" + NOBODY])
    w.refused("it has gone", "InvalidVpcEndpointId.NotFound", "describe_vpc_endpoints", VpcEndpointIds=[endpoint])
    w.same("its route has gone", any("DestinationPrefixListId" in r for r in _routes(w, second)), False)


def interface_endpoints_are_interfaces(w):
    vpc = _vpc(w)
    subnet = _subnet(w, vpc, "10.0.0.0/24", AvailabilityZone="us-west-2a")
    beside = _subnet(w, vpc, "10.0.1.0/24", AvailabilityZone="us-west-2a")
    far = _subnet(w, vpc, "10.0.2.0/24", AvailabilityZone="us-west-2b")
    group = w.ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    request = {"VpcId": vpc, "ServiceName": "com.amazonaws.us-west-2.sts", "VpcEndpointType": "Interface", "SecurityGroupIds": [group]}
    w.refused(
        "private DNS needs host names",
        "InvalidParameter",
        "create_vpc_endpoint",
        f"Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for {vpc}",
        **request,
        SubnetIds=[subnet],
        PrivateDnsEnabled=True,
    )
    w.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    w.refused("one subnet of each zone", "DuplicateSubnetsInSameZone", "create_vpc_endpoint", **request, SubnetIds=[subnet, beside])
    made = w.ec2.create_vpc_endpoint(**request, SubnetIds=[subnet], PrivateDnsEnabled=True)["VpcEndpoint"]
    endpoint = made["VpcEndpointId"]
    w.same("it is pending", made["State"], "pending")
    w.same("its private name", "sts.us-west-2.amazonaws.com" in [e["DnsName"] for e in made["DnsEntries"]], True)
    w.same("its group", [g["GroupId"] for g in made["Groups"]], [group])
    w.wait(120)
    (shown,) = w.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    w.same("it is available", shown["State"], "available")
    w.same("it takes an address", _free(w, subnet), 250)
    (face,) = w.ec2.describe_network_interfaces(NetworkInterfaceIds=shown["NetworkInterfaceIds"])["NetworkInterfaces"]
    w.same("its interface", (face["InterfaceType"], face["Status"], face["SubnetId"]), ("vpc_endpoint", "in-use", subnet))
    w.same("the interface says whose it is", face["Description"], f"VPC Endpoint Interface {endpoint}")
    w.refused("its group stays", "DependencyViolation", "delete_security_group", GroupId=group)
    w.refused("its subnet stays", "DependencyViolation", "delete_subnet", SubnetId=subnet)
    w.refused(
        "one private name in a VPC",
        "InvalidParameter",
        "create_vpc_endpoint",
        f"private-dns-enabled cannot be set because there is already a conflicting DNS domain for sts.us-west-2.amazonaws.com in the VPC {vpc}",
        **request,
        SubnetIds=[far],
        PrivateDnsEnabled=True,
    )
    w.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddSubnetIds=[far], RemoveSubnetIds=[subnet])
    (shown,) = w.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    w.same("it moves", (shown["SubnetIds"], _free(w, subnet), _free(w, far)), ([far], 251, 250))
    w.same("its interface is another", shown["NetworkInterfaceIds"] != made["NetworkInterfaceIds"], True)
    w.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    going = w.done("it is told while it goes", "describe_vpc_endpoints", VpcEndpointIds=[endpoint])
    if going is not None:
        w.same("it is deleting", going["VpcEndpoints"][0]["State"], "deleting")
    w.wait(120)
    w.refused("it has gone", "InvalidVpcEndpointId.NotFound", "describe_vpc_endpoints", VpcEndpointIds=[endpoint])
    w.same("its address is free", _free(w, far), 251)
    w.done("its group may go", "delete_security_group", GroupId=group)


def tags_are_for_all(w):
    vpc = _vpc(w)
    subnet = _subnet(w, vpc)
    made = {
        "vpc": vpc,
        "subnet": subnet,
        "internet-gateway": _gateway(w, vpc),
        "route-table": _main_table(w, vpc)["RouteTableId"],
        "network-acl": w.ec2.describe_network_acls(Filters=_filter("vpc-id", vpc))["NetworkAcls"][0]["NetworkAclId"],
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
        tags = w.ec2.describe_tags(Filters=_filter("resource-id", thing) + _filter("key", "team"))["Tags"]
        w.same(f"a tag of {kind}", [(t["ResourceType"], t["Value"]) for t in tags], [(kind, "blue")])
    w.ec2.delete_tags(Resources=list(made.values()), Tags=[{"Key": "team"}])
    w.same("all are taken away", w.ec2.describe_tags(Filters=_filter("key", "team"))["Tags"], [])
    w.refused("keys of AWS", "InvalidParameterValue", "create_tags", Resources=[vpc], Tags=[{"Key": "aws:x", "Value": "y"}])
    w.refused("a thing of nobody", "InvalidRouteTableID.NotFound", "create_tags", Resources=["rtb-" + NOBODY], Tags=_name("x"))


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
    found = w.ec2.describe_instance_types(Filters=_filter("network-info.efa-supported", "true") + _filter("instance-type", "g5.*"))
    types = sorted(t["InstanceType"] for t in found["InstanceTypes"])
    w.same("g5 with EFA", types, ["g5.12xlarge", "g5.16xlarge", "g5.24xlarge", "g5.48xlarge", "g5.8xlarge"])
    w.refused("a type of nobody", "InvalidInstanceType", "describe_instance_types", "[p9.huge]", InstanceTypes=["p9.huge"])
    offered = w.ec2.describe_instance_type_offerings(
        LocationType="availability-zone-id", Filters=_filter("instance-type", "p4de.24xlarge")
    )["InstanceTypeOfferings"]
    w.same("where p4de is", sorted(o["Location"] for o in offered), ["usw2-az1", "usw2-az2", "usw2-az3"])
    here = w.ec2.describe_instance_type_offerings(Filters=_filter("instance-type", "trn2.48xlarge"))["InstanceTypeOfferings"]
    w.same("trn2 is not in this region", here, [])
    w.same(
        "EC2 pages its types",
        len(w.ec2.describe_instance_types(MaxResults=5)["InstanceTypes"]),
        5,
    )


STORIES = [
    a_vpc_has_what_each_vpc_has,
    a_vpc_takes_more_blocks,
    addresses_of_ipv6_are_amazons,
    subnets_count_their_addresses,
    an_internet_gateway_belongs_to_one_vpc,
    elastic_addresses_come_and_go,
    a_nat_gateway_takes_its_time,
    routes_lead_somewhere,
    gateway_endpoints_are_routes,
    interface_endpoints_are_interfaces,
    tags_are_for_all,
    places_and_types_are_known,
]
