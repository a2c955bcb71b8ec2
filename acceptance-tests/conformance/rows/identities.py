"""Identity

The facts that name an object outside of any state: complete, known, never changed, never lost.
"""

from row import Kept, by_client, cty, fine, on_wire, says, slip, tf
from rows.upgrades import NEWER

THING = "contrary_thing"
FILE = "src/tf/identity.c"
MADE = slip(
    "src/wire/resource.c",
    "        answer->private_ = pb_bytes(state.private_data);\n"
    "        answer->new_identity = wire_identity(rpc, offer, state.identity);\n"
    "    } else {",
    "        answer->private_ = pb_bytes(state.private_data);\n" "    } else {",
)


@on_wire("identity-made", "An object that was made has its identity, complete", MADE)
def _(w):
    kept = w.contrary().create(THING, name="a")
    assert kept.identity == {"id": kept.state["id"], "letters": list(kept.state["id"]), "name": "a"}


@on_wire(
    "identity-plan-create",
    "What is to be made has no planned identity that is not wholly known: OpenTofu 1.12 fails on it",
    slip(
        "src/tf/plan.c",
        "    return plan->prior == NULL\n" "               ? NULL",
        "    return plan->prior == NULL\n"
        "               ? tf_identity_of(plan->call->arena, plan->call->offer, plan->planned)",
    ),
)
def _(w):
    session = w.contrary()
    plan = fine(session.plan(THING, session.object(THING, name="a")))
    assert plan.identity is None or cty.unknowns(plan.identity) == 0, plan.identity


