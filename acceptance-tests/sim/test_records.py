"""What SageMaker keeps beside clusters: extensions, attachments, scheduler configurations, compute quotas, training plans."""

import json

from world import DEFAULT_GROUP, ROLE, SUBNET, VPC, Sim, efa_group, eks_cluster, group, groups_of, nodes_of, refused, slurm_cluster, temporary_file

OBSERVABILITY = "sagemaker-observability"


def _extension(sagemaker, cluster, **more):
    return sagemaker.create_cluster_extension(ClusterArn=cluster, ExtensionName=OBSERVABILITY, **more)["ExtensionArn"]


def _details(sagemaker, cluster, arn):
    return sagemaker.describe_cluster_extension(ClusterArn=cluster, ExtensionArn=arn)["ExtensionDetails"]


def an_extension_is_installed_updated_and_deleted():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        cluster = slurm_cluster(sagemaker)
        sim.advance(900)
        arn = _extension(sagemaker, cluster, ExtensionVersion="1.0.0", Tags=[{"Key": "a", "Value": "b"}])
        assert f":extension/sagemaker-{cluster.split('/')[-1]}/{OBSERVABILITY}/" in arn
        assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
        first = sagemaker.describe_cluster_extension(ClusterArn=cluster, ExtensionArn=arn)
        assert first["ExtensionDetails"]["Status"] == "Creating" and first["NodeSummary"]["ActiveCount"] == 0
        with refused("ResourceInUse", OBSERVABILITY):
            _extension(sagemaker, cluster)
        with refused("ConflictException", "Creating"):
            sagemaker.update_cluster_extension(ClusterArn=cluster, ExtensionArn=arn)
        sim.advance(300)
        there = sagemaker.describe_cluster_extension(ClusterArn=cluster, ExtensionArn=arn)
        assert there["NodeSummary"] == {"TotalCount": 3, "ActiveCount": 3} and there["Health"] == {"Issues": []}
        details = there["ExtensionDetails"]
        assert (details["Status"], details["ExtensionVersion"], details["ClusterArn"]) == ("Active", "1.0.0", cluster)
        settings = json.loads(details["ConfigurationValues"])
        assert settings["metricsProvider"]["nodeMetrics"] == {"level": "BASIC", "collectionIntervalSeconds": 30}

        def update(values, **more):
            sagemaker.update_cluster_extension(ClusterArn=cluster, ExtensionArn=arn, ConfigurationValues=json.dumps(values), **more)
            assert _details(sagemaker, cluster, arn)["Status"] == "Updating"
            sim.advance(120)
            return json.loads(_details(sagemaker, cluster, arn)["ConfigurationValues"])

        settings = update({"metricsProvider": {"nodeMetrics": {"level": "ADVANCED"}}}, ExtensionVersion="1.1.0")
        assert settings["metricsProvider"]["nodeMetrics"] == {"level": "ADVANCED", "collectionIntervalSeconds": 30}
        settings = update({"metricsProvider": {"nodeMetrics": None}, "prometheus": {"remoteWriteUrl": "https://x"}})
        assert settings["metricsProvider"]["nodeMetrics"]["level"] == "BASIC" and settings["prometheus"] == {"remoteWriteUrl": "https://x"}
        with refused("ValidationException", "1.0.0"):
            update({}, ExtensionVersion="1.0.0")
        sagemaker.delete_cluster_extension(ClusterArn=cluster, ExtensionArn=arn)
        assert _details(sagemaker, cluster, arn)["Status"] == "Deleting"
        sim.advance(120)
        with refused("ResourceNotFound", arn):
            _details(sagemaker, cluster, arn)
        assert _extension(sagemaker, cluster) != arn, "another extension has another ARN"


def an_extension_has_its_rules():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        classic = sagemaker.create_cluster(ClusterName="classic", InstanceGroups=[group()])["ClusterArn"]
        eks = eks_cluster(sagemaker, name="eks")
        cluster = slurm_cluster(sagemaker)
        for other in (classic, eks):
            with refused("ValidationException", "Slurm"):
                _extension(sagemaker, other)
        with refused("ResourceNotFound"):
            _extension(sagemaker, cluster[:-12] + "a" * 12)
        with refused("ResourceNotFound", "nothing"):
            sagemaker.create_cluster_extension(ClusterArn=cluster, ExtensionName="nothing")
        with refused("ResourceNotFound", "9.9.9"):
            _extension(sagemaker, cluster, ExtensionVersion="9.9.9")
        for values in ("[]", "{", '{"nodeMetrics":{}}', '{"metricsProvider":{"jobMetrics":{"level":3}}}'):
            with refused("ValidationException", "ConfigurationValues"):
                _extension(sagemaker, cluster, ConfigurationValues=values)
        token = "once"
        arn = _extension(sagemaker, cluster, ClientToken=token)
        assert _extension(sagemaker, cluster, ClientToken=token) == arn
        with refused("ValidationException", token):
            _extension(sagemaker, cluster, ClientToken=token, ExtensionVersion="1.0.0")
        (listed,) = sagemaker.list_cluster_extensions(ClusterArn=cluster)["Extensions"]
        assert listed["ExtensionArn"] == arn and listed["ExtensionVersion"] == "1.2.0" and listed["Status"] == "Creating"
        pages = [sagemaker.list_cluster_extension_versions(ExtensionName=OBSERVABILITY, MaxResults=2)]
        pages.append(sagemaker.list_cluster_extension_versions(ExtensionName=OBSERVABILITY, MaxResults=2, NextToken=pages[0]["NextToken"]))
        assert [v["ExtensionVersion"] for page in pages for v in page["ExtensionVersions"]] == ["1.2.0", "1.1.0", "1.0.0"]
        sim.advance(900)
        sagemaker.delete_cluster(ClusterName="c")
        sim.advance(3600)
        assert sim.control("GET", "state")["regions"][0]["records"] == [], "what belongs to a cluster goes with it"


