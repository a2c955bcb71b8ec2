"""Plans

What is planned where the provider behaves: defaults, unknowns, what must be replaced; and that a plan is pure.
"""

import time

from row import by_client, cty, fine, on_wire, slip, tf, value
from cty import UNKNOWN

THING = "contrary_thing"


def planned(session, **members):
    return fine(session.plan(THING, session.object(THING, **members))).state


def change(session, it, **members):
    _, plan = session.plan_change(it, **members)
    return fine(plan)


@on_wire(
    "plan-default",
    "Where the configuration is silent a default is planned, at any depth",
    slip("src/tf/plan_fill.c", "    if (attr->fallback != NULL)\n" "        return tf_fallback(arena, attr);\n"),
)
def _(w):
    plan = planned(w.contrary(), name="a", single={}, items=[{}], listed=[{}])
    assert (plan["mode"], plan["flag"], plan["delay_ms"]) == ("auto", False, 0)
    assert plan["single"]["y"] == plan["items"][0]["y"] == plan["listed"][0]["y"] == 7


@on_wire(
    "plan-computed",
    "What only apply can know is unknown in the plan, not null",
    slip(
        "src/tf/plan_fill.c",
        "            return planned;\n" "        return cty_unknown(arena, type);",
        "            return planned;\n" "        return attr->attrs != NULL ? planned : cty_unknown(arena, type);",
    ),
)
def _(w):
    plan = planned(w.contrary(), name="a")
    assert plan["id"] == plan["revision"] == plan["details"] == plan["layout"] == UNKNOWN
    assert plan["text"] is None and plan["single"] is None


