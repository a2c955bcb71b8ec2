"""The life of clusters and groups in time: continuous and classic, minimum counts, software, configuration that settles."""

import json
import pathlib

from world import (
    DEFAULT_GROUP, EKS, ROLE, SUBNET, Sim, compute, controller, efa_group, eks_cluster, group, groups_of, network, nodes_of,
    refused, slurm_cluster, status, statuses, temporary_file,
)  # fmt: skip

GPU = "ml.g5.xlarge"
HOUR = 3600


def the_controller_comes_first():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        login = group("login", 1, SlurmConfig={"NodeType": "Login"})
        slurm_cluster(sagemaker, [compute(), login, controller()])
        sim.advance(290)
        assert status(sagemaker) == "Creating" and statuses(sagemaker) == ["Pending"] * 4
        sim.advance(20)
        assert status(sagemaker) == "Creating" and statuses(sagemaker) == ["Pending"] * 3 + ["Running"], "the login node is missing"
        sim.advance(300)
        assert status(sagemaker) == "InService" and statuses(sagemaker) == ["Running"] * 4


def a_dead_controller_blocks_the_others():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("script_fails", group="ctl", times=2)
        slurm_cluster(sagemaker)
        sim.advance(HOUR // 4)
        assert status(sagemaker) == "Creating" and statuses(sagemaker, InstanceGroupNameContains="workers") == ["Pending"] * 2
        sim.advance(HOUR // 2)
        assert status(sagemaker) == "InService" and statuses(sagemaker) == ["Running"] * 3


def an_unset_mode_is_classic_or_continuous():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sagemaker.create_cluster(ClusterName="old", InstanceGroups=[group()])
        sim.condition("unset_mode", mode="continuous")
        with refused("ValidationException", "InstanceGroup with SlurmConfig is required for Continuous Node Provisioning Mode clusters"):
            sagemaker.create_cluster(ClusterName="new", InstanceGroups=[group()])
        sagemaker.create_cluster(ClusterName="new", InstanceGroups=[controller(), compute()])
        sagemaker.create_cluster(ClusterName="slurm", InstanceGroups=[controller(), compute()], Orchestrator={"Slurm": {}})
        sagemaker.create_cluster(ClusterName="eks", InstanceGroups=[group()], Orchestrator=EKS, VpcConfig=network(DEFAULT_GROUP))
        modes = {n: sagemaker.describe_cluster(ClusterName=n).get("NodeProvisioningMode") for n in ("old", "new", "slurm", "eks")}
        assert modes == {"old": None, "new": "Continuous", "slurm": "Continuous", "eks": None}
        assert "Orchestrator" not in sagemaker.describe_cluster(ClusterName="new")


def a_classic_cluster_may_become_continuous_and_never_back():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group()], Orchestrator=EKS, VpcConfig=network(DEFAULT_GROUP))
        sim.advance(600)
        sagemaker.update_cluster(ClusterName="c", NodeProvisioningMode="Continuous", InstanceGroups=[group(count=3)])
        assert status(sagemaker) == "InService"
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=4)])
        sim.advance(600)
        cluster = sagemaker.describe_cluster(ClusterName="c")
        assert cluster["NodeProvisioningMode"] == "Continuous" and groups_of(sagemaker)["workers"]["CurrentCount"] == 4


def a_minimum_that_is_not_reached_rolls_a_new_group_back():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("no_capacity", instance_type="ml.m5.large", nodes=1)
        eks_cluster(sagemaker, [group("few", 4, "ml.m5.large", MinInstanceCount=2), group("enough", 4, "ml.c5.large", MinInstanceCount=2)])
        sim.advance(600)
        groups = groups_of(sagemaker)
        assert status(sagemaker) == "InService" and groups["enough"]["Status"] == "InService"
        assert groups["few"]["Status"] == "Creating" and groups["few"]["CurrentCount"] == 1, "the minimum guards the first InService"
        sim.advance(3 * HOUR - 660)
        assert groups_of(sagemaker)["few"]["TargetCount"] == 4
        sim.advance(120)
        few = groups_of(sagemaker)["few"]
        assert (few["TargetCount"], few["Status"]) == (0, "Failed") and "MinCount" not in few
        sim.advance(300)
        assert groups_of(sagemaker)["few"]["CurrentCount"] == 0 and statuses(sagemaker) == ["Running"] * 4


