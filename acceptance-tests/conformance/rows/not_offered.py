"""What is not offered

Actions, state stores, and whatever comes: UNIMPLEMENTED at once, never a silence, for no call has a deadline.
"""

import threading
import time

from row import CONTRARY, HYPERPOD, grpc_code, on_wire, slip

ABSENT = (
    "ValidateStateStoreConfig",
    "ConfigureStateStore",
    "ReadStateBytes",
    "WriteStateBytes",
    "LockState",
    "UnlockState",
    "GetStates",
    "DeleteState",
    "PlanAction",
    "InvokeAction",
    "ValidateActionConfig",
)


@on_wire(
    "absent-methods",
    "Methods of actions and state stores are UNIMPLEMENTED",
    slip(
        "src/plugin/call.c",
        '        answer(call, GRPC_STATUS_UNIMPLEMENTED, "not implemented by this provider", NULL);',
        '        answer(call, GRPC_STATUS_INTERNAL, "not implemented by this provider", NULL);',
    ),
)
def _(w):
    for binary in (CONTRARY, HYPERPOD):
        channel = w.start(binary).channel()
        for name in ABSENT:
            method = channel.unary_unary(f"/tfplugin6.Provider/{name}")
            assert grpc_code(lambda: method(b"", timeout=5)) == "UNIMPLEMENTED", name


@on_wire(
    "absent-streams",
    "A stream that is not offered is refused before its first message has come",
    slip(
        "src/plugin/call.c",
        "    else if (call->kind == SERVICE_WIRE && !wire_method_is_offered(call->method))",
        "    else if (call->kind == SERVICE_WIRE && !wire_method_is_offered(call->method) &&\n"
        "             wire_method_streams(call->method))",
    ),
)
def _(w):
    channel = w.start().channel()
    over = threading.Event()

    def nothing_yet():
        over.wait(20)
        yield b""

    for name, kind in (("WriteStateBytes", channel.stream_unary), ("InvokeAction", channel.stream_stream)):
        began = time.monotonic()
        method = kind(f"/tfplugin6.Provider/{name}")
        code = grpc_code(
            lambda: (
                list(method(nothing_yet(), timeout=5))
                if kind == channel.stream_stream
                else method(nothing_yet(), timeout=5)
            )
        )
        assert code == "UNIMPLEMENTED" and time.monotonic() - began < 3, (name, code)
    over.set()


@on_wire(
    "absent-unknown",
    "A method and a service that nobody has heard of are UNIMPLEMENTED",
    slip(
        "src/plugin/call.c",
        '        answer(call, GRPC_STATUS_UNIMPLEMENTED, "unknown method", NULL);',
        '        answer(call, GRPC_STATUS_NOT_FOUND, "unknown method", NULL);',
    ),
)
def _(w):
    channel = w.start().channel()
    for path in (
        "/tfplugin6.Provider/NoSuchMethod",
        "/tfplugin5.Provider/GetSchema",
        "/no.such.Service/Nothing",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/x",
    ):
        method = channel.unary_unary(path)
        assert grpc_code(lambda: method(b"", timeout=5)) == "UNIMPLEMENTED", path
