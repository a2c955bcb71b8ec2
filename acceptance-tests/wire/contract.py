#!/usr/bin/env python3
"""What a client may count on when it starts the provider: run it against $HP_BIN/terraform-provider-hyperpod,
or against any other provider for protocol 6 with --provider PATH. Ends with `N passed, N failed`."""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import traceback

import grpc

import plugin
from plugin import CLIENT, CLIENT_521, IMPOSTOR, Provider, call, go, shutdown, stream, tf

TESTS = []


def test(function):
    TESTS.append(function)
    return function


def status_of(function):
    try:
        function()
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def health(channel, service):
    return call(channel, "Check", go.HealthCheckRequest(service=service.encode()), go.HealthCheckResponse,
                service="grpc.health.v1.Health")


@test
def without_the_cookie_it_explains_itself_and_leaves_with_1():
    with Provider(cookie=False) as provider:
        assert provider.wait() is not None and provider.process.returncode == 1
        assert provider.process.stdout.read() == b""
        assert "Terraform" in provider.stderr()
        assert not provider.leftovers()


@test
def the_handshake_is_one_line_of_six_fields():
    with Provider() as provider:
        provider.greet()
        assert provider.fields[:3] == ["1", "6", "unix"] and provider.fields[4] == "grpc", provider.line
        assert len(provider.fields) == 6 and "=" not in provider.fields[5] and provider.line.endswith("\n")
        assert os.stat(os.path.dirname(provider.socket)).st_mode & 0o077 == 0


@test
def the_certificate_is_for_localhost():
    with Provider() as provider:
        text = plugin.openssl("x509", "-noout", "-text", input=provider.greet().server_pem()).decode()
        assert "DNS:localhost" in text and "CA:TRUE" in text and "TLS Web Server Authentication" in text


@test
def a_seventh_field_comes_only_when_multiplexing_is_spoken_of():
    with Provider(env={"PLUGIN_MULTIPLEX_GRPC": "true"}) as provider:
        assert provider.greet().fields[6:] == ["false"]


@test
def without_a_client_certificate_it_speaks_plaintext():
    with Provider(tls=None) as provider:
        assert provider.greet().fields[5:] == [""], provider.line
        assert call(provider.channel(), "GetProviderSchema").HasField("provider")


@test
def the_socket_lies_where_the_client_wants_it():
    folder = os.path.join(plugin.WORK, "wanted")
    os.mkdir(folder)
    with Provider(env={"PLUGIN_UNIX_SOCKET_DIR": folder}) as provider:
        assert provider.greet().socket.startswith(folder + "/")
        shutdown(provider.channel())
        assert provider.wait() is not None and not os.listdir(folder)


@test
def a_group_may_be_let_in():
    with Provider(env={"PLUGIN_UNIX_SOCKET_GROUP": str(os.getgid())}) as provider:
        provider.greet()
        assert os.stat(provider.socket).st_mode & 0o777 == 0o660
        assert os.stat(provider.socket).st_gid == os.getgid()
        assert call(provider.channel(), "GetProviderSchema").HasField("provider")


@test
def a_temporary_folder_that_is_too_long_is_passed_over():
    folder = os.path.join(plugin.WORK, "long" * 40)
    os.mkdir(folder)
    with Provider(env={"TMPDIR": folder}) as provider:
        assert len(provider.greet().socket) <= 107
        assert call(provider.channel(), "GetProviderSchema").HasField("provider")
        shutdown(provider.channel())
        assert provider.wait() is not None and not os.path.exists(os.path.dirname(provider.socket))


@test
def odd_characters_in_the_temporary_folder_do_no_harm():
    for name in ("with space", "per%20cent", "que?ry", "ha#sh", "ünï"):
        folder = os.path.join(plugin.WORK, name)
        os.mkdir(folder)
        with Provider(tls=None, env={"TMPDIR": folder}) as provider:
            assert os.path.exists(provider.greet().socket), provider.line
            assert provider.socket.startswith(folder), provider.line
            shutdown(provider.channel()) if name == "with space" else provider.process.terminate()
            assert provider.wait() is not None and not os.listdir(folder)


