"""Nodes that are added, deleted, rebooted, replaced and checked by name."""

import uuid

from world import (
    DEFAULT_GROUP, Sim, compute, controller, efa_group, eks_cluster, events_of, group, groups_of, network, nodes_of, refused,
    slurm_cluster, status, statuses,
)  # fmt: skip

GPU = "ml.g5.xlarge"


def nodes_are_added_by_name_of_the_group():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group("a", 1), group("b", 0)])
        sim.advance(600)
        answer = sagemaker.batch_add_cluster_nodes(
            ClusterName="c",
            NodesToAdd=[
                {"InstanceGroupName": "a", "IncrementTargetCountBy": 2},
                {"InstanceGroupName": "b", "IncrementTargetCountBy": 1, "AvailabilityZones": ["us-west-2a"]},
                {"InstanceGroupName": "nobody", "IncrementTargetCountBy": 3},
            ],
        )
        assert [n["InstanceGroupName"] for n in answer["Successful"]] == ["a", "a", "b"]
        assert answer["Successful"][2]["AvailabilityZones"] == ["us-west-2a"] and answer["Successful"][0]["Status"] == "Pending"
        (failed,) = answer["Failed"]
        assert (failed["ErrorCode"], failed["FailedCount"], failed["InstanceGroupName"]) == ("InstanceGroupNotFound", 3, "nobody")
        groups = groups_of(sagemaker)
        assert groups["a"]["TargetCount"] == 3 and groups["a"]["CurrentCount"] == 1 and groups["b"]["TargetCount"] == 1
        assert groups["a"]["ActiveOperations"] == {"Scaling": 1} and status(sagemaker) == "InService"
        sim.advance(600)
        assert [groups_of(sagemaker)[n]["CurrentCount"] for n in "ab"] == [3, 1]
        for added in answer["Successful"]:
            node = sagemaker.describe_cluster_node(ClusterName="c", NodeLogicalId=added["NodeLogicalId"])["NodeDetails"]
            assert node["InstanceStatus"]["Status"] == "Running" and node["InstanceGroupName"] == added["InstanceGroupName"]


def additions_have_their_limits():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")

        def add(count=1, name="c", group_name="workers", **more):
            spec = {"InstanceGroupName": group_name, "IncrementTargetCountBy": count, **more}
            return sagemaker.batch_add_cluster_nodes(ClusterName=name, NodesToAdd=[spec])

        sagemaker.create_cluster(ClusterName="classic", InstanceGroups=[group()])
        eks_cluster(sagemaker, [group("workers"), group("full", 6758)])
        sim.advance(600)
        with refused("ValidationException", "Continuous"):
            add(name="classic")
        with refused("ValidationException", "50"):
            sagemaker.batch_add_cluster_nodes(
                ClusterName="c",
                NodesToAdd=[{"InstanceGroupName": "workers", "IncrementTargetCountBy": 26}, {"InstanceGroupName": "full", "IncrementTargetCountBy": 25}],
            )
        with refused("ResourceLimitExceeded"):
            add(group_name="full")
        with refused("ResourceNotFound"):
            add(name="nobody")
        assert add(AvailabilityZones=["us-west-2d"])["Failed"][0]["ErrorCode"] == "IncompatibleAvailabilityZones"
        assert add(InstanceTypes=["ml.m5.large"])["Failed"][0]["ErrorCode"] == "IncompatibleInstanceTypes"
        assert groups_of(sagemaker)["workers"]["TargetCount"] == 2
        sagemaker.update_cluster(ClusterName="c", InstanceGroupsToDelete=["full"])
        assert add(group_name="full")["Failed"][0]["ErrorCode"] == "InvalidInstanceGroupStatus"


def a_token_adds_nodes_once_in_eight_hours():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker)
        sim.advance(600)
        token = str(uuid.uuid4())

        def add(count=1):
            spec = [{"InstanceGroupName": "workers", "IncrementTargetCountBy": count}]
            return sagemaker.batch_add_cluster_nodes(ClusterName="c", ClientToken=token, NodesToAdd=spec)["Successful"]

        first = add()
        assert add() == first and groups_of(sagemaker)["workers"]["TargetCount"] == 3
        with refused("ValidationException", token):
            add(2)
        sim.advance(8 * 3600 + 1)
        assert add() != first and groups_of(sagemaker)["workers"]["TargetCount"] == 4


