"""Stops

Ctrl-C, as StopProvider: it is answered at once, ends what waits, costs no object, and is not the end of the process.
"""

import os
import signal
import subprocess
import time
import urllib.request
import json

from row import TF, Answer, await_true, by_client, fine, identity, on_wire, slip, tf, value

THING = "contrary_thing"
BREAKER = "contrary_breaker"
SLOW = 25_000  # milliseconds: far longer than any row waits


def stop(session):
    began = time.monotonic()
    assert session.call("StopProvider").message.Error == ""
    return time.monotonic() - began


@on_wire(
    "stop-answered",
    "StopProvider is answered at once, also when every worker waits",
    slip(
        "src/plugin/service.c",
        "        return wire_method_stops(*ret_method) ? SERVICE_STOP : SERVICE_WIRE;",
        "        return SERVICE_WIRE;",
    ),
)
def _(w):
    session = w.contrary(visit_ms=SLOW)
    config = session.object("contrary_plain", text="t")
    plan = session.plan("contrary_plain", config)
    begun = [
        session.begin("ApplyResourceChange", **session.apply_fields("contrary_plain", None, plan.state, config))
        for _ in range(300)
    ]
    time.sleep(0.5)
    assert stop(session) < 2
    began = time.monotonic()
    answers = [future.result() for future in begun[:250]]
    assert all(a.diagnostics for a in answers) and time.monotonic() - began < 5


def waiting_calls(session, kept, leased):
    """Each method that can wait for a cloud, begun: name → future."""
    config = session.object(BREAKER, **{"break": "nothing"})
    plan = fine(session.plan(BREAKER, config))
    lookup = session.object("contrary_lookup", "data_source_schemas", thing_id="x")
    lease = session.object("contrary_lease", "ephemeral_resource_schemas", name="x")
    kind = BREAKER.encode()
    stored = dict(private=kept.private)
    _, change = session.plan_change(kept, name="new")
    return {
        "create": session.begin("ApplyResourceChange", **session.apply_fields(BREAKER, None, plan.state, config)),
        "update": session.begin(
            "ApplyResourceChange",
            **session.apply_fields(BREAKER, kept.state, change.state, config, kept.private, kept.identity),
        ),
        "delete": session.begin(
            "ApplyResourceChange", **session.apply_fields(BREAKER, kept.state, None, None, kept.private, kept.identity)
        ),
        "read": session.begin(
            "ReadResource",
            type_name=kind,
            current_state=value(kept.state),
            current_identity=identity(kept.identity),
            **stored,
        ),
        "import": session.begin("ImportResourceState", type_name=kind, id=b"breaker-1"),
        "data": session.begin("ReadDataSource", type_name=b"contrary_lookup", config=value(lookup)),
        "open": session.begin("OpenEphemeralResource", type_name=b"contrary_lease", config=value(lease)),
        "renew": session.begin("RenewEphemeralResource", type_name=b"contrary_lease", private=leased),
        "close": session.begin("CloseEphemeralResource", type_name=b"contrary_lease", private=leased),
    }


def prepared(w):
    """(a session whose cloud is slow, an object, the private bytes of a lease)"""
    quick = w.contrary()
    kept = quick.create(BREAKER, **{"break": "nothing"})
    lease = quick.object("contrary_lease", "ephemeral_resource_schemas", name="x")
    leased = fine(quick.call("OpenEphemeralResource", type_name=b"contrary_lease", config=value(lease))).private
    return w.contrary(visit_ms=SLOW), kept, leased


@on_wire(
    "stop-ends",
    "StopProvider ends every call that waits, of whatever method, and no object is lost",
    slip("src/plugin/call.c", "        stop_now(call->server->stop);\n"),
)
def _(w):
    session, kept, leased = prepared(w)
    begun = waiting_calls(session, kept, leased)
    events = session.list(BREAKER)
    time.sleep(0.4)
    assert not [name for name, future in begun.items() if future.done()]
    stop(session)
    began = time.monotonic()
    answers = {name: Answer(future.result()) for name, future in begun.items()}
    assert time.monotonic() - began < 3
    for name, answer in answers.items():
        assert answer.errors and "Interrupted" in answer.errors[0], (name, answer.errors)
    assert answers["create"].state is None
    for name in ("update", "delete", "read"):
        assert answers[name].state == kept.state and answers[name].private == kept.private, name
        assert answers[name].identity == kept.identity, name
    assert answers["open"].state is None and not answers["import"].message.imported_resources
    assert any(e.diagnostic and e.diagnostic[0].severity == tf.Diagnostic.ERROR for e in events)


