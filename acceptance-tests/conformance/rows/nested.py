"""Nestings

Every nesting that there is, with the real client, from a first plan to nothing.
"""

from row import by_client, fine, on_wire, slip

THING = "contrary_thing"


@by_client(
    "nested-life",
    "Every nesting goes through a whole life: made, changed, read, replaced, gone, and no plan is left over",
    slip(
        "src/wire/schema.c",
        "    message->block = body(arena, block->attrs, block->blocks, block->doc, block->deprecated);",
        "    message->block = body(arena, block->attrs, NULL, block->doc, block->deprecated);",
    ),
)
def _(w):
    def text(word, fixed):
        return f"""
resource "contrary_thing" "it" {{
  name    = "a"
  any     = {{ a = [1, "x"], b = null, c = {{ d = true }} }}
  list    = ["b", "a", ""]
  set     = ["y", "x", "y"]
  map     = {{ k = "v", "a key" = "", "ünï" = "{word}" }}
  single  = {{ x = "{word}", hidden = "h", deep = {{ word = "w" }} }}
  items   = [{{ x = "1" }}, {{ mode = "off", y = 3 }}, {{}}]
  members = {{ w = {{ x = "{word}", fixed = "{fixed}" }}, v = {{}} }}
  choices = [{{ a = "1" }}, {{ a = "2", b = 5 }}, {{ a = "1" }}]
  one {{
    x = "{word}"
  }}
  grouped {{
    word = "g"
  }}
  listed {{
    x = "l1"
  }}
  listed {{
    y = 9
    deep = {{ word = "in a block" }}
  }}
  chosen {{
    a = "c"
  }}
  named "n" {{
    x = "{word}"
  }}
  marked {{}}
  tree {{
    word = "{word}"
    trunk {{
      x = "1"
    }}
    branch {{
      word = "b1"
      leaf {{
        a = "1"
      }}
      leaf {{
        a = "2"
      }}
    }}
    branch {{}}
    root "r" {{
      word = "{word}"
    }}
  }}
  tree {{
    soil {{
      word = "s"
    }}
  }}
}}
"""

    stack = w.stack(text("one", "f"))
    stack.apply().fine()
    assert not stack.plan().fine().actions
    stack.write(text("two", "f"))
    assert stack.apply().fine().actions == {"contrary_thing.it": "update"}
    assert not stack.plan().fine().actions
    found = stack.instance()["attributes"]
    assert found["tree"][0]["branch"][0]["leaf"] and found["tree"][0]["root"]["r"]["word"] == "two"
    stack.write(text("two", "g"))
    assert stack.apply().fine().actions == {"contrary_thing.it": "replace"}
    assert not stack.plan().fine().actions
    stack.destroy().fine()
    assert not stack.objects()


@on_wire(
    "nested-map-order",
    "The keys of a map may come in any order",
    slip("src/cty/set.c", "    qsort(pairs, count, sizeof *pairs, by_key);\n"),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", map={"c": "3", "a": "1", "b": "2"}, members={"z": {"x": "1"}, "k": {}})
    _, plan = session.plan_change(kept, map={"b": "2", "c": "3", "a": "1"}, members={"k": {}, "z": {"x": "1"}})
    assert fine(plan).state == kept.state


@on_wire(
    "nested-list-matched",
    "Elements of a list are matched by their place, those of a map by their key",
    slip(
        "src/tf/values.c",
        "    if (like->type->kind == CTY_MAP)\n" "        return cty_lookup(collection, like->keys[i]);",
        "    if (like->type->kind == CTY_MAP)\n" "        return i < collection->count ? collection->items[i] : NULL;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create(THING, name="a", members={"b": {"x": "1"}, "c": {"x": "2"}}, items=[{"x": "1"}])
    members = kept.state["members"]
    _, plan = session.plan_change(kept, members={"a": {"x": "0"}, "b": {"x": "1"}, "c": {"x": "2"}})
    planned = fine(plan).state["members"]
    assert planned["b"]["kept"] == members["b"]["kept"] and planned["c"]["kept"] == members["c"]["kept"]


@on_wire(
    "nested-absent",
    "Null and empty are two things, for nested attributes of every kind",
    slip(
        "src/tf/plan_fill.c",
        "    bool can_be = (attr->flags & (TF_COMPUTED | TF_OPTIONAL)) != TF_COMPUTED;",
        "    bool can_be = (attr->flags & (TF_COMPUTED | TF_OPTIONAL)) != TF_COMPUTED &&\n"
        "                  !(attr->attrs != NULL && place->config != NULL && cty_is_known(place->config) && "
        "place->config->count == 0);",
    ),
)
def _(w):
    session = w.contrary()
    empty = session.create(THING, name="a", items=[], members={}, choices=[], map={}, list=[], single={}, set=[]).state
    assert (
        empty["items"] == empty["choices"] == empty["list"] == empty["set"] == []
        and empty["members"] == empty["map"] == {}
    )
    assert empty["single"] is not None
    absent = session.create(THING, name="a").state
    assert all(absent[name] is None for name in ("items", "members", "choices", "map", "list", "single", "set"))