def an_extension_that_fails_says_so():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        cluster = slurm_cluster(sagemaker)
        sim.advance(900)
        sim.fault("fail", operation="CreateClusterExtension", message="The agent does not start", times=1)
        arn = _extension(sagemaker, cluster)
        sim.advance(300)
        failed = sagemaker.describe_cluster_extension(ClusterArn=cluster, ExtensionArn=arn)
        assert failed["ExtensionDetails"]["Status"] == "CreateFailed"
        assert failed["Health"]["Issues"] == [{"Code": "InternalFailure", "Message": "The agent does not start", "NodeCount": 3}]
        sagemaker.update_cluster_extension(ClusterArn=cluster, ExtensionArn=arn)
        sim.advance(300)
        assert _details(sagemaker, cluster, arn)["Status"] == "Active", "an update without a change tries again"


def extensions_survive_a_restart():
    path = temporary_file()
    with Sim("--state", path) as sim:
        sagemaker = sim.client("sagemaker")
        cluster = slurm_cluster(sagemaker)
        sim.advance(900)
        arn = _extension(sagemaker, cluster)
        sim.advance(300)
        before = _details(sagemaker, cluster, arn)
    with Sim("--state", path) as sim:
        assert _details(sim.client("sagemaker"), cluster, arn) == before


def volumes_are_attached_to_nodes():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        cluster = eks_cluster(sagemaker, [group("workers", 2)])
        slurm = slurm_cluster(sagemaker, name="s")
        sim.advance(900)
        node, other = (n["InstanceId"] for n in nodes_of(sagemaker))
        volume = "vol-0123456789abcdef0"

        def attach(node=node, volume=volume, cluster=cluster):
            return sagemaker.attach_cluster_node_volume(ClusterArn=cluster, NodeId=node, VolumeId=volume)

        made = attach()
        assert (made["Status"], made["DeviceName"], made["NodeId"], made["ClusterArn"]) == ("attaching", "/dev/sdf", node, cluster)
        with refused("ValidationException", "already attached"):
            attach(other)
        assert attach(volume="vol-01234567")["DeviceName"] == "/dev/sdg"
        with refused("ValidationException", "EKS"):
            attach(nodes_of(sagemaker, "s")[0]["InstanceId"], "vol-01234568", slurm)
        with refused("ResourceNotFound"):
            attach("i-0123456789abcdef0")
        with refused("ResourceNotFound", "not attached"):
            sagemaker.detach_cluster_node_volume(ClusterArn=cluster, NodeId=other, VolumeId=volume)
        gone = sagemaker.detach_cluster_node_volume(ClusterArn=cluster, NodeId=node, VolumeId=volume)
        assert gone["Status"] == "detaching" and gone["AttachTime"] == made["AttachTime"]
        attach(other)
        for number in range(10):
            attach(volume=f"vol-1234567{number}")
        with refused("ValidationException", "device name"):
            attach(volume="vol-22222222")
        sagemaker.batch_delete_cluster_nodes(ClusterName="c", NodeIds=[other])
        sim.advance(900)
        sagemaker.detach_cluster_node_volume(ClusterArn=cluster, NodeId=node, VolumeId="vol-12345670")
        assert attach()["DeviceName"], "the volume is free when its node has gone"