@test
def a_client_certificate_that_is_none_ends_the_start_with_a_reason():
    with Provider(env={"PLUGIN_CLIENT_CERT": "not a certificate"}) as provider:
        assert provider.wait() is not None and provider.process.returncode == 1
        assert b"|" not in provider.process.stdout.read() and not provider.leftovers()


RESERVED = {"count", "for_each", "depends_on", "provider", "lifecycle", "connection", "provisioner", "locals", "_"}
RESERVED_PROVIDER = {"alias", "version", "count", "depends_on", "for_each", "source", "lifecycle", "locals", "_"}


def check_type(kind):
    if isinstance(kind, str):
        assert kind in ("string", "number", "bool", "dynamic"), kind
        return
    assert kind[0] in ("list", "set", "map", "object", "tuple"), kind
    inner = kind[1]
    for element in inner.values() if isinstance(inner, dict) else inner if kind[0] == "tuple" else [inner]:
        check_type(element)


def check_attributes(attributes, where, in_set):
    names = [attribute.name for attribute in attributes]
    assert len(set(names)) == len(names), where
    for attribute in attributes:
        at = f"{where}.{attribute.name}"
        assert re.fullmatch("[a-z][a-z0-9_]*", attribute.name), at
        assert attribute.required or attribute.optional or attribute.computed, at
        assert not (attribute.required and (attribute.optional or attribute.computed)), at
        assert bool(attribute.type) != attribute.HasField("nested_type"), at
        assert attribute.deprecated or not attribute.deprecation_message, at
        assert attribute.description and attribute.description_kind == tf.MARKDOWN, at
        assert not (attribute.write_only and (attribute.computed or in_set)), at
        if attribute.type:
            kind = json.loads(attribute.type)
            check_type(kind)
            assert not (in_set and "dynamic" in json.dumps(kind)), at
        else:
            assert attribute.nested_type.nesting in (1, 2, 3, 4), at
            check_attributes(attribute.nested_type.attributes, at, in_set or attribute.nested_type.nesting == 3)


def check_block(block, where, in_set=False):
    check_attributes(block.attributes, where, in_set)
    taken = {attribute.name for attribute in block.attributes}
    for nested in block.block_types:
        at = f"{where}.{nested.type_name}"
        assert re.fullmatch("[a-z][a-z0-9_]*", nested.type_name) and nested.type_name not in taken, at
        taken.add(nested.type_name)
        assert nested.HasField("block"), at  # Terraform crashes without
        low, high = nested.min_items, nested.max_items
        assert nested.nesting in (1, 2, 3, 4, 5) and low >= 0 and high >= 0, at
        if nested.nesting == tf.Schema.NestedBlock.SINGLE:
            assert low == high <= 1, at
        elif nested.nesting in (tf.Schema.NestedBlock.MAP, tf.Schema.NestedBlock.GROUP):
            assert low == high == 0, at
        else:
            assert high == 0 or low <= high, at
        check_block(nested.block, at, in_set or nested.nesting == tf.Schema.NestedBlock.SET)


def names_of(schema):
    return {a.name for a in schema.block.attributes} | {b.type_name for b in schema.block.block_types}


@test
def the_whole_schema_is_one_that_terraform_takes():
    with Provider() as provider:
        answer = call(provider.greet().channel(), "GetProviderSchema")
    assert answer.HasField("provider") and not answer.diagnostics and not answer.HasField("provider_meta")
    assert answer.resource_schemas
    for name, schema in [("provider", answer.provider), *answer.resource_schemas.items()]:
        assert schema.HasField("block") and schema.version >= 0, name
        check_block(schema.block, name)
        assert not names_of(schema) & (RESERVED_PROVIDER if name == "provider" else RESERVED), name


@test
def the_capabilities_are_those_it_has():
    with Provider() as provider:
        offered = call(provider.greet().channel(), "GetProviderSchema").server_capabilities
    assert offered.plan_destroy and offered.get_provider_schema_optional
    assert not offered.move_resource_state and not offered.generate_resource_config


