"""Many clients at once: each sees what was acknowledged, and what they did is one order of calls."""

import concurrent.futures
import contextlib
import http.client
import json
import random
import re
import resource
import signal
import socket
import threading
import time
import urllib.parse

import world
from world import DEFAULT_GROUP, SUBNET, VPC, Sim


class _Client:
    """A connection of its own; without signatures, since they are not what is asked here."""

    def __init__(self, sim):
        self.http = http.client.HTTPConnection(urllib.parse.urlparse(sim.url).netloc, timeout=60)

    def send(self, headers, body):
        self.http.request("POST", "/", body=body, headers=headers)
        answer = self.http.getresponse()
        return answer.status, answer.read()

    def sagemaker(self, operation, **body):
        status, answer = self.send({"X-Amz-Target": f"SageMaker.{operation}"}, json.dumps(body))
        return status, json.loads(answer)

    def ec2(self, operation, **parameters):
        body = urllib.parse.urlencode({"Action": operation, "Version": "2016-11-15", **parameters})
        status, answer = self.send({}, body)
        return status, answer.decode()


def _network():
    return {"SecurityGroupIds": [DEFAULT_GROUP], "Subnets": [SUBNET]}


def _writes_clusters(sim, number, rounds):
    mine, other = _Client(sim), _Client(sim)
    for at in range(rounds):
        name = f"w{number}-{at}"
        groups = [world.group("a", 3), world.group("b", 2)]
        status, made = mine.sagemaker("CreateCluster", ClusterName=name, InstanceGroups=groups, VpcConfig=_network())
        assert status == 200, made
        status, seen = other.sagemaker("DescribeCluster", ClusterName=name)
        assert status == 200 and seen["ClusterArn"] == made["ClusterArn"], seen
        tags = [{"Key": "round", "Value": str(at)}]
        assert mine.sagemaker("AddTags", ResourceArn=made["ClusterArn"], Tags=tags)[0] == 200
        assert other.sagemaker("ListTags", ResourceArn=made["ClusterArn"])[1]["Tags"] == tags
        status, gone = mine.sagemaker("DeleteCluster", ClusterName=f"w{number}-{at - 4}")
        assert status == 200 or at < 4 or gone["__type"] == "ConflictException", gone


def _writes_security_groups(sim, number, rounds):
    mine, other = _Client(sim), _Client(sim)
    for at in range(rounds):
        name = f"g{number}-{at}"
        status, made = mine.ec2("CreateSecurityGroup", GroupName=name, GroupDescription="x", VpcId=VPC)
        assert status == 200, made
        group = re.search("sg-[0-9a-f]+", made).group()
        status, seen = other.ec2("DescribeSecurityGroups", **{"GroupId.1": group})
        assert status == 200 and f"<groupName>{name}</groupName>" in seen, seen
        if at % 2 == 0:
            assert mine.ec2("DeleteSecurityGroup", GroupId=group)[0] == 200
            status, seen = other.ec2("DescribeSecurityGroups", **{"GroupId.1": group})
            assert status == 400 and "InvalidGroup.NotFound" in seen, seen


def _reads(sim, over):
    """Pages are in order and hold nothing twice, whatever the others do meanwhile."""
    client = _Client(sim)
    while not over.is_set():
        names, more = [], {}
        while more is not None:
            status, page = client.sagemaker("ListClusters", SortBy="NAME", SortOrder="Ascending", MaxResults=7, **more)
            assert status == 200, page
            names += [row["ClusterName"] for row in page["ClusterSummaries"]]
            more = {"NextToken": page["NextToken"]} if "NextToken" in page else None
        assert names == sorted(set(names)), names
        for name in random.sample(names, min(3, len(names))):
            status, nodes = client.sagemaker("ListClusterNodes", ClusterName=name, MaxResults=3)
            assert (status == 200 and len(nodes["ClusterNodeSummaries"]) <= 3) or nodes["__type"] == "ResourceNotFound"
        status, interfaces = client.ec2("DescribeNetworkInterfaces", MaxResults="50")
        found = re.findall("<networkInterfaceId>(.*?)<", interfaces)
        assert status == 200 and len(found) == len(set(found)) <= 50, interfaces


