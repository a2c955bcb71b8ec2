"""Rows: what one is, and the world in which it is asked."""

import dataclasses
import functools
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools"))

import grpc  # noqa: E402
import plugin  # noqa: E402
from plugin import CONTRARY, HYPERPOD, Provider, call, tf  # noqa: E402

import cty  # noqa: E402

ROWS = {}


@dataclasses.dataclass(frozen=True)
class Slip:
    """A slip of the pen in our code: what stands there once, and what would stand there instead."""

    file: str
    old: str
    new: str


@dataclasses.dataclass(frozen=True)
class Row:
    id: str
    rule: str
    slip: Slip
    by: str  # "wire" or "client"
    subject: str
    function: object
    needs: str | None  # of the client
    ours: bool  # it asks hyperpod, not the provider for tests
    slow: bool  # it begins before the others


def slip(file, old, new=""):
    return Slip(file, old, new)


def _row(by, id, rule, slip, needs=None, ours=False, slow=False):
    def keep(function):
        assert id not in ROWS, id
        subject = inspect.getmodule(function).__doc__.split("\n")[0].rstrip(".")
        ROWS[id] = Row(id, rule, slip, by, subject, function, needs, ours, slow)
        return function

    return keep


on_wire = functools.partial(_row, "wire")
by_client = functools.partial(_row, "client")


class Skip(Exception):
    """This row can't be asked here; the text says why."""


def measures():
    """The row weighs memory or time: under a sanitizer that says nothing."""
    if plugin.SANITIZED:
        raise Skip("a sanitizer takes memory and time of its own")


# --- what an answer says ---


class Answer:
    """An answer of the provider, with its values decoded."""

    VALUES = ("planned_state", "new_state", "upgraded_state", "target_state", "state", "result", "config")
    PRIVATE = ("planned_private", "private", "target_private")
    IDENTITY = ("planned_identity", "new_identity", "target_identity", "upgraded_identity", "identity")

    def __init__(self, message):
        self.message = message

    def _field(self, names):
        return next((getattr(self.message, n) for n in names if n in self.message.DESCRIPTOR.fields_by_name), None)

    @property
    def state(self):
        value = self._field(self.VALUES)
        return cty.unpack(value.msgpack) if value is not None and value.msgpack else None

    @property
    def private(self):
        return self._field(self.PRIVATE)

    @property
    def identity(self):
        data = self._field(self.IDENTITY).identity_data.msgpack
        return cty.unpack(data) if data else None

    def _said(self, severity):
        told = getattr(self.message, "diagnostics", None)
        told = self.message.diagnostic if told is None else told
        return [d for d in told if d.severity == severity]

    @property
    def errors(self):
        return [text_of(d) for d in self._said(tf.Diagnostic.ERROR)]

    @property
    def warnings(self):
        return [text_of(d) for d in self._said(tf.Diagnostic.WARNING)]

    @property
    def paths(self):
        """Of its errors and warnings, in order."""
        return [path_of(d.attribute) for severity in (1, 2) for d in self._said(severity)]

    @property
    def replace(self):
        return [path_of(path) for path in self.message.requires_replace]


def text_of(diagnostic):
    assert diagnostic.summary, "a diagnostic without a summary"
    return (
        f"{diagnostic.summary.decode()}: {diagnostic.detail.decode()}"
        if isinstance(diagnostic.summary, bytes)
        else f"{diagnostic.summary}: {diagnostic.detail}"
    )


def path_of(path):
    """["items", 0, "x"]; a step in a map is ("key",)."""
    steps = []
    for step in path.steps:
        kind = step.WhichOneof("selector")
        assert kind, "a step without a selector"
        value = getattr(step, kind)
        value = value.decode() if isinstance(value, bytes) else value
        steps.append((value,) if kind == "element_key_string" else value)
    return steps


def fine(answer):
    assert not answer.errors, answer.errors
    return answer


def says(answer, *texts):
    """There is an error with these words."""
    assert any(
        all(text in error for text in texts) for error in answer.errors
    ), f"no error with {texts} among {answer.errors or 'none'}"
    return answer


# --- the wire ---


