"""Guests and limits

Who may not come in, what may not be sent, and that the client is served beside all of it.
"""

import os
import socket
import subprocess

import h2
from row import Skip, await_true, call, grpc_code, measures, on_wire, slip, tf
from plugin import CLIENT, IMPOSTOR

SERVER = "src/plugin/server.c"
METADATA = "/tfplugin6.Provider/GetMetadata"
MUTUAL = "        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, NULL);"
TLS = slip(
    SERVER,
    "    if (setup->identity == NULL)\n" "        return grpc_insecure_server_credentials_create();",
    "    if (setup->address != NULL)\n" "        return grpc_insecure_server_credentials_create();",
)


def serves(channel):
    return call(channel, "GetProviderSchema").HasField("provider")


def refused(w, **guest):
    """A guest comes beside the client, and is not served; the client is."""
    provider = w.start()
    good = provider.channel()
    assert serves(good)
    channel = provider.channel(**guest)
    code = grpc_code(lambda: call(channel, "GetProviderSchema", timeout=8))
    assert code == "UNAVAILABLE", code
    assert serves(good) and serves(provider.channel())


@on_wire(
    "guest-other-certificate",
    "A guest with another certificate is not served",
    slip(SERVER, MUTUAL, "        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_BUT_DONT_VERIFY, NULL);"),
)
def _(w):
    refused(w, certificate=IMPOSTOR)


@on_wire(
    "guest-no-certificate",
    "A guest without a certificate is not served",
    slip(SERVER, MUTUAL, "        GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY, NULL);"),
)
def _(w):
    refused(w, certificate=None)


@on_wire("guest-plaintext", "A guest who speaks in the clear is not served", TLS)
def _(w):
    refused(w, secure=False)


def tls_of(where, *options):
    """The version of TLS that openssl's client gets there, or None."""
    command = [
        "openssl",
        "s_client",
        *where,
        "-alpn",
        "h2",
        "-servername",
        "localhost",
        "-cert",
        CLIENT.file,
        "-key",
        CLIENT.key_file,
        *options,
    ]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=15, check=False)
    text = (done.stdout + done.stderr).decode(errors="replace")
    for version in ("TLSv1.3", "TLSv1.2", "TLSv1.1"):
        if (
            f"New, {version}, Cipher is (NONE)" not in text
            and (f"New, {version}" in text or f"Protocol  : {version}" in text)
            and "Cipher is (NONE)" not in text
        ):
            return version
    return None


OLD = ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")


@on_wire("guest-old-tls", "TLS 1.1 is not spoken, to nobody; 1.2 and 1.3 are, with ALPN", TLS)
def _(w):
    # Can this openssl offer TLS 1.1 at all? Its own server says so.
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", CLIENT.file, "-key", CLIENT.key_file, *OLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        there = ("-connect", f"127.0.0.1:{port}")
        able = "TLSv1.1" if await_true(lambda: tls_of(there, *OLD) == "TLSv1.1", 5) else None
    finally:
        server.kill()
        server.wait()
    provider = w.start()
    ours = ("-unix", provider.socket)
    assert tls_of(ours, "-tls1_2") == "TLSv1.2" and tls_of(ours, "-tls1_3") == "TLSv1.3"
    if able != "TLSv1.1":
        raise Skip("the openssl of this machine can't offer TLS 1.1")
    assert tls_of(ours, *OLD) is None
    assert serves(provider.channel())


@on_wire(
    "guest-half-open",
    "A crowd that connects and says nothing, or nonsense, keeps nobody out",
    slip(SERVER, "    allow_many_files();\n" "    server->grpc", "    server->grpc"),
)
def _(w):
    provider = w.start(prefix=("/bin/sh", "-c", 'ulimit -Sn 200; exec "$@"', "sh"))
    good = provider.channel()
    assert serves(good)
    held = []
    try:
        for i in range(400):
            guest = socket.socket(socket.AF_UNIX)
            guest.settimeout(5)
            guest.connect(provider.socket)
            held.append(guest)
            if i % 3 == 1:
                guest.sendall(os.urandom(200))
            if i % 3 == 2:
                guest.sendall(b"\x16\x03\x01\x02\x00\x01\x00")  # the beginning of a TLS greeting
        assert serves(good) and serves(provider.channel())
    finally:
        for guest in held:
            guest.close()
    assert serves(provider.channel())


