"""List resources

Looking for what could be imported: a stream of events, each with an identity. No client before Terraform 1.14 asks.
"""

import os
import time

from row import await_true, cty, fine, on_wire, plugin, says, slip, tf, value

THING = "contrary_thing"
FILE = "src/tf/list.c"


def listed(w, count=3, **config):
    session = w.contrary(**config)
    return session, [session.create(THING, name=f"n{i}", text="t", items=[{"x": "1"}]) for i in range(count)]


def identity_of(event):
    return cty.unpack(event.identity.identity_data.msgpack) if event.HasField("identity") else None


@on_wire(
    "list-events",
    "Each thing is an event with its identity and the name that a person knows",
    slip(
        FILE,
        "        event.identity = tf_identity_settled(found, found->state, NULL);",
        "        event.identity = found->state;",
    ),
)
def _(w):
    session, things = listed(w)
    events = list(session.list(THING))
    assert {e.display_name for e in events} == {"n0", "n1", "n2"}
    assert sorted(identity_of(e)["id"] for e in events) == sorted(kept.state["id"] for kept in things)
    assert all(
        identity_of(e) == {"id": i, "letters": list(i), "name": e.display_name}
        for e in events
        for i in [identity_of(e)["id"]]
    )


@on_wire(
    "list-no-object",
    "An object is not sent unless it is asked for",
    slip(
        FILE,
        "        if (tf_identity_is_whole(found, event.identity) && lister->request->wants_objects)",
        "        if (tf_identity_is_whole(found, event.identity))",
    ),
)
def _(w):
    session, _ = listed(w)
    assert not [e for e in session.list(THING) if e.HasField("resource_object")]


@on_wire(
    "list-object",
    "An object that is asked for is whole, as a read would give it",
    slip(
        "src/wire/list.c",
        "    struct tf_list_request list = {.wants_objects = asked->include_resource_object,\n"
        "                                   .limit",
        "    struct tf_list_request list = {.limit",
    ),
)
def _(w):
    session, things = listed(w)
    found = {
        identity_of(e)["id"]: cty.unpack(e.resource_object.msgpack)
        for e in session.list(THING, objects=True)
        if e.HasField("resource_object")
    }
    for kept in things:
        assert found.get(kept.state["id"]) == kept.state, found


@on_wire(
    "list-limit",
    "No more are sent than the client wants",
    slip(
        FILE,
        "        (lister->request->limit > 0 && lister->told >= lister->request->limit))",
        "        (lister->request->limit > 0 && lister->told > lister->request->limit))",
    ),
)
def _(w):
    session, _ = listed(w, 4)
    assert [len(list(session.list(THING, limit=n))) for n in (1, 3, 0, 100)] == [1, 3, 4, 4]


@on_wire(
    "list-filter",
    "What is not looked for makes no event",
    slip(
        FILE,
        "    if (filled || rpc.diags.first != NULL)\n" "        tell(",
        "    if (filled || rpc.diags.first != NULL || name.ptr == NULL)\n" "        tell(",
    ),
)
def _(w):
    session, _ = listed(w)
    assert [e.display_name for e in session.list(THING, prefix="n1")] == ["n1"]


@on_wire(
    "list-warnings",
    "A warning is of the thing that it speaks of, which is listed all the same",
    slip(
        "src/wire/list.c",
        "    wire_report(arena, &rpc.tf.diags, &message->n_diagnostic, &message->diagnostic);\n" "    if (!pb_pack",
        "    if (event->identity == NULL)\n"
        "        wire_report(arena, &rpc.tf.diags, &message->n_diagnostic, &message->diagnostic);\n"
        "    if (!pb_pack",
    ),
)
def _(w):
    session, _ = listed(w)
    events = list(session.list(THING, warns=True))
    assert len(events) == 3 and all(identity_of(e) for e in events)
    assert all(e.diagnostic[0].severity == tf.Diagnostic.WARNING for e in events)