def a_minimum_that_is_not_reached_gives_a_group_its_old_settings():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker)
        sim.advance(600)
        sim.condition("no_capacity")
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(count=9, MinInstanceCount=5, ThreadsPerCore=1, OnStartDeepHealthChecks=["InstanceStress"])])
        sim.advance(HOUR)
        workers = groups_of(sagemaker)["workers"]
        assert (workers["TargetCount"], workers["CurrentCount"], workers["MinCount"], workers["Status"]) == (9, 2, 5, "Degraded")
        sagemaker.update_cluster(ClusterName="c", NodeRecovery="None")
        sim.advance(2 * HOUR + 60)
        workers = groups_of(sagemaker)["workers"]
        assert (workers["TargetCount"], workers["CurrentCount"], workers["Status"]) == (2, 2, "InService"), "another request did not prolong it"
        assert "MinCount" not in workers and "OnStartDeepHealthChecks" not in workers and statuses(sagemaker) == ["Running"] * 2


def a_minimum_once_reached_guards_no_more():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group(count=3, MinInstanceCount=3)])
        sim.advance(600)
        sim.condition("no_capacity")
        sim.condition("node_dies", node=1)
        sim.advance(4 * HOUR)
        workers = groups_of(sagemaker)["workers"]
        assert (workers["TargetCount"], workers["CurrentCount"], workers["Status"]) == (3, 2, "Degraded")


def a_flexible_group_takes_the_first_type_that_is_there():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        flexible = group(count=3)
        del flexible["InstanceType"]
        flexible["InstanceRequirements"] = {"InstanceTypes": ["ml.c5.large", "ml.m5.large"]}
        sim.condition("no_capacity", instance_type="ml.c5.large", nodes=1)
        eks_cluster(sagemaker, [flexible])
        sim.advance(600)
        assert sorted(n["InstanceType"] for n in nodes_of(sagemaker)) == ["ml.c5.large", "ml.m5.large", "ml.m5.large"]
        details = groups_of(sagemaker)["workers"]["InstanceTypeDetails"]
        assert [(d["InstanceType"], d["CurrentCount"]) for d in details] == [("ml.c5.large", 1), ("ml.m5.large", 2)]
        more = {**flexible, "InstanceRequirements": {"InstanceTypes": ["ml.m5.large", "ml.t3.large"]}}
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[more])
        types = groups_of(sagemaker)["workers"]["InstanceRequirements"]
        assert types["CurrentInstanceTypes"] == ["ml.c5.large", "ml.m5.large"] and types["DesiredInstanceTypes"] == ["ml.m5.large", "ml.t3.large"]
        sim.advance(200)
        types = groups_of(sagemaker)["workers"]["InstanceRequirements"]
        assert types["CurrentInstanceTypes"] == types["DesiredInstanceTypes"]
        added = sagemaker.batch_add_cluster_nodes(
            ClusterName="c", NodesToAdd=[{"InstanceGroupName": "workers", "IncrementTargetCountBy": 1, "InstanceTypes": ["ml.t3.large"]}]
        )["Successful"][0]
        assert added["InstanceTypes"] == ["ml.t3.large"]
        sim.advance(600)
        node = sagemaker.describe_cluster_node(ClusterName="c", NodeLogicalId=added["NodeLogicalId"])["NodeDetails"]
        assert node["InstanceType"] == "ml.t3.large"


