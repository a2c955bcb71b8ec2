"""Apply

What becomes of the state when a create, an update or a destroy goes well, half well, or not at all.
"""

import time

from row import by_client, cty, fine, measures, on_wire, says, slip, tf, value

BREAKER = "contrary_breaker"
FILE = "src/tf/apply.c"


def update_to(session, breaks, **members):
    """(the object before, the answer) of an update that breaks so."""
    kept = session.create(BREAKER, **{"break": "nothing", "name": "old"})
    _, made = session.try_update(kept, **{"break": breaks, "name": "new"} | members)
    return kept, made


@on_wire(
    "apply-refused",
    "A create that was refused leaves no object",
    slip(
        FILE,
        "    if (!call->created)\n" "        return NULL;",
        "    if (!call->created)\n" "        return call->state;",
    ),
)
def _(w):
    _, made = w.contrary().try_create(BREAKER, **{"break": "apply_fails_before_created"})
    says(made, "Refused")
    assert made.state is None and not made.private and made.identity is None


@on_wire(
    "apply-half",
    "A create that fails when the object exists leaves the object, with the error",
    slip(
        FILE,
        "    return job->held_word ? checked(job, call->state) : left_by_failure(job);",
        "    return job->held_word ? checked(job, call->state) : NULL;",
    ),
)
def _(w):
    session = w.contrary()
    _, made = session.try_create(BREAKER, **{"break": "apply_fails_after_created", "name": "n"})
    says(made, "Half done")
    assert made.state["id"] and made.state["name"] == "n" and made.private and made.identity == {"id": made.state["id"]}


@by_client(
    "apply-half-tainted",
    "The client keeps such an object as tainted and replaces it",
    slip("src/tf/call.c", "    call->created = true;\n" "    call->gone = false;", "    call->gone = false;"),
)
def _(w):
    stack = w.stack('resource "contrary_breaker" "it" {\n  break = "apply_fails_after_created"\n}\n')
    stack.apply().fails("Half done")
    assert stack.instance("contrary_breaker.it")["status"] == "tainted" and len(stack.objects()) == 1
    stack.write('resource "contrary_breaker" "it" {\n  break = "nothing"\n}\n')
    stack.apply().fine()
    assert len(stack.objects()) == 1 and "status" not in stack.instance("contrary_breaker.it")


@on_wire(
    "apply-half-known",
    "What is not known of a half-made object is null",
    slip(
        FILE,
        "    return tf_tidy(call->arena, rows_of_offer(job->offer), cty_unknown_to_null(call->arena, state));",
        "    return tf_tidy(call->arena, rows_of_offer(job->offer), state);",
    ),
)
def _(w):
    _, made = w.contrary().try_create(BREAKER, **{"break": "apply_fails_unknown"})
    says(made, "Half done")
    assert made.state["id"] and made.state["status"] is None and cty.unknowns(made.state) == 0


@on_wire(
    "apply-update-failed",
    "An update that fails leaves the object as it was",
    slip(
        FILE,
        "    return fine || call->has_partial ? left_by_failure(job) : call->prior;",
        "    return left_by_failure(job);",
    ),
)
def _(w):
    kept, made = update_to(w.contrary(), "apply_fails_after_created")
    says(made, "Half done")
    assert made.state == kept.state


@on_wire(
    "apply-update-partly",
    "An update that got half way leaves what it says there is now",
    slip(
        FILE,
        "    return fine || call->has_partial ? left_by_failure(job) : call->prior;",
        "    return fine ? left_by_failure(job) : call->prior;",
    ),
)
def _(w):
    kept, made = update_to(w.contrary(), "apply_fails_partly")
    says(made, "Half done")
    assert made.state == kept.state | {"name": "new"}


@on_wire(
    "apply-update-broken",
    "An update that breaks a rule is told, and the object is saved as planned",
    slip(
        FILE,
        "    if (job->held_word)\n" "        return checked(job, call->state);",
        "    if (job->held_word)\n" "        return call->state;",
    ),
)
def _(w):
    kept, made = update_to(w.contrary(), "apply_sets", at="name", to='"CHANGED"')
    says(made, 'was cty.StringVal("new"), but now cty.StringVal("CHANGED")')
    assert made.state["name"] == "new" and made.state["id"] == kept.state["id"]


@on_wire(
    "apply-destroy",
    "A destroy leaves nothing: no object, no private bytes, no identity",
    slip(
        FILE,
        "    if (job->held_word)\n" "        return NULL;",
        "    if (job->held_word && call->prior == NULL)\n" "        return NULL;",
    ),
)
def _(w):
    session = w.contrary()
    gone = fine(session.destroy(session.create(BREAKER, **{"break": "nothing"})))
    assert gone.state is None and not gone.private and gone.identity is None