@on_wire(
    "list-first-error",
    "The first error is the last event",
    slip(
        FILE,
        "        found->diags->errors > 0 ||\n" "        (lister->request->limit",
        "        (lister->request->limit",
    ),
)
def _(w):
    session, _ = listed(w)
    events = list(session.list(THING, fails_at=1))
    assert [bool(identity_of(e)) for e in events] == [True, False]
    assert events[1].diagnostic[0].severity == tf.Diagnostic.ERROR
    steps = events[1].diagnostic[0].attribute.steps
    assert len(steps) == 1 and steps[0].attribute_name in ("fails_at", b"fails_at")


@on_wire(
    "list-cancelled",
    "When the client has enough and hangs up, the looking ends",
    slip("src/plugin/call.c", "        if (call->cancelled != 0)\n" "            stop_token_cancel(call->stop);\n"),
)
def _(w):
    session, _ = listed(w, 40)
    looker = w.contrary(env={"TF_LOG": "trace"}, visit_ms=50)
    found = looker.list(THING, prefix="nothing like this")
    visits = lambda: looker.provider.stderr().count('"visit"')
    assert await_true(lambda: visits() > 3)
    found.cancel()
    time.sleep(0.3)
    at_cancel = visits()
    time.sleep(0.5)
    assert visits() == at_cancel < 30, (at_cancel, visits())
    assert len(list(looker.list(THING, limit=2))) == 2


@on_wire(
    "list-validated",
    "The configuration of a list is looked at by its own schema",
    slip(
        "src/wire/list.c",
        "    wire_validate(rpc, TF_LIST_RESOURCE, asked->type_name, asked->config);",
        "    wire_validate(rpc, TF_RESOURCE, asked->type_name, asked->config);",
    ),
)
def _(w):
    session = w.session()

    def validate(**members):
        config = session.object(THING, "list_resource_schemas", **members)
        return session.call("ValidateListResourceConfig", type_name=b"contrary_thing", config=value(config))

    fine(validate(prefix="n", fails_at=cty.UNKNOWN))
    answer = says(validate(fails_at=1.5), "whole number")
    assert answer.paths == [["fails_at"]]


@on_wire(
    "list-unknown",
    "A list that there is not is an error in words, not an empty one",
    slip("src/wire/list.c", "    else\n" "        send_complaint(rpc);\n", ""),
)
def _(w):
    session = w.contrary()
    for kind, config in ((b"contrary_plain", None), (b"nothing", None), (b"contrary_thing", ["no object"])):
        events = list(
            plugin.events(
                session.channel, "ListResource", tf.ListResource.Request(type_name=kind, config=value(config))
            )
        )
        assert len(events) == 1 and events[0].diagnostic[0].severity == tf.Diagnostic.ERROR, kind


@on_wire(
    "list-unknown-config",
    "A list whose configuration is not known is refused",
    slip("src/tf/data.c", "    if (tf_absent(config) || !cty_is_wholly_known(config))", "    if (tf_absent(config))"),
)
def _(w):
    session, _ = listed(w, 1)
    events = list(session.list(THING, prefix=cty.UNKNOWN))
    assert len(events) == 1 and events[0].diagnostic[0].severity == tf.Diagnostic.ERROR and not identity_of(events[0])


@on_wire(
    "list-broken-text",
    "A name with a byte that is no text does not end the list",
    slip(
        "src/wire/list.c",
        "    message->display_name = arena_z(arena, arena_utf8(arena, event->name));",
        "    message->display_name = arena_z(arena, event->name);",
    ),
)
def _(w):
    session = w.contrary()
    os.makedirs(w.store)
    with open(os.path.join(w.store.encode(), b"breaker-\xff.json"), "w", encoding="utf-8") as file:
        file.write("{}")
    events = list(session.list("contrary_breaker"))
    assert len(events) == 1 and events[0].display_name.startswith("breaker-")
