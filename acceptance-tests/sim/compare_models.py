#!/usr/bin/env python3
"""Compares hyperpod-sim with AWS's models: which operations it has, which input members it takes, which output members
the calls of the battery brought back, and what is missing.

Usage: compare_models.py [--models DIR] [--records DIR] [--sim BINARY] [--verbose] [SERVICE…]

DIR is a folder as for hyperpod-sim --models (the installed botocore's without one); trimmed models compare with what they
hold. Without --records the battery runs first, with each call and answer held against the models, and its calls are
recorded. Exit: 0; 1 where one of the operations that must be whole (*) or a member of it is missing, or the battery failed; 2
where nothing could be compared.
"""

import argparse
import collections
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import botocore

import world

SERVICES = ("sagemaker", "ec2", "sts")

# The operations that must be whole: what AWS has for clusters and what goes with them.
OURS = ("Cluster", "ComputeQuota", "TrainingPlan", "ReservedCapacity", "AddTags", "DeleteTags", "ListTags")


def is_ours(service, operation):
    return service == "sagemaker" and any(word in operation for word in OURS)


# Members that no answer of a simulated account can have, and why.
NEVER = {
    ("ListClusterExtensions", "NextToken"): "a cluster has one extension of a name, and one is known",
    ("ListTags", "NextToken"): "a page has 50 tags at least, and nothing has more",
    **{
        (operation, f"{author}.{member}"): "of SageMaker Studio, whose users are not there"
        for operation in ("DescribeClusterSchedulerConfig", "DescribeComputeQuota")
        for author in ("CreatedBy", "LastModifiedBy")
        for member in ("UserProfileArn", "UserProfileName", "DomainId")
    },
}


def read_model(folder, service):
    paths = [os.path.join(folder, f"{service}.service-2.json")]
    home = os.path.join(folder, service)
    if os.path.isdir(home):
        paths.append(os.path.join(home, sorted(v for v in os.listdir(home) if v[0] != ".")[-1], "service-2.json"))
    for path in paths:
        for name, opener in ((path, open), (path + ".gz", gzip.open)):
            if os.path.exists(name):
                with opener(name, "rt") as file:
                    return json.load(file)
    return None


class Model:
    def __init__(self, service, model):
        self.service, self.shapes, self.operations = service, model["shapes"], model["operations"]
        self.protocol = model["metadata"]["protocol"]

    def paths(self, operation, side):
        """Members as paths: "InstanceGroups[].InstanceCount"; what holds itself is cut where it begins again."""
        reference = self.operations[operation].get(side)
        return dict(self._walk(reference["shape"], "", ())) if reference else {}

    def _walk(self, name, path, above):
        shape = self.shapes[name]
        if name in above:
            return
        above = (*above, name)
        if shape["type"] == "structure":
            for member, reference in shape.get("members", {}).items():
                here = f"{path}.{member}" if path else member
                yield here, reference
                yield from self._walk(reference["shape"], here, above)
        elif shape["type"] == "list":
            yield from self._walk(shape["member"]["shape"], path + "[]", above)
        elif shape["type"] == "map":
            yield from self._walk(shape["value"]["shape"], path + ".*", above)

    def form(self, operation):
        """The same members as a form calls them: {"Filters[].Values": "Filter.N.Value.N"}."""
        reference = self.operations[operation].get("input")
        return dict(self._form(reference["shape"], "", "", ())) if reference else {}

    def _form(self, name, path, form, above):
        shape = self.shapes[name]
        if name in above:
            return
        above = (*above, name)
        if shape["type"] == "structure":
            for member, reference in shape.get("members", {}).items():
                called = reference.get("queryName")
                if called is None:
                    called = reference.get("locationName", member)
                    if self.protocol == "ec2" and "locationName" in reference:
                        called = called[0].upper() + called[1:]
                here, there = (f"{path}.{member}" if path else member), (f"{form}.{called}" if form else called)
                yield here, there
                yield from self._form(reference["shape"], here, there, above)
        elif shape["type"] == "list":
            word = "" if self.protocol == "ec2" or shape.get("flattened") else "." + shape["member"].get("locationName", "member")
            yield path + "[]", f"{form}{word}.N"
            yield from self._form(shape["member"]["shape"], path + "[]", f"{form}{word}.N", above)


def matches(model_path, seen):
    if model_path in seen:
        return True
    return ".*" in model_path and any(_fits(model_path.split("."), path.split(".")) for path in seen)


def _fits(pattern, path):
    return len(pattern) == len(path) and all(p in ("*", "*[]") or p == s for p, s in zip(pattern, path))


def taken(model, operation, takes):
    """The input members that the sim's table takes, as the model's paths."""
    if model.protocol == "json":
        return {path for path in model.paths(operation, "input") if path.replace(".*", "{}") in takes}
    found = set()
    for path, form in model.form(operation).items():
        if any(word == form or word.startswith(form + ".") for word in takes):
            found.add(path.removesuffix("[]"))
    return found


class Row:
    def __init__(self, operation):
        self.operation, self.known = operation, False
        self.inputs = self.outputs = 0
        self.untaken, self.unseen = [], []

    @property
    def missing(self):
        return not self.known or bool(self.untaken or self.unseen)