def spot_and_on_demand_are_told_apart():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group("spot", 2, CapacityRequirements={"Spot": {}}), group("firm", 1, CapacityRequirements={"OnDemand": {}})])
        sim.condition("no_capacity", capacity="Spot", for_seconds=900)
        sim.advance(600)
        assert groups_of(sagemaker)["firm"]["CurrentCount"] == 1 and groups_of(sagemaker)["spot"]["Status"] == "Degraded"
        sim.advance(900)
        (first, _) = nodes_of(sagemaker, InstanceGroupNameContains="spot")
        node = sagemaker.describe_cluster_node(ClusterName="c", NodeId=first["InstanceId"])["NodeDetails"]
        assert node["CapacityType"] == "Spot" and groups_of(sagemaker)["spot"]["CapacityRequirements"] == {"Spot": {}}
        sim.condition("node_dies", group="spot", node=1)
        sim.advance(1)
        (dead,) = [n for n in nodes_of(sagemaker) if n["InstanceStatus"]["Status"] == "Failure"]
        assert dead["InstanceGroupName"] == "spot" and "Spot" in dead["InstanceStatus"]["Message"]
        sim.advance(900)
        assert statuses(sagemaker) == ["Running"] * 3


def a_training_plan_has_its_zone_and_its_size():
    plan = "arn:aws:sagemaker:us-west-2:111122223333:training-plan/plan"
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        sim.condition("training_plan", training_plan_arn=plan, zone="us-west-2b", nodes=2)
        elsewhere, there = ({"SecurityGroupIds": [efa_group(ec2, n)], "Subnets": [SUBNET[:-1] + n]} for n in "89")
        groups = [group(n, 2, "ml.p5.48xlarge", TrainingPlanArn=plan, OverrideVpcConfig=v) for n, v in (("a", elsewhere), ("b", there))]
        eks_cluster(sagemaker, groups)
        sim.advance(1000)
        assert statuses(sagemaker, InstanceGroupNameContains="b") == ["Running"] * 2
        (node, _) = nodes_of(sagemaker, InstanceGroupNameContains="a")
        assert node["InstanceStatus"]["Message"].startswith("No subnets in the capacity AZ us-west-2b")
        assert groups_of(sagemaker)["b"]["TrainingPlanStatus"] == "Active"
        (listed,) = sagemaker.list_clusters(TrainingPlanArn=plan)["ClusterSummaries"]
        assert listed["TrainingPlanArns"] == [plan]
        bigger = group("b", 3, "ml.p5.48xlarge", TrainingPlanArn=plan, OverrideVpcConfig=there)
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[bigger])
        sim.advance(300)
        message = nodes_of(sagemaker, InstanceGroupNameContains="b")[2]["InstanceStatus"]["Message"]
        assert "sufficient capacity to launch new ml.p5.48xlarge instances in the Availability Zone you requested" in message


def labels_and_shared_storage_settle():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        taints = [{"Key": "k", "Effect": "NoSchedule"}]
        shared = {"FSxLustreDeletionPolicy": "Keep", "FSxLustreConfig": {"SizeInGiB": 1200, "PerUnitStorageThroughput": 125}}
        eks_cluster(sagemaker, [group(KubernetesConfig={"Labels": {"a": "1"}})], RestrictedInstanceGroupsConfig={"SharedEnvironmentConfig": shared},
                    ClusterRole=ROLE, AutoScaling={"Mode": "Enable"})  # fmt: skip
        sim.advance(600)
        bigger = {**shared, "FSxLustreConfig": {"SizeInGiB": 2400, "PerUnitStorageThroughput": 125}}
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group(KubernetesConfig={"Labels": {"a": "2"}, "Taints": taints})],
                                 RestrictedInstanceGroupsConfig={"SharedEnvironmentConfig": bigger}, AutoScaling={"Mode": "Disable"})  # fmt: skip

        def seen():
            cluster = sagemaker.describe_cluster(ClusterName="c")
            config = cluster["InstanceGroups"][0]["KubernetesConfig"]
            storage = cluster["RestrictedInstanceGroupsConfig"]["SharedEnvironmentConfig"]
            return (config["CurrentLabels"]["a"], config["DesiredLabels"]["a"], config.get("CurrentTaints"), config["DesiredTaints"],
                    storage["CurrentFSxLustreConfig"]["SizeInGiB"], storage["DesiredFSxLustreConfig"]["SizeInGiB"], cluster["AutoScaling"]["Status"])  # fmt: skip

        assert seen() == ("1", "2", None, taints, 1200, 2400, "Deleting")
        sim.advance(130)
        assert seen() == ("2", "2", taints, taints, 2400, 2400, "InService")
        node = sagemaker.describe_cluster_node(ClusterName="c", NodeId=nodes_of(sagemaker)[0]["InstanceId"])["NodeDetails"]
        assert node["KubernetesConfig"]["CurrentLabels"] == {"a": "2"}