def deleted_nodes_lower_the_target():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group("workers", 4)])
        sim.advance(600)
        nodes = nodes_of(sagemaker)
        answer = sagemaker.batch_delete_cluster_nodes(
            ClusterName="c", NodeIds=[nodes[0]["InstanceId"], "i-0123456789abcdef0"], NodeLogicalIds=[nodes[1]["NodeLogicalId"]]
        )
        assert answer["Successful"] == [nodes[0]["InstanceId"]] and answer["SuccessfulNodeLogicalIds"] == [nodes[1]["NodeLogicalId"]]
        assert [(f["Code"], f["NodeId"]) for f in answer["Failed"]] == [("NodeIdNotFound", "i-0123456789abcdef0")]
        assert "FailedNodeLogicalIds" not in answer
        workers = groups_of(sagemaker)["workers"]
        assert (workers["TargetCount"], workers["CurrentCount"]) == (2, 4)
        again = sagemaker.batch_delete_cluster_nodes(ClusterName="c", NodeIds=[nodes[0]["InstanceId"]])
        assert again["Failed"][0]["Code"] == "InvalidNodeStatus" and "Successful" not in again
        sim.advance(200)
        assert groups_of(sagemaker)["workers"]["CurrentCount"] == 2 and len(nodes_of(sagemaker)) == 2
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("workers", 4)])
        sim.advance(600)
        assert groups_of(sagemaker)["workers"]["CurrentCount"] == 4, "the next update makes them again"


def a_classic_cluster_updates_while_nodes_are_deleted():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group("a", 3)])
        sim.advance(600)
        (first, *_) = nodes_of(sagemaker)
        with refused("ValidationException", "Continuous"):
            sagemaker.batch_delete_cluster_nodes(ClusterName="c", NodeLogicalIds=["a-1"])
        with refused("ValidationException"):
            sagemaker.batch_delete_cluster_nodes(ClusterName="c")
        sagemaker.batch_delete_cluster_nodes(ClusterName="c", NodeIds=[first["InstanceId"]])
        assert status(sagemaker) == "Updating"
        with refused("ConflictException"):
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("a", 5)])
        sim.advance(300)
        assert status(sagemaker) == "InService" and groups_of(sagemaker)["a"]["CurrentCount"] == 2


def controllers_of_slurm_stay():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        slurm_cluster(sagemaker)
        sim.advance(1200)
        (ctl,) = nodes_of(sagemaker, InstanceGroupNameContains="ctl")
        answer = sagemaker.batch_delete_cluster_nodes(ClusterName="c", NodeIds=[ctl["InstanceId"]])
        assert answer["Failed"][0]["Code"] == "NodeIdInUse" and "controller" in answer["Failed"][0]["Message"]
        answer = sagemaker.batch_replace_cluster_nodes(ClusterName="c", NodeIds=[ctl["InstanceId"]])
        assert answer["Failed"][0]["ErrorCode"] == "InstanceIdInUse"
        with refused("ValidationException", "controller"):
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[controller(count=0)])
        assert "Failed" not in sagemaker.batch_reboot_cluster_nodes(ClusterName="c", NodeIds=[ctl["InstanceId"]])
        assert groups_of(sagemaker)["ctl"]["TargetCount"] == 1


def a_rebooted_node_is_the_same_instance():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker)
        sim.advance(600)
        first, second = nodes_of(sagemaker)
        streams = sim.log()
        answer = sagemaker.batch_reboot_cluster_nodes(ClusterName="c", NodeIds=[first["InstanceId"]], NodeLogicalIds=["nobody-1"])
        assert answer["Successful"] == [first["InstanceId"]]
        assert answer["FailedNodeLogicalIds"][0]["ErrorCode"] == "InstanceIdNotFound"
        assert statuses(sagemaker) == ["Pending", "Running"]
        again = sagemaker.batch_reboot_cluster_nodes(ClusterName="c", NodeIds=[first["InstanceId"]])
        assert again["Failed"][0]["ErrorCode"] == "InvalidInstanceStatus"
        sim.advance(200)
        after = nodes_of(sagemaker)
        assert {n["InstanceId"] for n in after} == {first["InstanceId"], second["InstanceId"]} and statuses(sagemaker) == ["Running"] * 2
        assert sim.log() == streams, "lifecycle scripts do not run at a reboot"
        with refused("ValidationException", "25"):
            ids = [f"i-{n:017x}" for n in range(20)]
            sagemaker.batch_reboot_cluster_nodes(ClusterName="c", NodeIds=ids, NodeLogicalIds=[f"w-{n}" for n in range(10)])


