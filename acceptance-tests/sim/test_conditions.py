"""What is short, broken or missing in the world, and what comes of it: at which point, and in which words."""

import json
import urllib.error

from world import (
    DEFAULT_GROUP, ROLE, SUBNET, Sim, efa_group, eks_cluster, group, groups_of, network, nodes_of, refused, status, statuses,
)  # fmt: skip

CAPACITY = "We currently do not have sufficient capacity to launch new ml.c5.large instances"
SCRIPT = "Lifecycle scripts did not run successfully"


def _fails(sim, sagemaker, minutes, *words, groups=None, **more):
    """A classic cluster with these groups is given up after so many minutes, and says why."""
    sagemaker.create_cluster(ClusterName="c", InstanceGroups=groups or [group()], **more)
    sim.advance(minutes * 60 - 1)
    assert status(sagemaker) == "Creating"
    sim.advance(2)
    assert status(sagemaker) == "RollingBack", "it fails at that point"
    sim.advance(200)
    cluster = sagemaker.describe_cluster(ClusterName="c")
    assert cluster["ClusterStatus"] == "Failed" and nodes_of(sagemaker) == []
    for word in words:
        assert word in cluster["FailureMessage"], cluster["FailureMessage"]
    with refused("ValidationException", "Failed"):
        sagemaker.update_cluster(ClusterName="c", NodeRecovery="None")


def capacity_may_be_short_in_one_zone():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        both = {"SecurityGroupIds": [DEFAULT_GROUP], "Subnets": [SUBNET, SUBNET[:-1] + "9"]}
        sim.condition("no_capacity", zone="us-west-2a", instance_type="ml.c5.large")
        sim.condition("no_capacity", zone="usw2-az2", instance_type="ml.m5.large")
        groups = [group("a"), group("b", 2, "ml.m5.large")]
        sagemaker.create_cluster(ClusterName="both", InstanceGroups=groups, VpcConfig=both)
        sim.advance(600)
        zones = {}
        for node in nodes_of(sagemaker, "both"):
            details = sagemaker.describe_cluster_node(ClusterName="both", NodeId=node["InstanceId"])["NodeDetails"]
            zones[node["InstanceGroupName"]] = details["Placement"]["AvailabilityZone"]
        assert zones == {"a": "us-west-2b", "b": "us-west-2a"}
        _fails(sim, sagemaker, 1, CAPACITY, "in the Availability Zone you requested", VpcConfig=network(DEFAULT_GROUP))


def one_group_without_capacity_takes_all_down():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("no_capacity", group="b", nodes=1)
        _fails(sim, sagemaker, 1, CAPACITY, groups=[group("a"), group("b")])


def an_update_without_capacity_goes_back():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group("a"), group("b", 1)])
        sim.advance(600)
        before = {n["InstanceId"] for n in nodes_of(sagemaker)}
        sim.condition("no_capacity")
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("a", 3), group("new", 1)], InstanceGroupsToDelete=["b"])
        sim.advance(61)
        assert status(sagemaker) == "RollingBack"
        sim.lift()
        sim.advance(600)
        cluster = sagemaker.describe_cluster(ClusterName="c")
        assert cluster["ClusterStatus"] == "InService" and CAPACITY in cluster["FailureMessage"]
        assert {n: (g["TargetCount"], g["CurrentCount"]) for n, g in groups_of(sagemaker).items()} == {"a": (2, 2), "b": (1, 1)}
        assert len({n["InstanceId"] for n in nodes_of(sagemaker)} & before) >= 2


def two_zones_break_a_group_with_efa():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/26", AvailabilityZone=f"us-west-2{z}")["Subnet"]["SubnetId"] for i, z in enumerate("ab")]
        gid = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
        rule = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": gid}]}]
        ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=rule)
        ec2.authorize_security_group_egress(GroupId=gid, IpPermissions=rule)
        vpc_config = {"SecurityGroupIds": [gid], "Subnets": subnets}
        gpus = [group("gpu", 2, "ml.p5.48xlarge")]  # 32 addresses each: the second does not fit into the first subnet
        _fails(sim, sagemaker, 6, "EFA health checks did not run successfully", groups=gpus, VpcConfig=vpc_config)
        assert all(lines == [] for lines in sim.log().values()), "no script has started"