def software_is_updated_and_scripts_run_again():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker)
        sim.advance(600)
        sim.condition("new_release", release="1.1.0", image_id="ami-0bbbbbbbbbbbbbbbb", status="SecurityUpdateRequired")
        workers = groups_of(sagemaker)["workers"]
        assert workers["ImageVersionStatus"] == "SecurityUpdateRequired" and "SoftwareUpdateStatus" not in workers
        assert sagemaker.list_clusters()["ClusterSummaries"][0]["ImageVersionStatus"] == "SecurityUpdateRequired"
        old = workers["CurrentImageId"]
        before = nodes_of(sagemaker)
        sagemaker.update_cluster_software(ClusterName="c")
        workers = groups_of(sagemaker)["workers"]
        assert status(sagemaker) == workers["Status"] == "SystemUpdating" and workers["SoftwareUpdateStatus"] == "InProgress"
        assert (workers["CurrentImageId"], workers["DesiredImageId"]) == (old, "ami-0bbbbbbbbbbbbbbbb")
        assert (workers["DesiredImageReleaseVersion"], workers["TargetStateCount"], workers["CurrentCount"]) == ("1.1.0", 0, 2)
        assert statuses(sagemaker) == ["SystemUpdating"] * 2
        for operation in (lambda: sagemaker.update_cluster(ClusterName="c", NodeRecovery="None"), lambda: sagemaker.delete_cluster(ClusterName="c"),
                          lambda: sagemaker.update_cluster_software(ClusterName="c")):  # fmt: skip
            with refused("ConflictException", "SystemUpdating"):
                operation()
        sim.advance(20 * 60 + 1)
        workers = groups_of(sagemaker)["workers"]
        assert status(sagemaker) == "InService" and workers["SoftwareUpdateStatus"] == "Succeeded"
        assert workers["CurrentImageId"] == workers["DesiredImageId"] == "ami-0bbbbbbbbbbbbbbbb" and workers["TargetStateCount"] == 2
        assert workers["ImageVersionStatus"] == "UpToDate"
        after = nodes_of(sagemaker)
        assert {n["InstanceId"] for n in after} == {n["InstanceId"] for n in before}, "the instances stay"
        assert all(n["LastSoftwareUpdateTime"] and n["CurrentImageReleaseVersion"] == "1.1.0" for n in after)
        marks = [sum("Downloading" in line for line in lines) for lines in sim.log().values()]
        assert marks == [2, 2]


def batches_wait_for_each_other():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group("a", 5), group("b", 1)])
        sim.advance(600)
        policy = {"MaximumBatchSize": {"Type": "CAPACITY_PERCENTAGE", "Value": 40}}
        config = {"RollingUpdatePolicy": policy, "WaitIntervalInSeconds": 600}
        sagemaker.update_cluster_software(ClusterName="c", InstanceGroups=[{"InstanceGroupName": "a"}], DeploymentConfig=config)
        assert groups_of(sagemaker)["a"]["ActiveSoftwareUpdateConfig"] == config
        seen = []
        for _ in range(5):
            a = groups_of(sagemaker)["a"]
            seen.append((statuses(sagemaker, InstanceGroupNameContains="a").count("SystemUpdating"), a["TargetStateCount"]))
            sim.advance(900)
        assert seen == [(2, 0), (2, 0), (2, 2), (2, 2), (1, 4)]
        sim.advance(299)
        assert status(sagemaker) == "SystemUpdating"
        sim.advance(2)  # nothing waits behind the last batch
        groups = groups_of(sagemaker)
        assert groups["a"]["SoftwareUpdateStatus"] == "Succeeded" and "ActiveSoftwareUpdateConfig" not in groups["a"]
        assert "SoftwareUpdateStatus" not in groups["b"] and status(sagemaker) == "InService"