def network_interfaces_are_attached_to_nodes():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        cluster = eks_cluster(sagemaker, [group("workers", 2)])
        sim.advance(900)
        node, other = (n["InstanceId"] for n in nodes_of(sagemaker))
        eni = ec2.create_network_interface(SubnetId=SUBNET)["NetworkInterface"]["NetworkInterfaceId"]
        far = ec2.create_network_interface(SubnetId=SUBNET[:-1] + "9")["NetworkInterface"]["NetworkInterfaceId"]

        def attach(node=node, eni=eni):
            return sagemaker.attach_cluster_node_network_interface(ClusterName="c", NodeId=node, NetworkInterfaceId=eni)

        made = attach()
        assert (made["ClusterArn"], made["NodeId"], made["NetworkInterfaceId"]) == (cluster, node, eni)
        (shown,) = ec2.describe_network_interfaces(NetworkInterfaceIds=[eni])["NetworkInterfaces"]
        assert shown["Status"] == "in-use" and shown["Attachment"]["AttachmentId"] == made["AttachmentId"]
        with refused("ValidationException", "in use"):
            attach(other)
        with refused("ValidationException", "us-west-2b"):
            attach(eni=far)
        with refused("ResourceNotFound"):
            attach(eni="eni-01234567")
        sagemaker.batch_delete_cluster_nodes(ClusterName="c", NodeIds=[node])
        sim.advance(900)
        ec2.delete_network_interface(NetworkInterfaceId=eni)
        for _ in range(14):
            attach(other, ec2.create_network_interface(SubnetId=SUBNET, Groups=[DEFAULT_GROUP])["NetworkInterface"]["NetworkInterfaceId"])
        with refused("ResourceLimitExceeded"):
            attach(other, ec2.create_network_interface(SubnetId=SUBNET)["NetworkInterface"]["NetworkInterfaceId"])
        assert groups_of(sagemaker)["workers"]["CurrentCount"] == 1


def _quota(sagemaker, cluster, name="research", team="red", **more):
    config = {"ComputeQuotaResources": [{"InstanceType": "ml.g5.xlarge", "Count": 2}], "ResourceSharingConfig": {"Strategy": "LendAndBorrow"}}
    return sagemaker.create_compute_quota(
        Name=name, ClusterArn=cluster, ComputeQuotaConfig=config, ComputeQuotaTarget={"TeamName": team}, **more
    )["ComputeQuotaId"]


def a_scheduler_configuration_has_versions():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        cluster = eks_cluster(sagemaker)
        policy = {"PriorityClasses": [{"Name": "training", "Weight": 90}], "FairShare": "Enabled"}
        made = sagemaker.create_cluster_scheduler_config(Name="policy", ClusterArn=cluster, SchedulerConfig=policy, Description="first")
        config = made["ClusterSchedulerConfigId"]
        assert made["ClusterSchedulerConfigArn"].endswith(f":cluster-scheduler-config/{config}")

        def describe(**more):
            return sagemaker.describe_cluster_scheduler_config(ClusterSchedulerConfigId=config, **more)

        def update(version, **more):
            return sagemaker.update_cluster_scheduler_config(ClusterSchedulerConfigId=config, TargetVersion=version, **more)

        first = describe()
        assert first["Status"] == "Creating" and first["SchedulerConfig"] == policy and first["ClusterSchedulerConfigVersion"] == 1
        with refused("ConflictException", "Creating"):
            update(1)
        with refused("ConflictException", "policy"):
            sagemaker.create_cluster_scheduler_config(Name="other", ClusterArn=cluster, SchedulerConfig={})
        sim.advance(60)
        assert describe()["StatusDetails"] == {"PriorityClasses": "Created", "FairShare": "Created"}
        with refused("ConflictException", "version 1"):
            update(2)
        assert update(1, SchedulerConfig={"IdleResourceSharing": "Disabled"})["ClusterSchedulerConfigVersion"] == 2
        assert describe()["Status"] == "Updating"
        sim.advance(60)
        now = describe()
        assert (now["Status"], now["ClusterSchedulerConfigVersion"], now["Description"]) == ("Updated", 2, "first")
        assert now["SchedulerConfig"] == {"IdleResourceSharing": "Disabled", "FairShare": "Enabled"} and now["LastModifiedTime"] > now["CreationTime"]
        assert describe(ClusterSchedulerConfigVersion=1)["SchedulerConfig"] == policy
        with refused("ResourceNotFound", "version 3"):
            describe(ClusterSchedulerConfigVersion=3)
        (listed,) = sagemaker.list_cluster_scheduler_configs(ClusterArn=cluster, Status="Updated")["ClusterSchedulerConfigSummaries"]
        assert listed["ClusterSchedulerConfigId"] == config and listed["ClusterSchedulerConfigVersion"] == 2
        assert not sagemaker.list_cluster_scheduler_configs(Status="Creating")["ClusterSchedulerConfigSummaries"]
        sagemaker.delete_cluster_scheduler_config(ClusterSchedulerConfigId=config)
        assert describe()["Status"] == "Deleting"
        sim.advance(60)
        with refused("ResourceNotFound", config):
            describe()
        with refused("ResourceNotFound", config):
            sagemaker.delete_cluster_scheduler_config(ClusterSchedulerConfigId=config)


