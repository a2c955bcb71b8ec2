"""The AWS CLI as a person types it."""

import contextlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

import botocore

import world
from world import Sim

AWS = pathlib.Path(sys.executable).with_name("aws")
GROUP = "InstanceGroupName={name},InstanceType=ml.c5.large,InstanceCount={count},ExecutionRole=" + world.ROLE
SCRIPT = ",LifeCycleConfig={{SourceS3Uri=s3://sagemaker-x/lc,OnCreate=on_create.sh}}"


def _group(name="workers", count=2):
    return (GROUP + SCRIPT).format(name=name, count=count)


class _Shell:
    """A shell with an AWS account in its environment, and nothing of the user's own."""

    def __init__(self, sim):
        self.sim, self.folder = sim, tempfile.TemporaryDirectory()
        keep = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        # The CLI brings models of its own, which are older than the installed botocore's.
        data = os.path.join(os.path.dirname(botocore.__file__), "data")
        self.environment = {
            **keep,
            "HOME": self.folder.name,  # sessions are kept in ~/.aws/cli/cache
            "AWS_ENDPOINT_URL": sim.url,
            "AWS_ACCESS_KEY_ID": world.KEY,
            "AWS_SECRET_ACCESS_KEY": world.SECRET,
            "AWS_REGION": "us-west-2",
            "AWS_DEFAULT_REGION": "us-west-2",  # the name that version 1 of the CLI knows
            "AWS_CONFIG_FILE": os.path.join(self.folder.name, "config"),
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_DATA_PATH": data,
            "AWS_PAGER": "",
            "NO_PROXY": "127.0.0.1",
        }

    def run(self, line):
        """Types the line; gives status, stdout and stderr."""
        done = subprocess.run(
            [str(AWS), *shlex.split(line)[1:]], env=self.environment, cwd=self.folder.name, capture_output=True, text=True, timeout=120
        )
        return done.returncode, done.stdout, done.stderr

    def __call__(self, line):
        """Types the line, which must succeed; gives what it printed, read as JSON where it is."""
        status, out, err = self.run(line)
        assert status == 0, f"{line}\n{out}\n{err}"
        return json.loads(out) if out.lstrip().startswith(("{", "[")) else out.strip()

    def refused(self, line, *words):
        status, out, err = self.run(line)
        assert status in (254, 255), (line, status, out, err)
        for word in words:
            assert word in err, (line, word, err)

    def has(self, operation):
        return operation in self.sim.control("GET", "operations")["sagemaker"]


@contextlib.contextmanager
def _shell(*options):
    with Sim(*options) as sim:
        yield _Shell(sim)


def who_am_i():
    with _shell() as aws:
        assert aws("aws sts get-caller-identity --query Account --output text") == "111122223333"
        session = aws(f"aws sts assume-role --role-arn {world.ROLE} --role-session-name me")
        assert session["AssumedRoleUser"]["Arn"].endswith("assumed-role/hp/me")


def a_cluster_from_its_creation_to_its_end():
    with _shell() as aws:
        made = aws(f"aws sagemaker create-cluster --cluster-name demo --instance-groups {_group()} --tags Key=team,Value=ml")
        arn = made["ClusterArn"]
        seen = aws("aws sagemaker describe-cluster --cluster-name demo")
        assert seen["ClusterStatus"] == "Creating" and seen["ClusterArn"] == arn
        aws.sim.advance(900)
        assert aws(f"aws sagemaker describe-cluster --cluster-name {arn} --query ClusterStatus --output text") == "InService"
        nodes = aws("aws sagemaker list-cluster-nodes --cluster-name demo --query ClusterNodeSummaries[].InstanceId")
        assert len(nodes) == 2 and all(node.startswith("i-") for node in nodes)
        node = aws(f"aws sagemaker describe-cluster-node --cluster-name demo --node-id {nodes[0]}")["NodeDetails"]
        assert node["InstanceStatus"]["Status"] == "Running"
        aws(f"aws sagemaker update-cluster --cluster-name demo --instance-groups {_group(count=3)}")
        assert aws("aws sagemaker describe-cluster --cluster-name demo --query ClusterStatus --output text") == "Updating"
        aws.sim.advance(900)
        counts = aws("aws sagemaker describe-cluster --cluster-name demo --query InstanceGroups[0].[CurrentCount,TargetCount]")
        assert counts == [3, 3]
        assert aws(f"aws sagemaker list-tags --resource-arn {arn} --query Tags") == [{"Key": "team", "Value": "ml"}]
        aws("aws sagemaker delete-cluster --cluster-name demo")
        aws.sim.advance(900)
        aws.refused("aws sagemaker describe-cluster --cluster-name demo", "ResourceNotFound", "demo")
        assert aws("aws sagemaker list-clusters")["ClusterSummaries"] == []


