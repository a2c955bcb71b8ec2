"""Data sources

Read in plan when all is known, else in apply: a result that is there, known, and says what was configured.
"""

from row import by_client, cty, fine, on_wire, says, slip, value
from cty import UNKNOWN

LOOKUP = "contrary_lookup"
FILE = "src/tf/data.c"
# Data sources, ephemeral resources and lists are all begun with a configuration that is known.
UNKNOWN_CONFIG = slip(FILE, "    if (tf_absent(config) || !cty_is_wholly_known(config))", "    if (tf_absent(config))")


def looked_up(session, **members):
    config = session.object(LOOKUP, "data_source_schemas", **{"thing_id": "thing-1"} | members)
    return session.call("ReadDataSource", type_name=LOOKUP.encode(), config=value(config))


@on_wire(
    "data-result",
    "A result is there and wholly known, or the error says whose mistake it is",
    slip(
        FILE,
        "    if (!tf_rules_of_state(&rules, offer, call->state))\n" "        return false;\n",
        "    if (call->state == NULL || !cty_conforms(call->state, offer->type))\n"
        "        return tf_rules_of_state(&rules, offer, call->state);\n",
    ),
)
def _(w):
    session = w.contrary()
    state = fine(looked_up(session)).state
    assert state["id"] == "thing-1" and state["found"] is False and cty.unknowns(state) == 0
    for breaks in ("leaves_unknown", "no_object", "nonsense", "wrong_type"):
        answer = says(looked_up(session, **{"break": breaks}), "The provider made a mistake")
        assert answer.state is None, breaks


@on_wire(
    "data-config",
    "A result says what was configured, and nothing in place of what was not",
    slip(FILE, "    tf_rules_of_plan(&rules, rows_of_offer(offer), &place);\n"),
)
def _(w):
    session = w.contrary()
    for breaks in ("changes_config", "fills_optional"):
        answer = says(looked_up(session, **{"break": breaks}), "The provider made a mistake", "planned value")
        assert answer.state is None, breaks


@on_wire(
    "data-failed",
    "What is not found is an error at its argument, and there is no result",
    slip(
        FILE,
        "    if (rpc->diags.errors > before || !tf_rules_of_result(&call))\n" "        return NULL;",
        "    if (!tf_rules_of_result(&call))\n" "        return NULL;",
    ),
)
def _(w):
    session = w.contrary()
    answer = says(looked_up(session, **{"break": "fails"}), "There is no such thing")
    assert answer.paths == [["thing_id"]] and answer.state is None
    assert says(looked_up(session, **{"break": "mute"}), "did not say why").state is None


@on_wire("data-unknown", "What is not known yet is not looked for", UNKNOWN_CONFIG)
def _(w):
    session = w.contrary()
    for members in ({"thing_id": UNKNOWN}, {"name": UNKNOWN}):
        says(looked_up(session, **members), "before its configuration is wholly known")
    assert session.call("ReadDataSource", type_name=LOOKUP.encode()).errors


@on_wire(
    "data-validated",
    "The configuration is looked at by its own schema",
    slip(
        "src/wire/data.c",
        "    wire_validate(rpc, TF_DATA_SOURCE, asked->type_name, asked->config);",
        "    wire_validate(rpc, TF_RESOURCE, asked->type_name, asked->config);",
    ),
)
def _(w):
    session = w.session()

    def validate(**members):
        config = session.object(LOOKUP, "data_source_schemas", thing_id="x", **members)
        return session.call("ValidateDataResourceConfig", type_name=LOOKUP.encode(), config=value(config))

    fine(validate(name=UNKNOWN, timeouts={"read": UNKNOWN}))
    says(validate(**{"break": "no such"}), "break")
    says(validate(timeouts={"read": "soon"}), "not a duration")


@by_client(
    "data-read",
    "The client reads it in plan, or in apply where it depends on what is made, and shows it",
    slip(
        "src/wire/data.c",
        "        answer->state = wire_dynamic(rpc, offer->type, state);",
        "        answer->state = wire_dynamic(rpc, offer->type, rpc->tf.diags.first == NULL ? config : state);",
    ),
)
def _(w):
    stack = w.stack("""
data "contrary_lookup" "now" {
  thing_id = "thing-none"
}
resource "contrary_thing" "it" {
  name = "a"
}
data "contrary_lookup" "later" {
  thing_id = contrary_thing.it.id
}
output "found" {
  value = [data.contrary_lookup.now.found, data.contrary_lookup.later.found, data.contrary_lookup.now.mode]
}""")
    stack.apply().fine()
    assert stack.state_file()["outputs"]["found"]["value"] == [False, True, "auto"]
    assert not stack.plan().fine().actions
