"""Validation

Several times in a command, before anything is configured, over values of which most may be unknown.
"""

from row import HYPERPOD, by_client, fine, on_wire, says, slip, value
from cty import UNKNOWN

VALIDATED = slip(
    "src/tf/validate.c",
    "    if (config == NULL || !cty_is_known(config) || !tf_has_room(rpc, offer))\n" "        return;",
    "    if (config == NULL || !cty_is_known(config) || !tf_has_room(rpc, offer) ||\n"
    "        !tf_call_needs_provider(server, rpc, &call))\n"
    "        return;",
)


def all_unknown(block):
    """A configuration of which nothing is known."""
    return {a.name: UNKNOWN if a.required or a.optional else None for a in block.attributes} | {
        n.type_name: UNKNOWN for n in block.block_types
    }


@on_wire(
    "validate-unknown",
    "Unknown is never an error, wherever it stands for a whole attribute or block",
    slip(
        "src/tf/validate.c",
        "    if (!cty_is_known(value))\n" "        return;\n" "    tf_validate_value(run, attr, value, parent, path);",
        "    tf_validate_value(run, attr, value, parent, path);",
    ),
)
def _(w):
    session = w.session()
    for kind in session.schema.resource_schemas:
        config = all_unknown(session.block(kind))
        if kind == "contrary_thing":  # what is unknown excludes nothing
            config["either"] = "set"
        answer = fine(session.validate(kind, dict(sorted(config.items()))))
        assert not [warning for warning in answer.warnings if "Deprecated" not in warning], answer.warnings


@on_wire(
    "validate-unknown-ours",
    "Of our own resources and our provider block nothing is an error while nothing is known",
    slip(
        "src/hyperpod/provider.c",
        "    if (cty_is_known(access) && cty_is_null(secret))",
        "    if (!cty_is_null(access) && cty_is_null(secret))",
    ),
    ours=True,
)
def _(w):
    session = w.session(HYPERPOD)
    for kind in session.schema.resource_schemas:
        fine(session.validate(kind, dict(sorted(all_unknown(session.block(kind)).items()))))
    everything = dict(sorted(all_unknown(session.schema.provider.block).items()))
    fine(session.call("ValidateProviderConfig", config=value(everything)))
    everything["secret_key"] = None
    fine(session.call("ValidateProviderConfig", config=value(everything)))


@on_wire(
    "validate-unknown-inside",
    "Unknown is never an error inside lists, maps, sets, objects and blocks",
    slip("src/tf/validate.c", "        if (!cty_is_known(value->items[i]))\n" "            continue;\n"),
)
def _(w):
    session = w.session()
    inner = {"x": UNKNOWN, "y": UNKNOWN, "mode": UNKNOWN, "deep": UNKNOWN}
    config = session.object(
        "contrary_thing",
        name="a",
        list=["x", UNKNOWN],
        numbers=[UNKNOWN],
        set=[UNKNOWN, "x"],
        map={"k": UNKNOWN},
        single=inner,
        items=[inner, UNKNOWN],
        members={"k": inner, "l": UNKNOWN},
        choices=[{"a": UNKNOWN}, UNKNOWN],
        one=inner,
        grouped={"word": UNKNOWN},
        listed=[inner],
        chosen=[{"a": UNKNOWN, "b": UNKNOWN}],
        named={"k": inner},
        tree=[{"branch": [{"leaf": [{"a": UNKNOWN}]}], "root": UNKNOWN, "soil": {"word": UNKNOWN}}],
    )
    fine(session.validate("contrary_thing", config))


@on_wire(
    "validate-unknown-neighbours",
    "A rule between attributes passes while one side of it is unknown",
    slip(
        "src/tf/validate_group.c",
        "    return value != NULL && cty_is_known(value);",
        "    return value != NULL && !cty_is_null(value);",
    ),
)
def _(w):
    session = w.session()
    for members in (
        {"either": "x", "other": UNKNOWN},
        {"either": UNKNOWN, "other": UNKNOWN},
        {"key": "k", "key_version": UNKNOWN},
        {"key": UNKNOWN},
    ):
        fine(session.validate("contrary_thing", session.object("contrary_thing", name="a", **members)))
    for members in ({"either": "x", "other": "y"}, {"key": "k"}):
        assert session.validate("contrary_thing", session.object("contrary_thing", name="a", **members)).errors