def a_cluster_from_a_file_of_json():
    request = {
        "ClusterName": "from-file",
        "Orchestrator": world.EKS,
        "NodeProvisioningMode": "Continuous",
        "VpcConfig": world.network(world.DEFAULT_GROUP),
        "InstanceGroups": [world.group("a", 1), world.group("b", 2)],
    }
    with _shell() as aws:
        with open(os.path.join(aws.folder.name, "cluster.json"), "w") as file:
            json.dump(request, file)
        aws("aws sagemaker create-cluster --cli-input-json file://cluster.json")
        aws.sim.advance(3600)
        table = aws("aws sagemaker describe-cluster --cluster-name from-file --output table")
        assert "InService" in table and "|" in table
        text = aws("aws sagemaker list-cluster-nodes --cluster-name from-file --query ClusterNodeSummaries[].InstanceGroupName --output text")
        assert sorted(text.split()) == ["a", "b", "b"]
        skeleton = aws("aws sagemaker create-cluster --generate-cli-skeleton")
        assert "InstanceGroups" in skeleton


def nodes_are_taken_away_one_by_one():
    with _shell() as aws:
        if not aws.has("BatchDeleteClusterNodes"):
            return
        aws(f"aws sagemaker create-cluster --cluster-name demo --instance-groups {_group('head', 1)} {_group('workers', 3)}")
        aws.sim.advance(900)
        query = "ClusterNodeSummaries[?InstanceGroupName==`workers`].InstanceId"
        nodes = aws(f"aws sagemaker list-cluster-nodes --cluster-name demo --query '{query}'")
        answer = aws(f"aws sagemaker batch-delete-cluster-nodes --cluster-name demo --node-ids {nodes[0]}")
        assert answer["Successful"] == [nodes[0]] and not answer.get("Failed")
        aws.sim.advance(3600)
        left = aws(f"aws sagemaker list-cluster-nodes --cluster-name demo --query '{query}'")
        assert sorted(left) == sorted(nodes[1:])
        answer = aws("aws sagemaker batch-delete-cluster-nodes --cluster-name demo --node-ids i-0123456789abcdef0")
        assert answer["Failed"][0]["Code"] == "NodeIdNotFound", answer


def software_is_updated_and_events_are_listed():
    with _shell() as aws:
        aws(
            "aws sagemaker create-cluster --cluster-name demo --node-provisioning-mode Continuous"
            f" --orchestrator Eks={{ClusterArn={world.EKS['Eks']['ClusterArn']}}}"
            f" --vpc-config SecurityGroupIds={world.DEFAULT_GROUP},Subnets={world.SUBNET} --instance-groups {_group()}"
        )
        aws.sim.advance(3600)
        if aws.has("ListClusterEvents"):
            events = aws("aws sagemaker list-cluster-events --cluster-name demo")["Events"]
            assert events and all(event["ClusterName"] == "demo" for event in events)
            one = aws(f"aws sagemaker describe-cluster-event --cluster-name demo --event-id {events[0]['EventId']}")
            assert one["EventDetails"]["EventId"] == events[0]["EventId"]
        if aws.has("UpdateClusterSoftware"):
            assert aws("aws sagemaker update-cluster-software --cluster-name demo")["ClusterArn"]
            aws.sim.advance(4 * 3600)
            assert world.status(aws.sim.client("sagemaker"), "demo") == "InService"


