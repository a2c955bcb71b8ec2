"""Import

By id and by identity: one object, of which the read that follows needs little.
"""

from row import by_client, cty, fine, on_wire, says, slip
from cty import UNKNOWN

THING = "contrary_thing"
FILE = "src/tf/import.c"
# The lines that keep the rules of what is brought in keep them for imports and moves alike.
TAKEN_IN = slip(
    FILE,
    "    if (!tf_rules_of_state(&rules, offer, call->state))\n" "        return false;",
    "    tf_rules_of_state(&rules, offer, call->state);",
)
TAKEN_NOTHING = slip(
    FILE, "    if (cty_equal(call->state, blank))", "    if (cty_equal(call->state, blank) && call->identity != NULL)"
)


@on_wire(
    "import-one",
    "An import gives one object of the type, with what a read needs and null for all else",
    slip("src/wire/take.c", "    imported->type_name = arena_z(rpc->arena, str_of(offer->name));\n"),
)
def _(w):
    session = w.contrary()
    answer = fine(session.imports(THING, "thing-1"))
    assert len(answer.message.imported_resources) == 1
    imported = answer.message.imported_resources[0]
    assert imported.type_name == THING
    state = cty.unpack(imported.state.msgpack)
    given = {k: v for k, v in state.items() if v not in (None, [], {}, {"made": None, "word": None})}
    assert given == {"id": "thing-1", "delay_ms": 0}, given
    assert state["listed"] == [] and state["named"] == {} and state["one"] is None


