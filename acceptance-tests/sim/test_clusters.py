"""HyperPod clusters."""

import time

from world import EKS, ROLE, SUBNET, Sim, efa_group, group, network, refused, status

EFA = "ml.p5.48xlarge"


def _made(sagemaker, name="c", groups=None, **more):
    return sagemaker.create_cluster(ClusterName=name, InstanceGroups=groups or [group()], **more)["ClusterArn"]


def _groups(sagemaker, name="c"):
    cluster = sagemaker.describe_cluster(ClusterName=name)
    return {g["InstanceGroupName"]: g for g in cluster["InstanceGroups"]}


def a_classic_cluster_lives_its_life():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        gid = efa_group(ec2)
        arn = _made(sagemaker, groups=[group(count=3, instance_type=EFA)], VpcConfig=network(gid))
        assert len(arn.rsplit("/", 1)[1]) == 12
        cluster = sagemaker.describe_cluster(ClusterName=arn)
        assert cluster["ClusterName"] == "c" and cluster["ClusterStatus"] == "Creating"
        assert cluster["NodeRecovery"] == "Automatic" and cluster["VpcConfig"] == network(gid)
        (workers,) = cluster["InstanceGroups"]
        assert (workers["CurrentCount"], workers["TargetCount"], workers["Status"]) == (0, 3, "Creating")
        with refused("ConflictException", "Creating"):
            sagemaker.delete_cluster(ClusterName="c")
        with refused("ConflictException"):
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group()])
        sim.advance(5 * 60)
        with refused("DependencyViolation"):
            ec2.delete_security_group(GroupId=gid)
        sim.advance(11 * 60)
        assert status(sagemaker) == "InService"
        assert _groups(sagemaker)["workers"]["CurrentCount"] == 3
        nodes = sagemaker.list_cluster_nodes(ClusterName="c")["ClusterNodeSummaries"]
        assert [n["InstanceStatus"]["Status"] for n in nodes] == ["Running"] * 3
        node = sagemaker.describe_cluster_node(ClusterName="c", NodeId=nodes[0]["InstanceId"])["NodeDetails"]
        assert node["Placement"]["AvailabilityZone"] == "us-west-2a" and node["PrivatePrimaryIp"].startswith("172.31.")
        owned = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [gid]}])["NetworkInterfaces"]
        assert {e["Attachment"]["InstanceId"] for e in owned} == {n["InstanceId"] for n in nodes}
        with refused("InvalidNetworkInterface.InUse"):
            ec2.delete_network_interface(NetworkInterfaceId=owned[0]["NetworkInterfaceId"])
        assert sagemaker.delete_cluster(ClusterName=arn)["ClusterArn"] == arn
        assert status(sagemaker) == "Deleting"
        with refused("ResourceInUse"):
            _made(sagemaker)
        with refused("DependencyViolation"):
            ec2.delete_security_group(GroupId=gid)
        sim.advance(10 * 60)
        with refused("ResourceNotFound"):
            sagemaker.describe_cluster(ClusterName="c")
        ec2.delete_security_group(GroupId=gid)


def a_name_is_taken_once():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        arn = _made(sagemaker)
        with refused("ResourceInUse", arn):
            _made(sagemaker)
        _made(sim.client("sagemaker", region="us-east-1"))


def missing_self_rules_fail_an_efa_cluster():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        gid = ec2.create_security_group(GroupName="plain", Description="no self rules")["GroupId"]
        _made(sagemaker, groups=[group(instance_type=EFA)], VpcConfig=network(gid))
        _made(sagemaker, "plain", [group()], VpcConfig=network(gid))
        sim.advance(5 * 60 + 30)
        assert status(sagemaker) == "Creating" and status(sagemaker, "plain") == "InService"
        sim.advance(60)
        assert status(sagemaker) == "RollingBack", "the check comes before the scripts"
        sim.advance(5 * 60)
        cluster = sagemaker.describe_cluster(ClusterName="c")
        assert cluster["ClusterStatus"] == "Failed"
        assert cluster["FailureMessage"].startswith("EFA health checks did not run successfully. Ensure that your VPC")
        assert cluster["InstanceGroups"][0]["Status"] == "Failed" and cluster["InstanceGroups"][0]["CurrentCount"] == 0
        assert sagemaker.list_cluster_nodes(ClusterName="c")["ClusterNodeSummaries"] == []
        sagemaker.delete_cluster(ClusterName="c")
        sim.advance(10 * 60)
        assert [c["ClusterName"] for c in sagemaker.list_clusters()["ClusterSummaries"]] == ["plain"]


