"""Generated configurations

Of an object that was imported: what a person would have written, and what is valid.
"""

from row import call, fine, on_wire, says, slip, value

THING = "contrary_thing"
FILE = "src/tf/generate.c"


def generate(session, state):
    return session.call("GenerateResourceConfig", type_name=b"contrary_thing", state=value(state))


def generated(w, **members):
    session = w.contrary()
    state = session.object(THING, name="a", id="thing-1", **members)
    return fine(generate(session, state)).state


@on_wire(
    "generate-offered",
    "That configurations are made is offered, or core would make them",
    slip("src/wire/provider.c", "    capabilities->generate_resource_config = true;\n"),
)
def _(w):
    assert call(w.session().channel, "GetProviderSchema").server_capabilities.generate_resource_config


@on_wire(
    "generate-round",
    "What is made of an object is valid, and plans no difference",
    slip(
        FILE,
        "    bool only_computed = (attr->flags & (TF_REQUIRED | TF_OPTIONAL)) == 0;",
        "    bool only_computed = (attr->flags & TF_STABLE) != 0;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(
        THING,
        name="a",
        text="t",
        list=["x"],
        items=[{"x": "1", "deep": {"word": "w"}}, {}],
        zone="zone-b",
        members={"k": {"y": 3}},
        choices=[{"a": "1"}],
        one={},
        grouped={"word": "g"},
        listed=[{"x": "1"}],
        chosen=[{"a": "c"}],
        named={"l": {}},
        tree=[{"branch": [{"word": "b", "leaf": [{"a": "x"}]}]}],
    )
    config = fine(generate(session, kept.state)).state
    fine(session.validate(THING, config))
    plan = fine(session.plan(THING, config, kept.state, private=kept.private, known=kept.identity))
    assert plan.state == kept.state and config["text"] == "t" and config["id"] is None


@on_wire(
    "generate-nested",
    "What is computed inside nested attributes is left out, in sets too",
    slip(
        FILE,
        "        else if (attr->attrs != NULL)\n"
        "            items[at] = pruned_objects(arena, rows_of_attr(attr), items[at]);\n",
    ),
)
def _(w):
    inner = {"x": "1", "z": "computed", "kept": None, "deep": {"word": "w", "made": "computed"}}
    config = generated(w, items=[inner], members={"k": inner})
    for found in (config["items"][0], config["members"]["k"]):
        assert found["z"] is None and found["deep"] == {"made": None, "word": "w"} and found["x"] == "1"


@on_wire(
    "generate-deprecated",
    "What is deprecated is left out",
    slip(
        FILE,
        "(attr->flags & TF_WRITE_ONLY) != 0 || attr->deprecated != NULL ||",
        "(attr->flags & TF_WRITE_ONLY) != 0 ||",
    ),
)
def _(w):
    assert generated(w, old="x", text="t")["old"] is None


@on_wire(
    "generate-empty",
    "An empty text is left out where the argument is optional",
    slip(
        FILE,
        "    return (attr->flags & TF_REQUIRED) == 0 && value->type->kind == CTY_STRING &&",
        "    return (attr->flags & TF_COMPUTED) != 0 && value->type->kind == CTY_STRING &&",
    ),
)
def _(w):
    config = generated(w, text="", list=[""], single={"x": ""})
    assert config["text"] is None and config["single"]["x"] is None and config["list"] == [""]


@on_wire(
    "generate-conflicts",
    "Of arguments that exclude each other one stays",
    slip(
        FILE,
        "    for (const struct tf_attr *other = attrs; other != attr; other++) {",
        "    for (const struct tf_attr *other = attr; other != attr; other++) {",
    ),
)
def _(w):
    config = generated(w, either="x", other="y")
    assert (config["either"], config["other"]) == ("x", None)
    assert generated(w, other="y")["other"] == "y"


@on_wire(
    "generate-blocks",
    "A deprecated block and the time-outs are left out",
    slip(
        FILE,
        '    if (block->deprecated == NULL && !str_is(S("timeouts"), block->name))',
        '    if (!str_is(S("timeouts"), block->name))',
    ),
)
def _(w):
    config = generated(w, former=[{"a": "x"}], listed=[{"x": "1"}], timeouts={"create": "5m"})
    assert config["former"] == [] and config["timeouts"] is None and config["listed"][0]["x"] == "1"


@on_wire(
    "generate-nothing",
    "Without a state, as Terraform 1.14.0 asks by mistake, the answer is an error in words",
    slip(FILE, "    if (tf_absent(state)) {", "    if (state == NULL) {"),
)
def _(w):
    session = w.contrary()
    for state in (None, value(None)):
        says(session.call("GenerateResourceConfig", type_name=b"contrary_thing", state=state), "1.14.0")


@on_wire(
    "generate-unconfigured",
    "A configuration is made in a process that nobody has configured",
    slip(
        FILE,
        "    call.provider = tf_provider_of(server, rpc);\n",
        "    if (!tf_call_needs_provider(server, rpc, &call))\n" "        return NULL;\n",
    ),
)
def _(w):
    session = w.session()
    assert fine(generate(session, session.object(THING, name="a", text="t"))).state["text"] == "t"
