"""Ephemeral resources

Had for a while and stored nowhere: opened, renewed and closed, by private bytes that each client hands over in its
own way.
"""

import json
import os
import time

from row import by_client, cty, fine, on_wire, says, slip, tf, value
from rows.data_sources import UNKNOWN_CONFIG

LEASE = "contrary_lease"
FILE = "src/tf/ephemeral.c"
WIRE = "src/wire/ephemeral.c"


def opened(session, **members):
    config = session.object(LEASE, "ephemeral_resource_schemas", **{"name": "me"} | members)
    return session.call(
        "OpenEphemeralResource",
        type_name=LEASE.encode(),
        config=value(config),
        client_capabilities=tf.ClientCapabilities(),
    )


def renewed(session, private):
    return session.call("RenewEphemeralResource", type_name=LEASE.encode(), private=private)


def closed(session, private):
    return session.call("CloseEphemeralResource", type_name=LEASE.encode(), private=private)


@on_wire(
    "ephemeral-result",
    "What is opened says what was configured, and all of it is known",
    slip(
        "src/tf/data.c",
        "    return tf_plan_fill(arena, rows_of_offer(offer), &place);",
        "    (void)arena, (void)offer;\n" "    return place.config;",
    ),
)
def _(w):
    answer = fine(opened(w.contrary(), note="n"))
    state = answer.state
    assert (state["name"], state["note"], state["renew_after_ms"]) == ("me", "n", 0)
    assert state["token"] == f"token-of-{state['id']}" and cty.unknowns(state) == 0


@on_wire(
    "ephemeral-rules",
    "What is opened and breaks a rule is told, and there is no result",
    slip(
        FILE,
        "    if (call->diags->errors > before || !tf_rules_of_result(call))",
        "    if (call->diags->errors > before)",
    ),
)
def _(w):
    session = w.contrary()
    for breaks in ("changes_config", "fills_optional", "leaves_unknown"):
        answer = says(opened(session, **{"break": breaks}), "The provider made a mistake")
        assert answer.state is None, breaks


@on_wire(
    "ephemeral-closed-again",
    "What was opened and is refused is closed again: the client closes only what it was given",
    slip(FILE, "        close_again(call);\n", "        (void)close_again;\n"),
)
def _(w):
    session = w.contrary()
    fine(opened(session))
    leases = os.listdir(w.store)
    says(opened(session, name="you", **{"break": "fills_optional"}), "The provider made a mistake")
    assert len(leases) == 1 and os.listdir(w.store) == leases


@on_wire(
    "ephemeral-failed",
    "An opening that failed has no result, no private bytes and no renewal",
    slip(
        FILE,
        "        return;\n"
        "    }\n"
        "    check_renewal(call);\n"
        "    if (call->diags->errors > before || !tf_rules_of_result(call)) {",
        "    }\n" "    check_renewal(call);\n" "    if (!tf_rules_of_result(call)) {",
    ),
)
def _(w):
    session = w.contrary()
    for breaks in ("open_fails", "open_mute"):
        answer = opened(session, **{"break": breaks, "renew_after_ms": 5000})
        assert (
            answer.errors and answer.state is None and not answer.private and not answer.message.HasField("renew_at")
        ), breaks


@on_wire(
    "ephemeral-renew-at",
    "The time of the renewal is absolute, and exact",
    slip(
        WIRE, "    time->nanos = (int32_t)(unix_ms % 1000 * 1000000);", "    time->nanos = (int32_t)(unix_ms % 1000);"
    ),
)
def _(w):
    session = w.contrary()
    for after_ms in (10100, 10300, 10500, 10700, 10900):
        before = time.time()
        at = fine(opened(session, renew_after_ms=after_ms)).message.renew_at
        seconds = at.seconds + at.nanos / 1e9
        assert before + after_ms / 1000 - 0.01 <= seconds <= time.time() + after_ms / 1000 + 0.01, (before, seconds)


@on_wire(
    "ephemeral-never-renewed",
    "What need not be renewed has no time for it",
    slip(WIRE, "    if (unix_ms == 0)\n" "        return NULL;\n"),
)
def _(w):
    assert not fine(opened(w.contrary())).message.HasField("renew_at")


@on_wire(
    "ephemeral-private",
    "The private bytes of the opening serve all renewals and the closing, as Terraform hands them over",
    slip(FILE, '    answer->private_data = tf_private_encode(call, S(""));\n'),
)
def _(w):
    session = w.contrary()
    answer = fine(opened(session))
    path = os.path.join(w.store, f"{answer.state['id']}.json")
    for renewals in (1, 2):
        fine(renewed(session, answer.private))
        with open(path, encoding="utf-8") as file:
            assert json.load(file) == {"name": "me", "renewals": renewals}
    fine(closed(session, answer.private))
    assert not os.path.exists(path)
    fine(closed(session, answer.private))  # what is gone already is closed


