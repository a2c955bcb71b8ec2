"""Private bytes and the module's own words

Bytes of the provider's choice come back as they were given, also those that this version can't read; and provider_meta.
"""

import os

from row import Kept, by_client, fine, on_wire, slip, value

THING = "contrary_thing"


@on_wire(
    "private-any",
    "Private bytes that this version can't read come back as they are, from plan, apply and read",
    slip(
        "src/tf/private.c",
        "    if (doc_equal(call->private_data, tf_private_decode(call->arena, old)))\n" "        return old;",
        "    if (call->private_data->count > 0 &&\n"
        "        doc_equal(call->private_data, tf_private_decode(call->arena, old)))\n"
        "        return old;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    for private in (b"\xff\0garbage", b'{"version":7,"data":{"a":"b"}}', b"{", b"x" * 100_000):
        other = Kept(kept.kind, kept.config, kept.state, private, kept.identity)
        plan, made = session.try_update(other, text="new")
        assert fine(plan).private == private and fine(made).private == private
        assert fine(session.read(other)).private == private and fine(session.plan_destroy(other)).private == private


@on_wire(
    "private-kept",
    "What a verb has put into private stays while later versions of the object come and go",
    slip("src/tf/apply.c", "    job.call.private_data = tf_private_decode(rpc->arena, request->planned_private);\n"),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    for text in ("one", "two"):
        kept = session.update(kept, text=text)
        assert b'"made-by"' in kept.private and b"create" in kept.private


@by_client(
    "meta-module",
    "What a module says of itself arrives in its resources and data sources",
    slip(
        "src/wire/provider.c",
        "        answer->provider_meta = wire_schema_of(arena, meta);",
        "        answer->provider_meta = NULL;",
    ),
)
def _(w):
    stack = w.stack("""
terraform {
  provider_meta "contrary" {
    module = "the root"
  }
}
resource "contrary_thing" "it" {
  name = "a"
}
data "contrary_lookup" "it" {
  thing_id = "x"
}
output "said" {
  value = data.contrary_lookup.it.module
}""")
    stack.apply().fine()
    assert stack.instance()["attributes"]["module"] == stack.state_file()["outputs"]["said"]["value"] == "the root"


@on_wire(
    "meta-apply",
    "A module's words arrive in apply; without them there are none",
    slip(
        "src/wire/resource.c",
        "                               &ret_change->planned_identity) &&\n"
        "           wire_meta(rpc, asked->provider_meta);",
        "                               &ret_change->planned_identity);",
    ),
)
def _(w):
    session = w.contrary()
    assert session.create(THING, name="a", meta={"module": "m"}).state["module"] == "m"
    assert session.create(THING, name="a", meta={"module": None}).state["module"] is None
    assert session.create(THING, name="a").state["module"] is None


@on_wire(
    "meta-data",
    "A module's words arrive in the reading of a data source",
    slip(
        "src/wire/data.c",
        " &&\n" "        wire_meta(rpc, asked->provider_meta))\n" "        state =",
        ")\n" "        state =",
    ),
)
def _(w):
    session = w.contrary()
    config = session.object("contrary_lookup", "data_source_schemas", thing_id="x")
    answer = fine(
        session.call(
            "ReadDataSource", type_name=b"contrary_lookup", config=value(config), provider_meta=value({"module": "m"})
        )
    )
    assert answer.state["module"] == "m"


@on_wire(
    "meta-unreadable",
    "A module's words that make no sense stop the call before anything is made",
    slip(
        "src/wire/resource.c",
        "    return meta == NULL || message == NULL ||\n" "           wire_value(",
        "    return meta == NULL || message == NULL || message->msgpack.len > 1 ||\n" "           wire_value(",
    ),
)
def _(w):
    session = w.contrary()
    plan, made = session.try_create("contrary_plain", text="t")
    config = session.object("contrary_plain", text="t")
    answer = session.apply("contrary_plain", None, plan.state, config, meta=["nonsense"])
    assert answer.errors and answer.state is None and len(os.listdir(w.store)) == 1