@on_wire(
    "plan-computed-attribute",
    "An update makes computed values inside nested attributes unknown",
    slip(
        "src/tf/plan_fill.c",
        "    return tf_map_objects(arena, rows_of_attr(attr), place, planned, tf_plan_mark);",
        "    return planned;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", single={"deep": {"word": "w"}}, items=[{}], members={"k": {}})
    plan = change(session, kept, text="new").state
    assert plan["single"]["z"] == plan["items"][0]["z"] == plan["members"]["k"]["z"] == UNKNOWN
    assert plan["single"]["deep"] == {"made": UNKNOWN, "word": "w"}
    assert plan["single"]["kept"] == kept.state["single"]["kept"] != UNKNOWN


@on_wire(
    "plan-computed-block",
    "An update makes computed values inside blocks unknown, and never a block itself",
    slip(
        "src/tf/plan_fill.c",
        "        items[at] = tf_map_objects(arena, rows_of_block(block), &member, items[at], tf_plan_mark);",
        "        if (block->nesting == TF_BLOCK_SINGLE)\n"
        "            items[at] = tf_map_objects(arena, rows_of_block(block), &member, items[at], tf_plan_mark);",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", one={}, listed=[{}], named={"k": {}}, tree=[{"branch": [{"word": "w"}]}])
    plan = change(session, kept, text="new").state
    assert plan["one"]["z"] == plan["listed"][0]["z"] == plan["named"]["k"]["z"] == plan["grouped"]["made"] == UNKNOWN
    assert plan["tree"][0]["made"] == plan["tree"][0]["branch"][0]["made"] == plan["tree"][0]["soil"]["made"] == UNKNOWN


@on_wire(
    "plan-unchanged",
    "What has not changed is planned as it is, without an unknown",
    slip(
        "src/tf/plan.c",
        "    if (place.prior != NULL && !tf_plan_is_real(rows, place.prior, planned))\n" "        return planned;\n",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(
        THING, name="a", items=[{"x": "1"}, {}], choices=[{"a": "1"}], listed=[{}], map={"k": "v"}, one={}
    )
    plan = change(session, kept)
    assert plan.state == kept.state and not plan.replace


@on_wire(
    "plan-stable",
    "A computed value that outlives updates is planned as it is in the state",
    slip(
        "src/tf/plan_fill.c",
        "        bool keeps = (attr->flags & TF_STABLE) != 0 && place->prior != NULL;",
        "        bool keeps = false;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    plan = change(session, kept, text="new").state
    assert (plan["id"], plan["zone"]) == (kept.state["id"], "zone-a") and plan["revision"] == UNKNOWN


@on_wire(
    "plan-stable-new",
    "In an element that was not there before nothing is known of it, nor null",
    slip(
        "src/tf/plan_fill.c",
        "(attr->flags & TF_STABLE) != 0 && place->prior != NULL;",
        "(attr->flags & TF_STABLE) != 0 &&\n"
        "                     (place->prior != NULL || place->path->parent != NULL);",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", items=[{}], members={"k": {}})
    plan = change(session, kept, items=[{}, {}], members={"k": {}, "l": {}}).state
    assert plan["items"][1]["kept"] == plan["members"]["l"]["kept"] == UNKNOWN
    assert plan["items"][0]["kept"] == kept.state["items"][0]["kept"]


@on_wire(
    "plan-same",
    "What is written differently and means the same is planned as it is in the state",
    slip(
        "src/tf/plan_fill.c",
        "           attr->same(place->prior, place->config);",
        "           attr->same(place->prior, place->config) && attr->fallback != NULL;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", loose="Hello")
    assert change(session, kept, loose="HELLO").state == kept.state
    assert change(session, kept, loose="other").state["loose"] == "other"


@on_wire(
    "plan-removed",
    "An optional argument that is taken out is planned null",
    slip(
        "src/tf/plan_fill.c",
        ": cty_null(arena, type);\n" "    /* What core proposes",
        ": place->prior != NULL ? place->prior : cty_null(arena, type);\n" "    /* What core proposes",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", text="t", list=["x"], single={"x": "1"})
    plan = change(session, kept, text=None, list=None, single=None).state
    assert plan["text"] is plan["list"] is plan["single"] is None


@on_wire(
    "plan-removed-nested",
    "An optional and computed object that is taken out with what users wrote in it is planned anew",
    slip(
        "src/tf/plan_fill.c",
        "        (attr->flags & TF_OPTIONAL) != 0 && place->planned != NULL ? place->planned : place->prior;",
        "        place->prior;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", layout={"note": "mine"})
    config = session.object(THING, name="a")
    proposed = cty.propose(session.block(THING), kept.state, config) | {"layout": None}  # core saw the note
    plan = fine(session.plan(THING, config, kept.state, proposed, kept.private, kept.identity))
    assert plan.state["layout"] == UNKNOWN
    kept = session.create(THING, name="a", layout={"word": "mine"})
    assert change(session, kept, layout=None).state["layout"] == kept.state["layout"]


@on_wire(
    "plan-unknown-nested",
    "A nested attribute that is unknown as a whole stays unknown in the plan",
    slip(
        "src/tf/values.c",
        "    if (!cty_is_known(like) || like->type->kind == CTY_SET)\n" "        return like;",
        "    if (cty_is_null(like) || like->type->kind == CTY_SET)\n" "        return like;",
    ),
)
def _(w):
    plan = planned(w.contrary(), name="a", items=UNKNOWN, members=UNKNOWN, choices=UNKNOWN)
    assert plan["items"] == plan["members"] == plan["choices"] == UNKNOWN


@on_wire(
    "plan-pure",
    "The same request gives the same plan to the byte, later and in another process",
    slip(
        "src/tf/plan.c",
        "        ret_answer->planned_private = tf_private_encode(&call, request->prior_private);",
        '        tf_private_set(&call, "planned-at", arena_fmt(call.arena, "%lld", (long '
        "long)world_now_ms(call.world)));\n"
        "        ret_answer->planned_private = tf_private_encode(&call, request->prior_private);",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", members={"k": {"fixed": "1"}, "l": {}}, set=["a", "b"])
    config = session.object(THING, name="b", members={"k": {"fixed": "2"}, "m": {}}, set=["c", UNKNOWN, "a"])
    for prior in (None, kept.state):
        fields = session.plan_fields(THING, config, prior, private=kept.private if prior else b"")
        answers = set()
        for other in (session, session, w.contrary()):
            time.sleep(0.005)
            answers.add(fine(other.call("PlanResourceChange", **fields)).message.SerializeToString(deterministic=True))
        assert len(answers) == 1


@on_wire(
    "plan-again",
    "The second call of a replacement is a create that keeps what the first has put into private",
    slip(
        "src/tf/plan.c",
        "    *ret_answer = (struct tf_plan_answer){.planned_private = request->prior_private};\n"
        "    if (!tf_has_room(rpc, offer))\n"
        "        return;\n"
        "    call.config = plan.config;",
        "    *ret_answer = (struct tf_plan_answer){.planned_private = request->prior_private};\n"
        "    if (!tf_has_room(rpc, offer))\n"
        "        return;\n"
        "    struct tf_plan_request again = *request;\n"
        "    if (plan.prior == NULL)\n"
        '        again.prior_private = S("");\n'
        "    request = &again;\n"
        "    call.config = plan.config;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    config, first = session.plan_change(kept, name="b")
    assert fine(first).replace == [["name"]] and kept.private
    second = fine(session.plan(THING, config, None, private=first.private))
    assert second.private == first.private == kept.private
    assert second.state["id"] == UNKNOWN and second.state["name"] == "b"


@on_wire(
    "plan-replace",
    "A change of what can't be changed requires replacement",
    slip(
        "src/tf/plan_replace.c",
        "    bool mine = (attr->flags & TF_REPLACE) != 0 || attr->replace_if != NULL;",
        "    bool mine = attr->replace_if != NULL;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", text="t")
    assert change(session, kept, name="b").replace == [["name"]]
    assert not change(session, kept, text="u").replace


@on_wire(
    "plan-replace-inside",
    "The path of what can't be changed goes to the leaf, through lists, maps and blocks",
    slip(
        "src/tf/plan_replace.c",
        "        struct tf_place item = item_of(search->arena, place, either, i);\n"
        "        find_in_rows(search, rows, &item);",
        "        struct tf_place item = item_of(search->arena, place, either, i);\n"
        "        (void)item;\n"
        "        tf_plan_replace(search->plan, place->path);",
    ),
)
def _(w):
    session = w.contrary()
    inner, other = {"fixed": "1"}, {"fixed": "2"}
    kept = session.create(
        THING,
        name="a",
        single=inner,
        items=[{}, inner],
        members={"k": inner},
        listed=[inner],
        named={"l": inner},
        one=inner,
    )
    plan = change(
        session,
        kept,
        single=other,
        items=[{}, other],
        members={"k": other},
        listed=[other],
        named={"l": other},
        one=other,
    )
    wanted = [
        ["single", "fixed"],
        ["items", 1, "fixed"],
        ["members", ("k",), "fixed"],
        ["listed", 0, "fixed"],
        ["named", ("l",), "fixed"],
        ["one", "fixed"],
    ]
    assert sorted(map(str, plan.replace)) == sorted(map(str, wanted)), plan.replace


@on_wire(
    "plan-replace-gone",
    "What can't be changed is looked for in elements that are gone, too",
    slip(
        "src/tf/plan_replace.c",
        "        if (item.planned == NULL)\n" "            find_in_rows(search, rows, &item);",
        "        if (item.planned != NULL && i > prior->count)\n" "            find_in_rows(search, rows, &item);",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", members={"k": {"fixed": "1"}, "l": {}})
    assert change(session, kept, members={"l": {}}).replace == [["members", ("k",), "fixed"]]
    assert not change(session, kept, members={"k": {"fixed": "1"}}).replace


@on_wire(
    "plan-replace-set",
    "For what can't be changed inside a set the set itself is named",
    slip(
        "src/tf/plan_replace.c",
        "        if (tf_rows_any(rows, TF_REPLACE))\n" "            find_in_set(search, rows, place);\n",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", choices=[{"a": "1", "fixed": "f"}], chosen=[{"a": "1"}])
    assert change(session, kept, choices=[{"a": "1", "fixed": "g"}]).replace == [["choices"]]
    assert change(session, kept, chosen=[{"a": "1", "fixed": "g"}]).replace == [["chosen"]]
    assert not change(session, kept, choices=[{"a": "2", "fixed": "f"}]).replace


@on_wire(
    "plan-replace-unknown",
    "An unknown that is written for what can't be changed requires replacement",
    slip(
        "src/tf/plan_replace.c",
        "        (unwritten && place->planned != NULL && !cty_is_wholly_known(place->planned)))",
        "        (place->planned != NULL && !cty_is_wholly_known(place->planned)))",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    assert change(session, kept, name=UNKNOWN).replace == [["name"]]


@on_wire(
    "plan-replace-computed",
    "An unknown that nobody wrote does not replace anything",
    slip(
        "src/tf/plan_replace.c",
        "    bool unwritten = (attr->flags & TF_COMPUTED) != 0 && tf_absent(place->config);",
        "    bool unwritten = (attr->flags & TF_STABLE) != 0 && tf_absent(place->config);",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    plan = change(session, kept, text="new")
    assert plan.state["spot"] == UNKNOWN and not plan.replace


@on_wire(
    "plan-deferral",
    "Nothing is ever deferred, also where the client allows it: it does so by mistake in apply",
    slip(
        "src/wire/resource.c",
        "        fill_plan(rpc, offer, &plan, answer);\n" "    }",
        "        fill_plan(rpc, offer, &plan, answer);\n"
        "        if (asked->client_capabilities != NULL && asked->client_capabilities->deferral_allowed &&\n"
        "            plan.planned != NULL && !cty_is_wholly_known(change.config)) {\n"
        "            answer->deferred = pb_new(rpc->arena, &tfplugin6__deferred__descriptor);\n"
        "            answer->deferred->reason = TFPLUGIN6__DEFERRED__REASON__RESOURCE_CONFIG_UNKNOWN;\n"
        "        }\n"
        "    }",
    ),
)
def _(w):
    session = w.session()
    allowed = tf.ClientCapabilities(deferral_allowed=True, write_only_attributes_allowed=True)
    answer = session.call(
        "ConfigureProvider", config=value(session.provider_config(dir=UNKNOWN)), client_capabilities=allowed
    )
    fine(answer)
    unknown = session.object(THING, name=UNKNOWN, text=UNKNOWN)
    plan = fine(session.plan(THING, unknown, capabilities=allowed))
    assert not plan.message.HasField("deferred") and plan.state["name"] == UNKNOWN
    kept = session.create(THING, name="a")
    for answer in (
        session.read(kept, client_capabilities=allowed),
        session.call(
            "ImportResourceState",
            type_name=b"contrary_thing",
            id=kept.state["id"].encode(),
            client_capabilities=allowed,
        ),
        session.call(
            "ReadDataSource",
            type_name=b"contrary_lookup",
            client_capabilities=allowed,
            config=value(session.object("contrary_lookup", "data_source_schemas", thing_id="x")),
        ),
    ):
        assert not fine(answer).message.HasField("deferred")


@on_wire(
    "plan-type-system",
    "No answer speaks of the legacy type system",
    slip(
        "src/wire/resource.c",
        "    answer->planned_private = pb_bytes(plan->planned_private);",
        "    answer->legacy_type_system = true;\n" "    answer->planned_private = pb_bytes(plan->planned_private);",
    ),
)
def _(w):
    session = w.contrary()
    plan, made = session.try_create(THING, name="a")
    assert not plan.message.legacy_type_system and not made.message.legacy_type_system


@on_wire(
    "plan-private",
    "Private bytes come back with the plan",
    slip("src/wire/resource.c", "    answer->planned_private = pb_bytes(plan->planned_private);\n"),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    assert kept.private and change(session, kept, text="new").private == kept.private
    assert session.plan_destroy(kept).private == kept.private


@on_wire(
    "plan-destroy",
    "A destroy is planned as null",
    slip(
        "src/tf/plan.c",
        "    if (plan.destroy)\n" "        run_hook(&plan);",
        "    if (plan.destroy)\n" "        ret_answer->planned = run_hook(&plan) ? plan.prior : NULL;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a")
    plan = fine(session.plan_destroy(kept))
    assert plan.state is None and not plan.replace


@by_client(
    "plan-destroy-asked",
    "A destroy is planned with the provider, which may refuse it",
    slip("src/wire/provider.c", "    capabilities->plan_destroy = true;\n"),
)
def _(w):
    stack = w.stack('resource "contrary_breaker" "it" {\n  break = "destroy_plan_refuses"\n}\n')
    stack.apply().fine()
    stack.destroy().fails("Refused", "It is protected.")
    assert stack.instance("contrary_breaker.it") and stack.objects()


@by_client(
    "plan-ignored",
    "What the configuration ignores is applied as planned, not as configured",
    slip(
        "src/tf/apply.c",
        "    call->state = call->planned != NULL ? call->planned : call->prior;",
        "    call->state = call->planned == NULL ? call->prior : call->prior == NULL ? call->planned : call->config;",
    ),
)
def _(w):
    stack = w.stack('resource "contrary_thing" "it" {\n  name = "a"\n  text = "first"\n}\n')
    stack.apply().fine()
    stack.write("""
resource "contrary_thing" "it" {
  name = "a"
  text = "second"
  mode = "manual"
  lifecycle {
    ignore_changes = [text, revision]
  }
}""")
    stack.apply().fine()
    found = stack.instance()["attributes"]
    assert (found["text"], found["mode"]) == ("first", "manual")
    assert not stack.plan().fine().actions
