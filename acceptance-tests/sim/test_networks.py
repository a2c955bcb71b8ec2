"""EC2's networks on the sim: the stories that run on moto too, and what only the sim shows."""

import datetime
import os
import signal
import urllib.request

import botocore.exceptions

import networks
import world
from world import SUBNET, VPC, Sim, refused


def _tell(story):
    def test():
        with Sim() as sim:
            witness = networks.Witness(sim.client("ec2"), sim.advance, story.__name__)
            story(witness)
            assert witness.checks > 5 and not witness.differences, "\n".join(
                f"{name}: {seen!r} instead of {expected!r}" for name, (seen, expected) in witness.differences.items()
            )

    test.__module__ = __name__
    return test


for _story in networks.STORIES:
    vars()[_story.__name__] = _tell(_story)


def _ask(sim, form):
    with urllib.request.urlopen(sim.url + "/", data=f"Version=2016-11-15&{form}".encode(), timeout=20) as answer:
        return answer.read().decode()


def _subnets(ec2, vpc, count):
    return [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24")["Subnet"]["SubnetId"] for i in range(count)]


def the_default_vpc_reaches_the_internet():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        (gateway,) = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [VPC]}])["InternetGateways"]
        (table,) = ec2.describe_route_tables()["RouteTables"]
        assert [(r["DestinationCidrBlock"], r["GatewayId"]) for r in table["Routes"]] == [
            ("172.31.0.0/16", "local"),
            ("0.0.0.0/0", gateway["InternetGatewayId"]),
        ]
        (acl,) = ec2.describe_network_acls()["NetworkAcls"]
        assert len(acl["Associations"]) == 4 and acl["VpcId"] == VPC
        assert ec2.describe_vpc_attribute(VpcId=VPC, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"]
        assert ec2.describe_subnets()["Subnets"][0]["MapPublicIpOnLaunch"]


def waiters_and_paginators_of_botocore_are_content():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = _subnets(ec2, vpc, 12)
        quick = {"Delay": 1, "MaxAttempts": 1}
        ec2.get_waiter("vpc_exists").wait(VpcIds=[vpc], WaiterConfig=quick)
        ec2.get_waiter("subnet_available").wait(SubnetIds=subnets, WaiterConfig=quick)
        igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.get_waiter("internet_gateway_exists").wait(InternetGatewayIds=[igw], WaiterConfig=quick)
        ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
        eni = ec2.create_network_interface(SubnetId=subnets[1])["NetworkInterface"]["NetworkInterfaceId"]
        ec2.get_waiter("network_interface_available").wait(NetworkInterfaceIds=[eni], WaiterConfig=quick)
        eip = ec2.allocate_address()["AllocationId"]
        nat = ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=eip)["NatGateway"]["NatGatewayId"]
        try:
            ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[nat], WaiterConfig=quick)
            raise AssertionError("a NAT gateway was there at once")
        except botocore.exceptions.WaiterError:
            sim.advance(100)
        ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[nat], WaiterConfig=quick)
        ec2.delete_nat_gateway(NatGatewayId=nat)
        sim.advance(100)
        ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[nat], WaiterConfig=quick)
        for _ in range(9):
            ec2.create_route_table(VpcId=vpc)
        sizes = {
            "describe_subnets": ("Subnets", 16),
            "describe_vpcs": ("Vpcs", 2),
            "describe_route_tables": ("RouteTables", 11),
            "describe_internet_gateways": ("InternetGateways", 2),
            "describe_nat_gateways": ("NatGateways", 1),
            "describe_network_acls": ("NetworkAcls", 2),
            "describe_network_interfaces": ("NetworkInterfaces", 1),
            "describe_egress_only_internet_gateways": ("EgressOnlyInternetGateways", 0),
            "describe_vpc_endpoints": ("VpcEndpoints", 0),
            "describe_prefix_lists": ("PrefixLists", 2),
            "describe_managed_prefix_lists": ("PrefixLists", 2),
            "describe_vpc_endpoint_services": ("ServiceDetails", 29),
            "describe_instance_types": ("InstanceTypes", 208),
            "describe_instance_type_offerings": ("InstanceTypeOfferings", 208),
        }
        for operation, (member, count) in sizes.items():
            pages = list(ec2.get_paginator(operation).paginate(PaginationConfig={"PageSize": 5}))
            seen = [str(item) for page in pages for item in page[member]]
            known = 200 if count == 208 else count  # not every type is in this region
            assert len(seen) == count or (count == 208 and len(seen) > known - 10), (operation, len(seen))
            assert len(set(seen)) == len(seen) and len(pages) == max(1, -(-len(seen) // 5)), (operation, len(pages))


def nodes_and_gateways_share_the_addresses_of_a_subnet():
    with Sim() as sim:
        ec2, sagemaker = sim.client("ec2"), sim.client("sagemaker")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/28")["Subnet"]["SubnetId"]
        (group,) = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
        nat = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
        request = {"VpcId": vpc, "ServiceName": "com.amazonaws.us-west-2.sts", "VpcEndpointType": "Interface", "PrivateDnsEnabled": False}
        ec2.create_vpc_endpoint(**request, SubnetIds=[subnet])
        network = {"SecurityGroupIds": [group["GroupId"]], "Subnets": [subnet]}
        bare = {k: v for k, v in world.group(count=9).items() if k != "LifeCycleConfig"}
        sagemaker.create_cluster(ClusterName="c", VpcConfig=network, InstanceGroups=[bare])
        sim.advance(60)

        def free():
            return ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"]

        assert free() == 0
        with refused("InsufficientFreeAddressesInSubnet"):
            ec2.create_network_interface(SubnetId=subnet)
        full = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
        ec2.delete_nat_gateway(NatGatewayId=nat)
        sim.advance(59)
        assert free() == 0, "a NAT gateway that goes keeps its address to the end"
        sim.advance(1)
        assert free() == 1
        sim.advance(40)
        (failed,) = ec2.describe_nat_gateways(NatGatewayIds=[full])["NatGateways"]
        assert (failed["State"], failed["FailureCode"]) == ("failed", "InsufficientFreeAddressesInSubnet")
        assert failed["DeleteTime"] > failed["CreateTime"]
        addresses = [i["PrivateIpAddress"] for i in ec2.describe_network_interfaces()["NetworkInterfaces"]]
        assert len(addresses) == len(set(addresses)) == 10


def a_nat_gateway_has_more_addresses_than_one():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        first, second = (ec2.allocate_address()["AllocationId"] for _ in range(2))
        made = ec2.create_nat_gateway(
            SubnetId=SUBNET, AllocationId=first, SecondaryAllocationIds=[second], PrivateIpAddress="172.31.0.50",
            SecondaryPrivateIpAddresses=["172.31.0.60"],
        )["NatGateway"]
        assert [(a["AllocationId"], a["PrivateIp"], a["IsPrimary"]) for a in made["NatGatewayAddresses"]] == [
            (first, "172.31.0.50", True),
            (second, "172.31.0.60", False),
        ]
        (shown,) = ec2.describe_addresses(AllocationIds=[second])["Addresses"]
        assert shown["PrivateIpAddress"] == "172.31.0.60"
        with refused("InvalidIPAddress.InUse"):
            ec2.create_nat_gateway(SubnetId=SUBNET, ConnectivityType="private", PrivateIpAddress="172.31.0.60")
        with refused("InvalidParameterValue", "more than once"):
            ec2.create_nat_gateway(
                SubnetId=SUBNET, ConnectivityType="private", SecondaryPrivateIpAddresses=["172.31.0.70", "172.31.0.70"]
            )
        made = ec2.create_nat_gateway(SubnetId=SUBNET, ConnectivityType="private", SecondaryPrivateIpAddressCount=3)["NatGateway"]
        assert len(made["NatGatewayAddresses"]) == 4 and all("AllocationId" not in a for a in made["NatGatewayAddresses"])
        used = ec2.create_nat_gateway(SubnetId=SUBNET, AllocationId=first)["NatGateway"]["NatGatewayId"]
        sim.advance(100)
        (shown,) = ec2.describe_nat_gateways(NatGatewayIds=[used])["NatGateways"]
        assert (shown["State"], shown["FailureCode"]) == ("failed", "Resource.AlreadyAssociated")
        for _ in range(3):
            ec2.create_nat_gateway(SubnetId=SUBNET, ConnectivityType="private")
        with refused("NatGatewayLimitExceeded", "Performing this operation would exceed the limit of 5 NAT gateways"):
            ec2.create_nat_gateway(SubnetId=SUBNET, ConnectivityType="private")


def limits_of_an_account_are_awss():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        for i in range(4):
            ec2.create_vpc(CidrBlock=f"10.{i}.0.0/16")
        with refused("VpcLimitExceeded", "The maximum number of VPCs has been reached."):
            ec2.create_vpc(CidrBlock="10.9.0.0/16")
        for _ in range(4):
            ec2.create_internet_gateway()
        with refused("InternetGatewayLimitExceeded"):
            ec2.create_internet_gateway()
        for i in range(5):
            ec2.create_egress_only_internet_gateway(VpcId=VPC)
        with refused("EgressOnlyInternetGatewayLimitExceeded"):
            ec2.create_egress_only_internet_gateway(VpcId=VPC)
        groups = [ec2.create_security_group(GroupName=f"g{i}", Description="d")["GroupId"] for i in range(6)]
        with refused("SecurityGroupsPerInterfaceLimitExceeded"):
            ec2.create_network_interface(SubnetId=SUBNET, Groups=groups)


def a_group_of_an_endpoint_without_subnets_stays():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        group = ec2.create_security_group(GroupName="g", Description="d")["GroupId"]
        service = "com.amazonaws.us-west-2.logs"
        endpoint = ec2.create_vpc_endpoint(VpcId=VPC, ServiceName=service, VpcEndpointType="Interface", SecurityGroupIds=[group])
        with refused("DependencyViolation"):
            ec2.delete_security_group(GroupId=group)
        name = {"VpcEndpointId": endpoint["VpcEndpoint"]["VpcEndpointId"]}
        with refused("InvalidParameter", "at least one security group"):
            ec2.modify_vpc_endpoint(**name, RemoveSecurityGroupIds=[group])
        ec2.modify_vpc_endpoint(**name, AddSecurityGroupIds=[world.DEFAULT_GROUP], RemoveSecurityGroupIds=[group])
        ec2.delete_security_group(GroupId=group)


def an_endpoint_takes_the_address_that_is_named():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        request = {"VpcId": VPC, "ServiceName": "com.amazonaws.us-west-2.ecr.api", "VpcEndpointType": "Interface", "SubnetIds": [SUBNET]}

        def make(subnet, address):
            made = ec2.create_vpc_endpoint(**request, SubnetConfigurations=[{"SubnetId": subnet, "Ipv4": address}])["VpcEndpoint"]
            (face,) = ec2.describe_network_interfaces(NetworkInterfaceIds=made["NetworkInterfaceIds"])["NetworkInterfaces"]
            return face["PrivateIpAddress"]

        for subnet, address in ((SUBNET, "172.31.0.3"), (SUBNET, "172.31.16.9"), ("subnet-0a1b2c3d4e5f60719", "172.31.16.9")):
            with refused("InvalidParameter", subnet):
                make(subnet, address)
        assert make(SUBNET, "172.31.0.77") == "172.31.0.77"


def a_primary_address_of_ipv6_stays():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        block = ec2.associate_vpc_cidr_block(VpcId=VPC, AmazonProvidedIpv6CidrBlock=True)["Ipv6CidrBlockAssociation"]
        assert block["Ipv6CidrBlockState"]["State"] == "associating"
        (block,) = ec2.describe_vpcs()["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
        part = block["Ipv6CidrBlock"].replace("/56", "/64")
        ec2.associate_subnet_cidr_block(SubnetId=SUBNET, Ipv6CidrBlock=part)
        mine = part.replace("::/64", "::5")
        wish = {"Ipv6Address": mine, "IsPrimaryIpv6": True}
        eni = ec2.create_network_interface(SubnetId=SUBNET, Ipv6Addresses=[wish])["NetworkInterface"]
        assert eni["Ipv6Addresses"] == [wish] and eni["Ipv6Address"] == mine
        with refused("InvalidIPAddress.InUse"):
            ec2.create_network_interface(SubnetId=SUBNET, Ipv6Addresses=[wish])
        name = {"NetworkInterfaceId": eni["NetworkInterfaceId"]}
        with refused("OperationNotPermitted"):
            ec2.modify_network_interface_attribute(**name, EnablePrimaryIpv6=False)
        any_three = ec2.create_network_interface(SubnetId=SUBNET, Ipv6AddressCount=3)["NetworkInterface"]
        assert len({a["Ipv6Address"] for a in any_three["Ipv6Addresses"]}) == 3


def each_region_offers_what_it_has():
    with Sim("--no-auth") as sim:
        def places(region, kind, by="availability-zone"):
            ec2 = sim.client("ec2", region=region)
            filters = [{"Name": "instance-type", "Values": [kind]}]
            found = ec2.describe_instance_type_offerings(LocationType=by, Filters=filters)["InstanceTypeOfferings"]
            return [offer["Location"] for offer in found]

        assert places("us-east-1", "p4d.24xlarge") == ["us-east-1a", "us-east-1b", "us-east-1d"]
        assert places("sa-east-1", "trn2.3xlarge", "region") == ["sa-east-1"]
        assert places("us-west-2", "trn2.3xlarge") == []
        assert places("cn-north-1", "p5.48xlarge") == [f"cn-north-1{z}" for z in "abcd"], "nothing is known of this region"
        assert places("eu-west-1", "m5.large")[-1] == "eu-west-1d", "a zone that AWS does not have"
        with refused("InvalidInstanceType"):
            sim.client("ec2", region="eu-west-1").describe_instance_types(InstanceTypes=["trn2.48xlarge"])
        # a parameter that older models of botocore do not know
        answer = _ask(sim, "Action=DescribeInstanceTypes&InstanceType.1=trn2.48xlarge&IncludeUnsupportedInRegion=true")
        assert "<supportedInRegion>false</supportedInRegion>" in answer


def networks_outlive_a_kill():
    path = world.temporary_file()
    try:
        with Sim("--state", path) as sim:
            ec2 = sim.client("ec2")
            for story in networks.STORIES[:10]:
                witness = networks.Witness(ec2, sim.advance, story.__name__)
                try:
                    story(witness)
                except botocore.exceptions.ClientError:
                    pass  # they are in each other's way: limits
            vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"] if len(ec2.describe_vpcs()["Vpcs"]) < 5 else VPC
            ec2.create_nat_gateway(SubnetId=SUBNET, ConnectivityType="private", ClientToken="t")
            ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-west-2.s3", ClientToken="e")
            sim.advance(30)
            before = sim.control("GET", "state")
            assert sim.end(signal.SIGKILL) == -signal.SIGKILL
        with Sim("--state", path) as sim:
            after = sim.control("GET", "state")
            assert after["now"] == before["now"]
            for one, other in zip(before["regions"], after["regions"], strict=True):
                for kind, things in one.items():
                    assert other[kind] == things, f"{kind} are not what they were"
            assert sum(len(before["regions"][0][kind]) for kind in ("natgateway", "route-table", "subnet")) > 10
            ec2 = sim.client("ec2")
            ids = [n["NatGatewayId"] for n in ec2.describe_nat_gateways()["NatGateways"]]
            again = ec2.create_nat_gateway(SubnetId=SUBNET, ConnectivityType="private", ClientToken="t")["NatGateway"]
            assert again["NatGatewayId"] in ids, "a token outlives it too"
            sim.advance(100)
            (shown,) = ec2.describe_nat_gateways(NatGatewayIds=[again["NatGatewayId"]])["NatGateways"]
            assert shown["State"] == "available"
    finally:
        if os.path.exists(path):
            os.unlink(path)


def sessions_of_a_user_end():
    with Sim() as sim:
        sts = sim.client("sts")
        keys = sts.get_session_token(DurationSeconds=900)["Credentials"]
        left = keys["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
        assert datetime.timedelta(minutes=14) < left <= datetime.timedelta(minutes=15)
        session = sim.client("sts", key=keys["AccessKeyId"], secret=keys["SecretAccessKey"], token=keys["SessionToken"])
        assert session.get_caller_identity()["Arn"] == sts.get_caller_identity()["Arn"]
        with refused("AccessDenied", "Cannot call GetSessionToken with session credentials", status=403):
            session.get_session_token()
        with refused("AccessDenied", "MultiFactorAuthentication failed"):
            sts.get_session_token(SerialNumber="arn:aws:iam::111122223333:mfa/me", TokenCode="123456")
        with refused("ValidationError", "durationSeconds", "greater than or equal to 900"):
            sim.client("sts", parameter_validation=False).get_session_token(DurationSeconds=899)
        assert sts.get_access_key_info(AccessKeyId=keys["AccessKeyId"])["Account"] == "111122223333"
        with refused("ValidationError"):
            sts.get_access_key_info(AccessKeyId="not-a-key-at-all")


def a_denial_of_ec2_can_be_decoded():
    import json

    with Sim() as sim:
        sts = sim.client("sts")
        policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]})
        keys = sts.assume_role(RoleArn=world.ROLE, RoleSessionName="me", Policy=policy)["Credentials"]
        ec2 = sim.client("ec2", key=keys["AccessKeyId"], secret=keys["SecretAccessKey"], token=keys["SessionToken"])
        try:
            ec2.describe_vpcs()
            raise AssertionError("a session may do what its policy does not allow")
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "UnauthorizedOperation"
            encoded = error.response["Error"]["Message"].split("Encoded authorization failure message: ")[1]
        told = json.loads(sts.decode_authorization_message(EncodedMessage=encoded)["DecodedMessage"])
        assert told["allowed"] is False and told["context"]["action"] == "ec2:DescribeVpcs"
        assert told["context"]["principal"]["arn"].endswith(":assumed-role/hp/me")
        with refused("InvalidAuthorizationMessageException"):
            sts.decode_authorization_message(EncodedMessage=encoded[:-1] + ("0" if encoded[-1] != "0" else "1"))