@on_wire(
    "validate-unknown-count",
    "A set with unknown elements may turn out smaller than it looks",
    slip(
        "src/tf/validate_value.c",
        "    bool may_shrink = value->type->kind == CTY_SET && !cty_is_wholly_known(value);",
        "    bool may_shrink = false;",
    ),
)
def _(w):
    session = w.session()
    fine(session.validate("contrary_thing", session.object("contrary_thing", name="a", set=[UNKNOWN] * 6)))
    says(
        session.validate("contrary_thing", session.object("contrary_thing", name="a", set=list("abcdef"))), "set has 6"
    )


@on_wire(
    "validate-empty",
    "Null is not set, and empty is set to empty",
    slip(
        "src/tf/validate.c",
        "    if (tf_absent(value)) {\n" "        if ((attr->flags & TF_REQUIRED) != 0)",
        "    if (tf_absent(value) || (cty_is_known(value) && value->type->kind == CTY_STRING && value->text.len == 0)) "
        "{\n"
        "        if ((attr->flags & TF_REQUIRED) != 0)",
    ),
)
def _(w):
    session = w.session()
    fine(session.validate("contrary_thing", session.object("contrary_thing", name="a", old=None)))
    answer = session.validate("contrary_thing", session.object("contrary_thing", name="a", mode="", old=""))
    says(answer, "mode")
    assert any("Deprecated" in warning for warning in answer.warnings)


@on_wire(
    "validate-deprecated",
    "A deprecated argument that is set is warned of at its place; one that is not set is not",
    slip(
        "src/tf/validate.c",
        "    if (attr->deprecated != NULL)\n" '        diag_warning(run->diags, path, "Attribute Deprecated"',
        "    if (attr->deprecated != NULL && (attr->flags & TF_OPTIONAL) == 0)\n"
        '        diag_warning(run->diags, path, "Attribute Deprecated"',
    ),
)
def _(w):
    session = w.session()
    assert not session.validate("contrary_thing", session.object("contrary_thing", name="a")).warnings
    answer = fine(session.validate("contrary_thing", session.object("contrary_thing", name="a", old="x")))
    assert answer.warnings == ["Attribute Deprecated: Use text."] and answer.paths == [["old"]]


@on_wire(
    "validate-deprecated-block",
    "A deprecated block that is written is warned of; one that is not is not",
    slip("src/tf/validate.c", "    if (!is_written(block, value))\n" "        return;\n"),
)
def _(w):
    session = w.session()
    assert not session.validate("contrary_thing", session.object("contrary_thing", name="a")).warnings
    answer = fine(session.validate("contrary_thing", session.object("contrary_thing", name="a", former=[{"a": "x"}])))
    assert answer.warnings == ["Block Deprecated: Use listed."] and answer.paths == [["former"]]


def paths_of(w, **members):
    session = w.session()
    answer = session.validate("contrary_thing", session.object("contrary_thing", name="a", **members))
    assert answer.errors
    return answer.paths


@on_wire(
    "validate-path-list",
    "A path goes into a list by a number, from 0",
    slip(
        "src/wire/report.c",
        "        step->element_key_int = path->index;",
        "        step->element_key_int = path->index + 1;",
    ),
)
def _(w):
    assert paths_of(w, items=[{}, {"mode": "x"}]) == [["items", 1, "mode"]]
    assert paths_of(w, listed=[{"y": -1}]) == [["listed", 0, "y"]]


@on_wire(
    "validate-path-map",
    "A path goes into a map by a text",
    slip(
        "src/wire/report.c",
        "        step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_STRING;",
        "        step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ATTRIBUTE_NAME;",
    ),
)
def _(w):
    assert paths_of(w, members={"k": {"mode": "x"}}) == [["members", ("k",), "mode"]]
    assert paths_of(w, named={"l": {"mode": "x"}}) == [["named", ("l",), "mode"]]