def lists_come_in_pages():
    with _shell() as aws:
        for number in range(7):
            aws.sim.client("sagemaker").create_cluster(ClusterName=f"c{number}", InstanceGroups=[world.group(count=1)])
        names = aws("aws sagemaker list-clusters --sort-by NAME --page-size 3 --query ClusterSummaries[].ClusterName")
        assert names == [f"c{number}" for number in range(7)]
        page = aws("aws sagemaker list-clusters --sort-by NAME --max-items 2")
        assert len(page["ClusterSummaries"]) == 2 and page["NextToken"]
        rest = aws(f"aws sagemaker list-clusters --sort-by NAME --starting-token {page['NextToken']}")
        assert len(rest["ClusterSummaries"]) == 5
        named = aws("aws sagemaker list-clusters --name-contains 3 --query ClusterSummaries[].ClusterName --output text")
        assert named == "c3"


def what_is_wrong_is_said_in_aws_s_words():
    with _shell() as aws:
        aws.refused("aws sagemaker describe-cluster --cluster-name absent", "An error occurred (ResourceNotFound)", "DescribeCluster")
        aws.refused(f"aws sagemaker create-cluster --cluster-name bad_name --instance-groups {_group()}", "(ValidationException)", "clusterName")
        aws(f"aws sagemaker create-cluster --cluster-name demo --instance-groups {_group()}")
        aws.refused(f"aws sagemaker create-cluster --cluster-name demo --instance-groups {_group()}", "(ResourceInUse)")
        aws.refused("aws ec2 describe-vpcs --vpc-ids vpc-00000000", "(InvalidVpcID.NotFound)")
        aws.environment["AWS_SECRET_ACCESS_KEY"] = "wrong"
        aws.refused("aws sagemaker list-clusters", "(InvalidSignatureException)")
        aws.refused("aws ec2 describe-vpcs", "(AuthFailure)")
        aws.refused("aws sts get-caller-identity", "(SignatureDoesNotMatch)")


def a_security_group_for_efa():
    with _shell() as aws:
        gid = aws(f"aws ec2 create-security-group --group-name efa --description EFA --vpc-id {world.VPC} --query GroupId --output text")
        for way in ("ingress", "egress"):
            aws(f"aws ec2 authorize-security-group-{way} --group-id {gid} --ip-permissions IpProtocol=-1,UserIdGroupPairs=[{{GroupId={gid}}}]")
        rules = aws(f"aws ec2 describe-security-group-rules --filters Name=group-id,Values={gid} --query SecurityGroupRules[].ReferencedGroupInfo.GroupId")
        assert rules.count(gid) == 2
        aws.refused(f"aws ec2 create-security-group --group-name efa --description EFA --vpc-id {world.VPC}", "(InvalidGroup.Duplicate)")
        aws(f"aws ec2 delete-security-group --group-id {gid}")
        aws.refused(f"aws ec2 describe-security-groups --group-ids {gid}", "(InvalidGroup.NotFound)")


def waiters_of_the_cli_end():
    with _shell() as aws:
        block = aws("aws ec2 create-vpc --cidr-block 10.9.0.0/16 --query Vpc.VpcId --output text")
        aws(f"aws ec2 wait vpc-available --vpc-ids {block}")
        aws(f"aws ec2 wait vpc-exists --vpc-ids {block}")
        subnet = aws(f"aws ec2 create-subnet --vpc-id {block} --cidr-block 10.9.0.0/24 --query Subnet.SubnetId --output text")
        aws(f"aws ec2 wait subnet-available --subnet-ids {subnet}")


def a_profile_that_assumes_a_role_works():
    with _shell() as aws:
        with open(aws.environment["AWS_CONFIG_FILE"], "w") as file:
            file.write(
                "[profile work]\nregion = eu-west-1\nrole_arn = " + world.ROLE + "\ncredential_source = Environment\n"
            )
        arn = aws("aws sts get-caller-identity --profile work --query Arn --output text")
        assert ":assumed-role/hp/" in arn, arn
        assert [call["operation"] for call in aws.sim.calls()] == ["AssumeRole", "GetCallerIdentity"]