@test
def the_manual_has_a_page_for_each_resource():
    folder = os.path.join(plugin.WORK, "manual")
    subprocess.run([plugin.BIN, "--manual", folder], check=True, timeout=20)
    with Provider() as provider:
        names = call(provider.greet().channel(), "GetProviderSchema").resource_schemas
        pages = {name.split("_", 1)[1] + ".md" for name in names}
    assert os.path.getsize(os.path.join(folder, "index.md")) > 100
    assert set(os.listdir(os.path.join(folder, "resources"))) == pages


@test
def the_metadata_names_the_resources_of_the_schema():
    with Provider() as provider:
        channel = provider.greet().channel()
        names = {resource.type_name for resource in call(channel, "GetMetadata").resources}
        assert names == set(call(channel, "GetProviderSchema").resource_schemas)


@test
def what_newer_clients_ask_is_answered_empty():
    with Provider() as provider:
        channel = provider.greet().channel()
        assert not call(channel, "GetResourceIdentitySchemas").ByteSize()
        assert not call(channel, "GetFunctions").ByteSize()


@test
def what_is_not_offered_is_unimplemented_at_once():
    with Provider() as provider:
        channel = provider.greet().channel()
        for name in ("ReadDataSource", "CallFunction", "OpenEphemeralResource", "ListResource", "PlanAction",
                     "LockState", "GenerateResourceConfig", "UpgradeResourceIdentity", "NoSuchMethod"):
            code = status_of(lambda: call(channel, name, tf.GetMetadata.Request(), go.Empty, timeout=5))
            assert code == grpc.StatusCode.UNIMPLEMENTED, (name, code)
        code = status_of(lambda: call(channel, "Nothing", go.Empty(), go.Empty, 5, "no.such.Service"))
        assert code == grpc.StatusCode.UNIMPLEMENTED, code


@test
def a_move_between_types_is_refused_in_words():
    with Provider() as provider:
        answer = call(provider.greet().channel(), "MoveResourceState",
                      tf.MoveResourceState.Request(target_type_name=b"a", source_type_name=b"b"))
        assert answer.diagnostics[0].severity == tf.Diagnostic.ERROR and "moved" in answer.diagnostics[0].detail


@test
def an_unknown_resource_type_is_an_error_for_a_person():
    with Provider() as provider:
        channel = provider.greet().channel()
        name = b"no_such_\xff\x00type"
        for method in ("ValidateResourceConfig", "UpgradeResourceState", "ReadResource", "PlanResourceChange",
                       "ApplyResourceChange", "ImportResourceState"):
            request = getattr(tf, method).Request(type_name=name)
            assert call(channel, method, request).diagnostics[0].severity == tf.Diagnostic.ERROR, method


@test
def a_state_that_can_not_be_read_goes_back_as_it_came():
    state = tf.DynamicValue(msgpack=b"\x81\xc1")
    with Provider() as provider:
        channel = provider.greet().channel()
        name = sorted(call(channel, "GetProviderSchema").resource_schemas)[0].encode()
        read = call(channel, "ReadResource",
                    tf.ReadResource.Request(type_name=name, current_state=state, private=b"kept"))
        assert read.diagnostics and read.new_state == state and read.private == b"kept"
        apply = call(channel, "ApplyResourceChange", tf.ApplyResourceChange.Request(
            type_name=name, prior_state=state, planned_state=state, planned_private=b"kept"))
        assert apply.diagnostics and apply.new_state == state and apply.private == b"kept"


@test
def bytes_that_are_no_message_are_an_invalid_argument():
    with Provider() as provider:
        method = provider.greet().channel().unary_unary("/tfplugin6.Provider/PlanResourceChange")
        assert status_of(lambda: method(b"\xff\xff\xff\xff", timeout=5)) == grpc.StatusCode.INVALID_ARGUMENT


