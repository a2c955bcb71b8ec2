#!/usr/bin/env python3
"""Cut off at every call to AWS of every verb of both resources: the provider is killed, Terraform is killed, or somebody
presses Ctrl-C.

A run is a scenario, a call of it, whether AWS has carried this call out (mute) or has not (held), and who is cut off.
While the call is under way the blow falls. What must hold:

- there is never a second object;
- after Ctrl-C all ends within seconds; what AWS has is in the state as it is, and is not tainted;
- after a kill the next command does what was asked for, or names the object that it met, with its import block;
- then a plan is empty, and destroy leaves nothing.

Searches for what a create made whose answer was lost are cut off too, in all ways.

CI runs each call once, with one of the six ways in turn (HP_TURN=n: beginning n ways later); HP_FULL=1 runs all of them.
"""

import itertools
import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import trouble  # noqa: E402
from trouble import holds  # noqa: E402

WAYS = list(itertools.product(("held", "mute"), ("provider", "terraform", "ctrl-c")))
SENTENCES = {"provider": "the provider is killed", "terraform": "terraform is killed", "ctrl-c": "Ctrl-C"}
# What was once otherwise; these runs are always made.
SEEN = [
    ("after Ctrl-C a new group does not keep AWS's egress rule", "group-create", "RevokeSecurityGroupEgress", "held", "ctrl-c"),
    ("Ctrl-C while AWS makes a group does not lose it", "group-create-generated", "CreateSecurityGroup", "mute", "ctrl-c"),
    ("an interrupted change leaves a true state", "group-rules", "RevokeSecurityGroupIngress", "mute", "ctrl-c"),
    ("a group that is left over is named", "group-create-generated", "CreateSecurityGroup", "mute", "provider"),
    ("a group imported after a kill gets its rules for HTTPS", "group-create", "CreateSecurityGroup", "mute", "terraform"),
    ("rules left in an adopted group are named", "adopt-create", "AuthorizeSecurityGroupIngress", "mute", "terraform"),
    ("rules of a killed update are known again", "adopt-rules", "AuthorizeSecurityGroupEgress", "mute", "terraform"),
    ("a killed provider forgets no rule", "adopt-rules", "RevokeSecurityGroupEgress", "held", "provider"),
]
# After a create whose answer was lost, the blow falls while the object is looked for: AWS has it (lost), and the first
# look is under way, or has none (reset), and the next look is waited for.
SEARCHES = [
    (name, operation, loss, who)
    for name, operation in (
        ("group-create", "CreateSecurityGroup"),
        ("group-create-generated", "CreateSecurityGroup"),
        ("cluster-create", "CreateCluster"),
    )
    for loss in ("lost", "reset")
    for who in ("provider", "terraform", "ctrl-c")
]
SOON = 12  # seconds: the last look may take five, and terraform is slow on a busy machine


def is_hit(world, process, times=1):
    until = time.monotonic() + 60
    while world.sim.hits() < times:
        holds(process.poll() is None, "the command reaches the call", process.stdout.read() if process.poll() else "")
        holds(time.monotonic() < until, "the command reaches the call within a minute")
        time.sleep(0.02)


