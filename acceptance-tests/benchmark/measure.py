"""The measuring itself; see run. Prints Markdown."""
import collections
import contextlib
import datetime
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tools"))
import plugin  # noqa: E402
from h2 import Connection  # noqa: E402
from plugin import tf  # noqa: E402

WORK, BIN, TF = sys.argv[1], os.environ["HP_BIN"], os.environ["TF"]
PARTS = sys.argv[2:] or ["start", "schema", "plan", "thousand", "rpc"]
STARTS, PLANS, THOUSANDS = (int(os.environ.get(f"HP_BENCH_{name}", number))
                            for name, number in (("STARTS", 60), ("PLANS", 20), ("THOUSANDS", 5)))
VPC = "vpc-0a1b2c3d4e5f60718"


class Subject:
    """A provider, and how a configuration names `count` of its resources."""

    def __init__(self, name, path, source, config):
        self.name, self.path, self.source, self.config = name, path, source, config


OURS = Subject("hyperpod", f"{BIN}/terraform-provider-hyperpod", "hyperpod/hyperpod", f"""
resource "hyperpod_efa_security_group" "it" {{
  count  = COUNT
  name   = "group-${{count.index}}"
  vpc_id = "{VPC}"
}}""")
CONTRARY = Subject("contrary", f"{BIN}/terraform-provider-contrary", "hyperpod/contrary", """
provider "contrary" {
  dir = "STORE"
}
resource "contrary_plain" "it" {
  count = COUNT
  text  = "text ${count.index}"
}""")
NOTHING = Subject("terraform_data", None, None, """
resource "terraform_data" "it" {
  count = COUNT
  input = "text ${count.index}"
}""")
KNOWN_PEERS = {
    "null": """
resource "null_resource" "it" {
  count    = COUNT
  triggers = { text = "text ${count.index}" }
}""",
    "random": """
resource "random_id" "it" {
  count       = COUNT
  byte_length = 8
  prefix      = "text-${count.index}-"
}""",
    "awscc": """
provider "awscc" {
  region = "us-west-2"
}
resource "awscc_logs_log_group" "it" {
  count          = COUNT
  log_group_name = "group-${count.index}"
}""",
}
PEERS = []
for pair in os.environ.get("HP_PEERS", "").split():
    peer, peer_path = pair.split("=", 1)
    if peer not in KNOWN_PEERS or not os.access(peer_path, os.X_OK):
        sys.exit(f"HP_PEERS: {pair}: not one of {', '.join(KNOWN_PEERS)}, or no program")
    PEERS.append(Subject(peer, os.path.abspath(peer_path), f"hashicorp/{peer}", KNOWN_PEERS[peer]))


# --- figures ---

def spread(values, digits=1):
    """median (min–max)"""
    if not values:
        return "–"
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def median(values, digits=1):
    return f"{statistics.median(values):.{digits}f}" if values else "–"


def table(title, head, rows):
    print(f"\n### {title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |")
    sys.stdout.flush()


def load():
    with open("/proc/loadavg", encoding="ascii") as file:
        return file.read().split()[0]


