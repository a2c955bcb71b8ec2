"""The server itself: signatures, connections, exit codes, state."""

import concurrent.futures
import http.client
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.exceptions

import world
from world import Sim, refused

SERVICES = {
    "sts": (lambda c: c.get_caller_identity(), "SignatureDoesNotMatch", "InvalidClientTokenId", "ExpiredToken"),
    "ec2": (lambda c: c.describe_vpcs(), "AuthFailure", "AuthFailure", "RequestExpired"),
    "sagemaker": (
        lambda c: c.list_clusters(),
        "InvalidSignatureException",
        "UnrecognizedClientException",
        "ExpiredTokenException",
    ),
}


def the_caller_is_the_simulated_user():
    with Sim() as sim:
        identity = sim.client("sts").get_caller_identity()
        assert identity["Account"] == "111122223333"
        assert identity["Arn"] == "arn:aws:iam::111122223333:user/simulated"
        china = sim.client("sts", region="cn-north-1").get_caller_identity()
        assert china["Arn"].startswith("arn:aws-cn:iam::")


def a_wrong_secret_is_refused_in_each_service_s_words():
    with Sim() as sim:
        for service, (call, mismatch, _, _) in SERVICES.items():
            with refused(mismatch):
                call(sim.client(service, secret="wrong"))


def an_unknown_key_is_refused():
    with Sim() as sim:
        for service, (call, _, unknown, _) in SERVICES.items():
            with refused(unknown):
                call(sim.client(service, key="AKIANOBODY"))


def a_session_token_must_be_known_and_not_expired():
    with Sim() as sim:
        session = {"access_key": "ASIAONE", "secret_key": "s", "session_token": "t+/="}
        sim.control("POST", "credentials", session)
        sim.control("POST", "credentials", {**session, "access_key": "ASIAOLD", "valid_seconds": -1})
        for service, (call, _, unknown, expired) in SERVICES.items():
            call(sim.client(service, key="ASIAONE", secret="s", token="t+/="))
            with refused(unknown):
                call(sim.client(service, key="ASIAONE", secret="s", token="another"))
            with refused(expired):
                call(sim.client(service, key="ASIAOLD", secret="s", token="t+/="))


def _signed(sim, body, headers, age=0, service="sagemaker", path="/"):
    """Signed by botocore as of `age` seconds ago."""
    request = botocore.awsrequest.AWSRequest(method="POST", url=sim.url + path, data=body, headers=headers)
    signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials(world.KEY, world.SECRET), service, "us-west-2")
    real = botocore.auth.get_current_datetime
    import datetime

    botocore.auth.get_current_datetime = lambda *a, **k: real(*a, **k) - datetime.timedelta(seconds=age)
    try:
        signer.add_auth(request)
    finally:
        botocore.auth.get_current_datetime = real
    return request.prepare()