def compute_quotas_are_shared_by_teams():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        cluster, other = eks_cluster(sagemaker), eks_cluster(sagemaker, name="d")
        with refused("ValidationException", "EKS"):
            _quota(sagemaker, slurm_cluster(sagemaker, name="s"))
        red = _quota(sagemaker, cluster, Tags=[{"Key": "a", "Value": "b"}])
        sim.advance(60)
        blue = _quota(sagemaker, cluster, "art", "blue", ActivationState="Disabled")
        sim.advance(10)
        far = _quota(sagemaker, other)
        for name, team in (("research", "green"), ("green", "red")):
            with refused("ConflictException", "already"):
                _quota(sagemaker, cluster, name, team)
        there = sagemaker.describe_compute_quota(ComputeQuotaId=red)
        assert there["ComputeQuotaConfig"]["PreemptTeamTasks"] == "LowerPriority" and there["ActivationState"] == "Enabled"
        assert there["ComputeQuotaConfig"]["ResourceSharingConfig"] == {"Strategy": "LendAndBorrow", "BorrowLimit": 50}
        assert there["ComputeQuotaTarget"] == {"TeamName": "red", "FairShareWeight": 0} and there["Status"] == "Created"
        assert sagemaker.list_tags(ResourceArn=there["ComputeQuotaArn"])["Tags"] == [{"Key": "a", "Value": "b"}]

        def listed(**how):
            pages = sagemaker.get_paginator("list_compute_quotas").paginate(PaginationConfig={"PageSize": 1}, **how)
            return [q["ComputeQuotaId"] for page in pages for q in page["ComputeQuotaSummaries"]]

        assert listed() == [far, blue, red] and listed(SortOrder="Ascending") == [red, blue, far]
        assert listed(SortBy="Name", SortOrder="Ascending")[0] == blue and sorted(listed(SortBy="ClusterArn", ClusterArn=cluster)) == sorted([red, blue])
        assert listed(SortBy="Status", SortOrder="Descending")[0] == red and listed(NameContains="art") == [blue]
        with refused("ConflictException", "blue"):
            sagemaker.update_compute_quota(ComputeQuotaId=red, TargetVersion=1, ComputeQuotaTarget={"TeamName": "blue"})
        target = {"TeamName": "red", "FairShareWeight": 7}
        sim.fault("fail", operation="UpdateComputeQuota", message="Kueue refuses it", times=1)
        sagemaker.update_compute_quota(ComputeQuotaId=red, TargetVersion=1, ComputeQuotaTarget=target)
        sim.advance(60)
        failed = sagemaker.describe_compute_quota(ComputeQuotaId=red)
        assert (failed["Status"], failed["FailureReason"]) == ("UpdateFailed", "Kueue refuses it")
        sagemaker.update_compute_quota(ComputeQuotaId=red, TargetVersion=2, ComputeQuotaTarget=target)
        sim.advance(60)
        there = sagemaker.describe_compute_quota(ComputeQuotaId=red)
        assert (there["Status"], there["ComputeQuotaTarget"], there["ComputeQuotaVersion"]) == ("Updated", target, 3) and "FailureReason" not in there
        rows = [{"InstanceType": "ml.p5.48xlarge", "Accelerators": 4, "VCpu": 8.5, "MemoryInGiB": 64.0},
                {"InstanceType": "ml.p5.48xlarge", "AcceleratorPartition": {"Type": "mig-1g.10gb", "Count": 3}}]  # fmt: skip
        rich = {"ComputeQuotaResources": rows, "PreemptTeamTasks": "Never", "ResourceSharingConfig": {"Strategy": "Lend", "AbsoluteBorrowLimits": [*rows, {"InstanceType": "ml.g5.xlarge", "Count": 1}]}}
        sagemaker.update_compute_quota(ComputeQuotaId=red, TargetVersion=3, ComputeQuotaConfig=rich, Description="all of it")
        there = sagemaker.describe_compute_quota(ComputeQuotaId=red)
        assert there["ComputeQuotaConfig"] == rich and there["Description"] == "all of it" and there["ComputeQuotaTarget"] == target
        sim.advance(60)
        assert [q["ComputeQuotaConfig"] for q in sagemaker.list_compute_quotas(NameContains="resear", ClusterArn=cluster)["ComputeQuotaSummaries"]] == [rich]
        sagemaker.delete_compute_quota(ComputeQuotaId=red)
        sim.advance(60)
        assert _quota(sagemaker, cluster) != red


