"""The state file in trouble: a disk that is full for a while, a second sim, what is no file."""

import os
import resource
import signal
import subprocess

import world
from world import Sim, refused


def _groups(ec2):
    return {group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]}


def _room(sim, more):
    """The sim's files may grow to so many bytes; None: without end."""
    resource.prlimit(sim.process.pid, resource.RLIMIT_FSIZE, (more or resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def what_was_acknowledged_before_and_after_the_disk_was_full_is_there_after_a_kill():
    path = world.temporary_file()
    try:
        with Sim("--state", path) as sim:
            ec2 = sim.client("ec2")

            def create(name):
                return ec2.create_security_group(GroupName=name, Description="d")["GroupId"]

            told = {create("before")}
            _room(sim, os.path.getsize(path) + 50)
            with refused("InternalFailure", "state file", status=500):
                create("done, and nobody was told")
            written = os.path.getsize(path)
            assert open(path).read()[-1] != "\n", "the line was to be cut off"
            for attempt in range(3):
                with refused("InternalFailure", "state file", status=500):
                    create(f"not done {attempt}")
            for call, body in (("clock", {"advance_seconds": 5}), ("conditions", {"kind": "no_capacity"}), ("existing", {"roles": []})):
                with _answers(500):
                    sim.control("POST", call, body)
            assert sim.control("GET", "conditions") == [] and os.path.getsize(path) == written
            _room(sim, None)
            told.add(create("after"))
            there = _groups(ec2)
            assert told < there and len(there) == 4  # with the default one
            sim.end(signal.SIGKILL)
        with Sim("--state", path) as sim:
            assert _groups(sim.client("ec2")) == there
    finally:
        os.unlink(path)


class _answers:
    """The block must end with this status of HTTP."""

    def __init__(self, status):
        self.status = status

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert getattr(error, "code", None) == self.status, f"{error} instead of {self.status}"
        return True


def _start(path):
    return subprocess.run([world.binary, "--state", path], capture_output=True, text=True, timeout=20)


def a_second_sim_on_the_same_state_says_so_and_spoils_nothing():
    path = world.temporary_file()
    try:
        with Sim("--state", path) as sim:
            made = sim.client("sagemaker").create_cluster(ClusterName="c", InstanceGroups=[world.group()])
            done = _start(path)
            assert done.returncode == 73 and f"{path}: another hyperpod-sim keeps its state there" in done.stderr, done
            sim.end(signal.SIGKILL)
        with Sim("--state", path) as sim:  # what was killed keeps nobody out
            assert sim.client("sagemaker").describe_cluster(ClusterName="c")["ClusterArn"] == made["ClusterArn"]
    finally:
        os.unlink(path)


def a_device_or_a_pipe_is_no_state_file():
    path = world.temporary_file()
    os.mkfifo(path)
    try:
        for place in ("/dev/zero", path):
            done = _start(place)
            assert done.returncode == 73 and "it is not a regular file" in done.stderr, done
    finally:
        os.unlink(path)