def an_alarm_turns_an_update_back():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group("a", 4)])
        sim.advance(600)
        old = groups_of(sagemaker)["a"]["CurrentImageId"]
        one = {"Type": "INSTANCE_COUNT", "Value": 1}
        policy = {"MaximumBatchSize": one, "RollbackMaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 2}}
        config = {"RollingUpdatePolicy": policy, "AutoRollbackConfiguration": [{"AlarmName": "bad"}]}
        sagemaker.update_cluster_software(ClusterName="c", ImageId="ami-0cccccccccccccccc", DeploymentConfig=config)
        sim.advance(45 * 60)
        assert groups_of(sagemaker)["a"]["TargetStateCount"] == 2
        sim.condition("alarm", alarm="other")
        sim.condition("alarm", alarm="bad")
        sim.advance(20 * 60)
        assert groups_of(sagemaker)["a"]["SoftwareUpdateStatus"] == "RollbackInProgress"
        sim.advance(30 * 60)
        a = groups_of(sagemaker)["a"]
        assert (a["SoftwareUpdateStatus"], a["CurrentImageId"], a["DesiredImageId"]) == ("Failed", old, old)
        assert status(sagemaker) == "InService" and statuses(sagemaker) == ["Running"] * 4


def a_script_that_fails_in_an_update_turns_it_back():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group(count=3)])
        sim.advance(600)
        sim.condition("script_fails", group="workers", node=2)
        sagemaker.update_cluster_software(ClusterName="c")
        sim.advance(10 * 60)
        (broken,) = [n for n in nodes_of(sagemaker) if "Message" in n["InstanceStatus"]]
        assert "Lifecycle scripts did not run successfully" in broken["InstanceStatus"]["Message"]
        sim.advance(9 * 60)
        assert groups_of(sagemaker)["workers"]["SoftwareUpdateStatus"] == "RollbackInProgress"
        sim.advance(8 * 60)
        workers = groups_of(sagemaker)["workers"]
        assert workers["SoftwareUpdateStatus"] == "Failed" and status(sagemaker) == "InService"
        assert "software update" in sagemaker.describe_cluster(ClusterName="c")["FailureMessage"]
        assert statuses(sagemaker) == ["Running"] * 3


def a_rollback_may_fail_too():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker)
        sim.advance(600)
        sim.condition("software_fails", node=1, rollback_too=1)
        sagemaker.update_cluster_software(ClusterName="c")
        sim.advance(20 * 60)
        workers = groups_of(sagemaker)["workers"]
        assert workers["SoftwareUpdateStatus"] == "Failed" and workers["Status"] == "Degraded"
        assert all("ClusterMaintenanceRollbackFailed" in n["InstanceStatus"]["Message"] for n in nodes_of(sagemaker))


def software_updates_have_their_rules():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        slurm_cluster(sagemaker, [controller(), compute(ImageId="ami-0123456789abcdef0")])
        sim.advance(1200)
        name = {"InstanceGroupName": "workers"}
        with refused("ValidationException", "does not exist"):
            sagemaker.update_cluster_software(ClusterName="c", InstanceGroups=[{"InstanceGroupName": "nobody"}])
        with refused("ValidationException", "ImageId"):
            sagemaker.update_cluster_software(ClusterName="c", InstanceGroups=[name])
        with refused("ValidationException", "EKS"):
            sagemaker.update_cluster_software(ClusterName="c", ImageId="default", InstanceGroups=[{**name, "ImageReleaseVersion": "1.2.3"}])
        with refused("ValidationException", "more than once"):
            sagemaker.update_cluster_software(ClusterName="c", ImageId="default", InstanceGroups=[name, name])
        with refused("ResourceNotFound"):
            sagemaker.update_cluster_software(ClusterName="nobody")
        sagemaker.update_cluster_software(ClusterName="c", ImageId="default", InstanceGroups=[name])
        sim.advance(1300)
        groups = groups_of(sagemaker)
        assert groups["workers"]["CurrentImageId"] == groups["ctl"]["CurrentImageId"] != "ami-0123456789abcdef0"
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[compute(count=3)])
        assert groups_of(sagemaker)["workers"]["TargetCount"] == 3, "the image is what the update made it"