def free_addresses_may_be_too_few():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/26")["Subnet"]["SubnetId"]
        gid = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
        vpc_config = {"SecurityGroupIds": [gid], "Subnets": [subnet]}
        many = [group("gpu", 2, "ml.p5.48xlarge")]
        _fails(sim, sagemaker, 4, "not have enough free addresses", groups=many, VpcConfig=vpc_config)
        assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"] == 59


def a_script_may_fail_on_one_node():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("script_fails", group="workers", node=2, exit_code=7)
        _fails(sim, sagemaker, 4.5, SCRIPT, "/aws/sagemaker/Clusters/c/")
        logs = sim.log()
        assert len(logs) == 2 and sorted(lines[-1] for lines in logs.values()) == [
            "[SageMaker] The lifecycle scripts failed with exit code 7.",
            "[SageMaker] The lifecycle scripts succeeded.",
        ]
        assert all(lines[0] == "[SageMaker] Downloading lifecycle scripts" for lines in logs.values())


def a_rehearsal_can_be_repeated():
    """The fifth node is the fifth that is there, however often the group grew before."""
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group(count=4)])
        sim.advance(600)
        seen = set()
        for _ in range(3):
            sim.condition("script_fails", group="workers", node=5)
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=5)])
            sim.advance(1200)
            assert len(nodes_of(sagemaker)) == 4 and sim.control("GET", "conditions")[0]["hits"] == 1
            sim.lift()
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=5)])
            sim.advance(1200)
            assert statuses(sagemaker) == ["Running"] * 5
            new = {node["InstanceId"] for node in nodes_of(sagemaker)} - seen
            assert len(new) == (1 if seen else 5), "an instance id comes once"
            seen |= new
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=4)])
            sim.advance(3600)
            assert len(nodes_of(sagemaker)) == 4


def a_script_may_hang():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("script_hangs", node=1)
        _fails(sim, sagemaker, 64.5, "Lifecycle scripts execution timed out")


def scripts_may_be_out_of_reach():
    for kind, members, line in (
        ("missing_script", {"script": "on_create.sh"}, "No such file"),
        ("missing_bucket", {"bucket": "sagemaker-x"}, "NoSuchBucket"),
        ("missing_permission", {"action": "s3:GetObject", "role": "hp"}, "AccessDenied"),
        ("missing_permission", {"action": "kms:Decrypt", "role": ROLE}, "kms:Decrypt"),
    ):
        with Sim() as sim:
            sagemaker = sim.client("sagemaker")
            sim.condition(kind, **members)
            other = {"SourceS3Uri": "s3://sagemaker-y/lc", "OnCreate": "other.sh"}
            sagemaker.create_cluster(ClusterName="fine", InstanceGroups=[{**group(LifeCycleConfig=other), "ExecutionRole": ROLE + "2"}])
            _fails(sim, sagemaker, 2.5, SCRIPT)
            assert any(line in text for lines in sim.log().values() for text in lines), kind
            sim.advance(300)
            assert status(sagemaker, "fine") == "InService"


def without_a_route_to_s3_nothing_boots():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("no_s3_route", subnet=SUBNET)
        _fails(sim, sagemaker, 2.5, "Instance bootstrap failed", "network misconfiguration", SUBNET, VpcConfig=network(DEFAULT_GROUP))