@on_wire(
    "stop-later",
    "What begins after a stop works again",
    slip(
        "src/plugin/call.c", "        stop_now(call->server->stop);\n", "        stop_for_good(call->server->stop);\n"
    ),
)
def _(w):
    session = w.contrary(visit_ms=50)
    for _ in range(3):
        stop(session)
        kept = session.create(THING, name="a")
        assert fine(session.read(kept)).state == kept.state


@on_wire(
    "stop-one",
    "A call that its client gives up ends, and the others go on",
    slip(
        "src/plugin/call.c",
        "            stop_token_cancel(call->stop);\n" "        unref(call);",
        "            stop_now(call->server->stop);\n" "        unref(call);",
    ),
)
def _(w):
    session = w.contrary(visit_ms=600)
    config = session.object("contrary_plain", text="t")
    plan = session.plan("contrary_plain", config)
    fields = session.apply_fields("contrary_plain", None, plan.state, config)
    begun = [session.begin("ApplyResourceChange", **fields) for _ in range(4)]
    time.sleep(0.1)
    begun[0].cancel()
    session.call("GetMetadata")
    assert all(not future.result().diagnostics for future in begun[1:])
    time.sleep(0.2)
    assert len(os.listdir(w.store)) == 3, "the call that was given up went on"


@by_client(
    "stop-interrupt",
    "After Ctrl-C, which reaches the provider too, the client gets the object that was being made, untainted",
    slip("src/plugin/watch.c", "    sigaddset(&blocked, SIGINT); /*", "    /*"),
)
def _(w):
    stack = w.stack('resource "contrary_thing" "it" {\n  name = "a"\n  delay_ms = 60000\n}\n')
    with open(os.path.join(stack.folder, "out"), "wb") as out:
        process = subprocess.Popen(
            [TF, f"-chdir={stack.folder}", "apply", "-auto-approve", "-input=false"],
            env=w.client_env(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        assert await_true(lambda: any(name.startswith("thing-") for name in stack.objects()), 30)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(20)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    found = stack.instance()
    assert found and found["attributes"]["id"] + ".json" in stack.objects() and "status" not in found
    stack.write('resource "contrary_thing" "it" {\n  name = "a"\n}\n')
    stack.apply().fine()
    assert not stack.plan().fine().actions


@on_wire(
    "stop-ours",
    "StopProvider ends our own calls to AWS: read, create, delete and list",
    slip(
        "src/hyperpod/call.c",
        "                                        .stop = call->stop,\n"
        "                                        .deadline_tick_ms",
        "                                        .deadline_tick_ms",
    ),
    ours=True,
)
def _(w):
    kind = "hyperpod_efa_security_group"
    session = w.hyperpod(w.sim("--time-scale", "600"))
    made = session.create(kind, name="efa", vpc_id="vpc-0a1b2c3d4e5f60718")
    body = json.dumps({"kind": "slow", "delay_ms": SLOW}).encode()
    urllib.request.urlopen(
        urllib.request.Request(f"{w.sim_url}/_sim/faults", body, {"Content-Type": "application/json"}), timeout=10
    )
    config = session.object(kind, name="other", vpc_id="vpc-0a1b2c3d4e5f60718")
    plan = fine(session.plan(kind, config))
    begun = {
        "read": session.begin(
            "ReadResource",
            type_name=kind.encode(),
            current_state=value(made.state),
            private=made.private,
            current_identity=identity(made.identity),
        ),
        "create": session.begin(
            "ApplyResourceChange", **session.apply_fields(kind, None, plan.state, config, plan.private)
        ),
        "delete": session.begin(
            "ApplyResourceChange", **session.apply_fields(kind, made.state, None, None, made.private, made.identity)
        ),
    }
    events = session.list(kind, objects=True)
    time.sleep(1)
    stop(session)
    began = time.monotonic()
    answers = {name: Answer(future.result()) for name, future in begun.items()}
    assert time.monotonic() - began < 12, {name: a.errors for name, a in answers.items()}
    assert all(answer.errors for answer in answers.values()), answers
    assert answers["read"].state == made.state and answers["delete"].state is not None
    assert any(e.diagnostic for e in events)