@on_wire(
    "apply-destroy-failed",
    "A destroy that fails leaves the object, whole",
    slip(
        FILE,
        "    return call->has_partial ? salvaged(job, call->partial) : call->prior;",
        "    return call->has_partial ? salvaged(job, call->partial) : NULL;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(BREAKER, **{"break": "delete_fails"})
    failed = says(session.destroy(kept), "It can't be deleted")
    assert failed.state == kept.state and failed.private == kept.private and failed.identity == kept.identity


@on_wire(
    "apply-destroy-partly",
    "A destroy that got half way leaves what it says is left",
    slip(FILE, "    return call->has_partial ? salvaged(job, call->partial) : call->prior;", "    return call->prior;"),
)
def _(w):
    session = w.contrary()
    kept = session.create(BREAKER, **{"break": "delete_fails_partly"})
    assert says(session.destroy(kept), "Refused").state == kept.state | {"status": "half gone"}


@on_wire(
    "apply-mute",
    "A verb that fails without a word is told as our mistake, and costs no object",
    slip(
        "src/tf/call.c",
        "    if (call->diags->errors == errors_before)\n" '        diag_bug(call->diags, NULL, "%s of %s failed',
        "    if (call->diags->errors > errors_before)\n" '        diag_bug(call->diags, NULL, "%s of %s failed',
    ),
)
def _(w):
    session = w.contrary()
    mute = "did not say why"
    says(session.plan(BREAKER, session.object(BREAKER, **{"break": "plan_mute"})), mute)
    _, made = session.try_create(BREAKER, **{"break": "apply_mute_after_created"})
    assert says(made, mute).state["id"]
    kept, made = update_to(session, "apply_mute_after_created")
    assert says(made, mute).state == kept.state
    for breaks, verb in (("delete_mute", session.destroy), ("read_mute", session.read)):
        kept = session.create(BREAKER, **{"break": breaks})
        assert says(verb(kept), mute).state == kept.state
    says(session.imports(BREAKER, "mute"), mute)
    says(session.move(BREAKER, "contrary_plain", {"id": "p", "text": "mute"}), mute)


@on_wire(
    "apply-private",
    "Private bytes that a verb has set are in the answer, and later ones keep them",
    slip(
        "src/wire/resource.c",
        "        answer->private_ = pb_bytes(state.private_data);\n"
        "        answer->new_identity = wire_identity(rpc, offer, state.identity);\n"
        "    } else {",
        "        answer->new_identity = wire_identity(rpc, offer, state.identity);\n" "    } else {",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_thing", name="a")
    assert b"made-by" in kept.private
    assert session.update(kept, text="new").private == kept.private


@on_wire(
    "apply-private-failed",
    "An update that fails keeps the private bytes",
    slip(
        FILE,
        '        answer->state == NULL ? S("") : tf_private_encode(call, request->planned_private);',
        '        !job->held_word ? S("") : tf_private_encode(call, request->planned_private);',
    ),
)
def _(w):
    kept, made = update_to(w.contrary(), "apply_fails_after_created")
    assert kept.private and made.private == kept.private


@on_wire(
    "apply-unreadable",
    "An object of which the request can't be read goes back as it came",
    slip("src/wire/resource.c", "        answer->new_state = echo(rpc->arena, asked->prior_state);\n"),
)
def _(w):
    session = w.contrary()
    kept = session.create(BREAKER, **{"break": "nothing"})
    broken = tf.DynamicValue(msgpack=b"\x81\xc1")
    for planned in (broken, value("no object"), value([1])):
        answer = session.apply(BREAKER, kept.state, planned, None, b"\xffprivate", kept.identity)
        assert answer.errors and answer.state == kept.state and answer.private == b"\xffprivate", planned
        assert answer.identity == kept.identity
    answer = session.apply(BREAKER, broken, None, None, b"kept")
    assert answer.errors and answer.message.new_state == broken and answer.private == b"kept"


@on_wire(
    "apply-at-once",
    "Calls run beside each other: forty creates that take a moment each take few moments together",
    slip("src/plugin/server.c", "    most_workers = 256,", "    most_workers = 2,"),
)
def _(w):
    measures()
    session = w.contrary(visit_ms=250)
    config = session.object("contrary_plain", text="t")
    plan = session.plan("contrary_plain", config)
    began = time.monotonic()
    begun = [
        session.begin("ApplyResourceChange", **session.apply_fields("contrary_plain", None, plan.state, config))
        for _ in range(40)
    ]
    ids = {cty.unpack(future.result().new_state.msgpack)["id"] for future in begun}
    assert len(ids) == 40 and time.monotonic() - began < 3.5, time.monotonic() - began


@on_wire(
    "apply-queue",
    "More calls than there are workers wait and are answered, each with its own",
    slip("src/plugin/workers.c", "    bool taken = true;", "    bool taken = workers->threads < workers->most;"),
)
def _(w):
    session = w.contrary(visit_ms=300)
    begun = []
    for i in range(400):
        config = session.object("contrary_plain", text=str(i))
        begun.append(
            session.begin(
                "ApplyResourceChange",
                **session.apply_fields("contrary_plain", None, config | {"id": cty.UNKNOWN}, config)
            )
        )
    texts = [cty.unpack(future.result().new_state.msgpack)["text"] for future in begun]
    assert texts == [str(i) for i in range(400)]