def providers(process):
    """Children of Terraform."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == process.pid:
                found.append(int(stat.parent.name))
        except (OSError, IndexError):
            pass
    return found


def is_gone(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def strike(world, process, who):
    """Who is cut off. The outcome of the command, or None when it was killed itself."""
    began = time.monotonic()
    plugins = providers(process)
    holds(len(plugins) == 1, f"one provider is at work, and not {plugins}")
    if who == "terraform":
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        until = time.monotonic() + 5
        while not is_gone(plugins[0]):
            holds(time.monotonic() < until, "the provider goes with its parent")
            time.sleep(0.01)
        return None
    if who == "provider":
        os.kill(plugins[0], signal.SIGKILL)
    else:
        os.killpg(process.pid, signal.SIGINT)
    return world.finish(process, f"({who})", began, 30)


def told_by_us(diagnostics):
    """Terraform has its own words for an interrupt."""
    return [d for d in diagnostics if "execution halted" not in d["summary"] and "cancel" not in d["summary"].lower()]


def after_ctrl_c(world, scenario, outcome):
    holds(outcome.took < SOON, f"Ctrl-C ends it within {SOON} s", outcome)
    errors = told_by_us(outcome.errors)
    holds(len(errors) <= 1, "one error is told at most", outcome)
    state = world.state()
    if scenario.command == "destroy":
        holds(bool(state) >= bool(world.objects()), "what is still there is in the state", outcome)
        return
    for name in world.objects():
        holds(name in [known for known, _ in state.values()], f"{name} is in the state", outcome, state)
    holds(not any(tainted for _, tainted in state.values()), "and not tainted", outcome)
    if scenario.before is not None and scenario.command == "apply":
        trouble.is_true(world, scenario)


def begin(world, scenario, place, kind):
    """The command, at its call."""
    world.sim.fault(kind=kind, after=place, times=1)
    if kind == "lost":
        world.sim.fault(kind="held", after=place, times=1)  # of those that it sees, which the lost one is not
    process = world.begin(scenario.command)
    is_hit(world, process, 2 if kind == "lost" else 1)
    if kind == "reset":
        time.sleep(0.4)  # into the wait, which is a second at least
    return process


def run(stage, scenario, wanted, place, kind, who):
    with stage.world(scenario, f"{place}-{kind}-{who}") as world:
        before = world.state()
        process = begin(world, scenario, place, kind)
        outcome = strike(world, process, who)
        world.sim.clear()
        holds(len(world.objects()) <= 1, f"there is one object at most, and not {world.objects()}", outcome)
        if who == "ctrl-c":
            after_ctrl_c(world, scenario, outcome)
        if who == "ctrl-c" and kind == "reset":
            holds("It is not known whether" in outcome.told(), "that the object may be there is told", outcome)
        if before and scenario.command != "destroy":
            holds(world.state() == before, "what there was is still in the state", outcome)
        left = world.state()
        trouble.converges(world, scenario, may_import=scenario.creates and scenario.is_named)
        if scenario.command == "apply":
            trouble.is_as_wanted(world, scenario, wanted)
            holds(not left or left == world.state(), "it is still the same object", left, world.state())
            gone = world.terraform("destroy", "-refresh=false")  # a plan has just refreshed it
            holds(gone.status == 0, "it can be destroyed", gone)
        if scenario.command != "plan":
            trouble.is_clean(world)


def main():
    stage = trouble.Stage()
    full = os.environ.get("HP_FULL") == "1"
    turn = itertools.cycle(WAYS)
    for _ in range(int(os.environ.get("HP_TURN", "0"))):
        next(turn)
    runs = []

    def one(scenario, wanted, place, call, kind, who):
        done = "AWS has carried it out" if kind == "mute" else "AWS has not carried it out"
        sentence = f"{scenario}: {SENTENCES[who]} at call {place + 1}, {':'.join(call)}; {done}"
        runs.append((sentence, lambda: run(stage, scenario, wanted, place, kind, who)))

    recorded = trouble.each(trouble.SCENARIOS, lambda scenario: trouble.sequence(stage, scenario))
    for seen, name, operation, kind, who in SEEN:
        scenario, (calls, wanted) = trouble.named(name, recorded)
        place = trouble.last(calls, operation)
        sentence = f"{seen}: {SENTENCES[who]} in {scenario} at {operation} ({kind})"
        runs.append((sentence, lambda a=(scenario, wanted, place, kind, who): run(stage, *a)))
    for name, operation, loss, who in SEARCHES:
        scenario, (calls, wanted) = trouble.named(name, recorded)
        place = trouble.last(calls, operation)
        sentence = f"{scenario}: {SENTENCES[who]} while what {operation} made is looked for ({loss})"
        runs.append((sentence, lambda a=(scenario, wanted, place, loss, who): run(stage, *a)))
    for scenario, (calls, wanted) in zip(trouble.SCENARIOS, recorded):
        # While it plans for an apply or a destroy, terraform does not tell the provider of Ctrl-C.
        last = max(place for place, call in enumerate(calls) if call[0] == "sts")
        for place, call in enumerate(calls):
            deaf = scenario.command != "plan" and place < last
            ways = [way for way in WAYS if way[1] != "ctrl-c" or not deaf]
            for kind, who in ways if full else [next(way for way in turn if way in ways)]:
                one(scenario, wanted, place, call, kind, who)
    return trouble.play(runs)


if __name__ == "__main__":
    sys.exit(main())
