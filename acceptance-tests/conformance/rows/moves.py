"""Moves between types

What another type, another provider, or this provider under another address has stored becomes an object of ours.
"""

import json

from row import by_client, cty, fine, on_wire, says, slip, stored_json
from rows.imports import TAKEN_IN, TAKEN_NOTHING

THING = "contrary_thing"
FILE = "src/tf/move.c"
PLAIN = {"id": "thing-1", "text": "t"}


@on_wire(
    "move-foreign",
    "An object of another type is taken over as an object of ours, wholly known",
    slip("src/wire/take.c", "        answer->target_state = wire_dynamic(rpc, offer->type, state.state);\n"),
)
def _(w):
    session = w.contrary()
    answer = fine(session.move(THING, "contrary_plain", PLAIN))
    assert (
        answer.state is not None and cty.unknowns(answer.state) == 0 and set(answer.state) == set(session.object(THING))
    )
    assert (answer.state["id"], answer.state["text"], answer.state["name"]) == ("thing-1", "t", "alpha")
    assert answer.state["listed"] == [] and answer.state["named"] == {}


@by_client(
    "move-block",
    "A moved block between types is taken by the client, and the object is not made anew",
    slip("src/wire/provider.c", "    capabilities->move_resource_state = true;\n"),
    needs="moved",
)
def _(w):
    stack = w.stack('resource "contrary_plain" "old" {\n  text = "t"\n}\n')
    stack.apply().fine()
    state = stack.state_file()
    id = state["resources"][0]["instances"][0]["attributes"]["id"]
    with open(f"{stack.store}/{id}.json", encoding="utf-8") as file:
        stored = json.load(file)
    thing = w.stack('resource "contrary_thing" "it" {\n  name = "alpha"\n  text = "t"\n}\n')
    thing.apply().fine()
    made = thing.instance()["attributes"]["id"]
    state["resources"][0]["instances"][0]["attributes"]["id"] = made  # the thing that the plain one stands for
    with open(f"{stack.store}/{made}.json", "w", encoding="utf-8") as file, open(
        f"{thing.store}/{made}.json", encoding="utf-8"
    ) as other:
        file.write(other.read())
    stack.write_state(state)
    stack.write("""
moved {
  from = contrary_plain.old
  to   = contrary_thing.it
}
resource "contrary_thing" "it" {
  name = "alpha"
  text = "t"
}""")
    run = stack.apply().fine()
    assert not [line for line in run.lines if line.get("type") == "apply_start"], "something was done"
    assert stack.instance()["attributes"]["id"] == made and stored["text"] == "t"


@on_wire(
    "move-provider",
    "The same type name of another provider is another type",
    slip(
        FILE,
        "        if (str_is(request->type, move->from) &&\n"
        "            is_provider(request->provider, str_of(move->provider)))",
        "        if (str_is(request->type, move->from))",
    ),
)
def _(w):
    session = w.session()
    for address in ("registry.terraform.io/other/contrary", "registry.terraform.io/hyperpod/other", "other", ""):
        answer = says(session.move(THING, "contrary_plain", PLAIN, address), "This move is not possible")
        assert answer.state is None, address


@on_wire(
    "move-host",
    "The host of the provider's address may be any",
    slip(
        FILE,
        "    return str_ends(address, provider) &&",
        '    return str_starts(address, S("registry.terraform.io/")) && str_ends(address, provider) &&',
    ),
)
def _(w):
    session = w.session()
    for host in ("registry.terraform.io", "registry.opentofu.org", "mirror.example.com:8080"):
        fine(session.move(THING, "contrary_plain", PLAIN, f"{host}/hyperpod/contrary"))


@on_wire(
    "move-bare-name",
    "OpenTofu's bare name of the provider is taken for its address",
    slip(
        FILE, "    if (str_eq(address, str_from(provider, slash + 1)))\n" "        return true;\n", "    (void)slash;\n"
    ),
)
def _(w):
    fine(w.session().move(THING, "contrary_plain", PLAIN, "contrary"))


