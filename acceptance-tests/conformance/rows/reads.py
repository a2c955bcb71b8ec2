"""Read

What a refresh may find, and that an object is never lost by one.
"""

import json
import os
import urllib.request

from row import by_client, fine, on_wire, says, slip, tf, value

BREAKER = "contrary_breaker"
FILE = "src/tf/read.c"


@on_wire(
    "read-gone",
    "An object that is not there any more is null",
    slip(FILE, "    if (call->gone)\n" "        return NULL;", "    if (call->gone)\n" "        return call->prior;"),
)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_thing", name="a")
    fine(session.destroy(kept))
    assert fine(session.read(kept)).state is None


@on_wire(
    "read-failed",
    'An error is not "gone": the object stays, with its identity and its private bytes',
    slip(
        FILE,
        "    *ret_answer = (struct tf_state_answer){tf_present(request->current), request->private_data,\n"
        "                                           tf_present(request->identity)};",
        "    *ret_answer = (struct tf_state_answer){NULL, request->private_data,\n"
        "                                           tf_present(request->identity)};",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(BREAKER, **{"break": "read_fails"})
    answer = says(session.read(kept), "It can't be read")
    assert answer.state == kept.state and answer.private == kept.private and answer.identity == kept.identity


@on_wire(
    "read-rules",
    "A read that breaks a rule is told, and leaves the object as it was stored",
    slip(
        FILE,
        "    if (!tf_rules_of_state(&rules, call->offer, call->state))\n" "        return call->prior;",
        "    if (!tf_rules_of_state(&rules, call->offer, call->state) && tf_absent(call->state))\n"
        "        return call->prior;",
    ),
)
def _(w):
    session = w.contrary()
    for breaks, at, to in (
        ("read_sets", "status", "?"),
        ("read_sets", "key", '"leaked"'),
        ("read_sets", "items", '[{"hush":"x"}]'),
        ("read_wrong_type", None, None),
        ("read_no_object", None, None),
        ("read_nonsense", None, None),
    ):
        kept = session.create(BREAKER, **{"break": breaks, "at": at, "to": to})
        answer = says(session.read(kept), "The provider made a mistake")
        assert answer.state == kept.state, (breaks, at)


@on_wire(
    "read-drift",
    "What was changed outside is what the read finds",
    slip(FILE, "    return tf_tidy(call->arena, rows_of_offer(call->offer), call->state);", "    return call->prior;"),
)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_thing", name="a", text="t", map={"k": "v"})
    path = os.path.join(w.store, f"{kept.state['id']}.json")
    with open(path, encoding="utf-8") as file:
        stored = json.load(file)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(stored | {"text": "drifted", "map": {}}, file)
    assert fine(session.read(kept)).state == kept.state | {"text": "drifted", "map": {}}


@on_wire(
    "read-keeps",
    "What a read does not find out stays as it is stored",
    slip(
        FILE,
        "    call.prior = call.state = request->current;",
        "    call.prior = request->current;\n"
        '    call.state = cty_with(rpc->arena, tf_blank(rpc->arena, rows_of_offer(offer), offer->type), S("id"),\n'
        '                          tf_value(request->current, "id"));',
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(
        BREAKER, **{"break": "nothing", "name": "n", "secret": "hunter2", "tags": ["a"], "rule": [{"x": "1"}]}
    )
    assert fine(session.read(kept)).state == kept.state


@on_wire(
    "read-blocks",
    "Blocks that a read found to be none are an empty collection",
    slip(FILE, "    return tf_tidy(call->arena, rows_of_offer(call->offer), call->state);", "    return call->state;"),
)
def _(w):
    session = w.contrary()
    for at, none in (("rule", []), ("chosen", []), ("named", {})):
        kept = session.create(BREAKER, **{"break": "read_sets", "at": at})
        assert fine(session.read(kept)).state[at] == none, at


@on_wire(
    "read-private",
    "Private bytes come back with the object",
    slip(
        "src/wire/resource.c", "    answer->private_ = pb_bytes(state.private_data);\n" "    WIRE_REPORT(rpc, answer);"
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_thing", name="a")
    assert kept.private and fine(session.read(kept)).private == kept.private


@on_wire(
    "read-unreadable",
    "An object that can't be read out of the request goes back as it came",
    slip(
        "src/wire/resource.c",
        "    if (answer->new_state == NULL)\n" "        answer->new_state = echo(rpc->arena, asked->current_state);\n",
    ),
)
def _(w):
    session = w.contrary()
    for state in (tf.DynamicValue(msgpack=b"\x81\xc1"), tf.DynamicValue(json=b"{nonsense"), value(["no object"])):
        answer = session.call("ReadResource", type_name=b"contrary_thing", current_state=state, private=b"kept")
        assert answer.errors and answer.message.new_state == state and answer.private == b"kept", state


@on_wire(
    "read-absent",
    "The read of nothing is nothing",
    slip(
        "src/tf/read.c",
        "    if (tf_absent(request->current) || !tf_has_room(rpc, offer) ||\n"
        "        !tf_is_object(rpc, offer, request->current) ||",
        "    if (!tf_has_room(rpc, offer) ||\n" "        !tf_is_object(rpc, offer, request->current) ||",
    ),
)
def _(w):
    session = w.contrary()
    assert fine(session.call("ReadResource", type_name=b"contrary_thing", current_state=value(None))).state is None


@on_wire(
    "read-denied",
    "Of our own objects too: a refusal by AWS is an error, only its not-found is gone",
    slip(
        "src/hyperpod/efa_security_group.c",
        "        if (error.kind != AWS_NOT_FOUND)\n",
        "        if (error.kind != AWS_NOT_FOUND && error.kind != AWS_DENIED)\n",
    ),
    ours=True,
)
def _(w):
    kind = "hyperpod_efa_security_group"
    session = w.hyperpod(w.sim("--time-scale", "600"))
    kept = session.create(kind, name="efa", vpc_id="vpc-0a1b2c3d4e5f60718")
    fault = {"kind": "error", "status": 403, "code": "UnauthorizedOperation", "message": "You may not."}
    request = urllib.request.Request(
        f"{w.sim_url}/_sim/faults", json.dumps(fault).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=10).read()
    answer = says(session.read(kept), "UnauthorizedOperation")
    assert answer.state == kept.state and answer.identity == kept.identity


@by_client(
    "read-drift-shown",
    "The client shows what was changed outside, and puts it back",
    slip(
        "src/tf/plan_fill.c",
        "    if (attr->attrs == NULL)\n" "        return place->config;",
        "    if (attr->attrs == NULL)\n"
        "        return place->prior != NULL && attr->flags == TF_OPTIONAL ? place->prior : place->config;",
    ),
)
def _(w):
    stack = w.stack('resource "contrary_thing" "it" {\n  name = "a"\n  text = "t"\n}\n')
    stack.apply().fine()
    path = os.path.join(stack.store, stack.objects()[0])
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace('"text":"t"', '"text":"drifted"'))
    run = stack.plan().fine()
    assert run.actions == {"contrary_thing.it": "update"}
    stack.apply().fine()
    assert stack.instance()["attributes"]["text"] == "t"