def the_rules_count_when_the_nodes_come_up():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        gid = ec2.create_security_group(GroupName="late", Description="d")["GroupId"]
        _made(sagemaker, groups=[group(instance_type=EFA)], VpcConfig=network(gid))
        sim.advance(60)
        rule = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": gid}]}]
        ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=rule)
        ec2.authorize_security_group_egress(GroupId=gid, IpPermissions=rule)
        sim.advance(16 * 60)
        assert status(sagemaker) == "InService"


def groups_are_scaled_added_and_deleted():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        _made(sagemaker, groups=[group("a"), group("b", 1)])
        sim.advance(600)
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("a", 4), group("new", 1)], InstanceGroupsToDelete=["b"])
        assert status(sagemaker) == "Updating"
        groups = _groups(sagemaker)
        assert (groups["a"]["CurrentCount"], groups["a"]["TargetCount"], groups["a"]["Status"]) == (2, 4, "Updating")
        assert groups["new"]["Status"] == "Creating" and groups["b"]["Status"] == "Deleting"
        with refused("ConflictException"):
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("a", 5)])
        sim.advance(600)
        groups = _groups(sagemaker)
        assert status(sagemaker) == "InService" and set(groups) == {"a", "new"}
        assert groups["a"]["CurrentCount"] == groups["a"]["TargetCount"] == 4
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("a", 1)])
        sim.advance(70)
        listed = sagemaker.list_cluster_nodes(ClusterName="c", InstanceGroupNameContains="a")["ClusterNodeSummaries"]
        assert len(listed) == 1 and _groups(sagemaker)["a"]["CurrentCount"] == 4, "the list shrinks before the count"
        sim.advance(600)
        groups = _groups(sagemaker)
        assert groups["a"]["CurrentCount"] == 1 and groups["new"]["CurrentCount"] == 1, "unlisted groups stay"


def what_is_left_out_of_a_group_is_reset():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        storage = [{"EbsVolumeConfig": {"VolumeSizeInGB": 500}}]
        _made(sagemaker, groups=[group(InstanceStorageConfigs=storage, OnStartDeepHealthChecks=["InstanceStress"])])
        sim.advance(600)
        assert _groups(sagemaker)["workers"]["InstanceStorageConfigs"] == storage
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(InstanceStorageConfigs=storage)])
        sim.advance(600)
        workers = _groups(sagemaker)["workers"]
        assert workers["InstanceStorageConfigs"] == storage and "OnStartDeepHealthChecks" not in workers


def what_a_group_was_born_with_stays():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        _made(sagemaker, groups=[group(ThreadsPerCore=2)])
        sim.advance(600)
        for change in (
            group(instance_type="ml.c5.xlarge", ThreadsPerCore=2),
            group(ThreadsPerCore=1),
            group(),
            {**group(ThreadsPerCore=2), "ExecutionRole": ROLE + "2"},
        ):
            with refused("ValidationException", "cannot be changed", "workers"):
                sagemaker.update_cluster(ClusterName="c", InstanceGroups=[change])
        with refused("ValidationException", "does not exist"):
            sagemaker.update_cluster(ClusterName="c", InstanceGroupsToDelete=["nobody"])
        with refused("ResourceNotFound"):
            sagemaker.update_cluster(ClusterName="nobody", NodeRecovery="None")
        assert status(sagemaker) == "InService"
        _made(sagemaker, "default")
        sim.advance(600)
        sagemaker.update_cluster(ClusterName="default", InstanceGroups=[group(ThreadsPerCore=1)])


