"""measure.py URL PID FOLDER: fills a running hyperpod-sim and measures its answers. Needs nothing but Python."""

import json
import os
import selectors
import socket
import statistics
import sys
import time
import urllib.parse
import urllib.request

CLUSTERS, GROUPS, NODES_A_GROUP = 1000, 100, 60
CONNECTIONS, ROUNDS = 200, 40
ROLE = "arn:aws:iam::111122223333:role/hp"
SUBNETS = [f"subnet-0a1b2c3d4e5f607{last}" for last in ("18", "19", "1a", "1b")]


def message(operation, body):
    body = json.dumps(body).encode()
    head = f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: SageMaker.{operation}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def form(body):
    body = (body + "&Version=2016-11-15").encode()
    scope = "AWS4-HMAC-SHA256 Credential=A/20260801/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=00"
    head = f"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: {scope}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Connection:
    def __init__(self, address):
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self, request):
        self.began = time.perf_counter()
        self.buffer = b""
        self.socket.sendall(request)

    def receive(self):
        """Reads what is there; the body once the answer is whole, else None."""
        piece = self.socket.recv(1 << 20)
        assert piece, "the connection ended"
        self.buffer += piece
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return None
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if len(body) < length:
            return None
        assert head.startswith(b"HTTP/1.1 200"), (head, body[:500])
        return body

    def ask(self, request):
        self.send(request)
        while (body := self.receive()) is None:
            pass
        return body, time.perf_counter() - self.began


def group(name, count, subnet):
    return {
        "InstanceGroupName": name,
        "InstanceType": "ml.c5.large",
        "InstanceCount": count,
        "ExecutionRole": ROLE,
        "LifeCycleConfig": {"SourceS3Uri": "s3://sagemaker-x/lc", "OnCreate": "on_create.sh"},
        "OverrideVpcConfig": {"SecurityGroupIds": ["sg-0a1b2c3d4e5f60718"], "Subnets": [subnet]},
    }


def control(url, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/_sim/{path}", data=data), timeout=60) as answer:
        return answer.read()


def fill(connection, url):
    """Gives the times of CreateCluster."""
    big = [group(f"g{number}", NODES_A_GROUP, SUBNETS[number % 4]) for number in range(GROUPS)]
    times = []
    for number in range(CLUSTERS):
        groups = big if number == 0 else [group("w", 2, SUBNETS[number % 4])]
        request = {"ClusterName": f"c{number}", "InstanceGroups": groups}
        request["VpcConfig"] = {"SecurityGroupIds": ["sg-0a1b2c3d4e5f60718"], "Subnets": [SUBNETS[0]]}
        times.append(connection.ask(message("CreateCluster", request))[1])
    print(f"{'the big CreateCluster':44}{times.pop(0) * 1000:10.2f} ms")
    began = time.perf_counter()
    control(url, "clock", {"advance_seconds": 3600})
    print(f"{'an hour passes, all nodes come up':44}{(time.perf_counter() - began) * 1000:10.2f} ms")
    return times


def row(name, times):
    times = sorted(times)
    middle, late = statistics.median(times) * 1000, times[int(len(times) * 0.99)] * 1000
    print(f"{name:44}{middle:10.2f} ms{late:10.2f} ms{times[-1] * 1000:10.2f} ms")


def rss(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def last_page(connection):
    """The request for the last page of the big cluster's nodes."""
    request, pages = {"ClusterName": "c0", "MaxResults": 100}, 0
    while True:
        pages += 1
        answer = json.loads(connection.ask(message("ListClusterNodes", request))[0])
        if "NextToken" not in answer:
            assert pages == GROUPS * NODES_A_GROUP // 100, pages
            return message("ListClusterNodes", request), answer["ClusterNodeSummaries"][0]["InstanceId"]
        request["NextToken"] = answer["NextToken"]


def crowd(address, requests):
    """CONNECTIONS at once, each with one request under way, until each has made ROUNDS of them."""
    selector, left, times = selectors.DefaultSelector(), {}, []
    connections = [Connection(address) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for number, connection in enumerate(connections):
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        left[connection] = ROUNDS
        connection.send(requests[number % len(requests)])
    while left:
        for key, _ in selector.select(30):
            connection = key.data
            if connection.receive() is None:
                continue
            times.append(time.perf_counter() - connection.began)
            left[connection] -= 1
            if left[connection] > 0:
                connection.send(requests[(len(times)) % len(requests)])
            else:
                del left[connection]
                selector.unregister(connection.socket)
    return times, time.perf_counter() - began


def main():
    url, pid, folder = sys.argv[1:]
    parsed = urllib.parse.urlparse(url)
    address = (parsed.hostname, parsed.port)
    connection = Connection(address)
    empty = rss(pid)
    print(f"{CLUSTERS} clusters, one of them with {GROUPS} groups and {GROUPS * NODES_A_GROUP} nodes")
    created = fill(connection, url)
    last, node = last_page(connection)
    print(f"\n{'one connection':44}{'median':>13}{'99 of 100':>13}{'slowest':>13}")
    row("CreateCluster (with its journal)", created)
    requests = {
        "DescribeCluster": message("DescribeCluster", {"ClusterName": "c500"}),
        "DescribeCluster, 100 groups": message("DescribeCluster", {"ClusterName": "c0"}),
        "ListClusters, the first 100 of 1000": message("ListClusters", {"MaxResults": 100}),
        "ListClusterNodes, 2 nodes": message("ListClusterNodes", {"ClusterName": "c500"}),
        "ListClusterNodes, the first 100 of 6000": message("ListClusterNodes", {"ClusterName": "c0", "MaxResults": 100}),
        "ListClusterNodes, the last 100 of 6000": last,
        "DescribeClusterNode of 6000": message("DescribeClusterNode", {"ClusterName": "c0", "NodeId": node}),
        "DescribeSecurityGroups": form("Action=DescribeSecurityGroups"),
        "DescribeSubnets": form("Action=DescribeSubnets"),
        "DescribeNetworkInterfaces, 1000 of 8000": form("Action=DescribeNetworkInterfaces&MaxResults=1000"),
    }
    for name, request in requests.items():
        row(name, [connection.ask(request)[1] for _ in range(300)])
    began = time.perf_counter()
    size = len(urllib.request.urlopen(url + "/", timeout=60).read())
    print(f"{f'the page for people, {size >> 10} KiB':44}{(time.perf_counter() - began) * 1000:10.2f} ms")
    small = [requests[name] for name in ("DescribeCluster", "ListClusterNodes, 2 nodes")]
    mixed = small * 4 + [requests["ListClusters, the first 100 of 1000"], requests["ListClusterNodes, the first 100 of 6000"]]
    for name, among in (("describe and list of small clusters", small), ("the same, and each 5th a list of many", mixed)):
        times, wall = crowd(address, among)
        print(f"\n{CONNECTIONS} connections at once, {name}: {len(times) / wall:.0f} calls a second")
        row("an answer", times)
    print(f"\nmemory: {empty:.0f} MiB empty, {rss(pid):.0f} MiB filled; journal {os.path.getsize(folder + '/state') >> 10} KiB")


if __name__ == "__main__":
    main()
