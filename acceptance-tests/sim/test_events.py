"""What ListClusterEvents, DescribeClusterEvent, ListClusterOperations and DescribeClusterOperation tell."""

import botocore.session

from world import (
    DEFAULT_GROUP, EKS, ROLE, VPC, Sim, compute, controller, efa_group, eks_cluster, events_of, group, groups_of, network, nodes_of,
    refused, slurm_cluster,
)  # fmt: skip


def _operations(sagemaker, **how):
    pages = sagemaker.get_paginator("list_cluster_operations").paginate(ClusterName="c", **how)
    return [o for p in pages for o in p["ClusterOperationSummaries"]]


def _described(sagemaker, operation):
    return sagemaker.describe_cluster_operation(ClusterName="c", OperationId=operation["OperationId"])


def events_are_for_continuous_clusters():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group()])
        with refused("ValidationException", "Continuous"):
            sagemaker.list_cluster_events(ClusterName="c")
        with refused("ValidationException", "Continuous"):
            sagemaker.describe_cluster_event(ClusterName="c", EventId="01234567-89ab-cdef-0123-456789abcdef")
        with refused("ResourceNotFound"):
            sagemaker.list_cluster_events(ClusterName="nobody")
        sim.advance(600)
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=3)])
        assert _operations(sagemaker) == [], "classic clusters have none: unconfirmed"


def the_life_of_a_cluster_is_told():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        arn = eks_cluster(sagemaker)
        sim.advance(600)
        events = events_of(sagemaker)
        assert [e["Description"] for e in events if e["ResourceType"] == "Cluster"] == ["Cluster creation started", "Cluster is in service"]
        assert [e["Description"] for e in events if e["ResourceType"] == "Instance"] == ["Instance launched"] * 2 + ["Instance is running"] * 2
        assert {(e["ClusterArn"], e["ClusterName"], e["EventLevel"]) for e in events} == {(arn, "c", "Info")}
        ready = next(e for e in events if e["Description"] == "Cluster is in service")["EventDetails"]["EventMetadata"]["Cluster"]
        assert ready["EksRoleAccessEntries"] == ["arn:aws:eks:us-west-2:111122223333:access-entry/sim/role/111122223333/hp"]
        assert "AWSServiceRole" in ready["SlrAccessEntry"]
        node = nodes_of(sagemaker)[0]
        mine = events_of(sagemaker, NodeId=node["InstanceId"])
        assert [e["InstanceId"] for e in mine] == [node["InstanceId"]] * 2
        launched, running = (e["EventDetails"]["EventMetadata"]["Instance"] for e in mine)
        assert launched["NodeLogicalId"] == node["NodeLogicalId"] and launched["LcsExecutionState"] == "NotStarted"
        assert running["LcsExecutionState"] == "Succeeded" and running["CustomerEni"].startswith("eni-")
        assert events_of(sagemaker, InstanceGroupName="nobody") == [] and len(events_of(sagemaker, ResourceType="Instance")) == 4
        with refused("ResourceNotFound"):
            sagemaker.describe_cluster_event(ClusterName="c", EventId="01234567-89ab-cdef-0123-456789abcdef")


def a_failure_is_told_twice_with_its_place():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        plain = ec2.create_security_group(GroupName="plain", Description="d", VpcId=VPC)["GroupId"]
        eks_cluster(sagemaker, [group("gpu", 1, "ml.p5.48xlarge", ImageId="ami-0123456789abcdef0")], VpcConfig=network(plain))
        sim.advance(400)
        node_event, group_event = (e for e in events_of(sagemaker) if e["EventLevel"] == "Error")
        if node_event["ResourceType"] != "Instance":
            node_event, group_event = group_event, node_event
        instance = node_event["EventDetails"]["EventMetadata"]["Instance"]
        assert instance["FailureMessage"].startswith("EFA health checks did not run successfully") and "LcsExecutionState" not in instance
        assert len(instance["AdditionalEnis"]["EfaEnis"]) == 31
        where = group_event["EventDetails"]["EventMetadata"]["InstanceGroup"]
        assert where["SecurityGroupIds"] == [plain] and where["SubnetId"].startswith("subnet-") and where["AvailabilityZoneId"] == "usw2-az1"
        assert where["AmiOverride"] == "ami-0123456789abcdef0" and where["FailureMessage"] == instance["FailureMessage"]
        (stream,) = sim.log().items()
        assert stream[0].startswith("LifecycleConfig/gpu/i-") and stream[1] == [], "the script never started"