def an_update_that_fails_rolls_back():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        _made(sagemaker)
        sim.advance(600)
        sim.fault("fail", operation="UpdateCluster", message="no capacity", times=1)
        sagemaker.update_cluster(ClusterName="c", NodeRecovery="None", InstanceGroups=[group(count=9), group("more")])
        sim.advance(400)
        assert status(sagemaker) == "RollingBack"
        sim.advance(900)
        cluster = sagemaker.describe_cluster(ClusterName="c")
        assert cluster["ClusterStatus"] == "InService" and cluster["FailureMessage"] == "no capacity"
        (workers,) = cluster["InstanceGroups"]
        assert (workers["CurrentCount"], workers["TargetCount"], workers["Status"]) == (2, 2, "InService")
        assert cluster["NodeRecovery"] == "Automatic"


def a_continuous_cluster_is_ready_before_its_nodes():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        gid = efa_group(ec2)
        groups = [group(count=4, instance_type=EFA, MinInstanceCount=2)]
        _made(sagemaker, groups=groups, VpcConfig=network(gid), Orchestrator=EKS, NodeProvisioningMode="Continuous")
        sim.advance(180)
        assert status(sagemaker) == "InService"
        workers = _groups(sagemaker)["workers"]
        assert workers["CurrentCount"] == 0 and workers["ActiveOperations"] == {"Scaling": 1} and workers["MinCount"] == 2
        assert sagemaker.list_cluster_nodes(ClusterName="c")["ClusterNodeSummaries"] == []
        logical = sagemaker.list_cluster_nodes(ClusterName="c", IncludeNodeLogicalIds=True)["ClusterNodeSummaries"]
        assert len(logical) == 4 and all("InstanceId" not in n for n in logical)
        sim.advance(900)
        workers = _groups(sagemaker)["workers"]
        assert workers["CurrentCount"] == 4 and "ActiveOperations" not in workers
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=6, instance_type=EFA)])
        assert status(sagemaker) == "InService" and _groups(sagemaker)["workers"]["TargetCount"] == 6
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=5, instance_type=EFA)])
        sim.advance(1200)
        assert _groups(sagemaker)["workers"]["CurrentCount"] == 5
        node = sagemaker.describe_cluster_node(ClusterName="c", NodeLogicalId=logical[0]["NodeLogicalId"])["NodeDetails"]
        assert node["InstanceStatus"]["Status"] == "Running" and node["CapacityType"] == "OnDemand"


def continuous_nodes_are_tried_again():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        gid = ec2.create_security_group(GroupName="plain", Description="d")["GroupId"]
        more = {"VpcConfig": network(gid), "Orchestrator": EKS, "NodeProvisioningMode": "Continuous"}
        _made(sagemaker, groups=[group(count=1, instance_type=EFA)], **more)
        sim.advance(500)
        assert status(sagemaker) == "InService" and _groups(sagemaker)["workers"]["Status"] == "Degraded"
        (node,) = sagemaker.list_cluster_nodes(ClusterName="c")["ClusterNodeSummaries"]
        assert node["InstanceStatus"]["Status"] == "Failure" and "EFA" in node["InstanceStatus"]["Message"]
        rule = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": gid}]}]
        ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=rule)
        ec2.authorize_security_group_egress(GroupId=gid, IpPermissions=rule)
        sim.advance(200)
        (tried,) = sagemaker.list_cluster_nodes(ClusterName="c", IncludeNodeLogicalIds=True)["ClusterNodeSummaries"]
        assert tried["NodeLogicalId"] == node["NodeLogicalId"] and tried["InstanceStatus"]["Status"] == "Pending"
        assert "EFA" in tried["InstanceStatus"]["Message"] and _groups(sagemaker)["workers"]["Status"] == "Degraded"
        sim.advance(900)
        (back,) = sagemaker.list_cluster_nodes(ClusterName="c")["ClusterNodeSummaries"]
        assert back["InstanceId"] != node["InstanceId"] and "Message" not in back["InstanceStatus"]
        workers = _groups(sagemaker)["workers"]
        assert workers["CurrentCount"] == 1 and workers["Status"] == "InService"