@on_wire(
    "guest-headers",
    "Headers larger than is told are refused, and cost no memory",
    slip(
        SERVER,
        "        number(GRPC_ARG_MAX_CONCURRENT_STREAMS, most_streams),",
        "        number(GRPC_ARG_MAX_CONCURRENT_STREAMS, most_streams),\n"
        "        number(GRPC_ARG_MAX_METADATA_SIZE, 1 << 30),",
    ),
)
def _(w):
    measures()
    provider = w.start()
    assert serves(provider.channel())
    with h2.Connection(provider) as guest:
        next(1 for kind, flags, _, _ in guest.frames() if kind == h2.SETTINGS and not flags & 1)
        guest.send(h2.frame(h2.SETTINGS, 1, 0))  # only then do the limits hold that it has told
        guest.begin(METADATA, extra=[("x", "y" * 200_000)], end=False)
        status = None
        for kind, flags, _, payload in guest.frames():
            if kind in (h2.RST_STREAM, h2.GOAWAY) or (kind == h2.HEADERS and flags & 1):
                status = payload
                break
    assert status is not None and b"exceeds limit" in status, status
    assert serves(provider.channel()) and provider.rss_kib() < 120_000


@on_wire(
    "guest-no-message",
    "A call that ends without its message is refused",
    slip("src/plugin/call.c", "    if (!ok || call->request == NULL) {", "    if (!ok) {"),
)
def _(w):
    provider = w.start()
    with h2.Connection(provider) as guest:
        guest.begin(METADATA, end=True)
        trailers = next(payload for kind, flags, _, payload in guest.frames() if kind == h2.HEADERS and flags & 1)
    assert b"grpc-status\x013" in trailers, trailers


def flood(provider, count, part):
    with h2.Connection(provider) as guest:
        for i in range(count):
            stream = guest.begin(METADATA)
            if part:
                guest.send(h2.frame(h2.DATA, 0, stream, h2.message(b"x" * 10, length=1000)))
            guest.send(h2.frame(h2.RST_STREAM, 0, stream, b"\0\0\0\x08"))
            if i % 100 == 0:
                guest.raw.setblocking(False)
                try:
                    while guest.raw.recv(65536):
                        pass
                except OSError:
                    pass
                guest.raw.setblocking(True)


@on_wire(
    "guest-resets",
    "Calls that are begun and reset, by the thousand, cost no memory and hold nobody up",
    slip(
        "src/plugin/call.c",
        "            stop_token_cancel(call->stop);\n" "        unref(call);",
        "            stop_token_cancel(call->stop);\n" "        if (call->cancelled == 0)\n" "            unref(call);",
    ),
)
def _(w):
    measures()
    provider = w.start()
    good = provider.channel()
    sizes = []
    for _ in range(4):
        for part in (True, False):
            flood(provider, 1500, part)
        assert serves(good)
        sizes.append(provider.rss_kib())
    assert sizes[-1] - sizes[1] < 12_000, sizes  # what a call takes and is not given back would be twice that


@on_wire(
    "guest-streams",
    "One connection has no more than a thousand calls at once",
    slip(SERVER, "        number(GRPC_ARG_MAX_CONCURRENT_STREAMS, most_streams),\n"),
)
def _(w):
    with h2.Connection(w.start()) as guest:
        settings = next(payload for kind, flags, _, payload in guest.frames() if kind == h2.SETTINGS and not flags & 1)
    pairs = {
        int.from_bytes(settings[i : i + 2], "big"): int.from_bytes(settings[i + 2 : i + 6], "big")
        for i in range(0, len(settings), 6)
    }
    assert pairs.get(h2.MAX_CONCURRENT_STREAMS) == 1000, pairs


@on_wire(
    "guest-too-large",
    "A message over 256 MiB is refused, and the client is served on",
    slip(
        SERVER,
        "        number(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, largest_request),",
        "        number(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, -1),",
    ),
    slow=True,
)
def _(w):
    channel = w.start().channel()
    request = tf.ValidateResourceConfig.Request(type_name=b"x" * (257 << 20))
    assert grpc_code(lambda: call(channel, "ValidateResourceConfig", request, timeout=60)) == "RESOURCE_EXHAUSTED"
    assert serves(channel)


@on_wire(
    "guest-large",
    "A message of 100 MB is taken",
    slip(SERVER, "    largest_request = 256 * 1024 * 1024,", "    largest_request = 64 * 1024 * 1024,"),
    slow=True,
)
def _(w):
    channel = w.start().channel()
    request = tf.ValidateResourceConfig.Request(type_name=b"x" * 100_000_000)
    assert call(channel, "ValidateResourceConfig", request, timeout=60).diagnostics
