#!/usr/bin/env python3
"""The same calls to hyperpod-sim and to moto_server: clusters, tags, sessions, and what both make of broken requests.

Usage: compare_moto.py [--sim BINARY] [--verbose]

Each difference is listed with who is right and why. Exit: 1 where there is a difference that nobody has explained, or
an explained one is gone; EC2's networks have a comparison of their own.
"""

import argparse
import collections
import contextlib
import fnmatch
import http.client
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import urllib.parse

import boto3
import botocore.config
import botocore.exceptions

import world

ARN = "arn:aws:sagemaker:us-west-2:{account}:cluster/"

# Which difference (a pattern as in a shell), who is right, and why. "The model" is AWS's service model.
EXPLAINED = [
    ("*Cluster absent: sim: ResourceNotFound 400, moto: Valid*", "sim", "the model gives these operations ResourceNotFound"),
    ("ListClusterNodes absent: sim: ResourceNotFound 400, *", "sim", "the model gives it ResourceNotFound"),
    ("DescribeCluster gone: sim: ResourceNotFound 400, moto: Valid*", "sim", "the model gives it ResourceNotFound"),
    ("DescribeClusterNode absent: sim: ResourceNotFound *", "sim", "the model gives it ResourceNotFound"),
    ("DescribeCluster on its way out: sim: success, *", "sim", "a deletion takes minutes, with the status Deleting"),
    ("DescribeCluster at once: ClusterStatus: sim 'Creating', *", "sim", "a creation takes minutes; moto goes straight to InService"),
    ("DescribeCluster at once: InstanceGroups[[][]].CurrentCount: sim 0, moto 2", "sim", "nodes come later; moto has them at once"),
    ("DescribeCluster*: FailureMessage: moto only", "sim", "it is there when something failed; moto gives an empty text"),
    ("DescribeCluster*: NodeRecovery: sim only", "sim", "it was sent; moto forgets it"),
    ("DescribeCluster*: InstanceGroups[[][]].*: sim only", "sim", "members of the model that moto does not know"),
    ("ListClusterNodes*: ClusterNodeSummaries[[][]].*: sim only", "sim", "members of the model that moto does not know"),
    ("ListClusterNodes*: *.InstanceStatus.Message: moto only", "sim", "moto says 'message' of every node; AWS when there is something to say"),
    ("DescribeClusterNode: NodeDetails.*: sim only", "sim", "members of the model that moto does not know"),
    ("DescribeClusterNode: NodeDetails.InstanceStatus.Message: moto only", "sim", "moto says 'message' of every node"),
    ("ListClusters*: ClusterSummaries[[][]].ImageVersionStatus: sim only", "sim", "a member of the model that moto does not know"),
    ("ListClusters by an order that is none: sim: Valid*", "sim", "the model has an enumeration; moto does not look"),
    ("ListClusters of too many: sim: Valid*", "sim", "the model has a limit of 100; moto does not look"),
    ("CreateCluster without a name: sim: Valid*", "sim", "the model requires it; moto makes a cluster without a name"),
    ("CreateCluster with a bad name: sim: Valid*", "sim", "the model has a pattern; moto does not look"),
    ("a member that is none: sim: Valid*", "moto", "AWS ignores unknown members of JSON; the sim refuses a typing error on purpose"),
    ("UpdateCluster: sim: success, moto: 500*", "sim", "moto has no UpdateCluster"),
    ("AddTags: Tags*", "sim", "a key that is there gets the new value; moto has it twice"),
    ("ListTags after: Tags*", "sim", "a key that is there gets the new value; moto has it twice"),
    ("AddTags twice the same: sim: Valid*", "sim", "keys of one call must differ; moto keeps both"),
    ("ListTags of nothing: *", "sim", "moto breaks (AttributeError)"),
    ("AssumeRole: PackedPolicySize: moto only", "sim", "it is there when policies or tags were sent; moto always says 6"),
    ("AssumeRole with tags: PackedPolicySize: *", "neither", "how AWS packs is not published"),
    ("AssumeRole without a name: sim: ValidationError*", "sim", "the model requires it; moto breaks (TypeError)"),
    ("AssumeRole with a bad name: sim: ValidationError*", "sim", "the model has a pattern; moto does not look"),
    ("AssumeRole for a second: sim: ValidationError*", "sim", "the model has a minimum of 900; moto does not look"),
    ("AssumeRole of no role: sim: ValidationError*", "sim", "only roles can be assumed; moto does not look"),
    ("AssumeRoleWithWebIdentity of no token: sim: Invalid*", "sim", "a token that is no JWT is InvalidIdentityToken; moto does not look"),
    ("DecodeAuthorizationMessage: sim: InvalidAuth*", "sim", "moto has no DecodeAuthorizationMessage"),
    ("a signature that is none: *", "sim", "moto does not look at signatures"),
    ("a key that is none: *", "sim", "moto does not look at keys"),
    ("a secret that is wrong: *", "sim", "moto does not look at signatures"),
    ("a session token that is none: *", "sim", "moto does not look at tokens"),
    ("no signature, JSON: *", "sim", "moto does not look at signatures"),
    ("an operation that is none: *", "sim", "moto breaks (OperationNotFoundError)"),
    ("an action that is none: *", "sim", "moto breaks (OperationNotFoundError)"),
    ("a body that is no JSON: *", "sim", "AWS answers SerializationException; moto reads it as an empty request"),
    ("a body that is a list: *", "sim", "AWS answers SerializationException; moto breaks (AttributeError)"),
    ("a number for a name: *", "sim", "AWS answers SerializationException; moto breaks (TypeError)"),
    ("a text for a number: *", "sim", "AWS answers SerializationException; moto breaks (ValueError)"),
]