def _send(sim, request, body=None, path="/"):
    connection = http.client.HTTPConnection(urllib.parse.urlparse(sim.url).netloc, timeout=10)
    headers = {k: v if isinstance(v, str) else v.decode() for k, v in request.headers.items()}
    connection.request("POST", path, request.body if body is None else body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.getheader("x-amzn-ErrorType"), text


LIST = {"X-Amz-Target": "SageMaker.ListClusters", "Content-Type": "application/x-amz-json-1.1"}


def a_signature_ages_after_five_minutes_and_may_not_come_from_the_future():
    with Sim() as sim:
        assert _send(sim, _signed(sim, b"{}", LIST))[0] == 200
        assert _send(sim, _signed(sim, b"{}", LIST, age=250))[0] == 200
        assert _send(sim, _signed(sim, b"{}", LIST, age=-250))[0] == 200
        status, kind, text = _send(sim, _signed(sim, b"{}", LIST, age=400))
        assert (status, kind) == (400, "InvalidSignatureException") and "Signature expired" in text, text
        status, kind, text = _send(sim, _signed(sim, b"{}", LIST, age=-400))
        assert (status, kind) == (400, "InvalidSignatureException") and "not yet current" in text, text


def what_was_signed_must_be_what_arrives():
    with Sim() as sim:
        request = _signed(sim, b"{}", LIST)
        assert _send(sim, request, body=b'{"MaxResults":5}')[1] == "InvalidSignatureException"
        assert _send(sim, request, path="/elsewhere")[1] == "InvalidSignatureException"
        assert _send(sim, request, path="/?a=b")[1] == "InvalidSignatureException"
        request.headers["X-Amz-Target"] = "SageMaker.DeleteCluster"
        assert _send(sim, request)[1] == "InvalidSignatureException"
        unsigned = _signed(sim, b"{}", LIST)
        unsigned.headers["X-Amz-Extra"] = "added later"
        assert _send(sim, unsigned)[1] == "InvalidSignatureException"


def paths_and_queries_are_signed_in_their_canonical_form():
    with Sim() as sim:
        for path in ("/a%20b/../c?z=1&a=%C3%BC&a=b", "//x//y/?b=2&b=1&c"):
            status, kind, text = _send(sim, _signed(sim, b"{}", LIST, path=path), path=path)
            assert status == 200, (path, kind, text)


def without_a_signature_nothing_is_told():
    with Sim() as sim:
        anonymous = sim.client("sagemaker", signature_version=botocore.UNSIGNED)
        with refused("MissingAuthenticationTokenException"):
            anonymous.list_clusters()
        with refused("MissingAuthenticationToken", status=403):
            sim.client("ec2", signature_version=botocore.UNSIGNED).describe_vpcs()


def bodies_without_end_are_refused_and_the_sim_goes_on():
    with Sim("--no-auth") as sim:

        def post(body, headers):
            connection = http.client.HTTPConnection(urllib.parse.urlparse(sim.url).netloc, timeout=60)
            connection.request("POST", "/", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()

        members = b",".join(b'"a%d":1' % number for number in range(1500 * 1000))
        status, text = post(b"{" + members + b"}", LIST)
        assert status == 400 and b"SerializationException" in text, text[:200]
        status, text = post(b"{" + members[: 3 * 1024 * 1024].rpartition(b",")[0] + b"}", LIST)
        assert status == 400 and b"validation errors detected" in text and len(text) < 1024 * 1024, text[:200]
        status, text = post(b'{"a":' * 100000, LIST)
        assert status == 400 and b"SerializationException" in text, text[:200]
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, text = post(b"Action=DescribeVpcs&Version=2016-11-15" + b"&VpcId.1=x" * 100000, form)
        assert status == 400 and b"MalformedQueryString" in text, text[:200]
        assert post(b"{}", LIST)[0] == 200


def a_tag_with_a_character_that_xml_does_not_have_can_be_read_back():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        ec2.create_tags(Resources=[world.VPC], Tags=[{"Key": "k", "Value": "a\uffffb\ufffe"}])
        assert ec2.describe_vpcs()["Vpcs"][0]["Tags"] == [{"Key": "k", "Value": "a\ufffdb\ufffd"}]


def no_auth_accepts_all():
    with Sim("--no-auth") as sim:
        for service, (call, *_) in SERVICES.items():
            call(sim.client(service, secret="wrong", key="ANY"))
            call(sim.client(service, signature_version=botocore.UNSIGNED))


def unknown_operations_and_services_are_named():
    with Sim() as sim:
        with refused("InvalidAction"):
            sim.client("ec2").describe_volumes()
        with refused("UnknownOperationException", "ListNotebookInstances"):
            sim.client("sagemaker").list_notebook_instances()
        with refused("UnknownParameter", "Filter.1.Nam"):
            client = sim.client("ec2")
            client.meta.events.register("before-call", lambda params, **_: params["body"].update({"Filter.1.Nam": "x"}))
            client.describe_vpcs()


def every_answer_has_a_request_id_and_calls_are_listed():
    with Sim() as sim:
        ids = [sim.client("sts").get_caller_identity()["ResponseMetadata"]["RequestId"] for _ in range(3)]
        with refused("ResourceNotFound"):
            sim.client("sagemaker").describe_cluster(ClusterName="absent")
        calls = sim.calls()
        assert [call["request_id"] for call in calls[:3]] == ids and len(set(ids)) == 3
        assert calls[0]["service"] == "sts" and calls[0]["operation"] == "GetCallerIdentity"
        assert calls[0]["method"] == "POST" and calls[0]["status"] == 200
        assert calls[3]["code"] == "ResourceNotFound" and calls[3]["status"] == 400
        assert world.SECRET not in str(calls)


def a_connection_is_kept_for_many_calls():
    with Sim() as sim:
        connection = http.client.HTTPConnection(urllib.parse.urlparse(sim.url).netloc, timeout=10)
        connection.connect()
        socket = connection.sock
        for _ in range(50):
            request = _signed(sim, b"{}", LIST)
            headers = {k: v if isinstance(v, str) else v.decode() for k, v in request.headers.items()}
            connection.request("POST", "/", request.body, headers)
            answer = connection.getresponse()
            assert answer.status == 200 and b"ClusterSummaries" in answer.read()
        assert connection.sock is socket, "the connection was not kept"
        connection.close()


def two_hundred_connections_are_served_at_once():
    with Sim("--no-auth") as sim:
        sim.fault("slow", delay_ms=1500)
        host = urllib.parse.urlparse(sim.url).netloc

        def one(_):
            connection = http.client.HTTPConnection(host, timeout=30)
            connection.request("POST", "/", b"{}", LIST)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            return answer.status

        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            assert list(pool.map(one, range(200))) == [200] * 200
        assert time.monotonic() - began < 10, "the slow ones waited for each other"


def fifty_clients_work_in_parallel():
    with Sim() as sim:
        client = sim.client("ec2", max_pool_connections=50)

        def one(i):
            gid = client.create_security_group(GroupName=f"g{i}", Description="d")["GroupId"]
            rule = [{"IpProtocol": "tcp", "FromPort": i, "ToPort": i, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
            client.authorize_security_group_ingress(GroupId=gid, IpPermissions=rule)
            return gid

        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            ids = list(pool.map(one, range(200)))
        assert len(set(ids)) == 200
        listed = client.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [world.VPC]}])["SecurityGroups"]
        assert len(listed) == 201
        assert all(len(g["IpPermissions"]) == 1 for g in listed)


def the_same_seed_gives_the_same_ids():
    def ids():
        with Sim() as sim:
            ec2, sagemaker = sim.client("ec2"), sim.client("sagemaker")
            gid = ec2.create_security_group(GroupName="g", Description="d")["GroupId"]
            arn = sagemaker.create_cluster(ClusterName="c", InstanceGroups=[world.group()])["ClusterArn"]
            return gid, arn

    assert ids() == ids()


def reset_brings_the_first_world_back():
    with Sim() as sim:
        ec2, sagemaker = sim.client("ec2"), sim.client("sagemaker")
        ec2.create_security_group(GroupName="g", Description="d")
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[world.group()])
        sim.fault("throttle")
        sim.control("POST", "reset")
        assert len(ec2.describe_security_groups()["SecurityGroups"]) == 1
        assert sagemaker.list_clusters()["ClusterSummaries"] == []


