"""State upgrades

Before every read, plan and apply of an object, also when its version is today's: JSON as it stands in the state file.
"""

from row import by_client, fine, on_wire, says, slip, stored_json
from cty import dynamic

THING = "contrary_thing"
FILE = "src/tf/upgrade.c"
SAME_VERSION = slip(
    FILE, "    if (steps->from < 0 || steps->from > steps->to)", "    if (steps->from < 0 || steps->from >= steps->to)"
)
# States and identities are brought up by the same steps.
NEWER = slip(FILE, "    if (steps->from < 0 || steps->from > steps->to)", "    if (steps->from < 0)")


@on_wire(
    "upgrade-same", "A state of today's version, indented as in the file, is the object that was stored", SAME_VERSION
)
def _(w):
    session = w.contrary()
    kept = session.create(
        THING,
        name="a",
        text="t",
        list=["x", ""],
        map={"k": "v"},
        set=["b", "a"],
        items=[{"x": "1"}],
        members={"k": {"deep": {"word": "w"}}},
        listed=[{}],
        named={"l": {}},
        one={"y": 3},
        whole=5,
    )
    assert fine(session.upgrade(THING, stored_json(kept))).state == kept.state


@on_wire(
    "upgrade-unknown-attribute",
    "An attribute that is no more is left out",
    slip(
        "src/cty/json_read.c",
        "        if (index < 0)\n" "            continue;",
        "        if (index < 0)\n" '            return refuse(reading, at, "unsupported attribute");',
    ),
)
def _(w):
    session = w.session()
    answer = fine(session.upgrade("contrary_plain", {"id": "plain-1", "text": "t", "gone": {"a": [1]}}))
    assert answer.state == {"id": "plain-1", "text": "t"}


@on_wire(
    "upgrade-new-attribute",
    "An attribute that was not there yet is null",
    slip(
        "src/cty/json_read.c",
        "        if (items[index] == NULL)\n"
        "            return NULL;\n"
        "    }\n"
        "    return reading_structure(reading, type, items, false);",
        "        if (items[index] == NULL)\n"
        "            return NULL;\n"
        "    }\n"
        "    return reading_structure(reading, type, items, true);",
    ),
)
def _(w):
    session = w.session()
    state = fine(session.upgrade(THING, {"id": "thing-1", "name": "a", "items": [{"x": "1"}]})).state
    assert set(state) == set(session.object(THING)) and state["text"] is None
    assert state["items"][0]["x"] == "1" and state["items"][0]["deep"] is None


@on_wire(
    "upgrade-blocks",
    "Blocks that are null in a state are an empty collection, and a group is an object of nulls",
    slip(
        "src/tf/defaults.c",
        "        else if (cty_is_null(items[at]) && block->nesting != TF_BLOCK_SINGLE)\n"
        "            items[at] = cty_empty(arena, type);\n",
    ),
)
def _(w):
    session = w.session()
    state = fine(
        session.upgrade(THING, {"id": "thing-1", "name": "a", "listed": None, "tree": [{"branch": None}]})
    ).state
    assert state["listed"] == state["chosen"] == [] and state["named"] == {} and state["one"] is None
    assert state["grouped"] == {"made": None, "word": None} and state["tree"][0]["branch"] == []


@on_wire(
    "upgrade-steps",
    "A state that is two versions old is brought up step by step",
    slip(
        FILE,
        "    for (int64_t version = steps->from; version < steps->to; version++)",
        "    for (int64_t version = steps->from; version < steps->to && version == steps->from; version++)",
    ),
)
def _(w):
    session = w.session()
    for version, name in ((0, "title"), (1, "label"), (2, "name")):
        assert fine(session.upgrade(THING, {"id": "thing-1", name: "a"}, version)).state["name"] == "a", version


@on_wire("upgrade-newer", "A state of a newer version is refused in words", NEWER)
def _(w):
    session = w.session()
    answer = says(session.upgrade(THING, {"id": "thing-1", "name": "a"}, 3), "it has version 3")
    assert answer.state is None


@on_wire(
    "upgrade-flatmap",
    "A state from before Terraform 0.12 is refused in words",
    slip("src/wire/resource.c", "    if (raw == NULL || raw->json.len == 0) {", "    if (raw == NULL) {"),
)
def _(w):
    session = w.session()
    says(session.upgrade(THING, "", flatmap={"id": b"thing-1", "name": b"a"}), "older than 0.12")
    says(session.call("UpgradeResourceState", type_name=b"contrary_thing", version=2), "older than 0.12")