def compare(model, tables, got):
    for operation in sorted(model.operations):
        row = Row(operation)
        inputs, outputs = model.paths(operation, "input"), model.paths(operation, "output")
        row.inputs, row.outputs = len(inputs), len(outputs)
        table = tables.get(model.service, {}).get(operation)
        row.known = table is not None
        if row.known:
            # An operation without a table of its own takes what the model has.
            by_model = not table["takes"] and inputs
            accepted = set(inputs) if by_model else taken(model, operation, set(table["takes"]))
            row.untaken = [path for path in inputs if path not in accepted]
            seen = got[(model.service, operation)]
            row.unseen = [p for p in outputs if not matches(p, seen) and (operation, p) not in NEVER]
        yield row


def read_records(folder):
    got = collections.defaultdict(set)
    for path in pathlib.Path(folder).glob("*.jsonl"):
        for line in path.read_text().splitlines():
            service, operation, side, paths = json.loads(line)
            if side == "got":
                got[(service, operation)].update(paths)
    return got


def run_battery(arguments, folder):
    battery = pathlib.Path(__file__).with_name("battery.py")
    environment = {**os.environ, "HP_SIM_MODELS": arguments.models, "HP_SIM_RECORDS": folder}
    done = subprocess.run(
        [sys.executable, str(battery), "--sim", arguments.sim], env=environment, capture_output=True, text=True
    )
    print(f"battery, held against the models: {done.stdout.splitlines()[-1] if done.stdout else 'no result'}")
    if done.returncode != 0:
        print(done.stdout[-6000:], done.stderr[-2000:])
    return done.returncode == 0


def short(paths, count=3):
    """The outermost missing members are enough: what they hold is missing too."""
    top = [p for p in paths if not any(p != o and (p.startswith(o + ".") or p.startswith(o + "[]")) for o in paths)]
    return ", ".join(top[:count]) + (f" … ({len(paths)} in all)" if len(top) > count or len(paths) > len(top) else "")


def show(service, rows, verbose):
    known = [row for row in rows if row.known]
    print(f"\n{service}: {len(known)} of {len(rows)} operations of the model")
    print(f"{'operation':42} {'input taken':>12} {'output seen':>12}  missing")
    for row in known:
        taken_count, seen_count = row.inputs - len(row.untaken), row.outputs - len(row.unseen)
        missing = [f"in: {short(row.untaken, 999 if verbose else 3)}"] if row.untaken else []
        missing += [f"out: {short(row.unseen, 999 if verbose else 3)}"] if row.unseen else []
        mark = "*" if is_ours(service, row.operation) else " "
        print(f"{mark}{row.operation:41} {taken_count:5} of {row.inputs:3} {seen_count:5} of {row.outputs:3}  {'; '.join(missing)}")
    absent = [row.operation for row in rows if not row.known]
    clusters = [name for name in absent if is_ours(service, name)]
    if clusters:
        print(f"* missing: {', '.join(clusters)}")
    rest = [name for name in absent if name not in clusters]
    if rest and (verbose or len(rest) <= 60):
        print(f"  not there: {', '.join(rest)}")
    elif rest:
        print(f"  not there: {len(rest)} operations")


def totals(service, rows):
    rows = [row for row in rows if row.known]
    taken_count, inputs = sum(r.inputs - len(r.untaken) for r in rows), sum(r.inputs for r in rows)
    seen, outputs = sum(r.outputs - len(r.unseen) for r in rows), sum(r.outputs for r in rows)
    print(f"{service}: {len(rows)} operations, {taken_count} of {inputs} input members, {seen} of {outputs} output members")


def main():
    parser = argparse.ArgumentParser()
    root = pathlib.Path(__file__).resolve().parents[2]
    data = os.path.join(os.path.dirname(botocore.__file__), "data")
    parser.add_argument("--models", default=data)
    parser.add_argument("--records")
    parser.add_argument("--sim", default=os.path.join(os.environ.get("HP_BIN", root / "build/dev/bin"), "hyperpod-sim"))
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("services", nargs="*", default=SERVICES)
    arguments = parser.parse_args()
    world.binary, world.models = arguments.sim, None

    with tempfile.TemporaryDirectory(prefix="hyperpod-sim-") as folder:
        sound = True if arguments.records else run_battery(arguments, folder)
        got = read_records(arguments.records or folder)
    with world.Sim("--models", arguments.models, "--quiet") as sim:
        tables, found = sim.control("GET", "operations"), sim.control("GET", "models")
    for line in found["notes"] + found["differences"]:
        print(f"note: {line}")

    failed, all_rows = not sound or bool(found["differences"]), {}
    for service in arguments.services:
        model = read_model(arguments.models, service)
        if model is None:
            print(f"{service}: there is no model of it in {arguments.models}")
            return 2
        rows = list(compare(Model(service, model), tables, got))
        show(service, rows, arguments.verbose)
        all_rows[service] = rows
        failed |= any(row.missing for row in rows if is_ours(service, row.operation))
    print("\nOf the operations that hyperpod-sim has:")
    for service, rows in all_rows.items():
        totals(service, rows)
    clusters = [row for row in all_rows.get("sagemaker", []) if is_ours("sagemaker", row.operation)]
    lacking = [row.operation for row in clusters if row.missing]
    print(f"operations that must be whole (*): {len(clusters) - len(lacking)} of {len(clusters)} are")
    for (operation, path), why in NEVER.items():
        print(f"never returned: {operation} {path}: {why}")
    if lacking:
        print(f"not whole: {', '.join(lacking)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
