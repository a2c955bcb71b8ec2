"""Write-only arguments

Used in apply and stored nowhere.
"""

from row import by_client, fine, on_wire, says, slip, tf

THING = "contrary_thing"


@on_wire(
    "write-only-refused",
    "What is write-only is refused at its place where the client does not know of it",
    slip(
        "src/tf/validate.c",
        "    if ((attr->flags & TF_WRITE_ONLY) != 0 && !run->write_only_allowed) {",
        "    if ((attr->flags & TF_WRITE_ONLY) != 0 && run->set != NULL) {",
    ),
)
def _(w):
    session = w.session()
    config = session.object(THING, name="a", key="swordfish", key_version=1, items=[{"hush": "swordfish"}])
    fine(session.validate(THING, config))
    for capabilities in (None, tf.ClientCapabilities(), tf.ClientCapabilities(deferral_allowed=True)):
        answer = says(session.validate(THING, config, capabilities), "write-only")
        assert sorted(map(str, answer.paths)) == ["['items', 0, 'hush']", "['key']"], answer.paths
        assert "swordfish" not in str(answer.message)


@on_wire(
    "write-only-planned",
    "What is write-only is planned null, though core proposes it, at any depth",
    slip(
        "src/tf/plan_fill.c",
        "    if ((attr->flags & TF_WRITE_ONLY) != 0)\n"
        "        return cty_null(arena, type);\n"
        "    if (!is_configured",
        "    if (!is_configured",
    ),
)
def _(w):
    session = w.contrary()
    config = session.object(
        THING,
        name="a",
        key="swordfish",
        key_version=1,
        single={"hush": "x"},
        items=[{"hush": "x"}],
        named={"l": {"hush": "x"}},
    )
    plan = fine(session.plan(THING, config, proposed=config)).state
    assert plan["key"] is plan["single"]["hush"] is plan["items"][0]["hush"] is plan["named"]["l"]["hush"] is None


@on_wire(
    "write-only-arrives",
    "What is write-only arrives in apply, by the configuration alone",
    slip("src/tf/apply.c", "    job.call.config = tf_present(request->config);\n"),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", key="swordfish", key_version=1)
    assert kept.state["key_length"] == 9 and kept.state["key"] is None
    assert session.update(kept, key="longer swordfish", key_version=2).state["key_length"] == 16


@by_client(
    "write-only-used",
    "The client hands it over, stores it nowhere, and sees no change of it alone",
    slip(
        "src/wire/resource.c",
        "    rpc->tf.write_only_allowed = client != NULL && client->write_only_attributes_allowed;",
        "    rpc->tf.write_only_allowed = client != NULL && client->deferral_allowed;",
    ),
    needs="write-only",
)
def _(w):
    def text(key, version):
        return f'resource "contrary_thing" "it" {{\n  name = "a"\n  key = "{key}"\n  key_version = {version}\n}}\n'

    stack = w.stack(text("swordfish", 1))
    stack.apply().fine()
    assert stack.instance()["attributes"]["key_length"] == 9
    for path in (f"{stack.folder}/terraform.tfstate", f"{stack.store}/{stack.objects()[0]}"):
        with open(path, encoding="utf-8") as file:
            assert "swordfish" not in file.read(), path
    stack.write(text("longer swordfish", 1))
    assert not stack.plan().fine().actions
    stack.write(text("longer swordfish", 2))
    stack.apply().fine()
    assert stack.instance()["attributes"]["key_length"] == 16
