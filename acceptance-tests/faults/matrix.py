#!/usr/bin/env python3
"""Every fault on every call to AWS of every verb of both resources, one at a time.

A run is a scenario, a call of it (its place in the sequence of calls) and a kind of fault that hits exactly this call,
with the usual retries or without any. What must hold, seen from outside:

- the command ends right; or with one error, that says what was being done, with which object, what AWS answered and its
  request id, and what to do. Passing trouble is retried and never seen at all;
- there is never a second object, and none is lost;
- the state is what AWS has;
- when the trouble is over, the same command does what was asked for, and a plan is empty; where the command failed,
  destroy leaves nothing afterwards.

CI runs each call with one kind, the kinds in turn (or with HP_TURN=n, beginning n kinds later), and each operation of a
resource once with a fault that stays; HP_FULL=1 runs all of them in each scenario.
"""

import itertools
import os
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import trouble  # noqa: E402
from trouble import holds  # noqa: E402

# What hits the call, with how many retries; does it pass, so that nobody sees it?
KINDS = {
    "throttle": ({"kind": "throttle"}, 25, True),
    "500": ({"kind": "error"}, 25, True),
    "503": ({"kind": "error", "status": 503, "code": "ServiceUnavailable"}, 25, True),
    "cut": ({"kind": "cut"}, 25, True),
    "reset": ({"kind": "reset"}, 25, True),
    "slow": ({"kind": "slow", "delay_ms": 300}, 25, True),
    "lost": ({"kind": "lost"}, 25, True),
    "skew": ({"kind": "skew"}, 0, True),
    "expired": ({"kind": "expired"}, 25, False),
    "denied": ({"kind": "error", "status": 400, "code": "AccessDeniedException", "message": "No permission."}, 25, False),
    "throttle, no retries": ({"kind": "throttle"}, 0, False),
    "500, no retries": ({"kind": "error"}, 0, False),
    "503, no retries": ({"kind": "error", "status": 503, "code": "ServiceUnavailable"}, 0, False),
    "cut, no retries": ({"kind": "cut"}, 0, False),
    "reset, no retries": ({"kind": "reset"}, 0, False),
    "lost, no retries": ({"kind": "lost"}, 0, False),
    "late": ({"kind": "slow", "delay_ms": 9000}, 25, False),
}
PATIENCE = "4s"  # of "late"
# What was once otherwise; these runs are always made. every: the fault stays, for this operation.
SEEN = [
    ("an update whose answers never come ends", "cluster-groups", "reset, no retries", "every", "UpdateCluster"),
    ("so does a deletion", "cluster-delete", "reset, no retries", "every", "DeleteCluster"),
    ("a lost creation is one error", "group-create", "reset, no retries", "every", "CreateSecurityGroup"),
    ("one lost connection does not fail the creation of a cluster", "cluster-create", "reset", "last", "CreateCluster"),
    ("a wrong clock is set right without retries too", "group-rules", "skew", "last", "RevokeSecurityGroupEgress"),
    ("a change that takes too long says what to do", "group-rules", "late", "last", "RevokeSecurityGroupIngress"),
    ("what AWS does late is named", "group-create-generated", "late", "last", "CreateSecurityGroup"),
]
STAYING = ("500, no retries", "lost, no retries", "cut, no retries", "reset, no retries", "denied", "expired")

REMEDY = re.compile(r"[Aa]pply again|[Dd]estroy again|Check |Add it to|Get new|import \{|untaint|next apply")
OBJECTS = re.compile(r'"nodes"|"ml-cluster"|"terraform-|sg-[0-9a-f]{8}|vpc-[0-9a-f]{8}|sts:GetCallerIdentity')


def is_clear(world, outcome):
    """One error: what, which object, AWS's words, what to do."""
    holds(len(outcome.errors) == 1, f"one error is told, and not {len(outcome.errors)}", outcome)
    text = outcome.told(outcome.errors)
    holds(OBJECTS.search(text), "the error names the object", outcome)
    holds(REMEDY.search(text), "the error says what to do", outcome)
    hit = [call for call in world.sim.calls() if call["fault"] != "none"]
    refused = [call for call in hit if call["status"] >= 400 and call["fault"] != "cut"]
    if refused:
        holds(any(call["code"] in text for call in refused), f"the error has AWS's code, {refused[-1]['code']}", outcome)
        holds(any(call["request_id"] in text for call in refused), "the error has AWS's request id", outcome)
    elif hit:
        holds(re.search("No answer from AWS|lost|Stopped", text), "the error says that no answer came", outcome)