def events_come_in_pages_newest_first_and_no_more_than_500():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group(count=400)])
        sim.advance(600)
        newest = sagemaker.list_cluster_events(ClusterName="c", MaxResults=100)
        times = [e["EventTime"] for e in newest["Events"]]
        assert len(times) == 100 and times == sorted(times, reverse=True) and newest["Events"][0]["Description"] == "Instance is running"
        pages = list(sagemaker.get_paginator("list_cluster_events").paginate(ClusterName="c"))
        assert [len(p["Events"]) for p in pages] == [100] * 5
        assert len({e["EventId"] for p in pages for e in p["Events"]}) == 500
        before = sagemaker.list_cluster_events(ClusterName="c", EventTimeBefore=times[-1])["Events"]
        assert before and all(e["EventTime"] < times[-1] for e in before)


def a_scaling_is_an_operation_until_it_is_done():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        arn = eks_cluster(sagemaker, [group("a"), group("b", 1)])
        sim.advance(600)
        assert _operations(sagemaker) == [], "creation is none"
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("a", 4, MinInstanceCount=3), group("b", 1)])
        (operation,) = _operations(sagemaker, Type="Scaling", Status="InProgress")
        assert operation["ClusterArn"] == arn
        details = _described(sagemaker, operation)["ScalingDetails"]
        assert details == [
            {
                "InstanceGroupName": "a",
                "Status": "InProgress",
                "Original": {"CurrentCount": 2, "TargetCount": 2},
                "Desired": {"CurrentCount": 4, "TargetCount": 4, "MinCount": 3},
            }
        ], "b is not moved"
        sim.advance(600)
        assert _described(sagemaker, operation)["Status"] == "Done" and _operations(sagemaker, Status="InProgress") == []
        caused = [e["Description"] for e in events_of(sagemaker, OperationId=operation["OperationId"])]
        assert caused[0] == "Instance group scaling started" and caused.count("Instance is running") == 2
        assert "Instance group scaling ended" in caused
        sagemaker.update_cluster(ClusterName="c", NodeRecovery="None")
        assert len(_operations(sagemaker)) == 1, "what scales nothing is none"
        with refused("ResourceNotFound"):
            sagemaker.describe_cluster_operation(ClusterName="c", OperationId="01234567-89ab-cdef-0123-456789abcdef")


def a_later_request_supersedes_the_earlier():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group("a"), group("b", 1)])
        sim.advance(600)
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("a", 4), group("b", 3)])
        sim.advance(10)
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("a", 3)])
        newest, first = _operations(sagemaker)
        states = {d["InstanceGroupName"]: d["Status"] for d in _described(sagemaker, first)["ScalingDetails"]}
        assert states == {"a": "Superseded", "b": "InProgress"} and first["Status"] == "InProgress"
        sim.advance(10)
        sagemaker.batch_add_cluster_nodes(ClusterName="c", NodesToAdd=[{"InstanceGroupName": "a", "IncrementTargetCountBy": 1}])
        assert [o["Status"] for o in _operations(sagemaker)] == ["InProgress", "Superseded", "InProgress"]
        sim.advance(600)
        assert [o["Status"] for o in _operations(sagemaker)] == ["Done", "Superseded", "Done"]
        assert groups_of(sagemaker)["a"]["CurrentCount"] == 4
        times = [o["CreationTime"] for o in _operations(sagemaker, SortOrder="Ascending")]
        assert times == sorted(times) and len(_operations(sagemaker, CreationTimeAfter=times[0])) == 2
        assert [len(p["ClusterOperationSummaries"]) for p in sagemaker.get_paginator("list_cluster_operations").paginate(
            ClusterName="c", PaginationConfig={"PageSize": 2})] == [2, 1]  # fmt: skip


