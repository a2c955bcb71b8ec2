"""What the stories of trouble share: worlds that are made in a moment, and what must hold in each of them.

A scenario is one command of Terraform in a world that is prepared once: its simulated AWS is started anew from the
journal of the preparation, its stack is a copy. So a run costs little more than the commands that it is about, and a
call of it is always the same call: the n-th since the world began.

Only the standard library is needed. HP_BIN, TF and TF_CLI_CONFIG_FILE come from lib.sh.
"""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time
import traceback
import urllib.request

VPC, SUBNET, ADOPTED = "vpc-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60718", "sg-0a1b2c3d4e5f60718"
GROUP, CLUSTER = "hyperpod_efa_security_group", "hyperpod_cluster"
CREATES = ("CreateSecurityGroup", "CreateCluster")

BIN = pathlib.Path(os.environ["HP_BIN"])
TF = os.environ["TF"]
WORK = pathlib.Path(os.environ["WORK"])


class Broken(Exception):
    """What must hold does not."""


def holds(truth, sentence, *details):
    if not truth:
        raise Broken(sentence + "".join(f"\n{detail}" for detail in details))


# --- The simulated AWS ---


class Sim:
    def __init__(self, folder, scale):
        command = [BIN / "hyperpod-sim", "--port", "0", "--seed", "7", "--time-scale", str(scale)]
        command += ["--state", folder / "journal", "--log", folder / "sim.log"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        holds(line[:1] == ["ready"], f"the simulated AWS starts, and does not say {line}")
        self.url = line[1]

    def end(self):
        self.process.terminate()
        try:
            status = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.process.stdout.close()
        return status

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def fault(self, **members):
        self.control("POST", "faults", members)

    def clear(self):
        self.control("DELETE", "faults")

    def calls(self):
        return self.control("GET", "calls")

    def hits(self):
        return sum(fault["hits"] for fault in self.control("GET", "faults"))

    def _things(self, kind):
        return [thing for region in self.control("GET", "state")["regions"] for thing in region[kind]]

    def groups(self):
        """Security groups, without the one that every VPC has."""
        return [group for group in self._things("security-group") if group["groupName"] != "default"]

    def clusters(self):
        return self._things("cluster")

    def rules(self, group_id, but=()):
        """What the group permits, with descriptions, in an order of its own."""
        rules = [rule for rule in self._things("security-group-rule") if rule["groupId"] == group_id]
        rules = [rule for rule in rules if rule["securityGroupRuleId"] not in but]
        dropped = ("securityGroupRuleId", "securityGroupRuleArn", "groupId", "tagSet")
        return sorted(
            json.dumps({key: value for key, value in rule.items() if key not in dropped}, sort_keys=True).replace(
                group_id, "self"
            )
            for rule in rules
        )


# --- Terraform ---


class Outcome:
    """How a command of Terraform ended."""

    def __init__(self, command, status, lines, took):
        self.command, self.status, self.took = command, status, took
        self.text = lines
        self.errors, self.warnings = [], []
        for line in lines.splitlines():
            with contextlib.suppress(ValueError):
                said = json.loads(line).get("diagnostic")
                if said is not None:
                    (self.errors if said["severity"] == "error" else self.warnings).append(said)

    def told(self, diagnostics=None):
        return "\n".join(
            f"[{d['severity']}] {d['summary']}\n{d.get('detail', '')}"
            for d in (self.errors + self.warnings if diagnostics is None else diagnostics)
        )

    def __str__(self):
        plain = [line for line in self.text.splitlines() if not line.startswith("{")]
        changes = re.findall('"@message":"(hyperpod_[^"]*: (?:Plan to|Drift)[^"]*)"', self.text)
        more = "\n".join([*dict.fromkeys(changes), *plain[-20:]])
        return f"terraform {self.command} ended with {self.status} after {self.took:.1f} s\n{self.told()}\n{more}"


class World:
    """A simulated AWS and a stack, of one run."""

    def __init__(self, folder, scale):
        self.folder, self.stack = folder, folder / "stack"
        self.sim = Sim(folder, scale)
        self.variables = {}
        self.outcomes = []
        self.left, self.left_rules = set(), set()  # told by a warning: groups, and rules of an adopted group

    def end(self):
        status = self.sim.end()
        holds(status == 0, f"the simulated AWS ends cleanly (it ended with {status})")

    def config(self, text):
        (self.stack / "main.tf").write_text(text)

    def environment(self):
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ENDPOINT_URL": self.sim.url,
            "AWS_REGION": "us-west-2",
            "AWS_ACCESS_KEY_ID": "AKIASIMULATEDACCOUNT",
            "AWS_SECRET_ACCESS_KEY": "simulated-secret",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
            "NO_PROXY": "127.0.0.1,localhost",
            **{f"TF_VAR_{name}": str(value) for name, value in self.variables.items()},
        }

    def begin(self, command, *more):
        """Starts it in a process group of its own, as under a terminal."""
        arguments = [TF, f"-chdir={self.stack}", command, "-json", "-lock=false", *more]
        if command in ("apply", "destroy"):
            arguments.append("-auto-approve")
        return subprocess.Popen(
            arguments,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def finish(self, process, command, began, within):
        try:
            text, _ = process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            text, _ = process.communicate()
            raise Broken(f"terraform {command} ends within {within} s\n{text[-1500:]}") from None
        outcome = Outcome(command, process.returncode, text, time.monotonic() - began)
        self.outcomes.append(outcome)
        return outcome

    def terraform(self, command, *more, within=120):
        began = time.monotonic()
        return self.finish(self.begin(command, *more), command, began, within)

    def attributes(self, address):
        resources = json.loads((self.stack / "terraform.tfstate").read_text())["resources"]
        return next(r["instances"][0]["attributes"] for r in resources if f"{r['type']}.{r['name']}" == address)

    def state(self):
        """The resources in the state file: {address: (id, tainted)}."""
        path = self.stack / "terraform.tfstate"
        if not path.exists() or path.stat().st_size == 0:
            return {}
        found = {}
        for resource in json.loads(path.read_text())["resources"]:
            for instance in resource["instances"]:
                address = f"{resource['type']}.{resource['name']}"
                found[address] = (instance["attributes"]["id"], instance.get("status") == "tainted")
        return found

    def objects(self):
        """Ids of what this stack can have made and AWS has."""
        return {group["groupId"] for group in self.sim.groups()} | {c["ClusterName"] for c in self.sim.clusters()}

    def executed(self, operation):
        """How often AWS carried it out, as far as can be told."""
        return sum(
            call["operation"] == operation and (call["status"] == 200 or call["fault"] in ("lost", "mute"))
            for call in self.sim.calls()
        )


# --- Scenarios ---

HEAD = """
variable "retries" {
  type    = number
  default = 25
}
variable "patience" {
  type    = string
  default = null
}
provider "hyperpod" {
  max_retries = var.retries
}
"""

TIMEOUTS = """
  timeouts {
    create = var.patience
    read   = var.patience
    update = var.patience
    delete = var.patience
  }
"""


def group(body):
    return f'{HEAD}\nresource "{GROUP}" "it" {{\n{body}\n{TIMEOUTS}}}\n'


def instance_group(name, count, kind="ml.c5.2xlarge"):
    return f"""
    {name} = {{
      instance_type    = "{kind}"
      instance_count   = {count}
      execution_role   = "arn:aws:iam::111122223333:role/hyperpod-nodes"
      lifecycle_config = {{ source_s3_uri = "s3://sagemaker-scripts/nodes/", on_create = "on_create.sh" }}
    }}"""


def cluster(groups, tags, more=""):
    return f"""{HEAD}
resource "{CLUSTER}" "it" {{
  cluster_name = "ml-cluster"
  eks          = {{ cluster_arn = "arn:aws:eks:us-west-2:111122223333:cluster/sim" }}
  tags         = {tags}
  {more}
  vpc_config = {{
    subnet_ids         = ["{SUBNET}"]
    security_group_ids = ["{ADOPTED}"]
  }}
  instance_groups = {{{groups}
  }}
{TIMEOUTS}}}
"""


TAGS = '{ team = "ml", stage = "a" }'
PORTS = 'ip_protocol = "tcp", from_port = {0}, to_port = {0}, cidr_ipv4 = "10.0.0.0/8"'
FULL = f"""  vpc_id          = "{VPC}"
  tags            = {TAGS}
  internet_egress = false
  fsx_lustre      = {{}}
  ingress_rules   = {{
    metrics = {{ {PORTS.format(9100)}, description = "metrics" }}
    ssh     = {{ {PORTS.format(22)} }}
  }}
  egress_rules = {{
    old = {{ {PORTS.format(81)} }}
  }}
"""
# One rule described anew in each direction, some that go, some that come.
CHANGED = f"""  vpc_id          = "{VPC}"
  tags            = {TAGS}
  internet_egress = true
  ingress_rules   = {{
    metrics = {{ {PORTS.format(9100)}, description = "more metrics" }}
    https   = {{ {PORTS.format(8443)} }}
  }}
  egress_rules = {{
    old = {{ {PORTS.format(81)}, description = "described" }}
    new = {{ {PORTS.format(82)} }}
  }}
"""
RETAGGED = FULL.replace(TAGS, '{ team = "hpc", cost = "1" }')
ADOPTING = f"""  existing_security_group_id = "{ADOPTED}"
  fsx_lustre = {{}}
  ingress_rules = {{
    metrics = {{ {PORTS.format(9100)}, description = "metrics" }}
    ssh     = {{ {PORTS.format(22)} }}
  }}
"""
ADOPTING_OTHERS = f"""  existing_security_group_id = "{ADOPTED}"
  ingress_rules = {{
    metrics = {{ {PORTS.format(9100)}, description = "more metrics" }}
    https   = {{ {PORTS.format(8443)} }}
  }}
  egress_rules = {{
    new = {{ {PORTS.format(82)} }}
  }}
"""
NAMED = '  name = "nodes"\n'
TWO = instance_group("workers", 2) + instance_group("login", 1)


class Scenario:
    """before: what is there already; after: what the command is about; told_as: one of these stands in every error."""

    def __init__(self, name, resource, command, before, after, scale=600):
        self.name, self.resource, self.command = name, resource, command
        self.before, self.after, self.scale = before, after, scale
        self.adopts = "existing_security_group_id" in (after or before)
        self.is_named = resource == CLUSTER or self.adopts or NAMED in (after or before)
        self.creates = before is None and not self.adopts
        self.address = f"{resource}.it"

    def __str__(self):
        return self.name


SCENARIOS = [
    Scenario("group-create", GROUP, "apply", None, group(NAMED + FULL)),
    Scenario("group-create-generated", GROUP, "apply", None, group(FULL)),
    Scenario("group-read", GROUP, "plan", group(NAMED + FULL), group(NAMED + FULL)),
    Scenario("group-rules", GROUP, "apply", group(NAMED + FULL), group(NAMED + CHANGED)),
    Scenario("group-tags", GROUP, "apply", group(NAMED + FULL), group(NAMED + RETAGGED)),
    Scenario("group-delete", GROUP, "destroy", group(NAMED + FULL), None),
    Scenario("group-delete-revoking", GROUP, "destroy", group(NAMED + FULL + "revoke_rules_on_delete = true"), None),
    Scenario("adopt-create", GROUP, "apply", None, group(ADOPTING)),
    Scenario("adopt-read", GROUP, "plan", group(ADOPTING), group(ADOPTING)),
    Scenario("adopt-rules", GROUP, "apply", group(ADOPTING), group(ADOPTING_OTHERS)),
    Scenario("adopt-delete", GROUP, "destroy", group(ADOPTING), None),
    Scenario("cluster-create", CLUSTER, "apply", None, cluster(TWO, TAGS)),
    Scenario("cluster-read", CLUSTER, "plan", cluster(TWO, TAGS), cluster(TWO, TAGS)),
    Scenario(
        "cluster-scale",
        CLUSTER,
        "apply",
        cluster(TWO, TAGS),
        cluster(instance_group("workers", 3) + instance_group("login", 1), TAGS),
    ),
    Scenario(
        "cluster-groups",
        CLUSTER,
        "apply",
        cluster(TWO, TAGS),
        cluster(instance_group("workers", 1) + instance_group("spare", 1), TAGS, 'node_recovery = "None"'),
    ),
    Scenario("cluster-tags", CLUSTER, "apply", cluster(TWO, TAGS), cluster(TWO, '{ team = "hpc", cost = "1" }')),
    Scenario("cluster-delete", CLUSTER, "destroy", cluster(TWO, TAGS), None),
]

VERSIONS = """
terraform {
  required_providers {
    hyperpod = { source = "hyperpod/hyperpod" }
  }
}
"""


class Stage:
    """Prepares scenarios, once each, and opens worlds in which they are about to happen."""

    def __init__(self):
        self.lock = threading.Lock()
        self.prepared, self.locks, self.number = {}, {}, 0
        self.empty = WORK / "empty"
        self.empty.mkdir()
        (self.empty / "versions.tf").write_text(VERSIONS)
        subprocess.run([TF, f"-chdir={self.empty}", "init"], check=True, stdout=subprocess.DEVNULL)

    def _folder(self, name):
        with self.lock:
            self.number += 1
            folder = WORK / f"{self.number:04d}-{name}"
        folder.mkdir()
        return folder

    def _prepare(self, scenario, patience):
        folder = self._folder(f"{scenario}-before")
        shutil.copytree(self.empty, folder / "stack", symlinks=True)
        world = World(folder, scenario.scale)
        world.variables = {"patience": patience} if patience else {}
        if scenario.before is not None:
            world.config(scenario.before)
            outcome = world.terraform("apply")
            holds(outcome.status == 0, f"what {scenario} needs can be made", outcome)
        world.end()
        return folder

    def prepare(self, scenario, patience=None):
        with self.lock:
            lock = self.locks.setdefault((scenario.name, patience), threading.Lock())
        with lock:
            key = (scenario.before, patience, scenario.scale)
            if key not in self.prepared:
                self.prepared[key] = self._prepare(scenario, patience)
            return self.prepared[key]

    @contextlib.contextmanager
    def world(self, scenario, name, patience=None):
        before = self.prepare(scenario, patience)
        folder = self._folder(f"{scenario}-{name}")
        shutil.copytree(before / "stack", folder / "stack", symlinks=True)
        if (before / "journal").exists():
            shutil.copy(before / "journal", folder / "journal")
        world = World(folder, scenario.scale)
        if patience:
            world.variables["patience"] = patience
        world.config(scenario.after or scenario.before)
        try:
            yield world
        except Exception:
            with contextlib.suppress(Exception):
                world.sim.end()
            raise
        world.end()
        shutil.rmtree(folder)


# --- What must hold in the end ---

IMPORT = re.compile(r'import \{\s*to = (\S+).*?id = "([^"]+)"\s*\}', re.S)


def imported(world, scenario, outcome):
    """The command named the object that it met, and the import block that it printed works."""
    found = IMPORT.search(outcome.told(outcome.errors))
    holds(found, "the object that is in the way is named with its import block", outcome)
    holds(found[2] in world.objects(), f"{found[2]} of the import block is there", outcome)
    (world.stack / "import.tf").write_text(f'import {{\n  to = {scenario.address}\n  id = "{found[2]}"\n}}\n')
    return world.terraform("apply")


def converges(world, scenario, may_import):
    """A new command does what was asked for, once, and then there is nothing left to do."""
    again = world.terraform(scenario.command, *(("-detailed-exitcode",) if scenario.command == "plan" else ()))
    if again.status == 1 and may_import and "import {" in again.told():
        again = imported(world, scenario, again)
    holds(again.status == 0, "when the trouble is over the command works", again)
    told_leftovers(world, again)
    if scenario.command == "apply":
        plan = world.terraform("plan", "-detailed-exitcode")
        holds(plan.status == 0, "then a plan is empty", plan)
    return again


def is_clean(world):
    """Nothing of ours is left in AWS, and nothing in the state."""
    left = world.objects() - world.left
    holds(left == set(), f"nothing is left in AWS, and not {left}", *world.outcomes)
    rules = [json.loads(rule) for rule in world.sim.rules(ADOPTED, but=world.left_rules)]
    permits = {(rule["isEgress"], rule["ipProtocol"], rule.get("cidrIpv4", "self")) for rule in rules}
    as_before = len(rules) == 2 and permits == {("true", "-1", "0.0.0.0/0"), ("false", "-1", "self")}
    holds(as_before, "an adopted group is as it was", *rules, *world.outcomes)
    holds(world.state() == {}, f"the state is empty, and has not {world.state()}")


def is_true(world, scenario):
    """The state is what AWS has."""
    if world.state().get(scenario.address, ("", True))[1]:
        return  # not there, or to be made anew
    if scenario.resource == GROUP:
        plan = world.terraform("plan", "-refresh-only", "-detailed-exitcode")
        holds(plan.status != 1 and "resource_drift" not in plan.text, "the state is what AWS has", plan)
    else:
        said = world.attributes(scenario.address)
        for cluster in world.sim.clusters():
            has = {group["InstanceGroupName"]: group["TargetCount"] for group in cluster["InstanceGroups"]}
            told = {name: group["instance_count"] for name, group in (said["instance_groups"] or {}).items()}
            told = {name: count for name, count in told.items() if count > 0}  # AWS still took one away
            holds(has == told, f"the state has the groups that AWS has: {has}, and not {told}")


def is_as_wanted(world, scenario, wanted):
    """One object, with the rules that it has when nothing goes wrong."""
    names = {name for name, _ in world.state().values()}
    holds(len(names) == 1, f"the state has one object, and not {names}")
    if not scenario.adopts:
        there = world.objects() - world.left
        holds(there == names, f"one object is there, {names}, and not {there}", *world.outcomes)
    if scenario.resource == GROUP:
        rules, right = world.sim.rules(*names), wanted[scenario.address]
        more, less = set(rules) - set(right), set(right) - set(rules)
        holds(rules == right, "the rules are right", "too many:", *more, "too few:", *less, *world.outcomes)


def told_leftovers(world, outcome):
    """What a killed apply left over and nobody can prove to be ours must be named: groups, and rules of an adopted one."""
    told = outcome.told(outcome.warnings)
    world.left |= set(re.findall(r'import \{\s*to = \S+\s*id = "(sg-[0-9a-f]+)"', told))
    world.left_rules |= set(re.findall("sgr-[0-9a-f]+", told))


def sequence(stage, scenario):
    """The calls that the scenario makes when nothing goes wrong: [(service, operation)], and what it leads to."""
    with stage.world(scenario, "record") as world:
        outcome = world.terraform(scenario.command, *(("-detailed-exitcode",) if scenario.command == "plan" else ()))
        holds(outcome.status == 0, f"{scenario} works when nothing goes wrong", outcome)
        calls = [(call["service"], call["operation"]) for call in world.sim.calls()]
        rules = {}
        for address, (name, _) in world.state().items():
            rules[address] = world.sim.rules(name)
        if scenario.after is not None and scenario.command == "apply":
            plan = world.terraform("plan", "-detailed-exitcode")
            holds(plan.status == 0, f"after {scenario} a plan is empty", plan)
        if scenario.after is not None:
            gone = world.terraform("destroy")
            holds(gone.status == 0, f"what {scenario} made can be destroyed", gone)
        is_clean(world)
    return calls, rules


def named(name, recorded):
    """The scenario of that name, and what was recorded of it."""
    return next((scenario, record) for scenario, record in zip(SCENARIOS, recorded) if scenario.name == name)


def last(calls, operation):
    """The place of the last call of the operation."""
    return max(place for place, call in enumerate(calls) if call[1] == operation)


# --- Many runs at once ---


def jobs():
    return int(os.environ.get("HP_JOBS", "4"))


def each(things, function):
    with concurrent.futures.ThreadPoolExecutor(jobs()) as pool:
        return list(pool.map(function, things))


def play(runs):
    """runs: [(name, function)]. Prints how each ended, and the closing line. The exit status."""
    wanted = os.environ.get("HP_ONLY")
    if wanted:
        runs = [run for run in runs if re.search(wanted, run[0])]
    passed = failed = 0
    began = time.monotonic()

    def one(run):
        try:
            run[1]()
            return ""
        except Broken as broken:
            return f"not ok - {run[0]}\n" + "".join(f"    # {line}\n" for line in str(broken).splitlines())
        except Exception:
            return f"not ok - {run[0]}\n" + "".join(f"    # {line}\n" for line in traceback.format_exc().splitlines())

    with concurrent.futures.ThreadPoolExecutor(jobs()) as pool:
        for run, trouble in zip(runs, pool.map(one, runs)):
            passed, failed = (passed, failed + 1) if trouble else (passed + 1, failed)
            print(trouble or f"ok - {run[0]}\n", end="", flush=True)
    print(f"# {len(runs)} runs in {time.monotonic() - began:.0f} s, {jobs()} at a time")
    print(f"{passed} passed, {failed} failed, 0 skipped", flush=True)
    return int(failed > 0 or passed == 0)