def _moves_time(sim, over):
    while not over.is_set():
        sim.advance(45)
        time.sleep(0.01)


def _sets_faults(sim, over):
    while not over.is_set():
        sim.fault("slow", operation="ListClusterNodes", delay_ms=20, share=0.5)
        time.sleep(0.1)
        sim.control("DELETE", "faults")
        time.sleep(0.1)


def many_at_once_see_what_was_acknowledged_and_a_restart_carries_it_out_again():
    path = world.temporary_file()
    over = threading.Event()
    with Sim("--state", path, "--no-auth") as sim, concurrent.futures.ThreadPoolExecutor(20) as pool:
        rest = [pool.submit(_reads, sim, over) for _ in range(4)]
        rest += [pool.submit(_moves_time, sim, over), pool.submit(_sets_faults, sim, over)]
        work = [pool.submit(_writes_clusters, sim, number, 25) for number in range(4)]
        work += [pool.submit(_writes_security_groups, sim, number, 60) for number in range(3)]
        try:
            for done in concurrent.futures.as_completed(work, timeout=120):
                done.result()
        finally:
            over.set()
        for done in rest:
            done.result(timeout=60)
        before = sim.control("GET", "state")
        counts = sim.control("GET", "calls/counts")
        assert counts["sagemaker"]["CreateCluster"]["calls"] == 100, counts
        assert counts["ec2"]["CreateSecurityGroup"]["calls"] == 180, counts
        sim.end(signal.SIGKILL)
    with Sim("--state", path, "--no-auth") as sim:
        after = sim.control("GET", "state")
    assert after["regions"] == before["regions"], "the journal's order is not that of the calls"


def more_calls_are_held_than_there_are_threads_and_nobody_else_waits():
    with Sim("--no-auth") as sim, concurrent.futures.ThreadPoolExecutor(60) as pool:
        sim.fault("held", operation="DescribeCluster")
        held = [pool.submit(_Client(sim).sagemaker, "DescribeCluster", ClusterName="c") for _ in range(50)]
        quick = _Client(sim)
        began = time.monotonic()
        while sim.control("GET", "faults")[0]["seen"] < 50:
            assert time.monotonic() - began < 20, "the calls do not come in"
            assert quick.sagemaker("ListClusters")[0] == 200
        assert not any(call.done() for call in held)
        sim.control("DELETE", "faults")
        for call in held:
            assert call.exception(timeout=20) is not None, "a held call was answered"
        assert quick.sagemaker("ListClusters")[0] == 200


def a_server_that_ends_lets_go_of_held_calls():
    with Sim("--no-auth") as sim, concurrent.futures.ThreadPoolExecutor(10) as pool:
        sim.fault("held")
        held = [pool.submit(_Client(sim).sagemaker, "ListClusters") for _ in range(10)]
        began = time.monotonic()
        while sim.control("GET", "faults")[0]["seen"] < 10:
            assert time.monotonic() - began < 20, "the calls do not come in"
        began = time.monotonic()
        assert sim.end() == 0
        assert time.monotonic() - began < 5
        for call in held:
            assert call.exception(timeout=20) is not None, "a held call was answered"


def more_clients_than_may_be_connected_wait_and_are_served():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    with Sim("--no-auth") as sim, contextlib.ExitStack() as sockets:
        place = urllib.parse.urlparse(sim.url)

        def connect():
            client = sockets.enter_context(socket.create_connection((place.hostname, place.port), timeout=20))
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: SageMaker.ListClusters\r\nContent-Length: 2\r\n\r\n")
            return client

        waiting = [connect() for _ in range(1200)]  # each has said half of what it wants
        time.sleep(0.5)
        for client in waiting[:400]:
            client.close()
        for client in waiting[400:]:
            client.sendall(b"{}")
        for client in waiting[400:]:
            assert client.recv(15) == b"HTTP/1.1 200 OK"
        assert _Client(sim).sagemaker("ListClusters")[0] == 200
