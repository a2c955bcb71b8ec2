"""The command line, its exit codes, and what the sim tells about calls."""

import json
import os
import socket
import stat
import subprocess
import tempfile
import time
import urllib.request

import world
from world import Sim, refused


def _run(*options):
    done = subprocess.run([world.binary, *options], capture_output=True, text=True, timeout=20)
    return done.returncode, done.stdout, done.stderr


def what_is_no_option_is_refused_in_one_sentence():
    for bad in (
        ["--nonsense"],
        ["stray"],
        ["--port"],
        ["--port", "70000"],
        ["--port="],
        ["--time-scale=-1"],
        ["--time-scale", "fast"],
        ["--seed", "x"],
        ["--no-auth=1"],
        ["--quiet", "--verbose"],
    ):
        code, out, text = _run(*bad)
        assert code == 64 and out == "", (bad, code, text)
        assert bad[0].split("=")[0] in text and text.count("\n") == 2 and "--help" in text, (bad, text)


def help_and_version_go_to_stdout():
    for option, word in (("--help", "Usage:"), ("--version", "hyperpod-sim ")):
        code, out, text = _run(option)
        assert code == 0 and word in out and text == "", option
    for word in ("--port", "--listen", "--state", "--scenario", "--time-scale", "--models", "--seed", "--no-auth", "--log"):
        assert word in _run("--help")[1], word


def options_take_their_value_after_a_space_or_an_equals_sign():
    for options in (("--seed", "5"), ("--seed=5",)):
        with Sim(*options) as sim:
            assert sim.client("ec2").create_security_group(GroupName="g", Description="d")["GroupId"] == _id_of_seed_5(), options


def _id_of_seed_5(known=[]):
    if not known:
        with Sim("--seed=5") as sim:
            known.append(sim.client("ec2").create_security_group(GroupName="g", Description="d")["GroupId"])
    return known[0]


def a_port_in_use_is_98():
    with Sim() as sim:
        code, out, text = _run("--port", sim.url.rsplit(":", 1)[1])
        assert code == 98 and out == "" and "Address already in use" in text, (code, text)


def only_loopback_is_listened_on():
    for address in ("0.0.0.0", "192.0.2.1", "::", "::ffff:127.0.0.1", "example.com", "127.0.0", ""):
        code, out, text = _run("--listen", address, "--port", "0")
        assert code == 64 and out == "" and "loopback" in text, (address, code, text)


def other_loopback_addresses_are_listened_on():
    addresses = ["127.0.0.1", "127.0.0.2", "localhost"]
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
            addresses.append("::1")
        except OSError:
            pass  # a machine without IPv6
    for address in addresses:
        with Sim("--listen", address) as sim:
            host = {"localhost": "127.0.0.1", "::1": "[::1]"}.get(address, address)
            assert sim.url.startswith(f"http://{host}:"), sim.url
            assert sim.client("sts").get_caller_identity()["Account"] == "111122223333"


def a_state_that_cannot_be_written_is_73():
    for path in ("/nowhere/x", "/"):
        code, out, text = _run("--state", path)
        assert code == 73 and out == "" and path in text, (code, text)
    code, out, text = _run("--log", "/nowhere/x")
    assert code == 73 and "/nowhere/x" in text, (code, text)


def a_state_that_is_none_is_65_with_its_place():
    with tempfile.NamedTemporaryFile("w") as file:
        for content, place in (("nonsense\n", ":1:"), ('{"a":1}\n', ":1:1:"), ('{"hyperpod-sim":1,"seed":1,"real":1,"simulated":1,"scale":1}\n[1]\n', ":2:1:")):
            file.seek(0)
            file.truncate()
            file.write(content)
            file.flush()
            code, out, text = _run("--state", file.name)
            assert code == 65 and out == "" and file.name + place in text, (content, code, text)