def a_subnet_needs_a_way_to_s3():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
        other = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
        gid = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=other)
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-west-2.s3", RouteTableIds=[table])
        by_endpoint = {"SecurityGroupIds": [gid], "Subnets": [other]}
        sagemaker.create_cluster(ClusterName="endpoint", InstanceGroups=[group()], VpcConfig=by_endpoint)
        bare = {k: v for k, v in group().items() if k != "LifeCycleConfig"}
        closed = {"SecurityGroupIds": [gid], "Subnets": [subnet]}
        sagemaker.create_cluster(ClusterName="bare", InstanceGroups=[bare], VpcConfig=closed)
        _fails(sim, sagemaker, 2.5, "Instance bootstrap failed", subnet, VpcConfig=closed)
        sim.advance(300)
        assert status(sagemaker, "endpoint") == "InService" and status(sagemaker, "bare") == "InService"
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        (main,) = ec2.describe_route_tables(Filters=[{"Name": "association.main", "Values": ["true"]}, {"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
        ec2.create_route(RouteTableId=main["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        sagemaker.create_cluster(ClusterName="gateway", InstanceGroups=[group()], VpcConfig=closed)
        sim.advance(600)
        assert status(sagemaker, "gateway") == "InService"


def a_permission_may_be_missing_in_the_network():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("missing_permission", action="ec2:CreateNetworkInterface")
        sagemaker.create_cluster(ClusterName="free", InstanceGroups=[group()])
        _fails(sim, sagemaker, 1, "does not have permission to perform", "ec2:CreateNetworkInterface", VpcConfig=network(DEFAULT_GROUP))
        sim.advance(300)
        assert status(sagemaker, "free") == "InService", "without a VPC nobody makes interfaces"


def a_role_that_went_too_early_holds_the_deletion_up():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker)
        sim.advance(600)
        sim.condition("missing_permission", action="ec2:DeleteNetworkInterface")
        sagemaker.delete_cluster(ClusterName="c")
        sim.advance(24 * 3600)
        assert status(sagemaker) == "Deleting"
        node = nodes_of(sagemaker)[0]
        assert "does not have permission to perform ec2:DeleteNetworkInterface" in node["InstanceStatus"]["Message"]
        sim.lift("missing_permission")
        sim.advance(60)
        with refused("ResourceNotFound"):
            sagemaker.describe_cluster(ClusterName="c")


def a_new_role_is_not_known_at_once():
    text = f"cannot assume the execution role {ROLE}"
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("role_propagation", role="hp", seconds=10)
        with refused("ValidationException", text):
            sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group()])
        sim.advance(9)
        with refused("ValidationException", text):
            sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group()])
        sim.advance(1)
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group()])
        sim.condition("missing_role", role="hp")
        sim.advance(3600)
        with refused("ValidationException", text):
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=3)])
        sim.condition("missing_permission", action="iam:PassRole", role="other")
        with refused("AccessDeniedException", "iam:PassRole"):
            sagemaker.create_cluster(ClusterName="d", InstanceGroups=[{**group(), "ExecutionRole": ROLE[:-2] + "other"}])


def the_service_s_own_role_may_be_forbidden():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("missing_permission", action="iam:CreateServiceLinkedRole")
        _fails(sim, sagemaker, 2, "Service role AWSServiceRole", "could not be created", "iam:CreateServiceLinkedRole")


def quotas_count_all_clusters():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("quota", instance_type="ml.c5.large", limit=5)
        sim.condition("quota", limit=8)
        sagemaker.create_cluster(ClusterName="a", InstanceGroups=[group(count=3)])
        with refused("ResourceLimitExceeded", "ml.c5.large for cluster usage", "5", "6"):
            sagemaker.create_cluster(ClusterName="b", InstanceGroups=[group(count=3)])
        eks_cluster(sagemaker, name="b", groups=[group(count=2), group("m", 3, "ml.m5.large")])
        sim.advance(600)
        with refused("ResourceLimitExceeded", "ml.c5.large"):
            sagemaker.update_cluster(ClusterName="a", InstanceGroups=[group(count=4)])
        for name, words in (("workers", "ml.c5.large"), ("m", "Total number of instances")):
            with refused("ResourceLimitExceeded", words):
                sagemaker.batch_add_cluster_nodes(ClusterName="b", NodesToAdd=[{"InstanceGroupName": name, "IncrementTargetCountBy": 1}])
        sim.condition("quota", instance_type="ml.c5.large", limit=1)
        sagemaker.update_cluster(ClusterName="a", InstanceGroups=[group(count=2)])
        sagemaker.create_cluster(ClusterName="elsewhere", InstanceGroups=[group("m", 0, "ml.m5.large")])


