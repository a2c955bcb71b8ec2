"""Scenario files: how the world is at the start, and how a slip in one is told."""

import json
import os
import pathlib
import subprocess
import tempfile

import world
from world import Sim, group, refused

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples/scenarios"


class _File:
    """A scenario in a file of its own."""

    def __init__(self, content):
        self.path = world.temporary_file()
        with open(self.path, "w") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))

    def __enter__(self):
        return self.path

    def __exit__(self, *_):
        os.unlink(self.path)


def _refused(content):
    with _File(content) as path:
        done = subprocess.run([world.binary, "--scenario", path], capture_output=True, text=True, timeout=20)
        assert done.returncode == 65 and done.stdout == "", (content, done)
        assert done.stderr.startswith(f"hyperpod-sim: {path}:"), done.stderr
        line, column, sentence = done.stderr.removeprefix(f"hyperpod-sim: {path}:").split(":", 2)
        return int(line), int(column), sentence


def a_slip_is_told_with_line_and_column():
    for content, line, column, words in (
        ("", 1, 1, ""),
        ('{"faults": [}', 1, 13, ""),
        ("[]", 1, 1, "JSON object"),
        ('{\n "falts": []}', 2, 2, "a scenario has no falts"),
        ('{"faults": [],\n "faults": []}', 1, 2, "twice"),
        ('{"faults": {}}', 1, 12, "list"),
        ('{"faults": [\n  {"kind": "throttle"},\n  {"kind": "thrttle"}]}', 3, 3, "kind is one of"),
        ('{"faults": [{"kind": "slow", "operation": "CreateCluter"}]}', 1, 43, "no such operation as CreateCluter"),
        ('{"faults": [{"kind": "slow", "service": "ec3"}]}', 1, 41, "no such service"),
        ('{"faults": [{"kind": "slow", "service": "ec2", "operation": "CreateCluster"}]}', 1, 61, "no such operation"),
        ('{"credentials": [{"access_key": "A"}]}', 1, 18, "secret_key"),
        ('{"credentials": [{"access_key": "A", "secret_key": "s", "token": "t"}]}', 1, 18, "session_token"),
        ('{"roles": [{"name": "r", "max_session_seconds": 1}]}', 1, 12, "3600"),
        ('{"clock":\n\t{"start": "yesterday"}}', 2, 2, "start"),
        ('{"clock": {"scale": -1}}', 1, 11, "scale"),
        ('{"existing": {"bukets": []}}', 1, 15, "buckets"),
        ('{"existing": {"buckets": "b"}}', 1, 26, "list"),
        ('{"existing": {"buckets": ["ü", 5]}}', 1, 32, "name"),
        ('{"conditions": [{"kind": "no_capacity"},\n {"kind": "no_capaciti"}]}', 2, 2, "kind is one of"),
        ('{"conditions": [{"kind": "no_capacity",\n "zone": 5}]}', 2, 10, "zone"),
        ('{"conditions": [{"kind": "quota"}]}', 1, 17, "limit"),
    ):
        got = _refused(content)
        assert got[:2] == (line, column) and words in got[2], (content, got)


def a_file_that_is_not_there_is_65():
    done = subprocess.run([world.binary, "--scenario", "/nowhere/x"], capture_output=True, text=True, timeout=20)
    assert done.returncode == 65 and "/nowhere/x: No such file" in done.stderr, done


def the_examples_are_sound():
    examples = sorted(EXAMPLES.glob("*.json"))
    assert examples
    for path in examples:
        with Sim("--scenario", str(path)) as sim:
            sim.control("GET", "state")


def faults_keys_and_roles_are_there_from_the_start_and_after_a_reset():
    scenario = {
        "faults": [{"kind": "throttle", "service": "sagemaker", "times": 1}],
        "credentials": [{"access_key": "ASIAONE", "secret_key": "s", "session_token": "t"}],
        "roles": [{"name": "shy", "external_id": "knock"}],
    }
    with _File(scenario) as path, Sim("--scenario", path) as sim:
        for _ in range(2):
            with refused("ThrottlingException"):
                sim.client("sagemaker").list_clusters()
            sim.client("sagemaker").list_clusters()
            one = sim.client("sts", key="ASIAONE", secret="s", token="t")
            arn = "arn:aws:iam::111122223333:role/shy"
            with refused("AccessDenied"):
                one.assume_role(RoleArn=arn, RoleSessionName="me")
            one.assume_role(RoleArn=arn, RoleSessionName="me", ExternalId="knock")
            sim.control("POST", "reset")