def done_does_not_say_that_the_target_was_reached():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker)
        sim.advance(600)
        sim.condition("no_capacity")
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=3)])
        sim.advance(120)
        (operation,) = _operations(sagemaker)
        workers = groups_of(sagemaker)["workers"]
        assert operation["Status"] == "Done" and (workers["CurrentCount"], workers["TargetCount"]) == (2, 3)
        assert workers["Status"] == "Degraded" and workers["ActiveOperations"] == {"Scaling": 1}, "it is tried for ever"
        errors = [e for e in events_of(sagemaker, OperationId=operation["OperationId"]) if e["EventLevel"] == "Error"]
        assert len(errors) == 2 and "sufficient capacity" in errors[0]["Description"]
        sim.lift("no_capacity")
        sim.advance(900)
        assert groups_of(sagemaker)["workers"]["CurrentCount"] == 3


def operations_are_forgotten_after_two_weeks():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker)
        sim.advance(600)
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=3)])
        sim.advance(14 * 24 * 3600)
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=2)])
        assert len(_operations(sagemaker)) == 1


def the_accounting_database_is_set_or_reverted():
    def database(endpoint):
        secret = "arn:aws:secretsmanager:us-west-2:111122223333:secret:x"
        return {"Slurm": {"AccountingDatabase": {"Endpoint": endpoint, "SecretArn": secret}}}

    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        slurm_cluster(sagemaker, Orchestrator=database("one.example.com"))
        sim.advance(1200)

        def told():
            kinds = ("DatabaseConfiguration", "SlurmHealth")
            data = [e["EventDetails"]["EventMetadata"] for e in events_of(sagemaker, ResourceType="Cluster")]
            return [d[k] for k in kinds for d in data if k in d]

        assert told() == [{"RollbackStatus": "NotApplicable"}, {"Component": "Slurmdbd", "Status": "Healthy"}]
        sim.condition("database_unreachable")
        sagemaker.update_cluster(ClusterName="c", Orchestrator=database("two.example.com"))
        sim.advance(200)
        _, reverted, *health = told()
        assert reverted["RollbackStatus"] == "Reverted" and reverted["Advisory"] and "two.example.com" in reverted["FailureMessage"]
        assert {"Component": "Slurmdbd", "Status": "Unhealthy", "Reason": "DbUnreachable"} in health
        kept = sagemaker.describe_cluster(ClusterName="c")["Orchestrator"]["Slurm"]["AccountingDatabase"]
        assert kept["Endpoint"] == "one.example.com"


# What stories of their own have (test_records.py): subnets with IPv6, an AutoScaling that fails.
_NEVER = {"DescribeClusterNode.NodeDetails.PrivatePrimaryIpv6", "DescribeCluster.AutoScaling.FailureMessage"}
_OPERATIONS = (
    "CreateCluster UpdateCluster DescribeCluster DeleteCluster ListClusters ListClusterNodes DescribeClusterNode BatchAddClusterNodes "
    "BatchDeleteClusterNodes BatchRebootClusterNodes BatchReplaceClusterNodes UpdateClusterSoftware StartClusterHealthCheck "
    "ListClusterEvents DescribeClusterEvent ListClusterOperations DescribeClusterOperation"
).split()