def a_node_that_dies_is_replaced_when_recovery_is_on():
    for recovery in ("Automatic", "None"):
        with Sim() as sim:
            sagemaker = sim.client("sagemaker")
            sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group()], NodeRecovery=recovery)
            sim.condition("node_dies", group="workers", node=2, after_seconds=600)
            sim.advance(300)
            sim.advance(599)
            assert statuses(sagemaker) == ["Running"] * 2
            sim.advance(1)
            (dead,) = [n for n in nodes_of(sagemaker) if n["InstanceStatus"]["Status"] == "Failure"]
            assert dead["InstanceStatus"]["Message"] == "Instance likely experienced a hardware failure."
            assert status(sagemaker) == "InService" and groups_of(sagemaker)["workers"]["Status"] == "Degraded"
            sim.advance(1800)
            assert statuses(sagemaker) == (["Running"] * 2 if recovery == "Automatic" else ["Failure", "Running"])
            if recovery == "None":
                sagemaker.batch_replace_cluster_nodes(ClusterName="c", NodeIds=[dead["InstanceId"]])
                sim.advance(600)
                assert statuses(sagemaker) == ["Running"] * 2


def a_drifted_slurm_configuration_blocks_managed_updates():
    from world import compute, slurm_cluster

    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        slurm_cluster(sagemaker, Orchestrator={"Slurm": {"SlurmConfigStrategy": "Managed"}})
        sim.advance(1200)
        sim.condition("slurm_drift", cluster="c")
        with refused("ValidationException", "drifted"):
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[compute(count=3)])
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[compute(count=3)], Orchestrator={"Slurm": {"SlurmConfigStrategy": "Overwrite"}})


def conditions_are_listed_lifted_and_end():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("no_capacity", for_seconds=60)
        sim.condition("quota", limit=100)
        sim.condition("quota", limit=100)
        sim.control("POST", "conditions", {"conditions": [{"kind": "missing_bucket", "bucket": "b"}, {"kind": "alarm", "alarm": "a"}]})
        assert [c["kind"] for c in sim.control("GET", "conditions")] == ["no_capacity", "quota", "missing_bucket", "alarm"]
        sim.lift("alarm")
        assert len(sim.control("GET", "state")["conditions"]) == 3
        sim.advance(61)
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group()])
        sim.advance(600)
        assert status(sagemaker) == "InService"
        sim.lift()
        assert sim.control("GET", "conditions") == []
        sim.condition("alarm", alarm="a")
        sim.control("POST", "reset")
        assert sim.control("GET", "conditions") == []


def a_condition_that_makes_no_sense_is_refused():
    with Sim() as sim:

        def wrong(body, *words, method="POST"):
            try:
                sim.control(method, "conditions", body)
            except urllib.error.HTTPError as error:
                message = json.loads(error.read())["message"]
                assert error.code == 400 and all(w in message for w in words), message
                return
            raise AssertionError(f"{body} was accepted")

        wrong({}, "kind", "no_capacity")
        wrong({"kind": "nonsense"}, "kind is one of", "quota")
        wrong({"kind": "quota"}, "needs limit")
        wrong({"kind": "quota", "limit": "5"}, "limit", "whole number")
        wrong({"kind": "quota", "limit": 5, "zone": "a"}, "takes no zone", "instance_type limit")
        wrong({"kind": "alarm", "alarm": 7}, "alarm is a text")
        wrong({"kind": "alarm", "alarm": "x" * 3000}, "alarm is a text")
        wrong({"kind": "unset_mode", "mode": "both"}, "one of continuous classic")
        wrong({"kind": "missing_permission", "action": "s3:Fly"}, "one of s3:GetObject")
        wrong({"conditions": [{"kind": "alarm", "alarm": "a"}, {"kind": "quota", "limit": []}]}, "1.limit")
        wrong({"conditions": [7]}, "0", "an object with a kind")
        wrong({"kind": "nonsense"}, "no such kind", method="DELETE")
        assert sim.control("GET", "conditions") == [], "a list is taken as a whole or not at all"


def interfaces_of_nodes_that_went_stay_a_while():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        gid = efa_group(ec2)
        other = {"SecurityGroupIds": [gid], "Subnets": [SUBNET]}
        eks_cluster(sagemaker, [group("stays"), group("goes", 1, OverrideVpcConfig=other)])
        sim.advance(600)
        sagemaker.update_cluster(ClusterName="c", InstanceGroupsToDelete=["goes"])
        sim.advance(200)
        assert set(groups_of(sagemaker)) == {"stays"}
        with refused("DependencyViolation"):
            ec2.delete_security_group(GroupId=gid)
        sim.advance(900)
        ec2.delete_security_group(GroupId=gid)