@functools.lru_cache
def schema_of(binary):
    folder = tempfile.mkdtemp(dir=plugin.WORK)
    with Provider(binary, folder) as provider:
        channel = provider.greet().channel()
        return call(channel, "GetProviderSchema"), call(channel, "GetResourceIdentitySchemas")


@dataclasses.dataclass
class Kept:
    """An object as it is stored."""

    kind: str
    config: dict
    state: dict
    private: bytes
    identity: dict | None


def value(v):
    """As a DynamicValue. One that is built already stays."""
    return v if isinstance(v, tf.DynamicValue) else tf.DynamicValue(msgpack=cty.pack(v))


def identity(v):
    return None if v is None else tf.ResourceIdentityData(identity_data=value(v))


CAPABLE = tf.ClientCapabilities(write_only_attributes_allowed=True)


class Session:
    """A provider that runs, and its client. Objects are dicts with all members, made by object()."""

    def __init__(self, provider, channel=None):
        self.provider = provider
        self.channel = channel or provider.channel()
        self.schema, self.identities = schema_of(provider.binary)

    def call(self, name, timeout=30, **fields):
        return Answer(call(self.channel, name, getattr(tf, name).Request(**fields), timeout=timeout))

    def begin(self, name, timeout=60, **fields):
        return plugin.begin(self.channel, name, getattr(tf, name).Request(**fields), timeout)

    def block(self, kind, table="resource_schemas"):
        return getattr(self.schema, table)[kind].block

    def object(self, kind, table="resource_schemas", **members):
        return cty.full(self.block(kind, table), members)

    def provider_config(self, **members):
        return cty.full(self.schema.provider.block, members)

    def configure(self, **members):
        return self.call(
            "ConfigureProvider", terraform_version=b"1.11.4", config=value(self.provider_config(**members))
        )

    def validate(self, kind, config, capabilities=CAPABLE):
        return self.call(
            "ValidateResourceConfig", type_name=kind.encode(), config=value(config), client_capabilities=capabilities
        )

    def plan_fields(
        self, kind, config, prior=None, proposed="core's", private=b"", known=None, meta=None, capabilities=CAPABLE
    ):
        if proposed == "core's":
            proposed = None if config is None else cty.propose(self.block(kind), prior, config)
        return dict(
            type_name=kind.encode(),
            config=value(config),
            prior_state=value(prior),
            proposed_new_state=value(proposed),
            prior_private=private,
            prior_identity=identity(known),
            provider_meta=meta and value(meta),
            client_capabilities=capabilities,
        )

    def plan(self, *args, **kwargs):
        return self.call("PlanResourceChange", **self.plan_fields(*args, **kwargs))

    def plan_change(self, it, **members):
        """Of an object that is stored, to a configuration with other members."""
        config = it.config | {k: v for k, v in self.object(it.kind, **members).items() if k in members}
        return config, self.plan(it.kind, config, it.state, private=it.private, known=it.identity)

    def plan_destroy(self, it):
        return self.plan(it.kind, None, it.state, private=it.private, known=it.identity)

    def apply_fields(self, kind, prior, planned, config, private=b"", known=None, meta=None):
        return dict(
            type_name=kind.encode(),
            prior_state=value(prior),
            planned_state=value(planned),
            config=value(config),
            planned_private=private,
            planned_identity=identity(known),
            provider_meta=meta and value(meta),
        )

    def apply(self, *args, timeout=30, **kwargs):
        return self.call("ApplyResourceChange", timeout, **self.apply_fields(*args, **kwargs))

    def try_create(self, kind, meta=None, **members):
        """The answer of apply, whatever it is; the plan is sound."""
        config = self.object(kind, **members)
        plan = fine(self.plan(kind, config, meta=meta))
        return plan, self.apply(kind, None, plan.state, config, plan.private, plan.identity, meta)

    def create(self, kind, meta=None, **members):
        _, made = self.try_create(kind, meta, **members)
        fine(made)
        return Kept(kind, self.object(kind, **members), made.state, made.private, made.identity)

    def try_update(self, it, **members):
        config, plan = self.plan_change(it, **members)
        fine(plan)
        return plan, self.apply(it.kind, it.state, plan.state, config, plan.private, plan.identity)

    def update(self, it, **members):
        config = it.config | {k: v for k, v in self.object(it.kind, **members).items() if k in members}
        _, made = self.try_update(it, **members)
        fine(made)
        return Kept(it.kind, config, made.state, made.private, made.identity)

    def destroy(self, it):
        return self.apply(it.kind, it.state, None, None, it.private, it.identity)

    def read(self, it, **more):
        return self.call(
            "ReadResource",
            type_name=it.kind.encode(),
            current_state=value(it.state),
            private=it.private,
            current_identity=identity(it.identity),
            **more,
        )

    def upgrade(self, kind, json_text, version=None, **raw):
        version = self.schema.resource_schemas[kind].version if version is None else version
        json_text = json_text if isinstance(json_text, str) else json.dumps(json_text, indent=4)
        raw = raw or {"json": json_text.encode()}
        return self.call("UpgradeResourceState", type_name=kind.encode(), version=version, raw_state=tf.RawState(**raw))

    def imports(self, kind, id="", known=None):
        return self.call("ImportResourceState", type_name=kind.encode(), id=id.encode(), identity=identity(known))

    def move(self, kind, source, state, address="registry.terraform.io/hyperpod/contrary", version=0, private=b""):
        state = state if isinstance(state, bytes) else json.dumps(state, indent=4).encode()
        return self.call(
            "MoveResourceState",
            target_type_name=kind.encode(),
            source_type_name=source.encode(),
            source_provider_address=address.encode(),
            source_schema_version=version,
            source_state=tf.RawState(json=state),
            source_private=private,
        )

    def function(self, name, *arguments):
        """(result, error). An argument that is a DynamicValue goes as it is."""
        answer = call(
            self.channel,
            "CallFunction",
            tf.CallFunction.Request(name=name.encode(), arguments=[value(a) for a in arguments]),
        )
        result = cty.unpack(answer.result.msgpack) if answer.result.msgpack else None
        return result, answer.error if answer.HasField("error") else None

    def list(self, kind, limit=0, objects=False, timeout=20, **members):
        config = self.object(kind, "list_resource_schemas", **members)
        return plugin.events(
            self.channel,
            "ListResource",
            tf.ListResource.Request(
                type_name=kind.encode(), config=value(config), limit=limit, include_resource_object=objects
            ),
            timeout,
        )