@on_wire(
    "identity-plan",
    "An update and a destroy are planned with the identity that there is",
    slip("src/wire/resource.c", "    answer->planned_identity = wire_identity(rpc, offer, plan->planned_identity);\n"),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    _, plan = session.plan_change(kept, text="new")
    assert fine(plan).identity == kept.identity
    assert fine(session.plan_destroy(kept)).identity == kept.identity


# Absent where there is one would drop it, present where there can't be one crashes core: the same line sees to both.
READ = slip(
    "src/wire/resource.c",
    "        answer->new_identity = wire_identity(rpc, offer, state.identity);\n"
    "    }\n"
    "    if (answer->new_state == NULL)",
    "    }\n" "    if (answer->new_state == NULL)",
)


@on_wire("identity-read", "A read gives an identity to an object that was stored without one", READ)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    for stored in (None, {"id": kept.state["id"], "letters": None, "name": None}):
        old = Kept(kept.kind, kept.config, kept.state, kept.private, stored)
        assert fine(session.read(old)).identity == kept.identity


@on_wire("identity-none", "A type without identity never has one, whatever the client sends", READ)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_plain", text="t")
    assert kept.identity is None
    sent = Kept(kept.kind, kept.config, kept.state, kept.private, {"id": "x"})
    for answer in (
        session.read(sent),
        session.plan_change(sent, text="u")[1],
        session.plan_destroy(sent),
        session.destroy(sent),
    ):
        assert fine(answer).identity is None


@on_wire(
    "identity-outside",
    "What an object does not say of its identity is as it was known before",
    slip(
        FILE,
        "                 STR(cty_show(arena, now)));\n" "    return before;",
        "                 STR(cty_show(arena, now)));\n" "    return now;",
    ),
    ours=True,
)
def _(w):
    session = w.hyperpod(w.sim("--time-scale", "600"))
    kept = session.create("hyperpod_efa_security_group", name="efa", vpc_id="vpc-0a1b2c3d4e5f60718")
    assert kept.identity["account_id"] and kept.identity["region"] == "us-west-2"
    imported = fine(session.imports(kept.kind, known=kept.identity)).message.imported_resources[0]
    assert cty.unpack(imported.state.msgpack)["arn"] is None  # which says the account
    assert cty.unpack(imported.identity.identity_data.msgpack) == kept.identity


@on_wire(
    "identity-changed",
    "An identity that changes is told as our mistake, and stays what it was",
    slip(
        FILE,
        "    if (!cty_is_null(now) && cty_is_wholly_known(now) && !cty_equal(now, before))",
        "    if (!cty_is_null(now) && cty_is_wholly_known(now) && tf_absent(before))",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_breaker", **{"break": "read_sets", "at": "id", "to": '"breaker-another"'})
    answer = says(session.read(kept), "The identity of this contrary_breaker changed")
    assert answer.identity == kept.identity


@on_wire(
    "identity-upgrade",
    "An identity of an older version is brought up",
    slip(
        FILE,
        '    struct tf_steps steps = {"identity", version, identity->version, identity->upgrade};',
        '    struct tf_steps steps = {"identity", identity->version, identity->version, identity->upgrade};',
    ),
)
def _(w):
    assert fine(upgraded(w, '{\n  "key": "thing-1",\n  "name": "a"\n}', 0)).identity == {
        "id": "thing-1",
        "letters": None,
        "name": "a",
    }
    assert fine(upgraded(w, '{"id":"thing-1"}', 1)).identity == {"id": "thing-1", "letters": None, "name": None}


def upgraded(w, text, version, kind="contrary_thing"):
    return w.session().call(
        "UpgradeResourceIdentity",
        type_name=kind.encode(),
        version=version,
        raw_identity=tf.RawState(json=text.encode()),
    )


@on_wire(
    "identity-upgrade-empty",
    "An object that was stored without identity has none to be brought up, and that is no error",
    slip(FILE, "    if (str_empty(str_trim(json)))\n" "        return NULL;\n"),
)
def _(w):
    answer = fine(upgraded(w, "", 0))
    assert not answer.message.HasField("upgraded_identity")
    fine(w.session().call("UpgradeResourceIdentity", type_name=b"contrary_thing", version=0))


@on_wire("identity-upgrade-newer", "An identity of a newer version is refused in words", NEWER)
def _(w):
    says(upgraded(w, '{"id":"thing-1"}', 2), "it has version 2")


@on_wire(
    "identity-upgrade-none",
    "A type without identity has none to be brought up",
    slip(
        FILE,
        "    if (identity == NULL) {\n" '        diag_error(&rpc->diags, NULL, "Unknown identity"',
        "    if (identity == NULL && offer->resource->list != NULL) {\n"
        '        diag_error(&rpc->diags, NULL, "Unknown identity"',
    ),
)
def _(w):
    says(upgraded(w, '{"id":"x"}', 0, "contrary_plain"), "no identity")


@by_client(
    "identity-stored", "The client stores the identity, keeps it in updates, and plans with it", MADE, needs="identity"
)
def _(w):
    stack = w.stack('resource "contrary_thing" "it" {\n  name = "a"\n}\n')
    stack.apply().fine()
    first = stack.instance()["identity"]
    assert first["id"].startswith("thing-") and first["name"] == "a"
    stack.write('resource "contrary_thing" "it" {\n  name = "a"\n  text = "new"\n}\n')
    stack.apply().fine()
    assert stack.instance()["identity"] == first
    assert not stack.plan().fine().actions
    stack.write("")
    stack.apply().fine()
    assert stack.instance() is None


@by_client(
    "identity-ours",
    "A security group of ours is planned, made and kept with its identity",
    slip(
        "src/tf/plan.c",
        "    return plan->prior == NULL\n" "               ? NULL",
        "    return plan->prior == NULL\n"
        "               ? tf_identity_of(plan->call->arena, plan->call->offer, plan->planned)",
    ),
    needs="identity",
    ours=True,
)
def _(w):
    stack = w.stack(
        'resource "hyperpod_efa_security_group" "nodes" {\n  name   = "efa"\n  vpc_id = "vpc-0a1b2c3d4e5f60718"\n}\n',
        provider="hyperpod",
        env=w.sim("--time-scale", "600"),
    )
    stack.apply().fine()
    found = stack.instance("hyperpod_efa_security_group.nodes")
    assert found["identity"]["id"] == found["attributes"]["id"] and found["identity"]["region"] == "us-west-2"
    assert not stack.plan().fine().actions
    stack.destroy().fine()