def a_slurm_cluster_knows_its_roles():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        more = {
            "VpcConfig": network(efa_group(ec2)),
            "NodeProvisioningMode": "Continuous",
            "Orchestrator": {
                "Slurm": {
                    "SlurmConfigStrategy": "Managed",
                    "AccountingDatabase": {
                        "Endpoint": "db.example.com",
                        "SecretArn": "arn:aws:secretsmanager:us-west-2:111122223333:secret:x",
                    },
                }
            },
        }
        controller = group("ctl", 1, SlurmConfig={"NodeType": "Controller"})
        workers = group(instance_type=EFA, SlurmConfig={"NodeType": "Compute", "PartitionNames": ["dev"]})
        with refused("ValidationException", "Controller"):
            _made(sagemaker, groups=[workers], **more)
        with refused("ValidationException", "partition"):
            _made(sagemaker, groups=[controller, {**workers, "SlurmConfig": {"NodeType": "Compute"}}], **more)
        _made(sagemaker, groups=[controller, workers], **more)
        sim.advance(200)
        assert status(sagemaker) == "Creating", "it waits for the controller"
        sim.advance(200)
        assert status(sagemaker) == "InService"
        database = sagemaker.describe_cluster(ClusterName="c")["Orchestrator"]["Slurm"]["AccountingDatabase"]
        assert database["Port"] == 3306 and database["Name"].startswith("slurm_acct_db_")
        with refused("ValidationException", "controller"):
            sagemaker.update_cluster(ClusterName="c", InstanceGroupsToDelete=["ctl"])
        with refused("ValidationException", "accounting"):
            sagemaker.update_cluster(ClusterName="c", Orchestrator={"Slurm": {"SlurmConfigStrategy": "Merge"}})