def a_configuration_tells_who_made_and_who_changed_it():
    path, user = temporary_file(), "arn:aws:iam::111122223333:user/simulated"
    with Sim("--state", path) as sim:
        sagemaker = sim.client("sagemaker")
        first, second = (eks_cluster(sagemaker, name=name) for name in ("c", "d"))

        def create(cluster, by=sagemaker):
            made = by.create_cluster_scheduler_config(Name="policy", ClusterArn=cluster, SchedulerConfig={})
            return made["ClusterSchedulerConfigId"]

        config = create(first)
        sim.advance(60)
        session = sim.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="mary", SourceIdentity="mary-jane")
        keys = session["Credentials"]
        other = sim.client("sagemaker", keys["SecretAccessKey"], keys["AccessKeyId"], keys["SessionToken"])
        other.update_cluster_scheduler_config(ClusterSchedulerConfigId=config, TargetVersion=1, Description="second")
        there = sagemaker.describe_cluster_scheduler_config(ClusterSchedulerConfigId=config)
        assert there["CreatedBy"]["IamIdentity"] == {"Arn": user, "PrincipalId": "AIDASIMULATEDACCOUNT"}
        role = session["AssumedRoleUser"]
        by = {"Arn": role["Arn"], "PrincipalId": role["AssumedRoleId"], "SourceIdentity": "mary-jane"}
        assert there["LastModifiedBy"]["IamIdentity"] == by and there["SchedulerConfig"] == {"FairShare": "Enabled"}
        team = other.create_compute_quota(
            Name="q", ClusterArn=first, ComputeQuotaConfig={}, ComputeQuotaTarget={"TeamName": "red"}
        )["ComputeQuotaId"]  # fmt: skip
        quota = sagemaker.describe_compute_quota(ComputeQuotaId=team)
        assert quota["CreatedBy"]["IamIdentity"] == by == quota["LastModifiedBy"]["IamIdentity"]
        sim.advance(60)
        sim.fault("fail", operation="CreateClusterSchedulerConfig", message="The add-on is not installed", times=1)
        failed = create(second, other)
        sim.advance(60)
        lost = sagemaker.describe_cluster_scheduler_config(ClusterSchedulerConfigId=failed)
        assert (lost["Status"], lost["FailureReason"]) == ("CreateFailed", "The add-on is not installed")
        assert lost["CreatedBy"]["IamIdentity"] == by
        pages = sagemaker.get_paginator("list_cluster_scheduler_configs").paginate(PaginationConfig={"PageSize": 1})
        assert [len(page["ClusterSchedulerConfigSummaries"]) for page in pages] == [1, 1]
    with Sim("--state", path) as sim:
        after = sim.client("sagemaker").describe_cluster_scheduler_config(ClusterSchedulerConfigId=config)
        assert (after["CreatedBy"], after["LastModifiedBy"]) == (there["CreatedBy"], there["LastModifiedBy"])


def old_versions_are_forgotten_and_the_newest_hundred_are_not():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        red = _quota(sagemaker, eks_cluster(sagemaker))
        for version in range(1, 130):
            sim.advance(30)
            sagemaker.update_compute_quota(ComputeQuotaId=red, TargetVersion=version, Description=f"the {version + 1}th")

        def describe(version):
            return sagemaker.describe_compute_quota(ComputeQuotaId=red, ComputeQuotaVersion=version)

        assert describe(130)["Description"] == "the 130th" and describe(31)["Description"] == "the 31th"
        for version in (0, 1, 30, 131):
            with refused("ResourceNotFound", f"version {version}"):
                describe(version)
        (record,) = sim.control("GET", "state")["regions"][0]["records"]
        assert (record["version"], len(record["versions"])) == (130, 100)


def an_extension_can_be_updated_without_end():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        cluster = slurm_cluster(sagemaker)
        arn = _extension(sagemaker, cluster)
        url = "https://" + "x" * 8000
        for number in range(300):
            sim.advance(120)
            values = json.dumps({"prometheus": {"remoteWriteUrl": f"{url}/{number}"}})
            sagemaker.update_cluster_extension(ClusterArn=cluster, ExtensionArn=arn, ConfigurationValues=values)
        details = _details(sagemaker, cluster, arn)
        assert json.loads(details["ConfigurationValues"])["prometheus"]["remoteWriteUrl"].endswith("/299") and details["ExtensionVersion"] == "1.2.0"
        (record,) = sim.control("GET", "state")["regions"][0]["records"]
        assert (record["version"], len(record["versions"])) == (301, 1)


def a_training_plan_is_extended_a_thousand_times_and_its_history_has_pages():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        offer = _offers(sagemaker)[0]["TrainingPlanOfferingId"]
        arn = sagemaker.create_training_plan(TrainingPlanName="plan", TrainingPlanOfferingId=offer)["TrainingPlanArn"]
        sim.advance(120)

        def offered(hours):
            found = sagemaker.search_training_plan_offerings(TrainingPlanArn=arn, DurationHours=hours)["TrainingPlanExtensionOfferings"]
            return [o["TrainingPlanExtensionOfferingId"] for o in found]

        assert len(offered(14 * 24)) == len(offered(21 * 24)) == len(offered(182 * 24)) == 1
        assert not (offered(25) or offered(15 * 24) or offered(189 * 24))
        end = sagemaker.describe_training_plan(TrainingPlanName="plan")["EndTime"]
        (capacity,) = _offers(sagemaker, TrainingPlanArn=arn)[0]["ReservedCapacityOfferings"]
        assert capacity["ExtensionStartTime"] == end and (capacity["ExtensionEndTime"] - end).total_seconds() == 48 * 3600
        for _ in range(1000):
            (extension,) = offered(24)
            sagemaker.extend_training_plan(TrainingPlanExtensionOfferingId=extension)
        assert not offered(24)
        (capacity,) = _offers(sagemaker, TrainingPlanArn=arn)[0]["ReservedCapacityOfferings"]
        assert "ExtensionStartTime" not in capacity
        history, token = [], {}
        while token is not None:
            page = sagemaker.describe_training_plan_extension_history(TrainingPlanArn=arn, **token)
            history += page["TrainingPlanExtensions"]
            token = {"NextToken": page["NextToken"]} if "NextToken" in page else None
        assert len(history) == 1000 and all(a["EndDate"] == b["StartDate"] for a, b in zip(history, history[1:]))