def models_that_are_none_are_refused():
    with tempfile.TemporaryDirectory() as folder:
        for path in ("/nowhere", folder, "/proc/version"):
            code, out, text = _run("--models", path)
            assert code == 64 and out == "" and path in text, (path, code, text)
        path = os.path.join(folder, "sts.service-2.json")
        for content, words in (
            ('{"operations": {,', f"{path}:1:"),
            ("{}", "no service model"),
            ('{"operations":{"AssumeRole":{"input":{"shape":"A"}}},"shapes":{}}', "no shape 'A'"),
            ('{"operations":{"AssumeRole":{"input":{"shape":"A"}}},"shapes":{"A":{"type":"odd"}}}', "'odd'"),
        ):
            with open(path, "w") as file:
                file.write(content)
            code, out, text = _run("--models", folder)
            assert code == 65 and out == "" and path in text and words in text, (content, code, text)


def the_log_has_a_line_of_json_for_each_call_and_no_secret():
    path = world.temporary_file()
    try:
        with Sim("--log", path) as sim:
            sim.client("sts").assume_role(RoleArn=world.ROLE, RoleSessionName="me-and-nobody-else", ExternalId="very-private")
            sim.fault("throttle", service="ec2", times=1)
            with refused("RequestLimitExceeded"):
                sim.client("ec2").describe_vpcs()
            sim.client("sagemaker", token=None).list_clusters(NameContains="asked-for")
            with refused("UnrecognizedClientException"):
                sim.client("sagemaker", key="AKIANOBODY", token="secret-token").list_clusters()
            ids = [call["request_id"] for call in sim.calls()]
        with open(path) as file:
            text = file.read()
        lines = [json.loads(line) for line in text.splitlines()]
        assert [line["request_id"] for line in lines] == ids
        assert [(line["service"], line["operation"], line["status"]) for line in lines] == [
            ("sts", "AssumeRole", 200),
            ("ec2", "DescribeVpcs", 503),
            ("sagemaker", "ListClusters", 200),
            ("sagemaker", "ListClusters", 400),
        ]
        assert lines[1]["fault"] == "throttle" and lines[1]["code"] == "RequestLimitExceeded"
        assert all(line["region"] == "us-west-2" and line["ms"] >= 0 and line["time"].endswith("Z") for line in lines)
        for secret in (world.SECRET, world.KEY, "secret-token", "very-private", "me-and-nobody-else", "asked-for", "Signature"):
            assert secret not in text, secret
        assert stat.S_IMODE(os.stat(path).st_mode) & 0o022 == 0
    finally:
        os.unlink(path)


def verbose_tells_each_call_on_stderr_and_quiet_nothing():
    for option, told in (("--verbose", 1), ("--quiet", 0)):
        process = subprocess.Popen([world.binary, option, "--no-auth"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        url = process.stdout.readline().split()[1]
        request = urllib.request.Request(url, b"{}", {"X-Amz-Target": "SageMaker.ListClusters"})
        urllib.request.urlopen(request, timeout=10).close()
        process.terminate()
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0 and out == ""
        assert err.count("ListClusters") == told, err


def calls_are_counted_by_operation():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        for _ in range(3):
            sagemaker.list_clusters()
        with refused("ResourceNotFound"):
            sagemaker.describe_cluster(ClusterName="absent")
        sim.fault("reset", service="ec2", times=1)
        try:
            sim.client("ec2").describe_vpcs()
        except Exception as error:
            assert "reset" in str(error) or "closed" in str(error), error
        counts = sim.control("GET", "calls/counts")
        assert counts["sagemaker"]["ListClusters"] == {"calls": 3, "errors": 0, "unanswered": 0}
        assert counts["sagemaker"]["DescribeCluster"] == {"calls": 1, "errors": 1, "unanswered": 0}
        assert counts["ec2"]["DescribeVpcs"] == {"calls": 1, "errors": 0, "unanswered": 1}
        sim.control("POST", "reset")
        assert sim.control("GET", "calls/counts") == {}


def sigterm_ends_it_with_0_while_calls_are_held():
    with Sim("--no-auth") as sim:
        sim.fault("held")
        with socket.create_connection(sim.url.rsplit("/", 1)[1].split(":")) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: SageMaker.ListClusters\r\nContent-Length: 2\r\n\r\n{}")
            time.sleep(0.3)
            assert sim.end() == 0