def stored_json(it):
    """As a state file has the object, but for what is dynamic."""

    def plain(v):
        if isinstance(v, dict):
            return {k: plain(x) for k, x in v.items()}
        return [plain(x) for x in v] if isinstance(v, list) else v

    return plain(it.state)


# --- the client ---

TF = os.environ.get("TF") or shutil.which("terraform") or shutil.which("tofu") or ""
FEATURES = {
    "functions": ("1.8", "1.7"),
    "moved": ("1.8", "1.10"),
    "mocks": ("1.7", "1.8"),
    "ephemeral": ("1.10", "1.11"),
    "write-only": ("1.11", "1.11"),
    "identity": ("1.12", "1.12"),
    "import blocks": ("1.5", "1.6"),
    "removed blocks": ("1.7", "1.7"),
    "refined unknowns": ("1.6", "1.6"),
}


def _numbers(version):
    return [int(part) for part in re.findall(r"\d+", version)[:3]]


@functools.lru_cache
def client():
    """(is it OpenTofu, version); ("", "") where there is none."""
    if not TF:
        return False, ""
    text = subprocess.run(
        [TF, "version"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TF_CLI_CONFIG_FILE": "/dev/null", "CHECKPOINT_DISABLE": "1"},
    ).stdout
    found = re.search(r"(Terraform|OpenTofu) v([0-9.]+)", text)
    return (found.group(1) == "OpenTofu", found.group(2)) if found else (False, "")


def is_tofu():
    return client()[0]


def why_not_asked(row):
    if row.by == "wire":
        return None
    tofu, version = client()
    if not version:
        return "neither terraform nor tofu is there"
    least = FEATURES[row.needs][tofu] if row.needs else "1.5"
    if _numbers(version) < _numbers(least):
        return f"{'OpenTofu' if tofu else 'Terraform'} {version} has no {row.needs}; {least} has"
    return None


@dataclasses.dataclass
class Run:
    code: int
    out: str
    lines: list

    def _said(self, severity):
        return [f"{d['summary']}: {d.get('detail', '')}" for d in self.diagnostics if d["severity"] == severity]

    @property
    def diagnostics(self):
        if self.lines and "valid" in self.lines[0]:
            return self.lines[0].get("diagnostics", [])
        return [line["diagnostic"] for line in self.lines if line.get("type") == "diagnostic"]

    @property
    def errors(self):
        return self._said("error")

    @property
    def warnings(self):
        return [w for w in self._said("warning") if "development overrides" not in w]

    @property
    def actions(self):
        """{"contrary_thing.it": "update"}: what the plan would do."""
        return {
            line["change"]["resource"]["addr"]: line["change"]["action"]
            for line in self.lines
            if line.get("type") == "planned_change"
        }

    def fine(self):
        assert self.code == 0, f"{self.errors or self.out[-1500:]}"
        return self

    def fails(self, *texts):
        assert self.code != 0, f"it went well: {self.out[-800:]}"
        assert any(all(t in error for t in texts) for error in self.errors), f"{texts} not in {self.errors}"
        return self


class Stack:
    """A configuration in a folder of its own, and the client in it."""

    def __init__(self, world, text, provider="contrary", settings=None, env=None):
        self.world, self.provider = world, provider
        self.folder = tempfile.mkdtemp(dir=world.folder)
        self.store = os.path.join(self.folder, "store")
        self.settings = f'dir = "{self.store}"' if settings is None and provider == "contrary" else settings or ""
        self.env = env or {}
        self.write(text)

    def write(self, text, name="main.tf"):
        head = ""
        if name == "main.tf":
            head = (
                'terraform {\n  required_providers {\n    %s = { source = "hyperpod/%s" }\n  }\n}\n'
                'provider "%s" {\n%s\n}\n'
            ) % (self.provider, self.provider, self.provider, self.settings)
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(head + text)
        return self

    def run(self, *args, timeout=120, env=None):
        environment = self.world.client_env() | self.env | (env or {})
        done = subprocess.run(
            [TF, f"-chdir={self.folder}", *args],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
        )
        out = done.stdout.decode(errors="replace")
        with open(os.path.join(self.world.folder, "log"), "a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(args)} -> {done.returncode}\n{out}\n")
        assert (
            "CRASH" not in out and "panic:" not in out and done.returncode != 11
        ), f"the client crashed: {out[-1500:]}"
        return Run(done.returncode, out, _json_lines(out))

    def validate(self, *args):
        return self.run("validate", "-json", *args)

    def plan(self, *args, **kwargs):
        return self.run("plan", "-json", "-input=false", *args, **kwargs)

    def apply(self, *args, **kwargs):
        return self.run("apply", "-json", "-input=false", "-auto-approve", *args, **kwargs)

    def destroy(self, *args, **kwargs):
        return self.run("destroy", "-json", "-input=false", "-auto-approve", *args, **kwargs)

    def planned(self, *args):
        """The plan as JSON."""
        self.plan("-out=plan", *args).fine()
        return json.loads(self.run("show", "-json", "plan").out.strip().splitlines()[-1])

    def state_file(self):
        with open(os.path.join(self.folder, "terraform.tfstate"), encoding="utf-8") as file:
            return json.load(file)

    def write_state(self, state):
        state["serial"] += 1
        with open(os.path.join(self.folder, "terraform.tfstate"), "w", encoding="utf-8") as file:
            json.dump(state, file, indent=2)

    def instance(self, address="contrary_thing.it"):
        """The stored object: attributes, private, status, identity."""
        kind, name = address.split(".")
        return next(
            (
                r["instances"][0]
                for r in self.state_file()["resources"]
                if (r["type"], r["name"]) == (kind, name) and r["instances"]
            ),
            None,
        )

    def objects(self):
        return sorted(os.listdir(self.store)) if os.path.isdir(self.store) else []


def _json_lines(out):
    if out.startswith("{\n"):
        try:
            return [json.loads(out)]
        except ValueError:
            return []
    lines = []
    for line in out.splitlines():
        if line.startswith("{"):
            try:
                lines.append(json.loads(line))
            except ValueError:
                pass
    return lines


# --- the world of one row ---


class World:
    def __init__(self, row):
        self.row = row
        self.folder = tempfile.mkdtemp(prefix=f"{row.id[:20]}-", dir=plugin.WORK)
        self.providers, self.sims = [], []

    def start(self, binary=CONTRARY, greet=True, **kwargs):
        provider = Provider(binary, self.folder, **kwargs)
        self.providers.append(provider)
        return provider.greet() if greet else provider

    def session(self, binary=CONTRARY, **kwargs):
        return Session(self.start(binary, **kwargs))

    @property
    def store(self):
        return os.path.join(self.folder, "store")

    def contrary(self, env=None, **config):
        """A configured provider for tests; its objects are files of self.store."""
        session = self.session(env=env)
        fine(session.configure(**({"dir": self.store} | config)))
        return session

    def sim(self, *options):
        """A simulated AWS; the environment that leads to it."""
        out = os.path.join(self.folder, "sim.out")
        with open(out, "wb") as file, open(out + ".log", "wb") as log:
            process = subprocess.Popen(
                [plugin.program("hyperpod-sim"), "--port", "0", *options],
                stdout=file,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        self.sims.append(process)
        until = time.monotonic() + 20
        while time.monotonic() < until and process.poll() is None:
            with open(out, encoding="utf-8") as file:
                found = re.search(r"^ready (\S+)", file.read(), re.M)
            if found:
                self.sim_url = found.group(1)
                return {
                    "AWS_ENDPOINT_URL": self.sim_url,
                    "AWS_ACCESS_KEY_ID": "AKIASIMULATEDACCOUNT",
                    "AWS_SECRET_ACCESS_KEY": "simulated-secret",
                    "AWS_REGION": "us-west-2",
                    "AWS_EC2_METADATA_DISABLED": "true",
                    "AWS_CONFIG_FILE": "/nonexistent",
                    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
                    "NO_PROXY": "127.0.0.1,localhost",
                }
            time.sleep(0.02)
        raise AssertionError("hyperpod-sim did not get ready")

    def hyperpod(self, env, **config):
        session = self.session(HYPERPOD, env=env)
        fine(session.configure(**config))
        return session

    def stack(self, text, **kwargs):
        return Stack(self, text, **kwargs)

    def client_env(self):
        rc = os.path.join(self.folder, "terraformrc")
        if not os.path.exists(rc):
            with open(rc, "w", encoding="utf-8") as file:
                file.write(
                    "disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n"
                    f'    "hyperpod/contrary" = "{plugin.BIN}"\n    "hyperpod/hyperpod" = "{plugin.BIN}"\n  }}\n}}\n'
                )
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "AWS_", "PLUGIN_"))}
        return kept | {
            "TF_CLI_CONFIG_FILE": rc,
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "TF_CLI_ARGS": "-no-color",
            "HOME": self.folder,
            "TMPDIR": self.folder,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def end(self):
        for provider in self.providers:
            provider.end()
        for process in self.sims:
            process.terminate()
        for process in self.sims:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def notes(self):
        """What the providers said on standard error, for a row that failed."""
        text = ""
        for provider in self.providers:
            try:
                with open(provider.log.name, encoding="utf-8", errors="replace") as log:
                    text += log.read()[-600:]
            except OSError:
                pass
        return text


def await_true(condition, wait_s=10):
    until = time.monotonic() + wait_s
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.01)
    return False


def grpc_code(function):
    return plugin.status_of(function).name


__all__ = [
    "Answer",
    "CAPABLE",
    "CONTRARY",
    "HYPERPOD",
    "Kept",
    "ROWS",
    "Run",
    "Session",
    "Skip",
    "Stack",
    "World",
    "await_true",
    "by_client",
    "call",
    "client",
    "cty",
    "fine",
    "grpc",
    "grpc_code",
    "identity",
    "is_tofu",
    "measures",
    "on_wire",
    "path_of",
    "plugin",
    "says",
    "schema_of",
    "slip",
    "stored_json",
    "text_of",
    "tf",
    "value",
    "why_not_asked",
]