def the_page_shows_what_there_is():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sagemaker.create_cluster(ClusterName="shown", InstanceGroups=[world.group("workers")])
        sim.fault("throttle", service="ec2", operation="DescribeVpcs", message="<script>alert(1)</script>")
        sagemaker.add_tags(ResourceArn=sagemaker.describe_cluster(ClusterName="shown")["ClusterArn"], Tags=[{"Key": "k", "Value": "v"}])
        with refused("ResourceNotFound"):
            sagemaker.describe_cluster(ClusterName="absent")
        sim.advance(600)
        node = sagemaker.list_cluster_nodes(ClusterName="shown")["ClusterNodeSummaries"][0]["InstanceId"]
        with urllib.request.urlopen(sim.url + "/", timeout=10) as answer:
            page = answer.read().decode()
            assert answer.headers["Content-Type"].startswith("text/html")
        for part in ("shown", "workers", "InService", "2 of 2", "CreateCluster", world.DEFAULT_GROUP, node, "throttle", "ResourceNotFound"):
            assert part in page, part
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
        for number in range(45):
            sagemaker.create_cluster(ClusterName=f"c{number}", InstanceGroups=[world.group()])
        with urllib.request.urlopen(sim.url + "/", timeout=10) as answer:
            page = answer.read().decode()
        assert "6 more clusters" in page and "c44" in page