def a_group_may_be_patched_by_itself():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        patched = group("patched", ImageReleaseVersion="1.0.0", AutoPatchConfig={"PatchingStrategy": "WhenIdle"})
        eks_cluster(sagemaker, [patched, group("not")])
        sim.advance(600)
        sim.condition("new_release", release="1.1.0")
        first = groups_of(sagemaker)["patched"]["AutoPatchConfig"]["DesiredPatchSchedule"]["NextPatchDate"]
        sim.advance(30 * 24 * HOUR - 500)
        assert status(sagemaker) == "SystemUpdating" and groups_of(sagemaker)["not"]["Status"] == "InService"
        sim.advance(HOUR)
        groups = groups_of(sagemaker)
        assert groups["patched"]["CurrentImageReleaseVersion"] == "1.1.0", "drift that is to be left alone"
        assert (groups["patched"]["ImageVersionStatus"], groups["not"]["ImageVersionStatus"]) == ("UpToDate", "UpdateAvailable")
        assert groups["patched"]["AutoPatchConfig"]["DesiredPatchSchedule"]["NextPatchDate"] > first
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[{**patched, "InstanceCount": 3}])
        assert groups_of(sagemaker)["patched"]["DesiredImageReleaseVersion"] == "1.1.0"
        soon = first.timestamp() + 100 * 24 * HOUR
        dated = {"PatchingStrategy": "WhenIdle", "PatchSchedule": {"NextPatchDate": soon}}
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[{**patched, "AutoPatchConfig": dated}])
        assert groups_of(sagemaker)["patched"]["AutoPatchConfig"]["DesiredPatchSchedule"]["NextPatchDate"].timestamp() == soon
        sagemaker.delete_cluster(ClusterName="c")
        assert groups_of(sagemaker)["patched"]["AutoPatchConfig"]["DesiredPatchSchedule"] == {}


def a_schedule_updates_a_group_each_time_there_is_something_new():
    path = temporary_file()
    pathlib.Path(path).write_text(json.dumps({"clock": {"start": "2026-11-30T12:00:00Z"}}))
    with Sim("--scenario", path, "--time-scale", "0") as sim:
        sagemaker = sim.client("sagemaker")
        one = {"RollingUpdatePolicy": {"MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1}}}

        def scheduled(name, cron, **more):
            return group(name, 2, ScheduledUpdateConfig={"ScheduleExpression": cron, **more})

        with refused("ValidationException", "cron("):
            eks_cluster(sagemaker, [scheduled("a", "rate(1 day)")])
        monthly, nightly = scheduled("a", "cron(30 1 1 * ? *)", DeploymentConfig=one), scheduled("b", "cron(30 1 1,15 * ? *)")
        eks_cluster(sagemaker, [monthly, nightly, group("c")])
        sim.advance(13 * HOUR + 30 * 60)
        assert status(sagemaker) == "InService", "there is nothing new on the first of December"
        sim.condition("new_release", release="1.1.0", image_id="ami-0bbbbbbbbbbbbbbbb")
        sim.advance(14 * 24 * HOUR - 1)
        assert status(sagemaker) == "InService" and groups_of(sagemaker)["b"]["ImageVersionStatus"] == "UpdateAvailable"
        sim.advance(1)
        assert {n: g["Status"] for n, g in groups_of(sagemaker).items()} == {"a": "InService", "b": "SystemUpdating", "c": "InService"}
        assert [n["InstanceStatus"]["Status"] for n in nodes_of(sagemaker) if n["InstanceGroupName"] == "b"] == ["SystemUpdating"] * 2
        sim.advance(HOUR)
        sim.lift("new_release")
        sim.condition("new_release", release="1.2.0")
        sim.advance(17 * 24 * HOUR - HOUR)
        groups = groups_of(sagemaker)
        assert groups["a"]["Status"] == groups["b"]["Status"] == "SystemUpdating", "two groups are updated at once"
        updating = [n["InstanceGroupName"] for n in nodes_of(sagemaker) if n["InstanceStatus"]["Status"] == "SystemUpdating"]
        assert sorted(updating) == ["a", "b", "b"], "one is updated in batches, as its deployment says"
        sim.advance(HOUR)
        groups = groups_of(sagemaker)
        assert [groups[n]["CurrentImageReleaseVersion"] for n in "ab"] == ["1.2.0"] * 2 and groups["c"]["ImageVersionStatus"] == "UpdateAvailable"
        told = [(e["InstanceGroupName"], e["EventTime"].isoformat()[:16]) for e in sagemaker.list_cluster_events(ClusterName="c", SortOrder="Ascending")["Events"]
                if e["ResourceType"] == "InstanceGroup" and "oftware" in e["Description"]]  # fmt: skip
        assert ("b", "2026-12-15T01:30") in told and ("a", "2027-01-01T01:30") in told, told
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("a"), nightly, group("c")])
        sim.lift("new_release")
        sim.condition("new_release", release="1.3.0")
        sim.advance(40 * 24 * HOUR)
        groups = groups_of(sagemaker)
        assert (groups["a"]["ImageVersionStatus"], groups["b"]["ImageVersionStatus"]) == ("UpdateAvailable", "UpToDate")


