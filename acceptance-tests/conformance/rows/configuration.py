"""Configuration of the provider

Once in a process, or several times in debug mode; perhaps with values that nobody knows yet; perhaps never.
"""

import json
import os
import time
import urllib.request

from row import HYPERPOD, fine, on_wire, says, slip, value
from cty import UNKNOWN


@on_wire(
    "configure-unknown",
    "A configuration that is not known yet is no error, and plans go as far as they can",
    slip(
        "src/hyperpod/provider.c", "    if (!client_is_known(call->config)) {", "    if (!cty_is_known(call->config)) {"
    ),
    ours=True,
)
def _(w):
    session = w.session(HYPERPOD, env={"AWS_EC2_METADATA_DISABLED": "true"})
    fine(session.configure(region=UNKNOWN, profile=UNKNOWN, access_key=UNKNOWN, secret_key=UNKNOWN))
    kind = "hyperpod_efa_security_group"
    planned = fine(session.plan(kind, session.object(kind, name="efa", vpc_id="vpc-0a1b2c3d4e5f60718"))).state
    assert planned["id"] == UNKNOWN


@on_wire(
    "configure-again",
    "A second configuration takes the place of the first",
    slip(
        "src/tf/server.c",
        "    server->configured = fresh;",
        "    server->configured = old != NULL && fresh != NULL ? old : fresh;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_plain", text="t")
    fine(session.configure(dir=w.store + "-2"))
    assert session.read(kept).state is None
    fine(session.configure(dir=w.store))
    assert session.read(kept).state == kept.state


@on_wire(
    "configure-during",
    "A call that is under way keeps the configuration with which it began",
    slip(
        "src/tf/server.c",
        "    server->configured = fresh;\n" "    pthread_mutex_unlock(&server->lock);\n",
        "    server->configured = fresh;\n"
        "    if (old != NULL)\n"
        "        old->holders = 1;\n"
        "    pthread_mutex_unlock(&server->lock);\n",
    ),
)
def _(w):
    session = w.contrary(visit_ms=400)
    config = session.object("contrary_plain", text="t")
    plan = session.plan("contrary_plain", config)
    begun = [
        session.begin("ApplyResourceChange", **session.apply_fields("contrary_plain", None, plan.state, config))
        for _ in range(8)
    ]
    time.sleep(0.1)
    for i in range(20):
        fine(session.configure(dir=f"{w.store}-{i}", token="x" * 100))
    assert not [future.result().diagnostics for future in begun if future.result().diagnostics]
    assert len(os.listdir(w.store)) == 8


@on_wire(
    "configure-refused",
    "After a configuration that was refused nothing works with the one before",
    slip("src/tf/server.c", "        install(server, NULL);\n" "        return;", "        return;"),
)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_plain", text="t")
    answer = says(session.configure(dir=w.store, token="expired"), "Refused")
    assert answer.paths == [["token"]]
    answer = says(session.read(kept), "not configured")
    assert answer.state == kept.state


@on_wire(
    "configure-first",
    "What needs the provider says so, while it is not configured",
    slip(
        "src/tf/call.c",
        "    return rpc->held != NULL ||",
        "    return rpc->held != NULL || call->prior == NULL ||",
    ),
)
def _(w):
    session = w.session()
    config = session.object("contrary_plain", text="t")
    plan = fine(session.plan("contrary_plain", config))
    says(session.apply("contrary_plain", None, plan.state, config), "not configured")
    thing = session.object("contrary_thing", name="a", id="thing-1")
    answer = says(
        session.call("ReadResource", type_name=b"contrary_thing", current_state=value(thing), private=b"p"),
        "not configured",
    )
    assert answer.state == thing and answer.private == b"p"
    says(session.imports("contrary_thing", "thing-1"), "not configured")
    lookup = session.object("contrary_lookup", "data_source_schemas", thing_id="x")
    says(session.call("ReadDataSource", type_name=b"contrary_lookup", config=value(lookup)), "not configured")
    lease = session.object("contrary_lease", "ephemeral_resource_schemas", name="x")
    says(session.call("OpenEphemeralResource", type_name=b"contrary_lease", config=value(lease)), "not configured")
    for method in ("RenewEphemeralResource", "CloseEphemeralResource"):
        says(session.call(method, type_name=b"contrary_lease", private=b"p"), "not configured")
    events = list(session.list("contrary_thing"))
    assert len(events) == 1 and "not configured" in events[0].diagnostic[0].summary


@on_wire(
    "configure-empty-variables",
    "An empty variable is as one that is not set",
    slip(
        "src/aws/settings.c",
        "    if (region.len == 0)\n" '        region = world_env(sources->world, "AWS_DEFAULT_REGION");',
        "    if (region.ptr == NULL)\n" '        region = world_env(sources->world, "AWS_DEFAULT_REGION");',
    ),
    ours=True,
)
def _(w):
    empty = {
        name: ""
        for name in (
            "AWS_REGION",
            "AWS_SESSION_TOKEN",
            "AWS_SECURITY_TOKEN",
            "AWS_PROFILE",
            "AWS_ENDPOINT_URL_STS",
            "AWS_CA_BUNDLE",
            "AWS_ROLE_ARN",
            "TF_APPEND_USER_AGENT",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        )
    }
    w.hyperpod(w.sim() | empty | {"AWS_DEFAULT_REGION": "us-west-2"})


@on_wire(
    "configure-silent",
    "With skip_credentials_validation a configuration asks the cloud nothing",
    slip(
        "src/hyperpod/provider.c",
        '    if (tf_bool(call->config, "skip_credentials_validation", false)) {',
        '    if (tf_bool(call->config, "skip_metadata_api_check", false)) {',
    ),
    ours=True,
)
def _(w):
    w.hyperpod(w.sim(), skip_credentials_validation=True)
    with urllib.request.urlopen(f"{w.sim_url}/_sim/calls", timeout=10) as answer:
        calls = json.load(answer)
    assert not [c for c in json.dumps(calls).split('"') if c == "GetCallerIdentity"], calls