def _offers(sagemaker, **how):
    asked = {"InstanceType": "ml.p5.48xlarge", "InstanceCount": 2, "DurationHours": 48, "TargetResources": ["hyperpod-cluster"], **how}
    return sagemaker.search_training_plan_offerings(**asked)["TrainingPlanOfferings"]


def a_training_plan_is_bought_begins_and_ends():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        first, second = _offers(sagemaker)
        (capacity,) = first["ReservedCapacityOfferings"]
        assert (capacity["InstanceType"], capacity["InstanceCount"], first["DurationHours"]) == ("ml.p5.48xlarge", 2, 48)
        assert (capacity["EndTime"] - capacity["StartTime"]).total_seconds() == 48 * 3600
        assert second["ReservedCapacityOfferings"][0]["AvailabilityZone"] != capacity["AvailabilityZone"]
        assert len(_offers(sagemaker, EndTimeBefore=capacity["EndTime"].timestamp() + 1)) == 1 and not _offers(sagemaker, DurationHours=5000)
        after = capacity["StartTime"].timestamp() + 86400 * 3
        assert all(o["ReservedCapacityOfferings"][0]["StartTime"].timestamp() >= after for o in _offers(sagemaker, StartTimeAfter=after))
        arn = sagemaker.create_training_plan(TrainingPlanName="plan", TrainingPlanOfferingId=first["TrainingPlanOfferingId"])["TrainingPlanArn"]
        with refused("ResourceInUse", "plan"):
            sagemaker.create_training_plan(TrainingPlanName="plan", TrainingPlanOfferingId=second["TrainingPlanOfferingId"])
        with refused("ResourceNotFound", "tpo-1"):
            sagemaker.create_training_plan(TrainingPlanName="other", TrainingPlanOfferingId="tpo-1-2-3")

        def status(name=arn):
            return sagemaker.describe_training_plan(TrainingPlanName=name)["Status"]

        assert status() == "Pending"
        sim.advance(120)
        assert status("plan") == "Scheduled"
        sim.advance(3600)
        plan = sagemaker.describe_training_plan(TrainingPlanName="plan")
        assert (plan["Status"], plan["TotalInstanceCount"], plan["AvailableInstanceCount"]) == ("Active", 2, 2)
        assert plan["TargetResources"] == ["hyperpod-cluster"] and plan["TrainingPlanArn"] == arn
        (reserved,) = plan["ReservedCapacitySummaries"]
        there = sagemaker.describe_reserved_capacity(ReservedCapacityArn=reserved["ReservedCapacityArn"])
        assert there["Status"] == "Active" and there["TotalInstanceCount"] == 2
        assert not sagemaker.list_ultra_servers_by_reserved_capacity(ReservedCapacityArn=reserved["ReservedCapacityArn"])["UltraServers"]

        offers = sagemaker.search_training_plan_offerings(TrainingPlanArn=arn)["TrainingPlanExtensionOfferings"]
        assert [o["DurationHours"] for o in offers] == [24, 168] and offers[0]["StartDate"] == plan["EndTime"]
        offer = offers[0]["TrainingPlanExtensionOfferingId"]
        (made,) = sagemaker.extend_training_plan(TrainingPlanExtensionOfferingId=offer)["TrainingPlanExtensions"]
        with refused("ResourceNotFound", offer):
            sagemaker.extend_training_plan(TrainingPlanExtensionOfferingId=offer)
        assert sagemaker.describe_training_plan_extension_history(TrainingPlanArn=arn)["TrainingPlanExtensions"] == [made]
        assert sagemaker.describe_training_plan(TrainingPlanName="plan")["EndTime"] == made["EndDate"]
        sim.advance(48 * 3600)
        assert status() == "Active"
        sim.advance(24 * 3600)
        assert status() == "Expired"
        sim.fault("fail", operation="CreateTrainingPlan", message="The payment was refused", times=1)
        offer = _offers(sagemaker)[0]["TrainingPlanOfferingId"]
        sagemaker.create_training_plan(TrainingPlanName="unpaid", TrainingPlanOfferingId=offer)
        sim.advance(120)
        unpaid = sagemaker.describe_training_plan(TrainingPlanName="unpaid")
        assert (unpaid["Status"], unpaid["StatusMessage"], unpaid["AvailableInstanceCount"]) == ("Failed", "The payment was refused", 0)
        pages = list(sagemaker.get_paginator("list_training_plans").paginate(SortBy="Status", SortOrder="Ascending", PaginationConfig={"PageSize": 1}))
        assert [p["TrainingPlanName"] for page in pages for p in page["TrainingPlanSummaries"]] == ["plan", "unpaid"]
        for kind, count in (("Active", 0), ("Expired", 1)):
            listed = sagemaker.list_training_plans(Filters=[{"Name": "Status", "Value": kind}], SortBy="TrainingPlanName")
            assert len(listed["TrainingPlanSummaries"]) == count