def new_groups_inherit_the_image_of_the_earliest():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, [group("a", ImageId="ami-0123456789abcdef0")])
        sim.advance(600)
        sim.condition("new_release", release="2.0.0", image_id="ami-0bbbbbbbbbbbbbbbb")
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group("b"), group("d", ImageId="default")])
        images = {n: g["CurrentImageId"] for n, g in groups_of(sagemaker).items()}
        assert images == {"a": "ami-0123456789abcdef0", "b": "ami-0123456789abcdef0", "d": "ami-0bbbbbbbbbbbbbbbb"}


def what_is_under_way_survives_a_kill():
    import os
    import signal

    path = temporary_file()
    try:
        with Sim("--state", path) as sim:
            sagemaker = sim.client("sagemaker")
            sim.condition("script_fails", node=1, times=2)
            sim.condition("new_release", release="1.1.0")
            eks_cluster(sagemaker, [group(count=3, MinInstanceCount=1)])
            sim.advance(700)
            sagemaker.batch_add_cluster_nodes(ClusterName="c", NodesToAdd=[{"InstanceGroupName": "workers", "IncrementTargetCountBy": 1}])
            sim.lift("new_release")
            sim.advance(100)
            before = (sagemaker.describe_cluster(ClusterName="c"), nodes_of(sagemaker), sim.log(), sim.control("GET", "conditions"))
            operations = sagemaker.list_cluster_operations(ClusterName="c")["ClusterOperationSummaries"]
            events = sagemaker.list_cluster_events(ClusterName="c")["Events"]
            sim.end(signal.SIGKILL)
        with Sim("--state", path) as sim:
            sagemaker = sim.client("sagemaker")
            after = (sagemaker.describe_cluster(ClusterName="c"), nodes_of(sagemaker), sim.log(), sim.control("GET", "conditions"))
            for was, is_now in zip(before, after):
                if isinstance(was, dict):
                    was.pop("ResponseMetadata", None), is_now.pop("ResponseMetadata", None)
                assert was == is_now, (was, is_now)
            assert sagemaker.list_cluster_operations(ClusterName="c")["ClusterOperationSummaries"] == operations
            assert sagemaker.list_cluster_events(ClusterName="c")["Events"] == events
            sim.advance(1800)
            assert statuses(sagemaker) == ["Running"] * 4
    finally:
        os.unlink(path)


