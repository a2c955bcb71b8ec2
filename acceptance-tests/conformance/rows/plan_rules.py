"""Broken plans

Each rule of core for a planned object (AssertPlanValid), broken by a resource's own plan: it is stopped with our words
before core has to complain, and nothing is planned.
"""

from row import on_wire, says, slip
from cty import UNKNOWN

FILE = "src/tf/plan_check.c"
BREAKER = "contrary_breaker"


def broken(w, at=None, to=None, breaks="plan_sets", prior=None, **members):
    """The answer to a plan that sets the member `at` to the JSON of `to`. prior: of an object that has those members."""
    session = w.contrary()
    asked = {"break": breaks, "at": at, "to": to} | members
    if prior is None:
        plan = session.plan(BREAKER, session.object(BREAKER, **asked))
    else:
        kept = session.create(BREAKER, **{"break": "nothing"} | prior)
        _, plan = session.plan_change(kept, **asked)
    assert plan.state is None, "something was planned"
    return plan


def mistake(w, words, at=None, to=None, path=None, **more):
    answer = says(broken(w, at, to, **more), "The provider made a mistake", words)
    assert path is None or answer.paths == [path], answer.paths
    return answer


def rule(id, sentence, old, new, words, at, to=None, path=None, prior=None, **members):
    @on_wire(id, sentence, slip(FILE, old, new))
    def _(w):
        mistake(w, words, at, to, path, prior=prior, **members)


rule(
    "broken-config",
    "What is configured is planned as it is configured",
    "    if (attr->attrs == NULL)\n" "        mismatch(rules, attr, place);\n",
    "    if (attr->attrs == NULL)\n" "        return;\n",
    'planned value cty.StringVal("other") does not match config value cty.StringVal("n1")',
    "name",
    '"other"',
    ["name"],
    name="n1",
)

rule(
    "broken-config-prior",
    "What is configured is planned as it is configured, or as it is in the state",
    "        (has_config && !tf_absent(place->prior) && same_value(place->planned, place->prior)))",
    "        (has_config && !tf_absent(place->prior)))",
    'does not match config value cty.StringVal("n2") nor prior value cty.StringVal("n1")',
    "name",
    '"other"',
    ["name"],
    {"name": "n1"},
    name="n2",
)

rule(
    "broken-optional",
    "What is not configured and not computed is planned null",
    "        else\n"
    '            tf_break(rules, place->path, "planned value %.*s for a non-computed attribute",\n'
    "                     STR(shown(rules, place->planned)));\n",
    "",
    'planned value cty.StringVal("dflt") for a non-computed attribute',
    "opt",
    '"dflt"',
    ["opt"],
)

rule(
    "broken-inside",
    "What is configured inside a nested attribute is planned as it is configured",
    "    if (kind != CTY_SET)\n" "        check_objects(rules, rows_of_attr(attr), place, false);",
    "    if (kind == CTY_MAP)\n" "        check_objects(rules, rows_of_attr(attr), place, false);",
    "does not match config value",
    "items",
    '[{"x":"1"},{"x":"other"}]',
    ["items", 1, "x"],
    items=[{"x": "1"}, {"x": "2"}],
)

rule(
    "broken-inside-block",
    "What is configured inside a block is planned as it is configured",
    "        check_objects(rules, rows_of_block(block), place, true);\n" "        return;",
    "        return;",
    "does not match config value",
    "rule",
    '[{"x":"other"}]',
    ["rule", 0, "x"],
    rule=[{"x": "1"}],
)


@on_wire(
    "broken-config-secret",
    "A secret that was planned otherwise is not told by the complaint",
    slip(
        FILE,
        "    if (tf_is_secret(attr))\n" '        tf_break(rules, place->path, "sensitive planned value does not match',
        "    if (attr->attrs != NULL)\n" '        tf_break(rules, place->path, "sensitive planned value does not match',
    ),
)
def _(w):
    answer = mistake(w, "sensitive planned value does not match config value", "secret", '"leaked"', secret="hunter2")
    assert not any(word in str(answer.message) for word in ("leaked", "hunter2"))


@on_wire(
    "broken-optional-secret",
    "A secret that was made up is not told by the complaint",
    slip(
        FILE,
        "        if (tf_is_secret(attr))\n" '            tf_break(rules, place->path, "sensitive planned value for',
        "        if (attr->attrs != NULL)\n" '            tf_break(rules, place->path, "sensitive planned value for',
    ),
)
def _(w):
    answer = mistake(w, "sensitive planned value for a non-computed attribute", "secret", '"leaked"')
    assert "leaked" not in str(answer.message)