def the_clock_begins_where_the_scenario_says():
    with _File({"clock": {"start": "2027-03-01T08:00:00Z", "scale": 0}}) as path:
        with Sim("--scenario", path) as sim:
            assert sim.control("POST", "clock", {})["now"] == "2027-03-01T08:00:00Z"
    with _File({"clock": {"start": "2027-03-01T08:00:00Z", "scale": 3600}}) as path:
        with Sim("--scenario", path) as sim:  # world.Sim says --time-scale 0, which counts more
            assert sim.control("POST", "clock", {}) == {"now": "2027-03-01T08:00:00Z", "scale": 0}


def what_is_named_is_all_that_exists():
    scenario = {"existing": {"eks_clusters": ["prod", "arn:aws:eks:us-west-2:111122223333:cluster/other"], "roles": ["hp"]}}
    with _File(scenario) as path, Sim("--scenario", path) as sim:
        sagemaker = sim.client("sagemaker")

        def create(name, eks, role="hp"):
            sagemaker.create_cluster(
                ClusterName=name,
                Orchestrator={"Eks": {"ClusterArn": f"arn:aws:eks:us-west-2:111122223333:cluster/{eks}"}},
                VpcConfig=world.network(world.DEFAULT_GROUP),
                InstanceGroups=[group(ExecutionRole=f"arn:aws:iam::111122223333:role/{role}")],
            )

        create("one", "prod")
        create("two", "other")
        with refused("ValidationException", "sim' does not exist"):
            create("three", "sim")
        with refused("ValidationException", "cannot assume the execution role"):
            create("three", "prod", role="absent")


def a_bucket_that_does_not_exist_fails_the_lifecycle_script():
    with _File({"existing": {"buckets": ["another"]}}) as path, Sim("--scenario", path) as sim:
        sagemaker = sim.client("sagemaker")
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group()])
        sim.advance(3600)
        seen = sagemaker.describe_cluster(ClusterName="c")
        assert seen["ClusterStatus"] == "Failed" and "Lifecycle scripts did not run" in seen["FailureMessage"], seen


def conditions_are_there_from_the_start_and_after_a_reset():
    with _File({"conditions": [{"kind": "quota", "instance_type": "ml.c5.large", "limit": 1}]}) as path:
        with Sim("--scenario", path) as sim:
            for _ in range(2):
                with refused("ResourceLimitExceeded"):
                    sim.client("sagemaker").create_cluster(ClusterName="c", InstanceGroups=[group(count=2)])
                sim.control("POST", "reset")


def what_exists_outlives_the_process_and_time_goes_on():
    state = world.temporary_file()
    scenario = {"clock": {"start": "2027-03-01T08:00:00Z"}, "existing": {"roles": ["hp"], "buckets": ["sagemaker-x"]}}
    try:
        with _File(scenario) as path, Sim("--scenario", path, "--state", state) as sim:
            sim.client("sagemaker").create_cluster(ClusterName="c", InstanceGroups=[group()])
            sim.advance(7200)
            before = sim.control("GET", "state")
            assert before["existing"] == {"buckets": ["sagemaker-x"], "roles": ["hp"]}
        for options in ((), ("--scenario", path)):
            with _File(scenario) as path:
                with Sim("--state", state, *(("--scenario", path) if options else ())) as sim:
                    after = sim.control("GET", "state")
                    assert after["existing"] == before["existing"]
                    assert after["now"] == "2027-03-01T10:00:00Z"
                    assert world.status(sim.client("sagemaker")) == "InService"
    finally:
        os.unlink(state)


def existing_things_can_be_told_later_too():
    with Sim() as sim:
        told = sim.control("POST", "existing", {"roles": ["other"]})
        assert told == {"roles": ["other"]}
        with refused("ValidationException", "cannot assume the execution role"):
            sim.client("sagemaker").create_cluster(ClusterName="c", InstanceGroups=[group()])


def a_scenario_of_many_megabytes_is_refused():
    with tempfile.NamedTemporaryFile("w") as file:
        file.write('{"comment": "' + "x" * (17 << 20) + '"}')
        file.flush()
        done = subprocess.run([world.binary, "--scenario", file.name], capture_output=True, text=True, timeout=20)
        assert done.returncode == 65 and "16 MiB" in done.stderr, done