def a_real_training_plan_feeds_its_groups():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        offer, efa = _offers(sagemaker)[0], efa_group(sim.client("ec2"))
        zone = offer["ReservedCapacityOfferings"][0]["AvailabilityZone"]
        arn = sagemaker.create_training_plan(TrainingPlanName="plan", TrainingPlanOfferingId=offer["TrainingPlanOfferingId"])["TrainingPlanArn"]
        subnets = [SUBNET[:-1] + last for last in "89ab"]
        here, elsewhere = subnets["abcd".index(zone[-1])], subnets["abcd".index(zone[-1]) - 1]

        def workers(count, subnet=here, name="workers", kind="ml.p5.48xlarge"):
            network = {"SecurityGroupIds": [efa], "Subnets": [subnet]}
            return group(name, count, kind, TrainingPlanArn=arn, OverrideVpcConfig=network)

        eks_cluster(sagemaker, [workers(3)])
        assert groups_of(sagemaker)["workers"]["TrainingPlanStatus"] == "Pending"
        sim.advance(1200)
        there = groups_of(sagemaker)["workers"]
        assert there["CurrentCount"] == 0 and there["TrainingPlanStatus"] == "Scheduled", "nothing is there before the plan begins"
        sim.advance(2 * 3600)
        there = groups_of(sagemaker)["workers"]
        assert there["CurrentCount"] == 2 and there["TrainingPlanStatus"] == "Active", "the plan has two instances and no more"
        plan = sagemaker.describe_training_plan(TrainingPlanName="plan")
        assert (plan["InUseInstanceCount"], plan["AvailableInstanceCount"]) == (2, 0)
        eks_cluster(sagemaker, [workers(1, elsewhere)], name="d")
        eks_cluster(sagemaker, [workers(1, here, kind="ml.g5.xlarge")], name="e")
        sim.advance(600)
        assert groups_of(sagemaker, "d")["workers"]["CurrentCount"] == 0 and groups_of(sagemaker, "e")["workers"]["CurrentCount"] == 0
        (node,) = nodes_of(sagemaker, "d")
        assert zone in node["InstanceStatus"]["Message"], node
        assert len(sagemaker.list_clusters(TrainingPlanArn=arn)["ClusterSummaries"]) == 3


def ultra_servers_keep_spares():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        offer = sagemaker.search_training_plan_offerings(UltraServerType="ml.u-p6e-gb200x72", UltraServerCount=2, DurationHours=24)["TrainingPlanOfferings"][0]
        assert offer["ReservedCapacityOfferings"][0]["UltraServerCount"] == 2 and offer["ReservedCapacityOfferings"][0]["InstanceCount"] == 36

        def buy(spares):
            return sagemaker.create_training_plan(
                TrainingPlanName="u", TrainingPlanOfferingId=offer["TrainingPlanOfferingId"], SpareInstanceCountPerUltraServer=spares
            )

        with refused("ValidationException", "17"):
            buy(18)
        buy(2)
        sim.advance(3600)
        plan = sagemaker.describe_training_plan(TrainingPlanName="u")
        assert (plan["TotalInstanceCount"], plan["AvailableInstanceCount"], plan["AvailableSpareInstanceCount"]) == (36, 32, 4)
        capacity = plan["ReservedCapacitySummaries"][0]["ReservedCapacityArn"]
        assert sagemaker.describe_reserved_capacity(ReservedCapacityArn=capacity)["UltraServerSummary"]["UltraServerCount"] == 2
        (listed,) = sagemaker.list_training_plans()["TrainingPlanSummaries"]
        assert listed["TotalUltraServerCount"] == 2 and listed["ReservedCapacitySummaries"][0]["UltraServerType"] == "ml.u-p6e-gb200x72"
        page = sagemaker.list_ultra_servers_by_reserved_capacity(ReservedCapacityArn=capacity, MaxResults=1)
        (last,) = sagemaker.list_ultra_servers_by_reserved_capacity(ReservedCapacityArn=capacity, NextToken=page["NextToken"])["UltraServers"]
        assert last["UltraServerId"] != page["UltraServers"][0]["UltraServerId"] and last["ConfiguredSpareInstanceCount"] == 2
        with refused("ValidationException", "must be given"):
            sagemaker.search_training_plan_offerings()
        with refused("ResourceNotFound"):
            sagemaker.describe_reserved_capacity(ReservedCapacityArn=capacity + "x")