def a_node_that_never_came_up_cannot_be_rebooted():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("script_fails", node=1)
        eks_cluster(sagemaker)
        sim.advance(400)
        (failed,) = [n for n in nodes_of(sagemaker) if n["InstanceStatus"]["Status"] == "Failure"]
        answer = sagemaker.batch_reboot_cluster_nodes(ClusterName="c", NodeIds=[failed["InstanceId"]])
        assert answer["Failed"][0]["ErrorCode"] == "InvalidInstanceStatus"
        sim.lift()
        assert "Failed" not in sagemaker.batch_replace_cluster_nodes(ClusterName="c", NodeLogicalIds=[failed["NodeLogicalId"]])
        sim.advance(300)
        assert statuses(sagemaker) == ["Running"] * 2


def a_replaced_node_keeps_its_logical_id():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        eks_cluster(sagemaker, name="eks")
        slurm_cluster(sagemaker, name="slurm", VpcConfig=network(DEFAULT_GROUP))
        sim.advance(1200)
        for name, keeps_address in (("eks", False), ("slurm", True)):
            before = nodes_of(sagemaker, name, InstanceGroupNameContains="workers")[0]
            details = sagemaker.describe_cluster_node(ClusterName=name, NodeId=before["InstanceId"])["NodeDetails"]
            answer = sagemaker.batch_replace_cluster_nodes(ClusterName=name, NodeIds=[before["InstanceId"]])
            assert answer["Successful"] == [before["InstanceId"]]
            sim.advance(600)
            after = sagemaker.describe_cluster_node(ClusterName=name, NodeLogicalId=before["NodeLogicalId"])["NodeDetails"]
            assert after["InstanceId"] != before["InstanceId"] and after["InstanceStatus"]["Status"] == "Running"
            assert (after["PrivatePrimaryIp"] == details["PrivatePrimaryIp"]) == keeps_address, name
            assert groups_of(sagemaker, name)["workers"]["TargetCount"] == 2
            with refused("ResourceNotFound"):
                sagemaker.describe_cluster_node(ClusterName=name, NodeId=before["InstanceId"])
            owned = ec2.describe_network_interfaces(Filters=[{"Name": "addresses.private-ip-address", "Values": [after["PrivatePrimaryIp"]]}])
            assert [e["Attachment"]["InstanceId"] for e in owned["NetworkInterfaces"]] == [after["InstanceId"]]


def deep_checks_run_before_a_node_takes_work():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group("gpu", 1, GPU, OnStartDeepHealthChecks=["InstanceStress"]), group("cpu", 1, OnStartDeepHealthChecks=["InstanceStress"])])
        sim.advance(1000)
        assert statuses(sagemaker) == ["DeepHealthCheckInProgress", "Running"], "nodes without accelerators have none"
        with refused("ValidationException", "Deep health checks are in progress"):
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("cpu", 2)])
        sim.advance(7200)
        assert statuses(sagemaker) == ["Running"] * 2
        checks = [lines for stream, lines in sim.log().items() if stream.startswith("DeepHealthCheckResults/")]
        assert checks == [["[SageMaker] Deep health checks: PASS"]]


def checks_can_be_asked_for():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group("gpu", 2, GPU), group("other", 1, GPU), group("cpu", 1), group("neuron", 0, "ml.trn1.32xlarge")])
        sim.advance(1000)

        def check(name, checks=("InstanceStress",), ids=None):
            row = {"InstanceGroupName": name, "DeepHealthChecks": list(checks), **({"InstanceIds": ids} if ids else {})}
            return sagemaker.start_cluster_health_check(ClusterName="c", DeepHealthCheckConfigurations=[row])

        with refused("ValidationException", "does not exist"):
            check("nobody")
        with refused("ValidationException", "accelerators"):
            check("cpu")
        with refused("ValidationException", "NVIDIA"):
            check("neuron", ["MultiNodeTrainingValidation"])
        with refused("ValidationException", "not found"):
            check("gpu", ids=["i-0123456789abcdef0"])
        gpu = nodes_of(sagemaker, InstanceGroupNameContains="gpu")
        check("gpu", ["InstanceStress", "MultiNodeTrainingValidation"], [gpu[0]["InstanceId"]])
        sim.advance(60)
        check("gpu", ["InstanceConnectivity"], [gpu[1]["InstanceId"]])
        check("other")
        operations = sagemaker.list_cluster_operations(ClusterName="c", Type="DeepHealthCheck")["ClusterOperationSummaries"]
        assert len(operations) == 2, "what overlaps is merged"
        assert statuses(sagemaker) == ["DeepHealthCheckInProgress"] * 3 + ["Running"]
        sim.advance(7200)
        assert statuses(sagemaker) == ["Running"] * 4
        first = sagemaker.describe_cluster_operation(ClusterName="c", OperationId=operations[-1]["OperationId"])
        assert first["Status"] == "Done" and first["Type"] == "DeepHealthCheck"
        assert [d["InstanceGroupName"] for d in first["DeepHealthCheckDetails"]] == ["gpu", "gpu"]
        caused = events_of(sagemaker, OperationId=first["OperationId"])
        assert [e["Description"] for e in caused] == ["Deep health checks started"] * 2 + ["Deep health checks passed"] * 2


