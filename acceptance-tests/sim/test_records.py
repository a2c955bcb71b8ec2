"""What SageMaker keeps beside clusters: extensions, attachments, scheduler configurations, compute quotas, training plans."""

import json

from world import DEFAULT_GROUP, SUBNET, Sim, eks_cluster, group, groups_of, nodes_of, refused, slurm_cluster, temporary_file

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
