"""Starts a provider as Terraform does and speaks to it; nothing here knows our code."""

import atexit
import base64
import functools
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("GRPC_VERBOSITY", "NONE")
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

import grpc  # noqa: E402
from grpc_tools import protoc  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.abspath(os.environ.get("HP_BIN") or os.path.join(ROOT, "build/dev/bin"))
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
WORK = tempfile.mkdtemp(prefix="hp-plugin-")
atexit.register(shutil.rmtree, WORK, ignore_errors=True)

protoc.main(["protoc", f"-I{ROOT}/proto", f"--python_out={WORK}", "tfplugin6.proto", "goplugin.proto"])
sys.path.insert(0, WORK)
import goplugin_pb2 as go  # noqa: E402
import tfplugin6_pb2 as tf  # noqa: E402


def program(name):
    return os.path.join(BIN, name)


SANITIZED = any(name.endswith("SAN_OPTIONS") for name in os.environ)
HYPERPOD, CONTRARY = program("terraform-provider-hyperpod"), program("terraform-provider-contrary")


def openssl(*args, **kwargs):
    return subprocess.run(["openssl", *args], check=True, capture_output=True, **kwargs).stdout


class Certificate:
    """What go-plugin makes; its own curve is P-521, which Python's gRPC can't use."""

    def __init__(self, name, curve="P-256"):
        self.key_file, self.file = f"{WORK}/{name}.key", f"{WORK}/{name}.pem"
        openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            f"ec_paramgen_curve:{curve}",
            "-nodes",
            "-days",
            "3650",
            "-sha512",
            "-subj",
            "/O=HashiCorp/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "keyUsage=digitalSignature,keyEncipherment,keyAgreement,keyCertSign",
            "-addext",
            "extendedKeyUsage=clientAuth,serverAuth",
            "-keyout",
            self.key_file,
            "-out",
            self.file,
        )
        with open(self.file, "rb") as pem, open(self.key_file, "rb") as key:
            self.pem, self.key = pem.read(), key.read()


CLIENT, IMPOSTOR, CLIENT_521 = Certificate("client"), Certificate("impostor"), Certificate("client521", "P-521")


class Provider:
    """One process. tls: the certificate of its client, or None for plaintext."""

    def __init__(self, binary, folder, tls=CLIENT, env=None, args=(), cookie=True, prefix=()):
        self.binary = binary
        self.tmp = tempfile.mkdtemp(dir=folder)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.tmp,
            "TMPDIR": self.tmp,
            "PLUGIN_MIN_PORT": "10000",
            "PLUGIN_MAX_PORT": "25000",
            "PLUGIN_PROTOCOL_VERSIONS": "5,6",
        }
        environment |= {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}
        if cookie:
            environment["TF_PLUGIN_MAGIC_COOKIE"] = COOKIE
        if tls:
            environment["PLUGIN_CLIENT_CERT"] = tls.pem.decode()
        environment |= env or {}
        self.log = open(f"{self.tmp}/stderr.log", "wb+")
        self.process = subprocess.Popen(
            [*prefix, binary, *args],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log,
            bufsize=0,
            start_new_session=True,
        )
        self.channels = []

    def read_line(self, wait_s=20):
        if not select.select([self.process.stdout], [], [], wait_s)[0]:
            raise TimeoutError("no line on standard output")
        return self.process.stdout.readline().decode()

    def greet(self):
        self.line = self.read_line()
        self.fields = self.line.rstrip("\n").split("|")
        assert len(self.fields) > 3, f"no handshake but {self.line!r}; {self.stderr()[-300:]!r}"
        self.socket = self.fields[3]
        return self

    def listen(self):
        """In debug mode: what TF_REATTACH_PROVIDERS is to be set to, by address."""
        text = ""
        while "TF_REATTACH_PROVIDERS" not in text:
            text = self.read_line()
            assert text, "the process said nothing and left"
        value = json.loads(text[text.index("'") + 1 : text.rindex("'")])
        self.fields, self.socket = [], next(iter(value.values()))["Addr"]["String"]
        return value

    @property
    def has_tls(self):
        return len(self.fields) > 5 and len(self.fields[5]) > 50

    @functools.cached_property
    def server_pem(self):
        text = self.fields[5]
        der = base64.b64decode(text + "=" * (-len(text) % 4))
        return openssl("x509", "-inform", "DER", input=der)

    def channel(self, certificate=CLIENT, secure=None):
        options = [
            ("grpc.max_receive_message_length", -1),
            ("grpc.max_send_message_length", -1),
            ("grpc.ssl_target_name_override", "localhost"),
            ("grpc.use_local_subchannel_pool", 1),
            ("grpc.enable_retries", 0),
        ]
        if secure if secure is not None else self.has_tls:
            credentials = grpc.ssl_channel_credentials(
                self.server_pem, certificate.key if certificate else None, certificate.pem if certificate else None
            )
            channel = grpc.secure_channel(f"unix:{self.socket}", credentials, options)
        else:
            channel = grpc.insecure_channel(f"unix:{self.socket}", options)
        self.channels.append(channel)
        return channel

    def stderr(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def wait(self, wait_s=5):
        """Seconds until the process has gone; None: it has not."""
        began = time.monotonic()
        try:
            self.process.wait(wait_s)
        except subprocess.TimeoutExpired:
            return None
        return time.monotonic() - began

    def rss_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))

    def leftovers(self):
        return [name for name in os.listdir(self.tmp) if name != "stderr.log"]

    def end(self):
        for channel in self.channels:
            channel.close()
        if self.process.poll() is None:
            if SANITIZED:  # a leak is told at the end of a process that ends by itself
                self.process.terminate()
                self.wait()
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def call(channel, name, request=None, answer=None, timeout=20, service="tfplugin6.Provider"):
    """One unary call by name; the answer's class is found by the method's name."""
    if request is None:
        request = getattr(tf, name).Request() if hasattr(tf, name) else go.Empty()
    if answer is None:
        answer = getattr(tf, name).Response if hasattr(tf, name) else go.Empty
    method = channel.unary_unary(f"/{service}/{name}", type(request).SerializeToString, answer.FromString)
    return method(request, timeout=timeout, wait_for_ready=False)


def begin(channel, name, request, timeout=30):
    """The same, as a future."""
    method = channel.unary_unary(
        f"/tfplugin6.Provider/{name}", type(request).SerializeToString, getattr(tf, name).Response.FromString
    )
    return method.future(request, timeout=timeout)


def events(channel, name, request, timeout=20):
    """A call whose answer is a stream of events."""
    method = channel.unary_stream(
        f"/tfplugin6.Provider/{name}", type(request).SerializeToString, getattr(tf, name).Event.FromString
    )
    return method(request, timeout=timeout)


def is_alive(pid):
    """A zombie that nobody has reaped yet is dead."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def shutdown(channel):
    return call(channel, "Shutdown", go.Empty(), go.Empty, service="plugin.GRPCController")


def stream(channel, path):
    return channel.stream_stream(path, go.ConnInfo.SerializeToString, go.ConnInfo.FromString)(iter(()))


def status_of(function):
    """The gRPC status that the call ends with."""
    try:
        function()
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK
