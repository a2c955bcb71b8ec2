"""Broken results

Each rule of core for an object after apply (AssertObjectCompatible), broken by a resource's create: it is told in our
words, and the object that exists is saved, with what was planned in place of what broke the rule.
"""

from row import cty, fine, on_wire, says, slip
from cty import UNKNOWN, dynamic

FILE = "src/tf/apply_check.c"
BREAKER = "contrary_breaker"


def broken(w, at=None, to=None, breaks="apply_sets", **members):
    """(the plan, the answer) of a create that sets the member `at` to the JSON of `to`."""
    session = w.contrary()
    plan, made = session.try_create(BREAKER, **{"break": breaks, "at": at, "to": to} | members)
    return plan.state, made


def mistake(w, told, at=None, to=None, path=None, /, breaks="apply_sets", **members):
    plan, made = broken(w, at, to, breaks, **members)
    says(made, "The provider made a mistake", told)
    assert path is None or path in made.paths, made.paths
    state = made.state
    assert state is not None and cty.unknowns(state) == 0, "the object is not saved whole"
    assert state["id"] and made.private, "the object is lost"
    if at and not cty.unknowns(plan[at]):
        assert state[at] == plan[at], f"what was planned is not saved: {state[at]}"
    return made


def rule(id, sentence, old, new, told, at, to=None, path=None, /, **members):
    @on_wire(id, sentence, slip(FILE, old, new))
    def _(w):
        mistake(w, told, at, to, path, **members)


rule(
    "applied-known",
    "A value that was planned is what the object has",
    "        if (!cty_equal(planned, actual))\n" '            tf_break(rules, path, "was %.*s, but now %.*s"',
    "        if (!cty_equal(planned, actual) && planned->type->kind != CTY_STRING)\n"
    '            tf_break(rules, path, "was %.*s, but now %.*s"',
    'was cty.StringVal("n1"), but now cty.StringVal("CHANGED")',
    "name",
    '"CHANGED"',
    ["name"],
    name="n1",
)

rule(
    "applied-null",
    "What was planned null is null",
    '        tf_break(rules, path, "was null, but now %.*s", STR(shown(rules, actual)));',
    "        return;",
    "was null, but now",
    "opt",
    '"made up"',
    ["opt"],
)

rule(
    "applied-dropped",
    "What was planned is not null",
    '        tf_break(rules, path, "was %.*s, but now null", STR(shown(rules, planned)));',
    "        return;",
    "but now null",
    "name",
    None,
    ["name"],
    name="n1",
)

rule(
    "applied-unknown-again",
    "What was known in the plan is known",
    '        tf_break(rules, path, "was known, but now unknown");',
    "        return;",
    "was known, but now unknown",
    "name",
    '"?"',
    ["name"],
    name="n1",
)


@on_wire(
    "applied-secret",
    "A secret that came out otherwise is not told by the complaint",
    slip(FILE, "    if (!tf_is_secret(attr)) {", "    if (attr->attrs == NULL) {"),
)
def _(w):
    made = mistake(w, "inconsistent values for sensitive attribute", "secret", '"leaked"', ["secret"], secret="hunter2")
    assert not any(word in "".join(made.errors) for word in ("leaked", "hunter2"))


rule(
    "applied-set-gone",
    "Every element of a planned set is there",
    "        if (!any)\n" "            tf_break(",
    "        if (!any && actual->count == 0)\n" "            tf_break(",
    'planned set element cty.StringVal("b") does not correlate with any element in actual',
    "tags",
    '["a"]',
    tags=["a", "b"],
)

rule(
    "applied-set-new",
    "Every element of a set was planned",
    "    for (size_t j = 0; rules->breaks == before && j < actual->count; j++)\n" "        if (!found[j])",
    "    for (size_t j = 0; rules->breaks == before && j < actual->count; j++)\n" "        if (found[j])",
    'actual set element cty.StringVal("c") does not correlate with any element in plan',
    "tags",
    '["a","c"]',
    tags=["a"],
)


@on_wire(
    "applied-set-grown",
    "A set does not grow, also where its elements were unknown",
    slip(
        FILE,
        "    if (actual->count > planned->count)",
        "    if (actual->count > planned->count && cty_is_wholly_known(planned))",
    ),
)
def _(w):
    session = w.contrary()
    config = session.object(BREAKER, **{"break": "apply_sets", "at": "tags", "to": '["x","y"]', "tags": [UNKNOWN]})
    plan = fine(session.plan(BREAKER, config))
    made = session.apply(BREAKER, None, plan.state, config, plan.private)
    says(made, "length changed from 1 to 2")
    assert made.state["id"]


@on_wire(
    "applied-set-shrunk",
    "A set whose unknown elements turn out to be equal is smaller, and that is fine",
    slip(FILE, "    if (actual->count > planned->count)", "    if (actual->count != planned->count)"),
)
def _(w):
    session = w.contrary()
    config = session.object(BREAKER, **{"break": "apply_sets", "at": "tags", "to": '["x"]', "tags": [UNKNOWN, UNKNOWN]})
    plan = fine(session.plan(BREAKER, config))
    assert fine(session.apply(BREAKER, None, plan.state, config, plan.private)).state["tags"] == ["x"]


rule(
    "applied-list-gone",
    "No element of a list vanishes",
    "        if (item.prior == NULL)\n"
    '            tf_break(rules, path, "element %.*s has vanished", STR(index_text(rules, planned, i)));',
    "        if (item.prior == NULL)\n" "            continue;",
    "element 1 has vanished",
    "words",
    '["a"]',
    ["words"],
    words=["a", "b"],
)

rule(
    "applied-list-new",
    "No element of a list appears",
    "        if (tf_counterpart(planned, actual, i) == NULL)\n" '            tf_break(rules, path, "new element',
    "        if (tf_counterpart(planned, actual, i) == NULL && planned->count == 0)\n"
    '            tf_break(rules, path, "new element',
    'new element "l" has appeared',
    "marks",
    '{"k":"v","l":"v"}',
    ["marks"],
    marks={"k": "v"},
)

rule(
    "applied-inside",
    "A value inside an object is what was planned",
    "        check_value(rules, planned->items[i], actual->items[i], at);",
    "        check_value(rules, planned->items[i], planned->items[i], at);",
    'was cty.StringVal("1"), but now cty.StringVal("2")',
    "any",
    '{"x":"2"}',
    ["any", "x"],
    any=dynamic(["object", {"x": "string"}], {"x": "1"}),
)

rule(
    "applied-block-count",
    "There are as many blocks as were planned",
    "    if (planned->count != actual->count) {",
    "    if (planned->count < actual->count) {",
    "block count changed from 1 to 0",
    "rule",
    "[]",
    ["rule"],
    rule=[{"x": "1"}],
)

rule(
    "applied-block-keys",
    "Blocks with labels have the labels that were planned",
    "        if (item.prior == NULL)\n" '            tf_break(rules, path, "block key',
    "        if (item.prior == NULL && planned->count > 1)\n" '            tf_break(rules, path, "block key',
    'block key "k" has vanished',
    "named",
    '{"l":{}}',
    ["named"],
    named={"k": {"x": "1"}},
)

rule(
    "applied-block-inside",
    "A value inside a block is what was planned",
    "            tf_rules_of_apply(rules, rows, planned->items[i], item.prior, item.path);",
    "            tf_rules_of_apply(rules, rows, planned->items[i], planned->items[i], item.path);",
    'was cty.StringVal("1"), but now cty.StringVal("2")',
    "rule",
    '[{"x":"2"}]',
    ["rule", 0, "x"],
    rule=[{"x": "1"}],
)

rule(
    "applied-block-set",
    "A block of a set is one that was planned",
    '        check_set(rules, rows, objects_correlate, planned, actual, path, "block set length");',
    "        return;",
    "does not correlate",
    "chosen",
    '[{"a":"2"}]',
    ["chosen"],
    chosen=[{"a": "1"}],
)

rule(
    "applied-block-null",
    "No blocks are an empty collection after apply, too",
    "    if (cty_is_null(actual))\n" '        tf_break(rules, path, "null block value after apply");\n',
    "",
    "null block value after apply",
    "rule",
    None,
    ["rule"],
)

rule(
    "applied-block-single",
    "A single block that was planned is there",
    "        if (!cty_is_unknown(planned))\n" "            tf_rules_of_apply(rules, rows, planned, actual, path);",
    "        if (cty_is_known(planned) && cty_is_known(actual))\n"
    "            tf_rules_of_apply(rules, rows, planned, actual, path);",
    "was present, but now absent",
    "one",
    None,
    ["one"],
    one={"x": "1"},
)


def promise(id, sentence, old, new, broken_one, path):
    @on_wire(id, sentence, slip(FILE, old, new))
    def _(w):
        _, kept = broken(w, breaks="promises_nothing")
        assert not kept.errors, kept.errors
        mistake(w, "does not conform to planning placeholder", None, None, [path], breaks=f"promises_{broken_one}")


promise(
    "applied-prefix",
    "A text begins as was promised of it",
    "           str_starts(actual->text, refined->prefix);",
    "           str_starts(refined->prefix, refined->prefix);",
    "prefix",
    "status",
)
promise(
    "applied-bounds",
    "A number lies between the bounds that were promised",
    "               (high < 0 || (high == 0 && refined->upper_inclusive));",
    "               high <= 0;",
    "bounds",
    "size",
)
promise(
    "applied-length",
    "A list is as long as was promised",
    "    return (!refined->has_min_length || (int64_t)actual->count >= refined->min_length) &&\n",
    "    return (refined->has_min_length || (int64_t)actual->count >= refined->min_length) &&\n",
    "length",
    "seen",
)
promise(
    "applied-presence",
    "What was promised not to be null is not null",
    "    if (cty_is_null(actual) ? refined->not_null\n",
    "    if (cty_is_null(actual) ? refined->not_null && refined->prefix.ptr == NULL\n",
    "presence",
    "status",
)


@on_wire(
    "applied-unknown",
    "Nothing is unknown after apply; an unknown becomes null",
    slip(
        "src/tf/rules.c",
        "    if (tf_find_unknown(rules->arena, state, NULL, &path))\n",
        "    if (tf_find_unknown(rules->arena, state, NULL, &path) && path == NULL)\n",
    ),
)
def _(w):
    made = mistake(w, "all values must be known now", "status", "?", ["status"])
    assert made.state["status"] is None


@on_wire(
    "applied-write-only",
    "Nothing that is write-only is in the object, at any depth",
    slip(
        "src/tf/rules.c",
        "    if (tf_find_write_only(rules->arena, rows_of_offer(offer), state, NULL, &path))",
        "    if (tf_find_write_only(rules->arena, (struct tf_rows){0}, state, NULL, &path))",
    ),
)
def _(w):
    mistake(w, "write-only", "key", '"leaked"', ["key"], key="swordfish")
    mistake(w, "write-only", "items", '[{"hush":"leaked"}]', ["items", 0, "hush"], items=[{"hush": "swordfish"}])


@on_wire(
    "applied-absent",
    "An object that was made is there",
    slip(
        "src/tf/apply.c",
        "    tf_rules_of_state(&rules, job->offer, state);\n" "    if (is_object_of(job->offer, state))",
        "    if (is_object_of(job->offer, state))",
    ),
)
def _(w):
    plan, made = broken(w, breaks="apply_no_object", name="n1")
    says(made, "Root object was present, but now absent")
    assert made.state is not None and made.state["name"] == "n1" and cty.unknowns(made.state) == 0


@on_wire(
    "applied-type",
    "An object is of the type of its schema",
    slip(
        "src/tf/rules.c",
        "    if (!cty_conforms(state, offer->type) || !cty_is_known(state)) {",
        "    if (!cty_is_known(state)) {",
    ),
)
def _(w):
    plan, made = broken(w, breaks="apply_nonsense", name="n1")
    says(made, "not of the type of contrary_breaker")
    assert made.state is not None and made.state["name"] == "n1" and cty.unknowns(made.state) == 0


@on_wire(
    "applied-repaired",
    "Where a result broke a rule, what was planned is saved",
    slip(
        "src/tf/apply.c",
        "    if (rules.breaks == 0)\n" "        return state;\n" "    return tf_tidy(",
        "    if (is_object_of(job->offer, state))\n" "        return state;\n" "    return tf_tidy(",
    ),
)
def _(w):
    _, made = broken(w, "words", '["a","b"]', words=["a"])
    says(made, "new element 1 has appeared")
    assert made.state["words"] == ["a"] and made.state["status"] == "there"


@on_wire(
    "applied-unwritable",
    "What can't be encoded costs one member, never the object",
    slip(
        "src/wire/value.c",
        "        if (type->kind == CTY_OBJECT && value->type->kind == CTY_OBJECT && cty_is_known(value))\n"
        "            encode(rpc, type, writable(rpc, type, value), &bytes);\n",
    ),
)
def _(w):
    plan, made = broken(w, breaks="apply_unwritable", name="n1")
    says(made, "The provider made a mistake")
    assert made.state is not None and made.state["name"] == "n1" and made.state["seen"] is None and made.state["id"]
