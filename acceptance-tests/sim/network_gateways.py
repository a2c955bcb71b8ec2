"""Gateways and elastic addresses."""

from network_witness import (
    NOBODY, filter_by, free_addresses, main_table_of, new_gateway, new_subnet, new_vpc, sorted_routes_of, tag_spec, tagged_name,
)  # fmt: skip


def an_internet_gateway_belongs_to_one_vpc(w):
    vpc, other = new_vpc(w), new_vpc(w, "10.1.0.0/16")
    igw = w.ec2.create_internet_gateway(TagSpecifications=tag_spec("internet-gateway"))["InternetGateway"]
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
    table = main_table_of(w, vpc)["RouteTableId"]
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
    (shown,) = w.ec2.describe_internet_gateways(Filters=filter_by("attachment.vpc-id", vpc))["InternetGateways"]
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
    w.same("its route is a black hole", ("0.0.0.0/0", "blackhole") in sorted_routes_of(w, table), True)
    w.ec2.delete_internet_gateway(InternetGatewayId=igw)
    w.refused("an absent one", "InvalidInternetGatewayID.NotFound", "delete_internet_gateway", InternetGatewayId=igw)
    w.refused("an absent one in a route", "InvalidGatewayID.NotFound", "replace_route", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=igw)
    w.done("the VPC goes with its route", "delete_vpc", VpcId=vpc)


def elastic_addresses_come_and_go(w):
    vpc = new_vpc(w)
    subnet = new_subnet(w, vpc)
    made = w.ec2.allocate_address(Domain="vpc", TagSpecifications=tag_spec("elastic-ip"))
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
    igw = new_gateway(w, vpc)
    association = w.ec2.associate_address(AllocationId=eip, NetworkInterfaceId=eni)["AssociationId"]
    (shown,) = w.ec2.describe_addresses(AllocationIds=[eip])["Addresses"]
    w.same("where it is", (shown["NetworkInterfaceId"], shown["AssociationId"]), (eni, association))
    w.same("its tag", shown["Tags"], tagged_name("x"))
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
        found = w.done(f"filter {name}", "describe_addresses", Filters=filter_by(name, value))
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
    vpc = new_vpc(w)
    subnet = new_subnet(w, vpc, "10.0.0.0/28")
    igw = new_gateway(w, vpc)
    eip = w.ec2.allocate_address(Domain="vpc")
    request = {"SubnetId": subnet, "AllocationId": eip["AllocationId"], "ClientToken": "one"}
    made = w.ec2.create_nat_gateway(**request, TagSpecifications=tag_spec("natgateway"))
    nat = made["NatGateway"]["NatGatewayId"]
    w.same("it is pending", made["NatGateway"]["State"], "pending")
    w.same("the token comes back", made.get("ClientToken"), "one")
    again = w.done("the same call once more", "create_nat_gateway", **request, TagSpecifications=tag_spec("natgateway"))
    w.same("it is the same one", again and again["NatGateway"]["NatGatewayId"], nat)
    w.refused(
        "the token with another subnet",
        "IdempotentParameterMismatch",
        "create_nat_gateway",
        SubnetId=new_subnet(w, vpc, "10.0.1.0/24"),
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
    w.same("it takes one address", free_addresses(w, subnet), 10)
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
    w.same("a route by it is active", ("0.0.0.0/0", "active") in sorted_routes_of(w, table), True)
    w.refused("its subnet stays", "DependencyViolation", "delete_subnet", SubnetId=subnet)
    w.refused("the gateway stays", "DependencyViolation", "detach_internet_gateway", InternetGatewayId=igw, VpcId=vpc)
    for name, value in (("vpc-id", vpc), ("subnet-id", subnet), ("state", "available"), ("nat-gateway-id", nat)):
        found = w.ec2.describe_nat_gateways(Filters=filter_by(name, value))["NatGateways"]
        w.same(f"filter {name} finds it", [n["NatGatewayId"] for n in found], [nat])
    w.ec2.delete_nat_gateway(NatGatewayId=nat)
    (shown,) = w.ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"]
    w.same("it is deleting", shown["State"], "deleting")
    w.wait(120)
    (shown,) = w.ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"]
    w.same("it is deleted", shown["State"], "deleted")
    w.same("the route is a black hole", ("0.0.0.0/0", "blackhole") in sorted_routes_of(w, table), True)
    w.same("its addresses are free", free_addresses(w, subnet), 11)
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