@on_wire(
    "ephemeral-private-renewed",
    "A renewal hands the private bytes on, since OpenTofu closes with those of the last",
    slip(
        WIRE,
        "    if (renewed.private_data.len > 0) {",
        "    if (renewed.private_data.len > 0 && renewed.renew_at_ms == 0) {",
    ),
)
def _(w):
    session = w.contrary()
    answer = fine(opened(session, renew_after_ms=60000))
    first = fine(renewed(session, answer.private))
    second = fine(renewed(session, first.private))
    assert first.private == second.private == answer.private
    fine(closed(session, second.private))
    assert not os.listdir(w.store)


@on_wire(
    "ephemeral-renewed",
    "A renewal says when the next is due; one that failed does not",
    slip(FILE, "    if (rpc->diags.errors == before)\n" "        ret_answer->renew_at_ms = call.renew_at_ms;\n", ""),
)
def _(w):
    session = w.contrary()
    answer = fine(opened(session, renew_after_ms=60000))
    assert abs(fine(renewed(session, answer.private)).message.renew_at.seconds - time.time() - 60) < 3
    broken = fine(opened(session, **{"renew_after_ms": 60000, "break": "renew_fails"}))
    failed = says(renewed(session, broken.private), "It can't be renewed")
    assert not failed.message.HasField("renew_at") and failed.private == broken.private


@on_wire("ephemeral-unknown", "What is not known yet is not opened", UNKNOWN_CONFIG)
def _(w):
    answer = opened(w.contrary(), name=cty.UNKNOWN)
    assert answer.errors and answer.state is None and not os.path.exists(w.store)


@on_wire(
    "ephemeral-validated",
    "The configuration is looked at by its own schema",
    slip(
        WIRE,
        "    wire_validate(rpc, TF_EPHEMERAL, asked->type_name, asked->config);",
        "    wire_validate(rpc, TF_RESOURCE, asked->type_name, asked->config);",
    ),
)
def _(w):
    session = w.session()

    def validate(**members):
        config = session.object(LEASE, "ephemeral_resource_schemas", name="me", **members)
        return session.call("ValidateEphemeralResourceConfig", type_name=LEASE.encode(), config=value(config))

    fine(validate(renew_after_ms=cty.UNKNOWN))
    assert says(validate(renew_after_ms=-1), "renew_after_ms").paths == [["renew_after_ms"]]


@by_client(
    "ephemeral-used",
    "The client opens it in plan and in apply, uses it, and closes it each time",
    slip(
        WIRE,
        "        tf_ephemeral_close(rpc->server->tf, &rpc->tf, offer,\n"
        '                           has_private ? pb_str(asked->private_) : S(""));',
        "        tf_ephemeral_close(rpc->server->tf, &rpc->tf, offer,\n"
        '                           has_private ? S("") : pb_str(asked->private_));',
    ),
    needs="ephemeral",
)
def _(w):
    stack = w.stack("""
ephemeral "contrary_lease" "me" {
  name = "me"
}
resource "contrary_thing" "it" {
  name        = "a"
  key         = ephemeral.contrary_lease.me.token
  key_version = 1
}""")
    stack.apply().fine()
    assert stack.instance()["attributes"]["key_length"] == len("token-of-lease-12345678")
    assert [name for name in stack.objects() if name.startswith("lease")] == []
    with open(f"{stack.folder}/terraform.tfstate", encoding="utf-8") as file:
        assert "token-of" not in file.read()


@by_client(
    "ephemeral-kept",
    "While it is in use the client renews it",
    slip(WIRE, "    answer->renew_at = timestamp(rpc->arena, renewed.renew_at_ms);", "    answer->renew_at = NULL;"),
    needs="ephemeral",
)
def _(w):
    stack = w.stack("""
ephemeral "contrary_lease" "me" {
  name           = "me"
  renew_after_ms = 300
  break          = "close_forgets"
}
resource "contrary_thing" "it" {
  name        = "a"
  delay_ms    = 2000
  key         = ephemeral.contrary_lease.me.token
  key_version = 1
}""")
    stack.apply().fine()
    renewals = []
    for name in stack.objects():
        if name.startswith("lease"):
            with open(f"{stack.store}/{name}", encoding="utf-8") as file:
                renewals.append(json.load(file)["renewals"])
    assert max(renewals) >= 2, renewals