@on_wire(
    "move-lookalike",
    "A namespace that ends like ours is not ours",
    slip(
        FILE,
        "           (address.len == provider.len || address.ptr[address.len - provider.len - 1] == '/');",
        "           address.len >= provider.len;",
    ),
)
def _(w):
    says(
        w.session().move(THING, "contrary_plain", PLAIN, "registry.terraform.io/evilhyperpod/contrary"), "not possible"
    )


@on_wire(
    "move-own",
    "This type from another address of this provider is brought up from the version it was stored with",
    slip(
        FILE,
        "    call->state = tf_upgrade(server, rpc, call->offer, request->version, request->json);",
        "    call->state = tf_upgrade(server, rpc, call->offer, call->offer->version, request->json);",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", text="t", items=[{"x": "1"}])
    address = "registry.example.com/hyperpod/contrary"
    assert fine(session.move(THING, THING, stored_json(kept), address, 2)).state == kept.state
    old = stored_json(kept) | {"title": "a"}
    del old["name"]
    assert fine(session.move(THING, THING, old, address, 0)).state == kept.state


@on_wire(
    "move-own-private",
    "Its private bytes move with it",
    slip(FILE, "    call->private_data = tf_private_decode(call->arena, request->private_data);\n"),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    assert kept.private
    moved = fine(
        session.move(THING, THING, stored_json(kept), "registry.example.com/hyperpod/contrary", 2, kept.private)
    )
    assert moved.private == kept.private


@on_wire(
    "move-refused",
    "What can't be moved is refused, with what can be done instead",
    slip(
        FILE,
        "        taken = refuse(&call, request);",
        "        taken = own.ptr == NULL && refuse(&call, request);",
    ),
)
def _(w):
    session = w.session()
    for kind in (THING, "contrary_plain"):
        answer = says(
            session.move(kind, "aws_instance", {"id": "i-1"}, "registry.terraform.io/hashicorp/aws"),
            "aws_instance",
            "removed",
            "import",
        )
        assert answer.state is None
    says(session.move(THING, "aws_instance", {"id": "i-1"}), "contrary_plain")  # what can be


@on_wire("move-rules", "A move that breaks a rule is told, and gives no object", TAKEN_IN)
def _(w):
    session = w.session()
    for word in ("unknown", "write_only", "nonsense"):
        answer = says(
            session.move("contrary_breaker", "contrary_plain", {"id": "p", "text": word}), "The provider made a mistake"
        )
        assert answer.state is None, word


@on_wire("move-nothing", "A move that sets nothing is told: the client would store a null object", TAKEN_NOTHING)
def _(w):
    answer = says(w.session().move("contrary_breaker", "contrary_plain", {"id": "p", "text": "nothing"}), "set nothing")
    assert answer.state is None


@on_wire(
    "move-unreadable",
    "A stored object that is no object is refused",
    slip(
        FILE,
        "    if (!doc_from_json(call->arena, request->json, &doc_default_limits, &state, &error) ||\n"
        "        state->kind != DOC_OBJECT)",
        "    if (!doc_from_json(call->arena, request->json, &doc_default_limits, &state, &error))",
    ),
)
def _(w):
    session = w.session()
    for text in (b"[1]", b'"x"', b"null", b"{", b""):
        answer = says(session.move(THING, "contrary_plain", text), "is no JSON object")
        assert answer.state is None, text


@on_wire(
    "move-identity",
    "An object that was moved has its identity",
    slip("src/wire/take.c", "        answer->target_identity = wire_identity(rpc, offer, state.identity);\n"),
)
def _(w):
    moved = fine(w.session().move(THING, "contrary_plain", PLAIN))
    assert moved.identity == {"id": "thing-1", "letters": list("thing-1"), "name": "alpha"}


@on_wire(
    "move-unconfigured",
    "A move works in a process that nobody has configured",
    slip(
        FILE,
        "    call.state = blank;\n" "    if (move != NULL)",
        "    call.state = blank;\n"
        "    if (!tf_call_needs_provider(server, rpc, &call))\n"
        "        return;\n"
        "    if (move != NULL)",
    ),
)
def _(w):
    fine(w.session().move(THING, "contrary_plain", PLAIN))