@test
def health_is_told():
    with Provider() as provider:
        channel = provider.greet().channel()
        assert health(channel, "plugin").status == go.HealthCheckResponse.SERVING
        assert status_of(lambda: health(channel, "other")) == grpc.StatusCode.NOT_FOUND


@test
def stop_is_answered_and_what_comes_after_works():
    with Provider() as provider:
        channel = provider.greet().channel()
        for _ in range(3):
            assert call(channel, "StopProvider", timeout=2).Error == ""
            assert call(channel, "GetProviderSchema").HasField("provider")


@test
def five_hundred_calls_at_once_are_all_answered():
    with Provider() as provider:
        channel = provider.greet().channel()
        method = channel.unary_unary("/tfplugin6.Provider/GetMetadata", lambda b: b, lambda b: b)
        calls = [method.future(b"", timeout=20) for _ in range(500)]
        assert len({future.result() for future in calls}) == 1


@test
def large_requests_are_taken():
    with Provider() as provider:
        request = tf.ValidateResourceConfig.Request(type_name=b"x" * 20_000_000)
        assert call(provider.greet().channel(), "ValidateResourceConfig", request).diagnostics


@test
def impostors_are_refused_and_the_client_is_served_on():
    with Provider() as provider:
        provider.greet()
        good = provider.channel()
        assert call(good, "GetProviderSchema").HasField("provider")
        for what, channel in (("another certificate", provider.channel(IMPOSTOR)),
                              ("no certificate", provider.channel(None)),
                              ("plaintext", provider.channel(secure=False))):
            code = status_of(lambda: call(channel, "GetProviderSchema", timeout=5))
            assert code == grpc.StatusCode.UNAVAILABLE, (what, code)
        for _ in range(20):
            with socket.socket(socket.AF_UNIX) as raw:
                raw.connect(provider.socket)
                raw.sendall(os.urandom(300))
        assert call(good, "GetProviderSchema").HasField("provider")


def handshake_of(provider, *options):
    command = ["openssl", "s_client", "-unix", provider.socket, "-alpn", "h2", "-servername", "localhost", *options]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=10)
    return (done.stdout + done.stderr).decode(errors="replace")


@test
def a_p521_client_as_terraform_makes_it_is_let_in():
    with Provider(tls=CLIENT_521) as provider:
        provider.greet()
        text = handshake_of(provider, "-cert", CLIENT_521.file, "-key", CLIENT_521.key_file)
        assert "TLSv1.3" in text and "ALPN protocol: h2" in text, text


@test
def two_clients_one_after_the_other_are_served():
    with Provider() as provider:
        provider.greet()
        for _ in range(2):
            channel = provider.channel()
            assert call(channel, "GetProviderSchema").HasField("provider")
            channel.close()
        assert provider.process.poll() is None


@test
def after_shutdown_nothing_is_left():
    for tls in (CLIENT, None):
        with Provider(tls=tls) as provider:
            channel = provider.greet().channel()
            held = [stream(channel, "/plugin.GRPCStdio/StreamStdio"), stream(channel, "/plugin.GRPCBroker/StartStream")]
            call(channel, "GetProviderSchema")
            shutdown(channel)
            took = provider.wait()
            assert took is not None and took < 1.0, f"it took {took} s"
            assert provider.process.returncode == 0 and not provider.leftovers(), provider.leftovers()
            assert len(held) == 2


@test
def the_streams_of_go_plugin_stay_open():
    with Provider() as provider:
        channel = provider.greet().channel()
        for path in ("/plugin.GRPCStdio/StreamStdio", "/plugin.GRPCBroker/StartStream"):
            held = stream(channel, path)
            held.initial_metadata()
            time.sleep(0.1)
            assert held.is_active(), path
            held.cancel()
        assert call(channel, "GetProviderSchema").HasField("provider")


@test
def nothing_but_the_handshake_is_written_to_standard_output():
    with Provider(env={"TF_LOG": "trace"}) as provider:
        channel = provider.greet().channel()
        call(channel, "GetProviderSchema")
        shutdown(channel)
        assert provider.wait() is not None and provider.process.stdout.read() == b""
        for line in provider.stderr().splitlines():
            assert line.startswith('{"@level":"'), line