@on_wire(
    "import-read",
    "The read after an import copes with what is null, and finds the object",
    slip(
        "src/tf/read.c",
        "        !tf_is_object(rpc, offer, request->current) ||",
        '        tf_absent(tf_value(request->current, "name")) || !tf_is_object(rpc, offer, request->current) ||',
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", text="t", items=[{"x": "1"}], timeouts={"create": "5m"})
    imported = fine(session.imports(THING, kept.state["id"])).message.imported_resources[0]
    answer = fine(
        session.call(
            "ReadResource",
            type_name=b"contrary_thing",
            current_state=imported.state,
            private=imported.private,
            current_identity=imported.identity,
        )
    )
    assert answer.state == kept.state | {"timeouts": None}


@on_wire("import-nothing", "An import that finds nothing is an error: the client would report success", TAKEN_NOTHING)
def _(w):
    answer = says(w.contrary().imports("contrary_breaker", "nothing"), "set nothing that could be read")
    assert not answer.message.imported_resources


@on_wire("import-rules", "An import that breaks a rule is told, and gives no object", TAKEN_IN)
def _(w):
    session = w.contrary()
    for word in ("unknown", "write_only", "nonsense"):
        answer = says(session.imports("contrary_breaker", word), "The provider made a mistake")
        assert not answer.message.imported_resources, word


@on_wire(
    "import-empty-id",
    "An empty id is refused with an example",
    slip(
        FILE,
        "    if (str_empty(str_trim(request->id)))",
        "    if (str_empty(str_trim(request->id)) && request->id.len > 0)",
    ),
)
def _(w):
    session = w.contrary()
    for id in ("", "  "):
        says(session.imports(THING, id), "Missing import id", "thing-1a2b3c4d")


@on_wire(
    "import-not-possible",
    "An object that can't be imported says so",
    slip(
        FILE,
        "    if (offer->resource->import == NULL || offer->resource->import_example == NULL)",
        "    if (offer->resource->import != NULL && offer->resource->import_example == NULL)",
    ),
)
def _(w):
    says(w.contrary().imports("contrary_plain", "plain-1"), "can't be imported")


@on_wire(
    "import-cluster-id",
    "The id of a cluster is looked at before AWS is asked, and the error has an example",
    slip(
        "src/hyperpod/cluster_read.c",
        "    if ((!is_name(name) && !is_arn(name)) || (at != SIZE_MAX && region.len == 0))",
        "    if (name.len == 0 || (at != SIZE_MAX && region.len == 0))",
    ),
    ours=True,
)
def _(w):
    session = w.hyperpod(w.sim())
    says(session.imports("hyperpod_cluster", "not a name!"), "ml-cluster")


@on_wire(
    "import-cluster-identity",
    "The name in a cluster's identity is looked at before AWS is asked",
    slip(
        "src/hyperpod/cluster_read.c",
        '        return check_name(call, tf_str(call->identity, "cluster_name")) &&\n'
        "               hp_import_by_identity(call);",
        "        return hp_import_by_identity(call);",
    ),
    ours=True,
)
def _(w):
    session = w.hyperpod(w.sim())
    known = {"cluster_name": "not a name!", "region": None, "account_id": None}
    says(session.imports("hyperpod_cluster", known=known), "not a name!")


@on_wire(
    "import-group-id",
    "The id of a security group is looked at before AWS is asked, and the error has an example",
    slip(
        "src/hyperpod/efa_security_group.c",
        '        return diag_error(call->diags, NULL, "Invalid import id",',
        '        return diag_warning(call->diags, NULL, "Invalid import id",',
    ),
    ours=True,
)
def _(w):
    session = w.hyperpod(w.sim())
    for id in ("nodes", "sg-", "sg-xyz,us-west-2,more"):
        says(session.imports("hyperpod_efa_security_group", id), "sg-")


@by_client(
    "import-round",
    "After an import there is nothing to do: all that was written comes back",
    slip(
        FILE,
        "        if ((attr->flags & TF_LOCAL) != 0 && attr->fallback != NULL &&",
        "        if ((attr->flags & TF_LOCAL) != 0 && attr->fallback == NULL &&",
    ),
    needs="import blocks",
)
def _(w):
    text = """
resource "contrary_thing" "it" {
  name    = "a"
  text    = "t"
  number  = 0.1
  any     = { a = [1, "x"], b = null }
  list    = ["b", "a", ""]
  set     = ["y", "x"]
  map     = { "a key" = "" }
  items   = [{ x = "1" }, { mode = "off", y = 3 }]
  members = { w = { x = "1", fixed = "f" }, v = {} }
  choices = [{ a = "1" }, { a = "2", b = 5 }]
  one {
    x = "1"
  }
  listed {
    deep = { word = "in a block" }
  }
  chosen {
    a = "c"
  }
  named "n" {
    x = "nn"
  }
}
"""
    stack = w.stack(text)
    stack.apply().fine()
    id = stack.instance()["attributes"]["id"]
    stack.run("state", "rm", "contrary_thing.it").fine()
    stack.write(text + 'import {\n  to = contrary_thing.it\n  id = "%s"\n}\n' % id)
    run = stack.apply().fine()
    assert not [line for line in run.lines if line.get("type") == "apply_start"], "something was done"
    assert not stack.plan().fine().actions
    stack.run("state", "rm", "contrary_thing.it").fine()
    stack.write(text)
    stack.run("import", "contrary_thing.it", id).fine()
    assert not stack.plan().fine().actions


@on_wire(
    "import-identity",
    "An import by identity gives the identity back, complete",
    slip(
        FILE,
        "    const struct cty_value *identity = tf_identity_settled(call, state, call->identity);",
        "    const struct cty_value *identity = call->identity;",
    ),
)
def _(w):
    session = w.contrary()
    answer = fine(session.imports(THING, known={"id": "thing-1", "letters": None, "name": None}))
    imported = answer.message.imported_resources[0]
    assert cty.unpack(imported.identity.identity_data.msgpack) == {
        "id": "thing-1",
        "letters": list("thing-1"),
        "name": None,
    }
    assert cty.unpack(imported.state.msgpack)["id"] == "thing-1"
    fine(session.imports(THING, known={"id": "thing-1", "letters": list("thing-1"), "name": "a"}))


@on_wire(
    "import-identity-incomplete",
    "An identity without what an import needs is refused",
    slip(
        FILE,
        "        if ((attr->flags & TF_REQUIRED) != 0 && tf_absent(tf_value(identity, attr->name)))",
        "        if ((attr->flags & TF_OPTIONAL) == 0 && tf_value(identity, attr->name) == NULL)",
    ),
)
def _(w):
    says(w.contrary().imports(THING, known={"id": None, "letters": None, "name": "a"}), "needs id")


@on_wire(
    "import-identity-unknown",
    "An identity that is not known yet is refused",
    slip(
        FILE,
        "    if (!cty_is_known(identity) || !cty_is_wholly_known(identity) ||",
        "    if (!cty_is_known(identity) ||",
    ),
)
def _(w):
    session = w.contrary()
    answer = says(session.imports(THING, known={"id": "thing-1", "letters": None, "name": UNKNOWN}), "not known yet")
    assert not answer.message.imported_resources


@by_client(
    "import-identity-block",
    "An import block with an identity brings the object in",
    slip(
        FILE,
        "        if (member != NULL && !cty_is_null(identity->items[i]) &&",
        "        if (member == NULL && !cty_is_null(identity->items[i]) &&",
    ),
    needs="identity",
)
def _(w):
    text = 'resource "contrary_breaker" "it" {\n  break = "nothing"\n}\n'
    stack = w.stack(text)
    stack.apply().fine()
    id = stack.instance("contrary_breaker.it")["attributes"]["id"]
    stack.run("state", "rm", "contrary_breaker.it").fine()
    stack.write(text + 'import {\n  to = contrary_breaker.it\n  identity = {\n    id = "%s"\n  }\n}\n' % id)
    stack.apply().fine()
    found = stack.instance("contrary_breaker.it")
    assert found["attributes"]["id"] == id and found["identity"] == {"id": id}