@on_wire(
    "upgrade-dynamic",
    "A dynamic value is {value, type} in a state, and [type, value] on the wire",
    slip(
        "src/cty/json_read.c",
        "    if (!cty_type_from_doc(reading->arena, type_doc, 1, &type, &why)) {",
        "    if (!cty_type_from_doc(reading->arena, type_doc, CTY_MAX_DEPTH, &type, &why)) {",
    ),
)
def _(w):
    session = w.session()
    kind = ["object", {"a": ["list", "number"], "b": "string"}]
    stored = {"id": "thing-1", "name": "a", "any": {"value": {"a": [1, 2.5], "b": None}, "type": kind}}
    assert fine(session.upgrade(THING, stored)).state["any"] == dynamic(kind, {"a": [1, 2.5], "b": None})
    stored["any"] = {"value": None, "type": "bool"}
    assert fine(session.upgrade(THING, stored)).state["any"] == dynamic("bool", None)


@on_wire(
    "upgrade-numbers",
    "Numbers keep their digits, and may come with an exponent",
    slip("src/cty/number.c", "    if (!negative)\n" "        take_char(rest, '+', '+');\n"),
)
def _(w):
    session = w.session()
    digits = "1234567890" * 9 + "7"
    for text, wanted in (
        (digits, digits),
        ("0.1", "0.1"),
        ("1e+21", "1" + "0" * 21),
        ("1.5E3", 1500),
        ("-0.25", -0.25),
    ):
        state = fine(session.upgrade(THING, '{"id":"thing-1","name":"a","number":%s}' % text)).state
        assert state["number"] == wanted, (text, state["number"])


@on_wire(
    "upgrade-write-only",
    "What is write-only is null, also where a state has it",
    slip(
        FILE, "    return value == NULL ? NULL : tf_tidy(rpc->arena, rows_of_offer(offer), value);", "    return value;"
    ),
)
def _(w):
    session = w.session()
    state = fine(
        session.upgrade(
            THING, {"id": "thing-1", "name": "a", "key": "swordfish", "items": [{"hush": "x"}], "listed": []}
        )
    ).state
    assert state["key"] is None and state["items"][0]["hush"] is None


@on_wire(
    "upgrade-nonsense",
    "A state that makes no sense is refused, with the place",
    slip(
        FILE,
        '        struct str where = error.path == NULL ? S("") : cty_path_text(call->arena, error.path);',
        '        struct str where = S("");',
    ),
)
def _(w):
    session = w.session()
    says(
        session.upgrade(THING, {"id": "thing-1", "name": "a", "items": [{"y": "many"}]}),
        "items[0].y: a number is required",
    )
    for text in ("[]", "null", "{", '"x"', "   "):
        assert session.upgrade(THING, text).errors, text


@on_wire(
    "upgrade-unconfigured",
    "An upgrade is a pure conversion: it works in a process that nobody has configured",
    slip(
        FILE,
        "    if (str_empty(str_trim(json))) {\n" '        tf_unreadable(&call, "state"',
        "    if (!tf_call_needs_provider(server, rpc, &call))\n"
        "        return NULL;\n"
        "    if (str_empty(str_trim(json))) {\n"
        '        tf_unreadable(&call, "state"',
    ),
)
def _(w):
    fine(w.session().upgrade(THING, {"id": "thing-1", "title": "a"}, 0))


@by_client(
    "upgrade-by-client",
    "An older state with an attribute that is no more leaves nothing to do, without a refresh too",
    slip("src/tf/offers.c", "                             .version = resource->version,\n"),
)
def _(w):
    stack = w.stack('resource "contrary_thing" "it" {\n  name = "a"\n  text = "t"\n}\n')
    stack.apply().fine()
    state = stack.state_file()
    instance = state["resources"][0]["instances"][0]
    instance["schema_version"] = 0
    instance["attributes"]["title"] = instance["attributes"].pop("name")
    instance["attributes"]["gone"] = "x"
    del instance["attributes"]["spot"]
    stack.write_state(state)
    assert not stack.plan("-refresh=false").fine().actions
    assert not stack.plan().fine().actions
