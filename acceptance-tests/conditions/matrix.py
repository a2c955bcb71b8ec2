#!/usr/bin/env python3
"""What is short, broken or missing (the conditions of hyperpod-sim), while a cluster is made, scaled and deleted.

A row is a command, a condition and how it must end. What must hold, seen from outside:

- the command ends right; or with one error that has AWS's words, what they mean and what helps;
- a creation that failed after AWS took it is in the state; of one that AWS refused nothing is left anywhere;
- a change that failed leaves the state as AWS has it, and taints nothing;
- when what was missing is there, the same command does what was asked for, a plan is empty, and destroy leaves nothing.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import trouble  # noqa: E402
from trouble import CLUSTER, TAGS, TWO, Scenario, cluster, holds, instance_group  # noqa: E402

ROLE = "arn:aws:iam::111122223333:role/hyperpod-nodes"
THREE = instance_group("workers", 3) + instance_group("login", 1)
MAKE = Scenario("make", CLUSTER, "apply", None, cluster(TWO, TAGS))
SCALE = Scenario("scale", CLUSTER, "apply", cluster(TWO, TAGS), cluster(THREE, TAGS))
REMOVE = Scenario("remove", CLUSTER, "destroy", cluster(TWO, TAGS), None)

# Verdicts: how the command must end.
RIGHT = "right"  # nobody sees it
REFUSED = "refused"  # AWS does not begin
FAILED = "failed"  # AWS begins, and it fails
WAITS = "waits"  # it goes on until somebody mends it: the command gives up waiting

CAPACITY = ("sufficient capacity", "Cause: AWS has no such instances free", "What helps: ")
SCRIPT = ("Lifecycle scripts did not run successfully", "Cause: A lifecycle script ended with an error", "log group /aws/sagemaker/")
PERMISSION = ("does not have permission to perform ec2:", "Cause: The execution role lacks a permission", "What helps: ")
QUOTA = ("ResourceLimitExceeded", "request id")
ROWS = [
    # what there is none of
    (MAKE, {"kind": "no_capacity"}, FAILED, CAPACITY),
    (MAKE, {"kind": "no_capacity", "nodes": 2}, FAILED, CAPACITY),
    (SCALE, {"kind": "no_capacity"}, FAILED, CAPACITY),
    (MAKE, {"kind": "quota", "instance_type": "ml.c5.2xlarge", "limit": 2}, REFUSED, QUOTA),
    (SCALE, {"kind": "quota", "instance_type": "ml.c5.2xlarge", "limit": 3}, REFUSED, QUOTA),
    # roles and permissions
    (MAKE, {"kind": "role_propagation", "role": ROLE, "seconds": 600}, RIGHT, ()),
    (SCALE, {"kind": "role_propagation", "role": ROLE, "seconds": 600}, RIGHT, ()),
    (MAKE, {"kind": "missing_permission", "action": "iam:PassRole"}, REFUSED, ("AccessDeniedException", "iam:PassRole", "request id")),
    (MAKE, {"kind": "missing_permission", "action": "iam:CreateServiceLinkedRole"}, FAILED, ("Create it once by hand",)),
    (MAKE, {"kind": "missing_permission", "role": ROLE, "action": "ec2:CreateNetworkInterface"}, FAILED, PERMISSION),
    (SCALE, {"kind": "missing_permission", "role": ROLE, "action": "ec2:DescribeSubnets"}, FAILED, PERMISSION),
    (MAKE, {"kind": "missing_permission", "role": ROLE, "action": "s3:GetObject"}, FAILED, SCRIPT),
    (REMOVE, {"kind": "missing_permission", "role": ROLE, "action": "ec2:DeleteNetworkInterface"}, WAITS, ("Deleting", "execution role")),
    (REMOVE, {"kind": "missing_role", "role": ROLE}, WAITS, ("Deleting", "execution role")),
    # scripts and the way to them
    (MAKE, {"kind": "missing_bucket", "bucket": "sagemaker-scripts"}, FAILED, SCRIPT),
    (MAKE, {"kind": "missing_script", "group": "workers"}, FAILED, SCRIPT),
    (SCALE, {"kind": "missing_script"}, FAILED, SCRIPT),
    (MAKE, {"kind": "script_fails", "group": "login", "exit_code": 3}, FAILED, SCRIPT),
    (MAKE, {"kind": "script_fails", "group": "workers", "node": 2, "times": 1}, FAILED, SCRIPT),
    (SCALE, {"kind": "script_fails", "group": "workers", "node": 3}, FAILED, SCRIPT),
    (MAKE, {"kind": "script_hangs", "group": "workers", "node": 1}, FAILED, ("timed out", "Cause: A lifecycle script hangs")),
    (SCALE, {"kind": "script_hangs", "group": "workers"}, FAILED, ("timed out", "Cause: A lifecycle script hangs")),
    (MAKE, {"kind": "no_s3_route"}, FAILED, ("bootstrap failed", "Cause: The node reaches neither AWS", "What helps: Check routes")),
    (SCALE, {"kind": "no_s3_route"}, FAILED, ("bootstrap failed", "Cause: The node reaches neither AWS")),
    # machines
    (MAKE, {"kind": "node_dies", "group": "workers", "node": 1, "after_seconds": 1}, RIGHT, ()),
    (SCALE, {"kind": "node_dies", "group": "workers", "node": 2}, RIGHT, ()),
    (REMOVE, {"kind": "node_dies", "group": "workers", "node": 1}, RIGHT, ()),
]


def told(condition):
    return " ".join([condition["kind"], *(f"{name}={value}" for name, value in condition.items() if name != "kind")])


def is_clear(outcome, words):
    holds(len(outcome.errors) == 1, f"one error is told, and not {len(outcome.errors)}", outcome)
    text = outcome.told(outcome.errors)
    holds('"ml-cluster"' in text, "the error names the cluster", outcome)
    for word in words:
        holds(word in text, f"the error says: {word}", outcome)


def run(stage, scenario, condition, verdict, words):
    name = told(condition).replace(" ", "-").replace("/", "-")[:80]
    with stage.world(scenario, name, "8s" if verdict == WAITS else None) as world:
        before = world.state()
        world.sim.control("POST", "conditions", condition)
        outcome = world.terraform(scenario.command)
        holds(outcome.status == (0 if verdict == RIGHT else 1), f"the command ends as '{verdict}' does", outcome)
        if verdict != RIGHT:
            is_clear(outcome, words)
        state = world.state()
        if verdict == REFUSED and not before:
            holds(state == {} and world.objects() == set(), "nothing is left of what AWS refused", state, world.objects())
        elif verdict in (REFUSED, WAITS) or before and verdict == FAILED:
            holds(state == before, "the cluster is in the state, and not tainted", state, outcome)
        elif verdict == FAILED:
            holds([tainted for _, tainted in state.values()] == [True], "what failed is in the state, to be made anew", state)
        if scenario.command == "apply":
            trouble.is_true(world, scenario)
        if "times" in condition or condition["kind"] == "node_dies":
            hits = sum(there["hits"] for there in world.sim.control("GET", "conditions"))
            holds(hits > 0, "the condition struck", outcome)

        world.sim.control("DELETE", "conditions")
        world.variables.pop("patience", None)
        if scenario.command == "destroy":
            if verdict != RIGHT:
                again = world.terraform("destroy")
                holds(again.status == 0, "when it is mended the deletion ends", again)
            return trouble.is_clean(world)
        trouble.converges(world, scenario, may_import=False)
        trouble.is_as_wanted(world, scenario, {})
        gone = world.terraform("destroy", "-refresh=false")
        holds(gone.status == 0, "it can be destroyed", gone)
        return trouble.is_clean(world)


def main():
    stage = trouble.Stage()
    runs = []
    for scenario, condition, verdict, words in ROWS:
        sentence = f"{scenario}, {told(condition)}: {verdict}"
        runs.append((sentence, lambda row=(scenario, condition, verdict, words): run(stage, *row)))
    return trouble.play(runs)


if __name__ == "__main__":
    sys.exit(main())