@contextlib.contextmanager
def moto():
    """A moto_server of our own; gives its address. Its account is set to the sim's."""
    binary = pathlib.Path(sys.executable).with_name("moto_server")
    environment = {**os.environ, "MOTO_ACCOUNT_ID": "111122223333"}
    process = subprocess.Popen(
        [str(binary), "-H", "127.0.0.1", "-p", "0"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        for line in process.stdout:
            found = re.search(r"http://127[0-9.:]*", line)
            if found:
                break
        else:
            raise SystemExit("moto_server did not start")
        threading.Thread(target=lambda: [None for _ in process.stdout], daemon=True).start()  # it logs each call
        yield found.group(0)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


class Side:
    """One of the two: clients for it, and what a story remembers on the way."""

    def __init__(self, name, url, advance):
        self.name, self.url, self.advance, self.memory = name, url, advance, {}

    def client(self, service, key=world.KEY, secret=world.SECRET, token=None):
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-west-2",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=botocore.config.Config(retries={"total_max_attempts": 1}, parameter_validation=False, read_timeout=20),
        )

    def raw(self, headers, body=b"", method="POST"):
        """A request without a signature, as it is: its status and the error code of its answer."""
        connection = http.client.HTTPConnection(urllib.parse.urlparse(self.url).netloc, timeout=20)
        connection.request(method, "/", body, headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        connection.close()
        code = re.search(r'"__type": ?"([^"]*)"|<Code>([^<]*)</Code>', text)
        return {"status": answer.status, "code": (code.group(1) or code.group(2)) if code else None}


def group(**more):
    """moto breaks on a group without ThreadsPerCore."""
    return world.group("workers", 2, **{"ThreadsPerCore": 1, **more})


def clusters(side):
    """The life of a cluster: name of the step, what it does."""
    sagemaker = side.client("sagemaker")

    def create(**more):
        return sagemaker.create_cluster(**{"ClusterName": "demo", "InstanceGroups": [group()], **more})

    def arn():
        side.memory["arn"] = sagemaker.describe_cluster(ClusterName="demo")["ClusterArn"]
        return side.memory["arn"]

    def node():
        return sagemaker.list_cluster_nodes(ClusterName="demo")["ClusterNodeSummaries"][0]["InstanceId"]

    yield "ListClusters of none", lambda: sagemaker.list_clusters()
    yield "DescribeCluster absent", lambda: sagemaker.describe_cluster(ClusterName="absent")
    yield "DeleteCluster absent", lambda: sagemaker.delete_cluster(ClusterName="absent")
    yield "ListClusterNodes absent", lambda: sagemaker.list_cluster_nodes(ClusterName="absent")
    yield "CreateCluster", lambda: create(Tags=[{"Key": "a", "Value": "b"}], NodeRecovery="Automatic", VpcConfig=world.network(world.DEFAULT_GROUP))
    yield "CreateCluster again", create
    yield "DescribeCluster at once", lambda: sagemaker.describe_cluster(ClusterName="demo")
    side.advance(1200)
    yield "DescribeCluster", lambda: sagemaker.describe_cluster(ClusterName="demo")
    yield "DescribeCluster by ARN", lambda: sagemaker.describe_cluster(ClusterName=arn())
    yield "ListClusters", lambda: sagemaker.list_clusters()
    yield "ListClusters by name", lambda: sagemaker.list_clusters(NameContains="dem", SortBy="NAME", SortOrder="Ascending")
    yield "ListClusters of another name", lambda: sagemaker.list_clusters(NameContains="other")
    yield "ListClusters by an order that is none", lambda: sagemaker.list_clusters(SortBy="SIZE")
    yield "ListClusters of too many", lambda: sagemaker.list_clusters(MaxResults=1000)
    yield "ListClusterNodes", lambda: sagemaker.list_cluster_nodes(ClusterName="demo")
    yield "ListClusterNodes of a group", lambda: sagemaker.list_cluster_nodes(ClusterName="demo", InstanceGroupNameContains="work")
    yield "ListClusterNodes, a page", lambda: sagemaker.list_cluster_nodes(ClusterName="demo", MaxResults=1)
    yield "DescribeClusterNode", lambda: sagemaker.describe_cluster_node(ClusterName="demo", NodeId=node())
    yield "DescribeClusterNode absent", lambda: sagemaker.describe_cluster_node(ClusterName="demo", NodeId="i-00000000000000000")
    yield "DescribeClusterNode of no id", lambda: sagemaker.describe_cluster_node(ClusterName="demo", NodeId="nobody")
    yield "ListTags", lambda: sagemaker.list_tags(ResourceArn=arn())
    yield "AddTags", lambda: sagemaker.add_tags(ResourceArn=arn(), Tags=[{"Key": "a", "Value": "c"}, {"Key": "d", "Value": ""}])
    yield "AddTags twice the same", lambda: sagemaker.add_tags(ResourceArn=arn(), Tags=[{"Key": "x", "Value": "1"}, {"Key": "x", "Value": "2"}])
    yield "ListTags after", lambda: sagemaker.list_tags(ResourceArn=arn())
    yield "DeleteTags", lambda: sagemaker.delete_tags(ResourceArn=arn(), TagKeys=["a", "none"])
    yield "ListTags of nothing", lambda: sagemaker.list_tags(ResourceArn=ARN.format(account="111122223333") + "abcdefghijkl")
    yield "UpdateCluster", lambda: sagemaker.update_cluster(ClusterName="demo", InstanceGroups=[group()])
    side.advance(1200)
    yield "DeleteCluster", lambda: sagemaker.delete_cluster(ClusterName="demo")
    yield "DescribeCluster on its way out", lambda: sagemaker.describe_cluster(ClusterName="demo")
    side.advance(1200)
    yield "DescribeCluster gone", lambda: sagemaker.describe_cluster(ClusterName="demo")
    yield "CreateCluster without a name", lambda: sagemaker.create_cluster(InstanceGroups=[group()])
    yield "CreateCluster with a bad name", lambda: create(ClusterName="bad_name")
    yield "CreateCluster of a type that is none", lambda: create(InstanceGroups=[group(InstanceType="ml.none")])


def sessions(side):
    sts = side.client("sts")
    role = world.ROLE

    def by(answer):
        keys = answer["Credentials"]
        other = side.client("sts", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        return other.get_caller_identity()

    yield "GetCallerIdentity", lambda: sts.get_caller_identity()
    yield "AssumeRole", lambda: sts.assume_role(RoleArn=role, RoleSessionName="me")
    yield "GetCallerIdentity of a session", lambda: by(sts.assume_role(RoleArn=role, RoleSessionName="me"))
    yield "AssumeRole without a name", lambda: sts.assume_role(RoleArn=role)
    yield "AssumeRole with a bad name", lambda: sts.assume_role(RoleArn=role, RoleSessionName="a b")
    yield "AssumeRole for a second", lambda: sts.assume_role(RoleArn=role, RoleSessionName="me", DurationSeconds=1)
    yield "AssumeRole of no role", lambda: sts.assume_role(RoleArn="arn:aws:iam::111122223333:user/x", RoleSessionName="me")
    yield "AssumeRole with tags", lambda: sts.assume_role(RoleArn=role, RoleSessionName="me", Tags=[{"Key": "k", "Value": "v"}])
    yield "AssumeRoleWithWebIdentity of no token", lambda: sts.assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="me", WebIdentityToken="nonsense"
    )
    yield "GetSessionToken", lambda: sts.get_session_token()
    yield "GetFederationToken", lambda: sts.get_federation_token(Name="bob")
    yield "GetAccessKeyInfo", lambda: sts.get_access_key_info(AccessKeyId="AKIAIOSFODNN7EXAMPLE")
    yield "DecodeAuthorizationMessage", lambda: sts.decode_authorization_message(EncodedMessage="x")


def frame(side):
    """What both make of requests that no client sends."""
    scope = "AWS4-HMAC-SHA256 Credential={}/20260101/us-west-2/{}/aws4_request, SignedHeaders=host, Signature=00"
    json_headers = {"Content-Type": "application/x-amz-json-1.1"}
    target = {**json_headers, "X-Amz-Target": "SageMaker.ListClusters"}

    yield "a signature that is none", lambda: side.raw({**target, "Authorization": scope.format(world.KEY, "sagemaker")}, b"{}")
    yield "a key that is none", lambda: side.client("sagemaker", key="AKIANOBODY").list_clusters()
    yield "a secret that is wrong", lambda: side.client("sagemaker", secret="wrong").list_clusters()
    yield "a session token that is none", lambda: side.client("sagemaker", token="none").list_clusters()
    yield "no signature, JSON", lambda: side.raw(target, b"{}")
    other, sts = side.client("sagemaker"), side.client("sts")
    other.meta.events.register("before-call", lambda params, **_: params["headers"].update({"X-Amz-Target": "SageMaker.Nothing"}))
    sts.meta.events.register("before-call", lambda params, **_: params["body"].update(Action="Nothing"))
    yield "an operation that is none", lambda: other.list_clusters()
    yield "an action that is none", lambda: sts.get_caller_identity()
    sagemaker = side.client("sagemaker")
    sagemaker.meta.events.register("before-call", lambda params, **_: params.update(body=side.memory["body"]))
    for name, body in (
        ("a body that is no JSON", b"{"),
        ("a body that is a list", b"[]"),
        ("a member that is none", b'{"Colour": "red"}'),
        ("a number for a name", b'{"NameContains": 5}'),
        ("a text for a number", b'{"MaxResults": "many"}'),
    ):
        def call(body=body):
            side.memory["body"] = body
            return sagemaker.list_clusters()

        yield name, call


def outcome(call):
    """Of a call: {"error": code, "status": n} or {"member": value}, with what must differ made the same."""
    try:
        answer = call()
    except botocore.exceptions.ClientError as error:
        return {"error": error.response["Error"].get("Code"), "status": error.response["ResponseMetadata"]["HTTPStatusCode"]}
    except Exception as error:
        return {"error": type(error).__name__}
    answer.pop("ResponseMetadata", None)
    return dict(flat(answer, ""))


VOLATILE = ("Time", "Arn", "InstanceId", "SecretAccessKey", "SessionToken", "AccessKeyId", "Expiration", "AssumedRoleId", "UserId", "NextToken", "PrivateDnsHostname", "PrivatePrimaryIp", "NodeLogicalId", "AvailabilityZone")


def flat(value, path):
    """Members with their values; those that are another one each time by their kind only."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from flat(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        yield path + " (count)", len(value)
        for element in value[:1]:
            yield from flat(element, path + "[]")
    elif path.rsplit(".", 1)[-1].endswith(VOLATILE):
        yield path, f"({type(value).__name__})"
    else:
        yield path, value


def differences(sim, moto_outcome):
    if "error" in sim or "error" in moto_outcome or "status" in sim:
        show = lambda o: str(o.get("error") or o.get("code") or "success") + (f" {o['status']}" if o.get("status") else "")
        if show(sim) != show(moto_outcome):
            yield f"sim: {show(sim)}, moto: {show(moto_outcome)}"
        return
    for member in sorted({*sim, *moto_outcome}):
        if member not in moto_outcome:
            yield f"{member}: sim only"
        elif member not in sim:
            yield f"{member}: moto only"
        elif sim[member] != moto_outcome[member]:
            yield f"{member}: sim {sim[member]!r}, moto {moto_outcome[member]!r}"


def explanation(line, used):
    for row in EXPLAINED:
        if fnmatch.fnmatchcase(line, row[0]):
            used.add(row[0])
            return row
    return None


def compare(left, right, has):
    """Each step's name and the differences of the two; None where the sim lacks the operation."""
    for story in (clusters, sessions, frame):
        for (name, first), (_, second) in zip(story(left), story(right)):
            operation = name.split(" ")[0].strip(",")
            if story is not frame and not has(operation):
                yield name, None
            else:
                yield name, [f"{name}: {line}" for line in differences(outcome(first), outcome(second))]


def main():
    parser = argparse.ArgumentParser()
    root = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument("--sim", default=os.path.join(os.environ.get("HP_BIN", root / "build/dev/bin"), "hyperpod-sim"))
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    world.binary = arguments.sim
    with world.Sim() as running, moto() as url:
        tables = running.control("GET", "operations")
        left, right = Side("sim", running.url, running.advance), Side("moto", url, lambda seconds: None)
        steps = dict(compare(left, right, lambda operation: any(operation in table for table in tables.values())))
    used, right_ones, failed = set(), collections.Counter(), set()
    for name, lines in steps.items():
        for line in lines or []:
            row = explanation(line, used)
            if row is None:
                failed.add(name)
                print(f"not ok - nobody explained {line}")
            else:
                right_ones[row[1]] += 1
                if arguments.verbose:
                    print(f"{line}\n    {row[1]} is right: {row[2]}")
    gone = [pattern for pattern, _, _ in EXPLAINED if pattern not in used]
    for pattern in gone:
        print(f"not ok - explained, but no difference any more: {pattern}")
    absent = [name for name, lines in steps.items() if lines is None]
    alike = sum(lines == [] for lines in steps.values())
    print(f"{len(steps)} calls: {alike} answered alike, {len(absent)} not in hyperpod-sim ({', '.join(absent) or 'none'})")
    print("differences: " + ", ".join(f"{count} where {who} is right" for who, count in right_ones.items()))
    print(f"{len(steps) - len(absent) - len(failed)} passed, {len(failed) + len(gone)} failed")
    return 1 if failed or gone else 0


if __name__ == "__main__":
    sys.exit(main())