@test
def signals_of_the_terminal_are_for_terraform_and_sigterm_is_for_us():
    with Provider() as provider:
        channel = provider.greet().channel()
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
            provider.process.send_signal(number)
        assert call(channel, "GetProviderSchema").HasField("provider")
        provider.process.terminate()
        assert provider.wait(2) is not None and not provider.leftovers()


@test
def when_the_parent_dies_it_goes_within_a_second():
    # The middle process holds our end of the pipe, as Terraform does, and is killed.
    script = ("import subprocess, sys, time\n"
              "p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)\n"
              "print(p.pid, flush=True)\n"
              "sys.stdout.buffer.write(p.stdout.readline())\n"
              "sys.stdout.flush()\n"
              "time.sleep(60)\n")
    for connect in (False, True):
        with Provider(prefix=(sys.executable, "-c", script)) as provider:
            pid = int(provider.read_line())
            provider.greet()
            if connect:
                call(provider.channel(), "GetProviderSchema")
            provider.process.kill()
            provider.process.wait()
            until = time.monotonic() + 1.0
            while plugin.is_alive(pid) and time.monotonic() < until:
                time.sleep(0.01)
            assert not plugin.is_alive(pid), "it lives on"
            assert not provider.leftovers(), provider.leftovers()


@test
def a_reader_that_is_gone_before_the_handshake_ends_it_too():
    read, write = os.pipe()
    os.close(read)
    tmp = os.path.join(plugin.WORK, "unread")
    os.mkdir(tmp)
    process = subprocess.Popen([plugin.BIN], stdin=subprocess.DEVNULL, stdout=write, stderr=subprocess.DEVNULL,
                               env={"TF_PLUGIN_MAGIC_COOKIE": plugin.COOKIE, "TMPDIR": tmp})
    os.close(write)
    process.wait(5)
    assert not os.listdir(tmp)


@test
def debug_mode_prints_what_terraform_needs_and_serves_several():
    with Provider(args=("--debug",), cookie=False, tls=None) as provider:
        text = ""
        while "TF_REATTACH_PROVIDERS" not in text:
            text = provider.read_line()
        value = plugin.reattach(text)
        assert all(entry["Test"] is True and entry["ProtocolVersion"] == 6 for entry in value.values())
        entry = next(iter(value.values()))
        assert entry["Pid"] == provider.process.pid and entry["Protocol"] == "grpc"
        provider.fields, provider.socket = [], entry["Addr"]["String"]
        for _ in range(2):
            channel = provider.channel(secure=False)
            assert call(channel, "GetProviderSchema").HasField("provider")
            channel.close()
        provider.process.send_signal(signal.SIGINT)
        assert provider.wait(2) is not None and not provider.leftovers()


@test
def the_first_schema_comes_quickly():
    with Provider() as provider:
        channel = provider.greet().channel()
        call(channel, "StopProvider")
        began = time.monotonic()
        call(channel, "GetProviderSchema")
        took_ms = (time.monotonic() - began) * 1000
        assert took_ms < 200, f"{took_ms:.1f} ms"


def run(function):
    name = function.__name__.replace("_", " ")
    try:
        function()
    except Exception:  # noqa: BLE001 - a test may fail in any way
        print(f"not ok - {name}")
        print("\n".join("# " + line for line in traceback.format_exc().splitlines()[-6:]))
        return False
    print(f"ok - {name}")
    return True


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--provider":
        plugin.BIN = os.path.abspath(sys.argv[2])
    elif len(sys.argv) > 1:
        sys.exit("usage: contract.py [--provider PATH]")
    if not os.access(plugin.BIN, os.X_OK):
        sys.exit(f"{plugin.BIN} is not there: build it, or set HP_BIN")
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    passed = sum(run(function) for function in TESTS)
    plugin.clean()
    print(f"{passed} passed, {len(TESTS) - passed} failed")
    sys.exit(passed != len(TESTS))


main()