def _paths(shape, path):
    """All members below a shape of botocore's model, as paths."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield f"{path}.{name}"
            yield from _paths(member, f"{path}.{name}")
    elif shape.type_name == "list":
        yield from _paths(shape.member, path)
    elif shape.type_name == "map":
        yield f"{path}.*"


def _seen(value, path):
    if isinstance(value, dict):
        for name, member in value.items():
            yield f"{path}.{name}"
            yield from _seen(member, f"{path}.{name}")
    elif isinstance(value, list):
        for member in value:
            yield from _seen(member, path)


def every_member_of_the_model_is_answered_somewhere():
    model = botocore.session.get_session().get_service_model("sagemaker")
    known = [name for name in _OPERATIONS if name in model.operation_names]
    wanted = {p for name in known for p in _paths(model.operation_model(name).output_shape, name)}
    seen = set()
    plan = "arn:aws:sagemaker:us-west-2:111122223333:training-plan/plan"
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")

        def note(parsed, model, **_):
            parsed = {k: v for k, v in parsed.items() if k != "ResponseMetadata"}
            seen.update(_seen(parsed, model.name))

        sagemaker.meta.events.register("after-call.sagemaker", note)
        rolling = {
            "RollingUpdatePolicy": {
                "MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1},
                "RollbackMaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1},
            },
            "WaitIntervalInSeconds": 60,
            "AutoRollbackConfiguration": [{"AlarmName": "alarm"}],
        }
        config = network(efa_group(ec2))
        rich = group(
            "rich",
            MinInstanceCount=1,
            ThreadsPerCore=2,
            InstanceStorageConfigs=[
                {"EbsVolumeConfig": {"VolumeSizeInGB": 500, "VolumeKmsKeyId": "key", "RootVolume": False}},
                {"FsxLustreConfig": {"DnsName": "fs-01234567.fsx.us-west-2.amazonaws.com", "MountName": "abcd", "MountPath": "/fsx"}},
                {"FsxOpenZfsConfig": {"DnsName": "fs-01234567.fsx.us-west-2.amazonaws.com", "MountPath": "/home"}},
            ],
            OnStartDeepHealthChecks=["InstanceStress"],
            OverrideVpcConfig=config,
            ScheduledUpdateConfig={"ScheduleExpression": "cron(0 0 1 * ? *)", "DeploymentConfig": rolling},
            ImageId="ami-0123456789abcdef0",
            KubernetesConfig={"Labels": {"a": "b"}, "Taints": [{"Key": "k", "Value": "v", "Effect": "NoSchedule"}]},
            CapacityRequirements={"Spot": {}, "OnDemand": {}},
            NetworkInterface={"InterfaceType": "efa"},
            TrainingPlanArn=plan,
        )
        del rich["InstanceType"], rich["CapacityRequirements"]["OnDemand"]
        rich["InstanceRequirements"] = {"InstanceTypes": ["ml.p5.48xlarge"]}
        patched = {"PatchingStrategy": "WhenIdle", "DeploymentConfig": rolling, "IdleWaitWindowInSeconds": 3600}
        drained = {"PatchingStrategy": "DrainFirst", "DeploymentConfig": rolling, "DrainPolicy": {"OnDrainTimeout": "Force"}}
        init = {"SourceS3Uri": "s3://sagemaker-x/lc", "OnInitComplete": "init.sh"}
        restricted = {
            "InstanceGroupName": "rig", "InstanceCount": 1, "InstanceType": "ml.g5.xlarge", "ExecutionRole": ROLE, "ThreadsPerCore": 1,
            "InstanceStorageConfigs": rich["InstanceStorageConfigs"], "OnStartDeepHealthChecks": ["InstanceStress"], "TrainingPlanArn": plan,
            "OverrideVpcConfig": config, "ScheduledUpdateConfig": rich["ScheduledUpdateConfig"],
            "EnvironmentConfig": {"FSxLustreConfig": {"SizeInGiB": 1200, "PerUnitStorageThroughput": 125}},
        }  # fmt: skip
        shared = {"FSxLustreDeletionPolicy": "Keep", "FSxLustreConfig": {"SizeInGiB": 1200, "PerUnitStorageThroughput": 125}}
        firm = group("firm", AutoPatchConfig=patched, CapacityRequirements={"OnDemand": {}}, LifeCycleConfig=init)
        rack = group("rack", 1, "ml.p6e-gb200.36xlarge", AutoPatchConfig=drained)
        eks_cluster(sagemaker, [rich, firm, rack], VpcConfig=config, RestrictedInstanceGroups=[restricted], ClusterRole=ROLE,
                    RestrictedInstanceGroupsConfig={"SharedEnvironmentConfig": shared}, AutoScaling={"Mode": "Enable"}, NodeRecovery="None",
                    TieredStorageConfig={"Mode": "Enable", "InstanceMemoryAllocationPercentage": 5})  # fmt: skip
        secret = "arn:aws:secretsmanager:us-west-2:111122223333:secret:x"
        slurm = {"Slurm": {"SlurmConfigStrategy": "Merge", "AccountingDatabase": {"Endpoint": "db", "Port": 1, "Name": "n", "SecretArn": secret}}}
        slurm_cluster(sagemaker, [controller(), compute()], "slurm", Orchestrator=slurm)
        sagemaker.create_cluster(ClusterName="failing", InstanceGroups=[group(instance_type="ml.p5.48xlarge")],
                                 VpcConfig=network(ec2.create_security_group(GroupName="g", Description="d", VpcId=VPC)["GroupId"]))  # fmt: skip
        for _ in range(8):
            sim.advance(1200)
            sagemaker.describe_cluster(ClusterName="slurm"), sagemaker.describe_cluster(ClusterName="failing")
        sagemaker.list_clusters(MaxResults=1)
        for group_name in ("rich", "firm", "rack"):
            node = nodes_of(sagemaker, InstanceGroupNameContains=group_name)[0]
            sagemaker.describe_cluster_node(ClusterName="c", NodeId=node["InstanceId"])
        sim.condition("database_unreachable")
        slurm["Slurm"]["AccountingDatabase"]["Endpoint"] = "other"
        sagemaker.update_cluster(ClusterName="slurm", Orchestrator=slurm)
        sim.advance(300)
        events_of(sagemaker, "slurm")
        spec = {"InstanceGroupName": "rich", "IncrementTargetCountBy": 1, "AvailabilityZones": ["us-west-2a"], "InstanceTypes": ["ml.p5.48xlarge"]}
        sagemaker.batch_add_cluster_nodes(ClusterName="c", NodesToAdd=[spec])
        for wrong in ({"AvailabilityZones": ["us-west-2d"]}, {"InstanceTypes": ["ml.c5.large"]}):
            sagemaker.batch_add_cluster_nodes(ClusterName="c", NodesToAdd=[{**spec, **wrong}])
        firm_nodes = nodes_of(sagemaker, InstanceGroupNameContains="firm")
        for call in (sagemaker.batch_reboot_cluster_nodes, sagemaker.batch_replace_cluster_nodes, sagemaker.batch_delete_cluster_nodes):
            call(ClusterName="c", NodeIds=[firm_nodes[0]["InstanceId"], "i-0123456789abcdef0"], NodeLogicalIds=[firm_nodes[1]["NodeLogicalId"], "no-1"])
            sim.advance(1200)
            firm_nodes = nodes_of(sagemaker, InstanceGroupNameContains="firm")
        sim.advance(8000)
        sim.condition("node_dies", group="rich", node=1)
        sim.advance(60)
        (dead,) = [n for n in nodes_of(sagemaker) if n["InstanceStatus"]["Status"] == "Failure"]
        sagemaker.describe_cluster_node(ClusterName="c", NodeLogicalId=dead["NodeLogicalId"])
        sagemaker.describe_cluster(ClusterName="c")
        events_of(sagemaker)
        sim.condition("missing_permission", action="iam:CreateServiceLinkedRole")
        eks_cluster(sagemaker, name="norole")
        sim.condition("no_capacity")
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[{**rich, "InstanceCount": 4, "MinInstanceCount": 4}])
        sim.advance(4 * 3600)
        row = {"InstanceGroupName": "rack", "DeepHealthChecks": ["InstanceStress"], "InstanceIds": [nodes_of(sagemaker, InstanceGroupNameContains="rack")[0]["InstanceId"]]}
        sagemaker.start_cluster_health_check(ClusterName="c", DeepHealthCheckConfigurations=[row])
        sim.advance(8000)
        for operation in _operations(sagemaker):
            _described(sagemaker, operation)
        sagemaker.list_cluster_operations(ClusterName="c", MaxResults=1)
        sagemaker.update_cluster_software(ClusterName="c", ImageId="default", DeploymentConfig=rolling)
        sagemaker.describe_cluster(ClusterName="c")
        sim.advance(20000)
        sagemaker.describe_cluster_node(ClusterName="c", NodeId=nodes_of(sagemaker, InstanceGroupNameContains="rack")[0]["InstanceId"])
        sagemaker.list_cluster_nodes(ClusterName="c", MaxResults=1)
        nodes_of(sagemaker)
        for name in ("c", "norole"):
            events_of(sagemaker, name)
        sagemaker.list_cluster_events(ClusterName="c", MaxResults=1)
        sagemaker.delete_cluster(ClusterName="failing")
    maps = {p[:-2] for p in wanted if p.endswith(".*")}
    seen = {f"{m}.*" if m in maps else p for p in seen for m in [p[: -len(p.rsplit(".", 1)[1]) - 1]]}
    missing = wanted - seen - _NEVER
    assert not missing, sorted(missing)
    assert not seen - wanted, sorted(seen - wanted)