@on_wire(
    "broken-null-blocks",
    "No blocks are an empty list, set or map, and a group is never null",
    slip(
        FILE,
        "    if (tf_absent(place->planned) && block->nesting != TF_BLOCK_SINGLE)",
        "    if (tf_absent(place->planned) && block->nesting == TF_BLOCK_LIST)",
    ),
)
def _(w):
    for at, name in (("rule", "list"), ("chosen", "set"), ("named", "map"), ("grouped", "group")):
        mistake(
            w, f"attribute representing a {name} of nested blocks must be empty to indicate no blocks, not null", at
        )


rule(
    "broken-block-count",
    "There are as many blocks in the plan as in the configuration",
    "    if (counts && (is_set ? planned > config : planned != config)) {",
    "    if (counts && planned > config) {",
    "block count in plan (1) disagrees with count in config (2)",
    "rule",
    '[{"x":"1"}]',
    ["rule"],
    rule=[{"x": "1"}, {}],
)

rule(
    "broken-block-set",
    "There are no more blocks of a set in the plan than in the configuration",
    "    if (counts && (is_set ? planned > config : planned != config)) {",
    "    if (counts && !is_set && planned != config) {",
    "block count in plan (2) disagrees with count in config (1)",
    "chosen",
    '[{"a":"1"},{"a":"2"}]',
    chosen=[{"a": "1"}],
)

rule(
    "broken-block-keys",
    "Blocks with labels have the labels of the configuration",
    "    if (block->nesting == TF_BLOCK_MAP && !tf_absent(place->config))\n"
    '        check_keys(rules, "block", place);\n',
    "",
    'block key "other" from plan is not present in config',
    "named",
    '{"other":{}}',
    named={"k": {}},
)

rule(
    "broken-list-count",
    "A nested list has as many elements in the plan as in the configuration",
    "kind == CTY_SET ? planned > config : kind == CTY_LIST && planned != config;",
    "kind == CTY_SET ? planned > config : kind == CTY_LIST && planned < config;",
    "count in plan (2) disagrees with count in config (1)",
    "items",
    '[{"x":"1"},{}]',
    ["items"],
    items=[{"x": "1"}],
)

rule(
    "broken-set-count",
    "A nested set has no more elements in the plan than in the configuration",
    "kind == CTY_SET ? planned > config : kind == CTY_LIST && planned != config;",
    "kind == CTY_LIST && planned != config;",
    "count in plan (2) disagrees with count in config (1)",
    "choices",
    '[{"a":"1"},{"a":"2"}]',
    choices=[{"a": "1"}],
)

rule(
    "broken-map-keys",
    "A nested map has the keys of the configuration",
    "    if (kind == CTY_MAP)\n" '        check_keys(rules, "map", place);\n',
    "",
    'map key "k" from config is not present in plan',
    "members",
    '{"other":{}}',
    members={"k": {}},
)

rule(
    "broken-block-made-up",
    "A single block that is not configured is not planned",
    "    else if (tf_absent(place->config) && place->planned->type->kind == CTY_OBJECT)\n"
    '        tf_break(rules, place->path, "planned for existence but config wants absence");\n',
    "",
    "planned for existence but config wants absence",
    "one",
    "{}",
    ["one"],
)

rule(
    "broken-block-dropped",
    "A single block that is configured is planned",
    "    else if (tf_absent(place->planned))\n"
    '        tf_break(rules, place->path, "planned for absence but config wants existence");\n'
    "    else if (cty_is_unknown(place->planned))\n"
    "        tf_break(rules, place->path,\n"
    '                 "attribute representing',
    "    else if (cty_is_unknown(place->planned))\n"
    "        tf_break(rules, place->path,\n"
    '                 "attribute representing',
    "planned for absence but config wants existence",
    "one",
    None,
    ["one"],
    one={},
)

rule(
    "broken-nested-dropped",
    "A nested attribute that is configured is planned",
    "    else if (tf_absent(place->planned))\n"
    '        tf_break(rules, place->path, "planned for absence but config wants existence");\n'
    "    else\n"
    "        check_nested_attr(rules, attr, place);",
    "    else\n" "        check_nested_attr(rules, attr, place);",
    "planned for absence but config wants existence",
    "single",
    None,
    ["single"],
    single={},
)

rule(
    "broken-element-made-up",
    "An element that is null in the configuration is null in the plan",
    "        else if (tf_absent(item.planned) != tf_absent(item.config))",
    "        else if (tf_absent(item.planned) && !tf_absent(item.config))",
    "planned for existence but config wants absence",
    "items",
    "[{}]",
    ["items", 0],
    items=[None],
)

