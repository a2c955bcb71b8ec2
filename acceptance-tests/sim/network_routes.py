"""Route tables and endpoints."""

from network_witness import (
    NOBODY, filter_by, free_addresses, main_table_of, new_gateway, new_subnet, new_vpc, routes_of, sorted_routes_of, tag_spec,
)  # fmt: skip


def routes_lead_somewhere(w):
    vpc, other = new_vpc(w), new_vpc(w, "10.1.0.0/16")
    subnet, igw = new_subnet(w, vpc), new_gateway(w, vpc)
    made = w.ec2.create_route_table(VpcId=vpc, TagSpecifications=tag_spec("route-table"))["RouteTable"]
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
    w.same("host bits are cleared", "10.8.0.0/16" in [r.get("DestinationCidrBlock") for r in routes_of(w, table)], True)
    w.same("an interface that nobody uses is a black hole", ("10.8.0.0/16", "blackhole") in sorted_routes_of(w, table), True)
    w.done("a target is replaced", "replace_route", RouteTableId=table, DestinationCidrBlock="10.8.0.0/16", GatewayId=igw)
    w.same("it leads there", [r.get("GatewayId") for r in routes_of(w, table) if r.get("DestinationCidrBlock") == "10.8.0.0/16"], [igw])
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
        RouteTableId=main_table_of(w, vpc)["RouteTableId"],
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
        SubnetId=new_subnet(w, other, "10.1.0.0/24"),
    )
    for name, value in (
        ("association.subnet-id", subnet),
        ("association.route-table-association-id", association),
        ("route.gateway-id", igw),
        ("route.destination-cidr-block", "0.0.0.0/0"),
        ("tag:Name", "x"),
    ):
        found = w.done(f"filter {name}", "describe_route_tables", Filters=filter_by(name, value) + filter_by("vpc-id", vpc))
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
    main = main_table_of(w, vpc)
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
    w.same("it is the main one", main_table_of(w, vpc)["RouteTableId"], second)
    w.done("the first main one may go", "delete_route_table", RouteTableId=main["RouteTableId"])
    w.refused("an absent table", "InvalidRouteTableID.NotFound", "delete_route_table", RouteTableId=main["RouteTableId"])


def gateway_endpoints_are_routes(w):
    vpc = new_vpc(w)
    table = main_table_of(w, vpc)["RouteTableId"]
    service = "com.amazonaws.us-west-2.s3"
    (listed,) = w.ec2.describe_prefix_lists(Filters=filter_by("prefix-list-name", service))["PrefixLists"]
    w.same("a prefix list has blocks", len(listed.get("Cidrs", [])) > 0, True)
    (managed,) = w.ec2.describe_managed_prefix_lists(Filters=filter_by("prefix-list-name", service))["PrefixLists"]
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
    made = w.ec2.create_vpc_endpoint(**request, TagSpecifications=tag_spec("vpc-endpoint"))["VpcEndpoint"]
    endpoint = made["VpcEndpointId"]
    w.same("it is available at once", made["State"], "available")
    w.same("its type", made.get("VpcEndpointType"), "Gateway")
    w.same("it allows all", '"Effect":"Allow"' in made["PolicyDocument"].replace(" ", ""), True)
    again = w.done("the same call once more", "create_vpc_endpoint", **request, TagSpecifications=tag_spec("vpc-endpoint"))
    w.same("it is the same one", again and again["VpcEndpoint"]["VpcEndpointId"], endpoint)
    w.same(
        "its route",
        [(r["GatewayId"], r["State"]) for r in routes_of(w, table) if r.get("DestinationPrefixListId") == listed["PrefixListId"]],
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
    w.same("the route has gone from the first", any("DestinationPrefixListId" in r for r in routes_of(w, table)), False)
    w.same("and is in the second", any("DestinationPrefixListId" in r for r in routes_of(w, second)), True)
    w.refused("a policy that is none", "InvalidPolicyDocument", "modify_vpc_endpoint", VpcEndpointId=endpoint, PolicyDocument="{")
    w.refused("a VPC with an endpoint stays", "DependencyViolation", "delete_vpc", VpcId=vpc)
    for name, value in (("service-name", service), ("vpc-id", vpc), ("vpc-endpoint-state", "available"), ("vpc-endpoint-type", "Gateway")):
        found = w.done(f"filter {name}", "describe_vpc_endpoints", Filters=filter_by(name, value))
        if found is not None:
            w.same(f"filter {name} finds it", [e["VpcEndpointId"] for e in found["VpcEndpoints"]], [endpoint])
    answer = w.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint, "vpce-" + NOBODY])
    w.same("the absent one is told", [u["ResourceId"] for u in answer["Unsuccessful"]], ["vpce-" + NOBODY])
    w.refused("it has gone", "InvalidVpcEndpointId.NotFound", "describe_vpc_endpoints", VpcEndpointIds=[endpoint])
    w.same("its route has gone", any("DestinationPrefixListId" in r for r in routes_of(w, second)), False)


def interface_endpoints_are_interfaces(w):
    vpc = new_vpc(w)
    subnet = new_subnet(w, vpc, "10.0.0.0/24", AvailabilityZone="us-west-2a")
    beside = new_subnet(w, vpc, "10.0.1.0/24", AvailabilityZone="us-west-2a")
    far = new_subnet(w, vpc, "10.0.2.0/24", AvailabilityZone="us-west-2b")
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
    w.same("it takes an address", free_addresses(w, subnet), 250)
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
    w.same("it moves", (shown["SubnetIds"], free_addresses(w, subnet), free_addresses(w, far)), ([far], 251, 250))
    w.same("its interface is another", shown["NetworkInterfaceIds"] != made["NetworkInterfaceIds"], True)
    w.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    going = w.done("it is told while it goes", "describe_vpc_endpoints", VpcEndpointIds=[endpoint])
    if going is not None:
        w.same("it is deleting", going["VpcEndpoints"][0]["State"], "deleting")
    w.wait(120)
    w.refused("it has gone", "InvalidVpcEndpointId.NotFound", "describe_vpc_endpoints", VpcEndpointIds=[endpoint])
    w.same("its address is free", free_addresses(w, far), 251)
    w.done("its group may go", "delete_security_group", GroupId=group)
