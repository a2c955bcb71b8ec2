"""measure.py URL PID FOLDER LOAD: fills a running hyperpod-sim and lets LOAD (load.c) measure its answers.

Needs nothing but Python. Each call is signed, as a client's is.
"""

import datetime
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

CLUSTERS, GROUPS, NODES_A_GROUP = 1000, 100, 60
CONNECTIONS = 200
ROLE = "arn:aws:iam::111122223333:role/hp"
SUBNETS = [f"subnet-0a1b2c3d4e5f607{last}" for last in ("18", "19", "1a", "1b")]
KEY, SECRET, REGION = "AKIASIMULATEDACCOUNT", "simulated-secret", "us-west-2"
NODES, NETWORKS, EVENTS = "ListClusterNodes, 100 of 6000", "DescribeNetworkInterfaces, 1000 of 8000", "ListClusterEvents"


def signed(service, headers, body):
    """The bytes of a request. Its signature is good for five minutes."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": "x", "x-amz-date": now, **headers}
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{now[:8]}/{REGION}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = ("AWS4" + SECRET).encode()
    for part in (*scope.split("/"), text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={KEY}/{scope}, SignedHeaders={names}, Signature={key.hex()}"
    headers["content-length"] = len(body)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST / HTTP/1.1\r\n{head}\r\n".encode() + body


def sagemaker(operation, **body):
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"SageMaker.{operation}"}
    return signed("sagemaker", headers, json.dumps(body).encode())


def ec2(operation, **parameters):
    body = urllib.parse.urlencode({"Action": operation, "Version": "2016-11-15", **parameters})
    return signed("ec2", {"content-type": "application/x-www-form-urlencoded"}, body.encode())


class Measure:
    def __init__(self, url, pid, folder, load):
        self.url, self.pid, self.folder, self.load = url, pid, folder, load

    def run(self, requests, connections, seconds, rate=0):
        """What load tells of these requests (pairs of name and bytes)."""
        path = f"{self.folder}/requests"
        with open(path, "wb") as file:
            for name, request in requests:
                file.write(f"{name}\n{len(request)}\n".encode() + request)
        port = urllib.parse.urlparse(self.url).port
        command = [self.load, str(port), str(connections), str(seconds), str(rate), path]
        before = self.processor_us()
        told = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)
        told["sim_us_a_call"] = (self.processor_us() - before) / told["names"]["all"]["count"]
        return told

    def processor_us(self):
        """What the sim's threads have had of the processors: of all times the least disturbed by other programs."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1e6 / os.sysconf("SC_CLK_TCK")

    def ask(self, request):
        head, body = request.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")[1:]
        headers = dict(line.split(": ", 1) for line in lines)
        call = urllib.request.Request(self.url, data=body, headers=headers)
        try:
            with urllib.request.urlopen(call, timeout=60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            sys.exit(f"{error}: {error.read()[:1000]}")

    def control(self, path, body=None):
        began = time.perf_counter()
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=data), timeout=60) as answer:
            size = len(answer.read())
        return (time.perf_counter() - began) * 1000, size

    def memory(self):
        with open(f"/proc/{self.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def row(name, times, processor_us=None):
    processor = "" if processor_us is None else f"{processor_us / 1000:12.3f} ms"
    print(f"{name:56}{times['median']:9.2f} ms{times['late']:9.2f} ms{times['slowest']:9.2f} ms{processor}", flush=True)


def group(name, count, subnet):
    return {
        "InstanceGroupName": name,
        "InstanceType": "ml.c5.large",
        "InstanceCount": count,
        "ExecutionRole": ROLE,
        "LifeCycleConfig": {"SourceS3Uri": "s3://sagemaker-x/lc", "OnCreate": "on_create.sh"},
        "OverrideVpcConfig": {"SecurityGroupIds": ["sg-0a1b2c3d4e5f60718"], "Subnets": [subnet]},
    }


def creation(number):
    """The first is the big one, and keeps events; the rest have two nodes each."""
    body = {
        "ClusterName": f"c{number}",
        "InstanceGroups": [group("w", 2, SUBNETS[number % 4])],
        "VpcConfig": {"SecurityGroupIds": ["sg-0a1b2c3d4e5f60718"], "Subnets": [SUBNETS[0]]},
    }
    if number == 0:
        groups = [group(f"g{at}", NODES_A_GROUP, SUBNETS[at % 4]) for at in range(GROUPS)]
        groups[0]["SlurmConfig"] = {"NodeType": "Controller"}
        for at in range(1, GROUPS):
            groups[at]["SlurmConfig"] = {"NodeType": "Compute", "PartitionNames": ["p"]}
        body |= {"InstanceGroups": groups, "NodeProvisioningMode": "Continuous", "Orchestrator": {"Slurm": {}}}
    return sagemaker("CreateCluster", **body)


def fill(measure):
    began = time.perf_counter()
    measure.ask(creation(0))
    print(f"{'the big CreateCluster':56}{(time.perf_counter() - began) * 1000:9.2f} ms")
    many = [("CreateCluster, with its journal", creation(number)) for number in range(1, CLUSTERS)]
    # One connection; each request once. 1000 seconds: it ends by the calls.
    created = measure.run(many, 1, "once")
    print(f"{'an hour passes, all nodes come up':56}{measure.control('/_sim/clock', {'advance_seconds': 3600})[0]:9.2f} ms")
    print(f"\n{'one connection':56}{'median':>12}{'99 of 100':>12}{'slowest':>12}{'processor':>15}")
    row("CreateCluster, with its journal", created["names"]["all"], created["sim_us_a_call"])


def last_page(measure):
    """The request for the last page of the big cluster's nodes, and a node of it."""
    more, pages = {}, 0
    while True:
        request = {"ClusterName": "c0", "MaxResults": 100, **more}
        answer = measure.ask(sagemaker("ListClusterNodes", **request))
        pages += 1
        if "NextToken" not in answer:
            assert pages == GROUPS * NODES_A_GROUP // 100, pages
            return request, answer["ClusterNodeSummaries"][0]["InstanceId"]
        more = {"NextToken": answer["NextToken"]}


def singles(last, node):
    return {
        "DescribeCluster": sagemaker("DescribeCluster", ClusterName="c500"),
        "DescribeCluster, 100 groups": sagemaker("DescribeCluster", ClusterName="c0"),
        "ListClusters, 100 of 1000": sagemaker("ListClusters", MaxResults=100),
        "ListClusters, 100 of 1000, newest first": sagemaker("ListClusters", MaxResults=100, SortOrder="Descending"),
        "ListClusterNodes, 2 nodes": sagemaker("ListClusterNodes", ClusterName="c500"),
        NODES: sagemaker("ListClusterNodes", ClusterName="c0", MaxResults=100),
        "ListClusterNodes, the last 100 of 6000": sagemaker("ListClusterNodes", **last),
        "DescribeClusterNode of 6000": sagemaker("DescribeClusterNode", ClusterName="c0", NodeId=node),
        EVENTS + ", 100 of many": sagemaker("ListClusterEvents", ClusterName="c0", MaxResults=100),
        EVENTS + " of one node": sagemaker("ListClusterEvents", ClusterName="c0", NodeId=node),
        "DescribeSecurityGroups": ec2("DescribeSecurityGroups"),
        "DescribeSubnets": ec2("DescribeSubnets"),
        "DescribeNetworkInterfaces, 100 of 8000": ec2("DescribeNetworkInterfaces", MaxResults=100),
        NETWORKS: ec2("DescribeNetworkInterfaces", MaxResults=1000),
        "DescribeNetworkInterfaces of one instance": ec2(
            "DescribeNetworkInterfaces", **{"Filter.1.Name": "attachment.instance-id", "Filter.1.Value.1": node}
        ),
    }


def crowds(measure, requests):
    small = [(name, requests[name]) for name in ("DescribeCluster", "ListClusterNodes, 2 nodes")]
    many = [(name, requests[name]) for name in ("ListClusters, 100 of 1000", NODES)]
    for title, among in (("small clusters", small), ("each fifth a list of many", small * 4 + many)):
        for rate in (0, 1000, 5000):
            told = measure.run(among, CONNECTIONS, 5, rate)
            how = f"{rate} a second" if rate else "as fast as it goes"
            print(f"\n{CONNECTIONS} connections, {title}, {how}: {told['calls_a_second']:.0f} calls a second;", end=" ")
            print(f"processor time a call: sim {told['sim_us_a_call']:.0f} us, generator {told['own_us_a_call']:.0f} us")
            for name, times in told["names"].items():
                row(f"    {name}", times)


def main():
    measure = Measure(*sys.argv[1:])
    empty = measure.memory()
    print(f"{CLUSTERS} clusters, one of them with {GROUPS} groups and {GROUPS * NODES_A_GROUP} nodes")
    fill(measure)
    requests = singles(*last_page(measure))
    for name, request in requests.items():
        told = measure.run([(name, request)], 1, 1)
        row(name, told["names"]["all"], told["sim_us_a_call"])
    took, size = measure.control("/")
    print(f"{f'the page for people, {size >> 10} KiB':56}{took:9.2f} ms")
    crowds(measure, requests)
    journal = os.path.getsize(measure.folder + "/state") >> 10
    print(f"\nmemory: {empty:.0f} MiB empty, {measure.memory():.0f} MiB filled; journal {journal} KiB")


if __name__ == "__main__":
    main()
