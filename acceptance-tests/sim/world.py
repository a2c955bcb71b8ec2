"""A hyperpod-sim of one's own for each test, and boto3 clients for it."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request

import boto3
import botocore.config
import botocore.exceptions

KEY, SECRET = "AKIASIMULATEDACCOUNT", "simulated-secret"
VPC, SUBNET, DEFAULT_GROUP = "vpc-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60718", "sg-0a1b2c3d4e5f60718"
ROLE = "arn:aws:iam::111122223333:role/hp"
EKS = {"Eks": {"ClusterArn": "arn:aws:eks:us-west-2:111122223333:cluster/sim"}}

binary = "build/dev/bin/hyperpod-sim"
# With AWS's models (a folder as for --models) each call and answer is held against them; with a folder for records,
# what the calls of the tests sent and got is written there (compare_models.py).
models, records = os.environ.get("HP_SIM_MODELS"), os.environ.get("HP_SIM_RECORDS")


def _paths(value, path=""):
    """The members of a value: "InstanceGroups[].InstanceCount"."""
    if isinstance(value, dict):
        for name, member in value.items():
            here = f"{path}.{name}" if path else name
            yield here
            yield from _paths(member, here)
    elif isinstance(value, (list, tuple)):
        for element in value:
            yield from _paths(element, path + "[]")


def _record(side):
    def write(model, **more):
        value = more["params"] if side == "sent" else more["parsed"]
        if side == "got" and ("Error" in value or more["http_response"].status_code >= 300):
            return
        line = [model.service_model.service_name, model.name, side, sorted(set(_paths(value)) - {"ResponseMetadata"})]
        with open(os.path.join(records, f"{os.getpid()}.jsonl"), "a") as file:
            file.write(json.dumps(line) + "\n")

    return write


class Sim:
    """A running hyperpod-sim; time stands still unless a test moves it."""

    def __init__(self, *options):
        self.by_models = bool(models) and "--models" not in options
        options = ("--models", models, "--quiet", *options) if self.by_models else options
        command = [binary, "--port", "0", "--time-scale", "0", "--seed", "7", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        ready = self.process.stdout.readline().split()
        assert ready and ready[0] == "ready", f"no ready line: {ready}"
        self.url = ready[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            if self.by_models and self.process.returncode is None:
                self.agrees_with_models()
            assert self.end() == 0, "the sim did not end cleanly"
        self.process.stdout.close()

    def end(self, with_signal=signal.SIGTERM):
        self.process.send_signal(with_signal)
        return self.process.wait(timeout=20)

    def client(self, service, secret=SECRET, key=KEY, token=None, attempts=1, region="us-west-2", **config):
        client = boto3.client(
            service,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=botocore.config.Config(
                retries={"total_max_attempts": attempts, "mode": "standard"}, connect_timeout=5, read_timeout=20, **config
            ),
        )
        if records:
            client.meta.events.register(f"provide-client-params.{service}", lambda params, model, **_: _record("sent")(model, params=params))
            client.meta.events.register(f"after-call.{service}", _record("got"))
        return client

    def agrees_with_models(self):
        found = self.control("GET", "models")
        wrong = found["differences"] + found["answers"]
        assert not wrong, "not as in AWS's models:\n" + "\n".join(wrong)

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def advance(self, seconds):
        return self.control("POST", "clock", {"advance_seconds": seconds})

    def fault(self, kind, **members):
        self.control("POST", "faults", {"kind": kind, **members})

    def condition(self, kind, **members):
        """The world is short of something, or something is broken, from now on."""
        self.control("POST", "conditions", {"kind": kind, **members})

    def lift(self, kind=None):
        """The conditions of that kind are over; without a kind all are."""
        self.control("DELETE", "conditions", {"kind": kind} if kind else None)

    def log(self, name="c"):
        """What the cluster of that name has written to CloudWatch: {stream: [line]}."""
        streams = {}
        for region in self.control("GET", "state")["regions"]:
            for logs in region["logs"]:
                if f"/aws/sagemaker/Clusters/{name}/" in logs["name"]:
                    for line in logs["lines"]:
                        streams.setdefault(line["stream"], []).extend([line["text"]] if "text" in line else [])
        return streams

    def calls(self):
        return self.control("GET", "calls")


@contextlib.contextmanager
def refused(code, *words, status=None):
    """The block must end with this error of AWS, and its message must hold the words."""
    try:
        yield
    except botocore.exceptions.ClientError as error:
        got = error.response["Error"]
        assert got["Code"] == code, f"{got['Code']}: {got['Message']} instead of {code}"
        for word in words:
            assert word in got["Message"], f"{word!r} is not in {got['Message']!r}"
        if status is not None:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status, error.response
        assert error.response["ResponseMetadata"].get("RequestId"), "no request id"
        return
    raise AssertionError(f"no {code}")


def group(name="workers", count=2, instance_type="ml.c5.large", **more):
    return {
        "InstanceGroupName": name,
        "InstanceType": instance_type,
        "InstanceCount": count,
        "ExecutionRole": ROLE,
        "LifeCycleConfig": {"SourceS3Uri": "s3://sagemaker-x/lc", "OnCreate": "on_create.sh"},
        **more,
    }


def efa_group(ec2, name="efa"):
    """A security group with both self rules."""
    gid = ec2.create_security_group(GroupName=name, Description="EFA", VpcId=VPC)["GroupId"]
    rule = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": gid}]}]
    ec2.authorize_security_group_ingress(GroupId=gid, IpPermissions=rule)
    ec2.authorize_security_group_egress(GroupId=gid, IpPermissions=rule)
    return gid


def network(*groups):
    return {"SecurityGroupIds": list(groups), "Subnets": [SUBNET]}


def controller(name="ctl", count=1, **more):
    return group(name, count, SlurmConfig={"NodeType": "Controller"}, **more)


def compute(name="workers", count=2, **more):
    return group(name, count, SlurmConfig={"NodeType": "Compute", "PartitionNames": ["dev"]}, **more)


def eks_cluster(sagemaker, groups=None, name="c", **more):
    """A continuous cluster with EKS."""
    members = {"VpcConfig": network(DEFAULT_GROUP), "Orchestrator": EKS, "NodeProvisioningMode": "Continuous", **more}
    return sagemaker.create_cluster(ClusterName=name, InstanceGroups=groups or [group()], **members)["ClusterArn"]


def slurm_cluster(sagemaker, groups=None, name="c", **more):
    """A continuous cluster with Slurm."""
    members = {"Orchestrator": {"Slurm": {}}, "NodeProvisioningMode": "Continuous", **more}
    groups = groups or [controller(), compute()]
    return sagemaker.create_cluster(ClusterName=name, InstanceGroups=groups, **members)["ClusterArn"]


def groups_of(sagemaker, name="c"):
    cluster = sagemaker.describe_cluster(ClusterName=name)
    return {g["InstanceGroupName"]: g for g in cluster["InstanceGroups"]}


def nodes_of(sagemaker, name="c", **how):
    pages = sagemaker.get_paginator("list_cluster_nodes").paginate(ClusterName=name, IncludeNodeLogicalIds=True, **how)
    return [node for page in pages for node in page["ClusterNodeSummaries"]]


def statuses(sagemaker, name="c", **how):
    return sorted(node["InstanceStatus"]["Status"] for node in nodes_of(sagemaker, name, **how))


def events_of(sagemaker, name="c", **how):
    """All events with their details, oldest first."""
    pages = sagemaker.get_paginator("list_cluster_events").paginate(ClusterName=name, SortOrder="Ascending", **how)
    ids = [event["EventId"] for page in pages for event in page["Events"]]
    return [sagemaker.describe_cluster_event(ClusterName=name, EventId=i)["EventDetails"] for i in ids]


def status(sagemaker, name="c"):
    return sagemaker.describe_cluster(ClusterName=name)["ClusterStatus"]


def temporary_file():
    handle, path = tempfile.mkstemp(prefix="hyperpod-sim-")
    os.close(handle)
    os.unlink(path)
    return path