def memory(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        status = dict(line.split(":", 1) for line in file)
    return [int(status[key].split()[0]) / 1024 for key in ("VmRSS", "RssAnon")]


def cpu_ms(pid):
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e6


# --- one process of a provider ---

class Started:
    """From posix_spawn to the handshake's line."""

    def __init__(self, path, **more):
        environment = {"PATH": os.environ["PATH"], "TF_PLUGIN_MAGIC_COOKIE": plugin.COOKIE, "PLUGIN_MIN_PORT": "10000",
                       "PLUGIN_MAX_PORT": "25000", "PLUGIN_PROTOCOL_VERSIONS": "5,6", "TMPDIR": WORK,
                       "PLUGIN_CLIENT_CERT": plugin.CLIENT_521.pem.decode(), **more}
        environment |= {key: value for key, value in os.environ.items() if key.startswith("AWS_")}
        reads, writes = os.pipe()
        self.log = f"{WORK}/stderr"
        files = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), (os.POSIX_SPAWN_DUP2, writes, 1),
                 (os.POSIX_SPAWN_OPEN, 2, self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
        self.wall = time.time()
        began = time.perf_counter()
        self.pid = os.posix_spawn(path, [path], environment, file_actions=files)
        line = os.read(reads, 65536)
        self.ms = (time.perf_counter() - began) * 1000
        self.end_wall = time.time()
        self.cpu_ms = cpu_ms(self.pid)
        os.close(writes)
        self.reads = reads
        self.fields = line.decode().strip().split("|")
        if len(self.fields) < 5:
            self.end()
            sys.exit(f"{path} printed no handshake: {line!r}")

    def end(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.reads)

    def connection(self):
        return Connection(self.fields[3], plugin.CLIENT_521)


SCHEMA_METHOD = {"5": "/tfplugin5.Provider/GetSchema", "6": "/tfplugin6.Provider/GetProviderSchema"}


def part_start():
    subjects = [Subject("an empty program", f"{WORK}/nothing", None, None), OURS, *PEERS]
    figures = {subject.name: ([], []) for subject in subjects}
    for turn in range(STARTS + 1):
        for subject in subjects:
            started = Started(subject.path)
            started.end()
            if turn > 0:  # the first one reads the program from the disk
                figures[subject.name][0].append(started.ms)
                figures[subject.name][1].append(started.cpu_ms)
    table(f"Start to handshake, mutual TLS ({STARTS} interleaved starts; ms)",
          ["", "median (min–max)", "processor time, median (min–max)", "binary, MiB"],
          [(s.name, spread(figures[s.name][0]), spread(figures[s.name][1]), f"{os.path.getsize(s.path) / 2**20:.1f}")
           for s in subjects])
    part_stages(statistics.median(figures["an empty program"][0]))


def part_stages(empty_ms):
    stages = {}
    for _ in range(STARTS):
        started = Started(OURS.path, TF_LOG_PROVIDER="TRACE")
        started.end()
        before = started.wall
        with open(started.log, encoding="utf-8") as log:
            for line in log:
                entry = json.loads(line) if line.startswith("{") else {}
                if "stage" in entry:
                    at = datetime.datetime.fromisoformat(entry["@timestamp"].replace("Z", "+00:00")).timestamp()
                    stages.setdefault(entry["stage"], []).append((at - before) * 1000)
                    before = at
        stages.setdefault("the line is written and read", []).append((started.end_wall - before) * 1000)
    table(f"Where the time of a start goes ({STARTS} starts; ms until the stage is reached)", ["", "median (min–max)"],
          [("of it, an empty program's", f"{empty_ms:.1f}")] + [(name, spread(values, 2)) for name, values in stages.items()])


def part_schema():
    subjects = [OURS, *PEERS]
    figures = {subject.name: ([], [], [], []) for subject in subjects}
    for _ in range(max(5, STARTS // 4)):
        # Whoever comes after a large one's end would pay for it.
        for subject in random.sample(subjects, len(subjects)):
            time.sleep(0.2)
            started = Started(subject.path)
            with started.connection() as connection:
                began = time.perf_counter()
                answer = connection.call(SCHEMA_METHOD[started.fields[1]])
                took = (time.perf_counter() - began) * 1000
                rss, anonymous = memory(started.pid)
            started.end()
            for values, value in zip(figures[subject.name], (took, rss, anonymous, len(answer) / 1024)):
                values.append(value)
    table("The first schema call, by a client in Python, and the memory after it",
          ["", "call, ms: median (min–max)", "RSS, MiB", "of it anonymous, MiB", "answer, KiB"],
          [(s.name, spread(f[0]), spread(f[1]), spread(f[2]), f"{f[3][0]:.0f}")
           for s in subjects for f in (figures[s.name],)])


# --- terraform ---

def mirror(subjects):
    arch = {"x86_64": "linux_amd64", "aarch64": "linux_arm64"}[os.uname().machine]
    for subject in subjects:
        if not subject.path:
            continue
        for host in ("registry.terraform.io", "registry.opentofu.org"):
            folder = f"{WORK}/mirror/{host}/{subject.source}/99.0.0/{arch}"
            os.makedirs(folder, exist_ok=True)
            shutil.copy(subject.path, f"{folder}/terraform-provider-{subject.source.split('/')[1]}_v99.0.0")
    with open(f"{WORK}/terraformrc", "w", encoding="utf-8") as file:
        file.write(f'disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{\n    path = "{WORK}/mirror"\n  }}\n}}\n')
    os.environ["TF_CLI_CONFIG_FILE"] = f"{WORK}/terraformrc"


class Stack:
    def __init__(self, subject, count):
        self.subject, self.folder = subject, f"{WORK}/stack-{subject.name}-{count}"
        os.makedirs(f"{self.folder}/store")
        required = f'{subject.name} = {{ source = "{subject.source}" }}' if subject.path else ""
        with open(f"{self.folder}/main.tf", "w", encoding="utf-8") as file:
            file.write("terraform {\n  required_providers {\n    %s\n  }\n}\n" % required)
            file.write(subject.config.replace("COUNT", str(count)).replace("STORE", f"{self.folder}/store"))
        self.works = self.run("init") is not None

    def run(self, *arguments):
        """Wall and processor ms (of terraform and its providers), or None when it failed."""
        before = os.times()
        began = time.perf_counter()
        done = subprocess.run([TF, f"-chdir={self.folder}", *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                              check=False)
        took = (time.perf_counter() - began) * 1000
        after = os.times()
        if done.returncode != 0:
            print(f"\n{self.subject.name}: {' '.join(arguments)} failed: {done.stderr.decode()[-600:]}", file=sys.stderr)
            return None
        return took, (after.children_user + after.children_system - before.children_user - before.children_system) * 1000


def interleaved(stacks, times, *arguments):
    figures = {stack.subject.name: ([], []) for stack in stacks}
    for turn in range(times + 1):
        for stack in stacks:
            took = stack.run(*arguments) if stack.works else None
            stack.works = took is not None
            if took and turn > 0:
                for values, value in zip(figures[stack.subject.name], took):
                    values.append(value)
    return figures


def part_plan():
    subjects = [NOTHING, OURS, CONTRARY, *PEERS]
    mirror(subjects)
    stacks = [Stack(subject, 2) for subject in subjects]
    figures = interleaved(stacks, PLANS, "plan")
    table(f"`terraform plan` of 2 new resources ({PLANS} interleaved plans; ms)",
          ["", "median (min–max)", "processor time, median (min–max)"],
          [(s.name, spread(figures[s.name][0], 0), spread(figures[s.name][1], 0)) for s in subjects])


def aws_calls():
    """The newest ones, by request id."""
    with urllib.request.urlopen(os.environ["SIM_URL"] + "/_sim/calls") as answer:
        return {call["request_id"]: call["operation"] for call in json.load(answer)}


def part_thousand():
    subjects = [NOTHING, CONTRARY, OURS, *(peer for peer in PEERS if peer.name != "awscc")]
    mirror(subjects)
    stacks = [Stack(subject, 1000) for subject in subjects]
    for stack in stacks:
        stack.works = stack.works and stack.run("apply", "-auto-approve", "-parallelism=50") is not None
    before = aws_calls()
    next(stack for stack in stacks if stack.subject is OURS).run("plan")
    asked = collections.Counter(operation for id_, operation in aws_calls().items() if id_ not in before)
    figures = interleaved(stacks, THOUSANDS, "plan")
    table(f"`terraform plan` with refresh of 1000 resources ({THOUSANDS} interleaved plans; s)",
          ["", "median (min–max)", "processor time, median (min–max)"],
          [(s.name, *(spread([ms / 1000 for ms in figures[s.name][i]], 2) for i in (0, 1))) for s in subjects])
    print("\nAWS calls in one plan of hyperpod's: " + ", ".join(f"{name} {asked[name]}" for name in sorted(asked)) + ".")


# --- what a call allocates ---

UNKNOWN = object()
EMPTY_BLOCK = {1: None, 2: [], 3: [], 4: {}, 5: None}  # by nesting: single, list, set, map, group


def packed(value):
    if value is None:
        return b"\xc0"
    if value is UNKNOWN:
        return b"\xd4\x00\x00"
    if isinstance(value, str):
        return b"\xd9" + bytes([len(value)]) + value.encode()
    if isinstance(value, list):
        return bytes([0x90 + len(value)]) + b"".join(packed(item) for item in value)
    return b"\xde" + len(value).to_bytes(2, "big") + b"".join(packed(key) + packed(value[key]) for key in sorted(value))


def group(schema, **known):
    """The object of a configuration: every attribute is there, those that nobody gave are null."""
    block = schema.resource_schemas["hyperpod_efa_security_group"].block
    made = {attribute.name: None for attribute in block.attributes}
    for nested in block.block_types:
        made[nested.type_name] = EMPTY_BLOCK[nested.nesting]
    return made | known


def part_rpc():
    """By a client in Python: what crosses the socket, and what the provider allocates for it."""
    counts = f"{WORK}/counts"
    with open(counts, "wb") as file:
        file.write(bytes(16))

    def read():
        with open(counts, "rb") as file:
            return [int.from_bytes(file.read(8), "little") for _ in (0, 1)]

    started = Started(OURS.path, LD_PRELOAD=f"{WORK}/count.so", HP_COUNT=counts)
    rows = []
    with started.connection() as connection:
        def measured(name, request, times=20):
            method, sizes, costs = f"/tfplugin6.Provider/{name}", None, []
            for _ in range(times + 1):
                before = read()
                began = time.perf_counter()
                answer = connection.call(method, request.SerializeToString())
                took = (time.perf_counter() - began) * 1000
                time.sleep(0.02)  # what belongs to the call's end is counted, too
                costs.append([took] + [now - then for now, then in zip(read(), before)])
                sizes = len(request.SerializeToString()), len(answer)
            response = getattr(tf, name).Response.FromString(answer)
            if response.diagnostics:
                sys.exit(f"{name}: {response.diagnostics}")
            first, later = costs[0], list(zip(*costs[1:])) or [[], [], []]
            rows.append((name, *sizes, first[1], f"{first[2] / 1024:.0f}", f"{first[0]:.1f}", median(later[1], 0),
                         median([bytes_ / 1024 for bytes_ in later[2]], 0), spread(later[0], 2)))
            return response

        schema = measured("GetProviderSchema", tf.GetProviderSchema.Request())
        settings = {attribute.name: None for attribute in schema.provider.block.attributes}
        settings |= {nested.type_name: EMPTY_BLOCK[nested.nesting] for nested in schema.provider.block.block_types}
        settings = tf.DynamicValue(msgpack=packed(settings))
        measured("ValidateProviderConfig", tf.ValidateProviderConfig.Request(config=settings))
        measured("ConfigureProvider", tf.ConfigureProvider.Request(terraform_version=b"1.11.4", config=settings))
        kind = b"hyperpod_efa_security_group"
        config = group(schema, name="rpc", vpc_id=VPC)
        measured("ValidateResourceConfig", tf.ValidateResourceConfig.Request(
            type_name=kind, config=tf.DynamicValue(msgpack=packed(config))))
        block = schema.resource_schemas[kind.decode()].block
        proposed = config | {a.name: UNKNOWN for a in block.attributes if a.computed and config[a.name] is None}
        plan = measured("PlanResourceChange", tf.PlanResourceChange.Request(
            type_name=kind, prior_state=tf.DynamicValue(msgpack=packed(None)), config=tf.DynamicValue(msgpack=packed(config)),
            proposed_new_state=tf.DynamicValue(msgpack=packed(proposed))))
        applied = measured("ApplyResourceChange", tf.ApplyResourceChange.Request(
            type_name=kind, prior_state=tf.DynamicValue(msgpack=packed(None)), config=tf.DynamicValue(msgpack=packed(config)),
            planned_state=plan.planned_state, planned_private=plan.planned_private), times=0)
        measured("ReadResource", tf.ReadResource.Request(
            type_name=kind, current_state=applied.new_state, private=applied.private))
    started.end()
    table("What a call costs: a security group, by a client in Python (time includes its own)",
          ["", "request, bytes", "answer, bytes", "first: allocations", "KiB", "ms", "later: allocations", "KiB", "ms"], rows)


def main():
    print(f"Measured on {datetime.date.today():%Y-%m-%d}, {os.cpu_count()} processors, Linux {os.uname().release.split('-')[0]}, "
          f"{subprocess.run([TF, 'version'], capture_output=True, text=True, check=True).stdout.splitlines()[0]}; "
          f"load average before {load()}.")
    for part in PARTS:
        globals()[f"part_{part}"]()
    print(f"\nLoad average after {load()}.")


main()