def every_member_comes_back_under_its_output_name():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        gid = efa_group(ec2)
        rolling = {"RollingUpdatePolicy": {"MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1}}}
        rich = {
            **group(count=2, MinInstanceCount=1, ThreadsPerCore=2, ImageId="ami-0123456789abcdef0"),
            "InstanceRequirements": {"InstanceTypes": ["ml.p5.48xlarge", "ml.p5en.48xlarge"]},
            "InstanceStorageConfigs": [
                {"EbsVolumeConfig": {"VolumeSizeInGB": 500}},
                {"FsxLustreConfig": {"DnsName": "fs-01234567.fsx.us-west-2.amazonaws.com", "MountName": "abcd"}},
            ],
            "OnStartDeepHealthChecks": ["InstanceStress", "InstanceConnectivity"],
            "OverrideVpcConfig": {"SecurityGroupIds": [gid], "Subnets": ["subnet-0a1b2c3d4e5f60719"]},
            "ScheduledUpdateConfig": {"ScheduleExpression": "cron(0 0 1 * ? *)", "DeploymentConfig": rolling},
            "AutoPatchConfig": {"PatchingStrategy": "DrainFirst", "DeploymentConfig": rolling},
            "ImageReleaseVersion": "1.2.3",
            "KubernetesConfig": {
                "Labels": {"a/b": "c"},
                "Taints": [{"Key": "k", "Value": "v", "Effect": "NoSchedule"}],
            },
            "CapacityRequirements": {"Spot": {}},
            "NetworkInterface": {"InterfaceType": "efa-only"},
        }
        del rich["InstanceType"]
        restricted = {
            "InstanceGroupName": "rig",
            "InstanceCount": 1,
            "InstanceType": "ml.c5.large",
            "ExecutionRole": ROLE,
            "EnvironmentConfig": {"FSxLustreConfig": {"SizeInGiB": 1200, "PerUnitStorageThroughput": 125}},
        }
        shared = {
            "FSxLustreDeletionPolicy": "Keep",
            "FSxLustreConfig": {"SizeInGiB": 2400, "PerUnitStorageThroughput": 250},
        }
        _made(
            sagemaker,
            groups=[rich],
            RestrictedInstanceGroups=[restricted],
            RestrictedInstanceGroupsConfig={"SharedEnvironmentConfig": shared},
            VpcConfig=network(gid),
            Orchestrator=EKS,
            NodeRecovery="None",
            NodeProvisioningMode="Continuous",
            ClusterRole=ROLE,
            AutoScaling={"Mode": "Enable"},
            TieredStorageConfig={"Mode": "Enable", "InstanceMemoryAllocationPercentage": 20},
        )
        cluster = sagemaker.describe_cluster(ClusterName="c")
        (out,) = cluster["InstanceGroups"]
        for name in (
            "LifeCycleConfig ExecutionRole ThreadsPerCore InstanceStorageConfigs OnStartDeepHealthChecks OverrideVpcConfig "
            "ScheduledUpdateConfig CapacityRequirements NetworkInterface InstanceGroupName"
        ).split():
            assert out[name] == rich[name], name
        assert (out["TargetCount"], out["MinCount"]) == (2, 1)
        types = rich["InstanceRequirements"]["InstanceTypes"]
        assert out["InstanceRequirements"] == {"CurrentInstanceTypes": types, "DesiredInstanceTypes": types}
        assert [d["InstanceType"] for d in out["InstanceTypeDetails"]] == types
        assert out["KubernetesConfig"]["CurrentLabels"] == out["KubernetesConfig"]["DesiredLabels"] == {"a/b": "c"}
        assert out["KubernetesConfig"]["DesiredTaints"] == rich["KubernetesConfig"]["Taints"]
        assert out["CurrentImageId"] == out["DesiredImageId"] == rich["ImageId"]
        assert out["CurrentImageReleaseVersion"] == "1.2.3" and out["ImageVersionStatus"] == "UpToDate"
        patching = out["AutoPatchConfig"]
        assert patching["DrainPolicy"] == {"DrainTimeoutInSeconds": 3600, "OnDrainTimeout": "Skip"}
        assert patching["DesiredPatchSchedule"]["NextPatchDate"] > cluster["CreationTime"]
        assert cluster["AutoScaling"] == {"Mode": "Enable", "AutoScalerType": "Karpenter", "Status": "Creating"}
        environment = cluster["RestrictedInstanceGroupsConfig"]["SharedEnvironmentConfig"]
        assert environment["DesiredFSxLustreConfig"] == shared["FSxLustreConfig"]
        assert environment["CurrentFSxLustreDeletionPolicy"] == "Keep"
        (rig,) = cluster["RestrictedInstanceGroups"]
        assert rig["EnvironmentConfig"].pop("S3OutputPath").startswith("s3://sagemaker-")
        assert rig["EnvironmentConfig"] == restricted["EnvironmentConfig"] and rig["TargetCount"] == 1
        assert cluster["TieredStorageConfig"]["InstanceMemoryAllocationPercentage"] == 20
        assert cluster["NodeRecovery"] == "None" and cluster["Orchestrator"] == EKS and cluster["ClusterRole"] == ROLE
        with refused("ValidationException", "autoscaling"):
            sim.advance(600)
            sagemaker.update_cluster(ClusterName="c", ClusterRole=ROLE + "2")


def requests_are_checked_in_aws_s_words():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker", parameter_validation=False)

        def create(**members):
            sagemaker.create_cluster(**{"ClusterName": "c", "InstanceGroups": [group()], **members})

        def with_group(**members):
            create(InstanceGroups=[{**group(), **members}])

        one = "1 validation error detected: "
        pattern = "[a-zA-Z0-9](-*[a-zA-Z0-9])*"
        with refused(
            "ValidationException",
            f"{one}Value '-x' at 'clusterName' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {pattern}",
        ):
            create(ClusterName="-x")
        with refused("ValidationException", "at 'clusterName'", "Member must have length less than or equal to 63"):
            create(ClusterName="x" * 64)
        with refused("ValidationException", f"{one}Value null at 'instanceGroups.1.member.executionRole'", "not be null"):
            create(InstanceGroups=[{"InstanceGroupName": "w", "InstanceCount": 1, "InstanceType": "ml.c5.large"}])
        with refused("ValidationException", "Value '6759'", "value less than or equal to 6758"):
            with_group(InstanceCount=6759)
        with refused("ValidationException", "Value 'ml.nonsense'", "Member must satisfy enum value set: [ml."):
            with_group(InstanceType="ml.nonsense")
        with refused("ValidationException", "2 validation errors detected: ", "; Value"):
            with_group(ThreadsPerCore=3, InstanceCount=-1)
        with refused("ValidationException", "at 'instanceGroups'", "length greater than or equal to 1"):
            create(InstanceGroups=[])
        with refused("ValidationException", "exactly one"):
            with_group(InstanceStorageConfigs=[{"EbsVolumeConfig": {"VolumeSizeInGB": 1}, "FsxOpenZfsConfig": {"DnsName": "fs-01234567.abcdef"}}])
        import json

        def raw(**members):
            body = json.dumps({"ClusterName": "c", **members})
            hook = lambda params, **_: params.update(body=body.encode())  # noqa: E731
            sagemaker.meta.events.register("before-call.sagemaker.CreateCluster", hook)
            try:
                create()
            finally:
                sagemaker.meta.events.unregister("before-call.sagemaker.CreateCluster", hook)

        with refused("SerializationException", "NUMBER_VALUE can not be converted to a String"):
            raw(NodeRecovery=5)
        with refused("ValidationException", "nodeRecoverry"):
            raw(NodeRecoverry="None")
        assert sagemaker.list_clusters()["ClusterSummaries"] == []


def what_does_not_go_together_is_refused():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        gid = efa_group(ec2)
        vpc = {"VpcConfig": network(gid)}

        def create(*words, groups=None, **members):
            with refused("ValidationException", *words):
                _made(sagemaker, groups=groups, **members)

        create("The security group 'sg-0nobody' does not exist", VpcConfig=network("sg-0nobody"))
        create("The subnet 'subnet-0nobody' does not exist", VpcConfig={"SecurityGroupIds": [gid], "Subnets": ["subnet-0nobody"]})
        create("more than once", groups=[group(), group()])
        create("Exactly one", Orchestrator={**EKS, "Slurm": {}}, **vpc)
        create("EKS cluster", Orchestrator={"Eks": {"ClusterArn": EKS["Eks"]["ClusterArn"] + "x"}}, **vpc)
        create("VpcConfig", Orchestrator=EKS)
        create("InstanceRequirements", groups=[{k: v for k, v in group().items() if k != "InstanceType"}])
        create("MinInstanceCount", groups=[group(MinInstanceCount=3)])
        create("KubernetesConfig", groups=[group(KubernetesConfig={"Labels": {"a": "b"}})])
        create("no EFA", groups=[group(NetworkInterface={"InterfaceType": "efa"})])
        create("VolumeSizeInGB", groups=[group(InstanceStorageConfigs=[{"EbsVolumeConfig": {"RootVolume": True, "VolumeSizeInGB": 5}}])])
        create("Continuous", groups=[group(CapacityRequirements={"Spot": {}})])
        create("AutoScaling", AutoScaling={"Mode": "Enable"})
        create("aws:", Tags=[{"Key": "aws:x", "Value": ""}])


def clusters_are_listed_sorted_and_in_pages():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        names = ["delta", "alpha", "charlie", "bravo", "echo"]
        for name in names:
            _made(sagemaker, name)
            sim.advance(60)

        def listed(**how):
            return [c["ClusterName"] for c in sagemaker.list_clusters(**how)["ClusterSummaries"]]

        assert listed() == names
        assert listed(SortOrder="Descending") == names[::-1]
        assert listed(SortBy="NAME") == sorted(names)
        assert listed(NameContains="ha") == ["alpha", "charlie"]
        times = [c["CreationTime"] for c in sagemaker.list_clusters()["ClusterSummaries"]]
        assert listed(CreationTimeAfter=times[1], CreationTimeBefore=times[4]) == names[2:4]
        pages = list(sagemaker.get_paginator("list_clusters").paginate(SortBy="NAME", PaginationConfig={"PageSize": 2}))
        assert [[c["ClusterName"] for c in p["ClusterSummaries"]] for p in pages] == [["alpha", "bravo"], ["charlie", "delta"], ["echo"]]
        with refused("ValidationException", "NextToken"):
            listed(NextToken="made up")


def tags_follow_the_arn():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        arn = _made(sagemaker, Tags=[{"Key": "a", "Value": "1"}, {"Key": "ü ö", "Value": "x/y"}])

        def tags():
            return {t["Key"]: t["Value"] for t in sagemaker.list_tags(ResourceArn=arn)["Tags"]}

        assert tags() == {"a": "1", "ü ö": "x/y"}
        sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": ""}])
        assert tags() == {"a": "2", "ü ö": "x/y", "b": ""}
        sagemaker.delete_tags(ResourceArn=arn, TagKeys=["ü ö", "absent"])
        assert tags() == {"a": "2", "b": ""}
        with refused("ValidationException"):
            sagemaker.list_tags(ResourceArn=arn[:-12] + "000000000000")
        with refused("ResourceLimitExceeded"):
            sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": f"k{i}", "Value": ""} for i in range(50)])


def a_thousand_clusters_and_six_thousand_nodes_are_no_burden():
    with Sim("--no-auth") as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        began = time.monotonic()
        subnets = [SUBNET[:-1] + c for c in "89ab"]
        vpc = {"SecurityGroupIds": [efa_group(ec2)], "Subnets": subnets}
        other = {"SecurityGroupIds": vpc["SecurityGroupIds"], "Subnets": [subnets[1]]}
        lean = {"NetworkInterface": {"InterfaceType": "efa-only"}}  # one address a node instead of 32
        _made(sagemaker, "big", [group(count=4000, instance_type=EFA, **lean), group("cpu", 2000, OverrideVpcConfig=other)], VpcConfig=vpc)
        for i in range(1000):
            _made(sagemaker, f"c{i}")
        sim.advance(3600)
        assert _groups(sagemaker, "big")["workers"]["CurrentCount"] == 4000
        assert _groups(sagemaker, "big")["cpu"]["CurrentCount"] == 2000
        pages = list(sagemaker.get_paginator("list_cluster_nodes").paginate(ClusterName="big"))
        assert len({n["InstanceId"] for p in pages for n in p["ClusterNodeSummaries"]}) == 6000
        free = {s["SubnetId"]: s["AvailableIpAddressCount"] for s in ec2.describe_subnets()["Subnets"]}
        assert [free[s] for s in subnets] == [91, 2091, 4091, 4091]
        clusters = sagemaker.get_paginator("list_clusters").paginate()
        assert sum(len(p["ClusterSummaries"]) for p in clusters) == 1001
        assert time.monotonic() - began < 60


def a_subnet_may_be_too_small():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/28")["Subnet"]["SubnetId"]
        gid = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
        _made(sagemaker, groups=[group(count=12)], VpcConfig={"SecurityGroupIds": [gid], "Subnets": [subnet]})
        sim.advance(1200)
        cluster = sagemaker.describe_cluster(ClusterName="c")
        assert cluster["ClusterStatus"] == "Failed" and "free addresses" in cluster["FailureMessage"]
        assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"] == 11