def _walk(sim, sagemaker, chance, steps):
    """Random operations, most of them sound; nothing but AWS's errors may come of them."""
    from botocore.exceptions import ClientError

    names = ["eks", "slurm", "classic"]

    def groups(name):
        more = {"MinInstanceCount": 1} if chance.random() < 0.3 else {}
        if name == "slurm":
            return [controller(), compute("a", chance.randrange(4), **more)]
        return [group(n, chance.randrange(4), chance.choice(["ml.c5.large", GPU]) if n == "x" else "ml.c5.large", **more) for n in chance.sample("abx", 2)]

    def some(name):
        nodes = [n for n in nodes_of(sagemaker, name) if "InstanceId" in n]
        return [n["InstanceId"] for n in chance.sample(nodes, min(len(nodes), 2))] or ["i-0123456789abcdef0"]

    def create(name):
        {"eks": eks_cluster, "slurm": slurm_cluster}.get(name, lambda sm, g, n: sm.create_cluster(ClusterName=n, InstanceGroups=g))(sagemaker, groups(name), name)

    moves = [
        create,
        create,
        lambda name: sagemaker.update_cluster(ClusterName=name, InstanceGroups=groups(name)),
        lambda name: sagemaker.update_cluster(ClusterName=name, InstanceGroups=groups(name)),
        lambda name: sagemaker.update_cluster(ClusterName=name, InstanceGroupsToDelete=[chance.choice("abx")]),
        lambda name: sagemaker.batch_add_cluster_nodes(ClusterName=name, NodesToAdd=[{"InstanceGroupName": "a", "IncrementTargetCountBy": 2}]),
        lambda name: sagemaker.batch_delete_cluster_nodes(ClusterName=name, NodeIds=some(name)),
        lambda name: sagemaker.batch_reboot_cluster_nodes(ClusterName=name, NodeIds=some(name)),
        lambda name: sagemaker.batch_replace_cluster_nodes(ClusterName=name, NodeIds=some(name)),
        lambda name: sagemaker.update_cluster_software(ClusterName=name),
        lambda name: sagemaker.start_cluster_health_check(
            ClusterName=name, DeepHealthCheckConfigurations=[{"InstanceGroupName": "x", "DeepHealthChecks": ["InstanceStress"]}]),
        lambda name: sagemaker.delete_cluster(ClusterName=name) if chance.random() < 0.3 else None,
        lambda name: sim.condition(chance.choice(["node_dies", "deep_check_fails", "software_fails", "script_hangs"]), node=1 + chance.randrange(3), times=2),
        lambda name: sim.condition("no_capacity", for_seconds=chance.randrange(5000), nodes=chance.randrange(3)),
        lambda name: sim.condition("script_fails", node=1 + chance.randrange(3), times=1 + chance.randrange(3)),
        lambda name: sim.lift(),
    ]  # fmt: skip
    done = 0
    for _ in range(steps):
        try:
            chance.choice(moves)(chance.choice(names))
            done += 1
        except ClientError as error:
            got = error.response["Error"]["Code"]
            assert got in ("ValidationException", "ResourceNotFound", "ResourceInUse", "ConflictException"), got
        sim.advance(chance.choice([0, 1, 30, 60, 300, 1200, 4000]))
        for name in [c["ClusterName"] for c in sagemaker.list_clusters()["ClusterSummaries"]]:
            cluster = sagemaker.describe_cluster(ClusterName=name)
            listed = nodes_of(sagemaker, name)
            for one in cluster["InstanceGroups"]:
                mine = [n["InstanceStatus"]["Status"] for n in listed if n["InstanceGroupName"] == one["InstanceGroupName"]]
                there = sum(s in ("Running", "SystemUpdating", "DeepHealthCheckInProgress", "ShuttingDown") for s in mine)
                wanted = sum(s != "ShuttingDown" for s in mine)
                assert there <= one["CurrentCount"], (name, one, mine)
                if cluster["ClusterStatus"] not in ("Deleting", "Failed", "RollingBack") and one["Status"] != "Deleting":
                    assert wanted == one["TargetCount"], (name, one, mine)
    return done


def whatever_is_asked_for_the_counts_agree_and_a_restart_changes_nothing():
    import os
    import random
    import signal

    for seed in range(4):
        path = temporary_file()
        try:
            with Sim("--state", path, "--no-auth") as sim:
                done = _walk(sim, sim.client("sagemaker"), random.Random(seed), 150)
                assert done > 50, f"only {done} were sound"
                before = sim.control("GET", "state")
                sim.end(signal.SIGKILL)
            with Sim("--state", path, "--no-auth") as sim:
                after = sim.control("GET", "state")
            for part in ("regions", "conditions"):
                assert before[part] == after[part], (seed, part)
        finally:
            os.unlink(path)
