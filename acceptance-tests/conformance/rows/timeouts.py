"""Time-outs

A block by convention: core knows nothing of it.
"""

import time

from row import cty, fine, on_wire, says, slip

THING = "contrary_thing"
FILE = "src/tf/timeouts.c"


@on_wire(
    "timeouts-syntax",
    "A time-out that is no duration is refused at its place, with an example",
    slip(
        FILE,
        "    if (!duration_parse(value->text, &ms))\n" "        return diag_error",
        "    if (!duration_parse(value->text, &ms) && value->text.len == 0)\n" "        return diag_error",
    ),
)
def _(w):
    session = w.session()
    for text in ("soon", "5", "-5m", "5 m"):
        answer = says(
            session.validate(THING, session.object(THING, name="a", timeouts={"create": text})),
            "not a duration",
            '"45m"',
        )
        assert answer.paths == [["timeouts", "create"]], answer.paths
    fine(session.validate(THING, session.object(THING, name="a", timeouts={"create": "1h30m", "delete": cty.UNKNOWN})))


@on_wire(
    "timeouts-obeyed",
    "Each operation has its own time-out, and says after how long it gave up",
    slip(
        FILE,
        '    struct str wish = tf_str(tf_value(object, "timeouts"), names[operation]);',
        '    struct str wish = tf_str(tf_value(object, "timeouts"), names[0]);',
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", timeouts={"create": "10m", "update": "150ms", "delete": "100ms"})
    began = time.monotonic()
    _, made = session.try_update(kept, text="new", delay_ms=20000)
    says(made, "It was not done after 150ms")
    slow = kept.state | {"delay_ms": 20000}
    says(session.apply(THING, slow, None, None, kept.private, kept.identity), "It was not done after 100ms")
    assert time.monotonic() - began < 10


@on_wire(
    "timeouts-local",
    "A change of time-outs alone replaces nothing, and calls nobody",
    slip(
        FILE,
        "                                          .flags = TF_OPTIONAL | TF_LOCAL,",
        "                                          .flags = TF_OPTIONAL,",
    ),
)
def _(w):
    session = w.contrary(env={"TF_LOG": "trace"})
    kept = session.create(THING, name="a", timeouts={"create": "5m"})
    visits = session.provider.stderr().count('"visit"')
    plan, made = session.try_update(kept, timeouts={"create": "6m"})
    assert plan.state == kept.state | {"timeouts": kept.state["timeouts"] | {"create": "6m"}} and not plan.replace
    assert fine(made).state == plan.state and session.provider.stderr().count('"visit"') == visits