def the_page_tells_what_is_wrong():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        sim.condition("script_fails", group="g-97", exit_code=2)
        world.eks_cluster(sagemaker, [world.group(f"g-{number:02}", 1) for number in range(100)])
        sim.fault("throttle", operation="ListTags", share=0.5)
        sim.advance(1200)
        with urllib.request.urlopen(sim.url + "/", timeout=10) as answer:
            page = re.sub("<[^>]*>", " ", answer.read().decode())
        page = " ".join(page.split())
        assert "script_fails group g-97, exit_code 2 2 " in page
        assert "throttle operation ListTags, share 0.5 0 of 0 calls" in page
        assert "88 more groups" in page and page.index("g-97 ml.c5") < page.index("g-00 ml.c5"), "who is not well stands first"
        assert "g-97: Lifecycle scripts did not run" in page and "(1 of the nodes)" in page


def a_service_that_is_not_there_is_told_in_its_own_protocol():
    with Sim() as sim:
        for service, call in (("iam", "list_roles"), ("s3", "list_buckets"), ("eks", "list_clusters"), ("logs", "describe_log_groups")):
            with refused("UnknownServiceException", "sts, ec2 and sagemaker", f"names {service}", status=404):
                getattr(sim.client(service), call)()


def what_a_client_makes_up_is_escaped_on_the_page():
    with Sim("--no-auth") as sim:
        request = urllib.request.Request(sim.url, b"{}", {"X-Amz-Target": "SageMaker.<script>alert(1)</script>"})
        try:
            urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as error:
            assert error.code == 400
        with urllib.request.urlopen(sim.url + "/", timeout=10) as answer:
            page = answer.read().decode()
        assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page


def the_clock_runs_as_fast_as_it_is_told():
    with Sim() as sim:
        first = sim.control("POST", "clock", {"advance_seconds": 0})["now"]
        time.sleep(1.1)
        assert sim.control("POST", "clock", {})["now"] == first, "a clock of scale 0 stands"
        sim.control("POST", "clock", {"scale": 3600})
        time.sleep(0.5)
        now = sim.control("POST", "clock", {"scale": 0})["now"]
        assert now > first and now[:10] >= first[:10]
        try:
            sim.control("POST", "clock", {"forward": 1})
            raise AssertionError("an unknown member was taken")
        except urllib.error.HTTPError as error:
            assert error.code == 400


def nothing_that_was_acknowledged_is_lost_by_a_kill():
    path = world.temporary_file()
    try:
        with Sim("--state", path) as sim:
            ec2, sagemaker = sim.client("ec2"), sim.client("sagemaker")
            gid = world.efa_group(ec2)
            sagemaker.create_cluster(
                ClusterName="c",
                VpcConfig=world.network(gid),
                InstanceGroups=[world.group(count=3, instance_type="ml.p5.48xlarge")],
                Tags=[{"Key": "k", "Value": "ü"}],
            )
            sim.advance(1000)
            sim.client("ec2", region="eu-west-1").describe_vpcs()
            sagemaker.update_cluster(
                ClusterName="c", InstanceGroups=[world.group(count=5, instance_type="ml.p5.48xlarge")]
            )
            before = sim.control("GET", "state")
            assert sim.end(signal.SIGKILL) == -signal.SIGKILL
        with open(path, "a") as file:
            file.write('{"at":123,"torn')  # a line that the kill cut off
        with Sim("--state", path) as sim:
            after = sim.control("GET", "state")
            regions = {region["name"]: region for region in after["regions"]}
            for region in before["regions"]:
                if region["name"] in regions:
                    assert regions[region["name"]] == region
            assert "us-west-2" in regions and after["now"] == before["now"]
            sim.advance(2000)
            assert world.status(sim.client("sagemaker")) == "InService"
        with open(path, "w") as file:
            file.write("nonsense\n")
        done = subprocess.run([world.binary, "--state", path], capture_output=True, text=True, timeout=20)
        assert done.returncode == 65 and f"{path}:1:" in done.stderr, done
        done = subprocess.run([world.binary, "--state", "/nowhere/x"], capture_output=True, text=True, timeout=20)
        assert done.returncode == 73, done
    finally:
        if os.path.exists(path):
            os.unlink(path)