def checks_of_many_nodes_are_kept():
    with Sim("--no-auth") as sim:
        sagemaker = sim.client("sagemaker")
        slurm_cluster(sagemaker, [controller(), *({**compute(f"g{n}", 40), "InstanceType": GPU} for n in range(99))])
        sim.advance(1500)
        ids = {}
        for node in nodes_of(sagemaker, InstanceGroupNameContains="g"):
            ids.setdefault(node["InstanceGroupName"], []).append(node["InstanceId"])
        rows = [{"InstanceGroupName": name, "DeepHealthChecks": ["InstanceStress"], "InstanceIds": (mine * 13)[:500]} for name, mine in ids.items()]
        sagemaker.start_cluster_health_check(ClusterName="c", DeepHealthCheckConfigurations=rows)
        (operation,) = sagemaker.list_cluster_operations(ClusterName="c")["ClusterOperationSummaries"]
        told = sagemaker.describe_cluster_operation(ClusterName="c", OperationId=operation["OperationId"])["DeepHealthCheckDetails"]
        assert sorted(told, key=str) == sorted(rows, key=str)


def a_node_that_fails_its_check_is_replaced():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        slurm_cluster(sagemaker, [controller(), {**compute("gpu", 2), "InstanceType": GPU}])
        sim.advance(2000)
        before = nodes_of(sagemaker, InstanceGroupNameContains="gpu")
        sim.condition("deep_check_fails", group="gpu", node=2, times=1)
        row = {"InstanceGroupName": "gpu", "DeepHealthChecks": ["InstanceStress"]}
        sagemaker.start_cluster_health_check(ClusterName="c", DeepHealthCheckConfigurations=[row])
        sim.advance(7200)
        assert statuses(sagemaker, InstanceGroupNameContains="gpu") == ["Failure", "Running"]
        sim.advance(1800)
        after = nodes_of(sagemaker, InstanceGroupNameContains="gpu")
        same = {n["InstanceId"] for n in after} & {n["InstanceId"] for n in before}
        assert statuses(sagemaker) == ["Running"] * 3 and len(same) == 1


def nodes_and_groups_take_as_many_addresses_as_they_need():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        gid = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
        rule = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": gid}]}]
        ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=rule)
        ec2.authorize_security_group_egress(GroupId=gid, IpPermissions=rule)

        def taken(name, members, **more):
            block = f"10.0.{len(ec2.describe_subnets()['Subnets'])}.0/24"
            subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=block)["Subnet"]["SubnetId"]
            vpc_config = {"SecurityGroupIds": [gid], "Subnets": [subnet]}
            bare = {k: v for k, v in group("g", 1, "ml.p5.48xlarge", **members).items() if k != "LifeCycleConfig"}
            sagemaker.create_cluster(ClusterName=name, InstanceGroups=[bare], VpcConfig=vpc_config, **more)
            sim.advance(600)
            return 251 - ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"]

        eks = {"Orchestrator": {"Eks": {"ClusterArn": "arn:aws:eks:us-west-2:111122223333:cluster/sim"}}}
        assert taken("slurm", {}) == 32
        assert taken("eks", {}, **eks) == 81
        assert taken("lean", {"NetworkInterface": {"InterfaceType": "efa-only"}}) == 1


def an_ultra_server_holds_eighteen_nodes():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        eks_cluster(sagemaker, [group("rack", 20, "ml.p6e-gb200.36xlarge")], VpcConfig=network(efa_group(ec2)))
        sim.advance(1200)
        nodes = nodes_of(sagemaker)
        servers = [n["UltraServerInfo"]["Id"] for n in nodes]
        assert sorted(servers.count(s) for s in set(servers)) == [2, 18]