def nodes_and_a_reserved_capacity_speak_of_the_same_ultraservers():
    path = temporary_file()
    with Sim("--state", path) as sim:
        sagemaker = sim.client("sagemaker")
        offer = sagemaker.search_training_plan_offerings(UltraServerType="ml.u-p6e-gb200x36", UltraServerCount=2, DurationHours=48)["TrainingPlanOfferings"][0]
        arn = sagemaker.create_training_plan(TrainingPlanName="u", TrainingPlanOfferingId=offer["TrainingPlanOfferingId"])["TrainingPlanArn"]
        sim.advance(3600)
        zone = offer["ReservedCapacityOfferings"][0]["AvailabilityZone"]
        network = {"SecurityGroupIds": [efa_group(sim.client("ec2"))], "Subnets": [SUBNET[:-1] + "89ab"["abcd".index(zone[-1])]]}
        workers = group("workers", 11, "ml.p6e-gb200.36xlarge", TrainingPlanArn=arn, OverrideVpcConfig=network)
        eks_cluster(sagemaker, [workers])
        sim.advance(3600)
        capacity = sagemaker.describe_training_plan(TrainingPlanName="u")["ReservedCapacitySummaries"][0]["ReservedCapacityArn"]

        def servers(sagemaker=sagemaker):
            found = sagemaker.list_ultra_servers_by_reserved_capacity(ReservedCapacityArn=capacity)["UltraServers"]
            return {s["UltraServerId"]: s["InUseInstanceCount"] for s in found}

        def of_nodes(sagemaker=sagemaker):
            used = dict.fromkeys(servers(sagemaker), 0)
            for node in nodes_of(sagemaker):
                used[node["UltraServerInfo"]["Id"]] += 1
                assert node["UltraServerInfo"]["Type"] == "ml.u-p6e-gb200x36"
            return used

        assert servers() == of_nodes() and list(servers().values()) == [8, 3], (servers(), of_nodes())
        first = next(iter(servers()))
        gone = [n["InstanceId"] for n in nodes_of(sagemaker) if n["UltraServerInfo"]["Id"] == first][:2]
        stays = {n["InstanceId"]: n["UltraServerInfo"]["Id"] for n in nodes_of(sagemaker) if n["InstanceId"] not in gone}
        sagemaker.batch_delete_cluster_nodes(ClusterName="c", NodeIds=gone)
        sim.advance(900)
        assert {n["InstanceId"]: n["UltraServerInfo"]["Id"] for n in nodes_of(sagemaker)} == stays, "the others stay where they are"
        assert servers() == of_nodes() and list(servers().values()) == [6, 3]
        sagemaker.update_cluster(ClusterName="c", InstanceGroups=[{**workers, "InstanceCount": 12}])
        sim.advance(3600)
        there = servers()
        assert there == of_nodes() and list(there.values()) == [8, 4], there
    with Sim("--state", path) as sim:
        assert servers(sim.client("sagemaker")) == there == of_nodes(sim.client("sagemaker"))


def bought_plans_survive_a_restart():
    path = temporary_file()
    with Sim("--state", path) as sim:
        sagemaker = sim.client("sagemaker")
        sagemaker.create_training_plan(TrainingPlanName="plan", TrainingPlanOfferingId=_offers(sagemaker)[0]["TrainingPlanOfferingId"])
        sim.advance(7200)
        before = sagemaker.describe_training_plan(TrainingPlanName="plan")
    with Sim("--state", path) as sim:
        after = sim.client("sagemaker").describe_training_plan(TrainingPlanName="plan")
        assert {k: after[k] for k in after if k != "ResponseMetadata"} == {k: before[k] for k in before if k != "ResponseMetadata"}


def nodes_have_addresses_of_ipv6_where_the_subnet_gives_them():
    with Sim() as sim:
        sagemaker, ec2 = sim.client("sagemaker"), sim.client("ec2")
        made = ec2.associate_vpc_cidr_block(VpcId=VPC, AmazonProvidedIpv6CidrBlock=True)["Ipv6CidrBlockAssociation"]
        sim.advance(60)
        (vpc,) = ec2.describe_vpcs(VpcIds=[VPC])["Vpcs"]
        (block,) = (a["Ipv6CidrBlock"] for a in vpc["Ipv6CidrBlockAssociationSet"] if a["AssociationId"] == made["AssociationId"])
        ec2.associate_subnet_cidr_block(SubnetId=SUBNET, Ipv6CidrBlock=block.replace("/56", "/64"))
        ec2.modify_subnet_attribute(SubnetId=SUBNET, AssignIpv6AddressOnCreation={"Value": True})
        sim.advance(60)
        eks_cluster(sagemaker)
        sim.advance(900)
        found = set()
        for node in nodes_of(sagemaker):
            details = sagemaker.describe_cluster_node(ClusterName="c", NodeId=node["InstanceId"])["NodeDetails"]
            found.add(details["PrivatePrimaryIpv6"])
        assert len(found) == 2 and all(address.startswith(block.split("::")[0].rstrip("0:")) for address in found), (found, block)


def an_autoscaler_without_its_role_fails():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        eks_cluster(sagemaker, ClusterRole=ROLE + "-scaler", AutoScaling={"Mode": "Enable"})
        sim.advance(900)

        def scaling():
            return sagemaker.describe_cluster(ClusterName="c")["AutoScaling"]

        assert scaling()["Status"] == "InService" and "FailureMessage" not in scaling()
        sim.condition("missing_permission", role=ROLE + "-scaler", action="sagemaker:BatchAddClusterNodes")
        assert scaling()["Status"] == "Failed" and "sagemaker:BatchAddClusterNodes" in scaling()["FailureMessage"]
        sim.lift("missing_permission")
        sim.condition("missing_role", role=ROLE + "-scaler")
        assert "cannot be assumed" in scaling()["FailureMessage"]
        sim.lift()
        assert scaling()["Status"] == "InService"