def troubled(world, scenario, kind):
    """The command in trouble, and what must hold right after it."""
    before = world.state()
    plans = scenario.command == "plan"
    outcome = world.terraform(scenario.command, *(("-detailed-exitcode",) if plans else ()))
    holds(world.sim.hits() > 0, "the fault hit a call", outcome, world.sim.calls())
    holds(outcome.status in (0, 1), "the command is done or failed", outcome)
    holds(len(world.objects()) <= 1, f"there is one object at most, and not {world.objects()}", outcome)
    trouble.told_leftovers(world, outcome)
    if KINDS[kind][2]:
        holds(outcome.status == 0, "passing trouble is not seen", outcome)
    if outcome.status == 0:
        holds(not outcome.errors and not outcome.warnings, "nothing is told", outcome)
    else:
        is_clear(world, outcome)
    if plans or (outcome.status == 1 and before):
        holds(world.state().keys() == before.keys(), "what there was is still in the state", outcome)
    if scenario.command == "destroy" and outcome.status == 0:
        trouble.is_clean(world)
    return outcome


def finishes(world, scenario, wanted, outcome):
    """The trouble is over."""
    left = world.state()
    world.sim.clear()
    world.variables.pop("retries", None)
    if outcome.status == 0 and scenario.command != "apply":
        return
    if outcome.status == 0:
        plan = world.terraform("plan", "-detailed-exitcode")
        holds(plan.status == 0, "a plan is empty", plan)
        trouble.is_as_wanted(world, scenario, wanted)
        return
    if scenario.command == "apply":
        trouble.is_true(world, scenario)
    trouble.converges(world, scenario, may_import=scenario.creates and scenario.is_named)
    if scenario.command == "apply":
        trouble.is_as_wanted(world, scenario, wanted)
        if left and not next(iter(left.values()))[1]:
            holds(world.state() == left, "it is still the same object", left, world.state())
        gone = world.terraform("destroy", "-refresh=false")  # a plan has just refreshed it
        holds(gone.status == 0, "it can be destroyed", gone)
    if scenario.command != "plan":
        trouble.is_clean(world)


def run(stage, scenario, wanted, kind, fault):
    name = re.sub("[^a-z0-9]+", "-", kind)
    with stage.world(scenario, f"{fault.get('after', fault.get('operation'))}-{name}", PATIENCE if kind == "late" else None) as world:
        world.variables["retries"] = KINDS[kind][1]
        world.sim.fault(**KINDS[kind][0], **fault)
        outcome = troubled(world, scenario, kind)
        if kind == "late":
            time.sleep(2)  # then it is done, and not while the next apply looks
        finishes(world, scenario, wanted, outcome)


def main():
    stage = trouble.Stage()
    full = os.environ.get("HP_FULL") == "1"
    turn = itertools.cycle(KINDS)
    for _ in range(int(os.environ.get("HP_TURN", "0"))):
        next(turn)
    runs, stayed = [], set()

    def one(scenario, wanted, kind, sentence, **fault):
        runs.append((sentence, lambda: run(stage, scenario, wanted, kind, fault)))

    recorded = trouble.each(trouble.SCENARIOS, lambda scenario: trouble.sequence(stage, scenario))
    for seen, name, kind, which, operation in SEEN:
        scenario, (calls, wanted) = trouble.named(name, recorded)
        where = {"operation": operation} if which == "every" else {"after": trouble.last(calls, operation), "times": 1}
        one(scenario, wanted, kind, f"{seen}: {kind} in {scenario} at {which} {operation}", **where)
    for scenario, (calls, wanted) in zip(trouble.SCENARIOS, recorded):
        for place, (service, operation) in enumerate(calls):
            for kind in KINDS if full else [next(turn)]:
                sentence = f"{scenario}: {kind} at call {place + 1}, {service}:{operation}"
                one(scenario, wanted, kind, sentence, after=place, times=1)
        for operation in dict.fromkeys(operation for _, operation in calls):
            if not full and (scenario.resource, operation) in stayed:
                continue
            stayed.add((scenario.resource, operation))
            for kind in STAYING if full else [STAYING[len(runs) % len(STAYING)]]:
                one(scenario, wanted, kind, f"{scenario}: {kind} at every {operation}", operation=operation)
    return trouble.play(runs)


if __name__ == "__main__":
    sys.exit(main())
