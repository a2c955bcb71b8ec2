"""The process

How it starts, says where it listens, logs, and leaves.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time

from row import CONTRARY, HYPERPOD, await_true, call, grpc_code, on_wire, plugin, slip
from plugin import CLIENT, go, shutdown, stream

HANDSHAKE = "src/plugin/handshake.c"
SERVE = "src/plugin/serve.c"


@on_wire(
    "process-cookie",
    "Without the cookie it says what it is, on standard error, and leaves with 1",
    slip(
        "src/plugin/plugin.c",
        "        print_help(stderr, program);\n" "        return EXIT_FAILURE;\n" "    }\n" "    begin_log",
        "        print_help(stdout, program);\n" "        return EXIT_FAILURE;\n" "    }\n" "    begin_log",
    ),
)
def _(w):
    for env in ({}, {"TF_PLUGIN_MAGIC_COOKIE": "another"}):
        provider = w.start(greet=False, cookie=False, env=env)
        assert provider.wait() is not None and provider.process.returncode == 1
        assert provider.process.stdout.read() == b"" and "Terraform" in provider.stderr() and not provider.leftovers()


@on_wire(
    "process-handshake",
    "The handshake is one line of six fields, and the certificate in it has no padding",
    slip("src/plugin/identity.c", "    while (text_len > 0 && text[text_len - 1] == '=')\n" "        text_len--;\n"),
)
def _(w):
    for _ in range(8):  # whether there would be a padding depends on the length, which varies
        provider = w.start()
        assert provider.fields[:3] == ["1", "6", "unix"] and provider.fields[4] == "grpc", provider.line
        assert len(provider.fields) == 6 and re.fullmatch("[A-Za-z0-9+/]+", provider.fields[5]), provider.line
        assert provider.line.endswith("\n")


@on_wire(
    "process-certificate",
    "The certificate is for localhost by its alternative name, which is all that Go looks at",
    slip(
        "src/plugin/identity.c",
        '    {NID_subject_alt_name, "DNS:localhost"},',
        '    {NID_subject_alt_name, "email:localhost@localhost"},',
    ),
)
def _(w):
    text = plugin.openssl("x509", "-noout", "-text", input=w.start().server_pem).decode()
    assert "DNS:localhost" in text and "CA:TRUE" in text and "TLS Web Server Authentication" in text


@on_wire(
    "process-seventh-field",
    "A seventh field comes only when multiplexing is spoken of, and says no",
    slip(
        HANDSHAKE,
        '                     handshake->told_multiplex ? "|false" : "");',
        '                     handshake->told_multiplex ? "" : "|false");',
    ),
)
def _(w):
    assert w.start(env={"PLUGIN_MULTIPLEX_GRPC": "true"}).fields[6:] == ["false"]
    assert len(w.start().fields) == 6


@on_wire(
    "process-versions",
    "A client that does not list version 6 is told 6 all the same, and complains itself",
    slip(
        HANDSHAKE,
        '    return arena_fmt(arena, "1|6|unix|%s|grpc|%.*s%s\\n"',
        '    return arena_fmt(arena, "1|5|unix|%s|grpc|%.*s%s\\n"',
    ),
)
def _(w):
    for versions in ("5", "6,5", "6", "7"):
        assert w.start(env={"PLUGIN_PROTOCOL_VERSIONS": versions}).fields[:2] == ["1", "6"]


@on_wire(
    "process-plaintext",
    "Without a certificate of the client it speaks in the clear, and sends none of its own",
    slip(
        SERVE,
        "                               .identity = tls ? &service->identity : NULL,",
        "                               .identity = &service->identity,",
    ),
)
def _(w):
    provider = w.start(tls=None)
    assert provider.fields[5:] == [""], provider.line
    assert call(provider.channel(), "GetProviderSchema").HasField("provider")


@on_wire(
    "process-bad-certificate",
    "A client certificate that is none ends the start with a reason in place of the handshake",
    slip(
        SERVE,
        "    if (told && write(STDOUT_FILENO, why.ptr, why.len) < 0)",
        "    if (!told && write(STDOUT_FILENO, why.ptr, why.len) < 0)",
    ),
)
def _(w):
    provider = w.start(greet=False, env={"PLUGIN_CLIENT_CERT": "not a certificate"})
    assert provider.wait() is not None and provider.process.returncode == 1
    said = provider.process.stdout.read()
    assert said and b"|" not in said and not provider.leftovers()


@on_wire(
    "process-socket",
    "The socket is for its owner alone, in a folder of its own",
    slip(
        "src/plugin/folder.c",
        "        return chmod(folder->socket, 0600) == 0 ||",
        "        return chmod(folder->socket, 0666) == 0 ||",
    ),
)
def _(w):
    provider = w.start()
    assert os.stat(provider.socket).st_mode & 0o777 == 0o600
    assert os.stat(os.path.dirname(provider.socket)).st_mode & 0o077 == 0
    assert os.listdir(os.path.dirname(provider.socket)) == [os.path.basename(provider.socket)]


@on_wire(
    "process-socket-folder",
    "The socket lies where the client wants it, before anywhere else",
    slip(
        SERVE,
        '    const struct str bases[] = {handshake->folder, world_env(world, "TMPDIR"), S("/tmp"),',
        '    const struct str bases[] = {world_env(world, "TMPDIR"), handshake->folder, S("/tmp"),',
    ),
)
def _(w):
    folder = os.path.join(w.folder, "wanted")
    os.mkdir(folder)
    provider = w.start(env={"PLUGIN_UNIX_SOCKET_DIR": folder})
    assert provider.socket.startswith(folder + "/")
    shutdown(provider.channel())
    assert provider.wait() is not None and not os.listdir(folder)


@on_wire(
    "process-socket-group",
    "A group may be let in",
    slip("src/plugin/folder.c", "chmod(folder->socket, 0660) != 0 ||", "chmod(folder->socket, 0600) != 0 ||"),
)
def _(w):
    provider = w.start(env={"PLUGIN_UNIX_SOCKET_GROUP": str(os.getgid())})
    assert os.stat(provider.socket).st_mode & 0o777 == 0o660 and os.stat(provider.socket).st_gid == os.getgid()
    assert call(provider.channel(), "GetProviderSchema").HasField("provider")


@on_wire(
    "process-long-folder",
    "A temporary folder whose name is too long for a socket is passed over",
    slip(
        "src/plugin/folder.c",
        "        base.len + sizeof name_template + sizeof socket_name - 2 > longest_socket_path)",
        "        base.len > 4096)",
    ),
)
def _(w):
    folder = os.path.join(w.folder, "long" * 40)
    os.mkdir(folder)
    provider = w.start(env={"TMPDIR": folder})
    assert len(provider.socket) <= 107 and call(provider.channel(), "GetProviderSchema").HasField("provider")
    shutdown(provider.channel())
    assert provider.wait() is not None and not os.path.exists(os.path.dirname(provider.socket))


@on_wire(
    "process-odd-folder",
    "Odd characters in the name of the temporary folder do no harm",
    slip(
        "src/plugin/folder.c",
        '            buf_printf(&out, "%%%02X", (unsigned char)*c);',
        "            buf_putc(&out, *c);",
    ),
)
def _(w):
    for name in ("with space", "per%20cent", "que?ry", "ha#sh", "ünï"):
        folder = os.path.join(w.folder, name)
        os.mkdir(folder)
        provider = w.start(tls=None, env={"TMPDIR": folder})
        assert os.path.exists(provider.socket) and provider.socket.startswith(folder), provider.line
        provider.process.terminate()
        assert provider.wait() is not None and not os.listdir(folder)


@on_wire(
    "process-health",
    "Its health is told under the name that go-plugin asks for",
    slip(
        "src/plugin/service.c",
        'static const char *const healthy[] = {"", "plugin", "tfplugin6.Provider"};',
        'static const char *const healthy[] = {"", "tfplugin6.Provider"};',
    ),
)
def _(w):
    channel = w.start().channel()

    def health(name):
        return call(
            channel,
            "Check",
            go.HealthCheckRequest(service=name),
            go.HealthCheckResponse,
            service="grpc.health.v1.Health",
        )

    assert health(b"plugin").status == go.HealthCheckResponse.SERVING
    assert grpc_code(lambda: health(b"other")) == "NOT_FOUND"


@on_wire(
    "process-streams",
    "The two streams of go-plugin stay open and silent",
    slip(
        "src/plugin/service.c",
        '    {"/plugin.GRPCBroker/StartStream", SERVICE_HOLD},',
        '    {"/plugin.GRPCBroker/StartStream", SERVICE_SHUTDOWN},',
    ),
)
def _(w):
    provider = w.start()
    channel = provider.channel()
    for path in ("/plugin.GRPCStdio/StreamStdio", "/plugin.GRPCBroker/StartStream"):
        held = stream(channel, path)
        time.sleep(0.2)
        assert held.is_active(), path
        held.cancel()
    assert call(channel, "GetProviderSchema").HasField("provider") and provider.process.poll() is None


@on_wire(
    "process-shutdown",
    "Shutdown is answered, and then the process leaves at once, with 0",
    slip(
        "src/plugin/call.c",
        "        if (call->kind == SERVICE_SHUTDOWN)\n" "            call->server->shutdown(call->server->arg);\n",
    ),
)
def _(w):
    for tls in (CLIENT, None):
        provider = w.start(tls=tls)
        channel = provider.channel()
        held = [stream(channel, path) for path in ("/plugin.GRPCStdio/StreamStdio", "/plugin.GRPCBroker/StartStream")]
        call(channel, "GetProviderSchema")
        shutdown(channel)
        took = provider.wait()
        assert took is not None and took < 1.5 and provider.process.returncode == 0 and len(held) == 2, took


@on_wire(
    "process-leftovers",
    "Nothing is left behind: no socket, no folder",
    slip(
        SERVE,
        "    stop_for_good(service->stop);\n" "    folder_remove(&service->folder);",
        "    stop_for_good(service->stop);",
    ),
)
def _(w):
    for leave in (lambda p: shutdown(p.channel()), lambda p: p.process.terminate()):
        provider = w.start()
        call(provider.channel(), "GetProviderSchema")
        leave(provider)
        assert provider.wait() is not None and not provider.leftovers(), provider.leftovers()


@on_wire(
    "process-silent",
    "Nothing but the handshake is ever written to standard output",
    slip(SERVE, "    dup2(STDERR_FILENO, STDOUT_FILENO); /*", '    printf("ready\\n");\n    fflush(stdout); /*'),
)
def _(w):
    provider = w.start(env={"TF_LOG": "trace"})
    channel = provider.channel()
    call(channel, "GetProviderSchema")
    call(channel, "StopProvider")
    shutdown(channel)
    assert provider.wait() is not None and provider.process.stdout.read() == b""


@on_wire(
    "process-log",
    "Each line of the log is a JSON object whose @level, @message, @module and @timestamp are texts",
    slip(
        "src/base/log.c",
        '        buf_printf(&line, ",\\"@timestamp\\":\\"%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ\\"",',
        '        buf_printf(&line, ",\\"@timestamp\\":%04d%02d%02d%02d%02d%02d%06ld",',
    ),
)
def _(w):
    provider = w.start(env={"TF_LOG": "trace"})
    session_channel = provider.channel()
    call(session_channel, "StopProvider")
    shutdown(session_channel)
    provider.wait()
    lines = provider.stderr().splitlines()
    assert lines
    for line in lines:
        entry = json.loads(line)
        assert all(isinstance(entry[key], str) for key in ("@level", "@message", "@module", "@timestamp")), line
        assert entry["@level"] in ("trace", "debug", "info", "warn", "error")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", entry["@timestamp"]), line


@on_wire(
    "process-log-level",
    "Without a level in the environment it logs no more than warnings",
    slip("src/plugin/plugin.c", "    enum log_level level = LOG_WARN;", "    enum log_level level = LOG_DEBUG;"),
)
def _(w):
    provider = w.start()
    channel = provider.channel()
    call(channel, "StopProvider")
    shutdown(channel)
    provider.wait()
    assert provider.stderr() == ""


@on_wire(
    "process-signals",
    "What the terminal sends is for Terraform; SIGTERM is for us",
    slip("src/plugin/watch.c", "    sigaddset(&blocked, SIGHUP);\n"),
)
def _(w):
    provider = w.start()
    channel = provider.channel()
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        provider.process.send_signal(number)
    time.sleep(0.1)
    assert call(channel, "GetProviderSchema").HasField("provider")
    provider.process.terminate()
    assert provider.wait(3) is not None


@on_wire(
    "process-orphan",
    "When its parent dies it goes within a second, and leaves nothing",
    slip(
        "src/plugin/watch.c",
        "        if ((reasons[2].revents & (POLLERR | POLLHUP)) != 0)\n" "            return LEAVE_ORPHAN;\n",
    ),
)
def _(w):
    # The middle process holds our end of the pipe, as Terraform does, and is killed.
    script = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)\n"
        "print(p.pid, flush=True)\n"
        "sys.stdout.buffer.write(p.stdout.readline())\n"
        "sys.stdout.flush()\n"
        "time.sleep(60)\n"
    )
    for connect in (False, True):
        provider = w.start(greet=False, prefix=(sys.executable, "-c", script))
        pid = int(provider.read_line())
        try:
            provider.greet()
            if connect:
                call(provider.channel(), "GetProviderSchema")
            provider.process.kill()
            provider.process.wait()
            assert await_true(lambda: not plugin.is_alive(pid), 2.5), "it lives on"
            assert not provider.leftovers(), provider.leftovers()
        finally:
            if plugin.is_alive(pid):
                os.kill(pid, signal.SIGKILL)


@on_wire(
    "process-unread",
    "When nobody reads the handshake it ends, and leaves nothing",
    slip("src/plugin/watch.c", "    signal(SIGPIPE, SIG_IGN);\n"),
)
def _(w):
    read, write = os.pipe()
    os.close(read)
    tmp = os.path.join(w.folder, "unread")
    os.mkdir(tmp)
    process = subprocess.Popen(
        [CONTRARY],
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=subprocess.PIPE,
        env={"TF_PLUGIN_MAGIC_COOKIE": plugin.COOKIE, "TMPDIR": tmp},
    )
    os.close(write)
    said = process.communicate(timeout=10)[1].decode()
    assert process.returncode == 1 and said == "[ERROR] nobody reads the handshake\n", (process.returncode, said)
    assert not os.listdir(tmp)


@on_wire(
    "process-debug",
    "In debug mode it prints what the client needs, serves several one after the other, and goes by a signal",
    slip(
        HANDSHAKE,
        '                   ":{\\"Protocol\\":\\"grpc\\",\\"ProtocolVersion\\":6,\\"Pid\\":%d,\\"Test\\":true,"',
        '                   ":{\\"Protocol\\":\\"grpc\\",\\"ProtocolVersion\\":6,\\"Pid\\":%d,\\"Test\\":false,"',
    ),
)
def _(w):
    for binary in (CONTRARY, HYPERPOD):
        provider = w.start(binary, greet=False, args=("--debug",), cookie=False, tls=None)
        told = provider.listen()
        assert {key.split("/")[0] for key in told} == {"registry.terraform.io", "registry.opentofu.org"}
        for entry in told.values():
            assert entry["Test"] is True and entry["ProtocolVersion"] == 6 and entry["Protocol"] == "grpc"
            assert entry["Pid"] == provider.process.pid and entry["Addr"]["Network"] == "unix"
        for _ in range(2):
            channel = provider.channel(secure=False)
            assert call(channel, "GetProviderSchema").HasField("provider")
            channel.close()
        provider.process.send_signal(signal.SIGINT)
        assert provider.wait(3) is not None and not provider.leftovers()


@on_wire(
    "process-children",
    "A program that we start has neither our standard output nor our standard error, which the client awaits",
    slip("src/aws/process.c", "    posix_spawn_file_actions_adddup2(&files, run->pipes[1][1], 2);\n"),
    ours=True,
)
def _(w):
    seen = os.path.join(w.folder, "seen")
    script = os.path.join(w.folder, "credentials")
    with open(script, "w", encoding="utf-8") as file:
        file.write(
            "#!/bin/sh\nreadlink /proc/$$/fd/1 /proc/$$/fd/2 >" + seen + "\n"
            'echo \'{"Version":1,"AccessKeyId":"AKIASIMULATEDACCOUNT","SecretAccessKey":"simulated-secret"}\'\n'
        )
    os.chmod(script, 0o755)
    config = os.path.join(w.folder, "config")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"[default]\ncredential_process = {script}\n")
    env = w.sim() | {"AWS_CONFIG_FILE": config}
    del env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]
    session = w.hyperpod(env)
    ours = {os.readlink(f"/proc/{session.provider.process.pid}/fd/{n}") for n in (1, 2)}
    with open(seen, encoding="utf-8") as file:
        theirs = set(file.read().split())
    assert theirs and not theirs & (ours | {session.provider.log.name}), (theirs, ours)


@on_wire(
    "process-nonsense",
    "Bytes that are no message are an invalid argument, and nothing more happens",
    slip("src/wire/methods.c", "        return WIRE_INVALID_ARGUMENT;", "        return WIRE_INTERNAL;"),
)
def _(w):
    channel = w.start().channel()
    for name in ("PlanResourceChange", "GetMetadata", "CallFunction"):
        method = channel.unary_unary(f"/tfplugin6.Provider/{name}")
        assert grpc_code(lambda: method(b"\xff\xff\xff\xff", timeout=5)) == "INVALID_ARGUMENT", name
    assert call(channel, "GetProviderSchema").HasField("provider")


@on_wire(
    "process-at-once",
    "Five hundred calls at once are all answered, and alike",
    slip(
        "src/plugin/workers.c",
        "        workers->last = &job->next;\n        workers->waiting++;",
        "        workers->waiting++;",
    ),
)
def _(w):
    method = w.start().channel().unary_unary("/tfplugin6.Provider/GetMetadata", lambda b: b, lambda b: b)
    calls = [method.future(b"", timeout=20) for _ in range(500)]
    assert len({future.result() for future in calls}) == 1