@on_wire(
    "validate-path-set",
    "A path ends at a set, whose elements have no address",
    slip(
        "src/tf/validate.c",
        "    if (value->type->kind == CTY_SET && run->set == NULL)\n" "        inside.set = path;\n",
    ),
)
def _(w):
    assert paths_of(w, choices=[{"a": None}]) == [["choices"]]
    assert paths_of(w, chosen=[{"a": None}]) == [["chosen"]]
    assert paths_of(w, tree=[{"branch": [{"leaf": [{"a": None}]}]}]) == [["tree", 0, "branch", 0, "leaf"]]


@by_client(
    "validate-snippet",
    "An error inside a nested block shows the line at which it was written",
    slip(
        "src/wire/report.c",
        "        message->steps[i - 1] = step_of(arena, path);",
        "        message->steps[message->n_steps - i] = step_of(arena, path);",
    ),
)
def _(w):
    stack = w.stack("""
resource "contrary_thing" "it" {
  name = "a"
  listed {
    x = "fine"
  }
  listed {
    mode = "nowhere"
  }
}""")
    run = stack.validate()
    assert run.code == 1
    error = next(d for d in run.diagnostics if d["severity"] == "error")
    assert "nowhere" in error["snippet"]["code"], error


@on_wire("validate-unconfigured", "All validation works in a process that nobody has configured", VALIDATED)
def _(w):
    session = w.session()
    fine(session.call("ValidateProviderConfig", config=value(session.provider_config())))
    fine(session.validate("contrary_thing", session.object("contrary_thing", name="a")))
    for name, table, kind, members in (
        ("ValidateDataResourceConfig", "data_source_schemas", "contrary_lookup", {"thing_id": "x"}),
        ("ValidateEphemeralResourceConfig", "ephemeral_resource_schemas", "contrary_lease", {"name": "x"}),
        ("ValidateListResourceConfig", "list_resource_schemas", "contrary_thing", {}),
    ):
        config = session.object(kind, table, **members)
        fine(session.call(name, type_name=kind.encode(), config=value(config)))


@on_wire(
    "validate-unknown-type",
    "A type that there is not is told in words, whatever bytes its name has",
    slip(
        "src/wire/resource.c",
        "    if (offer == NULL)\n" "        diag_error(",
        "    if (offer == NULL && name.len > 1000)\n" "        diag_error(",
    ),
)
def _(w):
    session = w.contrary()
    for method in (
        "ValidateResourceConfig",
        "UpgradeResourceState",
        "ReadResource",
        "PlanResourceChange",
        "ApplyResourceChange",
        "ImportResourceState",
        "ValidateDataResourceConfig",
        "ReadDataSource",
        "ValidateEphemeralResourceConfig",
        "OpenEphemeralResource",
        "RenewEphemeralResource",
        "CloseEphemeralResource",
        "UpgradeResourceIdentity",
        "GenerateResourceConfig",
        "ValidateListResourceConfig",
    ):
        answer = session.call(method, type_name=b"no_such_\xff\0type")
        assert answer.errors and "no_such_" in answer.errors[0], method
    answer = session.call("MoveResourceState", target_type_name=b"no_such_\xff\0type")
    assert answer.errors and "no_such_" in answer.errors[0]


@on_wire(
    "validate-unknown-block",
    "A block that is unknown as a whole lacks nothing",
    slip(
        "src/tf/validate.c",
        "    if (value == NULL || !cty_is_known(value))\n" "        return;\n" "    if (block->nesting",
        "    if (value == NULL || cty_is_null(value))\n" "        return;\n" "    if (block->nesting",
    ),
)
def _(w):
    session = w.session()
    fine(session.validate("contrary_thing", session.object("contrary_thing", name="a", must=UNKNOWN)))
    says(
        session.validate("contrary_thing", session.object("contrary_thing", name="a", must={"a": None})),
        "a must be set",
    )