rule(
    "broken-block-unknown",
    "A block that is configured is not planned unknown as a whole",
    "    else if (cty_is_unknown(place->planned))\n"
    "        tf_break(rules, place->path,\n"
    '                 "attribute representing',
    "    else if (cty_is_unknown(place->planned) && block->nesting != TF_BLOCK_SINGLE)\n"
    "        tf_break(rules, place->path,\n"
    '                 "attribute representing',
    "attribute representing nested block must not be unknown itself",
    "one",
    "?",
    ["one"],
    one={},
)

rule(
    "broken-block-element-unknown",
    "One of several blocks is not planned unknown",
    "        if (cty_is_unknown(item.planned) && is_block)",
    "        if (cty_is_unknown(item.planned) && !is_block)",
    "element representing nested block must not be unknown itself",
    "named",
    '{"k":{"x":"??"}}',
    named={"k": {}},
)

rule(
    "broken-block-changed",
    "Blocks that are unknown in the configuration stay unknown in the plan",
    "    else if (!tf_absent(place->config) && cty_is_unknown(place->config))",
    "    else if (tf_absent(place->planned) && !tf_absent(place->config) && cty_is_unknown(place->config))",
    "for unknown dynamic block",
    "rule",
    "[]",
    ["rule"],
    rule=UNKNOWN,
)

rule(
    "broken-nested-unknown",
    "A nested attribute that is configured is not planned unknown",
    "    if (cty_is_unknown(place->planned)) {\n"
    '        tf_break(rules, place->path, "planned unknown for configured value");\n'
    "        return;\n"
    "    }\n",
    "",
    "planned unknown for configured value",
    "single",
    "?",
    ["single"],
    single={},
)

rule(
    "broken-nested-changed",
    "A nested attribute that is unknown in the configuration stays unknown in the plan",
    "    if (cty_is_unknown(place->config)) {\n"
    "        mismatch(rules, attr, place);\n"
    "        return;\n"
    "    }\n",
    "",
    "does not match config value",
    "items",
    "[]",
    ["items"],
    items=UNKNOWN,
)


@on_wire(
    "broken-write-only",
    "Nothing is planned for what is write-only, at any depth",
    slip(
        FILE,
        "        if (!tf_absent(place->planned))\n"
        '            tf_break(rules, place->path, "a value was planned for a write-only',
        "        if (!tf_absent(place->planned) && tf_absent(place->config))\n"
        '            tf_break(rules, place->path, "a value was planned for a write-only',
    ),
)
def _(w):
    mistake(w, "write-only", "key", '"leaked"', ["key"], key="swordfish")
    mistake(w, "write-only", "items", '[{"hush":"leaked"}]', ["items", 0, "hush"], items=[{"hush": "swordfish"}])


@on_wire(
    "broken-absent",
    "An object that is configured is planned",
    slip(
        "src/tf/plan.c",
        "    if (tf_absent(planned))\n" '        return diag_bug(plan->call->diags, NULL, "planned for absence',
        "    if (tf_absent(planned) && plan->prior != NULL)\n"
        '        return diag_bug(plan->call->diags, NULL, "planned for absence',
    ),
)
def _(w):
    mistake(w, "planned for absence but config wants existence", breaks="plan_no_object")


@on_wire(
    "broken-type",
    "A plan is of the type of its schema",
    slip(
        "src/tf/plan.c",
        "    return (cty_is_known(planned) && cty_conforms(planned, offer->type)) ||",
        "    return cty_is_known(planned) || cty_conforms(planned, offer->type) ||",
    ),
)
def _(w):
    mistake(w, "not of the type of contrary_breaker", breaks="plan_nonsense")


@on_wire(
    "broken-member-type",
    "A planned value is of the type of its attribute",
    slip("src/tf/call.c", "    if (value == NULL || !cty_conforms(value, type)) {", "    if (value == NULL) {"),
)
def _(w):
    mistake(w, "A value of another type was to be set", breaks="plan_wrong_type", path=["name"])


@on_wire(
    "broken-replace-path",
    "A path that requires replacement is one that there is",
    slip("src/tf/plan.c", "    if (rules.breaks == 0)\n" "        check_replaced(&rules, plan);\n"),
)
def _(w):
    mistake(w, "for a non-existent attribute path", breaks="plan_no_such_path", prior={})


@on_wire(
    "broken-destroy",
    "A destroy that plans an object is stopped",
    slip(
        "src/tf/call.c",
        "    if (object == NULL || !cty_is_known(object)) {\n"
        '        diag_bug(diags, NULL, "The member %s was to be set',
        "    if (object == NULL || !cty_is_known(object)) {\n"
        "        return NULL;\n"
        '        diag_bug(diags, NULL, "The member %s was to be set',
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(BREAKER, **{"break": "destroy_plan_sets"})
    answer = says(session.plan_destroy(kept), "The provider made a mistake")
    assert answer.state is None
